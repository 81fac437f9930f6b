//! `wirescope dump` on real interfaces, between two network namespaces that each test makes and removes: beside the
//! installed tcpdump, and through all that can happen to a capture.

#[path = "../../capture/tests/network/mod.rs"]
mod network;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use network::{HERE, Network, THERE, must};
use serde_json::Value;

const WIRESCOPE: &str = env!("CARGO_BIN_EXE_wirescope");

/// Sends the frames that come as lines of hexadecimal digits, on the interface that is named.
const SENDER: &str = "import socket, sys\n\
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)\n\
    s.bind((sys.argv[1], 0))\n\
    for line in sys.stdin: s.send(bytes.fromhex(line))\n";

/// What there is to wait for at most.
const PATIENCE: Duration = Duration::from_secs(10);

/// A capture that runs.
struct Running {
    child: Child,
    said: String,
    stderr: BufReader<ChildStderr>,
}

impl Running {
    /// Starts a command and waits until it has said that it captures.
    fn start(mut command: Command) -> Running {
        command.stdin(Stdio::null()).stderr(Stdio::piped()).env("TZ", "UTC0");
        let mut child = command.spawn().expect("the program runs");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut said = String::new();
        while !said.contains("listening on ") {
            let length = stderr.read_line(&mut said).expect("text");
            assert!(length > 0, "the capture did not start: {said}");
        }
        Running { child, said, stderr }
    }

    fn signal(&self, name: &str) {
        let process = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &process]).status().expect("kill runs").success());
    }

    /// Waits for the end: status, standard output, and all that was said.
    fn end(mut self) -> (Option<i32>, Vec<u8>, String) {
        let mut output = Vec::new();
        if let Some(mut stdout) = self.child.stdout.take() {
            stdout.read_to_end(&mut output).expect("output");
        }
        self.stderr.read_to_string(&mut self.said).expect("text");
        let status = self.child.wait().expect("the program ends").code();
        (status, output, self.said)
    }

    /// Interrupts, and waits for the end.
    fn interrupt(self) -> (Option<i32>, Vec<u8>, String) {
        self.signal("-INT");
        self.end()
    }
}

fn dump(network: &Network, arguments: &[&str]) -> Command {
    let mut command = network.command(&network.here, WIRESCOPE);
    command.arg("dump").args(arguments).stdout(Stdio::piped());
    command
}

fn tcpdump(network: &Network, arguments: &[&str]) -> Command {
    let mut command = network.command(&network.here, "tcpdump");
    command.args(["-Z", "root"]).args(arguments).stdout(Stdio::piped());
    command
}

fn start(network: &Network, arguments: &[&str]) -> Running {
    Running::start(dump(network, arguments))
}

/// Sends frames from the other end of a cable.
fn send(network: &Network, interface: &str, frames: &[Vec<u8>]) {
    let mut command = network.command(&network.there, "python3");
    let mut sender =
        command.args(["-c", SENDER, interface]).stdin(Stdio::piped()).spawn().expect("python3 runs");
    let digits = |frame: &Vec<u8>| frame.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n";
    let text: String = frames.iter().map(digits).collect();
    sender.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("the sender reads");
    assert!(sender.wait().expect("the sender ends").success());
}

/// A folder of the test, and paths in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        Folder(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("the folder can be read").flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// Lengths and bytes of the packets in a pcap file of this machine's byte order.
fn records(path: &str) -> Vec<(u32, Vec<u8>)> {
    let bytes = fs::read(path).expect("the file can be read");
    let number = |at: usize| u32::from_ne_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let (mut records, mut at) = (Vec::new(), 24);
    while at < bytes.len() {
        let end = at + 16 + number(at + 8) as usize;
        records.push((number(at + 12), bytes[at + 16..end].to_vec()));
        at = end;
    }
    records
}

/// A frame to everybody with this type and these contents.
fn ethernet(kind: u16, contents: &[u8]) -> Vec<u8> {
    let mut frame = vec![0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1];
    frame.extend_from_slice(&kind.to_be_bytes());
    frame.extend_from_slice(contents);
    frame.resize(frame.len().max(60), 0);
    frame
}

/// An IPv4 packet. `fragment` is the field of flags and offset.
fn ipv4(protocol: u8, fragment: u16, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(20 + contents.len()).expect("a packet's length");
    let mut packet = vec![0x45, 0];
    packet.extend_from_slice(&length.to_be_bytes());
    packet.extend_from_slice(&[0x12, 0x34]);
    packet.extend_from_slice(&fragment.to_be_bytes());
    packet.extend_from_slice(&[64, protocol, 0, 0, 10, 77, 0, 2, 10, 77, 0, 1]);
    packet.extend_from_slice(contents);
    packet
}

/// A datagram from port 4000.
fn udp(port: u16, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(8 + contents.len()).expect("a datagram's length");
    let mut datagram = vec![0x0f, 0xa0];
    datagram.extend_from_slice(&port.to_be_bytes());
    datagram.extend_from_slice(&length.to_be_bytes());
    datagram.extend_from_slice(&[0, 0]);
    datagram.extend_from_slice(contents);
    datagram
}

/// A SYN to a port.
fn syn(port: u16) -> Vec<u8> {
    let [high, low] = port.to_be_bytes();
    vec![0x0f, 0xa0, high, low, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0x20, 0, 0, 0, 0, 0]
}

fn ipv6(next: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len()).expect("a packet's length");
    let mut packet = vec![0x60, 0, 0, 0];
    packet.extend_from_slice(&length.to_be_bytes());
    packet.extend_from_slice(&[next, 64]);
    for last in [2, 1] {
        packet.extend_from_slice(&[0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
    }
    packet.extend_from_slice(contents);
    packet
}

/// Contents behind a tag.
fn tagged(tag: u16, kind: u16, contents: &[u8]) -> Vec<u8> {
    [&tag.to_be_bytes()[..], &kind.to_be_bytes(), contents].concat()
}

/// Datagrams to the discard port, all different.
fn datagrams(count: u16, length: usize) -> Vec<Vec<u8>> {
    let datagram = |number: u16| {
        let mut contents = number.to_be_bytes().to_vec();
        contents.resize(length, b'x');
        ethernet(0x0800, &ipv4(17, 0, &udp(9, &contents)))
    };
    (0..count).map(datagram).collect()
}

/// Traffic of many kinds: tags once and twice, both versions of IP, fragments, jumbo frames, ARP.
fn traffic() -> Vec<Vec<u8>> {
    let arp =
        [&[0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 77, 0, 2][..], &[0; 6], &[10, 77, 0, 1]].concat();
    let dns = ipv4(17, 0, &udp(53, b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03www\0\0\x01\0\x01"));
    let one = vec![
        ethernet(0x0806, &arp),
        ethernet(0x0800, &dns),
        ethernet(0x0800, &ipv4(6, 0, &syn(80))),
        ethernet(0x0800, &ipv4(6, 0, &syn(443))),
        ethernet(0x0800, &ipv4(17, 0x2000, &udp(9, &[b'f'; 512]))),
        ethernet(0x0800, &ipv4(17, 65, &[b'g'; 200])),
        ethernet(0x0800, &ipv4(17, 0, &udp(9, &[b'j'; 8_000]))),
        ethernet(0x8100, &tagged(0x6005, 0x0800, &ipv4(6, 0, &syn(80)))),
        ethernet(0x88a8, &tagged(7, 0x8100, &tagged(8, 0x0800, &dns))),
        ethernet(0x86dd, &ipv6(6, &syn(80))),
        ethernet(0x86dd, &ipv6(17, &udp(53, &[b'6'; 40]))),
        ethernet(0x86dd, &ipv6(44, &[17, 0, 0, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8])),
        ethernet(0x9000, &[7; 100]),
    ];
    (0..5).flat_map(|_| one.clone()).collect()
}

/// Jumbo frames fit through the cable.
fn widen(network: &Network) {
    must(&["-n", &network.here, "link", "set", "cable", "mtu", "9000"]);
    must(&["-n", &network.there, "link", "set", "elbac", "mtu", "9000"]);
}

fn has_tcpdump() -> bool {
    let runs = Command::new("tcpdump").arg("--version").output().is_ok();
    if !runs {
        let on_build_server = std::env::var_os("CI").is_some_and(|value| value == "true");
        assert!(!on_build_server, "no tcpdump on the build server to compare with");
        eprintln!("SKIPPED: no tcpdump is installed to compare with");
    }
    runs
}

#[test]
fn the_same_packets_as_tcpdump_for_ten_filters() {
    const FILTERS: [&str; 10] = [
        "",
        "tcp",
        "udp port 53",
        "ip6",
        "vlan",
        "vlan 5 and tcp port 80",
        "ip[6:2] & 0x3fff != 0",
        "greater 1000",
        "arp or ether proto 0x9000",
        "host 10.77.0.2 and not port 53",
    ];
    let Some(network) = Network::make() else { return };
    if !has_tcpdump() {
        return;
    }
    widen(&network);
    let folder = Folder::new();
    let pairs: Vec<_> = (FILTERS.iter().enumerate())
        .map(|(number, filter)| {
            let (theirs, ours) =
                (folder.path(&format!("theirs{number}")), folder.path(&format!("ours{number}")));
            let with = |path: &str| ["-i", "cable", "-w", path, filter].map(str::to_owned);
            let (their_words, our_words) = (with(&theirs), with(&ours));
            let their_words: Vec<&str> = their_words.iter().map(String::as_str).collect();
            let our_words: Vec<&str> = our_words.iter().map(String::as_str).collect();
            let tcpdump = Running::start(tcpdump(&network, &their_words));
            (filter, tcpdump, start(&network, &our_words), theirs, ours)
        })
        .collect();
    send(&network, "elbac", &traffic());
    // The installed tcpdump forgets what the kernel has not handed over when it is interrupted.
    sleep(Duration::from_millis(1_200));
    for (filter, tcpdump, wirescope, theirs, ours) in pairs {
        let (_, _, their_counts) = tcpdump.interrupt();
        let (status, _, our_counts) = wirescope.interrupt();
        assert_eq!(status, Some(0), "{filter}: {our_counts}");
        let (theirs, ours) = (records(&theirs), records(&ours));
        assert!(!theirs.is_empty(), "the filter lets something pass: {filter}");
        assert!(theirs == ours, "{filter}: {} packets, {} packets", theirs.len(), ours.len());
        assert_eq!(our_counts.replace("wirescope: ", "tcpdump: "), their_counts, "{filter}");
    }
}

#[test]
fn the_same_text_as_tcpdump() {
    let Some(network) = Network::make() else { return };
    if !has_tcpdump() {
        return;
    }
    for arguments in [
        &["-n", "-t", "-i", "cable", "-c", "3", "udp"][..],
        &["-n", "-t", "-e", "-i", "any", "udp"],
        &["-n", "-t", "-v", "-i", "cable", "-s", "40", "udp"],
        &["-n", "-t", "-i", "cable", "-y", "DOCSIS", "-w", "/dev/null"],
    ] {
        let tcpdump = Running::start(tcpdump(&network, arguments));
        let wirescope = start(&network, arguments);
        send(&network, "elbac", &datagrams(3, 20));
        sleep(Duration::from_millis(1_200));
        let count_ends = arguments.contains(&"-c");
        let finish = |running: Running| if count_ends { running.end() } else { running.interrupt() };
        let (theirs, ours) = (finish(tcpdump), finish(wirescope));
        assert_eq!(String::from_utf8_lossy(&ours.1), String::from_utf8_lossy(&theirs.1), "{arguments:?}");
        assert_eq!(ours.2.replace("wirescope: ", "tcpdump: "), theirs.2, "{arguments:?}");
        assert_eq!(ours.0, theirs.0, "{arguments:?}");
    }
    // Interfaces of other kinds than network interfaces are not ours.
    let list =
        |mut command: Command| String::from_utf8(command.output().expect("it runs").stdout).expect("text");
    let theirs = list(tcpdump(&network, &["-D"]));
    let ours = list(dump(&network, &["-D"]));
    assert!(!ours.is_empty() && theirs.starts_with(&ours), "{theirs}{ours}");
}

#[test]
fn signals_tell_the_counts_and_end_the_capture() {
    let Some(network) = Network::make() else { return };
    for name in ["-INT", "-TERM", "-HUP"] {
        let mut running = start(&network, &["-n", "-i", "cable", "udp"]);
        send(&network, "elbac", &datagrams(2, 20));
        sleep(Duration::from_millis(300));
        running.signal("-USR1");
        let mut line = String::new();
        running.stderr.read_line(&mut line).expect("a line");
        assert_eq!(
            line,
            "wirescope: 2 packets captured, 2 packets received by filter, 0 packets dropped by kernel\n"
        );
        // What the kernel has not handed over yet is still printed.
        send(&network, "elbac", &datagrams(1, 20));
        running.signal(name);
        let (status, output, said) = running.end();
        assert_eq!(status, Some(0), "{name}");
        assert_eq!(output.iter().filter(|byte| **byte == b'\n').count(), 4, "three packets and a line end");
        assert!(
            said.ends_with(
                "\n3 packets captured\n3 packets received by filter\n0 packets dropped by kernel\n"
            ),
            "{said}"
        );
    }
}

#[test]
fn what_was_captured_before_a_second_survives_being_killed() {
    let Some(network) = Network::make() else { return };
    let folder = Folder::new();
    let path = folder.path("out.pcap");
    let running = start(&network, &["-n", "-i", "cable", "-w", &path]);
    send(&network, "elbac", &datagrams(50, 100));
    sleep(Duration::from_millis(1_500));
    running.signal("-KILL");
    running.end();
    assert_eq!(records(&path).len(), 50);
}

#[test]
fn files_turn_by_the_clock_though_nothing_arrives() {
    let Some(network) = Network::make() else { return };
    let folder = Folder::new();
    let (handler, template) = (folder.path("handler"), folder.path("out-%s.pcap"));
    fs::write(&handler, "#!/bin/sh\nmv \"$1\" \"$1.done\"\n").expect("a script can be written");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&handler, mode).expect("a script can be made executable");
    // A folder of root's, in which the user that is dropped to may not write.
    let arguments = [
        "-i",
        "cable",
        "-w",
        &template,
        "-G",
        "2",
        "-C",
        "1",
        "-z",
        &handler,
        "-Z",
        "nobody",
        "--duration",
        "5",
    ];
    let (status, _, said) = start(&network, &arguments).end();
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("dropped privs to nobody\n"), "{said}");
    let start = Instant::now();
    let done = |names: &[String]| names.iter().filter(|name| name.ends_with(".done")).count();
    while done(&folder.names()) < 2 && start.elapsed() < PATIENCE {
        sleep(Duration::from_millis(20));
    }
    let names = folder.names();
    let times: Vec<u64> = (names.iter())
        .filter_map(|name| name.strip_prefix("out-")?.split('.').next()?.parse().ok())
        .collect();
    assert!(times.len() == 3 || times.len() == 4, "five seconds touch three or four periods: {names:?}");
    assert!(times[1..].iter().all(|time| time % 2 == 0), "turns come at even seconds: {names:?}");
    assert_eq!(done(&names), times.len() - 1, "all but the last are handed to the command: {names:?}{said}");
}

#[test]
fn a_count_of_periods_ends_the_capture() {
    let Some(network) = Network::make() else { return };
    let folder = Folder::new();
    let begun = Instant::now();
    let running = start(&network, &["-i", "cable", "-w", &folder.path("%s"), "-G", "1", "-W", "2"]);
    let (status, _, said) = running.end();
    assert_eq!(status, Some(0));
    assert!(said.contains("\nMaximum file limit reached: 2\n0 packets captured\n"), "{said}");
    assert_eq!(folder.names().len(), 2);
    assert!(begun.elapsed() < PATIENCE);
}

#[test]
fn a_full_disk_is_said_and_whole_packets_are_kept() {
    let Some(network) = Network::make() else { return };
    let folder = Folder::new();
    let (small, kept) = (folder.path("small"), folder.path("kept"));
    fs::create_dir(&small).expect("a folder can be made");
    for name in ["out.pcap", "out.pcapng"] {
        // The mount is in a namespace of its own, which ends with the shell.
        let script = format!(
            "mount -t tmpfs -o size=64k none {small} && \
             {WIRESCOPE} dump -i cable -w {small}/{name} --duration 4; echo status $?; cp {small}/{name} {kept}"
        );
        let mut command = network.command(&network.here, "sh");
        command.args(["-c", &script]).stdout(Stdio::piped());
        let running = Running::start(command);
        send(&network, "elbac", &datagrams(300, 1_000));
        let (_, output, said) = running.end();
        assert_eq!(output, b"status 1\n", "{said}");
        assert!(
            said.contains(&format!("{small}/{name}: Can't write to file: No space left on device\n")),
            "{said}"
        );
        assert!(said.contains(" packets received by filter\n") && said.contains("\nhint: "), "{said}");
        let read = Command::new(WIRESCOPE).args(["dump", "--count", "-r", &kept]).output().expect("it runs");
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        let count = String::from_utf8_lossy(&read.stdout).into_owned();
        let count: u32 = count.split(' ').next().unwrap_or_default().parse().expect("a number");
        assert!((55..65).contains(&count), "as many as there is room for: {count}");
    }
}

#[test]
fn an_interface_may_go_down_but_not_away() {
    let Some(network) = Network::make() else { return };
    network.cable("brief", "feirb", "10.80.0.1", "10.80.0.2");
    let running = start(&network, &["-n", "-t", "-i", "brief", "udp"]);
    must(&["-n", &network.here, "link", "set", "brief", "down"]);
    sleep(Duration::from_millis(100));
    must(&["-n", &network.here, "link", "set", "brief", "up"]);
    send(&network, "feirb", &datagrams(2, 20));
    sleep(Duration::from_millis(400));
    must(&["-n", &network.here, "link", "del", "brief"]);
    let (status, output, said) = running.end();
    assert_eq!(status, Some(1), "{said}");
    assert_eq!(String::from_utf8_lossy(&output).lines().count(), 2);
    assert!(said.contains("wirescope: pcap_loop: The interface disappeared\n2 packets captured\n"), "{said}");
}

#[test]
fn a_reader_that_stops_costs_packets_that_are_counted() {
    let Some(network) = Network::make() else { return };
    let mut running = start(&network, &["-n", "-i", "cable", "-B", "1", "-x", "udp"]);
    // Nobody reads: the pipe fills, then the ring, and then packets are lost.
    send(&network, "elbac", &datagrams(3_000, 1_400));
    let mut stdout = running.child.stdout.take().expect("a pipe");
    let reader = std::thread::spawn(move || {
        let mut output = Vec::new();
        stdout.read_to_end(&mut output).map(|_| output)
    });
    sleep(Duration::from_millis(600));
    let (status, _, said) = running.interrupt();
    let output = reader.join().expect("the reader ends").expect("output");
    assert_eq!(status, Some(0));
    let count = |what: &str| -> u64 {
        let line = said.lines().find(|line| line.ends_with(what)).unwrap_or_else(|| panic!("{said}"));
        line.split(' ').next().unwrap_or_default().parse().expect("a number")
    };
    let (captured, dropped) = (count(" captured"), count(" dropped by kernel"));
    assert_eq!(count(" received by filter"), 3_000);
    assert_eq!(captured + dropped, 3_000, "every packet is accounted for: {said}");
    assert!(dropped > 0, "{said}");
    let shown = String::from_utf8_lossy(&output).matches(": UDP, length 1400").count() as u64;
    assert_eq!(shown, captured);
}

#[test]
fn a_reader_that_stops_for_good_can_be_left() {
    let Some(network) = Network::make() else { return };
    let running = start(&network, &["-n", "-i", "cable", "-xx", "udp"]);
    send(&network, "elbac", &datagrams(1_000, 1_400));
    sleep(Duration::from_millis(600));
    running.signal("-INT");
    sleep(Duration::from_millis(100));
    running.signal("-INT");
    let mut running = running;
    assert_eq!(running.child.wait().expect("the program ends").code(), Some(130));
}

#[test]
fn a_reader_that_has_gone_ends_the_capture_quietly() {
    let Some(network) = Network::make() else { return };
    let mut running = start(&network, &["-n", "-l", "-i", "cable", "udp"]);
    drop(running.child.stdout.take());
    send(&network, "elbac", &datagrams(5, 20));
    let before = running.said.len();
    let (status, _, said) = running.end();
    assert_eq!((status, &said[before..]), (Some(141), ""));
}

#[test]
fn a_command_is_captured_for_and_its_status_passed_on() {
    let Some(network) = Network::make() else { return };
    let folder = Folder::new();
    let path = folder.path("out.pcap");
    let script = format!(
        "import socket, sys; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('{THERE}', 9)); sys.exit(7)"
    );
    let arguments = ["-i", "cable", "-w", &path, "udp port 9", "--", "python3", "-c", &script];
    let (status, _, said) = start(&network, &arguments).end();
    assert_eq!(status, Some(7), "{said}");
    assert_eq!(records(&path).len(), 1, "{said}");
    let output = dump(&network, &["-i", "cable", "--", "no-such-command"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("no-such-command: No such file or directory\nhint: "), "{said}");
}

#[test]
fn rights_are_given_up_once_all_is_open() {
    let Some(network) = Network::make() else { return };
    let status_of = |running: &Running, field: &str| {
        let path = format!("/proc/{}/status", running.child.id());
        let text = fs::read_to_string(path).expect("the process is there");
        let line = text.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default().to_owned();
        line.split_whitespace().next().unwrap_or_default().to_owned()
    };
    for (more, user) in [(&[][..], "0"), (&["-Z", "nobody"], "65534")] {
        let running = start(&network, &[&["-n", "-i", "cable", "--status", "udp"], more].concat());
        for field in ["CapEff:", "CapPrm:", "CapInh:", "CapAmb:"] {
            assert_eq!(u64::from_str_radix(&status_of(&running, field), 16), Ok(0), "{field}");
        }
        assert_eq!(status_of(&running, "Uid:"), user);
        assert_eq!(status_of(&running, "NoNewPrivs:"), "1");
        assert_eq!(status_of(&running, "Seccomp:"), "2");
        send(&network, "elbac", &datagrams(2, 20));
        let (status, _, said) = running.interrupt();
        assert_eq!(status, Some(0));
        assert!(
            said.contains("\ncapabilities: none\nfiles: can be opened for reading beneath nothing"),
            "{said}"
        );
        assert!(said.contains("\n2 packets captured\n"), "{said}");
    }
    let running = start(&network, &["-n", "-i", "cable", "--no-sandbox"]);
    assert_eq!(status_of(&running, "Seccomp:"), "0");
    running.interrupt();
}

#[test]
fn whoever_ran_sudo_owns_what_is_written() {
    let Some(network) = Network::make() else { return };
    let folder = Folder::new();
    let path = folder.path("out.pcap");
    let mut command = dump(&network, &["-i", "cable", "-w", &path, "-C", "1k"]);
    command.env("SUDO_USER", "nobody");
    let running = Running::start(command);
    send(&network, "elbac", &datagrams(10, 500));
    let (status, _, said) = running.interrupt();
    assert_eq!(status, Some(0), "{said}");
    let owner = |name: &str| {
        let file = fs::metadata(folder.0.path().join(name)).expect("the file is there");
        std::os::unix::fs::MetadataExt::uid(&file)
    };
    let names = folder.names();
    assert!(names.len() > 2 && names.iter().all(|name| owner(name) == 65_534), "{names:?}");
}

#[test]
fn without_rights_both_remedies_are_named() {
    let Some(network) = Network::make() else { return };
    let mut command = network.command(&network.here, "setpriv");
    command.args(["--bounding-set=-net_raw,-net_admin", "--inh-caps=-all", WIRESCOPE, "dump", "-i", "cable"]);
    let Output { status, stderr, .. } = command.output().expect("setpriv runs");
    let said = String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(
        said.starts_with(
            "wirescope: cable: You don't have permission to perform this capture on that device\n\
             (socket: Operation not permitted)\n"
        ),
        "{said}"
    );
    let program = Path::new(WIRESCOPE).canonicalize().expect("the program is there");
    let setcap = format!("sudo setcap cap_net_raw,cap_net_admin=ep {}\n", program.display());
    assert!(said.contains("sudo wirescope dump ...\n") && said.contains(&setcap), "{said}");
}

#[test]
fn several_interfaces_are_told_apart() {
    let Some(network) = Network::make() else { return };
    network.cable("second", "dnoces", "10.79.0.1", "10.79.0.2");
    let folder = Folder::new();
    let path = folder.path("out.pcapng");
    let arguments =
        ["-n", "-t", "-i", "cable", "-i", "second", "-w", &path, "--print", "-l", "--stats-json", "udp"];
    let running = start(&network, &arguments);
    send(&network, "elbac", &datagrams(1, 20));
    sleep(Duration::from_millis(400));
    send(&network, "dnoces", &datagrams(1, 20));
    sleep(Duration::from_millis(400));
    let (status, output, said) = running.interrupt();
    assert_eq!(status, Some(0));
    assert_eq!(
        String::from_utf8_lossy(&output),
        "cable IP 10.77.0.2.4000 > 10.77.0.1.9: UDP, length 20\n\
         second IP 10.77.0.2.4000 > 10.77.0.1.9: UDP, length 20\n"
    );
    let counts: Value = serde_json::from_str(said.lines().last().unwrap_or_default()).expect("an object");
    assert_eq!((&counts["packets_captured"], &counts["packets_dropped_by_kernel"]), (&2.into(), &0.into()));
    let bytes = fs::read(&path).expect("the file is there");
    for name in ["cable", "second"] {
        assert!(bytes.windows(name.len()).any(|part| part == name.as_bytes()), "{name} has its block");
    }
}

#[test]
fn show_shows_each_packet_when_it_comes() {
    let Some(network) = Network::make() else { return };
    let folder = Folder::new();
    let path = folder.path("shown");
    let mut command = network.command(&network.here, WIRESCOPE);
    command
        .args(["show", "-n", "-i", "cable", "udp"])
        .stdout(fs::File::create(&path).expect("there is room"));
    let running = Running::start(command);
    send(&network, "elbac", &datagrams(1, 20));
    sleep(Duration::from_millis(800));
    let shown = fs::read_to_string(&path).expect("the file is there");
    assert!(shown.starts_with("Packet 1") && shown.contains("udp"), "{shown}");
    let (status, _, said) = running.interrupt();
    assert_eq!(status, Some(0), "{said}");
}

/// The page is made when the rights to open files have been given up.
#[test]
fn an_investigation_of_an_interface_writes_its_page() {
    let Some(network) = Network::make() else { return };
    let folder = Folder::new();
    let path = folder.path("report.html");
    let mut command = network.command(&network.here, WIRESCOPE);
    command.args(["investigate", "-i", "cable", "-c", "3", "--html", &path]).stdout(Stdio::piped());
    let running = Running::start(command);
    send(&network, "elbac", &datagrams(3, 20));
    let (status, _, said) = running.end();
    assert_eq!(status, Some(0), "{said}");
    let page = fs::read_to_string(&path).expect("the page is there");
    assert!(page.contains(HERE) && page.trim_end().ends_with("</html>"), "{page}");
}

#[test]
fn analyses_take_interfaces_too() {
    let Some(network) = Network::make() else { return };
    for limit in [&["-c", "3"][..], &["--duration", "2"], &[]] {
        let mut command = network.command(&network.here, WIRESCOPE);
        command.args(["flows", "-n", "--json", "-i", "cable"]).args(limit).arg("udp").stdout(Stdio::piped());
        let running = Running::start(command);
        send(&network, "elbac", &datagrams(3, 20));
        let (status, output, said) = if limit.is_empty() { running.interrupt() } else { running.end() };
        assert_eq!(status, Some(0), "{said}");
        let text = String::from_utf8(output).expect("text");
        let flow: Value = serde_json::from_str(text.trim()).expect("one object");
        assert!(text.contains(HERE) && flow.is_object(), "{text}");
        assert!(said.contains("3 packets captured\n"), "{said}");
    }
}
