//! `wirescope rpc`: what portmappers told of every host, who asked, and who then connected.

use std::process::ExitCode;

use wirescope_report::{findings, text};

use super::input::Input;
use super::output::Output;
use crate::dump::{Failure, Program};

/// RPC programs of every host as seen on the wire, who asked for them and who went there
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
        for object in findings::rpc(&found) {
            output.json(&object)?;
        }
        output.finish()?;
    } else {
        let mut output = Output::styled();
        output.text(
            text::rpc(&found, &arguments.input.naming(&found)),
            "no RPC: nobody asked a portmapper, and nobody went to ports 32770-34000",
        )?;
        output.finish()?;
    }
    Ok(passed.status)
}
