//! What an index rules out no filter lets pass: over the corpora's captures, over made-up frames, and through a whole
//! trail.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;
use wirescope_capture::{FileReader, Interface, Mixed, Source};
use wirescope_filter::names::SystemNames;
use wirescope_filter::{Condition, Options, Program};
use wirescope_trail::{BlockBuilder, Gatherer, Period, Query, Recall, Recorder, Rules};
use wirescope_wire::{LinkType, Packet, Timestamp};

/// Filters in which `{4}`, `{6}` and `{p}` stand for addresses and a port that the packet may have.
const FILTERS: &[&str] = &[
    "host {4}",
    "src host {4}",
    "dst net {4}/12",
    "net {4} mask 255.0.255.0",
    "arp host {4} or rarp host {4}",
    "ip host {4} and not tcp",
    "host {6}",
    "ip6 net {6}/33",
    "src net {6}/7",
    "port {p}",
    "src port {p} or dst portrange 0-{p}",
    "udp port {p} or sctp port {p}",
    "tcp",
    "udp or icmp6 or esp",
    "icmp or igmp or ah or pim or vrrp",
    "ip proto 47 or ip6 proto 58 or proto 4",
    "ip",
    "ip6 and greater 20",
    "arp or rarp",
    "tcp[0:2] = {p} or tcp[tcpflags] & tcp-syn != 0",
    "udp[2:2] = {p}",
    "icmp[0] < 255 and ip[8] > 0",
    "ip6[6] = 58 or ip[9] = 17",
    "ether[0] & 1 = 0 and host {4}",
    "ip multicast or ip broadcast or ip6 multicast",
    "vlan and host {4}",
    "vlan and vlan and port {p}",
    "(vlan or arp) and host {4}",
    "not vlan and port {p}",
    "mpls and host {4}",
    "pppoes and host {4}",
    "vlan and ip6 net {6}/64",
    "not host {4}",
    "not (port {p} and tcp)",
    "host {4} or less 2000",
    "host {4} and (port {p} or icmp)",
    "ip6 protochain 6 and host {6}",
];

/// Replaces the places of a filter.
fn filled(filter: &str, v4: Ipv4Addr, v6: Ipv6Addr, port: u16) -> String {
    let net = |text: &str, bits: u32| text.contains(&format!("/{bits}"));
    let mut address = v4.to_bits();
    for bits in [12, 16] {
        if net(filter, bits) {
            address &= u32::MAX << (32 - bits);
        }
    }
    if filter.contains("mask") {
        address &= 0xff00_ff00;
    }
    let mut long = v6.to_bits();
    for bits in [7, 33, 64] {
        if net(filter, bits) {
            long &= u128::MAX << (128 - bits);
        }
    }
    filter
        .replace("{4}", &Ipv4Addr::from_bits(address).to_string())
        .replace("{6}", &Ipv6Addr::from_bits(long).to_string())
        .replace("{p}", &port.to_string())
}

/// Fails if a filter lets a packet pass that its contents rule out; says whether it passed.
fn check(filter: &str, packet: &Packet<'_>, what: &str) -> bool {
    let Ok(program) = wirescope_filter::compile(filter, &Options::new(packet.link)) else { return false };
    if !program.matches(packet.data, packet.wire_len) {
        return false;
    }
    let condition = Condition::of(&wirescope_filter::parse(filter).unwrap(), &SystemNames);
    let mut gatherer = Gatherer::default();
    gatherer.packet(packet);
    let contents = gatherer.finish();
    assert!(
        contents.may_meet(&condition),
        "{what}: {filter} passes {:02x?}, and the index denies it",
        packet.data
    );
    true
}

fn captures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            captures(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "pcap" || extension == "pcapng") {
            found.push(path);
        }
    }
}

/// Captures that are tried are every so many of the corpora's, and of them so many packets: compiling takes time.
const CAPTURES_STEP: usize = 60;
const PACKETS_TRIED: usize = 2;

#[test]
fn no_packet_of_the_corpora_is_denied() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let mut found = Vec::new();
    captures(&corpus, &mut found);
    if found.is_empty() {
        assert!(std::env::var_os("CI").is_none_or(|value| value != "true"), "no corpus on the build server");
        eprintln!("SKIPPED: no corpus at {}", corpus.display());
        return;
    }
    let mut passed = 0;
    for path in found.into_iter().step_by(CAPTURES_STEP) {
        let Ok(mut reader) = FileReader::open(&path, Mixed::Allowed) else { continue };
        for _ in 0..PACKETS_TRIED {
            let Ok(Some(packet)) = Source::next(&mut reader) else { break };
            // Wherever the header may lie, with a tag before it or without.
            for shift in [0, 14, 18] {
                let tail = packet.data.get(shift..).unwrap_or_default();
                let array = |at: usize| tail.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
                let v4 = [12, 16, 14].map(|at| Ipv4Addr::from(array(at).unwrap_or([10, 0, 0, 1])));
                let long = tail.get(24..40).and_then(|bytes| bytes.try_into().ok()).unwrap_or([7; 16]);
                let port = tail.get(20..22).map_or(80, |bytes| u16::from_be_bytes([bytes[0], bytes[1]]));
                for (turn, filter) in FILTERS.iter().enumerate() {
                    let filter = filled(filter, v4[turn % 3], Ipv6Addr::from(long), port);
                    passed += usize::from(check(&filter, &packet, &path.display().to_string()));
                }
            }
        }
    }
    assert!(passed > 300, "only {passed} packets passed a filter");
}

/// The link types of made-up frames.
const LINKS: &[LinkType] = &[
    LinkType::EN10MB,
    LinkType::RAW,
    LinkType::LINUX_SLL,
    LinkType::LINUX_SLL2,
    LinkType::NULL,
    LinkType::IPV4,
    LinkType::IPV6,
    LinkType::PPP,
];

/// Headers from a small world, so that filters of the same world often match.
fn frame() -> impl Strategy<Value = (LinkType, Vec<u8>)> {
    let link = prop::sample::select(LINKS);
    let kinds = prop::collection::vec(
        prop::sample::select(vec![
            0x0800_u16, 0x86dd, 0x0806, 0x8035, 0x8100, 0x88a8, 0x9100, 0x8847, 0x8864,
        ]),
        1..5,
    );
    let bytes =
        prop::collection::vec(prop::sample::select(vec![0_u8, 1, 2, 6, 17, 44, 0x45, 0x60, 0x41]), 0..80);
    let cut = prop::option::of(any::<prop::sample::Index>());
    (link, kinds, bytes, cut).prop_map(|(link, kinds, bytes, cut)| {
        let mut frame = match link {
            LinkType::EN10MB => vec![2; 12],
            LinkType::LINUX_SLL => vec![0; 14],
            LinkType::NULL => vec![2, 0, 0, 0],
            LinkType::PPP => vec![0xff, 3, 0, 0x21],
            _ => Vec::new(),
        };
        let typed = matches!(link, LinkType::EN10MB | LinkType::LINUX_SLL | LinkType::LINUX_SLL2);
        for (at, kind) in kinds.iter().enumerate().filter(|_| typed) {
            frame.extend(kind.to_be_bytes());
            if matches!(kind, 0x8100 | 0x88a8 | 0x9100) && link == LinkType::EN10MB {
                frame.extend([0, at as u8]);
            } else {
                break;
            }
        }
        if link == LinkType::LINUX_SLL2 {
            frame.extend([0; 18]);
        }
        frame.extend(bytes);
        if let Some(cut) = cut {
            frame.truncate(cut.index(frame.len() + 1));
        }
        (link, frame)
    })
}

/// Addresses and ports of the same world.
fn subject() -> impl Strategy<Value = (Ipv4Addr, Ipv6Addr, u16)> {
    let byte = prop::sample::select(vec![0_u8, 1, 2, 6, 17, 44, 0x45, 0x60, 0x41]);
    (prop::array::uniform4(byte.clone()), prop::array::uniform16(byte.clone()), byte.clone(), byte).prop_map(
        |(v4, v6, high, low)| (Ipv4Addr::from(v4), Ipv6Addr::from(v6), u16::from_be_bytes([high, low])),
    )
}

fn interfaces() -> Vec<Interface> {
    LINKS.iter().map(|link| Interface::new(*link, 65_535)).collect()
}

fn rules() -> Rules {
    Rules { segment_bytes: 600, segment_age: Duration::from_secs(3_600), keep_bytes: None, keep_age: None }
}

/// Time, place and bytes of the packets that a recall gives; and how many blocks it read.
fn recalled(folder: &Path, filter: &str, period: Period, use_index: bool) -> (Vec<(i64, Vec<u8>)>, u64) {
    let query = Query { period, filter: filter.to_owned(), use_index };
    let mut recall = Recall::open(folder, query).expect("the trail and the filter are right");
    let mut found = Vec::new();
    while let Some(packet) = recall.next().expect("a recall does not fail") {
        found.push((packet.time.seconds, packet.data.to_vec()));
    }
    assert_eq!(recall.problems(), &[] as &[String]);
    assert_eq!(recall.failure(), None);
    (found, recall.counts().blocks_read)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_made_up_frame_is_denied(
        (link, bytes) in frame(),
        (mut v4, mut v6, mut port) in subject(),
        at in 0_usize..40,
        from_frame in any::<bool>(),
    ) {
        if from_frame && bytes.len() > at + 20 {
            v4 = Ipv4Addr::from(<[u8; 4]>::try_from(&bytes[at..at + 4]).unwrap());
            v6 = Ipv6Addr::from(<[u8; 16]>::try_from(&bytes[at..at + 16]).unwrap());
            port = u16::from_be_bytes([bytes[at], bytes[at + 1]]);
        }
        let packet = Packet { time: Timestamp::default(), link, interface: 0, wire_len: 100, data: &bytes };
        for filter in FILTERS {
            check(&filled(filter, v4, v6, port), &packet, "made up");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Filters that compile for every link type here; what a recall without an index gives is the truth.
    #[test]
    fn a_recall_with_the_index_is_the_same_as_one_without(
        packets in prop::collection::vec((frame(), 0_i64..1_000), 1..120),
        (v4, v6, port) in subject(),
        from in prop::option::of(0_i64..1_000),
        to in prop::option::of(0_i64..1_000),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trail");
        let now = Timestamp::new(5_000, 0);
        let (mut recorder, _) = Recorder::open(&path, rules(), now).unwrap();
        let (mut builder, interfaces) = (BlockBuilder::default(), interfaces());
        for (number, ((link, data), seconds)) in packets.iter().enumerate() {
            let interface = interfaces.iter().position(|known| known.link == *link).unwrap() as u32;
            let time = Timestamp::new(*seconds, 0);
            let packet = Packet { time, link: *link, interface, wire_len: data.len() as u32, data };
            builder.push(&packet, &interfaces).unwrap();
            if number % 4 == 3 {
                recorder.write(builder.take().unwrap(), now).unwrap();
            }
        }
        if let Some(block) = builder.take() {
            recorder.write(block, now).unwrap();
        }
        recorder.finish(0, now).unwrap();
        let time = |seconds: i64| Timestamp::new(seconds, 0);
        let period = Period { from: from.map(time), to: to.map(time) };
        for filter in ["", "host {4}", "net {4}/16 and not port {p}", "host {6} or tcp", "port {p}", "arp or icmp"] {
            let filter = filled(filter, v4, v6, port);
            let (with, blocks_with) = recalled(&path, &filter, period, true);
            let (without, blocks) = recalled(&path, &filter, period, false);
            prop_assert_eq!(&with, &without, "{}", filter);
            prop_assert!(blocks_with <= blocks);
        }
        let all = recalled(&path, "", Period::default(), true).0;
        let expected: Vec<(i64, Vec<u8>)> =
            packets.iter().map(|((_, data), seconds)| (*seconds, data.clone())).collect();
        prop_assert_eq!(all, expected);
    }
}

/// A filter sees what stands in the part of a link-layer header that was captured: the type first of all.
#[test]
fn a_cooked_header_that_is_cut_off_is_not_denied() {
    let bytes = [&[8, 0][..], &[0; 17]].concat();
    for len in 2..=bytes.len() {
        let data = &bytes[..len];
        let link = LinkType::LINUX_SLL2;
        let packet = Packet { time: Timestamp::default(), link, interface: 0, wire_len: 100, data };
        assert!(check("ip", &packet, "cut off"), "{len} bytes pass no filter");
    }
}

/// The oracle itself: a program that is right about a packet.
#[test]
fn the_check_would_notice_a_denial() {
    let bytes = [[0; 12].as_slice(), &[8, 0, 0x45], &[0; 30]].concat();
    let packet = Packet {
        time: Timestamp::default(),
        link: LinkType::EN10MB,
        interface: 0,
        wire_len: 45,
        data: &bytes,
    };
    let program: Program = wirescope_filter::compile("ip", &Options::new(LinkType::EN10MB)).unwrap();
    assert!(program.matches(packet.data, packet.wire_len));
    let nothing = Gatherer::default().finish();
    assert!(!nothing.may_meet(&Condition::of(&wirescope_filter::parse("ip").unwrap(), &SystemNames)));
}
