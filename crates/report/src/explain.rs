//! Odd packets argued through: statements as sentences with their alternatives, the conclusions drawn from
//! several of them, and the whole as JSON.

mod conclusions;
mod words;

use std::net::IpAddr;

use serde::Serialize;
use wirescope_flow::explain::{AnswerKind, Case, Claim, Statement};

use crate::filter_text::{Filter, transport};
use crate::findings::hex_text;
use crate::rfc3339;

pub use conclusions::conclusions;
pub(crate) use words::remains_text;
pub use words::{alternatives, sentence};

/// One packet argued through.
#[derive(Clone, Debug, Serialize)]
pub struct Packet {
    /// Its number in the capture.
    pub packet: u64,
    /// Its time.
    pub time: String,
    /// Source address.
    pub src: Option<IpAddr>,
    /// Destination address.
    pub dst: Option<IpAddr>,
    /// IP protocol.
    pub protocol: Option<u8>,
    /// Source port.
    pub sport: Option<u16>,
    /// Destination port.
    pub dport: Option<u16>,
    /// Bytes on the wire.
    pub length: usize,
    /// Bytes captured.
    pub captured: usize,
    /// Whether any statement makes the packet odd.
    pub odd: bool,
    /// What is said of it.
    pub statements: Vec<Said>,
    /// What follows from the statements together.
    pub conclusions: Vec<String>,
    /// Packets that answered.
    pub answers: Vec<Answered>,
    /// How many answered in all.
    pub answer_count: u64,
    /// This packet and others of which the same is to be said.
    pub alike: Vec<u64>,
    /// How many those are in all.
    pub alike_count: u64,
    /// An expression that shows the packet with tcpdump.
    pub filter: String,
}

/// One statement.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    /// Its name, which does not change.
    pub claim: &'static str,
    /// How sure it is: `certain`, `likely` or `possible`.
    pub confidence: &'static str,
    /// Whether it makes the packet odd.
    pub odd: bool,
    /// The sentence.
    pub text: String,
    /// What else it could be.
    pub alternatives: Vec<String>,
    /// Where its bytes are in the frame.
    pub offset: Option<usize>,
    /// How many they are.
    pub length: Option<usize>,
    /// The bytes, the first 64 of them.
    pub hex: Option<String>,
}

/// A packet that answered.
#[derive(Clone, Debug, Serialize)]
pub struct Answered {
    /// Its number.
    pub packet: u64,
    /// Who sent it.
    pub from: IpAddr,
    /// What it says.
    pub text: String,
}

impl From<&Statement> for Said {
    fn from(statement: &Statement) -> Self {
        let place = statement.place.as_ref();
        Said {
            claim: statement.claim.name(),
            confidence: statement.confidence.name(),
            odd: statement.is_odd,
            text: sentence(&statement.claim),
            alternatives: alternatives(&statement.claim).iter().map(|other| (*other).to_owned()).collect(),
            offset: place.map(|place| place.at),
            length: place.map(|place| place.len),
            hex: place.map(|place| hex_text(&place.bytes)),
        }
    }
}

impl From<&Case> for Packet {
    fn from(case: &Case) -> Self {
        let heading = &case.heading;
        Packet {
            packet: case.seen.number,
            time: rfc3339(case.seen.time),
            src: heading.hosts.map(|hosts| hosts.0),
            dst: heading.hosts.map(|hosts| hosts.1),
            protocol: heading.hosts.map(|_| heading.protocol),
            sport: heading.ports.map(|ports| ports.0),
            dport: heading.ports.map(|ports| ports.1),
            length: heading.on_wire,
            captured: heading.captured,
            odd: case.is_odd(),
            statements: statements(case),
            conclusions: conclusions(case),
            answers: answers(case),
            answer_count: case.answer_count,
            alike: case.alike.packets().collect(),
            alike_count: case.alike.count(),
            filter: filter(case),
        }
    }
}

/// What is said, without alternatives that something else said rules out.
fn statements(case: &Case) -> Vec<Said> {
    let rewritten = case.statements.iter().any(|said| matches!(said.claim, Claim::AddressesRewritten { .. }));
    let mut all: Vec<Said> = case.statements.iter().map(Said::from).collect();
    if rewritten {
        all.iter_mut()
            .filter(|said| said.claim == "checksum-wrong")
            .for_each(|said| said.alternatives.clear());
    }
    all
}

/// The answers as text.
fn answers(case: &Case) -> Vec<Answered> {
    let answered = |answer: &wirescope_flow::explain::Answer| Answered {
        packet: answer.seen.number,
        from: answer.from,
        text: answer_text(answer.kind, answer.from),
    };
    case.answers.iter().map(answered).collect()
}

fn answer_text(kind: AnswerKind, from: IpAddr) -> String {
    let what = match kind {
        AnswerKind::Unreachable(3) if from.is_ipv4() => "answers: port unreachable, nothing listens there",
        AnswerKind::Unreachable(4) if from.is_ipv6() => "answers: port unreachable, nothing listens there",
        AnswerKind::Unreachable(9 | 10 | 13) if from.is_ipv4() => {
            "answers: administratively prohibited, a filter is there"
        }
        AnswerKind::Unreachable(1) if from.is_ipv6() => {
            "answers: administratively prohibited, a filter is there"
        }
        AnswerKind::Unreachable(_) => "answers: destination unreachable",
        AnswerKind::TimeExceeded => "answers: the time to live ran out on the way",
        AnswerKind::IcmpError(_) => "answers with an ICMP error",
        AnswerKind::SynAck => "answers with SYN and ACK: the port is open",
        AnswerKind::Reset => "answers with a reset: the port is closed, or the segment made no sense to it",
        AnswerKind::Reply => "sends a packet the other way",
    };
    format!("{from} {what}")
}

/// An expression that selects the packet, and as little else as it can.
fn filter(case: &Case) -> String {
    let heading = &case.heading;
    let Some((src, dst)) = heading.hosts else {
        let frame = Filter::new();
        let frame = match heading.ether_type {
            Some(kind) => frame.and(format!("ether proto 0x{kind:04x}")),
            None => frame,
        };
        return frame.and(format!("len = {}", heading.on_wire)).inside(heading.envelope);
    };
    let filter = Filter::packet(src, dst, heading.protocol, heading.ip_id, heading.ip_length as u64);
    let ports = heading.ports.filter(|_| !crate::filter_text::hides_ports(heading.envelope));
    let filter = match ports {
        Some((sport, dport)) => filter
            .and(format!("{} src port {sport}", transport(heading.protocol)))
            .and(format!("dst port {dport}")),
        None => filter,
    };
    filter.inside(heading.envelope)
}
