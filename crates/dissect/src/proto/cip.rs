//! Classical IP over ATM, as Linux captures it (RFC 2684 section 5.1, RFC 2225).

use crate::Out;
use crate::proto::{ip, llc};
use wirescope_wire::{Cursor, Walk};

/// LLC and SNAP of encapsulated protocols, up to their Ethernet type.
const RFC_2684: [u8; 6] = [0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00];

/// Prints a captured packet: with LLC, or IP at once.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    if out.options.link_header {
        write!(out, "{}: ", c.length());
    }
    let start = *c.peek_array::<{ RFC_2684.len() }>(0)?;
    if start != RFC_2684 {
        return out.run("ip", ip::print, c);
    }
    out.context.link_header_len += llc::frame_or_bytes(out, c)?;
    Ok(())
}
