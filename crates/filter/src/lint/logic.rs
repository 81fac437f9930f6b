//! How terms are joined: what the language makes of it, and what can never or must always be.

use super::{Examined, Report};
use crate::ast::{NodeId, NodeKind};
use crate::part::{first_of, implies, is_always_true, is_never_true};

/// Expressions with more nodes are not proved term by term: that would take a compilation for each.
const MOST_PROVED_NODES: usize = 96;

/// Whether the operand that an `and` or `or` begins with stands in parentheses.
fn is_enclosed(examined: &Examined, whole: NodeId, first: NodeId) -> bool {
    let (Some(whole), Some(first)) = (examined.node(whole), examined.node(first)) else { return false };
    whole.span.start < first.span.start
}

/// `a or b and c` is `(a or b) and c` here, whatever other languages make of it.
pub(super) fn and_after_or(examined: &Examined, report: &mut Report) {
    for (id, node) in examined.nodes() {
        let NodeKind::And(first, second) = &node.kind else { continue };
        let Some(NodeKind::Or(left, right)) = examined.kind(*first) else { continue };
        // In `host a or b and c` the list is read as one thing by everyone.
        let is_list = matches!(examined.kind(*right), Some(NodeKind::Identifier { carried: true, .. }));
        if is_list || is_enclosed(examined, id, *first) {
            continue;
        }
        let text = |id: &NodeId| examined.node(*id).map_or("", |node| examined.text(&node.span));
        let (list, last) = (text(first), text(second));
        let message = "and binds no tighter than or: terms are joined from left to right, as they come";
        let advice = format!(
            "it is read as ({list}) and {last}; if not, write {} or ({} and {last})",
            text(left),
            text(right)
        );
        report.add(&node.span, message, Some(advice));
    }
}

/// `not port 80 or 443`: `not` is about the first only.
pub(super) fn not_before_list(examined: &Examined, report: &mut Report) {
    for (id, node) in examined.nodes() {
        let (NodeKind::And(first, second) | NodeKind::Or(first, second)) = &node.kind else { continue };
        let Some(NodeKind::Not(inner)) = examined.kind(*first) else { continue };
        let Some(NodeKind::Identifier { carried: true, .. }) = examined.kind(*second) else { continue };
        let Some(NodeKind::Identifier { .. }) = examined.kind(*inner) else { continue };
        if is_enclosed(examined, id, *first) {
            continue;
        }
        let text = |id: &NodeId| examined.node(*id).map_or("", |node| examined.text(&node.span));
        let message = format!("not is about {} alone, and {} stands without it", text(inner), text(second));
        let advice = format!("for neither of them write not ({} or {})", text(inner), text(second));
        report.add(&node.span, message, Some(advice));
    }
}

/// `not host a or not host b` lets almost everything pass.
pub(super) fn not_or_not(examined: &Examined, report: &mut Report) {
    let subject_of = |id: NodeId| match examined.kind(id) {
        Some(NodeKind::Not(inner)) => match examined.kind(*inner) {
            Some(NodeKind::Identifier { qualifiers, .. }) => Some((*inner, *qualifiers)),
            _ => None,
        },
        _ => None,
    };
    for (_, node) in examined.nodes() {
        let NodeKind::Or(first, second) = &node.kind else { continue };
        let (Some((first, left)), Some((second, right))) = (subject_of(*first), subject_of(*second)) else {
            continue;
        };
        if left != right {
            continue;
        }
        let text = |id: NodeId| examined.node(id).map_or("", |node| examined.text(&node.span));
        let message = "this leaves out only packets with both; all others pass";
        let advice = format!("for neither of them write not ({} or {})", text(first), text(second));
        report.add(&node.span, message, Some(advice));
    }
}

fn is_provable(examined: &Examined) -> bool {
    examined.tree.nodes.len() <= MOST_PROVED_NODES && !examined.options.live
}

fn never(examined: &Examined, id: NodeId) -> bool {
    is_never_true(examined.tree, id, examined.options, examined.names)
}

/// Parts that exclude each other, such as `tcp and udp`; the innermost is named.
pub(super) fn never_true(examined: &Examined, report: &mut Report) {
    if !is_provable(examined) {
        return;
    }
    let mut found: Vec<NodeId> = Vec::new();
    for (id, node) in examined.nodes() {
        let message = match &node.kind {
            NodeKind::And(..) => "no packet can be both: these exclude each other",
            NodeKind::Not(_) | NodeKind::Or(..) | NodeKind::Number(_) | NodeKind::Length => continue,
            NodeKind::Load { .. } | NodeKind::Binary(..) | NodeKind::Negate(_) => continue,
            _ => "no packet of this link type can be that",
        };
        let first = first_of(examined.tree, id);
        if found.iter().any(|inner| (first..id).contains(inner)) || !never(examined, id) {
            continue;
        }
        found.push(id);
        let advice = matches!(node.kind, NodeKind::And(..)).then(|| "for either of them write or".to_owned());
        report.add(&node.span, message, advice);
    }
}

/// Parts that hold whatever the packet is, such as `not tcp or not udp`.
pub(super) fn always_true(examined: &Examined, report: &mut Report) {
    if !is_provable(examined) {
        return;
    }
    for (id, node) in examined.nodes() {
        if matches!(node.kind, NodeKind::Or(..))
            && is_always_true(examined.tree, id, examined.options, examined.names)
        {
            let message = "every packet passes this: what one part leaves out, the other lets in";
            report.add(&node.span, message, Some("for neither of them write and in place of or".to_owned()));
        }
    }
}

/// Terms that change nothing, as `tcp port 80` in `tcp or tcp port 80`.
///
/// That a later term makes an earlier one unnecessary, as in `ip and tcp[13] & 2 != 0`, is clearer, not wrong.
pub(super) fn adds_nothing(examined: &Examined, report: &mut Report) {
    if !is_provable(examined) || examined.nodes().any(|(_, node)| node.kind.is_encapsulation()) {
        return;
    }
    let implies = |id: NodeId, one: NodeId, other: NodeId| {
        !never(examined, one)
            && !never(examined, other)
            && implies(examined.tree, id, (one, other), examined.options, examined.names)
    };
    for (id, node) in examined.nodes() {
        let (first, second, is_or) = match &node.kind {
            NodeKind::And(first, second) => (*first, *second, false),
            NodeKind::Or(first, second) => (*first, *second, true),
            _ => continue,
        };
        let (idle, other) = if is_or && implies(id, second, first) || !is_or && implies(id, first, second) {
            (second, first)
        } else if is_or && implies(id, first, second) {
            (first, second)
        } else {
            continue;
        };
        let text = |id: NodeId| examined.node(id).map_or("", |node| examined.text(&node.span));
        let message = format!("{} changes nothing beside {}", text(idle), text(other));
        if let Some(idle) = examined.node(idle) {
            report.add(&idle.span, message, None);
        }
    }
}
