//! Names of the values in OSPF packets (IANA, "Open Shortest Path First v2 (OSPFv2) Parameters").

use crate::tokens::Tokens;

pub(super) const OPTIONS: &Tokens = &[
    (1, "MultiTopology"),
    (2, "External"),
    (4, "Multicast"),
    (8, "NSSA"),
    (16, "LLS"),
    (32, "Demand Circuit"),
    (64, "Opaque"),
    (128, "Up/Down"),
];

pub(super) const AUTHENTICATIONS: &Tokens = &[(0, "none"), (1, "simple"), (2, "MD5")];

pub(super) const ROUTER_FLAGS: &Tokens =
    &[(1, "ABR"), (2, "ASBR"), (4, "Virtual"), (8, "Wildcard"), (16, "Nt"), (128, "Host")];

pub(super) const PACKETS: &Tokens =
    &[(1, "Hello"), (2, "Database Description"), (3, "LS-Request"), (4, "LS-Update"), (5, "LS-Ack")];

pub(super) const LSAS: &Tokens = &[
    (1, "Router"),
    (2, "Network"),
    (3, "Summary"),
    (4, "ASBR Summary"),
    (5, "External"),
    (6, "Multicast Group"),
    (7, "NSSA"),
    (9, "Link Local Opaque"),
    (10, "Area Local Opaque"),
    (11, "Domain Wide Opaque"),
];

pub(super) const DESCRIPTION_FLAGS: &Tokens = &[(4, "Init"), (2, "More"), (1, "Master"), (8, "OOBResync")];

pub(super) const OPAQUES: &Tokens = &[
    (1, "Traffic Engineering"),
    (3, "Graceful restart"),
    (4, "Router Information"),
    (7, "Extended Prefix"),
    (8, "Extended Link"),
];

pub(super) const SEGMENT_IDENTIFIERS: &Tokens = &[(1, "SID/Label")];

pub(super) const TRAFFIC_ENGINEERING: &Tokens = &[(1, "Router Address"), (2, "Link")];

pub(super) const PREFIX_PROPERTIES: &Tokens = &[(2, "Prefix-SID")];

pub(super) const PREFIX_SEGMENT_FLAGS: &Tokens =
    &[(64, "No-PHP"), (32, "Mapping-Server"), (16, "Explicit-NULL"), (8, "Value"), (4, "Local")];

pub(super) const ROUTES: &Tokens =
    &[(0, "Unspecified"), (1, "Intra-Area"), (3, "Inter-Area"), (5, "AS External"), (7, "NSSA External")];

pub(super) const EXTENDED_PREFIXES: &Tokens = &[(1, "Extended Prefix"), (2, "Extended Prefix Range")];

pub(super) const PREFIX_FLAGS: &Tokens = &[(128, "Inter-Area")];

pub(super) const LINK_PROPERTIES: &Tokens = &[
    (1, "Link Type"),
    (2, "Link ID"),
    (3, "Local Interface IP address"),
    (4, "Remote Interface IP address"),
    (5, "Traffic Engineering Metric"),
    (6, "Maximum Bandwidth"),
    (7, "Maximum Reservable Bandwidth"),
    (8, "Unreserved Bandwidth"),
    (9, "Administrative Group"),
    (11, "Link Local/Remote Identifier"),
    (14, "Link Protection Type"),
    (15, "Interface Switching Capability"),
    (16, "Shared Risk Link Group"),
    (17, "Bandwidth Constraints"),
];

pub(super) const GRACE: &Tokens =
    &[(1, "Grace Period"), (2, "Graceful restart Reason"), (3, "IPv4 interface address")];

pub(super) const RESTART_REASONS: &Tokens = &[
    (0, "Unknown"),
    (1, "Software Restart"),
    (2, "Software Reload/Upgrade"),
    (3, "Control Processor Switch"),
];

pub(super) const LINK_TYPES: &Tokens = &[(1, "Point-to-point"), (2, "Multi-Access")];

pub(super) const ROUTER_INFORMATION: &Tokens = &[
    (1, "Router Capabilities"),
    (8, "SR-Algorithm"),
    (7, "Hostname"),
    (9, "SID/Label Range"),
    (14, "SR Local Block"),
    (15, "SRMS Preference"),
];

pub(super) const CAPABILITIES: &Tokens = &[
    (1, "Reserved"),
    (2, "Reserved"),
    (4, "Reserved"),
    (8, "Reserved"),
    (16, "graceful restart capable"),
    (32, "graceful restart helper"),
    (64, "Stub router support"),
    (128, "Traffic engineering"),
    (256, "p2p over LAN"),
    (512, "path computation server"),
];

pub(super) const ALGORITHMS: &Tokens = &[(0, "Shortest Path First"), (1, "Strict Shortest Path First")];

pub(super) const LINK_LOCAL: &Tokens = &[(1, "Extended Options"), (2, "MD5 Authentication")];

pub(super) const EXTENDED_OPTIONS: &Tokens = &[(1, "LSDB resync"), (2, "Restart")];

pub(super) const TOPOLOGIES: &Tokens = &[(0, "default"), (1, "multicast"), (2, "management")];
