//! Comparisons of header bytes: what cannot be, and what is forgotten.

use wirescope_wire::LinkType;

use super::{Examined, Report};
use crate::ast::{NodeKind, Protocol, Relation};
use crate::explain::{Comparison, field};

/// `ip[8] > 255`, `tcp[13] & 2 == 18`: decided before any packet is seen.
pub(super) fn beyond_width(examined: &Examined, report: &mut Report) {
    for (_, node) in examined.nodes() {
        let NodeKind::Compare(left, relation, right) = &node.kind else { continue };
        let (left, right) = (examined.ranges.get(*left), examined.ranges.get(*right));
        if !left.varies && !right.varies {
            continue;
        }
        let apart = left.high < right.low || left.low > right.high;
        let missing_bits = |one: crate::explain::Range, other: crate::explain::Range| {
            one.low == one.high && one.low & !other.bits != 0
        };
        let unequal = apart || missing_bits(left, right) || missing_bits(right, left);
        let decided = match relation {
            Relation::Equal => unequal.then_some(false),
            Relation::NotEqual => unequal.then_some(true),
            Relation::Less => order(left.high < right.low, left.low >= right.high),
            Relation::LessOrEqual => order(left.high <= right.low, left.low > right.high),
            Relation::Greater => order(left.low > right.high, left.high <= right.low),
            Relation::GreaterOrEqual => order(left.low >= right.high, left.high < right.low),
        };
        let Some(decided) = decided else { continue };
        let verdict = if decided { "always" } else { "never" };
        let value = if left.varies { left } else { right };
        let message = if value.bits.wrapping_add(1).is_power_of_two() || value.bits == u32::MAX {
            format!("{} is {verdict} true: the value is {} at most", examined.text(&node.span), value.high)
        } else {
            format!(
                "{} is {verdict} true: only the bits {:#x} can be set",
                examined.text(&node.span),
                value.bits
            )
        };
        report.add(&node.span, message, None);
    }
}

fn order(always: bool, never: bool) -> Option<bool> {
    if always { Some(true) } else { never.then_some(false) }
}

/// The bits of the six old flags; the two above them belong to congestion notification (RFC 3168).
const OLD_FLAGS: u32 = 0x3f;

/// `tcp[13] == 18`: no more true as soon as the ends negotiate congestion notification.
pub(super) fn flags_without_mask(examined: &Examined, report: &mut Report) {
    for (id, node) in examined.nodes() {
        let Some(comparison) = Comparison::of(examined.tree, &examined.ranges, id) else { continue };
        let exact = comparison.relation == Relation::Equal && comparison.mask.is_none();
        if !comparison.is_tcp_flags() || !exact || comparison.value & !OLD_FLAGS != 0 {
            continue;
        }
        let names = field::tcp_flags(comparison.value);
        let what = if names.is_empty() { "no flag".to_owned() } else { names.join(" and ") };
        let message = format!("a packet with {what} and one of the ECN bits (ECE, CWR) is missed");
        let masked = format!("tcp[13] & 0x3f == {}", comparison.value);
        let advice =
            format!("to leave these two bits out of it, write {}", examined.replaced(&node.span, &masked));
        report.add(&node.span, message, Some(advice));
    }
}

/// Bytes that lie behind what is captured of a packet.
pub(super) fn beyond_snapshot(examined: &Examined, report: &mut Report) {
    let snaplen = u64::from(examined.options.snaplen);
    for (_, node) in examined.nodes() {
        let NodeKind::Load { protocol, index, size } = &node.kind else { continue };
        let Some(index) = examined.ranges.constant(*index) else { continue };
        let Some(header) = least_offset(*protocol, examined.options.link) else { continue };
        let end = u64::from(header) + u64::from(index) + u64::from(*size);
        if end > snaplen {
            let message = format!(
                "{} is byte {end} of the packet or later, but only {snaplen} are captured: it never matches",
                examined.text(&node.span)
            );
            report.add(&node.span, message, Some(format!("capture with -s {end} or more")));
        }
    }
}

/// The least number of bytes before a header; `None` where indices may count backwards from it.
fn least_offset(protocol: Protocol, link: LinkType) -> Option<u32> {
    let link_header = match link {
        LinkType::EN10MB => 14,
        LinkType::LINUX_SLL => 16,
        LinkType::NULL | LinkType::LOOP => 4,
        _ => 0,
    };
    Some(match protocol {
        Protocol::Link | Protocol::Radio => 0,
        Protocol::Tcp
        | Protocol::Udp
        | Protocol::Icmp
        | Protocol::Igmp
        | Protocol::Igrp
        | Protocol::Sctp
        | Protocol::Pim
        | Protocol::Vrrp
        | Protocol::Carp => link_header + 20,
        Protocol::Icmp6 => link_header + 40,
        _ => link_header,
    })
}

/// `tcp[13]`, `ip[8]`: bytes of these headers are only found in IPv4.
pub(super) fn ipv4_bytes(examined: &Examined, report: &mut Report) {
    let mut said: Vec<Protocol> = Vec::new();
    for (id, node) in examined.nodes() {
        let NodeKind::Load { protocol, index, size } = &node.kind else { continue };
        if said.contains(protocol) || examined.is_ipv4_only(id) {
            continue;
        }
        let index = examined.ranges.constant(*index);
        let (number, name) = match protocol {
            Protocol::Tcp => (6, "tcp"),
            Protocol::Udp => (17, "udp"),
            Protocol::Icmp => (1, "icmp"),
            Protocol::Sctp => (132, "sctp"),
            Protocol::Ip => (0, "ip"),
            _ => continue,
        };
        let advice = match (protocol, index, size) {
            (Protocol::Icmp, ..) => {
                Some("for ICMPv6 write icmp6[...], whose types have other numbers".to_owned())
            }
            (Protocol::Ip, Some(8), 1) => Some("the same byte of IPv6, the hop limit, is ip6[7]".to_owned()),
            (Protocol::Ip, Some(9), 1) => Some("the same byte of IPv6 is ip6[6], or write proto".to_owned()),
            (Protocol::Ip, Some(2), 2) => {
                Some("the like of IPv6 is ip6[4:2], which leaves out the header".to_owned())
            }
            // Who asks for other bytes of the IPv4 header means IPv4.
            (Protocol::Ip, ..) => continue,
            (_, Some(index), size) => {
                let at = 40_u32.saturating_add(index);
                let bytes = if *size == 1 { format!("ip6[{at}]") } else { format!("ip6[{at}:{size}]") };
                Some(format!("over IPv6 without extension headers this is {bytes}, where ip6[6] == {number}"))
            }
            _ => None,
        };
        said.push(*protocol);
        report.add(&node.span, format!("{name}[...] looks into IPv4 only: IPv6 packets never match"), advice);
    }
}
