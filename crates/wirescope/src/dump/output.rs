//! Standard output, in writes that neither stall a pipe nor keep a reader waiting.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;

use super::Failure;

/// Bytes at which text is written out. A write as large as a pipe (64 KiB) stalls writer and reader in turn.
const FULL: usize = 32 * 1024;
/// Bytes of one write at most.
const LARGEST_WRITE: usize = 48 * 1024;

/// Standard output.
pub(crate) struct Output {
    file: File,
    each_packet: bool,
}

impl Output {
    /// Standard output; text leaves after each packet when `each_packet` is set or a person is looking on.
    pub(crate) fn new(each_packet: bool) -> Result<Self, Failure> {
        let stdout = io::stdout();
        let file = stdout.as_fd().try_clone_to_owned().map(File::from).map_err(failure)?;
        Ok(Output { file, each_packet: each_packet || stdout.is_terminal() })
    }

    /// Whether this much text is to be written now.
    #[inline]
    pub(crate) fn due(&self, length: usize) -> bool {
        self.each_packet || length >= FULL
    }

    /// Writes text out.
    pub(crate) fn write(&mut self, text: &[u8]) -> Result<(), Failure> {
        text.chunks(LARGEST_WRITE).try_for_each(|part| self.file.write_all(part)).map_err(failure)
    }
}

fn failure(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::OutputClosed,
        _ => Failure::message(format!("Unable to write output: {}", super::reason(&error))),
    }
}
