//! Printers of link layers and of what stands right above them.

use wirescope_dissect::{Dissector, Options};
use wirescope_wire::LinkType;

use crate::made::{self, bytes, mistreat, options, print};

/// Frames: what they are, the link type, the bytes, and how they read with `-v` and `-e`.
const FRAMES: &[(&str, u16, &str, &str)] = &[
    (
        "wlan_beacon",
        105,
        "80000000020000000001020000000002020000000003100000000000000000006400110400036e6574010482848b9603\
         01060504000100002a01000706455520010d14",
        "0us BSSID:02:00:00:00:00:03 DA:02:00:00:00:00:01 SA:02:00:00:00:00:02 Beacon (net) [1.0* 2.0* 5.\
         5* 11.0* Mbit] ESS CH: 6, PRIVACY",
    ),
    (
        "wlan_radiotap_probe",
        127,
        "00000f002e000000000c6c09a000c44000000002000000000102000000000202000000000320000000010402040b16",
        "6.0 Mb/s 2412 MHz 11b -60dBm signal 0us BSSID:02:00:00:00:00:03 DA:02:00:00:00:00:01 SA:02:00:00\
         :00:00:02 Probe Request () [1.0 2.0 5.5 11.0 Mbit]",
    ),
    (
        "wlan_data",
        105,
        "080100000200000000010200000000020200000000033000aaaa0300000008004500001c0001000040018ea9c0000201\
         c63364020800f7ff00000000",
        "0us BSSID:02:00:00:00:00:01 SA:02:00:00:00:00:02 DA:02:00:00:00:00:03 LLC, dsap SNAP (0xaa) Indi\
         vidual, ssap SNAP (0xaa) Command, ctrl 0x03: oui Ethernet (0x000000), ethertype IPv4 (0x0800), l\
         ength 28: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\n    192.0.\
         2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "wlan_deauth",
        105,
        "c000000002000000000102000000000202000000000340000700",
        "0us BSSID:02:00:00:00:00:03 DA:02:00:00:00:00:01 SA:02:00:00:00:00:02 DeAuthentication: Class 3 \
         frame received from nonassociated STA",
    ),
    ("wlan_ack", 105, "d4000000020000000001", "0us RA:02:00:00:00:00:01 Acknowledgment"),
    (
        "prism",
        119,
        "4400000090000000776c616e300000000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         d4000000020000000001",
        "0us RA:02:00:00:00:00:01 Acknowledgment",
    ),
    (
        "avs",
        163,
        "80211001000000400000000000000000000000000000000000000004000000060000006e000000000000000000000001\
         ffffffc4000000000000000000000000d4000000020000000001",
        "0us RA:02:00:00:00:00:01 Acknowledgment",
    ),
    (
        "lldp",
        1,
        "0180c200000e02000000000888cc0207040200000000080403056531060200780a067377697463680e0400140004100c\
         0501c0000201020000000300fe060080c2010005fe0900120f01036c030010fe070012bb01000304fe1a0080c2090000\
         0123456732323200000000000000000000000000fe1900005e0168747470733a2f2f6578616d706c652e636f6d2f6d00\
         00",
        "02:00:00:00:00:08 > 01:80:c2:00:00:0e, ethertype LLDP (0x88cc), length 145: LLDP, length 131\n\t\
         Chassis ID TLV (1), length 7\n\t  Subtype MAC address (4): 02:00:00:00:00:08\n\tPort ID TLV (2)\
         , length 3\n\t  Subtype Interface Name (5): e1\n\tTime to Live TLV (3), length 2: TTL 120s\n\tSy\
         stem Name TLV (5), length 6: switch\n\tSystem Capabilities TLV (7), length 4\n\t  System  Capabi\
         lities [Bridge, Router] (0x0014)\n\t  Enabled Capabilities [Bridge] (0x0004)\n\tManagement Addre\
         ss TLV (8), length 12\n\t  Management Address length 5, AFI IPv4 (1): 192.0.2.1\n\t  Interface I\
         ndex Interface Numbering (2): 3\n\tOrganization specific TLV (127), length 6: OUI Ethernet bridg\
         ed (0x0080c2)\n\t  Port VLAN Id Subtype (1)\n\t    port vlan id (PVID): 5\n\tOrganization specif\
         ic TLV (127), length 9: OUI IEEE 802.3 Private (0x00120f)\n\t  MAC/PHY configuration/status Subt\
         ype (1)\n\t    autonegotiation [supported, enabled] (0x03)\n\t    PMD autoneg capability [10BASE\
         -T hdx, 10BASE-T fdx, 100BASE-TX hdx, 100BASE-TX fdx, 1000BASE-T hdx, 1000BASE-T fdx] (0x6c03)\n\
         \t    MAU type 100BASETX fdx (0x0010)\n\tOrganization specific TLV (127), length 7: OUI ANSI/TI\
         A (0x0012bb)\n\t  LLDP-MED Capabilities Subtype (1)\n\t    Media capabilities [LLDP-MED capabili\
         ties, network policy] (0x0003)\n\t    Device type [network connectivity] (0x04)\n\tOrganization \
         specific TLV (127), length 26: OUI Ethernet bridged (0x0080c2)\n\t  ETS Configuration Subtype (9\
         )\n\t    Willing:0, CBS:0, RES:0, Max TCs:0\n\t    Priority Assignment Table\n\t     Priority : \
         0   1   2   3   4   5   6   7\n\t     Value    : 0   0   0   1   2   3   4   5  \n\t    TC Bandw\
         idth Table\n\t     TC%   : 0   1   2   3   4   5   6   7\n\t     Value : 103 50  50  50  0   \
         0   0   0  \n\t    TSA Assignment Table\n\t     Traffic Class: 0   1   2   3   4   5   6   7\n\
         \t     Value        : 0   0   0   0   0   0   0   0  \n\tOrganization specific TLV (127), lengt\
         h 25: OUI IANA (0x00005e)\n\t  MUD-URL Subtype (1)\n\t  MUD-URL=https://example.com/m\n\tEnd TL\
         V (0), length 0",
    ),
    (
        "lacp",
        1,
        "0180c200000202000000000888090101011480000200000000080001800000013d000000021480000200000000090001\
         800000023f00000003108000000000000000000000000000000000000000000000000000000000000000000000000000\
         00000000000000000000000000000000000000000000000000000000",
        "02:00:00:00:00:08 > 01:80:c2:00:00:02, ethertype Slow Protocols (0x8809), length 124: LACPv1, le\
         ngth 110\n\tActor Information TLV (0x01), length 20\n\t  System 02:00:00:00:00:08, System Priori\
         ty 32768, Key 1, Port 1, Port Priority 32768\n\t  State Flags [Activity, Aggregation, Synchroniz\
         ation, Collecting, Distributing]\n\tPartner Information TLV (0x02), length 20\n\t  System 02:00:\
         00:00:00:09, System Priority 32768, Key 1, Port 2, Port Priority 32768\n\t  State Flags [Activit\
         y, Timeout, Aggregation, Synchronization, Collecting, Distributing]\n\tCollector Information TL\
         V (0x03), length 16\n\t  Max Delay 32768\n\tTerminator TLV (0x00), length 0",
    ),
    (
        "marker",
        1,
        "0180c2000002020000000008880902010110000102000000000800000007000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         00000000000000000000000000000000000000000000000000000000",
        "02:00:00:00:00:08 > 01:80:c2:00:00:02, ethertype Slow Protocols (0x8809), length 124: MARKERv1, \
         length 110\n\tMarker Information TLV (0x01), length 16\n\t  Request System 02:00:00:00:00:08, Re\
         quest Port 1, Request Transaction ID 0x00000007\n\tTerminator TLV (0x00), length 0",
    ),
    (
        "oam",
        1,
        "0180c20000020200000000088809030050000110010001001d05ee00005e000000000000000000000000000000000000\
         00000000000000",
        "02:00:00:00:00:08 > 01:80:c2:00:00:02, ethertype Slow Protocols (0x8809), length 55: OAM, lengt\
         h 41\n\tCode Information OAM PDU, Flags [Local Stable, Remote Stable]\n\t  Local Information Typ\
         e (1), length 16\n\t    OAM-Version 1, Revision 1\n\t    State-Parser-Action forwarding, State-M\
         UX-Action forwarding\n\t    OAM-Config Flags [Active, Remote-Loopback, Link-Events, Variable-Ret\
         rieval], OAM-PDU-Config max-PDU size 1518\n\t    OUI IANA (0x00005e), Vendor-Private 0x00000000\
         \n\t  End of TLV marker Information Type (0), length 0",
    ),
    (
        "udld",
        1,
        "01000ccccccc0200000000080028aaaa0300000c01112103123400010008533178780002000765317800050005070007\
         000800000001",
        "02:00:00:00:00:08 > 01:00:0c:cc:cc:cc, 802.3, length 40: LLC, dsap SNAP (0xaa) Individual, ssap \
         SNAP (0xaa) Command, ctrl 0x03: oui Cisco (0x00000c), pid UDLD (0x0111), length 32: UDLDv1, Cod\
         e Probe message (1), Flags [RT, RSY] (0x03), length 32\n\tChecksum 0x1234 (unverified)\n\tDevice\
         -ID TLV (0x0001) TLV, length 8, S1xx\n\tPort-ID TLV (0x0002) TLV, length 7, e1x\n\tTimeout Inter\
         val TLV (0x0005) TLV, length 5, 7s\n\tSequence Number TLV (0x0007) TLV, length 8, 1",
    ),
    (
        "edsa",
        285,
        "020000000009020000000008dada00008010200508004500001c0001000040018ea9c0000201c63364020800f7ff0000\
         0000",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, Marvell EDSA ethertype 0xdada (Unknown), rsvd 0 0, mode T\
         o Sniffer, source dev 0, port 2, egress sniff, untagged, VID 5, FPri 1, ethertype IPv4 (0x0800)\
         , length 50: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\n    192\
         .0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "brcm_tag",
        281,
        "0200000000090200000000080000000508004500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, BRCM tag OP: EG, CID: 0, RC: [none], TC: 0, port: 5, ethe\
         rtype IPv4 (0x0800), length 46: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), \
         length 28)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "brcm_prepend",
        282,
        "2000000202000000000902000000000808004500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "BRCM tag OP: IG, TC: 0, TE: None, TS: 0, DST map: [port 1], 02:00:00:00:00:08 > 02:00:00:00:00:0\
         9, ethertype IPv4 (0x0800), length 42: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICM\
         P (1), length 28)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "dsa_link",
        284,
        "020000000009020000000008c018000008004500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, Marvell DSA mode Forward, dev 0, port 3, untagged, VID 0\
         , FPri 0, ethertype IPv4 (0x0800), length 46: (tos 0x0, ttl 64, id 1, offset 0, flags [none], pr\
         oto ICMP (1), length 28)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "ppi",
        192,
        "000008000100000002000000000902000000000808004500001c0001000040018ea9c0000201c63364020800f7ff0000\
         0000",
        "V.0 DLT EN10MB (1) len 8, length 50: 02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype IPv4 (0x08\
         00), length 42: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\n    \
         192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "pktap",
        258,
        "6c0000000100000001000000656e3000000000000000000000000000000000000000000002000000020000000e000000\
         000000002a0000006375726c000000000000000000000000000000000000000000000000000000000000000000000000\
         00000000000000000000000002000000000902000000000808004500001c0001000040018ea9c0000201c63364020800\
         f7ff00000000",
        "DLT EN10MB (1) len 108, length 150: 02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype IPv4 (0x080\
         0), length 42: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\n    1\
         92.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "enc",
        109,
        "0200000000001234005000004500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "(SPI 0x00001234: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\
         \n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "nflog",
        239,
        "020000070800010008000300200009004500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "version 0, resource ID 7, family IPv4 (2), length 44: (tos 0x0, ttl 64, id 1, offset 0, flags [n\
         one], proto ICMP (1), length 28)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, \
         length 8",
    ),
    (
        "pflog",
        117,
        "3d020000656d30000000000000000000000000000000000000000000000000000000000000000003ffffffff00000000\
         000000000000000000000000010000004500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "rule 3/0(match) [uid 0]: pass in on em0: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto I\
         CMP (1), length 28)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "sunatm",
        123,
        "82020021aaaa0300000008004500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "Tx: VPI:2 VCI:33 LLC, dsap SNAP (0xaa) Individual, ssap SNAP (0xaa) Command, ctrl 0x03: oui Ethe\
         rnet (0x000000), ethertype IPv4 (0x0800), length 28: (tos 0x0, ttl 64, id 1, offset 0, flags [no\
         ne], proto ICMP (1), length 28)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, l\
         ength 8",
    ),
    (
        "sunatm_oam",
        123,
        "050000030050001818000000000000000000000000000000000000000000000000000000000000000000000000000000\
         0000000000000000",
        "Rx: VPI:0 VCI:3 OAM F5, vpi 0, vci 385, payload [ VCC OAM F5 flow segment ], clp 0, length 52\n\
         \tcell-type unknown (0), func-type unknown (0) [|oam]",
    ),
    (
        "arcnet",
        7,
        "0102d40000014500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "01 02 ip seqid 0001 34: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 2\
         8)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "arcnet_linux",
        129,
        "01020000d40000014500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "01 02 00 36: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\n    192\
         .0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "ipfc",
        122,
        "00000200000000090000020000000008aaaa0300000008004500001c0001000040018ea9c0000201c63364020800f7ff\
         00000000",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, length 52: LLC, dsap SNAP (0xaa) Individual, ssap SNAP (0\
         xaa) Command, ctrl 0x03: oui Ethernet (0x000000), ethertype IPv4 (0x0800), length 28: (tos 0x0, \
         ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\n    192.0.2.1 > 198.51.100.2: \
         ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "fddi",
        10,
        "50020000000009020000000008aaaa0300000008004500001c0001000040018ea9c0000201c63364020800f7ff000000\
         00",
        "async0 02:00:00:00:00:08 > 02:00:00:00:00:09, length 49: LLC, dsap SNAP (0xaa) Individual, ssap \
         SNAP (0xaa) Command, ctrl 0x03: oui Ethernet (0x000000), ethertype IPv4 (0x0800), length 28: (to\
         s 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\n    192.0.2.1 > 198.51.\
         100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "token_ring",
        6,
        "1040020000000009820000000008067000110020aaaa0300000008004500001c0001000040018ea9c0000201c6336402\
         0800f7ff00000000",
        "10 40 02:00:00:00:00:08 > 02:00:00:00:00:09, length 56: Non-Broadcast Forward [1:1] [2:0] (??) L\
         LC, dsap SNAP (0xaa) Individual, ssap SNAP (0xaa) Command, ctrl 0x03: oui Ethernet (0x000000), e\
         thertype IPv4 (0x0800), length 28: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1\
         ), length 28)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "symantec",
        99,
        "00000000000008000000000000000000000000000000000000000000000000000000000000000000000000004500001c\
         0001000040018ea9c0000201c63364020800f7ff00000000",
        "ethertype IPv4 (0x0800), length 72: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (\
         1), length 28)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "ipnet",
        226,
        "0102000000000001000200000000000000000000000000004500001c0001000040018ea9c0000201c63364020800f7ff\
         00000000",
        "0 > 0, family IPv4 (2), length 52: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1\
         ), length 28)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "ipoib",
        242,
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000080000004500001c\
         0001000040018ea9c0000201c63364020800f7ff00000000",
        "IPOIB, ethertype IPv4 (0x0800), length 72: (tos 0x0, ttl 64, id 1, offset 0, flags [none], prot\
         o ICMP (1), length 28)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "ip1394",
        138,
        "0200000000000009020000000000000808004500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "02:00:00:00:00:00:00:08 > 02:00:00:00:00:00:00:09, ethertype IPv4 (0x0800), length 46: (tos 0x0\
         , ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\n    192.0.2.1 > 198.51.100.2\
         : ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "usb",
        189,
        "000000000000000043028000010000000000000000000000000000000000000000000000000000000000000000000000\
         0000000000000000000000000000000000000000000000000000000000000000",
        "USB CONTROL COMPLETE from 1:0:0",
    ),
    (
        "hci",
        201,
        "0000000101030c00",
        "bluetooth, hci length 4, direction in\n\t0x0000:  0103 0c00                                ....",
    ),
    (
        "vsock",
        271,
        "0200000000000000030000000000000000040000500000000300000000000000",
        "UNKNOWN\n\t2.1024 > 3.80 CONTROL, length 32",
    ),
    (
        "aarp",
        1,
        "02000000000902000000000880f30001809b060400010200000000080000010100000000000000000102",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype Appletalk ARP (0x80f3), length 42: aarp who-ha\
         s 1.2 tell 1.1",
    ),
    (
        "atalk_nbp",
        1,
        "020000000009020000000008809b0024000000010001ff05028002210700010580000377656209414650536572766572\
         012a",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype Appletalk (0x809b), length 50: et1 1.5.128 > 1.\
         2:  nbp-lkup 7: \"web:AFPServer@*\"",
    ),
    (
        "atalk_atp",
        114,
        "ff0502001500000001000205068182034001123400000000",
        "2.6.130 > 1.5.129: atp-req* 4660<0>",
    ),
    ("llap_enq", 114, "050581", "5 > 5 at-lap#129 0"),
    (
        "decnet_init",
        1,
        "ab0000030000aa000400010460030f00020104020400180000081001021340",
        "aa:00:04:00:01:04 > ab:00:00:03:00:00, ethertype DN (0x6003), length 31: 1.2 > 1.1 15 1 hops con\
         n-initiate 4104>0 ver 4.0 segsize 16403",
    ),
    (
        "decnet_hello",
        1,
        "ab0000030000aa0004000104600323000d020000aa000400010403160500000000000000000000aa00040002040a0000\
         02aaaa",
        "aa:00:04:00:01:04 > ab:00:00:03:00:00, ethertype DN (0x6003), length 51: endnode-hello endnode v\
         ers 2 eco 0 ueco 0 src 1.1 blksize 1302 rtr 0.512 hello 2564 data 0",
    ),
    (
        "cfm",
        1,
        "0200000000090200000000088902a00104460000000900010403646f6d02036d61730000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000200010102030400",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype CFM (0x8902), length 96: CFMv0 Continuity Chec\
         k Message, MD Level 5, length 82\n\tFirst TLV offset 70, Flags [CCM Interval 4]\n\t  CCM Interva\
         l 1.000s, min CCM Lifetime 3.250s, max CCM Lifetime 3.500s\n\t  Sequence Number 0x00000009, MA-E\
         nd-Point-ID 0x0001\n\t  MD Name Format Character string (4), MD Name length 3\n\t  MD Name: dom\
         \n\t  MA Name-Format Character string (2), MA name length 3\n\t  MA Name: mas\n\tPort status TL\
         V (0x02), length 1, Status: Blocked (1)\n\tPort status TLV (0x02), length 772\n\t\t packet is to\
         o short",
    ),
    (
        "aoe",
        1,
        "02000000000902000000000888a210000001020000000007000001ec0000000000000000",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype AoE (0x88a2), length 36: AoE length 22, Ver 1, \
         Flags: [none]\n\tMajor: 0x0001, Minor: 0x02, Command: Issue ATA Command, Tag: 0x00000007\n\tAFla\
         gs: [none], Err/Feature: 0, Sector Count: 1, Cmd/Status: 236\n\tlba0: 0, lba1: 0, lba2: 0, lba3\
         : 0, lba4: 0, lba5: 0",
    ),
    (
        "geonet",
        1,
        "0200000000090200000000088947115000000008020a0000020000000008000000011f11688702935510006400640010\
         000000000000000000000000000007d100000201aabb",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype GeoNet (0x8947), length 70: GeoNet src:02:00:00\
         :00:00:08; v:1 NH:1-BTP-A HT:5-0-TopoScopeBcast-SH HopLim:10 Payload:8 GN_ADDR:00:00:02:00:00:00\
         :00:08 lat:521234567 lon:43210000; BTP Dst:0 Src:0; ItsPduHeader v:0 t:0-CAM\n\t0x0000:  0000 00\
         00 0000 0000 07d1 0000 0201 aabb  ................",
    ),
    (
        "calm_fast",
        1,
        "0200000000090200000000081111330161626364",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype CALM FAST (0x1111), length 20: CALM FAST src:02\
         :00:00:00:00:08; SrcNwref:51; DstNwref:1; \n\t0x0000:  6162 6364                                \
         abcd",
    ),
    (
        "juniper_ether",
        178,
        "4d47430102000000000902000000000808004500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "In hlen 4, proto 0x0000, 02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype IPv4 (0x0800), length \
         42: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\n    192.0.2.1 > \
         198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "juniper_ppp",
        179,
        "4d47430000214500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "Out hlen 4, proto 0x0000, IP (0x0021), length 30: (tos 0x0, ttl 64, id 1, offset 0, flags [none]\
         , proto ICMP (1), length 28)\n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, leng\
         th 8",
    ),
    (
        "juniper_mlppp",
        130,
        "4d4743015400000000214500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "In MLPPP-PIC, cookie-len 4, cookie 0x54000000: hlen 8, proto 0x0021, Bundle-ID 0: IP (0x0021), l\
         ength 30: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\n    192.0.\
         2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    (
        "juniper_atm2",
        135,
        "4d4743000300000000000000aaaa0300000008004500001c0001000040018ea9c0000201c63364020800f7ff00000000",
        "Out ATM2-PIC, cookie-len 8, cookie 0x0300000000000000: hlen 12, proto 0xaaaa, LLC, dsap SNAP (0x\
         aa) Individual, ssap SNAP (0xaa) Command, ctrl 0x03: oui Ethernet (0x000000), ethertype IPv4 (0x\
         0800), length 28: (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 28)\
         \n    192.0.2.1 > 198.51.100.2: ICMP echo request, id 0, seq 0, length 8",
    ),
    ("bad_juniper", 133, "4d475800000000000000000000000000", "no magic-number found!"),
    ("unsupported", 147, "00010203", "UNSUPPORTED\n\t0x0000:  0001 0203                                ...."),
    (
        "wpan_data",
        195,
        "218805cdab2211341222116865793691",
        "IEEE 802.15.4 Data packet v0 seq 05 abcd:1122 < 1234:1122 \n\t0x0000:  6865 7\
         9                                  hey",
    ),
    (
        "wpan_beacon",
        195,
        "00800534122211ff0f01012211351122118877665544332211706cff1f",
        "IEEE 802.15.4 Beacon packet v0 seq 05 -:none < 1234:1122 \n\tBeacon order = 15, Superframe orde\
         r = 15, Final CAP Slot = 15\n\tPending address list, # short addresses = 1, # extended addresse\
         s = 1\n\t0x0000:  706c                                     pl",
    ),
    (
        "wpan_command",
        230,
        "038805cdab22113412221108cdab22110b44330351d4",
        "IEEE 802.15.4 Command packet v0 seq 05 abcd:1122 < 1234:1122 Command ID = Coordinator realignmen\
         t command Pan ID = 0xabcd, Coordinator short address = 1122, Channel Number = 11, page = 3, Shor\
         t address = 3344",
    ),
    (
        "wpan_secure",
        195,
        "09a805cdab221134122211150100000011223344077061796c6f61644d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4db58c",
        "IEEE 802.15.4 Data packet v2 seq 05 abcd:1122 < 1234:1122 \n\tSecurity Level 5, Key Id Mode 2, \
         \n\t0x0000:  7061 796c 6f61 644d 4d4d 4d4d 4d4d 4d4d  payloadMMMMMMMMM\n\t0x0010:  4d4d 4\
         d                                  MMM",
    ),
    (
        "wpan_elements",
        195,
        "01aa05cdab221134122211060d010002000300003f2b88061a0102030405060f1b01006500020000000001010002001e\
         10c801001000785634120000020061620b00069802000102030404901122334400f8726573740304",
        "IEEE 802.15.4 Data packet v2 seq 05 abcd:1122 < 1234:1122 \n\tLE CSL IE [ length = 6, IE Data = \
         01 00 02 00 03 00 ] \n\tHeader Termination 1 IE [] \n\tMLME IE [ length = 43, IE Data = 06 1a 0\
         1 02 03 04 05 06 0f 1b 01 00 65 00 02 00 00 00 00 01 01 00 02 00 1e 10 c8 01 00 10 00 78 56 34 1\
         2 00 00 02 00 61 62 0b 00 ]\n\t\n\tMultiplexed IE (802.15.9) [ length = 6, IE Data = 02 00 01 0\
         2 03 04 ]\n\t\n\tVendor Specific Nested IE [ length = 4, IE Data = 11 22 33 44 ]\n\t\n\tList ter\
         mination []\n\t\n\t0x0000:  7265 7374                                rest",
    ),
    (
        "wpan_multipurpose",
        195,
        "ed0107cdab2211887766554433221164617461baf6",
        "IEEE 802.15.4 Multipurpose packet v0 seq 07 abcd:1122 <  -:11:22:33:44:55:66:77:88 \n\t0x0000:  \
         6461 7461                                data",
    ),
    (
        "wpan_tap",
        283,
        "00000c000000010001000000018805cdab2211341222116865798934",
        "IEEE 802.15.4 Data packet v0 seq 05 abcd:1122 < 1234:1122 \n\t0x0000:  6865 7\
         9                                  hey",
    ),
    (
        "msnlb",
        1,
        "020000000009020000000008886f01deadbe0102030007000000c0000201c00002020000000000000000",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype MS NLB heartbeat (0x886f), length 42: MS NLB he\
         artbeat, host priority: 7, cluster IP: 192.0.2.1, host IP: 192.0.2.2",
    ),
    (
        "mpcp_gate",
        1,
        "02000000000902000000000888080002000000070900000005000300070000000000000000",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype MPCP (0x8808), length 37: MPCP, Opcode Gate, Ti\
         mestamp 7 ticks, length 23\n\tGrant Numbers 1, Flags [ Discovery ]\n\tGrant #1, Start-Time 5 tic\
         ks, duration 3 ticks\n\tSync-Time 7 ticks",
    ),
    (
        "mpcp_report",
        1,
        "02000000000902000000000888080003000000070205000100020000000000000000",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype MPCP (0x8808), length 34: MPCP, Opcode Report, \
         Timestamp 7 ticks, length 20\n\tTotal Queue-Sets 2\n\t  Queue-Set #2, Report-Bitmap [ Q0, Q2 ]\n\
         \t    Q1 Report, Duration 1 ticks\n\t    Q3 Report, Duration 2 ticks",
    ),
    (
        "rrcp",
        1,
        "0200000000090200000000088899018023790304020000000008123411223344",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype Realtek protocols (0x8899), length 32: 02:00:00\
         :00:00:08 > 02:00:00:00:00:09, RRCP reply: hello, auth=0x2379 downlink_port=3, uplink_port=4, up\
         link_mac=02:00:00:00:00:08, vendor_id=11223344 ,chip_id=1234",
    ),
    (
        "tipc",
        1,
        "02000000000902000000000888ca4b400028000100020003000401001001000500060007000001001002010010030000\
         0009000a000b",
        "02:00:00:00:00:08 > 02:00:00:00:00:09, ethertype TIPC (0x88ca), length 54: TIPC v2.0 1.1.2 > 1.1\
         .3, headerlength 40 bytes, MessageSize 40 bytes, Broadcast Link Protocol internal, messageType C\
         ONN_MSG (0x00010002)\n\tPrevious Node 1.1.1, Session No. 7, Broadcast Ack 2, Sequence Gap 1,  Br\
         oadcast Gap After 3, Broadcast Gap To 4, Last Sent Packet No. 5, Next sent Packet No. 6, Transpo\
         rt Sequence 9, msg_count 10, Link Tolerance 11",
    ),
];

/// Frames that say two things at once, or of which too little is there, and how they read with `-v`.
const CONTRADICTIONS: &[(&str, u16, &str, &str)] = &[
    (
        "lldp",
        1,
        "0180c200000e02000000000888cc020204020a287377",
        "LLDP, length 8\n\tChassis ID TLV (1), length 2\n\t  Subtype MAC address (4):  [|lldp]",
    ),
    (
        "lacp",
        1,
        "0180c200000202000000000888090101010380000200000000080001800000013d000000021480000200000000090001\
         800000023f00000003108000000000000000000000000000000000000000000000000000000000000000000000000000\
         00000000000000000000000000000000000000000000000000000000",
        "LACPv1, length 110\n\tActor Information TLV (0x01), length 3\n\t    ERROR: illegal length - shou\
         ld be 20\n\tTerminator TLV (0x00), length 2",
    ),
    ("radiotap", 127, "0000070000000000d4000000020000000001", "[|802.11_radio]"),
    (
        "radiotap2",
        127,
        "000009002e00000000d4000000020000000001",
        "[|802.11_radio]Acknowledgment RA:02:00:00:00:00:01",
    ),
    ("ppi", 192, "0000070001000000020000000009020000000008", "[length 7 < 8 or > 65532] (invalid)"),
    ("nflog", 239, "020000070300010008000300", "[TLV length 8 > 4] (invalid)"),
    (
        "aarp",
        1,
        "02000000000902000000000880f30001809b060400010200000000080000",
        "aarp  [length 16 < 28] (invalid)",
    ),
    (
        "nbp",
        1,
        "020000000009020000000008809b0017000000010001070502800221070001058100286161",
        "et1 AT 1.5.128 > 1.7.2:  nbp-lkup 7: \"[len=40] [addr=1.5.129]",
    ),
    ("decnet", 1, "ab0000030000aa00040001046003c80002020202020202020202", "(pktlen 200 > 12) (invalid)"),
    (
        "cfm",
        1,
        "0200000000090200000000088902a00104ff0000000900010403646f6d02036d61730000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000200010102030400",
        "CFMv0 Continuity Check Message, MD Level 5, length 82\n\tFirst TLV offset 255 (too large, must b\
         e <= 78)",
    ),
    ("juniper", 133, "4d475800000000000000000000000000", "no magic-number found!"),
    (
        "pktap",
        258,
        "280000000100000001000000656e3000000000000000000000000000000000000000000002000000020000000e000000\
         000000002a0000006375726c000000000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000",
        "(pkt_len too small, 40 < 108) (invalid)",
    ),
    (
        "udld",
        1,
        "01000ccccccc0200000000080028aaaa0300000c0111210312340000010003",
        "UDLDv1, Code Probe message (1), Flags [RT, RSY] (0x03), length 9\n\tChecksum 0x1234 (unverified)\
         \n\tUnknown (0x0000) TLV, length 256 (invalid)",
    ),
    ("sunatm", 123, "050000030050001818", "[|oam]"),
    ("usb", 189, "0000000000000000000000000000000000000000", "[|usb_linux_48_byte]"),
    (
        "geonet",
        1,
        "0200000000090200000000088947115000000008020a0000020000000008",
        "GeoNet src:02:00:00:00:00:08;  (common header length 16 < 36) (invalid)",
    ),
    ("aoe", 1, "02000000000902000000000888a2100000010200", "AoE length 6, Ver 1 (invalid)"),
    ("unsupported", 147, "", "[Invalid header: caplen==0, len==0]"),
    (
        "wpan",
        195,
        "018405cdab341222115ee0",
        "IEEE 802.15.4 Data packet v0 seq 05 [ERROR: Invalid dst address mode]",
    ),
    (
        "wpan2",
        195,
        "01aa05cdab221134122211091878797a72657374b2f7",
        "IEEE 802.15.4 Data packet v2 seq 05 abcd:1122 < 1234:1122 \n\tReserved 0x30 [ length = 9, [ERROR\
         : Truncated IE data]",
    ),
    ("wpan_tap", 283, "00000200", "(invalid)"),
    (
        "mpcp",
        1,
        "0200000000090200000000088808000200000007070000000000000000",
        "MPCP, Opcode Gate, Timestamp 7 ticks, length 15\n\tGrant Numbers 7, Flags [ ? ]\n\tGrant #1, Sta\
         rt-Time 0 ticks, duration 0 ticks [|mpcp]",
    ),
];

/// A dissector that shows link-layer headers, or does not.
fn dissector(verbose: u8, link_header: bool) -> Dissector {
    made::dissector(Options { link_header, ..options(verbose) })
}

#[test]
fn frames_are_told_as_they_are() {
    let mut dissector = dissector(1, true);
    for (what, link, digits, expected) in FRAMES {
        let frame = bytes(digits);
        let text = print(&mut dissector, LinkType(*link), &frame, frame.len());
        assert_eq!(text.trim(), *expected, "{what}");
    }
}

#[test]
fn contradictions_end_a_frame_and_are_told() {
    let mut dissector = dissector(1, false);
    for (what, link, digits, expected) in CONTRADICTIONS {
        let frame = bytes(digits);
        let text = print(&mut dissector, LinkType(*link), &frame, frame.len());
        assert_eq!(text.trim(), *expected, "{what}");
    }
}

#[test]
fn no_cut_and_no_flipped_byte_breaks_a_printer() {
    for verbose in 0..4 {
        let mut dissector = dissector(verbose, verbose % 2 == 1);
        for (what, link, digits, _) in FRAMES.iter().chain(CONTRADICTIONS) {
            mistreat(&mut dissector, LinkType(*link), &bytes(digits), what);
        }
    }
}

#[test]
fn frames_of_a_kind_of_link_without_a_printer_are_shown_as_bytes() {
    let mut dissector = dissector(0, false);
    for link in 104..=304 {
        mistreat(&mut dissector, LinkType(link), &[0x41; 16], &format!("link type {link}"));
    }
}
