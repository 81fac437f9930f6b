//! Packets that Linux' firewall logged (<https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html>).

use crate::Out;
use crate::proto::ether;
use crate::tokens::Tokens;
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

const FAMILIES: &Tokens = &[(2, "IPv4"), (10, "IPv6")];

/// Bytes of family, version and resource identifier.
const LEN: usize = 4;
/// Bytes of a value's length and type, which the length counts.
const TLV_LEN: usize = 4;
/// The value that is the packet itself.
const PAYLOAD: u16 = 9;
/// The version that is known.
const VERSION: u8 = 0;

/// The header of a record.
struct Header {
    family: u8,
    version: u8,
    resource: u16,
}

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    if c.length() < LEN {
        return out.disagree("length", c.length(), "<", LEN);
    }
    let header = Header { family: c.u8()?, version: c.u8()?, resource: c.u16()? };
    if header.version != VERSION {
        write!(out, "version {} (unknown)", header.version);
        return Ok(());
    }
    out.field("family", header.family);
    out.field("resource", header.resource);
    if out.options.link_header {
        header.print(out, whole.length());
    }
    let packet = payload(out, c)?;
    let kind = match header.family {
        2 => ether_type::IPV4,
        10 => ether_type::IPV6,
        _ => 0,
    };
    if kind == 0 {
        if !out.options.link_header {
            header.print(out, packet.length());
        }
        out.unknown(packet.bytes());
    } else {
        ether::network(out, kind, packet)?;
    }
    out.context.link_header_len += packet.at().saturating_sub(whole.at());
    Ok(())
}

/// Finds the packet behind the other values. Its claim is what was left where its value began.
fn payload<'a>(out: &mut Out, mut c: Cursor<'a>) -> Walk<Cursor<'a>> {
    while c.length() > 0 {
        if c.length() < TLV_LEN {
            return out.disagree("length", c.length(), "<", TLV_LEN);
        }
        // The machine that captured wrote these in its own byte order.
        let (len, kind) = (usize::from(c.ahead(0).u16_le()?), c.ahead(2).u16_le()?);
        let len = len.next_multiple_of(4);
        if len < TLV_LEN {
            return out.disagree("TLV length", len, "<", TLV_LEN);
        }
        if len > c.length() {
            return out.disagree("TLV length", len, ">", c.length());
        }
        if kind == PAYLOAD {
            return Ok(c.ahead(TLV_LEN).claim(c.length()));
        }
        c.skip(len)?;
    }
    Ok(c)
}

impl Header {
    fn print(&self, out: &mut Out, length: usize) {
        let family = self.family;
        write!(out, "version {}, resource ID {}", self.version, self.resource);
        if out.options.quiet {
            out.text(", ");
            out.token(FAMILIES, family, format_args!("Unknown NFLOG (0x{family:02x})"));
        } else {
            out.text(", family ");
            out.token(FAMILIES, family, format_args!("Unknown"));
            write!(out, " ({family})");
        }
        write!(out, ", length {length}: ");
    }
}
