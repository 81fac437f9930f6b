//! Next Hop Resolution Protocol (RFC 2332).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

const KINDS: &Tokens = &[
    (1, "res request"),
    (2, "res reply"),
    (3, "reg request"),
    (4, "reg reply"),
    (5, "purge request"),
    (6, "purge reply"),
    (7, "error indication"),
    (8, "traffic indication"),
];

const ERRORS: &Tokens = &[
    (1, "unrecognized extension"),
    (3, "NHRP loop detected"),
    (6, "protocol address unreachable"),
    (7, "protocol error"),
    (8, "NHRP SDU size exceeded"),
    (9, "invalid extension"),
    (10, "invalid NHRP resolution reply received"),
    (11, "authentication failure"),
    (15, "hop count exceeded"),
];

const INDICATIONS: &Tokens = &[(0, "NHRP traffic redirect/indirection")];

mod kind {
    pub(super) const RESOLUTION_REQUEST: u8 = 1;
    pub(super) const PURGE_REPLY: u8 = 6;
    pub(super) const ERROR: u8 = 7;
    pub(super) const TRAFFIC: u8 = 8;
}

/// Bytes of the fixed part and of the part that all kinds have.
const FIXED_LEN: usize = 20;
const COMMON_LEN: usize = 8;
/// Bytes of an entry for a client, without its addresses.
const CLIENT_LEN: usize = 12;
const VERSION: u8 = 1;
/// In a length of an address: it is an address of a telephone, and a bit without a meaning.
const TELEPHONE: u8 = 0x40;
const RESERVED: u8 = 0x80;

/// What kinds of addresses a packet has.
#[derive(Clone, Copy)]
struct Kinds {
    /// The address family of the network below.
    family: u16,
    /// The protocol whose addresses are resolved, as an Ethernet type.
    protocol: u16,
}

/// Prints a packet.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    out.text("NHRP: ");
    if whole.length() < FIXED_LEN {
        return out.disagree("length", whole.length(), "<", FIXED_LEN);
    }
    let mut c = whole;
    let (family, protocol) = (c.u16()?, c.u16()?);
    c.skip(5)?;
    let (hops, size) = (c.u8()?, usize::from(c.u16()?));
    c.skip(2)?;
    let extensions_at = usize::from(c.u16()?);
    let [version, kind] = *c.array()?;
    if version != VERSION {
        write!(out, "unknown-version-{version:02x}");
        return Ok(());
    }
    if size < FIXED_LEN {
        return out.disagree("packet size", size, "<", FIXED_LEN);
    }
    out.field("type", kind);
    out.token(KINDS, kind, format_args!("unknown-op-type-{kind:04x}"));
    let end = if extensions_at == 0 { size } else { extensions_at }.min(whole.length());
    if end < FIXED_LEN + COMMON_LEN {
        return out.disagree("mandatory part end", end, "<", FIXED_LEN + COMMON_LEN);
    }
    let [subnetwork_len, subaddress_len] = *c.array()?;
    let mut c = c.claim(end - FIXED_LEN);
    c.need(COMMON_LEN)?;
    let [source_len, destination_len] = *c.array()?;
    match kind {
        kind::RESOLUTION_REQUEST..=kind::PURGE_REPLY => write!(out, ", id {}", c.peek_u32(2)?),
        kind::ERROR => {
            let code = c.peek_u16(2)?;
            out.text(", error <");
            out.token(ERRORS, code, format_args!("unknown-err-code-{code}"));
            out.text(">");
        }
        kind::TRAFFIC => {
            let code = c.peek_u16(2)?;
            out.text(", code <");
            out.token(INDICATIONS, code, format_args!("unknown-traffic-code-{code}"));
            out.text(">");
        }
        _ => {}
    }
    c.skip(COMMON_LEN - 2)?;
    if out.options.verbose > 0 {
        write!(out, ", hopcnt {hops}");
    }
    let kinds = Kinds { family, protocol };
    subnetwork_address(out, &mut c, kinds.family, subnetwork_len, ", src nbma ")?;
    let subaddress_len = usize::from(subaddress_len & 0x3f);
    least(out, c, subaddress_len)?;
    c.skip(subaddress_len)?;
    protocol_addresses(out, &mut c, kinds.protocol, source_len, destination_len)?;
    if kind != kind::ERROR && kind != kind::TRAFFIC {
        while c.length() > 0 {
            client(out, &mut c, kinds)?;
        }
    }
    Ok(())
}

/// Stops as invalid unless `len` bytes of the mandatory part are left.
fn least(out: &mut Out, c: Cursor<'_>, len: usize) -> Walk {
    if c.length() < len {
        return out.disagree("remaining mandatory part length", c.length(), "<", len);
    }
    c.need(len)
}

/// Writes an address of the network below behind `heading`.
fn subnetwork_address(out: &mut Out, c: &mut Cursor<'_>, family: u16, len: u8, heading: &str) -> Walk {
    if len & RESERVED != 0 {
        out.text(" (shtl bit 7 set)");
    }
    if len & TELEPHONE != 0 {
        out.text(" (nbma E.154)");
    }
    let len = usize::from(len & 0x3f);
    if len == 0 {
        return Ok(());
    }
    least(out, *c, len)?;
    let address = c.take(len)?;
    match (family, address.first_chunk::<4>(), address.first_chunk::<16>(), address.first_chunk::<6>()) {
        (1, Some(address), ..) => out.text(heading).host4(*address),
        (2, _, Some(address), _) => out.text(heading).host6(*address),
        (6, .., Some(address)) => out.text(heading).ether_host(*address),
        _ => {
            write!(out, ", unknown-nbma-addr-family-{family:04x} (");
            out.hex_bytes(address).text(")")
        }
    };
    Ok(())
}

/// Writes who asks, and for whom.
fn protocol_addresses(
    out: &mut Out,
    c: &mut Cursor<'_>,
    protocol: u16,
    source_len: u8,
    destination_len: u8,
) -> Walk {
    out.text(", ");
    least(out, *c, source_len.into())?;
    let source = c.take(source_len.into())?;
    if !host(out, protocol, source) {
        write!(out, "proto type {protocol:04x} ");
        out.hex_bytes(source);
    }
    out.text(" ->");
    least(out, *c, destination_len.into())?;
    let destination = c.take(destination_len.into())?;
    out.text(" ");
    if !host(out, protocol, destination) {
        out.hex_bytes(destination);
    }
    Ok(())
}

/// Writes an address of IP; false where it is none.
fn host(out: &mut Out, protocol: u16, address: &[u8]) -> bool {
    match (protocol, address.first_chunk::<4>(), address.first_chunk::<16>()) {
        (ether_type::IPV4, Some(address), _) => out.host4(*address),
        (ether_type::IPV6, _, Some(address)) => out.host6(*address),
        _ => return false,
    };
    true
}

/// What is told about a client.
fn client(out: &mut Out, c: &mut Cursor<'_>, kinds: Kinds) -> Walk {
    least(out, *c, CLIENT_LEN)?;
    let (code, prefix_len, _) = (c.u8()?, c.u8()?, c.u16()?);
    let (mtu, holding_time) = (c.u16()?, c.u16()?);
    let [address_len, subaddress_len, protocol_len, preference] = *c.array()?;
    write!(out, " (code {code}");
    if out.options.verbose > 0 {
        write!(out, ", pl {prefix_len}, mtu {mtu}, htime {holding_time}, pref {preference}");
    }
    if address_len & TELEPHONE != 0 {
        out.text(", nbma E.154");
    }
    subnetwork_address(out, c, kinds.family, address_len & 0x3f, ", nbma ")?;
    if subaddress_len & 0x3f != 0 {
        least(out, *c, usize::from(subaddress_len & 0x3f))?;
        out.text(", unknown-nbma-saddr-family");
        c.skip(usize::from(subaddress_len & 0x3f))?;
    }
    if protocol_len != 0 {
        least(out, *c, protocol_len.into())?;
        let address = c.take(protocol_len.into())?;
        let start = out.buffer().len();
        out.text(", proto ");
        if !host(out, kinds.protocol, address) {
            out.take_back(start);
            write!(out, ", unknown-proto-family-{:04x} (", kinds.protocol);
            out.hex_bytes(address).text(")");
        }
    }
    out.text(")");
    Ok(())
}
