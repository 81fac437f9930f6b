//! Makes equal blocks one.

use super::hash::NumberMap;
use super::{Optimiser, is_left};
use crate::ir::{BlockId, Statement};

/// Number of a class of equal blocks.
type Class = usize;

/// What makes two blocks equal: statements, branch, and the classes of the blocks it leads to.
type Likeness = (Vec<(u16, u32, u32, u32)>, u16, u32, Option<(Class, Class)>);

impl Optimiser {
    /// Leads edges to one of equal blocks. Blocks are taken by rising level: what they lead to has its class then.
    pub(super) fn merge_equal_blocks(&mut self) {
        self.flow.find_levels();
        let mut classes: NumberMap<Likeness, Class> = NumberMap::default();
        let mut class_of: Vec<Option<Class>> = vec![None; self.flow.nodes.len()];
        // Of equal blocks the one with the highest number is kept.
        let mut kept: Vec<BlockId> = Vec::new();
        for id in self.flow.upward() {
            let Some(node) = self.flow.node(id) else { continue };
            let class = |id: BlockId| class_of.get(id).copied().flatten().unwrap_or(Class::MAX);
            let parts = |s: &Statement| (s.code, s.k, s.jt, s.jf);
            let statements = node.statements.iter().filter(|s| is_left(s)).map(parts).collect();
            let next = node.next.map(|(on_true, on_false)| (class(on_true), class(on_false)));
            let class =
                *classes.entry((statements, node.branch.code, node.branch.k, next)).or_insert(kept.len());
            match kept.get_mut(class) {
                Some(kept) => *kept = id.max(*kept),
                None => kept.push(id),
            }
            if let Some(entry) = class_of.get_mut(id) {
                *entry = Some(class);
            }
        }
        let keep =
            |id: BlockId| class_of.get(id).copied().flatten().and_then(|class| kept.get(class)).copied();
        for node in &mut self.flow.nodes {
            node.next = node.next.map(|(on_true, on_false)| {
                (keep(on_true).unwrap_or(on_true), keep(on_false).unwrap_or(on_false))
            });
        }
    }
}
