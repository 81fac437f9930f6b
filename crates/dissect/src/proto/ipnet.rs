//! Packets that Solaris observed between its IP stacks (<https://www.tcpdump.org/linktypes/LINKTYPE_IPNET.html>).

use crate::Out;
use crate::proto::ether;
use crate::tokens::Tokens;
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

const FAMILIES: &Tokens = &[(2, "IPv4"), (26, "IPv6")];

/// Bytes of version, family, hook, length, interface, group and zones.
const LEN: usize = 24;
/// Where the source zone's number stands; the destination's follows.
const ZONES_AT: usize = 16;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    whole.need(LEN)?;
    let family = whole.peek_u8(1)?;
    let zones = [whole.peek_u32(ZONES_AT)?, whole.peek_u32(ZONES_AT + 4)?];
    out.field("family", family);
    if out.options.link_header {
        header(out, zones, family, whole.length());
    }
    let kind = match family {
        2 => ether_type::IPV4,
        26 => ether_type::IPV6,
        _ => 0,
    };
    let c = whole.ahead(LEN);
    if !ether::network(out, kind, c)? {
        if !out.options.link_header {
            header(out, zones, family, whole.length());
        }
        out.unknown(c.bytes());
    }
    out.context.link_header_len += LEN;
    Ok(())
}

fn header(out: &mut Out, [src, dst]: [u32; 2], family: u8, length: usize) {
    write!(out, "{src} > {dst}, ");
    if out.options.quiet {
        out.token(FAMILIES, family, format_args!("Unknown Ethertype (0x{family:04x})"));
    } else {
        out.text("family ");
        out.token(FAMILIES, family, format_args!("Unknown"));
        write!(out, " ({family})");
    }
    write!(out, ", length {length}: ");
}
