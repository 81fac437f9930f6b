//! The commonest comparison: bytes of a header, perhaps under a mask, with a constant.

use super::Ranges;
use crate::ast::{NodeId, NodeKind, Operator, Protocol, Relation, Tree};

/// Bytes at a constant place, held against a constant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Comparison {
    /// Whose header they are in.
    pub(crate) protocol: Protocol,
    /// The first byte.
    pub(crate) index: u32,
    /// How many bytes.
    pub(crate) size: u32,
    /// The bits that are looked at, where not all are.
    pub(crate) mask: Option<u32>,
    pub(crate) relation: Relation,
    pub(crate) value: u32,
}

impl Comparison {
    /// The comparison that a node makes, whichever side the constant is on.
    pub(crate) fn of(tree: &Tree, ranges: &Ranges, node: NodeId) -> Option<Comparison> {
        let NodeKind::Compare(left, relation, right) = &tree.nodes.get(node)?.kind else { return None };
        let (bytes, relation, value) = match (ranges.constant(*left), ranges.constant(*right)) {
            (None, Some(value)) => (*left, *relation, value),
            (Some(value), None) => (*right, swapped(*relation), value),
            _ => return None,
        };
        let (load, mask) = match &tree.nodes.get(bytes)?.kind {
            NodeKind::Binary(left, Operator::And, right) => {
                match (ranges.constant(*left), ranges.constant(*right)) {
                    (None, Some(mask)) => (*left, Some(mask)),
                    (Some(mask), None) => (*right, Some(mask)),
                    _ => return None,
                }
            }
            _ => (bytes, None),
        };
        let NodeKind::Load { protocol, index, size } = &tree.nodes.get(load)?.kind else { return None };
        let index = ranges.constant(*index)?;
        let whole = if *size == 1 { 0xff } else { u32::MAX };
        let mask = mask.filter(|mask| mask & whole != whole);
        Some(Comparison { protocol: *protocol, index, size: *size, mask, relation, value })
    }

    /// Whether it is about the byte with TCP's flags.
    pub(crate) fn is_tcp_flags(&self) -> bool {
        (self.protocol, self.index, self.size) == (Protocol::Tcp, 13, 1)
    }
}

fn swapped(relation: Relation) -> Relation {
    match relation {
        Relation::Equal | Relation::NotEqual => relation,
        Relation::Less => Relation::Greater,
        Relation::LessOrEqual => Relation::GreaterOrEqual,
        Relation::Greater => Relation::Less,
        Relation::GreaterOrEqual => Relation::LessOrEqual,
    }
}
