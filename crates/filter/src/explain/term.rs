//! What a single test says.

use super::{Comparison, Ranges, field, identifier};
use crate::ast::{
    AtmField, AtmKind, ByteOperator, Encapsulation, Llc, Mtp2Kind, NodeId, NodeKind, Operator, PacketFilter,
    Protocol, Relation, Tree,
};
use crate::names::Names;

/// Arithmetic that is nested deeper is shown as it was written.
const DEEPEST_VALUE: usize = 8;

/// A test in words; joined tests are not its concern.
pub(super) fn describe(
    expression: &str,
    tree: &Tree,
    ranges: &Ranges,
    id: NodeId,
    names: &dyn Names,
) -> String {
    let Some(node) = tree.nodes.get(id) else { return String::new() };
    match &node.kind {
        NodeKind::Identifier { qualifiers, carried, subject, .. } => {
            identifier::describe(*qualifiers, *carried, subject, names)
        }
        NodeKind::Protocol(protocol) => format!("it is {}", packet_of(*protocol)),
        NodeKind::Compare(left, relation, right) => {
            if let Some(comparison) = Comparison::of(tree, ranges, id) {
                return known_comparison(&comparison);
            }
            let values = Values { expression, tree, ranges };
            let (left, right) = (value(&values, *left, 0), value(&values, *right, 0));
            format!("{left} {} {right}", self::relation(*relation))
        }
        NodeKind::Broadcast(Some(Protocol::Ip)) => "its IPv4 destination is a broadcast address".to_owned(),
        NodeKind::Broadcast(_) => "its link-layer destination is the broadcast address".to_owned(),
        NodeKind::Multicast(Some(Protocol::Ip)) => {
            "its IPv4 destination is a group address (224.0.0.0 or above)".to_owned()
        }
        NodeKind::Multicast(Some(Protocol::Ip6)) => {
            "its IPv6 destination is a group address (ff00::/8)".to_owned()
        }
        NodeKind::Multicast(_) => "its link-layer destination is a group address".to_owned(),
        NodeKind::Less(length) => format!("it is at most {length} bytes long"),
        NodeKind::Greater(length) => format!("it is at least {length} bytes long"),
        NodeKind::Byte { index, operator, value } => byte(*index, *operator, *value),
        NodeKind::Inbound => "the capturing machine received it".to_owned(),
        NodeKind::Outbound => "the capturing machine sent it".to_owned(),
        NodeKind::Interface(number) => format!("it was seen at interface number {number}"),
        NodeKind::Encapsulation(kind, number) => encapsulation(*kind, *number),
        NodeKind::PacketFilter(field) => packet_filter(field),
        NodeKind::WlanType { frame_type, subtype } => {
            let kind = wlan_type(*frame_type);
            subtype.map_or_else(
                || format!("it is {kind}"),
                |subtype| format!("it is {kind} with subtype bits {subtype:#04x}"),
            )
        }
        NodeKind::WlanSubtype(bits) => {
            format!("it is {} with subtype bits {:#04x}", wlan_type(bits & 0x0c), bits & 0xf0)
        }
        NodeKind::WlanDirection(bits) => format!("the two direction bits of its 802.11 header are {bits}"),
        NodeKind::Llc(llc) => self::llc(*llc),
        NodeKind::Atm(kind) => format!("it is ATM traffic of the kind {} ({})", kind.name(), atm(*kind)),
        NodeKind::AtmField(field, relation, value) => {
            let field = match field {
                AtmField::Vpi => "virtual path",
                AtmField::Vci => "virtual channel",
            };
            format!("its ATM {field} {} {value}", self::relation(*relation))
        }
        NodeKind::Mtp2(kind) => format!("it is an MTP2 signal unit: {}", mtp2(*kind)),
        NodeKind::Mtp3Field(field, relation, value) => {
            format!("its MTP3 field {} {} {value}", field.name(), self::relation(*relation))
        }
        // Groups have words of their own, and values are a part of their comparison.
        _ => expression.get(node.span.clone()).unwrap_or("").to_owned(),
    }
}

struct Values<'a> {
    expression: &'a str,
    tree: &'a Tree,
    ranges: &'a Ranges,
}

fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "equals",
        Relation::NotEqual => "differs from",
        Relation::Less => "is less than",
        Relation::LessOrEqual => "is at most",
        Relation::Greater => "is greater than",
        Relation::GreaterOrEqual => "is at least",
    }
}

fn known_comparison(comparison: &Comparison) -> String {
    let Comparison { protocol, index, size, mask, relation, value } = *comparison;
    let place = bytes(protocol, index, size);
    if comparison.is_tcp_flags() {
        return format!("{place} {}", flags(mask, relation, value));
    }
    let place = match mask {
        None => place,
        Some(mask) => match field::masked_name(protocol, index, size, mask) {
            Some(name) => format!("{name} (of {})", bare(protocol, index, size)),
            None => format!("{place}, of its bits those of {mask:#x},"),
        },
    };
    let meaning = field::value_name(protocol, index, size, value).filter(|_| mask.is_none());
    let meaning = meaning.map_or(String::new(), |meaning| format!(" ({meaning})"));
    match (mask.map(u32::count_ones), relation, value) {
        (Some(1), Relation::NotEqual, 0) => format!("{place} is set"),
        (Some(1), Relation::Equal, 0) => format!("{place} is not set"),
        _ => format!("{place} {} {}{meaning}", self::relation(relation), number(value)),
    }
}

/// What a comparison says of TCP's flags.
fn flags(mask: Option<u32>, relation: Relation, value: u32) -> String {
    let list = |value: u32, word: &str| {
        let names = field::tcp_flags(value);
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, first)) => format!("{} {word} {last}", first.join(", ")),
            None => "no flag".to_owned(),
        }
    };
    let verb = self::relation(relation);
    match (mask, relation) {
        (None, Relation::Equal) if value == 0 => "equals 0: no flag is set".to_owned(),
        (None, Relation::Equal) => format!("equals {value}: exactly {}", list(value, "and")),
        (None, Relation::NotEqual) => format!("differs from {value}: not exactly {}", list(value, "and")),
        (Some(mask), Relation::NotEqual) if value == 0 => match mask.count_ones() {
            1 => format!("has {} set", list(mask, "and")),
            _ => format!("has at least one of {} set", list(mask, "and")),
        },
        (Some(mask), Relation::Equal) if value == 0 => format!("has none of {} set", list(mask, "and")),
        (Some(mask), Relation::Equal) if value == mask => format!("has {} set", list(mask, "and")),
        (Some(mask), Relation::Equal | Relation::NotEqual) => {
            let not = if relation == Relation::Equal { "" } else { "not " };
            format!("has, of {}, {not}exactly {} set", list(mask, "and"), list(value, "and"))
        }
        (Some(mask), _) => format!("with {mask:#x} masked out {verb} {value}"),
        (None, _) => format!("{verb} {value}"),
    }
}

fn value(values: &Values, id: NodeId, depth: usize) -> String {
    let Some(node) = values.tree.nodes.get(id) else { return String::new() };
    let written = || values.expression.get(node.span.clone()).unwrap_or("").to_owned();
    match &node.kind {
        NodeKind::Number(number) => self::number(*number),
        NodeKind::Length => "the length of the packet".to_owned(),
        NodeKind::Load { protocol, index, size } => match values.ranges.constant(*index) {
            Some(index) => bytes(*protocol, index, *size),
            None => format!("{} at a computed place of {} ({})", count(*size), header(*protocol), written()),
        },
        NodeKind::Binary(left, operator, right) if depth < DEEPEST_VALUE => {
            let (left, right) = (value(values, *left, depth + 1), value(values, *right, depth + 1));
            match operator {
                Operator::And => format!("({left} under the mask {right})"),
                _ => format!("({left} {} {right})", sign(*operator)),
            }
        }
        _ => written(),
    }
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "plus",
        Operator::Subtract => "minus",
        Operator::Multiply => "times",
        Operator::Divide => "divided by",
        Operator::Modulus => "modulo",
        Operator::And => "and",
        Operator::Or => "with the bits of",
        Operator::ExclusiveOr => "with flipped bits of",
        Operator::ShiftLeft => "shifted left by",
        Operator::ShiftRight => "shifted right by",
    }
}

fn number(value: u32) -> String {
    if value < 10 { value.to_string() } else { format!("{value} ({value:#x})") }
}

fn count(size: u32) -> String {
    if size == 1 { "the byte".to_owned() } else { format!("{size} bytes") }
}

fn bare(protocol: Protocol, index: u32, size: u32) -> String {
    let header = header(protocol);
    match size {
        0 | 1 => format!("byte {index} of {header}"),
        _ => format!("bytes {index} to {} of {header}", u64::from(index) + u64::from(size) - 1),
    }
}

/// Bytes of a header with the name of what they hold.
fn bytes(protocol: Protocol, index: u32, size: u32) -> String {
    let place = bare(protocol, index, size);
    field::name(protocol, index, size).map_or(place.clone(), |name| format!("{place} ({name})"))
}

fn header(protocol: Protocol) -> String {
    match protocol {
        Protocol::Link => "the frame".to_owned(),
        Protocol::Radio => "the radio header".to_owned(),
        Protocol::Ip => "the IPv4 header".to_owned(),
        Protocol::Ip6 => "the IPv6 header".to_owned(),
        Protocol::Icmp6 => "the ICMPv6 header".to_owned(),
        _ => format!("the {} header", protocol.name().to_uppercase()),
    }
}

/// A packet of a protocol, with the number that it is told by.
pub(super) fn packet_of(protocol: Protocol) -> String {
    let text = match protocol {
        Protocol::Link => "a link-layer frame",
        Protocol::Ip => "IPv4 (type 0x0800)",
        Protocol::Ip6 => "IPv6 (type 0x86dd)",
        Protocol::Arp => "ARP (type 0x0806)",
        Protocol::Rarp => "RARP (type 0x8035)",
        Protocol::Tcp => "TCP (protocol 6, over IPv4 or IPv6)",
        Protocol::Udp => "UDP (protocol 17, over IPv4 or IPv6)",
        Protocol::Sctp => "SCTP (protocol 132, over IPv4 or IPv6)",
        Protocol::Icmp => "ICMP (protocol 1, over IPv4)",
        Protocol::Icmp6 => "ICMPv6 (protocol 58, over IPv6)",
        Protocol::Igmp => "IGMP (protocol 2, over IPv4)",
        Protocol::Igrp => "IGRP (protocol 9, over IPv4)",
        Protocol::Pim => "PIM (protocol 103, over IPv4 or IPv6)",
        Protocol::Vrrp | Protocol::Carp => "VRRP or CARP (protocol 112, over IPv4)",
        Protocol::Ah => "AH (protocol 51, over IPv4 or IPv6)",
        Protocol::Esp => "ESP (protocol 50, over IPv4 or IPv6)",
        Protocol::Atalk => "AppleTalk (type 0x809b)",
        Protocol::Aarp => "AppleTalk ARP (type 0x80f3)",
        Protocol::Decnet => "DECnet (type 0x6003)",
        Protocol::Lat => "LAT (type 0x6004)",
        Protocol::Sca => "SCA (type 0x6007)",
        Protocol::Moprc => "MOP remote console (type 0x6002)",
        Protocol::Mopdl => "MOP dump and load (type 0x6001)",
        Protocol::Iso => "ISO (service access point 0xfe)",
        Protocol::Esis => "ES-IS (ISO protocol 0x82)",
        Protocol::Isis => "IS-IS (ISO protocol 0x83)",
        Protocol::Clnp => "CLNP (ISO protocol 0x81)",
        Protocol::Stp => "spanning tree (service access point 0x42)",
        Protocol::Ipx => "IPX (type 0x8137 or service access point 0xe0)",
        Protocol::Netbeui => "NetBEUI (service access point 0xf0)",
        Protocol::IsisLevel1 => "IS-IS of level 1",
        Protocol::IsisLevel2 => "IS-IS of level 2",
        Protocol::IsisHello => "an IS-IS hello",
        Protocol::IsisLinkState => "an IS-IS link state packet",
        Protocol::IsisSequence => "an IS-IS sequence numbers packet",
        Protocol::IsisCompleteSequence => "an IS-IS complete sequence numbers packet",
        Protocol::IsisPartialSequence => "an IS-IS partial sequence numbers packet",
        Protocol::Radio => "a frame with radio information",
    };
    text.to_owned()
}

fn byte(index: u32, operator: ByteOperator, value: u32) -> String {
    let place = format!("byte {index} of the frame");
    match operator {
        ByteOperator::Equal => format!("{place} equals {}", number(value)),
        ByteOperator::Less => format!("{place} is less than {}", number(value)),
        ByteOperator::Greater => format!("{place} is greater than {}", number(value)),
        ByteOperator::And => format!("{place} has at least one of the bits {value:#x} set"),
        ByteOperator::Or => format!("{place} with the bits {value:#x} is not 0"),
    }
}

fn encapsulation(kind: Encapsulation, number: Option<u32>) -> String {
    let (has, what) = match kind {
        Encapsulation::Vlan => ("it has a VLAN tag", "VLAN"),
        Encapsulation::Mpls => ("it has an MPLS label", "label"),
        Encapsulation::PppoeDiscovery => return "it is PPPoE discovery (type 0x8863)".to_owned(),
        Encapsulation::PppoeSession => ("it is a PPPoE session packet (type 0x8864)", "session"),
        Encapsulation::Geneve => ("it is in a Geneve tunnel (UDP port 6081)", "network identifier"),
        Encapsulation::Vxlan => ("it is in a VXLAN tunnel (UDP port 4789)", "network identifier"),
    };
    let number = number.map_or(String::new(), |number| format!(", {what} {number}"));
    format!("{has}{number}; every later term looks behind it")
}

fn packet_filter(field: &PacketFilter) -> String {
    match field {
        PacketFilter::Interface(name) => format!("the packet filter saw it at the interface {name}"),
        PacketFilter::Ruleset(name) => format!("the rule that logged it is of the ruleset {name}"),
        PacketFilter::Rule(number) => format!("rule {number} of the packet filter logged it"),
        PacketFilter::Subrule(number) => format!("rule {number} within its ruleset logged it"),
        PacketFilter::Reason(code) => format!("the packet filter logged it for reason {code}"),
        PacketFilter::Action(code) => format!("the packet filter's action was {code}"),
    }
}

fn wlan_type(bits: u32) -> &'static str {
    match bits {
        0x00 => "an 802.11 management frame",
        0x04 => "an 802.11 control frame",
        0x08 => "an 802.11 data frame",
        _ => "an 802.11 frame of the reserved type",
    }
}

fn llc(llc: Llc) -> String {
    match llc {
        Llc::Any => "it has an 802.2 LLC header".to_owned(),
        Llc::Information => "it is an LLC information frame".to_owned(),
        Llc::Supervisory => "it is an LLC supervisory frame".to_owned(),
        Llc::Unnumbered => "it is an LLC unnumbered frame".to_owned(),
        Llc::SupervisoryCode(bits) => format!("it is an LLC supervisory frame with control bits {bits:#04x}"),
        Llc::UnnumberedCode(bits) => format!("it is an LLC unnumbered frame with control bits {bits:#04x}"),
    }
}

fn atm(kind: AtmKind) -> &'static str {
    match kind {
        AtmKind::Lane => "LAN emulation",
        AtmKind::Metasignaling => "meta signalling",
        AtmKind::Broadcast => "broadcast signalling",
        AtmKind::OamF4Segment => "segment OAM F4 cells",
        AtmKind::OamF4EndToEnd => "end-to-end OAM F4 cells",
        AtmKind::Signaling => "signalling",
        AtmKind::Ilmi => "interim local management",
        AtmKind::Oam | AtmKind::OamF4 => "operation and maintenance cells",
        AtmKind::Connect => "messages that set up and end connections",
        AtmKind::MetasignalingConnect => "the same on the meta signalling channel",
    }
}

fn mtp2(kind: Mtp2Kind) -> &'static str {
    match kind {
        Mtp2Kind::Fisu => "fill-in",
        Mtp2Kind::Lssu => "link status",
        Mtp2Kind::Msu => "message",
        Mtp2Kind::HighSpeedFisu => "fill-in, high-speed link",
        Mtp2Kind::HighSpeedLssu => "link status, high-speed link",
        Mtp2Kind::HighSpeedMsu => "message, high-speed link",
    }
}
