//! Lets edges skip branches whose outcome the decisions before already tell.

use super::flow::{Edge, Flow, Node, SIDES, Side};
use super::hash::NumberMap;
use super::registers::ACCUMULATOR;
use super::values::Value;
use super::{Optimiser, differ};
use crate::ir::{BlockId, code};

/// The decisions that can tell the outcome of another branch, found by what that branch asks.
struct Telling {
    /// True sides by the value compared.
    by_value: NumberMap<Value, Nested>,
    /// False sides by the whole comparison.
    by_comparison: NumberMap<(u16, Value, Value), Nested>,
}

/// Edges, each with its place among the decisions, in order of place; and for each the last of them above it.
#[derive(Default)]
struct Nested {
    edges: Vec<(usize, Edge)>,
    above: Vec<Option<usize>>,
}

impl Telling {
    fn new(flow: &Flow) -> Telling {
        let mut telling = Telling { by_value: NumberMap::default(), by_comparison: NumberMap::default() };
        for (from, node) in flow.nodes.iter().enumerate() {
            for side in SIDES {
                let edge = Edge { from, side };
                let number = flow.edge_number(edge);
                if !flow.decisions.has_descendants(number) {
                    continue;
                }
                let value = node.value(ACCUMULATOR);
                let nested = if node.known_side(side) == Side::True {
                    telling.by_value.entry(value).or_default()
                } else {
                    telling.by_comparison.entry((node.compared_by, value, node.operand)).or_default()
                };
                nested.edges.push((flow.decisions.place(number), edge));
            }
        }
        for nested in telling.by_value.values_mut().chain(telling.by_comparison.values_mut()) {
            nested.close(flow);
        }
        telling
    }

    /// The decisions on every way to an edge that may tell about a block; those by a true side come first, in
    /// order of number.
    fn about(&self, flow: &Flow, child: &Node, edge: Edge) -> Vec<Edge> {
        let value = child.value(ACCUMULATOR);
        let mut decisions = Vec::new();
        if let Some(nested) = self.by_value.get(&value) {
            nested.above(flow, edge, &mut decisions);
            decisions.sort_unstable_by_key(|&decision| flow.edge_number(decision));
        }
        if let Some(nested) = self.by_comparison.get(&(child.branch.code, value, child.operand)) {
            nested.above(flow, edge, &mut decisions);
        }
        decisions
    }
}

impl Nested {
    fn close(&mut self, flow: &Flow) {
        self.edges.sort_unstable_by_key(|&(place, _)| place);
        let mut open: Vec<usize> = Vec::new();
        for (at, &(_, edge)) in self.edges.iter().enumerate() {
            let number = flow.edge_number(edge);
            while let Some(&last) = open.last()
                && self
                    .edges
                    .get(last)
                    .is_some_and(|&(_, above)| !flow.decisions.is_above(flow.edge_number(above), number))
            {
                open.pop();
            }
            self.above.push(open.last().copied());
            open.push(at);
        }
    }

    /// Adds the edges of the family that are above an edge, without itself.
    fn above(&self, flow: &Flow, edge: Edge, found: &mut Vec<Edge>) {
        let number = flow.edge_number(edge);
        let place = flow.decisions.place(number);
        let mut next = self.edges.partition_point(|&(start, _)| start <= place).checked_sub(1);
        while let Some(at) = next {
            if let Some(&(_, decision)) = self.edges.get(at)
                && decision != edge
                && flow.decisions.is_above(flow.edge_number(decision), number)
            {
                found.push(decision);
            }
            next = self.above.get(at).copied().flatten();
        }
    }
}

impl Optimiser {
    /// Shortens all edges, those nearest the returns first.
    pub(super) fn shorten_edges(&mut self) {
        let telling = Telling::new(&self.flow);
        for from in self.flow.branches_upward() {
            for side in SIDES {
                self.shorten_edge(Edge { from, side }, &telling);
            }
        }
    }

    fn shorten_edge(&mut self, edge: Edge, telling: &Telling) {
        let Some(target) = self.flow.target(edge) else { return };
        let Some((on_true, on_false)) = self.flow.node(target).and_then(|node| node.next) else { return };
        if on_true == on_false && !self.is_needed(edge.from, target, on_true) {
            self.note_progress();
            self.flow.redirect(edge, on_true);
        }
        while let Some(further) = self.implied_target(edge, telling) {
            self.changed = true;
            self.flow.redirect(edge, further);
            if self.flow.node(further).is_none_or(Node::is_leaf) {
                return;
            }
        }
    }

    /// Where the block that an edge leads to must go on, if a decision on every way to the edge tells.
    fn implied_target(&self, edge: Edge, telling: &Telling) -> Option<BlockId> {
        let target = self.flow.target(edge)?;
        let child = self.flow.node(target)?;
        let nodes = &self.flow.nodes;
        let before = telling.about(&self.flow, child, edge).into_iter().filter_map(|decision| {
            nodes.get(decision.from).map(|parent| (parent, parent.known_side(decision.side)))
        });
        let here = nodes.get(edge.from).map(|parent| (parent, edge.side));
        before
            .chain(here)
            .filter_map(|(parent, taken)| child.on(outcome(child, parent, taken)?))
            .find(|&further| !self.is_needed(edge.from, target, further))
    }

    /// Whether skipping a block would change what a later block reads.
    fn is_needed(&self, from: BlockId, skipped: BlockId, target: BlockId) -> bool {
        let (Some(from), Some(skipped), Some(target)) =
            (self.flow.node(from), self.flow.node(skipped), self.flow.node(target))
        else {
            return true;
        };
        differ(target.live_out, from, target) || differ(skipped.defines.both(target.live_in), from, skipped)
    }
}

/// Which way a branch goes after another one went a known way, if that tells.
fn outcome(child: &Node, parent: &Node, taken: Side) -> Option<Side> {
    if child.branch.code != parent.compared_by || child.value(ACCUMULATOR) != parent.value(ACCUMULATOR) {
        return None;
    }
    if child.operand == parent.operand {
        return Some(taken);
    }
    // What equals one constant does not equal another.
    (taken == Side::True && parent.compared_by == code::JMP | code::JEQ | code::K).then_some(Side::False)
}
