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
    row(LinkType::ATM_RFC1483, "atm", atm::print_link),
    row(LinkType::C_HDLC, "chdlc", chdlc::print_link),
    row(LinkType::ATM_CLIP, "cip", cip::print_link),
    row(LinkType::EN10MB, "ether", ether::print_link),
    row(LinkType::FRELAY, "fr", fr::print_link),
    row(LinkType::MFR, "mfr", fr::print_bundle_link),
    row(LinkType::NETANALYZER, "netanalyzer", ether::print_netanalyzer),
    row(LinkType::NETANALYZER_TRANSPARENT, "netanalyzer_transparent", ether::print_netanalyzer_transparent),
    row(LinkType::NULL, "null", null::print),
    row(LinkType::LOOP, "null", null::print),
    row(LinkType::PPP_SERIAL, "ppp_hdlc", ppp::print_hdlc_link),
    row(LinkType::PPP, "ppp", ppp::print_link),
    row(LinkType::PPP_PPPD, "ppp", ppp::print_link),
    row(LinkType::PPP_ETHER, "pppoe", pppoe::print_link),
    row(LinkType::RAW, "raw", raw::print),
    row(LinkType::IPV4, "ip", raw::print_ipv4),
    row(LinkType::IPV6, "ip6", raw::print_ipv6),
    row(LinkType::SLIP_BSDOS, "slip_bsdos", sl::print_bsdos_link),
    row(LinkType::SLIP, "slip", sl::print_link),
    row(LinkType::LINUX_SLL, "sll", sll::print),
    row(LinkType::LINUX_SLL2, "sll2", sll::print_2),
];

/// Printers of what follows an Ethernet type.
const ETHER_TYPES: &[Row<u16>] = &[
    row(0x0800, "ip", ip::print),
    row(0x86dd, "ip6", ip6::print),
    row(0x0806, "arp", arp::print),
    row(0x8035, "arp", arp::print),
    row(ether::IPX, "ipx", ipx::print),
    row(0x8863, "pppoe", pppoe::print),
    row(0x8864, "pppoe", pppoe::print),
    row(0x3c12, "pppoe", pppoe::print),
    row(0x3c13, "pppoe", pppoe::print),
    row(ether::EAP, "eap", eap::print_over_lan),
    row(0x880b, "ppp", ppp::print),
    row(0x88f7, "ptp", ptp::print),
    row(0x894f, "nsh", nsh::print),
    row(0x9000, "loopback", loopback::print),
    row(0x8847, "mpls", mpls::print),
    row(0x8848, "mpls", mpls::print),
];

/// Printers of Cisco's protocols in SNAP.
const CISCO_PIDS: &[Row<u16>] = &[
    row(267, "stp", stp::print),
    row(268, "stp", stp::print),
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
    row(2, "igmp", igmp::print),
    row(4, "ip", ip::print),
    row(41, "ip6", ip6::print),
    row(47, "gre", gre::print),
    row(55, "mobile", mobile::print),
    row(112, "vrrp", vrrp::print),
    row(113, "pgm", pgm::print),
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
    PortRow::new(Either(500), "isakmp", isakmp::print),
    PortRow::new(Either(514), "syslog", syslog::print),
    PortRow::new(Either(520), "rip", rip::print),
    PortRow::new(Either(521), "ripng", ripng::print),
    PortRow::new(Either(525), "timed", timed::print),
    PortRow::new(Either(546), "dhcp6", dhcp6::print),
    PortRow::new(Either(547), "dhcp6", dhcp6::print),
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
    PortRow::new(Either(7000), "rx", rx::print),
    PortRow::new(Either(7001), "rx", rx::print),
    PortRow::new(Either(7002), "rx", rx::print),
    PortRow::new(Either(7003), "rx", rx::print),
    PortRow::new(Either(7004), "rx", rx::print),
    PortRow::new(Either(7005), "rx", rx::print),
    PortRow::new(Either(7006), "rx", rx::print),
    PortRow::new(Either(7007), "rx", rx::print),
    PortRow::new(Either(7008), "rx", rx::print),
    PortRow::new(Either(7009), "rx", rx::print),
    PortRow::new(Either(5359), "ahcp", ahcp::print),
    PortRow::new(Either(8231), "hncp", hncp::print),
    PortRow::new(Destination(4567), "wb", wb::print),
    PortRow::new(Either(1645), "radius", radius::print),
    PortRow::new(Either(1812), "radius", radius::print),
    PortRow::new(Either(1646), "radius", radius::print),
    PortRow::new(Either(1813), "radius", radius::print),
    PortRow::new(Either(1700), "radius", radius::print),
    PortRow::new(Either(3799), "radius", radius::print),
    PortRow::new(Destination(1985), "hsrp", hsrp::print),
    PortRow::new(Either(1589), "vqp", vqp::print),
    PortRow::new(Either(6343), "sflow", sflow::print),
    PortRow::new(Either(5060), "sip", text_protocol::print_sip),
    PortRow::new(Either(8472), "vxlan", vxlan::print),
    PortRow::new(Either(4789), "vxlan", vxlan::print),
    PortRow::new(Destination(6081), "geneve", geneve::print),
    PortRow::new(Either(4342), "lisp", lisp::print),
    PortRow::new(Either(4790), "vxlan_gpe", vxlan::print_gpe),
    PortRow::new(Either(6635), "mpls", mpls::print),
    PortRow::new(Either(30490), "someip", someip::print),
    PortRow::new(Either(443), "quic", quic::print).where_it_looks(quic::looks),
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
    PortRow::new(Either(445), "smb_tcp", smb::print_tcp),
    PortRow::new(Either(554), "rtsp", text_protocol::print_rtsp),
    PortRow::new(Either(639), "msdp", msdp::print),
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
    ip_protocols: [Option<&'static Row<u8>>; 256],
}

impl Registry {
    /// The tables, made once.
    pub(crate) fn get() -> &'static Registry {
        static REGISTRY: OnceLock<Registry> = OnceLock::new();
        REGISTRY.get_or_init(|| {
            let mut ip_protocols = [None; 256];
            for (number, entry) in ip_protocols.iter_mut().enumerate() {
                *entry = IP_PROTOCOLS.iter().find(|row| usize::from(row.number) == number);
            }
            Registry { udp: PortTable::new(UDP_PORTS), tcp: PortTable::new(TCP_PORTS), ip_protocols }
        })
    }

    pub(crate) fn link_printer(&self, link: LinkType) -> Option<&'static Row<LinkType>> {
        LINKS.iter().find(|row| row.number == link)
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
