//! Rules that set bits of a conversation and rules that ask for them, in the same packet: each is evaluated
//! where its pattern stands, from place to place through the packet, so that it meets the bits as the rules
//! before it have left them.

use std::collections::HashMap;

use super::Matched;
use super::evaluate::{self, Flowbits};
use super::program::Program;
use crate::language::Buffer;
use crate::packet::Inspected;

/// Most places of one rule's pattern in a packet that are told apart.
const MAX_PLACES: usize = 256;

/// Whether the places of patterns matter to which of these rules match.
#[inline]
pub(super) fn matter(programs: &[Program], candidates: &[u32]) -> bool {
    let any = |does: fn(&Program) -> bool| {
        candidates.iter().filter_map(|number| programs.get(*number as usize)).any(does)
    };
    candidates.len() > 1 && any(Program::changes_bits) && any(Program::asks_for_bits)
}

/// The rules that match, in the order of the set. One that does not match where its pattern stands is tried
/// at the next place, if the bits have changed till then.
pub(super) fn evaluate(
    programs: &[Program],
    candidates: &[u32],
    packet: &Inspected<'_>,
    flowbits: &mut Flowbits,
    steps: &mut u32,
) -> Vec<Matched> {
    let mut matched: Vec<Matched> = Vec::new();
    let mut tried: HashMap<u32, u64> = HashMap::new();
    for place in places(programs, candidates, packet) {
        let Some(program) = programs.get(place.rule as usize) else { continue };
        let is_settled = matched.iter().any(|found| found.rule == program.rule);
        if is_settled || tried.insert(place.rule, flowbits.changes()) == Some(flowbits.changes()) {
            continue;
        }
        if evaluate::matches(program, packet, flowbits, steps) {
            let quiet = flowbits.apply(program);
            matched.push(Matched { rule: program.rule, quiet });
        }
    }
    matched.sort_unstable_by_key(|found| found.rule);
    matched
}

/// Where a rule is evaluated: parts of an HTTP message come before the payload, and rules without a pattern
/// come last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    rank: u8,
    end: usize,
    rule: u32,
}

fn places(programs: &[Program], candidates: &[u32], packet: &Inspected<'_>) -> Vec<Place> {
    let mut places = Vec::new();
    for &rule in candidates {
        let Some(program) = programs.get(rule as usize) else { continue };
        let Some(fast) = &program.fast else {
            places.push(Place { rank: 2, end: 0, rule });
            continue;
        };
        let rank = u8::from(fast.buffer == Buffer::Payload);
        let bytes = packet.buffer(fast.buffer).unwrap_or_default();
        // A rule that has nothing to do with bits matches at its first place or at none.
        let most = if program.asks_for_bits() { MAX_PLACES } else { 1 };
        places.extend(fast.ends(bytes).take(most).map(|end| Place { rank, end, rule }));
    }
    places.sort_unstable();
    places
}
