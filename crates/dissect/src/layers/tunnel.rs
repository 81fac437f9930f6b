//! What carries packets in packets: PPP and PPPoE, MPLS, GRE, VXLAN, Geneve.

use wirescope_wire::{Cursor, Walk};

use super::table::{Row, decimal, flag, hex, words};
use super::walker::Walker;
use super::{ip, link};
use crate::proto::names::ETHER_TYPES;
use crate::proto::{ppp as ppp_names, pppoe as pppoe_names};

const PPP_FRAMING: &[Row] = &[hex("address", 8), hex("control", 8)];
const PPP_PROTOCOL: &[Row] = &[hex("protocol", 16).named(ppp_names::PROTOCOLS)];
const PPP_SHORT_PROTOCOL: &[Row] = &[hex("protocol", 8).named(ppp_names::PROTOCOLS)];
const PPP_CONTROL: &[Row] = &[
    decimal("code", 8).named(ppp_names::control::CONTROL_CODES),
    decimal("identifier", 8),
    decimal("length", 16),
];

const PPPOE: &[Row] = &[
    decimal("version", 4),
    decimal("type", 4),
    hex("code", 8).named(pppoe_names::CODES),
    hex("session identifier", 16),
    decimal("length", 16),
];
const PPPOE_TAG: &[Row] = &[hex("tag type", 16).named(pppoe_names::TAGS), decimal("tag length", 16)];

const MPLS: &[Row] = &[
    decimal("label", 20).told(mpls_label),
    decimal("traffic class", 3),
    flag("bottom of stack"),
    decimal("time to live", 8),
];

const GRE: &[Row] = &[
    flag("checksum present"),
    flag("routing present"),
    flag("key present"),
    flag("sequence number present"),
    flag("strict source route"),
    decimal("recursion control", 3),
    flag("acknowledgement present"),
    hex("reserved flags", 4),
    decimal("version", 3),
    hex("protocol type", 16).named(ETHER_TYPES),
];
const GRE_CHECKSUM: &[Row] = &[hex("checksum", 16), hex("offset", 16)];
const GRE_KEY: &[Row] = &[hex("key", 32)];
/// Version 1 is PPTP's (RFC 2637 section 4.1).
const GRE_PPTP_KEY: &[Row] = &[decimal("payload length", 16), decimal("call identifier", 16)];
const GRE_SEQUENCE: &[Row] = &[decimal("sequence number", 32)];
const GRE_ACKNOWLEDGEMENT: &[Row] = &[decimal("acknowledgement number", 32)];

const VXLAN: &[Row] =
    &[hex("flags", 8), hex("reserved", 24), decimal("VXLAN network identifier", 24), hex("reserved", 8)];
const GENEVE: &[Row] = &[
    decimal("version", 2),
    decimal("options length", 6).told(words),
    flag("control packet"),
    flag("critical options present"),
    hex("reserved", 6),
    hex("protocol type", 16).named(ETHER_TYPES),
    decimal("virtual network identifier", 24),
    hex("reserved", 8),
];

/// PPP, with or without its framing (RFC 1661, RFC 1662).
pub(super) fn ppp(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    const UNNUMBERED: u8 = 0x03;
    const IPV4: u64 = 0x21;
    const IPV6: u64 = 0x57;
    const MPLS: u64 = 0x281;
    const CONTROL: std::ops::RangeInclusive<u64> = 0x8021..=0xc021;
    w.open("ppp", "Point-to-Point Protocol (RFC 1661)", c);
    // No protocol number has 3 in its second byte's place behind 0xff, 0 or 1.
    if matches!(c.peek_array::<2>(0), Ok([0xff | 0 | 1, UNNUMBERED])) {
        w.rows(&mut c, PPP_FRAMING)?;
    }
    // An odd first byte is the whole number, compressed (RFC 1661 section 6.5).
    let is_short = c.peek_u8(0).is_ok_and(|first| first & 1 == 1);
    let rows = if is_short { PPP_SHORT_PROTOCOL } else { PPP_PROTOCOL };
    match w.rows(&mut c, rows)?.get("protocol") {
        IPV4 => w.enter(ip::ipv4, c),
        IPV6 => w.enter(ip::ipv6, c),
        MPLS => w.enter(mpls, c),
        protocol if CONTROL.contains(&protocol) => w.enter(ppp_control, c),
        _ => w.data(c),
    }
    Ok(())
}

/// Link and network control (RFC 1661 section 5).
fn ppp_control(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    const HEAD: usize = 4;
    w.open("ppp-control", "PPP control message (RFC 1661)", c);
    let whole = c.length();
    let length = w.rows(&mut c, PPP_CONTROL)?.len("length");
    if length < HEAD || length > whole {
        w.wrong("length", format!("there are {whole} bytes from here on, and the header has {HEAD}"));
    }
    let part = c.split(length.saturating_sub(HEAD));
    w.data(part);
    w.trailer(c);
    Ok(())
}

/// Session stage of PPP over Ethernet (RFC 2516).
pub(super) fn pppoe_session(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    let part = pppoe_head(w, &mut c)?;
    w.enter(ppp, part);
    w.trailer(c);
    Ok(())
}

/// Discovery stage of PPP over Ethernet (RFC 2516): tags.
pub(super) fn pppoe_discovery(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    const END: u16 = 0;
    let mut part = pppoe_head(w, &mut c)?;
    while part.length() > 0 {
        let length = usize::from(part.peek_u16(2).unwrap_or(0));
        let name = part.peek_u16(0).ok().and_then(|tag| crate::tokens::name(pppoe_names::TAGS, tag.into()));
        let is_end = part.peek_u16(0) == Ok(END);
        w.group(&mut part, "tag", 4 + length, name.unwrap_or_default(), |w, mut c| {
            w.rows(&mut c, PPPOE_TAG)?;
            w.bytes(&mut c, "value", length)
        })?;
        if is_end {
            break;
        }
    }
    w.trailer(c);
    Ok(())
}

/// The header of PPPoE, and a cursor over what its length claims.
fn pppoe_head<'a>(w: &mut Walker<'_>, c: &mut Cursor<'a>) -> Walk<Cursor<'a>> {
    w.open("pppoe", "PPP over Ethernet (RFC 2516)", *c);
    let length = w.rows(c, PPPOE)?.len("length");
    if length > c.length() {
        w.wrong("length", format!("more than the {} bytes behind the header", c.length()));
    }
    Ok(c.split(length))
}

/// A label of MPLS (RFC 3032); the last one is followed by what the first four bits tell.
pub(super) fn mpls(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("mpls", "Multiprotocol Label Switching (RFC 3032)", c);
    if w.rows(&mut c, MPLS)?.get("bottom of stack") == 0 {
        w.enter(mpls, c);
        return Ok(());
    }
    match c.peek_u8(0).map(|first| first >> 4) {
        Ok(4 | 6) => w.enter(ip::either, c),
        _ => w.data(c),
    }
    Ok(())
}

fn mpls_label(label: u64) -> String {
    match label {
        0 => "IPv4 explicit null",
        1 => "router alert",
        2 => "IPv6 explicit null",
        3 => "implicit null",
        4..=15 => "reserved",
        _ => "",
    }
    .to_owned()
}

/// Generic routing encapsulation (RFC 2784, RFC 2890; version 1 RFC 2637).
pub(super) fn gre(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("gre", "Generic Routing Encapsulation (RFC 2784)", c);
    let head = w.rows(&mut c, GRE)?;
    let has = |name: &str| head.get(name) != 0;
    let is_pptp = head.get("version") == 1;
    if has("checksum present") || has("routing present") {
        w.rows(&mut c, GRE_CHECKSUM)?;
    }
    if has("key present") {
        w.rows(&mut c, if is_pptp { GRE_PPTP_KEY } else { GRE_KEY })?;
    }
    if has("sequence number present") {
        w.rows(&mut c, GRE_SEQUENCE)?;
    }
    if is_pptp && has("acknowledgement present") {
        w.rows(&mut c, GRE_ACKNOWLEDGEMENT)?;
    }
    match has("routing present") {
        // Source routes of RFC 1701 are long gone; what follows them is not looked for.
        true => w.data(c),
        false => link::payload(w, head.get("protocol type"), c),
    }
    Ok(())
}

/// Virtual extensible LAN (RFC 7348).
pub(super) fn vxlan(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    const IDENTIFIER_IS_VALID: u64 = 0x08;
    w.open("vxlan", "Virtual eXtensible Local Area Network (RFC 7348)", c);
    let flags = w.rows(&mut c, VXLAN)?.get("flags");
    if flags & IDENTIFIER_IS_VALID == 0 {
        w.wrong("flags", "the network identifier is not marked as valid");
    }
    w.enter(link::ethernet, c);
    Ok(())
}

/// Generic network virtualization encapsulation (RFC 8926).
pub(super) fn geneve(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("geneve", "Generic Network Virtualization Encapsulation (RFC 8926)", c);
    let head = w.rows(&mut c, GENEVE)?;
    let options = head.len("options length") * 4;
    if options > 0 {
        w.bytes(&mut c, "options", options)?;
    }
    link::payload(w, head.get("protocol type"), c);
    Ok(())
}
