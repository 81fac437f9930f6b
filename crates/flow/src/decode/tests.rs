use super::*;

use wirescope_wire::{Packet, Timestamp};

/// Bytes written as hex with blanks between.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn look<T>(link: LinkType, data: &[u8], check: impl FnOnce(Decoded) -> T) -> T {
    let wire_len = data.len() as u32;
    check(decode(&Packet { time: Timestamp::default(), link, interface: 0, wire_len, data }))
}

const ETHERNET: &str = "020000000002 020000000001";
/// 192.0.2.1:1000 to 192.0.2.2:53, five bytes of payload.
const IPV4_UDP: &str = "4500 0021 0001 0000 4011 0000 c0000201 c0000202 03e8 0035 000d 0000 68656c6c6f";
const IPV6_UDP: &str = "60000000 000d 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002
    03e8 0035 000d 0000 68656c6c6f";

fn ports(decoded: &Decoded) -> Option<(u16, u16, Vec<u8>)> {
    match decoded.transport {
        Transport::Udp(d) => Some((d.src_port, d.dst_port, d.payload.to_vec())),
        _ => None,
    }
}

#[test]
fn every_link_and_tunnel_leads_to_the_same_datagram() {
    let ethernet = |rest: &str| hex(&format!("{ETHERNET} {rest}"));
    let outer = "4500 0035 0001 0000 40 04 0000 0a000001 0a000002";
    let gre = "4500 0039 0001 0000 40 2f 0000 0a000001 0a000002 0000 0800";
    let cases: [(&str, LinkType, Vec<u8>); 13] = [
        ("Ethernet", LinkType::EN10MB, ethernet(&format!("0800 {IPV4_UDP}"))),
        ("VLAN in VLAN", LinkType::EN10MB, ethernet(&format!("88a8 0064 8100 0065 0800 {IPV4_UDP}"))),
        ("MPLS", LinkType::EN10MB, ethernet(&format!("8847 00010040 00011140 {IPV4_UDP}"))),
        ("PPPoE", LinkType::EN10MB, ethernet(&format!("8864 1100 0001 0023 0021 {IPV4_UDP}"))),
        ("SNAP", LinkType::EN10MB, ethernet(&format!("0029 aaaa03 000000 0800 {IPV4_UDP}"))),
        ("IP in IP", LinkType::EN10MB, ethernet(&format!("0800 {outer} {IPV4_UDP}"))),
        ("GRE", LinkType::EN10MB, ethernet(&format!("0800 {gre} {IPV4_UDP}"))),
        ("raw", LinkType::RAW, hex(IPV4_UDP)),
        ("loopback, little-endian", LinkType::NULL, hex(&format!("02000000 {IPV4_UDP}"))),
        ("loopback, big-endian", LinkType::LOOP, hex(&format!("00000002 {IPV4_UDP}"))),
        ("cooked", LinkType::LINUX_SLL, hex(&format!("0000 0001 0006 0200000000010000 0800 {IPV4_UDP}"))),
        (
            "cooked v2",
            LinkType::LINUX_SLL2,
            hex(&format!("0800 0000 00000001 0001 00 06 0200000000010000 {IPV4_UDP}")),
        ),
        ("PPP", LinkType::PPP, hex(&format!("ff03 0021 {IPV4_UDP}"))),
    ];
    for (name, link, data) in cases {
        look(link, &data, |decoded| {
            assert_eq!(ports(&decoded), Some((1000, 53, b"hello".to_vec())), "{name}");
            assert_eq!(decoded.outer.is_some(), name == "IP in IP" || name == "GRE");
            assert!(decoded.problems.is_empty(), "{name}: {:?}", decoded.problems);
        });
    }
}

#[test]
fn ipv6_extension_headers_are_walked() {
    look(LinkType::RAW, &hex(IPV6_UDP), |decoded| assert!(ports(&decoded).is_some()));
    let options = "60000000 0025 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002
        3c00 0104 00000000 2b00 0104 00000000 1100 0000 00000000 03e8 0035 000d 0000 68656c6c6f";
    look(LinkType::RAW, &hex(options), |decoded| {
        assert_eq!(ports(&decoded), Some((1000, 53, b"hello".to_vec())));
        assert_eq!(decoded.ip.unwrap().header_len, 64);
    });
    let fragment = "60000000 0010 2c 40 20010db8000000000000000000000001 20010db8000000000000000000000002
        1100 0009 0000abcd 03e8 0035 000d 0000";
    look(LinkType::RAW, &hex(fragment), |decoded| {
        let ip = decoded.ip.unwrap();
        assert_eq!(ip.fragment, Some(Fragment { id: 0xabcd, offset: 8, more: true }));
        assert_eq!((ip.protocol, ip.payload_len), (17, 8));
        assert!(matches!(decoded.transport, Transport::None));
    });
}

#[test]
fn lengths_that_disagree_are_noted_and_not_trusted() {
    let cases = [
        (
            "4500 0040 0001 0000 4011 0000 c0000201 c0000202 03e8 0035 002c 0000 6869",
            Problems::IP_LENGTH_EXCEEDS_FRAME,
        ),
        (
            "4500 0010 0001 0000 4011 0000 c0000201 c0000202 03e8 0035 000a 0000 6869",
            Problems::IP_LENGTH_BELOW_HEADER,
        ),
        (
            "4300 001e 0001 0000 4011 0000 c0000201 c0000202 03e8 0035 000a 0000 6869",
            Problems::IP_HEADER_LENGTH,
        ),
        (
            "4500 001e 0001 8000 4011 0000 c0000201 c0000202 03e8 0035 000a 0000 6869",
            Problems::IP_RESERVED_FLAG,
        ),
        (
            "4500 001e 0001 0000 4011 0000 c0000201 c0000202 03e8 0035 0009 0000 6869",
            Problems::UDP_LENGTH_DISAGREES,
        ),
        (
            "4500 001e 0001 0000 4011 0000 c0000201 c0000202 03e8 0035 0004 0000 6869",
            Problems::UDP_LENGTH_BELOW_HEADER,
        ),
        (
            "4500 0028 0001 0000 4006 0000 c0000201 c0000202 03e8 0035 00000001 00000000 4002 0000 0000 0000",
            Problems::TCP_HEADER_LENGTH,
        ),
        (
            "4500 0028 0001 0000 4006 0000 c0000201 c0000202 03e8 0035 00000001 00000000 f002 0000 0000 0000",
            Problems::TCP_HEADER_LENGTH,
        ),
    ];
    for (bytes, problem) in cases {
        look(LinkType::RAW, &hex(bytes), |decoded| {
            assert!(decoded.problems.contains(problem), "{bytes}: {:?}", decoded.problems);
        });
    }
}

#[test]
fn an_icmp_error_names_the_conversation_it_is_about() {
    let message = "4500 0038 0001 0000 4001 0000 c6336401 c0000201 030d 0000 00000000
        4500 0028 0001 0000 4006 0000 c0000201 c0000202 12d7 0017 00000001";
    look(LinkType::RAW, &hex(message), |decoded| {
        let Transport::Icmp(message) = decoded.transport else { panic!("no ICMP") };
        assert_eq!((message.meaning, message.code), (Meaning::Unreachable, 13));
        let quoted = message.quoted.unwrap();
        assert_eq!((quoted.src_port, quoted.dst_port), (0x12d7, 23));
        assert_eq!(quoted.dst.to_string(), "192.0.2.2");
    });
}

/// Any bytes at all, on every link type: nothing panics, and no slice leaves the packet.
#[test]
fn noise_is_survived() {
    let mut state = 3u64;
    let mut random = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 56) as u8
    };
    let starts = [IPV4_UDP, IPV6_UDP, "", "4500", "60000000 ffff 00"];
    for round in 0..20_000usize {
        let mut data = hex(starts[round % starts.len()]);
        data.extend((0..random() % 64).map(|_| random()));
        for _ in 0..random() % 6 {
            let at = usize::from(random()) % data.len().max(1);
            if let Some(byte) = data.get_mut(at) {
                *byte = random();
            }
        }
        data.truncate(data.len() - usize::from(random()) % (data.len() + 1));
        for link in [LinkType::EN10MB, LinkType::RAW, LinkType::PPP, LinkType::LINUX_SLL2, LinkType::MPLS] {
            look(link, &data, |decoded| {
                if let Some(ip) = decoded.ip {
                    assert!(ip.payload.len() <= ip.payload_len && ip.bytes.len() <= data.len());
                }
            });
        }
    }
    // A packet of nothing but tunnels must end.
    let mut deep = Vec::new();
    for _ in 0..200 {
        deep.extend(hex("4500 0fa0 0001 0000 40 04 0000 0a000001 0a000002"));
    }
    look(LinkType::RAW, &deep, |decoded| assert!(decoded.problems.contains(Problems::TOO_DEEP)));
}
