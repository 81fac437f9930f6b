use super::*;

use wirescope_wire::tcp::flag;
use wirescope_wire::{LinkType, Packet, Timestamp, checksum};

use crate::investigation::{Investigated, Investigation};

const SYN: u8 = flag::SYN;
const ACK: u8 = flag::ACK;
const RST: u8 = flag::RST;
const FIN: u8 = flag::FIN;
const PSH: u8 = flag::PSH;
const URG: u8 = flag::URG;

/// Writes raw IPv4 packets into an investigation; hosts are 10.0.H.L, given as H * 256 + L.
#[derive(Default)]
struct Bench {
    investigation: Investigation,
    seconds: f64,
    /// Hosts but for the scanner are 10.L.H.L, each in a network of its own.
    is_spread: bool,
}

impl Bench {
    fn wait(&mut self, seconds: f64) -> &mut Self {
        self.seconds += seconds;
        self
    }

    fn address(&self, host: u16) -> [u8; 4] {
        let [high, low] = host.to_be_bytes();
        [10, if self.is_spread && host != SCANNER { low } else { 0 }, high, low]
    }

    fn ip(&mut self, src: u16, dst: u16, ttl: u8, protocol: u8, payload: &[u8]) -> &mut Self {
        self.seconds += 0.001;
        let mut data = vec![0x45, 0, 0, (20 + payload.len()) as u8, 0, 1, 0, 0, ttl, protocol, 0, 0];
        data.extend(self.address(src));
        data.extend(self.address(dst));
        let sum = checksum::internet(&data);
        data[10..12].copy_from_slice(&sum.to_be_bytes());
        data.extend_from_slice(payload);
        let nanos = (self.seconds.fract() * 1e9) as u32;
        let packet = Packet {
            time: Timestamp::new(self.seconds as i64, nanos.into()),
            link: LinkType::RAW,
            interface: 0,
            wire_len: data.len() as u32,
            data: &data,
        };
        self.investigation.packet(&packet);
        self
    }

    fn tcp(&mut self, src: (u16, u16), dst: (u16, u16), flags: u8, seq: u32, text: &str) -> &mut Self {
        let mut segment = Vec::new();
        segment.extend(src.1.to_be_bytes());
        segment.extend(dst.1.to_be_bytes());
        segment.extend(seq.to_be_bytes());
        segment.extend([0, 0, 0, 0, 0x50, flags, 16, 0, 0, 0, 0, 0]);
        segment.extend(text.as_bytes());
        let (from, to) = (self.address(src.0), self.address(dst.0));
        let pseudo = checksum::pseudo_ipv4(from, to, 6, segment.len() as u16);
        let sum = pseudo.bytes(&segment).checksum();
        segment[16..18].copy_from_slice(&sum.to_be_bytes());
        self.ip(src.0, dst.0, 64, 6, &segment)
    }

    fn udp(&mut self, src: (u16, u16), dst: (u16, u16), ttl: u8) -> &mut Self {
        let mut datagram = Vec::new();
        datagram.extend(src.1.to_be_bytes());
        datagram.extend(dst.1.to_be_bytes());
        datagram.extend([0, 9, 0, 0, b'x']);
        self.ip(src.0, dst.0, ttl, 17, &datagram)
    }

    /// The address of host `told` for a name that `client` asks `server` for.
    fn look_up(&mut self, client: u16, server: u16, told: u16) -> &mut Self {
        let mut datagram = vec![0, 53, 0x30, 0x39, 0, 0, 0, 0, 0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
        datagram.extend([1, b'x', 0, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 0]);
        datagram.extend(told.to_be_bytes());
        datagram[5] = datagram.len() as u8;
        self.ip(server, client, 64, 17, &datagram)
    }

    fn ping(&mut self, src: u16, dst: u16, answered: bool) -> &mut Self {
        self.ip(src, dst, 64, 1, &[8, 0, 0xf7, 0xfc, 0, 1, 0, 2]);
        if answered {
            self.ip(dst, src, 64, 1, &[0, 0, 0xff, 0xfc, 0, 1, 0, 2]);
        }
        self
    }

    /// A whole conversation with data.
    fn talk(&mut self, client: (u16, u16), server: (u16, u16)) -> &mut Self {
        self.tcp(client, server, SYN, 1, "").tcp(server, client, SYN | ACK, 7, "");
        self.tcp(client, server, ACK, 2, "").tcp(client, server, ACK | PSH, 2, "hello");
        self.tcp(server, client, ACK | PSH, 8, "welcome")
    }

    fn refuse(&mut self, client: (u16, u16), server: (u16, u16), flags: u8) -> &mut Self {
        self.tcp(client, server, flags, 1, "").tcp(server, client, RST | ACK, 0, "")
    }

    fn found(&mut self) -> Investigated {
        std::mem::take(&mut self.investigation).finish()
    }

    fn none(&mut self) {
        let found = self.found();
        assert!(found.scans.scans.is_empty(), "{:?}", found.scans.scans);
        assert!(found.scans.decoys.is_empty() && found.scans.floods.is_empty());
    }

    fn one(&mut self) -> Scan {
        let mut found = self.found();
        assert_eq!(found.scans.scans.len(), 1);
        found.scans.scans.remove(0)
    }
}

const SCANNER: u16 = 0x0909;

#[test]
fn a_horizontal_scan_tells_who_answered_refused_and_kept_silent() {
    let mut bench = Bench::default();
    for host in 1..=40u16 {
        let (src, dst) = ((SCANNER, 2000 + host), (host, 445));
        match host {
            7 => bench.tcp(src, dst, SYN, 1, "").tcp(dst, src, SYN | ACK, 5, "").tcp(src, dst, RST, 2, ""),
            9 => bench.talk(src, dst),
            h if h % 4 == 0 => bench.refuse(src, dst, SYN),
            _ => bench.tcp(src, dst, SYN, 1, "").tcp(src, dst, SYN, 1, ""),
        };
    }
    let scan = bench.one();
    assert_eq!((scan.shape, scan.technique, scan.slow), (Shape::Horizontal, Technique::Syn, false));
    assert_eq!(
        (scan.targets.len(), scan.answered.len(), scan.refused.len(), scan.silent.len()),
        (40, 2, 10, 28)
    );
    assert_eq!(scan.evidence.count(), 40 + 28, "probes sent again are probes");
    let [data] = scan.data.as_slice() else { panic!("one conversation moved data") };
    assert_eq!((data.client_bytes, data.server_bytes, data.client_port), (5, 7, 2009));
    assert_eq!(scan.sequential, Decision::Scanner);
}

#[test]
fn each_technique_is_known_by_its_flags() {
    let techniques = [
        (SYN, Technique::Syn),
        (FIN, Technique::Fin),
        (0, Technique::Null),
        (FIN | PSH | URG, Technique::Xmas),
        (ACK, Technique::Ack),
        (SYN | FIN, Technique::SynFin),
        (FIN | ACK, Technique::Maimon),
    ];
    for (flags, technique) in techniques {
        let mut bench = Bench::default();
        for port in 20..44u16 {
            bench.refuse((SCANNER, 40_000), (1, port), flags);
        }
        bench.tcp((SCANNER, 40_000), (1, 80), flags, 1, "");
        let found = bench.found();
        assert!(found.anomalies.is_empty(), "the scan says it already");
        let [scan] = found.scans.scans.as_slice() else { panic!("{technique:?} not found") };
        assert_eq!((scan.technique, scan.shape), (technique, Shape::Vertical));
        assert_eq!((scan.refused.len(), scan.silent.len()), (24, 1));
    }
}

#[test]
fn whole_handshakes_are_a_connect_scan() {
    let mut bench = Bench::default();
    for port in 1..=30u16 {
        let (src, dst) = ((SCANNER, 3000 + port), (1, port));
        if port % 10 == 0 {
            bench.tcp(src, dst, SYN, 1, "").tcp(dst, src, SYN | ACK, 5, "");
            bench.tcp(src, dst, ACK, 2, "").tcp(src, dst, RST | ACK, 2, "");
        } else {
            bench.refuse(src, dst, SYN);
        }
    }
    assert_eq!(bench.one().technique, Technique::Connect);
}

#[test]
fn a_slow_scan_is_found_and_called_slow() {
    let mut bench = Bench::default();
    for host in 1..=12 {
        bench.wait(400.0).tcp((SCANNER, 5000), (host, 22), SYN, u32::from(host), "");
    }
    assert!(bench.one().slow);
}

#[test]
fn many_ports_on_many_hosts_are_a_block() {
    let mut bench = Bench::default();
    for host in 1..=15 {
        for port in 100..115 {
            bench.refuse((SCANNER, 5000 + port), (host, port), SYN);
        }
    }
    let scan = bench.one();
    assert_eq!((scan.shape, scan.targets.len(), scan.ports.len()), (Shape::Block, 15, 15));
}

#[test]
fn udp_and_icmp_sweeps_are_found() {
    let mut bench = Bench::default();
    for port in 100..120 {
        bench.udp((SCANNER, 5000), (1, port), 64);
    }
    for host in 1..60 {
        bench.ping(SCANNER, host, host % 7 == 0);
    }
    let found = bench.found();
    let techniques: Vec<_> = found.scans.scans.iter().map(|s| (s.technique, s.shape)).collect();
    assert_eq!(techniques, [(Technique::Udp, Shape::Vertical), (Technique::Icmp, Shape::Horizontal)]);
    assert_eq!(found.scans.scans[1].answered.len(), 8);
}

#[test]
fn sources_that_divide_the_targets_are_one_distributed_scan() {
    let mut bench = Bench::default();
    for host in 1..=40u16 {
        bench.wait(3.0).tcp((SCANNER + host % 8, 5000), (host, 23), SYN, 1, "");
    }
    let found = bench.found();
    assert_eq!(found.scans.scans.len(), 8);
    assert!(found.scans.scans.iter().all(|s| s.shape == Shape::Distributed && s.targets.len() == 5));
}

#[test]
fn among_decoys_the_one_that_resets_is_genuine() {
    let mut bench = Bench::default();
    for (turn, port) in [443u16, 22, 8080, 25, 80, 110, 21, 3306, 111, 53].into_iter().enumerate() {
        for source in 0..5u16 {
            let (src, dst) = ((SCANNER + (source + turn as u16) % 5, 50_000), (1, port));
            if port == 80 {
                bench.tcp(src, dst, SYN, 1, "").tcp(dst, src, SYN | ACK, 5, "");
            } else {
                bench.refuse(src, dst, SYN);
            }
        }
        if port == 80 {
            bench.tcp((SCANNER + 3, 50_000), (1, 80), RST, 2, "");
        }
        bench.wait(0.5);
    }
    let found = bench.found();
    assert!(found.scans.scans.is_empty(), "the decoys are no scanners");
    let [decoy] = found.scans.decoys.as_slice() else { panic!("not found") };
    assert_eq!((decoy.sources.len(), decoy.ports.len()), (5, 10));
    assert_eq!(decoy.genuine, Some(IpAddr::from([10, 0, 9, 12])));
    assert!(decoy.by_resets && decoy.evidence.count() == 1);
}

#[test]
fn a_spoofed_flood_is_a_flood_and_an_honest_client_in_it_is_none() {
    let mut bench = Bench::default();
    for n in 0..300u16 {
        let (src, dst) = ((0x2000 + n * 7, 1024 + n), (1, 80));
        bench.wait(0.01).tcp(src, dst, SYN, 1, "");
        if n < 100 {
            bench.tcp(dst, src, SYN | ACK, 5, "");
        }
        if n == 150 || n == 250 {
            bench.tcp((SCANNER, 4242), dst, SYN, 77, "");
        }
    }
    let found = bench.found();
    let [flood] = found.scans.floods.as_slice() else { panic!("not found") };
    assert_eq!((flood.syns, flood.source_count, flood.synacks, flood.completed), (300, 300, 100, 0));
    assert!(flood.spoofed);
    let outside: Vec<_> = (0..found.conversations.len()).filter(|at| !found.scans.is_probe(*at)).collect();
    assert_eq!(outside.len(), 1, "the client that tried twice keeps its flow");
}

#[test]
fn sources_that_reset_are_not_spoofed() {
    let mut bench = Bench::default();
    for n in 0..200u16 {
        let (src, dst) = ((0x2000 + n % 5, 1024 + n), (1, 80));
        bench.wait(0.01).tcp(src, dst, SYN, 1, "").tcp(dst, src, SYN | ACK, 5, "").tcp(src, dst, RST, 2, "");
    }
    let found = bench.found();
    assert_eq!(found.scans.floods.len(), 1);
    assert!(!found.scans.floods[0].spoofed);
}

#[test]
fn innocent_traffic_is_no_scan() {
    // A busy client, a few of whose servers are dead.
    let mut bench = Bench::default();
    for host in 1..=120u16 {
        match host % 6 {
            0 => bench.tcp((SCANNER, 2000 + host), (host, 80), SYN, 1, ""),
            _ => bench.talk((SCANNER, 2000 + host), (host, 80)),
        };
    }
    bench.none();
    // A mail server that asks every client for its identity.
    for host in 1..=60u16 {
        bench.talk((host, 3000), (SCANNER, 25)).tcp((SCANNER, 2000 + host), (host, 113), SYN, 1, "");
    }
    bench.none();
    // A monitor whose pings are answered, but for a few.
    for host in 1..=60u16 {
        bench.ping(SCANNER, host, host % 8 != 0);
    }
    bench.none();
    // A traceroute: a new port for each probe, and the time to live rises.
    for hop in 1..=30u8 {
        bench.udp((SCANNER, 40_000), (1, 33_434 + u16::from(hop)), hop);
    }
    bench.none();
    // Backscatter of a flood elsewhere.
    for host in 1..=200u16 {
        bench.tcp((SCANNER, 80), (host, 1024 + host), SYN | ACK, 1, "");
        bench.tcp((SCANNER + 1, 80), (host, 1024 + host), RST | ACK, 1, "");
    }
    bench.none();
    // Clients of a server that is down.
    for host in 1..=60u16 {
        bench.refuse((host, 3000), (1, 631), SYN);
    }
    bench.none();
    // A balancer that looks every few seconds which of its servers answer, and drops the answers.
    for round in 0..8u16 {
        for host in 1..=20u16 {
            let (src, dst) = ((SCANNER, 2000 + round * 20 + host), (host, 443));
            bench
                .wait(0.1)
                .tcp(src, dst, SYN, 1, "")
                .tcp(dst, src, SYN | ACK, 5, "")
                .tcp(src, dst, RST, 2, "");
        }
    }
    bench.none();
    // A resolver that is cut off from the root.
    for host in 1..=9u16 {
        bench.udp((SCANNER, 53), (host, 53), 64);
    }
    bench.none();
    // A server that closes what its clients left, when the capture has just begun.
    for host in 1..=60u16 {
        bench.tcp((1, 80), (host, 3000 + host), FIN | ACK, 9, "").tcp(
            (host, 3000 + host),
            (1, 80),
            RST,
            9,
            "",
        );
    }
    bench.none();
}

#[test]
fn failures_that_something_else_explains_make_no_scan() {
    // Hundreds of servers reached on one port, and a dozen that are down on another.
    let mut bench = Bench::default();
    for host in 1..=200u16 {
        bench.talk((SCANNER, 2000 + host), (host, 443));
    }
    for host in 201..=212u16 {
        bench.tcp((SCANNER, 2000 + host), (host, 80), SYN, 1, "");
    }
    bench.none();
    // QUIC that a filter drops, and TCP to the same hosts at once.
    for host in 1..=40u16 {
        bench.udp((SCANNER, 3000 + host), (host, 443), 64).talk((SCANNER, 3000 + host), (host, 443));
    }
    bench.none();
    // Two ports of file servers tried together, the answer of the second unwanted.
    for host in 1..=40u16 {
        let (src, dst) = ((SCANNER, 2000 + host), (host, 139));
        bench.wait(20.0).tcp(src, dst, SYN, 1, "").talk((SCANNER, 3000 + host), (host, 445));
        bench.tcp(dst, src, SYN | ACK, 5, "").tcp(src, dst, RST, 2, "");
    }
    bench.none();
    // Hosts that the client had looked up, and could not reach.
    for host in 1..=40u16 {
        bench.look_up(SCANNER, 300, host).tcp((SCANNER, 2000 + host), (host, 443), SYN, 1, "");
    }
    bench.none();
    // Connections older than the capture that a client closes, and nobody answers.
    for host in 1..=40u16 {
        let (src, dst) = ((SCANNER, 2000 + host), (host, 5222));
        bench.tcp(src, dst, FIN | ACK, 9, "").wait(0.3).tcp(src, dst, FIN | ACK, 9, "");
    }
    bench.none();
}

#[test]
fn a_peer_fails_often_and_reaches_hosts_everywhere() {
    for (is_spread, scans) in [(true, 0), (false, 1)] {
        let mut bench = Bench { is_spread, ..Bench::default() };
        for host in 1..=60u16 {
            match host % 4 {
                0 => bench.talk((SCANNER, 2000 + host), (host, 6346)),
                _ => bench.tcp((SCANNER, 2000 + host), (host, 6346), SYN, 1, ""),
            };
        }
        assert_eq!(bench.found().scans.scans.len(), scans);
    }
}

#[test]
fn a_sweep_of_mostly_living_hosts_is_found_and_a_monitor_of_them_is_none() {
    let mut bench = Bench::default();
    for host in 1..=60u16 {
        bench.ping(SCANNER, host, host % 3 != 0);
    }
    assert_eq!(bench.one().technique, Technique::Icmp);
    for _ in 0..4 {
        for host in 1..=60u16 {
            bench.ping(SCANNER, host, host % 3 != 0);
        }
    }
    bench.none();
}

#[test]
fn acks_that_nobody_answers_are_probes_too() {
    let mut bench = Bench::default();
    for host in 1..=30u16 {
        match host % 3 {
            0 => bench.refuse((SCANNER, 40_000), (host, 80), ACK),
            _ => bench.tcp((SCANNER, 40_000), (host, 80), ACK, 1, ""),
        };
    }
    let scan = bench.one();
    assert_eq!((scan.technique, scan.refused.len(), scan.silent.len()), (Technique::Ack, 10, 20));
}

#[test]
fn captures_that_cannot_show_what_followed_make_no_scan() {
    // SYNs and their answers alone: a client, and a busy server.
    let mut bench = Bench::default();
    for host in 1..=200u16 {
        let (src, dst) = ((SCANNER, 2000 + host), (host, 443));
        bench.tcp(src, dst, SYN, 1, "").tcp(dst, src, SYN | ACK, 5, "");
        let (src, dst) = ((host, 2000 + host), (SCANNER, 80));
        bench.tcp(src, dst, SYN, 1, "").tcp(dst, src, SYN | ACK, 5, "");
    }
    bench.none();
    // A SYN/ACK sent again shows that nothing followed.
    for host in 1..=20u16 {
        let (src, dst) = ((SCANNER, 2000 + host), (host, 443));
        bench.tcp(src, dst, SYN, 1, "").tcp(dst, src, SYN | ACK, 5, "").tcp(dst, src, SYN | ACK, 5, "");
    }
    assert_eq!(bench.one().answered.len(), 20);
    // Answers of a name server whose questions went another way.
    for port in 1..=60u16 {
        bench.udp((SCANNER, 53), (1, 2000 + port * 7), 64);
    }
    bench.none();
}
