//! What `-w` asks for: packets written to a file or to a series of files, and commands run on finished ones.

use std::path::Path;

use wirescope_capture::rotation::Rotation;
use wirescope_capture::{
    Interface, Outcome, Precision, Properties, Savefiles, WriteError, WriteFormat, WriteOptions,
};
use wirescope_dissect::TimePrecision;
use wirescope_wire::Packet;

use super::Failure;
use super::finished::Finished;
use super::options::Request;

/// Writes packets.
pub(crate) struct Writer {
    files: Savefiles,
}

impl Writer {
    /// Creates the file that a request asks for, if it asks for one, to tell `finished` of those that are complete.
    pub(crate) fn create(
        request: &Request,
        properties: &Properties,
        mut finished: Finished,
    ) -> Result<Option<Writer>, Failure> {
        let Some(path) = &request.write else { return Ok(None) };
        let path = Path::new(path);
        let rotation = Rotation {
            size_limit: request.file_size,
            period_s: request.file_seconds.map(u64::from),
            file_count: request.file_count,
            by_the_clock: request.captures(),
        };
        let closed = move |path: &Path| finished.file(path);
        let files = Savefiles::create(path, rotation, options(request, path, properties), closed);
        Ok(Some(Writer { files: files.map_err(failure)? }))
    }

    /// Writes a packet, captured on one of these interfaces.
    #[inline]
    pub(crate) fn write(
        &mut self,
        packet: &Packet<'_>,
        interfaces: &[Interface],
    ) -> Result<Outcome, Failure> {
        self.files.declare(interfaces);
        self.files.write(packet).map_err(failure)
    }

    /// Tells of the interfaces before there are packets.
    pub(crate) fn declare(&mut self, interfaces: &[Interface]) {
        self.files.declare(interfaces);
    }

    /// Lets time pass without packets: goes on in the next file if it is time for that, and hands what was written to
    /// whoever reads along.
    pub(crate) fn pass_time(&mut self) -> Result<Outcome, Failure> {
        let outcome = self.files.turn_if_due().map_err(failure)?;
        self.files.flush().map_err(failure)?;
        Ok(outcome)
    }

    /// Completes the last file.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.files.finish().map(|_| ()).map_err(failure)
    }
}

fn options(request: &Request, path: &Path, properties: &Properties) -> WriteOptions {
    let mut options = WriteOptions::like(properties).named(path);
    if request.pcapng {
        options.format = WriteFormat::Pcapng;
    }
    options.precision = match request.print.precision {
        TimePrecision::Micro => Precision::Micro,
        TimePrecision::Nano => Precision::Nano,
    };
    let shares_stdout = request.writes_to_stdout() && request.print_too;
    options.packet_buffered = request.packet_buffered || shares_stdout;
    options
}

fn failure(error: WriteError) -> Failure {
    match &error {
        WriteError::Write(cause) if cause.kind() == std::io::ErrorKind::BrokenPipe => Failure::OutputClosed,
        _ => Failure::message(error.to_string()),
    }
}
