//! `wirescope rpc`: what portmappers told of every host, who asked, and who then connected.

use std::process::ExitCode;

use wirescope_report::{findings, text};

use super::answer::answer;
use super::input::Input;
use crate::dump::{Failure, Program};

/// RPC programs of every host as seen on the wire, who asked for them and who went there
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
        |found, output| output.objects(findings::rpc(found)),
        |found| text::rpc(found, &input.naming(found)),
        "no RPC: nobody asked a portmapper, and nobody went to ports 32770-34000",
    )
}
