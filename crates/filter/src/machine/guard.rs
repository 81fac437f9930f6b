//! The tests that most packets fail at, done before the machine starts: they need no registers.
//!
//! What a filter asks first is mostly one window of bytes (an EtherType, a protocol, the fragment offset), and then
//! often one field behind a header of varying length, such as a port or TCP's flags. Where the program begins like
//! that, these two decide without a single step.

use super::op::{At, Op};
use super::window::Window;
use super::{Machine, behind, byte, half};

/// How a program begins.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    window: Window,
    on_fail: Way,
    on_pass: Next,
}

/// Where a decision leads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    /// To the end, with this verdict.
    Verdict(u32),
    /// To a step, with registers as they are at the start.
    Step(At),
}

/// What follows when the window's bytes are as wanted.
#[derive(Clone, Copy, Debug)]
enum Next {
    Way(Way),
    Field(Field),
}

/// A field behind a header whose length is told by the low half of a byte, and what it decides.
#[derive(Clone, Copy, Debug)]
struct Field {
    header: u32,
    offset: u32,
    is_half: bool,
    value: u32,
    if_equal: u32,
    otherwise: u32,
}

impl Guard {
    /// Reads the guard off the first steps, if the program begins like that.
    pub(super) fn new(machine: &Machine) -> Option<Guard> {
        let &Op::Window { number, on_true, on_false, .. } = machine.steps.first()? else { return None };
        let window = machine.windows.get(number as usize)?.clone();
        let steps = &machine.steps;
        let on_pass = match Field::new(steps, on_true) {
            Some(field) => Next::Field(field),
            None => Next::Way(Way::new(steps, on_true)),
        };
        Some(Guard { window, on_fail: Way::new(steps, on_false), on_pass })
    }

    /// Where the program goes on with a packet.
    #[inline(always)]
    pub(super) fn way(&self, packet: &[u8]) -> Way {
        match self.window.holds(packet) {
            None => Way::Step(0),
            Some(false) => self.on_fail,
            Some(true) => match &self.on_pass {
                Next::Way(way) => *way,
                Next::Field(field) => Way::Verdict(field.verdict(packet).unwrap_or(0)),
            },
        }
    }
}

impl Way {
    fn new(steps: &[Op], at: At) -> Way {
        match steps.get(at as usize) {
            Some(&Op::Return(verdict)) => Way::Verdict(verdict),
            _ => Way::Step(at),
        }
    }
}

impl Field {
    fn new(steps: &[Op], at: At) -> Option<Field> {
        let at = at as usize;
        let &Op::IndexHeader(header) = steps.get(at)? else { return None };
        let (offset, value, on_true, on_false, is_half) = match *steps.get(at + 1)? {
            Op::IndexedByteEqual { offset, value, on_true, on_false } => {
                (offset, value, on_true, on_false, false)
            }
            Op::IndexedHalfEqual { offset, value, on_true, on_false } => {
                (offset, value, on_true, on_false, true)
            }
            _ => return None,
        };
        let verdict = |at: At| match Way::new(steps, at) {
            Way::Verdict(verdict) => Some(verdict),
            Way::Step(_) => None,
        };
        let (if_equal, otherwise) = (verdict(on_true)?, verdict(on_false)?);
        Some(Field { header, offset, is_half, value, if_equal, otherwise })
    }

    /// The verdict, or nothing where the packet ends before the field.
    #[inline(always)]
    fn verdict(&self, packet: &[u8]) -> Option<u32> {
        let index = (byte(packet, self.header as usize)? & 0x0f) << 2;
        let place = behind(index, self.offset)?;
        let value = if self.is_half { half(packet, place)? } else { byte(packet, place)? };
        Some(if value == self.value { self.if_equal } else { self.otherwise })
    }
}
