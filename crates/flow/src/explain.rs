//! Odd packets argued through: every statement with the bytes it stands on and how sure it is.
//!
//! [`Explainer`] looks at packets one by one. It either argues the packets that were asked for, or finds the
//! odd ones by itself and puts those together about which the same is to be said. Which packets are odd
//! is [`anomaly`](crate::anomaly)'s to say for lengths, flags and checksums, and that of
//! [`fragments`](crate::fragments) for fragments; the argument adds what their bytes prove, and what no
//! finding has a word for.

mod argument;
mod claim;
mod context;
mod icmp;
mod network;
pub mod ports;
mod trailer;
mod transport;

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use wirescope_wire::{Packet, Timestamp};

use crate::anomaly::{Anomalies, Kind, Kinds};
use crate::bounded::Bounded;
use crate::checksums::word;
use crate::decode::{Decoded, Envelope, Transport, decode};
use crate::evidence::{Evidence, Seen};
use crate::fragments::{self, Defragmenter, Trick};

use argument::Argument;
use context::Context;
use trailer::History;

pub use claim::{AddressKind, Claim, Confidence, EchoPattern, Place, Statement};
pub use context::{Answer, AnswerKind};
pub use trailer::{DnsRemains, Remains, leaked};

/// Most cases kept apart; of further ones only the packets are counted.
pub const MAX_CASES: usize = 1_000;
/// Most answers kept with one case.
const MAX_ANSWERS: usize = 4;
/// Packets of one source that must share their identification before that is worth a word.
const MIN_CONSTANT: u64 = 4;

/// What a packet is, for a headline and a filter.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Source and destination address, where it is an IP packet.
    pub hosts: Option<(IpAddr, IpAddr)>,
    /// IP protocol.
    pub protocol: u8,
    /// Ports of TCP and UDP.
    pub ports: Option<(u16, u16)>,
    /// Time to live.
    pub ttl: u8,
    /// Identification of IPv4.
    pub ip_id: u16,
    /// Length of the IP packet as claimed.
    pub ip_length: usize,
    /// What the packet was wrapped in.
    pub envelope: Envelope,
    /// Ethernet type.
    pub ether_type: Option<u16>,
    /// Bytes of the frame on the wire, and how many were captured.
    pub on_wire: usize,
    /// Captured bytes of the frame.
    pub captured: usize,
}

/// One packet argued through, and those like it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The packet.
    pub seen: Seen,
    /// What it is.
    pub heading: Heading,
    /// What is said of it, in the order of its layers.
    pub statements: Vec<Statement>,
    /// This packet and others from the same source of which the same is to be said.
    pub alike: Evidence,
    /// Packets that answered it or those like it, the first few.
    pub answers: Vec<Answer>,
    /// How many answered in all.
    pub answer_count: u64,
    kinds: Kinds,
}

/// What came out.
#[derive(Debug)]
pub struct Explained {
    /// The cases, in the order of their first packets.
    pub cases: Vec<Case>,
    /// Packets looked at.
    pub packets: u64,
    /// Odd packets, those left out included.
    pub odd_packets: u64,
    /// Odd packets that belong to no case that was kept.
    pub left_out: u64,
}

/// The pass over packets.
#[derive(Debug)]
pub struct Explainer {
    finds: bool,
    packets: u64,
    left_out: u64,
    anomalies: Anomalies,
    defragmenter: Defragmenter,
    context: Context,
    history: History,
    cases: Vec<Case>,
    by_signature: Bounded<u64, usize>,
    hasher: RandomState,
    /// First fragments, which become cases if their datagrams never end.
    begun: Bounded<(IpAddr, IpAddr, u32), Box<Case>>,
    last_time: Timestamp,
}

impl Explainer {
    /// A pass that finds the odd packets by itself if `finds`, and else argues those that
    /// [`packet`](Explainer::packet) is told are wanted.
    pub fn new(finds: bool, fragments: fragments::Limits) -> Self {
        Explainer {
            finds,
            packets: 0,
            left_out: 0,
            anomalies: Anomalies::default(),
            defragmenter: Defragmenter::new(fragments::Policy::default(), fragments),
            context: Context::default(),
            history: History::default(),
            cases: Vec::new(),
            by_signature: Bounded::new(MAX_CASES),
            hasher: RandomState::default(),
            begun: Bounded::new(MAX_CASES),
            last_time: Timestamp::default(),
        }
    }

    /// Takes the next packet by its number; `is_wanted` if it was asked for.
    pub fn packet(&mut self, seen: Seen, packet: &Packet, is_wanted: bool) {
        self.packets += 1;
        let decoded = decode(packet);
        let kinds = self.anomalies.kinds(packet, &decoded);
        if let Some((case, answer)) = self.context.answer(seen, &decoded)
            && let Some(case) = self.cases.get_mut(case)
        {
            case.answer_count += 1;
            if case.answers.len() < MAX_ANSWERS {
                case.answers.push(answer);
            }
        }
        let echo = self.context.packet(seen, &decoded);
        if let Some(ip) = &decoded.ip {
            self.defragmenter.push(seen, ip);
        }
        self.last_time = self.last_time.max(packet.time);
        if self.finds || is_wanted {
            let placed = self.defragmenter.placed();
            let mut argue = |with_notes| {
                let mut argument = Argument::new(packet, &decoded, with_notes);
                argument.lengths();
                argument.trailer(&mut self.history);
                argument.network(placed);
                if with_notes || !kinds.is_empty() {
                    argument.checksums();
                }
                argument.transport();
                argument.icmp(echo);
                argument
            };
            // Most packets are honest: what only belongs to the picture is put together when one is not.
            let begins = decoded.ip.and_then(|ip| ip.fragment).is_some_and(|f| f.offset == 0 && f.more);
            if is_wanted || argue(false).is_odd() {
                let statements = argue(true).statements;
                self.store(seen, packet, &decoded, statements, kinds);
            } else if begins && let Some((ip, fragment)) = decoded.ip.and_then(|ip| Some((ip, ip.fragment?)))
            {
                let case = Case::new(seen, packet, &decoded, argue(true).statements, kinds);
                self.begun.insert((ip.src, ip.dst, fragment.id), Box::new(case));
            }
        }
        let claimed =
            decoded.outer.as_ref().or(decoded.ip.as_ref()).map_or(usize::MAX, |ip| ip.at + ip.total_len);
        self.history.remember(seen.number, packet.data, claimed);
    }

    fn store(&mut self, seen: Seen, packet: &Packet, decoded: &Decoded, said: Vec<Statement>, kinds: Kinds) {
        let signature = if self.finds { self.signature(decoded, &said) } else { seen.number };
        if let Some(at) = self.by_signature.get(&signature).copied() {
            if let Some(case) = self.cases.get_mut(at) {
                case.alike.add(seen);
            }
            self.context.ask(decoded, at);
            return;
        }
        if self.cases.len() >= MAX_CASES {
            self.left_out += 1;
            return;
        }
        let at = self.cases.len();
        self.by_signature.insert(signature, at);
        self.context.ask(decoded, at);
        self.cases.push(Case::new(seen, packet, decoded, said, kinds));
    }

    /// What makes packets alike: their source and what is odd about them, contents told where they differ.
    fn signature(&self, decoded: &Decoded, said: &[Statement]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        decoded.ip.map(|ip| (ip.src, ip.protocol)).hash(&mut hasher);
        for statement in said.iter().filter(|statement| statement.is_odd) {
            statement.claim.name().hash(&mut hasher);
            match &statement.claim {
                Claim::PaddingLeak { remains: Remains::Unknown | Remains::Repeated(_), .. } => {}
                Claim::PaddingLeak { remains, .. } => format!("{remains:?}").hash(&mut hasher),
                Claim::UnusualProtocol { number, .. } => number.hash(&mut hasher),
                Claim::TcpFlags { flags } => flags.hash(&mut hasher),
                Claim::AddressesRewritten { residue } => residue.hash(&mut hasher),
                _ => {}
            }
        }
        hasher.finish()
    }

    /// Adds what only the whole capture tells, and drops what it excuses.
    pub fn finish(mut self) -> Explained {
        self.defragmenter.finish(self.last_time);
        for report in self.defragmenter.take_dishonest() {
            if report.trick == Trick::UnfinishedFragments {
                self.unfinished(&report);
            }
        }
        let mut cases = std::mem::take(&mut self.cases);
        cases.iter_mut().for_each(|case| self.compare(case));
        if self.finds {
            cases.retain(|case| case.is_odd());
        }
        share_rewriting(&mut cases);
        for case in &mut cases {
            // What makes the packet odd comes first, and then what belongs to the picture.
            case.statements.sort_by_key(|statement| !statement.is_odd);
        }
        cases.sort_by_key(|case| case.seen.number);
        let odd_packets =
            cases.iter().filter(|case| case.is_odd()).map(|case| case.alike.count()).sum::<u64>();
        Explained {
            cases,
            packets: self.packets,
            odd_packets: odd_packets + self.left_out,
            left_out: self.left_out,
        }
    }

    /// A datagram that never ended: said of its fragments that were asked for, or of the first.
    fn unfinished(&mut self, report: &fragments::Report) {
        let fragments = report.evidence.count();
        let statement = Statement {
            claim: Claim::FragmentUnfinished { fragments },
            place: None,
            confidence: Confidence::Likely,
            is_odd: true,
        };
        let mut is_told = false;
        for case in &mut self.cases {
            if report.evidence.packets().any(|packet| packet == case.seen.number) {
                case.statements.push(statement.clone());
                is_told = true;
            }
        }
        if !self.finds || is_told {
            return;
        }
        let Some(mut case) = self.begun.remove(&(report.src, report.dst, report.id)) else { return };
        case.statements.push(statement);
        case.alike = report.evidence.clone();
        if self.cases.len() < MAX_CASES {
            self.cases.push(*case);
        } else {
            self.left_out += fragments;
        }
    }

    /// How the packet compares with others of its source.
    fn compare(&self, case: &mut Case) {
        let Some((src, _)) = case.heading.hosts else { return };
        let left = self.anomalies.excused(src, case.kinds);
        if left != case.kinds {
            let excuses = |kind| case.kinds.contains(kind) && !left.contains(kind);
            let header_excused = excuses(Kind::BadIpChecksum);
            for statement in
                case.statements.iter_mut().filter(|statement| statement.claim.is_about_checksum())
            {
                let is_header = statement.claim.is_about_header_checksum();
                statement.is_odd &= is_header && !header_excused;
            }
            case.note(Claim::SenderLeavesChecksums, None, Confidence::Likely);
        }
        let Some(source) = self.context.source(src) else { return };
        let place = |names: [&str; 3]| {
            let found = case.statements.iter().find(|statement| names.contains(&statement.claim.name()));
            found.and_then(|statement| statement.place.clone())
        };
        let others: Vec<(u8, u64)> =
            source.ttls.iter().copied().filter(|(ttl, _)| *ttl != case.heading.ttl).collect();
        let ttl_place = place(["ttl-origin", "ttl-low", "ttl-zero"]);
        if !others.is_empty() {
            let claim = Claim::TtlDiffers { ttl: case.heading.ttl, others };
            case.note(claim, ttl_place, Confidence::Possible);
        }
        if let Some(id) = source.first_id.filter(|id| *id != 0)
            && source.is_id_constant
            && source.packets >= MIN_CONSTANT
        {
            let claim = Claim::IpIdConstant { id, packets: source.packets };
            case.note(claim, None, Confidence::Likely);
        }
    }
}

/// Says of packets whose addresses were rewritten by the same difference that it was the same rewriting.
fn share_rewriting(cases: &mut [Case]) {
    let residue = |case: &Case| {
        case.statements.iter().find_map(|statement| match statement.claim {
            Claim::AddressesRewritten { residue } => Some(residue),
            _ => None,
        })
    };
    let mut by_residue: HashMap<u16, (u64, Vec<IpAddr>)> = HashMap::new();
    for (residue, case) in cases.iter().filter_map(|case| Some((residue(case)?, case))) {
        let (packets, hosts) = by_residue.entry(residue).or_default();
        *packets += case.alike.count();
        hosts.extend(case.heading.hosts.map(|(_, dst)| dst).filter(|dst| !hosts.contains(dst)));
    }
    for case in cases {
        if let Some((packets, hosts)) = residue(case).and_then(|residue| by_residue.get(&residue))
            && hosts.len() > 1
        {
            case.note(
                Claim::SameRewriting { packets: *packets, destinations: hosts.len() },
                None,
                Confidence::Likely,
            );
        }
    }
}

impl Case {
    fn new(seen: Seen, packet: &Packet, decoded: &Decoded, statements: Vec<Statement>, kinds: Kinds) -> Self {
        Case {
            seen,
            heading: Heading::of(packet, decoded),
            statements,
            alike: Evidence::of(seen),
            answers: Vec::new(),
            answer_count: 0,
            kinds,
        }
    }

    /// Whether anything said makes the packet odd.
    pub fn is_odd(&self) -> bool {
        self.statements.iter().any(|statement| statement.is_odd)
    }

    fn note(&mut self, claim: Claim, place: Option<Place>, confidence: Confidence) {
        self.statements.push(Statement { claim, place, confidence, is_odd: false });
    }
}

impl Heading {
    fn of(packet: &Packet, decoded: &Decoded) -> Self {
        let ip = decoded.ip.as_ref();
        let ports = match &decoded.transport {
            Transport::Tcp(segment) => Some((segment.src_port, segment.dst_port)),
            Transport::Udp(datagram) => Some((datagram.src_port, datagram.dst_port)),
            _ => None,
        };
        Heading {
            hosts: ip.map(|ip| (ip.src, ip.dst)),
            protocol: ip.map_or(0, |ip| ip.protocol),
            ports,
            ttl: ip.map_or(0, |ip| ip.ttl),
            ip_id: ip.and_then(|ip| word(ip.bytes, 4)).unwrap_or(0),
            ip_length: ip.map_or(0, |ip| ip.total_len),
            envelope: decoded.envelope,
            ether_type: decoded.ether_type,
            on_wire: packet.wire_len as usize,
            captured: packet.data.len(),
        }
    }
}

#[cfg(test)]
mod tests;
