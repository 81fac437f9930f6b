//! What other packets say of one: how its source sends otherwise, what it echoes, who answered it.

use std::hash::BuildHasher;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::tcp::flag;

use crate::bounded::Bounded;
use crate::checksums::word;
use crate::decode::{Decoded, Ip, Meaning, Transport};
use crate::evidence::Seen;

/// Most sources watched.
const MAX_SOURCES: usize = 65_536;
/// TTLs kept apart for one source.
const MAX_TTLS: usize = 4;
/// Most echo requests that wait for their reply.
const MAX_ECHOES: usize = 4_096;
/// Most odd packets whose answers are waited for.
const MAX_QUESTIONS: usize = 4_096;

/// How a source sends.
#[derive(Clone, Default, Debug)]
pub(super) struct Source {
    /// TTLs with the number of packets that had them, the first few.
    pub(super) ttls: Vec<(u8, u64)>,
    /// Identification of the first IPv4 packet, and whether all others had it too.
    pub(super) first_id: Option<u16>,
    pub(super) is_id_constant: bool,
    /// Packets of IPv4.
    pub(super) packets: u64,
}

/// How an echo reply lies to its request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Echo {
    /// No reply.
    None,
    /// The request was seen, and is answered as it should be.
    Fits,
    /// The payload is not the request's.
    Differs {
        /// Packet of the request.
        request: u64,
    },
    /// No request was seen.
    Unasked,
}

/// An answer to an odd packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The packet that answers.
    pub seen: Seen,
    /// What it says.
    pub kind: AnswerKind,
    /// Who sent it.
    pub from: IpAddr,
}

/// What answers say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AnswerKind {
    /// ICMP unreachable with this code.
    Unreachable(u8),
    /// ICMP time exceeded.
    TimeExceeded,
    /// Another ICMP error, of this type.
    IcmpError(u8),
    /// SYN and ACK.
    SynAck,
    /// A reset.
    Reset,
    /// Anything else the other way.
    Reply,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Tuple {
    src: IpAddr,
    dst: IpAddr,
    protocol: u8,
    src_port: u16,
    dst_port: u16,
}

impl Tuple {
    fn reversed(self) -> Tuple {
        Tuple { src: self.dst, dst: self.src, src_port: self.dst_port, dst_port: self.src_port, ..self }
    }

    fn of(decoded: &Decoded) -> Option<Tuple> {
        let ip = decoded.ip.as_ref()?;
        let (src_port, dst_port) = match &decoded.transport {
            Transport::Tcp(segment) => (segment.src_port, segment.dst_port),
            Transport::Udp(datagram) => (datagram.src_port, datagram.dst_port),
            Transport::Icmp(message) if matches!(message.meaning, Meaning::Request) => (message.id, 0),
            Transport::Icmp(message) if matches!(message.meaning, Meaning::Reply) => (0, message.id),
            Transport::Icmp(_) => return None,
            Transport::None => (0, 0),
        };
        Some(Tuple { src: ip.src, dst: ip.dst, protocol: ip.protocol, src_port, dst_port })
    }
}

/// What is remembered of other packets.
#[derive(Debug)]
pub(super) struct Context {
    sources: Bounded<IpAddr, Source>,
    echoes: Bounded<(IpAddr, IpAddr, u16, u16), (u64, u64)>,
    questions: Bounded<Tuple, usize>,
    hasher: RandomState,
}

impl Default for Context {
    fn default() -> Self {
        Context {
            sources: Bounded::new(MAX_SOURCES),
            echoes: Bounded::new(MAX_ECHOES),
            questions: Bounded::new(MAX_QUESTIONS),
            hasher: RandomState::default(),
        }
    }
}

impl Context {
    /// Notes how the packet's source sends, and tells how it lies to an echo request.
    pub(super) fn packet(&mut self, seen: Seen, decoded: &Decoded) -> Echo {
        let Some(ip) = &decoded.ip else { return Echo::None };
        if let Some(source) = self.sources.entry(&ip.src, Source::default) {
            source.note(ip);
        }
        self.echo(seen, decoded, ip)
    }

    /// How a source sends, as far as known.
    pub(super) fn source(&self, address: IpAddr) -> Option<&Source> {
        self.sources.get(&address)
    }

    /// Waits for answers to a packet, which belongs to the case at this position.
    pub(super) fn ask(&mut self, decoded: &Decoded, case: usize) {
        if let Some(tuple) = Tuple::of(decoded) {
            self.questions.insert(tuple, case);
        }
    }

    /// The case that a packet answers, and how.
    pub(super) fn answer(&self, seen: Seen, decoded: &Decoded) -> Option<(usize, Answer)> {
        if self.questions.is_empty() {
            return None;
        }
        let from = decoded.ip.as_ref()?.src;
        if let Transport::Icmp(message) = &decoded.transport
            && let Some(quoted) = message.quoted
        {
            let tuple = Tuple {
                src: quoted.src,
                dst: quoted.dst,
                protocol: quoted.protocol,
                src_port: quoted.src_port,
                dst_port: quoted.dst_port,
            };
            let kind = match message.meaning {
                Meaning::Unreachable => AnswerKind::Unreachable(message.code),
                Meaning::TimeExceeded => AnswerKind::TimeExceeded,
                _ => AnswerKind::IcmpError(message.kind),
            };
            return self.questions.get(&tuple).map(|case| (*case, Answer { seen, kind, from }));
        }
        let case = *self.questions.get(&Tuple::of(decoded)?.reversed())?;
        let kind = match &decoded.transport {
            Transport::Tcp(segment) if segment.has(flag::RST) => AnswerKind::Reset,
            Transport::Tcp(segment) if segment.has(flag::SYN | flag::ACK) => AnswerKind::SynAck,
            _ => AnswerKind::Reply,
        };
        Some((case, Answer { seen, kind, from }))
    }

    fn echo(&mut self, seen: Seen, decoded: &Decoded, ip: &Ip) -> Echo {
        let Transport::Icmp(message) = &decoded.transport else { return Echo::None };
        let is_echo = match ip.protocol {
            protocol::ICMP => matches!(message.kind, 0 | 8),
            _ => matches!(message.kind, 128 | 129),
        };
        if !is_echo || !ip.is_whole() {
            return Echo::None;
        }
        let content = self.hasher.hash_one(message.body);
        match message.meaning {
            Meaning::Request => {
                self.echoes.insert((ip.src, ip.dst, message.id, message.seq), (seen.number, content));
                Echo::None
            }
            _ => match self.echoes.get(&(ip.dst, ip.src, message.id, message.seq)) {
                None => Echo::Unasked,
                Some((_, asked)) if *asked == content => Echo::Fits,
                Some((request, _)) => Echo::Differs { request: *request },
            },
        }
    }
}

impl Source {
    fn note(&mut self, ip: &Ip) {
        let has_room = self.ttls.len() < MAX_TTLS;
        match self.ttls.iter_mut().find(|(ttl, _)| *ttl == ip.ttl) {
            Some((_, count)) => *count += 1,
            None if has_room => self.ttls.push((ip.ttl, 1)),
            None => {}
        }
        // Fragments of one datagram share theirs.
        if ip.version() == 4
            && ip.fragment.is_none()
            && let Some(id) = word(ip.bytes.get(..Ipv4::LEN).unwrap_or(&[]), 4)
        {
            self.packets += 1;
            match self.first_id {
                None => (self.first_id, self.is_id_constant) = (Some(id), true),
                Some(first) => self.is_id_constant &= first == id,
            }
        }
    }
}
