//! Link Management Protocol (RFC 4204).

mod names;
mod objects;

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the header of a message and of an object.
const HEADER_LEN: usize = 8;
const OBJECT_HEADER_LEN: usize = 4;
const VERSION: u8 = 1;

/// Prints a message.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    c.need(HEADER_LEN)?;
    let (version_and_reserved, _, flags, kind) = (c.u8()?, c.u8()?, c.u8()?, c.u8()?);
    let (version, len) = (version_and_reserved >> 4, usize::from(c.u16()?));
    c.skip(2)?;
    if version != VERSION {
        write!(out, "LMP version {version} packet not supported");
        return Ok(());
    }
    out.field("type", kind);
    if out.options.verbose == 0 {
        write!(out, "LMPv{version} ");
        out.token(names::MESSAGES, kind, format_args!("unknown ({kind})"));
        write!(out, " Message, length: {}", whole.length());
        return Ok(());
    }
    write!(out, "\n\tLMPv{version}, msg-type: ");
    out.token(names::MESSAGES, kind, format_args!("unknown, type: {kind}"));
    out.text(", Flags: [");
    out.bits(names::FLAGS, flags, ", ", format_args!("none"));
    write!(out, "], length: {len}");
    if len < HEADER_LEN {
        out.text(" (too short)");
        return Ok(());
    }
    if len > whole.length() {
        out.text(" (too long)");
    }
    let mut c = c.claim(len.min(whole.length()) - HEADER_LEN);
    while c.length() > 0 {
        if !object(out, &mut c)? {
            break;
        }
    }
    Ok(())
}

/// Prints an object; false where nothing can follow.
fn object(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    const NEGOTIABLE: u8 = 0x80;
    let left = c.length();
    c.need(OBJECT_HEADER_LEN)?;
    let (type_and_flag, class, len) = (c.u8()?, c.u8()?, usize::from(c.u16()?));
    let kind = type_and_flag & !NEGOTIABLE;
    out.text("\n\t  ");
    out.token(names::OBJECTS, class, format_args!("Unknown"));
    write!(out, " Object ({class}), Class-Type: ");
    let class_and_type = u16::from_be_bytes([class, kind]);
    out.token(names::TYPES, class_and_type, format_args!("Unknown"));
    let negation = if type_and_flag & NEGOTIABLE != 0 { "" } else { "non-" };
    write!(out, " ({kind}) Flags: [{negation}negotiable], length: {len}");
    if len < OBJECT_HEADER_LEN {
        out.text(" (too short)");
        return Ok(false);
    }
    if !len.is_multiple_of(4) {
        out.text(" (not a multiple of 4)");
        return Ok(false);
    }
    let body = c.claim(len - OBJECT_HEADER_LEN);
    body.need(body.length())?;
    let is_known = objects::print(out, class, kind, body)?;
    if out.options.verbose > 1 || !is_known {
        out.dump_hex("\n\t    ", body.claimed_bytes());
    }
    if left < len {
        return out.disagree("remaining objects length", left, "<", len);
    }
    c.advance(len - OBJECT_HEADER_LEN);
    Ok(true)
}
