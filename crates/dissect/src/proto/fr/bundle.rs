//! Links bundled into one (FRF.16.1), and fragments of frames (FRF.15).

use super::print as print_frame;
use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const FRAGMENT_FLAGS: &Tokens = &[(128, "Begin"), (64, "End"), (32, "Control")];

const MULTILINK_MESSAGES: &Tokens = &[
    (1, "Add Link"),
    (2, "Add Link ACK"),
    (3, "Add Link Reject"),
    (4, "Hello"),
    (5, "Hello ACK"),
    (6, "Remove Link"),
    (7, "Remove Link ACK"),
];

const MULTILINK_ELEMENTS: &Tokens = &[
    (1, "Bundle ID"),
    (2, "Link ID"),
    (3, "Magic Number"),
    (5, "Timestamp"),
    (6, "Vendor Extension"),
    (7, "Cause"),
];

/// Begin, end and control bits.
const BITS: u8 = 0xe0;
const CONTROL: u8 = 0xe0;
const BEGIN: u8 = 0x80;
const BEGIN_AND_END: u8 = 0xc0;

mod element {
    pub(super) const BUNDLE_IDENTIFIER: u8 = 1;
    pub(super) const LINK_IDENTIFIER: u8 = 2;
    pub(super) const MAGIC_NUMBER: u8 = 3;
    pub(super) const TIMESTAMP: u8 = 5;
}

/// Most bytes of an identifier that are shown.
const MAX_IDENTIFIER: usize = 50;
/// Bytes of data that a timestamp has at most.
const MAX_TIMESTAMP: usize = 14;

/// Prints a captured frame of a bundle.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    print(out, c)
}

/// Prints a frame of a bundle.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() < 4 {
        write!(out, "[length {} < 4]", c.length());
        out.invalid();
        return Ok(());
    }
    let [first, second, message, _] = *c.peek_array::<4>(0)?;
    if first & BITS == CONTROL && second == 0 {
        out.field("message", message);
        out.text("FRF.16 Control, Flags [");
        out.bits(FRAGMENT_FLAGS, first & BITS, ", ", format_args!("none"));
        out.text("], ");
        out.token(MULTILINK_MESSAGES, message, format_args!("Unknown Message (0x{message:02x})"));
        write!(out, ", length {}", c.length());
        return if out.options.verbose > 0 { elements(out, c.ahead(3)) } else { Ok(()) };
    }
    let sequence = sequence(first, second);
    out.field("sequence", sequence);
    write!(out, "FRF.16 Frag, seq {sequence}, Flags [");
    out.bits(FRAGMENT_FLAGS, first & BITS, ", ", format_args!("none"));
    out.text("]");
    if matches!(first & BITS, BEGIN | BEGIN_AND_END) {
        out.text(", ");
        return out.nest(|out| print_frame(out, c.ahead(2)));
    }
    out.dump_hex("\n\t", c.claimed_bytes());
    Ok(())
}

fn sequence(first: u8, second: u8) -> u16 {
    u16::from(first & 0x1e) << 7 | u16::from(second)
}

/// The information elements of a control message.
fn elements(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 2 {
        let [kind, len] = *c.peek_array::<2>(0)?;
        let name = tokens::name(MULTILINK_ELEMENTS, kind.into()).unwrap_or("Unknown");
        write!(out, "\n\tIE {name} ({kind}), length {len}: ");
        if kind == 0 || len <= 2 {
            return Ok(());
        }
        c.need(len.into())?;
        c.advance(2);
        element(out, kind, c.split(usize::from(len) - 2))?;
    }
    Ok(())
}

fn element(out: &mut Out, kind: u8, c: Cursor<'_>) -> Walk {
    let length = c.length();
    match kind {
        element::MAGIC_NUMBER if length == 4 => write!(out, "0x{:08x}", c.peek_u32(0)?),
        element::MAGIC_NUMBER => {
            write!(out, "[IE data length {length} != 4]");
            out.invalid();
        }
        element::BUNDLE_IDENTIFIER | element::LINK_IDENTIFIER => {
            let text = c.bytes();
            out.escaped_to_zero(text.get(..MAX_IDENTIFIER).unwrap_or(text));
        }
        element::TIMESTAMP if length > MAX_TIMESTAMP => {
            write!(out, "[Timestamp IE length {length} > {MAX_TIMESTAMP}]");
            out.invalid();
        }
        _ if out.options.verbose <= 1 => out.dump_hex("\n\t  ", c.bytes()),
        _ => {}
    }
    if out.options.verbose > 1 {
        out.dump_hex("\n\t  ", c.bytes());
    }
    Ok(())
}

/// A fragment of a frame.
pub(super) fn fragment(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() < 2 {
        return Err(Stop::Truncated);
    }
    let [first, second] = *c.peek_array::<2>(0)?;
    write!(out, "FRF.15, seq 0x{:03x}, Flags [", sequence(first, second));
    out.bits(FRAGMENT_FLAGS, first & BITS, ", ", format_args!("none"));
    let kind = if first & 1 != 0 { "Interface" } else { "End-to-End" };
    write!(out, "],{kind} Fragmentation, length {}", c.length());
    Ok(())
}
