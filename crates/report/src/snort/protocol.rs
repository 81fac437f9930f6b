//! The names of IP protocols in alerts.

/// Short names by number, as Debian's `/etc/protocols` has them (IANA's "Assigned Internet Protocol
/// Numbers"), in capitals. They are kept here so that texts are the same on every machine.
const NAMES: [(u8, &str); 55] = [
    (0, "IP"),
    (1, "ICMP"),
    (2, "IGMP"),
    (3, "GGP"),
    (4, "IPENCAP"),
    (5, "ST"),
    (6, "TCP"),
    (8, "EGP"),
    (9, "IGP"),
    (12, "PUP"),
    (17, "UDP"),
    (20, "HMP"),
    (22, "XNS-IDP"),
    (27, "RDP"),
    (29, "ISO-TP4"),
    (33, "DCCP"),
    (36, "XTP"),
    (37, "DDP"),
    (38, "IDPR-CMTP"),
    (41, "IPV6"),
    (43, "IPV6-ROUTE"),
    (44, "IPV6-FRAG"),
    (45, "IDRP"),
    (46, "RSVP"),
    (47, "GRE"),
    (50, "ESP"),
    (51, "AH"),
    (57, "SKIP"),
    (58, "IPV6-ICMP"),
    (59, "IPV6-NONXT"),
    (60, "IPV6-OPTS"),
    (73, "RSPF"),
    (81, "VMTP"),
    (88, "EIGRP"),
    (89, "OSPF"),
    (93, "AX.25"),
    (94, "IPIP"),
    (97, "ETHERIP"),
    (98, "ENCAP"),
    (103, "PIM"),
    (108, "IPCOMP"),
    (112, "VRRP"),
    (115, "L2TP"),
    (124, "ISIS"),
    (132, "SCTP"),
    (133, "FC"),
    (135, "MOBILITY-HEADER"),
    (136, "UDPLITE"),
    (137, "MPLS-IN-IP"),
    (138, "MANET"),
    (139, "HIP"),
    (140, "SHIM6"),
    (141, "WESP"),
    (142, "ROHC"),
    (143, "ETHERNET"),
];

/// The name of a protocol; `PROTO:` and three digits where it has none.
pub(crate) fn name(protocol: u8) -> String {
    match NAMES.binary_search_by_key(&protocol, |(number, _)| *number) {
        Ok(at) => NAMES.get(at).map(|(_, name)| (*name).to_owned()).unwrap_or_default(),
        Err(_) => format!("PROTO:{protocol:03}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocols_without_a_name_show_their_number() {
        assert_eq!(name(6), "TCP");
        assert_eq!(name(58), "IPV6-ICMP");
        assert_eq!(name(11), "PROTO:011");
        assert_eq!(name(255), "PROTO:255");
        assert!(NAMES.is_sorted_by_key(|(number, _)| *number), "a binary search needs order");
    }
}
