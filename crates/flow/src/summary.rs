//! What captures consist of: totals, sizes, protocols down to the application, fragments, checksums, who
//! sent most, what was used most, and when. One pass, bounded memory.

mod application;
mod time_line;
mod tree;

use std::net::IpAddr;

use wirescope_wire::ipv4::protocol;
use wirescope_wire::tcp::flag;
use wirescope_wire::{LinkType, Packet, Timestamp};

use crate::bounded::Bounded;
use crate::checksums::{self, Check, Header, Outcome};
use crate::decode::{Decoded, Envelope, Ip, Transport, decode};
use crate::evidence::Seen;
use crate::fragments::{self, Defragmenter};

use application::Applications;

pub use application::Application;
pub use time_line::TimeLine;
pub use tree::{Layer, Node, Tree};

/// Most hosts counted apart.
const MAX_TALKERS: usize = 65_536;
/// Most services counted apart.
const MAX_SERVICES: usize = 65_536;

/// Upper ends of the size classes, frame check sequence not counted: under Ethernet's minimum, then by
/// doubling to its maximum, then jumbo frames, then what segmentation offload makes.
pub const SIZE_ENDS: [u32; 8] = [59, 127, 255, 511, 1_023, 1_514, 9_014, u32::MAX];

/// Packets and bytes.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Amount {
    /// Packets.
    pub packets: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
}

impl Amount {
    fn add(&mut self, bytes: u64) {
        self.packets += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

/// What a host sent and was sent.
#[derive(Clone, Copy, Default, Debug)]
pub struct Talker {
    /// Sent by it.
    pub sent: Amount,
    /// Sent to it.
    pub received: Amount,
}

impl Talker {
    /// Bytes both ways.
    pub fn bytes(&self) -> u64 {
        self.sent.bytes.saturating_add(self.received.bytes)
    }
}

/// How much a service was used.
#[derive(Clone, Copy, Default, Debug)]
pub struct Use {
    /// Traffic, both ways.
    pub amount: Amount,
    /// Of TCP: SYNs to it, and SYN/ACKs from it.
    pub asked: u64,
    /// SYN/ACKs from it.
    pub accepted: u64,
}

/// How the checksums of one header came out.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Sums {
    /// Verified.
    pub right: u64,
    /// Wrong, and nothing that a stack leaves to its card.
    pub wrong: u64,
    /// Left to the network card of the capturing host.
    pub left_to_card: u64,
    /// The first packet that is wrong.
    pub first_wrong: Option<u64>,
}

/// The pass over packets.
#[derive(Debug)]
pub struct Summary {
    /// All packets.
    pub total: Amount,
    /// Bytes captured.
    pub captured: u64,
    /// Packets of which not all was captured.
    pub cut_short: u64,
    /// Smallest and largest size on the wire.
    pub smallest: u32,
    /// Largest size on the wire.
    pub largest: u32,
    /// Time of the first packet in the order of time, and of the last.
    pub times: Option<(Timestamp, Timestamp)>,
    /// Packets older than the one before them in the file.
    pub out_of_order: u64,
    /// Packets by size, in the classes of [`SIZE_ENDS`].
    pub sizes: [Amount; SIZE_ENDS.len()],
    /// Protocols.
    pub tree: Tree,
    /// When.
    pub time_line: TimeLine,
    /// Checksums of the IPv4 header, TCP, UDP and ICMP, in this order.
    pub checksums: [Sums; 4],
    /// UDP datagrams without checksum.
    pub without_checksum: u64,
    talkers: Bounded<IpAddr, Talker>,
    services: Bounded<(u8, u16), Use>,
    applications: Applications,
    defragmenter: Defragmenter,
    last_time: Timestamp,
}

impl Default for Summary {
    fn default() -> Self {
        Summary::new(fragments::Limits::default())
    }
}

impl Summary {
    /// A pass that holds no more of incomplete datagrams than `fragments` allow.
    pub fn new(fragments: fragments::Limits) -> Self {
        Summary {
            total: Amount::default(),
            captured: 0,
            cut_short: 0,
            smallest: u32::MAX,
            largest: 0,
            times: None,
            out_of_order: 0,
            sizes: [Amount::default(); SIZE_ENDS.len()],
            tree: Tree::default(),
            time_line: TimeLine::default(),
            checksums: [Sums::default(); 4],
            without_checksum: 0,
            talkers: Bounded::new(MAX_TALKERS),
            services: Bounded::new(MAX_SERVICES),
            applications: Applications::default(),
            defragmenter: Defragmenter::new(fragments::Policy::default(), fragments),
            last_time: Timestamp::default(),
        }
    }

    /// Takes the next packet by its number.
    pub fn packet(&mut self, number: u64, packet: &Packet) {
        let bytes = u64::from(packet.wire_len);
        self.totals(packet, bytes);
        let decoded = decode(packet);
        let application = self.applications.of(&decoded);
        let path = path(packet.link, &decoded, application);
        self.tree.add(path.as_slice(), bytes);
        let Some(ip) = &decoded.ip else { return };
        self.check(number, &decoded, ip);
        if ip.fragment.is_some() {
            self.defragmenter.push(Seen { number, time: packet.time }, ip);
        }
        if let Some(talker) = self.talkers.entry(&ip.src, Talker::default) {
            talker.sent.add(bytes);
        }
        if let Some(talker) = self.talkers.entry(&ip.dst, Talker::default) {
            talker.received.add(bytes);
        }
        self.service(&decoded, bytes);
    }

    /// What became of fragments.
    pub fn fragments(&self) -> fragments::Counts {
        self.defragmenter.counts()
    }

    /// The hosts with most bytes, and how many hosts there are and were left out.
    pub fn talkers(&self, most: usize) -> Ranking<(IpAddr, Talker)> {
        rank(&self.talkers, most, Talker::bytes)
    }

    /// The services with most bytes: protocol and port.
    pub fn services(&self, most: usize) -> Ranking<((u8, u16), Use)> {
        rank(&self.services, most, |used| used.amount.bytes)
    }

    fn totals(&mut self, packet: &Packet, bytes: u64) {
        self.total.add(bytes);
        self.captured = self.captured.saturating_add(packet.data.len() as u64);
        self.cut_short += u64::from(packet.data.len() < packet.wire_len as usize);
        self.smallest = self.smallest.min(packet.wire_len);
        self.largest = self.largest.max(packet.wire_len);
        let class = SIZE_ENDS.partition_point(|end| *end < packet.wire_len);
        if let Some(class) = self.sizes.get_mut(class) {
            class.add(bytes);
        }
        let (first, last) = self.times.unwrap_or((packet.time, packet.time));
        self.out_of_order += u64::from(self.times.is_some() && packet.time < self.last_time);
        self.last_time = packet.time;
        self.times = Some((first.min(packet.time), last.max(packet.time)));
        self.time_line.add(packet.time, bytes);
    }

    fn check(&mut self, number: u64, decoded: &Decoded, ip: &Ip) {
        let header = checksums::header(decoded, ip);
        let transport = checksums::transport(decoded, ip);
        if let Transport::Udp(datagram) = &decoded.transport {
            self.without_checksum += u64::from(datagram.checksum == 0);
        }
        for check in header.iter().chain(&transport) {
            let at = match check.header {
                Header::Ip => 0,
                Header::Tcp => 1,
                Header::Udp => 2,
                Header::Icmp => 3,
            };
            if let Some(sums) = self.checksums.get_mut(at) {
                sums.note(number, check);
            }
        }
    }

    fn service(&mut self, decoded: &Decoded, bytes: u64) {
        let (protocol, ports, flags) = match &decoded.transport {
            Transport::Tcp(segment) => (protocol::TCP, (segment.src_port, segment.dst_port), segment.flags),
            Transport::Udp(datagram) => (protocol::UDP, (datagram.src_port, datagram.dst_port), 0),
            Transport::Icmp(_) | Transport::None => return,
        };
        let opening = flags & (flag::SYN | flag::ACK | flag::RST | flag::FIN);
        let port = match opening {
            flag::SYN => ports.1,
            _ if opening == flag::SYN | flag::ACK => ports.0,
            _ => application::server_port(protocol, ports),
        };
        if let Some(used) = self.services.entry(&(protocol, port), Use::default) {
            used.amount.add(bytes);
            used.asked += u64::from(opening == flag::SYN);
            used.accepted += u64::from(opening == flag::SYN | flag::ACK);
        }
    }
}

impl Sums {
    fn note(&mut self, number: u64, check: &Check) {
        match check.outcome {
            Outcome::Right => self.right += 1,
            Outcome::LeftToCard(_) => self.left_to_card += 1,
            Outcome::Wrong => {
                self.wrong += 1;
                self.first_wrong.get_or_insert(number);
            }
        }
    }
}

/// The first of a table by size.
#[derive(Clone, Debug)]
pub struct Ranking<T> {
    /// The first, largest first.
    pub first: Vec<T>,
    /// How many are held.
    pub held: u64,
    /// How many had to make room.
    pub evicted: u64,
}

fn rank<K, V>(table: &Bounded<K, V>, most: usize, size: impl Fn(&V) -> u64) -> Ranking<(K, V)>
where
    K: Copy + Ord + std::hash::Hash,
    V: Copy,
{
    let mut all: Vec<(K, V)> = table.iter().map(|(key, value)| (*key, *value)).collect();
    all.sort_unstable_by(|(a, one), (b, other)| size(other).cmp(&size(one)).then(a.cmp(b)));
    all.truncate(most);
    Ranking { first: all, held: table.len() as u64, evicted: table.evicted() }
}

/// Most layers that one packet has in the tree.
const MAX_PATH: usize = 10;

/// The layers of a packet, outermost first.
struct Path {
    layers: [Layer; MAX_PATH],
    len: usize,
}

impl Path {
    fn push(&mut self, layer: Layer) {
        if let Some(place) = self.layers.get_mut(self.len) {
            *place = layer;
            self.len += 1;
        }
    }

    fn as_slice(&self) -> &[Layer] {
        self.layers.get(..self.len).unwrap_or(&self.layers)
    }
}

fn path(link: LinkType, decoded: &Decoded, application: Option<Application>) -> Path {
    let mut path = Path { layers: [Layer::Link(link); MAX_PATH], len: 1 };
    let tagged = [
        (Envelope::VLAN, Layer::Vlan),
        (Envelope::TWO_VLANS, Layer::Vlan),
        (Envelope::MPLS, Layer::Mpls),
        (Envelope::PPPOE, Layer::PppOe),
    ];
    for (envelope, layer) in tagged {
        if decoded.envelope.has(envelope) {
            path.push(layer);
        }
    }
    if decoded.vlan.is_some() && path.len == 1 {
        path.push(Layer::Vlan);
    }
    let family = |ip: &Ip| if ip.version() == 4 { Layer::Ipv4 } else { Layer::Ipv6 };
    if let Some(outer) = &decoded.outer {
        path.push(family(outer));
        path.push(Layer::Protocol(outer.protocol));
    }
    let Some(ip) = &decoded.ip else {
        path.push(decoded.ether_type.map_or(Layer::Other, Layer::EtherType));
        return path;
    };
    path.push(family(ip));
    path.push(Layer::Protocol(ip.protocol));
    if ip.fragment.is_some() {
        path.push(Layer::Fragments);
    } else if let Some(application) = application {
        path.push(Layer::Application(application));
    }
    path
}

#[cfg(test)]
mod tests;
