//! NetBIOS names (RFC 1001 section 14, RFC 1002 section 4.1).

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Characters of a name before its type.
const NAME_LEN: usize = 15;
/// Most characters that an encoded name has.
const MAX_DECODED: usize = 30;

/// What a name is for.
fn type_name(kind: u8) -> &'static str {
    match kind {
        0x00 => "Workstation",
        0x02 => "Client?",
        0x20 => "Server",
        0x1b => "Domain Controller",
        0x1d => "Master Browser",
        0x1e => "Browser Server",
        _ => "Unknown",
    }
}

fn print_name(out: &mut Out, name: &[u8], kind: u8) {
    let shown = crate::escape::to_zero(name.get(..NAME_LEN).unwrap_or(name));
    out.escaped(shown);
    for _ in shown.len()..NAME_LEN {
        out.byte(b' ');
    }
    write!(out, " NameType=0x{kind:02X} ({})", type_name(kind));
}

/// Prints a name at `at`, encoded (`form` 1) or plain; gives back where it ends, or nothing where it does not.
pub(super) fn print(
    out: &mut Out,
    start: Cursor<'_>,
    at: usize,
    end: usize,
    form: usize,
) -> Walk<Option<usize>> {
    if form != 1 {
        let name = start.ahead(at).peek_array::<16>(0)?;
        let [.., kind] = *name;
        print_name(out, name, kind);
        return Ok(Some(at + name.len()));
    }
    let (Some(decoded), Some(len)) = (decoded(start, at, end)?, encoded_len(start, at, end)?) else {
        out.truncated();
        return Ok(None);
    };
    let kind = decoded.last().copied().unwrap_or(0);
    print_name(out, &decoded, kind);
    Ok(Some(at + len))
}

/// The name at `at`, or where a pointer there leads: a letter from A to P is half a character.
fn decoded(start: Cursor<'_>, at: usize, end: usize) -> Walk<Option<Vec<u8>>> {
    let mut at = at;
    if start.ahead(at).peek_u8(0)? & 0xc0 == 0xc0 {
        at = usize::from(start.ahead(at).peek_u16(0)? & 0x3fff);
        if at == 0 {
            return Ok(None);
        }
    }
    if at >= end {
        return Ok(None);
    }
    let mut c = start.ahead(at);
    let len = usize::from(c.u8()? / 2);
    let mut name = Vec::with_capacity(MAX_DECODED);
    if !(1..=MAX_DECODED).contains(&len) {
        return Ok(Some(name));
    }
    for _ in 0..len {
        if !c.has(2) || c.at().saturating_sub(start.at()) + 1 >= end {
            return Ok(None);
        }
        match *c.array::<2>()? {
            [high @ b'A'..=b'P', low @ b'A'..=b'P'] => name.push((high - b'A') << 4 | (low - b'A')),
            _ => {
                name.push(0);
                break;
            }
        }
    }
    Ok(Some(name))
}

/// Bytes that an encoded name takes: labels up to an empty one, or a pointer.
fn encoded_len(start: Cursor<'_>, at: usize, end: usize) -> Walk<Option<usize>> {
    let mut c = start.ahead(at);
    if c.peek_u8(0)? & 0xc0 == 0xc0 {
        return Ok(Some(2));
    }
    loop {
        let len = c.peek_u8(0)?;
        if len == 0 {
            return Ok(Some(c.at().saturating_sub(start.at() + at) + 1));
        }
        c.advance(usize::from(len) + 1);
        if c.at().saturating_sub(start.at()) >= end || !c.has(1) {
            return Ok(None);
        }
    }
}
