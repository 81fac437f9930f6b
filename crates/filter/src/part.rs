//! A part of an expression as a filter of its own: what one term selects, whether it can be true at all, and what
//! of a pair of terms decides.

use crate::ast::{Node, NodeId, NodeKind, Tree};
use crate::error::Error;
use crate::names::Names;
use crate::{Options, Program, Refusal, codegen};

/// What a part of an expression selects.
#[derive(Clone, Debug)]
pub enum Part {
    /// The packets that this program passes.
    Some(Box<Program>),
    /// No packet at all; only an optimised part can turn out so.
    Nothing,
}

/// Compiles one test of an expression.
///
/// It keeps the meaning that it has at its place: identifiers take over qualifiers, and where `vlan` and its like
/// stand before it, it is about what they contain, of packets that have them.
pub fn compile_part(tree: &Tree, node: NodeId, options: &Options, names: &dyn Names) -> Result<Part, Error> {
    let mut part = Tree { nodes: tree.nodes.get(..=node).unwrap_or(&[]).to_vec(), root: Some(node) };
    let first = first_of(tree, node);
    let around = part.nodes.get(..first).unwrap_or(&[]).iter().enumerate();
    let around: Vec<NodeId> =
        around.filter(|(_, node)| node.kind.is_encapsulation()).map(|(id, _)| id).collect();
    for outer in around.into_iter().rev() {
        let inner = part.root.unwrap_or(node);
        append(&mut part, NodeKind::And(outer, inner));
    }
    build(&part, options, names)
}

/// Whether a test is true of no packet, as far as the optimiser can prove it.
pub(crate) fn is_never_true(tree: &Tree, node: NodeId, options: &Options, names: &dyn Names) -> bool {
    proves(tree.nodes.get(..=node).unwrap_or(&[]), Some(node), options, names, |_| {})
}

/// Whether a test is true of every packet.
pub(crate) fn is_always_true(tree: &Tree, node: NodeId, options: &Options, names: &dyn Names) -> bool {
    proves(tree.nodes.get(..=node).unwrap_or(&[]), Some(node), options, names, |part| {
        append(part, NodeKind::Not(node));
    })
}

/// Whether the second of two tests holds wherever the first does. Both must stand before `end`, apart from each other.
pub(crate) fn implies(
    tree: &Tree,
    end: NodeId,
    pair: (NodeId, NodeId),
    options: &Options,
    names: &dyn Names,
) -> bool {
    proves(tree.nodes.get(..end).unwrap_or(&[]), None, options, names, |part| {
        append(part, NodeKind::Not(pair.1));
        let not = part.nodes.len().saturating_sub(1);
        append(part, NodeKind::And(pair.0, not));
    })
}

fn proves(
    nodes: &[Node],
    root: Option<NodeId>,
    options: &Options,
    names: &dyn Names,
    change: impl FnOnce(&mut Tree),
) -> bool {
    let mut part = Tree { nodes: nodes.to_vec(), root };
    change(&mut part);
    let options = Options { optimise: true, ..options.clone() };
    matches!(build(&part, &options, names), Ok(Part::Nothing))
}

fn append(part: &mut Tree, kind: NodeKind) {
    part.nodes.push(Node { kind, span: 0..0 });
    part.root = Some(part.nodes.len() - 1);
}

fn build(part: &Tree, options: &Options, names: &dyn Names) -> Result<Part, Error> {
    let compiled = codegen::generate_part(part, options, names)?;
    match Program::from_graph(compiled.graph, options.optimise && !compiled.leave_alone) {
        Ok(program) => Ok(Part::Some(Box::new(program))),
        Err(Refusal::RejectsAll) => Ok(Part::Nothing),
        Err(refusal) => Err(Error::new(refusal.to_string())),
    }
}

/// The first node that belongs to this one. A node's operands stand right before it, so those from there on are
/// all that belong to it.
pub(crate) fn first_of(tree: &Tree, node: NodeId) -> NodeId {
    let mut at = node;
    while let Some(kind) = tree.nodes.get(at).map(|node| &node.kind) {
        at = match kind {
            NodeKind::And(first, _)
            | NodeKind::Or(first, _)
            | NodeKind::Not(first)
            | NodeKind::Compare(first, ..)
            | NodeKind::Binary(first, ..)
            | NodeKind::Negate(first)
            | NodeKind::Load { index: first, .. }
                if *first < at =>
            {
                *first
            }
            _ => return at,
        };
    }
    at
}
