//! The rules that come with the program.

use super::packets::*;
use super::run;
use std::collections::HashSet;
use wirescope_detect::language::RuleSet;

fn found(packets: &[Vec<u8>]) -> Vec<u32> {
    let mut sids: Vec<u32> = run(RuleSet::built_in(), packets).into_iter().map(|alert| alert.0).collect();
    sids.dedup();
    sids
}

#[test]
fn every_rule_is_sound_numbered_and_classified() {
    let set = RuleSet::built_in();
    assert!(set.errors.is_empty() && set.config.ignored.is_empty(), "{:?}", set.errors);
    let mut seen = HashSet::new();
    for rule in &set.rules {
        assert!(rule.sid > 1_000_000 && seen.insert(rule.sid), "{}", rule.sid);
        let class = rule.classtype.as_ref().expect("a classtype");
        assert!(set.classifications.contains_key(class), "{class}");
        assert!(
            rule.references.iter().all(|reference| set.reference_systems.contains_key(&reference.system))
        );
    }
    assert!(seen.len() > 20);
}

/// An RPC call (RFC 5531) without credentials.
fn call(program: u32, procedure: u32, arguments: &[u32]) -> Vec<u8> {
    let head = [7, 0, 2, program, 2, procedure, 0, 0, 0, 0];
    head.iter().chain(arguments).flat_map(|word: &u32| word.to_be_bytes()).collect()
}

#[test]
fn calls_to_portmapper_sadmind_and_tooltalk_are_named() {
    assert_eq!(found(&[udp(111, &call(100_000, 4, &[]))]), [1_000_001]);
    assert_eq!(found(&[udp(111, &call(100_000, 3, &[100_232, 10, 17, 0]))]), [1_000_003]);
    assert_eq!(found(&[udp(111, &call(100_000, 3, &[100_083, 1, 6, 0]))]), [1_000_005]);
    assert_eq!(found(&[udp(32_773, &call(100_232, 1, &[]))]), [1_000_007]);
    assert_eq!(
        found(&[udp(111, &call(100_000, 3, &[100_003, 3, 17, 0]))]),
        [],
        "a look-up of NFS is ordinary"
    );
    let marked = [&[0x80, 0, 0, 40], &call(100_083, 7, &[])[..]].concat();
    assert_eq!(found(&Connection::open(32_777).sends(&marked, 99).closes()), [1_000_010]);
}

#[test]
fn chat_is_found_on_its_ports_and_elsewhere() {
    let chat = b"NICK bot\r\nUSER a b c :d\r\nJOIN #rooms\r\n";
    assert_eq!(found(&Connection::open(6667).sends(chat, 99).closes()), [1_000_101, 1_000_102]);
    assert_eq!(found(&Connection::open(5555).sends(chat, 99).closes()), [1_000_105, 1_000_106]);
    assert_eq!(found(&Connection::open(5555).sends(b"NICK bot\r\n", 99).closes()), [1_000_104]);
    assert_eq!(
        found(&Connection::open(25).sends(b"St. NICK is here\r\nplease JOIN us\r\n", 99).closes()),
        []
    );
}

#[test]
fn services_and_covert_traffic_are_found() {
    assert_eq!(
        found(&Connection::open(21).sends(b"SITE EXEC %.f%.f\r\n", 99).closes()),
        [1_000_202, 1_000_201]
    );
    assert_eq!(found(&Connection::open(21).sends(b"site exec ls\r\n", 4).closes()), [1_000_201]);
    assert_eq!(found(&Connection::open(21).sends(b"SITE CHMOD 644 exec\r\n", 99).closes()), []);
    assert_eq!(found(&[udp(31_789, b"A"), udp(31_789, b"AB"), udp(31_788, b"A")]), [1_000_203]);
    assert_eq!(found(&[ip(CLIENT, SERVER, 11, 0, b"covert")]), [1_000_204]);
}

#[test]
fn mutants_are_found_and_ordinary_segments_are_not() {
    let segment = |flags: u8| vec![tcp(CLIENT, SERVER, (4000, 80), 1, 0, flags, b"")];
    assert_eq!(found(&segment(0x03)), [1_000_301]);
    assert_eq!(found(&segment(0x06)), [1_000_302]);
    assert_eq!(found(&segment(0)), [1_000_303]);
    assert_eq!(found(&segment(0x29)), [1_000_304]);
    assert_eq!(found(&segment(0x01)), [1_000_305]);
    assert_eq!(found(&[udp_to_itself()]), [1_000_306]);
    assert_eq!(
        found(
            &Connection::open(80)
                .sends(b"GET / HTTP/1.0\r\n\r\n", 99)
                .answers(b"HTTP/1.0 200 OK\r\n\r\n", 9)
                .closes()
        ),
        []
    );
}

fn udp_to_itself() -> Vec<u8> {
    ip(CLIENT, CLIENT, 17, 0, &udp_body((7, 19), b"x"))
}
