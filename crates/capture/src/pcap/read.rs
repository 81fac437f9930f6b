//! Decoding of the file header and of records. No input or output here: bytes in, positions out.

use wirescope_wire::{LinkType, Timestamp};

use crate::file::{Located, Step};
use crate::pseudo_header::is_in_machine_order;
use crate::{ByteOrder, Format, Interface, MAXIMUM_SNAPSHOT_LEN, Precision, Properties, ReadError};

/// Bytes of the file header.
pub(crate) const HEADER_LEN: usize = 24;
/// Bytes of the magic number, which is read first.
const MAGIC_LEN: usize = 4;
/// Bytes of a record's header.
const RECORD_HEADER_LEN: usize = 16;
/// What the patched format adds to it: interface index, protocol, packet type, padding.
const KUZNETZOV_EXTRA_LEN: usize = 8;
/// Snapshot lengths in patched files leave out a link header that the packets have.
const KUZNETZOV_SNAPSHOT_EXTRA: u32 = 14;

/// The part of the link type field that is a link type.
const LINK_TYPE_MASK: u32 = 0x03ff_ffff;

/// The upper bits: whether they tell the length of frame check sequences, and where, in units of two bytes.
const FCS_LEN_PRESENT: u32 = 0x0400_0000;
const FCS_LEN_SHIFT: u32 = 28;

const MAGIC_MICRO: u32 = 0xa1b2_c3d4;
const MAGIC_NANO: u32 = 0xa1b2_3c4d;
const MAGIC_KUZNETZOV: u32 = 0xa1b2_cd34;

/// Major version that DG/UX's tcpdump wrote; its minor version was 0.
const MAJOR_DGUX: u16 = 543;

/// In which order a record's two lengths stand; it was not always the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lengths {
    /// Captured length, then length on the wire.
    CapturedFirst,
    /// Length on the wire first: before version 2.3, and DG/UX.
    WireFirst,
    /// Version 2.3 was written both ways; the captured length is the smaller one.
    SmallerIsCaptured,
}

/// What is needed to read records.
#[derive(Clone, Debug)]
pub(crate) struct Decoder {
    order: ByteOrder,
    lengths: Lengths,
    /// Nanoseconds that one unit of the fraction stands for.
    fraction_nanos: u64,
    header_len: usize,
    link: LinkType,
    snapshot_len: u32,
    maximum_len: u32,
    foreign: bool,
    fcs_len: Option<u8>,
}

/// Whether the first four bytes are a magic number of this format, and which.
fn magic(bytes: [u8; MAGIC_LEN]) -> Option<(Format, Precision, ByteOrder)> {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let found = match order.u32(bytes) {
            MAGIC_MICRO => (Format::Pcap, Precision::Micro),
            MAGIC_NANO => (Format::Pcap, Precision::Nano),
            MAGIC_KUZNETZOV => (Format::PcapKuznetzov, Precision::Micro),
            _ => continue,
        };
        return Some((found.0, found.1, order));
    }
    None
}

/// Reads the file header, the first [`HEADER_LEN`] bytes (fewer when there are no more). `None`: not this format.
pub(crate) fn open(bytes: &[u8]) -> Option<Result<(Decoder, Properties), ReadError>> {
    let (format, precision, order) = magic(*bytes.first_chunk()?)?;
    let Some(header) = bytes.first_chunk::<HEADER_LEN>() else {
        let got = bytes.len() - MAGIC_LEN;
        return Some(Err(ReadError::FileHeaderTruncated { wanted: HEADER_LEN, got }));
    };
    let [_, _, _, _, major @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *header;
    let [_, _, _, _, _, _, minor @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *header;
    let [.., s0, s1, s2, s3, n0, n1, n2, n3] = *header;
    let version = (order.u16(major), order.u16(minor));
    let lengths = match version {
        (0 | 1, _) => return Some(Err(ReadError::Archaic)),
        (2, 0..=2) | (MAJOR_DGUX, 0) => Lengths::WireFirst,
        (2, 3) => Lengths::SmallerIsCaptured,
        (2, 4) => Lengths::CapturedFirst,
        (major, minor) => return Some(Err(ReadError::UnsupportedVersion(major, minor))),
    };
    let field = order.u32([n0, n1, n2, n3]);
    let link_number = field & LINK_TYPE_MASK;
    let link = resolve_alias(link_number);
    let maximum_len = maximum_packet_len(link);
    let mut snapshot_len = repair_snapshot_len(order.u32([s0, s1, s2, s3]), link);
    let mut header_len = RECORD_HEADER_LEN;
    if format == Format::PcapKuznetzov {
        header_len += KUZNETZOV_EXTRA_LEN;
        snapshot_len = (snapshot_len + KUZNETZOV_SNAPSHOT_EXTRA).min(i32::MAX as u32);
    }
    let fraction_nanos = if precision == Precision::Nano { 1 } else { 1_000 };
    let foreign = order != ByteOrder::NATIVE && is_in_machine_order(link);
    let decoder = Decoder {
        order,
        lengths,
        fraction_nanos,
        header_len,
        link,
        snapshot_len,
        maximum_len,
        foreign,
        fcs_len: (field & FCS_LEN_PRESENT != 0).then_some((field >> FCS_LEN_SHIFT) as u8 * 2),
    };
    let properties = Properties {
        format,
        link,
        link_number,
        link_flags: field & !LINK_TYPE_MASK,
        snapshot_len,
        precision,
        byte_order: order,
        version,
        compression: None,
    };
    Some(Ok((decoder, properties)))
}

/// The link type of packets whose file says `number`: some numbers are what a system called the type in memory,
/// and were written to files before types in files had numbers of their own.
pub(crate) fn resolve_alias(number: u32) -> LinkType {
    match number {
        11 => LinkType::ATM_RFC1483,
        12 => LinkType::RAW,
        15 => LinkType::SLIP_BSDOS,
        16 => LinkType::PPP_BSDOS,
        19 => LinkType::ATM_CLIP,
        _ => LinkType(u16::try_from(number).unwrap_or(u16::MAX)),
    }
}

/// The largest packet that a link type can have: some carry messages and not frames.
pub(crate) fn maximum_packet_len(link: LinkType) -> u32 {
    match link {
        LinkType::DBUS => 128 << 20,
        LinkType::EBHSCR => 8 << 20,
        LinkType::USBPCAP => 1 << 20,
        _ => MAXIMUM_SNAPSHOT_LEN,
    }
}

/// A snapshot length of 0, or one that is negative as a signed number, means "whatever there is".
pub(crate) fn repair_snapshot_len(claimed: u32, link: LinkType) -> u32 {
    if claimed == 0 || claimed > i32::MAX as u32 { maximum_packet_len(link) } else { claimed }
}

impl Decoder {
    /// The one interface that such a file has.
    pub(crate) fn interface(&self) -> Interface {
        Interface { fcs_len: self.fcs_len, ..Interface::new(self.link, self.snapshot_len) }
    }

    /// The record that `bytes` start with, if it is whole and sound: the step that is taken a million times.
    #[inline(always)]
    pub(crate) fn record(&self, bytes: &[u8]) -> Option<Located> {
        let [seconds, fraction, first, second] = self.words(bytes.first_chunk()?);
        let (claimed, wire_len) = self.lengths(first, second);
        let size = self.header_len + claimed as usize;
        if claimed > self.maximum_len || bytes.len() < size {
            return None;
        }
        Some(Located {
            time: Timestamp::new(i64::from(seconds), u64::from(fraction) * self.fraction_nanos),
            link: self.link,
            interface: 0,
            wire_len,
            at: self.header_len,
            len: claimed.min(self.snapshot_len) as usize,
            size,
            foreign: self.foreign,
        })
    }

    /// The same, or what is missing or wrong.
    pub(crate) fn step(&self, bytes: &[u8]) -> Result<Step, ReadError> {
        if let Some(located) = self.record(bytes) {
            return Ok(Step::Packet(located));
        }
        let Some(header) = bytes.first_chunk() else { return Ok(Step::More(self.header_len)) };
        let [_, _, first, second] = self.words(header);
        let (claimed, _) = self.lengths(first, second);
        if claimed > self.maximum_len {
            return Err(self.too_long(claimed));
        }
        Ok(Step::More(self.header_len + claimed as usize))
    }

    /// Seconds, fraction, and the two lengths.
    #[inline(always)]
    fn words(&self, header: &[u8; RECORD_HEADER_LEN]) -> [u32; 4] {
        let [s0, s1, s2, s3, f0, f1, f2, f3, a0, a1, a2, a3, b0, b1, b2, b3] = *header;
        let words =
            [[s0, s1, s2, s3], [f0, f1, f2, f3], [a0, a1, a2, a3], [b0, b1, b2, b3]].map(u32::from_ne_bytes);
        if self.order == ByteOrder::NATIVE { words } else { words.map(u32::swap_bytes) }
    }

    /// Captured length and length on the wire.
    #[inline(always)]
    fn lengths(&self, first: u32, second: u32) -> (u32, u32) {
        match self.lengths {
            Lengths::CapturedFirst => (first, second),
            Lengths::WireFirst => (second, first),
            Lengths::SmallerIsCaptured => (first.min(second), first.max(second)),
        }
    }

    #[cold]
    fn too_long(&self, captured: u32) -> ReadError {
        if captured > self.snapshot_len {
            ReadError::OverSnapshot { captured, snapshot_len: self.snapshot_len }
        } else {
            ReadError::OverMaximum { captured, maximum: self.maximum_len }
        }
    }

    /// What to say when the input ends with `got` bytes of a record of `wanted` bytes.
    #[cold]
    pub(crate) fn ended(&self, got: usize, wanted: usize) -> Option<ReadError> {
        if got == 0 {
            return None;
        }
        if got < self.header_len {
            return Some(ReadError::RecordHeaderTruncated { wanted: self.header_len, got });
        }
        // What exceeds the snapshot length is read last, to be dropped.
        let (got, wanted) = (got - self.header_len, wanted - self.header_len);
        let kept = wanted.min(self.snapshot_len as usize);
        let wanted = if got < kept { kept } else { wanted };
        Some(ReadError::RecordTruncated { wanted, got })
    }
}
