//! IP over IEEE 1394 as macOS captures it (RFC 2734).

use crate::Out;
use crate::proto::ether;
use crate::proto::names::ETHER_TYPES;
use crate::tokens;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the header: two addresses and a type.
const LEN: usize = 18;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    whole.need(LEN)?;
    let mut c = whole;
    let header = Header { dst: *c.array()?, src: *c.array()?, kind: c.u16()?, length: whole.length() };
    out.fields(|| [("src", header.src.as_slice().into()), ("dst", header.dst.as_slice().into())]);
    out.field("type", header.kind);
    if out.options.link_header {
        header.print(out);
    }
    if !ether::payload(out, header.kind, c)? {
        if !out.options.link_header {
            header.print(out);
        }
        out.unknown(c.bytes());
    }
    out.context.link_header_len += LEN;
    Ok(())
}

struct Header {
    dst: [u8; 8],
    src: [u8; 8],
    kind: u16,
    length: usize,
}

impl Header {
    fn print(&self, out: &mut Out) {
        out.link_address(&self.src).text(" > ").link_address(&self.dst).text(", ");
        let kind = self.kind;
        if out.options.quiet {
            out.token(ETHER_TYPES, kind, format_args!("Unknown Ethertype (0x{kind:04x})"));
        } else {
            let name = tokens::name(ETHER_TYPES, kind.into()).unwrap_or("Unknown");
            write!(out, "ethertype {name} (0x{kind:04x})");
        }
        write!(out, ", length {}: ", self.length);
    }
}
