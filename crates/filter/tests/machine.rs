//! The fast machine against the plain one, on recorded programs and on made-up ones; and the optimiser against
//! the programs it started from.

mod corpus;
mod packets;
mod rebuild;
mod reference;

use packets::{Dice, packet_for};
use proptest::prelude::*;
use wirescope_filter::ir::{Instruction, code};
use wirescope_filter::kernel::metadata::{self, Metadata};
use wirescope_filter::listing::assembly;
use wirescope_filter::{Program, Refusal};

/// Packets that each recorded program sees.
const PACKETS: usize = 40;

#[test]
fn recorded_programs_run_as_they_read() {
    let Some(folder) = corpus::folder() else { return };
    let mut dice = Dice::new(1);
    let mut passed = 0;
    for pair in corpus::pairs(&folder) {
        for instructions in [Some(&pair.plain), pair.optimised.as_ref()].into_iter().flatten() {
            let program = Program::new(instructions.clone()).expect("a recorded program is valid");
            for _ in 0..PACKETS {
                let packet = packet_for(instructions, &mut dice);
                let wire_len = (packet.len() + dice.below(1000)) as u32;
                let metadata = some_metadata(&mut dice);
                let live = pair.live.then_some(&metadata);
                let wanted = reference::run(instructions, &packet, wire_len, live);
                passed += usize::from(wanted != 0);
                let verdict = program.verdict(&packet, wire_len, live);
                assert_eq!(verdict, wanted, "{} {packet:02x?}\n{}", pair.expression, assembly(instructions));
            }
        }
    }
    assert!(passed > 50_000, "the packets hardly ever pass: {passed}");
}

#[test]
fn optimised_programs_decide_like_plain_ones() {
    let Some(folder) = corpus::folder() else { return };
    let mut dice = Dice::new(2);
    for pair in corpus::pairs(&folder) {
        let optimised = match Program::from_graph(rebuild::rebuild(&pair.plain), true) {
            Ok(program) => Some(program),
            Err(Refusal::RejectsAll) => None,
            Err(_) => continue,
        };
        for turn in 0..PACKETS {
            let source =
                optimised.as_ref().filter(|_| turn % 2 == 0).map_or(&pair.plain[..], Program::instructions);
            let mut packet = packet_for(source, &mut dice);
            let wire_len = (packet.len() + dice.below(1000)) as u32;
            let metadata = some_metadata(&mut dice);
            let live = pair.live.then_some(&metadata);
            // Where the plain program fails at a load, the optimiser may have found it needless, or an offset that
            // wraps to be inside.
            let Some(plain) =
                reference::run_watched(&pair.plain, &mut packet, wire_len, live, &mut |_, _, _| {})
            else {
                continue;
            };
            let verdict = optimised.as_ref().map_or(0, |program| program.verdict(&packet, wire_len, live));
            assert_eq!(
                verdict,
                plain,
                "{} on {} {packet:02x?}\n{}\n{}",
                pair.expression,
                pair.link,
                assembly(&pair.plain),
                optimised.as_ref().map_or(String::new(), |program| assembly(program.instructions()))
            );
        }
    }
}

fn some_metadata(dice: &mut Dice) -> Metadata {
    Metadata {
        protocol: 0x0800,
        vlan_tag: (dice.below(2) == 0).then(|| dice.below(4096) as u16),
        vlan_protocol: 0x8100,
        ..Metadata::default()
    }
}

/// Offsets and constants that come up again and again, so that folding has something to fold.
fn constant() -> impl Strategy<Value = u32> {
    prop_oneof![
        8 => 0..40u32,
        2 => prop::sample::select(vec![0xff00_0000, 0xffff_0000, 0xffff_fff0, 0x0f, 0xff, u32::MAX, 1 << 31, 0xffff]),
        1 => any::<u32>(),
        1 => prop::sample::select(vec![metadata::VLAN_TAG, metadata::VLAN_TAG_PRESENT, metadata::XOR, metadata::MARK]),
    ]
}

fn instruction() -> impl Strategy<Value = Instruction> {
    use code::*;
    let codes: Vec<u16> = vec![
        LD | ABS | W,
        LD | ABS | H,
        LD | ABS | B,
        LD | IND | W,
        LD | IND | H,
        LD | IND | B,
        LD | IMM,
        LD | LEN,
        LD | MEM,
        LDX | IMM,
        LDX | MEM,
        LDX | LEN,
        LDX | MSH | B,
        ST,
        STX,
        MISC | TAX,
        MISC | TXA,
        ALU | ADD | K,
        ALU | SUB | X,
        ALU | MUL | K,
        ALU | DIV | X,
        ALU | MOD | X,
        ALU | OR | K,
        ALU | XOR | X,
        ALU | LSH | X,
        ALU | RSH | K,
        ALU | NEG,
        RET | K,
        RET | A,
    ];
    let comparisons: Vec<u16> = vec![
        JMP | JEQ | K,
        JMP | JGT | K,
        JMP | JGE | K,
        JMP | JSET | K,
        JMP | JEQ | X,
        JMP | JGT | X,
        ALU | AND | K,
    ];
    let code = prop_oneof![
        3 => prop::sample::select(codes),
        4 => prop::sample::select(comparisons),
        2 => Just(JMP | JEQ | K),
        1 => Just(LD | ABS | H),
        1 => Just(JMP | JA),
    ];
    (code, 0..6u8, 0..6u8, constant()).prop_map(|(code, jt, jf, k)| Instruction { code, jt, jf, k })
}

/// A valid program: what is out of bounds is brought inside.
fn program() -> impl Strategy<Value = Vec<Instruction>> {
    (prop::collection::vec(instruction(), 1..80), any::<bool>()).prop_map(|(mut program, loops)| {
        let last = program.len();
        program.push(Instruction { code: code::RET | code::K, jt: 0, jf: 0, k: 0 });
        program.push(Instruction { code: code::RET | code::K, jt: 0, jf: 0, k: 1 });
        for (at, instruction) in program.iter_mut().enumerate().take(last) {
            let left = last + 1 - at - 1;
            instruction.jt = (usize::from(instruction.jt) % (left + 1)) as u8;
            instruction.jf = (usize::from(instruction.jf) % (left + 1)) as u8;
            let uses_word = matches!(instruction.code & 7, code::ST | code::STX)
                || instruction.code & 7 < 2 && instruction.code & 0xe0 == code::MEM;
            if uses_word {
                instruction.k %= 16;
            } else if instruction.code == code::JMP | code::JA {
                let back = loops && instruction.k % 5 == 0;
                instruction.k = if back {
                    0u32.wrapping_sub(instruction.k % (at as u32 + 1))
                } else {
                    instruction.k % (left as u32 + 1)
                };
            }
        }
        program
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn any_valid_program_runs_as_it_reads(
        instructions in program(),
        mut packet in prop::collection::vec(prop_oneof![0..40u8, any::<u8>()], 0..60),
        seed in any::<u64>(),
        is_live in any::<bool>(),
    ) {
        let program = Program::new(instructions.clone()).expect("made to be valid");
        let mut dice = Dice::new(seed);
        let metadata = some_metadata(&mut dice);
        let live = is_live.then_some(&metadata);
        for _ in 0..8 {
            let wanted = reference::run(&instructions, &packet, 60, live);
            let verdict = program.verdict(&packet, 60, live);
            prop_assert_eq!(verdict, wanted, "{}", assembly(&instructions));
            packet = packet_for(&instructions, &mut dice);
        }
    }
}
