//! IP Payload Compression (RFC 3173).

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Prints the header; what follows it is compressed.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let index = c.peek_u16(2)?;
    out.field("next_header", c.peek_u8(0)?);
    out.field("index", index);
    out.text("IPComp(cpi=0x").hex(index, 4).text(")");
    Ok(())
}
