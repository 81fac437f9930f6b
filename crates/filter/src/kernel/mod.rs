//! What a live Linux socket needs of a program: the kernel's stricter checks, the snap length as verdict, and
//! offsets as the socket sees the packet.

pub mod metadata;

use crate::ir::{Instruction, MEMORY_WORDS, code};
use crate::validate::{Fault, landing, validate};

/// Most instructions that the Linux kernel takes (`BPF_MAXINSNS`).
pub const MOST_INSTRUCTIONS: usize = 4096;

/// Bytes before the packet in a Linux "cooked" header, version 1.
const COOKED_LEN: u32 = 16;
/// The same for version 2.
const COOKED_2_LEN: u32 = 20;

/// How the socket shows packets to the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Socket {
    /// From the link-layer header on.
    Raw,
    /// From the network header on; the program was made for `LINUX_SLL`.
    Cooked,
    /// From the network header on; the program was made for `LINUX_SLL2`.
    Cooked2,
}

/// A program fit for `SO_ATTACH_FILTER`: every field of an [`Instruction`] is that of a `sock_filter`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KernelProgram {
    instructions: Vec<Instruction>,
}

impl KernelProgram {
    /// Makes a program fit for the kernel. Where it cannot be (it is too long, loops, or looks at parts of a
    /// cooked header that the kernel has no word for), packets must be filtered after they are read.
    pub fn new(program: &[Instruction], socket: Socket, snap_len: u32) -> Result<KernelProgram, Unfit> {
        let mut instructions = program.to_vec();
        for (at, instruction) in instructions.iter_mut().enumerate() {
            if instruction.code == code::RET | code::K && instruction.k != 0 {
                instruction.k = snap_len;
            }
            if socket != Socket::Raw {
                shift_load(instruction, socket).ok_or(Unfit::Header(at))?;
            }
        }
        validate_for_kernel(&instructions).map_err(Unfit::Invalid)?;
        Ok(KernelProgram { instructions })
    }

    /// The instructions to hand over.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }
}

/// Why the kernel cannot run a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unfit {
    /// The kernel would refuse it.
    Invalid(Fault),
    /// The instruction looks at a part of the cooked header that the kernel has no word for.
    Header(usize),
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unfit::Invalid(fault) => write!(f, "the kernel cannot run the filter: {fault}"),
            Unfit::Header(at) => {
                write!(
                    f,
                    "the kernel cannot run the filter: instruction {at} reads a header that it does not have"
                )
            }
        }
    }
}

impl std::error::Error for Unfit {}

/// Moves a load from the packet with its cooked header to the packet as the kernel has it.
fn shift_load(instruction: &mut Instruction, socket: Socket) -> Option<()> {
    use code::*;
    let class = instruction.code & 0x07;
    let mode = instruction.code & 0xe0;
    let from_packet = class == LD && matches!(mode, ABS | IND) || class == LDX && mode == MSH;
    if !from_packet || instruction.k >= metadata::START {
        return Some(());
    }
    let header_len = if socket == Socket::Cooked { COOKED_LEN } else { COOKED_2_LEN };
    if let Some(offset) = instruction.k.checked_sub(header_len) {
        instruction.k = offset;
        return Some(());
    }
    if class != LD || mode != ABS {
        return None;
    }
    let size = instruction.code & 0x18;
    instruction.k = match (socket, instruction.k, size) {
        (Socket::Cooked, 0, H) | (Socket::Cooked2, 10, B) => metadata::PACKET_TYPE,
        (Socket::Cooked, 2, H) | (Socket::Cooked2, 8, H) => metadata::HARDWARE_TYPE,
        (Socket::Cooked, 14, H) | (Socket::Cooked2, 0, H) => metadata::PROTOCOL,
        (Socket::Cooked2, 4, W) => metadata::INTERFACE_INDEX,
        _ => return None,
    };
    Some(())
}

/// Checks a program as the kernel does: beyond [`validate`], a limit on its length, no loop, no shift out of
/// the word, and no scratch word read before it is written.
pub fn validate_for_kernel(program: &[Instruction]) -> Result<(), Fault> {
    if program.len() > MOST_INSTRUCTIONS {
        return Err(Fault::TooLong(program.len()));
    }
    validate(program)?;
    // Words surely written when an instruction is reached; jumps only lead forward.
    const ALL: u16 = u16::MAX;
    const _: () = assert!(MEMORY_WORDS == u16::BITS as usize);
    let mut written = vec![ALL; program.len()];
    if let Some(first) = written.first_mut() {
        *first = 0;
    }
    for (at, instruction) in program.iter().enumerate() {
        use code::*;
        let mut now = written.get(at).copied().unwrap_or(ALL);
        let word = 1u16.checked_shl(instruction.k).unwrap_or(0);
        let next: [Option<usize>; 2] = match instruction.code & 0x07 {
            ST | STX => {
                now |= word;
                [Some(at + 1), None]
            }
            LD | LDX if instruction.code & 0xe0 == MEM && now & word == 0 => {
                return Err(Fault::Unwritten(at));
            }
            ALU if matches!(instruction.code, c if c == ALU | LSH | K || c == ALU | RSH | K)
                && instruction.k > 31 =>
            {
                return Err(Fault::ShiftTooFar(at));
            }
            JMP if instruction.code == JMP | JA => [landing(at, instruction.k), None],
            JMP => [landing(at, instruction.jt.into()), landing(at, instruction.jf.into())],
            RET => [None, None],
            _ => [Some(at + 1), None],
        };
        for target in next.into_iter().flatten() {
            if target <= at {
                return Err(Fault::Loop(at));
            }
            if let Some(entry) = written.get_mut(target) {
                *entry &= now;
            }
        }
    }
    Ok(())
}
