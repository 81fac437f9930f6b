//! `wirescope explain` through the program, over captures made here.

#[allow(dead_code)]
mod corpus;
#[allow(dead_code)]
mod frames;
#[allow(dead_code)]
mod program;

use frames::{Capture, dns_query, tcp, udp};
use program::{objects, text, wirescope};
use serde_json::Value;

/// Names of what makes a packet odd.
fn odd(packet: &Value) -> Vec<&str> {
    let said = packet["statements"].as_array().expect("statements");
    said.iter().filter(|said| said["odd"] == true).filter_map(|said| said["claim"].as_str()).collect()
}

/// What is said under a name.
fn said<'v>(packet: &'v Value, claim: &str) -> &'v Value {
    let all = packet["statements"].as_array().expect("statements");
    all.iter()
        .find(|said| said["claim"] == claim)
        .unwrap_or_else(|| panic!("{claim} is not said: {packet:#}"))
}

#[test]
fn a_capture_without_odd_packets_is_said_to_have_none() {
    let capture = Capture::new(&[udp(4000, 53, &dns_query("www.example.net")), tcp(4001, 80, 0x02, b"")]);
    assert_eq!(text(&["explain", "-n", capture.path()]), "no odd packet among 2\n");
    assert_eq!(text(&["explain", "-n", "--json", capture.path()]), "");
}

#[test]
fn a_leak_in_the_padding_is_decoded_and_rewritten_addresses_are_proved() {
    let mut frame = udp(31_790, 31_789, b"A").padded(&dns_query("mail.example.com")[1..18]).built();
    frame[26..30].copy_from_slice(&[1, 2, 3, 4]);
    let capture = Capture::of_frames(&[frame]);
    let found = objects(&["explain", "-n", "--json", capture.path()]);
    let [packet] = found.as_slice() else { panic!("one packet: {found:?}") };
    assert_eq!(odd(packet), ["padding-not-zero", "checksum-wrong", "checksum-wrong", "addresses-rewritten"]);
    let leak = said(packet, "padding-not-zero");
    assert_eq!((leak["offset"].as_u64(), leak["length"].as_u64()), (Some(43), Some(17)));
    assert!(
        leak["text"]
            .as_str()
            .is_some_and(|text| text.contains("a query, sections 1/0/0/0, for the name mail")),
        "{leak}"
    );
    assert_eq!(
        (&leak["confidence"], &said(packet, "addresses-rewritten")["confidence"]),
        (&"likely".into(), &"likely".into())
    );
    assert!(said(packet, "known-port")["text"].as_str().is_some_and(|text| text.contains("Hack'a'Tack")));
    let shown = text(&["explain", "-n", capture.path()]);
    assert!(shown.contains("The packet is genuine but for its addresses"), "{shown}");
    assert!(shown.contains("1 of 1 packets are odd"), "{shown}");
}

#[test]
fn padding_that_repeats_an_earlier_packet_names_it() {
    let secret = tcp(4000, 23, 0x18, b"user alice password rabbit").built();
    let leaked = secret[43..60].to_vec();
    let frames = [secret, udp(5000, 5001, b"B").padded(&leaked).built()];
    let capture = Capture::of_frames(&frames);
    let found = objects(&["explain", "-n", "--json", capture.path()]);
    assert_eq!(found.len(), 1);
    let text = said(&found[0], "padding-not-zero")["text"].to_string();
    assert!(text.contains("are the same as in packet 1 from byte 45 on"), "{text}");
}

#[test]
fn the_filter_of_each_odd_packet_selects_it() {
    let frames = [
        tcp(1000, 80, 0x02, b"").built(),
        tcp(1001, 80, 0x03, b"").built(),
        tcp(1002, 80, 0x00, b"").built(),
        udp(0, 0, b"x").built(),
    ];
    let capture = Capture::of_frames(&frames);
    let found = objects(&["explain", "-n", "--json", capture.path()]);
    assert_eq!(
        found.iter().map(|packet| packet["packet"].as_u64()).collect::<Vec<_>>(),
        [Some(2), Some(3), Some(4)]
    );
    for packet in &found {
        let filter = packet["filter"].as_str().expect("a filter");
        let shown = text(&["dump", "-#nr", capture.path(), filter]);
        let lines: Vec<&str> = shown.lines().filter(|line| line.contains(" IP ")).collect();
        assert_eq!(lines.len(), 1, "{filter}: {shown}");
    }
}

#[test]
fn a_packet_asked_for_by_number_is_argued_whether_odd_or_not() {
    let capture = Capture::new(&[udp(4000, 4001, b"hello"), tcp(4001, 80, 0x02, b"")]);
    let found = objects(&["explain", "-n", "--json", "-N", "2", capture.path()]);
    let [packet] = found.as_slice() else { panic!("one packet: {found:?}") };
    assert_eq!((&packet["packet"], &packet["odd"]), (&2.into(), &false.into()));
    assert_eq!(said(packet, "checksum-right")["confidence"], "certain");
    let shown = text(&["explain", "-n", "-N", "1-2", capture.path()]);
    assert_eq!(
        shown.matches("Nothing odd: what can be verified of this packet agrees.").count(),
        2,
        "{shown}"
    );
    let none = wirescope(&["explain", "-N", "17", capture.path()]);
    let complaint = String::from_utf8_lossy(&none.stderr).into_owned();
    assert_eq!(none.status.code(), Some(1));
    assert!(complaint.contains("there is no packet with this number"), "{complaint}");
    assert!(complaint.contains("hint: packets are numbered from 1 to 2"), "{complaint}");
}

#[test]
fn many_sorts_are_bounded_and_the_rest_is_counted() {
    let flags = [0x00, 0x01, 0x03, 0x06, 0x07, 0x29, 0x20, 0x08];
    let frames: Vec<_> =
        flags.iter().flat_map(|flags| [tcp(1000, 80, *flags, b""), tcp(1001, 81, *flags, b"")]).collect();
    let capture = Capture::new(&frames);
    let all = objects(&["explain", "-n", "--json", capture.path()]);
    assert!(all.iter().all(|packet| packet["alike_count"] == 2), "{all:?}");
    let shown = text(&["explain", "-n", "--most", "3", capture.path()]);
    assert_eq!(shown.lines().filter(|line| line.starts_with("Packet ")).count(), 3);
    let rest = all.len() - 3;
    assert!(
        shown.contains(&format!("{} odd packets of {rest} further sorts are not shown", rest * 2)),
        "{shown}"
    );
}

#[test]
fn an_answer_decides_whether_a_probe_succeeded() {
    let probe = tcp(1000, 80, 0x29, b"");
    let reset = tcp(80, 1000, 0x14, b"").swapped();
    let capture = Capture::new(&[probe, reset]);
    let found = objects(&["explain", "-n", "--json", capture.path()]);
    assert_eq!((&found[0]["answer_count"], &found[0]["answers"][0]["packet"]), (&1.into(), &2.into()));
    assert!(text(&["explain", "-n", capture.path()]).contains("answers with a reset"));
}

#[test]
fn nothing_from_packets_steers_a_terminal() {
    let capture = Capture::new(&[udp(5000, 5001, b"B").padded(b"\x1b[2Jhello there you")]);
    let shown = text(&["explain", capture.path()]);
    assert!(!shown.contains('\u{1b}') && shown.contains("hello there you"), "{shown}");
}

#[test]
fn the_recorded_incidents_are_argued_and_the_quiet_one_is_left_alone() {
    let Some(incidents) = corpus::folder("incidents") else { return };
    let case = |name: &str| incidents.join(name).join("case.pcap").to_string_lossy().into_owned();
    assert!(text(&["explain", "-n", &case("quiet")]).starts_with("no odd packet among "));
    let mutants = objects(&["explain", "-n", "--json", &case("mutant-udp")]);
    let first = said(&mutants[0], "padding-not-zero")["text"].to_string();
    assert!(first.contains("a query") && first.contains("VGR.A"), "{first}");
    assert_eq!(said(&mutants[0], "same-rewriting")["odd"], false);
    let covert = objects(&["explain", "-n", "--json", &case("nvp-covert")]);
    let counted: u64 = covert.iter().filter_map(|packet| packet["alike_count"].as_u64()).sum();
    assert_eq!(counted, 29, "all packets of protocol 11");
}
