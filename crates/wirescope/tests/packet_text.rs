//! The text of packets, byte for byte, over the corpora of captures with recorded output.

mod corpus;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use corpus::{Finished, Known, PROGRAM, Verdict};

/// One row of a manifest.
struct Row {
    name: String,
    group: String,
    pcap: String,
    expected: String,
    arguments: String,
}

fn rows(folder: &Path) -> Vec<Row> {
    let manifest = fs::read_to_string(folder.join("manifest.tsv")).expect("the manifest can be read");
    let mut lines = manifest.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let titles = lines.next().expect("the manifest has a line of titles");
    lines
        .map(|cells| {
            let columns: HashMap<&str, &str> = titles.iter().copied().zip(cells).collect();
            let column = |title: &str| columns.get(title).copied().unwrap_or_default().to_owned();
            Row {
                name: column("name"),
                group: column("group"),
                pcap: column("pcap"),
                expected: column("expected"),
                arguments: column("args"),
            }
        })
        .collect()
}

/// Runs one row behind the words of `before` and says what is wrong.
fn check(folder: &Path, row: &Row, before: &[&str]) -> Option<String> {
    let pcap = folder.join(&row.pcap);
    let fill = |word: String| {
        word.replace("{pcap}", &pcap.to_string_lossy()).replace("{corpus}", &folder.to_string_lossy())
    };
    let words = before.iter().map(|word| (*word).to_owned());
    let words: Vec<String> = words.chain(corpus::shell_words(&row.arguments).into_iter().map(fill)).collect();
    let Finished { status, stdout, stderr } =
        corpus::run(Command::new(&words[0]).args(&words[1..]), Stdio::null());
    let stderr = String::from_utf8_lossy(&stderr);
    let said = stderr.lines().find(|line| !line.starts_with("reading from file "));
    if status != Some(0) {
        return Some(format!("status {status:?}, {}", said.unwrap_or("nothing said")));
    }
    let expected = fs::read(folder.join(&row.expected)).expect("the expected output can be read");
    if stdout != expected {
        let place = stdout.iter().zip(&expected).take_while(|(ours, right)| ours == right);
        let line = place.filter(|(byte, _)| **byte == b'\n').count() + 1;
        return Some(format!("line {line} differs"));
    }
    said.map(|line| format!("standard error has {line}"))
}

fn test(name: &str) {
    test_behind(name, &[PROGRAM, "dump"]);
}

fn test_behind(name: &str, before: &[&str]) {
    let Some(folder) = corpus::folder(name) else { return };
    let verdicts = corpus::side_by_side(&rows(&folder), |row| Verdict {
        name: row.name.clone(),
        group: row.group.clone(),
        wrong: check(&folder, row, before),
    });
    assert!(!verdicts.is_empty(), "the corpus {name} has no rows");
    Known::of(name).compare(&verdicts);
}

#[test]
fn tcpdump_captures() {
    test("tcpdump");
}

#[test]
fn captures_at_every_level() {
    test("levels");
}

#[test]
fn truncated_captures() {
    test("truncated");
}

#[test]
fn damaged_captures() {
    test("damaged");
}

#[test]
fn captures_from_the_field() {
    test("field");
}

#[test]
fn fields_as_tcpshow_prints_them() {
    test_behind("tcpshow", &[PROGRAM]);
}

#[test]
fn names_from_local_files() {
    // Without a network only local files give names, as where the corpus was recorded.
    for wrapper in [&["unshare", "-n"][..], &["unshare", "-rn"][..]] {
        let tried = Command::new(wrapper[0]).args(&wrapper[1..]).arg("true").stderr(Stdio::null()).status();
        if tried.is_ok_and(|status| status.success()) {
            return test_behind("names", &[wrapper, &[PROGRAM, "dump"]].concat());
        }
    }
    corpus::skipped("no right to run a program without a network (unshare -n)");
}

#[test]
fn alerts_and_totals_as_snort_prints_them() {
    test_behind("snort-output", &[PROGRAM]);
}
