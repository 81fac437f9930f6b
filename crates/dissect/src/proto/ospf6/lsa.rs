//! Link-state advertisements for IPv6 (RFC 5340 section 4.4).

use super::names;
use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of the header.
const HEADER_LEN: usize = 20;
/// In a type: unknown ones are handed on, how far they go, and what they are.
const FLOODED: u16 = 0x8000;
const SCOPE: u16 = 0x6000;
const FUNCTION: u16 = 0x1fff;

mod kind {
    pub(super) const ROUTER: u16 = 0x2001;
    pub(super) const NETWORK: u16 = 0x2002;
    pub(super) const INTER_AREA_PREFIX: u16 = 0x2003;
    pub(super) const EXTERNAL: u16 = 0x4005;
    pub(super) const LINK: u16 = 0x0008;
    pub(super) const INTRA_AREA_PREFIX: u16 = 0x2009;
}

/// Prints what is asked for.
pub(super) fn print_request(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let router = *c.peek_array(8)?;
    out.text("\n\t  Advertising Router ").host4(router);
    c.skip(2)?;
    print_kind(out, c.u16()?, *c.array()?);
    c.advance(4);
    Ok(())
}

fn print_kind(out: &mut Out, kind: u16, identifier: [u8; 4]) {
    let function = kind & FUNCTION;
    out.text("\n\t    ");
    out.token(names::LSAS, function, format_args!("Unknown"));
    write!(out, " LSA ({function}), ");
    out.token(names::SCOPES, kind & SCOPE, format_args!("Unknown"));
    out.text(" Scope").text(if kind & FLOODED != 0 { ", transitive" } else { "" });
    out.text(", LSA-ID ").host4(identifier);
}

/// Prints headers without bodies.
pub(super) fn print_headers(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() >= HEADER_LEN {
        header(out, &mut c)?;
    }
    Ok(())
}

/// Prints a header; gives back the type and the bytes of the body.
fn header(out: &mut Out, c: &mut Cursor<'_>) -> Walk<(u16, usize)> {
    let len = usize::from(c.peek_u16(18)?);
    let Some(body_len) = len.checked_sub(HEADER_LEN) else {
        write!(out, "\n\t\t  Bogus length {len} < header ({HEADER_LEN})");
        return Err(Stop::Truncated);
    };
    let (age, kind, identifier, router) = (c.u16()?, c.u16()?, *c.array()?, *c.array()?);
    let sequence = c.u32()?;
    c.skip(4)?;
    out.text("\n\t  Advertising Router ").host4(router);
    write!(out, ", seq 0x{sequence:08x}, age {age}s, length {body_len}");
    print_kind(out, kind, identifier);
    Ok((kind, body_len))
}

/// Prints `count` advertisements, or as many as there are.
pub(super) fn print_all(out: &mut Out, count: u32, mut c: Cursor<'_>) -> Walk {
    for _ in 0..count {
        if c.length() < HEADER_LEN {
            break;
        }
        print(out, &mut c)?;
    }
    Ok(())
}

/// Prints an advertisement and advances past it.
fn print(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let (kind, body_len) = header(out, c)?;
    if body_len > c.length() {
        return Err(Stop::Truncated);
    }
    let mut body = c.claim(body_len);
    c.advance(body_len);
    match kind {
        kind::ROUTER => router(out, body),
        kind::NETWORK => network(out, body),
        kind::INTER_AREA_PREFIX => {
            write!(out, ", metric {}", body.split_within(4)?.peek_u32(0)? & 0xff_ffff);
            while body.length() > 0 {
                prefix(out, &mut body)?;
            }
            Ok(())
        }
        kind::EXTERNAL => external(out, body),
        kind::LINK => link(out, body),
        kind::INTRA_AREA_PREFIX => {
            let mut head = body.split_within(12)?;
            let (count, kind, identifier) = (head.u16()?, head.u16()?, *head.array()?);
            print_kind(out, kind, identifier);
            head.need(4)?;
            write!(out, "\n\t      Prefixes {count}:");
            prefixes(out, body, count.into())
        }
        _ => {
            out.dump_hex("\n\t      ", body.claimed_bytes());
            body.need(body.length())
        }
    }
}

fn options(out: &mut Out, options: u32) {
    out.text("\n\t      Options [");
    out.bits(names::OPTIONS, options & 0xff_ffff, ", ", format_args!("none"));
    out.text("]");
}

fn router(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const LINK_LEN: usize = 16;
    let flags_and_options = c.split_within(4)?.peek_u32(0)?;
    options(out, flags_and_options);
    out.text(", RLA-Flags [");
    out.bits(names::ROUTER_FLAGS, flags_and_options >> 24, ", ", format_args!("none"));
    out.text("]");
    while c.length() >= LINK_LEN {
        let mut link = c.split_within(LINK_LEN)?;
        let (kind, _, metric) = (link.u8()?, link.u8()?, link.u16()?);
        let (interface, neighbor_interface, router) = (*link.array()?, *link.array()?, *link.array()?);
        let what = match kind {
            4 => "Virtual Link: Neighbor Router-ID ",
            1 => "Neighbor Router-ID ",
            2 => "Neighbor Network-ID ",
            _ => {
                write!(out, "\n\t      Unknown Router Links Type 0x{kind:02x}");
                return Ok(());
            }
        };
        out.text("\n\t      ").text(what).host4(router);
        out.text("\n\t      Neighbor Interface-ID ").host4(neighbor_interface);
        out.text(", Interface ").host4(interface);
        write!(out, ", metric {metric}");
    }
    Ok(())
}

fn network(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    options(out, c.split_within(4)?.peek_u32(0)?);
    out.text("\n\t      Connected Routers:");
    while c.length() >= 4 {
        let router = *c.split_within(4)?.peek_array(0)?;
        out.text("\n\t\t").host4(router);
    }
    Ok(())
}

fn external(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const FORWARDING: u32 = 0x0200_0000;
    const TAG: u32 = 0x0100_0000;
    let flags_and_metric = c.split_within(4)?.peek_u32(0)?;
    out.text("\n\t     Flags [");
    out.bits(names::EXTERNAL_FLAGS, flags_and_metric, ", ", format_args!("none"));
    write!(out, "] metric {}", flags_and_metric & 0xff_ffff);
    // What stands where other prefixes have their metric is the type of what it refers to.
    let refers = c.length() >= 4 && c.peek_u16(2)? != 0;
    prefix(out, &mut c)?;
    if flags_and_metric & FORWARDING != 0 {
        let address = *c.split_within(16)?.peek_array(0)?;
        out.text(" forward ").host6(address);
    }
    if flags_and_metric & TAG != 0 {
        let tag = *c.split_within(4)?.peek_array(0)?;
        out.text(" tag ").host4(tag);
    }
    if refers {
        let reference = *c.split_within(4)?.peek_array(0)?;
        out.text(" RefLSID: ").host4(reference);
    }
    Ok(())
}

fn link(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let mut head = c.split_within(24)?;
    let priority_and_options = head.u32()?;
    options(out, priority_and_options);
    let (address, count) = (*head.array()?, head.u32()?);
    write!(out, "\n\t      Priority {}, Link-local address ", priority_and_options >> 24);
    out.host6(address);
    write!(out, ", Prefixes {count}:");
    prefixes(out, c, count)
}

fn prefixes(out: &mut Out, mut c: Cursor<'_>, count: u32) -> Walk {
    for _ in 0..count {
        if c.length() == 0 {
            break;
        }
        prefix(out, &mut c)?;
    }
    Ok(())
}

/// Prints a prefix, of which there are as many words as it needs.
fn prefix(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let head = c.split_within(4)?;
    let (bits, options, metric) = (head.peek_u8(0)?, head.peek_u8(1)?, head.peek_u16(2)?);
    let len = usize::from(bits).div_ceil(32) * 4;
    if len > 16 {
        write!(out, " bogus prefixlen /{bits}");
        return Err(Stop::Truncated);
    }
    let mut address = [0; 16];
    for (to, from) in address.iter_mut().zip(c.split_within(len)?.peek(0, len)?) {
        *to = *from;
    }
    out.text("\n\t\t").host6(address);
    write!(out, "/{bits}");
    if options != 0 {
        out.text(", Options [");
        out.bits(names::PREFIX_OPTIONS, options, ", ", format_args!("none"));
        out.text("]");
    }
    write!(out, ", metric {metric}");
    Ok(())
}
