//! What the machine executes: branches know both their targets, and what often comes together is one step.

/// Place of a step in the machine.
pub(super) type At = u32;

/// Size of a load.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Size {
    Byte,
    Half,
    Word,
}

/// How two values are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Compare {
    Equal,
    Greater,
    GreaterOrEqual,
    AnyBit,
}

/// Arithmetic with two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
}

/// One step. A step that is no branch is followed by the next one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Op {
    LoadByte(u32),
    LoadHalf(u32),
    LoadWord(u32),
    IndexedByte(u32),
    IndexedHalf(u32),
    IndexedWord(u32),
    Immediate(u32),
    Length,
    Memory(u8),
    Metadata(u32),
    /// A becomes A xor X, a "load" in Linux.
    ExclusiveOrIndex,
    IndexImmediate(u32),
    IndexMemory(u8),
    IndexLength,
    /// X becomes four times the low half of a byte: the length of an IPv4 header.
    IndexHeader(u32),
    Store(u8),
    StoreIndex(u8),
    And(u32),
    Constant(Arithmetic, u32),
    Index(Arithmetic),
    Negate,
    ToIndex,
    FromIndex,
    Test(Compare, u32, At, At),
    TestEqual(u32, At, At),
    TestIndex(Compare, At, At),
    /// Forward only.
    Jump(At),
    /// Counted, so that no program runs for ever.
    JumpBack(At),
    Return(u32),
    ReturnA,
    // What often comes together.
    /// Load at a fixed offset, mask, compare for equality.
    ByteEqual {
        offset: u32,
        mask: u32,
        value: u32,
        on_true: At,
        on_false: At,
    },
    HalfEqual {
        offset: u32,
        mask: u32,
        value: u32,
        on_true: At,
        on_false: At,
    },
    WordEqual {
        offset: u32,
        mask: u32,
        value: u32,
        on_true: At,
        on_false: At,
    },
    /// Load behind X, compare for equality.
    IndexedByteEqual {
        offset: u32,
        value: u32,
        on_true: At,
        on_false: At,
    },
    IndexedHalfEqual {
        offset: u32,
        value: u32,
        on_true: At,
        on_false: At,
    },
    /// Load at a fixed offset, look up in a set: what a list of hosts comes to.
    WordMember {
        offset: u32,
        number: u32,
        on_true: At,
        on_false: At,
    },
    /// Several tests of neighbouring bytes that must all hold; see [`super::window`].
    Window {
        number: u32,
        on_true: At,
        on_false: At,
        short: At,
    },
    /// Whether A is in a set.
    Member {
        number: u32,
        on_true: At,
        on_false: At,
    },
    /// Whether A is in a set of small numbers.
    SmallMember {
        number: u32,
        on_true: At,
        on_false: At,
    },
    /// Where to go depends on the range that A is in.
    Switch(u32),
}
