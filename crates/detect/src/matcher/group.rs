//! Many rules at once: the protocol and ports of a packet choose the rules that it is for, and one search
//! through each buffer finds those of them that are worth evaluating.
//!
//! Ports that no rule tells apart form a class. For each class a row of bits says which rules it suits as
//! a source, and another as a destination: the rules for a packet are the bits that both rows have.

use std::collections::HashMap;

use wirescope_flow::decode::Transport;

use super::patterns::Patterns;
use super::program::{Fast, Program};
use crate::language::{Buffer, PortSet, Protocol};
use crate::packet::Inspected;

/// Bytes that the rows of all classes may take; beyond, rules look at ports themselves.
const MAX_ROW_BYTES: usize = 256 << 20;

/// Which bytes of the payload have to be searched.
#[derive(Clone, Copy, Debug)]
pub enum Extent<'s> {
    /// All of them.
    Whole,
    /// Those around the places where pieces meet that were searched before, each by itself.
    Joined {
        /// The places, ascending.
        joints: &'s [usize],
        /// What was found in the pieces: see [`Matcher::found_in_payload`](super::Matcher::found_in_payload).
        found: &'s [u32],
    },
}

/// How many ports there are.
const PORTS: usize = 1 << 16;

/// Rules to be evaluated for one packet, each once.
pub(super) struct Candidates {
    found: Vec<u32>,
    marked: Vec<bool>,
    /// Those of them whose pattern stands in the payload.
    in_payload: Vec<u32>,
}

impl Candidates {
    pub(super) fn new(programs: usize) -> Self {
        Candidates { found: Vec::new(), marked: vec![false; programs], in_payload: Vec::new() }
    }

    pub(super) fn in_payload(&self) -> &[u32] {
        &self.in_payload
    }

    /// Forgets what was found in the packet before.
    pub(super) fn begin(&mut self) {
        self.in_payload.clear();
    }

    #[inline]
    fn add(&mut self, program: u32) {
        if let Some(marked) = self.marked.get_mut(program as usize)
            && !*marked
        {
            *marked = true;
            self.found.push(program);
        }
    }

    /// The rules, in the order in which they stand in the set.
    #[inline]
    pub(super) fn sorted(&mut self) -> &[u32] {
        if self.found.len() > 1 {
            self.found.sort_unstable();
        }
        &self.found
    }

    #[inline]
    pub(super) fn clear(&mut self) {
        for program in self.found.drain(..) {
            if let Some(marked) = self.marked.get_mut(program as usize) {
                *marked = false;
            }
        }
    }
}

/// One search through one buffer.
struct PatternSearch {
    buffer: Buffer,
    patterns: Patterns,
    /// For each pattern the rules that have it, by their place in the protocol.
    rules: Vec<Vec<u32>>,
    /// Buffers shorter than this cannot hold any pattern.
    shortest: usize,
    /// For each pattern the packet in which it was last found.
    found_in: Vec<u64>,
}

impl PatternSearch {
    fn new(buffer: Buffer, table: HashMap<&[u8], Vec<u32>>) -> Option<PatternSearch> {
        let mut rows: Vec<(&[u8], Vec<u32>)> = table.into_iter().collect();
        rows.sort_unstable();
        Some(PatternSearch {
            buffer,
            patterns: Patterns::new(rows.iter().map(|row| row.0.to_vec()).collect())?,
            shortest: rows.iter().map(|row| row.0.len()).min().unwrap_or(0),
            found_in: vec![0; rows.len()],
            rules: rows.into_iter().map(|row| row.1).collect(),
        })
    }
}

/// Rows of bits, one a class of ports and in it one a rule.
struct Rows {
    words: usize,
    bits: Vec<u64>,
}

impl Rows {
    fn new(classes: usize, rules: usize) -> Rows {
        let words = rules.div_ceil(64);
        Rows { words, bits: vec![0; classes * words] }
    }

    fn set(&mut self, class: usize, rule: usize) {
        if let Some(word) = self.bits.get_mut(class * self.words + rule / 64) {
            *word |= 1 << (rule % 64);
        }
    }

    #[inline]
    fn row(&self, class: u16) -> &[u64] {
        let start = usize::from(class) * self.words;
        self.bits.get(start..start + self.words).unwrap_or_default()
    }
}

/// Classes of ports that no rule tells apart.
struct PortClasses {
    class_of: Vec<u16>,
    source: Rows,
    destination: Rows,
    /// One row: rules for either direction.
    both_ways: Rows,
}

impl PortClasses {
    /// `None` where every rule is for every port, or where the rows would grow too large.
    fn new(rules: &[&Program]) -> Option<PortClasses> {
        let ports = |program: &&Program| [program.source.ports.clone(), program.destination.ports.clone()];
        let sets: Vec<PortSet> = rules.iter().flat_map(ports).filter(|set| !set.is_any()).collect();
        if sets.is_empty() {
            return None;
        }
        let (class_of, examples) = classes(&sets);
        let mut made = PortClasses {
            class_of,
            source: Rows::new(0, 0),
            destination: Rows::new(0, 0),
            both_ways: Rows::new(1, rules.len()),
        };
        if examples.len().saturating_mul(rules.len() / 8 + 8).saturating_mul(2) > MAX_ROW_BYTES {
            return None;
        }
        made.source = Rows::new(examples.len(), rules.len());
        made.destination = Rows::new(examples.len(), rules.len());
        for (rule, program) in rules.iter().enumerate() {
            for (class, port) in examples.iter().enumerate() {
                if program.source.ports.contains(*port) {
                    made.source.set(class, rule);
                }
                if program.destination.ports.contains(*port) {
                    made.destination.set(class, rule);
                }
            }
            if program.bidirectional {
                made.both_ways.set(0, rule);
            }
        }
        Some(made)
    }

    #[inline]
    fn of(&self, (source, destination): (u16, u16)) -> PortPair<'_> {
        let class = |port: u16| self.class_of.get(usize::from(port)).copied().unwrap_or(0);
        let (from, to) = (class(source), class(destination));
        PortPair {
            source: self.source.row(from),
            destination: self.destination.row(to),
            both_ways: self.both_ways.row(0),
            source_back: self.source.row(to),
            destination_back: self.destination.row(from),
        }
    }
}

/// The rows for the two ports of a packet.
struct PortPair<'c> {
    source: &'c [u64],
    destination: &'c [u64],
    both_ways: &'c [u64],
    source_back: &'c [u64],
    destination_back: &'c [u64],
}

impl PortPair<'_> {
    /// Sixty-four rules at once: a bit is set where the rule is for these ports.
    #[inline]
    fn word(&self, at: usize) -> u64 {
        let of = |row: &[u64]| row.get(at).copied().unwrap_or(0);
        of(self.source) & of(self.destination)
            | of(self.both_ways) & of(self.source_back) & of(self.destination_back)
    }

    #[inline]
    fn has(&self, rule: u32) -> bool {
        self.word(rule as usize / 64) >> (rule % 64) & 1 != 0
    }
}

/// The class of each port, and one port of each class. Sweeps over the edges of all sets; a class is a set
/// of sets, known by the sum of their marks.
fn classes(sets: &[PortSet]) -> (Vec<u16>, Vec<u16>) {
    let mut marks: HashMap<&[(u16, u16)], u64> = HashMap::new();
    for set in sets {
        let next = marks.len() as u64 + 1;
        // Odd multiples of a large prime: sums of different sets of them do not meet in practice.
        marks
            .entry(set.ranges())
            .or_insert(next.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(next as u32 % 64));
    }
    let mut edges: Vec<(u32, u64)> = Vec::new();
    for (ranges, mark) in &marks {
        for (first, last) in *ranges {
            edges.push((u32::from(*first), *mark));
            edges.push((u32::from(*last) + 1, mark.wrapping_neg()));
        }
    }
    edges.sort_unstable();
    let mut numbers: HashMap<u64, u16> = HashMap::new();
    let (mut class_of, mut examples) = (Vec::with_capacity(PORTS), Vec::new());
    let mut sum = 0u64;
    let mut edges = edges.into_iter().map(|(at, mark)| (at as usize, mark)).peekable();
    while class_of.len() < PORTS {
        let port = class_of.len();
        while let Some((_, mark)) = edges.next_if(|edge| edge.0 <= port) {
            sum = sum.wrapping_add(mark);
        }
        let class = *numbers.entry(sum).or_insert_with(|| {
            examples.push(port as u16);
            (examples.len() - 1) as u16
        });
        // Up to the next edge all ports are alike.
        class_of.resize(edges.peek().map_or(PORTS, |edge| edge.0.min(PORTS)), class);
    }
    (class_of, examples)
}

/// The rules that packets of one protocol are searched for.
struct ProtocolRules {
    /// Their numbers; those without a pattern first.
    rules: Vec<u32>,
    /// How many have no pattern: they are evaluated always.
    always: usize,
    searches: Vec<PatternSearch>,
    /// `None` where no rule looks at ports.
    ports: Option<PortClasses>,
}

impl ProtocolRules {
    fn new(programs: &[Program], protocols: &[Protocol]) -> Self {
        let numbers = || (0..programs.len() as u32).zip(programs);
        let mut of_protocol: Vec<(u32, &Program)> =
            numbers().filter(|(_, program)| protocols.contains(&program.protocol)).collect();
        of_protocol.sort_by_key(|(_, program)| program.fast.is_some());
        let always = of_protocol.iter().filter(|(_, program)| program.fast.is_none()).count();
        let mut tables: HashMap<Buffer, HashMap<&[u8], Vec<u32>>> = HashMap::new();
        for (place, (_, program)) in of_protocol.iter().enumerate() {
            if let Some(Fast { buffer, pattern }) = &program.fast {
                tables.entry(*buffer).or_default().entry(pattern).or_default().push(place as u32);
            }
        }
        let programs: Vec<&Program> = of_protocol.iter().map(|row| row.1).collect();
        let mut rules = ProtocolRules {
            rules: of_protocol.iter().map(|row| row.0).collect(),
            always,
            searches: Vec::new(),
            ports: PortClasses::new(&programs),
        };
        for (buffer, table) in tables {
            match PatternSearch::new(buffer, table) {
                Some(search) => rules.searches.push(search),
                // Not even an automaton holds so many patterns: evaluate all, which is slow and right.
                None => rules.always = rules.rules.len(),
            }
        }
        rules
    }

    #[inline]
    fn search(
        &mut self,
        packet: &Inspected<'_>,
        extent: Extent<'_>,
        serial: u64,
        candidates: &mut Candidates,
    ) {
        let pair = self.ports.as_ref().map(|ports| ports.of(packet.ports()));
        let numbers = &self.rules;
        for (word, chunk) in numbers.get(..self.always).unwrap_or_default().chunks(64).enumerate() {
            let mut left = pair.as_ref().map_or(u64::MAX, |pair| pair.word(word));
            while left != 0 {
                let Some(number) = chunk.get(left.trailing_zeros() as usize) else { break };
                candidates.add(*number);
                left &= left - 1;
            }
        }
        for search in &mut self.searches {
            let Some(bytes) = packet.buffer(search.buffer) else { continue };
            if bytes.len() < search.shortest {
                continue;
            }
            let is_payload = search.buffer == Buffer::Payload;
            let (rules, found_in) = (&search.rules, &mut search.found_in);
            let mut found = |pattern: u32| {
                let Some(last) = found_in.get_mut(pattern as usize) else { return };
                if std::mem::replace(last, serial) == serial {
                    return;
                }
                for &rule in rules.get(pattern as usize).into_iter().flatten() {
                    if pair.as_ref().is_none_or(|pair| pair.has(rule))
                        && let Some(&number) = numbers.get(rule as usize)
                    {
                        candidates.add(number);
                        if is_payload {
                            candidates.in_payload.push(number);
                        }
                    }
                }
            };
            match extent {
                Extent::Joined { joints, .. } if is_payload => {
                    let reach = search.patterns.longest().saturating_sub(1);
                    for range in around(joints, reach, bytes.len()) {
                        search.patterns.find(bytes.get(range).unwrap_or_default(), &mut found);
                    }
                }
                _ => search.patterns.find(bytes, &mut found),
            }
        }
        if let Extent::Joined { found, .. } = extent {
            candidates.in_payload.extend_from_slice(found);
            found.iter().for_each(|number| candidates.add(*number));
        }
    }
}

/// The bytes up to `reach` before and behind each joint, those that touch as one.
fn around(joints: &[usize], reach: usize, length: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut joints = joints.iter().peekable();
    std::iter::from_fn(move || {
        let first = joints.next()?;
        let (start, mut end) = (first.saturating_sub(reach), first + reach);
        while let Some(next) = joints.next_if(|next| next.saturating_sub(reach) <= end) {
            end = *next + reach;
        }
        Some(start.min(length)..end.min(length))
    })
}

/// The rules of a set, by protocol; rules for IP are among those of each.
pub(super) struct Groups {
    ip: ProtocolRules,
    icmp: ProtocolRules,
    tcp: ProtocolRules,
    udp: ProtocolRules,
    /// Packets searched so far.
    serial: u64,
}

impl Groups {
    pub(super) fn new(programs: &[Program]) -> Self {
        Groups {
            ip: ProtocolRules::new(programs, &[Protocol::Ip]),
            icmp: ProtocolRules::new(programs, &[Protocol::Ip, Protocol::Icmp]),
            tcp: ProtocolRules::new(programs, &[Protocol::Ip, Protocol::Tcp]),
            udp: ProtocolRules::new(programs, &[Protocol::Ip, Protocol::Udp]),
            serial: 0,
        }
    }

    /// Gathers the rules that may match a packet.
    #[inline]
    pub(super) fn search(&mut self, packet: &Inspected<'_>, extent: Extent<'_>, candidates: &mut Candidates) {
        self.serial += 1;
        let rules = match &packet.decoded.transport {
            Transport::Tcp(_) => &mut self.tcp,
            Transport::Udp(_) => &mut self.udp,
            Transport::Icmp(_) => &mut self.icmp,
            Transport::None => &mut self.ip,
        };
        rules.search(packet, extent, self.serial, candidates);
    }
}
