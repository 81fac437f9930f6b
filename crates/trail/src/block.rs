//! Blocks: runs of packets that can each be read without the others.
//!
//! A block is a pcapng section of its own, compressed as a zstd frame of its own, so that blocks behind each other are
//! an ordinary compressed pcapng file.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use wirescope_capture::{FileReader, Interface, Mixed, Precision, Section, Source, WriteError};
use wirescope_wire::Packet;
use zstd::zstd_safe;

use crate::contents::{Contents, Gatherer};
use crate::span::Span;

/// Bytes at which a block is full, before compression: few enough to read one for a single packet, and enough to
/// compress well.
pub const BLOCK_LEN: usize = 2 << 20;
/// The largest block that is read, before and after compression: a full one and the largest packet of any link type.
pub(crate) const BLOCK_LEN_MAXIMUM: usize = 256 << 20;
/// Bytes in which an ordinary block is whole.
const BLOCK_LEN_ORDINARY: u64 = 4 << 20;
/// zstd's own default.
const COMPRESSION_LEVEL: i32 = 3;

/// A run of packets, ready to be written.
#[derive(Debug)]
pub struct Block {
    /// The section.
    pub(crate) bytes: Vec<u8>,
    /// How many packets it has.
    pub(crate) packets: u32,
    /// When they were seen.
    pub(crate) span: Span,
    /// What they have.
    pub(crate) contents: Contents,
}

impl Block {
    /// How many packets it has.
    pub fn packets(&self) -> u32 {
        self.packets
    }

    /// When they were seen.
    pub fn span(&self) -> Span {
        self.span
    }

    /// What they have.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }
}

/// A block in the making.
#[derive(Debug)]
struct Open {
    section: Section,
    gatherer: Gatherer,
    packets: u32,
    span: Span,
}

/// Makes blocks of packets.
#[derive(Debug, Default)]
pub struct BlockBuilder {
    open: Option<Open>,
}

impl BlockBuilder {
    /// Adds a packet of one of these interfaces; a block when it is full.
    pub fn push(
        &mut self,
        packet: &Packet<'_>,
        interfaces: &[Interface],
    ) -> Result<Option<Block>, WriteError> {
        let open = self.open.get_or_insert_with(|| Open {
            section: Section::new(Precision::Nano),
            gatherer: Gatherer::default(),
            packets: 0,
            span: Span::at(packet.time),
        });
        open.section.push(packet, interfaces)?;
        open.gatherer.packet(packet);
        open.packets += 1;
        open.span = open.span.with(Span::at(packet.time));
        Ok(if open.section.bytes().len() >= BLOCK_LEN { self.take() } else { None })
    }

    /// The block as far as it is; `None` where there is no packet.
    pub fn take(&mut self) -> Option<Block> {
        let Open { section, gatherer, packets, span } = self.open.take()?;
        Some(Block { bytes: section.into_bytes(), packets, span, contents: gatherer.finish() })
    }
}

/// Compresses blocks.
pub(crate) struct Compressor(zstd::bulk::Compressor<'static>);

impl Compressor {
    pub(crate) fn new() -> io::Result<Compressor> {
        let mut compressor = zstd::bulk::Compressor::new(COMPRESSION_LEVEL)?;
        compressor.include_checksum(true)?;
        compressor.include_contentsize(true)?;
        Ok(Compressor(compressor))
    }

    pub(crate) fn compress(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.0.compress(bytes)
    }
}

/// The section of a compressed block, of at most so many bytes.
pub(crate) fn decompress(frame: &[u8], plain_len: usize) -> io::Result<Vec<u8>> {
    if plain_len > BLOCK_LEN_MAXIMUM {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a block larger than any that is written"));
    }
    zstd::bulk::decompress(frame, plain_len)
}

/// A reader of the packets of a section.
pub(crate) fn reader(section: Vec<u8>) -> Result<FileReader, wirescope_capture::ReadError> {
    FileReader::new(Box::new(Cursor::new(section)), Mixed::Allowed)
}

/// The whole blocks of a segment that was not sealed, one after the other, until one is not whole.
pub(crate) struct WholeBlocks<R> {
    input: R,
    offset: u64,
}

/// A whole block of such a segment.
pub(crate) struct WholeBlock {
    /// Its bytes in the segment.
    pub(crate) frame: Vec<u8>,
    /// Its section.
    pub(crate) section: Vec<u8>,
}

impl<R: Read + Seek> WholeBlocks<R> {
    pub(crate) fn new(input: R) -> Self {
        WholeBlocks { input, offset: 0 }
    }

    /// The next block; `None` at the end, or where the rest is not whole.
    pub(crate) fn next(&mut self) -> io::Result<Option<WholeBlock>> {
        self.input.seek(SeekFrom::Start(self.offset))?;
        let mut bytes = Vec::new();
        let mut more = BLOCK_LEN_ORDINARY;
        let len = loop {
            let count = self.input.by_ref().take(more).read_to_end(&mut bytes)?;
            match zstd_safe::find_frame_compressed_size(&bytes) {
                Ok(len) => break len,
                Err(_) if count == 0 || bytes.len() >= BLOCK_LEN_MAXIMUM => return Ok(None),
                Err(_) => more = bytes.len() as u64,
            }
        };
        bytes.truncate(len);
        let plain = match zstd_safe::get_frame_content_size(&bytes) {
            Ok(Some(len)) => usize::try_from(len).unwrap_or(usize::MAX),
            _ => return Ok(None),
        };
        let Ok(section) = decompress(&bytes, plain) else { return Ok(None) };
        self.offset += bytes.len() as u64;
        Ok(Some(WholeBlock { frame: bytes, section }))
    }
}

/// What the packets of a section have, from reading all of them; `None` where it is no section of whole packets.
pub(crate) fn survey(section: &[u8]) -> Option<(u32, Span, Contents)> {
    let mut reader = reader(section.to_vec()).ok()?;
    let (mut packets, mut span, mut gatherer) = (0, None::<Span>, Gatherer::default());
    while let Some(packet) = Source::next(&mut reader).ok()? {
        packets += 1;
        let seen = Span::at(packet.time);
        span = Some(span.map_or(seen, |span| span.with(seen)));
        gatherer.packet(&packet);
    }
    Some((packets, span?, gatherer.finish()))
}
