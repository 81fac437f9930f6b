//! What a name, address or number under its qualifiers says.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::term::packet_of;
use crate::ast::{Direction, Kind, Protocol, Qualifiers, Subject};
use crate::names::Names;

pub(super) fn describe(
    qualifiers: Option<Qualifiers>,
    carried: bool,
    subject: &Subject,
    names: &dyn Names,
) -> String {
    let qualifiers = qualifiers.unwrap_or_default();
    let text = match qualifiers.kind {
        Some(Kind::Port) => port(qualifiers, subject, names),
        Some(Kind::PortRange) => port_range(qualifiers, subject),
        Some(kind @ (Kind::Proto | Kind::ProtoChain)) => protocol(qualifiers, kind, subject, names),
        Some(Kind::Gateway) => format!(
            "{} forwarded it: its hardware address is there, its network address is not",
            written(subject)
        ),
        Some(Kind::Net) => address(qualifiers, subject, "network"),
        Some(Kind::Host) | None => address(qualifiers, subject, "host"),
    };
    if carried { format!("{text} (as in the term before: {})", words_of(qualifiers)) } else { text }
}

/// Qualifiers as they are written.
fn words_of(qualifiers: Qualifiers) -> String {
    let direction = match qualifiers.direction {
        Some(Direction::Source) => Some("src"),
        Some(Direction::Destination) => Some("dst"),
        Some(Direction::SourceOrDestination) => Some("src or dst"),
        Some(Direction::SourceAndDestination) => Some("src and dst"),
        Some(Direction::Receiver) => Some("ra"),
        Some(Direction::Transmitter) => Some("ta"),
        Some(Direction::Address(_)) => Some("addr"),
        None => None,
    };
    let protocol = qualifiers.protocol.map(|protocol| match protocol {
        Protocol::Link => "ether",
        other => other.name(),
    });
    let kind = qualifiers.kind.map(Kind::name).or(if direction.is_some() { None } else { Some("host") });
    [protocol, direction, kind].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn which(direction: Option<Direction>, what: &str) -> String {
    match direction {
        Some(Direction::Source) => format!("its source {what} is"),
        Some(Direction::Destination) => format!("its destination {what} is"),
        Some(Direction::SourceAndDestination) => format!("its source and its destination {what} both are"),
        Some(Direction::Address(number)) => format!("{what} {number} of its 802.11 header is"),
        Some(Direction::Receiver) => format!("its receiver's {what} is"),
        Some(Direction::Transmitter) => format!("its transmitter's {what} is"),
        None | Some(Direction::SourceOrDestination) => format!("its source or destination {what} is"),
    }
}

fn port(qualifiers: Qualifiers, subject: &Subject, names: &dyn Names) -> String {
    let (number, name) = match subject {
        Subject::Name(name) => (names.port(name).map(|port| port.number), Some(name.clone())),
        Subject::Number(number) => (Some(*number), names.port_name(*number)),
        _ => (None, None),
    };
    let shown = match (number, name) {
        (Some(number), Some(name)) if name != number.to_string() => format!("{number} ({name})"),
        (Some(number), _) => number.to_string(),
        _ => written(subject),
    };
    let only = match subject {
        Subject::Name(name) => names.port(name).and_then(|port| port.transport),
        _ => None,
    };
    format!("{} {shown}, {}", which(qualifiers.direction, "port"), transport(qualifiers.protocol, only))
}

fn port_range(qualifiers: Qualifiers, subject: &Subject) -> String {
    let shown = match subject {
        Subject::Name(name) => match name.split_once('-') {
            Some((first, last)) => format!("from {first} to {last}"),
            None => name.clone(),
        },
        _ => written(subject),
    };
    format!("{} {shown}, {}", which(qualifiers.direction, "port"), transport(qualifiers.protocol, None))
}

fn transport(protocol: Option<Protocol>, only: Option<u32>) -> String {
    match (protocol, only) {
        (Some(protocol), _) => {
            format!("{} over IPv4 or IPv6", protocol.name().to_uppercase())
        }
        (None, Some(6)) => "TCP over IPv4 or IPv6".to_owned(),
        (None, Some(17)) => "UDP over IPv4 or IPv6".to_owned(),
        (None, _) => "TCP, UDP or SCTP over IPv4 or IPv6".to_owned(),
    }
}

fn protocol(qualifiers: Qualifiers, kind: Kind, subject: &Subject, names: &dyn Names) -> String {
    let over = match qualifiers.protocol {
        None => "IPv4 or IPv6".to_owned(),
        Some(Protocol::Ip) => "IPv4".to_owned(),
        Some(Protocol::Ip6) => "IPv6".to_owned(),
        Some(Protocol::Link) => "the link-layer header".to_owned(),
        Some(other) => packet_of(other),
    };
    let internet = !matches!(qualifiers.protocol, Some(Protocol::Link | Protocol::Iso | Protocol::Isis));
    let shown = match subject {
        Subject::Name(name) => match names.protocol(name).filter(|_| internet) {
            Some(number) => format!("{name} ({number})"),
            None => name.clone(),
        },
        Subject::Number(number) if internet => {
            names.protocol_name(*number).map_or(number.to_string(), |name| format!("{number} ({name})"))
        }
        Subject::Number(number) => format!("{number} ({number:#06x})"),
        _ => written(subject),
    };
    if kind == Kind::ProtoChain {
        return format!("somewhere in its chain of headers over {over} is protocol {shown}");
    }
    format!("{over} says that protocol {shown} is inside")
}

fn address(qualifiers: Qualifiers, subject: &Subject, what: &str) -> String {
    let verb = match qualifiers.protocol {
        Some(Protocol::Link) => which(qualifiers.direction, "link-layer address"),
        Some(Protocol::Ip) => which(qualifiers.direction, "IPv4 address"),
        Some(Protocol::Ip6) => which(qualifiers.direction, "IPv6 address"),
        Some(protocol @ (Protocol::Arp | Protocol::Rarp)) => {
            which(qualifiers.direction, &format!("{} address", protocol.name().to_uppercase()))
        }
        Some(protocol) => {
            format!("it is {}, and {}", packet_of(protocol), which(qualifiers.direction, "address"))
        }
        None => which(qualifiers.direction, "address"),
    };
    let shown = match subject {
        Subject::Name(name) if what == "network" => format!("in the network named {name}"),
        Subject::Name(name) => format!("one of those of {name}, as the resolver knows them"),
        Subject::Number(number) => Ipv4Addr::from_bits(*number).to_string(),
        Subject::Dotted(text) => dotted(text),
        Subject::DottedPrefix(text, length) => match network(text, *length) {
            Some(range) => format!("in {text}/{length} ({range})"),
            None => format!("in {text}/{length}"),
        },
        Subject::DottedMask(text, mask) => format!("{text} under the mask {mask}"),
        Subject::Address6(_, address) => address.to_string(),
        Subject::Prefix6(_, address, length) => {
            let last = u128::MAX.checked_shr(*length).unwrap_or(0) | address.to_bits();
            format!("in {address}/{length} ({address} to {})", Ipv6Addr::from_bits(last))
        }
        Subject::Ethernet(_) | Subject::Arcnet(_) => written(subject),
    };
    let also_arp = qualifiers.protocol.is_none()
        && !matches!(
            subject,
            Subject::Address6(..) | Subject::Prefix6(..) | Subject::Ethernet(_) | Subject::Arcnet(_)
        );
    let where_found = if also_arp { ", in IPv4, ARP or RARP" } else { "" };
    format!("{verb} {shown}{where_found}")
}

/// One address, or of fewer than four bytes all that begin so.
fn dotted(text: &str) -> String {
    let parts = u32::try_from(text.split('.').count()).unwrap_or(4);
    if parts >= 4 {
        return text.to_owned();
    }
    let length = parts * 8;
    network(text, length).map_or_else(|| text.to_owned(), |range| format!("in {text}/{length} ({range})"))
}

/// The first and last address of a network.
fn network(text: &str, length: u32) -> Option<String> {
    let first = crate::hint::padded(text)?;
    let last = first | u32::MAX.checked_shr(length).unwrap_or(0);
    Some(format!("{} to {}", Ipv4Addr::from_bits(first), Ipv4Addr::from_bits(last)))
}

fn written(subject: &Subject) -> String {
    match subject {
        Subject::Name(text) | Subject::Dotted(text) | Subject::Address6(text, _) => text.clone(),
        Subject::Number(number) => number.to_string(),
        Subject::DottedPrefix(text, length) | Subject::Prefix6(text, _, length) => format!("{text}/{length}"),
        Subject::DottedMask(text, mask) => format!("{text} mask {mask}"),
        Subject::Ethernet(bytes) => bytes.map(|byte| format!("{byte:02x}")).join(":"),
        Subject::Arcnet(byte) => format!("${byte:02x}"),
    }
}
