//! Packets from Symantec's Enterprise Firewall (LINKTYPE_SYMANTEC_FIREWALL).

use crate::Out;
use crate::proto::ether;
use crate::proto::names::ETHER_TYPES;
use crate::tokens;
use wirescope_wire::ethernet::MAX_LENGTH;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the header, and where its Ethernet type stands.
const LEN: usize = 44;
const TYPE_AT: usize = 6;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    whole.need(LEN)?;
    let kind = whole.peek_u16(TYPE_AT)?;
    out.field("type", kind);
    if out.options.link_header {
        header(out, kind, whole.length());
    }
    let c = whole.ahead(LEN);
    let known = kind > MAX_LENGTH && ether::payload(out, kind, c)?;
    if !known {
        if !out.options.link_header {
            header(out, kind, whole.length());
        }
        out.unknown(c.bytes());
    }
    out.context.link_header_len += LEN;
    Ok(())
}

fn header(out: &mut Out, kind: u16, length: usize) {
    if kind <= MAX_LENGTH {
        write!(out, "invalid ethertype {kind}");
    } else if out.options.quiet {
        out.token(ETHER_TYPES, kind, format_args!("Unknown Ethertype (0x{kind:04x})"));
    } else {
        let name = tokens::name(ETHER_TYPES, kind.into()).unwrap_or("Unknown");
        write!(out, "ethertype {name} (0x{kind:04x})");
    }
    write!(out, ", length {length}: ");
}
