//! Audio of the Visual Audio Tool (vat) and of vt.

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes of a vat header.
const LEN: usize = 8;
/// Bits that are clear in the first word of vat and mostly not in vt's.
const NOT_VAT: u16 = 0xf060;

/// Prints the header of an audio packet.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let length = c.length();
    if length < 2 {
        write!(out, "udp/va/vat, length {length} < 2");
        return Ok(());
    }
    let first = c.peek_u16(0)?;
    if first & NOT_VAT != 0 {
        write!(out, "udp/vt {length} {} / {}", first & 0x03ff, first >> 10);
        return Ok(());
    }
    if length < LEN {
        write!(out, "udp/vat, length {length} < {LEN}");
        return Ok(());
    }
    let (head, time) = (c.peek_u32(0)?, c.peek_u32(4)?);
    let star = if head & 0x0080_0000 != 0 { "*" } else { "" };
    write!(out, "udp/vat {} c{} {time}{star}", length - LEN, head & 0xffff);
    let (format, sites) = (head >> 16 & 0x1f, head >> 24 & 0x3f);
    if format != 0 {
        write!(out, " f{format}");
    }
    if sites != 0 {
        write!(out, " s{sites}");
    }
    Ok(())
}
