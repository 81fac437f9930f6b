//! Names of the values in BGP messages (IANA, "Border Gateway Protocol (BGP) Parameters").

use crate::tokens::Tokens;

pub(super) const MESSAGES: &Tokens =
    &[(1, "Open"), (2, "Update"), (3, "Notification"), (4, "Keepalive"), (5, "Route Refresh")];

pub(super) const FILTER_REFRESHES: &Tokens = &[(1, "Immediate"), (2, "Defer")];

pub(super) const FILTER_TYPES: &Tokens = &[(64, "Address Prefix ORF"), (65, "CP-ORF")];

pub(super) const REFRESH_SUBTYPES: &Tokens = &[
    (0, "Normal route refresh request"),
    (1, "Demarcation of the beginning of a route refresh"),
    (2, "Demarcation of the ending of a route refresh"),
];

pub(super) const ATTRIBUTES: &Tokens = &[
    (1, "Origin"),
    (2, "AS Path"),
    (17, "AS4 Path"),
    (3, "Next Hop"),
    (4, "Multi Exit Discriminator"),
    (5, "Local Preference"),
    (6, "Atomic Aggregate"),
    (7, "Aggregator"),
    (18, "Aggregator4"),
    (8, "Community"),
    (9, "Originator ID"),
    (10, "Cluster List"),
    (14, "Multi-Protocol Reach NLRI"),
    (15, "Multi-Protocol Unreach NLRI"),
    (16, "Extended Community"),
    (22, "PMSI Tunnel"),
    (23, "Tunnel Encapsulation"),
    (24, "Traffic Engineering"),
    (25, "IPv6 Extended Community"),
    (26, "Accumulated IGP Metric"),
    (27, "PE Distinguisher Label"),
    (28, "Entropy Label"),
    (32, "Large Community"),
    (33, "BGPsec Path"),
    (35, "Only to Customer (OTC)"),
    (128, "Attribute Set"),
    (255, "Reserved for development"),
];

pub(super) const SEGMENT_OPENINGS: &Tokens = &[(2, ""), (1, "{ "), (3, "( "), (4, "({ ")];

pub(super) const SEGMENT_CLOSINGS: &Tokens = &[(2, ""), (1, "}"), (3, ")"), (4, "})")];

pub(super) const OPTIONS: &Tokens = &[(1, "Authentication Information"), (2, "Capabilities Advertisement")];

pub(super) const CAPABILITIES: &Tokens = &[
    (1, "Multiprotocol Extensions"),
    (2, "Route Refresh"),
    (3, "Cooperative Route Filtering"),
    (4, "Multiple Routes to a Destination"),
    (5, "Extended Next Hop Encoding"),
    (6, "BGP Extended Message"),
    (7, "BGPsec"),
    (8, "Multiple Labels"),
    (64, "Graceful Restart"),
    (65, "32-Bit AS Number"),
    (67, "Dynamic Capability"),
    (68, "Multisession BGP"),
    (69, "Multiple Paths"),
    (70, "Enhanced Route Refresh"),
    (71, "Long-lived Graceful Restart"),
    (128, "Route Refresh (Cisco)"),
    (9, "Role Capability"),
];

pub(super) const ERRORS: &Tokens = &[
    (1, "Message Header Error"),
    (2, "OPEN Message Error"),
    (3, "UPDATE Message Error"),
    (4, "Hold Timer Expired"),
    (5, "Finite State Machine Error"),
    (6, "Cease"),
    (7, "ROUTE-REFRESH Message Error"),
    (8, "Send Hold Timer Expired"),
];

pub(super) const CEASE_SUBCODES: &Tokens = &[
    (1, "Maximum Number of Prefixes Reached"),
    (2, "Administrative Shutdown"),
    (3, "Peer Unconfigured"),
    (4, "Administrative Reset"),
    (5, "Connection Rejected"),
    (6, "Other Configuration Change"),
    (7, "Connection Collision Resolution"),
    (8, "Out of Resources"),
    (9, "Hard Reset"),
    (10, "BFD Down"),
];

pub(super) const HEADER_SUBCODES: &Tokens =
    &[(1, "Connection Not Synchronized"), (2, "Bad Message Length"), (3, "Bad Message Type")];

pub(super) const OPEN_SUBCODES: &Tokens = &[
    (1, "Unsupported Version Number"),
    (2, "Bad Peer AS"),
    (3, "Bad BGP Identifier"),
    (4, "Unsupported Optional Parameter"),
    (5, "Authentication Failure"),
    (6, "Unacceptable Hold Time"),
    (7, "Capability Message Error"),
];

pub(super) const UPDATE_SUBCODES: &Tokens = &[
    (1, "Malformed Attribute List"),
    (2, "Unrecognized Well-known Attribute"),
    (3, "Missing Well-known Attribute"),
    (4, "Attribute Flags Error"),
    (5, "Attribute Length Error"),
    (6, "Invalid ORIGIN Attribute"),
    (7, "AS Routing Loop"),
    (8, "Invalid NEXT_HOP Attribute"),
    (9, "Optional Attribute Error"),
    (10, "Invalid Network Field"),
    (11, "Malformed AS_PATH"),
];

pub(super) const STATE_SUBCODES: &Tokens = &[
    (0, "Unspecified Error"),
    (1, "In OpenSent State"),
    (2, "In OpenConfirm State"),
    (3, "In Established State"),
];

pub(super) const REFRESH_SUBCODES: &Tokens = &[(1, "Invalid Message Length")];

pub(super) const ORIGINS: &Tokens = &[(0, "IGP"), (1, "EGP"), (2, "Incomplete")];

pub(super) const PMSI_TUNNELS: &Tokens = &[
    (1, "RSVP-TE P2MP LSP"),
    (2, "LDP P2MP LSP"),
    (3, "PIM-SSM Tree"),
    (4, "PIM-SM Tree"),
    (5, "PIM-Bidir Tree"),
    (6, "Ingress Replication"),
    (7, "LDP MP2MP LSP"),
];

pub(super) const PMSI_FLAGS: &Tokens = &[(1, "Leaf Information required")];

pub(super) const AIGP_KINDS: &Tokens = &[(1, "AIGP")];

pub(super) const ROLES: &Tokens =
    &[(0, "Provider"), (1, "RS"), (2, "RS-Client"), (3, "Customer"), (4, "Peer")];

pub(super) const SUBSEQUENT_FAMILIES: &Tokens = &[
    (0, "Reserved"),
    (1, "Unicast"),
    (2, "Multicast"),
    (3, "Unicast+Multicast"),
    (4, "labeled Unicast"),
    (64, "Tunnel"),
    (65, "VPLS"),
    (66, "MDT"),
    (70, "EVPN"),
    (128, "labeled VPN Unicast"),
    (129, "labeled VPN Multicast"),
    (130, "labeled VPN Unicast+Multicast"),
    (132, "Route Target Routing Information"),
    (5, "Multicast VPN"),
];

pub(super) const RESTART_FLAGS: &Tokens = &[(8, "R"), (4, "N")];

pub(super) const COMMUNITY_FLAGS: &Tokens = &[(0x8000, "vendor-specific"), (0x4000, "non-transitive")];

pub(super) const VALIDATION_STATES: &Tokens = &[(0, "valid"), (1, "not found"), (2, "invalid")];

pub(super) const COMMUNITIES: &Tokens = &[
    (2, "target"),
    (258, "target"),
    (514, "target"),
    (3, "origin"),
    (259, "origin"),
    (515, "origin"),
    (0x4004, "link-BW"),
    (0x4300, "origin-validation-state"),
    (5, "ospf-domain"),
    (261, "ospf-domain"),
    (517, "ospf-domain"),
    (0x8005, "ospf-domain"),
    (774, "ospf-route-type"),
    (0x8000, "ospf-route-type"),
    (780, "encapsulation"),
    (263, "ospf-router-id"),
    (0x8001, "ospf-router-id"),
    (0x800a, "layer2-info"),
    (0x8800, "eigrp-general-route (flag, tag)"),
    (0x8801, "eigrp-route-metric (AS, delay)"),
    (0x8802, "eigrp-route-metric (reliability, nexthop, bandwidth)"),
    (0x8803, "eigrp-route-metric (load, MTU)"),
    (0x8804, "eigrp-external-route (remote-AS, remote-ID)"),
    (0x8805, "eigrp-external-route (remote-proto, remote-metric)"),
    (9, "source-AS"),
    (267, "vrf-route-import"),
    (10, "l2vpn-id"),
    (0xf10a, "l2vpn-id"),
];

pub(super) const ENCAPSULATIONS: &Tokens = &[
    (1, "L2TPv3 over IP"),
    (2, "GRE"),
    (3, "Transmit Tunnel"),
    (4, "IPsec"),
    (5, "IP in IP with IPsec"),
    (6, "MPLS in IP with IPsec"),
    (7, "IP in IP"),
    (8, "VXLAN"),
    (9, "NVGRE"),
    (10, "MPLS"),
    (11, "MPLS in GRE"),
    (12, "VXLAN GPE"),
    (13, "MPLS in UDP"),
    (14, "IPv6"),
    (15, "SR TE"),
    (16, "Bare"),
    (17, "SR"),
];

pub(super) const OSPF_ROUTES: &Tokens = &[
    (1, "Router"),
    (2, "Network"),
    (3, "Summary"),
    (5, "External"),
    (7, "NSSA External"),
    (129, "MPLS-VPN Sham"),
];

pub(super) const PATH_DIRECTIONS: &Tokens = &[(1, "Receive"), (2, "Send"), (3, "Both")];

pub(super) const BGPSEC_FLAGS: &Tokens = &[
    (1, "MBZ-0"),
    (2, "MBZ-1"),
    (4, "MBZ-2"),
    (8, "MBZ-3"),
    (16, "MBZ-4"),
    (32, "MBZ-5"),
    (64, "MBZ-6"),
    (128, "C"),
];

pub(super) const MULTICAST_ROUTES: &Tokens = &[
    (1, "Intra-AS I-PMSI"),
    (2, "Inter-AS I-PMSI"),
    (3, "S-PMSI"),
    (4, "Intra-AS Segment-Leaf"),
    (5, "Source-Active"),
    (6, "Shared Tree Join"),
    (7, "Source Tree Join"),
];

pub(super) const ATTRIBUTE_FLAGS: &Tokens = &[(128, "O"), (64, "T"), (32, "P"), (16, "E")];
