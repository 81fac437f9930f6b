//! Encoding of the file header and of records, in the byte order of this machine.

use wirescope_wire::Packet;

use super::HEADER_LEN;
use crate::{Precision, WriteOptions};

const MAGIC_MICRO: u32 = 0xa1b2_c3d4;
const MAGIC_NANO: u32 = 0xa1b2_3c4d;
const RECORD_HEADER_LEN: usize = 16;
/// Where a record's header has the count of bytes that follow it.
const CAPTURED_LEN_AT: usize = 8;
const VERSION_MAJOR: u16 = 2;
const VERSION_MINOR: u16 = 4;

/// Appends the file header.
pub(crate) fn header(options: &WriteOptions, buffer: &mut Vec<u8>) {
    let magic = match options.precision {
        Precision::Micro => MAGIC_MICRO,
        Precision::Nano => MAGIC_NANO,
    };
    buffer.extend_from_slice(&magic.to_ne_bytes());
    buffer.extend_from_slice(&VERSION_MAJOR.to_ne_bytes());
    buffer.extend_from_slice(&VERSION_MINOR.to_ne_bytes());
    // Time zone and accuracy, which nobody ever filled in.
    buffer.extend_from_slice(&[0; 8]);
    buffer.extend_from_slice(&options.snapshot_len.to_ne_bytes());
    buffer.extend_from_slice(&(u32::from(options.link.0) | options.link_flags).to_ne_bytes());
}

/// How many of the first `limit` bytes of a buffer are whole records, after the file header if that stands first.
pub(crate) fn whole_records(buffer: &[u8], limit: usize, with_header: bool) -> usize {
    let mut end = if with_header { HEADER_LEN } else { 0 };
    if end > limit {
        return 0;
    }
    loop {
        let length = buffer.get(end..).and_then(|record| record.get(CAPTURED_LEN_AT..)?.first_chunk());
        let Some(length) = length else { return end };
        let next = end + RECORD_HEADER_LEN + u32::from_ne_bytes(*length) as usize;
        if next > limit {
            return end;
        }
        end = next;
    }
}

/// Appends a record.
#[inline]
pub(crate) fn record(packet: &Packet<'_>, precision: Precision, buffer: &mut Vec<u8>) {
    let fraction = match precision {
        Precision::Micro => packet.time.micros(),
        Precision::Nano => packet.time.nanos,
    };
    let [s0, s1, s2, s3] = (packet.time.seconds as u32).to_ne_bytes();
    let [f0, f1, f2, f3] = (fraction as u32).to_ne_bytes();
    let [c0, c1, c2, c3] = (packet.data.len() as u32).to_ne_bytes();
    let [w0, w1, w2, w3] = packet.wire_len.to_ne_bytes();
    buffer.extend_from_slice(&[s0, s1, s2, s3, f0, f1, f2, f3, c0, c1, c2, c3, w0, w1, w2, w3]);
    buffer.extend_from_slice(packet.data);
}
