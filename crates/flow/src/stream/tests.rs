use super::*;

use wirescope_wire::Timestamp;

/// Collects what both directions read; gaps show as `?`.
#[derive(Default)]
struct Reader {
    client: Vec<u8>,
    server: Vec<u8>,
    packets: Vec<u64>,
    gaps: Vec<(u64, u64, Gap)>,
}

impl Reader {
    fn side(&mut self, direction: Direction) -> &mut Vec<u8> {
        match direction {
            Direction::FromClient => &mut self.client,
            Direction::FromServer => &mut self.server,
        }
    }
}

impl Consumer for Reader {
    fn data(&mut self, chunk: Chunk<'_>) {
        self.packets.push(chunk.packet);
        let side = self.side(chunk.direction);
        assert_eq!(side.len() as u64, chunk.offset, "bytes must come in order");
        side.extend_from_slice(chunk.bytes);
    }

    fn gap(&mut self, direction: Direction, offset: u64, length: u64, why: Gap) {
        self.gaps.push((offset, length, why));
        let side = self.side(direction);
        assert_eq!(side.len() as u64, offset);
        side.extend(std::iter::repeat_n(b'?', length as usize));
    }
}

/// A stream under test: segments by offset from an initial sequence number of choice.
struct Bench {
    stream: Stream,
    budget: Budget,
    reader: Reader,
    policy: Policy,
    isn: u32,
    number: u64,
}

impl Bench {
    fn new(policy: Policy, isn: u32) -> Self {
        let budget = Budget::new(1 << 20);
        Bench { stream: Stream::new(), budget, reader: Reader::default(), policy, isn, number: 0 }
    }

    fn push(&mut self, direction: Direction, seq: u32, ack: u32, flags: u8, bytes: &[u8], claimed: usize) {
        self.number += 1;
        let segment = Segment {
            src_port: 1,
            dst_port: 2,
            seq,
            ack,
            flags,
            window: 0,
            urgent: 0,
            options: &[],
            payload: bytes,
            payload_len: claimed,
        };
        let seen = Seen { number: self.number, time: Timestamp::default() };
        self.stream.push(direction, seen, &segment, self.policy, &mut self.budget, &mut self.reader);
    }

    fn syn(&mut self) -> &mut Self {
        self.push(Direction::FromClient, self.isn, 0, flag::SYN, b"", 0);
        self
    }

    fn send(&mut self, offset: u32, text: &str) -> &mut Self {
        let seq = self.isn.wrapping_add(1).wrapping_add(offset);
        self.push(Direction::FromClient, seq, 0, flag::ACK, text.as_bytes(), text.len());
        self
    }

    fn acknowledge(&mut self, offset: u32) -> &mut Self {
        let ack = self.isn.wrapping_add(1).wrapping_add(offset);
        self.push(Direction::FromServer, 5000, ack, flag::ACK, b"", 0);
        self
    }

    fn read(&mut self) -> String {
        String::from_utf8(self.reader.client.clone()).unwrap()
    }

    fn finish(&mut self) -> String {
        self.stream.finish(&mut self.budget, &mut self.reader);
        assert_eq!(self.budget.held(), 0, "nothing may stay behind");
        self.read()
    }
}

#[test]
fn bytes_in_order_pass_through_with_their_packets() {
    let mut bench = Bench::new(Policy::First, 7);
    bench.syn().send(0, "GET ").send(4, "/ HT").send(8, "TP");
    assert_eq!(bench.read(), "GET / HTTP");
    assert_eq!(bench.reader.packets, [2, 3, 4]);
    assert_eq!(bench.budget.held(), 0, "bytes in order must not be held");
}

#[test]
fn sequence_numbers_wrap() {
    for isn in [u32::MAX - 3, u32::MAX, u32::MAX - 1] {
        let mut bench = Bench::new(Policy::First, isn);
        bench.syn().send(4, "efgh").send(0, "abcd").send(8, "i").send(6, "ghij");
        assert_eq!(bench.read(), "abcdefghij", "from {isn}");
    }
}

#[test]
fn what_comes_early_waits_and_keeps_its_packet_number() {
    let mut bench = Bench::new(Policy::First, 0);
    bench.syn().send(6, "gh").send(3, "def");
    assert_eq!(bench.read(), "");
    bench.send(0, "abc");
    assert_eq!(bench.read(), "abcdefgh");
    assert_eq!(bench.reader.packets, [4, 3, 2]);
}

#[test]
fn retransmissions_are_read_once() {
    let mut bench = Bench::new(Policy::Last, 0);
    bench.syn().send(0, "abc").send(0, "abc").send(1, "bcde").send(0, "XYZ");
    assert_eq!(bench.read(), "abcde");
    assert_eq!(bench.stream.counts(Direction::FromClient).repeated, 3 + 2 + 3);
}

/// Segments that overlap while they wait for byte 0, and what each policy reads.
#[test]
fn overlaps_are_read_as_each_system_reads_them() {
    // (early segments, reading by first, last, bsd, linux, solaris), all with byte 0 sent last
    type Case<'a> = (&'a [(u32, &'a str)], [&'a str; 5]);
    let cases: [Case; 5] = [
        // The new segment starts after the old and ends after it.
        (&[(1, "aaaa"), (3, "bbbb")], [".aaaabb", ".aabbbb", ".aaaabb", ".aaaabb", ".aabbbb"]),
        // It starts before the old and ends inside it.
        (&[(3, "aaaa"), (1, "bbbb")], [".bbaaaa", ".bbbbaa", ".bbbbaa", ".bbbbaa", ".bbaaaa"]),
        // It covers the old.
        (&[(2, "aa"), (1, "bbbb")], [".baab", ".bbbb", ".bbbb", ".bbbb", ".bbbb"]),
        // It starts with the old and is longer.
        (&[(1, "aa"), (1, "bbbb")], [".aabb", ".bbbb", ".aabb", ".bbbb", ".bbbb"]),
        // It lies inside the old.
        (&[(1, "aaaa"), (2, "bb")], [".aaaa", ".abba", ".aaaa", ".aaaa", ".aaaa"]),
    ];
    let policies = [Policy::First, Policy::Last, Policy::Bsd, Policy::Linux, Policy::Solaris];
    for (segments, readings) in cases {
        for (policy, want) in policies.into_iter().zip(readings) {
            let mut bench = Bench::new(policy, 99);
            bench.syn();
            for (offset, text) in segments {
                bench.send(*offset, text);
            }
            bench.send(0, ".");
            assert_eq!(bench.read(), want, "{segments:?} by {policy:?}");
        }
    }
}

#[test]
fn a_gap_ends_when_the_receiver_has_the_bytes_and_more_came() {
    let mut bench = Bench::new(Policy::First, 0);
    bench.syn().send(0, "ab").send(5, "fg");
    assert_eq!(bench.read(), "ab");
    bench.acknowledge(7);
    assert_eq!(bench.read(), "ab???fg");
    assert_eq!(bench.reader.gaps, [(2, 3, Gap::NotSeen)]);
    bench.send(2, "cde").send(7, "h");
    assert_eq!(bench.read(), "ab???fgh", "what was read stays");
}

#[test]
fn an_acknowledgement_captured_before_its_data_loses_nothing() {
    let mut bench = Bench::new(Policy::First, 0);
    bench.syn().send(0, "ab").acknowledge(5).send(2, "cde");
    assert_eq!(bench.read(), "abcde");
    assert!(bench.reader.gaps.is_empty());
}

#[test]
fn the_end_of_the_capture_gives_up_waiting() {
    let mut bench = Bench::new(Policy::First, 0);
    bench.syn().send(0, "ab").send(4, "ef");
    assert_eq!(bench.finish(), "ab??ef");
    assert_eq!(bench.reader.gaps, [(2, 2, Gap::GivenUp)]);
}

#[test]
fn bytes_cut_off_by_the_capture_are_a_gap() {
    let mut bench = Bench::new(Policy::First, 0);
    bench.syn();
    bench.push(Direction::FromClient, 1, 0, flag::ACK, b"abc", 10);
    bench.send(10, "xyz");
    assert_eq!(bench.read(), "abc???????xyz");
    // The same when they came early.
    bench.push(Direction::FromClient, 17, 0, flag::ACK, b"de", 6);
    bench.send(22, "z").send(13, "abc");
    assert_eq!(bench.read(), "abc???????xyzabcde????z");
}

#[test]
fn a_stream_joined_in_the_middle_starts_where_it_was_joined() {
    let mut bench = Bench::new(Policy::First, 0);
    bench.send(1000, "abc").send(1006, "ghi").send(1003, "def").send(900, "old");
    assert_eq!(bench.read(), "abcdefghi");
}

#[test]
fn a_fin_ends_and_a_rst_carries_nothing() {
    let mut bench = Bench::new(Policy::First, 0);
    bench.syn().send(0, "ab");
    bench.push(Direction::FromClient, 3, 0, flag::RST, b"reason", 6);
    bench.push(Direction::FromClient, 3, 0, flag::FIN | flag::ACK, b"c", 1);
    assert_eq!(bench.read(), "abc");
    assert!(bench.stream.is_finished(Direction::FromClient));
    assert!(!bench.stream.is_finished(Direction::FromServer));
}

#[test]
fn without_room_a_stream_stops_waiting_and_that_is_counted() {
    let mut bench = Bench::new(Policy::First, 0);
    bench.budget = Budget::new(10);
    bench.syn().send(1, "bcdef").send(20, "uvwxyz");
    assert_eq!(bench.budget.given_up(), 1);
    assert_eq!(bench.read(), "?bcdef??????????????uvwxyz");
    assert_eq!(bench.budget.held(), 0);
}

/// Segments of one text, cut, shuffled, repeated and dropped at random: whatever the policy, agreeing
/// segments read as the text, and a gap stands exactly where nothing was sent.
#[test]
fn any_order_of_agreeing_segments_reads_as_the_text() {
    let text: String = (0..200u8).map(|i| char::from(b'a' + i % 26)).collect();
    let mut state = 1u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % below
    };
    let policies: Vec<Policy> = Policy::ALL.iter().map(|(_, policy)| *policy).collect();
    for round in 0..400 {
        let mut bench = Bench::new(policies[round % policies.len()], random(1 << 32) as u32);
        bench.syn();
        let mut sent = vec![false; text.len()];
        for _ in 0..1 + random(60) {
            let start = random(text.len() as u64) as usize;
            let end = (start + 1 + random(30) as usize).min(text.len());
            bench.send(start as u32, &text[start..end]);
            sent[start..end].fill(true);
        }
        let read = bench.finish();
        let until = sent.iter().rposition(|s| *s).map_or(0, |last| last + 1);
        let want: String =
            text.chars().zip(&sent).take(until).map(|(c, s)| if *s { c } else { '?' }).collect();
        assert_eq!(read, want);
        let counts = bench.stream.counts(Direction::FromClient);
        assert_eq!(counts.conflicting, 0);
        assert_eq!(counts.delivered + counts.skipped, want.len() as u64);
    }
}
