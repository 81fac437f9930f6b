//! Encoding of blocks, in the byte order of this machine.

use wirescope_wire::Packet;

use super::block_type;
use crate::{Interface, Precision};

/// What the file says wrote it.
const APPLICATION: &str = concat!("wirescope ", env!("CARGO_PKG_VERSION"));

const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
/// The length of a section when it is not known beforehand.
const LENGTH_UNKNOWN: u64 = u64::MAX;

const OPTION_END: u16 = 0;
const SECTION_APPLICATION: u16 = 4;
const INTERFACE_NAME: u16 = 2;
const INTERFACE_DESCRIPTION: u16 = 3;
const INTERFACE_TIME_RESOLUTION: u16 = 9;
const INTERFACE_FILTER: u16 = 11;
const INTERFACE_OPERATING_SYSTEM: u16 = 12;
const INTERFACE_FCS_LEN: u16 = 13;
/// A power of ten: nanoseconds.
const RESOLUTION_NANOS: u8 = 9;
/// A filter given as text.
const FILTER_IS_TEXT: u8 = 0;
const NANOS: u64 = 1_000_000_000;
const MICROS: u64 = 1_000_000;

/// Appends a block with the body that `write` appends.
fn block(kind: u32, buffer: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = buffer.len();
    buffer.extend_from_slice(&kind.to_ne_bytes());
    buffer.extend_from_slice(&[0; 4]);
    write(buffer);
    let length = (buffer.len() - start + 4) as u32;
    if let Some(place) = buffer.get_mut(start + 4..start + 8) {
        place.copy_from_slice(&length.to_ne_bytes());
    }
    buffer.extend_from_slice(&length.to_ne_bytes());
}

/// How many of the first `limit` bytes of a buffer are whole blocks.
pub(crate) fn whole_blocks(buffer: &[u8], limit: usize) -> usize {
    let mut end = 0;
    while let Some(length) = buffer.get(end + 4..).and_then(|block| block.first_chunk()) {
        let length = u32::from_ne_bytes(*length) as usize;
        if length == 0 || end + length > limit {
            break;
        }
        end += length;
    }
    end
}

/// Appends zeros up to the next multiple of four bytes after `length` of them.
fn pad(length: usize, buffer: &mut Vec<u8>) {
    let missing = length.next_multiple_of(4) - length;
    buffer.extend(std::iter::repeat_n(0, missing));
}

fn option(code: u16, value: &[u8], buffer: &mut Vec<u8>) {
    // Longer texts than an option can hold are cut.
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    let value = value.get(..usize::from(length)).unwrap_or_default();
    buffer.extend_from_slice(&code.to_ne_bytes());
    buffer.extend_from_slice(&length.to_ne_bytes());
    buffer.extend_from_slice(value);
    pad(value.len(), buffer);
}

/// Appends the header of a section.
pub(crate) fn section(buffer: &mut Vec<u8>) {
    block(block_type::SECTION, buffer, |buffer| {
        buffer.extend_from_slice(&BYTE_ORDER_MAGIC.to_ne_bytes());
        buffer.extend_from_slice(&1u16.to_ne_bytes());
        buffer.extend_from_slice(&0u16.to_ne_bytes());
        buffer.extend_from_slice(&LENGTH_UNKNOWN.to_ne_bytes());
        option(SECTION_APPLICATION, APPLICATION.as_bytes(), buffer);
        option(OPTION_END, &[], buffer);
    });
}

/// Appends the description of an interface.
pub(crate) fn interface(interface: &Interface, precision: Precision, buffer: &mut Vec<u8>) {
    block(block_type::INTERFACE, buffer, |buffer| {
        buffer.extend_from_slice(&interface.link.0.to_ne_bytes());
        buffer.extend_from_slice(&[0; 2]);
        buffer.extend_from_slice(&interface.snapshot_len.to_ne_bytes());
        let start = buffer.len();
        for (code, text) in [
            (INTERFACE_NAME, &interface.name),
            (INTERFACE_DESCRIPTION, &interface.description),
            (INTERFACE_OPERATING_SYSTEM, &interface.operating_system),
        ] {
            if let Some(text) = text {
                option(code, text.as_bytes(), buffer);
            }
        }
        if let Some(filter) = &interface.filter {
            let value: Vec<u8> = std::iter::once(FILTER_IS_TEXT).chain(filter.bytes()).collect();
            option(INTERFACE_FILTER, &value, buffer);
        }
        if let Some(length) = interface.fcs_len {
            option(INTERFACE_FCS_LEN, &[length], buffer);
        }
        if precision == Precision::Nano {
            option(INTERFACE_TIME_RESOLUTION, &[RESOLUTION_NANOS], buffer);
        }
        if buffer.len() > start {
            option(OPTION_END, &[], buffer);
        }
    });
}

/// Appends a packet of the interface with number `number`.
pub(crate) fn packet(packet: &Packet<'_>, number: u32, precision: Precision, buffer: &mut Vec<u8>) {
    let seconds = packet.time.seconds as u64;
    let count = match precision {
        Precision::Micro => seconds.wrapping_mul(MICROS).wrapping_add(packet.time.micros()),
        Precision::Nano => seconds.wrapping_mul(NANOS).wrapping_add(packet.time.nanos),
    };
    block(block_type::ENHANCED_PACKET, buffer, |buffer| {
        buffer.extend_from_slice(&number.to_ne_bytes());
        buffer.extend_from_slice(&((count >> 32) as u32).to_ne_bytes());
        buffer.extend_from_slice(&(count as u32).to_ne_bytes());
        buffer.extend_from_slice(&(packet.data.len() as u32).to_ne_bytes());
        buffer.extend_from_slice(&packet.wire_len.to_ne_bytes());
        buffer.extend_from_slice(packet.data);
        pad(packet.data.len(), buffer);
    });
}
