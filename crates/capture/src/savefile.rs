//! What `-w` names: a file, or a series of files that take turns.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use wirescope_wire::Packet;

use crate::rotation::{Rotation, Rotator, Turn};
use crate::{FileWriter, Interface, WriteError, WriteOptions};

/// What became of a packet that was to be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is written.
    Written,
    /// There are as many files as there may be: it is not written, and the capture is to end.
    LimitReached,
}

/// A file, or a series of files, being written.
pub struct Savefiles {
    rotator: Rotator,
    options: WriteOptions,
    interfaces: Vec<Interface>,
    current: Option<(PathBuf, FileWriter)>,
    closed: Box<dyn FnMut(&Path) + Send>,
}

impl Savefiles {
    /// Creates the first file. `closed` is called with the name of each file that has been completed because
    /// the next one takes its turn (or cannot, at the end of the count); not for the last one of a capture.
    pub fn create(
        path: &Path,
        rotation: Rotation,
        options: WriteOptions,
        closed: impl FnMut(&Path) + Send + 'static,
    ) -> Result<Savefiles, WriteError> {
        let rotator = Rotator::new(path, rotation, now_s());
        let name = rotator.name();
        let writer = FileWriter::create(&name, &options)?;
        let (current, closed) = (Some((name, writer)), Box::new(closed));
        Ok(Savefiles { rotator, options, interfaces: Vec::new(), current, closed })
    }

    /// Tells of the packets' interfaces, see [`FileWriter::declare`]; every file of the series will name them.
    pub fn declare(&mut self, interfaces: &[Interface]) {
        if interfaces.len() > self.interfaces.len() {
            self.interfaces = interfaces.to_vec();
            if let Some((_, writer)) = &mut self.current {
                writer.declare(interfaces);
            }
        }
    }

    /// Writes a packet, in the next file if it is time for that.
    #[inline]
    pub fn write(&mut self, packet: &Packet<'_>) -> Result<Outcome, WriteError> {
        if !self.rotator.is_single() && self.turn()? == Outcome::LimitReached {
            return Ok(Outcome::LimitReached);
        }
        match &mut self.current {
            Some((_, writer)) => writer.write(packet).map(|()| Outcome::Written),
            None => Ok(Outcome::LimitReached),
        }
    }

    /// Goes on in the next file if it is time for that, though there is no packet to write.
    pub fn turn_if_due(&mut self) -> Result<Outcome, WriteError> {
        if self.rotator.needs_clock() { self.turn() } else { Ok(Outcome::Written) }
    }

    fn turn(&mut self) -> Result<Outcome, WriteError> {
        let Some((_, writer)) = &self.current else { return Ok(Outcome::LimitReached) };
        let now = if self.rotator.needs_clock() { now_s() } else { 0 };
        let next = match self.rotator.turn(now, writer.len()) {
            Turn::Stay => return Ok(Outcome::Written),
            Turn::Next(name) => Some(name),
            Turn::End => None,
        };
        if let Some((path, writer)) = self.current.take() {
            writer.finish()?;
            (self.closed)(&path);
        }
        let Some(name) = next else { return Ok(Outcome::LimitReached) };
        let mut writer = FileWriter::create(&name, &self.options)?;
        writer.declare(&self.interfaces);
        self.current = Some((name, writer));
        Ok(Outcome::Written)
    }

    /// Hands all that was written to the operating system.
    pub fn flush(&mut self) -> Result<(), WriteError> {
        match &mut self.current {
            Some((_, writer)) => writer.flush(),
            None => Ok(()),
        }
    }

    /// Completes the last file and gives its name, if there is one.
    pub fn finish(mut self) -> Result<Option<PathBuf>, WriteError> {
        match self.current.take() {
            Some((path, writer)) => writer.finish().map(|()| Some(path)),
            None => Ok(None),
        }
    }
}

/// Seconds since 1970.
fn now_s() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
    }
}
