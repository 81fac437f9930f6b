//! `wirescope dump` as a person or a script meets it, on the capture that comes with the source.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn capture() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/web-visit.pcap").to_owned()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirescope"));
    command.arg("dump").args(arguments).env("TZ", "UTC0").stdin(Stdio::null());
    command
}

fn dump(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program runs")
}

/// Standard output of a run that goes well.
fn stdout(arguments: &[&str]) -> String {
    let output = dump(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text is UTF-8")
}

/// What is said by a run that fails.
fn complaint(arguments: &[&str]) -> String {
    let output = dump(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Scratch(tempfile::tempdir().expect("there is room for a folder"))
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }
}

#[test]
fn the_readme_command_shows_the_answer_to_a_syn() {
    assert_eq!(
        stdout(&["-nr", &capture(), "tcp[13] == 18"]),
        "09:00:00.156780 IP 198.51.100.80.80 > 192.0.2.10.49152: Flags [S.], seq 2271560481, ack 305419897, \
         win 64240, options [mss 1460,sackOK,nop,nop,nop,wscale 7], length 0\n"
    );
}

#[test]
fn json_has_the_same_text_and_the_fields_of_each_protocol() {
    let text = stdout(&["-nvr", &capture()]);
    let json = stdout(&["-nvr", &capture(), "--json"]);
    let packets: Vec<Value> =
        json.lines().map(|line| serde_json::from_str(line).expect("each line is an object")).collect();
    let joined: String =
        packets.iter().map(|packet| format!("{}\n", packet["text"].as_str().expect("text"))).collect();
    assert_eq!(joined, text);
    let syn = &packets[2];
    assert_eq!(syn["number"], 3);
    assert_eq!(syn["time"].to_string(), "1767603600.13667");
    assert_eq!((&syn["captured_len"], &syn["wire_len"]), (&66.into(), &66.into()));
    let protocols: Vec<&str> = syn["layers"]
        .as_array()
        .expect("layers")
        .iter()
        .filter_map(|layer| layer["protocol"].as_str())
        .collect();
    assert_eq!(protocols, ["ether", "ip", "tcp"]);
    assert_eq!(syn["layers"][2]["offset"], 34);
    assert_eq!(syn["layers"][2]["fields"]["dst_port"], 80);
}

#[test]
fn copies_in_every_form_read_the_same() {
    let scratch = Scratch::new();
    let original = stdout(&["-n", "-r", &capture()]);
    for name in ["a.pcap", "a.pcapng", "a.pcap.gz", "a.pcapng.zst", "a.pcap.lz4", "a.pcap.xz"] {
        let copy = scratch.path(name);
        stdout(&["-r", &capture(), "-w", &copy]);
        assert_eq!(stdout(&["-n", "-r", &copy]), original, "{name}");
    }
}

#[test]
fn a_filter_skip_and_count_work_together() {
    assert_eq!(stdout(&["-r", &capture(), "--count", "tcp"]), "12 packets\n");
    assert_eq!(stdout(&["-r", &capture(), "--count", "-c", "1"]), "1 packet\n");
    let lines = stdout(&["-#tnr", &capture(), "--skip", "1", "-c", "2", "tcp"]);
    let numbers: Vec<&str> = lines.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(numbers, ["2", "3"]);
}

#[test]
fn a_list_of_captures_is_read_one_after_the_other() {
    let scratch = Scratch::new();
    let list = scratch.path("list");
    std::fs::write(&list, format!("{0}\n{0}\n", capture())).expect("the list can be written");
    assert_eq!(stdout(&["-V", &list, "--count"]), "28 packets\n");
    let merged = scratch.path("merged.pcap");
    stdout(&["-V", &list, "-w", &merged]);
    assert_eq!(stdout(&["-r", &merged, "--count"]), "28 packets\n");
}

#[test]
fn finished_files_of_a_series_are_handed_to_the_command() {
    let scratch = Scratch::new();
    let (handler, seen) = (scratch.path("handler"), scratch.path("seen"));
    std::fs::write(&handler, format!("#!/bin/sh\necho \"$1\" >> {seen}\n")).expect("a script can be written");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&handler, mode).expect("the script can be made executable");
    let many = scratch.path("many");
    std::fs::write(&many, format!("{}\n", capture()).repeat(10)).expect("the list can be written");
    let series = scratch.path("series");
    stdout(&["-V", &many, "-w", &series, "-C", "4k", "-z", &handler]);
    // The commands run beside the capture and may end after it.
    let start = std::time::Instant::now();
    while !std::fs::read_to_string(&seen).unwrap_or_default().contains(&format!("{series}1\n"))
        && start.elapsed().as_secs() < 10
    {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let seen = std::fs::read_to_string(&seen).expect("the command was run");
    assert!(seen.contains(&format!("{series}\n")) && seen.contains(&format!("{series}1\n")), "{seen}");
    assert!(PathBuf::from(format!("{series}2")).is_file());
}

#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    let scratch = Scratch::new();
    let many = scratch.path("many");
    std::fs::write(&many, format!("{}\n", capture()).repeat(500)).expect("the list can be written");
    let mut child = command(&["-XXV", &many])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut first = [0; 10];
    let mut stdout = child.stdout.take().expect("there is a pipe");
    stdout.read_exact(&mut first).expect("there is text");
    drop(stdout);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(141));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.lines().all(|line| line.starts_with("reading from file ")), "{said}");
}

#[test]
fn packets_arrive_while_the_input_goes_on() {
    let bytes = std::fs::read(capture()).expect("the capture can be read");
    let mut child = command(&["-nlr", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("there is a pipe");
    let first_packet = 24 + 16 + 75;
    stdin.write_all(&bytes[..first_packet]).expect("the program reads");
    stdin.flush().expect("the program reads");
    let mut stdout = child.stdout.take().expect("there is a pipe");
    let mut text = vec![0; 8];
    stdout.read_exact(&mut text).expect("the first packet is printed before the second arrives");
    assert_eq!(text, b"09:00:00");
    drop(stdin);
    child.wait().expect("the program ends");
}

#[test]
fn hints_say_what_to_type_instead() {
    for (arguments, said, hint) in [
        (
            &["-nr", &capture(), "–v"][..],
            "can't parse filter expression: syntax error",
            "hint: –v has an en dash (U+2013)",
        ),
        (&["-nr", &capture(), "‘tcp[13]", "==", "18’"], "syntax error", "'tcp[13] == 18'"),
        (&["-nr", &capture(), "port 20-25"], "unknown port", "portrange 20-25"),
        (&["-nr", &capture(), "net 192.168.1.1/24"], "non-network bits set", "net 192.168.1.0/24"),
        (&["-nr", &capture(), "tcp port 80", "443"], "syntax error", "the filter 'tcp port 80' is complete"),
        (&["-n", "-i", "nosuchif0"], "nosuchif0: No such device exists", "hint: this machine has "),
        (&["-n", "-r", &capture(), &capture()], "syntax error", "put -r before it"),
    ] {
        let complaint = complaint(arguments);
        let at = complaint.find(said).unwrap_or_else(|| panic!("{arguments:?} said {complaint}"));
        let after = &complaint[at..];
        assert!(after.contains("\nhint: ") && after.contains(hint), "{arguments:?} said {complaint}");
    }
}
