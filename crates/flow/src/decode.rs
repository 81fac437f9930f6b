//! One packet taken apart down to its transport header: offsets and lengths checked, claims and
//! captured bytes kept apart, contradictions noted and never trusted.
//!
//! The walk follows Ethernet (802.1Q, 802.1ad, MPLS, PPPoE), raw IP, BSD loopback, Linux cooked and PPP
//! links to IPv4 or IPv6, through extension headers, and into tunnels (IP in IP, GRE). Nothing is
//! allocated; what is returned borrows from the packet.

mod link;
mod network;
mod transport;

use std::net::IpAddr;

use wirescope_wire::ipv6::Ipv6;
use wirescope_wire::{LinkType, Packet};

pub use transport::transport;

/// Most headers below the transport that one packet may stack up: tags, labels, tunnels, extensions.
pub const MAX_LAYERS: u32 = 24;

/// What one packet holds.
#[derive(Clone, Copy, Debug)]
pub struct Decoded<'a> {
    /// The Ethernet type of what the link carries, after tags; `None` where the link gives none.
    pub ether_type: Option<u16>,
    /// Source hardware address, where the link has one of six bytes.
    pub hardware_src: Option<[u8; 6]>,
    /// VLAN identifier of the outermost tag.
    pub vlan: Option<u16>,
    /// The IP header; inside tunnels the innermost one.
    pub ip: Option<Ip<'a>>,
    /// The outermost IP header, where `ip` was carried in a tunnel.
    pub outer: Option<Ip<'a>>,
    /// The transport header; [`Transport::None`] for fragments, other protocols and headers cut short.
    pub transport: Transport<'a>,
    /// What contradicts itself.
    pub problems: Problems,
    /// What the IP packet is wrapped in.
    pub envelope: Envelope,
}

/// What IP packets are wrapped in, as a set. A filter has to know: it finds no ports behind a tag.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Envelope(u16);

impl Envelope {
    /// Nothing but the link header.
    pub const PLAIN: Envelope = Envelope(1);
    /// One VLAN tag.
    pub const VLAN: Envelope = Envelope(1 << 1);
    /// Two VLAN tags.
    pub const TWO_VLANS: Envelope = Envelope(1 << 2);
    /// MPLS labels.
    pub const MPLS: Envelope = Envelope(1 << 3);
    /// PPPoE.
    pub const PPPOE: Envelope = Envelope(1 << 4);
    /// Another IP packet, or more tags and labels than the above.
    pub const OTHER: Envelope = Envelope(1 << 5);
    /// Besides: IPv6 extension headers stand before the transport.
    pub const EXTENSIONS: Envelope = Envelope(1 << 6);
    /// Besides: it came in fragments.
    pub const FRAGMENTS: Envelope = Envelope(1 << 7);

    /// Whether any of `other` is in the set.
    pub fn has(self, other: Envelope) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets together.
    #[must_use]
    pub fn and(self, other: Envelope) -> Envelope {
        Envelope(self.0 | other.0)
    }

    /// What a decoded packet was wrapped in.
    fn of(decoded: &Decoded, layers: &Layers) -> Envelope {
        let wrapped = match (layers.vlans, layers.mpls, layers.pppoe) {
            _ if decoded.outer.is_some() => Envelope::OTHER,
            (0, false, false) => Envelope::PLAIN,
            (1, false, false) => Envelope::VLAN,
            (2, false, false) => Envelope::TWO_VLANS,
            (0, true, false) => Envelope::MPLS,
            (0, false, true) => Envelope::PPPOE,
            _ => Envelope::OTHER,
        };
        let extended = decoded.ip.is_some_and(|ip| ip.header_len > Ipv6::LEN && ip.version() == 6);
        if extended { wrapped.and(Envelope::EXTENSIONS) } else { wrapped }
    }
}

/// An IP header with its extension headers, and what it carries.
#[derive(Clone, Copy, Debug)]
pub struct Ip<'a> {
    /// Source address.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// Protocol above all extension headers.
    pub protocol: u8,
    /// Time to live, or hop limit.
    pub ttl: u8,
    /// Where the header starts in the packet.
    pub at: usize,
    /// Bytes of the header with options and extension headers.
    pub header_len: usize,
    /// Bytes of the whole packet from here on as the header claims them.
    pub total_len: usize,
    /// Bytes from the header to the end of the frame as it was on the wire.
    pub wire_len: usize,
    /// The captured bytes from the header to the end of the frame, padding included.
    pub bytes: &'a [u8],
    /// What the header carries: claimed and captured.
    pub payload: &'a [u8],
    /// Bytes carried as claimed.
    pub payload_len: usize,
    /// Position in a fragmented datagram.
    pub fragment: Option<Fragment>,
    /// Whether an extension header says that the addresses of the header are not the ones that the
    /// transport's checksum covers: a route not yet run through, or a mobile host's home.
    pub is_rerouted: bool,
}

impl<'a> Ip<'a> {
    /// IP version.
    pub fn version(&self) -> u8 {
        if self.src.is_ipv4() { 4 } else { 6 }
    }

    /// The captured bytes after the claimed end: padding, or what should not be there.
    pub fn trailer(&self) -> &'a [u8] {
        self.bytes.get(self.total_len..).unwrap_or(&[])
    }

    /// Whether every claimed byte was captured.
    pub fn is_whole(&self) -> bool {
        self.payload.len() == self.payload_len
    }
}

/// Where a fragment lies in its datagram.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fragment {
    /// Identification, 16 bits for IPv4.
    pub id: u32,
    /// Bytes before this fragment's payload.
    pub offset: usize,
    /// Whether another fragment is to follow.
    pub more: bool,
}

/// A transport header and its payload.
#[derive(Clone, Copy, Debug)]
pub enum Transport<'a> {
    /// Nothing known: no IP, a fragment, another protocol, or a header cut short.
    None,
    /// A TCP segment.
    Tcp(Segment<'a>),
    /// A UDP datagram.
    Udp(Datagram<'a>),
    /// An ICMP or ICMPv6 message.
    Icmp(Message<'a>),
}

/// A TCP segment.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// Source port.
    pub src_port: u16,
    /// Destination port.
    pub dst_port: u16,
    /// Sequence number.
    pub seq: u32,
    /// Acknowledgement number.
    pub ack: u32,
    /// Flags, see [`wirescope_wire::tcp::flag`].
    pub flags: u8,
    /// Window as it stands in the header.
    pub window: u16,
    /// Urgent pointer.
    pub urgent: u16,
    /// Options as captured.
    pub options: &'a [u8],
    /// Payload, claimed and captured.
    pub payload: &'a [u8],
    /// Payload bytes as the IP lengths claim them.
    pub payload_len: usize,
}

impl Segment<'_> {
    /// Whether all of these flags are set.
    #[inline]
    pub fn has(&self, flags: u8) -> bool {
        self.flags & flags == flags
    }
}

/// A UDP datagram.
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'a> {
    /// Source port.
    pub src_port: u16,
    /// Destination port.
    pub dst_port: u16,
    /// Length of header and payload as UDP claims it.
    pub length: u16,
    /// Checksum as found.
    pub checksum: u16,
    /// Payload, captured and claimed by both IP and UDP.
    pub payload: &'a [u8],
    /// Payload bytes as the IP lengths claim them.
    pub payload_len: usize,
}

/// An ICMP or ICMPv6 message.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// What the message says, the same for both versions where both have it.
    pub meaning: Meaning,
    /// Message type.
    pub kind: u8,
    /// Code within the type.
    pub code: u8,
    /// Identifier of query messages.
    pub id: u16,
    /// Sequence number of query messages.
    pub seq: u16,
    /// The bytes after the eight of the header, captured and claimed.
    pub body: &'a [u8],
    /// Bytes after the header as claimed.
    pub body_len: usize,
    /// The packet that an error message quotes.
    pub quoted: Option<Quoted>,
}

/// The classes of ICMP messages that conversations care for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// A query: echo, timestamp, mask or information request.
    Request,
    /// The answer to one.
    Reply,
    /// Destination unreachable.
    Unreachable,
    /// Time to live ran out.
    TimeExceeded,
    /// Any other error, which quotes a packet too.
    Error,
    /// Anything else.
    Other,
}

/// The heading of a packet quoted in an ICMP error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quoted {
    /// Source address of the quoted packet.
    pub src: IpAddr,
    /// Its destination address.
    pub dst: IpAddr,
    /// Its protocol.
    pub protocol: u8,
    /// Its source port; the identifier for a query of ICMP.
    pub src_port: u16,
    /// Its destination port; 0 for ICMP.
    pub dst_port: u16,
}

/// A set of contradictions found while decoding.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Problems(u16);

impl Problems {
    /// The version field is neither 4 nor 6, or not what the link announced.
    pub const IP_VERSION: Problems = Problems(1);
    /// The IP header claims under 20 bytes, or more than the packet.
    pub const IP_HEADER_LENGTH: Problems = Problems(1 << 1);
    /// The total length is less than the header length.
    pub const IP_LENGTH_BELOW_HEADER: Problems = Problems(1 << 2);
    /// The total length is more than the frame held on the wire.
    pub const IP_LENGTH_EXCEEDS_FRAME: Problems = Problems(1 << 3);
    /// The reserved bit beside the fragment flags is set.
    pub const IP_RESERVED_FLAG: Problems = Problems(1 << 4);
    /// Not a fragment, and UDP claims another length than IP leaves it.
    pub const UDP_LENGTH_DISAGREES: Problems = Problems(1 << 5);
    /// The UDP length is under the eight bytes of the header.
    pub const UDP_LENGTH_BELOW_HEADER: Problems = Problems(1 << 6);
    /// The TCP data offset is under 20 bytes or past the segment.
    pub const TCP_HEADER_LENGTH: Problems = Problems(1 << 7);
    /// More headers stacked up than are followed.
    pub const TOO_DEEP: Problems = Problems(1 << 8);

    /// Whether nothing was found.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of `other` hold.
    #[inline]
    pub fn contains(self, other: Problems) -> bool {
        self.0 & other.0 == other.0
    }

    /// Notes `other` if `holds`.
    #[inline]
    fn note(&mut self, other: Problems, holds: bool) {
        if holds {
            self.0 |= other.0;
        }
    }
}

/// Takes a packet apart. Every packet yields something; what could not be read is absent.
#[inline]
pub fn decode<'a>(packet: &Packet<'a>) -> Decoded<'a> {
    let mut decoded = Decoded {
        ether_type: None,
        hardware_src: None,
        vlan: None,
        ip: None,
        outer: None,
        transport: Transport::None,
        problems: Problems::default(),
        envelope: Envelope::default(),
    };
    let mut layers = Layers { left: MAX_LAYERS, vlans: 0, mpls: false, pppoe: false };
    // A header cut short ends the walk; what was learnt before it stands.
    let _ = link::link(packet.link, packet.cursor(), &mut decoded, &mut layers);
    decoded.envelope = Envelope::of(&decoded, &layers);
    decoded
}

/// Takes a reassembled datagram apart: `ip` is the header of one of its fragments, `payload` the content
/// as far as it was captured, `payload_len` its whole length.
pub fn decode_reassembled<'a>(ip: &Ip<'a>, payload: &'a [u8], payload_len: usize) -> Decoded<'a> {
    let whole = Ip { payload, payload_len, fragment: None, ..*ip };
    let mut problems = Problems::default();
    let transport = transport(&whole, &mut problems);
    Decoded {
        ether_type: None,
        hardware_src: None,
        vlan: None,
        ip: Some(whole),
        outer: None,
        transport,
        problems,
        envelope: Envelope::FRAGMENTS,
    }
}

/// How many more headers may be stacked up, and which ones were.
struct Layers {
    left: u32,
    vlans: u32,
    mpls: bool,
    pppoe: bool,
}

impl Layers {
    /// Whether one more header may be entered.
    fn enter(&mut self, problems: &mut Problems) -> bool {
        let allowed = self.left > 0;
        self.left = self.left.saturating_sub(1);
        problems.note(Problems::TOO_DEEP, !allowed);
        allowed
    }
}

/// Whether the flow analyses can look into packets of this link type.
pub fn is_supported(link: LinkType) -> bool {
    link::is_supported(link)
}

#[cfg(test)]
mod tests;
