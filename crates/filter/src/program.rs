//! A compiled filter: the instructions, and the machine that runs them.

use crate::emit::emit;
use crate::ir::{Graph, Instruction};
use crate::kernel::metadata::Metadata;
use crate::machine::Machine;
use crate::optimise::optimise;
use crate::refusal::Refusal;
use crate::validate::{Fault, validate};

/// A program that was checked and is ready to run.
#[derive(Clone, Debug)]
pub struct Program {
    instructions: Vec<Instruction>,
    machine: Machine,
}

impl Program {
    /// Checks instructions and makes them ready to run.
    pub fn new(instructions: Vec<Instruction>) -> Result<Program, Fault> {
        validate(&instructions)?;
        let machine = Machine::new(&instructions);
        Ok(Program { instructions, machine })
    }

    /// Turns a graph into a program. Only an optimised graph can turn out to let no packet pass.
    pub fn from_graph(graph: Graph, optimised: bool) -> Result<Program, Refusal> {
        let graph = if optimised { optimise(graph)? } else { graph };
        Ok(Program::new(emit(&graph)?)?)
    }

    /// The instructions, for listings and for the kernel.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// Whether the program lets a packet pass that was `wire_len` bytes long on the wire.
    pub fn matches(&self, packet: &[u8], wire_len: u32) -> bool {
        self.verdict(packet, wire_len, None) != 0
    }

    /// The same for a live packet, of which the kernel told more than its bytes.
    pub fn matches_live(&self, packet: &[u8], wire_len: u32, metadata: &Metadata) -> bool {
        self.verdict(packet, wire_len, Some(metadata)) != 0
    }

    /// What the program returns: how many bytes to keep, 0 to drop the packet.
    pub fn verdict(&self, packet: &[u8], wire_len: u32, metadata: Option<&Metadata>) -> u32 {
        self.machine.run(packet, wire_len, metadata)
    }
}
