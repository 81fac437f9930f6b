//! `wirescope show`: packets field by field.

mod classic;
mod numbers;

use std::process::ExitCode;

use super::input::Input;
use crate::dump::{Failure, Program};

pub(crate) use classic::run as classic;
pub(crate) use numbers::Numbers;

/// Packets field by field
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let passed = arguments.input.each_packet(program, |_, _| {})?;
    Ok(passed.status)
}
