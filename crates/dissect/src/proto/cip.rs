//! Classical IP over ATM (RFC 2225): LLC where a packet starts with it, otherwise IP.

use crate::Out;
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
    if c.available() < LLC.len() {
        return Err(Stop::Truncated);
    }
    if *c.peek_array(0)? != LLC {
        return ether::network(out, ether_type::IPV4, c).map(|_| ());
    }
    let header = llc::frame(out, c)?;
    if !header.known {
        out.unknown(c.ahead(header.len).bytes());
    }
    out.context.link_header_len += header.len;
    Ok(())
}
