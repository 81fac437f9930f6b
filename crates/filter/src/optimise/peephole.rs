//! Patterns of few statements that have a shorter form, and stores that nobody reads.

use super::registers::{ACCUMULATOR, INDEX, NOTHING, REGISTERS, reads, writes};
use super::values::UNKNOWN;
use super::{Optimiser, is_left};
use crate::ir::{BlockId, Statement, code};

impl Optimiser {
    /// Shortens what the code generator is known to make.
    pub(super) fn peephole(&mut self, id: BlockId) {
        let Some(node) = self.flow.nodes.get_mut(id) else { return };
        if node.statements.is_empty() {
            return;
        }
        let mut changed = false;
        if !node.has_inner_jumps() {
            let x_matters = node.live_out.contains(INDEX);
            let last = shorten_pairs(&mut node.statements, x_matters, &mut changed);
            changed |= self.merge_into_branch(id, last);
        }
        if changed {
            self.note_progress();
        }
        self.decide_branch(id);
    }

    /// Lets the branch do the last piece of arithmetic, where nobody else reads its result.
    fn merge_into_branch(&mut self, id: BlockId, last: usize) -> bool {
        use code::*;
        let Some(node) = self.flow.nodes.get_mut(id) else { return false };
        if node.branch.code != JMP | JEQ | K || node.live_out.contains(ACCUMULATOR) {
            return false;
        }
        let index = self.values.as_constant(node.value(INDEX));
        let Some(statement) = node.statements.get_mut(last) else { return false };
        const SUBTRACT_INDEX: u16 = ALU | SUB | code::X;
        const SUBTRACT: u16 = ALU | SUB | K;
        const MASK: u16 = ALU | AND | K;
        match statement.code {
            SUBTRACT_INDEX => match index {
                Some(constant) => node.branch.k = node.branch.k.wrapping_add(constant),
                None if node.branch.k == 0 => node.branch.code = JMP | JEQ | code::X,
                None => return false,
            },
            SUBTRACT => node.branch.k = node.branch.k.wrapping_add(statement.k),
            // A mask that keeps everything changes nothing.
            MASK if node.branch.k == 0 && statement.k == u32::MAX => {}
            MASK if node.branch.k == 0 => {
                node.branch.k = statement.k;
                node.branch.code = JMP | JSET | K;
                node.next = node.next.map(|(on_true, on_false)| (on_false, on_true));
                node.is_swapped = true;
            }
            _ => return false,
        }
        statement.code = NOTHING;
        true
    }

    /// Leads both sides of a branch to one place where its outcome is known.
    fn decide_branch(&mut self, id: BlockId) {
        use code::*;
        let Some(node) = self.flow.nodes.get_mut(id) else { return };
        let (index, accumulator) =
            (self.values.as_constant(node.value(INDEX)), self.values.as_constant(node.value(ACCUMULATOR)));
        let Some((on_true, on_false)) = node.next else { return };
        if node.branch.code == JMP | JSET | K && node.branch.k == 0 {
            node.next = Some((on_false, on_false));
        }
        if let Some(constant) = index
            && node.branch.code & 0x08 == code::X
        {
            node.branch.code &= !code::X;
            node.branch.k = constant;
        }
        let Some(left) = accumulator.filter(|_| node.branch.code & 0x08 == K) else { return };
        let Some((on_true, on_false)) = node.next.or(Some((on_true, on_false))) else { return };
        let right = node.branch.k;
        let holds = match node.branch.code & 0xf0 {
            JEQ => left == right,
            JGT => left > right,
            JGE => left >= right,
            _ => left & right != 0,
        };
        let target = if holds { on_true } else { on_false };
        node.next = Some((target, target));
        if on_true != on_false {
            self.note_progress();
        }
    }

    /// Removes writes that are overwritten, or never read, before the block ends or after it.
    pub(super) fn remove_dead_stores(&mut self, id: BlockId) {
        let Some(node) = self.flow.nodes.get_mut(id) else { return };
        if node.has_inner_jumps() {
            return;
        }
        let mut unread: [Option<usize>; REGISTERS] = [None; REGISTERS];
        let mut dead = Vec::new();
        for (at, statement) in node.statements.iter().enumerate() {
            note_reads(statement, &mut unread);
            if let Some(entry) = writes(statement).and_then(|register| unread.get_mut(register)) {
                dead.extend(entry.replace(at));
            }
        }
        note_reads(&node.branch, &mut unread);
        for (register, entry) in unread.iter().enumerate() {
            if let Some(at) = *entry
                && !node.live_out.contains(register)
            {
                dead.push(at);
                if let Some(value) = node.values.get_mut(register) {
                    *value = UNKNOWN;
                }
            }
        }
        for &at in &dead {
            if let Some(statement) = node.statements.get_mut(at) {
                statement.code = NOTHING;
            }
        }
        if !dead.is_empty() {
            self.note_progress();
        }
    }
}

fn note_reads(statement: &Statement, unread: &mut [Option<usize>; REGISTERS]) {
    for register in reads(statement).iter() {
        if let Some(entry) = unread.get_mut(register) {
            *entry = None;
        }
    }
}

/// The first statement from a place on that is still there.
fn next_left(statements: &[Statement], from: usize) -> Option<usize> {
    (from..statements.len()).find(|&at| statements.get(at).is_some_and(is_left))
}

/// Rewrites pairs of neighbours and returns the last statement. Where there is no pair that is the first place,
/// even if nothing is left there: libpcap does not merge a lone statement behind others that went.
fn shorten_pairs(statements: &mut [Statement], x_matters: bool, changed: &mut bool) -> usize {
    use code::*;
    let Some(mut at) = next_left(statements, 0) else { return 0 };
    let mut last = 0;
    while let Some(next) = next_left(statements, at + 1) {
        let (Some(&here), Some(&there)) = (statements.get(at), statements.get(next)) else { break };
        let mut rewrite = |first: Option<u16>, second: u16| {
            if let (Some(code), Some(statement)) = (first, statements.get_mut(at)) {
                statement.code = code;
            }
            if let Some(statement) = statements.get_mut(next) {
                statement.code = second;
            }
            *changed = true;
        };
        // A store and a load of the same word into X: the value is still in A.
        if here.code == ST && there.code == LDX | MEM && here.k == there.k {
            rewrite(None, MISC | TAX);
        }
        // A constant into X by way of A: the other way round A may turn out not to matter.
        if here.code == LD | IMM && there.code == MISC | TAX {
            rewrite(Some(LDX | IMM), MISC | TXA);
        }
        if here.code == LD | IMM && there.code != MISC | TAX && !x_matters {
            *changed |= fold_into_offset(statements, at, next);
        }
        at = next;
        last = next;
    }
    last
}

/// `tcp[2]` loads 2, adds the length of the header before it, and loads from there: the 2 can be part of the
/// load's offset.
fn fold_into_offset(statements: &mut [Statement], constant: usize, next: usize) -> bool {
    use code::*;
    let code_at = |statements: &[Statement], at: usize| statements.get(at).map_or(NOTHING, |s| s.code);
    let add =
        if code_at(statements, next) == LDX | MSH | B { next_left(statements, next + 1) } else { Some(next) };
    let Some(add) = add.filter(|&at| code_at(statements, at) == ALU | ADD | code::X) else { return false };
    let transfer = next_left(statements, add + 1).filter(|&at| code_at(statements, at) == MISC | TAX);
    let Some(transfer) = transfer else { return false };
    let load = next_left(statements, transfer + 1).filter(|&at| {
        let code = code_at(statements, at);
        code & 0x07 == LD && code & 0xe0 == IND
    });
    let Some(load) = load else { return false };
    let offset = statements.get(constant).map_or(0, |statement| statement.k);
    if let Some(statement) = statements.get_mut(load) {
        statement.k = statement.k.wrapping_add(offset);
    }
    for at in [constant, add, transfer] {
        if let Some(statement) = statements.get_mut(at) {
            statement.code = NOTHING;
        }
    }
    true
}
