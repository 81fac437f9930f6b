//! Filters in tcpdump's language that select the evidence of a finding, and little else.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::IpAddr;

use wirescope_flow::Endpoint;
use wirescope_flow::decode::Envelope;
use wirescope_wire::ipv4::protocol;

/// Most values that a filter names one by one.
const MAX_NAMED: usize = 24;

/// An expression in the making; parts are joined by `and`.
#[derive(Clone, Default, Debug)]
pub(crate) struct Filter(String);

impl Filter {
    pub(crate) fn new() -> Self {
        Filter::default()
    }

    /// Adds a part as it stands.
    pub(crate) fn and(mut self, part: impl AsRef<str>) -> Self {
        if !self.0.is_empty() {
            self.0.push_str(" and ");
        }
        self.0.push_str(part.as_ref());
        self
    }

    /// Packets of a conversation, both ways.
    pub(crate) fn conversation(protocol: u8, client: Endpoint, server: Endpoint, envelope: Envelope) -> Self {
        let mut filter = Filter::new().and(transport(protocol)).and(host(client.host)).and(host(server.host));
        let ports = matches!(protocol, protocol::TCP | protocol::UDP);
        if ports && !hides_ports(envelope) {
            filter = filter.and(format!("port {}", client.port)).and(format!("port {}", server.port));
        }
        filter
    }

    /// One IP packet, told from others between the same hosts by its lengths and identification.
    pub(crate) fn packet(src: IpAddr, dst: IpAddr, protocol: u8, ip_id: u16, ip_length: u64) -> Self {
        let filter = Filter::new().src(src).dst(dst);
        if src.is_ipv4() {
            filter
                .and(format!("ip[2:2] = {}", ip_length & 0xffff))
                .and(format!("ip[4:2] = {ip_id}"))
                .and(format!("ip proto {protocol}"))
        } else {
            filter.and(format!("ip6[4:2] = {}", ip_length.saturating_sub(40) & 0xffff))
        }
    }

    pub(crate) fn src(self, address: IpAddr) -> Self {
        self.and(format!("src {}", host(address)))
    }

    pub(crate) fn dst(self, address: IpAddr) -> Self {
        self.and(format!("dst {}", host(address)))
    }

    /// Destination addresses, where they are few.
    pub(crate) fn dst_few(self, addresses: &BTreeSet<IpAddr>) -> Self {
        match addresses.len() {
            0 => self,
            1 => addresses.iter().fold(self, |filter, address| filter.dst(*address)),
            len if len <= MAX_NAMED => self.any(addresses.iter().map(|a| format!("dst {}", host(*a)))),
            _ => self,
        }
    }

    /// Source addresses, where they are few.
    pub(crate) fn src_few(self, addresses: &BTreeSet<IpAddr>) -> Self {
        if addresses.len() > MAX_NAMED {
            return self;
        }
        self.any(addresses.iter().map(|a| format!("src {}", host(*a))))
    }

    /// Destination ports; many of them as one range.
    pub(crate) fn dst_ports(self, ports: &BTreeSet<u16>) -> Self {
        match (ports.first(), ports.last()) {
            (Some(first), Some(last)) if first == last => self.and(format!("dst port {first}")),
            (Some(_), Some(_)) if ports.len() <= MAX_NAMED => {
                self.any(ports.iter().map(|port| format!("dst port {port}")))
            }
            (Some(first), Some(last)) => self.and(format!("dst portrange {first}-{last}")),
            _ => self,
        }
    }

    /// TCP flags under a mask, for the IP version of `address`: `tcp[13]` knows only IPv4.
    pub(crate) fn tcp_flags(self, address: IpAddr, mask: u8, flags: u8, envelope: Envelope) -> Self {
        if envelope.has(Envelope::EXTENSIONS) {
            return self;
        }
        let field = if address.is_ipv4() { "tcp[13]" } else { "ip6[53]" };
        self.and(format!("{field} & 0x{mask:02x} = 0x{flags:02x}"))
    }

    fn any(self, parts: impl Iterator<Item = String>) -> Self {
        let mut all = String::new();
        for part in parts {
            let _ = write!(all, "{}{part}", if all.is_empty() { "(" } else { " or " });
        }
        if all.is_empty() { self } else { self.and(all + ")") }
    }

    /// The text, told where to look: a filter finds nothing behind a tag unless it names the tag.
    pub(crate) fn inside(self, envelope: Envelope) -> String {
        let bare = self.0;
        let tunnelled =
            "(ip proto 4 or ip proto 41 or ip proto 47 or ip6 proto 4 or ip6 proto 41 or ip6 proto 47)";
        let mut choices: Vec<String> = Vec::new();
        let tagged = envelope.has(Envelope::VLAN) || envelope.has(Envelope::TWO_VLANS);
        if envelope.has(Envelope::PLAIN) || !has_any(envelope) {
            choices.push(bare.clone());
        }
        if envelope.has(Envelope::OTHER) {
            choices.push(tunnelled.to_owned());
            choices.push("vlan or mpls or pppoes".to_owned());
        }
        // Each of these shifts what comes after it, so that only one may stand, and last.
        if envelope.has(Envelope::PPPOE) {
            choices.push(format!("(pppoes and {bare})"));
        } else if envelope.has(Envelope::MPLS) {
            choices.push(format!("(mpls and {bare})"));
        } else if tagged {
            let inner = match (envelope.has(Envelope::VLAN), envelope.has(Envelope::TWO_VLANS)) {
                (true, true) => format!("({bare} or (vlan and {bare}))"),
                (false, _) => format!("vlan and {bare}"),
                (true, false) => bare.clone(),
            };
            choices.push(format!("(vlan and {inner})"));
        }
        match choices.as_slice() {
            [only] => only.clone(),
            [first, rest @ ..] if *first == bare => format!("({bare}) or {}", rest.join(" or ")),
            all => all.join(" or "),
        }
    }
}

fn has_any(envelope: Envelope) -> bool {
    [Envelope::VLAN, Envelope::TWO_VLANS, Envelope::MPLS, Envelope::PPPOE, Envelope::OTHER]
        .into_iter()
        .any(|wrapped| envelope.has(wrapped))
}

/// Whether tcpdump's filters cannot see the ports: behind extension headers, and in later fragments.
pub(crate) fn hides_ports(envelope: Envelope) -> bool {
    envelope.has(Envelope::EXTENSIONS) || envelope.has(Envelope::FRAGMENTS)
}

fn host(address: IpAddr) -> String {
    format!("host {address}")
}

/// The word for a transport.
pub(crate) fn transport(protocol: u8) -> &'static str {
    match protocol {
        protocol::TCP => "tcp",
        protocol::UDP => "udp",
        protocol::ICMP => "icmp",
        protocol::ICMPV6 => "icmp6",
        _ => "ip",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_names_the_tags_before_the_packet() {
        let filter = || Filter::new().and("tcp").dst(IpAddr::from([192, 0, 2, 1]));
        assert_eq!(filter().inside(Envelope::PLAIN), "tcp and dst host 192.0.2.1");
        assert_eq!(filter().inside(Envelope::VLAN), "(vlan and tcp and dst host 192.0.2.1)");
        assert_eq!(
            filter().inside(Envelope::PLAIN.and(Envelope::VLAN)),
            "(tcp and dst host 192.0.2.1) or (vlan and tcp and dst host 192.0.2.1)"
        );
    }

    #[test]
    fn many_ports_become_a_range() {
        assert_eq!(Filter::new().dst_ports(&BTreeSet::from([80])).0, "dst port 80");
        assert_eq!(Filter::new().dst_ports(&BTreeSet::from([22, 80])).0, "(dst port 22 or dst port 80)");
        assert_eq!(Filter::new().dst_ports(&(1..100).collect()).0, "dst portrange 1-99");
    }
}
