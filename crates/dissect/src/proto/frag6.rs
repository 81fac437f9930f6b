//! IPv6 fragment header (RFC 8200 section 4.5).

use crate::Out;
use wirescope_wire::ipv6::Ipv6;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the header.
const LEN: usize = 8;

/// Prints the fragment header and advances past it; false where it is not the first fragment, so that
/// nothing that could be printed follows. `payload_len` is what the IPv6 header claimed.
pub(crate) fn print(out: &mut Out, c: &mut Cursor<'_>, payload_len: usize) -> Walk<bool> {
    out.label("frag6");
    out.text("frag (");
    let (offset_and_flags, id) = (c.peek_u16(2)?, c.peek_u32(4)?);
    let offset = offset_and_flags & 0xfff8;
    out.field("fragment_id", id);
    out.field("fragment_offset", offset);
    if out.options.verbose > 0 {
        out.text("0x").hex(id, 8).text(":");
    }
    out.dec(offset).text("|");
    let before = c.at().saturating_sub(out.context.network_at);
    let Some(length) = (payload_len + Ipv6::LEN).checked_sub(before + LEN) else {
        out.text("[length < 0] (invalid))");
        return Ok(false);
    };
    out.len(length).text(")");
    c.advance(LEN);
    if offset != 0 {
        return Ok(false);
    }
    out.text(" ");
    Ok(true)
}
