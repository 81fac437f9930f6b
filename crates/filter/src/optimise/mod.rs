//! Makes a graph smaller and its ways shorter, as libpcap does: the same programs come out.
//!
//! Two rounds, each until nothing changes any more. The first moves branches: where the decisions already taken
//! tell the outcome of a branch, the edge skips it ([`edges`]), and tests of a value that is already in A are
//! moved together ([`pull`]). The second works on the statements of each block: constants are folded, loads of
//! what a register already holds go, stores that nobody reads go ([`statements`], [`peephole`]). At the end
//! equal blocks become one ([`merge`]).
//!
//! The method is that of McCanne and Jacobson, "The BSD Packet Filter", 1993: value numbering over a graph
//! without cycles, with dominators among blocks and among edges.

mod edges;
mod flow;
mod hash;
mod merge;
mod peephole;
mod pull;
mod registers;
mod statements;
mod tree;
mod values;

use crate::ir::{Block, BlockId, Graph, Statement, code};
use crate::kernel::metadata;
use crate::refusal::Refusal;
use flow::{Flow, is_jump};
use registers::{ACCUMULATOR, INDEX, NOTHING, REGISTERS, RegisterSet};
use values::{Registers, UNKNOWN, Values};

/// Moving branches alone may go round in circles: after so many rounds of nothing else it ends.
const MOST_MOVING_ROUNDS: u32 = 100;
/// Blocks and statements up to which a graph is optimised, as many as some 4,000 hosts need. The rounds cost more
/// than the graph is large; beyond, the plain program means the same and is there at once.
const MOST_OPTIMISED: usize = 100_000;

/// Optimises a graph, or tells why no program can come of it.
pub fn optimise(graph: Graph) -> Result<Graph, Refusal> {
    let size: usize = graph.blocks.iter().map(|block| 1 + block.statements.len()).sum();
    if size > MOST_OPTIMISED || graph.blocks.iter().any(resists) {
        return Ok(graph);
    }
    let mut optimiser = Optimiser { flow: Flow::new(&graph), ..Optimiser::default() };
    optimiser.repeat(Subject::Branches)?;
    optimiser.repeat(Subject::Statements)?;
    optimiser.merge_equal_blocks();
    optimiser.shorten_root();
    let graph = optimiser.flow.into_graph();
    match graph.blocks.get(graph.root) {
        Some(root) if root.branch.code == code::RET | code::K && root.branch.k == 0 => {
            Err(Refusal::RejectsAll)
        }
        _ => Ok(graph),
    }
}

/// Whether libpcap leaves the whole program as it is: blocks that loop over headers, or find the end of a header
/// of varying length, are beyond its reasoning. The choice of where a live packet has its VLAN tag is not; that
/// one asks the kernel's metadata.
fn resists(block: &Block) -> bool {
    let asks_metadata = |statement: &Statement| {
        statement.code & 0xe7 == code::LD | code::ABS && statement.k >= metadata::START
    };
    block.statements.iter().any(is_jump) && !block.statements.iter().any(asks_metadata)
}

/// What a round may change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Subject {
    /// Where edges lead.
    Branches,
    /// Statements, by the values they work on.
    Statements,
}

#[derive(Default)]
struct Optimiser {
    flow: Flow,
    values: Values,
    /// Whether this round changed anything.
    changed: bool,
    /// Whether it did more than moving branches.
    progressed: bool,
}

impl Optimiser {
    fn repeat(&mut self, subject: Subject) -> Result<(), Refusal> {
        let mut moving_rounds = 0;
        loop {
            (self.changed, self.progressed) = (false, false);
            self.flow.find_levels();
            self.flow.find_live_registers();
            self.flow.find_dominators();
            self.flow.find_decisions();
            self.round(subject)?;
            if !self.changed {
                return Ok(());
            }
            moving_rounds = if self.progressed { 0 } else { moving_rounds + 1 };
            if moving_rounds >= MOST_MOVING_ROUNDS {
                return Ok(());
            }
        }
    }

    fn round(&mut self, subject: Subject) -> Result<(), Refusal> {
        self.values.clear();
        self.flow.find_edges_in();
        for id in self.flow.downward() {
            self.work_through(id, subject)?;
        }
        if subject == Subject::Statements {
            return Ok(());
        }
        self.shorten_edges();
        self.flow.find_edges_in();
        self.pull_tests_up();
        Ok(())
    }

    /// Notes a change that is more than moving a branch.
    fn note_progress(&mut self) {
        self.changed = true;
        self.progressed = true;
    }

    /// Finds the values in a block and simplifies its statements.
    fn work_through(&mut self, id: BlockId, subject: Subject) -> Result<(), Refusal> {
        let before = self.values_before(id);
        let Some(node) = self.flow.nodes.get_mut(id) else { return Ok(()) };
        let mut statements = std::mem::take(&mut node.statements);
        let mut values = before;
        let result = self.simplify_statements(&mut statements, &mut values, subject);
        let Some(node) = self.flow.nodes.get_mut(id) else { return Ok(()) };
        node.statements = statements;
        node.values = values;
        result?;
        let keeps = |register: usize| {
            let value = before.get(register).copied().unwrap_or(UNKNOWN);
            value != UNKNOWN && node.value(register) == value
        };
        let is_idle = node.live_out.is_empty() && keeps(ACCUMULATOR) && keeps(INDEX);
        if subject == Subject::Statements && (is_idle || node.is_leaf()) {
            if !node.statements.is_empty() {
                node.statements.clear();
                self.note_progress();
            }
        } else {
            self.peephole(id);
            self.remove_dead_stores(id);
        }
        if let Some(node) = self.flow.nodes.get_mut(id) {
            let constant = self.values.constant(node.branch.k);
            node.note_comparison(constant);
        }
        Ok(())
    }

    /// What the registers hold at the start of a block: what all ways to it agree on.
    fn values_before(&self, id: BlockId) -> Registers {
        let Some(node) = self.flow.node(id) else { return [UNKNOWN; REGISTERS] };
        let mut edges = node.edges_in.iter().filter_map(|edge| self.flow.node(edge.from));
        let Some(first) = edges.next() else { return [UNKNOWN; REGISTERS] };
        let mut values = first.values;
        for other in edges {
            for (value, other) in values.iter_mut().zip(&other.values) {
                if *value != *other {
                    *value = UNKNOWN;
                }
            }
        }
        values
    }

    /// Skips branches at the root whose sides lead to one place. A root that is a return needs no statement.
    fn shorten_root(&mut self) {
        let mut root = self.flow.root;
        let mut skipped = Vec::new();
        while let Some(node) = self.flow.node(root)
            && let Some((on_true, on_false)) = node.next
            && on_true == on_false
        {
            skipped.extend(if skipped.is_empty() { node.statements.clone() } else { Vec::new() });
            root = on_true;
        }
        self.flow.root = root;
        if let Some(node) = self.flow.nodes.get_mut(root) {
            if !skipped.is_empty() {
                node.statements.splice(0..0, skipped);
            }
            if node.is_leaf() {
                node.statements.clear();
            }
        }
    }
}

/// The registers of a set that differ between what two blocks leave in them.
fn differ(set: RegisterSet, one: &flow::Node, other: &flow::Node) -> bool {
    set.iter().any(|register| one.value(register) != other.value(register))
}

/// Whether a statement is still there.
fn is_left(statement: &Statement) -> bool {
    statement.code != NOTHING
}
