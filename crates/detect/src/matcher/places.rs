//! Rules that set bits of a conversation and rules that ask for them, in the same packet: each is evaluated
//! where its pattern stands, from place to place through the packet, so that it meets the bits as the rules
//! before it have left them. And where more rules match than may act, those act that were met first.

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
    for (_, number) in places(programs, candidates, packet) {
        let Some(program) = programs.get(number as usize) else { continue };
        let is_settled = matched.iter().any(|found| found.rule == program.rule);
        if is_settled || tried.insert(number, flowbits.changes()) == Some(flowbits.changes()) {
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

/// Puts rules that match into the order in which they are met.
pub(super) fn sort(programs: &[Program], packet: &Inspected<'_>, matched: &mut [Matched]) {
    matched.sort_by_cached_key(|found| {
        let at = programs.binary_search_by_key(&found.rule, |program| program.rule);
        let program = at.ok().and_then(|at| programs.get(at));
        program.and_then(|program| of(program, packet).next()).unwrap_or(LAST)
    });
}

/// Where a rule is evaluated: parts of an HTTP message come before the payload, and rules without a pattern
/// come last.
type Place = (u8, usize);

const LAST: Place = (2, 0);

/// The places of one rule; none where its pattern is not there.
fn of<'a>(program: &'a Program, packet: &'a Inspected<'_>) -> impl Iterator<Item = Place> + 'a {
    let found = program.fast.iter().flat_map(|fast| {
        let rank = u8::from(fast.buffer == Buffer::Payload);
        let bytes = packet.buffer(fast.buffer).unwrap_or_default();
        fast.ends(bytes).map(move |end| (rank, end))
    });
    // A rule that does not ask for bits matches at its first place or at none.
    let most = if program.asks_for_bits() { MAX_PLACES } else { 1 };
    found.take(most).chain(program.fast.is_none().then_some(LAST))
}

/// The places of all these rules, in their order.
fn places(programs: &[Program], candidates: &[u32], packet: &Inspected<'_>) -> Vec<(Place, u32)> {
    let mut places = Vec::new();
    for &number in candidates {
        let program = programs.get(number as usize).into_iter();
        places.extend(program.flat_map(|program| of(program, packet)).map(|place| (place, number)));
    }
    places.sort_unstable();
    places
}
