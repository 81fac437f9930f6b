//! Heartbeat of Microsoft's network load balancing (not published; fields as they are seen).

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Prints a heartbeat.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("MS NLB heartbeat");
    c.skip(8)?;
    let priority = c.u32_le()?;
    out.field("host_priority", priority);
    write!(out, ", host priority: {priority}");
    out.text(", cluster IP: ").host4(*c.array()?);
    out.text(", host IP: ").host4(*c.array()?);
    Ok(())
}
