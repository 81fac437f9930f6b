//! Classical IP over ATM, as Linux captures it (RFC 2684 section 5.1, RFC 2225).

use crate::Out;
use crate::proto::{ip, llc};
use wirescope_wire::{Cursor, Walk};

/// LLC and SNAP of encapsulated protocols, up to their Ethernet type.
const RFC_2684: [u8; 6] = [0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00];

/// Prints a captured packet: with LLC, or IP at once.
//! Classical IP over ATM (RFC 2225): LLC where a packet starts with it, otherwise IP.
use crate::proto::{ether, llc};
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Stop, Walk};
/// What LLC with SNAP and Ethernet types starts with.
const LLC: [u8; 6] = [0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00];
/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    if out.options.link_header {
        write!(out, "{}: ", c.length());
    }
    let start = *c.peek_array::<{ RFC_2684.len() }>(0)?;
    if start != RFC_2684 {
        return out.run("ip", ip::print, c);
    }
    let header = llc::frame(out, c)?;
    if !header.known {
        out.unknown(c.bytes());
    if c.available() < LLC.len() {
        return Err(Stop::Truncated);
    if *c.peek_array(0)? != LLC {
        return ether::network(out, ether_type::IPV4, c).map(|_| ());
        out.unknown(c.ahead(header.len).bytes());
    }
    out.context.link_header_len += header.len;
    Ok(())
}
