//! Resource Reservation Protocol (RFC 2205; refresh reduction RFC 2961, traffic engineering RFC 3209, generalised
//! MPLS RFC 3473, cryptographic authentication RFC 2747).

mod names;
mod objects;
mod services;

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the header.
const HEADER_LEN: usize = 8;
const VERSION: u8 = 1;
/// A message that consists of messages.
const BUNDLE: u8 = 12;

/// Prints a message.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let Some(header) = Header::read(out, whole)? else { return Ok(()) };
    out.field("type", header.kind);
    if out.options.verbose == 0 {
        write!(out, "RSVPv{VERSION} ");
        out.token(names::MESSAGES, header.kind, format_args!("unknown ({})", header.kind));
        write!(out, " Message, length: {}", whole.length());
        return Ok(());
    }
    if !header.print(out, "\n\t") {
        return Ok(());
    }
    let mut c = whole.ahead(HEADER_LEN).claim(header.len - HEADER_LEN);
    if header.kind != BUNDLE {
        return objects::print_all(out, whole.claim(header.len), c, "\n\t  ");
    }
    while c.length() > 0 {
        let Some(inner) = Header::read(out, c)? else { return Ok(()) };
        if !inner.print(out, "\n\t  ") {
            return Ok(());
        }
        if inner.len > c.length() {
            write!(out, "ERROR: common header too large {} > {}", inner.len, c.length());
            return Ok(());
        }
        let message = c.claim(inner.len);
        objects::print_all(out, message, message.ahead(HEADER_LEN), "\n\t    ")?;
        c.advance(inner.len);
    }
    Ok(())
}

/// What messages start with.
struct Header {
    flags: u8,
    kind: u8,
    checksum: u16,
    ttl: u8,
    len: usize,
}

impl Header {
    /// Reads a header; nothing where it is of another version, which was said.
    fn read(out: &mut Out, mut c: Cursor<'_>) -> Walk<Option<Header>> {
        c.need(HEADER_LEN)?;
        let (version_and_flags, kind, checksum) = (c.u8()?, c.u8()?, c.u16()?);
        let (ttl, _, len) = (c.u8()?, c.u8()?, usize::from(c.u16()?));
        let version = version_and_flags >> 4;
        if version != VERSION {
            write!(out, "ERROR: RSVP version {version} packet not supported");
            return Ok(None);
        }
        Ok(Some(Header { flags: version_and_flags & 0x0f, kind, checksum, ttl, len }))
    }

    /// Prints the header on a line of its own; false where its length cannot be.
    fn print(&self, out: &mut Out, indent: &str) -> bool {
        let kind = self.kind;
        write!(out, "{indent}RSVPv{VERSION} ");
        out.token(names::MESSAGES, kind, format_args!("unknown, type: {kind}"));
        write!(out, " Message ({kind}), Flags: [");
        out.bits(names::FLAGS, self.flags, ", ", format_args!("none"));
        write!(out, "], length: {}, ttl: {}, checksum: 0x{:04x}", self.len, self.ttl, self.checksum);
        if self.len < HEADER_LEN {
            write!(out, "ERROR: common header too short {} < {HEADER_LEN}", self.len);
        }
        self.len >= HEADER_LEN
    }
}
