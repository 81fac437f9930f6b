//! Rebuilds the graph of blocks from a plain program: a block ends with its conditional jump or return, but
//! for jumps that stay inside a block (loops over headers, and the choice of where a VLAN tag is).

use std::collections::{BTreeMap, BTreeSet};

use wirescope_filter::ir::{Block, Graph, Instruction, Statement, code};

const ALWAYS: u16 = code::JMP | code::JA;

/// The graph that the program was laid out from.
pub(crate) fn rebuild(program: &[Instruction]) -> Graph {
    let detours = detours(program);
    let inner = inner_ranges(program, &detours);
    let is_inner = |at: usize| inner.iter().any(|&(first, end)| first <= at && at < end);
    // Blocks begin at the entry, and where outer branches lead.
    let mut leaders = BTreeSet::from([0]);
    for at in 0..program.len() {
        if is_conditional(&program[at]) && !is_inner(at) {
            leaders.extend(branch_targets(program, at, &detours));
        }
    }
    let number: BTreeMap<usize, usize> = leaders.iter().enumerate().map(|(n, &at)| (at, n)).collect();
    let blocks = leaders
        .iter()
        .map(|&start| {
            let ends =
                |at: &usize| is_return(&program[*at]) || is_conditional(&program[*at]) && !is_inner(*at);
            let end = (start..program.len()).find(ends).expect("a block ends");
            let statements = (start..end).map(|at| inner_statement(program, start, at)).collect();
            let branch = Statement { code: program[end].code, k: program[end].k, jt: 0, jf: 0 };
            let [on_true, on_false] = if is_return(&program[end]) {
                [0, 0]
            } else {
                branch_targets(program, end, &detours).map(|at| number[&at])
            };
            Block { statements, branch, on_true, on_false }
        })
        .collect();
    Graph { blocks, root: 0 }
}

fn is_return(instruction: &Instruction) -> bool {
    instruction.code & 7 == code::RET
}

fn is_conditional(instruction: &Instruction) -> bool {
    instruction.code & 7 == code::JMP && instruction.code != ALWAYS
}

fn jump_target(program: &[Instruction], at: usize) -> usize {
    (at as u32 + 1).wrapping_add(program[at].k) as usize
}

fn near_targets(program: &[Instruction], at: usize) -> [usize; 2] {
    [at + 1 + usize::from(program[at].jt), at + 1 + usize::from(program[at].jf)]
}

/// The unconditional jumps right behind a conditional one, which carry it farther.
fn detours(program: &[Instruction]) -> BTreeSet<usize> {
    let mut detours = BTreeSet::new();
    for at in 0..program.len() {
        if is_conditional(&program[at]) {
            for place in at + 1..(at + 3).min(program.len()) {
                if program[place].code != ALWAYS {
                    break;
                }
                if near_targets(program, at).contains(&place) {
                    detours.insert(place);
                }
            }
        }
    }
    detours
}

fn branch_targets(program: &[Instruction], at: usize, detours: &BTreeSet<usize>) -> [usize; 2] {
    near_targets(program, at)
        .map(|target| if detours.contains(&target) { jump_target(program, target) } else { target })
}

/// Ranges of instructions whose jumps stay inside a block.
fn inner_ranges(program: &[Instruction], detours: &BTreeSet<usize>) -> Vec<(usize, usize)> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for at in 0..program.len() {
        if program[at].code == ALWAYS && !detours.contains(&at) {
            let target = jump_target(program, at);
            ranges.push((at.min(target), (at + 1).max(target)));
        }
        // A block is entered by branches only: a target that the statement before runs into is inside one.
        if is_conditional(&program[at]) {
            let runs_into = |target: &usize| {
                program[target - 1].code & 7 != code::JMP && !is_return(&program[target - 1])
            };
            ranges.extend(
                branch_targets(program, at, detours).into_iter().filter(runs_into).map(|target| (at, target)),
            );
        }
    }
    loop {
        let before = ranges.clone();
        for (first, end) in &mut ranges {
            for at in 0..program.len() {
                if !is_conditional(&program[at]) {
                    continue;
                }
                let targets = near_targets(program, at);
                if (*first..*end).contains(&at) {
                    // A jump inside leads at most to behind the range.
                    *end = (*end).max(targets[0]).max(targets[1]);
                } else if at < *first && targets.iter().any(|&target| *first < target && target < *end) {
                    *first = at;
                }
                let last_is_in = targets.contains(end);
                if at < *first && last_is_in && targets.iter().any(|target| (*first..*end).contains(target)) {
                    *first = at;
                }
            }
        }
        ranges.sort_unstable();
        ranges.dedup_by(|next, kept| {
            let overlaps = next.0 < kept.1;
            if overlaps {
                kept.1 = kept.1.max(next.1);
            }
            overlaps
        });
        if ranges == before {
            return ranges;
        }
    }
}

fn inner_statement(program: &[Instruction], start: usize, at: usize) -> Statement {
    let Instruction { code, k, .. } = program[at];
    let place = |target: usize| (target - start) as u32;
    if code == ALWAYS {
        let target = place(jump_target(program, at));
        Statement { code, k: 0, jt: target, jf: target }
    } else if code & 7 == code::JMP {
        let [jt, jf] = near_targets(program, at).map(place);
        Statement { code, k, jt, jf }
    } else {
        Statement { code, k, jt: 0, jf: 0 }
    }
}
