//! How the checksums of a packet came out, and what a wrong one proves.

use std::net::IpAddr;

use wirescope_wire::checksum::{self, Sum};
use wirescope_wire::ipv4::{Ipv4, protocol};

use crate::decode::{Decoded, Ip, Transport};

/// How a checksum came out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It verifies.
    Right,
    /// It does not.
    Wrong,
    /// It holds what a stack leaves there for the network card to complete.
    LeftToCard(Left),
}

/// What a stack leaves in a checksum field for its network card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Left {
    /// Nothing: zero.
    Zero,
    /// The sum of the pseudo-header.
    PseudoHeader,
    /// The sum of the pseudo-header without the length, since the card is to cut the segment up as well.
    PseudoHeaderWithoutLength,
}

/// Whose checksum.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Header {
    /// The IPv4 header's.
    Ip,
    /// TCP's, over pseudo-header, header and payload.
    Tcp,
    /// UDP's, over the same.
    Udp,
    /// ICMP's or ICMPv6's.
    Icmp,
}

/// One checksum that could be verified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Check {
    /// Whose it is.
    pub header: Header,
    /// How it came out.
    pub outcome: Outcome,
    /// The field as found.
    pub found: u16,
    /// What the field should have held.
    pub expected: u16,
    /// By how much the summed bytes differ from those that the checksum was made for, in one's
    /// complement: see [`checksum::residue`].
    pub residue: u16,
}

impl Check {
    fn new(header: Header, outcome: Outcome, found: u16, sum: Sum) -> Self {
        let expected = checksum::expected(found, sum.checksum());
        Check { header, outcome, found, expected, residue: checksum::residue(sum) }
    }

    /// Whether it is wrong, and no stack leaves it so.
    pub fn is_wrong(&self) -> bool {
        self.outcome == Outcome::Wrong
    }
}

/// The IPv4 header's checksum; `None` where there is none to verify. Inside a tunnel it is for the tunnel's end to judge.
pub fn header(decoded: &Decoded, ip: &Ip) -> Option<Check> {
    if ip.version() != 4 || decoded.outer.is_some() {
        return None;
    }
    let length = usize::from(ip.bytes.first()? & 0x0f) * 4;
    if length < Ipv4::LEN {
        return None;
    }
    let header = ip.bytes.get(..length)?;
    let sum = Sum::new().bytes(header);
    let found = word(header, 10)?;
    let outcome = match (sum.checksum(), found) {
        (0, _) => Outcome::Right,
        (_, 0) => Outcome::LeftToCard(Left::Zero),
        _ => Outcome::Wrong,
    };
    Some(Check::new(Header::Ip, outcome, found, sum))
}

/// The transport's checksum; `None` where there is none, or where bytes that it covers are not there.
pub fn transport(decoded: &Decoded, ip: &Ip) -> Option<Check> {
    if !ip.is_whole() || ip.fragment.is_some() || ip.is_rerouted {
        return None;
    }
    let (header, found) = match &decoded.transport {
        Transport::Tcp(_) => (Header::Tcp, word(ip.payload, 16)?),
        Transport::Udp(datagram) if datagram.checksum != 0 => (Header::Udp, datagram.checksum),
        Transport::Icmp(_) => (Header::Icmp, word(ip.payload, 2)?),
        Transport::Udp(_) | Transport::None => return None,
    };
    let summed = covered(decoded, ip);
    let whole = pseudo(ip, summed.len())?;
    let sum = whole.bytes(summed);
    if sum.checksum() == 0 {
        return Some(Check::new(header, Outcome::Right, found, sum));
    }
    let left = match found {
        _ if header == Header::Icmp => None,
        0 => Some(Left::Zero),
        _ if found == whole.fold() => Some(Left::PseudoHeader),
        _ if found == pseudo(ip, 0)?.fold() => Some(Left::PseudoHeaderWithoutLength),
        _ => None,
    };
    Some(Check::new(header, left.map_or(Outcome::Wrong, Outcome::LeftToCard), found, sum))
}

/// Whether UDP's checksum verifies when this many bytes are taken for the datagram, in the sum and in the
/// pseudo-header: of two lengths that disagree, it tells the one that the sender summed.
pub fn udp_verifies_for(ip: &Ip, length: usize) -> bool {
    let Some(summed) = ip.bytes.get(ip.header_len..ip.header_len.saturating_add(length)) else {
        return false;
    };
    pseudo(ip, length).is_some_and(|pseudo| pseudo.bytes(summed).checksum() == 0)
}

/// The sum of the pseudo-header for so many bytes; nothing for ICMP, which has none.
fn pseudo(ip: &Ip, length: usize) -> Option<Sum> {
    match (ip.src, ip.dst) {
        (IpAddr::V4(_), IpAddr::V4(_)) if ip.protocol == protocol::ICMP => Some(Sum::new()),
        (IpAddr::V4(src), IpAddr::V4(dst)) => {
            Some(checksum::pseudo_ipv4(src.octets(), dst.octets(), ip.protocol, length as u16))
        }
        (IpAddr::V6(src), IpAddr::V6(dst)) => {
            Some(checksum::pseudo_ipv6(src.octets(), dst.octets(), ip.protocol, length as u32))
        }
        _ => None,
    }
}

/// What a checksum covers: for UDP what its own length says, where that is possible.
fn covered<'a>(decoded: &Decoded<'a>, ip: &Ip<'a>) -> &'a [u8] {
    match &decoded.transport {
        Transport::Udp(datagram) if datagram.length >= 8 => {
            ip.payload.get(..usize::from(datagram.length)).unwrap_or(ip.payload)
        }
        _ => ip.payload,
    }
}

/// A 16-bit number somewhere in bytes.
pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|pair| u16::from_be_bytes(*pair))
}
