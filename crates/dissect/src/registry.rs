//! Who prints what: the tables from link types, Ethernet types, IP protocols and ports to printers.
//!
//! Rows are in the order in which they are tried; a protocol joins with one row.

use crate::Print;
use crate::options::PortProtocol;
use crate::port_table::{PortRow, PortTable, Ports::*};
use crate::proto::*;
use std::sync::OnceLock;
use wirescope_wire::LinkType;

/// A printer under the number that chooses it.
pub(crate) struct Row<N> {
    pub(crate) number: N,
    pub(crate) proto: &'static str,
    pub(crate) print: Print,
}

const fn row<N>(number: N, proto: &'static str, print: Print) -> Row<N> {
    Row { number, proto, print }
}

/// Printers of whole packets, by link type.
const LINKS: &[Row<LinkType>] = &[
    row(LinkType::APPLE_IP_OVER_IEEE1394, "ap1394", ap1394::print_link),
    row(LinkType::ARCNET, "arcnet", arcnet::print_link),
    row(LinkType::ARCNET_LINUX, "arcnet_linux", arcnet::print_linux_link),
    row(LinkType::ATM_RFC1483, "atm", atm::print_link),
    row(LinkType::BLUETOOTH_HCI_H4_WITH_PHDR, "bluetooth", bt::print_link),
    row(LinkType::C_HDLC, "chdlc", chdlc::print_link),
    row(LinkType::ATM_CLIP, "cip", cip::print_link),
    row(LinkType::DSA_TAG_BRCM, "brcm-tag", brcmtag::print_link),
    row(LinkType::DSA_TAG_BRCM_PREPEND, "brcm-tag-prepend", brcmtag::print_prepended_link),
    row(LinkType::DSA_TAG_DSA, "dsa", dsa::print_link),
    row(LinkType::DSA_TAG_EDSA, "edsa", dsa::print_ethertype_link),
    row(LinkType::EN10MB, "ether", ether::print_link),
    row(LinkType::ENC, "enc", enc::print_link),
    row(LinkType::FDDI, "fddi", fddi::print_link),
    row(LinkType::FRELAY, "fr", fr::print_link),
    row(LinkType::IEEE802, "token-ring", token::print_link),
    row(LinkType::IEEE802_11, "802.11", ieee802_11::print_link),
    row(LinkType::IEEE802_11_RADIO, "802.11_radio", ieee802_11::print_radiotap_link),
    row(LinkType::IEEE802_11_RADIO_AVS, "802.11_radio_avs", ieee802_11::print_avs_link),
    row(LinkType::IEEE802_15_4, "802.15.4", ieee802_15_4::print_link),
    row(LinkType::IEEE802_15_4_NOFCS, "802.15.4", ieee802_15_4::print_link),
    row(LinkType::IEEE802_15_4_TAP, "802.15.4_tap", ieee802_15_4::print_tap_link),
    row(LinkType::IPNET, "ipnet", ipnet::print_link),
    row(LinkType::IPOIB, "ipoib", ipoib::print_link),
    row(LinkType::IPV4, "ip", raw::print_ipv4),
    row(LinkType::IPV6, "ip6", raw::print_ipv6),
    row(LinkType::IP_OVER_FC, "ipfc", ipfc::print_link),
    row(LinkType::JUNIPER_ATM1, "juniper_atm1", juniper::print_atm1),
    row(LinkType::JUNIPER_ATM2, "juniper_atm2", juniper::print_atm2),
    row(LinkType::JUNIPER_CHDLC, "juniper_chdlc", juniper::print_chdlc),
    row(LinkType::JUNIPER_ES, "juniper_es", juniper::print_es),
    row(LinkType::JUNIPER_ETHER, "juniper_ether", juniper::print_ether),
    row(LinkType::JUNIPER_FRELAY, "juniper_frelay", juniper::print_frelay),
    row(LinkType::JUNIPER_GGSN, "juniper_ggsn", juniper::print_ggsn),
    row(LinkType::JUNIPER_MFR, "juniper_mfr", juniper::print_mfr),
    row(LinkType::JUNIPER_MLFR, "juniper_mlfr", juniper::print_mlfr),
    row(LinkType::JUNIPER_MLPPP, "juniper_mlppp", juniper::print_mlppp),
    row(LinkType::JUNIPER_MONITOR, "juniper_monitor", juniper::print_monitor),
    row(LinkType::JUNIPER_PPP, "juniper_ppp", juniper::print_ppp),
    row(LinkType::JUNIPER_PPPOE, "juniper_pppoe", juniper::print_pppoe),
    row(LinkType::JUNIPER_PPPOE_ATM, "juniper_pppoe_atm", juniper::print_pppoe_atm),
    row(LinkType::JUNIPER_SERVICES, "juniper_services", juniper::print_services),
    row(LinkType::LINUX_SLL, "sll", sll::print),
    row(LinkType::LINUX_SLL2, "sll2", sll::print_2),
    row(LinkType::LOOP, "null", null::print),
    row(LinkType::LTALK, "ltalk", atalk::print_link),
    row(LinkType::MFR, "mfr", fr::print_bundle_link),
    row(LinkType::NETANALYZER, "netanalyzer", ether::print_netanalyzer),
    row(LinkType::NETANALYZER_TRANSPARENT, "netanalyzer_transparent", ether::print_netanalyzer_transparent),
    row(LinkType::NFLOG, "nflog", nflog::print_link),
    row(LinkType::NULL, "null", null::print),
    row(LinkType::PFLOG, "pflog", pflog::print_link),
    row(LinkType::PKTAP, "pktap", pktap::print_link),
    row(LinkType::PPI, "ppi", ppi::print_link),
    row(LinkType::PPP, "ppp", ppp::print_link),
    row(LinkType::PPP_ETHER, "pppoe", pppoe::print_link),
    row(LinkType::PPP_PPPD, "ppp", ppp::print_link),
    row(LinkType::PPP_SERIAL, "ppp_hdlc", ppp::print_hdlc_link),
    row(LinkType::PRISM_HEADER, "prism", ieee802_11::print_prism_link),
    row(LinkType::RAW, "raw", raw::print),
    row(LinkType::SLIP, "slip", sl::print_link),
    row(LinkType::SLIP_BSDOS, "slip_bsdos", sl::print_bsdos_link),
    row(LinkType::SUNATM, "sunatm", sunatm::print_link),
    row(LinkType::SYMANTEC_FIREWALL, "symantec", symantec::print_link),
    row(LinkType::USB_LINUX, "usb_linux_48_byte", usb::print_link),
    row(LinkType::USB_LINUX_MMAPPED, "usb_linux_64_byte", usb::print_mapped_link),
    // The number that macOS had for it before it got its own.
    row(LinkType::USER2, "pktap", pktap::print_link),
    row(LinkType::VSOCK, "vsock", vsock::print_link),
];

/// Printers of what follows an Ethernet type.
const ETHER_TYPES: &[Row<u16>] = &[
    row(0x0800, "ip", ip::print),
    row(0x86dd, "ip6", ip6::print),
    row(0x0806, "arp", arp::print),
    row(0x8035, "arp", arp::print),
    row(0x6003, "decnet", decnet::print),
    row(ether::ATALK, "atalk", atalk::print),
    row(0x80f3, "aarp", atalk::print_aarp),
    row(ether::IPX, "ipx", ipx::print),
    row(ether::OSI, "isoclns", isoclns::print),
    row(0x8863, "pppoe", pppoe::print),
    row(0x8864, "pppoe", pppoe::print),
    row(0x3c12, "pppoe", pppoe::print),
    row(0x3c13, "pppoe", pppoe::print),
    row(ether::EAP, "eap", eap::print_over_lan),
    row(0x880b, "ppp", ppp::print),
    row(0x88f7, "ptp", ptp::print),
    row(0x8902, "cfm", cfm::print),
    row(0xabcd, "cfm", cfm::print),
    row(1799, "geonet", geonet::print),
    row(0x8947, "geonet", geonet::print),
    row(0x1111, "calm_fast", calm_fast::print),
    row(0x88a2, "aoe", aoe::print),
    row(0x8808, "mpcp", mpcp::print),
    row(0x8809, "slow", slow::print),
    row(0x886f, "msnlb", msnlb::print),
    row(0x8899, "rtl", rtl::print),
    row(0x88ca, "tipc", tipc::print),
    row(0x88cc, "lldp", lldp::print),
    row(0x894f, "nsh", nsh::print),
    row(0x9000, "loopback", loopback::print),
    row(0x8847, "mpls", mpls::print),
    row(0x8848, "mpls", mpls::print),
];

/// Printers of Cisco's protocols in SNAP.
const CISCO_PIDS: &[Row<u16>] = &[
    row(267, "stp", stp::print),
    row(268, "stp", stp::print),
    row(273, "udld", udld::print),
    row(0x2000, "cdp", cdp::print),
    row(0x2003, "vtp", vtp::print),
    row(0x2004, "dtp", dtp::print),
];

/// Printers of what IP carries. What differs between IPv4 and IPv6 or needs more than a row is decided
/// in `proto/ip_demux.rs`.
const IP_PROTOCOLS: &[Row<u8>] = &[
    row(50, "esp", esp::print),
    row(108, "ipcomp", ipcomp::print),
    row(132, "sctp", sctp::print),
    row(33, "dccp", dccp::print),
    row(6, "tcp", tcp::print),
    row(17, "udp", udp::print),
    row(1, "icmp", icmp::print),
    row(58, "icmp6", icmp6::print),
    row(9, "igrp", igrp::print),
    row(88, "eigrp", eigrp::print),
    row(2, "igmp", igmp::print),
    row(4, "ip", ip::print),
    row(41, "ip6", ip6::print),
    row(46, "rsvp", rsvp::print),
    row(47, "gre", gre::print),
    row(55, "mobile", mobile::print),
    row(103, "pim", pim::print),
    row(112, "vrrp", vrrp::print),
    row(113, "pgm", pgm::print),
    row(143, "ether", ether::print),
    row(54, "nhrp", nhrp::print),
];

/// Printers of UDP payload.
const UDP_PORTS: &[PortRow] = &[
    PortRow::new(Either(53), "domain", domain::print_udp),
    PortRow::new(Either(68), "bootp", bootp::print),
    PortRow::new(Either(67), "bootp", bootp::print),
    PortRow::new(Either(69), "tftp", tftp::print),
    PortRow::new(Either(88), "kerberos", krb::print),
    PortRow::new(Either(123), "ntp", ntp::print),
    PortRow::new(Either(137), "nbt_udp137", smb::print_name_service),
    PortRow::new(Either(138), "nbt_udp138", smb::print_datagram),
    PortRow::new(Either(161), "snmp", snmp::print),
    PortRow::new(Either(162), "snmp", snmp::print),
    PortRow::new(Either(319), "ptp", ptp::print),
    PortRow::new(Either(320), "ptp", ptp::print),
    PortRow::new(Either(496), "cisco_autorp", pim::print_autorp),
    PortRow::new(Either(500), "isakmp", isakmp::print),
    PortRow::new(Either(514), "syslog", syslog::print),
    PortRow::new(Either(520), "rip", rip::print),
    PortRow::new(Either(521), "ripng", ripng::print),
    PortRow::new(Either(525), "timed", timed::print),
    PortRow::new(Either(546), "dhcp6", dhcp6::print),
    PortRow::new(Either(547), "dhcp6", dhcp6::print),
    PortRow::new(Either(646), "ldp", ldp::print),
    PortRow::new(Either(654), "aodv", aodv::print),
    PortRow::new(Either(698), "olsr", olsr::print),
    PortRow::new(Either(701), "lmp", lmp::print),
    PortRow::new(Either(750), "kerberos", krb::print),
    PortRow::new(Either(921), "lwres", lwres::print),
    PortRow::new(Either(5353), "domain", domain::print_multicast),
    PortRow::new(Either(4500), "isakmp_rfc3948", isakmp::print_rfc3948),
    PortRow::new(Either(7500), "isakmp", isakmp::print),
    PortRow::new(Either(8500), "isakmp", isakmp::print),
    PortRow::new(Either(1701), "l2tp", l2tp::print),
    PortRow::new(Destination(3456), "vat", vat::print),
    PortRow::new(Either(2103), "zephyr", zephyr::print),
    PortRow::new(Either(2104), "zephyr", zephyr::print),
    PortRow::new(EitherIn(7000, 7009), "rx", rx::print),
    PortRow::new(Either(5359), "ahcp", ahcp::print),
    PortRow::new(Either(6696), "babel", babel::print),
    PortRow::new(Either(6697), "babel", babel::print),
    PortRow::new(Either(8231), "hncp", hncp::print),
    PortRow::new(Destination(4567), "wb", wb::print),
    PortRow::new(Either(1645), "radius", radius::print),
    PortRow::new(Either(1812), "radius", radius::print),
    PortRow::new(Either(1646), "radius", radius::print),
    PortRow::new(Either(1813), "radius", radius::print),
    PortRow::new(Either(1700), "radius", radius::print),
    PortRow::new(Either(3799), "radius", radius::print),
    PortRow::new(Destination(1985), "hsrp", hsrp::print),
    PortRow::new(Either(3503), "lspping", lspping::print),
    PortRow::new(Destination(3784), "bfd", bfd::print),
    PortRow::new(Destination(4784), "bfd", bfd::print_multihop),
    PortRow::new(Destination(6784), "bfd", bfd::print_lag),
    PortRow::new(Either(7784), "bfd", bfd::print_seamless),
    PortRow::new(Destination(3785), "bfd", bfd::print_echo),
    PortRow::new(Either(1589), "vqp", vqp::print),
    PortRow::new(Either(6343), "sflow", sflow::print),
    PortRow::new(Either(5060), "sip", text_protocol::print_sip),
    PortRow::new(Either(8472), "vxlan", vxlan::print),
    PortRow::new(Either(4789), "vxlan", vxlan::print),
    PortRow::new(Destination(6081), "geneve", geneve::print),
    PortRow::new(Either(4342), "lisp", lisp::print),
    PortRow::new(Either(4790), "vxlan_gpe", vxlan::print_gpe),
    PortRow::new(Either(6635), "mpls", mpls::print),
    PortRow::new(EitherIn(200, 327), "llap", atalk::print_udp).where_it_looks(atalk::looks_like_frame),
    PortRow::new(EitherIn(768, 895), "llap", atalk::print_udp).where_it_looks(atalk::looks_like_frame),
    PortRow::new(EitherIn(16512, 16639), "llap", atalk::print_udp).where_it_looks(atalk::looks_like_frame),
    PortRow::new(Either(30490), "someip", someip::print),
    PortRow::new(Either(443), "quic", quic::print).where_it_looks(quic::looks),
    PortRow::new(Source(49152), "bcm_li", bcm_li::print),
];

/// Printers of TCP payload.
const TCP_PORTS: &[PortRow] = &[
    PortRow::new(Either(21), "ftp", text_protocol::print_ftp),
    PortRow::new(Either(22), "ssh", ssh::print),
    PortRow::new(Either(23), "telnet", telnet::print),
    PortRow::new(Either(25), "smtp", text_protocol::print_smtp),
    PortRow::new(Either(43), "whois", text_protocol::print_whois),
    PortRow::new(Either(53), "domain", domain::print_tcp),
    PortRow::new(Either(80), "http", text_protocol::print_http),
    PortRow::new(Either(139), "nbt_tcp", smb::print_session),
    PortRow::new(Either(179), "bgp", bgp::print),
    PortRow::new(Either(323), "rpki_rtr", rpki_rtr::print),
    PortRow::new(Either(445), "smb_tcp", smb::print_tcp),
    PortRow::new(Either(554), "rtsp", text_protocol::print_rtsp),
    PortRow::new(Either(639), "msdp", msdp::print),
    PortRow::new(Either(646), "ldp", ldp::print),
    PortRow::new(Either(1723), "pptp", pptp::print),
    PortRow::new(Either(6379), "resp", resp::print),
    PortRow::new(Either(10288), "beep", beep::print),
    PortRow::new(Either(6633), "openflow", openflow::print),
    PortRow::new(Either(6653), "openflow", openflow::print),
    PortRow::new(Either(8080), "http", text_protocol::print_http),
    PortRow::new(Either(8554), "rtsp", text_protocol::print_rtsp),
    PortRow::new(Destination(nfs::PORT), "nfs", nfs::print_tcp_call).where_it_looks(nfs::is_marked_call),
    PortRow::new(Source(nfs::PORT), "nfs", nfs::print_tcp_reply).where_it_looks(nfs::is_marked_reply),
];

/// Printers of UDP payload that `-T` asks for, whatever the ports.
const FORCED_UDP: &[Row<PortProtocol>] = &[
    row(PortProtocol::Vat, "vat", vat::print),
    row(PortProtocol::Wb, "wb", wb::print),
    row(PortProtocol::Rpc, "sunrpc", sunrpc::print_any),
    row(PortProtocol::Rtp, "rtp", rtp::print),
    row(PortProtocol::Rtcp, "rtcp", rtcp::print),
    row(PortProtocol::Snmp, "snmp", snmp::print),
    row(PortProtocol::Cnfp, "cnfp", cnfp::print),
    row(PortProtocol::Tftp, "tftp", tftp::print),
    row(PortProtocol::Radius, "radius", radius::print),
    row(PortProtocol::Vxlan, "vxlan", vxlan::print),
    row(PortProtocol::Pgm, "pgm", pgm::print),
    row(PortProtocol::PgmZmtp1, "pgm", pgm::print),
    row(PortProtocol::Ptp, "ptp", ptp::print),
    row(PortProtocol::Someip, "someip", someip::print),
    row(PortProtocol::Aodv, "aodv", aodv::print),
    row(PortProtocol::Lmp, "lmp", lmp::print),
    row(PortProtocol::Domain, "domain", domain::print_udp),
    row(PortProtocol::Quic, "quic", quic::print),
];

/// Printers of TCP payload that `-T` asks for.
const FORCED_TCP: &[Row<PortProtocol>] = &[
    row(PortProtocol::Zmtp1, "zmtp1", zeromq::print),
    row(PortProtocol::Resp, "resp", resp::print),
    row(PortProtocol::Domain, "domain", domain::print_tcp),
];

/// The printer that `-T` puts in place of the port's, for UDP.
pub(crate) fn forced_udp(protocol: PortProtocol) -> Option<&'static Row<PortProtocol>> {
    FORCED_UDP.iter().find(|row| row.number == protocol)
}

/// The same for TCP.
pub(crate) fn forced_tcp(protocol: PortProtocol) -> Option<&'static Row<PortProtocol>> {
    FORCED_TCP.iter().find(|row| row.number == protocol)
}

/// The tables with their indexes.
pub(crate) struct Registry {
    pub(crate) udp: PortTable,
    pub(crate) tcp: PortTable,
    links: [Option<&'static Row<LinkType>>; LINK_NUMBERS],
    ip_protocols: [Option<&'static Row<u8>>; 256],
}

/// Link types have numbers below this.
const LINK_NUMBERS: usize = 512;

impl Registry {
    /// The tables, made once.
    pub(crate) fn get() -> &'static Registry {
        static REGISTRY: OnceLock<Registry> = OnceLock::new();
        REGISTRY.get_or_init(|| {
            let mut links = [None; LINK_NUMBERS];
            for (number, entry) in links.iter_mut().enumerate() {
                *entry = LINKS.iter().find(|row| usize::from(row.number.0) == number);
            }
            let mut ip_protocols = [None; 256];
            for (number, entry) in ip_protocols.iter_mut().enumerate() {
                *entry = IP_PROTOCOLS.iter().find(|row| usize::from(row.number) == number);
            }
            Registry { udp: PortTable::new(UDP_PORTS), tcp: PortTable::new(TCP_PORTS), links, ip_protocols }
        })
    }

    pub(crate) fn link_printer(&self, link: LinkType) -> Option<&'static Row<LinkType>> {
        self.links.get(usize::from(link.0)).copied().flatten()
    }

    pub(crate) fn ether_type(&self, ether_type: u16) -> Option<&'static Row<u16>> {
        ETHER_TYPES.iter().find(|row| row.number == ether_type)
    }

    pub(crate) fn cisco_pid(&self, pid: u16) -> Option<&'static Row<u16>> {
        CISCO_PIDS.iter().find(|row| row.number == pid)
    }

    #[inline]
    pub(crate) fn ip_protocol(&self, protocol: u8) -> Option<&'static Row<u8>> {
        self.ip_protocols.get(usize::from(protocol)).copied().flatten()
    }
}

/// The names of all rows for what IP and ports carry.
#[cfg(test)]
pub(crate) fn names_above_ip() -> impl Iterator<Item = &'static str> {
    let by_port = UDP_PORTS.iter().chain(TCP_PORTS).map(|row| row.proto);
    IP_PROTOCOLS.iter().map(|row| row.proto).chain(by_port)
}
