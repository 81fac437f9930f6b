//! Lays a graph out as a classic BPF program: each block once, the side for "does not hold" nearest the end.
//!
//! A conditional jump skips at most 255 instructions. Where a target is farther away, an unconditional jump
//! stands right behind the conditional one and takes over.

use crate::ir::{Block, BlockId, Graph, Instruction, code};
use crate::refusal::Refusal;

/// Farthest that a conditional jump reaches.
const LONGEST_SKIP: usize = u8::MAX as usize;

/// Where a block lies in the program.
#[derive(Clone, Copy, Default)]
struct Place {
    start: usize,
    /// Instructions before the branch.
    statements: usize,
    /// Whether the way to `on_true` needs an unconditional jump.
    long_true: bool,
    long_false: bool,
}

impl Place {
    fn branch(&self) -> usize {
        self.start + self.statements
    }

    fn len(&self) -> usize {
        self.statements + 1 + usize::from(self.long_true) + usize::from(self.long_false)
    }
}

/// Turns the graph into instructions.
pub fn emit(graph: &Graph) -> Result<Vec<Instruction>, Refusal> {
    let order = layout_order(graph);
    let mut places = vec![Place::default(); graph.blocks.len()];
    for &id in &order {
        if let (Some(place), Some(block)) = (places.get_mut(id), graph.blocks.get(id)) {
            place.statements = block.statements.len();
        }
    }
    settle(graph, &order, &mut places);
    let mut program = Vec::new();
    for &id in &order {
        if let (Some(block), Some(place)) = (graph.blocks.get(id), places.get(id)) {
            emit_block(block, place, &places, &mut program)?;
        }
    }
    Ok(program)
}

/// Whether the block leaves the graph instead of branching.
fn is_leaf(block: &Block) -> bool {
    block.branch.code & 0x07 == code::RET
}

/// The reachable blocks from first to last instruction. A program is filled from its end: a block goes in
/// front of everything that it leads to, with what its false side leads to placed before its true side.
fn layout_order(graph: &Graph) -> Vec<BlockId> {
    enum Visit {
        Enter(BlockId),
        Leave(BlockId),
    }
    let mut seen = vec![false; graph.blocks.len()];
    let mut order = Vec::new();
    let mut pending = vec![Visit::Enter(graph.root)];
    while let Some(visit) = pending.pop() {
        match visit {
            Visit::Leave(id) => order.push(id),
            Visit::Enter(id) => {
                let (Some(block), Some(seen)) = (graph.blocks.get(id), seen.get_mut(id)) else { continue };
                if std::mem::replace(seen, true) {
                    continue;
                }
                pending.push(Visit::Leave(id));
                if !is_leaf(block) {
                    pending.push(Visit::Enter(block.on_true));
                    pending.push(Visit::Enter(block.on_false));
                }
            }
        }
    }
    order.reverse();
    order
}

/// Finds starts and long ways that agree: an added jump may push other targets out of reach.
fn settle(graph: &Graph, order: &[BlockId], places: &mut [Place]) {
    loop {
        let mut start = 0;
        for &id in order {
            if let Some(place) = places.get_mut(id) {
                place.start = start;
                start += place.len();
            }
        }
        let mut changed = false;
        for &id in order {
            let (Some(block), Some(place)) = (graph.blocks.get(id), places.get(id).copied()) else {
                continue;
            };
            if is_leaf(block) {
                continue;
            }
            let far = |target: BlockId| distance(&place, places, target) > LONGEST_SKIP;
            let long_true = place.long_true || far(block.on_true);
            let long_false = place.long_false || far(block.on_false);
            changed |= long_true != place.long_true || long_false != place.long_false;
            if let Some(place) = places.get_mut(id) {
                (place.long_true, place.long_false) = (long_true, long_false);
            }
        }
        if !changed {
            return;
        }
    }
}

/// Instructions between the branch of a block and a target.
fn distance(from: &Place, places: &[Place], target: BlockId) -> usize {
    places.get(target).map_or(0, |to| to.start.saturating_sub(from.branch() + 1))
}

fn emit_block(
    block: &Block,
    place: &Place,
    places: &[Place],
    program: &mut Vec<Instruction>,
) -> Result<(), Refusal> {
    for (at, statement) in block.statements.iter().enumerate() {
        let mut instruction = Instruction { code: statement.code, jt: 0, jf: 0, k: statement.k };
        if statement.code == code::JMP | code::JA {
            // Loops lead back: the distance wraps, as it does in the program counter.
            instruction.k = statement.jt.wrapping_sub(narrow(at)?.wrapping_add(1));
        } else if statement.code & 0x07 == code::JMP {
            instruction.jt = skip_inside(at, statement.jt)?;
            instruction.jf = skip_inside(at, statement.jf)?;
        }
        program.push(instruction);
    }
    let branch = Instruction { code: block.branch.code, jt: 0, jf: 0, k: block.branch.k };
    if is_leaf(block) {
        program.push(branch);
        return Ok(());
    }
    let mut detours = Vec::new();
    let mut way = |target: BlockId, long: bool| -> Result<u8, Refusal> {
        let skip = distance(place, places, target);
        if !long {
            return u8::try_from(skip).map_err(|_| Refusal::JumpTooFar);
        }
        let at = detours.len();
        let k = narrow(skip.saturating_sub(at + 1))?;
        detours.push(Instruction { code: code::JMP | code::JA, jt: 0, jf: 0, k });
        u8::try_from(at).map_err(|_| Refusal::JumpTooFar)
    };
    let jt = way(block.on_true, place.long_true)?;
    let jf = way(block.on_false, place.long_false)?;
    program.push(Instruction { jt, jf, ..branch });
    program.append(&mut detours);
    Ok(())
}

/// Distance of a conditional jump inside a block, which only leads forward.
fn skip_inside(at: usize, target: u32) -> Result<u8, Refusal> {
    let skip = target.checked_sub(narrow(at)?.saturating_add(1)).ok_or(Refusal::JumpTooFar)?;
    u8::try_from(skip).map_err(|_| Refusal::JumpTooFar)
}

fn narrow(count: usize) -> Result<u32, Refusal> {
    u32::try_from(count).map_err(|_| Refusal::JumpTooFar)
}
