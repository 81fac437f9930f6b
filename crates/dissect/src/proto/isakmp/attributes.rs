//! Attributes of transforms and notifications (RFC 2408 section 3.3).

use super::{raw, token_or_number};
use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

/// An attribute with the names of its values, where they have some.
pub(super) struct Attribute {
    pub(super) number: u16,
    pub(super) name: &'static str,
    pub(super) values: &'static Tokens,
}

/// In the type: the value is the two bytes that otherwise are the length.
const SHORT: u16 = 0x8000;

/// Prints one attribute and advances past it; past all that is left where it does not fit. `known` gives the
/// names.
pub(super) fn print(out: &mut Out, c: &mut Cursor<'_>, known: &[Attribute]) -> Walk {
    let first = c.peek_u8(0)?;
    let short = u16::from(first) << 8 & SHORT != 0;
    let len = if short { 4 } else { 4 + usize::from(c.peek_u16(2)?) };
    if c.length() < len {
        out.text("[|attr]");
        // One byte more than there is, so that what follows is not taken for a payload.
        c.advance(c.length() + 1);
        return Ok(());
    }
    out.text("(");
    let number = c.peek_u16(0)? & !SHORT;
    let attribute = known.iter().find(|row| row.number == number);
    match attribute {
        Some(row) => write!(out, "type={} ", row.name),
        None => write!(out, "type=#{number} "),
    }
    if short {
        out.text("value=");
        let value = c.peek_u16(2)?;
        match attribute.and_then(|row| tokens::name(row.values, value.into())) {
            Some(name) => {
                out.text(name);
            }
            None => {
                out.hex(value, 4);
            }
        }
    } else {
        write!(out, "len={} value=", len - 4);
        raw(out, &c.ahead(4), len - 4);
    }
    out.text(")");
    c.advance(len);
    Ok(())
}

/// Prints the identifier of a transform by its table, or as a number where there is none.
pub(super) fn transform_id(out: &mut Out, names: Option<&Tokens>, id: u16) {
    match names {
        Some(names) => {
            out.text("id=");
            token_or_number(out, names, id.into());
        }
        None => write!(out, "id={id}"),
    }
    out.text(" ");
}
