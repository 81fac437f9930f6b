//! Lets edges skip branches whose outcome the decisions before already tell.

use super::flow::{Edge, Flow, Node, SIDES, Side};
use super::hash::NumberMap;
use super::registers::ACCUMULATOR;
use super::values::Value;
use super::{Optimiser, differ};
use crate::ir::{BlockId, code};

/// The decisions that can tell the outcome of another branch, in families by what that branch asks.
#[derive(Default)]
struct Telling {
    /// Families of true sides by the value compared.
    by_value: NumberMap<Value, usize>,
    /// Families of false sides by the whole comparison.
    by_comparison: NumberMap<(u16, Value, Value), usize>,
    /// All decisions, family by family, in order of place.
    decisions: Vec<Decision>,
    /// Where each family starts, and where the last one ends.
    starts: Vec<usize>,
}

/// A decision with its family and its place among all decisions.
struct Decision {
    family: usize,
    place: usize,
    edge: Edge,
    /// The last one of its family that is above it.
    above: Option<usize>,
}

impl Telling {
    fn new(flow: &Flow) -> Telling {
        let mut telling = Telling::default();
        let mut families = 0;
        for (from, node) in flow.nodes.iter().enumerate() {
            for side in SIDES {
                let edge = Edge { from, side };
                let number = flow.edge_number(edge);
                if !flow.decisions.has_descendants(number) {
                    continue;
                }
                let value = node.value(ACCUMULATOR);
                let family = if node.known_side(side) == Side::True {
                    *telling.by_value.entry(value).or_insert(families)
                } else {
                    *telling.by_comparison.entry((node.compared_by, value, node.operand)).or_insert(families)
                };
                families = families.max(family + 1);
                let place = flow.decisions.place(number);
                telling.decisions.push(Decision { family, place, edge, above: None });
            }
        }
        telling.decisions.sort_unstable_by_key(|decision| (decision.family, decision.place));
        let start = |family| telling.decisions.partition_point(|decision| decision.family < family);
        telling.starts = (0..=families).map(start).collect();
        telling.find_above(flow);
        telling
    }

    fn find_above(&mut self, flow: &Flow) {
        let mut open: Vec<usize> = Vec::new();
        for at in 0..self.decisions.len() {
            let Some(decision) = self.decisions.get(at) else { return };
            let is_above = |last: &Decision| {
                last.family == decision.family
                    && flow.decisions.is_above(flow.edge_number(last.edge), flow.edge_number(decision.edge))
            };
            while let Some(&last) = open.last()
                && !self.decisions.get(last).is_some_and(is_above)
            {
                open.pop();
            }
            if let Some(decision) = self.decisions.get_mut(at) {
                decision.above = open.last().copied();
            }
            open.push(at);
        }
    }

    /// Finds the decisions on every way to an edge that may tell about a block; those by a true side come first, in
    /// order of number.
    fn about(&self, flow: &Flow, child: &Node, edge: Edge, found: &mut Vec<Edge>) {
        let value = child.value(ACCUMULATOR);
        found.clear();
        if let Some(&family) = self.by_value.get(&value) {
            self.above(flow, edge, family, found);
            found.sort_unstable_by_key(|&decision| flow.edge_number(decision));
        }
        if let Some(&family) = self.by_comparison.get(&(child.branch.code, value, child.operand)) {
            self.above(flow, edge, family, found);
        }
    }

    /// Adds the decisions of a family that are above an edge, without itself.
    fn above(&self, flow: &Flow, edge: Edge, family: usize, found: &mut Vec<Edge>) {
        let number = flow.edge_number(edge);
        let place = flow.decisions.place(number);
        let start = self.starts.get(family).copied().unwrap_or(0);
        let end = self.starts.get(family + 1).copied().unwrap_or(start);
        let members = self.decisions.get(start..end).unwrap_or_default();
        let count = members.partition_point(|decision| decision.place <= place);
        let mut next = count.checked_sub(1).map(|last| start + last);
        while let Some(decision) = next.and_then(|at| self.decisions.get(at)) {
            if decision.edge != edge && flow.decisions.is_above(flow.edge_number(decision.edge), number) {
                found.push(decision.edge);
            }
            next = decision.above;
        }
    }
}

impl Optimiser {
    /// Shortens all edges, those nearest the returns first.
    pub(super) fn shorten_edges(&mut self) {
        let telling = Telling::new(&self.flow);
        let mut found = Vec::new();
        for from in self.flow.branches_upward() {
            for side in SIDES {
                self.shorten_edge(Edge { from, side }, &telling, &mut found);
            }
        }
    }

    fn shorten_edge(&mut self, edge: Edge, telling: &Telling, found: &mut Vec<Edge>) {
        let Some(target) = self.flow.target(edge) else { return };
        let Some((on_true, on_false)) = self.flow.node(target).and_then(|node| node.next) else { return };
        if on_true == on_false && !self.is_needed(edge.from, target, on_true) {
            self.note_progress();
            self.flow.redirect(edge, on_true);
        }
        while let Some(further) = self.implied_target(edge, telling, found) {
            self.changed = true;
            self.flow.redirect(edge, further);
            if self.flow.node(further).is_none_or(Node::is_leaf) {
                return;
            }
        }
    }

    /// Where the block that an edge leads to must go on, if a decision on every way to the edge tells.
    fn implied_target(&self, edge: Edge, telling: &Telling, found: &mut Vec<Edge>) -> Option<BlockId> {
        let target = self.flow.target(edge)?;
        let child = self.flow.node(target)?;
        let nodes = &self.flow.nodes;
        telling.about(&self.flow, child, edge, found);
        let before = found.iter().filter_map(|decision| {
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
