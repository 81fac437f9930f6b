//! Programs as text: `-d` for people, `-dd` as C, `-ddd` as numbers.

use std::fmt::Write;

use crate::ir::{Instruction, code};
use crate::kernel::metadata;

/// The listing of `-d`: an instruction a line, with its number and where its branches go.
pub fn assembly(program: &[Instruction]) -> String {
    let mut text = String::new();
    for (at, instruction) in program.iter().enumerate() {
        assembly_line(at, instruction, &mut text);
        text.push('\n');
    }
    text
}

/// The listing of `-dd`: the members of a C array.
pub fn c_array(program: &[Instruction]) -> String {
    let mut text = String::new();
    for Instruction { code, jt, jf, k } in program {
        let _ = writeln!(text, "{{ 0x{code:x}, {jt}, {jf}, 0x{k:08x} }},");
    }
    text
}

/// The listing of `-ddd`: the count of instructions, then each as four decimal numbers.
pub fn decimal(program: &[Instruction]) -> String {
    let mut text = format!("{}\n", program.len());
    for Instruction { code, jt, jf, k } in program {
        let _ = writeln!(text, "{code} {jt} {jf} {k}");
    }
    text
}

fn assembly_line(at: usize, instruction: &Instruction, text: &mut String) {
    let (name, operand) = name_and_operand(at, instruction);
    let is_conditional = instruction.code & 0x07 == code::JMP && instruction.code != code::JMP | code::JA;
    if is_conditional && name != UNKNOWN {
        let jt = at + 1 + usize::from(instruction.jt);
        let jf = at + 1 + usize::from(instruction.jf);
        let _ = write!(text, "({at:03}) {name:<8} {operand:<16} jt {jt}\tjf {jf}");
    } else {
        let _ = write!(text, "({at:03}) {name:<8} {operand}");
    }
}

const UNKNOWN: &str = "unimp";

fn name_and_operand(at: usize, instruction: &Instruction) -> (&'static str, String) {
    use code::*;
    let Instruction { code, k, .. } = *instruction;
    // Distances and offsets are shown as signed numbers.
    let signed = k.cast_signed();
    match code & 0x07 {
        LD => match (code & 0xe0, load_name(code)) {
            (ABS, Some(name)) => (name, absolute_operand(k)),
            (IND, Some(name)) => (name, format!("[x + {signed}]")),
            (IMM, Some("ld")) => ("ld", format!("#0x{k:x}")),
            (MEM, Some("ld")) => ("ld", format!("M[{signed}]")),
            (LEN, Some("ld")) => ("ld", "#pktlen".to_owned()),
            _ => unknown(code),
        },
        LDX if code == LDX | IMM => ("ldx", format!("#0x{k:x}")),
        LDX if code == LDX | MEM => ("ldx", format!("M[{signed}]")),
        LDX if code == LDX | MSH | B => ("ldxb", format!("4*([{signed}]&0xf)")),
        ST if code == ST => ("st", format!("M[{signed}]")),
        STX if code == STX => ("stx", format!("M[{signed}]")),
        ALU => match arithmetic_name(code & !0x0f) {
            Some("neg") if code == ALU | NEG => ("neg", String::new()),
            Some("neg") | None => unknown(code),
            Some(name) if code & 0x08 == X => (name, "x".to_owned()),
            Some(name) if matches!(code & 0xf0, OR | AND | XOR) => (name, format!("#0x{k:x}")),
            Some(name) => (name, format!("#{signed}")),
        },
        JMP if code == JMP | JA => {
            let target =
                i64::try_from(at).unwrap_or(i64::MAX).wrapping_add(1).wrapping_add(i64::from(signed));
            ("ja", target.to_string())
        }
        JMP => match jump_name(code & !0x0f) {
            Some(name) if code & 0x08 == X => (name, "x".to_owned()),
            Some(name) => (name, format!("#0x{k:x}")),
            None => unknown(code),
        },
        RET if code == RET | K => ("ret", format!("#{signed}")),
        RET if code == RET | A => ("ret", String::new()),
        MISC if code == MISC | TAX => ("tax", String::new()),
        MISC if code == MISC | TXA => ("txa", String::new()),
        _ => unknown(code),
    }
}

fn unknown(code: u16) -> (&'static str, String) {
    (UNKNOWN, format!("0x{code:x}"))
}

fn load_name(instruction: u16) -> Option<&'static str> {
    match instruction & !0xe7 {
        code::W => Some("ld"),
        code::H => Some("ldh"),
        code::B => Some("ldb"),
        _ => None,
    }
}

fn arithmetic_name(operation: u16) -> Option<&'static str> {
    use code::*;
    Some(match operation {
        ADD => "add",
        SUB => "sub",
        MUL => "mul",
        DIV => "div",
        OR => "or",
        AND => "and",
        LSH => "lsh",
        RSH => "rsh",
        NEG => "neg",
        MOD => "mod",
        XOR => "xor",
        _ => return None,
    })
}

fn jump_name(operation: u16) -> Option<&'static str> {
    match operation {
        code::JEQ => Some("jeq"),
        code::JGT => Some("jgt"),
        code::JGE => Some("jge"),
        code::JSET => Some("jset"),
        _ => None,
    }
}

/// An offset in the packet, or the name of what the Linux kernel knows about the packet.
fn absolute_operand(k: u32) -> String {
    match metadata::name(k) {
        Some(name) => format!("[{name}]"),
        None => format!("[{}]", k.cast_signed()),
    }
}
