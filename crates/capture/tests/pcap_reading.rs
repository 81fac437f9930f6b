//! The classic format in its dialects, sound and damaged. The texts were taken from tcpdump 4.99 with libpcap 1.10.

mod build;

use build::{ORDERS, Order, read_all, reader};
use wirescope_capture::{ByteOrder, Format, Mixed, Precision, Source};

const MICRO: u32 = 0xa1b2_c3d4;
const NANO: u32 = 0xa1b2_3c4d;
const KUZNETZOV: u32 = 0xa1b2_cd34;
const ETHERNET: u32 = 1;
const DATA: [u8; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/// What reading ends with, after how many packets.
fn verdict(bytes: &[u8]) -> (usize, String) {
    let (packets, error) = read_all(bytes, Mixed::Refused);
    (packets.len(), error.unwrap_or_default())
}

#[test]
fn every_magic_number_in_both_byte_orders() {
    for order in ORDERS {
        for (magic, nanos, extra) in
            [(MICRO, 123_456_000, 0), (NANO, 123_456, 0), (KUZNETZOV, 123_456_000, 8)]
        {
            let mut file = order.pcap(magic, (2, 4), 65_535, ETHERNET);
            for _ in 0..2 {
                file.extend(order.record((0x8000_0001, 123_456), 10, 60, &[0xee; 8][..extra], &DATA));
            }
            let (packets, error) = read_all(&file, Mixed::Refused);
            assert_eq!(error, None);
            assert_eq!(packets.len(), 2);
            let packet = &packets[1];
            assert_eq!((packet.seconds, packet.nanos), (0x8000_0001, nanos), "{magic:x} {order:?}");
            assert_eq!((packet.link, packet.wire_len, &packet.data[..]), (1, 60, &DATA[..]));
            let opened = reader(&file, Mixed::Refused).unwrap();
            let file = opened.properties();
            assert_eq!(file.precision, if magic == NANO { Precision::Nano } else { Precision::Micro });
            assert_eq!(file.format, if magic == KUZNETZOV { Format::PcapKuznetzov } else { Format::Pcap });
            let expected = if matches!(order, Order::Big) { ByteOrder::Big } else { ByteOrder::Little };
            assert_eq!(file.byte_order, expected);
        }
    }
}

#[test]
fn versions_decide_the_order_of_the_lengths() {
    for order in ORDERS {
        for (version, first, second) in [
            ((2, 4), 10, 60),
            ((2, 3), 10, 60),
            ((2, 3), 60, 10),
            ((2, 2), 60, 10),
            ((2, 0), 60, 10),
            ((543, 0), 60, 10),
        ] {
            let mut file = order.pcap(MICRO, version, 65_535, ETHERNET);
            file.extend(order.record((1, 2), first, second, &[], &DATA));
            let (packets, error) = read_all(&file, Mixed::Refused);
            assert_eq!(error, None, "{version:?}");
            assert_eq!((packets[0].wire_len, packets[0].data.len()), (60, 10), "{version:?}");
        }
        for (version, text) in [
            ((0, 0), "archaic pcap savefile format"),
            ((1, 9), "archaic pcap savefile format"),
            ((2, 5), "unsupported pcap savefile version 2.5"),
            ((9, 4), "unsupported pcap savefile version 9.4"),
            ((543, 1), "unsupported pcap savefile version 543.1"),
        ] {
            assert_eq!(verdict(&order.pcap(MICRO, version, 65_535, ETHERNET)), (0, text.to_owned()));
        }
    }
}

#[test]
fn snapshot_lengths_are_repaired() {
    for (magic, link, claimed, expected) in [
        (MICRO, 1, 0, 262_144),
        (MICRO, 1, 0x8000_0000, 262_144),
        (MICRO, 1, 0x7fff_ffff, 0x7fff_ffff),
        (MICRO, 231, 0, 134_217_728),
        (MICRO, 279, 0, 8_388_608),
        (MICRO, 249, 0, 1_048_576),
        (KUZNETZOV, 1, 65_535, 65_549),
        (KUZNETZOV, 1, 0, 262_158),
        (KUZNETZOV, 1, 0x7fff_fff9, 0x7fff_ffff),
    ] {
        let file = Order::Little.pcap(magic, (2, 4), claimed, link);
        assert_eq!(reader(&file, Mixed::Refused).unwrap().properties().snapshot_len, expected);
    }
}

#[test]
fn packets_are_cut_at_the_snapshot_length() {
    let mut file = Order::Little.pcap(MICRO, (2, 4), 4, ETHERNET);
    file.extend(Order::Little.record((1, 2), 10, 60, &[], &DATA));
    file.extend(Order::Little.record((1, 3), 2, 60, &[], &DATA[..2]));
    let (packets, error) = read_all(&file, Mixed::Refused);
    assert_eq!(error, None);
    assert_eq!(packets.iter().map(|packet| packet.data.len()).collect::<Vec<_>>(), [4, 2]);
    assert_eq!(
        verdict(&file[..24 + 16 + 3]).1,
        "truncated dump file; tried to read 4 captured bytes, only got 3"
    );
    assert_eq!(
        verdict(&file[..24 + 16 + 7]).1,
        "truncated dump file; tried to read 10 captured bytes, only got 7"
    );
}

#[test]
fn lengths_beyond_all_measure_are_refused() {
    let bytes = vec![0; 300_000];
    for (link, snapshot_len, captured, text) in [
        (1, 50, 262_144, ""),
        (1, 50, 262_145, "invalid packet capture length 262145, bigger than snaplen of 50"),
        (1, 65_535, 0x7fff_ffff, "invalid packet capture length 2147483647, bigger than snaplen of 65535"),
        (1, 0x7fff_ffff, 262_145, "invalid packet capture length 262145, bigger than maximum of 262144"),
        (1, 262_144, u32::MAX, "invalid packet capture length 4294967295, bigger than snaplen of 262144"),
        (231, 0, 134_217_729, "invalid packet capture length 134217729, bigger than snaplen of 134217728"),
        (231, 0, 134_217_728, "truncated dump file; tried to read 134217728 captured bytes, only got 300000"),
    ] {
        let mut file = Order::Little.pcap(MICRO, (2, 4), snapshot_len, link);
        file.extend(Order::Little.record((1, 2), 10, 60, &[], &DATA));
        let data = bytes.get(..captured as usize).unwrap_or(&bytes);
        file.extend(Order::Little.record((1, 2), captured, captured, &[], data));
        let whole = if text.is_empty() { 2 } else { 1 };
        assert_eq!(verdict(&file), (whole, text.to_owned()));
    }
}

#[test]
fn link_types_have_aliases_and_flags() {
    for (field, link, number, flags) in [
        (1, 1, 1, 0),
        (11, 100, 11, 0),
        (12, 101, 12, 0),
        (15, 102, 15, 0),
        (16, 103, 16, 0),
        (19, 106, 19, 0),
        (14, 14, 14, 0),
        (0x4400_0001, 1, 1, 0x4400_0000),
        (0x0001_0001, 0xffff, 0x0001_0001, 0),
    ] {
        let opened = reader(&Order::Big.pcap(MICRO, (2, 4), 100, field), Mixed::Refused).unwrap();
        let file = opened.properties();
        assert_eq!((file.link.0, file.link_number, file.link_flags), (link, number, flags), "{field:x}");
    }
}

#[test]
fn what_is_no_capture_is_named() {
    let short = |got| format!("truncated dump file; tried to read 4 file header bytes, only got {got}");
    assert_eq!(verdict(b""), (0, short(0)));
    assert_eq!(verdict(&[0xd4, 0xc3, 0xb2]), (0, short(3)));
    assert_eq!(verdict(b"this is text"), (0, "unknown file format".to_owned()));
    let header = Order::Little.pcap(MICRO, (2, 4), 100, ETHERNET);
    for length in 4..24 {
        let text =
            format!("truncated dump file; tried to read 24 file header bytes, only got {}", length - 4);
        assert_eq!(verdict(&header[..length]), (0, text));
    }
    assert_eq!(verdict(&header), (0, String::new()));
}

#[test]
fn a_cut_at_any_byte_gives_the_whole_packets_and_then_the_message() {
    for (magic, header_len) in [(MICRO, 16), (KUZNETZOV, 24)] {
        let mut file = Order::Little.pcap(magic, (2, 4), 65_535, ETHERNET);
        let record = Order::Little.record((1, 2), 10, 60, &[0; 8][..header_len - 16], &DATA);
        for _ in 0..3 {
            file.extend(&record);
        }
        for length in 24..=file.len() {
            let (whole, rest) = ((length - 24) / record.len(), (length - 24) % record.len());
            let text = match rest {
                0 => String::new(),
                _ if rest < header_len => {
                    format!("truncated dump file; tried to read {header_len} header bytes, only got {rest}")
                }
                _ => {
                    let got = rest - header_len;
                    format!("truncated dump file; tried to read 10 captured bytes, only got {got}")
                }
            };
            assert_eq!(verdict(&file[..length]), (whole, text), "cut at {length}");
        }
    }
}

#[test]
fn an_error_does_not_go_away() {
    let mut file = Order::Little.pcap(MICRO, (2, 4), 65_535, ETHERNET);
    file.extend([1; 5]);
    let mut reader = reader(&file, Mixed::Refused).unwrap();
    for _ in 0..3 {
        assert!(reader.next().is_err());
    }
}

#[test]
fn a_directory_and_a_missing_file_have_the_systems_words() {
    use wirescope_capture::FileReader;
    let text =
        |path: &str| FileReader::open(path.as_ref(), Mixed::Refused).err().map(|error| error.to_string());
    assert_eq!(text("/"), Some("error reading dump file: Is a directory".to_owned()));
    assert_eq!(text("/no/such"), Some("/no/such: No such file or directory".to_owned()));
}

#[test]
fn headers_of_the_capturing_machine_are_turned_to_this_one() {
    let big = |link: u32, data: &[u8]| {
        let mut file = Order::Big.pcap(MICRO, (2, 4), 65_535, link);
        file.extend(Order::Big.record((1, 2), data.len() as u32, data.len() as u32, &[], data));
        let mut reader = reader(&file, Mixed::Refused).unwrap();
        let mut block = wirescope_capture::Block::new();
        assert!(reader.next_block(&mut block).unwrap());
        let (packets, _) = read_all(&file, Mixed::Refused);
        assert_eq!(block.packets().next().unwrap().data, packets[0].data, "blocks are turned too");
        packets[0].data.clone()
    };
    let nflog =
        [2, 0, 0, 0, 0, 8, 0, 1, b'a', b'b', b'c', b'd', 0, 9, 0, 9, 5, 5, 5, 5, 5, 0, 0, 0, 0, 1, 0, 7];
    let turned =
        [2, 0, 0, 0, 8, 0, 1, 0, b'a', b'b', b'c', b'd', 9, 0, 9, 0, 5, 5, 5, 5, 5, 0, 0, 0, 1, 0, 7, 0];
    assert_eq!(big(239, &nflog), turned);
    assert_eq!(
        big(239, &[2, 1, 0, 0, 0, 8, 0, 1]),
        [2, 1, 0, 0, 0, 8, 0, 1],
        "another version is left alone"
    );
    let counting: Vec<u8> = (1..=64).collect();
    let usb = big(189, &counting);
    assert_eq!(usb[..14], [8, 7, 6, 5, 4, 3, 2, 1, 9, 10, 11, 12, 14, 13]);
    assert_eq!(usb[16..28], [24, 23, 22, 21, 20, 19, 18, 17, 28, 27, 26, 25]);
    assert_eq!(usb[40..], counting[40..]);
    let mmapped = big(220, &counting);
    assert_eq!(mmapped[48..52], [52, 51, 50, 49]);
    let cooked = [&[0; 14][..], &[0, 12, 1, 2, 3, 4, 5]].concat();
    assert_eq!(big(113, &cooked)[16..], [4, 3, 2, 1, 5]);
    assert_eq!(big(113, &[&[0; 14][..], &[8, 0, 1, 2, 3, 4]].concat())[16..], [1, 2, 3, 4]);
}
