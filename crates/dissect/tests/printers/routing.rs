//! Printers of routing protocols.

use wirescope_wire::LinkType;

use crate::made::{self, ipv4, mistreat, options, tcp, udp};

fn print(verbose: u8, data: &[u8]) -> String {
    made::print(&mut made::dissector(options(verbose)), LinkType::RAW, data, data.len())
}

/// A BGP message behind its marker, length and type.
fn bgp(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut message = vec![0xff; 16];
    message.extend(((19 + body.len()) as u16).to_be_bytes());
    message.push(kind);
    message.extend(body);
    message
}

const BGP_OPEN: &[u8] = &[4, 0xfd, 0xe8, 0, 90, 192, 0, 2, 1, 8, 2, 6, 65, 4, 0, 1, 0, 2];

/// Origin, a path with a set, a next hop, communities and a route.
const BGP_UPDATE: &[u8] = &[
    0, 0, 0, 35, 0x40, 1, 1, 0, 0x40, 2, 10, 2, 1, 0xfd, 0xe8, 1, 2, 0, 1, 0, 2, 0x40, 3, 4, 192, 0, 2, 9,
    0xc0, 8, 8, 0xff, 0xff, 0xff, 0x01, 0xfd, 0xe8, 0, 7, 24, 203, 0, 113,
];

/// A hello of two routers on a LAN, one of which is known to the other.
const OSPF_HELLO: &[u8] = &[
    2, 1, 0, 48, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 0, 0, 10, 2, 1,
    0, 0, 0, 40, 192, 0, 2, 1, 192, 0, 2, 2, 192, 0, 2, 2,
];

/// An external route of OSPF.
const OSPF_UPDATE: &[u8] = &[
    2, 4, 0, 64, 192, 0, 2, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 9, 2, 5, 203,
    0, 113, 0, 192, 0, 2, 1, 0x80, 0, 0, 3, 0, 0, 0, 36, 255, 255, 255, 0, 0x80, 0, 0, 20, 192, 0, 2, 7, 0,
    0, 0, 0,
];

/// A link-state PDU of IS-IS with an area, a neighbour and a prefix with a segment.
const ISIS_LSP: &[u8] = &[
    0x83, 27, 1, 0, 20, 1, 0, 0, 0, 0x49, 4, 0xaf, 0, 1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 5, 247, 32, 3, 1, 4, 3,
    0x49, 0, 1, 22, 17, 0, 1, 0, 2, 0, 4, 0, 0, 0, 10, 6, 3, 4, 0, 0, 0, 1, 135, 18, 0, 0, 0, 10, 0x60, 192,
    0, 2, 1, 8, 3, 6, 0x40, 0, 0, 0, 0, 40, 0,
];

/// A join of a source and a prune of another one.
const PIM_JOIN: &[u8] = &[
    0x23, 0, 0, 0, 1, 0, 192, 0, 2, 9, 0, 1, 0, 210, 1, 0, 0, 32, 239, 1, 2, 3, 0, 1, 0, 1, 1, 0, 4, 32, 203,
    0, 113, 1, 1, 0, 7, 24, 203, 0, 113, 0,
];

const BFD: &[u8] = &[
    0x20, 0xc4, 3, 33, 0, 0, 0, 1, 0, 0, 0, 2, 0, 4, 0x93, 0xe0, 0, 4, 0x93, 0xe0, 0, 0, 0, 0, 1, 9, 2, b's',
    b'e', b'c', b'r', b'e', b't',
];

const EIGRP: &[u8] = &[
    2, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 100, 1, 2, 0, 28, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0,
    100, 0, 0, 5, 220, 1, 255, 1, 0, 0, 24, 192, 0, 2,
];

/// A path message: session, hop, a label request and where the tunnel is to go.
const RSVP_PATH: &[u8] = &[
    0x10, 1, 0, 0, 64, 0, 0, 60, 0, 16, 1, 7, 192, 0, 2, 9, 0, 0, 0, 4, 192, 0, 2, 1, 0, 12, 3, 1, 192, 0, 2,
    1, 0, 0, 0, 1, 0, 8, 19, 1, 0, 0, 8, 0, 0, 16, 20, 1, 0x81, 8, 192, 0, 2, 2, 32, 0, 1, 0, 0, 0,
];

const LDP_HELLO: &[u8] = &[
    0, 1, 0, 30, 192, 0, 2, 1, 0, 0, 1, 0, 0, 20, 0, 0, 0, 9, 4, 0, 0, 4, 0, 15, 0x80, 0, 4, 1, 0, 4, 192, 0,
    2, 1,
];

const LSP_PING: &[u8] = &[
    0, 1, 0, 0, 2, 2, 3, 1, 0, 0, 0, 5, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0,
    12, 0, 1, 0, 5, 192, 0, 2, 1, 32, 0, 0, 0,
];

const LMP_CONFIG: &[u8] =
    &[0x10, 0, 0, 1, 0, 32, 0, 0, 1, 1, 0, 8, 0, 0, 0, 1, 1, 5, 0, 8, 0, 0, 0, 3, 0x81, 6, 0, 8, 0, 5, 0, 15];

const NHRP_REPLY: &[u8] = &[
    0, 1, 8, 0, 0, 0, 0, 0, 0, 255, 0, 64, 0, 0, 0, 0, 1, 2, 4, 0, 4, 4, 0, 0, 0, 0, 0, 5, 192, 0, 2, 1, 10,
    0, 0, 1, 10, 0, 0, 2, 0, 32, 0, 0, 5, 220, 28, 32, 4, 0, 4, 0, 192, 0, 2, 2, 10, 0, 0, 2, 0, 0, 0, 0,
];

const BABEL: &[u8] = &[
    42, 2, 0, 28, 4, 6, 0, 0, 0, 9, 1, 0x90, 8, 18, 2, 0x80, 64, 0, 7, 208, 0, 3, 0, 96, 0x20, 1, 0x0d, 0xb8,
    0, 1, 0, 2,
];

const OLSR: &[u8] = &[
    0, 32, 0, 7, 4, 0xb8, 0, 28, 192, 0, 2, 1, 255, 0, 0, 9, 0, 0, 0, 0, 0, 7, 4, 4, 10, 1, 2, 0, 255, 255,
    255, 0,
];

const AODV: &[u8] = &[1, 0, 0, 3, 0, 0, 0, 7, 192, 0, 2, 9, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 2];

const RPKI: &[u8] = &[0, 4, 0, 0, 0, 0, 0, 20, 1, 24, 28, 0, 203, 0, 113, 0, 0, 0, 0xfd, 0xe8];

const DVMRP: &[u8] = &[0x13, 6, 0, 0, 0, 0, 4, 12, 192, 0, 2, 1, 1, 0, 0x40, 1, 192, 0, 2, 9];

#[test]
fn bgp_opens_with_capabilities_and_updates_with_routes() {
    let stream = tcp(179, &[bgp(1, BGP_OPEN), bgp(2, BGP_UPDATE)].concat());
    assert!(print(0, &stream).ends_with("length 99: BGP"), "{}", print(0, &stream));
    let told = print(1, &stream);
    let open = "\n\tOpen Message (1), length: 37\n\t  Version 4, my AS 65000, Holdtime 90s, ID 192.0.2.1\n\t  \
                Optional parameters, length: 8\n\t    Option Capabilities Advertisement (2), length: 6\n\t      \
                32-Bit AS Number (65), length: 4\n\t\t 4 Byte AS 65538";
    assert!(told.contains(open), "{told}");
    let update = "\n\t  AS Path (2), length: 10, Flags [T]: 65000 { 1 2 }\n\t  \
                  Next Hop (3), length: 4, Flags [T]: 192.0.2.9\n\t  \
                  Community (8), length: 8, Flags [OT]:  NO_EXPORT65000:7\n\t  Updated routes:\n\t    203.0.113.0/24";
    assert!(told.ends_with(update), "{told}");
    let mut short = bgp(2, BGP_UPDATE);
    short[22] = 200;
    let text = print(1, &tcp(179, &[short, bgp(4, &[])].concat()));
    assert!(
        text.ends_with("\n\tUpdate Message (2), length: 62 [|bgp]\n\tKeepalive Message (4), length: 19"),
        "{text}"
    );
}

#[test]
fn ospf_says_hello_and_tells_routes() {
    let hello = print(1, &ipv4(89, OSPF_HELLO));
    let expected = "OSPFv2, Hello, length 48\n\tRouter-ID 192.0.2.1, Backbone Area, Authentication Type: none (0)\n\t\
                    Options [External]\n\t  Hello Timer 10s, Dead Timer 40s, Mask 255.255.255.0, Priority 1\n\t  \
                    Designated Router 192.0.2.1, Backup Designated Router 192.0.2.2\n\t  \
                    Neighbor List:\n\t    192.0.2.2";
    assert!(hello.ends_with(expected), "{hello}");
    let update = print(1, &ipv4(89, OSPF_UPDATE));
    let expected = "\n\t    External LSA (5), LSA-ID: 203.0.113.0\n\t    Options: [External]\n\t    \
                    Mask 255.255.255.0\n\t\ttopology default (0), type 2, metric 20, forward 192.0.2.7";
    assert!(update.ends_with(expected), "{update}");
    let mut bogus = OSPF_UPDATE.to_vec();
    bogus[47] = 3;
    let text = print(1, &ipv4(89, &bogus));
    assert!(text.ends_with("\n\t    Bogus length 3 < header (20) [|ospf2]"), "{text}");
}

#[test]
fn isis_checks_its_sum_and_prints_what_neighbours_and_prefixes_are_like() {
    let frame = [&[0xfe, 0xfe, 0x03][..], ISIS_LSP].concat();
    let text = made::print(&mut made::dissector(options(1)), LinkType::ATM_RFC1483, &frame, frame.len());
    let head = "IS-IS, length 73\n\tL2 LSP, hlen: 27, v: 1, pdu-v: 1, sys-id-len: 6 (0), max-area: 3 (0)\n\t  \
                lsp-id: 0001.0002.0003.00-00, seq: 0x00000005, lifetime:  1199s\n\t  chksum: 0xf720 (correct), PDU length: 73, Flags: [ L2 IS ]";
    assert!(text.contains(head), "{text}");
    let neighbor = "\n\t      IS Neighbor: 0001.0002.0004.00, Metric: 10, sub-TLVs present (6)\n\t        \
                    Administrative groups subTLV #3, length: 4, 0x00000001";
    assert!(text.contains(neighbor), "{text}");
    let prefix = "IPv4 prefix:       192.0.2.1/32, Distribution: up, Metric: 10, sub-TLVs present (8)\n\t        \
                  Prefix SID subTLV #3, length: 6, Flags [Node], Algo SPF (0), index 40";
    assert!(text.contains(prefix), "{text}");
    assert!(text.ends_with("index 40 [|isis]"), "{text}");
}

#[test]
fn pim_shows_which_trees_sources_are_wanted_from() {
    let text = print(1, &ipv4(103, PIM_JOIN));
    let expected = "Join / Prune, cksum 0x0000 (unverified), upstream-neighbor: 192.0.2.9\n\t  \
                    1 group(s), holdtime: 3m30s\n\t    group #1: 239.1.2.3, joined sources: 1, pruned sources: 1\n\t      \
                    joined source #1: 203.0.113.1(S)\n\t      pruned source #1: 203.0.113.0/24(SWR)";
    assert!(text.ends_with(expected), "{text}");
    let hello = ipv4(103, &[0x20, 0, 0, 0, 0, 1, 0, 4, 0, 0, 0, 1]);
    assert!(
        print(1, &hello).ends_with("Hold Time Option (1), length 4, Value: [option length 4 != 2] (invalid)")
    );
}

#[test]
fn bfd_and_eigrp_count_in_units_of_their_own() {
    let text = print(1, &udp(3784, BFD));
    assert!(text.contains("Detection Timer Multiplier: 3 (900 ms Detection time), BFD Length: 33"), "{text}");
    assert!(text.ends_with("Simple Password (1), length: 9\n\t  Auth Key ID: 2, Password: secret"), "{text}");
    let text = print(1, &ipv4(88, EIGRP));
    let route = "IPv4 prefix:       192.0.2.0/24, nexthop: self\n\t      \
                 delay 25 ms, bandwidth 25600 Kbps, mtu 1500, hop 1, reliability 255, load 1";
    assert!(text.ends_with(route), "{text}");
}

#[test]
fn rsvp_prints_the_objects_of_a_tunnel() {
    let text = print(1, &ipv4(46, RSVP_PATH));
    let session = "Session Object (1) Flags: [reject if unknown], Class-Type: Tunnel IPv4 (7), length: 16\n\t    \
                   IPv4 Tunnel EndPoint: 192.0.2.9, Tunnel ID: 0x0004, Extended Tunnel ID: 192.0.2.1";
    assert!(text.contains(session), "{text}");
    assert!(text.contains("\n\t    L3 Protocol ID: IPv4"), "{text}");
    assert!(
        text.contains("Subobject Type: IPv4 prefix, length 8, Loose, 192.0.2.2/32, Flags: [none]"),
        "{text}"
    );
    assert!(text.ends_with("\n\t    ERROR: zero length ERO subtype"), "{text}");
}

#[test]
fn labels_are_announced_and_their_paths_pinged() {
    let text = print(1, &udp(646, LDP_HELLO));
    let hello = "\n\tLDP, Label-Space-ID: 192.0.2.1:0, pdu-length: 30\n\t  \
                 Hello Message (0x0100), length: 20, Message ID: 0x00000009, Flags: [ignore if unknown]\n\t    \
                 Common Hello Parameters TLV (0x0400), length: 4, Flags: [ignore and don't forward if unknown]\n\t      \
                 Hold Time: 15s, Flags: [Targeted Hello]";
    assert!(text.contains(hello), "{text}");
    let text = print(1, &udp(3503, LSP_PING));
    assert!(text.contains("FEC at stack depth 1 (3)\n\t  Return Subcode: (1)"), "{text}");
    assert!(text.ends_with("LDP IPv4 prefix subTLV (1), length: 5\n\t      192.0.2.1/32"), "{text}");
    let text = print(1, &udp(701, LMP_CONFIG));
    let hello = "Configuration Object (6), Class-Type: 1 (1) Flags: [negotiable], length: 8\n\t    \
                 Hello Interval: 5\n\t    Hello Dead Interval: 15";
    assert!(text.ends_with(hello), "{text}");
}

#[test]
fn next_hops_are_resolved() {
    let text = print(1, &ipv4(54, NHRP_REPLY));
    let reply = "NHRP: res reply, id 5, hopcnt 255, src nbma 192.0.2.1, 10.0.0.1 -> 10.0.0.2 (code 0, pl 32, mtu 1500, \
                 htime 7200, pref 0, nbma 192.0.2.2, proto 10.0.0.2)";
    assert!(text.contains(reply), "{text}");
    assert!(text.ends_with(" [remaining mandatory part length 4 < 12] (invalid)"), "{text}");
}

#[test]
fn routers_without_wires_tell_what_they_hear() {
    assert!(print(0, &udp(6696, BABEL)).ends_with("babel 2 (28) hello update/prefix"));
    let text = print(1, &udp(6696, BABEL));
    let update = "\n\tHello seqno 9 interval 4.00s\n\t\
                  Update/prefix 2001:db8:1:2::/64 metric 96 seqno 3 interval 20.00s";
    assert!(text.ends_with(update), "{text}");
    let text = print(1, &udp(698, OLSR));
    let networks = "Advertised networks (total 2)\n\t    \
                    Smart-Gateway: LINKSPEED IPV4 IPV4-NAT 10000/10000, 10.1.2.0/24";
    assert!(text.ends_with(networks), "{text}");
    let text = print(0, &udp(654, AODV));
    let request = " aodv rreq 24 hops 3 id 0x00000007\n\tdst 192.0.2.9 seq 1 src 192.0.2.1 seq 2";
    assert!(text.ends_with(request), "{text}");
}

#[test]
fn prefixes_of_the_registry_and_tunnels_of_multicast_are_listed() {
    let text = print(1, &tcp(323, RPKI));
    assert!(text.ends_with("IPv4 Prefix 203.0.113.0/24-28, origin-as 65000, flags 0x01"), "{text}");
    let text = print(0, &ipv4(2, DVMRP));
    assert!(
        text.ends_with("igmp dvmrp Neighbors2 (v 12.4): [192.0.2.1 -> 192.0.2.9 (1/0/querier)]"),
        "{text}"
    );
}

/// Every packet of this file, cut short after every byte and with each of its bytes turned over, is printed
/// within bounds, and nothing of it reaches a terminal unescaped.
#[test]
fn no_cut_and_no_flipped_byte_breaks_a_printer() {
    let packets = [
        (LinkType::RAW, tcp(179, &[bgp(1, BGP_OPEN), bgp(2, BGP_UPDATE)].concat())),
        (LinkType::RAW, ipv4(89, OSPF_HELLO)),
        (LinkType::RAW, ipv4(89, OSPF_UPDATE)),
        (LinkType::ATM_RFC1483, [&[0xfe, 0xfe, 0x03][..], ISIS_LSP].concat()),
        (LinkType::RAW, ipv4(103, PIM_JOIN)),
        (LinkType::RAW, udp(3784, BFD)),
        (LinkType::RAW, ipv4(88, EIGRP)),
        (LinkType::RAW, ipv4(46, RSVP_PATH)),
        (LinkType::RAW, udp(646, LDP_HELLO)),
        (LinkType::RAW, udp(3503, LSP_PING)),
        (LinkType::RAW, udp(701, LMP_CONFIG)),
        (LinkType::RAW, ipv4(54, NHRP_REPLY)),
        (LinkType::RAW, udp(6696, BABEL)),
        (LinkType::RAW, udp(698, OLSR)),
        (LinkType::RAW, udp(654, AODV)),
        (LinkType::RAW, tcp(323, RPKI)),
        (LinkType::RAW, ipv4(2, DVMRP)),
    ];
    for (number, (link, packet)) in packets.iter().enumerate() {
        mistreat(&mut made::dissector(options(3)), *link, packet, &format!("packet {number}"));
    }
}
