//! CALM FAST: messages between vehicles and roadside (ISO 29281-1).

use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of the networks that a message comes from and goes to.
const LEN: usize = 2;

/// Prints a message.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("CALM FAST");
    if let Some((src, _)) = out.context.macs {
        out.text(" src:").ether_host(src);
    }
    out.text("; ");
    if c.length() < LEN {
        write!(out, " (length {} < {LEN})", c.length());
        return Err(Stop::Invalid);
    }
    let source = c.u8()?;
    out.field("source", source);
    write!(out, "SrcNwref:{source}; ");
    let destination = c.u8()?;
    out.field("destination", destination);
    write!(out, "DstNwref:{destination}; ");
    payload(out, c)
}

/// Prints what a message carries, where it is asked for; then all of it must be there.
pub(crate) fn payload(out: &mut Out, c: Cursor<'_>) -> Walk {
    if out.options.verbose == 0 {
        return Ok(());
    }
    out.unknown(c.claimed_bytes());
    c.need(c.length())
}
