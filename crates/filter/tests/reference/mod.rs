//! A machine that takes one instruction at a time, as the definition of classic BPF reads: what the fast one is
//! compared with.

use wirescope_filter::Metadata;
use wirescope_filter::ir::{Instruction, MEMORY_WORDS, code};
use wirescope_filter::kernel::metadata;

/// Jumps back that a run may make before the packet is dropped.
const MOST_LOOPS: u32 = 1 << 16;

/// Where the value in A was loaded from, as long as it is only masked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    pub(crate) offset: usize,
    pub(crate) len: usize,
    pub(crate) mask: u32,
}

/// What one who watches a run may change: the packet, just before a comparison of A with a constant.
pub(crate) type Watch<'w> = dyn FnMut(&mut Vec<u8>, &Instruction, Source) + 'w;

/// What a valid program returns.
pub(crate) fn run(program: &[Instruction], packet: &[u8], wire_len: u32, live: Option<&Metadata>) -> u32 {
    let mut packet = packet.to_vec();
    run_watched(program, &mut packet, wire_len, live, &mut |_, _, _| {}).unwrap_or(0)
}

/// The same, with somebody watching the comparisons; nothing where something cannot be read or divided.
pub(crate) fn run_watched(
    program: &[Instruction],
    packet: &mut Vec<u8>,
    wire_len: u32,
    live: Option<&Metadata>,
    watch: &mut Watch<'_>,
) -> Option<u32> {
    use code::*;
    let (mut a, mut x, mut at, mut loops) = (0u32, 0u32, 0usize, 0u32);
    let mut memory = [0u32; MEMORY_WORDS];
    let mut source: Option<Source> = None;
    loop {
        let instruction = program[at];
        let Instruction { code, jt, jf, k } = instruction;
        at += 1;
        let (class, mode) = (code & 0x07, code & 0xe0);
        match class {
            LD | LDX => {
                source = source.filter(|_| class == LDX);
                let value = match mode {
                    IMM => k,
                    MEM => memory[k as usize],
                    LEN => wire_len,
                    MSH => match load(packet, u64::from(k), 1) {
                        Some(value) => (value & 0xf) << 2,
                        None => return None,
                    },
                    ABS if k >= metadata::START => match live {
                        Some(_) if k == metadata::XOR => a ^ x,
                        _ => live.and_then(|live| live.get(k))?,
                    },
                    _ => {
                        let offset = u64::from(k) + if mode == IND { u64::from(x) } else { 0 };
                        let len = match code & 0x18 {
                            B => 1,
                            H => 2,
                            _ => 4,
                        };
                        let value = load(packet, offset, len)?;
                        source = Some(Source { offset: offset as usize, len, mask: u32::MAX });
                        value
                    }
                };
                *(if class == LD { &mut a } else { &mut x }) = value;
            }
            ST => memory[k as usize] = a,
            STX => memory[k as usize] = x,
            ALU => {
                let right = if code & 0x08 == X { x } else { k };
                source = source.filter(|_| code == ALU | AND | K).map(|s| Source { mask: s.mask & k, ..s });
                match calculate(code & 0xf0, a, right) {
                    Some(value) => a = value,
                    None => return None,
                }
            }
            JMP if code == JMP | JA => {
                let target = (at as u32).wrapping_add(k) as usize;
                if target < at {
                    loops += 1;
                    if loops > MOST_LOOPS {
                        return None;
                    }
                }
                at = target;
            }
            JMP => {
                if let (Some(from), K) = (source, code & 0x08) {
                    watch(packet, &instruction, from);
                    if let Some(value) = load(packet, from.offset as u64, from.len) {
                        a = value & from.mask;
                    }
                }
                let right = if code & 0x08 == X { x } else { k };
                let holds = match code & 0xf0 {
                    JEQ => a == right,
                    JGT => a > right,
                    JGE => a >= right,
                    _ => a & right != 0,
                };
                at += usize::from(if holds { jt } else { jf });
            }
            RET => return Some(if code & 0x18 == A { a } else { k }),
            _ if code & 0xf8 == TXA => {
                a = x;
                source = None;
            }
            _ => x = a,
        }
    }
}

fn load(packet: &[u8], offset: u64, len: usize) -> Option<u32> {
    let offset = usize::try_from(offset).ok()?;
    let bytes = packet.get(offset..offset.checked_add(len)?)?;
    Some(bytes.iter().fold(0, |value, &byte| value << 8 | u32::from(byte)))
}

fn calculate(operation: u16, left: u32, right: u32) -> Option<u32> {
    use code::*;
    Some(match operation {
        ADD => left.wrapping_add(right),
        SUB => left.wrapping_sub(right),
        MUL => left.wrapping_mul(right),
        DIV => left.checked_div(right)?,
        MOD => left.checked_rem(right)?,
        AND => left & right,
        OR => left | right,
        XOR => left ^ right,
        LSH if right < 32 => left << right,
        RSH if right < 32 => left >> right,
        LSH | RSH => 0,
        _ => left.wrapping_neg(),
    })
}
