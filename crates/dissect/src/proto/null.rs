//! BSD loopback encapsulation (LINKTYPE_NULL, LINKTYPE_LOOP): an address family before each packet.

use crate::Out;
use crate::proto::ether;
use crate::tokens::{self, Tokens};
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

/// Address families as the BSDs number them; IPv6 differs among them.
pub(crate) const FAMILIES: &Tokens = &[
    (2, "IPv4"),
    (6, "NS"),
    (7, "ISO"),
    (16, "Appletalk"),
    (23, "IPX"),
    (24, "IPv6"),
    (28, "IPv6"),
    (30, "IPv6"),
];

/// Bytes of the address family.
pub(crate) const LEN: usize = 4;

/// Prints a packet behind its address family.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let length = c.length();
    // The family is in the byte order of the machine that captured; it is a small number.
    let stored = c.u32_le()?;
    let family = if stored & 0xffff_0000 == 0 { stored } else { stored.swap_bytes() };
    out.field("family", family);
    if out.options.link_header {
        header(out, family, length);
    }
    let kind = match family {
        2 => ether_type::IPV4,
        24 | 28 | 30 => ether_type::IPV6,
        7 => ether::OSI,
        16 => ether::ATALK,
        23 => ether::IPX,
        _ => 0,
    };
    if !ether::network(out, kind, c)? {
        if !out.options.link_header {
            header(out, family, length);
        }
        out.unknown(c.bytes());
    }
    out.context.link_header_len += LEN;
    Ok(())
}

/// Writes the header; `-q` leaves the number out.
pub(crate) fn header(out: &mut Out, family: u32, length: usize) {
    if out.options.quiet {
        out.token(FAMILIES, family, format_args!("Unknown AF {family}"));
    } else {
        write!(out, "AF {} ({family})", tokens::name(FAMILIES, family).unwrap_or("Unknown"));
    }
    write!(out, ", length {length}: ");
}
