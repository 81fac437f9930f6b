//! Joins a load with the test behind it, and finds where the value in A still matters.

use super::op::{At, Compare, Op};

/// For each step whether something may still read the value that A has before it.
pub(super) fn live_accumulator(steps: &[Op]) -> Vec<bool> {
    let mut live = vec![true; steps.len() + 1];
    for (at, op) in steps.iter().enumerate().rev() {
        let after = |target: At| live.get(target as usize).copied().unwrap_or(true);
        let next = live.get(at + 1).copied().unwrap_or(true);
        let now = match *op {
            Op::LoadByte(_)
            | Op::LoadHalf(_)
            | Op::LoadWord(_)
            | Op::IndexedByte(_)
            | Op::IndexedHalf(_)
            | Op::IndexedWord(_)
            | Op::Immediate(_)
            | Op::Length
            | Op::Memory(_)
            | Op::Metadata(_)
            | Op::FromIndex
            | Op::Return(_) => false,
            Op::IndexImmediate(_)
            | Op::IndexMemory(_)
            | Op::IndexLength
            | Op::IndexHeader(_)
            | Op::StoreIndex(_) => next,
            Op::Jump(target) => after(target),
            _ => true,
        };
        if let Some(entry) = live.get_mut(at) {
            *entry = now;
        }
    }
    live
}

/// Puts a load, a mask if any, and a test for equality, or a load and a look-up in a set, into the place of the load.
/// The test keeps its own place too, for those who jump there.
pub(super) fn fuse(steps: &mut [Op]) {
    for at in 0..steps.len() {
        let Some(&load) = steps.get(at) else { return };
        let mut next = at + 1;
        let mut mask = u32::MAX;
        if let Some(&Op::And(k)) = steps.get(next) {
            mask = k;
            next += 1;
        }
        let fused = match steps.get(next) {
            Some(&Op::TestEqual(value, on_true, on_false)) => {
                load_and_compare(load, mask, value, on_true, on_false)
            }
            Some(&Op::Member { number, on_true, on_false }) if mask == u32::MAX => match load {
                Op::LoadWord(offset) => Some(Op::WordMember { offset, number, on_true, on_false }),
                _ => None,
            },
            // No bit of a mask set is: the masked value equals zero. A would hold the masked value, though.
            _ => None,
        };
        if let (Some(fused), Some(step)) = (fused, steps.get_mut(at)) {
            *step = fused;
        }
    }
}

/// One step for a load, a mask and a test for equality, where there is one.
fn load_and_compare(load: Op, mask: u32, value: u32, on_true: At, on_false: At) -> Option<Op> {
    Some(match load {
        Op::LoadByte(offset) => Op::ByteEqual { offset, mask, value, on_true, on_false },
        Op::LoadHalf(offset) => Op::HalfEqual { offset, mask, value, on_true, on_false },
        Op::LoadWord(offset) => Op::WordEqual { offset, mask, value, on_true, on_false },
        Op::IndexedByte(offset) if mask == u32::MAX => {
            Op::IndexedByteEqual { offset, value, on_true, on_false }
        }
        Op::IndexedHalf(offset) if mask == u32::MAX => {
            Op::IndexedHalfEqual { offset, value, on_true, on_false }
        }
        _ => return None,
    })
}

/// A test of bytes at a fixed offset for which "it holds" means that masked bytes equal a value.
#[derive(Clone, Copy)]
pub(super) struct FixedTest {
    pub(super) offset: u32,
    pub(super) len: u32,
    pub(super) mask: u32,
    pub(super) value: u32,
    pub(super) on_pass: At,
    pub(super) on_fail: At,
}

/// Reads the step (and the one behind it) as such a test.
pub(super) fn fixed_test(steps: &[Op], at: usize) -> Option<FixedTest> {
    let (offset, len, mask, value, on_pass, on_fail) = match *steps.get(at)? {
        Op::ByteEqual { offset, mask, value, on_true, on_false } => {
            (offset, 1, mask, value, on_true, on_false)
        }
        Op::HalfEqual { offset, mask, value, on_true, on_false } => {
            (offset, 2, mask, value, on_true, on_false)
        }
        Op::WordEqual { offset, mask, value, on_true, on_false } => {
            (offset, 4, mask, value, on_true, on_false)
        }
        load @ (Op::LoadByte(offset) | Op::LoadHalf(offset) | Op::LoadWord(offset)) => {
            let &Op::Test(Compare::AnyBit, mask, on_true, on_false) = steps.get(at + 1)? else { return None };
            let len = match load {
                Op::LoadByte(_) => 1,
                Op::LoadHalf(_) => 2,
                _ => 4,
            };
            (offset, len, mask, 0, on_false, on_true)
        }
        _ => return None,
    };
    Some(FixedTest { offset, len, mask, value, on_pass, on_fail })
}
