//! Instructions to steps, one for one: codes become variants, distances become places, jumps to jumps are
//! followed to where they end.

use super::op::{Arithmetic, At, Compare, Op, Size};
use crate::ir::{Instruction, code};
use crate::kernel::metadata;
use crate::validate::landing;

/// One step for each instruction of a valid program.
pub(super) fn decode(program: &[Instruction]) -> Vec<Op> {
    let destinations = destinations(program);
    program.iter().enumerate().map(|(at, instruction)| step(at, instruction, &destinations)).collect()
}

/// Where each place leads when forward jumps are followed.
fn destinations(program: &[Instruction]) -> Vec<At> {
    let mut destinations: Vec<At> =
        (0..program.len()).map(|at| At::try_from(at).unwrap_or(At::MAX)).collect();
    for (at, instruction) in program.iter().enumerate().rev() {
        if instruction.code == code::JMP | code::JA
            && let Some(target) = landing(at, instruction.k).filter(|&target| target > at)
            && let Some(&destination) = destinations.get(target)
            && let Some(entry) = destinations.get_mut(at)
        {
            *entry = destination;
        }
    }
    destinations
}

fn step(at: usize, instruction: &Instruction, destinations: &[At]) -> Op {
    use code::*;
    let Instruction { code, jt, jf, k } = *instruction;
    let word = k.to_le_bytes()[0];
    let target =
        |skip: u32| landing(at, skip).and_then(|place| destinations.get(place).copied()).unwrap_or(At::MAX);
    match code & 0x07 {
        LD => load(code, k),
        LDX => match code & 0xe0 {
            MEM => Op::IndexMemory(word),
            LEN => Op::IndexLength,
            MSH => Op::IndexHeader(k),
            _ => Op::IndexImmediate(k),
        },
        ST => Op::Store(word),
        STX => Op::StoreIndex(word),
        ALU if code & 0xf0 == NEG => Op::Negate,
        ALU => {
            let operation = arithmetic(code & 0xf0);
            match (code & 0x08, operation) {
                (X, _) => Op::Index(operation),
                (_, Arithmetic::And) => Op::And(k),
                _ => Op::Constant(operation, k),
            }
        }
        JMP => match compare(code & 0xf0) {
            None => match landing(at, k) {
                Some(place) if place > at => Op::Jump(target(k)),
                place => Op::JumpBack(place.and_then(|place| At::try_from(place).ok()).unwrap_or(At::MAX)),
            },
            Some(compare) if code & 0x08 == X => Op::TestIndex(compare, target(jt.into()), target(jf.into())),
            Some(Compare::Equal) => Op::TestEqual(k, target(jt.into()), target(jf.into())),
            Some(compare) => Op::Test(compare, k, target(jt.into()), target(jf.into())),
        },
        RET if code & 0x18 == A => Op::ReturnA,
        RET => Op::Return(k),
        _ if code & 0xf8 == TXA => Op::FromIndex,
        _ => Op::ToIndex,
    }
}

fn load(instruction: u16, k: u32) -> Op {
    use code::*;
    match (instruction & 0xe0, size(instruction)) {
        (ABS, _) if k == metadata::XOR => Op::ExclusiveOrIndex,
        (ABS, _) if k >= metadata::START => Op::Metadata(k),
        (ABS, Size::Byte) => Op::LoadByte(k),
        (ABS, Size::Half) => Op::LoadHalf(k),
        (ABS, Size::Word) => Op::LoadWord(k),
        (IND, Size::Byte) => Op::IndexedByte(k),
        (IND, Size::Half) => Op::IndexedHalf(k),
        (IND, Size::Word) => Op::IndexedWord(k),
        (MEM, _) => Op::Memory(k.to_le_bytes()[0]),
        (LEN, _) => Op::Length,
        _ => Op::Immediate(k),
    }
}

fn size(instruction: u16) -> Size {
    match instruction & 0x18 {
        code::B => Size::Byte,
        code::H => Size::Half,
        _ => Size::Word,
    }
}

fn arithmetic(operation: u16) -> Arithmetic {
    match operation {
        code::SUB => Arithmetic::Subtract,
        code::MUL => Arithmetic::Multiply,
        code::DIV => Arithmetic::Divide,
        code::MOD => Arithmetic::Modulo,
        code::AND => Arithmetic::And,
        code::OR => Arithmetic::Or,
        code::XOR => Arithmetic::Xor,
        code::LSH => Arithmetic::ShiftLeft,
        code::RSH => Arithmetic::ShiftRight,
        _ => Arithmetic::Add,
    }
}

fn compare(operation: u16) -> Option<Compare> {
    match operation {
        code::JEQ => Some(Compare::Equal),
        code::JGT => Some(Compare::Greater),
        code::JGE => Some(Compare::GreaterOrEqual),
        code::JSET => Some(Compare::AnyBit),
        _ => None,
    }
}
