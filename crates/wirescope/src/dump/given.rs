//! Packets that another command has found: printed or written as the options of this one say.

use std::ffi::OsString;

use wirescope_capture::Source;

use super::finished::Finished;
use super::options::{self, Wrong};
use super::pass::{End, Pass};
use super::printer::Printer;
use super::writer::Writer;
use super::{Failure, Program};

/// Prints or writes the packets of a source, as these options of `dump` say; gives their number.
pub(crate) fn take<S: Source>(
    program: &Program,
    options: Vec<OsString>,
    source: &mut S,
) -> Result<u64, Failure> {
    let request = options::parse(options, false).map_err(|wrong| match wrong {
        Wrong::Usage(text) | Wrong::Value(text) => Failure::message(text),
    })?;
    let printer = Printer::new(&request)?;
    if let Some(printer) = &printer {
        printer.require(source.properties())?;
    }
    let finished = Finished::here(program, request.file_command.as_ref());
    let mut pass = Pass {
        filter: None,
        writer: Writer::create(&request, source.properties(), finished)?,
        printer,
        taken: 0,
        skip: 0,
        count: request.count.unwrap_or(u64::MAX),
        sampling: 1,
    };
    if let End::Damaged(error) = pass.run(source)? {
        return Err(Failure::message(error.to_string()));
    }
    pass.finish()
}
