//! Decoding of blocks. No input or output here: bytes in, positions out.

use wirescope_wire::{Cursor, LinkType, Timestamp};

use super::block_type;
use super::option::{Clock, interface_options};
use crate::file::{Located, Mixed, Step};
use crate::pcap::{maximum_packet_len, repair_snapshot_len, resolve_alias};
use crate::pseudo_header::is_in_machine_order;
use crate::{ByteOrder, Format, Interface, Precision, Properties, ReadError};

/// Type and length before a block's body.
const BLOCK_HEADER_LEN: usize = 8;
/// The length once more behind it.
const BLOCK_TRAILER_LEN: usize = 4;
/// What frames a block.
const BLOCK_FRAME_LEN: u32 = (BLOCK_HEADER_LEN + BLOCK_TRAILER_LEN) as u32;
/// Bytes before the ones that tell a section's version: block header and byte order magic.
const SECTION_START_LEN: usize = 12;
/// A section header without options.
const SECTION_MINIMUM_LEN: u32 = 28;
/// A section header larger than this is taken for damage.
const SECTION_MAXIMUM_LEN: u32 = 1024 * 1024;
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;

/// Bytes of the fixed fields before the data of packets and the options of interfaces.
const ENHANCED_PACKET_FIXED_LEN: usize = 20;
const SIMPLE_PACKET_FIXED_LEN: usize = 4;

/// Blocks up to this size are read whatever the interfaces say.
const BLOCK_MAXIMUM_LEN: u32 = 16 * 1024 * 1024;
/// Room for options and frame in a block with the largest packet.
const BLOCK_OPTIONS_LEN: u32 = 131_072 + 32;
/// Interfaces kept over all sections.
const INTERFACES_MAXIMUM: usize = 65_536;

/// What is needed to read blocks.
#[derive(Debug)]
pub(crate) struct Decoder {
    order: ByteOrder,
    mixed: Mixed,
    section_seen: bool,
    version: (u16, u16),
    link_number: u32,
    first_clock: Option<Clock>,
    /// The interfaces of this section: index into `interfaces`, and clock.
    section: Vec<(u32, Clock)>,
    /// The same of the section before, without the clocks.
    last_section: Vec<u32>,
    interfaces: Vec<Interface>,
    block_maximum_len: u32,
}

/// Whether these first bytes are a pcapng file's.
pub(crate) fn is_pcapng(bytes: &[u8]) -> bool {
    bytes.first_chunk() == Some(&block_type::SECTION.to_be_bytes())
}

/// The byte order that makes sense of the magic number at the start of a section.
fn section_order(bytes: &[u8]) -> Option<ByteOrder> {
    let magic = *bytes.get(BLOCK_HEADER_LEN..)?.first_chunk()?;
    [ByteOrder::Little, ByteOrder::Big].into_iter().find(|order| order.u32(magic) == BYTE_ORDER_MAGIC)
}

impl Decoder {
    /// A decoder for the start of a file.
    pub(crate) fn new(mixed: Mixed) -> Self {
        Decoder {
            order: ByteOrder::NATIVE,
            mixed,
            section_seen: false,
            version: (0, 0),
            link_number: 0,
            first_clock: None,
            section: Vec::new(),
            last_section: Vec::new(),
            interfaces: Vec::new(),
            block_maximum_len: BLOCK_MAXIMUM_LEN,
        }
    }

    /// The interfaces seen so far.
    pub(crate) fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// What holds for the file, once its first interface is known.
    pub(crate) fn properties(&self) -> Option<Properties> {
        let interface = self.interfaces.first()?;
        let finer = self.first_clock.is_some_and(Clock::is_finer_than_micros);
        Some(Properties {
            format: Format::Pcapng,
            link: interface.link,
            link_number: self.link_number,
            link_flags: 0,
            snapshot_len: interface.snapshot_len,
            precision: if finer { Precision::Nano } else { Precision::Micro },
            byte_order: self.order,
            version: self.version,
            compression: None,
        })
    }

    /// Finds what `bytes` start with: a packet, or a block to step over.
    #[inline]
    pub(crate) fn step(&mut self, bytes: &[u8]) -> Result<Step, ReadError> {
        if !self.section_seen {
            return self.first_section(bytes);
        }
        let Some(header) = bytes.first_chunk::<BLOCK_HEADER_LEN>() else {
            return Ok(Step::More(BLOCK_HEADER_LEN));
        };
        let [t0, t1, t2, t3, l0, l1, l2, l3] = *header;
        let kind = self.order.u32([t0, t1, t2, t3]);
        if kind == block_type::SECTION && self.mixed == Mixed::Allowed {
            // A section may turn the byte order round, of its length too.
            if bytes.len() < SECTION_START_LEN {
                return Ok(Step::More(SECTION_START_LEN));
            }
            self.order = section_order(bytes).ok_or(ReadError::SectionByteOrder)?;
        }
        let length = self.order.u32([l0, l1, l2, l3]);
        self.check_length(length)?;
        let Some((block, trailer)) =
            bytes.get(..length as usize).and_then(<[u8]>::split_last_chunk::<BLOCK_TRAILER_LEN>)
        else {
            return Ok(Step::More(length as usize));
        };
        if self.order.u32(*trailer) != length {
            return Err(ReadError::BlockLengthsDiffer);
        }
        let mut body = Cursor::over(block);
        body.advance(BLOCK_HEADER_LEN);
        let size = length as usize;
        match kind {
            block_type::ENHANCED_PACKET => self.enhanced_packet(body, size),
            block_type::SIMPLE_PACKET => self.simple_packet(body, size),
            block_type::PACKET => self.old_packet(body, size),
            block_type::INTERFACE => self.interface(body, size),
            block_type::SECTION => self.section(body, size),
            _ => Ok(Step::Skip(size)),
        }
    }

    /// What to say when the input ends with `got` bytes of a block that needs `wanted`.
    #[cold]
    pub(crate) fn ended(&self, got: usize, wanted: usize) -> Option<ReadError> {
        if !self.section_seen {
            if got < SECTION_START_LEN {
                return Some(ReadError::UnknownFormat);
            }
            let (wanted, got) = (wanted - SECTION_START_LEN, got - SECTION_START_LEN);
            return Some(ReadError::BlockTruncated { wanted, got });
        }
        match got {
            0 if self.interfaces.is_empty() => Some(ReadError::NoInterface),
            0 => None,
            1..BLOCK_HEADER_LEN => Some(ReadError::BlockTruncated { wanted: BLOCK_HEADER_LEN, got }),
            _ => Some(ReadError::BlockTruncated {
                wanted: wanted - BLOCK_HEADER_LEN,
                got: got - BLOCK_HEADER_LEN,
            }),
        }
    }

    #[inline]
    fn check_length(&self, length: u32) -> Result<(), ReadError> {
        if length < BLOCK_FRAME_LEN {
            return Err(ReadError::BlockShort { length, minimum: BLOCK_FRAME_LEN });
        }
        if !length.is_multiple_of(4) {
            return Err(ReadError::BlockUnaligned(length));
        }
        if length > self.block_maximum_len {
            return Err(ReadError::BlockLarge { length, maximum: self.block_maximum_len });
        }
        Ok(())
    }

    /// The block that a file begins with. Its trailer is not looked at, as in libpcap.
    #[cold]
    fn first_section(&mut self, bytes: &[u8]) -> Result<Step, ReadError> {
        if bytes.len() < SECTION_START_LEN {
            return Ok(Step::More(SECTION_START_LEN));
        }
        let order = section_order(bytes).ok_or(ReadError::UnknownFormat)?;
        let mut body = Cursor::over(bytes);
        let [_, _, _, _, l0, l1, l2, l3] =
            *body.array::<BLOCK_HEADER_LEN>().map_err(|_| ReadError::UnknownFormat)?;
        let length = order.u32([l0, l1, l2, l3]);
        if !(SECTION_MINIMUM_LEN..=SECTION_MAXIMUM_LEN).contains(&length) {
            let (minimum, maximum) = (SECTION_MINIMUM_LEN, SECTION_MAXIMUM_LEN);
            return Err(ReadError::SectionHeaderLength { minimum, length, maximum });
        }
        if bytes.len() < length as usize {
            return Ok(Step::More(length as usize));
        }
        self.order = order;
        let (major, minor) = section_version(body, order)?;
        if major != 1 || !matches!(minor, 0 | 2) {
            return Err(ReadError::UnsupportedPcapngVersion(major, minor));
        }
        self.version = (major, minor);
        self.section_seen = true;
        Ok(Step::Skip(length as usize))
    }

    /// A later section: the count of interfaces starts anew.
    #[cold]
    fn section(&mut self, body: Cursor<'_>, size: usize) -> Result<Step, ReadError> {
        let (major, _) = section_version(body, self.order)?;
        let magic = body.peek_array::<4>(0).map_err(|_| ReadError::BlockContents(block_type::SECTION))?;
        if self.order.u32(*magic) != BYTE_ORDER_MAGIC {
            return Err(ReadError::SectionByteOrder);
        }
        if major != 1 {
            return Err(ReadError::UnknownMajorVersion(major));
        }
        if !self.section.is_empty() {
            self.last_section = self.section.drain(..).map(|(index, _)| index).collect();
        }
        Ok(Step::Skip(size))
    }

    #[cold]
    fn interface(&mut self, mut body: Cursor<'_>, size: usize) -> Result<Step, ReadError> {
        let short = |_| ReadError::BlockContents(block_type::INTERFACE);
        let [k0, k1, _, _, s0, s1, s2, s3] = *body.array::<8>().map_err(short)?;
        let number = u32::from(self.order.u16([k0, k1]));
        let link = resolve_alias(number);
        let snapshot_len = repair_snapshot_len(self.order.u32([s0, s1, s2, s3]), link);
        let mut interface = Interface::new(link, snapshot_len);
        let clock = interface_options(body, self.order, &mut interface)?;
        if self.mixed == Mixed::Refused
            && let Some(first) = self.interfaces.first()
        {
            if first.link != link {
                return Err(ReadError::LinkTypesDiffer(number));
            }
            if first.snapshot_len != snapshot_len {
                return Err(ReadError::SnapshotLengthsDiffer(snapshot_len));
            }
        }
        if self.first_clock.is_none() {
            (self.first_clock, self.link_number) = (Some(clock), number);
        }
        let index = self.index_of(interface)?;
        self.section.push((index, clock));
        let largest = maximum_packet_len(link).saturating_add(BLOCK_OPTIONS_LEN);
        self.block_maximum_len = self.block_maximum_len.max(largest);
        Ok(Step::Skip(size))
    }

    /// The index of an interface. Sections mostly describe the same ones in the same order: those stay listed
    /// once.
    fn index_of(&mut self, interface: Interface) -> Result<u32, ReadError> {
        let same_place = self.last_section.get(self.section.len()).copied();
        if let Some(index) =
            same_place.filter(|index| self.interfaces.get(*index as usize) == Some(&interface))
        {
            return Ok(index);
        }
        if self.interfaces.len() >= INTERFACES_MAXIMUM {
            return Err(ReadError::TooManyInterfaces(INTERFACES_MAXIMUM));
        }
        self.interfaces.push(interface);
        Ok(self.interfaces.len() as u32 - 1)
    }

    #[inline]
    fn enhanced_packet(&self, mut body: Cursor<'_>, size: usize) -> Result<Step, ReadError> {
        let short = |_| ReadError::BlockContents(block_type::ENHANCED_PACKET);
        let fixed = body.array::<ENHANCED_PACKET_FIXED_LEN>().map_err(short)?;
        let [i0, i1, i2, i3, times @ .., c0, c1, c2, c3, w0, w1, w2, w3] = *fixed;
        let number = self.order.u32([i0, i1, i2, i3]);
        let (captured, wire) = (self.order.u32([c0, c1, c2, c3]), self.order.u32([w0, w1, w2, w3]));
        self.packet(block_type::ENHANCED_PACKET, number, times, captured, wire, body, size)
    }

    /// The packet block of the first drafts, with a 16-bit interface and a count of drops.
    fn old_packet(&self, mut body: Cursor<'_>, size: usize) -> Result<Step, ReadError> {
        let short = |_| ReadError::BlockContents(block_type::PACKET);
        let fixed = body.array::<ENHANCED_PACKET_FIXED_LEN>().map_err(short)?;
        let [i0, i1, _, _, times @ .., c0, c1, c2, c3, w0, w1, w2, w3] = *fixed;
        let number = u32::from(self.order.u16([i0, i1]));
        let (captured, wire) = (self.order.u32([c0, c1, c2, c3]), self.order.u32([w0, w1, w2, w3]));
        self.packet(block_type::PACKET, number, times, captured, wire, body, size)
    }

    /// A packet without a time, on the first interface, cut at its snapshot length.
    fn simple_packet(&self, mut body: Cursor<'_>, size: usize) -> Result<Step, ReadError> {
        let short = |_| ReadError::BlockContents(block_type::SIMPLE_PACKET);
        let wire_len = self.order.u32(*body.array::<SIMPLE_PACKET_FIXED_LEN>().map_err(short)?);
        let (interface, link, snapshot_len, _) = self.described(0)?;
        let len = wire_len.min(snapshot_len) as usize;
        if body.captured() < len {
            return Err(ReadError::BlockContents(block_type::SIMPLE_PACKET));
        }
        let at = BLOCK_HEADER_LEN + SIMPLE_PACKET_FIXED_LEN;
        let time = Timestamp::new(0, 0);
        let foreign = self.is_foreign(link);
        Ok(Step::Packet(Located { time, link, interface, wire_len, at, len, size, foreign }))
    }

    #[inline]
    #[allow(clippy::too_many_arguments)]
    fn packet(
        &self,
        kind: u32,
        number: u32,
        times: [u8; 8],
        captured: u32,
        wire_len: u32,
        body: Cursor<'_>,
        size: usize,
    ) -> Result<Step, ReadError> {
        let (interface, link, snapshot_len, clock) = self.described(number)?;
        if captured > snapshot_len {
            return Err(ReadError::OverSnapshot { captured, snapshot_len });
        }
        let len = captured as usize;
        if body.captured() < len {
            return Err(ReadError::BlockContents(kind));
        }
        // Two halves, the upper one first in either byte order.
        let [h0, h1, h2, h3, l0, l1, l2, l3] = times;
        let (high, low) = (self.order.u32([h0, h1, h2, h3]), self.order.u32([l0, l1, l2, l3]));
        let time = clock.time((u64::from(high) << 32) | u64::from(low));
        let at = BLOCK_HEADER_LEN + ENHANCED_PACKET_FIXED_LEN;
        let foreign = self.is_foreign(link);
        Ok(Step::Packet(Located { time, link, interface, wire_len, at, len, size, foreign }))
    }

    #[inline]
    fn is_foreign(&self, link: LinkType) -> bool {
        self.order != ByteOrder::NATIVE && is_in_machine_order(link)
    }

    /// The interface with a number of this section: index, link type, snapshot length, clock.
    #[inline]
    fn described(&self, number: u32) -> Result<(u32, LinkType, u32, Clock), ReadError> {
        if self.interfaces.is_empty() {
            return Err(ReadError::PacketBeforeInterface);
        }
        let found = self.section.get(number as usize).and_then(|(index, clock)| {
            let interface = self.interfaces.get(*index as usize)?;
            Some((*index, interface.link, interface.snapshot_len, *clock))
        });
        found.ok_or(ReadError::UnknownInterface(number))
    }
}

/// Version of the section whose body this is.
fn section_version(body: Cursor<'_>, order: ByteOrder) -> Result<(u16, u16), ReadError> {
    // Byte order magic, version, length of the section.
    body.need(16).map_err(|_| ReadError::BlockContents(block_type::SECTION))?;
    let [j0, j1, n0, n1] =
        *body.peek_array::<4>(4).map_err(|_| ReadError::BlockContents(block_type::SECTION))?;
    Ok((order.u16([j0, j1]), order.u16([n0, n1])))
}
