//! Heartbeats of Microsoft's Network Load Balancing.

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the signature and the version.
const SIGNATURE_LEN: usize = 8;

/// Prints a heartbeat.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("MS NLB heartbeat");
    c.skip(SIGNATURE_LEN)?;
    let priority = c.u32_le()?;
    out.field("priority", priority);
    write!(out, ", host priority: {priority}");
    let cluster = *c.array()?;
    out.text(", cluster IP: ").host4(cluster);
    let host = *c.array()?;
    out.text(", host IP: ").host4(host);
    Ok(())
}
