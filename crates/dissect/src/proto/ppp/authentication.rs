//! Password and challenge handshake authentication (RFC 1334, RFC 1994).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const CHAP_CODES: &Tokens = &[(1, "Challenge"), (2, "Response"), (3, "Success"), (4, "Fail")];

const PAP_CODES: &Tokens = &[(1, "Auth-Req"), (2, "Auth-ACK"), (3, "Auth-NACK")];

/// Bytes of code, identifier and length.
const HEADER_LEN: usize = 4;

/// Says that the header is not whole, and with what code; true where it is.
fn whole_header(out: &mut Out, c: Cursor<'_>, name: &str) -> Walk<bool> {
    if c.length() >= HEADER_LEN {
        return Ok(true);
    }
    if c.length() < 1 {
        write!(out, "[|{name}]");
    } else {
        write!(out, "[|{name} 0x{:02x}]", c.peek_u8(0)?);
    }
    Ok(false)
}

/// Writes `count` bytes made printable.
fn text(out: &mut Out, c: &mut Cursor<'_>, count: usize) -> Walk {
    out.escaped_take(c, count)
}

/// A message of the challenge handshake, of whatever algorithm.
pub(super) fn chap(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    if !whole_header(out, c, "chap")? {
        return Ok(());
    }
    let code = c.u8()?;
    out.text("CHAP, ");
    out.token(CHAP_CODES, code, format_args!("unknown"));
    write!(out, " (0x{code:02x})");
    let id = c.u8()?;
    write!(out, ", id {id}");
    let length = usize::from(c.u16()?);
    out.field("code", code);
    out.field("id", id);
    match code {
        1 | 2 => {
            if c.length() < 1 {
                return Ok(());
            }
            let value_len = usize::from(c.u8()?);
            if c.length() < value_len {
                return Ok(());
            }
            out.text(", Value ");
            for _ in 0..value_len {
                let byte = c.u8()?;
                out.hex(byte, 2);
            }
            out.text(", Name ");
        }
        3 | 4 => {
            out.text(", Msg ");
        }
        _ => return Ok(()),
    }
    let read = c.at().saturating_sub(whole.at());
    match length.checked_sub(read) {
        Some(rest) => text(out, &mut c, rest),
        None => text(out, &mut c, usize::MAX),
    }
}

/// A message of the password protocol.
pub(super) fn pap(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    if !whole_header(out, c, "pap")? {
        return Ok(());
    }
    let code = c.u8()?;
    out.text("PAP, ");
    out.token(PAP_CODES, code, format_args!("unknown"));
    write!(out, " (0x{code:02x})");
    let id = c.u8()?;
    write!(out, ", id {id}");
    out.field("code", code);
    out.field("id", id);
    let length = usize::from(c.u16()?);
    if length > whole.length() {
        write!(out, ", length {length} > packet size");
        return Ok(());
    }
    let Some(rest) = length.checked_sub(HEADER_LEN) else {
        write!(out, ", length {length} < PAP header length");
        return Ok(());
    };
    c = c.claim(rest);
    let (names, least): (&[&str], usize) = match code {
        1 => (&[", Peer ", ", Name "], 6),
        2 | 3 => (&[", Msg "], 5),
        _ => (&[], HEADER_LEN),
    };
    if length < least {
        out.text("[|pap]");
        return Ok(());
    }
    for name in names {
        if c.length() < 1 {
            return Ok(());
        }
        let count = usize::from(c.u8()?);
        if c.length() < count {
            return Ok(());
        }
        out.text(name);
        text(out, &mut c, count)?;
    }
    Ok(())
}
