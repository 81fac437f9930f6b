//! Printing packets apart from each other, on several threads, with the text that they would have in order.
//!
//! Little of a packet's text depends on packets before it: relative TCP sequence numbers, and what a few
//! protocols remember. [`Dissector::prepare`] runs in order and settles that little; it looks at plain
//! Ethernet and IP only and says of everything else that it must be printed in order.

use crate::proto::nfs;
use crate::proto::tcp::Relative;
use crate::{Dissector, Network};
use wirescope_wire::ethernet::{Ethernet, VlanTag, ether_type, is_vlan};
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::ipv6::Ipv6;
use wirescope_wire::tcp::{Tcp, flag};
use wirescope_wire::udp::Udp;
use wirescope_wire::{Cursor, LinkType, Packet, Timestamp, Walk};

/// What a packet's text needs to know of the packets before it.
#[derive(Clone, Copy, Debug)]
pub struct Prior {
    /// Numbers of its TCP segment relative to the start of the conversation.
    pub(crate) relative: Option<Relative>,
    /// The packet that its time is told from.
    pub(crate) reference: Option<Timestamp>,
}

/// Printers, by the names of their rows in the registry, that remember nothing from packet to packet and enter no
/// protocol that does.
const STATELESS: &[&str] = &[
    "bootp", "dhcp6", "domain", "eigrp", "ftp", "http", "kerberos", "ntp", "radius", "rip", "ripng", "rtsp",
    "sctp", "sip", "smtp", "snmp", "ssh", "syslog", "telnet", "tftp", "vrrp", "whois",
];

impl Dissector {
    /// What `packet` needs to be printed apart from the others, or `None` where it must be printed in order.
    /// To be called for every packet that is printed, in order, on the one dissector that also prints
    /// those in order.
    #[inline]
    pub fn prepare(&mut self, packet: &Packet<'_>) -> Option<Prior> {
        if packet.link != LinkType::EN10MB || self.out.options.port_protocol.is_some() {
            return None;
        }
        let mut c = packet.cursor();
        let found = self.ethernet(&mut c).ok()?;
        let relative = match found {
            Found::Nothing => None,
            Found::Relative(relative) => Some(relative),
            Found::InOrder => return None,
        };
        // Only now, since a packet that is printed in order tells its time itself.
        let reference = self.stamp.settle(self.out.options.time, packet.time);
        Some(Prior { relative, reference })
    }

    /// Prints a packet that another dissector with the same options has prepared.
    pub fn print_apart(&mut self, packet: &Packet<'_>, number: u64, prior: Prior) {
        self.out.state.tcp.set_given(prior.relative);
        self.stamp.set_reference(prior.reference);
        self.print(packet, number);
    }

    fn ethernet(&mut self, c: &mut Cursor<'_>) -> Walk<Found> {
        let header = Ethernet::read(c)?;
        let mut kind = header.ether_type();
        while is_vlan(kind) {
            kind = VlanTag::read(c)?.ether_type;
        }
        match kind {
            ether_type::IPV4 => self.ipv4(*c),
            ether_type::IPV6 => self.ipv6(*c),
            ether_type::ARP | ether_type::RARP => Ok(Found::Nothing),
            _ => Ok(Found::InOrder),
        }
    }

    fn ipv4(&mut self, mut c: Cursor<'_>) -> Walk<Found> {
        let whole = c;
        let ip = Ipv4::read(&mut c)?;
        let (header_len, total_len) = (ip.header_len(), usize::from(ip.total_len()));
        let sound = ip.version() == 4
            && header_len >= Ipv4::LEN
            && total_len >= header_len
            && total_len <= whole.length();
        if !sound {
            return Ok(Found::InOrder);
        }
        if ip.fragment_offset() != 0 {
            return Ok(Found::Nothing);
        }
        let payload = whole.clip(total_len).ahead(header_len);
        let network = Network::V4 { src: ip.src(), dst: ip.dst(), final_dst: ip.dst() };
        match ip.protocol() {
            protocol::ICMP => Ok(icmp(payload)),
            other => self.transport(other, network, payload),
        }
    }

    fn ipv6(&mut self, mut c: Cursor<'_>) -> Walk<Found> {
        let ip = Ipv6::read(&mut c)?;
        let payload_len = usize::from(ip.payload_len());
        if ip.version() != 6 || payload_len == 0 || payload_len > c.length() {
            return Ok(Found::InOrder);
        }
        let network = Network::V6 { src: ip.src(), dst: ip.dst(), final_dst: ip.dst() };
        let payload = c.clip(payload_len);
        match ip.next_header() {
            // Errors below 128 quote a packet, which is printed too.
            protocol::ICMPV6 if payload.peek_u8(0)? >= 128 => Ok(Found::Nothing),
            next @ (protocol::TCP | protocol::UDP) => self.transport(next, network, payload),
            _ => Ok(Found::InOrder),
        }
    }

    fn transport(&mut self, number: u8, network: Network, payload: Cursor<'_>) -> Walk<Found> {
        match number {
            protocol::TCP => self.tcp(network, payload),
            protocol::UDP => {
                let mut rest = payload;
                let udp = Udp::read(&mut rest)?;
                let (src, dst) = (udp.src_port(), udp.dst_port());
                let row = self.out.registry.udp.find(src, dst, &rest);
                Ok(stateless(src, dst, row.map(|row| row.proto)))
            }
            other => {
                let row = self.out.registry.ip_protocol(other);
                let is_stateless = row.is_some_and(|row| STATELESS.contains(&row.proto));
                Ok(if is_stateless { Found::Nothing } else { Found::InOrder })
            }
        }
    }

    fn tcp(&mut self, network: Network, segment: Cursor<'_>) -> Walk<Found> {
        let mut rest = segment;
        let tcp = Tcp::read(&mut rest)?;
        let header_len = tcp.header_len();
        if header_len < Tcp::LEN || header_len > segment.length() {
            return Ok(Found::InOrder);
        }
        let payload = segment.ahead(header_len);
        let (src, dst) = (tcp.src_port(), tcp.dst_port());
        let row = self.out.registry.tcp.find(src, dst, &payload);
        if payload.length() > 0
            && let Found::InOrder = stateless(src, dst, row.map(|row| row.proto))
        {
            return Ok(Found::InOrder);
        }
        let options = &self.out.options;
        if options.quiet || options.absolute_sequence || tcp.flags() & flag::ACK == 0 {
            return Ok(Found::Nothing);
        }
        Ok(Found::Relative(self.out.state.tcp.relative(&network, tcp)))
    }
}

/// What a look at a packet found.
enum Found {
    /// It depends on nothing.
    Nothing,
    /// It depends on the start of its TCP conversation.
    Relative(Relative),
    /// It may depend on more.
    InOrder,
}

fn stateless(src_port: u16, dst_port: u16, proto: Option<&'static str>) -> Found {
    match proto {
        // NFS remembers calls, on either side.
        _ if src_port == nfs::PORT || dst_port == nfs::PORT => Found::InOrder,
        Some(proto) if !STATELESS.contains(&proto) => Found::InOrder,
        _ => Found::Nothing,
    }
}

/// ICMP errors quote a packet, which is printed too.
fn icmp(c: Cursor<'_>) -> Found {
    match c.peek_u8(0) {
        Ok(0 | 8 | 13..=18) => Found::Nothing,
        _ => Found::InOrder,
    }
}

#[cfg(test)]
mod tests {
    use super::STATELESS;
    use crate::registry::names_above_ip;

    #[test]
    fn every_stateless_printer_has_a_row() {
        for name in STATELESS {
            assert!(names_above_ip().any(|known| known == *name), "{name}");
        }
    }
}
