//! `wirescope summary` through the program, over captures made here.

#[allow(dead_code)]
mod frames;
#[allow(dead_code)]
mod program;

use frames::{Capture, dns_query, ip, tcp, udp};
use program::text;
use serde_json::Value;

fn object(arguments: &[&str]) -> Value {
    serde_json::from_str(&text(arguments)).expect("one object")
}

fn traffic() -> Capture {
    let mut frames = vec![
        tcp(4000, 80, 0x02, b"").built(),
        tcp(80, 4000, 0x12, b"").swapped().built(),
        tcp(4000, 80, 0x18, b"GET / HTTP/1.0\r\n\r\n").built(),
        udp(4001, 53, &dns_query("www.example.net")).built(),
        tcp(4002, 31_337, 0x18, b"SSH-2.0-evil\r\n").built(),
        ip(11, &[2; 40]).built(),
    ];
    frames[4][51] ^= 1;
    Capture::of_frames(&frames)
}

/// Packets of the protocols with this name.
fn packets(summary: &Value, name: &str) -> u64 {
    let all = summary["protocols"].as_array().expect("protocols");
    all.iter().filter(|row| row["name"] == name).filter_map(|row| row["packets"].as_u64()).sum()
}

#[test]
fn totals_and_protocols_are_counted() {
    let capture = traffic();
    let summary = object(&["summary", "-n", "--json", capture.path()]);
    assert_eq!((&summary["packets"], &summary["seconds"]), (&6.into(), &5.0.into()));
    for (name, count) in
        [("IPv4", 6), ("TCP", 4), ("UDP", 1), ("http", 1), ("dns", 1), ("ssh on another's port", 1)]
    {
        assert_eq!(packets(&summary, name), count, "{name}");
    }
    let unusual: Vec<&Value> =
        summary["protocols"].as_array().expect("rows").iter().filter(|row| row["unusual"] == true).collect();
    assert_eq!(unusual.len(), 2, "{unusual:?}");
    assert_eq!(packets(&summary, "NVP-II (IP protocol 11)"), 1);
    let tcp = &summary["checksums"][1];
    assert_eq!((&tcp["right"], &tcp["wrong"], &tcp["first_wrong"]), (&3.into(), &1.into(), &5.into()));
    let sizes: u64 =
        summary["sizes"].as_array().expect("sizes").iter().filter_map(|s| s["packets"].as_u64()).sum();
    assert_eq!(sizes, 6);
    let web =
        summary["services"].as_array().expect("services").iter().find(|s| s["port"] == 80).expect("port 80");
    assert_eq!((&web["packets"], &web["syns"], &web["synacks"]), (&3.into(), &1.into(), &1.into()));
}

#[test]
fn the_text_has_every_part_and_no_bars_in_a_pipe() {
    let capture = traffic();
    let shown = text(&["summary", "-n", capture.path()]);
    for part in [
        "What was read",
        "Protocols",
        "Sizes",
        "Fragments",
        "Checksums",
        "Top talkers",
        "Top services",
        "Time line",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(shown.contains("! NVP-II (IP protocol 11)"), "{shown}");
    assert!(!shown.contains('█') && !shown.contains('\u{1b}'), "{shown}");
    assert!(shown.lines().all(|line| line == line.trim_end()), "no line ends in spaces");
}

#[test]
fn a_filter_narrows_what_is_counted_and_nothing_is_said_to_be_nothing() {
    let capture = traffic();
    assert_eq!(object(&["summary", "--json", capture.path(), "udp"])["packets"], 1);
    assert_eq!(text(&["summary", capture.path(), "port 9999"]), "no packets: there is nothing to sum up\n");
    let none = object(&["summary", "--json", capture.path(), "port 9999"]);
    assert_eq!((&none["packets"], &none["first_time"]), (&0.into(), &Value::Null));
}

#[test]
fn files_are_summed_up_together() {
    let capture = traffic();
    let both = object(&["summary", "--json", capture.path(), capture.path()]);
    assert_eq!(
        (&both["packets"], &both["files"][1]["first"], &both["out_of_order"]),
        (&12.into(), &7.into(), &1.into())
    );
}
