//! `wirescope detect` through the program: rules and what is wrong with them, alerts as text and as objects,
//! the folder of alerts and packets, and the rule corpus.

#[allow(dead_code)]
mod corpus;
mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use corpus::{Known, Verdict};
use program::{complaint, objects, text, wirescope};

/// The capture that comes with the source: a look-up, a page fetched over HTTP, an answer.
fn example() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/web-visit.pcap").to_owned()
}

/// Streams tracked, and a rule that the request for the page matches, with all that an alert can tell.
const RULE: &str = "preprocessor stream5_global: track_tcp yes\n\
                    alert tcp any any -> any 80 (msg:\"page fetched\"; flow:to_server,established; \
                    content:\"GET /\"; depth:5; classtype:web-visit; reference:url,www.example.net/get; \
                    reference:cve,2001-0144; sid:7; rev:3;)\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("there is room for a folder"))
    }

    /// A file in the folder.
    fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).expect("the file can be written");
        self.path(name).to_string_lossy().into_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

#[test]
fn an_alert_in_full_tells_headers_class_and_where_to_read_more() {
    let folder = Folder::new();
    let rules = folder.file("page.rules", RULE);
    folder.file("classification.config", "config classification: web-visit,A Page was Read,2\n");
    folder.file("reference.config", "config reference: url http://\n");
    let full = text(&["detect", "-q", "-U", "-c", &rules, "-r", &example()]);
    let lines: Vec<&str> = full.lines().collect();
    assert_eq!(lines[0], "[**] [1:7:3] page fetched [**]");
    assert_eq!(lines[1], "[Classification: A Page was Read] [Priority: 2] ");
    assert!(lines[2].ends_with(":80"), "{full}");
    assert!(lines[3].starts_with("TCP TTL:64 TOS:0x0 ID:") && lines[3].ends_with(" DF"), "{full}");
    assert!(lines[4].starts_with("***AP*** Seq: 0x"), "{full}");
    assert_eq!(
        lines.get(lines.len() - 2),
        Some(&"[Xref => http://www.example.net/get][Xref => cve 2001-0144]")
    );
    assert!(full.ends_with("]\n\n"), "an empty line ends the alert: {full}");
}

#[test]
fn the_ethernet_header_and_the_year_are_shown_where_they_are_wanted() {
    let folder = Folder::new();
    let rules = folder.file("page.rules", RULE);
    let shown = text(&["detect", "-q", "-U", "-e", "-y", "-c", &rules, &example()]);
    let line = shown.lines().nth(2).expect("the third line has time and addresses");
    let date = line.split('-').next().unwrap_or_default();
    assert_eq!(date.split('/').count(), 3, "month, day and year: {line}");
    assert!(line.contains(" -> ") && line.contains(" type:0x800 len:0x"), "{line}");
    assert!(shown.lines().nth(3).is_some_and(|line| line.contains(":80 TCP TTL:")), "{shown}");
}

#[test]
fn objects_name_the_rule_the_ends_and_the_packets() {
    let folder = Folder::new();
    let rules = folder.file("page.rules", RULE);
    let alerts = objects(&["detect", "-c", &rules, "--json", &example()]);
    assert_eq!(alerts.len(), 1);
    let alert = &alerts[0];
    assert_eq!(
        (alert["gid"].as_u64(), alert["sid"].as_u64(), alert["rev"].as_u64()),
        (Some(1), Some(7), Some(3))
    );
    assert_eq!((&alert["msg"], &alert["proto"]), (&"page fetched".into(), &"tcp".into()));
    assert_eq!(alert["dport"], 80);
    let packet = alert["packets"][0].as_u64().expect("a packet number").to_string();
    let only = objects(&["detect", "-c", &rules, "--json", &example(), "udp"]);
    assert!(only.is_empty(), "the filter keeps TCP out");
    assert!(text(&["dump", "-nr", &example(), "-A"]).contains("GET /") && packet != "0");
}

#[test]
fn a_folder_gets_the_alerts_and_their_packets() {
    let folder = Folder::new();
    let rules = folder.file("page.rules", RULE);
    let log = folder.path("log");
    let log_name = log.to_string_lossy();
    let printed = text(&["detect", "-q", "-U", "-A", "fast", "-c", &rules, "-l", &log_name, &example()]);
    assert_eq!(printed, "", "the alerts are in the folder");
    let alerts = fs::read_to_string(log.join("alert")).expect("the file of alerts is there");
    assert!(alerts.contains("  [**] [1:7:3] page fetched [**] "), "{alerts}");
    let capture = log.join("alert.pcapng");
    let count = text(&["dump", "--count", "-r", &capture.to_string_lossy()]);
    assert!(count.starts_with("1 packet"), "{count}");
    let quiet = folder.file("quiet.rules", "alert ip any any -> 192.0.2.254 any (msg:\"never\"; sid:1;)\n");
    text(&["detect", "-q", "-c", &quiet, "-l", &log_name, &example()]);
    assert!(!capture.exists(), "nothing of the run before is left");
    let console = text(&["detect", "-q", "-U", "-A", "console", "-c", &rules, "-l", &log_name, &example()]);
    assert_eq!(console, alerts, "-A console prints them too");
}

#[test]
fn what_is_wrong_in_rules_is_said_with_its_place() {
    let folder = Folder::new();
    let rules = folder
        .file("wrong.rules", &format!("{RULE}alert tcp any any -> any 80 (msg:\"x\"; colour:red; sid:8;)\n"));
    let said = complaint(&["detect", "-c", &rules, &example()]);
    assert!(said.contains("wrong.rules:3:") && said.contains('^') && said.contains("colour"), "{said}");
    let checked = complaint(&["detect", "--check", "-c", &rules]);
    assert!(checked.contains("wrong.rules:3:"), "{checked}");
    let missing = complaint(&["detect", "-c", "no-such.rules", &example()]);
    assert!(missing.contains("no-such.rules: No such file or directory"), "{missing}");
    let none = complaint(&["detect", "-c", &folder.file("page.rules", RULE)]);
    assert!(none.contains("no capture") && none.contains("hint: "), "{none}");
}

#[test]
fn rules_that_ask_for_too_much_can_be_left_out() {
    let folder = Folder::new();
    let unsupported = "activate tcp any any -> any 80 (msg:\"old\"; activates:1; sid:9;)\n";
    let rules = folder.file("old.rules", &format!("{unsupported}{RULE}"));
    let said = complaint(&["detect", "-c", &rules, &example()]);
    assert!(said.contains("old.rules:1:") && said.contains("--lenient"), "{said}");
    let output = wirescope(&["detect", "--lenient", "-A", "none", "-c", &rules, &example()]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("1 rule left out") && said.contains("1 alert in "), "{said}");
    let checked = text(&["detect", "--check", "--lenient", "-c", &rules]);
    assert!(checked.contains("1 rule can be run\n") && checked.contains("1 rule left out"), "{checked}");
}

#[test]
fn totals_follow_the_alerts() {
    let folder = Folder::new();
    let rules = folder.file("page.rules", RULE);
    let totals = text(&["detect", "-A", "none", "--classic-summary", "-c", &rules, &example()]);
    for line in ["Packet I/O Totals:", "Action Stats:", "Stream statistics:", "              TCP sessions: 1"]
    {
        assert!(totals.lines().any(|shown| shown == line), "{line}\n{totals}");
    }
    assert!(totals.contains("\n     Alerts:            1 ("), "{totals}");
    assert!(!totals.contains("Frag3 statistics:"), "fragments are not put together here");
}

#[test]
fn wrong_checksums_hide_packets_unless_they_may_be_wrong() {
    let folder = Folder::new();
    let rules = folder.file("any.rules", "alert udp any any -> any 53 (msg:\"look-up\"; sid:1;)\n");
    let mut bytes = fs::read(example()).expect("the example can be read");
    // The first packet's payload ends where the second one's header begins: 24 bytes of file header, 16 of the
    // record's, and then as many as it has.
    let length = u32::from_le_bytes(bytes[32..36].try_into().expect("four bytes")) as usize;
    bytes[24 + 16 + length - 1] ^= 0xff;
    let capture = folder.path("bad.pcap");
    fs::write(&capture, bytes).expect("the capture can be written");
    let capture = capture.to_string_lossy();
    let good = objects(&["detect", "-c", &rules, "--json", &example()]).len();
    let strict = objects(&["detect", "-c", &rules, "--json", &capture]).len();
    let lax = objects(&["detect", "-c", &rules, "--json", "-k", "none", &capture]).len();
    assert_eq!((strict, lax), (good - 1, good));
}

#[test]
fn alerts_enter_the_investigation() {
    let folder = Folder::new();
    let rules = folder.file("page.rules", RULE);
    let report = text(&["investigate", "-n", "--rules", &rules, &example()]);
    assert!(
        report.contains("Alerts of rules (1)") && report.contains("Rule 1:7 \"page fetched\""),
        "{report}"
    );
    let lines = text(&["investigate", "-n", "--json", "--rules", &rules, &example()]);
    let alerts: Vec<&str> = lines.lines().filter(|line| line.starts_with("{\"finding\":\"alert\"")).collect();
    assert_eq!(alerts.len(), 1, "{lines}");
    let without = text(&["investigate", "-n", "--json", &example()]);
    let rest: String =
        lines.lines().filter(|line| !alerts.contains(line)).map(|line| format!("{line}\n")).collect();
    assert_eq!(rest, without, "other findings are as they were");
}

/// Alerts wanted of each rule in a case: what `expected.tsv` adds up to.
fn wanted(case: &Path) -> BTreeMap<(u64, u64), u64> {
    let table = fs::read_to_string(case.join("expected.tsv")).expect("the expected alerts can be read");
    let mut wanted = BTreeMap::new();
    for line in table.lines().skip(1) {
        let mut cells = line.split('\t').map(|cell| cell.parse().unwrap_or(0));
        let mut next = || cells.next().unwrap_or(0);
        let (gid, sid, count) = (next(), next(), next());
        *wanted.entry((gid, sid)).or_default() += count;
    }
    wanted
}

fn check_case(case: &Path) -> Option<String> {
    let capture = case.join("case.pcap");
    if !capture.exists() {
        return None;
    }
    let (rules, capture) = (case.join("case.rules"), capture.to_string_lossy().into_owned());
    let output = wirescope(&["detect", "-r", &capture, "-c", &rules.to_string_lossy(), "--json"]);
    let mut found: BTreeMap<(u64, u64), u64> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let alert: Value = serde_json::from_str(line).ok()?;
        let key = (alert["gid"].as_u64().unwrap_or(1), alert["sid"].as_u64().unwrap_or(0));
        *found.entry(key).or_default() += 1;
    }
    wanted(case).into_iter().find_map(|(key, count)| {
        let got = found.get(&key).copied().unwrap_or(0);
        (got != count).then(|| format!("{}:{} wanted {count} times, got {got}", key.0, key.1))
    })
}

#[test]
fn rules_raise_as_many_alerts_as_they_should() {
    let Some(folder) = corpus::folder("rules") else { return };
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the corpus can be listed")
        .map(|entry| entry.expect("the corpus can be listed").path())
        .filter(|path| path.join("expected.tsv").exists())
        .collect();
    cases.sort();
    let verdicts = corpus::side_by_side(&cases, |case| Verdict {
        name: case.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        group: "rules".to_owned(),
        wrong: check_case(case),
    });
    assert!(!verdicts.is_empty(), "the corpus has no cases");
    Known::of("rules").compare(&verdicts);
}
