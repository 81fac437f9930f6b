//! `wirescope scans`: who scanned what and how, who answered, and whether data went afterwards.

use std::process::ExitCode;

use wirescope_report::{findings, text};

use super::input::Input;
use super::output::Output;
use crate::dump::{Failure, Program};

/// Who scanned what and how, who answered, and whether data was pushed
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
        for object in findings::scans(&found) {
            output.json(&object)?;
        }
        output.finish()?;
    } else {
        let mut output = Output::styled();
        output.text(text::scans(&found), "no scan and no flood")?;
        output.finish()?;
    }
    Ok(passed.status)
}
