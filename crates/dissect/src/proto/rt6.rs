//! IPv6 routing header (RFC 8200 section 4.4): source routes (RFC 5095 deprecated them), mobile nodes
//! (RFC 6275 section 6.4) and segment routing (RFC 8754).

use crate::tokens::Tokens;
use crate::{Network, Out};
use wirescope_wire::{Cursor, Stop, Walk};

const SEGMENT_TLVS: &Tokens = &[(0, "Pad1"), (4, "PadN"), (5, "HMAC")];

/// Bytes of an HMAC TLV before its code: D bit, reserved bits, key identifier.
const HMAC_HEAD: usize = 6;

mod kind {
    pub(super) const SOURCE_ROUTE: u8 = 0;
    pub(super) const MOBILE: u8 = 2;
    pub(super) const SEGMENT_ROUTING: u8 = 4;
}

mod tlv {
    pub(super) const PAD_ONE: u8 = 0;
    pub(super) const PAD: u8 = 4;
    pub(super) const HMAC: u8 = 5;
}

/// Prints a routing header and advances past it.
pub(crate) fn print(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    out.label("rt6");
    out.text("RT6");
    let units = c.peek_u8(1)?;
    write!(out, " (len={units}");
    let kind = c.peek_u8(2)?;
    write!(out, ", type={kind}");
    if kind == kind::SOURCE_ROUTE {
        out.text(" [Deprecated]");
    }
    let segments_left = c.peek_u8(3)?;
    write!(out, ", segleft={segments_left}");
    out.field("routing_type", kind);
    out.field("segments_left", segments_left);
    // What the length byte claims bounds the TLVs, not the addresses, whose number stands on its own.
    let len = (usize::from(units) + 1) * 8;
    let mut body = c.claim(len).ahead(4);
    c.advance(len);
    match kind {
        kind::SOURCE_ROUTE | kind::MOBILE => source_route(out, &mut body, units)?,
        kind::SEGMENT_ROUTING => segment_routing(out, &mut body)?,
        _ => {
            out.text(" (unknown type)");
            return Err(Stop::Invalid);
        }
    }
    out.text(") ");
    Ok(())
}

/// Covers the address by checksums that a transport computes over the last destination.
fn final_destination(out: &mut Out, address: [u8; 16]) {
    if let Network::V6 { final_dst, .. } = &mut out.context.network {
        *final_dst = address;
    }
}

fn source_route(out: &mut Out, c: &mut Cursor<'_>, units: u8) -> Walk {
    let reserved = c.u32()?;
    if reserved != 0 || out.options.verbose > 0 {
        write!(out, ", rsv=0x{reserved:x}");
    }
    if units % 2 == 1 {
        write!(out, " [length {units}]");
        return Err(Stop::Invalid);
    }
    let mut last = None;
    for number in 0..units / 2 {
        let address = *c.array::<16>()?;
        write!(out, ", [{number}]");
        out.host6(address);
        last = Some(address);
    }
    if let Some(address) = last {
        final_destination(out, address);
    }
    Ok(())
}

fn segment_routing(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let last_entry = c.u8()?;
    write!(out, ", last-entry={last_entry}");
    let flags = c.u8()?;
    if flags != 0 || out.options.verbose > 0 {
        write!(out, ", flags=0x{flags:x}");
    }
    write!(out, ", tag={:x}", c.u16()?);
    for number in 0..=u16::from(last_entry) {
        let address = *c.array::<16>()?;
        write!(out, ", [{number}]");
        out.host6(address);
        if number == 0 {
            final_destination(out, address);
        }
    }
    while c.length() > 0 {
        segment_tlv(out, c)?;
    }
    Ok(())
}

fn segment_tlv(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let kind = c.u8()?;
    out.text(", TLV-type=");
    out.token(SEGMENT_TLVS, kind, format_args!("Unknown"));
    write!(out, "({kind})");
    if kind == tlv::PAD_ONE {
        return Ok(());
    }
    if c.length() < 1 {
        return out.disagree("remaining length", c.length(), "<", 1);
    }
    let len = usize::from(c.u8()?);
    write!(out, ", TLV-len={len}");
    match kind {
        tlv::PAD => {
            bounded(out, c, len)?;
            c.advance(len);
            Ok(())
        }
        tlv::HMAC if out.options.verbose > 0 => hmac(out, c, len),
        tlv::HMAC => {
            c.advance(HMAC_HEAD + len);
            Ok(())
        }
        _ if out.options.verbose > 0 => {
            out.text(", TLV-value=0x");
            bounded(out, c, len)?;
            hex_each(out, c.split(len))
        }
        _ => {
            bounded(out, c, len)?;
            c.advance(len);
            Ok(())
        }
    }
}

/// A TLV must fit into what is left of the header.
fn bounded(out: &mut Out, c: &Cursor<'_>, len: usize) -> Walk {
    if c.length() < len {
        return out.disagree("remaining length", c.length(), "<", len);
    }
    Ok(())
}

/// The keyed code. The length is that of the variable part, the code alone.
fn hmac(out: &mut Out, c: &mut Cursor<'_>, len: usize) -> Walk {
    bounded(out, c, HMAC_HEAD)?;
    let bits = c.u16()?;
    write!(out, ", D={}", bits >> 15);
    if bits & 0x7fff != 0 {
        write!(out, ", reserved MBZ {}", bits & 0x7fff);
    }
    write!(out, ", HMAC-key-ID=0x{:08x}", c.u32()?);
    out.text(", HMAC=0x");
    bounded(out, c, len)?;
    hex_each(out, c.split(len))
}

/// Writes bytes in hex, as many as were captured even where some were not.
fn hex_each(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let byte = c.u8()?;
        out.hex(byte, 2);
    }
    Ok(())
}
