//! Real-time Transport Protocol (RFC 3550) and its draft version 1.

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes of a header of version 1 without its options.
const LEN_V1: usize = 8;
/// Bytes of a header without contributing sources.
const LEN: usize = 12;
/// Payload type of H.261 video.
const H261: u32 = 0x1f;

/// Prints the header of an RTP packet.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let length = c.length();
    if length < LEN_V1 {
        write!(out, "udp/rtp, length {length} < {LEN_V1}");
        return Ok(());
    }
    let (head, time) = (c.peek_u32(0)?, c.peek_u32(4)?);
    let v1 = head >> 30 == 1;
    if !v1 && length < LEN {
        write!(out, "udp/rtp, length {length} < {LEN}");
        return Ok(());
    }
    let (name, kind, marker, more, data_at) = if v1 {
        ("rtpv1", head >> 16 & 0x3f, head & 0x0040_0000 != 0, head & 0x0080_0000 != 0, LEN_V1)
    } else {
        ("rtp", head >> 16 & 0x7f, head & 0x0080_0000 != 0, head & 0x1000_0000 != 0, LEN)
    };
    out.field("payload_type", kind);
    out.field("sequence", head & 0xffff);
    write!(
        out,
        "udp/{name} {} c{kind} {}{} {} {time}",
        length - data_at,
        if more { "+" } else { "" },
        if marker { "*" } else { "" },
        head & 0xffff
    );
    if out.options.verbose == 0 {
        return Ok(());
    }
    write!(out, " {}", c.peek_u32(8)?);
    let mut rest = c.ahead(data_at);
    if more && !(if v1 { options(out, &mut rest)? } else { extension(out, &mut rest)? }) {
        return Ok(());
    }
    if kind == H261 {
        write!(out, " 0x{:04x}", rest.peek_u32(0)? >> 16);
    }
    Ok(())
}

/// Options of version 1; false where one has no length or too much of it.
fn options(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    let mut left = c.length();
    loop {
        let word = c.peek_u32(0)?;
        let len = 4 * (word >> 16 & 0xff) as usize;
        if len == 0 || len > left {
            out.text(" !opt");
            return Ok(false);
        }
        c.advance(len);
        left -= len;
        if word >> 31 != 0 {
            return Ok(true);
        }
    }
}

/// A header extension; false where it is longer than the packet.
fn extension(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    let words = (c.peek_u32(0)? & 0xffff) as usize + 1;
    if words > c.length() {
        out.text(" !ext");
        return Ok(false);
    }
    c.advance(4 * words);
    Ok(true)
}
