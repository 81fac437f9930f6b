//! The pcap filter language: from an expression to a program to a verdict on each packet.
//!
//! An expression passes through [`lexer`], [`parser`] (to the [`ast`]), `codegen` (to the blocks of [`ir`]),
//! [`optimise`] and [`emit`]; [`compile`] does all of it.
#![forbid(unsafe_code)]

pub mod ast;
mod codegen;
pub mod condition;
pub mod emit;
mod error;
pub mod explain;
mod hint;
pub mod ir;
pub mod kernel;
pub mod lexer;
pub mod lint;
pub mod listing;
mod machine;
pub mod names;
pub mod optimise;
pub mod parser;
mod part;
mod program;
mod refusal;
pub mod validate;

use wirescope_wire::LinkType;

pub use condition::Condition;
pub use error::Error;
pub use hint::point_at;
pub use kernel::metadata::Metadata;
use names::{Names, SystemNames};
pub use parser::parse;
pub use part::{Part, compile_part};
pub use program::Program;
pub use refusal::Refusal;

/// Where packets come from, which decides how loopback headers number address families.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Origin {
    /// This machine, taken to be a little-endian one with Linux's numbers.
    #[default]
    ThisMachine,
    /// A file that a little-endian machine wrote, with the numbers of whichever BSD.
    LittleEndianFile,
    /// A file that a big-endian machine wrote.
    BigEndianFile,
}

/// What a filter is compiled for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// The type of the packets' link-layer header.
    pub link: LinkType,
    /// How many bytes of an accepted packet are kept.
    pub snaplen: u32,
    /// The mask of the network that is captured from, for `ip broadcast`; `None` where it is not known.
    pub netmask: Option<u32>,
    /// Whether this is for a live capture on Linux, where the kernel tells more of a packet than its bytes.
    pub live: bool,
    /// Where the packets come from.
    pub origin: Origin,
    /// Whether the program is made as short as it can be.
    pub optimise: bool,
}

impl Options {
    /// The options that a capture file's packets need: everything kept, optimised, no network known.
    pub fn new(link: LinkType) -> Options {
        Options {
            link,
            snaplen: 262_144,
            netmask: Some(0),
            live: false,
            origin: Origin::default(),
            optimise: true,
        }
    }
}

/// Compiles an expression with the names of this machine.
pub fn compile(expression: &str, options: &Options) -> Result<Program, Error> {
    compile_with(expression, options, &SystemNames)
}

/// Compiles an expression with names that are looked up elsewhere.
pub fn compile_with(expression: &str, options: &Options, names: &dyn Names) -> Result<Program, Error> {
    build(expression, options, names).map_err(|error| hint::explain(error, expression))
}

fn build(expression: &str, options: &Options, names: &dyn Names) -> Result<Program, Error> {
    let (tree, outcome) = parser::parse_prefix(expression);
    let compiled = codegen::generate(&tree, options, names)?;
    outcome?;
    let optimise = options.optimise && !compiled.leave_alone;
    Program::from_graph(compiled.graph, optimise).map_err(|refusal| Error::new(refusal.to_string()))
}
