//! The answer to one question of an investigation: objects with `--json`, else text.

use std::process::ExitCode;

use wirescope_flow::Investigated;

use super::input::Input;
use super::output::Output;
use crate::dump::{Failure, Program};

/// Investigates, and writes what was found as objects or as text; where the text is empty, that there is nothing.
pub(super) fn answer(
    program: &Program,
    input: &Input,
    objects: impl FnOnce(&Investigated, &mut Output) -> Result<(), Failure>,
    text: impl FnOnce(&Investigated) -> String,
    nothing: &str,
) -> Result<ExitCode, Failure> {
    let (found, passed) = input.investigate(program)?;
    if input.json {
        let mut output = Output::plain();
        objects(&found, &mut output)?;
        output.finish()?;
    } else {
        let mut output = Output::styled();
        output.text(text(&found), nothing)?;
        output.finish()?;
    }
    Ok(passed.status)
}
