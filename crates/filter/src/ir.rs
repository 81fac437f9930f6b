//! The shape that the filter's stages hand to each other: statements in blocks, blocks in a graph, and the
//! classic BPF instructions that come out at the end.
//!
//! Instruction codes are those of classic BPF: <https://www.kernel.org/doc/html/latest/networking/filter.html>
//! and McCanne and Jacobson, "The BSD Packet Filter", 1993.

/// Instruction codes: class, size, mode, operation and source, to be added up.
#[allow(missing_docs)]
pub mod code {
    // Classes.
    pub const LD: u16 = 0x00;
    pub const LDX: u16 = 0x01;
    pub const ST: u16 = 0x02;
    pub const STX: u16 = 0x03;
    pub const ALU: u16 = 0x04;
    pub const JMP: u16 = 0x05;
    pub const RET: u16 = 0x06;
    pub const MISC: u16 = 0x07;
    // Sizes of loads.
    pub const W: u16 = 0x00;
    pub const H: u16 = 0x08;
    pub const B: u16 = 0x10;
    // Modes of loads.
    pub const IMM: u16 = 0x00;
    pub const ABS: u16 = 0x20;
    pub const IND: u16 = 0x40;
    pub const MEM: u16 = 0x60;
    pub const LEN: u16 = 0x80;
    pub const MSH: u16 = 0xa0;
    // Arithmetic.
    pub const ADD: u16 = 0x00;
    pub const SUB: u16 = 0x10;
    pub const MUL: u16 = 0x20;
    pub const DIV: u16 = 0x30;
    pub const OR: u16 = 0x40;
    pub const AND: u16 = 0x50;
    pub const LSH: u16 = 0x60;
    pub const RSH: u16 = 0x70;
    pub const NEG: u16 = 0x80;
    pub const MOD: u16 = 0x90;
    pub const XOR: u16 = 0xa0;
    // Jumps.
    pub const JA: u16 = 0x00;
    pub const JEQ: u16 = 0x10;
    pub const JGT: u16 = 0x20;
    pub const JGE: u16 = 0x30;
    pub const JSET: u16 = 0x40;
    // Second operand, and what RET returns.
    pub const K: u16 = 0x00;
    pub const X: u16 = 0x08;
    pub const A: u16 = 0x10;
    // Transfers between the registers.
    pub const TAX: u16 = 0x00;
    pub const TXA: u16 = 0x80;
}

/// Words of scratch memory that a program has.
pub const MEMORY_WORDS: usize = 16;

/// One instruction of a finished program, as the kernel and `-ddd` know it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Instruction {
    /// What to do, see [`code`].
    pub code: u16,
    /// Instructions to skip when a conditional jump holds.
    pub jt: u8,
    /// Instructions to skip when it does not.
    pub jf: u8,
    /// Constant, offset, scratch word or distance of an unconditional jump.
    pub k: u32,
}

/// One statement inside a block, or the branch that ends it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Statement {
    /// What to do, see [`code`].
    pub code: u16,
    /// Constant, offset, scratch word.
    pub k: u32,
    /// For a jump inside a block (loops and variable headers need them): the statement to go to when it
    /// holds, counted from the start of the block; the count of statements means the block's branch. An
    /// unconditional jump inside a block goes here too; its `k` means nothing.
    pub jt: u32,
    /// The same for when it does not hold.
    pub jf: u32,
}

/// Number of a block in its graph.
pub type BlockId = usize;

/// Straight-line statements and the branch that ends them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// What is done before the branch, in order.
    pub statements: Vec<Statement>,
    /// The branch: a conditional jump, or a return, which leaves the graph.
    pub branch: Statement,
    /// Where to go when the branch holds; of no meaning for a return.
    pub on_true: BlockId,
    /// Where to go when it does not.
    pub on_false: BlockId,
}

/// A filter as blocks. Branches only lead forward, so there is no cycle between blocks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Graph {
    /// The blocks; some may not be reachable.
    pub blocks: Vec<Block>,
    /// Where a packet enters.
    pub root: BlockId,
}
