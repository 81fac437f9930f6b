//! Moves tests of the same value together: of `src a or dst a or src b or dst b`, the test for `src b` moves up
//! behind that for `src a`, where the source address is still in A.

use super::Optimiser;
use super::flow::{self, Flow, SIDES, Side};
use super::registers::ACCUMULATOR;
use super::values::Value;
use crate::ir::BlockId;

/// A block by its number. Half as long as a [`BlockId`]: see [`Test`].
type Block = u32;
/// An edge by its number: twice that of the block it leads from, and one more for the false side.
type Edge = u32;
/// No block, no edge.
const NONE: u32 = u32::MAX;

/// The chain of tests that begins at a block: each leads on by one side, and out to the same place by the other.
struct Chain {
    head: Block,
    along: Side,
    exit: Block,
    /// The value in A before the head.
    value: Value,
    /// The level of the head.
    level: u32,
}

/// What moving tests needs to know of a block. For a list of hosts the walks along chains meet several hundred times as
/// many blocks as there are; over the nodes of the graph, which hold much else, they were half of compiling 200 hosts.
#[derive(Clone, Copy)]
struct Test {
    /// Where the sides lead.
    next: [Block; 2],
    /// The value in A.
    value: Value,
    level: u32,
    /// One of the edges that lead here, the others being behind it in a list; and how many they are.
    arriving: Edge,
    arrivals: u32,
    /// The chain through whose head all ways to here are known to lead.
    behind_head_of: u32,
    /// Whether the test was moved in this round.
    is_moved: bool,
}

/// The graph while tests are moved.
struct Tests {
    tests: Vec<Test>,
    /// For each edge the one before and the one behind it among those that lead to the same block, in no order.
    neighbours: Vec<[Edge; 2]>,
    /// By value, the lowest level of the blocks that test it.
    lowest: Vec<u32>,
    /// Number of the chain at hand.
    chain: u32,
    /// Whether a test was moved in this round.
    is_changed: bool,
}

fn edge(from: Block, side: Side) -> Edge {
    2 * from + side as u32
}

impl Tests {
    fn new(flow: &Flow) -> Tests {
        let unseen = Test {
            next: [NONE; 2],
            value: 0,
            level: 0,
            arriving: NONE,
            arrivals: 0,
            behind_head_of: 0,
            is_moved: false,
        };
        let mut tests = Tests {
            tests: vec![unseen; flow.nodes.len()],
            neighbours: vec![[NONE; 2]; 2 * flow.nodes.len()],
            lowest: Vec::new(),
            chain: 0,
            is_changed: false,
        };
        let mut seen = vec![false; flow.nodes.len()];
        let mut pending = vec![flow.root];
        while let Some(id) = pending.pop() {
            if seen.get_mut(id).is_none_or(|seen| std::mem::replace(seen, true)) {
                continue;
            }
            tests.add(flow, id);
            pending.extend(SIDES.into_iter().filter_map(|side| flow.node(id)?.on(side)));
        }
        tests
    }

    fn add(&mut self, flow: &Flow, id: BlockId) {
        let Some(node) = flow.node(id) else { return };
        let (value, level) = (node.value(ACCUMULATOR), node.level as u32);
        if let Some(test) = self.tests.get_mut(id) {
            (test.value, test.level) = (value, level);
        }
        for side in SIDES {
            if let Some(target) = node.on(side) {
                self.lead(edge(id as Block, side), target as Block);
            }
        }
        if !node.is_leaf() {
            self.lowest.resize(self.lowest.len().max(value as usize + 1), NONE);
            if let Some(lowest) = self.lowest.get_mut(value as usize) {
                *lowest = level.min(*lowest);
            }
        }
    }

    /// Writes back where edges lead now.
    fn give_back(self, flow: &mut Flow) {
        for (node, test) in flow.nodes.iter_mut().zip(&self.tests) {
            let [on_true, on_false] = test.next;
            if on_true != NONE && on_false != NONE {
                node.next = Some((on_true as BlockId, on_false as BlockId));
            }
        }
    }

    #[inline(always)]
    fn get(&self, block: Block) -> Option<&Test> {
        self.tests.get(block as usize)
    }

    fn get_mut(&mut self, block: Block) -> Option<&mut Test> {
        self.tests.get_mut(block as usize)
    }

    /// Where an edge leads.
    #[inline(always)]
    fn target(&self, edge: Edge) -> Option<Block> {
        let next = self.get(edge / 2)?.next;
        let target = if edge.is_multiple_of(2) { Side::True.of(next) } else { Side::False.of(next) };
        (target != NONE).then_some(target)
    }

    /// Makes an edge that leads nowhere lead to a block.
    fn lead(&mut self, edge: Edge, target: Block) {
        let Some(test) = self.get_mut(target) else { return };
        test.arrivals += 1;
        let behind = std::mem::replace(&mut test.arriving, edge);
        self.set_neighbour(edge, 0, NONE);
        self.set_neighbour(edge, 1, behind);
        self.set_neighbour(behind, 0, edge);
        self.set_target(edge, target);
    }

    /// Makes an edge lead elsewhere.
    fn redirect(&mut self, edge: Edge, target: Block) {
        let Some(&[before, behind]) = self.neighbours.get(edge as usize) else { return };
        if let Some(test) = self.target(edge).and_then(|old| self.get_mut(old)) {
            test.arrivals -= 1;
            if before == NONE {
                test.arriving = behind;
            }
        }
        self.set_neighbour(before, 1, behind);
        self.set_neighbour(behind, 0, before);
        self.lead(edge, target);
    }

    fn set_target(&mut self, edge: Edge, target: Block) {
        if let Some(next) = self.get_mut(edge / 2).and_then(|test| test.next.get_mut(edge as usize % 2)) {
            *next = target;
        }
    }

    fn set_neighbour(&mut self, edge: Edge, which: usize, neighbour: Edge) {
        let neighbours = self.neighbours.get_mut(edge as usize);
        if let Some(place) = neighbours.and_then(|neighbours| neighbours.get_mut(which)) {
            *place = neighbour;
        }
    }

    /// The edge that leads to the same block as this one and stands behind it.
    #[inline(always)]
    fn behind(&self, edge: Edge) -> Edge {
        self.neighbours.get(edge as usize).map_or(NONE, |&[_, behind]| behind)
    }

    fn note_behind_head(&mut self, block: Block) {
        let chain = self.chain;
        if let Some(test) = self.get_mut(block) {
            test.behind_head_of = chain;
        }
    }

    /// Whether every way to a block leads through the head. What has a level of the head's or above lies beside
    /// or before it; a moved block keeps its old level, and has only higher ones before it.
    fn leads_through_head(&mut self, block: Block, chain: &Chain) -> bool {
        if block == chain.head {
            return true;
        }
        let mut pending = vec![block];
        while let Some(block) = pending.pop() {
            let Some(&Test { mut arriving, level, behind_head_of, .. }) = self.get(block) else {
                return false;
            };
            if behind_head_of == self.chain {
                continue;
            }
            if level >= chain.level {
                return false;
            }
            self.note_behind_head(block);
            while arriving != NONE {
                pending.push(arriving / 2);
                arriving = self.behind(arriving);
            }
        }
        true
    }

    /// Whether no block behind this one can test a value. Behind a block that was not moved all levels are lower.
    fn none_behind(&self, block: Block, value: Value) -> bool {
        let lowest = self.lowest.get(value as usize).copied().unwrap_or(NONE);
        self.get(block).is_some_and(|test| !test.is_moved && lowest >= test.level)
    }

    /// Whether a block may be part of the chain, as far as where it leads is concerned.
    #[inline(always)]
    fn leaves_alike(&self, flow: &Flow, block: Block, next: [Block; 2], chain: &Chain) -> bool {
        // libpcap looks at the graph as the round found it, until the first test is moved.
        let was_dominated =
            || self.is_changed || flow.dominators.is_above(chain.head as usize, block as usize);
        chain.along.other().of(next) == chain.exit && was_dominated()
    }

    /// Walks on along the chain from one of its links until one that tests the chain's value, or one that does not; to
    /// it, and the edge that leads to it. The walk began at the block `start`.
    fn walk(
        &mut self,
        flow: &Flow,
        chain: &Chain,
        start: Block,
        from: Block,
        tests: bool,
    ) -> Option<(Edge, Block)> {
        let mut before = from;
        let mut block = self.target(edge(from, chain.along))?;
        loop {
            let &Test { next, value, level, arrivals, .. } = self.get(block)?;
            if !self.leaves_alike(flow, block, next, chain) {
                return None;
            }
            // Mostly the one way to a link is the link before it: there is nothing to search.
            if arrivals > 1 || level >= chain.level {
                self.note_walked(chain, start, before);
                if !self.leads_through_head(block, chain) {
                    return None;
                }
            }
            if (value == chain.value) == tests {
                return Some((edge(before, chain.along), block));
            }
            before = block;
            block = chain.along.of(next);
        }
    }

    /// Notes that the blocks of a walk lie behind the head.
    fn note_walked(&mut self, chain: &Chain, start: Block, last: Block) {
        let mut next = Some(start);
        while let Some(block) = next {
            self.note_behind_head(block);
            next = self.target(edge(block, chain.along)).filter(|_| block != last);
        }
    }

    /// The chain that begins at a block, if all that lead to the block bring the same value in A; and the first
    /// edge to it.
    fn chain(&self, flow: &Flow, head: BlockId, along: Side) -> Option<(Chain, Edge)> {
        let edges_in = &flow.node(head)?.edges_in;
        let head = head as Block;
        let exit = self.target(edge(head, along.other()))?;
        let level = self.get(head)?.level;
        let value_before = |edge: &flow::Edge| flow.node(edge.from).map(|node| node.value(ACCUMULATOR));
        let first = edges_in.first()?;
        let value = value_before(first)?;
        let agree = edges_in.iter().all(|edge| value_before(edge) == Some(value));
        agree.then(|| (Chain { head, along, exit, value, level }, self.arriving(first, head)))
    }

    /// The edge by which a block now leads to the head.
    fn arriving(&self, before: &flow::Edge, head: Block) -> Edge {
        let by_true = edge(before.from as Block, Side::True);
        if self.target(by_true) == Some(head) { by_true } else { edge(before.from as Block, Side::False) }
    }

    /// Pulls one test up in the chain that begins at a block.
    fn pull_up(&mut self, flow: &Flow, head: BlockId, along: Side) {
        let Some((chain, first)) = self.chain(flow, head, along) else { return };
        self.chain += 1;
        self.note_behind_head(chain.head);
        let Some(start) = self.target(first) else { return };
        let Some(&test) = self.get(start) else { return };
        if !self.leaves_alike(flow, start, test.next, &chain) || !self.leads_through_head(start, &chain) {
            return;
        }
        // The first block of the chain that tests another value, and the edge that leads to it.
        let (to_other, other) = if test.value == chain.value {
            let Some(found) = self.walk(flow, &chain, start, start, false) else { return };
            found
        } else {
            (first, start)
        };
        // For most heads of a long expression all tests of the value stand together, and a search would go to its
        // end: it was a fifth of compiling 200 hosts.
        if self.none_behind(other, chain.value) {
            return;
        }
        // The next one behind it that tests the value again.
        let Some((to_same, same)) = self.walk(flow, &chain, start, other, true) else { return };
        let after_same = edge(same, along);
        let Some(behind) = self.target(after_same) else { return };
        self.redirect(to_same, behind);
        self.redirect(after_same, other);
        if to_other == first {
            for before in flow.node(head).map_or(&[][..], |node| &node.edges_in) {
                let edge = self.arriving(before, chain.head);
                if self.target(edge) == Some(chain.head) {
                    self.redirect(edge, same);
                }
            }
        } else {
            self.redirect(to_other, same);
        }
        self.is_changed = true;
        if let Some(moved) = self.get_mut(same) {
            moved.is_moved = true;
        }
    }
}

impl Optimiser {
    /// Pulls, at every block, one test up in the chain of alternatives that begins there and one in the chain of
    /// conditions.
    pub(super) fn pull_tests_up(&mut self) {
        let mut tests = Tests::new(&self.flow);
        for head in self.flow.branches_upward() {
            for along in [Side::False, Side::True] {
                tests.pull_up(&self.flow, head, along);
            }
        }
        self.changed |= tests.is_changed;
        tests.give_back(&mut self.flow);
    }
}
