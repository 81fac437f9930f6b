//! `wirescope investigate`: one pass over captures, everything found in it, what matters most first.

use std::path::PathBuf;
use std::process::ExitCode;

use wirescope_report::{findings, page, text};

use super::input::{Input, shown};
use super::output::Output;
use crate::dump::{Failure, Program, reason};

/// What happened in captures, who did it, and the packets that prove it
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Write the report to this file too, as one page that needs nothing else
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (found, passed) = arguments.input.investigate(program)?;
    let captures = passed.captures();
    if let Some(path) = &arguments.html {
        let page = page(&found, &captures, passed.taken)
            .map_err(|error| Failure::message(format!("the page could not be made: {error}")))?;
        std::fs::write(path, page)
            .map_err(|error| Failure::message(format!("{}: {}", shown(path), reason(&error))))?;
    }
    if arguments.input.json {
        let mut output = Output::plain();
        for finding in findings(&found) {
            output.json(&finding)?;
        }
        output.finish()?;
    } else if arguments.html.is_none() {
        let naming = arguments.input.naming(&found);
        let mut output = Output::styled();
        output.write(text::investigation(&found, &captures, passed.taken, &naming).as_bytes())?;
        output.finish()?;
    }
    Ok(passed.status)
}
