//! Trivial File Transfer Protocol (RFC 1350, options RFC 2347).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

pub(crate) const OPERATIONS: &Tokens =
    &[(1, "RRQ"), (2, "WRQ"), (3, "DATA"), (4, "ACK"), (5, "ERROR"), (6, "OACK")];

pub(crate) const ERRORS: &Tokens = &[
    (0, "EUNDEF"),
    (1, "ENOTFOUND"),
    (2, "EACCESS"),
    (3, "ENOSPACE"),
    (4, "EBADOP"),
    (5, "EBADID"),
    (6, "EEXISTS"),
    (7, "ENOUSER"),
];

pub(crate) mod operation {
    pub(crate) const READ: u16 = 1;
    pub(crate) const WRITE: u16 = 2;
    pub(crate) const DATA: u16 = 3;
    pub(crate) const ACKNOWLEDGEMENT: u16 = 4;
    pub(crate) const ERROR: u16 = 5;
    pub(crate) const OPTION_ACKNOWLEDGEMENT: u16 = 6;
}

/// Prints a TFTP packet.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    write!(out, "TFTP, length {}", c.length());
    let number = c.u16()?;
    out.field("operation", number);
    out.text(", ");
    out.token(OPERATIONS, number, format_args!("tftp-#{number}"));
    match number {
        operation::READ | operation::WRITE => {
            quoted(out, &mut c)?;
            c.need(1)?;
            strings(out, c)
        }
        operation::OPTION_ACKNOWLEDGEMENT => strings(out, c),
        operation::DATA | operation::ACKNOWLEDGEMENT => {
            let block = c.u16()?;
            out.field("block", block);
            write!(out, " block {block}");
            Ok(())
        }
        operation::ERROR => {
            let code = c.u16()?;
            out.field("error_code", code);
            out.text(" ");
            out.token(ERRORS, code, format_args!("tftp-err-#{code} \""));
            quoted(out, &mut c)
        }
        _ => Ok(()),
    }
}

/// A string in quotes, which are closed even where it was cut off.
fn quoted(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    out.text(" \"");
    let walk = string(out, c);
    out.text("\"");
    walk
}

fn string(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let limit = c.length();
    out.escaped_terminated(c, limit)
}

/// The mode, and options with their values: strings up to an empty one.
fn strings(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        if c.peek_u8(0)? != 0 {
            out.text(" ");
        }
        string(out, &mut c)?;
    }
    Ok(())
}
