//! What a packet must have at the least for an expression to hold: hosts, ports and protocols, for an index to look up.
//!
//! A condition is necessary and not sufficient: a packet that fails it fails the expression, while one that meets it
//! has still to be tried. What cannot be told from addresses, ports and protocols alone is [`Condition::Any`], and so
//! is every negation.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use crate::ast::{Direction, Encapsulation, Kind, NodeId, NodeKind, Protocol, Qualifiers, Subject, Tree};
use crate::names::Names;

/// Conditions nested deeper than this are given up, so that who walks over one needs little stack.
const DEEPEST: usize = 32;
/// More than so many operands of one `or` are given up; an index would have to look up each.
const MOST_OPERANDS: usize = 4_096;

/// Values of the protocol field in an IP header (IANA).
mod ip_protocol {
    pub(super) const ICMP: u8 = 1;
    pub(super) const IGMP: u8 = 2;
    pub(super) const TCP: u8 = 6;
    pub(super) const IGRP: u8 = 9;
    pub(super) const UDP: u8 = 17;
    pub(super) const ESP: u8 = 50;
    pub(super) const AH: u8 = 51;
    pub(super) const ICMP6: u8 = 58;
    pub(super) const PIM: u8 = 103;
    pub(super) const VRRP: u8 = 112;
    pub(super) const SCTP: u8 = 132;
}

/// A protocol that Ethernet types tell apart.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Network {
    Ip,
    Ip6,
    Arp,
    Rarp,
}

/// What must hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// Nothing in particular.
    Any,
    /// This protocol is there.
    Network(Network),
    /// An IPv4 header, or an IPv6 header or the fragment header behind it, names this protocol.
    IpProtocol(u8),
    /// A source or destination address of IPv4, IPv6, ARP or RARP begins with so many bits of this one.
    Address(IpAddr, u8),
    /// A source or destination port of TCP, UDP or SCTP lies in this range.
    Port(RangeInclusive<u16>),
    /// All of these hold, which are two or more.
    All(Vec<Condition>),
    /// At least one of these holds, which are two or more.
    OneOf(Vec<Condition>),
}

impl Condition {
    /// The condition of a whole expression.
    pub fn of(tree: &Tree, names: &dyn Names) -> Condition {
        let Some(root) = tree.root else { return Condition::Any };
        // Behind an encapsulation, addresses stand elsewhere than in the packets that an index knows; but a tag that
        // must be there leads to where the index has followed it.
        let required = conjuncts(tree, root);
        let shifted = tree.nodes.iter().enumerate().find_map(|(id, node)| match node.kind {
            NodeKind::Encapsulation(Encapsulation::Vlan, _) if required.contains(&id) => None,
            NodeKind::Encapsulation(..) => Some(id),
            _ => None,
        });
        let known = shifted.unwrap_or(tree.nodes.len());
        let mut found: Vec<(Condition, usize)> = Vec::with_capacity(tree.nodes.len());
        for (id, node) in tree.nodes.iter().enumerate() {
            let mut take = |id: NodeId| match found.get_mut(id) {
                Some(operand) => std::mem::replace(operand, (Condition::Any, 0)),
                None => (Condition::Any, 0),
            };
            let condition = match &node.kind {
                NodeKind::And(left, right)
                | NodeKind::Compare(left, _, right)
                | NodeKind::Binary(left, _, right) => all(take(*left), take(*right)),
                NodeKind::Or(left, right) => one_of(take(*left), take(*right)),
                NodeKind::Negate(value) => take(*value),
                NodeKind::Load { protocol, index, .. } => {
                    let own = if id < known { protocol_condition(*protocol) } else { Condition::Any };
                    all(take(*index), (own, 0))
                }
                kind if id < known => (single(kind, names), 0),
                _ => (Condition::Any, 0),
            };
            found.push(condition);
        }
        found.into_iter().nth(root).map_or(Condition::Any, |(condition, _)| condition)
    }
}

/// The tests that must all hold, at the top of an expression.
fn conjuncts(tree: &Tree, root: NodeId) -> Vec<NodeId> {
    let mut waiting = vec![root];
    let mut found = Vec::new();
    while let Some(id) = waiting.pop() {
        match tree.nodes.get(id).map(|node| &node.kind) {
            Some(NodeKind::And(left, right)) => waiting.extend([*left, *right]),
            _ => found.push(id),
        }
    }
    found
}

/// Both hold; with the depth of nesting.
fn all(left: (Condition, usize), right: (Condition, usize)) -> (Condition, usize) {
    match (left, right) {
        ((Condition::Any, _), other) | (other, (Condition::Any, _)) => other,
        ((left, depth), (right, other)) if left == right => (left, depth.max(other)),
        ((Condition::All(mut list), depth), (Condition::All(more), other)) => {
            list.extend(more);
            (Condition::All(list), depth.max(other))
        }
        ((Condition::All(mut list), depth), (one, other))
        | ((one, other), (Condition::All(mut list), depth)) => {
            // What would lie too deep is left out, which asks for less.
            if other < DEEPEST {
                list.push(one);
            }
            (Condition::All(list), depth.max(other.min(DEEPEST - 1) + 1))
        }
        ((left, depth), (right, other)) => match (depth < DEEPEST, other < DEEPEST) {
            (true, true) => (Condition::All(vec![left, right]), depth.max(other) + 1),
            (true, false) => (left, depth),
            (false, true) => (right, other),
            (false, false) => (Condition::Any, 0),
        },
    }
}

/// At least one holds; with the depth of nesting.
fn one_of(left: (Condition, usize), right: (Condition, usize)) -> (Condition, usize) {
    let depth = left.1.max(right.1);
    let (left, right) = match (left.0, right.0) {
        (Condition::Any, _) | (_, Condition::Any) => return (Condition::Any, 0),
        (left, right) if left == right => return (left, depth),
        operands => operands,
    };
    let mut list = Vec::new();
    for operand in [left, right] {
        match operand {
            Condition::OneOf(operands) if list.is_empty() => list = operands,
            Condition::OneOf(operands) => list.extend(operands),
            operand => list.push(operand),
        }
    }
    if depth >= DEEPEST || list.len() > MOST_OPERANDS {
        return (Condition::Any, 0);
    }
    (Condition::OneOf(list), depth + 1)
}

/// The condition of a test that has no operands.
fn single(kind: &NodeKind, names: &dyn Names) -> Condition {
    match kind {
        NodeKind::Identifier { qualifiers: Some(qualifiers), subject, .. } => {
            identifier(*qualifiers, subject, names).unwrap_or(Condition::Any)
        }
        NodeKind::Protocol(protocol) => protocol_condition(*protocol),
        NodeKind::Broadcast(Some(Protocol::Ip)) | NodeKind::Multicast(Some(Protocol::Ip)) => {
            Condition::Network(Network::Ip)
        }
        NodeKind::Multicast(Some(Protocol::Ip6)) => Condition::Network(Network::Ip6),
        _ => Condition::Any,
    }
}

fn protocol_condition(protocol: Protocol) -> Condition {
    let number = match protocol {
        Protocol::Ip => return Condition::Network(Network::Ip),
        Protocol::Ip6 => return Condition::Network(Network::Ip6),
        Protocol::Arp => return Condition::Network(Network::Arp),
        Protocol::Rarp => return Condition::Network(Network::Rarp),
        Protocol::Icmp => ip_protocol::ICMP,
        Protocol::Igmp => ip_protocol::IGMP,
        Protocol::Tcp => ip_protocol::TCP,
        Protocol::Igrp => ip_protocol::IGRP,
        Protocol::Udp => ip_protocol::UDP,
        Protocol::Esp => ip_protocol::ESP,
        Protocol::Ah => ip_protocol::AH,
        Protocol::Icmp6 => ip_protocol::ICMP6,
        Protocol::Pim => ip_protocol::PIM,
        Protocol::Vrrp | Protocol::Carp => ip_protocol::VRRP,
        Protocol::Sctp => ip_protocol::SCTP,
        _ => return Condition::Any,
    };
    Condition::IpProtocol(number)
}

/// The condition of a name, address or number; `None` where an index cannot tell.
fn identifier(qualifiers: Qualifiers, subject: &Subject, names: &dyn Names) -> Option<Condition> {
    match qualifiers.kind {
        None | Some(Kind::Host | Kind::Net) => address(qualifiers, subject),
        Some(Kind::Port | Kind::PortRange) => ports(qualifiers, subject, names),
        Some(Kind::Proto) => match (qualifiers.protocol, subject) {
            (None | Some(Protocol::Ip | Protocol::Ip6), Subject::Number(number)) => {
                u8::try_from(*number).ok().map(Condition::IpProtocol)
            }
            _ => None,
        },
        Some(Kind::Gateway | Kind::ProtoChain) => None,
    }
}

/// Addresses as they are written. Names are left out: they may mean other addresses each time that they are asked for.
fn address(qualifiers: Qualifiers, subject: &Subject) -> Option<Condition> {
    let on_network = matches!(
        qualifiers.protocol,
        None | Some(Protocol::Ip | Protocol::Arp | Protocol::Rarp | Protocol::Ip6)
    );
    let of_wlan = matches!(
        qualifiers.direction,
        Some(Direction::Address(_) | Direction::Receiver | Direction::Transmitter)
    );
    if !on_network || of_wlan {
        return None;
    }
    let v4 = |address: u32, mask: u32| Condition::Address(IpAddr::V4(address.into()), leading_ones(mask));
    Some(match subject {
        Subject::Number(number) if qualifiers.kind == Some(Kind::Net) => {
            let (mut address, mut mask) = (*number, u32::MAX);
            while address != 0 && address & 0xff00_0000 == 0 {
                (address, mask) = (address << 8, mask << 8);
            }
            v4(address, mask)
        }
        Subject::Number(number) => v4(*number, u32::MAX),
        Subject::Dotted(text) => {
            let (address, mask) = dotted(text)?;
            v4(address, mask)
        }
        Subject::DottedPrefix(text, length) => {
            v4(dotted(text)?.0, u32::MAX.checked_shl(32_u32.checked_sub(*length)?).unwrap_or(0))
        }
        Subject::DottedMask(text, mask) => v4(dotted(text)?.0, dotted(mask)?.0),
        Subject::Address6(_, address) => Condition::Address(IpAddr::V6(*address), 128),
        Subject::Prefix6(_, address, length) => Condition::Address(
            IpAddr::V6(*address),
            u8::try_from(*length).ok().filter(|length| *length <= 128)?,
        ),
        _ => return None,
    })
}

fn leading_ones(mask: u32) -> u8 {
    // At most 32.
    mask.leading_ones() as u8
}

/// One to four decimal bytes, as the upper bytes of an address, and the mask that covers them.
fn dotted(text: &str) -> Option<(u32, u32)> {
    let (mut address, mut bits) = (0_u32, 0_u32);
    for part in text.split('.') {
        let byte: u32 = part.parse().ok().filter(|byte| *byte <= 0xff)?;
        address = address.checked_shl(8)? | byte;
        bits += 8;
    }
    let unused = 32_u32.checked_sub(bits)?;
    Some((address.checked_shl(unused)?, u32::MAX.checked_shl(unused)?))
}

fn ports(qualifiers: Qualifiers, subject: &Subject, names: &dyn Names) -> Option<Condition> {
    let port = |name: &str| u16::try_from(names.port(name)?.number).ok();
    let (first, last) = match subject {
        Subject::Number(number) => {
            let number = u16::try_from(*number).ok()?;
            (number, number)
        }
        Subject::Name(name) if qualifiers.kind == Some(Kind::PortRange) => {
            let (first, last) = name.split_once('-').unwrap_or((name, name));
            (port(first)?, port(last)?)
        }
        Subject::Name(name) => {
            let number = port(name)?;
            (number, number)
        }
        _ => return None,
    };
    let range = Condition::Port(first.min(last)..=first.max(last));
    let transport = qualifiers.protocol.map_or(Condition::Any, protocol_condition);
    Some(all((transport, 0), (range, 0)).0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::SystemNames;

    fn of(expression: &str) -> Condition {
        Condition::of(&crate::parse(expression).expect("the expression is right"), &SystemNames)
    }

    fn host(text: &str, length: u8) -> Condition {
        Condition::Address(text.parse().expect("an address"), length)
    }

    #[test]
    fn addresses_ports_and_protocols_are_told() {
        assert_eq!(of(""), Condition::Any);
        assert_eq!(of("host 10.1.2.3"), host("10.1.2.3", 32));
        assert_eq!(of("src net 10.1"), host("10.1.0.0", 16));
        assert_eq!(of("net 10.1.0.0/20"), host("10.1.0.0", 20));
        assert_eq!(of("net 10.0.3.0 mask 255.0.255.0"), host("10.0.3.0", 8));
        assert_eq!(of("ip6 net fe80::/10"), host("fe80::", 10));
        assert_eq!(of("portrange 90-80"), Condition::Port(80..=90));
        assert_eq!(
            of("udp port 53"),
            Condition::All(vec![Condition::IpProtocol(17), Condition::Port(53..=53)])
        );
        assert_eq!(of("tcp[13] == 18"), Condition::IpProtocol(6));
        assert_eq!(of("arp"), Condition::Network(Network::Arp));
    }

    #[test]
    fn what_an_index_cannot_tell_asks_for_nothing() {
        for expression in
            ["not host 10.1.2.3", "ether host 0:1:2:3:4:5", "less 100", "len > 3", "vlan", "inbound"]
        {
            assert_eq!(of(expression), Condition::Any, "{expression}");
        }
        assert_eq!(of("port 80 or less 100"), Condition::Any);
        assert_eq!(of("port 80 and less 100"), Condition::Port(80..=80));
        assert_eq!(of("port 80 and not host 10.1.2.3"), Condition::Port(80..=80));
    }

    #[test]
    fn behind_an_encapsulation_only_a_required_tag_is_followed() {
        assert_eq!(of("vlan 5 and host 10.1.2.3"), host("10.1.2.3", 32));
        assert_eq!(of("(vlan or arp) and host 10.1.2.3"), Condition::Any);
        assert_eq!(of("not vlan and host 10.1.2.3"), Condition::Any);
        assert_eq!(of("port 80 and mpls and host 10.1.2.3"), Condition::Port(80..=80));
        assert_eq!(of("vlan and pppoes and host 10.1.2.3"), Condition::Any);
    }

    #[test]
    fn deep_nesting_ends_in_less_and_not_in_more() {
        let mut expression = "port 1".to_owned();
        for number in 2..200 {
            let word = if number % 2 == 0 { "or" } else { "and" };
            expression = format!("({expression}) {word} port {number}");
        }
        fn depth(condition: &Condition) -> usize {
            match condition {
                Condition::All(list) | Condition::OneOf(list) => {
                    1 + list.iter().map(depth).max().unwrap_or(0)
                }
                _ => 0,
            }
        }
        assert!(depth(&of(&expression)) <= DEEPEST);
    }
}
