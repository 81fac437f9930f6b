//! Value names that several protocols share: Ethernet types, IP protocols, vendors.

use crate::Out;
use crate::tokens::{self, Tokens};
use std::net::IpAddr;

/// Ethernet types (IEEE registration authority).
pub(crate) const ETHER_TYPES: &Tokens = &[
    (2048, "IPv4"),
    (0x8847, "MPLS unicast"),
    (0x8848, "MPLS multicast"),
    (0x86dd, "IPv6"),
    (0x8100, "802.1Q"),
    (0x9100, "802.1Q-9100"),
    (0x88a8, "802.1Q-QinQ"),
    (0x9200, "802.1Q-9200"),
    (0x88e5, "802.1AE MACsec"),
    (512, "PUP"),
    (2054, "ARP"),
    (0x8035, "Reverse ARP"),
    (1536, "NS"),
    (1280, "Sprite"),
    (0x1000, "Trail"),
    (0x6001, "MOP DL"),
    (0x6002, "MOP RC"),
    (0x6003, "DN"),
    (0x6004, "LAT"),
    (0x6007, "SCA"),
    (0x6558, "TEB"),
    (0x8038, "Lanbridge"),
    (0x803c, "DEC DNS"),
    (0x803e, "DEC DTS"),
    (0x805b, "VEXP"),
    (0x805c, "VPROD"),
    (0x809b, "Appletalk"),
    (0x80f3, "Appletalk ARP"),
    (0x8137, "IPX"),
    (0x880b, "PPP"),
    (0x8808, "MPCP"),
    (0x8809, "Slow Protocols"),
    (0x8863, "PPPoE D"),
    (0x8864, "PPPoE S"),
    (0x888e, "EAPOL"),
    (0x8899, "Realtek protocols"),
    (0x886f, "MS NLB heartbeat"),
    (0x8870, "Jumbo"),
    (0x894f, "NSH"),
    (0x9000, "Loopback"),
    (0xfefe, "OSI"),
    (254, "GRE-OSI"),
    (0xabcd, "CFM (old)"),
    (0x8902, "CFM"),
    (0x893a, "IEEE1905.1"),
    (0x88cc, "LLDP"),
    (0x88ca, "TIPC"),
    (1799, "GeoNet (old)"),
    (0x8947, "GeoNet"),
    (0x1111, "CALM FAST"),
    (0x88a2, "AoE"),
    (0x88f7, "PTP"),
    (0xd28b, "Arista Vendor Specific Protocol"),
];

/// Protocols above IP (IANA).
pub(crate) const IP_PROTOCOLS: &Tokens = &[
    (0, "HBH"),
    (1, "ICMP"),
    (2, "IGMP"),
    (4, "IPIP"),
    (6, "TCP"),
    (8, "EGP"),
    (9, "IGRP"),
    (17, "UDP"),
    (33, "DCCP"),
    (41, "IPv6"),
    (43, "Routing"),
    (44, "Fragment"),
    (46, "RSVP"),
    (47, "GRE"),
    (50, "ESP"),
    (51, "AH"),
    (55, "Mobile IP"),
    (58, "ICMPv6"),
    (59, "No Next Header"),
    (60, "DSTOPT"),
    (62, "Mobile IP (old)"),
    (88, "EIGRP"),
    (89, "OSPF"),
    (103, "PIM"),
    (108, "Compressed IP"),
    (112, "VRRP"),
    (113, "PGM"),
    (132, "SCTP"),
    (135, "Mobility"),
    (143, "Ethernet"),
];

/// Network layer protocol identifiers (ISO/IEC TR 9577).
pub(crate) const NLPIDS: &Tokens = &[
    (0, "NULL"),
    (8, "Q.933"),
    (9, "LMI"),
    (128, "SNAP"),
    (129, "CLNP"),
    (130, "ES-IS"),
    (131, "IS-IS"),
    (132, "CONS"),
    (133, "IDRP"),
    (193, "ISIS_SPB"),
    (177, "FRF.15"),
    (204, "IPv4"),
    (207, "PPP"),
    (138, "X25 ES-IS"),
    (142, "IPv6"),
];

/// Organisationally unique identifiers (IEEE).
pub(crate) const OUIS: &Tokens = &[
    (0, "Ethernet"),
    (12, "Cisco"),
    (94, "IANA"),
    (129, "Nortel Networks SONMP"),
    (248, "Cisco bridged"),
    (0x19a7, "ITU-T"),
    (0x80c2, "Ethernet bridged"),
    (0xa03e, "ATM Forum"),
    (0xe02f, "DOCSIS Spanning Tree"),
    (0x80007, "Appletalk"),
    (0x9069, "Juniper"),
    (0x80009, "Hewlett-Packard"),
    (0x120f, "IEEE 802.3 Private"),
    (0x12bb, "ANSI/TIA"),
    (0x1b21, "DCBX"),
    (0x2320, "Nicira Networks"),
    (0x5c16c7, "Big Switch Networks"),
    (0xb0d2f5, "Vello Systems"),
    (0x2481, "HP"),
    (1258, "HP-Labs"),
    (0x748771, "Infoblox Inc"),
    (0xa42305, "Open Networking Lab"),
    (1183, "Freescale"),
    (0x15ad, "Netronome"),
    (0x1018, "Broadcom"),
    (0xe004, "PMC-Sierra"),
    (0xd0f0db, "Ericsson"),
];

/// Address families (IANA).
pub(crate) const ADDRESS_FAMILIES: &Tokens = &[
    (0, "Reserved"),
    (1, "IPv4"),
    (2, "IPv6"),
    (3, "NSAP"),
    (4, "HDLC"),
    (5, "BBN 1822"),
    (6, "802"),
    (7, "E.163"),
    (8, "E.164"),
    (9, "F.69"),
    (10, "X.121"),
    (11, "Novell IPX"),
    (12, "Appletalk"),
    (13, "Decnet IV"),
    (14, "Banyan Vines"),
    (15, "E.164 with NSAP subaddress"),
    (196, "Layer-2 VPN"),
    (25, "VPLS"),
];

/// Address families as BSD numbers them.
pub(crate) const BSD_ADDRESS_FAMILIES: &Tokens = &[
    (2, "IPv4"),
    (6, "NS"),
    (7, "ISO"),
    (16, "Appletalk"),
    (23, "IPX"),
    (24, "IPv6"),
    (28, "IPv6"),
    (30, "IPv6"),
];

/// Private enterprise numbers (IANA).
pub(crate) const ENTERPRISES: &Tokens = &[
    (0, "IETF (reserved)"),
    (5, "ACC"),
    (9, "Cisco"),
    (11, "Hewlett Packard"),
    (42, "Sun Microsystems"),
    (61, "Merit"),
    (74, "AT&T"),
    (161, "Motorola"),
    (166, "Shiva"),
    (193, "Ericsson AB"),
    (255, "Cisco VPN 5000"),
    (307, "Livingston"),
    (311, "Microsoft"),
    (429, "3Com"),
    (529, "Ascend"),
    (1584, "Bay Networks"),
    (1991, "Foundry"),
    (2180, "Versanet"),
    (2352, "Redback"),
    (2636, "Juniper Networks"),
    (2637, "Aptis"),
    (2937, "Deutsche Telekom AG"),
    (3054, "Ixia Communications"),
    (3076, "Cisco VPN 3000"),
    (3085, "CoSine Communications"),
    (3224, "Netscreen"),
    (3199, "Shasta"),
    (3309, "Nomadix"),
    (3414, "T-Mobile"),
    (3561, "The Broadband Forum"),
    (3902, "ZTE"),
    (0x10e9, "Siemens"),
    (0x118b, "CableLabs"),
    (0x130a, "Unisphere Networks"),
    (0x148f, "Cisco BBSM"),
    (0x159f, "3rd Generation Partnership Project 2 (3GPP2)"),
    (0x16ae, "SK Telecom"),
    (0x1725, "ipUnplugged"),
    (0x173c, "Issanni Communications"),
    (0x173f, "Netscaler"),
    (0x195a, "T-Mobile"),
    (0x19da, "Quintum"),
    (0x1a48, "Interlink"),
    (0x1f0f, "CNCTC"),
    (0x1fe4, "Starent Networks"),
    (0x2228, "Colubris"),
    (0x28af, "3GPP"),
    (0x2921, "Gemtek-Systems"),
    (0x29d0, "Barracuda Networks"),
    (0x2aab, "Ericsson AB - Packet Core Networks"),
    (0x2d91, "dacom"),
    (0x2e56, "Columbia University"),
    (0x3044, "Fortinet"),
    (0x3297, "Verizon Wireless"),
    (0x35b1, "Plixer"),
    (0x372a, "Wi-Fi Alliance"),
    (0x4193, "T-Systems Nova"),
    (0x51ce, "China Telecom - Guangzhou Research Institute"),
    (0x68f2, "Gigamon Systems"),
    (0x7f6e, "CACE Technologies"),
    (0x8b30, "ntop"),
    (0xb412, "Ericsson Canada"),
];

/// Names of protocols above IP as the protocols database has them, for protocols without a printer.
const PROTOCOL_NAMES: &Tokens = &[
    (0, "hopopt"),
    (1, "icmp"),
    (2, "igmp"),
    (3, "ggp"),
    (4, "ipencap"),
    (5, "st"),
    (6, "tcp"),
    (7, "cbt"),
    (8, "egp"),
    (9, "igp"),
    (10, "bbn-rcc-mon"),
    (11, "nvp-ii"),
    (12, "pup"),
    (13, "argus"),
    (14, "emcon"),
    (15, "xnet"),
    (16, "chaos"),
    (17, "udp"),
    (18, "mux"),
    (19, "dcn-meas"),
    (20, "hmp"),
    (21, "prm"),
    (22, "xns-idp"),
    (23, "trunk-1"),
    (24, "trunk-2"),
    (25, "leaf-1"),
    (26, "leaf-2"),
    (27, "rdp"),
    (28, "irtp"),
    (29, "iso-tp4"),
    (30, "netblt"),
    (31, "mfe-nsp"),
    (32, "merit-inp"),
    (33, "dccp"),
    (34, "3pc"),
    (35, "idpr"),
    (36, "xtp"),
    (37, "ddp"),
    (38, "idpr-cmtp"),
    (39, "tp++"),
    (40, "il"),
    (41, "ipv6"),
    (42, "sdrp"),
    (43, "ipv6-route"),
    (44, "ipv6-frag"),
    (45, "idrp"),
    (46, "rsvp"),
    (47, "gre"),
    (48, "dsr"),
    (49, "bna"),
    (50, "esp"),
    (51, "ah"),
    (52, "i-nlsp"),
    (53, "swipe"),
    (54, "narp"),
    (55, "mobile"),
    (56, "tlsp"),
    (57, "skip"),
    (58, "ipv6-icmp"),
    (59, "ipv6-nonxt"),
    (60, "ipv6-opts"),
    (62, "cftp"),
    (64, "sat-expak"),
    (65, "kryptolan"),
    (66, "rvd"),
    (67, "ippc"),
    (69, "sat-mon"),
    (70, "visa"),
    (71, "ipcv"),
    (72, "cpnx"),
    (73, "rspf"),
    (74, "wsn"),
    (75, "pvp"),
    (76, "br-sat-mon"),
    (77, "sun-nd"),
    (78, "wb-mon"),
    (79, "wb-expak"),
    (80, "iso-ip"),
    (81, "vmtp"),
    (82, "secure-vmtp"),
    (83, "vines"),
    (84, "ttp"),
    (85, "nsfnet-igp"),
    (86, "dgp"),
    (87, "tcf"),
    (88, "eigrp"),
    (89, "ospf"),
    (90, "sprite-rpc"),
    (91, "larp"),
    (92, "mtp"),
    (93, "ax.25"),
    (94, "ipip"),
    (95, "micp"),
    (96, "scc-sp"),
    (97, "etherip"),
    (98, "encap"),
    (100, "gmtp"),
    (101, "ifmp"),
    (102, "pnni"),
    (103, "pim"),
    (104, "aris"),
    (105, "scps"),
    (106, "qnx"),
    (107, "a/n"),
    (108, "ipcomp"),
    (109, "snp"),
    (110, "compaq-peer"),
    (111, "ipx-in-ip"),
    (112, "vrrp"),
    (113, "pgm"),
    (115, "l2tp"),
    (116, "ddx"),
    (117, "iatp"),
    (118, "stp"),
    (119, "srp"),
    (120, "uti"),
    (121, "smp"),
    (122, "sm"),
    (123, "ptp"),
    (124, "isis"),
    (125, "fire"),
    (126, "crtp"),
    (127, "crudp"),
    (128, "sscopmce"),
    (129, "iplt"),
    (130, "sps"),
    (131, "pipe"),
    (132, "sctp"),
    (133, "fc"),
    (134, "rsvp-e2e-ignore"),
    (135, "mobility-header"),
    (136, "udplite"),
    (137, "mpls-in-ip"),
    (138, "manet"),
    (139, "hip"),
    (140, "shim6"),
    (141, "wesp"),
    (142, "rohc"),
    (253, "exptest-253"),
    (254, "exptest-254"),
    (255, "reserved"),
];

impl Out {
    /// Writes the name of an IPv4 host, or its address.
    #[inline]
    pub fn host4(&mut self, address: [u8; 4]) -> &mut Self {
        if self.options.numeric || !self.host_name(IpAddr::from(address)) {
            return self.ipv4(address);
        }
        self
    }

    /// Writes the name of an IPv6 host, or its address.
    #[inline]
    pub fn host6(&mut self, address: [u8; 16]) -> &mut Self {
        if self.options.numeric || !self.host_name(IpAddr::from(address)) {
            return self.ipv6(address);
        }
        self
    }

    /// Writes the name of a host, without its domain where `-N` says so; false where it has none.
    fn host_name(&mut self, address: IpAddr) -> bool {
        let Some(name) = self.names.host(address) else { return false };
        let domain_at = if self.options.short_names { name.find('.') } else { None };
        self.text.str(domain_at.and_then(|at| name.get(..at)).unwrap_or(name));
        true
    }

    /// Writes the name of a TCP port, or its number.
    #[inline]
    pub fn tcp_port(&mut self, port: u16) -> &mut Self {
        self.text_tcp_port(b"", port)
    }

    /// Writes text and the name of a TCP port, or its number.
    #[inline]
    pub(crate) fn text_tcp_port<const N: usize>(&mut self, text: &[u8; N], port: u16) -> &mut Self {
        if !self.options.numeric
            && let Some(name) = self.names.tcp_port(port)
        {
            self.text.bytes(text);
            self.text.str(name);
            return self;
        }
        self.text_dec(text, port)
    }

    /// Writes the name of a UDP port, or its number.
    #[inline]
    pub fn udp_port(&mut self, port: u16) -> &mut Self {
        self.text_udp_port(b"", port)
    }

    /// Writes text and the name of a UDP port, or its number.
    #[inline]
    pub(crate) fn text_udp_port<const N: usize>(&mut self, text: &[u8; N], port: u16) -> &mut Self {
        if !self.options.numeric
            && let Some(name) = self.names.udp_port(port)
        {
            self.text.bytes(text);
            self.text.str(name);
            return self;
        }
        self.text_dec(text, port)
    }

    /// Writes the name of a link-layer address, or the address, with its vendor unless `-n` forbids.
    pub(crate) fn ether_host(&mut self, address: [u8; 6]) -> &mut Self {
        if self.options.numeric {
            return self.mac(address);
        }
        if address == [0xff; 6] {
            return self.text("Broadcast");
        }
        if let Some(name) = self.names.ether(address) {
            self.text.str(name);
            return self;
        }
        let [a, b, c, ..] = address;
        let oui = u32::from_be_bytes([0, a, b, c]);
        self.mac(address).text(" (oui ");
        self.text(tokens::name(OUIS, oui).unwrap_or("Unknown")).text(")")
    }

    /// Writes an address of any length and link type: six bytes are taken for an Ethernet address.
    pub(crate) fn link_address(&mut self, address: &[u8]) -> &mut Self {
        match (address.first_chunk::<6>(), address) {
            (_, []) => self.text("<empty>"),
            (Some(mac), _) if address.len() == 6 => self.ether_host(*mac),
            _ => self.hex_with(address, b':'),
        }
    }

    /// Writes bytes in hex with `between` between them.
    pub(crate) fn hex_with(&mut self, bytes: &[u8], between: u8) -> &mut Self {
        for (at, byte) in bytes.iter().enumerate() {
            if at > 0 {
                self.byte(between);
            }
            self.hex(*byte, 2);
        }
        self
    }
}

/// The name of a protocol without a printer; the database of the system has the same ones.
pub(crate) fn protocol_name(protocol: u8) -> Option<&'static str> {
    tokens::name(PROTOCOL_NAMES, protocol.into())
}
