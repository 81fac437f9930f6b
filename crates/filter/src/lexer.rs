//! From characters to tokens: of all the token shapes that fit, the longest is taken.

use std::net::Ipv6Addr;
use std::ops::Range;

use crate::ast::{
    AtmField, AtmKind, Direction, Encapsulation, Kind, Mtp2Kind, Mtp3Field, Operator, Protocol, Relation,
};
use crate::error::Error;

/// A word, number, address or sign.
#[allow(missing_docs)]
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Token {
    Protocol(Protocol),
    Direction(Direction),
    Kind(Kind),
    Mask,
    And,
    Or,
    Not,
    Length,
    Less,
    Greater,
    Byte,
    Broadcast,
    Multicast,
    Inbound,
    Outbound,
    Interface,
    Encapsulation(Encapsulation),
    WlanType,
    WlanSubtype,
    WlanDirection,
    Llc,
    Atm(AtmKind),
    AtmField(AtmField),
    Mtp2(Mtp2Kind),
    Mtp3Field(Mtp3Field),
    FilterInterface,
    FilterRuleset,
    FilterRule,
    FilterSubrule,
    FilterReason,
    FilterAction,
    Number(u32),
    Identifier(String),
    Dotted(String),
    Address6(String, Ipv6Addr),
    Ethernet([u8; 6]),
    Arcnet(u8),
    Relation(Relation),
    Operator(Operator),
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Colon,
    /// A character that no token begins with.
    Stray(char),
    End,
}

/// Reads an expression token by token.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// A lexer at the start of this expression.
    pub fn new(text: &'a str) -> Lexer<'a> {
        Lexer { text, at: 0 }
    }

    /// The next token and where it stands; an error for a number or address that cannot be one.
    pub fn next_token(&mut self) -> std::result::Result<(Token, Range<usize>), Error> {
        let rest = self.text.get(self.at..).unwrap_or("");
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let start = self.at + (rest.len() - trimmed.len());
        let Some(first) = trimmed.chars().next() else {
            self.at = self.text.len();
            return Ok((Token::End, self.text.len()..self.text.len()));
        };
        let (length, token) = match sign(trimmed) {
            Some((length, token)) => (length, Ok(token)),
            None if first == '\\' => escaped(trimmed),
            None => word(trimmed).unwrap_or((first.len_utf8(), Ok(Token::Stray(first)))),
        };
        let span = start..start + length;
        self.at = span.end;
        match token {
            Ok(token) => Ok((token, span)),
            Err(message) => Err(Error::at(span, message)),
        }
    }
}

type Lexed = (usize, std::result::Result<Token, String>);

/// Signs; a colon only where no address begins with it.
fn sign(text: &str) -> Option<(usize, Token)> {
    let bytes = text.as_bytes();
    let two = match (bytes.first()?, bytes.get(1)) {
        (b'&', Some(b'&')) => Some(Token::And),
        (b'|', Some(b'|')) => Some(Token::Or),
        (b'>', Some(b'=')) => Some(Token::Relation(Relation::GreaterOrEqual)),
        (b'<', Some(b'=')) => Some(Token::Relation(Relation::LessOrEqual)),
        (b'!', Some(b'=')) => Some(Token::Relation(Relation::NotEqual)),
        (b'=', Some(b'=')) => Some(Token::Relation(Relation::Equal)),
        (b'<', Some(b'<')) => Some(Token::Operator(Operator::ShiftLeft)),
        (b'>', Some(b'>')) => Some(Token::Operator(Operator::ShiftRight)),
        _ => None,
    };
    if let Some(token) = two {
        return Some((2, token));
    }
    let token = match bytes.first()? {
        b'!' => Token::Not,
        b'<' => Token::Relation(Relation::Less),
        b'>' => Token::Relation(Relation::Greater),
        b'=' => Token::Relation(Relation::Equal),
        b'(' => Token::OpenParenthesis,
        b')' => Token::CloseParenthesis,
        b'[' => Token::OpenBracket,
        b']' => Token::CloseBracket,
        b'+' => Token::Operator(Operator::Add),
        b'-' => Token::Operator(Operator::Subtract),
        b'*' => Token::Operator(Operator::Multiply),
        b'/' => Token::Operator(Operator::Divide),
        b'%' => Token::Operator(Operator::Modulus),
        b'&' => Token::Operator(Operator::And),
        b'|' => Token::Operator(Operator::Or),
        b'^' => Token::Operator(Operator::ExclusiveOr),
        b':' if address6_length(bytes) == 0 => Token::Colon,
        _ => return None,
    };
    Some((1, token))
}

/// A name behind a backslash, which takes away a keyword's meaning.
fn escaped(text: &str) -> Lexed {
    let body = text.get(1..).unwrap_or("");
    let length = body.find([' ', '!', '(', ')', '\n', '\t']).unwrap_or(body.len());
    match body.get(..length) {
        Some(name) if length > 0 => (1 + length, Ok(Token::Identifier(name.to_owned()))),
        _ => (1, Ok(Token::Stray('\\'))),
    }
}

/// What a run of characters can be, in the order in which equally long ones are preferred.
#[derive(Clone, Copy)]
enum Shape {
    Ethernet,
    Address6,
    BadEthernet,
    Number,
    Dotted,
    Identifier,
    Arcnet,
}

fn word(text: &str) -> Option<Lexed> {
    let bytes = text.as_bytes();
    let shapes = [
        (Shape::Ethernet, ethernet_length(bytes)),
        (Shape::Number, number_length(bytes)),
        (Shape::Dotted, dotted_length(bytes)),
        (Shape::Address6, address6_length(bytes)),
        (Shape::BadEthernet, bad_ethernet_length(bytes)),
        (Shape::Identifier, identifier_length(bytes)),
        (Shape::Arcnet, arcnet_length(bytes)),
    ];
    let mut best = (Shape::Identifier, 0);
    for candidate in shapes {
        if candidate.1 > best.1 {
            best = candidate;
        }
    }
    let (shape, length) = best;
    let found = text.get(..length)?;
    if length == 0 {
        return None;
    }
    let token = match shape {
        Shape::Ethernet => ethernet(found).map(Token::Ethernet),
        Shape::Number => number(found).map(Token::Number),
        Shape::Dotted => Ok(Token::Dotted(found.to_owned())),
        Shape::Address6 => match found.parse() {
            Ok(address) => Ok(Token::Address6(found.to_owned(), address)),
            Err(_) => Err(format!("invalid IPv6 address {found}")),
        },
        Shape::BadEthernet => Err(format!("invalid Ethernet address {found}")),
        Shape::Identifier => Ok(keyword(found).unwrap_or_else(|| Token::Identifier(found.to_owned()))),
        Shape::Arcnet => u8::from_str_radix(found.get(1..).unwrap_or(""), 16)
            .map(Token::Arcnet)
            .map_err(|_| format!("invalid ARCnet address {found}")),
    };
    Some((length, token))
}

fn run(bytes: &[u8], from: usize, limit: usize, belongs: fn(&u8) -> bool) -> usize {
    bytes.get(from..).unwrap_or(&[]).iter().take(limit).take_while(|byte| belongs(byte)).count()
}

/// Digits, or `0x` and hexadecimal digits.
fn number_length(bytes: &[u8]) -> usize {
    if let [b'0', b'x' | b'X', ..] = bytes {
        let digits = run(bytes, 2, usize::MAX, u8::is_ascii_hexdigit);
        if digits > 0 {
            return 2 + digits;
        }
    }
    run(bytes, 0, usize::MAX, u8::is_ascii_digit)
}

/// Two to four numbers with dots between them.
fn dotted_length(bytes: &[u8]) -> usize {
    let mut length = number_length(bytes);
    if length == 0 {
        return 0;
    }
    let mut parts = 1;
    while parts < 4 && bytes.get(length) == Some(&b'.') {
        let digits = number_length(bytes.get(length + 1..).unwrap_or(&[]));
        if digits == 0 {
            break;
        }
        length += 1 + digits;
        parts += 1;
    }
    if parts > 1 { length } else { 0 }
}

/// Six bytes with `:`, `-` or `.` between them, three times four digits with dots, or twelve digits.
fn ethernet_length(bytes: &[u8]) -> usize {
    let spelled = |separator: u8| -> usize {
        let mut length = 0;
        for part in 0..6 {
            if part > 0 {
                if bytes.get(length) != Some(&separator) {
                    return 0;
                }
                length += 1;
            }
            match run(bytes, length, 2, u8::is_ascii_hexdigit) {
                0 => return 0,
                digits => length += digits,
            }
        }
        length
    };
    let quads = || -> usize {
        let digits = |from| run(bytes, from, 4, u8::is_ascii_hexdigit) == 4;
        let dot = |at: usize| bytes.get(at) == Some(&b'.');
        if digits(0) && dot(4) && digits(5) && dot(9) && digits(10) { 14 } else { 0 }
    };
    let plain = if run(bytes, 0, 12, u8::is_ascii_hexdigit) == 12 { 12 } else { 0 };
    spelled(b':').max(spelled(b'-')).max(spelled(b'.')).max(quads()).max(plain)
}

fn ethernet(text: &str) -> std::result::Result<[u8; 6], String> {
    let mut address = [0; 6];
    let parts: Vec<&str> =
        if text.contains([':', '-', '.']) { text.split([':', '-', '.']).collect() } else { vec![text] };
    let width = if parts.len() == 6 { 2 } else { 12 / parts.len().max(1) };
    let digits: String = parts.iter().map(|part| format!("{part:0>width$}")).collect();
    for (index, byte) in address.iter_mut().enumerate() {
        let pair = digits.get(2 * index..2 * index + 2).unwrap_or("");
        *byte = u8::from_str_radix(pair, 16).map_err(|_| format!("invalid Ethernet address {text}"))?;
    }
    Ok(address)
}

/// Bytes that each end with colons and of which there are at least two, but not six.
fn bad_ethernet_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    let mut parts = 0;
    loop {
        let digits = run(bytes, length, 2, u8::is_ascii_hexdigit);
        let colons = run(bytes, length + digits, usize::MAX, |byte| *byte == b':');
        if digits == 0 || colons == 0 {
            return if parts > 1 { length } else { 0 };
        }
        length += digits + colons;
        parts += 1;
    }
}

/// The longest IPv6 address at the start: eight groups, or fewer around `::`; the last two may be an IPv4 address.
fn address6_length(bytes: &[u8]) -> usize {
    let mut best = 0;
    let mut length = 0;
    let mut groups = 0;
    let mut gap = false;
    if bytes.starts_with(b"::") {
        gap = true;
        length = 2;
        best = 2;
    }
    loop {
        let rest = bytes.get(length..).unwrap_or(&[]);
        if (gap && groups <= 5) || groups == 6 {
            let tail = dotted_length(rest);
            let dots = rest.get(..tail).unwrap_or(&[]).iter().filter(|byte| **byte == b'.').count();
            if dots == 3 {
                best = best.max(length + tail);
            }
        }
        let digits = run(rest, 0, 4, u8::is_ascii_hexdigit);
        if digits == 0 || groups == 8 || (gap && groups == 7) {
            return best;
        }
        groups += 1;
        length += digits;
        if gap || groups == 8 {
            best = best.max(length);
        }
        let rest = bytes.get(length..).unwrap_or(&[]);
        if rest.starts_with(b"::") && !gap && groups <= 7 {
            gap = true;
            length += 2;
            best = best.max(length);
        } else if rest.first() == Some(&b':') {
            length += 1;
        } else {
            return best;
        }
    }
}

/// Letters, digits, and inside also `-` and `_`; a dot may end it.
fn identifier_length(bytes: &[u8]) -> usize {
    if !bytes.first().is_some_and(u8::is_ascii_alphanumeric) {
        return 0;
    }
    let mut length =
        run(bytes, 0, usize::MAX, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    while length > 1 && matches!(bytes.get(length - 1), Some(b'-' | b'_')) {
        length -= 1;
    }
    length
}

fn arcnet_length(bytes: &[u8]) -> usize {
    match run(bytes, 1, 2, u8::is_ascii_hexdigit) {
        digits if digits > 0 && bytes.first() == Some(&b'$') => 1 + digits,
        _ => 0,
    }
}

/// A number in C's notation, checked digit by digit.
fn number(text: &str) -> std::result::Result<u32, String> {
    let (base, name, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, "hexadecimal", text.get(2..).unwrap_or("")),
        [b'0', _, ..] => (8, "octal", text.get(1..).unwrap_or("")),
        _ => (10, "decimal", text),
    };
    let mut value: u32 = 0;
    for digit in digits.chars() {
        let Some(digit) = digit.to_digit(base) else {
            return Err(format!("number {text} contains non-octal digit"));
        };
        value = value
            .checked_mul(base)
            .and_then(|value| value.checked_add(digit))
            .ok_or_else(|| format!("{name} number {text} overflows 32 bits"))?;
    }
    Ok(value)
}

#[allow(clippy::too_many_lines)]
fn keyword(text: &str) -> Option<Token> {
    Some(match text {
        "src" => Token::Direction(Direction::Source),
        "dst" => Token::Direction(Direction::Destination),
        "addr1" | "address1" => Token::Direction(Direction::Address(1)),
        "addr2" | "address2" => Token::Direction(Direction::Address(2)),
        "addr3" | "address3" => Token::Direction(Direction::Address(3)),
        "addr4" | "address4" => Token::Direction(Direction::Address(4)),
        "ra" => Token::Direction(Direction::Receiver),
        "ta" => Token::Direction(Direction::Transmitter),
        "host" => Token::Kind(Kind::Host),
        "net" => Token::Kind(Kind::Net),
        "port" => Token::Kind(Kind::Port),
        "portrange" => Token::Kind(Kind::PortRange),
        "gateway" => Token::Kind(Kind::Gateway),
        "proto" => Token::Kind(Kind::Proto),
        "protochain" => Token::Kind(Kind::ProtoChain),
        "mask" => Token::Mask,
        "and" => Token::And,
        "or" => Token::Or,
        "not" => Token::Not,
        "len" | "length" => Token::Length,
        "less" => Token::Less,
        "greater" => Token::Greater,
        "byte" => Token::Byte,
        "broadcast" => Token::Broadcast,
        "multicast" => Token::Multicast,
        "inbound" => Token::Inbound,
        "outbound" => Token::Outbound,
        "ifindex" => Token::Interface,
        "vlan" => Token::Encapsulation(Encapsulation::Vlan),
        "mpls" => Token::Encapsulation(Encapsulation::Mpls),
        "pppoed" => Token::Encapsulation(Encapsulation::PppoeDiscovery),
        "pppoes" => Token::Encapsulation(Encapsulation::PppoeSession),
        "geneve" => Token::Encapsulation(Encapsulation::Geneve),
        "vxlan" => Token::Encapsulation(Encapsulation::Vxlan),
        "type" => Token::WlanType,
        "subtype" => Token::WlanSubtype,
        "dir" | "direction" => Token::WlanDirection,
        "llc" => Token::Llc,
        "on" | "ifname" => Token::FilterInterface,
        "rset" | "ruleset" => Token::FilterRuleset,
        "rnr" | "rulenum" => Token::FilterRule,
        "srnr" | "subrulenum" => Token::FilterSubrule,
        "reason" => Token::FilterReason,
        "action" => Token::FilterAction,
        "vpi" => Token::AtmField(AtmField::Vpi),
        "vci" => Token::AtmField(AtmField::Vci),
        _ => {
            return protocol(text)
                .map(Token::Protocol)
                .or_else(|| signalling(text))
                .or_else(|| constant(text).map(Token::Number));
        }
    })
}

fn protocol(text: &str) -> Option<Protocol> {
    Some(match text {
        "link" | "ether" | "ppp" | "slip" | "fddi" | "tr" | "wlan" => Protocol::Link,
        "arp" => Protocol::Arp,
        "rarp" => Protocol::Rarp,
        "ip" => Protocol::Ip,
        "sctp" => Protocol::Sctp,
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        "icmp" => Protocol::Icmp,
        "igmp" => Protocol::Igmp,
        "igrp" => Protocol::Igrp,
        "pim" => Protocol::Pim,
        "vrrp" => Protocol::Vrrp,
        "carp" => Protocol::Carp,
        "radio" => Protocol::Radio,
        "ip6" => Protocol::Ip6,
        "icmp6" => Protocol::Icmp6,
        "ah" => Protocol::Ah,
        "esp" => Protocol::Esp,
        "atalk" => Protocol::Atalk,
        "aarp" => Protocol::Aarp,
        "decnet" => Protocol::Decnet,
        "lat" => Protocol::Lat,
        "sca" => Protocol::Sca,
        "moprc" => Protocol::Moprc,
        "mopdl" => Protocol::Mopdl,
        "iso" => Protocol::Iso,
        "esis" | "es-is" => Protocol::Esis,
        "isis" | "is-is" => Protocol::Isis,
        "l1" => Protocol::IsisLevel1,
        "l2" => Protocol::IsisLevel2,
        "iih" => Protocol::IsisHello,
        "lsp" => Protocol::IsisLinkState,
        "snp" => Protocol::IsisSequence,
        "csnp" => Protocol::IsisCompleteSequence,
        "psnp" => Protocol::IsisPartialSequence,
        "clnp" => Protocol::Clnp,
        "stp" => Protocol::Stp,
        "ipx" => Protocol::Ipx,
        "netbeui" => Protocol::Netbeui,
        _ => return None,
    })
}

fn signalling(text: &str) -> Option<Token> {
    Some(match text {
        "lane" => Token::Atm(AtmKind::Lane),
        "metac" => Token::Atm(AtmKind::Metasignaling),
        "bcc" => Token::Atm(AtmKind::Broadcast),
        "oam" => Token::Atm(AtmKind::Oam),
        "oamf4" => Token::Atm(AtmKind::OamF4),
        "oamf4ec" => Token::Atm(AtmKind::OamF4EndToEnd),
        "oamf4sc" => Token::Atm(AtmKind::OamF4Segment),
        "sc" => Token::Atm(AtmKind::Signaling),
        "ilmic" => Token::Atm(AtmKind::Ilmi),
        "connectmsg" => Token::Atm(AtmKind::Connect),
        "metaconnect" => Token::Atm(AtmKind::MetasignalingConnect),
        "fisu" => Token::Mtp2(Mtp2Kind::Fisu),
        "lsu" | "lssu" => Token::Mtp2(Mtp2Kind::Lssu),
        "msu" => Token::Mtp2(Mtp2Kind::Msu),
        "hfisu" => Token::Mtp2(Mtp2Kind::HighSpeedFisu),
        "hlssu" => Token::Mtp2(Mtp2Kind::HighSpeedLssu),
        "hmsu" => Token::Mtp2(Mtp2Kind::HighSpeedMsu),
        "sio" => Token::Mtp3Field(Mtp3Field::ServiceInformation),
        "opc" => Token::Mtp3Field(Mtp3Field::OriginatingPoint),
        "dpc" => Token::Mtp3Field(Mtp3Field::DestinationPoint),
        "sls" => Token::Mtp3Field(Mtp3Field::LinkSelection),
        "hsio" => Token::Mtp3Field(Mtp3Field::HighSpeedServiceInformation),
        "hopc" => Token::Mtp3Field(Mtp3Field::HighSpeedOriginatingPoint),
        "hdpc" => Token::Mtp3Field(Mtp3Field::HighSpeedDestinationPoint),
        "hsls" => Token::Mtp3Field(Mtp3Field::HighSpeedLinkSelection),
        _ => return None,
    })
}

/// Offsets and values of header fields that have names.
fn constant(text: &str) -> Option<u32> {
    CONSTANTS.iter().find(|row| row.0 == text).map(|row| row.1)
}

const CONSTANTS: &[(&str, u32)] = &[
    ("icmptype", 0),
    ("icmpcode", 1),
    ("icmp-echoreply", 0),
    ("icmp-unreach", 3),
    ("icmp-sourcequench", 4),
    ("icmp-redirect", 5),
    ("icmp-echo", 8),
    ("icmp-routeradvert", 9),
    ("icmp-routersolicit", 10),
    ("icmp-timxceed", 11),
    ("icmp-paramprob", 12),
    ("icmp-tstamp", 13),
    ("icmp-tstampreply", 14),
    ("icmp-ireq", 15),
    ("icmp-ireqreply", 16),
    ("icmp-maskreq", 17),
    ("icmp-maskreply", 18),
    ("icmp6type", 0),
    ("icmp6code", 1),
    ("icmp6-destinationunreach", 1),
    ("icmp6-packettoobig", 2),
    ("icmp6-timeexceeded", 3),
    ("icmp6-parameterproblem", 4),
    ("icmp6-echo", 128),
    ("icmp6-echoreply", 129),
    ("icmp6-multicastlistenerquery", 130),
    ("icmp6-multicastlistenerreportv1", 131),
    ("icmp6-multicastlistenerdone", 132),
    ("icmp6-routersolicit", 133),
    ("icmp6-routeradvert", 134),
    ("icmp6-neighborsolicit", 135),
    ("icmp6-neighboradvert", 136),
    ("icmp6-redirect", 137),
    ("icmp6-routerrenum", 138),
    ("icmp6-nodeinformationquery", 139),
    ("icmp6-nodeinformationresponse", 140),
    ("icmp6-ineighbordiscoverysolicit", 141),
    ("icmp6-ineighbordiscoveryadvert", 142),
    ("icmp6-multicastlistenerreportv2", 143),
    ("icmp6-homeagentdiscoveryrequest", 144),
    ("icmp6-homeagentdiscoveryreply", 145),
    ("icmp6-mobileprefixsolicit", 146),
    ("icmp6-mobileprefixadvert", 147),
    ("icmp6-certpathsolicit", 148),
    ("icmp6-certpathadvert", 149),
    ("icmp6-multicastrouteradvert", 151),
    ("icmp6-multicastroutersolicit", 152),
    ("icmp6-multicastrouterterm", 153),
    ("tcpflags", 13),
    ("tcp-fin", 0x01),
    ("tcp-syn", 0x02),
    ("tcp-rst", 0x04),
    ("tcp-push", 0x08),
    ("tcp-ack", 0x10),
    ("tcp-urg", 0x20),
    ("tcp-ece", 0x40),
    ("tcp-cwr", 0x80),
];
