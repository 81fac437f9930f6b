//! UPDATE messages (RFC 4271 section 4.3).

use super::prefixes::{self, Shown};
use super::{attributes, names};
use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// In an attribute's flags: its length has two bytes.
const EXTENDED_LENGTH: u8 = 0x10;

/// Prints the body of a message. It stops as truncated where lengths contradict each other, too.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let withdrawn_len = usize::from(c.split_within(2)?.peek_u16(0)?);
    if withdrawn_len > 1 {
        let routes = c.claim(withdrawn_len);
        if c.length() < withdrawn_len {
            return Err(Stop::Truncated);
        }
        out.text("\n\t  Withdrawn routes:");
        let read = print_routes(out, routes)?;
        c.advance(read);
    } else {
        c.split_within(withdrawn_len)?;
    }
    let attributes_len = usize::from(c.split_within(2)?.peek_u16(0)?);
    if attributes_len == 0 && c.length() == 0 {
        out.text("\n\t  End-of-Rib Marker (empty NLRI)");
        return Ok(());
    }
    if c.length() < attributes_len {
        return Err(Stop::Truncated);
    }
    if attributes_len > 0 {
        print_attributes(out, &mut c, attributes_len)?;
    }
    if c.length() > 0 {
        out.text("\n\t  Updated routes:");
        print_routes(out, c)?;
    }
    Ok(())
}

/// Prints prefixes of IPv4, and says how many bytes they took.
fn print_routes(out: &mut Out, mut c: Cursor<'_>) -> Walk<usize> {
    let start = c.at();
    let has_path_ids = prefixes::have_path_ids(c, 32);
    while c.length() > 0 {
        let path_id = if has_path_ids { Some(c.split_within(4)?.peek_u32(0)?) } else { None };
        match prefixes::read_v4(&mut c)? {
            None => {
                out.text("\n\t    (illegal prefix length)");
                break;
            }
            Some(prefix) => {
                out.text("\n\t    ");
                prefix.print(out);
                if let Some(path_id) = path_id {
                    write!(out, "   Path Id: {path_id}");
                }
            }
        }
    }
    Ok(c.at().saturating_sub(start))
}

/// Prints the attributes, of which there are `len` bytes, and advances past them.
fn print_attributes(out: &mut Out, c: &mut Cursor<'_>, len: usize) -> Walk {
    let mut len = len;
    while len > 0 {
        if len < 2 {
            out.text("\n\t  [path attrs too short]");
            c.advance(len);
            return Ok(());
        }
        let head = c.split_within(2)?;
        let (flags, kind) = (head.peek_u8(0)?, head.peek_u8(1)?);
        let length_len = if flags & EXTENDED_LENGTH != 0 { 2 } else { 1 };
        if len - 2 < length_len {
            out.text("\n\t  [path attrs too short]");
            c.advance(len - 2);
            return Ok(());
        }
        let length = c.split_within(length_len)?;
        let attribute_len =
            if length_len == 2 { length.peek_u16(0)?.into() } else { usize::from(length.peek_u8(0)?) };
        len -= 2 + length_len;
        out.text("\n\t  ");
        print_head(out, flags, kind, attribute_len);
        if len < attribute_len {
            out.text(" [path attrs too short]");
            c.advance(len);
            return Ok(());
        }
        if c.length() < attribute_len {
            return Err(Stop::Truncated);
        }
        attributes::print(out, kind, c.claim(attribute_len))?;
        c.advance(attribute_len);
        len -= attribute_len;
    }
    Ok(())
}

/// Writes the name, the length and the flags of an attribute.
pub(super) fn print_head(out: &mut Out, flags: u8, kind: u8, len: usize) {
    out.token(names::ATTRIBUTES, kind, format_args!("Unknown Attribute"));
    write!(out, " ({kind}), length: {len}");
    if flags == 0 {
        return;
    }
    out.text(", Flags [");
    out.bits(names::ATTRIBUTE_FLAGS, flags, "", format_args!(""));
    if flags & 0x0f != 0 {
        write!(out, "+{:x}", flags & 0x0f);
    }
    out.text("]: ");
}

/// What stands before the value of an attribute.
pub(super) struct Head {
    pub(super) flags: u8,
    pub(super) kind: u8,
    pub(super) len: usize,
}

impl Head {
    /// Reads a head and advances past it.
    pub(super) fn read(c: &mut Cursor<'_>) -> Walk<Head> {
        let [flags, kind] = *c.array()?;
        let len = if flags & EXTENDED_LENGTH != 0 { c.u16()?.into() } else { c.u8()?.into() };
        Ok(Head { flags, kind, len })
    }
}
