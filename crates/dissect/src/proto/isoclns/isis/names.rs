//! Names of the values in IS-IS PDUs (IANA, "IS-IS TLV Codepoints").

use crate::tokens::Tokens;

pub(super) const PDUS: &Tokens = &[
    (15, "L1 Lan IIH"),
    (16, "L2 Lan IIH"),
    (17, "p2p IIH"),
    (18, "L1 LSP"),
    (20, "L2 LSP"),
    (24, "L1 CSNP"),
    (25, "L2 CSNP"),
    (26, "L1 PSNP"),
    (27, "L2 PSNP"),
];

pub(super) const TLVS: &Tokens = &[
    (1, "Area address(es)"),
    (2, "IS Reachability"),
    (3, "ES Neighbor(s)"),
    (4, "Partition DIS"),
    (5, "Prefix Neighbors"),
    (6, "IS Neighbor(s)"),
    (7, "Instance Identifier"),
    (8, "Padding"),
    (9, "LSP entries"),
    (10, "Authentication"),
    (12, "Checksum"),
    (13, "Purge Originator Identifier"),
    (14, "LSP Buffersize"),
    (22, "Extended IS Reachability"),
    (24, "IS Alias ID"),
    (42, "DECnet Phase IV"),
    (66, "Lucent Proprietary"),
    (128, "IPv4 Internal Reachability"),
    (129, "Protocols supported"),
    (130, "IPv4 External Reachability"),
    (131, "Inter-Domain Information Type"),
    (132, "IPv4 Interface address(es)"),
    (133, "IPv4 authentication (deprecated)"),
    (134, "Traffic Engineering Router ID"),
    (135, "Extended IPv4 Reachability"),
    (138, "Shared Risk Link Group"),
    (143, "Multi-Topology-Aware Port Capability"),
    (144, "Multi-Topology Capability"),
    (176, "Nortel Proprietary"),
    (177, "Nortel Proprietary"),
    (137, "Hostname"),
    (211, "Restart Signaling"),
    (222, "Multi Topology IS Reachability"),
    (229, "Multi Topology"),
    (232, "IPv6 Interface address(es)"),
    (235, "Multi-Topology IPv4 Reachability"),
    (236, "IPv6 reachability"),
    (237, "Multi-Topology IP6 Reachability"),
    (240, "Point-to-point Adjacency State"),
    (241, "Hello PDU Sequence Number"),
    (242, "IS-IS Router Capability"),
    (250, "Vendor Private"),
];

pub(super) const ROUTER_CAPABILITY_FLAGS: &Tokens = &[(1, "S bit"), (2, "D bit")];

pub(super) const ROUTER_CAPABILITIES: &Tokens = &[(2, "SR-Capabilities")];

pub(super) const SEGMENT_ROUTING_FLAGS: &Tokens = &[(128, "ipv4"), (64, "ipv6")];

pub(super) const NEIGHBOR_PROPERTIES: &Tokens = &[
    (3, "Administrative groups"),
    (4, "Link Local/Remote Identifier"),
    (5, "Link Remote Identifier"),
    (6, "IPv4 interface address"),
    (8, "IPv4 neighbor address"),
    (9, "Maximum link bandwidth"),
    (10, "Reservable link bandwidth"),
    (11, "Unreserved bandwidth"),
    (18, "Traffic Engineering Metric"),
    (19, "Link Attribute"),
    (20, "Link Protection Type"),
    (21, "Interface Switching Capability"),
    (12, "Bandwidth Constraints (old)"),
    (22, "Bandwidth Constraints"),
    (32, "LAN Adjacency Segment Identifier"),
    (29, "SPB Metric"),
    (250, "Reserved for cisco specific extensions"),
    (251, "Reserved for cisco specific extensions"),
    (252, "Reserved for cisco specific extensions"),
    (253, "Reserved for cisco specific extensions"),
    (254, "Reserved for cisco specific extensions"),
    (255, "Reserved for future expansion"),
];

pub(super) const PREFIX_PROPERTIES: &Tokens = &[
    (1, "32-Bit Administrative tag"),
    (2, "64-Bit Administrative tag"),
    (3, "Prefix SID"),
    (117, "Management Prefix Color"),
];

pub(super) const PREFIX_SEGMENT_FLAGS: &Tokens = &[
    (128, "Readvertisement"),
    (64, "Node"),
    (32, "No-PHP"),
    (16, "Explicit NULL"),
    (8, "Value"),
    (4, "Local"),
];

pub(super) const PREFIX_SEGMENT_ALGORITHMS: &Tokens = &[(0, "SPF"), (1, "strict-SPF")];

pub(super) const LINK_ATTRIBUTES: &Tokens = &[
    (1, "Local Protection Available"),
    (2, "Link excluded from local protection path"),
    (4, "Local maintenance required"),
];

pub(super) const ADJACENCY_SEGMENT_FLAGS: &Tokens = &[
    (128, "Address family IPv6"),
    (64, "Backup"),
    (32, "Value"),
    (16, "Local significance"),
    (8, "Set of adjacencies"),
    (4, "Persistent"),
];

pub(super) const AUTHENTICATIONS: &Tokens = &[
    (1, "simple text password"),
    (3, "Generic Crypto key-id"),
    (54, "HMAC-MD5 password"),
    (255, "Routing Domain private password"),
];

pub(super) const INTER_DOMAIN_KINDS: &Tokens =
    &[(0, "Reserved"), (1, "Routing-Domain Specific"), (2, "AS Number Tag")];

pub(super) const PORT_CAPABILITIES: &Tokens = &[(4, "SPB MCID"), (5, "SPB Digest"), (6, "SPB BVID")];

pub(super) const TOPOLOGY_CAPABILITIES: &Tokens =
    &[(1, "SPB Instance"), (3, "SPBM Service Identifier and Unicast Address")];

pub(super) const TOPOLOGY_FLAGS: &Tokens = &[(0x4000, "ATT bit set"), (0x8000, "Overload bit set")];

pub(super) const TOPOLOGIES: &Tokens = &[
    (0, "IPv4 unicast"),
    (1, "In-Band Management"),
    (2, "IPv6 unicast"),
    (3, "Multicast"),
    (4095, "Development, Experimental or Proprietary"),
];

pub(super) const CIRCUITS: &Tokens = &[(1, "Level 1 only"), (2, "Level 2 only"), (3, "Level 1, Level 2")];

pub(super) const LSP_SYSTEMS: &Tokens =
    &[(0, "Unused 0x0 (invalid)"), (1, "L1 IS"), (2, "Unused 0x2 (invalid)"), (3, "L2 IS")];

pub(super) const ADJACENCY_STATES: &Tokens = &[(0, "Up"), (1, "Initializing"), (2, "Down")];

pub(super) const VIRTUAL_FLAGS: &Tokens = &[(0, "IsNotVirtual"), (1, "IsVirtual")];

pub(super) const RESTART_FLAGS: &Tokens =
    &[(1, "Restart Request"), (2, "Restart Acknowledgement"), (4, "Suppress adjacency advertisement")];
