//! Actions, filters of alerts, and events that no rule's conditions raise.

use super::packets::*;
use super::{rules, run, sids};

/// Datagrams to port 1: one a second.
fn datagrams(count: usize) -> Vec<Vec<u8>> {
    vec![udp(1, b"x"); count]
}

#[test]
fn alerts_are_limited_as_their_filters_say() {
    let count = |options: &str, lines: &str, packets: usize| {
        let text = format!("alert udp any any -> any 1 ({options} sid:1;)\n{lines}");
        sids(&text, &datagrams(packets)).len()
    };
    assert_eq!(count("threshold:type limit,track by_src,count 2,seconds 5;", "", 10), 4);
    assert_eq!(count("threshold:type threshold,track by_dst,count 3,seconds 60;", "", 10), 3);
    assert_eq!(count("threshold:type both,track by_src,count 3,seconds 60;", "", 10), 1);
    // What follows an alert is counted in a span of its own: packets 1 to 3, 4 to 6, and 7 to 9.
    assert_eq!(count("threshold:type threshold,track by_dst,count 3,seconds 4;", "", 10), 3);
    let one_is_out = "event_filter gen_id 1, sig_id 0, type limit, track by_src, count 1, seconds 60\n\
        event_filter gen_id 1, sig_id 1, type limit, track by_src, count -1, seconds 1";
    assert_eq!(count("", one_is_out, 10), 10);
    assert_eq!(count("detection_filter:track by_src,count 4,seconds 60;", "", 10), 6);
    assert_eq!(
        count("", "event_filter gen_id 1, sig_id 0, type limit, track by_src, count 1, seconds 60", 10),
        1
    );
    assert_eq!(
        count("", "event_filter gen_id 0, sig_id 0, type limit, track by_src, count 3, seconds 60", 10),
        3
    );
    assert_eq!(count("", "suppress gen_id 1, sig_id 1, track by_src, ip [10.0.0.0/24,!10.0.0.7]", 5), 0);
    assert_eq!(count("", "suppress gen_id 1, sig_id 1, track by_dst, ip 10.0.0.1", 5), 5);
    assert_eq!(count("", "suppress gen_id 1, sig_id 2", 5), 5);
}

#[test]
fn above_a_rate_a_rule_acts_otherwise_for_a_while() {
    let lines = "alert udp any any -> any 1 (sid:1;)\n\
        rate_filter gen_id 1, sig_id 1, track by_src, count 3, seconds 60, new_action pass, timeout 4";
    // Three alerts; the fourth exceeds the rate, and for four seconds all pass; so does what still exceeds it.
    assert_eq!(sids(lines, &datagrams(10)).len(), 3);
    // A second filter logs from the sixth match on, once the first acts no more.
    let two = format!(
        "{}\nrate_filter gen_id 1, sig_id 1, track by_rule, count 5, seconds 60, new_action log, timeout 0",
        lines.replace("timeout 4", "timeout 0, apply_to 192.0.2.0/24")
    );
    assert_eq!(sids(&two, &datagrams(10)).len(), 5);
    let elsewhere = lines.replace("timeout 4", "timeout 4, apply_to 192.0.2.0/24");
    assert_eq!(sids(&elsewhere, &datagrams(10)).len(), 10);
}

#[test]
fn a_pass_rule_keeps_the_others_silent_and_rule_types_act_as_they_are_defined() {
    let text = "ruletype quiet\n{\n  type pass\n}\nruletype loud { type alert }\n\
        loud udp any any -> any any (sid:1;)\nquiet udp any any -> any 2 (sid:2;)\n\
        drop udp any any -> any 3 (sid:3;)\nsdrop udp any any -> any 3 (sid:4;)\nlog udp any any -> any 3 (sid:5;)";
    assert_eq!(sids(text, &[udp(1, b""), udp(2, b""), udp(3, b"")]), [1, 3]);
}

const SCANS: &str = "preprocessor sfportscan: proto { all } scan_type { all } sense_level { medium }\n\
    config autogenerate_preprocessor_decoder_rules\n";

/// A SYN to each port, refused.
fn refused(ports: std::ops::Range<u16>) -> Vec<Vec<u8>> {
    ports
        .flat_map(|port| {
            [
                tcp(CLIENT, SERVER, (5000, port), 1, 0, SYN, b""),
                tcp(SERVER, CLIENT, (port, 5000), 0, 2, RST | ACK, b""),
            ]
        })
        .collect()
}

#[test]
fn refused_ports_make_a_scan_once_in_its_window() {
    assert_eq!(run(rules(SCANS), &refused(1..30)), [(1, vec![29])]);
    assert_eq!(run(rules(SCANS), &refused(1..9)), []);
    let none = SCANS.replace("proto { all }", "proto { udp }");
    assert_eq!(run(rules(&none), &refused(1..30)), []);
    let ignored = SCANS.replace("sense_level", "ignore_scanners { 10.0.0.0/24 } sense_level");
    assert_eq!(run(rules(&ignored), &refused(1..30)), []);
}

#[test]
fn scans_of_datagrams_and_sweeps_of_echoes_are_told() {
    let datagrams: Vec<Vec<u8>> = (1..20u16)
        .flat_map(|port| {
            let probe = udp(port, b"");
            let error = icmp(SERVER, CLIENT, 3, 3, &probe);
            [probe, error]
        })
        .collect();
    assert_eq!(run(rules(SCANS), &datagrams).iter().map(|alert| alert.0).collect::<Vec<_>>(), [17]);
    let echoes: Vec<Vec<u8>> = (1..30u8).map(|host| icmp(CLIENT, [10, 0, 1, host], 8, 0, b"")).collect();
    assert_eq!(run(rules(SCANS), &echoes), [(26, vec![20])]);
}

#[test]
fn an_event_without_its_rule_is_not_raised() {
    let named = SCANS.replace(
        "config autogenerate_preprocessor_decoder_rules",
        "alert (msg:\"x\"; gid:122; sid:3; rev:2;)",
    );
    assert_eq!(run(rules(&named), &refused(1..30)), []);
}
