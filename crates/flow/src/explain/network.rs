//! What the IP header shows: addresses, TTL, identification, options, fragments, protocols.

use std::net::{IpAddr, Ipv4Addr};

use wirescope_wire::Cursor;
use wirescope_wire::LinkType;
use wirescope_wire::icmp::{kind, kind_v6};
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::tcp::{Tcp, flag};

use super::argument::Argument;
use super::claim::{AddressKind, Claim, Confidence};
use crate::decode::{Fragment, Ip, Problems, Transport};
use crate::fragments::{LARGEST_DATAGRAM, Placed, TCP_FLAGS_AT};
use crate::protocols;

/// Most hops that a packet has left on arrival when it was meant to run out of them.
const LOW_TTL: u8 = 4;
/// Values at which systems start to count down (fewer than 64 hops are ever taken).
const STARTING_TTLS: [u16; 4] = [32, 64, 128, 255];
/// Ports that traceroute uses when not told otherwise.
const TRACEROUTE_PORTS: std::ops::Range<u16> = 33_434..33_700;
/// Number of the Network Voice Protocol, and the commands of the back door that hid in it.
const NVP: u8 = 11;
const DHCP_PORTS: [u16; 2] = [67, 68];
/// Bytes of payload that are enough to tell whether they have a pattern.
const ENOUGH_BYTES: usize = 64;
/// Link-layer address families of Linux cooked captures: loopback.
const ARPHRD_LOOPBACK: u16 = 772;

/// Options of IPv4 (IANA "IP Parameters").
mod option {
    pub(super) const END: u8 = 0;
    pub(super) const NOP: u8 = 1;
    pub(super) const RECORD_ROUTE: u8 = 7;
    pub(super) const TIMESTAMP: u8 = 68;
    pub(super) const LOOSE_ROUTE: u8 = 131;
    pub(super) const STRICT_ROUTE: u8 = 137;
    pub(super) const ROUTER_ALERT: u8 = 148;
}

impl Argument<'_, '_> {
    /// Everything that the IP header shows by itself.
    pub(super) fn network(&mut self, placed: Option<Placed>) {
        let Some(ip) = self.decoded.ip else { return };
        self.addresses(&ip);
        self.life(&ip);
        self.identification(&ip);
        self.options(&ip);
        self.fragment(&ip, placed);
        self.protocol(&ip);
    }

    fn addresses(&mut self, ip: &Ip) {
        let (src_at, dst_at, len) = if ip.version() == 4 { (12, 16, 4) } else { (8, 24, 16) };
        let at = |within: usize| ip.at + within;
        let is_local = is_loopback_link(self);
        if let Some(why) = impossible(ip.src).filter(|why| !(is_local && *why == AddressKind::Loopback))
            && !is_asking_for_address(self, ip)
        {
            let claim = Claim::SourceImpossible { address: ip.src, why };
            self.odd(claim, Confidence::Certain, at(src_at), len);
        }
        let many = matches!(impossible(ip.dst), Some(AddressKind::Broadcast | AddressKind::Multicast));
        match impossible(ip.dst) {
            Some(AddressKind::Broadcast | AddressKind::Multicast) | None => {}
            Some(AddressKind::Loopback) if is_local => {}
            Some(why) => {
                let claim = Claim::DestinationImpossible { address: ip.dst, why };
                self.odd(claim, Confidence::Certain, at(dst_at), len);
            }
        }
        if many && ip.protocol == protocol::TCP {
            self.odd(Claim::TcpToMany { address: ip.dst }, Confidence::Certain, at(dst_at), len);
        }
        if ip.src == ip.dst {
            let ports = match &self.decoded.transport {
                Transport::Tcp(segment) => Some((segment.src_port, segment.dst_port)),
                Transport::Udp(datagram) => Some((datagram.src_port, datagram.dst_port)),
                _ => None,
            };
            if ports.is_some_and(|(one, other)| one == other) {
                self.odd(Claim::Land, Confidence::Certain, at(src_at), 2 * len);
            } else if !is_local {
                self.note(Claim::SameAddress, Confidence::Certain, at(src_at), 2 * len);
            }
        }
        for (address, within) in [(ip.src, src_at), (ip.dst, dst_at)] {
            if is_documentation(address) {
                self.note(Claim::Documentation { address }, Confidence::Certain, at(within), len);
            }
        }
        match (is_private(ip.src), is_private(ip.dst)) {
            (true, false) if is_public(ip.dst) => self.private_beside(ip.src, ip.dst, at(src_at), 2 * len),
            (false, true) if is_public(ip.src) => self.private_beside(ip.dst, ip.src, at(src_at), 2 * len),
            _ => {}
        }
        if self.packet.link == LinkType::EN10MB
            && self.decoded.hardware_src.is_some_and(|mac| mac[0] & 1 != 0)
        {
            self.odd(Claim::HardwareSourceGroup, Confidence::Certain, 6, 6);
        }
    }

    fn private_beside(&mut self, private: IpAddr, public: IpAddr, at: usize, len: usize) {
        self.note(Claim::PrivateBesidePublic { private, public }, Confidence::Possible, at, len);
    }

    fn life(&mut self, ip: &Ip) {
        let at = ip.at + if ip.version() == 4 { 8 } else { 7 };
        if ip.ttl == 0 {
            self.odd(Claim::TtlZero, Confidence::Certain, at, 1);
            return;
        }
        let is_local = impossible(ip.dst).is_some() || is_link_local(ip.dst);
        if ip.ttl <= LOW_TTL && !is_local {
            let is_probe = match &self.decoded.transport {
                Transport::Udp(datagram) => TRACEROUTE_PORTS.contains(&datagram.dst_port),
                Transport::Icmp(message) => matches!(message.kind, kind::ECHO | kind_v6::ECHO),
                Transport::Tcp(segment) => segment.flags == flag::SYN,
                Transport::None => false,
            };
            self.note(Claim::TtlLow { ttl: ip.ttl, is_probe }, Confidence::Possible, at, 1);
        } else if let Some(start) = STARTING_TTLS.into_iter().find(|start| u16::from(ip.ttl) <= *start) {
            let hops = start - u16::from(ip.ttl);
            self.note(Claim::TtlOrigin { ttl: ip.ttl, start, hops }, Confidence::Likely, at, 1);
        }
    }

    fn identification(&mut self, ip: &Ip) {
        let Some(header) = fixed(ip) else { return };
        let dont_fragment = header.fragment() & Ipv4::DONT_FRAGMENT != 0;
        if header.id() == 0 && !dont_fragment {
            self.note(Claim::IpIdZero, Confidence::Possible, ip.at + 4, 2);
        }
        if self.decoded.problems.contains(Problems::IP_RESERVED_FLAG) {
            self.odd(Claim::IpReservedFlag, Confidence::Certain, ip.at + 6, 1);
        }
        if ip.fragment.is_some() && dont_fragment {
            self.note(Claim::FragmentDontFragment, Confidence::Certain, ip.at + 6, 2);
        }
    }

    fn options(&mut self, ip: &Ip) {
        let Some(header) = fixed(ip) else { return };
        let Some(options) = ip.bytes.get(Ipv4::LEN..header.header_len().min(ip.bytes.len())) else { return };
        let mut c = Cursor::over(options);
        while let Ok(kind) = c.u8() {
            let at = ip.at + Ipv4::LEN + c.at() - 1;
            match kind {
                option::END => return,
                option::NOP => continue,
                _ => {}
            }
            let length = usize::from(c.u8().unwrap_or(0));
            let Some(content) = length.checked_sub(2).and_then(|length| c.take(length).ok()) else {
                self.odd(Claim::IpOptionsMalformed, Confidence::Certain, at, 2);
                return;
            };
            match kind {
                option::LOOSE_ROUTE | option::STRICT_ROUTE => {
                    let (hops, _) = content.get(1..).unwrap_or(&[]).as_chunks::<4>();
                    let hops = hops.iter().map(|hop| IpAddr::V4(Ipv4Addr::from(*hop))).collect();
                    let claim = Claim::SourceRoute { is_strict: kind == option::STRICT_ROUTE, hops };
                    self.odd(claim, Confidence::Certain, at, length);
                }
                option::RECORD_ROUTE | option::TIMESTAMP => {
                    let claim = Claim::RecordRoute { is_timestamp: kind == option::TIMESTAMP };
                    self.odd(claim, Confidence::Certain, at, length);
                }
                option::ROUTER_ALERT => {}
                _ => self.note(Claim::IpOption { kind }, Confidence::Possible, at, length),
            }
        }
    }

    fn fragment(&mut self, ip: &Ip, placed: Option<Placed>) {
        let Some(Fragment { id, offset, more }) = ip.fragment else { return };
        let at = ip.at + if ip.version() == 4 { 4 } else { ip.header_len.saturating_sub(8) };
        let len = if ip.version() == 4 { 4 } else { 8 };
        let end = offset.saturating_add(ip.payload_len);
        self.note(Claim::Fragment { offset, end, more, id }, Confidence::Certain, at, len);
        let hides_flags = offset == 0 && more && ip.payload_len <= TCP_FLAGS_AT;
        let rewrites_header = (1..Tcp::LEN).contains(&offset);
        if ip.protocol == protocol::TCP && (hides_flags || rewrites_header) {
            let claim = Claim::FragmentTiny { bytes: ip.payload_len, first: hides_flags };
            self.odd(claim, Confidence::Certain, at, len);
        }
        if more && !ip.payload_len.is_multiple_of(8) {
            self.odd(Claim::FragmentUneven { bytes: ip.payload_len }, Confidence::Certain, at, len);
        }
        if end.saturating_add(ip.header_len) > LARGEST_DATAGRAM {
            self.odd(Claim::FragmentPastEnd { end }, Confidence::Certain, at, len);
        }
        let Some(placed) = placed else { return };
        match placed.earlier {
            _ if placed.is_duplicate => self.note(Claim::FragmentRepeated, Confidence::Certain, at, len),
            Some((old, packet)) => {
                let is_nested = old.covers(placed.span) && old != placed.span;
                let conflicting = placed.met.conflicting;
                let claim = Claim::FragmentOverlaps { new: placed.span, old, packet, conflicting, is_nested };
                self.odd(claim, Confidence::Certain, at, len);
            }
            None => {}
        }
    }

    fn protocol(&mut self, ip: &Ip) {
        // What a filter calls the protocol is that of the outermost header.
        let ip = self.decoded.outer.unwrap_or(*ip);
        if protocols::is_everyday(ip.protocol) {
            return;
        }
        let at = ip.at + if ip.version() == 4 { 9 } else { 6 };
        let is_dense = ip.payload.len() >= ENOUGH_BYTES && is_dense(ip.payload);
        let claim = Claim::UnusualProtocol { number: ip.protocol, is_dense };
        self.odd(claim, Confidence::Certain, at, 1);
        if let (NVP, Some(command @ (2 | 3))) = (ip.protocol, ip.payload.first().copied()) {
            self.note(Claim::TheBinary { command }, Confidence::Possible, ip.at + ip.header_len, 2);
        }
    }
}

/// The fixed part of an IPv4 header.
fn fixed<'a>(ip: &Ip<'a>) -> Option<Ipv4<'a>> {
    if ip.version() == 4 { Ipv4::read(&mut Cursor::over(ip.bytes)).ok() } else { None }
}

/// Whether bytes have no pattern: nearly all of their bits are undecided, as of what is encrypted,
/// compressed or random.
pub(super) fn is_dense(bytes: &[u8]) -> bool {
    let bytes = bytes.get(..1_024).unwrap_or(bytes);
    let mut counts = [0u32; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let total = bytes.len() as f64;
    let entropy: f64 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / total)
        .map(|share| -share * share.log2())
        .sum();
    // Random bytes reach all but about half a bit of what so many of them can.
    entropy > total.log2().min(8.0) - 0.75
}

/// Why an address can be no single host's.
fn impossible(address: IpAddr) -> Option<AddressKind> {
    match address {
        IpAddr::V4(v4) => match v4.octets() {
            [255, 255, 255, 255] => Some(AddressKind::Broadcast),
            [0, 0, 0, 0] => Some(AddressKind::Unspecified),
            [0, ..] => Some(AddressKind::ThisNetwork),
            [127, ..] => Some(AddressKind::Loopback),
            [224..=239, ..] => Some(AddressKind::Multicast),
            [240..=255, ..] => Some(AddressKind::Reserved),
            _ => None,
        },
        IpAddr::V6(v6) if v6.is_multicast() => Some(AddressKind::Multicast),
        IpAddr::V6(v6) if v6.is_loopback() => Some(AddressKind::Loopback),
        IpAddr::V6(v6) if v6.is_unspecified() => Some(AddressKind::Unspecified),
        IpAddr::V6(_) => None,
    }
}

/// Hosts without an address: DHCP, IGMP and neighbour discovery start from the unspecified one.
fn is_asking_for_address(argument: &Argument, ip: &Ip) -> bool {
    let asks = match &argument.decoded.transport {
        Transport::Udp(datagram) => DHCP_PORTS.contains(&datagram.src_port),
        Transport::Icmp(_) => ip.version() == 6,
        _ => ip.protocol == protocol::IGMP,
    };
    asks && matches!(impossible(ip.src), Some(AddressKind::Unspecified))
}

/// Whether the capture is of a host talking to itself.
fn is_loopback_link(argument: &Argument) -> bool {
    let data = argument.packet.data;
    let kind = |at: usize| crate::checksums::word(data, at);
    match argument.packet.link {
        LinkType::EN10MB => data.get(..12).is_some_and(|macs| macs.iter().all(|byte| *byte == 0)),
        LinkType::LINUX_SLL => kind(2) == Some(ARPHRD_LOOPBACK),
        LinkType::LINUX_SLL2 => kind(8) == Some(ARPHRD_LOOPBACK),
        // Raw packets do not say where they were taken; loopback frames do.
        _ => true,
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unique_local(),
    }
}

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

fn is_public(address: IpAddr) -> bool {
    impossible(address).is_none() && !is_private(address) && !is_link_local(address)
}

/// Addresses for examples in text (RFC 5737, RFC 3849), which no network routes.
fn is_documentation(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_documentation(),
        IpAddr::V6(v6) => matches!(v6.segments(), [0x2001, 0x0db8, ..]),
    }
}
