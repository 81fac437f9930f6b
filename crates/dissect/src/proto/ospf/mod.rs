//! Open Shortest Path First, version 2 (RFC 2328; link-local signalling RFC 5613).

mod lls;
mod lsa;
mod names;
mod opaque;

use crate::Out;
use crate::tokens;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the header.
const HEADER_LEN: usize = 24;
/// Bytes of it without which nothing is printed: all before the authentication.
const LEAST_LEN: usize = 16;
const VERSION: u8 = 2;

/// Kinds of packets, the same in both versions.
pub(super) mod packet {
    pub(in crate::proto) const HELLO: u8 = 1;
    pub(in crate::proto) const DESCRIPTION: u8 = 2;
    pub(in crate::proto) const REQUEST: u8 = 3;
    pub(in crate::proto) const UPDATE: u8 = 4;
    pub(in crate::proto) const ACKNOWLEDGEMENT: u8 = 5;
}

mod authentication {
    pub(super) const SIMPLE: u16 = 1;
    pub(super) const CRYPTOGRAPHIC: u16 = 2;
}

const PASSWORD_LEN: usize = 8;

/// Prints a packet.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.label("ospf2");
    c.need(LEAST_LEN)?;
    let (version, kind) = (c.peek_u8(0)?, c.peek_u8(1)?);
    out.field("version", version);
    out.field("type", kind);
    write!(out, "OSPFv{version}, ");
    out.token(names::PACKETS, kind, format_args!("unknown LS-type {kind}"));
    write!(out, ", length {}", c.length());
    if out.options.verbose == 0 || tokens::name(names::PACKETS, kind.into()).is_none() {
        return Ok(());
    }
    let len = usize::from(c.peek_u16(2)?);
    if len != c.length() {
        write!(out, " [len {len}]");
    }
    router_and_area(out, c)?;
    c.need(HEADER_LEN)?;
    let method = c.peek_u16(14)?;
    out.text(", Authentication Type: ");
    out.token(names::AUTHENTICATIONS, method, format_args!("unknown"));
    write!(out, " ({method})");
    if version != VERSION {
        write!(out, " ospf [version {version}]");
        return Ok(());
    }
    match method {
        authentication::SIMPLE => {
            out.text("\n\tSimple text password: ");
            out.escaped_padded(&mut c.ahead(16), PASSWORD_LEN)?;
        }
        authentication::CRYPTOGRAPHIC => {
            write!(out, "\n\tKey-ID: {}, Auth-Length: {}", c.peek_u8(18)?, c.peek_u8(19)?);
            write!(out, ", Crypto Sequence Number: 0x{:08x}", c.peek_u32(20)?);
        }
        _ => {}
    }
    body(out, kind, c.claim(len.min(c.length())).ahead(HEADER_LEN))?;
    if c.length() > len {
        lls::print(out, kind, c, len)?;
    }
    Ok(())
}

/// Writes who sent a packet, and the area it is about.
pub(super) fn router_and_area(out: &mut Out, c: Cursor<'_>) -> Walk {
    let router = *c.peek_array::<4>(4)?;
    out.field("router_id", router);
    out.text("\n\tRouter-ID ").host4(router);
    let area = *c.peek_array::<4>(8)?;
    out.field("area", area);
    if area == [0; 4] {
        out.text(", Backbone Area");
    } else {
        out.text(", Area ").host4(area);
    }
    Ok(())
}

fn body(out: &mut Out, kind: u8, mut c: Cursor<'_>) -> Walk {
    match kind {
        packet::HELLO => hello(out, c),
        packet::DESCRIPTION => {
            let (mtu, options) = (c.u16()?, c.u8()?);
            out.text("\n\tOptions [");
            out.bits(names::OPTIONS, options, ", ", format_args!("none"));
            out.text("]");
            let flags = c.u8()?;
            out.text(", DD Flags [");
            out.bits(names::DESCRIPTION_FLAGS, flags, ", ", format_args!("none"));
            out.text("]");
            if mtu != 0 {
                write!(out, ", MTU: {mtu}");
            }
            write!(out, ", Sequence: 0x{:08x}", c.u32()?);
            lsa::print_headers(out, c)
        }
        packet::REQUEST => {
            while c.length() > 0 {
                lsa::print_request(out, &mut c)?;
            }
            Ok(())
        }
        packet::UPDATE => {
            let count = c.u32()?;
            write!(out, ", {count} LSA{}", if count == 1 { "" } else { "s" });
            for number in 1..=count {
                write!(out, "\n\t  LSA #{number}");
                lsa::print(out, &mut c)?;
            }
            Ok(())
        }
        packet::ACKNOWLEDGEMENT => lsa::print_headers(out, c),
        _ => Ok(()),
    }
}

fn hello(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let options = c.peek_u8(6)?;
    out.text("\n\tOptions [");
    out.bits(names::OPTIONS, options, ", ", format_args!("none"));
    out.text("]");
    let (mask, interval, _) = (*c.array()?, c.u16()?, c.u8()?);
    let (priority, dead_interval) = (c.u8()?, c.u32()?);
    write!(out, "\n\t  Hello Timer {interval}s, Dead Timer {dead_interval}s, Mask ");
    out.host4(mask);
    write!(out, ", Priority {priority}");
    designated_routers(out, &mut c)?;
    neighbors(out, c)
}

/// Reads and writes who speaks for a network, where there are such routers.
pub(super) fn designated_routers(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    for name in ["\n\t  Designated Router ", ", Backup Designated Router "] {
        let router = *c.array::<4>()?;
        if router != [0; 4] {
            out.text(name).host4(router);
        }
    }
    Ok(())
}

/// Writes the routers that were heard of.
pub(super) fn neighbors(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() == 0 {
        return Ok(());
    }
    out.text("\n\t  Neighbor List:");
    while c.length() > 0 {
        let neighbor = *c.array()?;
        out.text("\n\t    ").host4(neighbor);
    }
    Ok(())
}
