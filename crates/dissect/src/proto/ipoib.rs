//! IP over InfiniBand (RFC 4391), captured with its global routing header.

use crate::Out;
use crate::proto::ether;
use crate::proto::names::ETHER_TYPES;
use crate::tokens;
use wirescope_wire::{Cursor, Walk};

/// Bytes of routing header, link-layer address, type and what is reserved.
const LEN: usize = 44;
/// Where the type stands.
const TYPE_AT: usize = 40;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    whole.need(LEN)?;
    let kind = whole.peek_u16(TYPE_AT)?;
    out.field("type", kind);
    if out.options.link_header {
        out.text("IPOIB");
        header(out, kind, whole.length());
    }
    let c = whole.ahead(LEN);
    if !ether::payload(out, kind, c)? {
        if !out.options.link_header {
            header(out, kind, whole.length());
        }
        out.unknown(c.bytes());
    }
    out.context.link_header_len += LEN;
    Ok(())
}

fn header(out: &mut Out, kind: u16, length: usize) {
    let name = tokens::name(ETHER_TYPES, kind.into()).unwrap_or("Unknown");
    out.text(", ethertype ").text(name);
    if !out.options.quiet {
        write!(out, " (0x{kind:04x})");
    }
    write!(out, ", length {length}: ");
}
