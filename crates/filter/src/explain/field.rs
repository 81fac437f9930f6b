//! Header fields by the place of their bytes, and what their values are called.

use crate::ast::Protocol;

/// What the bytes at a place of a header hold.
pub(crate) fn name(protocol: Protocol, index: u32, size: u32) -> Option<&'static str> {
    FIELDS.iter().find(|row| (row.0, row.1, row.2) == (protocol, index, size)).map(|row| row.3)
}

/// What bytes under a mask hold, where that is a field of its own.
pub(crate) fn masked_name(protocol: Protocol, index: u32, size: u32, mask: u32) -> Option<&'static str> {
    MASKED.iter().find(|row| (row.0, row.1, row.2, row.3) == (protocol, index, size, mask)).map(|row| row.4)
}

/// What a value of a field means.
pub(crate) fn value_name(protocol: Protocol, index: u32, size: u32, value: u32) -> Option<&'static str> {
    VALUES.iter().find(|row| (row.0, row.1, row.2, row.3) == (protocol, index, size, value)).map(|row| row.4)
}

/// The names of TCP's flags that are set in a value (RFC 9293, section 3.1; RFC 3168).
pub(crate) fn tcp_flags(value: u32) -> Vec<&'static str> {
    const FLAGS: [&str; 8] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
    FLAGS.iter().enumerate().filter(|(bit, _)| value >> bit & 1 == 1).map(|(_, name)| *name).collect()
}

const FIELDS: &[(Protocol, u32, u32, &str)] = &[
    (Protocol::Link, 0, 4, "the start of the destination address, on Ethernet"),
    (Protocol::Link, 12, 2, "the type of the payload, on Ethernet"),
    (Protocol::Ip, 0, 1, "version and header length"),
    (Protocol::Ip, 1, 1, "type of service: DSCP and ECN"),
    (Protocol::Ip, 2, 2, "the total length"),
    (Protocol::Ip, 4, 2, "the identification"),
    (Protocol::Ip, 6, 1, "fragment flags and the start of the fragment offset"),
    (Protocol::Ip, 6, 2, "fragment flags and fragment offset"),
    (Protocol::Ip, 8, 1, "the time to live"),
    (Protocol::Ip, 9, 1, "the protocol inside"),
    (Protocol::Ip, 10, 2, "the header checksum"),
    (Protocol::Ip, 12, 4, "the source address"),
    (Protocol::Ip, 12, 1, "the first byte of the source address"),
    (Protocol::Ip, 16, 4, "the destination address"),
    (Protocol::Ip, 16, 1, "the first byte of the destination address"),
    (Protocol::Ip, 19, 1, "the last byte of the destination address"),
    (Protocol::Ip6, 4, 2, "the payload length"),
    (Protocol::Ip6, 6, 1, "the next header"),
    (Protocol::Ip6, 7, 1, "the hop limit"),
    (Protocol::Tcp, 0, 2, "the source port"),
    (Protocol::Tcp, 2, 2, "the destination port"),
    (Protocol::Tcp, 4, 4, "the sequence number"),
    (Protocol::Tcp, 8, 4, "the acknowledgment number"),
    (Protocol::Tcp, 12, 1, "data offset and reserved bits"),
    (Protocol::Tcp, 13, 1, "the flags"),
    (Protocol::Tcp, 14, 2, "the window"),
    (Protocol::Tcp, 16, 2, "the checksum"),
    (Protocol::Tcp, 18, 2, "the urgent pointer"),
    (Protocol::Udp, 0, 2, "the source port"),
    (Protocol::Udp, 2, 2, "the destination port"),
    (Protocol::Udp, 4, 2, "the length"),
    (Protocol::Udp, 6, 2, "the checksum"),
    (Protocol::Udp, 8, 1, "the first byte of the data"),
    (Protocol::Udp, 8, 2, "the first two bytes of the data"),
    (Protocol::Udp, 8, 4, "the first four bytes of the data"),
    (Protocol::Icmp, 0, 1, "the type"),
    (Protocol::Icmp, 1, 1, "the code"),
    (Protocol::Icmp, 2, 2, "the checksum"),
    (Protocol::Icmp, 4, 2, "the identifier"),
    (Protocol::Icmp, 6, 2, "the sequence number"),
    (Protocol::Icmp6, 0, 1, "the type"),
    (Protocol::Icmp6, 1, 1, "the code"),
    (Protocol::Arp, 0, 2, "the hardware type"),
    (Protocol::Arp, 6, 2, "the operation"),
    (Protocol::Arp, 7, 1, "the operation"),
];

const MASKED: &[(Protocol, u32, u32, u32, &str)] = &[
    (Protocol::Link, 0, 1, 0x01, "the bit that marks a group address"),
    (Protocol::Link, 0, 1, 0x02, "the bit that marks a locally chosen address"),
    (Protocol::Ip, 0, 1, 0x0f, "the header length in words of four bytes"),
    (Protocol::Ip, 0, 1, 0xf0, "the version, in the upper half"),
    (Protocol::Ip, 1, 1, 0xfc, "the DSCP, in place"),
    (Protocol::Ip, 1, 1, 0x03, "the ECN bits"),
    (Protocol::Ip, 6, 1, 0x20, "the flag \"more fragments\""),
    (Protocol::Ip, 6, 1, 0x40, "the flag \"don't fragment\""),
    (Protocol::Ip, 6, 1, 0x80, "the reserved flag"),
    (Protocol::Ip, 6, 2, 0x2000, "the flag \"more fragments\""),
    (Protocol::Ip, 6, 2, 0x4000, "the flag \"don't fragment\""),
    (Protocol::Ip, 6, 2, 0x8000, "the reserved flag"),
    (Protocol::Ip, 6, 2, 0x1fff, "the fragment offset in units of eight bytes"),
    (Protocol::Ip, 6, 2, 0x3fff, "the flag \"more fragments\" and the fragment offset"),
    (Protocol::Tcp, 12, 1, 0xf0, "the header length, four times the words in the lower half"),
    (Protocol::Tcp, 12, 1, 0x0f, "the reserved bits"),
];

const VALUES: &[(Protocol, u32, u32, u32, &str)] = &[
    (Protocol::Icmp, 0, 1, 0, "echo reply"),
    (Protocol::Icmp, 0, 1, 3, "destination unreachable"),
    (Protocol::Icmp, 0, 1, 4, "source quench"),
    (Protocol::Icmp, 0, 1, 5, "redirect"),
    (Protocol::Icmp, 0, 1, 8, "echo request"),
    (Protocol::Icmp, 0, 1, 9, "router advertisement"),
    (Protocol::Icmp, 0, 1, 10, "router solicitation"),
    (Protocol::Icmp, 0, 1, 11, "time exceeded"),
    (Protocol::Icmp, 0, 1, 12, "parameter problem"),
    (Protocol::Icmp, 0, 1, 13, "timestamp request"),
    (Protocol::Icmp, 0, 1, 14, "timestamp reply"),
    (Protocol::Icmp, 0, 1, 17, "address mask request"),
    (Protocol::Icmp, 0, 1, 18, "address mask reply"),
    (Protocol::Icmp6, 0, 1, 1, "destination unreachable"),
    (Protocol::Icmp6, 0, 1, 2, "packet too big"),
    (Protocol::Icmp6, 0, 1, 3, "time exceeded"),
    (Protocol::Icmp6, 0, 1, 4, "parameter problem"),
    (Protocol::Icmp6, 0, 1, 128, "echo request"),
    (Protocol::Icmp6, 0, 1, 129, "echo reply"),
    (Protocol::Icmp6, 0, 1, 133, "router solicitation"),
    (Protocol::Icmp6, 0, 1, 134, "router advertisement"),
    (Protocol::Icmp6, 0, 1, 135, "neighbour solicitation"),
    (Protocol::Icmp6, 0, 1, 136, "neighbour advertisement"),
    (Protocol::Icmp6, 0, 1, 137, "redirect"),
    (Protocol::Ip, 9, 1, 1, "ICMP"),
    (Protocol::Ip, 9, 1, 2, "IGMP"),
    (Protocol::Ip, 9, 1, 4, "IP in IP"),
    (Protocol::Ip, 9, 1, 6, "TCP"),
    (Protocol::Ip, 9, 1, 17, "UDP"),
    (Protocol::Ip, 9, 1, 41, "IPv6 in IP"),
    (Protocol::Ip, 9, 1, 47, "GRE"),
    (Protocol::Ip, 9, 1, 50, "ESP"),
    (Protocol::Ip, 9, 1, 51, "AH"),
    (Protocol::Ip, 9, 1, 11, "NVP-II"),
    (Protocol::Ip6, 6, 1, 6, "TCP"),
    (Protocol::Ip6, 6, 1, 17, "UDP"),
    (Protocol::Ip6, 6, 1, 44, "fragment header"),
    (Protocol::Ip6, 6, 1, 58, "ICMPv6"),
    (Protocol::Link, 12, 2, 0x0800, "IPv4"),
    (Protocol::Link, 12, 2, 0x0806, "ARP"),
    (Protocol::Link, 12, 2, 0x8100, "VLAN tag"),
    (Protocol::Link, 12, 2, 0x86dd, "IPv6"),
    (Protocol::Arp, 6, 2, 1, "request"),
    (Protocol::Arp, 6, 2, 2, "reply"),
    (Protocol::Arp, 7, 1, 1, "request"),
    (Protocol::Arp, 7, 1, 2, "reply"),
];
