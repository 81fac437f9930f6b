//! Value numbering: equal numbers mean equal values, whatever packet there is.

use super::hash::NumberMap;
use super::registers::REGISTERS;
use crate::ir::{Statement, code};

/// Number of a value; [`UNKNOWN`] says nothing.
pub(super) type Value = u32;
/// A value about which nothing is known.
pub(super) const UNKNOWN: Value = 0;

/// What the registers hold.
pub(super) type Registers = [Value; REGISTERS];

/// What a block with jumps inside does, from what the registers held before it, and the place and register asked
/// about.
type Join = (Vec<(u16, u32, u32, u32)>, Registers, usize, usize);

/// All values met so far.
#[derive(Default)]
pub(super) struct Values {
    /// By instruction and the values it works on.
    computed: NumberMap<(u16, u32, u32), Value>,
    joined: NumberMap<Join, Value>,
    /// By number, the constant that it stands for.
    constants: Vec<Option<u32>>,
}

impl Values {
    pub(super) fn clear(&mut self) {
        self.computed.clear();
        self.joined.clear();
        self.constants.clear();
        self.constants.push(None);
    }

    /// The value that an instruction makes of its operands.
    pub(super) fn computed(&mut self, instruction: u16, left: u32, right: u32) -> Value {
        let is_constant =
            matches!(instruction & 0x07, code::LD | code::LDX) && instruction & 0xe0 == code::IMM;
        let constants = &mut self.constants;
        let new = || new_number(constants, is_constant.then_some(left));
        *self.computed.entry((instruction, left, right)).or_insert_with(new)
    }

    /// A constant.
    pub(super) fn constant(&mut self, k: u32) -> Value {
        self.computed(code::LD | code::IMM | code::W, k, 0)
    }

    /// The value where ways inside a block join that bring different ones: a function of what the block does
    /// and of what the registers held before it.
    pub(super) fn joined(
        &mut self,
        statements: &[Statement],
        before: &Registers,
        at: usize,
        register: usize,
    ) -> Value {
        let block = statements.iter().map(|s| (s.code, s.k, s.jt, s.jf)).collect();
        let constants = &mut self.constants;
        *self.joined.entry((block, *before, at, register)).or_insert_with(|| new_number(constants, None))
    }

    /// The constant that a value is, if it is one.
    pub(super) fn as_constant(&self, value: Value) -> Option<u32> {
        self.constants.get(value as usize).copied().flatten()
    }
}

fn new_number(constants: &mut Vec<Option<u32>>, constant: Option<u32>) -> Value {
    constants.push(constant);
    Value::try_from(constants.len() - 1).unwrap_or(UNKNOWN)
}
