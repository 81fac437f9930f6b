//! Link layers: Ethernet with its tags, LLC and SNAP (IEEE 802.2), Linux cooked capture, BSD loopback, raw
//! IP, PPP and Cisco HDLC; and ARP.

use wirescope_wire::ethernet::{MAX_LENGTH, ether_type};
use wirescope_wire::{Cursor, LinkType, Packet, Walk};

use super::table::{Row, bytes, decimal, flag, hex, ipv4, mac};
use super::walker::{Show, Walker};
use super::{Value, ip, tunnel};
use crate::proto::names::{ETHER_TYPES, OUIS};
use crate::proto::{arp as arp_names, llc as llc_names, null, sll as sll_names};
use crate::tokens;

/// Who shows what follows a link type.
const LINKS: &[(LinkType, Show)] = &[
    (LinkType::EN10MB, ethernet),
    (LinkType::LINUX_SLL, cooked),
    (LinkType::LINUX_SLL2, cooked_2),
    (LinkType::NULL, loopback),
    (LinkType::LOOP, loopback),
    (LinkType::RAW, ip::either),
    (LinkType::IPV4, ip::ipv4),
    (LinkType::IPV6, ip::ipv6),
    (LinkType::PPP, tunnel::ppp),
    (LinkType::PPP_SERIAL, serial),
    (LinkType::PPP_PPPD, tunnel::ppp),
    (LinkType::PPP_ETHER, tunnel::pppoe_session),
    (LinkType::C_HDLC, hdlc),
];

/// Who shows what follows an Ethernet type.
const ETHERNET_TYPES: &[(u16, Show)] = &[
    (ether_type::IPV4, ip::ipv4),
    (ether_type::IPV6, ip::ipv6),
    (ether_type::ARP, arp),
    (ether_type::RARP, arp),
    (ether_type::VLAN, vlan),
    (ether_type::QINQ, vlan),
    (ether_type::VLAN_9100, vlan),
    (ether_type::VLAN_9200, vlan),
    (ether_type::MPLS, tunnel::mpls),
    (ether_type::MPLS_MULTICAST, tunnel::mpls),
    (ether_type::PPPOE_DISCOVERY, tunnel::pppoe_discovery),
    (ether_type::PPPOE_SESSION, tunnel::pppoe_session),
    (TRANSPARENT_BRIDGING, ethernet),
    (PPP, tunnel::ppp),
];

/// Ethernet types of Ethernet frames and of PPP in GRE (RFC 1701, RFC 2637).
const TRANSPARENT_BRIDGING: u16 = 0x6558;
const PPP: u16 = 0x880b;

const ADDRESSES: &[Row] = &[mac("destination address").told(address), mac("source address").told(address)];
const TYPE: &[Row] = &[hex("type", 16).named(ETHER_TYPES)];
const LENGTH: &[Row] = &[decimal("length", 16)];

const VLAN: &[Row] = &[
    decimal("priority", 3),
    flag("drop eligible"),
    decimal("VLAN identifier", 12),
    hex("type", 16).named(ETHER_TYPES),
];

const LLC: &[Row] = &[
    hex("destination service access point", 8).named(llc_names::SERVICE_ACCESS_POINTS),
    hex("source service access point", 8).named(llc_names::SERVICE_ACCESS_POINTS),
];
const SNAP: &[Row] =
    &[hex("organizationally unique identifier", 24).named(OUIS), hex("protocol identifier", 16)];

const COOKED: &[Row] = &[
    decimal("packet type", 16).named(sll_names::PACKET_TYPES),
    decimal("link-layer address type", 16),
    decimal("link-layer address length", 16),
    bytes("link-layer address", 8),
    hex("protocol", 16).named(ETHER_TYPES),
];
const COOKED_2: &[Row] = &[
    hex("protocol", 16).named(ETHER_TYPES),
    decimal("reserved", 16),
    decimal("interface index", 32),
    decimal("link-layer address type", 16),
    decimal("packet type", 8).named(sll_names::PACKET_TYPES),
    decimal("link-layer address length", 8),
    bytes("link-layer address", 8),
];
const HDLC: &[Row] = &[hex("address", 8), hex("control", 8), hex("protocol", 16).named(ETHER_TYPES)];

const ARP: &[Row] = &[
    decimal("hardware type", 16).named(arp_names::HARDWARE),
    hex("protocol type", 16).named(ETHER_TYPES),
    decimal("hardware address length", 8),
    decimal("protocol address length", 8),
    decimal("operation", 16).named(arp_names::OPERATIONS),
];
const ARP_ADDRESSES: &[Row] = &[
    mac("sender hardware address").told(address),
    ipv4("sender protocol address"),
    mac("target hardware address").told(address),
    ipv4("target protocol address"),
];

/// Shows a packet from its link layer on.
pub(super) fn packet(w: &mut Walker<'_>, packet: &Packet) {
    match LINKS.iter().find(|row| row.0 == packet.link) {
        Some((_, show)) => w.enter(*show, packet.cursor()),
        None => w.data(packet.cursor()),
    }
}

/// Shows what follows an Ethernet type.
pub(super) fn payload(w: &mut Walker<'_>, kind: u64, c: Cursor<'_>) {
    match ETHERNET_TYPES.iter().find(|row| u64::from(row.0) == kind) {
        Some((_, show)) => w.enter(*show, c),
        None => w.data(c),
    }
}

/// Ethernet (IEEE 802.3).
pub(super) fn ethernet(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("ethernet", "Ethernet (IEEE 802.3)", c);
    w.rows(&mut c, ADDRESSES)?;
    if c.peek_u16(0).is_ok_and(|length| length <= MAX_LENGTH) {
        let length = w.rows(&mut c, LENGTH)?.len("length");
        if length > c.length() {
            w.wrong("length", format!("more than the {} bytes behind the header", c.length()));
        }
        let part = c.split(length);
        w.enter(llc, part);
        w.trailer(c);
    } else {
        let kind = w.rows(&mut c, TYPE)?.get("type");
        payload(w, kind, c);
    }
    Ok(())
}

fn vlan(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("vlan", "VLAN tag (IEEE 802.1Q)", c);
    let kind = w.rows(&mut c, VLAN)?.get("type");
    match kind <= u64::from(MAX_LENGTH) {
        true => w.enter(llc, c),
        false => payload(w, kind, c),
    }
    Ok(())
}

fn llc(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    const SNAP_SAP: u64 = 0xaa;
    const IP_SAP: u64 = 0x06;
    w.open("llc", "Logical Link Control (IEEE 802.2)", c);
    let access_points = w.rows(&mut c, LLC)?;
    // Unnumbered frames have one byte of control, the others two (section 5.4).
    let is_unnumbered = c.peek_u8(0).is_ok_and(|control| control & 3 == 3);
    let control = if is_unnumbered { &[hex("control", 8)] } else { &[hex("control", 16)] };
    w.rows(&mut c, control)?;
    match access_points.get("destination service access point") {
        SNAP_SAP if is_unnumbered => w.enter(snap, c),
        IP_SAP => w.enter(ip::either, c),
        _ => w.data(c),
    }
    Ok(())
}

fn snap(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    const ENCAPSULATED_ETHERNET: u64 = 0;
    const APPLETALK: u64 = 0xf8;
    w.open("snap", "Subnetwork Access Protocol (IEEE 802)", c);
    let values = w.rows(&mut c, SNAP)?;
    let kind = values.get("protocol identifier");
    match values.get("organizationally unique identifier") {
        ENCAPSULATED_ETHERNET | APPLETALK => {
            let name = u32::try_from(kind).ok().and_then(|kind| tokens::name(ETHER_TYPES, kind));
            w.mean("protocol identifier", name.unwrap_or_default());
            payload(w, kind, c);
        }
        _ => w.data(c),
    }
    Ok(())
}

fn cooked(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("sll", "Linux cooked capture (LINKTYPE_LINUX_SLL)", c);
    let values = w.rows(&mut c, COOKED)?;
    cooked_payload(w, &values, c);
    Ok(())
}

fn cooked_2(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("sll2", "Linux cooked capture version 2 (LINKTYPE_LINUX_SLL2)", c);
    let values = w.rows(&mut c, COOKED_2)?;
    cooked_payload(w, &values, c);
    Ok(())
}

fn cooked_payload(w: &mut Walker<'_>, values: &super::walker::Values, c: Cursor<'_>) {
    const LLC_FRAME: u64 = 4;
    if values.get("link-layer address length") > 8 {
        w.wrong("link-layer address length", "there is room for 8 bytes only");
    }
    match values.get("protocol") {
        LLC_FRAME => w.enter(llc, c),
        kind => payload(w, kind, c),
    }
}

fn loopback(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("loopback", "BSD loopback (LINKTYPE_NULL, LINKTYPE_LOOP)", c);
    let Ok(stored) = c.peek_u32_le(0) else { return w.cut(c, "address family", null::LEN) };
    // In the byte order of the machine that captured; it is a small number.
    let family = if stored & 0xffff_0000 == 0 { stored } else { stored.swap_bytes() };
    let name = tokens::name(null::FAMILIES, family).unwrap_or_default();
    w.add(c.at(), null::LEN, "address family", Value::Number(family.into()), name)?;
    c.advance(null::LEN);
    match name {
        "IPv4" => w.enter(ip::ipv4, c),
        "IPv6" => w.enter(ip::ipv6, c),
        _ => w.data(c),
    }
    Ok(())
}

/// PPP in frames like those of HDLC, or Cisco's HDLC (RFC 1662; LINKTYPE_PPP_HDLC).
fn serial(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    match c.peek_u8(0) {
        Ok(0x0f | 0x8f) => hdlc(w, c),
        _ => tunnel::ppp(w, c),
    }
}

fn hdlc(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("hdlc", "Cisco HDLC", c);
    let kind = w.rows(&mut c, HDLC)?.get("protocol");
    payload(w, kind, c);
    Ok(())
}

/// Address resolution and its reverse (RFC 826, RFC 903).
fn arp(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    const SIZES: (u64, u64) = (6, 4);
    w.open("arp", "Address Resolution Protocol (RFC 826)", c);
    let head = w.rows(&mut c, ARP)?;
    let sizes = (head.get("hardware address length"), head.get("protocol address length"));
    if sizes == SIZES && head.get("protocol type") == u64::from(ether_type::IPV4) {
        w.rows(&mut c, ARP_ADDRESSES)?;
    } else {
        let names = [
            ("sender hardware address", sizes.0),
            ("sender protocol address", sizes.1),
            ("target hardware address", sizes.0),
            ("target protocol address", sizes.1),
        ];
        for (name, size) in names {
            w.bytes(&mut c, name, size as usize)?;
        }
    }
    w.trailer(c);
    Ok(())
}

fn address(address: u64) -> String {
    const GROUP: u64 = 1 << 40;
    const LOCAL: u64 = 1 << 41;
    match address {
        0xffff_ffff_ffff => "broadcast",
        _ if address & GROUP != 0 => "multicast",
        _ if address & LOCAL != 0 => "locally administered",
        _ => "",
    }
    .to_owned()
}
