//! Conversations of TCP, UDP and ICMP: who opened them, what went each way, and how they ended.

use std::net::IpAddr;

use wirescope_wire::Timestamp;
use wirescope_wire::ipv4::protocol;
use wirescope_wire::tcp::flag;

use crate::bounded::Bounded;
use crate::decode::{Datagram, Decoded, Envelope, Ip, Meaning, Message, Quoted, Segment, Transport};
use crate::evidence::{Evidence, Seen};
use crate::stream::{Direction, Stream};

mod community_id;
mod coverage;
mod history;
mod table;

pub use community_id::community_id;
pub use history::History;
pub use table::{Conversations, Update};

use coverage::Coverage;

/// Most packets of one sort (openings, SYN/ACKs, resets) that a conversation remembers one by one.
const REMEMBERED: usize = 32;
/// Most ICMP errors kept whose packets have not been seen, and for how long: captures from several queues
/// or taps hand out packets slightly out of order.
const EARLY_ERRORS: usize = 1_024;
const EARLY_SECONDS: f64 = 1.0;
/// A SYN with a new sequence number on a connection silent for this long opens another one.
const STALE_AFTER_SECONDS: f64 = 5.0;

/// A host and a port on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Endpoint {
    /// Address.
    pub host: IpAddr,
    /// Port; for ICMP the identifier on the side that asks and 0 on the other.
    pub port: u16,
}

impl Endpoint {
    /// Whether its address means more than one host: multicast and broadcast. The last address of an IPv4
    /// network is taken for its broadcast address, as networks of 256 have it.
    pub fn is_for_many(&self) -> bool {
        match self.host {
            IpAddr::V4(v4) => v4.is_multicast() || v4.is_broadcast() || v4.octets().last() == Some(&255),
            IpAddr::V6(v6) => v6.is_multicast(),
        }
    }
}

/// How the first packet of a conversation presented itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opening {
    /// A SYN: the sender is the client.
    Syn,
    /// A SYN/ACK: the receiver is the client, but its SYN was not seen.
    SynAck,
    /// A TCP segment with these flags that opens nothing.
    Flags(u8),
    /// A UDP datagram.
    Datagram,
    /// An ICMP request.
    Request,
    /// An ICMP reply without the request.
    Reply,
}

/// What became of a conversation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// Payload moved.
    Data,
    /// The handshake completed, and no payload moved.
    OpenNoData,
    /// Refused by RST or by ICMP unreachable.
    Refused,
    /// Nothing came back.
    NoAnswer,
    /// A SYN/ACK came, and the handshake was never completed.
    HalfOpen,
    /// One direction of an established conversation was seen.
    OneWay,
}

impl Verdict {
    /// The name in findings.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Data => "data",
            Verdict::OpenNoData => "open-no-data",
            Verdict::Refused => "refused",
            Verdict::NoAnswer => "no-answer",
            Verdict::HalfOpen => "half-open",
            Verdict::OneWay => "one-way",
        }
    }
}

/// Who refused a conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The server, by a RST.
    Rst,
    /// A host on the way or the server, by ICMP unreachable.
    Icmp {
        /// Who sent it.
        from: IpAddr,
        /// The code within the type.
        code: u8,
    },
}

/// One direction of a conversation.
#[derive(Clone, Default, Debug)]
pub struct Side {
    /// Packets.
    pub packets: u64,
    /// Bytes as the IP headers claim them.
    pub bytes: u64,
    /// Payload bytes, each byte of a stream once.
    pub payload: u64,
    /// Payload bytes sent again.
    pub repeated: u64,
    /// All TCP flags ever set.
    pub flags: u8,
    /// Whether a FIN without SYN was sent.
    pub finished: bool,
    /// Whether a segment with ACK and without SYN or RST was sent.
    pub acknowledged: bool,
    /// Whether a RST was sent.
    pub reset: bool,
    /// TTL of the first packet.
    pub ttl: u8,
    coverage: Coverage,
}

/// One conversation.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Position in the order in which conversations began, from 1.
    pub number: u64,
    /// IP protocol: TCP, UDP, ICMP or ICMPv6.
    pub protocol: u8,
    /// The side that opened it, where known; else the one seen first.
    pub client: Endpoint,
    /// The other side.
    pub server: Endpoint,
    /// How it began.
    pub opening: Opening,
    /// Sequence number of the first SYN, or of the first segment.
    first_seq: u32,
    /// Acknowledgement number of the first segment.
    first_ack: u32,
    /// From the client.
    pub from_client: Side,
    /// From the server.
    pub from_server: Side,
    /// What happened, letter by letter.
    pub history: History,
    /// The client's first packet and its repetitions (SYNs, probes, requests), the first 32 of them.
    pub openings: Vec<Seen>,
    /// All of those counted.
    pub opening_count: u64,
    /// The server's SYN/ACKs, the first 32 of them.
    pub synacks: Vec<Seen>,
    /// RSTs of the client, the first 32 of them.
    pub client_resets: Vec<Seen>,
    /// ICMP unreachable that quoted the client's packets, where it came before any answer.
    unreachable: Option<(IpAddr, u8)>,
    /// Whether a router said that the time to live of one of its packets had run out.
    pub time_exceeded: bool,
    /// All its packets.
    pub evidence: Evidence,
    /// What its packets were wrapped in.
    pub envelope: Envelope,
    /// Whether its content was looked at already.
    pub(crate) is_tapped: bool,
    /// Whether it called a portmapper on whatever port.
    pub(crate) is_rpc: bool,
}

impl Conversation {
    /// Time of the first packet.
    pub fn first_time(&self) -> Timestamp {
        self.evidence.first_time()
    }

    /// Time of the last packet.
    pub fn last_time(&self) -> Timestamp {
        self.evidence.last_time()
    }

    /// The side that sends in a direction.
    pub fn side(&self, direction: Direction) -> &Side {
        match direction {
            Direction::FromClient => &self.from_client,
            Direction::FromServer => &self.from_server,
        }
    }

    /// Whether the handshake was seen to complete: SYN, SYN/ACK, and an ACK of the client.
    pub fn is_established(&self) -> bool {
        self.from_server.flags & flag::SYN != 0 && self.from_client.acknowledged
    }

    /// Whether the server answered as open: a SYN/ACK, a datagram, a reply.
    pub fn is_answered(&self) -> bool {
        match self.protocol {
            protocol::TCP => !self.synacks.is_empty(),
            _ => self.from_server.packets > 0,
        }
    }

    /// Whether TCP has ended it: FIN both ways, or a RST.
    pub fn is_closed(&self) -> bool {
        (self.from_client.finished && self.from_server.finished)
            || self.from_client.reset
            || self.from_server.reset
    }

    /// Who refused it, where it was refused.
    pub fn refusal(&self) -> Option<Refusal> {
        let unanswered =
            self.synacks.is_empty() && self.from_server.payload == 0 && !self.from_server.acknowledged;
        if self.protocol == protocol::TCP
            && self.from_server.reset
            && unanswered
            && self.from_client.payload == 0
        {
            return Some(Refusal::Rst);
        }
        let silent = self.from_server.packets == 0;
        self.unreachable.filter(|_| silent).map(|(from, code)| Refusal::Icmp { from, code })
    }

    /// What became of it.
    pub fn verdict(&self) -> Verdict {
        if self.refusal().is_some() {
            return Verdict::Refused;
        }
        let (client, server) = (&self.from_client, &self.from_server);
        let payload = client.payload > 0 || server.payload > 0;
        if self.protocol != protocol::TCP {
            return match (server.packets > 0, payload) {
                (false, _) => Verdict::NoAnswer,
                (true, true) => Verdict::Data,
                (true, false) => Verdict::OpenNoData,
            };
        }
        if server.packets == 0 {
            // An ACK without SYN answers something that was not seen.
            return if client.acknowledged { Verdict::OneWay } else { Verdict::NoAnswer };
        }
        if client.packets == 0 && (server.acknowledged || payload) {
            return Verdict::OneWay;
        }
        if payload {
            return Verdict::Data;
        }
        if server.flags & flag::SYN != 0 && !client.acknowledged {
            return Verdict::HalfOpen;
        }
        Verdict::OpenNoData
    }

    /// Whether its first packet went from a port that systems keep for services to one that they do not.
    pub fn is_from_service(&self) -> bool {
        const FIRST_FREE_PORT: u16 = 1_024;
        self.client.port < FIRST_FREE_PORT && self.server.port >= FIRST_FREE_PORT
    }

    /// A reassembler that starts where the conversation did: also when it is asked for only later.
    pub fn stream(&self) -> Stream {
        Stream::starting_at(self.from_client.coverage.base(), self.from_server.coverage.base())
    }

    /// The server's SYN/ACK or data went to somebody who answers it with RST: it never asked for it.
    pub fn disowned(&self) -> Option<Seen> {
        self.client_resets.first().copied().filter(|_| !self.synacks.is_empty())
    }
}

/// Remembers a packet if there is room.
fn remember(list: &mut Vec<Seen>, seen: Seen) {
    if list.len() < REMEMBERED {
        list.push(seen);
    }
}

#[cfg(test)]
mod tests;
