//! What can go wrong while reading a capture; the texts are libpcap's, since scripts match on them.

use std::io;

use thiserror::Error;

use crate::live::LiveError;

/// Why a capture could not be read, or not to its end.
///
/// The text is the one libpcap gives; who shows it adds the program's name and, when packets had been
/// read, the `pcap_loop: ` that tcpdump puts before.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum ReadError {
    /// The file could not be opened.
    #[error("{path}: {}", reason(.error))]
    Open { path: String, error: io::Error },
    /// A list of files could not be opened.
    #[error("Unable to open file: {}", reason(.0))]
    OpenList(io::Error),
    /// A list of files names none.
    #[error("Nothing in {0}")]
    EmptyList(String),
    /// The operating system, or the decompressor, could not go on reading.
    #[error("error reading dump file: {}", reason(.0))]
    Read(io::Error),

    /// A live capture could not go on.
    #[error(transparent)]
    Live(LiveError),

    /// The content is no capture.
    #[error("unknown file format")]
    UnknownFormat,
    /// The file ended inside its own header.
    #[error("truncated dump file; tried to read {wanted} file header bytes, only got {got}")]
    FileHeaderTruncated { wanted: usize, got: usize },
    /// A version before 2, whose layout nobody remembers.
    #[error("archaic pcap savefile format")]
    Archaic,
    /// A version that is not known.
    #[error("unsupported pcap savefile version {0}.{1}")]
    UnsupportedVersion(u16, u16),
    /// The file ended inside a record's header.
    #[error("truncated dump file; tried to read {wanted} header bytes, only got {got}")]
    RecordHeaderTruncated { wanted: usize, got: usize },
    /// The file ended inside a packet.
    #[error("truncated dump file; tried to read {wanted} captured bytes, only got {got}")]
    RecordTruncated { wanted: usize, got: usize },
    /// A record claims more bytes than the file's snapshot length and than any packet may have.
    #[error("invalid packet capture length {captured}, bigger than snaplen of {snapshot_len}")]
    OverSnapshot { captured: u32, snapshot_len: u32 },
    /// A record claims more bytes than any packet of its link type may have.
    #[error("invalid packet capture length {captured}, bigger than maximum of {maximum}")]
    OverMaximum { captured: u32, maximum: u32 },

    /// A pcapng file ended inside a block.
    #[error("truncated pcapng dump file; tried to read {wanted} bytes, only got {got}")]
    BlockTruncated { wanted: usize, got: usize },
    /// The first block of a pcapng file cannot have this length.
    #[error(
        "Section Header Block in pcapng dump file has invalid length {minimum} < _{length}_ < {maximum} (BT_SHB_INSANE_MAX)"
    )]
    SectionHeaderLength { minimum: u32, length: u32, maximum: u32 },
    /// A block is shorter than its own frame.
    #[error("block in pcapng dump file has a length of {length} < {minimum}")]
    BlockShort { length: u32, minimum: u32 },
    /// A block's length breaks the alignment of all that follows.
    #[error("block in pcapng dump file has a length of {0} that is not a multiple of 4")]
    BlockUnaligned(u32),
    /// A block is larger than any that makes sense.
    #[error("pcapng block size {length} > maximum {maximum}")]
    BlockLarge { length: u32, maximum: u32 },
    /// The two lengths of a block differ.
    #[error("block total length in header and trailer don't match")]
    BlockLengthsDiffer,
    /// A block's contents do not fit into it.
    #[error("block of type {0} in pcapng dump file is too short")]
    BlockContents(u32),
    /// A pcapng version that is not known.
    #[error("unsupported pcapng savefile version {0}.{1}")]
    UnsupportedPcapngVersion(u16, u16),
    /// A later section has a major version that is not known.
    #[error("unknown pcapng savefile major version number {0}")]
    UnknownMajorVersion(u16),
    /// A later section has no readable byte order.
    #[error("the file has a section with a bad byte order magic field")]
    SectionByteOrder,
    /// A pcapng file without an interface.
    #[error("the capture file has no Interface Description Blocks")]
    NoInterface,
    /// A pcapng file that begins with packets.
    #[error("the capture file has a packet block before any Interface Description Blocks")]
    PacketBeforeInterface,
    /// A packet names an interface that was not described.
    #[error(
        "a packet arrived on interface {0}, but there's no Interface Description Block for that interface"
    )]
    UnknownInterface(u32),
    /// A second kind of link where one is allowed.
    #[error("an interface has a type {0} different from the type of the first interface")]
    LinkTypesDiffer(u32),
    /// A second snapshot length where one is allowed.
    #[error(
        "an interface has a snapshot length {0} different from the snapshot length of the first interface"
    )]
    SnapshotLengthsDiffer(u32),
    /// More interfaces than any machine has.
    #[error("the capture file describes more than {0} interfaces")]
    TooManyInterfaces(usize),
    /// An option that may stand once stands twice.
    #[error("Interface Description Block has more than one {0} option")]
    OptionRepeated(&'static str),
    /// An option with a length that its meaning does not allow.
    #[error("Interface Description Block has {name} option with length {length} != {wanted}")]
    OptionLength { name: &'static str, length: u16, wanted: u16 },
    /// A unit of time too small to count with.
    #[error("Interface Description Block if_tsresol option resolution {base}^-{exponent} is too high")]
    Resolution { base: u8, exponent: u8 },
}

/// The operating system's words for an error, without the number that Rust adds.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(at) => text.get(..at).unwrap_or(&text).to_owned(),
        None => text,
    }
}
