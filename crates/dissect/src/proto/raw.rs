//! IP packets without a link-layer header.

use crate::Out;
use crate::proto::{ip, ip6};
use wirescope_wire::{Cursor, Walk};

/// Prints a packet whose first byte says which version of IP it is.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() < 4 {
        write!(out, "truncated-ip {}", c.length());
        return Ok(());
    }
    let version = c.peek_u8(0)? >> 4;
    match version {
        4 => with_version(out, "ip", "IP ", ip::print, c),
        6 => with_version(out, "ip6", "IP6 ", ip6::print, c),
        _ => {
            write!(out, "IP{version}");
            Err(wirescope_wire::Stop::Invalid)
        }
    }
}

/// Prints a packet of link type IPV4.
pub(crate) fn print_ipv4(out: &mut Out, c: Cursor<'_>) -> Walk {
    with_version(out, "ip", "IP ", ip::print, c)
}

/// Prints a packet of link type IPV6.
pub(crate) fn print_ipv6(out: &mut Out, c: Cursor<'_>) -> Walk {
    with_version(out, "ip6", "IP6 ", ip6::print, c)
}

/// There is no Ethernet type that would tell with `-e`, so the version is told here.
fn with_version(out: &mut Out, proto: &'static str, name: &str, print: crate::Print, c: Cursor<'_>) -> Walk {
    if out.options.link_header {
        out.text(name);
    }
    out.run(proto, print, c)
}
