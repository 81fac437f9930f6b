//! IPv4 with its options (RFC 791) and IPv6 with its extension headers (RFC 8200).

use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::ipv6::Ipv6;
use wirescope_wire::{Cursor, Walk, checksum};

use super::table::{Row, decimal, flag, hex, ipv4 as ipv4_row, ipv6 as ipv6_row, words};
use super::walker::{Show, Walker};
use super::{options, transport, tunnel};
use crate::Network;
use crate::proto::names::protocol_name;

/// Who shows what IP carries.
const PROTOCOLS: &[(u8, Show)] = &[
    (protocol::ICMP, transport::icmp),
    (protocol::IGMP, transport::igmp),
    (protocol::IPV4, ipv4),
    (protocol::TCP, transport::tcp),
    (protocol::UDP, transport::udp),
    (protocol::IPV6, ipv6),
    (protocol::GRE, tunnel::gre),
    (protocol::ICMPV6, transport::icmpv6),
    (protocol::SCTP, transport::sctp),
    (protocol::ESP, transport::esp),
];

const IPV4: &[Row] = &[
    decimal("version", 4),
    decimal("header length", 4).told(words),
    decimal("differentiated services", 6).told(services),
    decimal("explicit congestion notification", 2).told(congestion),
    decimal("total length", 16),
    hex("identification", 16),
    flag("reserved flag"),
    flag("don't fragment"),
    flag("more fragments"),
    decimal("fragment offset", 13).told(fragment_offset),
    decimal("time to live", 8),
    decimal("protocol", 8).told(protocol_of),
    hex("checksum", 16),
    ipv4_row("source address"),
    ipv4_row("destination address"),
];

const IPV6: &[Row] = &[
    decimal("version", 4),
    decimal("differentiated services", 6).told(services),
    decimal("explicit congestion notification", 2).told(congestion),
    hex("flow label", 20),
    decimal("payload length", 16),
    decimal("next header", 8).told(protocol_of),
    decimal("hop limit", 8),
    ipv6_row("source address"),
    ipv6_row("destination address"),
];

const EXTENSION: &[Row] = &[
    decimal("next header", 8).told(protocol_of),
    decimal("header extension length", 8).told(extension_length),
];
const ROUTING: &[Row] = &[decimal("routing type", 8), decimal("segments left", 8)];
const FRAGMENT: &[Row] = &[
    decimal("next header", 8).told(protocol_of),
    decimal("reserved", 8),
    decimal("fragment offset", 13).told(fragment_offset),
    decimal("reserved bits", 2),
    flag("more fragments"),
    hex("identification", 32),
];
const AUTHENTICATION: &[Row] = &[
    decimal("next header", 8).told(protocol_of),
    decimal("payload length", 8).told(authentication_length),
    decimal("reserved", 16),
    hex("security parameters index", 32),
    decimal("sequence number", 32),
];

/// Whichever version the first four bits name.
pub(super) fn either(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    match c.peek_u8(0).map(|first| first >> 4) {
        Ok(6) => ipv6(w, c),
        _ => ipv4(w, c),
    }
}

/// An IPv4 datagram.
pub(super) fn ipv4(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("ipv4", "Internet Protocol version 4 (RFC 791)", c);
    let whole = c;
    let head = w.rows(&mut c, IPV4)?;
    if head.get("version") != 4 {
        w.wrong("version", "what came before announced version 4");
    }
    if head.get("reserved flag") != 0 {
        w.wrong("reserved flag", "must be zero");
    }
    let header = ipv4_header_length(w, head.len("header length") * 4, whole.length());
    let mut options = c.split(header - Ipv4::LEN);
    if options.length() > 0 {
        options::ipv4(w, &mut options)?;
    }
    if let Ok(bytes) = whole.peek(0, header) {
        w.check(head.get("checksum"), checksum::internet(bytes));
    }
    let total = ipv4_total_length(w, head.len("total length"), header, whole.length());
    if let Ok(view) = Ipv4::read(&mut whole.clone()) {
        w.network = Network::V4 { src: view.src(), dst: view.dst(), final_dst: view.dst() };
    }
    w.fragment = head.get("more fragments") != 0 || head.get("fragment offset") != 0;
    let mut rest = whole.ahead(header);
    let part = rest.split(total - header);
    match head.get("fragment offset") {
        0 => carried(w, head.get("protocol"), part),
        _ => w.enter(transport::fragment, part),
    }
    w.trailer(rest);
    Ok(())
}

/// The header length to go on with: what is claimed, as far as that can be.
fn ipv4_header_length(w: &mut Walker<'_>, claimed: usize, there: usize) -> usize {
    if claimed < Ipv4::LEN {
        w.wrong("header length", format!("{claimed} bytes are less than the {} of a header", Ipv4::LEN));
    } else if claimed > there && !w.quoted {
        w.wrong("header length", format!("more than the {there} bytes from here on"));
    }
    claimed.max(Ipv4::LEN)
}

/// The total length to go on with.
fn ipv4_total_length(w: &mut Walker<'_>, claimed: usize, header: usize, there: usize) -> usize {
    let usable = match claimed {
        0 => {
            w.wrong("total length", "zero, as where a network card cuts segments: the frame's is taken");
            there
        }
        _ if claimed < header => {
            w.wrong("total length", format!("less than the {header} bytes of the header"));
            header
        }
        _ if claimed > there && !w.quoted => {
            w.wrong("total length", format!("more than the {there} bytes from here to the end of the frame"));
            claimed
        }
        _ => claimed,
    };
    usable.max(header)
}

/// An IPv6 packet.
pub(super) fn ipv6(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("ipv6", "Internet Protocol version 6 (RFC 8200)", c);
    let whole = c;
    let head = w.rows(&mut c, IPV6)?;
    if head.get("version") != 6 {
        w.wrong("version", "what came before announced version 6");
    }
    if let Ok(view) = Ipv6::read(&mut whole.clone()) {
        w.network = Network::V6 { src: view.src(), dst: view.dst(), final_dst: view.dst() };
    }
    w.fragment = false;
    let mut length = head.len("payload length");
    if length == 0 && c.length() > 0 {
        w.mean("payload length", "zero, as in a jumbogram: the frame's is taken");
        length = c.length();
    } else if length > c.length() && !w.quoted {
        w.wrong("payload length", format!("more than the {} bytes behind the header", c.length()));
    }
    let part = c.split(length);
    carried(w, head.get("next header"), part);
    w.trailer(c);
    Ok(())
}

/// What a protocol number announces: an extension header, a transport, or what is not taken apart.
fn carried(w: &mut Walker<'_>, number: u64, c: Cursor<'_>) {
    let number = number as u8;
    let is_ipv6 = matches!(w.network, Network::V6 { .. });
    let show: Option<Show> = match number {
        protocol::HOP_BY_HOP if is_ipv6 => Some(hop_by_hop),
        protocol::DESTINATION_OPTIONS if is_ipv6 => Some(destination_options),
        protocol::ROUTING if is_ipv6 => Some(routing),
        protocol::FRAGMENT if is_ipv6 => Some(ipv6_fragment),
        protocol::AH => Some(authentication),
        protocol::NO_NEXT_HEADER if is_ipv6 => None,
        _ => PROTOCOLS.iter().find(|row| row.0 == number).map(|row| row.1),
    };
    match show {
        Some(show) => w.enter(show, c),
        None => w.data(c),
    }
}

fn hop_by_hop(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    w.open("ipv6-hop-by-hop", "IPv6 hop-by-hop options (RFC 8200 section 4.3)", c);
    extension(w, c, |w, mut c| options::ipv6(w, &mut c))
}

fn destination_options(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    w.open("ipv6-destination-options", "IPv6 destination options (RFC 8200 section 4.6)", c);
    extension(w, c, |w, mut c| options::ipv6(w, &mut c))
}

fn routing(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    w.open("ipv6-routing", "IPv6 routing header (RFC 8200 section 4.4)", c);
    extension(w, c, |w, mut c| {
        w.rows(&mut c, ROUTING)?;
        let length = c.length();
        w.bytes(&mut c, "type-specific data", length)
    })
}

/// A header with a length in units of eight bytes, the first not counted.
fn extension(
    w: &mut Walker<'_>,
    mut c: Cursor<'_>,
    rest: impl FnOnce(&mut Walker<'_>, Cursor<'_>) -> Walk,
) -> Walk {
    let there = c.length();
    let head = w.rows(&mut c, EXTENSION)?;
    let length = (head.len("header extension length") + 1) * 8;
    if length > there && !w.quoted {
        w.wrong("header extension length", format!("{length} bytes are more than the {there} from here on"));
    }
    let part = c.split(length - 2);
    rest(w, part)?;
    carried(w, head.get("next header"), c);
    Ok(())
}

fn ipv6_fragment(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("ipv6-fragment", "IPv6 fragment header (RFC 8200 section 4.5)", c);
    let head = w.rows(&mut c, FRAGMENT)?;
    w.fragment = head.get("more fragments") != 0 || head.get("fragment offset") != 0;
    match head.get("fragment offset") {
        0 => carried(w, head.get("next header"), c),
        _ => w.enter(transport::fragment, c),
    }
    Ok(())
}

/// Authentication header (RFC 4302).
fn authentication(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    const FIXED: usize = 12;
    w.open("ah", "Authentication Header (RFC 4302)", c);
    let head = w.rows(&mut c, AUTHENTICATION)?;
    let length = (head.len("payload length") + 2) * 4;
    if length < FIXED {
        w.wrong("payload length", format!("{length} bytes are less than the {FIXED} of the header"));
    }
    w.bytes(&mut c, "integrity check value", length.saturating_sub(FIXED))?;
    carried(w, head.get("next header"), c);
    Ok(())
}

fn protocol_of(number: u64) -> String {
    let name = u8::try_from(number).ok().and_then(protocol_name);
    name.unwrap_or("unassigned or unknown").to_owned()
}

fn fragment_offset(units: u64) -> String {
    format!("byte {}", units * 8)
}

fn extension_length(units: u64) -> String {
    format!("{} bytes", (units + 1) * 8)
}

fn authentication_length(units: u64) -> String {
    format!("{} bytes", (units + 2) * 4)
}

/// Names of code points (RFC 2474, RFC 2597, RFC 3246).
fn services(code_point: u64) -> String {
    match code_point {
        0 => "default".to_owned(),
        46 => "EF".to_owned(),
        _ if code_point.is_multiple_of(8) => format!("CS{}", code_point / 8),
        _ if code_point.is_multiple_of(2) && (8..40).contains(&code_point) => {
            format!("AF{}{}", code_point / 8, code_point % 8 / 2)
        }
        _ => String::new(),
    }
}

/// RFC 3168 section 5.
fn congestion(bits: u64) -> String {
    match bits {
        0 => "not ECN-capable",
        1 => "ECN-capable (1)",
        2 => "ECN-capable (0)",
        _ => "congestion experienced",
    }
    .to_owned()
}
