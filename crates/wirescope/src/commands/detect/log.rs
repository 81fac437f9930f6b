//! What `-l` keeps: the alerts as text, and a capture of the packets that they are about.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use wirescope_capture::{FileWriter, Interface, Precision, WriteFormat, WriteOptions};
use wirescope_wire::{LinkType, Packet, Timestamp};

use crate::commands::input::shown;
use crate::dump::{Failure, reason};

/// The file of alerts, under Snort's name for it.
const ALERTS: &str = "alert";
/// The capture of alerting packets. Packets of several captures may have several link types, so it is pcapng.
const PACKETS: &str = "alert.pcapng";
/// Bytes of packets that are kept for alerts to come, which may be about packets that came before.
const WINDOW: usize = 64 << 20;

/// A packet that waits for alerts about it.
struct Held {
    number: u64,
    time: Timestamp,
    link: LinkType,
    wire_len: u32,
    data: Vec<u8>,
    wanted: bool,
}

/// A folder of alerts and packets.
pub(super) struct Log {
    alerts: Option<(PathBuf, BufWriter<File>)>,
    path: PathBuf,
    writer: Option<FileWriter>,
    /// One for each link type that was met.
    interfaces: Vec<Interface>,
    window: VecDeque<Held>,
    bytes: usize,
    /// Packets that alerts were about, but that were gone by then.
    pub(super) missed: u64,
}

impl Log {
    /// Makes the folder, where it is not there yet, and the file of alerts, if it is wanted; what an earlier
    /// run left is replaced.
    pub(super) fn create(folder: &Path, with_alerts: bool) -> Result<Log, Failure> {
        std::fs::create_dir_all(folder).map_err(|error| failure(folder, &error))?;
        let alerts = match with_alerts {
            true => {
                let path = folder.join(ALERTS);
                let file = File::create(&path).map_err(|error| failure(&path, &error))?;
                Some((path, BufWriter::new(file)))
            }
            false => None,
        };
        let path = folder.join(PACKETS);
        // A capture of an earlier run would be taken for this one's, if there is no alert now.
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failure(&path, &error)),
            _ => {}
        }
        Ok(Log {
            alerts,
            path,
            writer: None,
            interfaces: Vec::new(),
            window: VecDeque::new(),
            bytes: 0,
            missed: 0,
        })
    }

    /// Keeps a packet for a while.
    pub(super) fn packet(&mut self, number: u64, packet: &Packet<'_>) -> Result<(), Failure> {
        let Packet { time, link, wire_len, data, .. } = *packet;
        self.bytes += data.len() + size_of::<Held>();
        let data = data.to_vec();
        self.window.push_back(Held { number, time, link, wire_len, data, wanted: false });
        while self.bytes > WINDOW {
            self.release()?;
        }
        Ok(())
    }

    /// Notes the packets that an alert is about, and the alert.
    pub(super) fn alert(&mut self, text: &str, packets: &[u64]) -> Result<(), Failure> {
        for number in packets {
            match self.window.binary_search_by_key(number, |held| held.number) {
                Ok(at) => {
                    if let Some(held) = self.window.get_mut(at) {
                        held.wanted = true;
                    }
                }
                Err(_) => self.missed += 1,
            }
        }
        match &mut self.alerts {
            Some((path, file)) => file.write_all(text.as_bytes()).map_err(|error| failure(path, &error)),
            None => Ok(()),
        }
    }

    /// Lets go of the oldest packet, into the capture if an alert was about it.
    fn release(&mut self) -> Result<(), Failure> {
        let Some(held) = self.window.pop_front() else { return Ok(()) };
        self.bytes -= held.data.len() + size_of::<Held>();
        if !held.wanted {
            return Ok(());
        }
        self.write(&held)
    }

    fn write(&mut self, held: &Held) -> Result<(), Failure> {
        let Held { time, link, wire_len, data, .. } = held;
        let mut options = WriteOptions::new(*link);
        (options.format, options.precision) = (WriteFormat::Pcapng, Precision::Nano);
        let known = self.interfaces.iter().position(|interface| interface.link == *link);
        let interface = known.unwrap_or(self.interfaces.len()) as u32;
        if known.is_none() {
            self.interfaces.push(Interface::new(*link, options.snapshot_len));
        }
        if self.writer.is_none() {
            self.writer = Some(FileWriter::create(&self.path, &options).map_err(|error| self.lost(&error))?);
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.declare(&self.interfaces);
        let packet = Packet { time: *time, link: *link, interface, wire_len: *wire_len, data };
        writer.write(&packet).map_err(|error| self.lost(&error))
    }

    /// Writes what is still held.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        while !self.window.is_empty() {
            self.release()?;
        }
        if let Some((path, mut file)) = self.alerts.take() {
            file.flush().map_err(|error| failure(&path, &error))?;
        }
        match self.writer.take().map(FileWriter::finish) {
            Some(Err(error)) => Err(self.lost(&error)),
            _ => Ok(()),
        }
    }

    fn lost(&self, error: &impl std::fmt::Display) -> Failure {
        Failure::message(format!("{}: {error}", shown(&self.path)))
    }
}

fn failure(path: &Path, error: &std::io::Error) -> Failure {
    Failure::message(format!("{}: {}", shown(path), reason(error)))
}
