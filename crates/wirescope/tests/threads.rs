//! `--threads`: what several threads print is what one prints.

use std::path::Path;
use std::process::{Command, Stdio};

/// Bytes of a file header, and of a record header with the captured length at 8.
const FILE_HEADER_LEN: usize = 24;
const RECORD_HEADER_LEN: usize = 16;
/// Where the type of an Ethernet frame stands, and the last byte of an IPv4 source and destination.
const ETHER_TYPE_AT: usize = 12;
const ADDRESS_ENDS: [usize; 2] = [29, 33];

/// How often the packets of the example stand in the capture: most of a megabyte, several blocks.
const ROUNDS: usize = 700;

/// The example over and over between changing hosts, with now and then a frame that must be printed in order.
fn write_capture(path: &Path) {
    let example = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/web-visit.pcap"))
        .expect("the example can be read");
    let mut capture = example[..FILE_HEADER_LEN].to_vec();
    for round in 0..ROUNDS {
        let mut rest = &example[FILE_HEADER_LEN..];
        while !rest.is_empty() {
            let len = u32::from_le_bytes(rest[8..12].try_into().expect("four bytes")) as usize;
            let (record, after) = rest.split_at(RECORD_HEADER_LEN + len);
            rest = after;
            let start = capture.len() + RECORD_HEADER_LEN;
            capture.extend_from_slice(record);
            let frame = &mut capture[start..];
            for at in ADDRESS_ENDS {
                frame[at] = frame[at].wrapping_add((round % 100) as u8);
            }
            if round % 97 == 96 {
                // A type that nobody prints apart.
                frame[ETHER_TYPE_AT..ETHER_TYPE_AT + 2].copy_from_slice(&[0x88, 0xcc]);
            }
        }
    }
    std::fs::write(path, capture).expect("the capture can be written");
}

fn text(capture: &Path, threads: &str, options: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_wirescope"))
        .args(["dump", "--threads", threads, "-r"])
        .arg(capture)
        .args(options)
        .env("TZ", "UTC0")
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{options:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn text_is_the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let capture = folder.path().join("many.pcap");
    write_capture(&capture);
    for options in [
        &["-n"][..],
        &["-nv"],
        &["-nS"],
        &["-n", "-ttt"],
        &["-n", "-ttttt", "-#"],
        &["-nXX"],
        &["-nq"],
        &["-n", "-c", "4321", "tcp"],
    ] {
        let one = text(&capture, "1", options);
        assert!(one.len() > 100_000, "{options:?}: there is too little to tell");
        for threads in ["2", "5"] {
            assert!(text(&capture, threads, options) == one, "{options:?} differ on {threads} threads");
        }
    }
}

/// Segments of one conversation inside of registers of PIM, a tunnel: their numbers are relative to its start.
fn write_tunnelled(path: &Path) {
    let mut capture =
        vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
    let ipv4 = |protocol: u8, payload: &[u8]| {
        let length = (20 + payload.len()) as u16;
        let head = [&[0x45, 0][..], &length.to_be_bytes(), &[0, 1, 0, 0, 64, protocol, 0, 0]].concat();
        [&head, &[192, 0, 2, 1, 198, 51, 100, 2][..], payload].concat()
    };
    for number in 0..12_000_u32 {
        let sequence = (1_000 + number * 10).to_be_bytes();
        let segment = [&[4, 0, 0, 80][..], &sequence, &sequence, &[0x50, 0x10, 1, 0, 0, 0, 0, 0]].concat();
        let register = [&[0x21, 0, 0, 0, 0, 0, 0, 0][..], &ipv4(6, &segment)].concat();
        let frame = [&[2; 12][..], &[8, 0], &ipv4(103, &register)].concat();
        for field in [number, 0, frame.len() as u32, frame.len() as u32] {
            capture.extend(field.to_le_bytes());
        }
        capture.extend(frame);
    }
    std::fs::write(path, capture).expect("the capture can be written");
}

#[test]
fn what_a_tunnel_carries_is_remembered_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let capture = folder.path().join("tunnel.pcap");
    write_tunnelled(&capture);
    let one = text(&capture, "1", &["-nv"]);
    assert!(one.ends_with(b"ack 119991, win 256, length 0\n"), "numbers are relative");
    for threads in ["2", "5"] {
        assert!(text(&capture, threads, &["-nv"]) == one, "differs on {threads} threads");
    }
}

#[test]
fn a_capture_that_ends_within_a_record_is_printed_up_to_there() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let capture = folder.path().join("cut.pcap");
    write_capture(&capture);
    let bytes = std::fs::read(&capture).expect("the capture can be read");
    std::fs::write(&capture, &bytes[..bytes.len() - 7]).expect("the capture can be written");
    let run = |threads: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_wirescope"))
            .args(["dump", "-n", "--threads", threads, "-r"])
            .arg(&capture)
            .output()
            .expect("the program runs");
        (output.status.code(), output.stdout, output.stderr)
    };
    assert_eq!(run("1"), run("2"));
}
