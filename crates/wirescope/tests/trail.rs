//! `wirescope record` and `wirescope recall`: what is recorded is found again, with little reading; what was done to a
//! trail is noticed; what a crash, a full disk or a second recorder does to it is bounded.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The first second of the made-up captures.
const START: u32 = 1_700_000_000;

fn wirescope() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirescope"));
    command.env("TZ", "UTC0");
    command
}

fn run(arguments: &[&str]) -> Output {
    wirescope().args(arguments).output().expect("the program runs")
}

/// Standard output and standard error of a run that succeeds.
fn good(arguments: &[&str]) -> (String, String) {
    let output = run(arguments);
    let texts = texts(&output);
    assert!(output.status.success(), "{arguments:?}: {}{}", texts.0, texts.1);
    texts
}

fn texts(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

fn example() -> String {
    format!("{}/../../examples/web-visit.pcap", env!("CARGO_MANIFEST_DIR"))
}

/// A capture file, packet by packet.
struct Capture(Vec<u8>);

impl Capture {
    fn new() -> Capture {
        let mut bytes = 0xa1b2_c3d4_u32.to_le_bytes().to_vec();
        bytes.extend([2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0]);
        Capture(bytes)
    }

    /// A UDP datagram from a host of 10.0.0.0/8 to 10.0.0.1 port 9, whose bytes do not compress.
    fn datagram(&mut self, second: u32, host: u32, payload: usize, noise: &mut u64) {
        let length = payload + 28;
        let mut packet = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0];
        packet.extend((length as u16).to_be_bytes());
        packet.extend([0, 0, 0, 0, 64, 17, 0, 0]);
        packet.extend((0x0a00_0000 | host).to_be_bytes());
        packet.extend([10, 0, 0, 1, 0x10, 0, 0, 9]);
        packet.extend(((payload + 8) as u16).to_be_bytes());
        packet.extend([0, 0]);
        while packet.len() < length + 14 {
            *noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            packet.extend((*noise >> 16).to_be_bytes().iter().skip(2));
        }
        packet.truncate(length + 14);
        for number in [START + second, 0, packet.len() as u32, packet.len() as u32] {
            self.0.extend(number.to_le_bytes());
        }
        self.0.extend(packet);
    }

    /// Datagrams of so many bytes, one a second, from hosts that take turns.
    fn steady(packets: u32, payload: usize) -> Capture {
        let (mut capture, mut noise) = (Capture::new(), 7);
        for second in 0..packets {
            capture.datagram(second, 256 + second % 50, payload, &mut noise);
        }
        capture
    }

    fn write(&self, path: &Path) -> String {
        fs::write(path, &self.0).expect("a capture can be written");
        path.to_string_lossy().into_owned()
    }
}

/// A folder for a test, and the trail in it.
fn scratch() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let trail = folder.path().join("trail").to_string_lossy().into_owned();
    (folder, trail)
}

/// A trail of several segments of a mebibyte, from a capture of datagrams that do not compress.
fn segmented() -> (tempfile::TempDir, String) {
    let (folder, trail) = scratch();
    let capture = Capture::steady(9_000, 1_000).write(&folder.path().join("in.pcap"));
    good(&["record", "-r", &capture, "--dir", &trail, "--segment-size", "1MB"]);
    (folder, trail)
}

fn files(trail: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(trail).expect("the trail is there").flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    files.sort();
    files
}

fn packets(text: &str) -> usize {
    text.lines().count()
}

#[test]
fn what_was_recorded_is_recalled_as_dump_prints_it() {
    let (folder, trail) = scratch();
    let (_, said) = good(&["record", "-r", &example(), "--dir", &trail]);
    assert!(said.contains("14 packets recorded"), "{said}");
    for filter in ["", "tcp port 80", "host 192.0.2.53", "tcp[13] == 18", "not udp"] {
        let (expected, _) = good(&["dump", "-nnvv", "-r", &example(), filter]);
        let (found, said) = good(&["recall", "--dir", &trail, "-nnvv", filter]);
        assert_eq!(found, expected, "{filter}");
        assert!(
            said.contains(&format!(
                "{} packet",
                packets(&good(&["dump", "-nn", "-r", &example(), filter]).0)
            ))
        );
    }
    let out = folder.path().join("out.pcapng").to_string_lossy().into_owned();
    good(&["recall", "--dir", &trail, "-w", &out, "udp"]);
    assert_eq!(good(&["dump", "-nn", "-r", &out]).0, good(&["dump", "-nn", "-r", &example(), "udp"]).0);
    let json = good(&["recall", "--dir", &trail, "--json", "-n", "-c", "1"]).0;
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
    // Nothing is entered where a capture is not there or the filter is wrong.
    for wrong in [&["-r", "missing.pcap"][..], &["prt", "80"]] {
        let nowhere = format!("{trail}-nowhere");
        let output = run(&[&["record", "-r", &example(), "--dir", &nowhere], wrong].concat());
        assert!(!output.status.success() && !Path::new(&nowhere).exists(), "{wrong:?}");
    }
    // A segment is a capture like any other.
    let segment = files(&trail, ".pcapng.zst").remove(0).to_string_lossy().into_owned();
    assert_eq!(good(&["dump", "-nn", "-r", &segment]).0, good(&["dump", "-nn", "-r", &example()]).0);
}

#[test]
fn a_filter_of_the_recorder_and_a_period_of_the_recall_choose() {
    let (folder, trail) = scratch();
    let capture = Capture::steady(600, 20).write(&folder.path().join("in.pcap"));
    good(&["record", "-r", &capture, "--dir", &trail, "not host 10.0.1.0"]);
    let count = |from: &str, to: &str| {
        packets(&good(&["recall", "--dir", &trail, "--from", from, "--to", to, "-nn"]).0)
    };
    assert_eq!(packets(&good(&["recall", "--dir", &trail, "-nn"]).0), 588);
    assert_eq!(count("1700000060", "1700000070.5"), 11);
    assert_eq!(count("2023-11-14 22:14", "2023-11-14T22:14:10Z"), 10);
    assert_eq!(count("2023-11-14", "now"), 588);
    let output = run(&["recall", "--dir", &trail, "--from", "-1h", "host", "10.0.1.3"]);
    let (found, said) = texts(&output);
    assert!(output.status.success() && found.is_empty(), "{found}");
    assert!(said.contains("no packets of that time that pass the filter"), "{said}");
    assert!(said.contains("hint: the trail has packets from 2023-11-14 22:13:21"), "{said}");
    assert!(said.contains("1 of 1 segments skipped"), "{said}");
    for (arguments, expected) in [
        (&["--from", "noon"][..], "hint: a moment is"),
        (&["--from", "now", "--to", "-1h"], "is not before"),
        (&["prt 80"], "syntax error"),
    ] {
        let output = run(&[&["recall", "--dir", &trail], arguments].concat());
        assert!(!output.status.success() && texts(&output).1.contains(expected), "{arguments:?}");
    }
}

#[test]
fn a_recall_of_one_hosts_minute_reads_less_than_a_twentieth() {
    let (_folder, trail) = scratch();
    // An hour with 40 packets a second; the host that is asked for speaks all the time, in each minute a few words.
    let (mut capture, mut noise) = (Capture::new(), 7);
    for second in 0..3_600 {
        for turn in 0..40 {
            let host = if second % 60 == 7 && turn == 0 { 99 } else { 256 + turn * 7 % 200 };
            capture.datagram(second, host, 1_000, &mut noise);
        }
    }
    let mut recorder = wirescope()
        .args(["record", "-r", "-", "--dir", &trail, "--segment-size", "16MB"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    recorder.stdin.take().unwrap().write_all(&capture.0).unwrap();
    assert!(recorder.wait().unwrap().success());
    let minute = ["--from", "1700001800", "--to", "1700001860"];
    let (found, said) =
        good(&[&["recall", "--dir", &trail, "-nn"][..], &minute, &["host 10.0.0.99"]].concat());
    assert_eq!(packets(&found), 1, "{found}");
    let share = said.split('(').nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    assert!(share.parse::<f64>().unwrap() < 5.0, "{said}");
}

#[test]
fn an_untouched_trail_is_good_and_whatever_is_done_to_it_is_noticed() {
    let (_folder, trail) = segmented();
    let (said, _) = good(&["recall", "--dir", &trail, "--verify"]);
    assert!(said.starts_with("The trail is as it was recorded."), "{said}");
    let json: serde_json::Value =
        serde_json::from_str(&good(&["recall", "--dir", &trail, "--verify", "--json"]).0).unwrap();
    assert_eq!((&json["packets"], &json["good"]), (&9_000.into(), &true.into()));
    let head = json["head"].as_str().unwrap().to_owned();
    good(&["recall", "--dir", &trail, "--verify", "--head", &head]);

    let segments = files(&trail, ".pcapng.zst");
    assert!(segments.len() > 3, "{segments:?}");
    let (one, other) = (segments[1].clone(), segments[2].clone());
    let bytes = [fs::read(&one).unwrap(), fs::read(&other).unwrap()];
    let restore = || {
        fs::write(&one, &bytes[0]).unwrap();
        fs::write(&other, &bytes[1]).unwrap();
    };
    let faults = |what: &str, kind: &str| {
        let output = run(&["recall", "--dir", &trail, "--verify", "--head", &head]);
        let (said, errors) = texts(&output);
        assert!(!output.status.success(), "{what}: {said}");
        assert!(errors.contains(&format!(": {kind}: ")), "{what}: {errors}");
        assert!(said.starts_with("The trail is not as it was recorded"), "{what}: {said}");
    };

    let mut altered = bytes[0].clone();
    altered[5_000] ^= 1;
    fs::write(&one, &altered).unwrap();
    faults("a bit is turned", "altered");
    fs::write(&one, &bytes[0][..10_000]).unwrap();
    faults("a segment is truncated", "altered");
    fs::write(&one, &bytes[1]).unwrap();
    fs::write(&other, &bytes[0]).unwrap();
    faults("two segments are exchanged", "exchanged");
    restore();
    fs::remove_file(&one).unwrap();
    faults("a segment is removed", "missing");
    restore();
    let added = Path::new(&trail).join("0000000099.pcapng.zst");
    fs::copy(&one, &added).unwrap();
    faults("a segment is added", "unknown");
    fs::remove_file(&added).unwrap();
    let index = files(&trail, ".index").remove(1);
    let index_bytes = fs::read(&index).unwrap();
    fs::write(&index, [&index_bytes[..], &[0]].concat()).unwrap();
    faults("an index is altered", "altered");
    fs::write(&index, &index_bytes).unwrap();

    let ledger = Path::new(&trail).join("ledger");
    let text = fs::read_to_string(&ledger).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let without = |gone: &[usize]| -> String {
        let kept = lines.iter().enumerate().filter(|(at, _)| !gone.contains(at));
        kept.map(|(_, line)| *line).collect()
    };
    fs::write(&ledger, without(&[2])).unwrap();
    faults("a line of the ledger is removed", "chain");
    fs::write(&ledger, text.replacen("\"packets\":", "\"packets\":1", 1)).unwrap();
    faults("a line of the ledger is altered", "chain");
    // The end of the ledger and of the trail taken away together is told by the head alone.
    let last = lines.len() - 1;
    fs::write(&ledger, without(&[last - 1, last])).unwrap();
    let last_segment = segments.last().unwrap();
    fs::remove_file(last_segment).unwrap();
    faults("the end is taken away", "head");
}

#[test]
fn a_damaged_block_is_left_out_and_the_rest_is_recalled() {
    let (_folder, trail) = segmented();
    let segment = files(&trail, ".pcapng.zst").remove(1);
    let mut bytes = fs::read(&segment).unwrap();
    bytes[5_000] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let output = run(&["recall", "--dir", &trail, "-nn"]);
    let (found, said) = texts(&output);
    assert!(!output.status.success());
    assert!(packets(&found) > 5_000 && packets(&found) < 9_000, "{}", packets(&found));
    assert!(said.contains("a block is damaged and left out") && said.contains("--verify"), "{said}");
    // Without its index a segment is read through, and the packets are the same.
    let index = files(&trail, ".index").remove(2);
    fs::remove_file(index).unwrap();
    assert_eq!(texts(&run(&["recall", "--dir", &trail, "-nn"])).0, found);
}

#[test]
fn the_oldest_segments_make_room_and_that_is_no_tampering() {
    let (folder, trail) = scratch();
    let capture = Capture::steady(9_000, 1_000).write(&folder.path().join("in.pcap"));
    let (_, said) =
        good(&["record", "-r", &capture, "--dir", &trail, "--keep", "4MB", "--segment-size", "1MB"]);
    assert!(said.contains(" retired"), "{said}");
    let total: u64 = files(&trail, "").iter().map(|path| fs::metadata(path).unwrap().len()).sum();
    assert!(total <= 4 << 20, "{total}");
    let (said, _) = good(&["recall", "--dir", &trail, "--verify"]);
    assert!(said.contains("retired ") && said.starts_with("The trail is as it was recorded."), "{said}");
    let found = good(&["recall", "--dir", &trail, "-nn", "-tt"]).0;
    // The newest are there.
    assert!(found.lines().last().unwrap().starts_with("1700008999."), "{found}");
    for wrong in ["7", "12x", "0GB"] {
        let output = run(&["record", "-r", &capture, "--dir", &trail, "--keep", wrong]);
        assert!(!output.status.success() && texts(&output).1.contains("neither a size"), "{wrong}");
    }
}

/// A recorder that reads what is written to it, and has been given this.
fn recorder(trail: &str, capture: &[u8]) -> Child {
    let mut recorder = wirescope()
        .args(["record", "-r", "-", "--dir", trail, "--segment-size", "5MB"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    recorder.stdin.as_mut().unwrap().write_all(capture).unwrap();
    recorder
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(20), "still not: {what}");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_killed_recorder_loses_only_what_it_had_not_written() {
    let (_folder, trail) = scratch();
    let capture = Capture::steady(9_000, 1_000);
    let mut killed = recorder(&trail, &capture.0);
    // Four blocks of 2 MiB are full; the third one has sealed a segment.
    let tail = Path::new(&trail).join("0000000002.part");
    wait_until("the second segment is begun", || {
        fs::metadata(&tail).is_ok_and(|file| file.len() > 1_900_000)
    });
    killed.kill().unwrap();
    killed.wait().unwrap();
    // As it is left, what is whole can be recalled already.
    let before = packets(&good(&["recall", "--dir", &trail, "-nn"]).0);
    // And the machine may have gone down in the middle of a write.
    let mut bytes = fs::read(&tail).unwrap();
    bytes.extend(&bytes.clone()[..70_000]);
    fs::write(&tail, bytes).unwrap();
    let (_, said) = good(&["record", "-r", &example(), "--dir", &trail]);
    assert!(said.contains("the last recorder was interrupted"), "{said}");
    assert!(said.contains("70000 bytes behind them were not whole"), "{said}");
    let after = packets(&good(&["recall", "--dir", &trail, "-nn"]).0);
    assert_eq!(after, before + 14);
    assert!(before > 7_500, "{before}");
    let (said, _) = good(&["recall", "--dir", &trail, "--verify"]);
    assert!(said.contains("recovered 1 segment of recorders"), "{said}");
}

#[test]
fn a_second_recorder_is_refused() {
    let (folder, trail) = scratch();
    let mut first = recorder(&trail, &Capture::steady(3, 20).0);
    wait_until("the first one records", || Path::new(&trail).join("ledger").exists());
    let output = run(&["record", "-r", &example(), "--dir", &trail]);
    let (_, said) = texts(&output);
    assert!(!output.status.success() && said.contains("another recorder is writing to this trail"), "{said}");
    assert!(said.contains("hint: "), "{said}");
    drop(first.stdin.take());
    assert!(first.wait().unwrap().success());
    good(&["record", "-r", &example(), "--dir", &trail]);
    // A folder with other things in it is not taken for a trail.
    let other = folder.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("notes.txt"), "mine").unwrap();
    let output = run(&["record", "-r", &example(), "--dir", &other.to_string_lossy()]);
    assert!(!output.status.success() && texts(&output).1.contains("in use for something else"));
}

#[test]
fn what_is_recorded_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, trail) = scratch();
    good(&["record", "-r", &example(), "--dir", &trail]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(Path::new(&trail)), 0o700);
    for file in files(&trail, "") {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

/// Runs a script as root with things that only it may do; `None` where that cannot be, which is said loudly.
fn as_root(what: &str, script: &str, arguments: &[&str]) -> Option<Output> {
    let possible = Command::new("unshare").args(["--mount", "--net", "true"]).output();
    if !possible.as_ref().is_ok_and(|output| output.status.success()) {
        let on_build_server = std::env::var_os("CI").is_some_and(|value| value == "true");
        assert!(!on_build_server, "no namespaces on the build server: {possible:?}");
        eprintln!("SKIPPED: {what} is not tested, since namespaces cannot be made here");
        return None;
    }
    let output = Command::new("unshare")
        .args(["--mount", "--net", "sh", "-ec", script, "sh", env!("CARGO_BIN_EXE_wirescope")])
        .args(arguments)
        .env("TZ", "UTC0")
        .env_remove("SUDO_USER")
        .output();
    Some(output.expect("unshare runs"))
}

#[test]
fn a_full_disk_is_told_and_leaves_the_sealed_segments_whole() {
    let folder = tempfile::tempdir().unwrap();
    let capture = Capture::steady(9_000, 1_000).write(&folder.path().join("in.pcap"));
    let disk = folder.path().join("disk").to_string_lossy().into_owned();
    fs::create_dir(&disk).unwrap();
    let script = r#"
        mount -t tmpfs -o size=6m tmpfs "$3"
        "$1" record -r "$2" --dir "$3/trail" --segment-size 2MB && exit 9
        "$1" recall --dir "$3/trail" --verify
        "$1" record -r "$2" --dir "$3/kept" --segment-size 1MB --keep 1MB && exit 9
        rm "$3"/trail/*.part "$3"/kept -rf
        "$1" record -r "$2" --dir "$3/trail" --segment-size 1MB --keep 4MB
        "$1" recall --dir "$3/trail" --verify"#;
    let Some(output) = as_root("a full disk", script, &[&capture, &disk]) else { return };
    let (said, errors) = texts(&output);
    assert!(output.status.success(), "{said}{errors}");
    assert!(errors.contains("No space left on device"), "{errors}");
    assert!(errors.contains("hint: --keep SIZE"), "{errors}");
    assert_eq!(said.matches("The trail is as it was recorded.").count(), 2, "{said}");
}

/// A cable that leads nowhere, datagrams on it, and a recorder of it, which is given the program, a trail and more.
const CABLE: &str = r#"
    ip link set lo up
    echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
    ip link add cable type veth peer name elbac
    ip address add 10.78.0.1/24 dev cable
    ip link set cable up
    ip link set elbac up
    ip neighbour add 10.78.0.2 lladdr 02:00:00:00:00:02 dev cable
    send() { for number in $(seq "$1"); do echo "datagram $number" > /dev/udp/10.78.0.2/"$2"; done; }
    recorder() {
        "$1" record -i cable --dir "$2" "${@:3}" 2> "$2.said" &
        recorder=$!
        for turn in $(seq 100); do grep -q recording "$2.said" && break; sleep 0.05; done
    }"#;

/// Runs a script that begins with [`CABLE`]; `None` where that cannot be.
fn on_a_cable(what: &str, script: &str, trail: &str) -> Option<Output> {
    // Of the shells, bash has datagrams.
    let script = format!("{CABLE}\n{script}").replace('\'', "'\\''");
    as_root(what, &format!("exec bash -ec '{script}' bash \"$@\""), &[trail])
}

/// Traffic that is recorded live, killed, recorded again, ended in order.
const LIVE: &str = r#"
    recorder "$1" "$2" udp
    send 50 7001
    sleep 4
    echo "unsealed: $("$1" recall --dir "$2" -nn port 7001 | wc -l)"
    kill -9 $recorder
    wait $recorder || true
    recorder "$1" "$2" udp
    cat "$2.said"
    send 30 7002
    sleep 1.5
    kill -USR1 $recorder
    sleep 0.5
    kill -INT $recorder
    wait $recorder
    cat "$2.said"
    echo "killed: $("$1" recall --dir "$2" -nn port 7001 | wc -l)"
    echo "ended: $("$1" recall --dir "$2" -nn port 7002 | wc -l)"
    "$1" recall --dir "$2" --verify"#;

#[test]
fn a_live_recorder_survives_being_killed_and_ends_in_order() {
    let (_folder, trail) = scratch();
    let Some(output) = on_a_cable("live recording", LIVE, &trail) else { return };
    let (said, errors) = texts(&output);
    assert!(output.status.success(), "{said}{errors}");
    for expected in [
        "unsealed: 50\n",
        "the last recorder was interrupted: 50 packets",
        "killed: 50\n",
        "ended: 30\n",
        "30 packets recorded, 0 lost",
        "The trail is as it was recorded.",
        "recovered 1 segment",
    ] {
        assert!(said.contains(expected), "no {expected:?} in {said}{errors}");
    }
}

/// What comes just before the end is not waited for by anybody but the recorder; and what a time ends.
const LAST_WORDS: &str = r#"
    recorder "$1" "$2" udp
    send 200 7003
    kill -INT $recorder
    wait $recorder
    cat "$2.said"
    echo "interrupted: $("$1" recall --dir "$2" -nn port 7003 | wc -l)"
    recorder "$1" "$2" --duration 500ms udp
    send 20 7004
    wait $recorder
    echo "timed: $("$1" recall --dir "$2" -nn port 7004 | wc -l)""#;

#[test]
fn packets_just_before_the_end_are_recorded() {
    let (_folder, trail) = scratch();
    let Some(output) = on_a_cable("the end of a live recording", LAST_WORDS, &trail) else { return };
    let (said, errors) = texts(&output);
    assert!(output.status.success(), "{said}{errors}");
    for expected in [
        "200 packets captured\n200 packets received by filter\n0 packets dropped by kernel\n",
        "200 packets recorded, 0 lost",
        "interrupted: 200\n",
        "timed: 20\n",
    ] {
        assert!(said.contains(expected), "no {expected:?} in {said}{errors}");
    }
}

/// Interfaces of two link types: Ethernet, and the cooked one for all, which sees both ends of the cable.
const TWO_LINK_TYPES: &str = r#"
    recorder "$1" "$2" -i any "udp port 7005"
    send 10 7005
    send 10 7006
    kill -TERM $recorder
    wait $recorder
    echo "recorded: $("$1" recall --dir "$2" -nn | wc -l)"
    echo "wanted: $("$1" recall --dir "$2" -nn udp port 7005 | wc -l)""#;

#[test]
fn each_interface_has_a_filter_for_its_link_type() {
    let (_folder, trail) = scratch();
    let Some(output) = on_a_cable("two link types", TWO_LINK_TYPES, &trail) else { return };
    let (said, errors) = texts(&output);
    assert!(output.status.success(), "{said}{errors}");
    assert!(said.contains("recorded: 30\nwanted: 30\n"), "{said}{errors}");
}
