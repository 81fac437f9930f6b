//! What the packets of a capture consist of, counted as Snort counts: each header on the way down adds to its
//! line, and a header that contradicts the bytes below it ends the way and adds to a line of its own.

use wirescope_detect::language::Checksums;
use wirescope_wire::checksum::{self, Sum};
use wirescope_wire::ethernet::{self, Ethernet, VlanTag, ether_type};
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::ipv6::Ipv6;
use wirescope_wire::tcp::Tcp;
use wirescope_wire::udp::Udp;
use wirescope_wire::{Cursor, LinkType, Packet};

/// Most headers that are followed in one packet.
const MAX_LAYERS: u32 = 32;
/// Bytes of an ARP packet for IPv4 over Ethernet.
const ARP_LEN: usize = 28;
/// The port of Teredo servers and relays (RFC 4380 section 2.7).
const TEREDO_PORT: u16 = 3544;
/// Ethernet types that only this breakdown tells apart: Novell's IPX and the configuration test protocol.
const IPX: u16 = 0x8137;
const LOOPBACK: u16 = 0x9000;
/// Protocols in GRE beside Ethernet types: bridged Ethernet (RFC 1701) and PPP (RFC 2637).
const GRE_ETHERNET: u16 = 0x6558;
const GRE_PPP: u16 = 0x880b;

/// A line of the breakdown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Line {
    Eth,
    Vlan,
    Ip4,
    Frag,
    Icmp,
    Udp,
    Tcp,
    Ip6,
    Ip6Ext,
    Ip6Opts,
    Frag6,
    Icmp6,
    Udp6,
    Tcp6,
    Teredo,
    IcmpIp,
    Ip4Ip4,
    Ip4Ip6,
    Ip6Ip4,
    Ip6Ip6,
    Gre,
    GreEth,
    GreVlan,
    GreIp4,
    GreIp6,
    GreIp6Ext,
    GrePptp,
    GreArp,
    GreIpx,
    GreLoop,
    Mpls,
    Arp,
    Ipx,
    EthLoop,
    EthDisc,
    Ip4Disc,
    Ip6Disc,
    TcpDisc,
    UdpDisc,
    IcmpDisc,
    AllDiscard,
    Other,
    BadChecksum,
    BadTtl,
    /// Segments of a server that were not put together when their session ended.
    UnfinishedServer,
    /// Segments of a client that were not put together when their session ended.
    UnfinishedClient,
}

impl Line {
    /// Every line with its label, in the order in which they are printed.
    pub const ALL: [(Line, &'static str); 46] = [
        (Line::Eth, "Eth"),
        (Line::Vlan, "VLAN"),
        (Line::Ip4, "IP4"),
        (Line::Frag, "Frag"),
        (Line::Icmp, "ICMP"),
        (Line::Udp, "UDP"),
        (Line::Tcp, "TCP"),
        (Line::Ip6, "IP6"),
        (Line::Ip6Ext, "IP6 Ext"),
        (Line::Ip6Opts, "IP6 Opts"),
        (Line::Frag6, "Frag6"),
        (Line::Icmp6, "ICMP6"),
        (Line::Udp6, "UDP6"),
        (Line::Tcp6, "TCP6"),
        (Line::Teredo, "Teredo"),
        (Line::IcmpIp, "ICMP-IP"),
        (Line::Ip4Ip4, "IP4/IP4"),
        (Line::Ip4Ip6, "IP4/IP6"),
        (Line::Ip6Ip4, "IP6/IP4"),
        (Line::Ip6Ip6, "IP6/IP6"),
        (Line::Gre, "GRE"),
        (Line::GreEth, "GRE Eth"),
        (Line::GreVlan, "GRE VLAN"),
        (Line::GreIp4, "GRE IP4"),
        (Line::GreIp6, "GRE IP6"),
        (Line::GreIp6Ext, "GRE IP6 Ext"),
        (Line::GrePptp, "GRE PPTP"),
        (Line::GreArp, "GRE ARP"),
        (Line::GreIpx, "GRE IPX"),
        (Line::GreLoop, "GRE Loop"),
        (Line::Mpls, "MPLS"),
        (Line::Arp, "ARP"),
        (Line::Ipx, "IPX"),
        (Line::EthLoop, "Eth Loop"),
        (Line::EthDisc, "Eth Disc"),
        (Line::Ip4Disc, "IP4 Disc"),
        (Line::Ip6Disc, "IP6 Disc"),
        (Line::TcpDisc, "TCP Disc"),
        (Line::UdpDisc, "UDP Disc"),
        (Line::IcmpDisc, "ICMP Disc"),
        (Line::AllDiscard, "All Discard"),
        (Line::Other, "Other"),
        (Line::BadChecksum, "Bad Chk Sum"),
        (Line::BadTtl, "Bad TTL"),
        (Line::UnfinishedServer, "S5 G 1"),
        (Line::UnfinishedClient, "S5 G 2"),
    ];
}

/// Counts of packets and of what they consist of.
#[derive(Clone, Debug)]
pub struct Breakdown {
    checksums: Checksums,
    counts: [u64; Line::ALL.len()],
    packets: u64,
    rebuilt: u64,
}

impl Breakdown {
    /// Nothing counted yet; `checksums` says which ones are verified.
    pub fn new(checksums: Checksums) -> Self {
        Breakdown { checksums, counts: [0; Line::ALL.len()], packets: 0, rebuilt: 0 }
    }

    /// The count of a line.
    pub fn count(&self, line: Line) -> u64 {
        self.counts.get(line as usize).copied().unwrap_or(0)
    }

    /// Packets as captured.
    pub fn packets(&self) -> u64 {
        self.packets
    }

    /// Packets as captured, and those put together from them.
    pub fn total(&self) -> u64 {
        self.packets + self.rebuilt
    }

    fn add(&mut self, line: Line, count: u64) {
        if let Some(counter) = self.counts.get_mut(line as usize) {
            *counter += count;
        }
    }

    /// Counts a captured packet.
    pub fn packet(&mut self, packet: &Packet<'_>) {
        self.packets += 1;
        let mut walk = Walker::new(self);
        walk.link(packet.link, Cursor::over(packet.data));
        let (bad_checksum, bad_ttl) = (walk.bad_checksum, walk.bad_ttl);
        if bad_ttl {
            self.add(Line::BadTtl, 1);
        } else if bad_checksum {
            self.add(Line::BadChecksum, 1);
        }
    }

    /// Counts `count` packets that were put together from fragments or segments and read like captured ones:
    /// Ethernet, IP of a version and a transport.
    pub fn rebuilt(&mut self, version: u8, protocol: u8, count: u64) {
        self.rebuilt += count;
        self.add(Line::Eth, count);
        match version {
            4 => self.add(Line::Ip4, count),
            _ => {
                self.add(Line::Ip6, count);
                self.add(Line::Ip6Ext, count);
            }
        }
        self.add(transport_line(version, protocol), count);
    }

    /// Counts segments of sessions that had ended before they were put together.
    pub fn unfinished(&mut self, line: Line, count: u64) {
        self.add(line, count);
    }
}

fn transport_line(version: u8, protocol: u8) -> Line {
    match (version, protocol) {
        (4, protocol::TCP) => Line::Tcp,
        (4, protocol::UDP) => Line::Udp,
        (4, protocol::ICMP) => Line::Icmp,
        (6, protocol::TCP) => Line::Tcp6,
        (6, protocol::UDP) => Line::Udp6,
        (6, protocol::ICMPV6) => Line::Icmp6,
        _ => Line::Other,
    }
}

/// What an IP header tells the header above it.
#[derive(Clone, Copy)]
struct Carrier {
    version: u8,
    /// The sum of the pseudo-header but for the length.
    pseudo: Sum,
    /// Whether this is a part of a datagram.
    fragment: bool,
}

/// The way down one packet.
struct Walker<'b> {
    breakdown: &'b mut Breakdown,
    layers: u32,
    in_gre: bool,
    bad_checksum: bool,
    bad_ttl: bool,
}

impl<'b> Walker<'b> {
    fn new(breakdown: &'b mut Breakdown) -> Self {
        Walker { breakdown, layers: MAX_LAYERS, in_gre: false, bad_checksum: false, bad_ttl: false }
    }

    fn add(&mut self, line: Line) {
        self.breakdown.add(line, 1);
    }

    /// Adds to a line of discarded headers and to their sum.
    fn discard(&mut self, line: Line) {
        self.add(line);
        self.add(Line::AllDiscard);
    }

    /// Whether one more header may be followed.
    fn enter(&mut self) -> bool {
        self.layers = self.layers.saturating_sub(1);
        self.layers > 0
    }

    fn link(&mut self, link: LinkType, mut c: Cursor<'_>) {
        match link {
            LinkType::EN10MB => {
                self.add(Line::Eth);
                match Ethernet::read(&mut c) {
                    Ok(header) => self.ether_type(header.ether_type(), c),
                    Err(_) => self.discard(Line::EthDisc),
                }
            }
            LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => self.ip(c),
            LinkType::NULL | LinkType::LOOP => {
                c.advance(4);
                self.ip(c);
            }
            LinkType::LINUX_SLL | LinkType::LINUX_SLL2 => {
                let (kind_at, len) = if link == LinkType::LINUX_SLL { (14, 16) } else { (0, 20) };
                match c.peek_u16(kind_at) {
                    Ok(kind) => self.ether_type(kind, c.ahead(len)),
                    Err(_) => self.add(Line::AllDiscard),
                }
            }
            LinkType::PPP | LinkType::PPP_SERIAL | LinkType::PPP_PPPD => self.ppp(c),
            LinkType::PPP_ETHER => self.pppoe(c),
            LinkType::MPLS => self.mpls(c),
            _ => self.add(Line::Other),
        }
    }

    fn ether_type(&mut self, kind: u16, c: Cursor<'_>) {
        if !self.enter() {
            return;
        }
        match kind {
            ether_type::IPV4 => self.ipv4(c),
            ether_type::IPV6 => self.ipv6(c),
            ether_type::ARP | ether_type::RARP => self.arp(c),
            ether_type::MPLS | ether_type::MPLS_MULTICAST => self.mpls(c),
            ether_type::PPPOE_SESSION => self.pppoe(c),
            ether_type::PPPOE_DISCOVERY => {}
            IPX => self.add(Line::Ipx),
            LOOPBACK => self.add(Line::EthLoop),
            kind if ethernet::is_vlan(kind) => self.vlan(c),
            _ => self.add(Line::Other),
        }
    }

    /// A tag; behind it, too, a length instead of a type leads through LLC and SNAP.
    fn vlan(&mut self, mut c: Cursor<'_>) {
        self.add(Line::Vlan);
        let Ok(tag) = VlanTag::read(&mut c) else { return self.add(Line::AllDiscard) };
        if tag.ether_type > ethernet::MAX_LENGTH {
            return self.ether_type(tag.ether_type, c);
        }
        match c.array::<8>() {
            Ok([0xaa, 0xaa, 3, 0, 0, 0, high, low]) => {
                self.ether_type(u16::from_be_bytes([*high, *low]), c);
            }
            Ok(_) => self.add(Line::Other),
            Err(_) => self.add(Line::AllDiscard),
        }
    }

    fn arp(&mut self, c: Cursor<'_>) {
        self.add(Line::Arp);
        if !c.has(ARP_LEN) {
            self.add(Line::AllDiscard);
        }
    }

    /// A stack of labels. All but the explicit one of IPv6 (RFC 3032 section 2.1) are taken to carry IPv4.
    fn mpls(&mut self, mut c: Cursor<'_>) {
        const IPV6_EXPLICIT_NULL: u32 = 2;
        self.add(Line::Mpls);
        loop {
            let Ok(entry) = c.u32() else { return self.add(Line::AllDiscard) };
            if entry & 0x100 != 0 {
                match entry >> 12 {
                    IPV6_EXPLICIT_NULL => return self.ipv6(c),
                    _ => return self.ipv4(c),
                }
            }
            if !self.enter() {
                return;
            }
        }
    }

    fn pppoe(&mut self, mut c: Cursor<'_>) {
        match c.array::<6>() {
            Ok([_, 0, ..]) => self.ppp(c),
            Ok(_) => {}
            Err(_) => self.add(Line::AllDiscard),
        }
    }

    /// PPP with or without its framing (RFC 1661, RFC 1662).
    fn ppp(&mut self, mut c: Cursor<'_>) {
        if c.peek_u16(0) == Ok(0xff03) {
            c.advance(2);
        }
        let protocol = match c.u8() {
            Ok(first) if first & 1 == 1 => Ok(u16::from(first)),
            Ok(first) => c.u8().map(|second| u16::from_be_bytes([first, second])),
            Err(stop) => Err(stop),
        };
        match protocol {
            Ok(0x0021) => self.ipv4(c),
            Ok(0x0057) => self.ipv6(c),
            Ok(0x002b) => self.add(Line::Ipx),
            Ok(_) => self.add(Line::Other),
            Err(_) => self.add(Line::AllDiscard),
        }
    }

    /// IP of the version that its first byte says.
    fn ip(&mut self, c: Cursor<'_>) {
        match c.peek_u8(0).map(|first| first >> 4) {
            Ok(6) => self.ipv6(c),
            _ => self.ipv4(c),
        }
    }

    fn ipv4(&mut self, mut c: Cursor<'_>) {
        if !self.enter() {
            return;
        }
        self.add(Line::Ip4);
        let start = c;
        let Ok(header) = Ipv4::read(&mut c) else { return self.discard(Line::Ip4Disc) };
        let (header_len, total_len) = (header.header_len(), usize::from(header.total_len()));
        if header.version() != 4
            || header_len < Ipv4::LEN
            || total_len < header_len
            || total_len > start.captured()
        {
            return self.discard(Line::Ip4Disc);
        }
        let required = self.breakdown.checksums.ip;
        let header_bytes = start.bytes().get(..header_len).unwrap_or_default();
        self.bad_checksum |= required && checksum::internet(header_bytes) != 0;
        self.bad_ttl |= header.ttl() == 0;
        let first = header.fragment_offset() == 0;
        let payload = start.ahead(header_len).clip(total_len - header_len);
        let mut fragment = header.is_fragment();
        if fragment && !payload.has(1) {
            // A fragment of nothing is none.
            fragment = false;
        }
        if fragment {
            self.add(Line::Frag);
            if !(first && header.protocol() == protocol::UDP) {
                return;
            }
        }
        let pseudo = checksum::pseudo_ipv4(header.src(), header.dst(), header.protocol(), 0);
        let carrier = Carrier { version: 4, pseudo, fragment };
        match header.protocol() {
            protocol::IPV4 => {
                self.add(Line::Ip4Ip4);
                self.ipv4(payload);
            }
            protocol::IPV6 => {
                self.add(Line::Ip4Ip6);
                self.ipv6(payload);
            }
            other => self.transport(other, carrier, payload),
        }
    }

    fn ipv6(&mut self, mut c: Cursor<'_>) {
        if !self.enter() {
            return;
        }
        self.add(Line::Ip6);
        let Ok(header) = Ipv6::read(&mut c) else { return self.discard(Line::Ip6Disc) };
        let length = usize::from(header.payload_len());
        if header.version() != 6 || !c.has(length) {
            return self.discard(Line::Ip6Disc);
        }
        self.bad_ttl |= header.hop_limit() == 0;
        let (src, dst) = (header.src(), header.dst());
        self.extensions(header.next_header(), src, dst, c.clip(length));
    }

    /// Extension headers (RFC 8200 section 4). Each header that is looked at adds one, the transport too.
    fn extensions(&mut self, mut next: u8, src: [u8; 16], dst: [u8; 16], mut c: Cursor<'_>) {
        let mut fragment = false;
        while self.enter() {
            self.add(Line::Ip6Ext);
            if self.in_gre {
                self.add(Line::GreIp6Ext);
            }
            let start = c;
            match next {
                protocol::HOP_BY_HOP | protocol::DESTINATION_OPTIONS | protocol::ROUTING | protocol::AH => {
                    self.add(Line::Ip6Opts);
                    let Ok([above, units]) = c.array::<2>().copied() else { return };
                    c = match next {
                        protocol::AH => start.ahead((usize::from(units) + 2) * 4),
                        _ => start.ahead((usize::from(units) + 1) * 8),
                    };
                    next = above;
                }
                protocol::FRAGMENT => {
                    self.add(Line::Ip6Opts);
                    let Ok([above, _, high, low, ..]) = c.array::<8>().copied() else { return };
                    let field = u16::from_be_bytes([high, low]);
                    if field & !6 != 0 {
                        fragment = true;
                        self.add(Line::Frag6);
                        if field & 0xfff8 != 0 || above != protocol::UDP {
                            return;
                        }
                    }
                    next = above;
                }
                protocol::NO_NEXT_HEADER => return,
                protocol::IPV4 => {
                    self.add(Line::Ip6Ip4);
                    return self.ipv4(c);
                }
                protocol::IPV6 => {
                    self.add(Line::Ip6Ip6);
                    return self.ipv6(c);
                }
                other => {
                    let pseudo = checksum::pseudo_ipv6(src, dst, other, 0);
                    return self.transport(other, Carrier { version: 6, pseudo, fragment }, c);
                }
            }
        }
    }

    fn transport(&mut self, protocol: u8, carrier: Carrier, c: Cursor<'_>) {
        match (protocol, carrier.version) {
            (protocol::TCP, version) => {
                self.add(if version == 4 { Line::Tcp } else { Line::Tcp6 });
                self.tcp(carrier, c);
            }
            (protocol::UDP, version) => {
                self.add(if version == 4 { Line::Udp } else { Line::Udp6 });
                self.udp(carrier, c);
            }
            (protocol::ICMP, 4) => {
                self.add(Line::Icmp);
                self.icmp(c);
            }
            (protocol::ICMPV6, 6) => {
                self.add(Line::Icmp6);
                self.icmpv6(carrier, c);
            }
            (protocol::GRE, _) => {
                self.add(Line::Gre);
                self.gre(c);
            }
            _ => self.add(Line::Other),
        }
    }

    fn tcp(&mut self, carrier: Carrier, mut c: Cursor<'_>) {
        let bytes = c.bytes();
        let Ok(header) = Tcp::read(&mut c) else { return self.discard(Line::TcpDisc) };
        if header.header_len() < Tcp::LEN || header.header_len() > bytes.len() {
            return self.discard(Line::TcpDisc);
        }
        let required = self.breakdown.checksums.tcp && !carrier.fragment;
        self.bad_checksum |= required && carrier.is_wrong(bytes);
    }

    fn udp(&mut self, carrier: Carrier, mut c: Cursor<'_>) {
        let bytes = c.bytes();
        let Ok(header) = Udp::read(&mut c) else { return self.discard(Line::UdpDisc) };
        let length = usize::from(header.length());
        if !carrier.fragment && (length < Udp::LEN || length != bytes.len()) {
            return self.discard(Line::UdpDisc);
        }
        let has_checksum = header.checksum() != 0 || carrier.version == 6;
        let required = self.breakdown.checksums.udp && !carrier.fragment;
        self.bad_checksum |= required && has_checksum && carrier.is_wrong(bytes);
        if !carrier.fragment && [header.src_port(), header.dst_port()].contains(&TEREDO_PORT) {
            self.teredo(c);
        }
    }

    /// IPv6 in UDP (RFC 4380 section 5.1.1), behind an authentication header, an origin indication, or both.
    fn teredo(&mut self, mut c: Cursor<'_>) {
        if let Ok([0, 1, identifier, value]) = c.peek_array::<4>(0) {
            c.advance(13 + usize::from(*identifier) + usize::from(*value));
        }
        if c.peek_u16(0) == Ok(0) {
            c.advance(8);
        }
        if c.has(Ipv6::LEN) && c.peek_u8(0).is_ok_and(|first| first >> 4 == 6) {
            self.add(Line::Teredo);
            self.ipv6(c);
        }
    }

    /// An ICMP message has to be as long as its type says (RFC 792, RFC 950).
    fn icmp(&mut self, c: Cursor<'_>) {
        let needed = match c.peek_u8(0) {
            Ok(13 | 14) => 20,
            Ok(17 | 18) => 12,
            Ok(0 | 3..=5 | 8..=12 | 15 | 16) => 8,
            _ => 4,
        };
        if !c.has(needed) {
            return self.discard(Line::IcmpDisc);
        }
        self.bad_checksum |= self.breakdown.checksums.icmp && checksum::internet(c.bytes()) != 0;
    }

    /// An ICMPv6 error quotes a packet (RFC 4443 section 3), which counts too.
    fn icmpv6(&mut self, carrier: Carrier, c: Cursor<'_>) {
        let needed = match c.peek_u8(0) {
            Ok(1..=4 | 128 | 129 | 133) => 8,
            Ok(134) => 16,
            Ok(135 | 136) => 24,
            _ => 4,
        };
        if !c.has(needed) {
            return self.discard(Line::IcmpDisc);
        }
        if c.peek_u8(0).is_ok_and(|kind| (1..=4).contains(&kind)) {
            self.add(Line::IcmpIp);
        }
        self.bad_checksum |= self.breakdown.checksums.icmp && carrier.is_wrong(c.bytes());
    }

    /// GRE (RFC 2784, RFC 2890; RFC 1701 for routes; version 1 as in PPTP, RFC 2637).
    fn gre(&mut self, mut c: Cursor<'_>) {
        const CHECKSUM: u16 = 0x8000;
        const ROUTING: u16 = 0x4000;
        const KEY: u16 = 0x2000;
        const SEQUENCE: u16 = 0x1000;
        const ACKNOWLEDGEMENT: u16 = 0x0080;
        let (Ok(flags), Ok(kind)) = (c.u16(), c.u16()) else { return self.add(Line::AllDiscard) };
        let has = |bits: u16| usize::from(flags & bits != 0) * 4;
        match flags & 7 {
            0 => c.advance(has(CHECKSUM | ROUTING) + has(KEY) + has(SEQUENCE)),
            1 => c.advance(4 + has(SEQUENCE) + has(ACKNOWLEDGEMENT)),
            _ => return self.add(Line::AllDiscard),
        }
        if flags & 7 == 0 && flags & ROUTING != 0 && !self.skip_routes(&mut c) {
            return self.add(Line::AllDiscard);
        }
        self.in_gre = true;
        self.carried_by_gre(kind, c);
        self.in_gre = false;
    }

    fn carried_by_gre(&mut self, kind: u16, mut c: Cursor<'_>) {
        match kind {
            GRE_ETHERNET => {
                self.add(Line::GreEth);
                match Ethernet::read(&mut c) {
                    Ok(header) if self.enter() => self.carried_by_gre(header.ether_type(), c),
                    Ok(_) => {}
                    Err(_) => self.add(Line::AllDiscard),
                }
            }
            GRE_PPP => {
                self.add(Line::GrePptp);
                self.ppp(c);
            }
            _ => {
                match kind {
                    ether_type::IPV4 => self.add(Line::GreIp4),
                    ether_type::IPV6 => self.add(Line::GreIp6),
                    ether_type::ARP | ether_type::RARP => self.add(Line::GreArp),
                    ether_type::VLAN => self.add(Line::GreVlan),
                    IPX => self.add(Line::GreIpx),
                    LOOPBACK => self.add(Line::GreLoop),
                    _ => {}
                }
                self.ether_type(kind, c);
            }
        }
    }

    /// Source routes: address family, offset and length of each, the last one empty.
    fn skip_routes(&mut self, c: &mut Cursor<'_>) -> bool {
        while self.enter() {
            match c.array::<4>() {
                Ok([0, 0, _, 0]) => return true,
                Ok([.., length]) => c.advance(usize::from(*length)),
                Err(_) => return false,
            }
        }
        false
    }
}

impl Carrier {
    /// Whether the checksum over these bytes and the pseudo-header does not come out.
    fn is_wrong(&self, bytes: &[u8]) -> bool {
        self.pseudo.u32(bytes.len() as u32).bytes(bytes).checksum() != 0
    }
}

#[cfg(test)]
mod tests;
