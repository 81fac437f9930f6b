//! The loop over packets: filter, write, print.

use wirescope_capture::{Outcome, ReadError, Source};
use wirescope_filter::Program;

use super::Failure;
use super::printer::Printer;
use super::writer::Writer;

/// What is done with packets, and how many there were.
pub(crate) struct Pass {
    /// Which packets pass; without it all do.
    pub(crate) filter: Option<Program>,
    /// Where packets are written.
    pub(crate) writer: Option<Writer>,
    /// How packets are printed.
    pub(crate) printer: Option<Printer>,
    /// How many packets have passed the filter, over all sources.
    pub(crate) taken: u64,
    /// How many of them are left out first.
    pub(crate) skip: u64,
    /// How many packets are taken of each source.
    pub(crate) count: u64,
    /// Of how many packets one is printed.
    pub(crate) sampling: u64,
}

/// Why a pass over one source ended.
pub(crate) enum End {
    /// It has no more packets, or enough were taken.
    Complete,
    /// As many files are written as may be.
    FilesFull,
    /// The source cannot be read further.
    Damaged(ReadError),
}

impl Pass {
    /// Takes the packets of a source.
    pub(crate) fn run<S: Source>(&mut self, source: &mut S) -> Result<End, Failure> {
        let end = if self.writer.is_some() { self.write_all(source) } else { self.print_all(source) }?;
        // What was printed comes before what is said of the source's end.
        self.flush()?;
        Ok(end)
    }

    /// The loop without writing.
    fn print_all<S: Source>(&mut self, source: &mut S) -> Result<End, Failure> {
        let last = self.last();
        while self.taken < last {
            let packet = match source.next() {
                Ok(Some(packet)) => packet,
                Ok(None) => break,
                Err(error) => return Ok(End::Damaged(error)),
            };
            if let Some(filter) = &self.filter
                && !filter.matches(packet.data, packet.wire_len)
            {
                continue;
            }
            self.taken += 1;
            if let Some(printer) = &mut self.printer
                && self.taken > self.skip
                && self.taken.is_multiple_of(self.sampling)
            {
                printer.print(&packet, self.taken)?;
            }
        }
        Ok(End::Complete)
    }

    /// The loop with writing, which needs to know the packets' interfaces.
    fn write_all<S: Source>(&mut self, source: &mut S) -> Result<End, Failure> {
        let Pass { filter, writer: Some(writer), printer, .. } = self else { return Ok(End::Complete) };
        let last = self.skip.max(self.taken).saturating_add(self.count);
        while self.taken < last {
            let (packet, interfaces) = match source.next_described() {
                Ok(Some(described)) => described,
                Ok(None) => break,
                Err(error) => return Ok(End::Damaged(error)),
            };
            if let Some(filter) = filter
                && !filter.matches(packet.data, packet.wire_len)
            {
                continue;
            }
            self.taken += 1;
            if self.taken <= self.skip {
                continue;
            }
            if writer.write(&packet, interfaces)? == Outcome::LimitReached {
                return Ok(End::FilesFull);
            }
            if let Some(printer) = printer
                && self.taken.is_multiple_of(self.sampling)
            {
                printer.print(&packet, self.taken)?;
            }
        }
        Ok(End::Complete)
    }

    /// The number of the last packet to take of a source that starts now.
    pub(super) fn last(&self) -> u64 {
        self.skip.max(self.taken).saturating_add(self.count)
    }

    /// Hands all that was printed to whoever reads it.
    fn flush(&mut self) -> Result<(), Failure> {
        self.printer.as_mut().map_or(Ok(()), Printer::flush)
    }

    /// Completes what is being written, and says how many packets there were.
    pub(crate) fn finish(mut self) -> Result<u64, Failure> {
        self.flush()?;
        if let Some(writer) = self.writer {
            writer.finish()?;
        }
        Ok(self.taken)
    }
}
