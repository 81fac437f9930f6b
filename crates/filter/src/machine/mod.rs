//! Runs a program over packets.
//!
//! The program is decoded once into steps that know both targets of a branch. Then what one packet would pay
//! for many times is folded: comparisons of one value with many constants become a look-up ([`fold`]), a load
//! and its test become one step ([`fuse`]), and tests of neighbouring bytes become one masked comparison
//! ([`window`]). None of it changes a verdict; a packet too short for a load is dropped, as ever.

mod decode;
mod fold;
mod fuse;
mod guard;
mod lookup;
mod op;
mod window;

use crate::ir::{Instruction, MEMORY_WORDS};
use crate::kernel::metadata::Metadata;
use guard::{Guard, Way};
use lookup::{Bitmap, KeySet, Ranges};
use op::{Arithmetic, At, Compare, Op};
use window::Window;

/// Jumps back that one run may make. `protochain` needs one for each header, and a header has 4 bytes or more.
const MOST_LOOPS: u32 = 1 << 16;

/// A program made ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    steps: Vec<Op>,
    windows: Vec<Window>,
    sets: Vec<KeySet>,
    bitmaps: Vec<Bitmap>,
    ranges: Vec<Ranges>,
    /// For each step whether something may still read what A has before it.
    live: Vec<bool>,
    guard: Option<Guard>,
}

impl Machine {
    /// Decodes and folds a program that [`crate::validate::validate`] found good.
    pub(crate) fn new(program: &[Instruction]) -> Machine {
        let mut machine = Machine {
            steps: decode::decode(program),
            windows: Vec::new(),
            sets: Vec::new(),
            bitmaps: Vec::new(),
            ranges: Vec::new(),
            live: Vec::new(),
            guard: None,
        };
        let live = fuse::live_accumulator(&machine.steps);
        fold::fold(&mut machine, &live);
        fuse::fuse(&mut machine.steps);
        window::join(&mut machine, &live);
        machine.live = live;
        machine.guard = Guard::new(&machine);
        machine
    }

    /// What the program returns for a packet.
    #[inline]
    pub(crate) fn run(&self, packet: &[u8], wire_len: u32, metadata: Option<&Metadata>) -> u32 {
        match self.guard.as_ref().map_or(Way::Step(0), |guard| guard.way(packet)) {
            Way::Verdict(verdict) => verdict,
            Way::Step(at) => {
                self.run_tests(at, packet).unwrap_or_else(|at| self.run_from(at, packet, wire_len, metadata))
            }
        }
    }

    /// Runs the steps from a place on as long as they test bytes at fixed places, for which no registers are needed: lists
    /// of hosts and networks are nothing else. The verdict, or the place from which the machine proper has to go on.
    #[inline]
    fn run_tests(&self, start: At, packet: &[u8]) -> Result<u32, At> {
        let mut at = start;
        while let Some(op) = self.steps.get(at as usize) {
            at = match *op {
                Op::HalfEqual { offset, mask, value, on_true, on_false } => {
                    let Some(loaded) = half(packet, offset as usize) else { return Ok(0) };
                    branch(loaded & mask == value, on_true, on_false)
                }
                Op::WordMember { offset, number, on_true, on_false } => {
                    let Some(loaded) = word(packet, offset as usize) else { return Ok(0) };
                    branch(self.is_member(number, loaded), on_true, on_false)
                }
                Op::Return(verdict) => return Ok(verdict),
                _ => break,
            }
        }
        // What the last test left in A is not there.
        let is_live = self.live.get(at as usize).copied().unwrap_or(true);
        Err(if is_live { start } else { at })
    }

    /// Whether a value is in a set.
    #[inline(always)]
    fn is_member(&self, number: u32, value: u32) -> bool {
        self.sets.get(number as usize).is_some_and(|set| set.contains(value))
    }

    /// Runs the steps from a place on, with all registers zero.
    #[inline(never)]
    fn run_from(&self, start: At, packet: &[u8], wire_len: u32, metadata: Option<&Metadata>) -> u32 {
        let mut accumulator: u32 = 0;
        let mut index: u32 = 0;
        let mut memory = [0u32; MEMORY_WORDS];
        let mut loops = 0;
        let mut at: At = start;
        loop {
            let Some(op) = self.steps.get(at as usize) else { return 0 };
            at += 1;
            match *op {
                Op::LoadByte(offset) => match byte(packet, offset as usize) {
                    Some(value) => accumulator = value,
                    None => return 0,
                },
                Op::LoadHalf(offset) => match half(packet, offset as usize) {
                    Some(value) => accumulator = value,
                    None => return 0,
                },
                Op::LoadWord(offset) => match word(packet, offset as usize) {
                    Some(value) => accumulator = value,
                    None => return 0,
                },
                Op::IndexedByte(offset) => {
                    match behind(index, offset).and_then(|place| byte(packet, place)) {
                        Some(value) => accumulator = value,
                        None => return 0,
                    }
                }
                Op::IndexedHalf(offset) => {
                    match behind(index, offset).and_then(|place| half(packet, place)) {
                        Some(value) => accumulator = value,
                        None => return 0,
                    }
                }
                Op::IndexedWord(offset) => {
                    match behind(index, offset).and_then(|place| word(packet, place)) {
                        Some(value) => accumulator = value,
                        None => return 0,
                    }
                }
                Op::Immediate(value) => accumulator = value,
                Op::Length => accumulator = wire_len,
                Op::Memory(place) => accumulator = memory.get(usize::from(place)).copied().unwrap_or(0),
                Op::Metadata(offset) => match metadata.and_then(|metadata| metadata.get(offset)) {
                    Some(value) => accumulator = value,
                    None => return 0,
                },
                Op::ExclusiveOrIndex => match metadata {
                    Some(_) => accumulator ^= index,
                    None => return 0,
                },
                Op::IndexImmediate(value) => index = value,
                Op::IndexMemory(place) => index = memory.get(usize::from(place)).copied().unwrap_or(0),
                Op::IndexLength => index = wire_len,
                Op::IndexHeader(offset) => match byte(packet, offset as usize) {
                    Some(value) => index = (value & 0x0f) << 2,
                    None => return 0,
                },
                Op::Store(place) => {
                    if let Some(entry) = memory.get_mut(usize::from(place)) {
                        *entry = accumulator;
                    }
                }
                Op::StoreIndex(place) => {
                    if let Some(entry) = memory.get_mut(usize::from(place)) {
                        *entry = index;
                    }
                }
                Op::And(mask) => accumulator &= mask,
                Op::Constant(arithmetic, k) => match calculate(arithmetic, accumulator, k) {
                    Some(value) => accumulator = value,
                    None => return 0,
                },
                Op::Index(arithmetic) => match calculate(arithmetic, accumulator, index) {
                    Some(value) => accumulator = value,
                    None => return 0,
                },
                Op::Negate => accumulator = accumulator.wrapping_neg(),
                Op::ToIndex => index = accumulator,
                Op::FromIndex => accumulator = index,
                Op::Test(compare, k, on_true, on_false) => {
                    at = branch(holds(compare, accumulator, k), on_true, on_false);
                }
                Op::TestEqual(k, on_true, on_false) => at = branch(accumulator == k, on_true, on_false),
                Op::TestIndex(compare, on_true, on_false) => {
                    at = branch(holds(compare, accumulator, index), on_true, on_false);
                }
                Op::Jump(target) => at = target,
                Op::JumpBack(target) => {
                    loops += 1;
                    if loops > MOST_LOOPS {
                        return 0;
                    }
                    at = target;
                }
                Op::Return(verdict) => return verdict,
                Op::ReturnA => return accumulator,
                Op::ByteEqual { offset, mask, value, on_true, on_false } => {
                    let Some(loaded) = byte(packet, offset as usize) else { return 0 };
                    accumulator = loaded & mask;
                    at = branch(accumulator == value, on_true, on_false);
                }
                Op::HalfEqual { offset, mask, value, on_true, on_false } => {
                    let Some(loaded) = half(packet, offset as usize) else { return 0 };
                    accumulator = loaded & mask;
                    at = branch(accumulator == value, on_true, on_false);
                }
                Op::WordEqual { offset, mask, value, on_true, on_false } => {
                    let Some(loaded) = word(packet, offset as usize) else { return 0 };
                    accumulator = loaded & mask;
                    at = branch(accumulator == value, on_true, on_false);
                }
                Op::IndexedByteEqual { offset, value, on_true, on_false } => {
                    let Some(loaded) = behind(index, offset).and_then(|place| byte(packet, place)) else {
                        return 0;
                    };
                    accumulator = loaded;
                    at = branch(accumulator == value, on_true, on_false);
                }
                Op::IndexedHalfEqual { offset, value, on_true, on_false } => {
                    let Some(loaded) = behind(index, offset).and_then(|place| half(packet, place)) else {
                        return 0;
                    };
                    accumulator = loaded;
                    at = branch(accumulator == value, on_true, on_false);
                }
                Op::Window { number, on_true, on_false, short } => {
                    at = match self.windows.get(number as usize).and_then(|window| window.holds(packet)) {
                        Some(holds) => branch(holds, on_true, on_false),
                        None => short,
                    };
                }
                Op::Member { number, on_true, on_false } => {
                    at = branch(self.is_member(number, accumulator), on_true, on_false);
                }
                Op::WordMember { offset, number, on_true, on_false } => {
                    let Some(loaded) = word(packet, offset as usize) else { return 0 };
                    accumulator = loaded;
                    at = branch(self.is_member(number, accumulator), on_true, on_false);
                }
                Op::SmallMember { number, on_true, on_false } => {
                    at = branch(
                        self.bitmaps.get(number as usize).is_some_and(|set| set.contains(accumulator)),
                        on_true,
                        on_false,
                    );
                }
                Op::Switch(number) => match self.ranges.get(number as usize) {
                    Some(ranges) => {
                        let outcome = ranges.outcome(accumulator);
                        accumulator &= outcome.mask;
                        at = outcome.target;
                    }
                    None => return 0,
                },
            }
        }
    }
}

/// Chooses a target by a real branch. A conditional move would make every step wait for the one before, where
/// the processor could have guessed.
#[inline(always)]
fn branch(holds: bool, on_true: At, on_false: At) -> At {
    if holds {
        std::hint::cold_path();
        on_true
    } else {
        on_false
    }
}

#[inline(always)]
fn byte(packet: &[u8], offset: usize) -> Option<u32> {
    packet.get(offset).map(|&value| u32::from(value))
}

#[inline(always)]
fn half(packet: &[u8], offset: usize) -> Option<u32> {
    let bytes = packet.get(offset..offset.checked_add(2)?)?;
    Some(u32::from(u16::from_be_bytes(bytes.try_into().ok()?)))
}

#[inline(always)]
fn word(packet: &[u8], offset: usize) -> Option<u32> {
    let bytes = packet.get(offset..offset.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// Where an indexed load reads. The sum does not wrap: what lies beyond 32 bits lies beyond the packet.
#[inline(always)]
fn behind(index: u32, offset: u32) -> Option<usize> {
    (index as usize).checked_add(offset as usize)
}

#[inline(always)]
fn holds(compare: Compare, left: u32, right: u32) -> bool {
    match compare {
        Compare::Equal => left == right,
        Compare::Greater => left > right,
        Compare::GreaterOrEqual => left >= right,
        Compare::AnyBit => left & right != 0,
    }
}

/// The result, or nothing for a division by zero, which drops the packet.
#[inline(always)]
fn calculate(arithmetic: Arithmetic, left: u32, right: u32) -> Option<u32> {
    Some(match arithmetic {
        Arithmetic::Add => left.wrapping_add(right),
        Arithmetic::Subtract => left.wrapping_sub(right),
        Arithmetic::Multiply => left.wrapping_mul(right),
        Arithmetic::Divide => left.checked_div(right)?,
        Arithmetic::Modulo => left.checked_rem(right)?,
        Arithmetic::And => left & right,
        Arithmetic::Or => left | right,
        Arithmetic::Xor => left ^ right,
        Arithmetic::ShiftLeft => left.checked_shl(right).unwrap_or(0),
        Arithmetic::ShiftRight => left.checked_shr(right).unwrap_or(0),
    })
}
