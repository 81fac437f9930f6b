//! PPP over Ethernet (RFC 2516, RFC 4638).

use crate::Out;
use crate::proto::ppp;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

pub(crate) const CODES: &Tokens =
    &[(9, "PADI"), (7, "PADO"), (25, "PADR"), (101, "PADS"), (167, "PADT"), (0, "")];

pub(crate) const TAGS: &Tokens = &[
    (0x0, "EOL"),
    (0x101, "Service-Name"),
    (0x102, "AC-Name"),
    (0x103, "Host-Uniq"),
    (0x104, "AC-Cookie"),
    (0x105, "Vendor-Specific"),
    (0x110, "Relay-Session-ID"),
    (0x120, "PPP-Max-Payload"),
    (0x201, "Service-Name-Error"),
    (0x202, "AC-System-Error"),
    (0x203, "Generic-Error"),
];

/// Bytes of the header.
const LEN: usize = 6;
const INITIATION: u8 = 9;
const SESSION: u8 = 0;
/// Bytes that an initiation may have, so that a relay has room to add a tag (RFC 2516 section 5.1).
const INITIATION_MAX_LEN: usize = 1484 - LEN;

/// Most bytes of a tag's value shown as text and as hex.
const MAX_TEXT: usize = 79;
const MAX_HEX: usize = 16;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.context.link_header_len += packet(out, c)?;
    Ok(())
}

/// Prints a packet inside another protocol.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    packet(out, c).map(|_| ())
}

/// Prints a packet and says how many bytes of it are header.
fn packet(out: &mut Out, mut c: Cursor<'_>) -> Walk<usize> {
    if c.length() < LEN {
        write!(out, " (length {} < {LEN})", c.length());
        out.invalid();
        return Ok(0);
    }
    let [first, code, s, t, high, low] = *c.array::<LEN>()?;
    let session = u16::from_be_bytes([s, t]);
    let mut length = usize::from(u16::from_be_bytes([high, low]));
    out.field("code", code);
    out.field("session", session);
    if first >> 4 != 1 {
        write!(out, " [ver {}]", first >> 4);
    }
    if first & 0x0f != 1 {
        write!(out, " [type {}]", first & 0x0f);
    }
    out.text("PPPoE ");
    out.token(CODES, code, format_args!("PAD-{code:x}"));
    if code == INITIATION && length > INITIATION_MAX_LEN {
        write!(out, " [len {length}!]");
    }
    if length > c.length() {
        write!(out, " [len {length} > {}!]", c.length());
        length = c.length();
    }
    if session != 0 {
        write!(out, " [ses 0x{session:x}]");
    }
    let c = c.claim(length);
    if code != SESSION {
        tags(out, c)?;
        return Ok(0);
    }
    out.text(" ");
    let mut header_len = 0;
    out.nest(|out| {
        header_len = ppp::frame(out, c)?;
        Ok(())
    })?;
    Ok(LEN + header_len)
}

fn tags(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let kind = c.u16()?;
        let len = usize::from(c.u16()?);
        tag(out, kind, c.peek(0, len)?);
        c.advance(len);
        if kind == 0 {
            break;
        }
    }
    Ok(())
}

/// Prints a tag; its value is text where most of it is printable.
fn tag(out: &mut Out, kind: u16, value: &[u8]) {
    out.text(" [");
    out.token(TAGS, kind, format_args!("TAG-0x{kind:x}"));
    let text = value.get(..MAX_TEXT).unwrap_or(value);
    let printable = text.iter().filter(|byte| (0x20..0x7f).contains(*byte)).count();
    if value.is_empty() {
    } else if printable > text.len() - printable {
        out.text(" \"");
        for byte in text {
            out.byte(if (0x20..0x7f).contains(byte) { *byte } else { b'.' });
        }
        out.text("\"");
    } else {
        out.text(" 0x");
        for byte in value.iter().take(MAX_HEX) {
            write!(out, "{byte:02X}");
        }
        if value.len() > MAX_HEX {
            out.text("...");
        }
    }
    out.text("]");
}
