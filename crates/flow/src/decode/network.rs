//! IPv4, IPv6 and its extension headers, and the tunnels that carry one in the other.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use wirescope_wire::ethernet::ether_type;
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::ipv6::Ipv6;
use wirescope_wire::{Cursor, Walk};

use super::{Decoded, Fragment, Ip, Layers, Problems, link, transport};

/// Largest frame that a network without jumbo frames carries; a total length of 0 in anything longer is
/// the mark of segmentation offload, which leaves the length to the network card.
const LARGEST_ORDINARY_PACKET: usize = 1500;

/// Protocol numbers in GRE that are not Ethernet types of IP (RFC 2784, RFC 2637).
mod gre {
    pub(super) const BRIDGED_ETHERNET: u16 = 0x6558;
    pub(super) const PPP: u16 = 0x880b;
}

/// An IP header of either version, then what it carries.
pub(super) fn ip<'a>(c: Cursor<'a>, decoded: &mut Decoded<'a>, layers: &mut Layers) -> Walk {
    if !layers.enter(&mut decoded.problems) {
        return Ok(());
    }
    let ip = match c.peek_u8(0)? >> 4 {
        4 => ipv4(c, &mut decoded.problems)?,
        6 => ipv6(c, decoded, layers)?,
        _ => {
            decoded.problems.note(Problems::IP_VERSION, true);
            return Ok(());
        }
    };
    if decoded.outer.is_none() {
        decoded.outer = decoded.ip;
    }
    decoded.ip = Some(ip);
    if ip.fragment.is_some() {
        return Ok(());
    }
    let carried = c.ahead(ip.header_len).clip(ip.payload_len).claim(ip.payload_len);
    match ip.protocol {
        protocol::IPV4 | protocol::IPV6 => self::ip(carried, decoded, layers),
        protocol::GRE => self::gre(carried, decoded, layers),
        _ => {
            decoded.transport = transport::transport(&ip, &mut decoded.problems);
            Ok(())
        }
    }
}

fn ipv4<'a>(mut c: Cursor<'a>, problems: &mut Problems) -> Walk<Ip<'a>> {
    let (start, at) = (c, c.at());
    let header = Ipv4::read(&mut c)?;
    let wire_len = start.length();
    let claimed_header = header.header_len();
    let mut total_len = usize::from(header.total_len());
    if total_len == 0 && wire_len > LARGEST_ORDINARY_PACKET {
        total_len = wire_len;
    }
    problems.note(
        Problems::IP_HEADER_LENGTH,
        claimed_header < Ipv4::LEN || claimed_header > wire_len.min(total_len.max(Ipv4::LEN)),
    );
    problems.note(Problems::IP_LENGTH_BELOW_HEADER, total_len < claimed_header.max(Ipv4::LEN));
    problems.note(Problems::IP_LENGTH_EXCEEDS_FRAME, total_len > wire_len);
    problems.note(Problems::IP_RESERVED_FLAG, header.fragment() & Ipv4::RESERVED != 0);
    let header_len = claimed_header.max(Ipv4::LEN);
    let mut ip = Ip {
        src: IpAddr::V4(Ipv4Addr::from(header.src())),
        dst: IpAddr::V4(Ipv4Addr::from(header.dst())),
        protocol: header.protocol(),
        ttl: header.ttl(),
        at,
        header_len,
        total_len,
        wire_len,
        bytes: start.bytes(),
        payload: &[],
        payload_len: total_len.saturating_sub(header_len),
        fragment: header.is_fragment().then(|| Fragment {
            id: u32::from(header.id()),
            offset: header.fragment_offset(),
            more: header.fragment() & Ipv4::MORE_FRAGMENTS != 0,
        }),
        is_rerouted: false,
    };
    ip.payload = payload(&ip);
    if ip.fragment.is_none() && ip.protocol == protocol::AH {
        let mut rest = Cursor::new(ip.payload, ip.payload_len);
        if let Ok(next) = authentication(&mut rest) {
            ip.protocol = next;
            ip.header_len = ip.header_len.saturating_add(ip.payload_len.saturating_sub(rest.length()));
            ip.payload_len = rest.length();
            ip.payload = payload(&ip);
        }
    }
    Ok(ip)
}

fn ipv6<'a>(mut c: Cursor<'a>, decoded: &mut Decoded<'a>, layers: &mut Layers) -> Walk<Ip<'a>> {
    let (start, at) = (c, c.at());
    let header = Ipv6::read(&mut c)?;
    let wire_len = start.length();
    let mut total_len = Ipv6::LEN.saturating_add(usize::from(header.payload_len()));
    if header.payload_len() == 0 && wire_len > LARGEST_ORDINARY_PACKET {
        // A jumbogram, or segmentation offload: the length is elsewhere.
        total_len = wire_len;
    }
    decoded.problems.note(Problems::IP_LENGTH_EXCEEDS_FRAME, total_len > wire_len);
    let mut rest = c.clip(total_len.saturating_sub(Ipv6::LEN)).claim(total_len.saturating_sub(Ipv6::LEN));
    let mut extended = Extended::default();
    let protocol = extensions(header.next_header(), &mut rest, &mut extended, &mut decoded.problems, layers);
    let mut ip = Ip {
        src: IpAddr::V6(Ipv6Addr::from(header.src())),
        dst: IpAddr::V6(Ipv6Addr::from(header.dst())),
        protocol,
        ttl: header.hop_limit(),
        at,
        header_len: total_len.saturating_sub(rest.length()),
        total_len,
        wire_len,
        bytes: start.bytes(),
        payload: &[],
        payload_len: rest.length(),
        fragment: extended.fragment,
        is_rerouted: extended.is_rerouted,
    };
    ip.payload = payload(&ip);
    Ok(ip)
}

/// The captured part of what an IP header carries, as far as it is claimed.
fn payload<'a>(ip: &Ip<'a>) -> &'a [u8] {
    let end = ip.header_len.saturating_add(ip.payload_len).min(ip.bytes.len());
    ip.bytes.get(ip.header_len..end).unwrap_or(&[])
}

/// What extension headers tell.
#[derive(Default)]
struct Extended {
    fragment: Option<Fragment>,
    is_rerouted: bool,
}

/// Walks extension headers (RFC 8200 section 4) and returns the protocol above the last that was whole.
fn extensions(
    mut next: u8,
    c: &mut Cursor,
    extended: &mut Extended,
    problems: &mut Problems,
    layers: &mut Layers,
) -> u8 {
    while layers.enter(problems) {
        let mut ahead = *c;
        let walked = match next {
            protocol::HOP_BY_HOP | protocol::MOBILITY => options(&mut ahead),
            protocol::ROUTING => {
                // Hops left: the destination is not the last one yet.
                extended.is_rerouted |= ahead.peek_u8(3).is_ok_and(|left| left > 0);
                options(&mut ahead)
            }
            protocol::DESTINATION_OPTIONS => {
                extended.is_rerouted |= has_home_address(ahead);
                options(&mut ahead)
            }
            protocol::AH => authentication(&mut ahead),
            protocol::FRAGMENT => fragment_header(&mut ahead, &mut extended.fragment),
            _ => return next,
        };
        let Ok(above) = walked else { return next };
        *c = ahead;
        next = above;
        if extended.fragment.is_some_and(|f| f.offset > 0) {
            return next;
        }
    }
    next
}

/// An extension header that counts its length in units of eight bytes past the first.
fn options(c: &mut Cursor) -> Walk<u8> {
    let [next, units] = *c.array::<2>()?;
    c.skip(6 + usize::from(units) * 8)?;
    Ok(next)
}

/// Whether destination options hold a mobile host's home address (RFC 6275 section 6.3).
fn has_home_address(mut c: Cursor) -> bool {
    const PAD1: u8 = 0;
    const HOME_ADDRESS: u8 = 0xc9;
    let Ok([_, units]) = c.array::<2>().copied() else { return false };
    let mut c = c.clip(6 + usize::from(units) * 8);
    while let Ok(kind) = c.u8() {
        match kind {
            PAD1 => {}
            HOME_ADDRESS => return true,
            _ => {
                let Ok(length) = c.u8() else { return false };
                c.advance(usize::from(length));
            }
        }
    }
    false
}

/// An authentication header (RFC 4302), which counts in words of four bytes less two.
fn authentication(c: &mut Cursor) -> Walk<u8> {
    let [next, words] = *c.array::<2>()?;
    c.skip(6 + usize::from(words).saturating_sub(1) * 4)?;
    Ok(next)
}

/// A fragment header. An atomic fragment (RFC 6946) is the whole datagram and no fragment to us.
fn fragment_header(c: &mut Cursor, fragment: &mut Option<Fragment>) -> Walk<u8> {
    let [next, _, high, low, id @ ..] = *c.array::<8>()?;
    let field = u16::from_be_bytes([high, low]);
    let (offset, more) = (usize::from(field & 0xfff8), field & 1 != 0);
    if (offset > 0 || more) && fragment.is_none() {
        *fragment = Some(Fragment { id: u32::from_be_bytes(id), offset, more });
    }
    Ok(next)
}

/// GRE (RFC 2784, RFC 2890; version 1 as in PPTP, RFC 2637).
fn gre<'a>(mut c: Cursor<'a>, decoded: &mut Decoded<'a>, layers: &mut Layers) -> Walk {
    if !layers.enter(&mut decoded.problems) {
        return Ok(());
    }
    let (flags, kind) = (c.u16()?, c.u16()?);
    if flags & 0x4000 != 0 {
        return Ok(()); // source routes (RFC 1701) left the standard in 2000
    }
    let optional = match flags & 7 {
        0 => 4 * [0x8000u16, 0x2000, 0x1000].iter().filter(|bit| flags & **bit != 0).count(),
        1 => 4 + 4 * [0x1000u16, 0x0080].iter().filter(|bit| flags & **bit != 0).count(),
        _ => return Ok(()),
    };
    c.skip(optional)?;
    match kind {
        ether_type::IPV4 | ether_type::IPV6 | ether_type::MPLS => {
            link::ether_type_payload(kind, c, decoded, layers)
        }
        gre::BRIDGED_ETHERNET => link::ethernet(c, decoded, layers),
        gre::PPP => {
            if c.peek_u16(0)? == 0xff03 {
                c.advance(2);
            }
            link::ppp(c, decoded, layers)
        }
        _ => Ok(()),
    }
}
