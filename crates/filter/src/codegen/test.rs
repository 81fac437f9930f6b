//! Tests under construction: parts of the graph whose exits are not connected yet.

use crate::ir::{Block, BlockId, Graph, Statement, code};

/// A part of the graph: where it is entered, and the branches that leave it when it holds and when it does not.
#[derive(Debug)]
pub(super) struct Test {
    entry: BlockId,
    holds: Vec<Exit>,
    fails: Vec<Exit>,
    known: Option<bool>,
}

#[derive(Clone, Copy, Debug)]
struct Exit {
    block: BlockId,
    on_true: bool,
}

/// The blocks made so far.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
}

/// A statement that is not a jump.
pub(super) fn statement(code: u16, k: u32) -> Statement {
    Statement { code, k, jt: 0, jf: 0 }
}

/// A jump inside a block.
pub(super) fn jump(code: u16, k: u32, jt: u32, jf: u32) -> Statement {
    Statement { code, k, jt, jf }
}

impl Blocks {
    /// A block that runs statements and then compares.
    pub(super) fn test(&mut self, statements: Vec<Statement>, jump: u16, k: u32) -> Test {
        let block = self.add(statements, statement(code::JMP | jump, k));
        Test {
            entry: block,
            holds: vec![Exit { block, on_true: true }],
            fails: vec![Exit { block, on_true: false }],
            known: None,
        }
    }

    /// A test that holds for every packet, or for none.
    pub(super) fn always(&mut self, verdict: bool) -> Test {
        let load = statement(code::LD | code::IMM, u32::from(!verdict));
        Test { known: Some(verdict), ..self.test(vec![load], code::JEQ, 0) }
    }

    fn add(&mut self, statements: Vec<Statement>, branch: Statement) -> BlockId {
        self.blocks.push(Block { statements, branch, on_true: 0, on_false: 0 });
        self.blocks.len() - 1
    }

    fn connect(&mut self, exits: Vec<Exit>, to: BlockId) {
        for exit in exits {
            if let Some(block) = self.blocks.get_mut(exit.block) {
                if exit.on_true {
                    block.on_true = to;
                } else {
                    block.on_false = to;
                }
            }
        }
    }

    /// Holds when both hold.
    pub(super) fn and(&mut self, first: Test, second: Test) -> Test {
        match (first.known, second.known) {
            (Some(false), _) | (None, Some(true)) => return first,
            (_, Some(false)) | (Some(true), _) => return second,
            (None, None) => {}
        }
        self.connect(first.holds, second.entry);
        let fails = merge(first.fails, second.fails);
        Test { entry: first.entry, holds: second.holds, fails, known: None }
    }

    /// Holds when one of them holds.
    pub(super) fn or(&mut self, first: Test, second: Test) -> Test {
        match (first.known, second.known) {
            (Some(true), _) | (None, Some(false)) => return first,
            (_, Some(true)) | (Some(false), _) => return second,
            (None, None) => {}
        }
        self.connect(first.fails, second.entry);
        let holds = merge(first.holds, second.holds);
        Test { entry: first.entry, holds, fails: second.fails, known: None }
    }

    /// Holds when at least one of these holds, tried in order; `None` without any.
    pub(super) fn any(&mut self, tests: impl IntoIterator<Item = Test>) -> Option<Test> {
        tests.into_iter().reduce(|first, second| self.or(first, second))
    }

    /// Puts statements in front of what a test begins with.
    pub(super) fn prepend(&mut self, test: &Test, mut statements: Vec<Statement>) {
        let Some(block) = self.blocks.get_mut(test.entry) else {
            return;
        };
        let by = u32::try_from(statements.len()).unwrap_or(u32::MAX);
        for moved in &mut block.statements {
            if moved.code & 0x07 == code::JMP {
                moved.jt = moved.jt.saturating_add(by);
                moved.jf = moved.jf.saturating_add(by);
            }
        }
        statements.append(&mut block.statements);
        block.statements = statements;
    }

    /// The finished graph: `length` bytes of a packet are kept when the test holds.
    pub(super) fn finish(mut self, test: Option<Test>, length: u32) -> Graph {
        let accept = self.add(Vec::new(), statement(code::RET | code::K, length));
        let Some(test) = test else {
            return Graph { blocks: self.blocks, root: accept };
        };
        let reject = self.add(Vec::new(), statement(code::RET | code::K, 0));
        self.connect(test.holds, accept);
        self.connect(test.fails, reject);
        Graph { blocks: self.blocks, root: test.entry }
    }
}

impl Test {
    /// Whether it is known that no packet passes; what would be looked at behind it need not be worked out.
    pub(super) fn never(&self) -> bool {
        self.known == Some(false)
    }

    /// Holds when this does not.
    pub(super) fn not(self) -> Test {
        Test {
            entry: self.entry,
            holds: self.fails,
            fails: self.holds,
            known: self.known.map(|known| !known),
        }
    }
}

/// Joins lists so that a long chain of tests costs no more than its length.
fn merge(mut first: Vec<Exit>, mut second: Vec<Exit>) -> Vec<Exit> {
    if first.len() < second.len() {
        std::mem::swap(&mut first, &mut second);
    }
    first.append(&mut second);
    first
}
