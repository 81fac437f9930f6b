//! IP protocols by number (IANA "Assigned Internet Protocol Numbers"), and the ones that are not everyday.

use std::net::IpAddr;

use crate::bounded::Bounded;
use crate::decode::Ip;
use crate::evidence::{Evidence, Seen};

/// Most pairs of hosts that are kept apart.
const MAX_PAIRS: usize = 16_384;

/// Whether a protocol is one that ordinary networks carry.
pub fn is_everyday(number: u8) -> bool {
    // ICMP, IGMP, IP in IP, TCP, UDP, IPv6 and its headers, GRE, ESP, AH, ICMPv6, OSPF, PIM, VRRP, SCTP.
    matches!(
        number,
        0 | 1 | 2 | 4 | 6 | 17 | 41 | 43 | 44 | 47 | 50 | 51 | 58 | 59 | 60 | 89 | 103 | 112 | 132 | 135
    )
}

/// Packets of unusual protocols from one host to another.
#[derive(Clone, Debug)]
pub struct UnusualProtocol {
    /// Protocol number.
    pub number: u8,
    /// Source address.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// The packets.
    pub evidence: Evidence,
}

/// Collects packets of unusual protocols.
#[derive(Debug)]
pub struct UnusualProtocols {
    pairs: Bounded<(u8, IpAddr, IpAddr), Evidence>,
}

impl Default for UnusualProtocols {
    fn default() -> Self {
        UnusualProtocols { pairs: Bounded::new(MAX_PAIRS) }
    }
}

impl UnusualProtocols {
    /// Notes a packet if its protocol is unusual.
    #[inline]
    pub fn packet(&mut self, seen: Seen, ip: &Ip) {
        if !is_everyday(ip.protocol)
            && let Some(evidence) = self.pairs.entry(&(ip.protocol, ip.src, ip.dst), Evidence::default)
        {
            evidence.add(seen);
        }
    }

    /// How many pairs had to make room for others.
    pub fn evicted(&self) -> u64 {
        self.pairs.evicted()
    }

    /// What was found, in the order of first packets.
    pub fn finish(&mut self) -> Vec<UnusualProtocol> {
        let mut all: Vec<_> = self
            .pairs
            .drain()
            .map(|((number, src, dst), evidence)| UnusualProtocol { number, src, dst, evidence })
            .collect();
        all.sort_unstable_by_key(|found| found.evidence.first_packet());
        all
    }
}

/// The name of a protocol; `None` for numbers that are not assigned.
pub fn name(number: u8) -> Option<&'static str> {
    match number {
        253 | 254 => Some("experimental"),
        255 => Some("Reserved"),
        _ => NAMES.get(usize::from(number)).copied(),
    }
}

/// Names from number 0 on.
const NAMES: [&str; 147] = [
    "HOPOPT",
    "ICMP",
    "IGMP",
    "GGP",
    "IPv4",
    "ST",
    "TCP",
    "CBT",
    "EGP",
    "IGP",
    "BBN-RCC-MON",
    "NVP-II",
    "PUP",
    "ARGUS",
    "EMCON",
    "XNET",
    "CHAOS",
    "UDP",
    "MUX",
    "DCN-MEAS",
    "HMP",
    "PRM",
    "XNS-IDP",
    "TRUNK-1",
    "TRUNK-2",
    "LEAF-1",
    "LEAF-2",
    "RDP",
    "IRTP",
    "ISO-TP4",
    "NETBLT",
    "MFE-NSP",
    "MERIT-INP",
    "DCCP",
    "3PC",
    "IDPR",
    "XTP",
    "DDP",
    "IDPR-CMTP",
    "TP++",
    "IL",
    "IPv6",
    "SDRP",
    "IPv6-Route",
    "IPv6-Frag",
    "IDRP",
    "RSVP",
    "GRE",
    "DSR",
    "BNA",
    "ESP",
    "AH",
    "I-NLSP",
    "SWIPE",
    "NARP",
    "Min-IPv4",
    "TLSP",
    "SKIP",
    "IPv6-ICMP",
    "IPv6-NoNxt",
    "IPv6-Opts",
    "any host internal protocol",
    "CFTP",
    "any local network",
    "SAT-EXPAK",
    "KRYPTOLAN",
    "RVD",
    "IPPC",
    "any distributed file system",
    "SAT-MON",
    "VISA",
    "IPCV",
    "CPNX",
    "CPHB",
    "WSN",
    "PVP",
    "BR-SAT-MON",
    "SUN-ND",
    "WB-MON",
    "WB-EXPAK",
    "ISO-IP",
    "VMTP",
    "SECURE-VMTP",
    "VINES",
    "IPTM",
    "NSFNET-IGP",
    "DGP",
    "TCF",
    "EIGRP",
    "OSPFIGP",
    "Sprite-RPC",
    "LARP",
    "MTP",
    "AX.25",
    "IPIP",
    "MICP",
    "SCC-SP",
    "ETHERIP",
    "ENCAP",
    "any private encryption scheme",
    "GMTP",
    "IFMP",
    "PNNI",
    "PIM",
    "ARIS",
    "SCPS",
    "QNX",
    "A/N",
    "IPComp",
    "SNP",
    "Compaq-Peer",
    "IPX-in-IP",
    "VRRP",
    "PGM",
    "any 0-hop protocol",
    "L2TP",
    "DDX",
    "IATP",
    "STP",
    "SRP",
    "UTI",
    "SMP",
    "SM",
    "PTP",
    "ISIS over IPv4",
    "FIRE",
    "CRTP",
    "CRUDP",
    "SSCOPMCE",
    "IPLT",
    "SPS",
    "PIPE",
    "SCTP",
    "FC",
    "RSVP-E2E-IGNORE",
    "Mobility Header",
    "UDPLite",
    "MPLS-in-IP",
    "manet",
    "HIP",
    "Shim6",
    "WESP",
    "ROHC",
    "Ethernet",
    "AGGFRAG",
    "NSH",
    "Homa",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_at_their_numbers() {
        for (number, want) in
            [(1, "ICMP"), (11, "NVP-II"), (33, "DCCP"), (58, "IPv6-ICMP"), (88, "EIGRP"), (89, "OSPFIGP")]
        {
            assert_eq!(name(number), Some(want));
        }
        for (number, want) in
            [(103, "PIM"), (112, "VRRP"), (132, "SCTP"), (135, "Mobility Header"), (143, "Ethernet")]
        {
            assert_eq!(name(number), Some(want));
        }
        assert_eq!((name(252), name(254), name(255)), (None, Some("experimental"), Some("Reserved")));
    }
}
