//! What a filter does not see: inside tunnels and tags, later fragments, other protocols with the same numbers.

use wirescope_wire::LinkType;

use super::{Examined, Report};
use crate::ast::{Kind, NodeKind, Protocol, Subject};
use crate::part::first_of;

/// Packets that ordinary terms do not look into.
pub struct Unseen {
    /// What they are.
    pub what: &'static str,
    /// The filter that finds them.
    pub filter: &'static str,
    /// What stands before `and (...)` to look inside; `None` where the language has nothing for it.
    pub prefix: Option<&'static str>,
}

/// What hides packets from ordinary terms, with the filters that find it.
pub const UNSEEN: &[Unseen] = &[
    Unseen { what: "with a VLAN tag", filter: "vlan", prefix: Some("vlan") },
    Unseen { what: "with an MPLS label", filter: "mpls", prefix: Some("mpls") },
    Unseen { what: "in a PPPoE session", filter: "pppoes", prefix: Some("pppoes") },
    Unseen { what: "in a VXLAN tunnel", filter: "udp port 4789", prefix: Some("vxlan") },
    Unseen { what: "in a Geneve tunnel", filter: "udp port 6081", prefix: Some("geneve") },
    Unseen { what: "in a GRE tunnel", filter: "proto 47", prefix: None },
    Unseen { what: "in an IP-in-IP tunnel", filter: "proto 4 or proto 41", prefix: None },
    Unseen { what: "that are later fragments, without ports", filter: "ip[6:2] & 0x1fff != 0", prefix: None },
];

/// `vlan or host a`: every term behind `vlan` looks behind a tag, even where `vlan` does not hold.
pub(super) fn encapsulation_shifts(examined: &Examined, report: &mut Report) {
    for (id, node) in examined.nodes() {
        if !node.kind.is_encapsulation() {
            continue;
        }
        let word = examined.text(&node.span).split_whitespace().next().unwrap_or("");
        let mut at = id;
        // Whether a packet without the header can come as far as what follows.
        let mut may_fail = false;
        while let Some(parent) = examined.parent(at) {
            let split = match examined.kind(parent) {
                Some(NodeKind::Or(first, second)) if *first == at => Some(*second),
                Some(NodeKind::And(first, second)) if *first == at && may_fail => Some(*second),
                Some(NodeKind::Or(..) | NodeKind::Not(_)) => {
                    may_fail = true;
                    None
                }
                _ => None,
            };
            at = parent;
            let Some(later) = split.and_then(|later| examined.node(later)) else { continue };
            let later_text = examined.text(&later.span);
            let first = split.map_or(0, |later| first_of(examined.tree, later));
            let same = examined.kind(first).is_some_and(
                |kind| matches!((kind, &node.kind), (NodeKind::Encapsulation(a, _), NodeKind::Encapsulation(b, _)) if a == b),
            );
            let message = format!(
                "{word} moves all later terms behind its header: {later_text} is only found in packets that have one"
            );
            let advice = if same && word == "vlan" {
                "a second vlan is an inner tag; for either tag of one, write vlan and (ether[14:2] & 0xfff == N or ...)"
                    .to_owned()
            } else {
                format!("put the terms about other packets first: {later_text} or ({word} and ...)")
            };
            report.add(&later.span, message, Some(advice));
            break;
        }
    }
}

/// `port 53` is UDP, TCP and SCTP.
pub(super) fn port_of_any_transport(examined: &Examined, report: &mut Report) {
    let transport = |kind: &NodeKind| match kind {
        NodeKind::Protocol(Protocol::Tcp | Protocol::Udp | Protocol::Sctp) => true,
        NodeKind::Identifier { qualifiers: Some(qualifiers), .. } => {
            matches!(qualifiers.protocol, Some(Protocol::Tcp | Protocol::Udp | Protocol::Sctp))
        }
        NodeKind::Compare(left, ..) => loads_transport(examined, *left),
        _ => false,
    };
    for identifier in examined.identifiers() {
        let is_port = matches!(identifier.qualifiers.kind, Some(Kind::Port | Kind::PortRange));
        let fixed = match identifier.subject {
            Subject::Name(name) => examined.names.port(name).is_some_and(|port| port.transport.is_some()),
            _ => false,
        };
        if is_port
            && identifier.qualifiers.protocol.is_none()
            && !fixed
            && !identifier.carried
            && !examined.requires(identifier.id, &transport)
            && let Some(node) = examined.node(identifier.id)
        {
            let text = examined.text(&node.span);
            let message = format!("{text} is TCP, UDP and SCTP alike");
            return report.add(&node.span, message, Some(format!("for one of them write tcp {text}")));
        }
    }
}

fn loads_transport(examined: &Examined, value: usize) -> bool {
    let first = first_of(examined.tree, value);
    (first..=value).any(|id| {
        matches!(examined.kind(id), Some(NodeKind::Load { protocol: Protocol::Tcp | Protocol::Udp, .. }))
    })
}

/// Ports are only in the first fragment of a packet.
pub(super) fn later_fragments(examined: &Examined, report: &mut Report) {
    let is_port = |kind: Option<Kind>| matches!(kind, Some(Kind::Port | Kind::PortRange));
    if let Some(port) = examined.identifiers().find(|identifier| is_port(identifier.qualifiers.kind))
        && let Some(node) = examined.node(port.id)
    {
        let message = "ports are only in the first fragment: later ones never match";
        let advice = "to see them too, add: or ip[6:2] & 0x1fff != 0".to_owned();
        report.add(&node.span, message, Some(advice));
    }
}

/// `host a` is also who asks for a by ARP.
pub(super) fn host_in_arp(examined: &Examined, report: &mut Report) {
    let beyond_arp = |kind: &NodeKind| match kind {
        NodeKind::Protocol(protocol) => !matches!(protocol, Protocol::Arp | Protocol::Rarp | Protocol::Link),
        NodeKind::Identifier { qualifiers: Some(qualifiers), .. } => {
            matches!(qualifiers.kind, Some(Kind::Port | Kind::PortRange | Kind::Proto))
                || matches!(
                    qualifiers.protocol,
                    Some(Protocol::Ip | Protocol::Ip6 | Protocol::Tcp | Protocol::Udp)
                )
        }
        NodeKind::Compare(left, ..) => {
            let first = first_of(examined.tree, *left);
            (first..=*left).any(|id| {
                matches!(examined.kind(id), Some(NodeKind::Load { protocol, .. })
                    if !matches!(protocol, Protocol::Link | Protocol::Arp | Protocol::Rarp))
            })
        }
        _ => false,
    };
    for identifier in examined.identifiers() {
        let host = matches!(identifier.qualifiers.kind, None | Some(Kind::Host));
        if host
            && identifier.qualifiers.protocol.is_none()
            && matches!(identifier.subject, Subject::Dotted(_))
            && !examined.requires(identifier.id, &beyond_arp)
            && let Some(node) = examined.node(identifier.id)
        {
            let text = examined.text(&node.span);
            let message = "an address without a protocol is also looked for in ARP and RARP";
            return report.add(&node.span, message, Some(format!("for IPv4 alone write ip {text}")));
        }
    }
}

/// Terms about addresses and ports do not look behind tags and labels, or into tunnels.
pub(super) fn unseen_encapsulation(examined: &Examined, report: &mut Report) {
    let tagged = matches!(examined.options.link, LinkType::EN10MB);
    if !tagged || examined.nodes().any(|(_, node)| node.kind.is_encapsulation()) {
        return;
    }
    let Some(root) = examined.tree.root.and_then(|root| examined.node(root)) else { return };
    let layered = |kind: &NodeKind| match kind {
        NodeKind::Identifier { qualifiers, .. } => {
            qualifiers.is_none_or(|qualifiers| qualifiers.protocol != Some(Protocol::Link))
        }
        NodeKind::Protocol(protocol) => *protocol != Protocol::Link,
        NodeKind::Load { protocol, .. } => *protocol != Protocol::Link,
        _ => false,
    };
    if examined.nodes().any(|(_, node)| layered(&node.kind)) {
        let message = "packets with VLAN tags or MPLS labels, and what tunnels carry, are not seen";
        let text = examined.text(&root.span);
        let advice = format!("for tagged packets too, write ({text}) or (vlan and ({text}))");
        report.add(&root.span, message, Some(advice));
    }
}
