//! The block format, sound and damaged. The texts were taken from tcpdump 4.99 with libpcap 1.10.

mod build;

use build::{ORDERS, Order, read_all, reader};
use wirescope_capture::{Mixed, Source};

const DATA: [u8; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const L: Order = Order::Little;

/// What reading under tcpdump's rules ends with, after how many packets.
fn verdict(blocks: &[Vec<u8>]) -> (usize, String) {
    let (packets, error) = read_all(&blocks.concat(), Mixed::Refused);
    (packets.len(), error.unwrap_or_default())
}

fn start() -> [Vec<u8>; 2] {
    [L.section((1, 0)), L.interface(1, 65_535, &[])]
}

fn packet() -> Vec<u8> {
    L.enhanced_packet(0, 1_000_002, 60, &DATA)
}

/// A block with a wrong length in front.
fn with_length(mut block: Vec<u8>, length: u32) -> Vec<u8> {
    block[4..8].copy_from_slice(&length.to_le_bytes());
    block
}

#[test]
fn every_kind_of_packet_in_both_byte_orders() {
    for order in ORDERS {
        let blocks = [
            order.section((1, 0)),
            order.interface(1, 65_535, &[]),
            order.enhanced_packet(0, 1_000_002, 60, &DATA),
            order.block(4, &[0; 4]),
            order.block(5, &[0; 12]),
            order.block(10, &[0; 8]),
            order.block(0xbad, b"abcd"),
            order.block(0x4000_0bad, &[0; 4]),
            order.simple_packet(10, &DATA),
            order.old_packet(0, 1 << 40, 61, &DATA),
        ];
        let (packets, error) = read_all(&blocks.concat(), Mixed::Refused);
        assert_eq!(error, None);
        let seen: Vec<_> = packets.iter().map(|p| (p.seconds, p.nanos, p.wire_len, p.data.len())).collect();
        assert_eq!(seen, [(1, 2_000, 60, 10), (0, 0, 10, 10), (1_099_511, 627_776_000, 61, 10)], "{order:?}");
    }
}

#[test]
fn clocks_follow_their_options() {
    for (resolution, count, expected) in [
        (0, 7, (7, 0)),
        (3, 7_001, (7, 1_000_000)),
        (6, 7_000_001, (7, 1_000)),
        (9, 7_000_000_001, (7, 1)),
        (12, 7_000_000_001_999, (7, 1)),
        (19, u64::MAX, (1, 844_674_407)),
        (0x80, 7, (7, 0)),
        (0x81, 15, (7, 500_000_000)),
        (0xbf, u64::MAX, (1, 999_999_999)),
    ] {
        let options = [L.option(9, &[resolution]), L.option(0, &[])].concat();
        let file = [L.section((1, 0)), L.interface(1, 0, &options), L.enhanced_packet(0, count, 60, &DATA)];
        let (packets, error) = read_all(&file.concat(), Mixed::Refused);
        assert_eq!(error, None);
        assert_eq!((packets[0].seconds, packets[0].nanos), expected, "resolution {resolution:#x}");
    }
    for offset in [-100i64, 100, i64::MAX] {
        let options = [L.option(14, &offset.to_le_bytes()), L.option(0, &[])].concat();
        let file = [L.section((1, 0)), L.interface(1, 0, &options), packet()];
        let (packets, _) = read_all(&file.concat(), Mixed::Refused);
        assert_eq!(packets[0].seconds, offset.wrapping_add(1));
    }
}

#[test]
fn interfaces_say_what_they_are() {
    let options = [
        L.option(2, b"eth0"),
        L.option(3, b"uplink"),
        L.option(11, b"\0tcp"),
        L.option(12, b"Linux"),
        L.option(13, &[4]),
        L.option(0, &[]),
    ]
    .concat();
    let file = [L.section((1, 2)), L.interface(1, 96, &options)].concat();
    let reader = reader(&file, Mixed::Refused).unwrap();
    let interface = &reader.interfaces()[0];
    assert_eq!(interface.name.as_deref(), Some("eth0"));
    assert_eq!(interface.description.as_deref(), Some("uplink"));
    assert_eq!(interface.filter.as_deref(), Some("tcp"));
    assert_eq!(interface.operating_system.as_deref(), Some("Linux"));
    assert_eq!((interface.fcs_len, interface.snapshot_len), (Some(4), 96));
}

#[test]
fn interfaces_that_differ_are_refused_or_delivered() {
    let other_link =
        [&start()[..], &[packet(), L.interface(101, 65_535, &[]), L.enhanced_packet(1, 0, 9, &DATA)]];
    let text = "an interface has a type 101 different from the type of the first interface";
    assert_eq!(verdict(&other_link.concat()), (1, text.to_owned()));
    let other_length = [&start()[..], &[packet(), L.interface(1, 1_000, &[]), packet()]];
    let text =
        "an interface has a snapshot length 1000 different from the snapshot length of the first interface";
    assert_eq!(verdict(&other_length.concat()), (1, text.to_owned()));

    let (packets, error) = read_all(&other_link.concat().concat(), Mixed::Allowed);
    assert_eq!(error, None);
    assert_eq!(packets.iter().map(|p| (p.interface, p.link)).collect::<Vec<_>>(), [(0, 1), (1, 101)]);
}

#[test]
fn sections_count_their_own_interfaces() {
    let second = |order: Order| {
        [order.section((1, 0)), order.interface(101, 96, &[]), order.enhanced_packet(0, 0, 60, &DATA)]
            .concat()
    };
    for order in ORDERS {
        let file = [start().concat(), packet(), second(order), second(L), second(order)].concat();
        let mut opened = reader(&file, Mixed::Allowed).unwrap();
        let mut seen = Vec::new();
        while let Some(packet) = opened.next().unwrap() {
            seen.push((packet.interface, packet.link.0));
        }
        assert_eq!(seen, [(0, 1), (1, 101), (1, 101), (1, 101)], "the same interface is listed once");
        assert_eq!(opened.interfaces().len(), 2);
    }
    let alike = [&start()[..], &[packet()], &start()[..], &[packet()]].concat();
    assert_eq!(verdict(&alike), (2, String::new()));
    let turned = [&start()[..], &[packet(), second(Order::Big)]].concat();
    assert_eq!(verdict(&turned), (1, "pcapng block size 469762048 > maximum 16777216".to_owned()));
}

#[test]
fn damage_is_named_as_libpcap_names_it() {
    let no_interface = |number| {
        format!(
            "a packet arrived on interface {number}, but there's no Interface Description Block for that interface"
        )
    };
    let idb = |options: Vec<u8>| vec![L.section((1, 0)), L.interface(1, 65_535, &options), packet()];
    let after = |blocks: &[Vec<u8>]| [&start()[..], &[packet()], blocks, &[packet()]].concat();
    let cases: Vec<(Vec<Vec<u8>>, usize, String)> = vec![
        (vec![L.section((1, 0))], 0, "the capture file has no Interface Description Blocks".into()),
        (
            vec![L.section((1, 0)), packet()],
            0,
            "the capture file has a packet block before any Interface Description Blocks".into(),
        ),
        (vec![L.section((1, 1))], 0, "unsupported pcapng savefile version 1.1".into()),
        (vec![L.section((2, 0))], 0, "unsupported pcapng savefile version 2.0".into()),
        (after(&[L.section((2, 0))]), 1, "unknown pcapng savefile major version number 2".into()),
        (after(&[L.section((1, 3))]), 1, no_interface(0)),
        (after(&[L.enhanced_packet(5, 0, 9, &DATA)]), 1, no_interface(5)),
        (after(&[L.old_packet(6, 0, 9, &DATA)]), 1, no_interface(6)),
        (after(&[L.simple_packet(100, &DATA)]), 1, "block of type 3 in pcapng dump file is too short".into()),
        (after(&[L.block(6, &[])]), 1, "block of type 6 in pcapng dump file is too short".into()),
        (after(&[L.block(2, &[0; 8])]), 1, "block of type 2 in pcapng dump file is too short".into()),
        (after(&[L.block(1, &[0; 4])]), 1, "block of type 1 in pcapng dump file is too short".into()),
        (after(&[L.block(0x0a0d_0d0a, &[0; 4])]), 1, "block of type 168627466 in pcapng dump file is too short".into()),
        (after(&[L.block(0x0a0d_0d0a, &[1; 16])]), 1, "the file has a section with a bad byte order magic field".into()),
        (after(&[with_length(packet(), 11)]), 1, "block in pcapng dump file has a length of 11 < 12".into()),
        (
            after(&[with_length(packet(), 33)]),
            1,
            "block in pcapng dump file has a length of 33 that is not a multiple of 4".into(),
        ),
        (
            after(&[with_length(packet(), 0x7fff_fff0)]),
            1,
            "pcapng block size 2147483632 > maximum 16777216".into(),
        ),
        (
            after(&[with_length(packet(), 40)]),
            1,
            "block total length in header and trailer don't match".into(),
        ),
        (
            vec![with_length(L.section((1, 0)), 8)],
            0,
            "Section Header Block in pcapng dump file has invalid length 28 < _8_ < 1048576 (BT_SHB_INSANE_MAX)".into(),
        ),
        (
            vec![L.section((1, 0)), L.interface(1, 20, &[]), L.enhanced_packet(0, 0, 60, &[0; 21])],
            0,
            "invalid packet capture length 21, bigger than snaplen of 20".into(),
        ),
        (idb(vec![4, 0, 100, 0]), 0, "block of type 1 in pcapng dump file is too short".into()),
        (
            idb(L.option(0, &[0; 4])),
            0,
            "Interface Description Block has opt_endofopt option with length 4 != 0".into(),
        ),
        (
            idb(L.option(9, &[20])),
            0,
            "Interface Description Block if_tsresol option resolution 10^-20 is too high".into(),
        ),
        (
            idb(L.option(9, &[0xc0])),
            0,
            "Interface Description Block if_tsresol option resolution 2^-64 is too high".into(),
        ),
        (
            idb([L.option(9, &[6]), L.option(9, &[6])].concat()),
            0,
            "Interface Description Block has more than one if_tsresol option".into(),
        ),
        (
            idb(L.option(14, &[0; 4])),
            0,
            "Interface Description Block has if_tsoffset option with length 4 != 8".into(),
        ),
    ];
    for (blocks, whole, text) in cases {
        assert_eq!(verdict(&blocks), (whole, text));
    }
}

#[test]
fn a_cut_at_any_byte_gives_the_whole_packets_and_then_the_message() {
    let file = [start().concat(), packet(), packet()].concat();
    let packets_start = start().concat().len();
    for length in 4..=file.len() {
        let (packets, error) = read_all(&file[..length], Mixed::Refused);
        assert_eq!(packets.len(), length.saturating_sub(packets_start) / packet().len(), "cut at {length}");
        let truncated = |wanted: usize, got: usize| {
            Some(format!("truncated pcapng dump file; tried to read {wanted} bytes, only got {got}"))
        };
        let (block, block_len) = match length {
            0..28 => (0, 28),
            28..48 => (28, 20),
            _ => (48 + (length - 48) / 44 * 44, 44),
        };
        let expected = match length - block {
            _ if length < 12 => Some("unknown file format".to_owned()),
            got if block == 0 => truncated(16, got - 12),
            0 if block == 28 => Some("the capture file has no Interface Description Blocks".to_owned()),
            0 => None,
            got @ 1..8 => truncated(8, got),
            got => truncated(block_len - 8, got - 8),
        };
        assert_eq!(error, expected, "cut at {length}");
    }
}

#[test]
fn simple_packets_are_cut_at_the_snapshot_length() {
    let file = [L.section((1, 0)), L.interface(1, 6, &[]), L.simple_packet(60, &DATA[..6])].concat();
    let (packets, error) = read_all(&file, Mixed::Refused);
    assert_eq!(error, None);
    assert_eq!((packets[0].wire_len, packets[0].data.len()), (60, 6));
}
