//! Folds many comparisons of one value into one look-up.
//!
//! From a place on, as long as steps only compare A with constants, mask it, or load the same bytes again, where
//! the program goes is a function of the value that A had there. That function is worked out for all values at
//! once, as ranges, and kept as a set, a bitmap or a table of ranges. Lists of hosts, networks, ports and port
//! ranges all become one look-up this way.

use std::collections::BTreeMap;

use super::Machine;
use super::lookup::{Bitmap, KeySet, Outcome, Ranges};
use super::op::{At, Compare, Op};

/// Fewer comparisons than this are faster one by one.
const FEWEST_COMPARISONS: usize = 5;

/// Steps that all foldings of a program may look at together, for each of its steps: bounds the work on
/// programs made to be folded badly.
const WORK_PER_STEP: usize = 16;

/// Values from the first to the second, both included.
type Range = (u32, u32);

/// Folds wherever it pays.
pub(super) fn fold(machine: &mut Machine, live: &[bool]) {
    let count = machine.steps.len();
    let mut is_target = vec![false; count];
    for op in &machine.steps {
        for target in targets(op).into_iter().flatten() {
            if let Some(entry) = is_target.get_mut(target as usize) {
                *entry = true;
            }
        }
    }
    let mut covered = vec![false; count];
    let mut work = count.saturating_mul(WORK_PER_STEP);
    for at in 0..count {
        if covered.get(at).copied().unwrap_or(true) {
            continue;
        }
        let Some(&(Op::TestEqual(..) | Op::Test(..) | Op::And(_))) = machine.steps.get(at) else { continue };
        let loaded = at
            .checked_sub(1)
            .filter(|_| !is_target.get(at).copied().unwrap_or(true))
            .and_then(|before| machine.steps.get(before).copied())
            .filter(is_fixed_load);
        let region = Region::explore(&machine.steps, at, loaded, live, &mut work);
        if region.comparisons < FEWEST_COMPARISONS {
            continue;
        }
        for &place in &region.places {
            if let Some(entry) = covered.get_mut(place) {
                *entry = true;
            }
        }
        let folded = look_up(machine, region.outcomes);
        if let (Some(folded), Some(step)) = (folded, machine.steps.get_mut(at)) {
            *step = folded;
        }
    }
}

fn targets(op: &Op) -> [Option<At>; 2] {
    match *op {
        Op::Test(_, _, on_true, on_false)
        | Op::TestEqual(_, on_true, on_false)
        | Op::TestIndex(_, on_true, on_false) => [Some(on_true), Some(on_false)],
        Op::Jump(target) | Op::JumpBack(target) => [Some(target), None],
        _ => [None, None],
    }
}

fn is_fixed_load(op: &Op) -> bool {
    matches!(op, Op::LoadByte(_) | Op::LoadHalf(_) | Op::LoadWord(_))
}

/// The steps whose way depends on one value alone.
struct Region {
    comparisons: usize,
    places: Vec<usize>,
    /// Where values lead, in no order.
    outcomes: Vec<(Range, Outcome)>,
}

impl Region {
    fn explore(steps: &[Op], entry: usize, loaded: Option<Op>, live: &[bool], work: &mut usize) -> Region {
        let mut region = Region { comparisons: 0, places: Vec::new(), outcomes: Vec::new() };
        // Which values arrive at a place, by which bits of them A holds. Ways lead forward, so that when the
        // first place is taken, all values that ever arrive there have.
        let mut pending: BTreeMap<(At, u32), Vec<Range>> = BTreeMap::new();
        let Ok(entry) = At::try_from(entry) else { return region };
        pending.insert((entry, u32::MAX), vec![(0, u32::MAX)]);
        while let Some(((at, mask), mut values)) = pending.pop_first() {
            values.sort_unstable();
            let mut send = |target: At, mask: u32, values: Vec<Range>| {
                if !values.is_empty() {
                    pending.entry((target, mask)).or_default().extend(values);
                }
            };
            let op = steps.get(at as usize).copied().filter(|_| *work > values.len());
            *work = work.saturating_sub(1 + values.len() / 64);
            let split = match op {
                Some(Op::And(k)) => {
                    send(at + 1, mask & k, values);
                    region.places.push(at as usize);
                    continue;
                }
                Some(Op::Jump(target)) => {
                    send(target, mask, values);
                    continue;
                }
                Some(load) if Some(load) == loaded => {
                    send(at + 1, u32::MAX, values);
                    region.places.push(at as usize);
                    continue;
                }
                Some(Op::TestEqual(k, on_true, on_false)) => {
                    holding(Compare::Equal, k, mask).map(|holding| (holding, on_true, on_false))
                }
                Some(Op::Test(compare, k, on_true, on_false)) => {
                    holding(compare, k, mask).map(|holding| (holding, on_true, on_false))
                }
                _ => None,
            };
            let Some((holding, on_true, on_false)) = split else {
                let matters = live.get(at as usize).copied().unwrap_or(true);
                let outcome = Outcome { target: at, mask: if matters { mask } else { u32::MAX } };
                region.outcomes.extend(values.into_iter().map(|range| (range, outcome)));
                continue;
            };
            region.comparisons += 1;
            region.places.push(at as usize);
            let inside = take_out(&mut values, holding);
            send(on_true, mask, inside);
            send(on_false, mask, values);
        }
        region
    }
}

/// The values for which a comparison of their masked bits holds, where they are one range (or none).
fn holding(compare: Compare, k: u32, mask: u32) -> Option<Option<Range>> {
    // A mask that keeps high bits only leaves the order of values.
    let is_prefix = mask.leading_ones() + mask.trailing_zeros() == 32 || mask == 0;
    match compare {
        Compare::AnyBit => {
            let bits = mask & k;
            let keeps_high = bits.leading_ones() + bits.trailing_zeros() == 32;
            match bits {
                0 => Some(None),
                _ if keeps_high => Some(Some((1 << bits.trailing_zeros(), u32::MAX))),
                _ => None,
            }
        }
        _ if !is_prefix => None,
        Compare::Equal if k & !mask != 0 => Some(None),
        Compare::Equal => Some(Some((k, k | !mask))),
        Compare::Greater => Some(above(k, mask)),
        Compare::GreaterOrEqual => match k.checked_sub(1) {
            None => Some(Some((0, u32::MAX))),
            Some(below) => Some(above(below, mask)),
        },
    }
}

/// The values whose masked bits are above k.
fn above(k: u32, mask: u32) -> Option<Range> {
    (k | !mask).checked_add(1).map(|first| (first, u32::MAX))
}

/// Removes a range from sorted ranges and returns what was removed.
fn take_out(values: &mut Vec<Range>, range: Option<Range>) -> Vec<Range> {
    let Some((first, last)) = range else { return Vec::new() };
    let begin = values.partition_point(|&(_, end)| end < first);
    let end = values.partition_point(|&(start, _)| start <= last);
    let Some(touched) = values.get(begin..end) else { return Vec::new() };
    let inside: Vec<Range> = touched.iter().map(|&(from, to)| (from.max(first), to.min(last))).collect();
    let mut outside = Vec::new();
    for &(from, to) in touched {
        if from < first {
            outside.push((from, first - 1));
        }
        if to > last {
            outside.push((last + 1, to));
        }
    }
    values.splice(begin..end, outside);
    inside
}

/// The step that does it in one look-up.
fn look_up(machine: &mut Machine, mut outcomes: Vec<(Range, Outcome)>) -> Option<Op> {
    outcomes.sort_unstable_by_key(|&(range, _)| range);
    let mut ranges: Vec<(Range, Outcome)> = Vec::new();
    for (range, outcome) in outcomes {
        match ranges.last_mut() {
            Some((last, same)) if *same == outcome => last.1 = range.1,
            _ => ranges.push((range, outcome)),
        }
    }
    let mut kinds: Vec<Outcome> = Vec::new();
    for &(_, outcome) in &ranges {
        if !kinds.contains(&outcome) {
            kinds.push(outcome);
        }
        if kinds.len() > 2 {
            break;
        }
    }
    match *kinds.as_slice() {
        [only] if only.mask == u32::MAX => return Some(Op::Jump(only.target)),
        [one, other] if one.mask == u32::MAX && other.mask == u32::MAX => {
            let of = |kind: Outcome| -> Vec<Range> {
                ranges.iter().filter(|(_, outcome)| *outcome == kind).map(|&(range, _)| range).collect()
            };
            for (inside, outside) in [(one, other), (other, one)] {
                if let Some(op) = membership(machine, &of(inside), inside.target, outside.target) {
                    return Some(op);
                }
            }
        }
        _ => {}
    }
    let table: Vec<(u32, Outcome)> = ranges.iter().map(|&((_, last), outcome)| (last, outcome)).collect();
    let number = u32::try_from(machine.ranges.len()).ok()?;
    machine.ranges.push(Ranges::new(&table));
    Some(Op::Switch(number))
}

/// A set of single values, or a bitmap of small ones.
fn membership(machine: &mut Machine, ranges: &[Range], on_true: At, on_false: At) -> Option<Op> {
    if ranges.iter().all(|&(first, last)| first == last) {
        let keys: Vec<u32> = ranges.iter().map(|&(key, _)| key).collect();
        let number = u32::try_from(machine.sets.len()).ok()?;
        machine.sets.push(KeySet::new(&keys));
        return Some(Op::Member { number, on_true, on_false });
    }
    if ranges.iter().all(|&(_, last)| last <= u32::from(u16::MAX)) {
        let number = u32::try_from(machine.bitmaps.len()).ok()?;
        machine.bitmaps.push(Bitmap::new(ranges));
        return Some(Op::SmallMember { number, on_true, on_false });
    }
    None
}
