//! Where results go: text with colours on a terminal that wants them, lines of JSON as they are.

use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::AutoStream;
use serde::Serialize;

use crate::dump::{Failure, reason};

/// Bytes gathered before they are written: as many as keep a pipe moving.
const BUFFER: usize = 1 << 15;

/// Standard output.
pub(crate) struct Output {
    stream: BufWriter<AutoStream<StdoutLock<'static>>>,
}

impl Output {
    /// For text with styles, which are left out where nobody sees them: no terminal, or `NO_COLOR`.
    pub(crate) fn styled() -> Output {
        Output { stream: BufWriter::with_capacity(BUFFER, AutoStream::auto(io::stdout().lock())) }
    }

    /// Columns of the terminal that standard output is; `None` where it is none.
    pub(crate) fn columns() -> Option<usize> {
        terminal_size::terminal_size_of(io::stdout())
            .map(|(terminal_size::Width(columns), _)| usize::from(columns))
    }

    /// For bytes that are written as they are.
    pub(crate) fn plain() -> Output {
        Output { stream: BufWriter::with_capacity(BUFFER, AutoStream::always_ansi(io::stdout().lock())) }
    }

    /// Writes bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.stream.write_all(bytes).map_err(failure)
    }

    /// Writes text, or says that there is nothing.
    pub(crate) fn text(&mut self, text: String, nothing: &str) -> Result<(), Failure> {
        match text.trim().is_empty() {
            true => self.write(format!("{nothing}\n").as_bytes()),
            false => self.write(text.as_bytes()),
        }
    }

    /// Writes a line of JSON.
    pub(crate) fn json(&mut self, object: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.stream, object).map_err(|error| failure(error.into()))?;
        self.write(b"\n")
    }

    /// Writes each as a line of JSON.
    pub(crate) fn objects(
        &mut self,
        objects: impl IntoIterator<Item = impl Serialize>,
    ) -> Result<(), Failure> {
        objects.into_iter().try_for_each(|object| self.json(&object))
    }

    /// Hands what was written so far to whoever reads it.
    pub(crate) fn flush_now(&mut self) -> Result<(), Failure> {
        self.stream.flush().map_err(failure)
    }

    /// Hands everything to whoever reads it.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.stream.flush().map_err(failure)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn failure(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::OutputClosed,
        _ => Failure::message(format!("standard output: {}", reason(&error))),
    }
}
