//! Many rules at once: the ports of a packet choose a group, and one search through each buffer finds the
//! rules of the group that are worth evaluating.
//!
//! Rules for any port are one group. Of the others, ports that no rule tells apart form a class, and a
//! pair of classes has its group, made when the first such packet comes.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use wirescope_flow::decode::Transport;

use super::program::{Fast, Program};
use crate::language::{Buffer, PortSet, Protocol};
use crate::packet::Inspected;

/// Groups of class pairs that are kept; beyond, all are made anew as they are needed.
const MAX_GROUPS: usize = 1024;
/// Pattern bytes up to which a search is built for speed rather than for size: the table of such an
/// automaton takes some hundred bytes for each byte of pattern.
const FAST_PATTERN_BYTES: usize = 100_000;

/// Rules to be evaluated for one packet, each once.
pub(super) struct Candidates {
    found: Vec<u32>,
    marked: Vec<bool>,
}

impl Candidates {
    pub(super) fn new(programs: usize) -> Self {
        Candidates { found: Vec::new(), marked: vec![false; programs] }
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
    pub(super) fn sorted(&mut self) -> &[u32] {
        self.found.sort_unstable();
        &self.found
    }

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
    automaton: AhoCorasick,
    /// For each pattern the rules that have it.
    programs: Vec<Vec<u32>>,
    /// Longer payloads are the rule; shorter ones than this cannot hold any pattern.
    shortest: usize,
}

/// Rules that one kind of packet is searched for.
#[derive(Default)]
struct Group {
    /// Rules without a pattern.
    always: Vec<u32>,
    searches: Vec<PatternSearch>,
}

impl Group {
    fn new(programs: &[Program], members: &[u32]) -> Group {
        let mut always = Vec::new();
        let mut patterns: HashMap<Buffer, HashMap<&[u8], Vec<u32>>> = HashMap::new();
        for &member in members {
            match programs.get(member as usize).and_then(|program| program.fast.as_ref()) {
                Some(Fast { buffer, pattern }) => {
                    patterns.entry(*buffer).or_default().entry(pattern).or_default().push(member);
                }
                None => always.push(member),
            }
        }
        let mut searches = Vec::new();
        for (buffer, table) in patterns {
            let mut rows: Vec<(&[u8], Vec<u32>)> = table.into_iter().collect();
            rows.sort_unstable();
            match automaton(&rows) {
                Some(automaton) => searches.push(PatternSearch {
                    buffer,
                    automaton,
                    shortest: rows.iter().map(|row| row.0.len()).min().unwrap_or(0),
                    programs: rows.into_iter().map(|row| row.1).collect(),
                }),
                // Too many patterns for one automaton: evaluate these rules always, which is slow and right.
                None => always.extend(rows.into_iter().flat_map(|row| row.1)),
            }
        }
        Group { always, searches }
    }

    #[inline]
    fn search(&self, packet: &Inspected<'_>, candidates: &mut Candidates) {
        for &program in &self.always {
            candidates.add(program);
        }
        for search in &self.searches {
            let Some(bytes) = packet.buffer(search.buffer) else { continue };
            if bytes.len() < search.shortest {
                continue;
            }
            for found in search.automaton.find_overlapping_iter(bytes) {
                for &program in search.programs.get(found.pattern().as_usize()).into_iter().flatten() {
                    candidates.add(program);
                }
            }
        }
    }
}

fn automaton(rows: &[(&[u8], Vec<u32>)]) -> Option<AhoCorasick> {
    let bytes: usize = rows.iter().map(|row| row.0.len()).sum();
    let kind =
        if bytes <= FAST_PATTERN_BYTES { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(kind))
        .build(rows.iter().map(|row| row.0))
        .ok()
}

/// Classes of ports that no rule tells apart.
struct PortClasses {
    class_of: Vec<u16>,
    /// One port of each class.
    example: Vec<u16>,
}

impl PortClasses {
    /// Sweeps over the edges of all sets; a class is a set of sets, known by the sum of their marks.
    fn new<'s>(sets: impl Iterator<Item = &'s PortSet>) -> Self {
        let mut numbers: HashMap<&[(u16, u16)], u64> = HashMap::new();
        for set in sets.filter(|set| !set.is_any()) {
            let next = numbers.len() as u64 + 1;
            // Odd multiples of a large prime: sums of different sets of them do not meet in practice.
            numbers
                .entry(set.ranges())
                .or_insert(next.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(next as u32 % 64));
        }
        let mut edges: Vec<(u32, u64)> = Vec::new();
        for (ranges, mark) in &numbers {
            for (first, last) in *ranges {
                edges.push((u32::from(*first), *mark));
                edges.push((u32::from(*last) + 1, mark.wrapping_neg()));
            }
        }
        edges.sort_unstable();
        let mut classes: HashMap<u64, u16> = HashMap::new();
        let (mut class_of, mut example) = (Vec::with_capacity(1 << 16), Vec::new());
        let (mut sum, mut next_edge) = (0u64, 0);
        for port in 0..=u16::MAX {
            while let Some((at, mark)) = edges.get(next_edge).filter(|edge| edge.0 <= u32::from(port)) {
                debug_assert!(*at <= u32::from(port));
                sum = sum.wrapping_add(*mark);
                next_edge += 1;
            }
            let class = *classes.entry(sum).or_insert_with(|| {
                example.push(port);
                (example.len() - 1) as u16
            });
            class_of.push(class);
        }
        PortClasses { class_of, example }
    }

    #[inline]
    fn of(&self, port: u16) -> u16 {
        self.class_of.get(usize::from(port)).copied().unwrap_or(0)
    }

    fn example(&self, class: u16) -> u16 {
        self.example.get(usize::from(class)).copied().unwrap_or(0)
    }
}

/// The rules of one protocol.
struct ProtocolGroups {
    any_port: Group,
    /// Rules for some ports only.
    some_ports: Vec<u32>,
    classes: Option<PortClasses>,
    groups: HashMap<(u16, u16), Group>,
}

impl ProtocolGroups {
    fn new(programs: &[Program], protocol: Protocol) -> Self {
        let has_ports = matches!(protocol, Protocol::Tcp | Protocol::Udp);
        let members = |wanted: bool| -> Vec<u32> {
            let fits = |program: &&(usize, &Program)| {
                let any = program.1.source.ports.is_any() && program.1.destination.ports.is_any();
                program.1.protocol == protocol && (any || !has_ports) == wanted
            };
            programs
                .iter()
                .enumerate()
                .collect::<Vec<_>>()
                .iter()
                .filter(fits)
                .map(|row| row.0 as u32)
                .collect()
        };
        let some_ports = members(false);
        let sets = some_ports.iter().filter_map(|number| programs.get(*number as usize));
        let classes = (!some_ports.is_empty()).then(|| {
            PortClasses::new(sets.flat_map(|program| [&program.source.ports, &program.destination.ports]))
        });
        ProtocolGroups {
            any_port: Group::new(programs, &members(true)),
            some_ports,
            classes,
            groups: HashMap::new(),
        }
    }

    #[inline]
    fn search(&mut self, programs: &[Program], packet: &Inspected<'_>, candidates: &mut Candidates) {
        self.any_port.search(packet, candidates);
        let Some(classes) = &self.classes else { return };
        let (source, destination) = packet.ports();
        let pair = (classes.of(source), classes.of(destination));
        if !self.groups.contains_key(&pair) {
            if self.groups.len() >= MAX_GROUPS {
                self.groups.clear();
            }
            let ports = (classes.example(pair.0), classes.example(pair.1));
            let members: Vec<u32> = self
                .some_ports
                .iter()
                .copied()
                .filter(|number| {
                    programs.get(*number as usize).is_some_and(|program| has_ports(program, ports))
                })
                .collect();
            self.groups.insert(pair, Group::new(programs, &members));
        }
        if let Some(group) = self.groups.get(&pair) {
            group.search(packet, candidates);
        }
    }
}

/// Whether a rule is for these ports, in either direction where it has two.
fn has_ports(program: &Program, (source, destination): (u16, u16)) -> bool {
    let fits =
        |from: u16, to: u16| program.source.ports.contains(from) && program.destination.ports.contains(to);
    fits(source, destination) || (program.bidirectional && fits(destination, source))
}

/// The rules of a set, by protocol.
pub(super) struct Groups {
    ip: ProtocolGroups,
    icmp: ProtocolGroups,
    tcp: ProtocolGroups,
    udp: ProtocolGroups,
}

impl Groups {
    pub(super) fn new(programs: &[Program]) -> Self {
        Groups {
            ip: ProtocolGroups::new(programs, Protocol::Ip),
            icmp: ProtocolGroups::new(programs, Protocol::Icmp),
            tcp: ProtocolGroups::new(programs, Protocol::Tcp),
            udp: ProtocolGroups::new(programs, Protocol::Udp),
        }
    }

    /// Gathers the rules that may match a packet.
    #[inline]
    pub(super) fn search(
        &mut self,
        programs: &[Program],
        packet: &Inspected<'_>,
        candidates: &mut Candidates,
    ) {
        self.ip.search(programs, packet, candidates);
        match &packet.decoded.transport {
            Transport::Tcp(_) => self.tcp.search(programs, packet, candidates),
            Transport::Udp(_) => self.udp.search(programs, packet, candidates),
            Transport::Icmp(_) => self.icmp.search(programs, packet, candidates),
            Transport::None => {}
        }
    }
}
