//! The names that tcpshow has for protocols and for messages of ICMP (RFC 792, RFC 1812 section 5.2.7.1).

use wirescope_wire::ethernet::ether_type;

const UNKNOWN: &str = "<unknown>";

type Names = [(u8, &'static str)];

const IP_PROTOCOLS: &Names = &[
    (1, "ICMP"),
    (2, "IGMP"),
    (3, "GGP"),
    (6, "TCP"),
    (8, "EGP"),
    (17, "UDP"),
    (29, "ISO-TP4"),
    (80, "ISO-IP"),
    (89, "OSPF"),
];

const ICMP_TYPES: &Names = &[
    (0, "echo-reply"),
    (3, "destination-unreachable"),
    (4, "source-quench"),
    (5, "redirect"),
    (8, "echo-request"),
    (9, "router-advertisement"),
    (10, "router-solicitation"),
    (11, "time-exceeded"),
    (12, "parameter-problem"),
    (13, "timestamp-request"),
    (14, "timestamp-reply"),
    (15, "information-request"),
    (16, "information-reply"),
    (17, "address-mask-request"),
    (18, "address-mask-reply"),
];

// The third f is tcpshow's.
const UNREACHABLE: &Names = &[
    (0, "network-unreachable"),
    (1, "host-unreachable"),
    (2, "protocol-unreachable"),
    (3, "port-unreachable"),
    (4, "fragmentation-needed-but-DF-set"),
    (5, "source-route-failed"),
    (6, "destination-network-unknown"),
    (7, "destination-host-unknown"),
    (8, "source-host-isolated"),
    (9, "network-prohibited"),
    (10, "host-prohibited"),
    (11, "network-unreachable-for-TOS"),
    (12, "host-unreachable-for-TOS"),
    (13, "trafffic-prohibited-by-filter"),
    (14, "host-precedence-violation"),
    (15, "precedence-cutoff-in-effect"),
];

const REDIRECT: &Names = &[
    (0, "redirect-for-network"),
    (1, "redirect-for-host"),
    (2, "redirect-for-TOS-and-network"),
    (3, "redirect-for-TOS-and-host"),
];

const TIME_EXCEEDED: &Names = &[(0, "TTL-reached-zero"), (1, "fragment-reassembly-time-exceeded")];

const PARAMETER_PROBLEM: &Names =
    &[(0, "pointer-indicates-error"), (1, "required-option-missing"), (2, "bad-length")];

/// Types of ICMP whose codes say why.
const REASONS: &[(u8, &Names)] =
    &[(3, UNREACHABLE), (5, REDIRECT), (11, TIME_EXCEEDED), (12, PARAMETER_PROBLEM)];

fn name(names: &Names, value: u8) -> &'static str {
    names.iter().find(|row| row.0 == value).map_or(UNKNOWN, |row| row.1)
}

/// An Ethernet type: digits where it has no name.
pub(super) fn ether_type(kind: u16) -> String {
    match kind {
        ether_type::IPV4 => "IP".to_owned(),
        ether_type::ARP => "ARP".to_owned(),
        ether_type::RARP => "RARP".to_owned(),
        _ => format!("{kind:04x}"),
    }
}

/// A protocol above IP.
pub(super) fn ip_protocol(protocol: u8) -> &'static str {
    name(IP_PROTOCOLS, protocol)
}

/// A type of ICMP message.
pub(super) fn icmp_type(kind: u8) -> &'static str {
    name(ICMP_TYPES, kind)
}

/// Why a message was sent, for the types that give a reason.
pub(super) fn icmp_code(kind: u8, code: u8) -> Option<&'static str> {
    REASONS.iter().find(|row| row.0 == kind).map(|row| name(row.1, code))
}
