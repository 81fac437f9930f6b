//! Internet Security Association and Key Management Protocol (RFC 2408), with IKEv1 (RFC 2409) and IKEv2
//! (RFC 7296); both through NATs (RFC 3948).

mod attributes;
mod cookies;
mod names;
mod v1;
mod v2;

pub(crate) use cookies::Cookies;

use crate::Out;
use crate::proto::esp;
use crate::tokens::{self, Tokens};
use names::{EXCHANGES, PAYLOADS};
use wirescope_wire::{Cursor, Walk};

/// Bytes of the header of a message.
const LEN: usize = 28;
/// Bytes of the header of a payload.
const PAYLOAD_HEAD: usize = 4;

/// The header of a message.
#[derive(Clone, Copy)]
struct Header {
    initiator_cookie: [u8; 8],
    responder_cookie: [u8; 8],
    next_payload: u8,
    version: u8,
    exchange: u8,
    flags: u8,
    message_id: u32,
    length: u32,
}

impl Header {
    fn read(c: &mut Cursor<'_>) -> Walk<Header> {
        c.need(LEN)?;
        Ok(Header {
            initiator_cookie: *c.array()?,
            responder_cookie: *c.array()?,
            next_payload: c.u8()?,
            version: c.u8()?,
            exchange: c.u8()?,
            flags: c.u8()?,
            message_id: c.u32()?,
            length: c.u32()?,
        })
    }
}

/// A chain of payloads in a message: what the printers of payloads need beside their bytes.
#[derive(Clone, Copy)]
struct Place {
    header: Header,
    /// How deep the payload lies in others.
    depth: usize,
}

/// Prints an ISAKMP message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let mut rest = c;
    let header = Header::read(&mut rest)?;
    out.field("initiator_cookie", header.initiator_cookie.as_slice());
    out.field("responder_cookie", header.responder_cookie.as_slice());
    out.field("version", header.version);
    out.field("exchange_type", header.exchange);
    out.field("flags", header.flags);
    out.field("message_id", header.message_id);
    out.text("isakmp");
    let (major, minor) = (header.version >> 4, header.version & 0x0f);
    if out.options.verbose > 0 {
        write!(out, " {major}.{minor} msgid {:08x}", header.message_id);
        if out.options.verbose > 1 {
            out.text(" cookie ").hex_bytes(&header.initiator_cookie);
            out.text("->").hex_bytes(&header.responder_cookie);
        }
    }
    out.text(":");
    match major {
        1 => v1::print(out, c, rest, header),
        2 => v2::print(out, c, rest, header),
        _ => Ok(()),
    }
}

/// Prints what comes to the port for NAT traversal: ESP, or ISAKMP behind four zero bytes.
pub(crate) fn print_rfc3948(out: &mut Out, c: Cursor<'_>) -> Walk {
    const KEEP_ALIVE: u8 = 0xff;
    /// Bytes that are zero where an ESP packet has its security parameters index.
    const NON_ESP_MARKER: [u8; 4] = [0; 4];
    if c.length() < 1 {
        return Err(wirescope_wire::Stop::Truncated);
    }
    if c.length() == 1 && c.peek_u8(0)? == KEEP_ALIVE {
        out.text("isakmp-nat-keep-alive");
        return Ok(());
    }
    if c.length() < 4 {
        return Err(wirescope_wire::Stop::Truncated);
    }
    if *c.peek_array::<4>(0)? == NON_ESP_MARKER {
        out.text("NONESP-encap: ");
        return out.run("isakmp", print, c.ahead(4));
    }
    out.text("UDP-encap: ");
    out.run("esp", esp::print, c)
}

/// Writes the name of a payload.
fn payload_name(out: &mut Out, payload: u8) {
    token_or_number(out, PAYLOADS, payload.into());
}

/// Writes a name, or the number with a hash sign.
fn token_or_number(out: &mut Out, names: &Tokens, value: u32) {
    match tokens::name(names, value) {
        Some(name) => {
            out.text(name);
        }
        None => write!(out, "#{value}"),
    }
}

/// Writes the exchange type and the letters of the flags that are set.
fn exchange(out: &mut Out, header: Header, letters: &[(u8, &str)]) {
    out.text(" ");
    token_or_number(out, EXCHANGES, header.exchange.into());
    if header.flags != 0 {
        out.text("[");
        for (bit, letter) in letters {
            if header.flags & bit != 0 {
                out.text(letter);
            }
        }
        out.text("]");
    }
}

/// Says so where the message's length is not that of the datagram.
fn length_mismatch(out: &mut Out, header: Header, length: usize) {
    if out.options.verbose > 0 && header.length as usize != length {
        write!(out, " (len mismatch: isakmp {}/ip {length})", header.length);
    }
}

/// Opens a payload on a line of its own.
fn open(out: &mut Out, depth: usize) {
    out.text("\n");
    for _ in 0..=depth {
        out.text("    ");
    }
    out.text("(");
}

/// Marks a payload that was cut off; the message goes on after what holds it.
fn cut<'a>(out: &mut Out, payload: u8) -> Walk<Option<Cursor<'a>>> {
    out.text(" [|");
    payload_name(out, payload);
    out.text("]");
    Ok(None)
}

/// Writes `len` bytes in hex, if they are all there.
fn raw(out: &mut Out, c: &Cursor<'_>, len: usize) -> bool {
    match c.peek(0, len) {
        Ok(bytes) => {
            out.hex_bytes(bytes);
            true
        }
        Err(_) => false,
    }
}

/// Writes the first and the last bytes of what is left of the message.
fn some_data(out: &mut Out, c: &Cursor<'_>) {
    const FIRST: usize = 10;
    const LAST: usize = 20;
    let bytes = c.bytes();
    let (first, rest) = bytes.split_at_checked(FIRST).unwrap_or((bytes, &[]));
    let last = rest.get(rest.len().saturating_sub(LAST)..).unwrap_or_default();
    out.text(" data=(").hex_bytes(first).text("...").hex_bytes(last).text(")");
}
