//! Any instructions: what is accepted as a program must run on any packet, and as it reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirescope_filter::ir::Instruction;
use wirescope_filter::kernel::metadata::Metadata;
use wirescope_filter::{Program, listing};

#[path = "../../crates/filter/tests/reference/mod.rs"]
mod reference;

/// Instructions come first, eight bytes each, and end with the byte 0xff in the place of a code's high half.
fn split(data: &[u8]) -> (Vec<Instruction>, &[u8]) {
    let mut program = Vec::new();
    let mut rest = data;
    while let Some((bytes, tail)) = rest.split_first_chunk::<8>() {
        let &[high, low, jt, jf, k0, k1, k2, k3] = bytes;
        if high == 0xff {
            return (program, tail);
        }
        // High halves of codes are zero; the mutator should not have to find that out.
        program.push(Instruction { code: low.into(), jt, jf, k: u32::from_be_bytes([k0, k1, k2, k3]) });
        rest = tail;
    }
    (program, rest)
}

fuzz_target!(|data: &[u8]| {
    let (instructions, packet) = split(data);
    let _ = listing::assembly(&instructions);
    let Ok(program) = Program::new(instructions.clone()) else { return };
    let wire_len = packet.len() as u32;
    let metadata = Metadata { vlan_tag: Some(5), vlan_protocol: 0x8100, protocol: 0x0800, ..Metadata::default() };
    for live in [None, Some(&metadata)] {
        assert_eq!(program.verdict(packet, wire_len, live), reference::run(&instructions, packet, wire_len, live));
    }
});
