//! Resource Public Key Infrastructure to router protocol (RFC 6810).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const KINDS: &Tokens = &[
    (0, "Serial Notify"),
    (1, "Serial Query"),
    (2, "Reset Query"),
    (3, "Cache Response"),
    (4, "IPV4 Prefix"),
    (6, "IPV6 Prefix"),
    (7, "End of Data"),
    (8, "Cache Reset"),
    (10, "Error Report"),
];

const ERRORS: &Tokens = &[
    (0, "Corrupt Data"),
    (1, "Internal Error"),
    (2, "No Data Available"),
    (3, "Invalid Request"),
    (4, "Unsupported Protocol Version"),
    (5, "Unsupported PDU Type"),
    (6, "Withdrawal of Unknown Record"),
    (7, "Duplicate Announcement Received"),
];

mod kind {
    pub(super) const SERIAL_NOTIFY: u8 = 0;
    pub(super) const SERIAL_QUERY: u8 = 1;
    pub(super) const RESET_QUERY: u8 = 2;
    pub(super) const CACHE_RESPONSE: u8 = 3;
    pub(super) const IPV4_PREFIX: u8 = 4;
    pub(super) const IPV6_PREFIX: u8 = 6;
    pub(super) const END_OF_DATA: u8 = 7;
    pub(super) const CACHE_RESET: u8 = 8;
    pub(super) const ERROR: u8 = 10;
}

/// Bytes of the header.
const HEADER_LEN: usize = 8;
/// The version that can be printed.
const VERSION: u8 = 0;

/// Prints the PDUs of a segment.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if out.options.verbose == 0 {
        out.text(", RPKI-RTR");
        return Ok(());
    }
    while c.length() > 0 {
        let len = pdu(out, c, "\n\t")?;
        c.advance(len);
    }
    Ok(())
}

/// Prints a PDU on lines that start with `indent`, and says how long it is.
fn pdu(out: &mut Out, c: Cursor<'_>, indent: &str) -> Walk<usize> {
    let is_outer = indent == "\n\t";
    let length = c.length();
    if length < HEADER_LEN {
        write!(out, "({length} bytes is too few to decode)");
        return Err(Stop::Invalid);
    }
    let version = c.peek_u8(0)?;
    out.field("version", version);
    if version != VERSION {
        write!(out, "{indent}RPKI-RTRv{version} (unknown)");
        return Ok(length);
    }
    c.need(HEADER_LEN)?;
    let (kind, session, len) = (c.peek_u8(1)?, c.peek_u16(2)?, c.peek_u32(4)? as usize);
    out.field("type", kind);
    write!(out, "{indent}RPKI-RTRv{version}, ");
    out.token(KINDS, kind, format_args!("Unknown"));
    write!(out, " PDU ({kind}), length: {len}");
    if len < HEADER_LEN || len > length {
        return Err(Stop::Invalid);
    }
    c.need(len)?;
    let expected = match kind {
        kind::SERIAL_NOTIFY | kind::SERIAL_QUERY | kind::END_OF_DATA => HEADER_LEN + 4,
        kind::RESET_QUERY | kind::CACHE_RESET | kind::CACHE_RESPONSE => HEADER_LEN,
        kind::IPV4_PREFIX => HEADER_LEN + 12,
        kind::IPV6_PREFIX => HEADER_LEN + 24,
        kind::ERROR => len,
        _ => return Ok(len),
    };
    if len != expected {
        return Err(Stop::Invalid);
    }
    let mut body = c.claim(len).ahead(HEADER_LEN);
    match kind {
        kind::SERIAL_NOTIFY | kind::SERIAL_QUERY | kind::END_OF_DATA => {
            write!(out, "{indent}  Session ID: 0x{session:04x}, Serial: {}", body.u32()?);
        }
        kind::CACHE_RESPONSE => write!(out, "{indent}  Session ID: 0x{session:04x}"),
        kind::IPV4_PREFIX | kind::IPV6_PREFIX => prefix(out, body, kind, indent)?,
        kind::ERROR => error(out, body, session, indent, is_outer)?,
        _ => {}
    }
    Ok(len)
}

/// A prefix, and who may announce it up to which length.
fn prefix(out: &mut Out, mut c: Cursor<'_>, kind: u8, indent: &str) -> Walk {
    let [flags, bits, max_bits, _] = *c.array()?;
    if kind == kind::IPV4_PREFIX {
        write!(out, "{indent}  IPv4 Prefix ");
        out.host4(*c.array()?);
    } else {
        write!(out, "{indent}  IPv6 Prefix ");
        out.host6(*c.array()?);
    }
    write!(out, "/{bits}-{max_bits}, origin-as {}, flags 0x{flags:02x}", c.u32()?);
    Ok(())
}

/// What was wrong, with the PDU that caused it and words about it.
fn error(out: &mut Out, mut c: Cursor<'_>, code: u16, indent: &str, is_outer: bool) -> Walk {
    if c.length() < 8 {
        return Err(Stop::Invalid);
    }
    let cause_len = c.u32()? as usize;
    write!(out, "{indent}  Error code: ");
    out.token(ERRORS, code, format_args!("Unknown"));
    write!(out, " ({code}), Encapsulated PDU length: {cause_len}");
    if cause_len > c.length().saturating_sub(4) {
        return Err(Stop::Invalid);
    }
    let cause = c.split(cause_len);
    if cause_len > 0 {
        write!(out, "{indent}  -----encapsulated PDU-----");
        // One that is itself about an error is not opened.
        if is_outer {
            pdu(out, cause, "\n\t    ")?;
        }
    }
    let text_len = c.u32()? as usize;
    if text_len > c.length() {
        return Err(Stop::Invalid);
    }
    if text_len > 0 {
        write!(out, "{indent}  Error text: ");
        out.escaped_take(&mut c, text_len)?;
    }
    Ok(())
}
