//! QUIC (RFC 8999, RFC 9000 section 17): what its headers tell without keys.

use crate::Out;
use std::collections::VecDeque;
use wirescope_wire::{Cursor, Walk};

const LONG_HEADER: u8 = 0x80;
const FIXED_BIT: u8 = 0x40;
/// Fills up a datagram behind its packets.
const PADDING: u8 = 0;
const VERSION_NEGOTIATION: u32 = 0;
const VERSION_1: u32 = 1;
/// Longest connection identifier of version 1.
const MAX_ID_LEN: usize = 20;
/// Bytes behind a short header among which an identifier is looked for.
const LOOKED_UP_ID_LEN: usize = 18;
/// Bytes of the tag that ends a Retry.
const RETRY_TAG_LEN: usize = 16;
/// Connection identifiers that are remembered; the oldest gives way.
const MAX_IDS: usize = 256;

mod packet {
    pub(super) const INITIAL: u8 = 0;
    pub(super) const ZERO_RTT: u8 = 1;
    pub(super) const HANDSHAKE: u8 = 2;
}

/// Connection identifiers that long headers have named: a short header names one without its length.
#[derive(Default)]
pub(crate) struct ConnectionIds {
    known: VecDeque<Vec<u8>>,
}

impl ConnectionIds {
    fn learn(&mut self, id: &[u8]) {
        if id.is_empty() || self.known.iter().any(|known| known == id) {
            return;
        }
        if self.known.len() >= MAX_IDS {
            self.known.pop_front();
        }
        self.known.push_back(id.to_vec());
    }

    /// How long the known identifier at the start of `bytes` is.
    fn find(&self, bytes: &[u8]) -> Option<usize> {
        self.known.iter().find(|known| bytes.starts_with(known)).map(Vec::len)
    }
}

/// Whether a datagram may be QUIC.
pub(crate) fn looks(c: &Cursor<'_>) -> bool {
    c.peek_u8(0).is_ok_and(|first| first & FIXED_BIT != 0)
}

/// Prints the packets of a datagram.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("quic");
    // Not the length of the datagram but the end of the packet around it ends the walk.
    c = c.claim(c.length().max(c.captured()));
    while c.length() > 0 {
        let first = c.u8()?;
        if first == PADDING {
            continue;
        }
        if first & LONG_HEADER != 0 { long_header(out, &mut c, first)? } else { short_header(out, &mut c)? }
    }
    Ok(())
}

fn short_header(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    out.text(", protected");
    c.need(c.length().min(LOOKED_UP_ID_LEN))?;
    if let Some(length) = out.state.quic.find(c.claimed_bytes()) {
        let id = c.take(length)?;
        out.field("destination_connection_id", id);
        out.text(", dcid ").hex_bytes(id);
    }
    c.advance(c.length());
    Ok(())
}

fn long_header(out: &mut Out, c: &mut Cursor<'_>, first: u8) -> Walk {
    let version = c.u32()?;
    let kind = first >> 4 & 3;
    out.field("version", version);
    out.text(match kind {
        _ if version == VERSION_NEGOTIATION => ", version negotiation",
        packet::INITIAL => ", initial",
        packet::ZERO_RTT => ", 0-rtt",
        packet::HANDSHAKE => ", handshake",
        _ => ", retry",
    });
    if version != VERSION_NEGOTIATION && version != VERSION_1 {
        write!(out, ", v{version:x}");
    }
    let destination = connection_id(out, c, ", dcid ", "destination_connection_id")?;
    out.state.quic.learn(destination);
    let source = connection_id(out, c, ", scid ", "source_connection_id")?;
    out.state.quic.learn(source);
    if version == VERSION_NEGOTIATION {
        while c.length() >= 4 {
            write!(out, ", version 0x{:x}", c.u32()?);
        }
        c.advance(c.length());
        return Ok(());
    }
    match kind {
        packet::INITIAL => {
            // A token that cannot fit the datagram is taken for none.
            let length = usize::try_from(variable_length(c)?).unwrap_or(usize::MAX);
            if length > 0 && length <= c.length() {
                let token = c.take(length)?;
                out.text(", token ").hex_bytes(token);
            }
        }
        packet::ZERO_RTT | packet::HANDSHAKE => {}
        _ => {
            if c.length() > RETRY_TAG_LEN {
                let token = c.take(c.length() - RETRY_TAG_LEN)?;
                out.text(", token ").hex_bytes(token);
            }
            return c.skip(c.length());
        }
    }
    let length = variable_length(c)?;
    write!(out, ", length {length}");
    c.skip(usize::try_from(length).unwrap_or(usize::MAX))
}

/// Reads and prints a connection identifier, where it is not empty.
fn connection_id<'a>(out: &mut Out, c: &mut Cursor<'a>, before: &str, field: &'static str) -> Walk<&'a [u8]> {
    let length = usize::from(c.u8()?);
    if length == 0 || length > MAX_ID_LEN {
        return Ok(&[]);
    }
    let id = c.take(length)?;
    out.field(field, id);
    out.text(before).hex_bytes(id);
    Ok(id)
}

/// Reads an integer whose first two bits say how long it is (RFC 9000 section 16).
fn variable_length(c: &mut Cursor<'_>) -> Walk<u64> {
    match c.peek_u8(0)? >> 6 {
        0 => Ok(c.u8()?.into()),
        1 => Ok(u64::from(c.u16()?) & 0x3fff),
        2 => Ok(u64::from(c.u32()?) & 0x3fff_ffff),
        _ => Ok(c.u64()? & 0x3fff_ffff_ffff_ffff),
    }
}
