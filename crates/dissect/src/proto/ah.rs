//! Authentication Header (RFC 4302).

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes before the integrity check value.
const LEN: usize = 12;

/// Prints the header, advances past it and gives the number of the protocol that it protects.
pub(crate) fn print(out: &mut Out, c: &mut Cursor<'_>) -> Walk<u8> {
    out.label("ah");
    let next = c.peek_u8(0)?;
    out.text("AH");
    let units = c.peek_u8(1)?;
    let len = (usize::from(units) + 2) * 4;
    out.text("(");
    if out.options.verbose > 0 {
        write!(out, "length={units}({len}-bytes),");
    }
    let reserved = c.peek_u16(2)?;
    if reserved != 0 {
        write!(out, "reserved=0x{reserved:x}[MustBeZero],");
    }
    let spi = c.peek_u32(4)?;
    out.field("spi", spi);
    write!(out, "spi=0x{spi:08x},");
    let sequence = c.peek_u32(8)?;
    out.field("sequence", sequence);
    write!(out, "seq=0x{sequence:x},");
    out.text("icv=0x");
    let mut value = c.split(len).ahead(LEN);
    while value.length() > 0 {
        let byte = value.u8()?;
        out.hex(byte, 2);
    }
    out.text("): ");
    Ok(next)
}
