//! An expression in plain words: what each test looks at, how terms are joined, what was taken over from where.

mod comparison;
pub(crate) mod field;
mod identifier;
mod range;
mod term;

pub(crate) use comparison::Comparison;
pub(crate) use range::{Range, Ranges};

use crate::ast::{NodeId, NodeKind, Tree};
use crate::names::Names;

/// Terms that are nested deeper are not shown; no expression that a person writes comes near.
const DEEPEST: usize = 64;

/// A test of an expression in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The node that it is about.
    pub node: NodeId,
    /// How many tests it is inside of.
    pub depth: usize,
    /// What it says.
    pub text: String,
    /// Whether it joins or negates the tests below it.
    pub is_group: bool,
}

/// The tests of an expression, each behind those that it is a part of.
///
/// What `and` joins is one group, and so is what `or` joins; that they bind alike, from the left, shows in how the
/// groups nest.
pub fn outline(expression: &str, tree: &Tree, names: &dyn Names) -> Vec<Line> {
    let ranges = Ranges::of(tree);
    let mut lines = Vec::new();
    let mut waiting: Vec<(NodeId, usize)> = tree.root.map(|root| (root, 0)).into_iter().collect();
    while let Some((id, depth)) = waiting.pop() {
        let Some(node) = tree.nodes.get(id) else { continue };
        let (text, parts) = match &node.kind {
            _ if depth == DEEPEST => ("(nested too deep to be shown)".to_owned(), Vec::new()),
            NodeKind::And(..) => ("all of these hold:".to_owned(), joined(tree, id)),
            NodeKind::Or(..) => ("at least one of these holds:".to_owned(), joined(tree, id)),
            NodeKind::Not(inner) => ("this does not hold:".to_owned(), vec![*inner]),
            _ => (term::describe(expression, tree, &ranges, id, names), Vec::new()),
        };
        let is_group = !parts.is_empty();
        waiting.extend(parts.into_iter().rev().map(|part| (part, depth + 1)));
        lines.push(Line { node: id, depth, text, is_group });
    }
    lines
}

/// What the same operator joins: `a and b and c` are three.
fn joined(tree: &Tree, id: NodeId) -> Vec<NodeId> {
    let pair = |id: NodeId, and: bool| match tree.nodes.get(id).map(|node| &node.kind) {
        Some(NodeKind::And(first, second)) if and => Some((*first, *second)),
        Some(NodeKind::Or(first, second)) if !and => Some((*first, *second)),
        _ => None,
    };
    let and = matches!(tree.nodes.get(id).map(|node| &node.kind), Some(NodeKind::And(..)));
    let mut parts = Vec::new();
    let mut waiting = vec![id];
    while let Some(id) = waiting.pop() {
        match pair(id, and) {
            Some((first, second)) => waiting.extend([second, first]),
            None => parts.push(id),
        }
    }
    parts
}
