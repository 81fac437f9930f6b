//! Reassembly of fragmented IP datagrams (RFC 791 section 3.2, RFC 8200 section 4.5), as different
//! systems do it, and the tricks played with fragments (RFC 1858, RFC 3128).

use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use wirescope_wire::Timestamp;
use wirescope_wire::ipv4::protocol;
use wirescope_wire::tcp::Tcp;

use crate::bounded::Bounded;
use crate::decode::{Fragment, Ip};
use crate::evidence::{Evidence, Seen};
use crate::pieces::{Met, Pieces, Span};

/// Largest IP datagram, header included (RFC 791 section 3.1).
pub const LARGEST_DATAGRAM: usize = 65_535;
/// Where the flags lie in a TCP header; a first fragment that ends before hides them.
pub const TCP_FLAGS_AT: usize = 13;
/// Most fragments of one datagram that are looked at; 65,535 bytes make 8,192 of eight bytes.
const MAX_FRAGMENTS: u32 = 16_384;
/// Most reports kept until somebody takes them.
const MAX_REPORTS: usize = 16_384;
/// Most pairs of hosts whose completed datagrams are counted.
const MAX_PAIRS: usize = 16_384;
/// Who completed this many datagrams for each unfinished one lost some on the way.
const COMPLETED_FOR_EACH_LOST: u64 = 4;
/// A datagram still incomplete at the end of a capture counts as abandoned once it is this old.
const ABANDONED_AFTER_SECONDS: f64 = 1.0;

/// Whose bytes stay where fragments overlap (Shankar and Paxson, "Active Mapping", 2003; Novak,
/// "Target-Based Fragmentation Reassembly", 2005).
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Policy {
    /// The bytes that came first.
    #[default]
    First,
    /// The bytes that came last.
    Last,
    /// The old ones where they start before or with the new.
    Bsd,
    /// The new ones where the old start before or with them.
    BsdRight,
    /// The old ones where they start before the new.
    Linux,
    /// The old ones, unless the new start before and end after.
    Windows,
    /// The old ones, unless the new start before or with, and end after.
    Solaris,
}

impl Policy {
    /// Every policy with the name by which options call it.
    pub const ALL: [(&'static str, Policy); 7] = [
        ("first", Policy::First),
        ("last", Policy::Last),
        ("bsd", Policy::Bsd),
        ("bsd-right", Policy::BsdRight),
        ("linux", Policy::Linux),
        ("windows", Policy::Windows),
        ("solaris", Policy::Solaris),
    ];

    /// Whether a fragment replaces one in the same place.
    fn prefers_new(self) -> bool {
        let place = Span::new(0, 8);
        self.new_wins(place, place)
    }

    fn new_wins(self, old: Span, new: Span) -> bool {
        match self {
            Policy::First => false,
            Policy::Last => true,
            Policy::Bsd => old.start > new.start,
            Policy::BsdRight => old.start <= new.start,
            Policy::Linux => old.start >= new.start,
            Policy::Windows => new.start < old.start && new.end > old.end,
            Policy::Solaris => new.start <= old.start && new.end > old.end,
        }
    }
}

/// How much may be held, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most incomplete datagrams.
    pub datagrams: usize,
    /// Most bytes of incomplete datagrams.
    pub bytes: usize,
    /// Seconds after its first fragment when a datagram is given up.
    pub timeout_s: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { datagrams: 4096, bytes: 16 << 20, timeout_s: 60 }
    }
}

/// A trick played with the fragments of one datagram.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Trick {
    /// The first fragment ends before the TCP flags, or another starts inside the TCP header.
    TinyFragment,
    /// Bytes given twice.
    OverlappingFragment,
    /// A fragment inside an earlier one.
    Teardrop,
    /// A fragment that ends past 65,535.
    PingOfDeath,
    /// Never completed.
    UnfinishedFragments,
}

impl Trick {
    /// The name in findings.
    pub fn name(self) -> &'static str {
        match self {
            Trick::TinyFragment => "tiny-fragment",
            Trick::OverlappingFragment => "overlapping-fragment",
            Trick::Teardrop => "teardrop",
            Trick::PingOfDeath => "ping-of-death",
            Trick::UnfinishedFragments => "unfinished-fragments",
        }
    }
}

/// One datagram whose fragments were not honest.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was done.
    pub trick: Trick,
    /// Source address of the fragments.
    pub src: IpAddr,
    /// Destination address of the fragments.
    pub dst: IpAddr,
    /// Protocol of the datagram.
    pub protocol: u8,
    /// Identification of the datagram.
    pub id: u32,
    /// Its fragments.
    pub evidence: Evidence,
}

/// A datagram put together.
#[derive(Clone, Copy, Debug)]
pub struct Reassembled<'a> {
    /// Payload up to the first byte that was not captured.
    pub payload: &'a [u8],
    /// Bytes of the whole payload.
    pub payload_len: usize,
    /// The fragments.
    pub evidence: &'a Evidence,
}

/// What was done so far.
#[derive(Clone, Copy, Default, Debug)]
pub struct Counts {
    /// Fragments seen.
    pub fragments: u64,
    /// Datagrams begun.
    pub opened: u64,
    /// Fragments all of whose bytes were there already, and stayed.
    pub useless: u64,
    /// Fragments of which a part was there already.
    pub overlaps: u64,
    /// Datagrams completed.
    pub completed: u64,
    /// Datagrams given up after the timeout.
    pub timed_out: u64,
    /// Datagrams given up for want of room.
    pub evicted: u64,
    /// Reports left out because nobody took the ones before.
    pub unreported: u64,
}

/// How a fragment lay to those that had come before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placed {
    /// Where in the datagram's payload it claims to lie.
    pub span: Span,
    /// The first earlier fragment that it overlaps, and the packet that brought that.
    pub earlier: Option<(Span, u64)>,
    /// Bytes that were there already, and how many of them had another value.
    pub met: Met,
    /// Whether an earlier fragment was the same in place and content: the network sent it twice.
    pub is_duplicate: bool,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Key {
    src: IpAddr,
    dst: IpAddr,
    id: u32,
    /// IPv4 tells datagrams of different protocols apart, IPv6 does not.
    protocol: u8,
}

#[derive(Debug)]
struct Datagram {
    protocol: u8,
    started: Timestamp,
    pieces: Pieces,
    /// Claimed spans as they came with the packets that brought them, to tell duplicates and nesting; merged
    /// where they touch is of no use here.
    spans: Vec<(Span, u64)>,
    end: Option<u64>,
    missing_from: u64,
    has_first: bool,
    tricks: Vec<Trick>,
    evidence: Evidence,
}

/// Puts fragments together and reports what was odd about them.
#[derive(Debug)]
pub struct Defragmenter {
    policy: Policy,
    limits: Limits,
    datagrams: Bounded<Key, Datagram>,
    bytes: usize,
    counts: Counts,
    placed: Option<Placed>,
    complete: Vec<u8>,
    complete_evidence: Evidence,
    reports: Vec<Report>,
    /// Datagrams without tricks that were completed, by sender and receiver.
    honest: Bounded<(IpAddr, IpAddr), u64>,
}

impl Defragmenter {
    /// A defragmenter that settles overlaps by `policy` and holds no more than `limits` allow.
    pub fn new(policy: Policy, limits: Limits) -> Self {
        Defragmenter {
            policy,
            limits,
            datagrams: Bounded::new(limits.datagrams),
            bytes: 0,
            counts: Counts::default(),
            placed: None,
            complete: Vec::new(),
            complete_evidence: Evidence::default(),
            reports: Vec::new(),
            honest: Bounded::new(MAX_PAIRS),
        }
    }

    /// What was done so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How the fragment pushed last lay to those before; `None` where nothing could be said.
    pub fn placed(&self) -> Option<Placed> {
        self.placed
    }

    /// Takes the reports out that have come up since the last call.
    pub fn take_reports(&mut self) -> Vec<Report> {
        std::mem::take(&mut self.reports)
    }

    /// Takes the reports out, without unfinished datagrams between hosts that completed many others: those
    /// lost a fragment on the way.
    pub fn take_dishonest(&mut self) -> Vec<Report> {
        let mut reports = self.take_reports();
        let mut unfinished: HashMap<(IpAddr, IpAddr), u64, RandomState> = HashMap::default();
        for report in reports.iter().filter(|report| report.trick == Trick::UnfinishedFragments) {
            *unfinished.entry((report.src, report.dst)).or_default() += 1;
        }
        reports.retain(|report| {
            let pair = (report.src, report.dst);
            let honest = self.honest.get(&pair).copied().unwrap_or(0);
            let lost = unfinished.get(&pair).copied().unwrap_or(0);
            report.trick != Trick::UnfinishedFragments || honest < lost * COMPLETED_FOR_EACH_LOST
        });
        reports
    }

    /// Adds a fragment; returns the datagram if that completed it.
    pub fn push(&mut self, seen: Seen, ip: &Ip) -> Option<Reassembled<'_>> {
        self.push_by(self.policy, seen, ip)
    }

    /// The same, with overlaps settled by a policy that is the destination's own.
    pub fn push_by(&mut self, policy: Policy, seen: Seen, ip: &Ip) -> Option<Reassembled<'_>> {
        self.placed = None;
        let fragment = ip.fragment?;
        self.counts.fragments += 1;
        self.expire(seen.time);
        let protocol = if ip.version() == 4 { ip.protocol } else { 0 };
        let key = Key { src: ip.src, dst: ip.dst, id: fragment.id, protocol };
        if self.datagrams.get(&key).is_none()
            && let Some((key, old)) =
                self.datagrams.insert(key.clone(), Datagram::new(ip.protocol, seen.time))
        {
            self.counts.evicted += 1;
            self.give_up(&key, old);
        }
        let datagram = self.datagrams.get_mut(&key)?;
        self.counts.opened += u64::from(datagram.evidence.is_empty());
        let before = datagram.pieces.bytes();
        self.placed = datagram.add(seen, ip, fragment, policy);
        self.bytes = (self.bytes + datagram.pieces.bytes()).saturating_sub(before);
        match datagram.pieces.bytes().saturating_sub(before) {
            0 if !policy.prefers_new() => self.counts.useless += 1,
            new if (1..ip.payload.len()).contains(&new) => self.counts.overlaps += 1,
            _ => {}
        }
        if datagram.is_complete() {
            let mut whole = self.datagrams.remove(&key)?;
            self.bytes = self.bytes.saturating_sub(whole.pieces.bytes());
            self.counts.completed += 1;
            if let Some(honest) = self.honest.entry(&(ip.src, ip.dst), || 0) {
                *honest += u64::from(whole.tricks.is_empty());
            }
            self.report(&key, &whole);
            return self.assemble(&mut whole);
        }
        self.make_room();
        None
    }

    /// Gives up everything that is still incomplete: the capture has ended at `now`.
    pub fn finish(&mut self, now: Timestamp) {
        while let Some((key, mut datagram)) = self.datagrams.pop_oldest() {
            if now.seconds_since(datagram.started) < ABANDONED_AFTER_SECONDS {
                // The rest may just not have been captured any more.
                datagram.has_first = false;
            }
            self.give_up(&key, datagram);
        }
        self.bytes = 0;
    }

    fn expire(&mut self, now: Timestamp) {
        while self
            .datagrams
            .oldest()
            .is_some_and(|oldest| now.seconds_since(oldest.started) > f64::from(self.limits.timeout_s))
        {
            let Some((key, datagram)) = self.datagrams.pop_oldest() else { return };
            self.counts.timed_out += 1;
            self.give_up(&key, datagram);
        }
    }

    fn make_room(&mut self) {
        while self.bytes > self.limits.bytes {
            let Some((key, datagram)) = self.datagrams.pop_oldest() else { return };
            self.counts.evicted += 1;
            self.give_up(&key, datagram);
        }
    }

    fn give_up(&mut self, key: &Key, mut datagram: Datagram) {
        self.bytes = self.bytes.saturating_sub(datagram.pieces.bytes());
        // A lone first fragment is what a capture filter on ports leaves of an honest datagram.
        let several = datagram.spans.len() > 1;
        if datagram.has_first && several && !datagram.tricks.contains(&Trick::PingOfDeath) {
            datagram.note(Trick::UnfinishedFragments);
        }
        self.report(key, &datagram);
    }

    fn report(&mut self, key: &Key, datagram: &Datagram) {
        for trick in &datagram.tricks {
            if self.reports.len() >= MAX_REPORTS {
                self.counts.unreported += 1;
                continue;
            }
            self.reports.push(Report {
                trick: *trick,
                src: key.src,
                dst: key.dst,
                protocol: datagram.protocol,
                id: key.id,
                evidence: datagram.evidence.clone(),
            });
        }
    }

    fn assemble(&mut self, whole: &mut Datagram) -> Option<Reassembled<'_>> {
        let end = whole.end?;
        self.complete.clear();
        for piece in whole.pieces.take() {
            let upto = end.min(whole.missing_from).saturating_sub(piece.start) as usize;
            if piece.start != self.complete.len() as u64 {
                break;
            }
            self.complete.extend_from_slice(piece.bytes.get(..upto).unwrap_or(&piece.bytes));
        }
        self.complete_evidence = std::mem::take(&mut whole.evidence);
        Some(Reassembled {
            payload: &self.complete,
            payload_len: end as usize,
            evidence: &self.complete_evidence,
        })
    }
}

impl Datagram {
    fn new(protocol: u8, started: Timestamp) -> Self {
        Datagram {
            protocol,
            started,
            pieces: Pieces::default(),
            spans: Vec::new(),
            end: None,
            missing_from: u64::MAX,
            has_first: false,
            tricks: Vec::new(),
            evidence: Evidence::default(),
        }
    }

    fn note(&mut self, trick: Trick) {
        if !self.tricks.contains(&trick) {
            self.tricks.push(trick);
        }
    }

    fn add(&mut self, seen: Seen, ip: &Ip, fragment: Fragment, policy: Policy) -> Option<Placed> {
        self.evidence.add(seen);
        let span = Span::new(fragment.offset as u64, ip.payload_len);
        if self.evidence.count() > u64::from(MAX_FRAGMENTS) || span.start == span.end {
            return None;
        }
        if fragment.offset == 0 {
            self.has_first = true;
            self.protocol = ip.protocol;
        }
        self.judge(ip, fragment, span);
        if !fragment.more {
            self.end.get_or_insert(span.end);
        }
        let captured = Span::new(span.start, ip.payload.len());
        if captured.end < span.end {
            self.missing_from = self.missing_from.min(captured.end);
        }
        let met = self.pieces.insert(span.start, ip.payload, seen, |old, new| policy.new_wins(old, new));
        let is_duplicate = met.conflicting == 0 && self.spans.iter().any(|(old, _)| *old == span);
        if met.overlapping > 0 && !is_duplicate {
            let nested = self.spans.iter().any(|(old, _)| old.covers(span) && *old != span);
            self.note(if nested { Trick::Teardrop } else { Trick::OverlappingFragment });
        }
        let earlier = match met.overlapping {
            0 => None,
            _ => self.spans.iter().copied().find(|(old, _)| old.meets(span)),
        };
        if !is_duplicate {
            self.spans.push((span, seen.number));
        }
        Some(Placed { span, earlier, met, is_duplicate })
    }

    /// The tricks that one fragment shows by itself.
    fn judge(&mut self, ip: &Ip, fragment: Fragment, span: Span) {
        if ip.protocol == protocol::TCP {
            let hides_flags = fragment.offset == 0 && fragment.more && ip.payload_len <= TCP_FLAGS_AT;
            let rewrites_header = (1..Tcp::LEN).contains(&fragment.offset);
            if hides_flags || rewrites_header {
                self.note(Trick::TinyFragment);
            }
        }
        if span.end.saturating_add(ip.header_len as u64) > LARGEST_DATAGRAM as u64 {
            self.note(Trick::PingOfDeath);
        }
    }

    /// Whether every byte up to the end was claimed by some fragment.
    fn is_complete(&self) -> bool {
        let Some(end) = self.end else { return false };
        if self.missing_from == u64::MAX {
            // All bytes are held: they are complete when they are as many as the datagram has.
            return self.pieces.first().is_some_and(|piece| piece.start == 0)
                && self.pieces.bytes() as u64 >= end
                && end <= LARGEST_DATAGRAM as u64;
        }
        let mut spans = self.spans.clone();
        spans.sort_unstable_by_key(|(span, _)| span.start);
        let mut at = 0;
        for (span, _) in spans {
            if span.start > at {
                return false;
            }
            at = at.max(span.end);
        }
        at >= end && end <= LARGEST_DATAGRAM as u64
    }
}

#[cfg(test)]
mod tests;
