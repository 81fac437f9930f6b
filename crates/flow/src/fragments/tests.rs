use super::*;

use std::net::Ipv4Addr;

struct Bench {
    defragmenter: Defragmenter,
    number: u64,
    protocol: u8,
}

impl Bench {
    fn new(policy: Policy) -> Self {
        let defragmenter = Defragmenter::new(policy, Limits::default());
        Bench { defragmenter, number: 0, protocol: protocol::UDP }
    }

    fn at(&mut self, second: i64, id: u32, offset: usize, more: bool, payload: &[u8]) -> Option<String> {
        self.number += 1;
        let bytes = [&[0u8; 20], payload].concat();
        let ip = Ip {
            src: Ipv4Addr::new(192, 0, 2, 1).into(),
            dst: Ipv4Addr::new(192, 0, 2, 2).into(),
            protocol: self.protocol,
            ttl: 64,
            at: 14,
            header_len: 20,
            total_len: bytes.len(),
            wire_len: bytes.len(),
            bytes: &bytes,
            payload: &bytes[20..],
            payload_len: payload.len(),
            fragment: Some(Fragment { id, offset, more }),
            is_rerouted: false,
        };
        let seen = Seen { number: self.number, time: Timestamp::new(second, 0) };
        let whole = self.defragmenter.push(seen, &ip)?;
        assert_eq!(whole.payload.len(), whole.payload_len);
        Some(String::from_utf8(whole.payload.to_vec()).unwrap())
    }

    fn push(&mut self, offset: usize, more: bool, payload: &str) -> Option<String> {
        self.at(0, 1, offset, more, payload.as_bytes())
    }

    fn tricks(&mut self) -> Vec<Trick> {
        self.defragmenter.finish(Timestamp::new(100, 0));
        self.defragmenter.take_reports().into_iter().map(|report| report.trick).collect()
    }
}

#[test]
fn fragments_in_any_order_make_the_datagram() {
    let pieces = [(0, true, "AAAAAAAA"), (8, true, "BBBBBBBB"), (16, false, "CC")];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
        let mut bench = Bench::new(Policy::First);
        let mut whole = None;
        for at in order {
            let (offset, more, text) = pieces[at];
            assert_eq!(whole, None, "complete too early");
            whole = bench.push(offset, more, text);
        }
        assert_eq!(whole.as_deref(), Some("AAAAAAAABBBBBBBBCC"));
        assert_eq!(bench.tricks(), [], "honest fragments");
    }
}

#[test]
fn a_repeated_fragment_is_no_attack() {
    let mut bench = Bench::new(Policy::First);
    bench.push(0, true, "AAAAAAAA");
    bench.push(0, true, "AAAAAAAA");
    assert!(bench.push(8, false, "B").is_some());
    assert_eq!(bench.tricks(), []);
}

/// The two readings of the classic overlap, and the systems between them: old 8..24, new 0..16 and so on.
#[test]
fn overlaps_are_read_as_each_system_reads_them() {
    type Case<'a> = (&'a [(usize, &'a str)], [&'a str; 7]);
    let (a, b) = ("aaaaaaaaAAAAAAAA", "bbbbbbbbBBBBBBBB");
    let cases: [Case; 4] = [
        // New starts after old.
        (
            &[(0, a), (8, b)],
            [
                "aaaaaaaaAAAAAAAABBBBBBBB",
                "aaaaaaaabbbbbbbbBBBBBBBB",
                "aaaaaaaaAAAAAAAABBBBBBBB",
                "aaaaaaaabbbbbbbbBBBBBBBB",
                "aaaaaaaaAAAAAAAABBBBBBBB",
                "aaaaaaaaAAAAAAAABBBBBBBB",
                "aaaaaaaaAAAAAAAABBBBBBBB",
            ],
        ),
        // New starts before old and ends inside it.
        (
            &[(8, a), (0, b)],
            [
                "bbbbbbbbaaaaaaaaAAAAAAAA",
                "bbbbbbbbBBBBBBBBAAAAAAAA",
                "bbbbbbbbBBBBBBBBAAAAAAAA",
                "bbbbbbbbaaaaaaaaAAAAAAAA",
                "bbbbbbbbBBBBBBBBAAAAAAAA",
                "bbbbbbbbaaaaaaaaAAAAAAAA",
                "bbbbbbbbaaaaaaaaAAAAAAAA",
            ],
        ),
        // New starts with old and is longer.
        (
            &[(0, "aaaaaaaa"), (0, b)],
            [
                "aaaaaaaaBBBBBBBB",
                "bbbbbbbbBBBBBBBB",
                "aaaaaaaaBBBBBBBB",
                "bbbbbbbbBBBBBBBB",
                "bbbbbbbbBBBBBBBB",
                "aaaaaaaaBBBBBBBB",
                "bbbbbbbbBBBBBBBB",
            ],
        ),
        // New covers old on both sides.
        (
            &[(8, "aaaaaaaa"), (0, "bbbbbbbbBBBBBBBBbbbbbbbb")],
            [
                "bbbbbbbbaaaaaaaabbbbbbbb",
                "bbbbbbbbBBBBBBBBbbbbbbbb",
                "bbbbbbbbBBBBBBBBbbbbbbbb",
                "bbbbbbbbaaaaaaaabbbbbbbb",
                "bbbbbbbbBBBBBBBBbbbbbbbb",
                "bbbbbbbbBBBBBBBBbbbbbbbb",
                "bbbbbbbbBBBBBBBBbbbbbbbb",
            ],
        ),
    ];
    for (fragments, readings) in cases {
        for ((name, policy), want) in Policy::ALL.into_iter().zip(readings) {
            let mut bench = Bench::new(policy);
            for (offset, text) in fragments {
                assert_eq!(bench.push(*offset, true, text), None);
            }
            let whole = bench.push(want.len(), false, "E");
            assert_eq!(whole.as_deref(), Some(format!("{want}E").as_str()), "{fragments:?} by {name}");
            assert_eq!(bench.tricks(), [Trick::OverlappingFragment]);
        }
    }
}

#[test]
fn a_fragment_inside_an_earlier_one_is_teardrop() {
    let mut bench = Bench::new(Policy::First);
    bench.push(0, true, "AAAAAAAABBBBBBBBCCCCCCCC");
    bench.push(16, false, "CC");
    assert_eq!(bench.tricks(), [Trick::Teardrop]);
}

#[test]
fn a_first_fragment_without_the_flags_is_tiny_for_tcp_only() {
    for (protocol, tricks) in [(protocol::TCP, vec![Trick::TinyFragment]), (protocol::UDP, vec![])] {
        let mut bench = Bench::new(Policy::First);
        bench.protocol = protocol;
        bench.push(0, true, "AAAAAAAA");
        bench.push(8, false, "BBBBBBBBBBBB");
        assert_eq!(bench.tricks(), tricks);
    }
}

#[test]
fn a_datagram_past_the_largest_is_never_assembled() {
    let mut bench = Bench::new(Policy::First);
    for offset in (0..65_120).step_by(1480) {
        assert_eq!(bench.at(0, 1, offset, true, &[b'x'; 1480]), None);
    }
    assert_eq!(bench.at(0, 1, 65_120, false, &[b'x'; 600]), None);
    assert_eq!(bench.tricks(), [Trick::PingOfDeath]);
}

#[test]
fn what_never_completes_is_reported_when_it_times_out_or_the_capture_ends() {
    let mut bench = Bench::new(Policy::First);
    bench.at(0, 1, 0, true, b"AAAAAAAA");
    bench.at(0, 1, 16, true, b"AAAAAAAA");
    bench.at(0, 2, 0, true, b"AAAAAAAA");
    assert!(bench.defragmenter.take_reports().is_empty());
    bench.at(61, 3, 0, true, b"AAAAAAAA");
    let reports = bench.defragmenter.take_reports();
    assert_eq!(reports.len(), 1, "the lone first fragment of another datagram may be a filter's doing");
    assert_eq!(reports[0].evidence.packets().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(bench.defragmenter.counts().timed_out, 2);
}

#[test]
fn memory_stays_within_the_limits() {
    let limits = Limits { datagrams: 10, bytes: 1000, timeout_s: 60 };
    let mut bench = Bench::new(Policy::First);
    bench.defragmenter = Defragmenter::new(Policy::First, limits);
    for id in 0..100 {
        bench.at(0, id, 8, true, &[b'x'; 400]);
        assert!(bench.defragmenter.bytes <= 1000);
        assert!(bench.defragmenter.datagrams.len() <= 10);
    }
    assert!(bench.defragmenter.counts().evicted >= 90);
}

#[test]
fn a_fragment_lost_among_many_datagrams_is_no_attack() {
    for (honest, expected) in [(3, 1), (4, 0)] {
        let mut bench = Bench::new(Policy::First);
        for id in 0..honest {
            bench.at(0, id, 0, true, b"AAAAAAAA");
            bench.at(0, id, 8, false, b"BB");
        }
        bench.at(1, 99, 0, true, b"AAAAAAAA");
        bench.at(1, 99, 16, false, b"CC");
        bench.defragmenter.finish(Timestamp::new(100, 0));
        assert_eq!(bench.defragmenter.take_dishonest().len(), expected, "after {honest} whole ones");
    }
}
