//! Printers of the protocols that nearly every capture has, and of what Cisco's devices say.

use wirescope_dissect::{Dissector, Options};
use wirescope_wire::LinkType;

use crate::made::{self, ipv4, mistreat, options, udp};

fn dissector(verbose: u8) -> Dissector {
    made::dissector(options(verbose))
}

fn print_cut(dissector: &mut Dissector, link: LinkType, data: &[u8], captured: usize) -> String {
    made::print(dissector, link, &data[..captured], data.len())
}

fn print(verbose: u8, link: LinkType, data: &[u8]) -> String {
    print_cut(&mut dissector(verbose), link, data, data.len())
}

/// An SCTP packet from port 7 to port 9.
fn sctp(chunks: &[u8]) -> Vec<u8> {
    let mut packet = vec![0, 7, 0, 9, 0, 0, 0, 1, 0, 0, 0, 2];
    packet.extend(chunks);
    ipv4(132, &packet)
}

const SCTP_DATA: &[u8] =
    &[0, 3, 0, 19, 0, 0, 0, 99, 0, 1, 0, 2, 0, 0, 0, 0, b'a', b'b', b'c', 0, 11, 0, 0, 4];

/// A frame of LLC with SNAP and Cisco's identifier of CDP.
fn cdp(fields: &[u8]) -> Vec<u8> {
    let mut frame = vec![0xaa, 0xaa, 0x03, 0x00, 0x00, 0x0c, 0x20, 0x00, 2, 180, 0x12, 0x34];
    frame.extend(fields);
    frame
}

const CDP_FIELDS: &[u8] = &[
    0, 1, 0, 6, b'S', b'1', 0, 2, 0, 17, 0, 0, 0, 1, 1, 1, 0xcc, 0, 4, 192, 0, 2, 9, 0, 4, 0, 8, 0, 0, 0,
    0x28,
];

/// A packet of IPX to the socket of service advertisements.
fn ipx(length: u16, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0xe0, 0xe0, 0x03, 0xff, 0xff];
    packet.extend(length.to_be_bytes());
    packet.extend([0, 4, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 0x04, 0x52, 0, 0, 0, 1, 2, 0, 0, 0, 0, 8, 0x40, 0x03]);
    packet.extend(payload);
    // On a link that has its addresses before the frame.
    [vec![0x02, 0, 0, 0, 0, 9, 0x02, 0, 0, 0, 0, 8], (packet.len() as u16).to_be_bytes().to_vec(), packet]
        .concat()
}

fn igrp() -> Vec<u8> {
    let mut update = vec![0x11, 5, 0, 100, 0, 1, 0, 0, 0, 0, 0, 0];
    update.extend([2, 3, 0, 0, 0, 100, 0, 0, 200, 5, 220, 255, 1, 3]);
    ipv4(9, &update)
}

#[test]
fn sctp_shows_its_chunks_one_behind_the_other_or_below_each_other() {
    let packet = sctp(SCTP_DATA);
    assert_eq!(
        print(0, LinkType::RAW, &packet),
        "IP 192.0.2.1.7 > 198.51.100.2.9: sctp (1) [DATA] (B)(E) [TSN: 99] [SID: 1] [SSEQ 2] [PPID 0x0] , \
         (2) [COOKIE ACK]"
    );
    assert!(print(2, LinkType::RAW, &packet).contains("[Payload:\n\t0x0000:  6162 63"));
    let short = sctp(&[11, 0, 0, 3]);
    assert!(print(0, LinkType::RAW, &short).ends_with("[Bad chunk length 3, < size of chunk descriptor]"));
    let long = sctp(&[11, 0, 0, 40]);
    assert!(print(0, LinkType::RAW, &long).ends_with("[Bad chunk length 40, > remaining data in packet]"));
}

#[test]
fn cdp_names_the_device_and_tells_the_rest_when_asked() {
    let frame = cdp(CDP_FIELDS);
    assert_eq!(print(0, LinkType::ATM_RFC1483, &frame), "CDPv2, ttl: 180s, Device-ID 'S1', length 35");
    let told = print(1, LinkType::ATM_RFC1483, &frame);
    assert!(told.contains("\n\tAddress (0x0002), value length: 13 bytes: IPv4 (1) 192.0.2.9"), "{told}");
    assert!(told.ends_with("(0x00000028): L2 Switch, IGMP snooping"), "{told}");
    let contradictory = cdp(&[0, 1, 0, 200, b'x']);
    assert!(print(0, LinkType::ATM_RFC1483, &contradictory).ends_with("(TLV length 200 > 5) (invalid)"));
}

#[test]
fn ipx_knows_its_payload_by_the_socket_it_goes_to() {
    let request = ipx(34, &[0, 1, 0, 4]);
    let addresses = "IPX 00000001.02:00:00:00:00:08.4003 > 00000001.02:00:00:00:00:09.0452: ";
    assert_eq!(print(0, LinkType::EN10MB, &request), format!("{addresses}ipx-sap-req 0004"));
    let short = ipx(29, &[]);
    assert_eq!(print(0, LinkType::EN10MB, &short), format!("{addresses}[length 29 < 30] (invalid)"));
}

#[test]
fn igrp_computes_what_a_route_is_like() {
    assert!(
        print(0, LinkType::RAW, &igrp())
            .ends_with("*.2.3.0 d=1000 b=50000 r=255 l=1 M=300 mtu=1500 in 3 hops"),
    );
    let mut too_few = igrp();
    too_few[25] = 2;
    assert!(print(0, LinkType::RAW, &too_few).ends_with("(invalid)"));
}

#[test]
fn hsrp_tells_its_timers_only_when_asked() {
    let hello = udp(1985, b"\0\0\x10\x03\x0a\x64\x01\0cisco\0\0\0\xc0\0\x02\x01");
    let short = print(0, LinkType::RAW, &hello);
    assert!(short.ends_with("HSRPv0-hello 20: state=active group=1 addr=192.0.2.1"), "{short}");
    let long = print(1, LinkType::RAW, &hello);
    assert!(long.ends_with(" hellotime=3s holdtime=10s priority=100 auth=\"cisco\""), "{long}");
}

#[test]
fn eapol_shows_the_packet_it_carries_once_it_is_there_as_a_whole() {
    let frame =
        [&[2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x88, 0x8e, 1, 0, 0, 6, 2, 7, 0, 6, 1, b'u'][..], &[0; 4]]
            .concat();
    assert_eq!(print(0, LinkType::EN10MB, &frame), "EAP packet (0) v1, len 6");
    let whole = "EAP packet (0) v1, len 6, Response (2), id 7, len 6";
    assert_eq!(print(1, LinkType::EN10MB, &frame), format!("{whole}\n\t\t Type Identity (1), Identity: u"));
    let cut = print_cut(&mut dissector(1), LinkType::EN10MB, &frame, 23);
    assert_eq!(cut, format!("{whole} [|eap]"));
}

#[test]
fn quic_finds_a_known_connection_behind_a_short_header_and_skips_padding() {
    let mut dissector = dissector(0);
    let handshake =
        udp(443, &[&[0xe0, 0, 0, 0, 1, 4, 0xaa, 0xbb, 0xcc, 0xdd, 0, 1, 0x55][..], &[0; 9]].concat());
    let text = print_cut(&mut dissector, LinkType::RAW, &handshake, handshake.len());
    assert!(text.ends_with("quic, handshake, dcid aabbccdd, length 1"), "{text}");
    let protected = udp(443, &[&[0x40, 0xaa, 0xbb, 0xcc, 0xdd][..], &[7; 20]].concat());
    let text = print_cut(&mut dissector, LinkType::RAW, &protected, protected.len());
    assert!(text.ends_with("quic, protected, dcid aabbccdd"), "{text}");
}

#[test]
fn an_ip_header_that_is_cut_off_says_nothing_of_itself() {
    let packet = udp(9, b"abc");
    let mut dissector = dissector(1);
    for captured in 4..20 {
        assert_eq!(print_cut(&mut dissector, LinkType::RAW, &packet, captured), "IP  [|ip]", "{captured}");
    }
}

#[test]
fn ethernet_in_ip_is_a_frame_in_ipv6_only() {
    let frame = [&[2; 6][..], &[4; 6], &[8, 0], &ipv4(1, &[0; 8])].concat();
    let head = [&[0x60, 0, 0, 0, 0, frame.len() as u8, 143, 64][..], &[0xfe; 16], &[0xff; 16]].concat();
    let text = print(0, LinkType::RAW, &[head, frame.clone()].concat());
    assert!(
        text.ends_with(": IP 192.0.2.1 > 198.51.100.2: ICMP echo reply, id 0, seq 0, length 8"),
        "{text}"
    );
    let text = print(0, LinkType::RAW, &ipv4(143, &frame));
    assert!(text.ends_with("> 198.51.100.2: [Ethernet requires IPv6] (invalid)"), "{text}");
}

#[test]
fn addresses_before_a_frame_on_atm_are_shown_once_they_are_there() {
    let mut dissector = made::dissector(Options { link_header: true, ..options(0) });
    for (captured, expected) in [
        (15, " [|atm]"),
        (16, "3030303030303030 3030303030303030  [|atm]"),
        (19, "3030303030303030 3030303030303030  [|atm]"),
        (20, "3030303030303030 3030303030303030  [|llc]"),
    ] {
        let text = print_cut(&mut dissector, LinkType::ATM_RFC1483, &[0x30; 64], captured);
        assert_eq!(text, expected, "{captured} bytes");
    }
}

/// Every packet of this file, cut short after every byte and with each of its bytes turned over, is printed
/// within bounds, and nothing of it reaches a terminal unescaped.
#[test]
fn no_cut_and_no_flipped_byte_breaks_a_printer() {
    let packets = [
        (LinkType::RAW, sctp(SCTP_DATA)),
        (LinkType::ATM_RFC1483, cdp(CDP_FIELDS)),
        (LinkType::EN10MB, ipx(34, &[0, 1, 0, 4])),
        (LinkType::RAW, igrp()),
        (LinkType::RAW, udp(1985, b"\0\0\x10\x03\x0a\x64\x01\0cisco\0\0\0\xc0\0\x02\x01")),
        (LinkType::RAW, udp(443, &[0xc0, 0, 0, 0, 1, 1, 0xaa, 0, 0, 2, 0x55, 0x66, 0x40, 0xaa])),
    ];
    for (number, (link, packet)) in packets.iter().enumerate() {
        mistreat(&mut dissector(3), *link, packet, &format!("packet {number}"));
    }
}
