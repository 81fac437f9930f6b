//! `wirescope irc`: IRC servers on any port, who talked to them, channels and nicks.

use std::process::ExitCode;

use wirescope_report::{findings, text};

use super::input::Input;
use super::output::Output;
use crate::dump::{Failure, Program};

/// IRC servers on any port, who talked to them, channels, nicks and commands
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (found, passed) = arguments.input.investigate(program)?;
    if arguments.input.json {
        let mut output = Output::plain();
        for object in findings::irc(&found) {
            output.json(&object)?;
        }
        output.finish()?;
    } else {
        let mut output = Output::styled();
        output.text(text::irc(&found, &arguments.input.naming(&found)), "no IRC, on whatever port")?;
        output.finish()?;
    }
    Ok(passed.status)
}
