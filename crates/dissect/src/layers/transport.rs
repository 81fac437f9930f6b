//! What IP carries: TCP, UDP, SCTP, ESP; ICMP for both versions, and IGMP.

use wirescope_wire::ipv4::protocol;
use wirescope_wire::tcp::{Tcp, flag as bit};
use wirescope_wire::udp::Udp;
use wirescope_wire::{Cursor, Walk, checksum};

use super::table::{Row, decimal, flag, hex, ipv4, ipv6, seconds, words};
use super::walker::{Values, Walker};
use super::{application, ip, options};
use crate::Network;
use crate::proto::icmp6;
use crate::tokens::{self, Tokens};

const PORTS_AND_NUMBERS: &[Row] = &[
    decimal("source port", 16),
    decimal("destination port", 16),
    decimal("sequence number", 32),
    decimal("acknowledgement number", 32),
    decimal("header length", 4).told(words),
    decimal("reserved", 3),
    flag("accurate ECN"),
];
const FLAGS: &[Row] = &[
    flag("congestion window reduced"),
    flag("ECN echo"),
    flag("urgent"),
    flag("acknowledgement"),
    flag("push"),
    flag("reset"),
    flag("synchronize"),
    flag("finish"),
];
const WINDOW: &[Row] = &[decimal("window", 16), hex("checksum", 16), decimal("urgent pointer", 16)];

/// The flags as people say them.
const FLAG_NAMES: &[(u8, &str)] = &[
    (bit::SYN, "SYN"),
    (bit::FIN, "FIN"),
    (bit::RST, "RST"),
    (bit::PSH, "PSH"),
    (bit::ACK, "ACK"),
    (bit::URG, "URG"),
    (bit::ECE, "ECE"),
    (bit::CWR, "CWR"),
];

const UDP: &[Row] = &[
    decimal("source port", 16),
    decimal("destination port", 16),
    decimal("length", 16),
    hex("checksum", 16),
];

const SCTP: &[Row] = &[
    decimal("source port", 16),
    decimal("destination port", 16),
    hex("verification tag", 32),
    hex("checksum", 32),
];
const SCTP_CHUNK: &[Row] = &[decimal("type", 8).named(CHUNKS), hex("flags", 8), decimal("length", 16)];
const CHUNKS: &Tokens = &[
    (0, "DATA"),
    (1, "INIT"),
    (2, "INIT ACK"),
    (3, "SACK"),
    (4, "HEARTBEAT"),
    (5, "HEARTBEAT ACK"),
    (6, "ABORT"),
    (7, "SHUTDOWN"),
    (8, "SHUTDOWN ACK"),
    (9, "ERROR"),
    (10, "COOKIE ECHO"),
    (11, "COOKIE ACK"),
    (14, "SHUTDOWN COMPLETE"),
    (15, "AUTH"),
    (192, "FORWARD TSN"),
];

const ESP: &[Row] = &[hex("security parameters index", 32), decimal("sequence number", 32)];

const ICMP: &[Row] = &[decimal("type", 8), decimal("code", 8), hex("checksum", 16)];
const ECHO: &[Row] = &[decimal("identifier", 16), decimal("sequence number", 16)];
const TIMES: &[Row] = &[
    decimal("originate timestamp", 32),
    decimal("receive timestamp", 32),
    decimal("transmit timestamp", 32),
];
const MASK: &[Row] = &[ipv4("address mask")];
const GATEWAY: &[Row] = &[ipv4("gateway address")];
const UNUSED: &[Row] = &[hex("unused", 32)];
const NEXT_MTU: &[Row] = &[hex("unused", 16), decimal("next-hop MTU", 16)];
const POINTER: &[Row] = &[decimal("pointer", 8), hex("unused", 24)];
const ROUTERS: &[Row] = &[
    decimal("number of addresses", 8),
    decimal("address entry size", 8),
    decimal("lifetime", 16).told(seconds),
];
const MTU: &[Row] = &[decimal("MTU", 32)];
const POINTER_V6: &[Row] = &[decimal("pointer", 32)];
const NEIGHBOR: &[Row] =
    &[flag("router"), flag("solicited"), flag("override"), hex("reserved", 29), ipv6("target address")];
const SOLICITATION: &[Row] = &[hex("reserved", 32), ipv6("target address")];
const ROUTER_SOLICITATION: &[Row] = &[hex("reserved", 32)];
const ROUTER_ADVERTISEMENT: &[Row] = &[
    decimal("current hop limit", 8),
    flag("managed addresses"),
    flag("other configuration"),
    hex("reserved", 6),
    decimal("router lifetime", 16).told(seconds),
    decimal("reachable time", 32),
    decimal("retransmission timer", 32),
];
const NEIGHBOR_OPTION: &[Row] =
    &[decimal("type", 8).named(NEIGHBOR_OPTIONS), decimal("length", 8).told(eights)];
const NEIGHBOR_OPTIONS: &Tokens = &[
    (1, "source link-layer address"),
    (2, "target link-layer address"),
    (3, "prefix information"),
    (4, "redirected header"),
    (5, "MTU"),
    (24, "route information"),
    (25, "recursive DNS server"),
    (31, "DNS search list"),
];

const IGMP: &[Row] = &[
    hex("type", 8).named(GROUP_MESSAGES),
    decimal("maximum response time", 8),
    hex("checksum", 16),
    ipv4("group address"),
];
const IGMP_V3_REPORT: &[Row] = &[
    hex("type", 8).named(GROUP_MESSAGES),
    decimal("reserved", 8),
    hex("checksum", 16),
    decimal("reserved", 16),
    decimal("number of group records", 16),
];
const GROUP_MESSAGES: &Tokens = &[
    (0x11, "membership query"),
    (0x12, "version 1 membership report"),
    (0x13, "DVMRP"),
    (0x14, "PIM version 1"),
    (0x16, "version 2 membership report"),
    (0x17, "leave group"),
    (0x1e, "multicast traceroute response"),
    (0x1f, "multicast traceroute"),
    (0x22, "version 3 membership report"),
];

const ICMP_TYPES: &Tokens = &[
    (0, "echo reply"),
    (3, "destination unreachable"),
    (4, "source quench"),
    (5, "redirect"),
    (8, "echo request"),
    (9, "router advertisement"),
    (10, "router solicitation"),
    (11, "time exceeded"),
    (12, "parameter problem"),
    (13, "timestamp request"),
    (14, "timestamp reply"),
    (15, "information request"),
    (16, "information reply"),
    (17, "address mask request"),
    (18, "address mask reply"),
    (30, "traceroute"),
    (42, "extended echo request"),
    (43, "extended echo reply"),
];
/// Codes by type (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1).
const ICMP_CODES: &[(u8, &Tokens)] = &[
    (
        3,
        &[
            (0, "network unreachable"),
            (1, "host unreachable"),
            (2, "protocol unreachable"),
            (3, "port unreachable"),
            (4, "fragmentation needed, but not allowed"),
            (5, "source route failed"),
            (6, "destination network unknown"),
            (7, "destination host unknown"),
            (8, "source host isolated"),
            (9, "network administratively prohibited"),
            (10, "host administratively prohibited"),
            (11, "network unreachable for this type of service"),
            (12, "host unreachable for this type of service"),
            (13, "communication administratively prohibited"),
            (14, "host precedence violation"),
            (15, "precedence cutoff"),
        ],
    ),
    (
        5,
        &[
            (0, "for the network"),
            (1, "for the host"),
            (2, "for service and network"),
            (3, "for service and host"),
        ],
    ),
    (11, &[(0, "time to live exceeded in transit"), (1, "fragment reassembly time exceeded")]),
    (12, &[(0, "pointer indicates the error"), (1, "required option missing"), (2, "bad length")]),
];
const ICMPV6_CODES: &[(u8, &Tokens)] = &[
    (
        1,
        &[
            (0, "no route to destination"),
            (1, "administratively prohibited"),
            (2, "beyond scope of source address"),
            (3, "address unreachable"),
            (4, "port unreachable"),
            (5, "source address failed policy"),
            (6, "reject route to destination"),
        ],
    ),
    (3, &[(0, "hop limit exceeded in transit"), (1, "fragment reassembly time exceeded")]),
    (4, &[(0, "erroneous header field"), (1, "unrecognized next header"), (2, "unrecognized option")]),
];

/// A later fragment: no transport header stands at its start.
pub(super) fn fragment(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("fragment", "Part of a fragmented datagram", c);
    let count = c.length();
    w.bytes(&mut c, "bytes", count)
}

/// TCP (RFC 9293).
pub(super) fn tcp(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("tcp", "Transmission Control Protocol (RFC 9293)", c);
    let whole = c;
    let head = w.rows(&mut c, PORTS_AND_NUMBERS)?;
    ports(w, &head, Some(true));
    if head.get("reserved") != 0 {
        w.wrong("reserved", "must be zero");
    }
    let set = c.peek_u8(0).unwrap_or(0);
    let names: Vec<&str> = FLAG_NAMES.iter().filter(|row| set & row.0 != 0).map(|row| row.1).collect();
    let meaning = if names.is_empty() { "none".to_owned() } else { names.join(" ") };
    w.group(&mut c, "flags", 1, meaning, |w, mut c| w.rows(&mut c, FLAGS).map(drop))?;
    if let Some(odd) = odd_flags(set) {
        w.wrong("flags", odd);
    }
    let found = w.rows(&mut c, WINDOW)?.get("checksum");
    let header = head.len("header length") * 4;
    let there = whole.length();
    if header < Tcp::LEN {
        w.wrong("header length", format!("{header} bytes are less than the {} of a header", Tcp::LEN));
    } else if header > there && !w.quoted {
        w.wrong("header length", format!("more than the {there} bytes of the segment"));
    }
    w.check_transport(whole, protocol::TCP, found);
    let mut list = c.split(header.clamp(Tcp::LEN, there.max(Tcp::LEN)) - Tcp::LEN);
    options::tcp(w, &mut list)?;
    let ends = (head.get("source port") as u16, head.get("destination port") as u16);
    application::over_tcp(w, ends, c);
    Ok(())
}

/// Sets of flags that no stack sends.
fn odd_flags(set: u8) -> Option<&'static str> {
    let has = |flags: u8| set & flags == flags;
    match set & !(bit::ECE | bit::CWR) {
        0 => Some("no stack sends none"),
        _ if has(bit::SYN | bit::FIN) => Some("no stack opens and closes at once"),
        _ if has(bit::SYN | bit::RST) => Some("no stack opens and resets at once"),
        set if set == bit::FIN | bit::PSH | bit::URG => {
            Some("no stack sends these together: a Xmas scan does")
        }
        bit::FIN => Some("no stack closes without ACK: a FIN scan does"),
        _ => None,
    }
}

/// UDP (RFC 768).
pub(super) fn udp(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("udp", "User Datagram Protocol (RFC 768)", c);
    let whole = c;
    let head = w.rows(&mut c, UDP)?;
    ports(w, &head, Some(false));
    let (claimed, there) = (head.len("length"), whole.length());
    if claimed < Udp::LEN {
        w.wrong("length", format!("less than the {} bytes of the header", Udp::LEN));
    } else if claimed != there && !w.fragment && !w.quoted {
        w.wrong("length", format!("IP leaves {there} bytes"));
    }
    match head.get("checksum") {
        0 => w.mean("checksum", "none was made"),
        found => w.check_transport(whole.claim(claimed.max(Udp::LEN)), protocol::UDP, found),
    }
    let part = c.split(claimed.clamp(Udp::LEN, there.max(Udp::LEN)) - Udp::LEN);
    let ends = (head.get("source port") as u16, head.get("destination port") as u16);
    application::over_udp(w, ends, part);
    w.trailer(c);
    Ok(())
}

/// Names for the ports; those of TCP, of UDP, or none.
fn ports(w: &mut Walker<'_>, head: &Values, over_tcp: Option<bool>) {
    for name in ["source port", "destination port"] {
        let port = head.get(name) as u16;
        let names = w.names;
        let service = match over_tcp {
            Some(true) => names.tcp_port(port),
            Some(false) => names.udp_port(port),
            None => None,
        };
        w.mean(name, service.unwrap_or_default());
    }
}

/// SCTP (RFC 9260): the header and the heads of its chunks.
pub(super) fn sctp(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    const CHUNK_HEAD: usize = 4;
    w.open("sctp", "Stream Control Transmission Protocol (RFC 9260)", c);
    let head = w.rows(&mut c, SCTP)?;
    ports(w, &head, None);
    while c.length() > 0 {
        let kind = c.peek_u8(0).unwrap_or_default();
        let claimed = c.peek_u16(2).map_or(CHUNK_HEAD, usize::from);
        let padded = claimed.max(CHUNK_HEAD).next_multiple_of(4).min(c.length().max(CHUNK_HEAD));
        let name = tokens::name(CHUNKS, kind.into()).unwrap_or("unknown");
        let there = c.length();
        w.group(&mut c, "chunk", padded, name, |w, mut c| {
            w.rows(&mut c, SCTP_CHUNK)?;
            if claimed < CHUNK_HEAD || claimed > there {
                w.wrong("length", format!("a chunk has 4 bytes at least, and {there} are left"));
            }
            let rest = c.length();
            if rest > 0 { w.bytes(&mut c, "value", rest) } else { Ok(()) }
        })?;
    }
    Ok(())
}

/// ESP (RFC 4303): what follows its first words is encrypted.
pub(super) fn esp(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("esp", "Encapsulating Security Payload (RFC 4303)", c);
    w.rows(&mut c, ESP)?;
    let rest = c.length();
    w.bytes(&mut c, "encrypted", rest)
}

/// ICMP (RFC 792).
pub(super) fn icmp(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("icmp", "Internet Control Message Protocol (RFC 792)", c);
    let whole = c;
    let head = w.rows(&mut c, ICMP)?;
    let (kind, code) = message(w, &head, ICMP_TYPES, ICMP_CODES);
    match (whole.claimed_bytes().len() == whole.length(), w.fragment || w.quoted) {
        (true, false) => w.check(head.get("checksum"), checksum::internet(whole.claimed_bytes())),
        _ => w.mean("checksum", "not checked: not all that it covers is here"),
    }
    match kind {
        0 | 8 | 15 | 16 => w.rows(&mut c, ECHO)?,
        13 | 14 => {
            w.rows(&mut c, ECHO)?;
            w.rows(&mut c, TIMES)?
        }
        17 | 18 => {
            w.rows(&mut c, ECHO)?;
            w.rows(&mut c, MASK)?
        }
        9 => w.rows(&mut c, ROUTERS)?,
        5 => w.rows(&mut c, GATEWAY)?,
        12 => w.rows(&mut c, POINTER)?,
        3 if code == 4 => w.rows(&mut c, NEXT_MTU)?,
        _ => w.rows(&mut c, UNUSED)?,
    };
    match kind {
        3 | 4 | 5 | 11 | 12 => quoted(w, c),
        _ => w.data(c),
    }
    Ok(())
}

/// Notes type and code with their names, and gives both.
fn message(w: &mut Walker<'_>, head: &Values, types: &Tokens, codes: &[(u8, &Tokens)]) -> (u8, u8) {
    let (kind, code) = (head.get("type") as u8, head.get("code") as u8);
    w.mean("type", tokens::name(types, kind.into()).unwrap_or("unknown"));
    if let Some((_, names)) = codes.iter().find(|row| row.0 == kind) {
        w.mean("code", tokens::name(names, code.into()).unwrap_or("unknown"));
    }
    (kind, code)
}

/// The start of the packet that an error is about.
fn quoted(w: &mut Walker<'_>, c: Cursor<'_>) {
    if c.length() == 0 {
        return;
    }
    let around = (w.network, w.quoted, w.fragment);
    w.quoted = true;
    w.enter(ip::either, c);
    (w.network, w.quoted, w.fragment) = around;
}

/// ICMPv6 (RFC 4443), with neighbor discovery (RFC 4861).
pub(super) fn icmpv6(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("icmpv6", "Internet Control Message Protocol for IPv6 (RFC 4443)", c);
    let whole = c;
    let head = w.rows(&mut c, ICMP)?;
    let (kind, _) = message(w, &head, icmp6::MESSAGES, ICMPV6_CODES);
    match w.network {
        Network::V6 { .. } => w.check_transport(whole, protocol::ICMPV6, head.get("checksum")),
        _ => w.doubt("a message of IPv6 inside IPv4"),
    }
    let rows = match kind {
        2 => MTU,
        4 => POINTER_V6,
        128 | 129 => ECHO,
        133 => ROUTER_SOLICITATION,
        134 => ROUTER_ADVERTISEMENT,
        135 => SOLICITATION,
        136 => NEIGHBOR,
        137 => &[hex("reserved", 32), ipv6("target address"), ipv6("destination address")],
        _ => UNUSED,
    };
    w.rows(&mut c, rows)?;
    match kind {
        1..=4 => quoted(w, c),
        133..=137 => neighbor_options(w, c)?,
        _ => w.data(c),
    }
    Ok(())
}

fn neighbor_options(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let kind = c.peek_u8(0).unwrap_or_default();
        let claimed = c.peek_u8(1).map_or(0, |length| usize::from(length) * 8);
        let there = c.length();
        let name = tokens::name(NEIGHBOR_OPTIONS, kind.into()).unwrap_or("unknown");
        w.group(&mut c, "option", claimed.clamp(2, there.max(2)), name, |w, mut c| {
            w.rows(&mut c, NEIGHBOR_OPTION)?;
            if claimed == 0 || claimed > there {
                w.wrong("length", format!("an option has 8 bytes at least, and {there} are left"));
            }
            match (kind, c.length()) {
                (1 | 2, 6) => w.rows(&mut c, &[super::table::mac("link-layer address")]).map(drop),
                (5, 6) => w.rows(&mut c, &[hex("reserved", 16), decimal("MTU", 32)]).map(drop),
                (_, 0) => Ok(()),
                (_, rest) => w.bytes(&mut c, "value", rest),
            }
        })?;
    }
    Ok(())
}

/// IGMP (RFC 2236, RFC 3376).
pub(super) fn igmp(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    const REPORT_V3: u8 = 0x22;
    w.open("igmp", "Internet Group Management Protocol (RFC 2236, RFC 3376)", c);
    let whole = c;
    let rows = if c.peek_u8(0) == Ok(REPORT_V3) { IGMP_V3_REPORT } else { IGMP };
    let found = w.rows(&mut c, rows)?.get("checksum");
    if whole.claimed_bytes().len() == whole.length() && !w.fragment && !w.quoted {
        w.check(found, checksum::internet(whole.claimed_bytes()));
    }
    w.data(c);
    Ok(())
}

fn eights(units: u64) -> String {
    format!("{} bytes", units * 8)
}
