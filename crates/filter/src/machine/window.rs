//! Joins tests of neighbouring bytes that must all hold into one masked comparison of sixteen bytes.
//!
//! `tcp[13] == 18` asks for the EtherType, the protocol and the fragment offset, which all lie within twelve
//! bytes. Where a test fails, all lead to the same place, so which one failed does not matter. A packet too
//! short for the sixteen bytes takes the single tests, as only these know which load is the one that fails.

use super::Machine;
use super::fuse::{FixedTest, fixed_test};
use super::op::{At, Op};

/// Bytes that one comparison spans.
const SPAN: u32 = 16;

/// A masked comparison; mask and value in the packet's byte order.
#[derive(Clone, Debug)]
pub(super) struct Window {
    start: usize,
    mask: u128,
    value: u128,
}

impl Window {
    /// Whether the bytes are as wanted, or nothing when the packet is too short to say.
    #[inline(always)]
    pub(super) fn holds(&self, packet: &[u8]) -> Option<bool> {
        let bytes = packet.get(self.start..)?.first_chunk::<{ SPAN as usize }>()?;
        Some(u128::from_ne_bytes(*bytes) & self.mask == self.value)
    }
}

/// Finds runs of tests and puts one comparison in the place of the first of each.
pub(super) fn join(machine: &mut Machine, live: &[bool]) {
    let count = machine.steps.len();
    let mut joined = vec![false; count];
    for at in 0..count {
        if joined.get(at).copied().unwrap_or(true) {
            continue;
        }
        let run = run_of_tests(&machine.steps, at, live);
        let (Some(&(_, last)), true) = (run.last(), run.len() > 1) else { continue };
        for &(place, _) in &run {
            if let Some(entry) = joined.get_mut(place) {
                *entry = true;
            }
        }
        replace(machine, at, &run, last);
    }
}

/// The tests from a place on that fail to the same place and fit into one window, each with its place.
fn run_of_tests(steps: &[Op], at: usize, live: &[bool]) -> Vec<(usize, FixedTest)> {
    let matters = |place: At| live.get(place as usize).copied().unwrap_or(true);
    let mut run: Vec<(usize, FixedTest)> = Vec::new();
    let mut place = at;
    let (mut low, mut high) = (u32::MAX, 0);
    while let Some(test) = fixed_test(steps, place) {
        let Some(end) = test.offset.checked_add(test.len) else { break };
        let (new_low, new_high) = (low.min(test.offset), high.max(end));
        let same_end = run.first().is_none_or(|(_, first)| first.on_fail == test.on_fail);
        if new_high - new_low > SPAN || !same_end || matters(test.on_fail) || test.on_pass as usize <= place {
            break;
        }
        (low, high) = (new_low, new_high);
        run.push((place, test));
        place = test.on_pass as usize;
    }
    // What the last load left in A is lost.
    while run.last().is_some_and(|(_, last)| matters(last.on_pass)) {
        run.pop();
    }
    run
}

fn replace(machine: &mut Machine, at: usize, run: &[(usize, FixedTest)], last: FixedTest) {
    let high = run.iter().map(|(_, test)| test.offset + test.len).max().unwrap_or(0);
    let start = high.saturating_sub(SPAN);
    let (mut mask, mut value) = (0u128, 0u128);
    for (_, test) in run {
        let shift = (SPAN - (test.offset - start) - test.len) * 8;
        let width = u128::MAX >> (128 - test.len * 8);
        let test_mask = (u128::from(test.mask) & width) << shift;
        // A value beyond its mask can never be met; so is what contradicts an earlier test.
        let contradicts = u128::from(test.value) & !(u128::from(test.mask) & width) != 0
            || (value ^ u128::from(test.value) << shift) & (mask & test_mask) != 0;
        if contradicts {
            return;
        }
        mask |= test_mask;
        value |= u128::from(test.value) << shift;
    }
    let (Ok(number), Ok(short)) = (u32::try_from(machine.windows.len()), At::try_from(machine.steps.len()))
    else {
        return;
    };
    let (Some(&first), Some(&second)) = (machine.steps.get(at), machine.steps.get(at + 1)) else { return };
    // The single tests stay where they are; the first moves, with the test behind it where it is a bare load.
    machine.steps.push(first);
    machine.steps.push(second);
    machine.windows.push(Window { start: start as usize, mask: mask.to_be(), value: value.to_be() });
    if let Some(step) = machine.steps.get_mut(at) {
        *step = Op::Window { number, on_true: last.on_pass, on_false: last.on_fail, short };
    }
}
