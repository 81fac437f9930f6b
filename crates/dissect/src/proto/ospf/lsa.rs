//! Link-state advertisements (RFC 2328 section 12.4; multicast RFC 1584, NSSA RFC 3101, opaque RFC 5250).

use super::{names, opaque};
use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of the header.
pub(super) const HEADER_LEN: usize = 20;

mod kind {
    pub(super) const ROUTER: u8 = 1;
    pub(super) const NETWORK: u8 = 2;
    pub(super) const SUMMARY: u8 = 3;
    pub(super) const ROUTER_SUMMARY: u8 = 4;
    pub(super) const EXTERNAL: u8 = 5;
    pub(super) const GROUP: u8 = 6;
    pub(super) const NSSA: u8 = 7;
    pub(super) const OPAQUE_LINK: u8 = 9;
    pub(super) const OPAQUE_AREA: u8 = 10;
    pub(super) const OPAQUE_DOMAIN: u8 = 11;
}

/// Prints what is asked for.
pub(super) fn print_request(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let (kind, identifier, router) = (c.u32()?, *c.array::<4>()?, *c.array()?);
    out.text("\n\t  Advertising Router: ").host4(router).text(", ");
    out.token(names::LSAS, kind, format_args!("unknown"));
    write!(out, " LSA ({kind})");
    if matches!(u8::try_from(kind), Ok(kind::OPAQUE_LINK..=kind::OPAQUE_DOMAIN)) {
        let [opaque, a, b, d] = identifier;
        out.text(", Opaque-Type: ");
        out.token(names::OPAQUES, opaque, format_args!("unknown"));
        write!(out, " LSA ({opaque}), Opaque-ID: {}", u32::from_be_bytes([0, a, b, d]));
    } else {
        out.text(", LSA-ID: ").host4(identifier);
    }
    Ok(())
}

/// Prints headers without bodies.
pub(super) fn print_headers(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        header(out, &mut c)?;
    }
    Ok(())
}

/// What of a header tells about the body.
struct Header {
    kind: u8,
    /// The type of an opaque one.
    opaque: u8,
    /// Bytes of the body.
    body_len: usize,
}

fn header(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Header> {
    let len = usize::from(c.peek_u16(18)?);
    let Some(body_len) = len.checked_sub(HEADER_LEN) else {
        write!(out, "\n\t    Bogus length {len} < header ({HEADER_LEN})");
        return Err(Stop::Truncated);
    };
    let (age, options, kind) = (c.u16()?, c.u8()?, c.u8()?);
    let (identifier, router) = (*c.array::<4>()?, *c.array()?);
    let sequence = c.u32()?;
    c.skip(4)?;
    out.text("\n\t  Advertising Router ").host4(router);
    write!(out, ", seq 0x{sequence:08x}, age {age}s, length {body_len}");
    out.text("\n\t    ");
    out.token(names::LSAS, kind, format_args!("unknown"));
    let [opaque, a, b, d] = identifier;
    if matches!(kind, kind::OPAQUE_LINK..=kind::OPAQUE_DOMAIN) {
        write!(out, " LSA ({kind}), Opaque-Type ");
        out.token(names::OPAQUES, opaque, format_args!("unknown"));
        write!(out, " LSA ({opaque}), Opaque-ID {}", u32::from_be_bytes([0, a, b, d]));
    } else {
        write!(out, " LSA ({kind}), LSA-ID: ");
        out.host4(identifier);
    }
    out.text("\n\t    Options: [");
    out.bits(names::OPTIONS, options, ", ", format_args!("none"));
    out.text("]");
    Ok(Header { kind, opaque, body_len })
}

/// Prints an advertisement and advances past it.
pub(super) fn print(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let Header { kind, opaque, body_len } = header(out, c)?;
    let body = c.claim(body_len);
    match kind {
        kind::ROUTER => router(out, body)?,
        kind::NETWORK => network(out, body)?,
        kind::SUMMARY | kind::ROUTER_SUMMARY => summary(out, body, kind == kind::SUMMARY)?,
        kind::EXTERNAL | kind::NSSA => external(out, body)?,
        kind::GROUP => group(out, body)?,
        kind::OPAQUE_LINK | kind::OPAQUE_AREA | kind::OPAQUE_DOMAIN => {
            let printed = if kind == kind::OPAQUE_LINK {
                opaque::print_link(out, opaque, body)
            } else {
                opaque::print_area(out, opaque, body)
            };
            match printed {
                // What was wrong has been said; the next advertisement is not touched by it.
                Err(Stop::Invalid) => {
                    c.advance(body_len);
                    return Ok(());
                }
                printed => {
                    if !printed? && out.options.verbose <= 1 {
                        dump(out, body)?;
                    }
                }
            }
        }
        _ => {}
    }
    if out.options.verbose > 1 {
        dump(out, body)?;
    }
    c.advance(body_len);
    Ok(())
}

fn dump(out: &mut Out, body: Cursor<'_>) -> Walk {
    out.dump_hex("\n\t    ", body.claimed_bytes());
    body.need(body.length())
}

mod link {
    pub(super) const ROUTER: u8 = 1;
    pub(super) const NETWORK: u8 = 2;
    pub(super) const STUB: u8 = 3;
    pub(super) const VIRTUAL: u8 = 4;
}

fn router(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (flags, _, count) = (c.u8()?, c.u8()?, c.u16()?);
    out.text("\n\t    Router LSA Options: [");
    out.bits(names::ROUTER_FLAGS, flags, ", ", format_args!("none"));
    out.text("]");
    for _ in 0..count {
        let (identifier, data, kind) = (*c.array()?, *c.array()?, c.u8()?);
        let (what, about) = match kind {
            link::VIRTUAL => ("Virtual Link: Neighbor Router-ID: ", ", Interface Address: "),
            link::ROUTER => ("Neighbor Router-ID: ", ", Interface Address: "),
            link::NETWORK => ("Neighbor Network-ID: ", ", Interface Address: "),
            link::STUB => ("Stub Network: ", ", Mask: "),
            _ => {
                write!(out, "\n\t      Unknown Router Link Type ({kind})");
                return Ok(());
            }
        };
        out.text("\n\t      ").text(what).host4(identifier).text(about).host4(data);
        let topologies = c.u8()?;
        topology(out, 0);
        write!(out, ", metric {}", c.u16()?);
        for _ in 0..topologies {
            let number = c.u8()?;
            topology(out, number);
            c.skip(1)?;
            write!(out, ", metric {}", c.u16()?);
        }
    }
    Ok(())
}

/// Writes the topology that a metric is of (RFC 4915).
fn topology(out: &mut Out, number: u8) {
    out.text("\n\t\ttopology ");
    out.token(names::TOPOLOGIES, number, format_args!("Unknown"));
    write!(out, " ({number})");
}

fn network(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let mask = *c.array()?;
    out.text("\n\t    Mask ").host4(mask).text("\n\t    Connected Routers:");
    while c.length() > 0 {
        let router = *c.array()?;
        out.text("\n\t      ").host4(router);
    }
    Ok(())
}

fn summary(out: &mut Out, mut c: Cursor<'_>, has_mask: bool) -> Walk {
    let mask = *c.array()?;
    if has_mask {
        out.text("\n\t    Mask ").host4(mask);
    }
    while c.length() > 0 {
        let (number, metric) = (c.u8()? & 0x7f, c.u24()?);
        topology(out, number);
        write!(out, " metric {metric}");
    }
    Ok(())
}

fn external(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const TYPE_2: u8 = 0x80;
    const INFINITY: u32 = 0xff_ffff;
    let mask = *c.array()?;
    out.text("\n\t    Mask ").host4(mask);
    while c.length() > 0 {
        let (flags, metric) = (c.u8()?, c.u24()?);
        topology(out, flags & 0x7f);
        write!(out, ", type {}, metric", if flags & TYPE_2 != 0 { 2 } else { 1 });
        match metric {
            INFINITY => out.text(" infinite"),
            _ => out.text(" ").dec(metric),
        };
        let forward = *c.array::<4>()?;
        if forward != [0; 4] {
            out.text(", forward ").host4(forward);
        }
        let tag = *c.array::<4>()?;
        if tag != [0; 4] {
            out.text(", tag ").host4(tag);
        }
    }
    Ok(())
}

/// Who has members of a multicast group (RFC 1584 section 9.1).
fn group(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let kind = c.u32()?;
        match kind {
            1 => out.text("\n\t    Router Router-ID ").host4(*c.array()?),
            2 => out.text("\n\t    Network Designated Router ").host4(*c.array()?),
            _ => {
                write!(out, "\n\t    unknown VertexType ({kind})");
                return Ok(());
            }
        };
    }
    Ok(())
}
