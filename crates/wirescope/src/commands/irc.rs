//! `wirescope irc`: IRC servers on any port, who talked to them, channels and nicks.

use std::process::ExitCode;

use wirescope_report::{findings, text};

use super::answer::answer;
use super::input::Input;
use crate::dump::{Failure, Program};

/// IRC servers on any port, who talked to them, channels, nicks and commands
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let input = &arguments.input;
    answer(
        program,
        input,
        |found, output| output.objects(findings::irc(found)),
        |found| text::irc(found, &input.naming(found)),
        "no IRC, on whatever port",
    )
}
