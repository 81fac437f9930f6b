//! Minimal Encapsulation within IP (RFC 2004).

use crate::Out;
use wirescope_wire::{Cursor, Walk, checksum};

/// The bit that says that the original source follows.
const SOURCE_PRESENT: u8 = 0x80;
/// Bytes of the header without and with the original source.
const SHORT_LEN: usize = 8;
const LONG_LEN: usize = 12;

/// Prints the header that stands for the original one.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let whole = c;
    c.need(LONG_LEN)?;
    out.text("mobile: ");
    if c.length() < SHORT_LEN {
        return out.disagree("length", c.length(), "<", SHORT_LEN);
    }
    let (protocol, flags, sum) = (c.u8()?, c.u8()?, c.u16()?);
    let (destination, source) = (*c.array()?, *c.array()?);
    let has_source = flags & SOURCE_PRESENT != 0;
    out.field("protocol", protocol);
    let verbose = out.options.verbose > 0;
    if has_source {
        out.text("[S] ");
        if verbose {
            out.host4(source).text(" ");
        }
    } else {
        out.text("[] ");
    }
    if verbose {
        out.text("> ").host4(destination).text(" ");
        write!(out, "(oproto={protocol})");
    }
    let header_len = if has_source { LONG_LEN } else { SHORT_LEN };
    if checksum::internet(whole.clip(header_len).bytes()) != 0 {
        write!(out, " (bad checksum {sum})");
    }
    Ok(())
}
