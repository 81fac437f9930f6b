//! Moves tests of the same value together: of `src a or dst a or src b or dst b`, the test for `src b` moves up
//! behind that for `src a`, where the source address is still in A.

use super::Optimiser;
use super::flow::{Edge, Flow, SIDES, Side};
use super::registers::ACCUMULATOR;
use crate::ir::BlockId;

/// The chain of tests that begins at a block: each leads on by one side, and out to the same place by the other.
struct Chain {
    head: BlockId,
    along: Side,
    exit: BlockId,
    /// The value in A before the head.
    value: u32,
}

/// The blocks from which each block is reached, kept while tests are moved; and which blocks are known to be
/// reached through the head of the chain at hand only.
#[derive(Default)]
struct Arrivals {
    from: Vec<Vec<BlockId>>,
    behind_head: Vec<usize>,
    /// Number of the chain at hand, by which `behind_head` is marked.
    chain: usize,
    /// By value, the lowest level of the blocks that test it.
    lowest: Vec<usize>,
    /// Whether each block was moved in this round.
    moved: Vec<bool>,
    /// Blocks that a search has still to look at.
    pending: Vec<BlockId>,
    /// Whether a test was moved in this round.
    is_changed: bool,
}

impl Arrivals {
    fn new(flow: &Flow) -> Arrivals {
        let mut from = vec![Vec::new(); flow.nodes.len()];
        let mut seen = vec![false; flow.nodes.len()];
        let mut lowest = Vec::new();
        let mut pending = vec![flow.root];
        while let Some(id) = pending.pop() {
            if seen.get_mut(id).is_none_or(|seen| std::mem::replace(seen, true)) {
                continue;
            }
            if let Some(node) = flow.node(id).filter(|node| !node.is_leaf()) {
                let value = node.value(ACCUMULATOR) as usize;
                lowest.resize(lowest.len().max(value + 1), usize::MAX);
                if let Some(lowest) = lowest.get_mut(value) {
                    *lowest = node.level.min(*lowest);
                }
            }
            for target in SIDES.into_iter().filter_map(|side| flow.target(Edge { from: id, side })) {
                if let Some(entry) = from.get_mut(target) {
                    entry.push(id);
                }
                pending.push(target);
            }
        }
        Arrivals {
            from,
            behind_head: vec![0; flow.nodes.len()],
            chain: 0,
            lowest,
            moved: vec![false; flow.nodes.len()],
            pending: Vec::new(),
            is_changed: false,
        }
    }

    fn is_marked(&self, id: BlockId) -> bool {
        self.behind_head.get(id).is_some_and(|&mark| mark == self.chain)
    }

    fn mark(&mut self, id: BlockId) {
        if let Some(mark) = self.behind_head.get_mut(id) {
            *mark = self.chain;
        }
    }

    /// Whether every way to a block leads through the head. What has a level of the head's or above lies beside
    /// or before it; a moved block keeps its old level, and has only higher ones before it.
    fn leads_through_head(&mut self, flow: &Flow, id: BlockId, head: BlockId) -> bool {
        let Some(limit) = flow.node(head).map(|node| node.level) else { return false };
        // Mostly the one way to a link is the link before it: there is nothing to search.
        if flow.node(id).is_some_and(|node| node.level < limit)
            && self.from.get(id).is_some_and(|from| from.iter().all(|&before| self.is_marked(before)))
        {
            self.mark(id);
            return true;
        }
        self.pending.clear();
        self.pending.push(id);
        while let Some(id) = self.pending.pop() {
            if self.is_marked(id) {
                continue;
            }
            if flow.node(id).is_none_or(|node| node.level >= limit) {
                return false;
            }
            self.mark(id);
            let from = self.from.get(id).map_or(&[][..], Vec::as_slice);
            self.pending.extend_from_slice(from);
        }
        true
    }

    /// Whether no block behind this one can test a value. Behind a block that was not moved all levels are lower.
    fn none_behind(&self, flow: &Flow, id: BlockId, value: u32) -> bool {
        let lowest = self.lowest.get(value as usize).copied().unwrap_or(usize::MAX);
        let is_moved = self.moved.get(id).copied().unwrap_or(true);
        !is_moved && flow.node(id).is_some_and(|node| lowest >= node.level)
    }

    fn redirect(&mut self, flow: &mut Flow, edge: Edge, target: BlockId) {
        if let Some(list) = flow.target(edge).and_then(|old| self.from.get_mut(old))
            && let Some(place) = list.iter().position(|&from| from == edge.from)
        {
            list.swap_remove(place);
        }
        if let Some(list) = self.from.get_mut(target) {
            list.push(edge.from);
        }
        flow.redirect(edge, target);
    }
}

impl Optimiser {
    /// Pulls, at every block, one test up in the chain of alternatives that begins there and one in the chain of
    /// conditions.
    pub(super) fn pull_tests_up(&mut self) {
        let mut arrivals = Arrivals::new(&self.flow);
        for head in self.flow.branches_upward() {
            for along in [Side::False, Side::True] {
                self.pull_up(head, along, &mut arrivals);
            }
        }
    }

    fn pull_up(&mut self, head: BlockId, along: Side, arrivals: &mut Arrivals) {
        let Some((chain, first)) = self.chain(head, along) else { return };
        arrivals.chain += 1;
        arrivals.mark(head);
        // The first block of the chain that tests another value, and the edge that leads to it.
        let mut to_other = self.arriving(first, head);
        let mut at_head = true;
        let other = loop {
            let Some(block) = self.link(to_other, &chain, arrivals) else { return };
            if !self.tests(block, chain.value) {
                break block;
            }
            to_other = Edge { from: block, side: along };
            at_head = false;
        };
        // For most heads of a long expression all tests of the value stand together, and a search would go to its
        // end: it was a fifth of compiling 200 hosts.
        if arrivals.none_behind(&self.flow, other, chain.value) {
            return;
        }
        // The next one behind it that tests the value again.
        let mut to_same = Edge { from: other, side: along };
        let same = loop {
            let Some(block) = self.link(to_same, &chain, arrivals) else { return };
            if self.tests(block, chain.value) {
                break block;
            }
            to_same = Edge { from: block, side: along };
        };
        let after_same = Edge { from: same, side: along };
        let Some(behind) = self.flow.target(after_same) else { return };
        arrivals.redirect(&mut self.flow, to_same, behind);
        arrivals.redirect(&mut self.flow, after_same, other);
        if at_head {
            for edge in self.flow.node(head).map(|node| node.edges_in.clone()).unwrap_or_default() {
                let edge = self.arriving(edge, head);
                if self.flow.target(edge) == Some(head) {
                    arrivals.redirect(&mut self.flow, edge, same);
                }
            }
        } else {
            arrivals.redirect(&mut self.flow, to_other, same);
        }
        self.changed = true;
        arrivals.is_changed = true;
        if let Some(moved) = arrivals.moved.get_mut(same) {
            *moved = true;
        }
    }

    /// The chain that begins at a block, if all that lead to the block bring the same value in A; and the first
    /// edge to it.
    fn chain(&self, head: BlockId, along: Side) -> Option<(Chain, Edge)> {
        let node = self.flow.node(head)?;
        let exit = node.on(along.other())?;
        let &first = node.edges_in.first()?;
        let value_before = |edge: &Edge| self.flow.node(edge.from).map(|node| node.value(ACCUMULATOR));
        let value = value_before(&first)?;
        let agree = node.edges_in.iter().all(|edge| value_before(edge) == Some(value));
        agree.then_some((Chain { head, along, exit, value }, first))
    }

    /// The edge by which a block now leads to the head.
    fn arriving(&self, edge: Edge, head: BlockId) -> Edge {
        let by_true = self.flow.node(edge.from).and_then(|node| node.on(Side::True)) == Some(head);
        Edge { side: if by_true { Side::True } else { Side::False }, ..edge }
    }

    /// Where an edge leads, if that is part of the chain.
    fn link(&self, edge: Edge, chain: &Chain, arrivals: &mut Arrivals) -> Option<BlockId> {
        let block = self.flow.target(edge)?;
        let leaves_alike = self.flow.node(block)?.on(chain.along.other()) == Some(chain.exit);
        // libpcap looks at the graph as the round found it, until the first test is moved.
        let was_dominated = arrivals.is_changed || self.flow.dominators.is_above(chain.head, block);
        let is_link =
            leaves_alike && was_dominated && arrivals.leads_through_head(&self.flow, block, chain.head);
        is_link.then_some(block)
    }

    fn tests(&self, block: BlockId, value: u32) -> bool {
        self.flow.node(block).is_some_and(|node| node.value(ACCUMULATOR) == value)
    }
}
