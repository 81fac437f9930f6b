//! Communities of routes: plain (RFC 1997), extended (RFC 4360), large (RFC 8092).

use super::{autonomous_system, names};
use crate::Out;
use crate::proto::l2vpn;
use wirescope_wire::{Cursor, Walk};

/// Prints numbers of 32 bits, some of which are well-known.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        match c.u32()? {
            0 if c.length() > 0 => {
                out.text("0:0, ");
            }
            0xffff_ff01 => {
                out.text(" NO_EXPORT");
            }
            0xffff_ff02 => {
                out.text(" NO_ADVERTISE");
            }
            0xffff_ff03 => {
                out.text(" NO_EXPORT_SUBCONFED");
            }
            community => {
                let between = if c.length() > 0 { ", " } else { "" };
                write!(out, "{}:{}{between}", community >> 16, community & 0xffff);
            }
        }
    }
    Ok(())
}

/// Prints three numbers of 32 bits each.
pub(super) fn print_large(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("\n\t    ");
    while c.length() > 0 {
        write!(out, "{}:{}:{}", c.u32()?, c.u32()?, c.u32()?);
        out.text(if c.length() > 0 { ", " } else { "" });
    }
    Ok(())
}

/// Prints communities of a type and six bytes whose meaning depends on it.
pub(super) fn print_extended(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let kind = c.u16()?;
        out.text("\n\t    ");
        out.token(names::COMMUNITIES, kind, format_args!("unknown extd community typecode"));
        write!(out, " (0x{kind:04x}), Flags [");
        out.bits(names::COMMUNITY_FLAGS, kind, ", ", format_args!("none"));
        out.text("]: ");
        value(out, kind, c.split(6))?;
    }
    Ok(())
}

mod kind {
    pub(super) const SOURCE_AS: u16 = 0x0009;
    pub(super) const OSPF_DOMAIN: u16 = 0x0005;
    pub(super) const OSPF_DOMAIN_CISCO: u16 = 0x8005;
    pub(super) const OSPF_ROUTER: u16 = 0x0107;
    pub(super) const OSPF_ROUTER_CISCO: u16 = 0x8001;
    pub(super) const OSPF_ROUTE: u16 = 0x0306;
    pub(super) const OSPF_ROUTE_CISCO: u16 = 0x8000;
    pub(super) const ENCAPSULATION: u16 = 0x030c;
    pub(super) const LINK_BANDWIDTH: u16 = 0x4004;
    pub(super) const VALIDATION: u16 = 0x4300;
    pub(super) const LAYER_2: u16 = 0x800a;
}

fn value(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk {
    match kind {
        0x0002 | 0x0003 | 0x000a => {
            let (system, number) = (c.u16()?, *c.array::<4>()?);
            write!(out, "{system}:{} (= ", u32::from_be_bytes(number));
            out.host4(number).text(")");
        }
        0x0102 | 0x0103 | 0x010b | 0xf10a => {
            let (address, number) = (*c.array()?, c.u16()?);
            out.host4(address);
            write!(out, ":{number}");
        }
        0x0202 | 0x0203 => {
            let (system, number) = (c.u32()?, c.u16()?);
            autonomous_system(out, system);
            write!(out, ":{number}");
        }
        kind::OSPF_DOMAIN | kind::OSPF_DOMAIN_CISCO | kind::OSPF_ROUTER | kind::OSPF_ROUTER_CISCO => {
            out.host4(*c.array()?);
        }
        kind::LINK_BANDWIDTH => {
            // Bytes a second behind the number of an autonomous system.
            let bandwidth = f32::from_bits(c.peek_u32(2)?);
            write!(out, "bandwidth: {:.3} Mbps", bandwidth * 8.0 / 1_000_000.0);
        }
        kind::VALIDATION => {
            let [a, b, d, e, f, state] = *c.array()?;
            let reserved = u64::from_be_bytes([0, 0, 0, a, b, d, e, f]);
            if reserved != 0 {
                write!(out, "[the reserved field 0x{reserved:x} MUST be 0] ");
            }
            out.text("ovs: ");
            out.token(names::VALIDATION_STATES, state, format_args!("unknown origin validation state"));
        }
        kind::OSPF_ROUTE | kind::OSPF_ROUTE_CISCO => ospf_route(out, c)?,
        kind::LAYER_2 => {
            let (encapsulation, control, mtu) = (c.u8()?, c.u8()?, c.u16()?);
            out.token(l2vpn::ENCAPSULATIONS, encapsulation, format_args!("unknown encaps"));
            write!(out, " Control Flags [0x{control:02x}]:MTU {mtu}");
        }
        kind::SOURCE_AS => write!(out, "AS {}", c.u16()?),
        kind::ENCAPSULATION => {
            out.text("Tunnel type: ");
            out.token(names::ENCAPSULATIONS, c.peek_u16(4)?, format_args!("unknown encaps"));
        }
        _ => {
            out.hex_bytes(c.array::<6>()?);
        }
    }
    Ok(())
}

/// How OSPF knew the route (RFC 4577 section 4.2.6).
fn ospf_route(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const EXTERNAL: u8 = 5;
    const NSSA: u8 = 7;
    const TYPE_2: u8 = 1;
    let (area, kind, options) = (*c.array()?, c.u8()?, c.u8()?);
    out.text("area:").host4(area).text(", router-type:");
    out.token(names::OSPF_ROUTES, kind, format_args!("unknown (0x{kind:02x})"));
    out.text(", metric-type:");
    out.text(if options == TYPE_2 { "E2" } else { "" });
    out.text(if matches!(kind, EXTERNAL | NSSA) { "E1" } else { "" });
    Ok(())
}
