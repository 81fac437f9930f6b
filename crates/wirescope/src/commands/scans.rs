//! `wirescope scans`: who scanned what and how, who answered, and whether data went afterwards.

use std::process::ExitCode;

use wirescope_report::{findings, text};

use super::answer::answer;
use super::input::Input;
use crate::dump::{Failure, Program};

/// Who scanned what and how, who answered, and whether data was pushed
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    answer(
        program,
        &arguments.input,
        |found, output| output.objects(findings::scans(found)),
        text::scans,
        "no scan and no flood",
    )
}
