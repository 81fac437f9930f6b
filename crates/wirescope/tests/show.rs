//! `wirescope show` through the program: fields as text and as objects, packets by number, tcpshow's command line.

#[allow(dead_code)]
mod corpus;
mod program;

use std::io::{Seek, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use serde_json::Value;

use program::{complaint, objects, text, wirescope};

/// The capture that comes with the source.
fn example() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/web-visit.pcap").to_owned()
}

/// A capture of Ethernet frames, written for one test.
fn capture(frames: &[&[u8]]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::with_suffix(".pcap").expect("there is room for a file");
    let mut bytes = Vec::new();
    for word in [0xa1b2_c3d4u32, 0x0004_0002, 0, 0, 262_144, 1] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    for (second, frame) in (0u32..).zip(frames) {
        let length = frame.len() as u32;
        for word in [second, 0, length, length] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes.extend_from_slice(frame);
    }
    file.write_all(&bytes).expect("the capture can be written");
    file
}

/// An Ethernet frame with IPv4, whose total length is `total`, and this protocol and payload.
fn frame(protocol: u8, total: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0];
    bytes.extend_from_slice(&total.to_be_bytes());
    bytes.extend_from_slice(&[0, 1, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
    bytes.extend_from_slice(payload);
    bytes
}

#[test]
fn fields_stand_beside_their_offsets_and_bytes() {
    let shown = text(&["show", &example(), "-N", "1"]);
    for line in [
        "  0010  00 3d                    total length                         61",
        "  0014  .1.. ....                don't fragment                       yes",
        "  001a  c0 00 02 0a              source address                       192.0.2.10",
        "  0024  00 35                    destination port                     53  domain",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
    assert!(shown.contains("question") && shown.contains("A of www.example.net."), "{shown}");
    assert!(!shown.contains('\u{1b}'), "no styles reach a pipe");
    assert!(
        !text(&["show", "-n", &example(), "-N", "1"]).contains("domain\n"),
        "-n leaves names of ports out"
    );
}

#[test]
fn packets_are_chosen_by_number_by_filter_and_by_both() {
    let numbers = |arguments: &[&str]| -> Vec<u64> {
        let number = |object: &Value| object["packet"].as_u64().expect("a number");
        objects(&[&["show", "--json"], arguments].concat()).iter().map(number).collect()
    };
    let example = example();
    assert_eq!(numbers(&["-N", "2", &example]), [2]);
    assert_eq!(numbers(&["-N", "1,3-4", &example]), [1, 3, 4]);
    let by_filter = numbers(&[&example, "udp port 53"]);
    assert_eq!(by_filter, [1, 2]);
    assert_eq!(numbers(&["-N", "2-", "-c", "3", &example]), [2, 3, 4]);
    assert_eq!(numbers(&["-N", "2-", &example, "udp port 53"]), [2]);
    let all = numbers(&[&example]).len() as u64;
    assert_eq!(numbers(&["-N", &(all + 1).to_string(), &example, &example]), [all + 1], "numbers go on");
}

#[test]
fn what_cannot_be_shown_is_said() {
    let example = example();
    assert!(text(&["show", &example, "host 192.0.2.254"]).starts_with("no packet passes the filter; "));
    assert!(text(&["show", &example, "-N", "9999"]).starts_with("no packet has one of these numbers"));
    assert_eq!(text(&["show", "--json", &example, "-N", "9999"]), "");
    assert!(complaint(&["show", &example, "-N", "0"]).contains("packets are numbered from 1"));
    assert!(complaint(&["show", &example, "-N", "9-3"]).contains("9 comes after 3"));
    assert!(complaint(&["show", &example, "-N", "x"]).contains("is no packet number"));
    assert!(complaint(&["show", "no-such.pcap"]).contains("No such file or directory"));
}

#[test]
fn objects_have_the_layers_with_every_field() {
    let packets = objects(&["show", "--json", &example(), "-N", "3"]);
    let [packet] = packets.as_slice() else { panic!("one packet") };
    assert_eq!(packet["captured_length"], 66);
    let protocols: Vec<&str> = packet["layers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|layer| layer["protocol"].as_str().unwrap())
        .collect();
    assert_eq!(protocols, ["ethernet", "ipv4", "tcp"]);
    let fields = packet["layers"][2]["fields"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["name"] == name).expect("the field is there");
    let seq = field("sequence number");
    assert_eq!((&seq["offset"], &seq["length"]), (&Value::from(38), &Value::from(4)));
    assert_eq!((&seq["bytes"], &seq["value"]), (&Value::from("12345678"), &Value::from(0x1234_5678)));
    assert_eq!(field("synchronize")["bits"], serde_json::json!([6, 1]));
    assert_eq!(field("flags")["meaning"], "SYN");
}

#[test]
fn contradictions_are_marked_and_found() {
    let odd = frame(17, 300, &[0, 1, 0, 2, 0, 9, 0, 0, b'A']);
    let file = capture(&[&odd]);
    let path = file.path().to_string_lossy();
    let shown = text(&["show", "--odd", &path]);
    assert!(shown.contains("! more than the 29 bytes from here to the end of the frame"), "{shown}");
    assert!(shown.contains("! IP leaves 280 bytes"), "{shown}");
    assert!(text(&["show", "--odd", &example()]).starts_with("no packet contradicts itself; "));
}

#[test]
fn bytes_of_packets_steer_no_terminal() {
    let hostile = frame(17, 38, b"\0\x01\0\x02\0\x12\0\0hi \x1b[2J\r\n\xff");
    let file = capture(&[&hostile]);
    let path = file.path().to_string_lossy();
    for arguments in
        [vec![&*path], vec!["--json", &path], vec!["--classic", &path], vec!["--classic", "-terse", &path]]
    {
        let shown = wirescope(&[&["show"], &arguments[..]].concat()).stdout;
        assert!(shown.iter().all(|byte| matches!(byte, b'\n' | b'\t' | b' '..)), "{arguments:?}");
        assert!(!shown.contains(&0x7f));
    }
}

#[test]
fn under_its_name_the_program_is_tcpshow() {
    let example = example();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(corpus::PROGRAM);
        command.arg0("/usr/bin/tcpshow").args(arguments).env("TZ", "GMT0").stdin(Stdio::null());
        command.output().expect("the program runs")
    };
    let classic = text(&["show", "--classic", "-terse", "-c", "2", "-r", &example]);
    assert_eq!(String::from_utf8_lossy(&run(&["-terse", "-c", "2", &example]).stdout), classic);
    assert!(
        classic.starts_with("Packet 1\nTIME:\t09:00:00.125000\nLINK:\t02:00:C0:00:02:0A -> "),
        "{classic}"
    );
    let wrong = run(&["-wrong", &example]);
    assert_eq!(wrong.status.code(), Some(1));
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(said.contains("tcpshow: unknown option -wrong\nhint: tcpshow -h lists the options\n"), "{said}");
    assert!(String::from_utf8_lossy(&run(&["-h"]).stdout).contains("-nolink"));
}

#[test]
fn tcpshow_reads_what_tcpdump_printed() {
    let example = example();
    let dumped = wirescope(&["dump", "-enx", "-r", &example]);
    let mut text_file = tempfile::tempfile().expect("there is room for a file");
    text_file.write_all(&dumped.stdout).expect("the text can be written");
    text_file.rewind().expect("the text can be read");
    let cooked = Command::new(corpus::PROGRAM)
        .args(["show", "--classic", "-cooked"])
        .stdin(text_file)
        .output()
        .expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&cooked.stdout), text(&["show", "--classic", "-r", &example]));
}

#[test]
fn tcpshow_marks_what_the_capture_lacks_at_the_next_packet() {
    let corrupt = frame(17, 29, &[0, 1, 0, 2, 0, 46, 0, 0, b'A']);
    let mut arp = corrupt.clone();
    arp[12..14].copy_from_slice(&[8, 6]);
    let fine = frame(17, 29, &[0, 1, 0, 2, 0, 9, 0, 0, b'A']);
    let file = capture(&[&corrupt, &arp, &fine, &arp]);
    let path = file.path().to_string_lossy();
    let shown = text(&["show", "--classic", "-nolink", "-noip", "-terse", &path]);
    let missing = "\n\t<*** Rest of data missing from packet dump ***>\n";
    let line = "-".repeat(65);
    let not_ip = "\t<*** No decode support for non-IP protocols ***>\n";
    let expected = format!(
        "Packet 1\n\t<*** Packet length corrupt ***>\n{missing}{line}\nPacket 2\n{not_ip}{missing}{line}\n\
         Packet 3\n UDP:\tport 1 -> 2 hdr=8 data=1\nDATA:\tA\n{line}\nPacket 4\n{not_ip}"
    );
    assert_eq!(shown, expected);
}

#[test]
fn every_capture_of_the_incidents_is_shown() {
    let Some(folder) = corpus::folder("incidents") else { return };
    let entries = std::fs::read_dir(folder).expect("the incidents can be listed").flatten();
    let cases: Vec<String> = entries
        .map(|entry| entry.path().join("case.pcap"))
        .filter(|path| path.is_file())
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    assert!(!cases.is_empty());
    let outcomes =
        corpus::side_by_side(&cases, |case| (case.clone(), wirescope(&["show", "-c", "200", case])));
    for (case, output) in outcomes {
        assert!(output.status.success(), "{case}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.starts_with(b"Packet 1  "), "{case}");
    }
}
