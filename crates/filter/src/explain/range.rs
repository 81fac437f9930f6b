//! Which values an arithmetic expression can have.

use crate::ast::{NodeId, NodeKind, Operator, Tree};

/// Bounds of a value, and the bits that can be set in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Range {
    pub(crate) low: u32,
    pub(crate) high: u32,
    pub(crate) bits: u32,
    /// Whether it depends on the packet.
    pub(crate) varies: bool,
}

const ANYTHING: Range = Range { low: 0, high: u32::MAX, bits: u32::MAX, varies: true };

/// The ranges of a tree's values, by node.
pub(crate) struct Ranges(Vec<Range>);

impl Ranges {
    /// Operands stand before what they belong to, so one walk does it.
    pub(crate) fn of(tree: &Tree) -> Ranges {
        let mut ranges = Ranges(Vec::with_capacity(tree.nodes.len()));
        for node in &tree.nodes {
            let range = match &node.kind {
                NodeKind::Number(number) => {
                    Range { low: *number, high: *number, bits: *number, varies: false }
                }
                NodeKind::Load { size: 1, .. } => up_to(0xff),
                NodeKind::Load { size: 2, .. } => up_to(0xffff),
                NodeKind::Binary(left, operator, right) => {
                    binary(ranges.get(*left), *operator, ranges.get(*right))
                }
                _ => ANYTHING,
            };
            ranges.0.push(range);
        }
        ranges
    }

    pub(crate) fn get(&self, node: NodeId) -> Range {
        self.0.get(node).copied().unwrap_or(ANYTHING)
    }

    /// The value of a node that is a constant.
    pub(crate) fn constant(&self, node: NodeId) -> Option<u32> {
        let range = self.get(node);
        (!range.varies && range.low == range.high).then_some(range.low)
    }
}

fn up_to(high: u32) -> Range {
    Range { low: 0, high, bits: filled(high), varies: true }
}

/// All bits up to the highest one that is set.
fn filled(high: u32) -> u32 {
    u32::MAX.checked_shr(high.leading_zeros()).unwrap_or(0)
}

fn binary(left: Range, operator: Operator, right: Range) -> Range {
    let varies = left.varies || right.varies;
    if !varies && left.low == left.high && right.low == right.high {
        return fold(left.low, operator, right.low).map_or(Range { varies, ..ANYTHING }, |value| Range {
            low: value,
            high: value,
            bits: value,
            varies,
        });
    }
    let between = |low: Option<u32>, high: Option<u32>| match (low, high) {
        (Some(low), Some(high)) => Range { low, high, bits: filled(high), varies },
        _ => Range { varies, ..ANYTHING },
    };
    match operator {
        Operator::And => {
            let bits = left.bits & right.bits;
            Range { low: 0, high: bits.min(left.high).min(right.high), bits, varies }
        }
        Operator::Or => {
            let bits = left.bits | right.bits;
            Range { low: left.low.max(right.low), high: bits, bits, varies }
        }
        Operator::Add => between(left.low.checked_add(right.low), left.high.checked_add(right.high)),
        Operator::Multiply => between(left.low.checked_mul(right.low), left.high.checked_mul(right.high)),
        Operator::ShiftRight if right.low == right.high && right.low < 32 => Range {
            low: left.low >> right.low,
            high: left.high >> right.low,
            bits: left.bits >> right.low,
            varies,
        },
        Operator::ShiftLeft if right.low == right.high && right.low <= left.high.leading_zeros() => {
            between(left.low.checked_shl(right.low), left.high.checked_shl(right.low))
        }
        _ => Range { varies, ..ANYTHING },
    }
}

fn fold(left: u32, operator: Operator, right: u32) -> Option<u32> {
    match operator {
        Operator::Add => Some(left.wrapping_add(right)),
        Operator::Subtract => Some(left.wrapping_sub(right)),
        Operator::Multiply => Some(left.wrapping_mul(right)),
        Operator::Divide => left.checked_div(right),
        Operator::Modulus => left.checked_rem(right),
        Operator::And => Some(left & right),
        Operator::Or => Some(left | right),
        Operator::ExclusiveOr => Some(left ^ right),
        Operator::ShiftLeft => left.checked_shl(right),
        Operator::ShiftRight => left.checked_shr(right),
    }
}
