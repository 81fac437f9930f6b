//! What `-w` asks for: packets written to a file or to a series of files, and commands run on finished ones.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Child, Command};

use wirescope_capture::rotation::Rotation;
use wirescope_capture::{
    Interface, Outcome, Precision, Properties, Savefiles, WriteError, WriteFormat, WriteOptions,
};
use wirescope_dissect::TimePrecision;
use wirescope_wire::Packet;

use super::options::Request;
use super::{Failure, Program, reason};

/// Writes packets.
pub(crate) struct Writer {
    files: Savefiles,
}

impl Writer {
    /// Creates the file that a request asks for, if it asks for one.
    pub(crate) fn create(
        program: &Program,
        request: &Request,
        properties: &Properties,
    ) -> Result<Option<Writer>, Failure> {
        let Some(path) = &request.write else { return Ok(None) };
        let path = Path::new(path);
        let rotation = Rotation {
            size_limit: request.file_size,
            period_s: request.file_seconds.map(u64::from),
            file_count: request.file_count,
        };
        let closed =
            Finished { program: program.clone(), command: request.file_command.clone(), running: vec![] };
        let mut closed = closed;
        let files = Savefiles::create(path, rotation, options(request, path, properties), move |path| {
            closed.file(path);
        });
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

/// What becomes of finished files.
struct Finished {
    program: Program,
    command: Option<OsString>,
    running: Vec<Child>,
}

impl Finished {
    /// Starts the command on a file that is complete, and goes on without waiting for it.
    fn file(&mut self, path: &Path) {
        let Some(command) = &self.command else { return };
        self.running.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
        match Command::new(command).arg(path).spawn() {
            Ok(child) => self.running.push(child),
            Err(error) => self.program.error(&format!(
                "compress_savefile: execlp({}, {}) failed: {}",
                command.to_string_lossy(),
                path.display(),
                reason(&error)
            )),
        }
    }
}
