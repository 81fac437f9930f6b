//! The graph as the optimiser works on it, and what it knows about the flow through it: levels, dominators,
//! the edges into each block, and which registers still matter.

use super::registers::{INDEX, NOTHING, Register, RegisterSet, reads, writes};
use super::tree::Tree;
use super::values::Registers;
use crate::ir::{Block, BlockId, Graph, Statement, code};

/// One of the two ways out of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    True,
    False,
}

/// Both ways out.
pub(super) const SIDES: [Side; 2] = [Side::True, Side::False];

impl Side {
    pub(super) fn other(self) -> Side {
        if self == Side::True { Side::False } else { Side::True }
    }

    /// What belongs to this side of a pair.
    pub(super) fn of<T>(self, [on_true, on_false]: [T; 2]) -> T {
        if self == Side::True { on_true } else { on_false }
    }
}

/// An edge: a block and a way out of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Edge {
    pub(super) from: BlockId,
    pub(super) side: Side,
}

/// A block with what is known about it.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) statements: Vec<Statement>,
    pub(super) branch: Statement,
    /// Where the sides lead; a return has none.
    pub(super) next: Option<(BlockId, BlockId)>,
    /// Longest way to a return.
    pub(super) level: usize,
    /// What the registers hold at the end of the block.
    pub(super) values: Registers,
    /// The value that the branch compares A with.
    pub(super) operand: u32,
    /// The branch's code when `values` was made.
    pub(super) compared_by: u16,
    /// Whether the sides changed places since the decisions were found.
    pub(super) is_swapped: bool,
    /// Registers written.
    pub(super) defines: RegisterSet,
    /// Registers written before they are read, so that what they held before does not matter.
    pub(super) kills: RegisterSet,
    /// Registers whose value at the start, at the end, may still be read.
    pub(super) live_in: RegisterSet,
    pub(super) live_out: RegisterSet,
    pub(super) edges_in: Vec<Edge>,
}

impl Node {
    pub(super) fn is_leaf(&self) -> bool {
        self.next.is_none()
    }

    /// Where a side leads.
    pub(super) fn on(&self, side: Side) -> Option<BlockId> {
        self.next.map(|(on_true, on_false)| if side == Side::True { on_true } else { on_false })
    }

    /// What a side was when the decisions were found, in terms of what it is now.
    pub(super) fn known_side(&self, side: Side) -> Side {
        if self.is_swapped { side.other() } else { side }
    }

    pub(super) fn has_inner_jumps(&self) -> bool {
        self.statements.iter().any(is_jump)
    }
}

pub(super) fn is_jump(statement: &Statement) -> bool {
    statement.code != NOTHING && statement.code & 0x07 == code::JMP
}

/// The graph: blocks in the order in which a walk meets them that follows the true side first.
#[derive(Default)]
pub(super) struct Flow {
    pub(super) nodes: Vec<Node>,
    pub(super) root: BlockId,
    /// The reachable blocks by rising level, and by falling level; in each level, what a walk left last comes first.
    rising: Vec<BlockId>,
    falling: Vec<BlockId>,
    /// How many of them are returns, which have level 0.
    leaves: usize,
    /// Among edges, see [`Flow::edge_number`]: which decisions must have been taken on every way to an edge.
    pub(super) decisions: Tree,
    /// Among blocks: through which blocks every way led when the round began.
    pub(super) dominators: Tree,
}

impl Flow {
    /// Takes over the reachable blocks of a graph.
    pub(super) fn new(graph: &Graph) -> Flow {
        let order = first_visits(graph);
        let mut number = vec![0; graph.blocks.len()];
        for (new, &old) in order.iter().enumerate() {
            if let Some(entry) = number.get_mut(old) {
                *entry = new;
            }
        }
        let renumbered = |old: BlockId| number.get(old).copied().unwrap_or(0);
        let nodes = order
            .iter()
            .filter_map(|&old| graph.blocks.get(old))
            .map(|block| Node {
                statements: block.statements.clone(),
                branch: block.branch,
                next: (!is_return(block)).then(|| (renumbered(block.on_true), renumbered(block.on_false))),
                level: 0,
                values: Registers::default(),
                operand: 0,
                compared_by: 0,
                is_swapped: false,
                defines: RegisterSet::NONE,
                kills: RegisterSet::NONE,
                live_in: RegisterSet::NONE,
                live_out: RegisterSet::NONE,
                edges_in: Vec::new(),
            })
            .collect();
        Flow { nodes, ..Flow::default() }
    }

    /// Gives the graph back, without what was optimised away.
    pub(super) fn into_graph(self) -> Graph {
        let root = self.root;
        let blocks = self
            .nodes
            .into_iter()
            .map(|node| {
                let (on_true, on_false) = node.next.unwrap_or_default();
                Block { statements: close_ranks(&node.statements), branch: node.branch, on_true, on_false }
            })
            .collect();
        Graph { blocks, root }
    }

    pub(super) fn node(&self, id: BlockId) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// Where an edge leads.
    pub(super) fn target(&self, edge: Edge) -> Option<BlockId> {
        self.node(edge.from)?.on(edge.side)
    }

    /// Makes an edge lead elsewhere.
    pub(super) fn redirect(&mut self, edge: Edge, target: BlockId) {
        if let Some((on_true, on_false)) = self.nodes.get_mut(edge.from).and_then(|node| node.next.as_mut()) {
            match edge.side {
                Side::True => *on_true = target,
                Side::False => *on_false = target,
            }
        }
    }

    /// Edges are numbered: the true sides of all blocks, then the false sides.
    pub(super) fn edge_number(&self, edge: Edge) -> usize {
        match edge.side {
            Side::True => edge.from,
            Side::False => self.nodes.len() + edge.from,
        }
    }

    /// All blocks, by falling level.
    pub(super) fn downward(&self) -> Vec<BlockId> {
        self.falling.clone()
    }

    /// All blocks, by rising level.
    pub(super) fn upward(&self) -> Vec<BlockId> {
        self.rising.clone()
    }

    /// All blocks but the returns, by falling level.
    pub(super) fn branches_downward(&self) -> Vec<BlockId> {
        self.falling.get(..self.falling.len().saturating_sub(self.leaves)).unwrap_or_default().to_vec()
    }

    /// All blocks but the returns, by rising level.
    pub(super) fn branches_upward(&self) -> Vec<BlockId> {
        self.rising.get(self.leaves..).unwrap_or_default().to_vec()
    }

    /// Finds the level of every reachable block.
    pub(super) fn find_levels(&mut self) {
        let mut left = Vec::with_capacity(self.nodes.len());
        let mut seen = vec![false; self.nodes.len()];
        let mut pending = vec![(self.root, false)];
        while let Some((id, leaving)) = pending.pop() {
            let Some(next) = self.node(id).map(|node| node.next) else { continue };
            if leaving {
                let level_of = |id: BlockId| self.node(id).map_or(0, |node| node.level);
                let level = next.map_or(0, |(t, f)| level_of(t).max(level_of(f)) + 1);
                if let Some(node) = self.nodes.get_mut(id) {
                    node.level = level;
                }
                left.push((level, id));
                continue;
            }
            let Some(seen) = seen.get_mut(id) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            pending.push((id, true));
            if let Some((on_true, on_false)) = next {
                pending.push((on_false, false));
                pending.push((on_true, false));
            }
        }
        left.reverse();
        left.sort_by_key(|&(level, _)| level);
        self.leaves = left.partition_point(|&(level, _)| level == 0);
        self.rising = left.iter().map(|&(_, id)| id).collect();
        left.sort_by_key(|&(level, _)| std::cmp::Reverse(level));
        self.falling = left.iter().map(|&(_, id)| id).collect();
    }

    /// Finds through which blocks every way to a block leads.
    pub(super) fn find_dominators(&mut self) {
        let mut dominators = Tree::new(self.nodes.len());
        // For a block, the nearest block through which all ways found so far lead.
        let mut nearest: Vec<Option<BlockId>> = vec![None; self.nodes.len()];
        for id in self.downward() {
            dominators.add(id, nearest.get(id).copied().flatten());
            for target in SIDES.into_iter().filter_map(|side| self.target(Edge { from: id, side })) {
                if let Some(entry) = nearest.get_mut(target) {
                    *entry = if entry.is_none() { Some(id) } else { dominators.common(*entry, Some(id)) };
                }
            }
        }
        dominators.close();
        self.dominators = dominators;
    }

    /// Finds the decisions that must have been taken on every way to an edge: those on which all edges into the
    /// block before it agree.
    pub(super) fn find_decisions(&mut self) {
        for node in &mut self.nodes {
            node.is_swapped = false;
        }
        let mut decisions = Tree::new(self.nodes.len() * 2);
        // For a block, the last decision on every way to it; nothing yet, or none.
        let mut last: Vec<Option<Option<usize>>> = vec![None; self.nodes.len()];
        for from in self.downward() {
            let before = last.get(from).copied().flatten().flatten();
            for side in SIDES {
                let edge = Edge { from, side };
                let Some(target) = self.target(edge) else { continue };
                let number = self.edge_number(edge);
                decisions.add(number, before);
                if let Some(entry) = last.get_mut(target) {
                    *entry = Some(match *entry {
                        None => Some(number),
                        Some(other) => decisions.common(other, Some(number)),
                    });
                }
            }
        }
        decisions.close();
        self.decisions = decisions;
    }

    /// Lists for every block the edges that lead to it, the last found first.
    pub(super) fn find_edges_in(&mut self) {
        for node in &mut self.nodes {
            node.edges_in.clear();
        }
        for from in self.branches_downward() {
            for side in SIDES {
                let edge = Edge { from, side };
                if let Some(node) = self.target(edge).and_then(|target| self.nodes.get_mut(target)) {
                    node.edges_in.push(edge);
                }
            }
        }
        for node in &mut self.nodes {
            node.edges_in.reverse();
        }
    }

    /// Finds which registers matter at the start and the end of every block.
    pub(super) fn find_live_registers(&mut self) {
        for id in self.upward() {
            let next = self.node(id).and_then(|node| node.next);
            let live_in = |id: BlockId| self.node(id).map_or(RegisterSet::NONE, |node| node.live_in);
            let live_out = next.map_or(RegisterSet::NONE, |(t, f)| live_in(t).union(live_in(f)));
            if let Some(node) = self.nodes.get_mut(id) {
                node.find_own_use();
                node.live_out = live_out;
                node.live_in = node.live_in.union(live_out.without(node.kills));
            }
        }
    }
}

impl Node {
    /// Finds what the block itself reads and writes.
    fn find_own_use(&mut self) {
        let (mut defines, mut used, mut kills) = (RegisterSet::NONE, RegisterSet::NONE, RegisterSet::NONE);
        let mut certain = RegisterSet::NONE;
        let mut jumped = false;
        for statement in &self.statements {
            used = used.union(reads(statement).without(certain));
            if let Some(register) = writes(statement) {
                defines.insert(register);
                // Behind a jump a statement may be skipped.
                if !jumped {
                    if !used.contains(register) {
                        kills.insert(register);
                    }
                    certain.insert(register);
                }
            }
            jumped |= is_jump(statement);
        }
        if !self.is_leaf() {
            used = used.union(reads(&self.branch).without(certain));
        }
        (self.defines, self.live_in, self.kills) = (defines, used, kills);
    }

    pub(super) fn value(&self, register: Register) -> u32 {
        self.values.get(register).copied().unwrap_or(super::values::UNKNOWN)
    }

    /// Notes what the branch compares, for finding branches whose outcome is known.
    pub(super) fn note_comparison(&mut self, constant: u32) {
        self.compared_by = self.branch.code;
        self.operand = if self.branch.code & 0x08 == code::X { self.value(INDEX) } else { constant };
    }
}

fn is_return(block: &Block) -> bool {
    block.branch.code & 0x07 == code::RET
}

/// The reachable blocks, each when a walk first meets it, true sides first.
fn first_visits(graph: &Graph) -> Vec<BlockId> {
    let mut seen = vec![false; graph.blocks.len()];
    let mut order = Vec::new();
    let mut pending = vec![graph.root];
    while let Some(id) = pending.pop() {
        let (Some(block), Some(seen)) = (graph.blocks.get(id), seen.get_mut(id)) else { continue };
        if std::mem::replace(seen, true) {
            continue;
        }
        order.push(id);
        if !is_return(block) {
            pending.push(block.on_false);
            pending.push(block.on_true);
        }
    }
    order
}

/// The statements that are left, with jumps led to where their targets are now.
fn close_ranks(statements: &[Statement]) -> Vec<Statement> {
    let mut new_place = Vec::with_capacity(statements.len() + 1);
    let mut count = 0u32;
    for statement in statements {
        new_place.push(count);
        count += u32::from(statement.code != NOTHING);
    }
    new_place.push(count);
    let moved = |place: u32| new_place.get(place as usize).copied().unwrap_or(count);
    let remaining = statements.iter().filter(|statement| statement.code != NOTHING);
    remaining
        .map(|statement| match is_jump(statement) {
            true => Statement { jt: moved(statement.jt), jf: moved(statement.jf), ..*statement },
            false => *statement,
        })
        .collect()
}
