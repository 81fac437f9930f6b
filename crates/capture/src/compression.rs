//! Compressed captures: told by their first bytes when read, by the name's suffix when written.

use std::io::{self, BufReader, Read, Write};
use std::path::Path;

/// A way of compressing a whole file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Compression {
    /// gzip (RFC 1952).
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
    /// The LZ4 frame format.
    Lz4,
    /// xz (LZMA2).
    Xz,
}

/// Compressed bytes asked for in one read.
const COMPRESSED_BLOCK_LEN: usize = 64 * 1024;

/// First bytes, file name suffix.
const KINDS: [(Compression, &[u8], &str); 4] = [
    (Compression::Gzip, &[0x1f, 0x8b], "gz"),
    (Compression::Zstd, &[0x28, 0xb5, 0x2f, 0xfd], "zst"),
    (Compression::Lz4, &[0x04, 0x22, 0x4d, 0x18], "lz4"),
    (Compression::Xz, &[0xfd, b'7', b'z', b'X'], "xz"),
];

impl Compression {
    /// The compression that a file beginning with these bytes (four are enough) has.
    pub fn of_content(bytes: &[u8]) -> Option<Compression> {
        KINDS.iter().find(|row| bytes.starts_with(row.1)).map(|row| row.0)
    }

    /// The compression that the name's suffix asks for.
    pub fn of_name(path: &Path) -> Option<Compression> {
        let suffix = path.extension()?;
        KINDS.iter().find(|row| suffix == row.2).map(|row| row.0)
    }

    /// A stream of the content of `input`, which is compressed this way. Several compressed files one after
    /// the other read as one, as the command line tools take them.
    pub(crate) fn reader(self, input: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
        let input = BufReader::with_capacity(COMPRESSED_BLOCK_LEN, input);
        Ok(match self {
            Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(input)),
            Compression::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(input)?),
            Compression::Lz4 => Box::new(Lz4Frames(lz4_flex::frame::FrameDecoder::new(input))),
            Compression::Xz => Box::new(lzma_rust2::XzReader::new(input, true)),
        })
    }
}

/// LZ4 frames one after the other.
struct Lz4Frames<R: Read>(lz4_flex::frame::FrameDecoder<R>);

impl<R: Read> Read for Lz4Frames<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        // The decoder says 0 at the end of a frame, and again only at the end of the input.
        match self.0.read(room)? {
            0 => self.0.read(room),
            count => Ok(count),
        }
    }
}

/// Level of zstd's scale: its own default.
const ZSTD_LEVEL: i32 = 3;
/// Level of xz's scale: its own default.
const XZ_LEVEL: u32 = 6;

/// A stream that compresses what is written to it, or does not.
pub(crate) enum Compressor {
    Plain(Box<dyn Write + Send>),
    Gzip(flate2::write::GzEncoder<Box<dyn Write + Send>>),
    Zstd(zstd::stream::write::Encoder<'static, Box<dyn Write + Send>>),
    Lz4(Box<lz4_flex::frame::FrameEncoder<Box<dyn Write + Send>>>),
    Xz(Box<lzma_rust2::XzWriter<Box<dyn Write + Send>>>),
}

impl Compressor {
    /// A stream to `output`.
    pub(crate) fn new(kind: Option<Compression>, output: Box<dyn Write + Send>) -> io::Result<Self> {
        Ok(match kind {
            None => Compressor::Plain(output),
            Some(Compression::Gzip) => {
                Compressor::Gzip(flate2::write::GzEncoder::new(output, flate2::Compression::default()))
            }
            Some(Compression::Zstd) => {
                Compressor::Zstd(zstd::stream::write::Encoder::new(output, ZSTD_LEVEL)?)
            }
            Some(Compression::Lz4) => Compressor::Lz4(Box::new(lz4_flex::frame::FrameEncoder::new(output))),
            Some(Compression::Xz) => {
                let options = lzma_rust2::XzOptions::with_preset(XZ_LEVEL);
                Compressor::Xz(Box::new(lzma_rust2::XzWriter::new(output, options)?))
            }
        })
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Compressor::Plain(output) => output,
            Compressor::Gzip(output) => output,
            Compressor::Zstd(output) => output,
            Compressor::Lz4(output) => output,
            Compressor::Xz(output) => output,
        }
    }

    /// Writes what the compression puts at its end.
    pub(crate) fn finish(self) -> io::Result<()> {
        let mut output = match self {
            Compressor::Plain(output) => output,
            Compressor::Gzip(output) => output.finish()?,
            Compressor::Zstd(output) => output.finish()?,
            Compressor::Lz4(output) => output.finish().map_err(io::Error::other)?,
            Compressor::Xz(output) => output.finish()?,
        };
        output.flush()
    }
}

impl Write for Compressor {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }
}
