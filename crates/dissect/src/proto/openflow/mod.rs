//! OpenFlow: the header of all versions, and the messages of 1.0 and 1.3 (Open Networking Foundation's OpenFlow
//! Switch Specifications 1.0.0 and 1.3.5).

mod v1_0;
mod v1_3;

use super::names::OUIS;
use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const VERSIONS: &Tokens = &[(1, "1.0"), (2, "1.1"), (3, "1.2"), (4, "1.3"), (5, "1.4"), (6, "1.5")];

/// Numbers that the Open Networking Foundation has given to those without an OUI.
const EXPERIMENTERS: &Tokens = &[
    (0x4f4e_4600, "ONF Extensions"),
    (0xff00_0001, "Budapest University of Technology and Economics"),
    (0xff00_0002, "NoviFlow"),
    (0xff00_0003, "L3+ Extensions, Vendor Neutral"),
    (0xff00_0004, "L4-L7 Extensions"),
    (0xff00_0005, "Wireless and Mobility Extensions"),
    (0xff00_0006, "Forwarding Abstractions Extensions"),
    (0xff00_0007, "Optical Transport Extensions"),
    (0xff00_0008, "Network Benchmarking Lab, NCTU"),
    (0xff00_0009, "Mobile Packet Core Extensions"),
    (0xff00_000a, "MPLS-TP OpenFlow Extensions for SPTN"),
];

const HEADER_LEN: usize = 8;

/// How long the body of a message must be.
#[derive(Clone, Copy)]
enum Size {
    /// Nothing is known of it.
    Any,
    Exactly(usize),
    AtLeast(usize),
}

/// A type of message.
struct Message {
    name: &'static str,
    size: Size,
    /// Prints the body, where there is more to say than the header.
    body: Option<fn(&mut Out, Cursor<'_>) -> Walk>,
}

const fn message(name: &'static str, size: Size, body: Option<fn(&mut Out, Cursor<'_>) -> Walk>) -> Message {
    Message { name, size, body }
}

/// Prints the messages of a segment.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(": OpenFlow");
    while c.length() > 0 {
        let version = c.u8()?;
        out.field("version", version);
        out.text("\n\tversion ");
        out.token(VERSIONS, version, format_args!("unknown (0x{version:02x})"));
        let messages = match version {
            1 => v1_0::MESSAGES,
            4 => v1_3::MESSAGES,
            _ => &[],
        };
        let Some((kind, length)) = header(out, &mut c, messages)? else { return Ok(()) };
        // A message may go on in the next segment.
        let body_len = usize::from(length).saturating_sub(HEADER_LEN);
        let body = c.split(body_len);
        if usize::from(length) < HEADER_LEN {
            // What the length says cannot be; where the next message begins is not known.
            out.invalid();
            return c.need(c.length());
        }
        let walk = match messages.get(usize::from(kind)) {
            Some(message) => print_body(out, body, message),
            None => body.need(body_len),
        };
        if walk == Err(Stop::Invalid) {
            out.invalid();
            body.need(body_len)?;
        } else {
            walk?;
        }
    }
    Ok(())
}

/// The header from behind the version on; `None` where the segment ends within it.
fn header(out: &mut Out, c: &mut Cursor<'_>, messages: &[Message]) -> Walk<Option<(u8, u16)>> {
    let ends = |out: &mut Out, c: &Cursor<'_>, count: usize| -> Walk<bool> {
        if c.length() >= count {
            return Ok(false);
        }
        out.text(" (end of TCP payload)");
        c.need(c.length())?;
        Ok(true)
    };
    if ends(out, c, 1)? {
        return Ok(None);
    }
    let kind = c.u8()?;
    out.field("type", kind);
    match messages.get(usize::from(kind)) {
        Some(message) => _ = out.text(", type ").text(message.name),
        None => write!(out, ", type unknown (0x{kind:02x})"),
    }
    if ends(out, c, 2)? {
        return Ok(None);
    }
    let length = c.u16()?;
    out.field("length", length);
    write!(out, ", length {length}");
    if usize::from(length) < HEADER_LEN {
        out.text(" (too short!)");
    }
    if ends(out, c, 4)? {
        return Ok(None);
    }
    let transaction = c.u32()?;
    out.field("xid", transaction);
    write!(out, ", xid 0x{transaction:08x}");
    Ok(Some((kind, length)))
}

/// Prints a body as far as its type is known.
fn print_body(out: &mut Out, body: Cursor<'_>, message: &Message) -> Walk {
    let length = body.length();
    let fits = match message.size {
        Size::Any => true,
        Size::Exactly(size) => length == size,
        Size::AtLeast(size) => length >= size,
    };
    match message.body {
        _ if !fits => Err(Stop::Invalid),
        Some(print) if out.options.verbose > 0 => print(out, body),
        _ => body.need(length),
    }
}

/// Prints data that nothing is known of; all of it where more is asked for.
fn data(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() == 0 {
        return Ok(());
    }
    write!(out, "\n\t data ({} octets)", c.length());
    if out.options.verbose >= 2 {
        out.dump_hex_ascii("\n\t  ", c.claimed_bytes());
    }
    c.need(c.length())
}

/// Writes the names of the bits of a set, and whether there are others.
fn bits(out: &mut Out, tokens: &Tokens, value: u32) {
    let known = tokens.iter().fold(0, |bits, row| bits | row.0);
    if value & known != 0 {
        out.text(" (");
        out.bits(tokens, value, ", ", format_args!(""));
        out.text(")");
    }
    if value & !known != 0 {
        out.text(" (bogus)");
    }
}

/// Writes a set in hex after its name, with the names of its bits.
fn set(out: &mut Out, heading: &str, tokens: &Tokens, value: u32) {
    out.text(heading).text("0x").hex(value, 8);
    bits(out, tokens, value);
}

/// The name of a vendor or experimenter.
fn vendor_name(vendor: u32) -> &'static str {
    let names = if vendor >> 24 == 0 { OUIS } else { EXPERIMENTERS };
    tokens::name(names, vendor).unwrap_or("unknown")
}

/// Stops as invalid unless so many bytes are left; says which length is wrong.
fn require(out: &mut Out, c: &Cursor<'_>, count: usize) -> Walk {
    if c.length() < count { out.disagree("len", c.length(), "<", count) } else { Ok(()) }
}

/// Stops as invalid unless exactly so many bytes are left.
fn require_exactly(out: &mut Out, c: &Cursor<'_>, count: usize) -> Walk {
    if c.length() != count { out.disagree("len", c.length(), "!=", count) } else { Ok(()) }
}

/// Writes text of a fixed length between quotes.
fn quoted(out: &mut Out, c: &mut Cursor<'_>, heading: &str, length: usize) -> Walk {
    out.text(heading).text("'");
    out.escaped_padded(c, length)?;
    out.text("'");
    Ok(())
}
