//! Trivial file transfer (RFC 1350).

use wirescope_wire::{Cursor, Walk};

use super::super::Value;
use super::super::table::{Row, decimal};
use super::super::walker::{Walker, text_of};
use crate::proto::tftp::{ERRORS, OPERATIONS, operation};

const OPERATION: &[Row] = &[decimal("operation", 16).named(OPERATIONS)];
const BLOCK: &[Row] = &[decimal("block", 16)];
const ERROR: &[Row] = &[decimal("error code", 16).named(ERRORS)];

/// A packet.
pub(super) fn packet(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("tftp", "Trivial File Transfer Protocol (RFC 1350)", c);
    match w.rows(&mut c, OPERATION)?.get("operation") as u16 {
        operation::READ | operation::WRITE => {
            string(w, &mut c, "file name")?;
            string(w, &mut c, "mode")?;
            options(w, &mut c)
        }
        operation::DATA | operation::ACKNOWLEDGEMENT => {
            w.rows(&mut c, BLOCK)?;
            w.data(c);
            Ok(())
        }
        operation::ERROR => {
            w.rows(&mut c, ERROR)?;
            string(w, &mut c, "message")
        }
        operation::OPTION_ACKNOWLEDGEMENT => options(w, &mut c),
        _ => {
            w.data(c);
            Ok(())
        }
    }
}

/// Options (RFC 2347): names and values in turn.
fn options(w: &mut Walker<'_>, c: &mut Cursor<'_>) -> Walk {
    while c.length() > 0 {
        string(w, c, "option")?;
        string(w, c, "value")?;
    }
    Ok(())
}

/// Text that a zero ends.
fn string(w: &mut Walker<'_>, c: &mut Cursor<'_>, name: &'static str) -> Walk {
    let bytes = c.claimed_bytes();
    let Some(length) = bytes.iter().position(|byte| *byte == 0) else {
        return w.cut(*c, name, bytes.len() + 1);
    };
    let text = text_of(bytes.get(..length).unwrap_or_default());
    w.add(c.at(), length + 1, name, Value::Text(text), "")?;
    c.skip(length + 1)
}
