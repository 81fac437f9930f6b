//! Where packets come from: the one face of files and live captures, and what is known of them.

use wirescope_wire::{LinkType, Packet};

use crate::{Compression, ReadError};

/// A stream of packets.
pub trait Source {
    /// The next packet, or `None` at the end.
    ///
    /// After an error the source gives the same error again or the end; it never delivers a damaged record.
    fn next(&mut self) -> Result<Option<Packet<'_>>, ReadError>;

    /// The next packet together with the interfaces known by now, its own among them; for writing them on.
    fn next_described(&mut self) -> Result<Option<(Packet<'_>, &[Interface])>, ReadError>;

    /// What holds for the whole stream.
    fn properties(&self) -> &Properties;

    /// The interfaces seen so far; [`Packet::interface`] is an index into this list.
    fn interfaces(&self) -> &[Interface];
}

/// What holds for a whole stream of packets, as far as its beginning tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Properties {
    /// The file format.
    pub format: Format,
    /// Link type of the first interface, with the aliases of old files resolved.
    pub link: LinkType,
    /// The same as the file wrote it. Differs from `link` for aliases, and may exceed 16 bits in a damaged
    /// file: then `link` is 65,535 and messages show this number.
    pub link_number: u32,
    /// The upper six bits of the link type field (frame check sequence length and flags), in place; a copy
    /// of the file keeps them.
    pub link_flags: u32,
    /// The most bytes of a packet that are kept.
    pub snapshot_len: u32,
    /// The unit in which the file counts fractions of a second.
    pub precision: Precision,
    /// Byte order of the file's own headers.
    pub byte_order: ByteOrder,
    /// Version of the file format: major, minor.
    pub version: (u16, u16),
    /// How the file is compressed, if it is.
    pub compression: Option<Compression>,
}

/// A format of capture files.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// The classic format: one header, then records.
    Pcap,
    /// The classic format with 24-byte record headers, as written by Alexey Kuznetzov's patched libpcap.
    PcapKuznetzov,
    /// The block format, with several interfaces and options.
    Pcapng,
}

/// How finely a file counts time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Precision {
    /// Microseconds.
    #[default]
    Micro,
    /// Nanoseconds (or finer: what is beyond is dropped).
    Nano,
}

/// The order of bytes in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ByteOrder {
    /// Least significant first.
    Little,
    /// Most significant first.
    Big,
}

/// Who wrote the numbers in loopback headers, as far as a file's order of bytes tells.
impl From<ByteOrder> for wirescope_filter::Origin {
    fn from(order: ByteOrder) -> Self {
        match order {
            ByteOrder::Little => wirescope_filter::Origin::LittleEndianFile,
            ByteOrder::Big => wirescope_filter::Origin::BigEndianFile,
        }
    }
}

impl ByteOrder {
    /// The order of the machine this runs on, in which new files are written.
    pub const NATIVE: ByteOrder =
        if cfg!(target_endian = "big") { ByteOrder::Big } else { ByteOrder::Little };

    /// A 16-bit number from its bytes.
    #[inline]
    pub(crate) fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            ByteOrder::Little => u16::from_le_bytes(bytes),
            ByteOrder::Big => u16::from_be_bytes(bytes),
        }
    }

    /// A 32-bit number from its bytes.
    #[inline]
    pub(crate) fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            ByteOrder::Little => u32::from_le_bytes(bytes),
            ByteOrder::Big => u32::from_be_bytes(bytes),
        }
    }

    /// A 64-bit number from its bytes.
    #[inline]
    pub(crate) fn u64(self, bytes: [u8; 8]) -> u64 {
        match self {
            ByteOrder::Little => u64::from_le_bytes(bytes),
            ByteOrder::Big => u64::from_be_bytes(bytes),
        }
    }
}

/// An interface on which packets were captured. A pcap file has one, without a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Interface {
    /// Link type of its packets.
    pub link: LinkType,
    /// The most bytes of a packet that are kept.
    pub snapshot_len: u32,
    /// Name, such as `eth0`.
    pub name: Option<String>,
    /// A few words on it.
    pub description: Option<String>,
    /// The filter that was in force.
    pub filter: Option<String>,
    /// The operating system that captured.
    pub operating_system: Option<String>,
    /// Bytes of frame check sequence at the end of each packet, where the file says so.
    pub fcs_len: Option<u8>,
}

impl Interface {
    /// An interface of which only the kind and the length of its packets are known.
    pub fn new(link: LinkType, snapshot_len: u32) -> Self {
        Interface {
            link,
            snapshot_len,
            name: None,
            description: None,
            filter: None,
            operating_system: None,
            fcs_len: None,
        }
    }
}
