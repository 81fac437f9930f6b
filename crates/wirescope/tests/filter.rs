//! `wirescope filter` as a person runs it.

use std::process::{Command, Output};

fn filter(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wirescope")).arg("filter").args(arguments).output().expect("it runs")
}

fn stdout(arguments: &[&str]) -> String {
    let output = filter(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is text")
}

/// A capture that every checkout has.
const CAPTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/web-visit.pcap");

#[test]
fn an_expression_is_told_in_words() {
    let text = stdout(&["tcp[13] == 18 and not (net 10.0.0.0/8 or port 80)"]);
    for words in [
        "byte 13 of the TCP header (the flags) equals 18: exactly SYN and ACK",
        "10.0.0.0 to 10.255.255.255",
        "port is 80 (http)",
        "warning: a packet with SYN and ACK and one of the ECN bits (ECE, CWR) is missed",
        "write tcp[13] & 0x3f == 18 and not (net 10.0.0.0/8 or port 80)",
        "(000) ldh      [12]",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains('\u{1b}'), "colours although this is no terminal");
}

#[test]
fn words_of_the_command_line_are_joined() {
    assert_eq!(stdout(&["tcp", "port", "80"]), stdout(&["tcp port 80"]));
}

#[test]
fn only_the_program_is_shown_on_request() {
    assert_eq!(stdout(&["-y", "RAW", "-ddd", "len > 5"]).lines().next(), Some("4"));
    assert!(stdout(&["-dd", "ip"]).starts_with("{ 0x28, 0, 0, 0x0000000c },"));
    assert!(!stdout(&["--program", "none", "ip"]).contains("(000)"));
    let (plain, optimised) = (stdout(&["-O", "-d", "tcp port 80"]), stdout(&["-d", "tcp port 80"]));
    assert!(plain.lines().count() > optimised.lines().count());
}

#[test]
fn a_term_behind_a_denied_header_is_counted_at_its_place() {
    for (expression, term) in [("not mpls and ip", "ip"), ("not (vlan or arp) and tcp", "tcp")] {
        let text = stdout(&["--json", "-r", CAPTURE, expression]);
        let object: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        let place = object["terms"].as_array().expect("terms").iter().position(|row| row["source"] == term);
        let counted = &object["captures"][0]["terms"][place.expect("the term is listed")]["packets"];
        assert_eq!(*counted, 0, "{expression}: no packet here has the header that {term} would stand behind");
    }
}

#[test]
fn each_term_is_counted() {
    let text = stdout(&["--json", "-r", CAPTURE, "tcp and not port 65000"]);
    let object: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let capture = &object["captures"][0];
    let packets = capture["packets"].as_u64().expect("packets are counted");
    let passed = capture["passed"].as_u64().expect("what passes is counted");
    assert!(packets > 0 && passed > 0 && passed <= packets, "{capture}");
    let terms = object["terms"].as_array().expect("terms are listed");
    let meaning = |index: usize| terms[index]["meaning"].as_str().unwrap_or("");
    assert_eq!(meaning(0), "all of these hold:");
    assert_eq!(terms[1]["source"], "tcp");
    let counts = capture["terms"].as_array().expect("counts are listed");
    assert_eq!(counts.len(), terms.len());
    assert_eq!(counts[2]["packets"], packets);
    assert_eq!(counts[3]["packets"], 0);
}

#[test]
fn what_rejects_all_is_explained_before_it_is_refused() {
    let output = filter(&["tcp and udp"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("these exclude each other"));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.starts_with("wirescope: expression rejects all packets\nhint: "), "{message}");
}

#[test]
fn faults_are_marked() {
    let output = filter(&["ip and tcp[13] = = 2"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "wirescope: can't parse filter expression: syntax error\nhint: ip and tcp[13] = = 2\n\
         hint:                  ^\nhint: == is written without a space; try: ip and tcp[13] == 2\n"
    );
    assert!(output.stdout.is_empty());
    assert_eq!(filter(&["-y", "NOSUCH", "ip"]).status.code(), Some(1));
    assert_eq!(filter(&["-r", "/nonexistent.pcap", "ip"]).status.code(), Some(1));
    assert_eq!(filter(&[]).status.code(), Some(2));
}

#[test]
fn the_help_teaches() {
    let text = stdout(&["--help"]);
    for words in ["from left to right", "Examples:", "-r trace.pcap", "--json"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}
