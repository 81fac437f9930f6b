//! Link-layer types: the number a capture file gives each packet's first header.
//!
//! Numbers and names are those of <https://www.tcpdump.org/linktypes.html>.

use std::fmt;

/// The kind of header a packet starts with, as the number that capture files store (`LINKTYPE_*`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LinkType(pub u16);

impl LinkType {
    /// The name that `-y` takes and messages show, such as `EN10MB`; `None` for a number without a name.
    pub fn name(self) -> Option<&'static str> {
        NAMES.iter().find(|row| row.0 == self).map(|row| row.1)
    }

    /// A few words on the type, such as `Ethernet`.
    pub fn description(self) -> Option<&'static str> {
        NAMES.iter().find(|row| row.0 == self).map(|row| row.2)
    }

    /// The type with this name; letter case does not matter, and a leading `DLT_` may stand.
    pub fn from_name(name: &str) -> Option<LinkType> {
        let bare = match name.get(..4) {
            Some(prefix) if prefix.eq_ignore_ascii_case("DLT_") => name.get(4..).unwrap_or(""),
            _ => name,
        };
        NAMES.iter().find(|row| row.1.eq_ignore_ascii_case(bare)).map(|row| row.0)
    }

    /// The type that programs know by this number (`DLT_*`, as Linux has them). Of most types it is the number in
    /// files; the oldest ones differ from system to system, which is why files have numbers of their own.
    pub fn from_dlt(dlt: u32) -> Option<LinkType> {
        match dlt {
            11 => Some(LinkType::ATM_RFC1483),
            12 => Some(LinkType::RAW),
            15 => Some(LinkType::SLIP_BSDOS),
            16 => Some(LinkType::PPP_BSDOS),
            19 => Some(LinkType::ATM_CLIP),
            18 => Some(LinkType::PFSYNC),
            100..=103 | 106 | 246 => None,
            _ => u16::try_from(dlt).ok().map(LinkType),
        }
    }

    /// Every named type: number, name and description, in the order in which they are listed to people.
    pub fn all() -> impl Iterator<Item = (LinkType, &'static str, &'static str)> {
        NAMES.iter().copied()
    }
}

impl fmt::Display for LinkType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{}", self.0),
        }
    }
}

/// One constant for each named type; the names are the ones that files and manuals use.
#[allow(missing_docs)]
impl LinkType {
    pub const NULL: LinkType = LinkType(0);
    pub const EN10MB: LinkType = LinkType(1);
    pub const EN3MB: LinkType = LinkType(2);
    pub const AX25: LinkType = LinkType(3);
    pub const PRONET: LinkType = LinkType(4);
    pub const CHAOS: LinkType = LinkType(5);
    pub const IEEE802: LinkType = LinkType(6);
    pub const ARCNET: LinkType = LinkType(7);
    pub const SLIP: LinkType = LinkType(8);
    pub const PPP: LinkType = LinkType(9);
    pub const FDDI: LinkType = LinkType(10);
    pub const REDBACK_SMARTEDGE: LinkType = LinkType(32);
    pub const ATM_RFC1483: LinkType = LinkType(100);
    pub const RAW: LinkType = LinkType(101);
    pub const SLIP_BSDOS: LinkType = LinkType(102);
    pub const PPP_BSDOS: LinkType = LinkType(103);
    pub const ATM_CLIP: LinkType = LinkType(106);
    pub const PPP_SERIAL: LinkType = LinkType(50);
    pub const PPP_ETHER: LinkType = LinkType(51);
    pub const SYMANTEC_FIREWALL: LinkType = LinkType(99);
    pub const C_HDLC: LinkType = LinkType(104);
    pub const IEEE802_11: LinkType = LinkType(105);
    pub const FRELAY: LinkType = LinkType(107);
    pub const LOOP: LinkType = LinkType(108);
    pub const ENC: LinkType = LinkType(109);
    pub const LINUX_SLL: LinkType = LinkType(113);
    pub const LTALK: LinkType = LinkType(114);
    pub const PFLOG: LinkType = LinkType(117);
    pub const PFSYNC: LinkType = LinkType(246);
    pub const PRISM_HEADER: LinkType = LinkType(119);
    pub const IP_OVER_FC: LinkType = LinkType(122);
    pub const SUNATM: LinkType = LinkType(123);
    pub const IEEE802_11_RADIO: LinkType = LinkType(127);
    pub const ARCNET_LINUX: LinkType = LinkType(129);
    pub const JUNIPER_MLPPP: LinkType = LinkType(130);
    pub const JUNIPER_MLFR: LinkType = LinkType(131);
    pub const JUNIPER_ES: LinkType = LinkType(132);
    pub const JUNIPER_GGSN: LinkType = LinkType(133);
    pub const JUNIPER_MFR: LinkType = LinkType(134);
    pub const JUNIPER_ATM2: LinkType = LinkType(135);
    pub const JUNIPER_SERVICES: LinkType = LinkType(136);
    pub const JUNIPER_ATM1: LinkType = LinkType(137);
    pub const APPLE_IP_OVER_IEEE1394: LinkType = LinkType(138);
    pub const MTP2_WITH_PHDR: LinkType = LinkType(139);
    pub const MTP2: LinkType = LinkType(140);
    pub const MTP3: LinkType = LinkType(141);
    pub const SCCP: LinkType = LinkType(142);
    pub const DOCSIS: LinkType = LinkType(143);
    pub const LINUX_IRDA: LinkType = LinkType(144);
    pub const IEEE802_11_RADIO_AVS: LinkType = LinkType(163);
    pub const JUNIPER_MONITOR: LinkType = LinkType(164);
    pub const BACNET_MS_TP: LinkType = LinkType(165);
    pub const PPP_PPPD: LinkType = LinkType(166);
    pub const JUNIPER_PPPOE: LinkType = LinkType(167);
    pub const JUNIPER_PPPOE_ATM: LinkType = LinkType(168);
    pub const GPRS_LLC: LinkType = LinkType(169);
    pub const GPF_T: LinkType = LinkType(170);
    pub const GPF_F: LinkType = LinkType(171);
    pub const JUNIPER_PIC_PEER: LinkType = LinkType(174);
    pub const ERF_ETH: LinkType = LinkType(175);
    pub const ERF_POS: LinkType = LinkType(176);
    pub const LINUX_LAPD: LinkType = LinkType(177);
    pub const JUNIPER_ETHER: LinkType = LinkType(178);
    pub const JUNIPER_PPP: LinkType = LinkType(179);
    pub const JUNIPER_FRELAY: LinkType = LinkType(180);
    pub const JUNIPER_CHDLC: LinkType = LinkType(181);
    pub const MFR: LinkType = LinkType(182);
    pub const JUNIPER_VP: LinkType = LinkType(183);
    pub const A429: LinkType = LinkType(184);
    pub const A653_ICM: LinkType = LinkType(185);
    pub const USB_FREEBSD: LinkType = LinkType(186);
    pub const BLUETOOTH_HCI_H4: LinkType = LinkType(187);
    pub const IEEE802_16_MAC_CPS: LinkType = LinkType(188);
    pub const USB_LINUX: LinkType = LinkType(189);
    pub const CAN20B: LinkType = LinkType(190);
    pub const IEEE802_15_4_LINUX: LinkType = LinkType(191);
    pub const PPI: LinkType = LinkType(192);
    pub const IEEE802_16_MAC_CPS_RADIO: LinkType = LinkType(193);
    pub const JUNIPER_ISM: LinkType = LinkType(194);
    pub const IEEE802_15_4: LinkType = LinkType(195);
    pub const SITA: LinkType = LinkType(196);
    pub const ERF: LinkType = LinkType(197);
    pub const RAIF1: LinkType = LinkType(198);
    pub const IPMB_KONTRON: LinkType = LinkType(199);
    pub const JUNIPER_ST: LinkType = LinkType(200);
    pub const BLUETOOTH_HCI_H4_WITH_PHDR: LinkType = LinkType(201);
    pub const AX25_KISS: LinkType = LinkType(202);
    pub const I2C_LINUX: LinkType = LinkType(209);
    pub const IEEE802_15_4_NONASK_PHY: LinkType = LinkType(215);
    pub const MPLS: LinkType = LinkType(219);
    pub const LINUX_EVDEV: LinkType = LinkType(216);
    pub const USB_LINUX_MMAPPED: LinkType = LinkType(220);
    pub const DECT: LinkType = LinkType(221);
    pub const AOS: LinkType = LinkType(222);
    pub const WIHART: LinkType = LinkType(223);
    pub const FC_2: LinkType = LinkType(224);
    pub const FC_2_WITH_FRAME_DELIMS: LinkType = LinkType(225);
    pub const IPNET: LinkType = LinkType(226);
    pub const CAN_SOCKETCAN: LinkType = LinkType(227);
    pub const IPV4: LinkType = LinkType(228);
    pub const IPV6: LinkType = LinkType(229);
    pub const IEEE802_15_4_NOFCS: LinkType = LinkType(230);
    pub const DBUS: LinkType = LinkType(231);
    pub const JUNIPER_VS: LinkType = LinkType(232);
    pub const JUNIPER_SRX_E2E: LinkType = LinkType(233);
    pub const JUNIPER_FIBRECHANNEL: LinkType = LinkType(234);
    pub const DVB_CI: LinkType = LinkType(235);
    pub const MUX27010: LinkType = LinkType(236);
    pub const STANAG_5066_D_PDU: LinkType = LinkType(237);
    pub const JUNIPER_ATM_CEMIC: LinkType = LinkType(238);
    pub const NFLOG: LinkType = LinkType(239);
    pub const NETANALYZER: LinkType = LinkType(240);
    pub const NETANALYZER_TRANSPARENT: LinkType = LinkType(241);
    pub const IPOIB: LinkType = LinkType(242);
    pub const MPEG_2_TS: LinkType = LinkType(243);
    pub const NG40: LinkType = LinkType(244);
    pub const NFC_LLCP: LinkType = LinkType(245);
    pub const INFINIBAND: LinkType = LinkType(247);
    pub const SCTP: LinkType = LinkType(248);
    pub const USBPCAP: LinkType = LinkType(249);
    pub const RTAC_SERIAL: LinkType = LinkType(250);
    pub const BLUETOOTH_LE_LL: LinkType = LinkType(251);
    pub const NETLINK: LinkType = LinkType(253);
    pub const BLUETOOTH_LINUX_MONITOR: LinkType = LinkType(254);
    pub const BLUETOOTH_BREDR_BB: LinkType = LinkType(255);
    pub const BLUETOOTH_LE_LL_WITH_PHDR: LinkType = LinkType(256);
    pub const PROFIBUS_DL: LinkType = LinkType(257);
    pub const PKTAP: LinkType = LinkType(258);
    pub const EPON: LinkType = LinkType(259);
    pub const IPMI_HPM_2: LinkType = LinkType(260);
    pub const ZWAVE_R1_R2: LinkType = LinkType(261);
    pub const ZWAVE_R3: LinkType = LinkType(262);
    pub const WATTSTOPPER_DLM: LinkType = LinkType(263);
    pub const ISO_14443: LinkType = LinkType(264);
    pub const RDS: LinkType = LinkType(265);
    pub const USB_DARWIN: LinkType = LinkType(266);
    pub const OPENFLOW: LinkType = LinkType(267);
    pub const SDLC: LinkType = LinkType(268);
    pub const TI_LLN_SNIFFER: LinkType = LinkType(269);
    pub const VSOCK: LinkType = LinkType(271);
    pub const NORDIC_BLE: LinkType = LinkType(272);
    pub const DOCSIS31_XRA31: LinkType = LinkType(273);
    pub const ETHERNET_MPACKET: LinkType = LinkType(274);
    pub const DISPLAYPORT_AUX: LinkType = LinkType(275);
    pub const LINUX_SLL2: LinkType = LinkType(276);
    pub const OPENVIZSLA: LinkType = LinkType(278);
    pub const EBHSCR: LinkType = LinkType(279);
    pub const VPP_DISPATCH: LinkType = LinkType(280);
    pub const DSA_TAG_BRCM: LinkType = LinkType(281);
    pub const DSA_TAG_BRCM_PREPEND: LinkType = LinkType(282);
    pub const IEEE802_15_4_TAP: LinkType = LinkType(283);
    pub const DSA_TAG_DSA: LinkType = LinkType(284);
    pub const DSA_TAG_EDSA: LinkType = LinkType(285);
    pub const ELEE: LinkType = LinkType(286);
    pub const Z_WAVE_SERIAL: LinkType = LinkType(287);
    pub const USB_2_0: LinkType = LinkType(288);
    pub const ATSC_ALP: LinkType = LinkType(289);
    pub const ETW: LinkType = LinkType(290);
    pub const NETANALYZER_NG: LinkType = LinkType(291);
    pub const ZBOSS_NCP: LinkType = LinkType(292);
    pub const USB_2_0_LOW_SPEED: LinkType = LinkType(293);
    pub const USB_2_0_FULL_SPEED: LinkType = LinkType(294);
    pub const USB_2_0_HIGH_SPEED: LinkType = LinkType(295);
    pub const AUERSWALD_LOG: LinkType = LinkType(296);
    pub const ZWAVE_TAP: LinkType = LinkType(297);
    pub const SILABS_DEBUG_CHANNEL: LinkType = LinkType(298);
    pub const FIRA_UCI: LinkType = LinkType(299);
    pub const MDB: LinkType = LinkType(300);
    pub const DECT_NR: LinkType = LinkType(301);
    pub const USER0: LinkType = LinkType(147);
    pub const USER1: LinkType = LinkType(148);
    pub const USER2: LinkType = LinkType(149);
    pub const USER3: LinkType = LinkType(150);
    pub const USER4: LinkType = LinkType(151);
    pub const USER5: LinkType = LinkType(152);
    pub const USER6: LinkType = LinkType(153);
    pub const USER7: LinkType = LinkType(154);
    pub const USER8: LinkType = LinkType(155);
    pub const USER9: LinkType = LinkType(156);
    pub const USER10: LinkType = LinkType(157);
    pub const USER11: LinkType = LinkType(158);
    pub const USER12: LinkType = LinkType(159);
    pub const USER13: LinkType = LinkType(160);
    pub const USER14: LinkType = LinkType(161);
    pub const USER15: LinkType = LinkType(162);
    pub const EDK2_MM: LinkType = LinkType(302);
    pub const DEBUG_ONLY: LinkType = LinkType(303);
    pub const DECT_NR_TAP: LinkType = LinkType(304);
}

const NAMES: &[(LinkType, &str, &str)] = &[
    (LinkType::NULL, "NULL", "BSD loopback"),
    (LinkType::EN10MB, "EN10MB", "Ethernet"),
    (LinkType::EN3MB, "EN3MB", "experimental Ethernet (3Mb/s)"),
    (LinkType::AX25, "AX25", "AX.25 layer 2"),
    (LinkType::PRONET, "PRONET", "Proteon ProNET Token Ring"),
    (LinkType::CHAOS, "CHAOS", "MIT Chaosnet"),
    (LinkType::IEEE802, "IEEE802", "802.5 Token Ring"),
    (LinkType::ARCNET, "ARCNET", "BSD ARCnet"),
    (LinkType::SLIP, "SLIP", "Serial Line IP"),
    (LinkType::PPP, "PPP", "Point-to-Point Protocol"),
    (LinkType::FDDI, "FDDI", "Fiber Distributed Data Interface"),
    (LinkType::REDBACK_SMARTEDGE, "REDBACK_SMARTEDGE", "Redback SmartEdge 400/800"),
    (LinkType::ATM_RFC1483, "ATM_RFC1483", "RFC 1483 LLC-encapsulated ATM"),
    (LinkType::RAW, "RAW", "Raw IPv4/IPv6"),
    (LinkType::SLIP_BSDOS, "SLIP_BSDOS", "BSD/OS Serial Line IP"),
    (LinkType::PPP_BSDOS, "PPP_BSDOS", "BSD/OS Point-to-Point Protocol"),
    (LinkType::ATM_CLIP, "ATM_CLIP", "Linux Classical IP over ATM"),
    (LinkType::PPP_SERIAL, "PPP_SERIAL", "Point-to-Point Protocol over serial"),
    (LinkType::PPP_ETHER, "PPP_ETHER", "PPPoE session packets"),
    (LinkType::SYMANTEC_FIREWALL, "SYMANTEC_FIREWALL", "Symantec Firewall"),
    (LinkType::C_HDLC, "C_HDLC", "Cisco HDLC"),
    (LinkType::IEEE802_11, "IEEE802_11", "802.11"),
    (LinkType::FRELAY, "FRELAY", "Frame Relay"),
    (LinkType::LOOP, "LOOP", "OpenBSD loopback"),
    (LinkType::ENC, "ENC", "OpenBSD encapsulated IP"),
    (LinkType::LINUX_SLL, "LINUX_SLL", "Linux cooked v1"),
    (LinkType::LTALK, "LTALK", "LocalTalk"),
    (LinkType::PFLOG, "PFLOG", "OpenBSD pflog file"),
    (LinkType::PFSYNC, "PFSYNC", "Packet filter state syncing"),
    (LinkType::PRISM_HEADER, "PRISM_HEADER", "802.11 plus Prism header"),
    (LinkType::IP_OVER_FC, "IP_OVER_FC", "RFC 2625 IP-over-Fibre Channel"),
    (LinkType::SUNATM, "SUNATM", "Sun raw ATM"),
    (LinkType::IEEE802_11_RADIO, "IEEE802_11_RADIO", "802.11 plus radiotap header"),
    (LinkType::ARCNET_LINUX, "ARCNET_LINUX", "Linux ARCnet"),
    (LinkType::JUNIPER_MLPPP, "JUNIPER_MLPPP", "Juniper Multi-Link PPP"),
    (LinkType::JUNIPER_MLFR, "JUNIPER_MLFR", "Juniper Multi-Link Frame Relay"),
    (LinkType::JUNIPER_ES, "JUNIPER_ES", "Juniper Encryption Services PIC"),
    (LinkType::JUNIPER_GGSN, "JUNIPER_GGSN", "Juniper GGSN PIC"),
    (LinkType::JUNIPER_MFR, "JUNIPER_MFR", "Juniper FRF.16 Frame Relay"),
    (LinkType::JUNIPER_ATM2, "JUNIPER_ATM2", "Juniper ATM2 PIC"),
    (LinkType::JUNIPER_SERVICES, "JUNIPER_SERVICES", "Juniper Advanced Services PIC"),
    (LinkType::JUNIPER_ATM1, "JUNIPER_ATM1", "Juniper ATM1 PIC"),
    (LinkType::APPLE_IP_OVER_IEEE1394, "APPLE_IP_OVER_IEEE1394", "Apple IP-over-IEEE 1394"),
    (LinkType::MTP2_WITH_PHDR, "MTP2_WITH_PHDR", "SS7 MTP2 with Pseudo-header"),
    (LinkType::MTP2, "MTP2", "SS7 MTP2"),
    (LinkType::MTP3, "MTP3", "SS7 MTP3"),
    (LinkType::SCCP, "SCCP", "SS7 SCCP"),
    (LinkType::DOCSIS, "DOCSIS", "DOCSIS"),
    (LinkType::LINUX_IRDA, "LINUX_IRDA", "Linux IrDA"),
    (LinkType::IEEE802_11_RADIO_AVS, "IEEE802_11_RADIO_AVS", "802.11 plus AVS radio information header"),
    (LinkType::JUNIPER_MONITOR, "JUNIPER_MONITOR", "Juniper Passive Monitor PIC"),
    (LinkType::BACNET_MS_TP, "BACNET_MS_TP", "BACnet MS/TP"),
    (LinkType::PPP_PPPD, "PPP_PPPD", "PPP for pppd, with direction flag"),
    (LinkType::JUNIPER_PPPOE, "JUNIPER_PPPOE", "Juniper PPPoE"),
    (LinkType::JUNIPER_PPPOE_ATM, "JUNIPER_PPPOE_ATM", "Juniper PPPoE/ATM"),
    (LinkType::GPRS_LLC, "GPRS_LLC", "GPRS LLC"),
    (LinkType::GPF_T, "GPF_T", "GPF-T"),
    (LinkType::GPF_F, "GPF_F", "GPF-F"),
    (LinkType::JUNIPER_PIC_PEER, "JUNIPER_PIC_PEER", "Juniper PIC Peer"),
    (LinkType::ERF_ETH, "ERF_ETH", "Ethernet with Endace ERF header"),
    (LinkType::ERF_POS, "ERF_POS", "Packet-over-SONET with Endace ERF header"),
    (LinkType::LINUX_LAPD, "LINUX_LAPD", "Linux vISDN LAPD"),
    (LinkType::JUNIPER_ETHER, "JUNIPER_ETHER", "Juniper Ethernet"),
    (LinkType::JUNIPER_PPP, "JUNIPER_PPP", "Juniper PPP"),
    (LinkType::JUNIPER_FRELAY, "JUNIPER_FRELAY", "Juniper Frame Relay"),
    (LinkType::JUNIPER_CHDLC, "JUNIPER_CHDLC", "Juniper C-HDLC"),
    (LinkType::MFR, "MFR", "FRF.16 Frame Relay"),
    (LinkType::JUNIPER_VP, "JUNIPER_VP", "Juniper Voice PIC"),
    (LinkType::A429, "A429", "Arinc 429"),
    (LinkType::A653_ICM, "A653_ICM", "Arinc 653 Interpartition Communication"),
    (LinkType::USB_FREEBSD, "USB_FREEBSD", "USB with FreeBSD header"),
    (LinkType::BLUETOOTH_HCI_H4, "BLUETOOTH_HCI_H4", "Bluetooth HCI UART transport layer"),
    (LinkType::IEEE802_16_MAC_CPS, "IEEE802_16_MAC_CPS", "IEEE 802.16 MAC Common Part Sublayer"),
    (LinkType::USB_LINUX, "USB_LINUX", "USB with Linux header"),
    (LinkType::CAN20B, "CAN20B", "Controller Area Network (CAN) v. 2.0B"),
    (LinkType::IEEE802_15_4_LINUX, "IEEE802_15_4_LINUX", "IEEE 802.15.4 with Linux padding"),
    (LinkType::PPI, "PPI", "Per-Packet Information"),
    (
        LinkType::IEEE802_16_MAC_CPS_RADIO,
        "IEEE802_16_MAC_CPS_RADIO",
        "IEEE 802.16 MAC Common Part Sublayer plus radiotap header",
    ),
    (LinkType::JUNIPER_ISM, "JUNIPER_ISM", "Juniper Integrated Service Module"),
    (LinkType::IEEE802_15_4, "IEEE802_15_4", "IEEE 802.15.4 with FCS"),
    (LinkType::SITA, "SITA", "SITA pseudo-header"),
    (LinkType::ERF, "ERF", "Endace ERF header"),
    (LinkType::RAIF1, "RAIF1", "Ethernet with u10 Networks pseudo-header"),
    (LinkType::IPMB_KONTRON, "IPMB_KONTRON", "IPMB with Kontron pseudo-header"),
    (LinkType::JUNIPER_ST, "JUNIPER_ST", "Juniper Secure Tunnel"),
    (
        LinkType::BLUETOOTH_HCI_H4_WITH_PHDR,
        "BLUETOOTH_HCI_H4_WITH_PHDR",
        "Bluetooth HCI UART transport layer plus pseudo-header",
    ),
    (LinkType::AX25_KISS, "AX25_KISS", "AX.25 with KISS header"),
    (LinkType::I2C_LINUX, "I2C_LINUX", "I2C with Linux/Pigeon Point pseudo-header"),
    (LinkType::IEEE802_15_4_NONASK_PHY, "IEEE802_15_4_NONASK_PHY", "IEEE 802.15.4 with non-ASK PHY data"),
    (LinkType::MPLS, "MPLS", "MPLS with label as link-layer header"),
    (LinkType::LINUX_EVDEV, "LINUX_EVDEV", "Linux evdev events"),
    (LinkType::USB_LINUX_MMAPPED, "USB_LINUX_MMAPPED", "USB with padded Linux header"),
    (LinkType::DECT, "DECT", "DECT"),
    (LinkType::AOS, "AOS", "AOS Space Data Link protocol"),
    (LinkType::WIHART, "WIHART", "WirelessHART"),
    (LinkType::FC_2, "FC_2", "Fibre Channel FC-2"),
    (LinkType::FC_2_WITH_FRAME_DELIMS, "FC_2_WITH_FRAME_DELIMS", "Fibre Channel FC-2 with frame delimiters"),
    (LinkType::IPNET, "IPNET", "Solaris ipnet"),
    (LinkType::CAN_SOCKETCAN, "CAN_SOCKETCAN", "CAN-bus with SocketCAN headers"),
    (LinkType::IPV4, "IPV4", "Raw IPv4"),
    (LinkType::IPV6, "IPV6", "Raw IPv6"),
    (LinkType::IEEE802_15_4_NOFCS, "IEEE802_15_4_NOFCS", "IEEE 802.15.4 without FCS"),
    (LinkType::DBUS, "DBUS", "D-Bus"),
    (LinkType::JUNIPER_VS, "JUNIPER_VS", "Juniper Virtual Server"),
    (LinkType::JUNIPER_SRX_E2E, "JUNIPER_SRX_E2E", "Juniper SRX E2E"),
    (LinkType::JUNIPER_FIBRECHANNEL, "JUNIPER_FIBRECHANNEL", "Juniper Fibre Channel"),
    (LinkType::DVB_CI, "DVB_CI", "DVB-CI"),
    (LinkType::MUX27010, "MUX27010", "MUX27010"),
    (LinkType::STANAG_5066_D_PDU, "STANAG_5066_D_PDU", "STANAG 5066 D_PDUs"),
    (LinkType::JUNIPER_ATM_CEMIC, "JUNIPER_ATM_CEMIC", "Juniper ATM CEMIC"),
    (LinkType::NFLOG, "NFLOG", "Linux netfilter log messages"),
    (LinkType::NETANALYZER, "NETANALYZER", "Ethernet with Hilscher netANALYZER pseudo-header"),
    (
        LinkType::NETANALYZER_TRANSPARENT,
        "NETANALYZER_TRANSPARENT",
        "Ethernet with Hilscher netANALYZER pseudo-header and with preamble and SFD",
    ),
    (LinkType::IPOIB, "IPOIB", "RFC 4391 IP-over-InfiniBand"),
    (LinkType::MPEG_2_TS, "MPEG_2_TS", "MPEG-2 transport stream"),
    (LinkType::NG40, "NG40", "ng40 protocol tester Iub/Iur"),
    (LinkType::NFC_LLCP, "NFC_LLCP", "NFC LLCP PDUs with pseudo-header"),
    (LinkType::INFINIBAND, "INFINIBAND", "InfiniBand"),
    (LinkType::SCTP, "SCTP", "SCTP"),
    (LinkType::USBPCAP, "USBPCAP", "USB with USBPcap header"),
    (LinkType::RTAC_SERIAL, "RTAC_SERIAL", "Schweitzer Engineering Laboratories RTAC packets"),
    (LinkType::BLUETOOTH_LE_LL, "BLUETOOTH_LE_LL", "Bluetooth Low Energy air interface"),
    (LinkType::NETLINK, "NETLINK", "Linux netlink"),
    (LinkType::BLUETOOTH_LINUX_MONITOR, "BLUETOOTH_LINUX_MONITOR", "Bluetooth Linux Monitor"),
    (
        LinkType::BLUETOOTH_BREDR_BB,
        "BLUETOOTH_BREDR_BB",
        "Bluetooth Basic Rate/Enhanced Data Rate baseband packets",
    ),
    (
        LinkType::BLUETOOTH_LE_LL_WITH_PHDR,
        "BLUETOOTH_LE_LL_WITH_PHDR",
        "Bluetooth Low Energy air interface with pseudo-header",
    ),
    (LinkType::PROFIBUS_DL, "PROFIBUS_DL", "PROFIBUS data link layer"),
    (LinkType::PKTAP, "PKTAP", "Apple PKTAP"),
    (LinkType::EPON, "EPON", "Ethernet with 802.3 Clause 65 EPON preamble"),
    (LinkType::IPMI_HPM_2, "IPMI_HPM_2", "IPMI trace packets"),
    (LinkType::ZWAVE_R1_R2, "ZWAVE_R1_R2", "Z-Wave RF profile R1 and R2 packets"),
    (LinkType::ZWAVE_R3, "ZWAVE_R3", "Z-Wave RF profile R3 packets"),
    (
        LinkType::WATTSTOPPER_DLM,
        "WATTSTOPPER_DLM",
        "WattStopper Digital Lighting Management (DLM) and Legrand Nitoo Open protocol",
    ),
    (LinkType::ISO_14443, "ISO_14443", "ISO 14443 messages"),
    (LinkType::RDS, "RDS", "IEC 62106 Radio Data System groups"),
    (LinkType::USB_DARWIN, "USB_DARWIN", "USB with Darwin header"),
    (LinkType::OPENFLOW, "OPENFLOW", "OpenBSD OpenFlow"),
    (LinkType::SDLC, "SDLC", "IBM SDLC frames"),
    (LinkType::TI_LLN_SNIFFER, "TI_LLN_SNIFFER", "TI LLN sniffer frames"),
    (LinkType::VSOCK, "VSOCK", "Linux vsock"),
    (LinkType::NORDIC_BLE, "NORDIC_BLE", "Nordic Semiconductor Bluetooth LE sniffer frames"),
    (LinkType::DOCSIS31_XRA31, "DOCSIS31_XRA31", "Excentis XRA-31 DOCSIS 3.1 RF sniffer frames"),
    (LinkType::ETHERNET_MPACKET, "ETHERNET_MPACKET", "802.3br mPackets"),
    (LinkType::DISPLAYPORT_AUX, "DISPLAYPORT_AUX", "DisplayPort AUX channel monitoring data"),
    (LinkType::LINUX_SLL2, "LINUX_SLL2", "Linux cooked v2"),
    (LinkType::OPENVIZSLA, "OPENVIZSLA", "OpenVizsla USB"),
    (LinkType::EBHSCR, "EBHSCR", "Elektrobit High Speed Capture and Replay (EBHSCR)"),
    (LinkType::VPP_DISPATCH, "VPP_DISPATCH", "VPP graph dispatch tracer"),
    (LinkType::DSA_TAG_BRCM, "DSA_TAG_BRCM", "Broadcom infix DSA tag"),
    (LinkType::DSA_TAG_BRCM_PREPEND, "DSA_TAG_BRCM_PREPEND", "Broadcom prefix DSA tag"),
    (LinkType::IEEE802_15_4_TAP, "IEEE802_15_4_TAP", "IEEE 802.15.4 with pseudo-header"),
    (LinkType::DSA_TAG_DSA, "DSA_TAG_DSA", "Marvell infix 4-octet DSA tag"),
    (LinkType::DSA_TAG_EDSA, "DSA_TAG_EDSA", "Marvell infix 8-octet DSA tag"),
    (LinkType::ELEE, "ELEE", "ELEE lawful intercept packets"),
    (LinkType::Z_WAVE_SERIAL, "Z_WAVE_SERIAL", "Z-Wave serial frames between host and chip"),
    (LinkType::USB_2_0, "USB_2_0", "USB 2.0/1.1/1.0 as transmitted over the cable"),
    (LinkType::ATSC_ALP, "ATSC_ALP", "ATSC Link-Layer Protocol packets"),
    (LinkType::ETW, "ETW", "Event Tracing for Windows messages"),
    (LinkType::NETANALYZER_NG, "NETANALYZER_NG", "Hilscher netANALYZER NG pseudo-footer"),
    (LinkType::ZBOSS_NCP, "ZBOSS_NCP", "ZBOSS NCP protocol with pseudo-header"),
    (
        LinkType::USB_2_0_LOW_SPEED,
        "USB_2_0_LOW_SPEED",
        "Low-Speed USB 2.0/1.1/1.0 as transmitted over the cable",
    ),
    (
        LinkType::USB_2_0_FULL_SPEED,
        "USB_2_0_FULL_SPEED",
        "Full-Speed USB 2.0/1.1/1.0 as transmitted over the cable",
    ),
    (LinkType::USB_2_0_HIGH_SPEED, "USB_2_0_HIGH_SPEED", "High-Speed USB 2.0 as transmitted over the cable"),
    (LinkType::AUERSWALD_LOG, "AUERSWALD_LOG", "Auerswald Logger Protocol"),
    (LinkType::ZWAVE_TAP, "ZWAVE_TAP", "Z-Wave packets with a TAP meta-data header"),
    (LinkType::SILABS_DEBUG_CHANNEL, "SILABS_DEBUG_CHANNEL", "Silicon Labs debug channel protocol"),
    (LinkType::FIRA_UCI, "FIRA_UCI", "Ultra-wideband controller interface protocol"),
    (LinkType::MDB, "MDB", "Multi-Drop Bus"),
    (LinkType::DECT_NR, "DECT_NR", "DECT New Radio"),
    (LinkType::USER0, "USER0", "Private use 0"),
    (LinkType::USER1, "USER1", "Private use 1"),
    (LinkType::USER2, "USER2", "Private use 2"),
    (LinkType::USER3, "USER3", "Private use 3"),
    (LinkType::USER4, "USER4", "Private use 4"),
    (LinkType::USER5, "USER5", "Private use 5"),
    (LinkType::USER6, "USER6", "Private use 6"),
    (LinkType::USER7, "USER7", "Private use 7"),
    (LinkType::USER8, "USER8", "Private use 8"),
    (LinkType::USER9, "USER9", "Private use 9"),
    (LinkType::USER10, "USER10", "Private use 10"),
    (LinkType::USER11, "USER11", "Private use 11"),
    (LinkType::USER12, "USER12", "Private use 12"),
    (LinkType::USER13, "USER13", "Private use 13"),
    (LinkType::USER14, "USER14", "Private use 14"),
    (LinkType::USER15, "USER15", "Private use 15"),
    (LinkType::EDK2_MM, "EDK2_MM", "EDK II MM request serialization protocol"),
    (LinkType::DEBUG_ONLY, "DEBUG_ONLY", "unstructured data for manual debugging only"),
    (LinkType::DECT_NR_TAP, "DECT_NR_TAP", "DECT-2020 New Radio TAP"),
];
