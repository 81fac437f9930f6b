//! Names of the values in OSPF packets for IPv6 (IANA, "Open Shortest Path First v3 (OSPFv3) Parameters").

use crate::tokens::Tokens;

pub(super) const OPTIONS: &Tokens = &[
    (1, "V6"),
    (2, "External"),
    (4, "Deprecated"),
    (8, "NSSA"),
    (16, "Router"),
    (32, "Demand Circuit"),
    (256, "AFs Support"),
    (512, "LLS"),
    (1024, "Authentication Trailer"),
];

pub(super) const ROUTER_FLAGS: &Tokens =
    &[(1, "ABR"), (2, "External"), (4, "Virtual-Link Endpoint"), (8, "Deprecated"), (16, "NSSA Translator")];

pub(super) const EXTERNAL_FLAGS: &Tokens =
    &[(0x80000000, "External Type 2"), (0x2000000, "Forwarding"), (0x1000000, "Tag")];

pub(super) const PACKETS: &Tokens =
    &[(1, "Hello"), (2, "Database Description"), (3, "LS-Request"), (4, "LS-Update"), (5, "LS-Ack")];

pub(super) const LSAS: &Tokens = &[
    (1, "Router"),
    (2, "Network"),
    (3, "Inter-Area Prefix"),
    (4, "Inter-Area Router"),
    (5, "External"),
    (6, "Deprecated"),
    (7, "NSSA"),
    (8, "Link"),
    (9, "Intra-Area Prefix"),
    (10, "Intra-Area TE"),
    (11, "Grace"),
    (12, "Router Information"),
    (13, "Inter-AS-TE"),
    (14, "Layer 1 VPN"),
];

pub(super) const SCOPES: &Tokens = &[(0, "Link Local"), (0x2000, "Area Local"), (0x4000, "Domain Wide")];

pub(super) const DESCRIPTION_FLAGS: &Tokens = &[(4, "Init"), (2, "More"), (1, "Master"), (16, "IPv6 MTU")];

pub(super) const PREFIX_OPTIONS: &Tokens = &[
    (1, "No Unicast"),
    (2, "Local address"),
    (4, "Deprecated"),
    (8, "Propagate"),
    (16, "Down"),
    (32, "N-bit"),
];

pub(super) const AUTHENTICATIONS: &Tokens = &[(1, "HMAC")];
