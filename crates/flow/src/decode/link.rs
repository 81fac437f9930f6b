//! From the link header to the first IP header.

use wirescope_wire::ethernet::{self, Ethernet, VlanTag, ether_type};
use wirescope_wire::{Cursor, LinkType, Walk};

use super::{Decoded, Layers, network};

/// PPP protocol numbers (RFC 1661, assigned by IANA).
mod ppp {
    pub(super) const IPV4: u16 = 0x0021;
    pub(super) const IPV6: u16 = 0x0057;
    pub(super) const MPLS: u16 = 0x0281;
}

/// Values of the address family in a BSD loopback header that mean IPv6, by system.
const FAMILIES_IPV6: [u32; 4] = [10, 24, 28, 30];
/// The one that means IPv4.
const FAMILY_IPV4: u32 = 2;

pub(super) fn is_supported(link: LinkType) -> bool {
    matches!(
        link,
        LinkType::EN10MB
            | LinkType::NULL
            | LinkType::LOOP
            | LinkType::RAW
            | LinkType::IPV4
            | LinkType::IPV6
            | LinkType::LINUX_SLL
            | LinkType::LINUX_SLL2
            | LinkType::PPP
            | LinkType::PPP_SERIAL
            | LinkType::PPP_ETHER
            | LinkType::PPP_PPPD
            | LinkType::MPLS
    )
}

pub(super) fn link<'a>(
    link: LinkType,
    mut c: Cursor<'a>,
    decoded: &mut Decoded<'a>,
    layers: &mut Layers,
) -> Walk {
    match link {
        LinkType::EN10MB => ethernet(c, decoded, layers),
        LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => network::ip(c, decoded, layers),
        LinkType::NULL | LinkType::LOOP => loopback(c, decoded, layers),
        LinkType::LINUX_SLL => {
            c.advance(14);
            let kind = c.u16()?;
            ether_type_payload(kind, c, decoded, layers)
        }
        LinkType::LINUX_SLL2 => {
            let kind = c.u16()?;
            c.advance(18);
            ether_type_payload(kind, c, decoded, layers)
        }
        LinkType::PPP | LinkType::PPP_SERIAL | LinkType::PPP_PPPD => {
            // Address and control, which many links leave out.
            if c.peek_u16(0)? == 0xff03 || c.peek_u8(0)? == 0x0f {
                c.advance(2);
            }
            ppp(c, decoded, layers)
        }
        LinkType::PPP_ETHER => pppoe(c, decoded, layers),
        LinkType::MPLS => mpls(c, decoded, layers),
        _ => Ok(()),
    }
}

/// Ethernet II; frames with a length instead of a type carry no IP worth following, but for SNAP.
pub(super) fn ethernet<'a>(mut c: Cursor<'a>, decoded: &mut Decoded<'a>, layers: &mut Layers) -> Walk {
    let header = Ethernet::read(&mut c)?;
    decoded.hardware_src.get_or_insert(header.src());
    let kind = header.ether_type();
    if kind <= ethernet::MAX_LENGTH {
        return snap(c, decoded, layers);
    }
    ether_type_payload(kind, c, decoded, layers)
}

/// LLC with a SNAP header that names an Ethernet type (RFC 1042).
fn snap<'a>(mut c: Cursor<'a>, decoded: &mut Decoded<'a>, layers: &mut Layers) -> Walk {
    let [dsap, ssap, control, oui @ .., high, low] = *c.array::<8>()?;
    if (dsap, ssap, control) == (0xaa, 0xaa, 3) && oui == [0, 0, 0] {
        return ether_type_payload(u16::from_be_bytes([high, low]), c, decoded, layers);
    }
    Ok(())
}

/// What an Ethernet type announces. Tags are walked in a loop, so their number costs no stack.
pub(super) fn ether_type_payload<'a>(
    mut kind: u16,
    mut c: Cursor<'a>,
    decoded: &mut Decoded<'a>,
    layers: &mut Layers,
) -> Walk {
    while ethernet::is_vlan(kind) {
        if !layers.enter(&mut decoded.problems) {
            return Ok(());
        }
        let tag = VlanTag::read(&mut c)?;
        layers.vlans += 1;
        decoded.vlan.get_or_insert(tag.id());
        kind = tag.ether_type;
    }
    decoded.ether_type.get_or_insert(kind);
    match kind {
        ether_type::IPV4 | ether_type::IPV6 => network::ip(c, decoded, layers),
        ether_type::MPLS | ether_type::MPLS_MULTICAST => mpls(c, decoded, layers),
        ether_type::PPPOE_SESSION => pppoe(c, decoded, layers),
        _ => Ok(()),
    }
}

/// A stack of labels; what lies below is told by its first nibble, as label switching routers do.
fn mpls<'a>(mut c: Cursor<'a>, decoded: &mut Decoded<'a>, layers: &mut Layers) -> Walk {
    layers.mpls = true;
    loop {
        if !layers.enter(&mut decoded.problems) {
            return Ok(());
        }
        let last = c.u32()? & 0x100 != 0;
        if last {
            break;
        }
    }
    match c.peek_u8(0)? >> 4 {
        4 | 6 => network::ip(c, decoded, layers),
        _ => Ok(()),
    }
}

/// PPPoE session stage (RFC 2516): version, code, session, length, then PPP without its framing.
fn pppoe<'a>(mut c: Cursor<'a>, decoded: &mut Decoded<'a>, layers: &mut Layers) -> Walk {
    let [_, code, ..] = *c.array::<6>()?;
    layers.pppoe = true;
    if code != 0 || !layers.enter(&mut decoded.problems) {
        return Ok(());
    }
    ppp(c, decoded, layers)
}

/// The PPP protocol field, which may be compressed to one odd byte (RFC 1661 section 6.5).
pub(super) fn ppp<'a>(mut c: Cursor<'a>, decoded: &mut Decoded<'a>, layers: &mut Layers) -> Walk {
    let first = c.u8()?;
    let protocol = if first & 1 == 1 { u16::from(first) } else { u16::from_be_bytes([first, c.u8()?]) };
    match protocol {
        ppp::IPV4 | ppp::IPV6 => network::ip(c, decoded, layers),
        ppp::MPLS => mpls(c, decoded, layers),
        _ => Ok(()),
    }
}

/// BSD loopback: the address family in the byte order of the capturing host, or big-endian.
fn loopback<'a>(mut c: Cursor<'a>, decoded: &mut Decoded<'a>, layers: &mut Layers) -> Walk {
    let family = c.u32()?;
    let family = if family & 0xffff_0000 != 0 { family.swap_bytes() } else { family };
    if family == FAMILY_IPV4 || FAMILIES_IPV6.contains(&family) {
        return network::ip(c, decoded, layers);
    }
    Ok(())
}
