//! Packets made to take a program's branches: bytes are changed on the way so that comparisons hold, or just
//! fail, as a seeded die decides.

use wirescope_filter::ir::{Instruction, code};

use crate::reference::{Source, run_watched};

/// A small generator of reproducible numbers (xorshift).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.roll() >> 11) as usize % limit.max(1)
    }
}

/// A packet that takes some way through the program, in full or cut short.
pub(crate) fn packet_for(program: &[Instruction], dice: &mut Dice) -> Vec<u8> {
    let len = 256 + dice.below(64);
    let mut packet: Vec<u8> = (0..len).map(|_| dice.roll().to_le_bytes()[3]).collect();
    if dice.below(3) == 0 {
        packet.fill(0);
    }
    let mut decided: Vec<(usize, usize)> = Vec::new();
    let wire_len = packet.len() as u32;
    run_watched(program, &mut packet, wire_len, None, &mut |packet, comparison, from| {
        // Bytes that an earlier comparison decided mostly stay.
        let overlaps =
            decided.iter().any(|&(start, end)| start < from.offset + from.len && from.offset < end);
        if overlaps && dice.below(8) != 0 || dice.below(4) == 0 {
            return;
        }
        decided.push((from.offset, from.offset + from.len));
        write(packet, from, wanted(comparison, dice));
    });
    if dice.below(4) == 0 {
        packet.truncate(dice.below(90));
    }
    packet
}

/// A value near the comparison's constant.
fn wanted(comparison: &Instruction, dice: &mut Dice) -> u32 {
    match (comparison.code & 0xf0, dice.below(8)) {
        (code::JSET, 0..4) => 0,
        (_, 0) => comparison.k.wrapping_add(1),
        (_, 1) => comparison.k.wrapping_sub(1),
        _ => comparison.k,
    }
}

fn write(packet: &mut [u8], to: Source, value: u32) {
    let Some(bytes) = packet.get_mut(to.offset..to.offset + to.len) else { return };
    let old = bytes.iter().fold(0, |word: u32, &byte| word << 8 | u32::from(byte));
    let new = old & !to.mask | value & to.mask;
    for (place, byte) in bytes.iter_mut().rev().enumerate() {
        *byte = new.to_le_bytes()[place];
    }
}
