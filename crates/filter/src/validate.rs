//! What a program must keep to before it may run: known instructions, jumps that stay inside, scratch words
//! that exist, no constant division by zero, and a return at the end.

use std::fmt;

use crate::ir::{Instruction, MEMORY_WORDS, code};

/// What is wrong with a program, and at which instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// There is no instruction at all.
    Empty,
    /// More instructions than may be; the count.
    TooLong(usize),
    /// An instruction that does not exist.
    UnknownCode(usize),
    /// A scratch word that does not exist.
    NoSuchWord(usize),
    /// A constant division or modulus by zero.
    DivisionByZero(usize),
    /// A constant shift by more bits than a word has.
    ShiftTooFar(usize),
    /// A jump to beyond the end or to before the start.
    JumpOutside(usize),
    /// A jump back, which the kernel refuses.
    Loop(usize),
    /// A scratch word is read that was not written on every way there, which the kernel refuses.
    Unwritten(usize),
    /// The last instruction is no return.
    NoReturn,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Empty => f.write_str("it has no instructions"),
            Fault::TooLong(count) => write!(f, "it has {count} instructions, more than are allowed"),
            Fault::UnknownCode(at) => write!(f, "instruction {at} does not exist"),
            Fault::NoSuchWord(at) => {
                write!(f, "instruction {at} uses a scratch word beyond the last, {}", MEMORY_WORDS - 1)
            }
            Fault::DivisionByZero(at) => write!(f, "instruction {at} divides by zero"),
            Fault::ShiftTooFar(at) => write!(f, "instruction {at} shifts by more than 31 bits"),
            Fault::JumpOutside(at) => write!(f, "instruction {at} jumps out of the program"),
            Fault::Loop(at) => write!(f, "instruction {at} jumps back"),
            Fault::Unwritten(at) => {
                write!(f, "instruction {at} reads a scratch word that may not be written yet")
            }
            Fault::NoReturn => f.write_str("its last instruction is no return"),
        }
    }
}

impl std::error::Error for Fault {}

/// Checks a program for running it here. Jumps back are fine (`protochain` needs them): the machine counts them.
pub fn validate(program: &[Instruction]) -> Result<(), Fault> {
    let last = program.last().ok_or(Fault::Empty)?;
    if u32::try_from(program.len()).is_err() {
        return Err(Fault::TooLong(program.len()));
    }
    for (at, instruction) in program.iter().enumerate() {
        check(at, instruction, program.len())?;
    }
    if last.code & 0x07 != code::RET {
        return Err(Fault::NoReturn);
    }
    Ok(())
}

fn check(at: usize, instruction: &Instruction, count: usize) -> Result<(), Fault> {
    use code::*;
    let k = instruction.k;
    match instruction.code & 0x07 {
        LD | LDX | ST | STX => {
            if !is_load_or_store(instruction.code) {
                return Err(Fault::UnknownCode(at));
            }
            let uses_word = matches!(instruction.code & 0x07, ST | STX) || instruction.code & 0xe0 == MEM;
            if uses_word && k as usize >= MEMORY_WORDS {
                return Err(Fault::NoSuchWord(at));
            }
            Ok(())
        }
        ALU => check_arithmetic(at, instruction),
        JMP => check_jump(at, instruction, count),
        RET if matches!(instruction.code & !0x07, K | A) => Ok(()),
        MISC if matches!(instruction.code & !0x07, TAX | TXA) => Ok(()),
        _ => Err(Fault::UnknownCode(at)),
    }
}

fn is_load_or_store(instruction: u16) -> bool {
    use code::*;
    const A_FROM_PACKET: [u16; 2] = [LD | ABS, LD | IND];
    let sized = A_FROM_PACKET.iter().any(|&mode| [W, H, B].iter().any(|&size| instruction == mode | size));
    sized
        || [LD | IMM, LD | MEM, LD | LEN, LDX | IMM, LDX | MEM, LDX | LEN, LDX | MSH | B, ST, STX]
            .contains(&instruction)
}

fn check_arithmetic(at: usize, instruction: &Instruction) -> Result<(), Fault> {
    use code::*;
    let operation = instruction.code & !0x0f;
    let constant = instruction.code & 0x08 == K;
    match operation {
        ADD | SUB | MUL | OR | AND | LSH | RSH | XOR => Ok(()),
        DIV | MOD if constant && instruction.k == 0 => Err(Fault::DivisionByZero(at)),
        DIV | MOD => Ok(()),
        NEG if constant => Ok(()),
        _ => Err(Fault::UnknownCode(at)),
    }
}

fn check_jump(at: usize, instruction: &Instruction, count: usize) -> Result<(), Fault> {
    use code::*;
    let lands = |skip: u32| landing(at, skip).is_some_and(|target| target < count);
    let inside = match instruction.code & !0x0f {
        JA if instruction.code == JMP | JA => lands(instruction.k),
        JEQ | JGT | JGE | JSET => lands(u32::from(instruction.jt)) && lands(u32::from(instruction.jf)),
        _ => return Err(Fault::UnknownCode(at)),
    };
    if inside { Ok(()) } else { Err(Fault::JumpOutside(at)) }
}

/// Where a jump lands: distances wrap at 32 bits, which is how a loop leads back.
pub(crate) fn landing(at: usize, skip: u32) -> Option<usize> {
    let next = u32::try_from(at).ok()?.checked_add(1)?;
    usize::try_from(next.wrapping_add(skip)).ok()
}
