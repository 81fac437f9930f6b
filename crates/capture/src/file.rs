//! Reading a capture file of any format: telling what it is, and handing out its packets.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;

use wirescope_wire::{LinkType, Packet, Timestamp};

use crate::window::Window;
use crate::{Block, Compression, Interface, Properties, ReadError, Source, pcap, pcapng, pseudo_header};

/// Bytes that tell formats and compressions apart.
const MAGIC_LEN: usize = 4;

/// What to do with a file whose interfaces differ in link type or snapshot length.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Mixed {
    /// Give up with libpcap's error, as tcpdump must.
    Refused,
    /// Deliver the packets of all interfaces.
    Allowed,
}

/// Where a packet lies in the unread bytes, and what its record says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Located {
    pub(crate) time: Timestamp,
    pub(crate) link: LinkType,
    pub(crate) interface: u32,
    pub(crate) wire_len: u32,
    /// Where the packet's bytes start, and how many they are.
    pub(crate) at: usize,
    pub(crate) len: usize,
    /// Bytes of the whole record.
    pub(crate) size: usize,
    /// The packet's first header has the byte order of another kind of machine.
    pub(crate) foreign: bool,
}

impl Located {
    /// The packet, which the window then has behind it.
    #[inline(always)]
    fn packet(self, window: &mut Window) -> Packet<'_> {
        let Located { time, link, interface, wire_len, at, len, size, foreign } = self;
        let data = window.take(size, at, len);
        if foreign {
            pseudo_header::turn_round(link, data);
        }
        Packet { time, link, interface, wire_len, data }
    }
}

/// What a decoder makes of the unread bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// They start with a packet.
    Packet(Located),
    /// They start with so many bytes that hold no packet.
    Skip(usize),
    /// So many bytes are needed to go on, more than there are.
    More(usize),
}

#[derive(Debug)]
enum Decoder {
    Pcap(pcap::Decoder, [Interface; 1]),
    Pcapng(pcapng::Decoder),
}

impl Decoder {
    fn step(&mut self, bytes: &[u8]) -> Result<Step, ReadError> {
        match self {
            Decoder::Pcap(decoder, _) => decoder.step(bytes),
            Decoder::Pcapng(decoder) => decoder.step(bytes),
        }
    }

    fn interfaces(&self) -> &[Interface] {
        match self {
            Decoder::Pcap(_, interface) => interface,
            Decoder::Pcapng(decoder) => decoder.interfaces(),
        }
    }

    fn ended(&self, got: usize, wanted: usize) -> Option<ReadError> {
        match self {
            Decoder::Pcap(decoder, _) => decoder.ended(got, wanted),
            Decoder::Pcapng(decoder) => decoder.ended(got, wanted),
        }
    }
}

/// A capture file, or a stream of its bytes, open for reading.
pub struct FileReader {
    window: Window,
    decoder: Decoder,
    properties: Properties,
}

impl FileReader {
    /// Opens the file at `path`, or standard input when that is `-`.
    pub fn open(path: &Path, mixed: Mixed) -> Result<FileReader, ReadError> {
        let opened = if path == Path::new("-") {
            io::stdin().as_fd().try_clone_to_owned().map(File::from)
        } else {
            File::open(path)
        };
        match opened {
            Ok(file) => FileReader::new(Box::new(file), mixed),
            Err(error) => Err(ReadError::Open { path: path.display().to_string(), error }),
        }
    }

    /// Reads the beginning of `input`, as far as the description of the first interface.
    pub fn new(input: Box<dyn Read + Send>, mixed: Mixed) -> Result<FileReader, ReadError> {
        let mut window = Window::new(input);
        require_magic(&mut window)?;
        let compression = Compression::of_content(window.unread());
        if let Some(compression) = compression {
            window = Window::new(compression.reader(window.into_input()).map_err(ReadError::Read)?);
            require_magic(&mut window)?;
        }
        let (decoder, mut properties) = if pcapng::is_pcapng(window.unread()) {
            open_pcapng(&mut window, mixed)?
        } else {
            open_pcap(&mut window)?
        };
        properties.compression = compression;
        Ok(FileReader { window, decoder, properties })
    }

    /// The next packet, or `None` at the end of the file.
    // In one piece with the loop that calls it: a packet handed over in memory is written in parts and read in whole,
    // for which a processor has to wait.
    #[inline(always)]
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Packet<'_>>, ReadError> {
        Ok(self.locate()?.map(|located| located.packet(&mut self.window)))
    }

    /// The next packet together with the interfaces known by now, its own among them.
    #[inline(always)]
    pub fn next_described(&mut self) -> Result<Option<(Packet<'_>, &[Interface])>, ReadError> {
        let Some(located) = self.locate()? else { return Ok(None) };
        Ok(Some((located.packet(&mut self.window), self.decoder.interfaces())))
    }

    #[inline(always)]
    fn locate(&mut self) -> Result<Option<Located>, ReadError> {
        if let Decoder::Pcap(decoder, _) = &self.decoder
            && let Some(located) = decoder.record(self.window.unread())
        {
            return Ok(Some(located));
        }
        self.locate_in_steps()
    }

    #[inline(never)]
    fn locate_in_steps(&mut self) -> Result<Option<Located>, ReadError> {
        let step = self.decoder.step(self.window.unread())?;
        self.advance(step)
    }

    /// Steps on until a packet is whole in the window, or there is none.
    fn advance(&mut self, mut step: Step) -> Result<Option<Located>, ReadError> {
        loop {
            match step {
                Step::Packet(located) => return Ok(Some(located)),
                Step::Skip(count) => self.window.consume(count),
                Step::More(wanted) => {
                    if !self.window.fill(wanted).map_err(ReadError::Read)? {
                        let ended = self.decoder.ended(self.window.unread().len(), wanted);
                        return ended.map_or(Ok(None), Err);
                    }
                }
            }
            step = self.decoder.step(self.window.unread())?;
        }
    }

    /// Fills `block` with the next whole records, as many as one read gave; `false` at the end of the file.
    ///
    /// The block owns its bytes and can go to another thread; hand it back to have its memory used again.
    /// An error comes when the records before it have been delivered.
    pub fn next_block(&mut self, block: &mut Block) -> Result<bool, ReadError> {
        block.clear();
        let mut consumed = 0;
        loop {
            let unread = self.window.unread().get(consumed..).unwrap_or_default();
            match self.decoder.step(unread) {
                Ok(Step::Packet(located)) => {
                    block.push(located, consumed);
                    consumed += located.size;
                }
                Ok(Step::Skip(count)) => consumed += count,
                Ok(Step::More(_)) | Err(_) if !block.is_empty() => break,
                Ok(step @ Step::More(_)) => {
                    self.window.consume(consumed);
                    consumed = 0;
                    if self.advance(step)?.is_none() {
                        return Ok(false);
                    }
                }
                Err(error) => {
                    self.window.consume(consumed);
                    return Err(error);
                }
            }
        }
        let start = self.window.start();
        self.window.consume(consumed);
        self.window.exchange(block.bytes_mut());
        block.settle(start);
        Ok(true)
    }
}

impl Source for FileReader {
    #[inline(always)]
    fn next(&mut self) -> Result<Option<Packet<'_>>, ReadError> {
        FileReader::next(self)
    }

    #[inline(always)]
    fn next_described(&mut self) -> Result<Option<(Packet<'_>, &[Interface])>, ReadError> {
        FileReader::next_described(self)
    }

    fn properties(&self) -> &Properties {
        &self.properties
    }

    fn interfaces(&self) -> &[Interface] {
        self.decoder.interfaces()
    }
}

/// Has the magic number read.
fn require_magic(window: &mut Window) -> Result<(), ReadError> {
    if window.fill(MAGIC_LEN).map_err(ReadError::Read)? {
        return Ok(());
    }
    Err(ReadError::FileHeaderTruncated { wanted: MAGIC_LEN, got: window.unread().len() })
}

fn open_pcap(window: &mut Window) -> Result<(Decoder, Properties), ReadError> {
    // Text and other files are told from captures by their first bytes; the rest may be long in coming.
    if pcap::open(window.unread()).is_none() {
        return Err(ReadError::UnknownFormat);
    }
    window.fill(pcap::HEADER_LEN).map_err(ReadError::Read)?;
    let (decoder, properties) = pcap::open(window.unread()).unwrap_or(Err(ReadError::UnknownFormat))?;
    window.consume(pcap::HEADER_LEN);
    let interface = decoder.interface();
    Ok((Decoder::Pcap(decoder, [interface]), properties))
}

fn open_pcapng(window: &mut Window, mixed: Mixed) -> Result<(Decoder, Properties), ReadError> {
    let mut decoder = pcapng::Decoder::new(mixed);
    loop {
        if let Some(properties) = decoder.properties() {
            return Ok((Decoder::Pcapng(decoder), properties));
        }
        match decoder.step(window.unread())? {
            // Cannot come before an interface; the decoder refuses it.
            Step::Packet(_) => return Err(ReadError::PacketBeforeInterface),
            Step::Skip(count) => window.consume(count),
            Step::More(wanted) => {
                if !window.fill(wanted).map_err(ReadError::Read)? {
                    let ended = decoder.ended(window.unread().len(), wanted);
                    return Err(ended.unwrap_or(ReadError::NoInterface));
                }
            }
        }
    }
}
