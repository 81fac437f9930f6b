//! The block of bytes last read, and the position in it.

use std::io::{self, Read};

/// Bytes asked for in one read. Large enough that system calls do not show, and so small that the block stays in the
/// second cache together with what printers remember.
const BLOCK_LEN: usize = 128 * 1024;
/// The same where blocks are handed to other threads, which costs more than a system call.
const EXCHANGED_LEN: usize = 256 * 1024;

/// A stream seen through a block of memory that holds what has been read and not yet consumed.
pub(crate) struct Window {
    input: Box<dyn Read + Send>,
    block: Vec<u8>,
    start: usize,
    end: usize,
}

impl Window {
    /// A window on the start of `input`.
    pub(crate) fn new(input: Box<dyn Read + Send>) -> Self {
        Window { input, block: vec![0; BLOCK_LEN], start: 0, end: 0 }
    }

    /// The bytes read and not yet consumed.
    #[inline]
    pub(crate) fn unread(&self) -> &[u8] {
        self.block.get(self.start..self.end).unwrap_or_default()
    }

    /// Steps over `count` bytes.
    #[inline]
    pub(crate) fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }

    /// Steps over `count` bytes and lends the part of them that starts at `at`.
    #[inline]
    pub(crate) fn take(&mut self, count: usize, at: usize, len: usize) -> &mut [u8] {
        let from = self.start + at;
        self.consume(count);
        self.block.get_mut(from..from + len).unwrap_or_default()
    }

    /// Reads until `wanted` bytes are unread; `false` when the input ends before.
    ///
    /// Each read takes what there is, so a live pipe is never waited on for more than is needed. The block
    /// grows only for a record larger than it, and only as its bytes arrive: a length that lies costs nothing.
    #[cold]
    pub(crate) fn fill(&mut self, wanted: usize) -> io::Result<bool> {
        if self.end - self.start < wanted && self.start > 0 {
            self.block.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        while self.end - self.start < wanted {
            if self.end == self.block.len() {
                self.block.resize(self.block.len().saturating_mul(2), 0);
            }
            let room = self.block.get_mut(self.end..).unwrap_or_default();
            match self.input.read(room) {
                Ok(0) => return Ok(false),
                Ok(count) => self.end += count.min(room.len()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Where in the block the unread bytes start.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// Exchanges the block for `other`, keeping what is unread; what was consumed goes with the old block.
    pub(crate) fn exchange(&mut self, other: &mut Vec<u8>) {
        let unread = self.block.get(self.start..self.end).unwrap_or_default();
        other.resize(EXCHANGED_LEN.max(unread.len()), 0);
        if let Some(room) = other.get_mut(..unread.len()) {
            room.copy_from_slice(unread);
        }
        let kept = unread.len();
        std::mem::swap(&mut self.block, other);
        (self.start, self.end) = (0, kept);
    }

    /// Gives back the stream with what is unread before it.
    pub(crate) fn into_input(self) -> Box<dyn Read + Send> {
        let unread = self.unread().to_vec();
        Box::new(io::Cursor::new(unread).chain(self.input))
    }
}
