//! Live capture on interfaces that the tests make for themselves.

mod network;

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use network::{HERE, Network, THERE, must};

/// `ip and udp dst port 9`, for Ethernet and for cooked captures of version 2, as `tcpdump -ddd` shows them.
const DISCARD_ETHERNET: &str = "11\n40 0 0 12\n21 0 8 2048\n48 0 0 23\n21 0 6 17\n40 0 0 20\n69 4 0 8191\n\
    177 0 0 14\n72 0 0 16\n21 0 1 9\n6 0 0 262144\n6 0 0 0\n";
const DISCARD_COOKED: &str = "11\n40 0 0 0\n21 0 8 2048\n48 0 0 29\n21 0 6 17\n40 0 0 26\n69 4 0 8191\n\
    177 0 0 20\n72 0 0 22\n21 0 1 9\n6 0 0 262144\n6 0 0 0\n";
/// `ether[17] == 0xcc` for cooked captures: a byte of the sender's address, for which the kernel has no word.
const ADDRESS_COOKED: &str = "4\n48 0 0 17\n21 0 1 204\n6 0 0 262144\n6 0 0 0\n";

/// Sends a frame with a VLAN tag, a prefix of priority 3 and number 5, which the receiving kernel takes off.
const SEND_TAGGED: &str = "import socket\n\
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)\n\
    s.bind(('elbac', 0))\n\
    s.send(b'\\xff' * 6 + b'\\x02\\0\\0\\0\\0\\1' + b'\\x81\\0\\x60\\5' + b'\\x08\\0' + bytes(range(46)))\n";

/// Captures and sends by the example, within a network.
impl Network {
    fn run(&self, namespace: &str, arguments: &[&str]) -> Command {
        let mut command = self.command(namespace, example());
        command.args(arguments);
        command
    }

    /// Sends datagrams to the discard port of an address.
    fn send(&self, namespace: &str, address: &str, port: u16, count: u32) {
        let (port, count) = (port.to_string(), count.to_string());
        assert!(self.run(namespace, &["send", address, &port, &count]).status().unwrap().success());
    }

    /// Starts a capture and returns when it receives.
    fn capture(&self, arguments: &[&str]) -> Capture {
        let mut command = self.run(&self.here, &["capture"]);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        Capture::wait_until_ready(command.spawn().unwrap())
    }
}

/// The example that drives the library, which is built with the tests.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let example = test.parent().and_then(|deps| deps.parent()).unwrap().join("examples/live");
    assert!(
        example.exists(),
        "build the examples too, as cargo does when no target is named: {}",
        example.display()
    );
    example
}

/// A capture that runs, and what it said until it was ready.
struct Capture {
    child: Child,
    standard_error: std::io::BufReader<std::process::ChildStderr>,
    preface: String,
}

/// One line of what a capture gives.
#[derive(Debug)]
struct Line {
    interface: u32,
    wire_len: u32,
    data: Vec<u8>,
}

struct Result {
    lines: Vec<Line>,
    /// Shown, received, dropped, dropped by the interface.
    counts: Vec<u64>,
    text: String,
}

impl Capture {
    fn wait_until_ready(mut child: Child) -> Capture {
        use std::io::BufRead;
        let mut standard_error = std::io::BufReader::new(child.stderr.take().unwrap());
        let mut preface = String::new();
        while standard_error.read_line(&mut preface).unwrap() > 0 {
            if preface.contains("ready: ") || preface.contains("error: ") {
                break;
            }
        }
        Capture { child, standard_error, preface }
    }

    fn finish(mut self) -> Result {
        use std::io::Read;
        let mut text = self.preface;
        let mut output = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut output).unwrap();
        self.standard_error.read_to_string(&mut text).unwrap();
        self.child.wait().unwrap();
        let counts = text.lines().find_map(|line| line.strip_prefix("counts: ")).unwrap_or_default();
        let counts = counts.split(' ').filter_map(|count| count.parse().ok()).collect();
        let lines = output.lines().map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let byte = |at| u8::from_str_radix(&words[3][at..at + 2], 16).unwrap();
            Line {
                interface: words[1].parse().unwrap(),
                wire_len: words[2].parse().unwrap(),
                data: (0..words[3].len()).step_by(2).map(byte).collect(),
            }
        });
        Result { lines: lines.collect(), counts, text }
    }
}

fn program_file(network: &Network, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("{}.program", network.here));
    std::fs::write(&path, text).unwrap();
    path
}

/// The number of a datagram's destination port, behind Ethernet and IPv4 headers.
fn port(data: &[u8]) -> u16 {
    u16::from_be_bytes([data[36], data[37]])
}

#[test]
fn every_datagram_is_captured_and_counted() {
    let Some(network) = Network::make() else { return };
    let program = program_file(&network, DISCARD_ETHERNET);
    for immediate in [&[][..], &["--immediate"]] {
        let fixed = ["cable", "--count", "500", "--program", program.to_str().unwrap()];
        let capture = network.capture(&[&fixed, immediate].concat());
        network.send(&network.there, HERE, 9, 500);
        network.send(&network.there, HERE, 7, 5);
        let result = capture.finish();
        assert_eq!(result.lines.len(), 500, "{}", result.text);
        assert!(result.text.contains("filter: Kernel"), "{}", result.text);
        assert!(result.text.contains("link-type EN10MB"), "{}", result.text);
        assert_eq!(result.counts, [500, 500, 0, 0]);
        for line in &result.lines {
            assert_eq!((line.interface, line.wire_len, line.data.len()), (0, 52, 52));
            assert_eq!(port(&line.data), 9);
        }
    }
}

#[test]
fn packets_without_room_are_counted() {
    let Some(network) = Network::make() else { return };
    let program = program_file(&network, DISCARD_ETHERNET);
    for immediate in [&[][..], &["--immediate"]] {
        let fixed = ["cable", "--program", program.to_str().unwrap(), "--seconds", "3"];
        let capture = network.capture(&[&fixed[..], immediate].concat());
        let signal = |name: &str| {
            let process = capture.child.id().to_string();
            assert!(Command::new("kill").args([name, &process]).status().unwrap().success());
        };
        signal("-STOP");
        // Thirteen times what there is room for.
        let sent = network.run(&network.there, &["send", HERE, "9", "20000", "1400"]).status();
        assert!(sent.unwrap().success());
        signal("-CONT");
        let result = capture.finish();
        let [shown, received, dropped, _] = result.counts[..] else { panic!("no counts: {}", result.text) };
        assert_eq!(received, 20_000, "{}", result.text);
        assert!(dropped > 0, "{}", result.text);
        assert_eq!(shown, received - dropped, "{}", result.text);
        assert_eq!(result.lines.len() as u64, shown);
    }
}

#[test]
fn no_packet_gets_in_before_the_filter() {
    let Some(network) = Network::make() else { return };
    let program = program_file(&network, DISCARD_ETHERNET);
    let mut flood = network.run(&network.there, &["send", HERE, "7", "400000"]).spawn().unwrap();
    for _ in 0..5 {
        let capture = network.capture(&["cable", "--count", "10", "--program", program.to_str().unwrap()]);
        network.send(&network.there, HERE, 9, 10);
        let result = capture.finish();
        assert_eq!(result.lines.len(), 10, "{}", result.text);
        assert!(result.lines.iter().all(|line| port(&line.data) == 9));
        assert_eq!(result.counts[1], 10, "the kernel counts only what passed: {}", result.text);
    }
    flood.kill().unwrap();
    flood.wait().unwrap();
}

#[test]
fn packets_are_cut_at_the_snapshot_length() {
    let Some(network) = Network::make() else { return };
    for immediate in [&[][..], &["--immediate"]] {
        let capture =
            network.capture(&[&["cable", "--count", "1", "--snapshot", "20"][..], immediate].concat());
        network.send(&network.there, HERE, 9, 1);
        let result = capture.finish();
        assert_eq!(
            (result.lines[0].data.len(), result.lines[0].wire_len > 20),
            (20, true),
            "{}",
            result.text
        );
    }
}

#[test]
fn any_has_a_cooked_header_that_names_the_interface() {
    let Some(network) = Network::make() else { return };
    let program = program_file(&network, DISCARD_COOKED);
    let filter = ["--program", program.to_str().unwrap()];
    for immediate in [&[][..], &["--immediate"]] {
        let capture = network.capture(&[&["any", "--count", "3"], &filter[..], immediate].concat());
        network.send(&network.there, HERE, 9, 1);
        network.send(&network.here, THERE, 9, 1);
        network.send(&network.here, "127.0.0.1", 9, 1);
        let result = capture.finish();
        assert!(result.text.contains("link-type LINUX_SLL2"), "{}", result.text);
        assert!(result.text.contains("filter: Kernel"), "{}", result.text);
        // Protocol, interface, kind of packet; the first two by the cable, the last by the loopback.
        let seen: Vec<_> =
            result.lines.iter().map(|line| (line.data[1], line.data[7], line.data[10])).collect();
        let cable = seen[0].1;
        assert_eq!(seen, [(0, cable, 0), (0, cable, 4), (0, 1, 0)], "{}", result.text);
        assert!(cable > 1);
        assert_eq!(result.lines[0].wire_len, 20 + 38);
    }
}

#[test]
fn a_filter_that_the_kernel_cannot_run_is_run_here() {
    let Some(network) = Network::make() else { return };
    let program = program_file(&network, ADDRESS_COOKED);
    must(&["-n", &network.there, "link", "set", "elbac", "address", "02:00:00:00:00:cc"]);
    let capture = network.capture(&["any", "--count", "2", "--program", program.to_str().unwrap()]);
    network.send(&network.there, HERE, 9, 2);
    network.send(&network.here, THERE, 9, 2);
    let result = capture.finish();
    assert!(result.text.contains("filter: Process"), "{}", result.text);
    assert_eq!(result.lines.len(), 2);
    assert!(result.lines.iter().all(|line| line.data[12 + 5] == 0xcc), "{:?}", result.lines);
}

#[test]
fn directions_and_the_loopback() {
    let Some(network) = Network::make() else { return };
    let program = program_file(&network, DISCARD_ETHERNET);
    let filter = ["--program", program.to_str().unwrap(), "--seconds", "2"];
    let cases: [(&str, &[&str], usize); 6] = [
        ("cable", &[], 5),
        ("cable", &["--direction", "in"], 2),
        ("cable", &["--direction", "out"], 3),
        ("lo", &[], 4),
        ("lo", &["--direction", "in"], 4),
        ("lo", &["--direction", "out"], 0),
    ];
    // Side by side, for each waits its two seconds.
    let captures: Vec<_> = cases
        .iter()
        .map(|(name, more, _)| network.capture(&[&[*name], &filter[..], more].concat()))
        .collect();
    network.send(&network.there, HERE, 9, 2);
    network.send(&network.here, THERE, 9, 3);
    network.send(&network.here, "127.0.0.1", 9, 4);
    for (capture, (name, more, expected)) in captures.into_iter().zip(cases) {
        let result = capture.finish();
        assert_eq!(result.lines.len(), expected, "{name} {more:?}: {}", result.text);
    }
}

#[test]
fn vlan_tags_are_put_back() {
    let Some(network) = Network::make() else { return };
    for immediate in [&[][..], &["--immediate"]] {
        let capture = network.capture(&[&["cable", "--count", "1"][..], immediate].concat());
        let sent = Command::new("ip")
            .args(["netns", "exec", &network.there, "python3", "-c", SEND_TAGGED])
            .status()
            .unwrap();
        let result = capture.finish();
        if !sent.success() {
            eprintln!("SKIPPED: no Python to send a tagged frame with");
            return;
        }
        let line = &result.lines[0];
        assert_eq!(line.data[..6], [0xff; 6]);
        assert_eq!(line.data[12..18], [0x81, 0, 0x60, 5, 8, 0], "{}", result.text);
        assert_eq!((line.data.len(), line.wire_len), (64, 64));
        assert_eq!(line.data[18..], (0..46).collect::<Vec<u8>>());
    }
}

#[test]
fn several_interfaces_are_told_apart() {
    let Some(network) = Network::make() else { return };
    network.cable("second", "dnoces", "10.79.0.1", "10.79.0.2");
    let program = program_file(&network, DISCARD_ETHERNET);
    let capture =
        network.capture(&["cable,second,lo", "--count", "3", "--program", program.to_str().unwrap()]);
    network.send(&network.there, HERE, 9, 1);
    network.send(&network.there, "10.79.0.1", 9, 1);
    network.send(&network.here, "127.0.0.1", 9, 1);
    let result = capture.finish();
    let mut interfaces: Vec<u32> = result.lines.iter().map(|line| line.interface).collect();
    interfaces.sort_unstable();
    assert_eq!(interfaces, [0, 1, 2], "{}", result.text);
    assert_eq!(result.counts[2], 0);
}

#[test]
fn an_interface_that_goes_down_is_waited_for_and_one_that_disappears_is_not() {
    let Some(network) = Network::make() else { return };
    for immediate in [&[][..], &["--immediate"]] {
        network.cable("brief", "feirb", "10.80.0.1", "10.80.0.2");
        let program = program_file(&network, DISCARD_ETHERNET);
        let fixed = ["brief", "--program", program.to_str().unwrap()];
        let capture = network.capture(&[&fixed[..], immediate].concat());
        must(&["-n", &network.here, "link", "set", "brief", "down"]);
        sleep(Duration::from_millis(200));
        must(&["-n", &network.here, "link", "set", "brief", "up"]);
        network.send(&network.there, "10.80.0.1", 9, 1);
        sleep(Duration::from_millis(300));
        must(&["-n", &network.here, "link", "del", "brief"]);
        let result = capture.finish();
        assert!(result.text.contains("error: The interface disappeared"), "{}", result.text);
        assert_eq!(result.lines.len(), 1, "what came before is given: {}", result.text);
    }
}

#[test]
fn what_cannot_be_captured_on_is_refused_with_libpcaps_words() {
    let Some(network) = Network::make() else { return };
    must(&[
        "link",
        "add",
        "quiet",
        "netns",
        &network.here,
        "type",
        "veth",
        "peer",
        "name",
        "teiuq",
        "netns",
        &network.there,
    ]);
    for (arguments, text) in [
        (&["nosuch0"][..], "nosuch0: No such device exists\n(No such device exists)"),
        (
            &["a-name-longer-than-any"],
            "a-name-longer-than-any: No such device exists\n(No such device exists)",
        ),
        (&["quiet"], "quiet: That device is not up"),
        (&["cable", "--link", "PPP"], "PPP is not one of the DLTs supported by this device"),
    ] {
        let result = network.capture(arguments).finish();
        assert!(result.text.contains(&format!("error: {text}\n")), "{arguments:?}: {}", result.text);
    }
    let list = network.run(&network.here, &["list"]).output().unwrap();
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    assert_eq!(
        list,
        "1.cable [Up, Running, Connected]\n\
         2.any (Pseudo-device that captures on all interfaces) [Up, Running]\n\
         3.lo [Up, Running, Loopback]\n\
         4.quiet [none, Disconnected]\n"
    );
}

#[test]
fn a_caged_process_without_rights_goes_on_capturing() {
    let Some(network) = Network::make() else { return };
    let program = program_file(&network, DISCARD_ETHERNET);
    for immediate in [&[][..], &["--immediate"]] {
        let fixed = ["cable,any", "--count", "6", "--user", "nobody", "--sandbox"];
        let capture = network.capture(&[&fixed[..], immediate].concat());
        network.send(&network.there, HERE, 9, 3);
        let result = capture.finish();
        assert!(result.text.contains("capabilities left: 0"), "{}", result.text);
        assert_eq!(result.lines.len(), 6, "{}", result.text);
        assert_eq!(result.counts.len(), 4, "statistics can still be had: {}", result.text);
    }
    let fixed = ["cable", "--count", "6", "--user", "no-such-user", "--program", program.to_str().unwrap()];
    let result = network.capture(&fixed).finish();
    assert!(result.text.contains("error: Couldn't find user 'no-such-user'"), "{}", result.text);
}
