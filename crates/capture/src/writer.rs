//! Writing one capture file.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use wirescope_wire::{LinkType, Packet};

use crate::compression::Compressor;
use crate::{Compression, Interface, MAXIMUM_SNAPSHOT_LEN, Precision, Properties, WriteError, pcap, pcapng};

/// Bytes gathered before they are written to a file.
const FILE_BUFFER_LEN: usize = 256 * 1024;
/// Bytes gathered before they are written to a pipe: what does not fit into one makes both ends wait in turn.
const PIPE_BUFFER_LEN: usize = 48 * 1024;

/// A format that can be written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum WriteFormat {
    /// pcap, version 2.4.
    #[default]
    Pcap,
    /// pcapng, version 1.0.
    Pcapng,
}

/// What a file to be written is like.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WriteOptions {
    /// The file format.
    pub format: WriteFormat,
    /// How finely times are kept.
    pub precision: Precision,
    /// Link type of all packets (pcap), or of those of an interface that is not declared (pcapng).
    pub link: LinkType,
    /// The upper bits of pcap's link type field, see [`Properties::link_flags`].
    pub link_flags: u32,
    /// The most bytes of a packet that were kept.
    pub snapshot_len: u32,
    /// How to compress the file.
    pub compression: Option<Compression>,
    /// Hand each packet to the operating system at once (`-U`).
    pub packet_buffered: bool,
}

impl WriteOptions {
    /// A plain pcap file in microseconds.
    pub fn new(link: LinkType) -> Self {
        WriteOptions {
            format: WriteFormat::Pcap,
            precision: Precision::Micro,
            link,
            link_flags: 0,
            snapshot_len: MAXIMUM_SNAPSHOT_LEN,
            compression: None,
            packet_buffered: false,
        }
    }

    /// A plain pcap file that keeps what is known of the packets' source. Times are kept in microseconds, as
    /// tcpdump does unless told otherwise.
    pub fn like(source: &Properties) -> Self {
        let (link_flags, snapshot_len) = (source.link_flags, source.snapshot_len);
        WriteOptions { link_flags, snapshot_len, ..WriteOptions::new(source.link) }
    }

    /// The format and the compression that a file's name asks for: `.pcapng`, `.gz`, `.zst`, `.lz4`, `.xz`.
    #[must_use]
    pub fn named(mut self, path: &Path) -> Self {
        self.compression = Compression::of_name(path);
        let bare =
            if self.compression.is_some() { Path::new(path.file_stem().unwrap_or_default()) } else { path };
        if bare.extension().is_some_and(|suffix| suffix == "pcapng") {
            self.format = WriteFormat::Pcapng;
        }
        self
    }
}

/// A capture file being written.
///
/// Bytes are gathered and written in large pieces. [`finish`](FileWriter::finish) writes the rest and says
/// whether all went well; dropping the writer does the same and cannot say.
pub struct FileWriter {
    options: WriteOptions,
    /// Interfaces described so far (pcapng).
    declared: u32,
    buffer: Vec<u8>,
    buffer_len: usize,
    output: Option<Compressor>,
    /// The same file, where it has the bytes as they are and can be cut.
    plain: Option<File>,
    /// Bytes that have left the buffer.
    written: u64,
}

impl FileWriter {
    /// Creates the file at `path`, in the place of one that is there, or writes to standard output when that
    /// is `-`.
    pub fn create(path: &Path, options: &WriteOptions) -> Result<FileWriter, WriteError> {
        let created = if path == Path::new("-") {
            io::stdout().as_fd().try_clone_to_owned().map(File::from)
        } else {
            File::create(path)
        };
        let file = created.map_err(|error| WriteError::create(path, error))?;
        let is_pipe =
            file.metadata().is_ok_and(|file| file.file_type().is_fifo() || file.file_type().is_socket());
        let buffer_len = if is_pipe { PIPE_BUFFER_LEN } else { FILE_BUFFER_LEN };
        let can_be_cut = options.compression.is_none() && file.metadata().is_ok_and(|file| file.is_file());
        let plain = if can_be_cut { file.try_clone().ok() } else { None };
        let mut writer = FileWriter::buffered(Box::new(file), options, buffer_len)?;
        writer.plain = plain;
        Ok(writer)
    }

    /// Writes to `output`.
    pub fn new(output: Box<dyn Write + Send>, options: &WriteOptions) -> Result<FileWriter, WriteError> {
        FileWriter::buffered(output, options, FILE_BUFFER_LEN)
    }

    fn buffered(
        output: Box<dyn Write + Send>,
        options: &WriteOptions,
        buffer_len: usize,
    ) -> Result<FileWriter, WriteError> {
        let mut writer = FileWriter {
            options: options.clone(),
            declared: 0,
            buffer: Vec::with_capacity(buffer_len.saturating_mul(2)),
            buffer_len,
            output: Some(Compressor::new(options.compression, output)?),
            plain: None,
            written: 0,
        };
        match options.format {
            WriteFormat::Pcap => pcap::header(options, &mut writer.buffer),
            WriteFormat::Pcapng => pcapng::section(&mut writer.buffer),
        }
        if options.packet_buffered {
            writer.flush()?;
        }
        Ok(writer)
    }

    /// Tells of the packets' interfaces: all of the list, of which the first ones may be known already.
    /// pcapng keeps what is said of them, pcap cannot.
    pub fn declare(&mut self, interfaces: &[Interface]) {
        if self.options.format == WriteFormat::Pcapng {
            for interface in interfaces.iter().skip(self.declared as usize) {
                pcapng::interface(interface, self.options.precision, &mut self.buffer);
                self.declared += 1;
            }
        }
    }

    /// Writes a packet.
    #[inline]
    pub fn write(&mut self, packet: &Packet<'_>) -> Result<(), WriteError> {
        match self.options.format {
            WriteFormat::Pcap if packet.link == self.options.link => {
                pcap::record(packet, self.options.precision, &mut self.buffer);
            }
            WriteFormat::Pcap => {
                return Err(WriteError::LinkTypesDiffer { packet: packet.link, file: self.options.link });
            }
            WriteFormat::Pcapng => self.write_block(packet)?,
        }
        if self.options.packet_buffered {
            self.flush()
        } else if self.buffer.len() >= self.buffer_len {
            self.drain()
        } else {
            Ok(())
        }
    }

    /// A file of blocks needs an interface, even one without packets.
    fn declare_default(&mut self) {
        if self.declared == 0 {
            self.declare(&[Interface::new(self.options.link, self.options.snapshot_len)]);
        }
    }

    fn write_block(&mut self, packet: &Packet<'_>) -> Result<(), WriteError> {
        self.declare_default();
        if packet.interface >= self.declared {
            return Err(WriteError::UndeclaredInterface(packet.interface));
        }
        pcapng::packet(packet, packet.interface, self.options.precision, &mut self.buffer);
        Ok(())
    }

    /// Bytes of the file so far, before compression.
    pub fn len(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    /// Never: a file has a header.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[cold]
    fn drain(&mut self) -> Result<(), WriteError> {
        if let Some(output) = &mut self.output
            && let Err(error) = output.write_all(&self.buffer)
        {
            self.keep_whole_packets();
            // What could not be written will not be tried again.
            self.output = None;
            return Err(error.into());
        }
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Cuts off the packet in which the disk was full, so that the file can be read to its end.
    fn keep_whole_packets(&self) {
        let Some(file) = &self.plain else { return };
        let length = file.metadata().map_or(0, |file| file.len());
        let landed = usize::try_from(length.saturating_sub(self.written)).unwrap_or(usize::MAX);
        let whole = match self.options.format {
            WriteFormat::Pcap => pcap::whole_records(&self.buffer, landed, self.written == 0),
            WriteFormat::Pcapng => pcapng::whole_blocks(&self.buffer, landed),
        };
        // The file stays as it is if it cannot be cut: all packets but the last can be read all the same.
        let _ = file.set_len(self.written + whole as u64);
    }

    /// Hands all that was written to the operating system.
    pub fn flush(&mut self) -> Result<(), WriteError> {
        self.drain()?;
        if let Some(output) = &mut self.output {
            output.flush()?;
        }
        Ok(())
    }

    /// Completes the file.
    pub fn finish(mut self) -> Result<(), WriteError> {
        self.complete()
    }

    fn complete(&mut self) -> Result<(), WriteError> {
        self.declare_default();
        self.drain()?;
        match self.output.take() {
            Some(output) => Ok(output.finish()?),
            None => Ok(()),
        }
    }
}

impl Drop for FileWriter {
    fn drop(&mut self) {
        if self.output.is_some() {
            // Whoever wants to know of errors calls `finish`.
            let _ = self.complete();
        }
    }
}
