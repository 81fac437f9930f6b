//! The registers of the machine, and which of them a statement reads and writes.

use crate::ir::{MEMORY_WORDS, Statement, code};

/// A register: the scratch words by number, then A, then X.
pub(super) type Register = usize;
/// The accumulator.
pub(super) const ACCUMULATOR: Register = MEMORY_WORDS;
/// The index register.
pub(super) const INDEX: Register = MEMORY_WORDS + 1;
/// How many there are.
pub(super) const REGISTERS: usize = MEMORY_WORDS + 2;

/// A statement that was optimised away; statements keep their places while there are jumps over them.
pub(super) const NOTHING: u16 = u16::MAX;

/// A set of registers.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct RegisterSet(u32);

impl RegisterSet {
    pub(super) const NONE: RegisterSet = RegisterSet(0);

    pub(super) fn insert(&mut self, register: Register) {
        self.0 |= 1 << register;
    }

    pub(super) fn contains(self, register: Register) -> bool {
        self.0 >> register & 1 != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn union(self, other: RegisterSet) -> RegisterSet {
        RegisterSet(self.0 | other.0)
    }

    pub(super) fn both(self, other: RegisterSet) -> RegisterSet {
        RegisterSet(self.0 & other.0)
    }

    pub(super) fn without(self, other: RegisterSet) -> RegisterSet {
        RegisterSet(self.0 & !other.0)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Register> {
        (0..REGISTERS).filter(move |&register| self.contains(register))
    }
}

fn scratch_word(k: u32) -> Option<Register> {
    usize::try_from(k).ok().filter(|&word| word < MEMORY_WORDS)
}

fn set(registers: impl IntoIterator<Item = Register>) -> RegisterSet {
    let mut set = RegisterSet::NONE;
    for register in registers {
        set.insert(register);
    }
    set
}

/// The registers that a statement or branch reads.
pub(super) fn reads(statement: &Statement) -> RegisterSet {
    if statement.code == NOTHING {
        return RegisterSet::NONE;
    }
    match statement.code & 0x07 {
        code::RET if statement.code & 0x18 == code::A => set([ACCUMULATOR]),
        code::RET => RegisterSet::NONE,
        code::LD | code::LDX => match statement.code & 0xe0 {
            code::IND => set([INDEX]),
            code::MEM => set(scratch_word(statement.k)),
            _ => RegisterSet::NONE,
        },
        code::ST => set([ACCUMULATOR]),
        code::STX => set([INDEX]),
        code::ALU | code::JMP if statement.code & 0x08 == code::X => set([ACCUMULATOR, INDEX]),
        code::ALU | code::JMP => set([ACCUMULATOR]),
        _ if statement.code & 0xf8 == code::TXA => set([INDEX]),
        _ => set([ACCUMULATOR]),
    }
}

/// The register that a statement writes.
pub(super) fn writes(statement: &Statement) -> Option<Register> {
    if statement.code == NOTHING {
        return None;
    }
    match statement.code & 0x07 {
        code::LD | code::ALU => Some(ACCUMULATOR),
        code::LDX => Some(INDEX),
        code::ST | code::STX => scratch_word(statement.k),
        code::MISC if statement.code & 0xf8 == code::TXA => Some(ACCUMULATOR),
        code::MISC => Some(INDEX),
        _ => None,
    }
}
