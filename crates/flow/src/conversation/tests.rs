use super::*;

use std::net::Ipv4Addr;

const SYN: u8 = flag::SYN;
const ACK: u8 = flag::ACK;
const FIN: u8 = flag::FIN;
const RST: u8 = flag::RST;
const PSH: u8 = flag::PSH;

struct Bench {
    table: Conversations,
    number: u64,
    second: i64,
}

fn address(last: u8) -> IpAddr {
    Ipv4Addr::new(192, 0, 2, last).into()
}

fn ip(src: u8, dst: u8, protocol: u8) -> Ip<'static> {
    Ip {
        src: address(src),
        dst: address(dst),
        protocol,
        ttl: 64,
        at: 0,
        header_len: 20,
        total_len: 40,
        wire_len: 40,
        bytes: &[],
        payload: &[],
        payload_len: 20,
        fragment: None,
        is_rerouted: false,
    }
}

impl Bench {
    fn new() -> Self {
        Bench { table: Conversations::new(100), number: 0, second: 0 }
    }

    fn feed(&mut self, ip: Ip, transport: Transport) {
        self.number += 1;
        let seen = Seen { number: self.number, time: Timestamp::new(self.second, 0) };
        let decoded = Decoded {
            ether_type: None,
            hardware_src: None,
            vlan: None,
            ip: Some(ip),
            outer: None,
            transport,
            problems: Default::default(),
            envelope: Default::default(),
        };
        self.table.packet(seen, &decoded);
    }

    /// A segment between host 1, port 1000, and host 2, port 80: `from` is 1 or 2.
    fn tcp(&mut self, from: u8, flags: u8, seq: u32, payload_len: usize) -> &mut Self {
        self.segment(from, flags, (seq, 0), payload_len)
    }

    /// The same with an acknowledgement number.
    fn segment(&mut self, from: u8, flags: u8, (seq, ack): (u32, u32), payload_len: usize) -> &mut Self {
        let (dst, src_port, dst_port) = if from == 1 { (2, 1000, 80) } else { (1, 80, 1000) };
        let segment = Segment {
            src_port,
            dst_port,
            seq,
            ack,
            flags,
            window: 0,
            urgent: 0,
            options: &[],
            payload: &[],
            payload_len,
        };
        self.feed(ip(from, dst, protocol::TCP), Transport::Tcp(segment));
        self
    }

    fn unreachable(&mut self, router: u8, code: u8) -> &mut Self {
        let quoted = Quoted {
            src: address(1),
            dst: address(2),
            protocol: protocol::TCP,
            src_port: 1000,
            dst_port: 80,
        };
        let message = Message {
            meaning: Meaning::Unreachable,
            kind: 3,
            code,
            id: 0,
            seq: 0,
            body: &[],
            body_len: 28,
            quoted: Some(quoted),
        };
        self.feed(ip(router, 1, protocol::ICMP), Transport::Icmp(message));
        self
    }

    fn all(&mut self) -> Vec<Conversation> {
        self.table.finish().into_iter().map(|(conversation, ())| conversation).collect()
    }

    fn one(&mut self) -> Conversation {
        let mut all = self.all();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}

#[test]
fn each_way_of_ending_has_its_verdict() {
    type Step = (u8, u8, u32, usize);
    type Case = (&'static str, Vec<Step>, Verdict, &'static str);
    let handshake = [(1, SYN, 9, 0), (2, SYN | ACK, 99, 0), (1, ACK, 10, 0)];
    let with = |rest: &[Step]| [&handshake[..], rest].concat();
    let cases: Vec<Case> = vec![
        ("silence", vec![(1, SYN, 9, 0), (1, SYN, 9, 0)], Verdict::NoAnswer, "S"),
        ("refusal", vec![(1, SYN, 9, 0), (2, RST | ACK, 0, 0)], Verdict::Refused, "Sr"),
        (
            "refusal, tried again",
            vec![(1, SYN, 9, 0), (2, RST | ACK, 0, 0), (1, SYN, 9, 0)],
            Verdict::Refused,
            "Sr",
        ),
        ("half open", vec![(1, SYN, 9, 0), (2, SYN | ACK, 99, 0)], Verdict::HalfOpen, "Sh"),
        (
            "a SYN scan",
            vec![(1, SYN, 9, 0), (2, SYN | ACK, 99, 0), (1, RST, 10, 0)],
            Verdict::HalfOpen,
            "ShR",
        ),
        ("open", handshake.to_vec(), Verdict::OpenNoData, "ShA"),
        (
            "open and closed",
            with(&[(1, FIN | ACK, 10, 0), (2, FIN | ACK, 100, 0)]),
            Verdict::OpenNoData,
            "ShAFf",
        ),
        ("open and reset", with(&[(2, RST, 100, 0)]), Verdict::OpenNoData, "ShAr"),
        ("data", with(&[(1, PSH | ACK, 10, 5), (2, ACK, 100, 0)]), Verdict::Data, "ShADa"),
        ("data, then reset", with(&[(1, PSH | ACK, 10, 5), (2, RST, 100, 0)]), Verdict::Data, "ShADr"),
        ("one way out", vec![(1, SYN, 9, 0), (1, ACK, 10, 0), (1, ACK, 10, 5)], Verdict::OneWay, "SAD"),
        ("one way back", vec![(2, SYN | ACK, 99, 0), (2, ACK, 100, 50)], Verdict::OneWay, "hd"),
        ("joined", vec![(1, ACK, 500, 10), (2, ACK, 600, 0)], Verdict::Data, "Da"),
        ("a stealth probe refused", vec![(1, FIN, 9, 0), (2, RST | ACK, 0, 0)], Verdict::Refused, "Fr"),
    ];
    for (name, steps, verdict, history) in cases {
        let mut bench = Bench::new();
        for (from, flags, seq, length) in steps {
            bench.tcp(from, flags, seq, length);
        }
        let conversation = bench.one();
        assert_eq!(conversation.verdict(), verdict, "{name}");
        assert_eq!(conversation.history.as_str(), history, "{name}");
        assert_eq!(conversation.client.host, address(1), "{name}: whoever sent or was sent the SYN/ACK");
    }
}

#[test]
fn an_icmp_error_refuses_only_what_was_not_answered() {
    let mut bench = Bench::new();
    bench.tcp(1, SYN, 9, 0).unreachable(7, 13);
    let conversation = bench.one();
    assert_eq!(conversation.refusal(), Some(Refusal::Icmp { from: address(7), code: 13 }));
    assert_eq!(conversation.evidence.count(), 1, "the error is no packet of the conversation");
    let mut bench = Bench::new();
    bench.tcp(1, SYN, 9, 0).tcp(2, SYN | ACK, 99, 0).tcp(1, ACK, 10, 0).unreachable(7, 4);
    assert_eq!(bench.one().verdict(), Verdict::OpenNoData);
}

#[test]
fn retransmitted_bytes_count_once() {
    let mut bench = Bench::new();
    bench.tcp(1, SYN, 9, 0).tcp(2, SYN | ACK, 99, 0).tcp(1, ACK, 10, 0);
    bench.tcp(1, ACK, 10, 100).tcp(1, ACK, 10, 100).tcp(1, ACK, 110, 50).tcp(1, ACK, 60, 120);
    let side = bench.one().from_client;
    assert_eq!((side.payload, side.repeated), (170, 100 + 100));
}

#[test]
fn ports_used_again_are_another_conversation() {
    let mut bench = Bench::new();
    bench.tcp(1, SYN, 9, 0).tcp(2, SYN | ACK, 99, 0).tcp(1, ACK, 10, 0);
    bench.tcp(1, FIN | ACK, 10, 0).tcp(2, FIN | ACK, 100, 0);
    bench.tcp(1, SYN, 5000, 0).tcp(2, RST | ACK, 0, 0);
    let verdicts: Vec<_> = bench.all().iter().map(Conversation::verdict).collect();
    assert_eq!(verdicts, [Verdict::OpenNoData, Verdict::Refused]);
    // An unanswered client that tries anew with another number is still the same attempt.
    let mut bench = Bench::new();
    bench.tcp(1, SYN, 9, 0);
    bench.second = 60;
    bench.tcp(1, SYN, 5000, 0);
    assert_eq!(bench.one().opening_count, 2);
}

#[test]
fn the_table_evicts_and_hands_out_what_it_evicted() {
    let mut bench = Bench::new();
    bench.table = Conversations::new(2);
    for dst in 10..15 {
        let datagram =
            Datagram { src_port: 5, dst_port: 6, length: 8, checksum: 0, payload: &[], payload_len: 0 };
        bench.feed(ip(1, dst, protocol::UDP), Transport::Udp(datagram));
    }
    assert_eq!((bench.table.len(), bench.table.evicted()), (2, 3));
    let hosts: Vec<_> = bench.all().iter().map(|c| c.server.host).collect();
    assert_eq!(hosts, (10..15).map(address).collect::<Vec<_>>(), "all handed out, in order");
}

#[test]
fn an_answer_seen_before_its_question_opens_nothing() {
    let mut bench = Bench::new();
    bench.segment(2, SYN | ACK, (99, 10), 0).tcp(1, SYN, 9, 0).tcp(1, ACK, 10, 0);
    let conversation = bench.one();
    assert_eq!((conversation.opening, conversation.openings.len()), (Opening::Syn, 1));
    assert_eq!(conversation.verdict(), Verdict::OpenNoData);
    // A RST acknowledges what had no ACK, and has the number that was acknowledged otherwise.
    for (rst, probe) in [((0, 10), (SYN, 9, 0)), ((0, 9), (0, 9, 0)), ((77, 0), (FIN | ACK, 9, 77))] {
        let mut bench = Bench::new();
        bench.segment(2, RST | ACK, rst, 0).segment(1, probe.0, (probe.1, probe.2), 0);
        let conversation = bench.one();
        assert_eq!((conversation.client.port, conversation.server.port), (1000, 80));
        assert_eq!((conversation.verdict(), conversation.openings.len()), (Verdict::Refused, 1));
        assert_eq!(conversation.history.as_str().chars().next(), Some('r'));
    }
    let mut bench = Bench::new();
    bench.segment(2, RST | ACK, (0, 500), 0).tcp(1, SYN, 9, 0);
    assert_eq!(bench.all().len(), 2, "that RST answered something else");
    let mut bench = Bench::new();
    bench.unreachable(3, 13).tcp(1, SYN, 9, 0);
    assert_eq!(bench.one().verdict(), Verdict::Refused);
}
