//! The analyses through the program: on the capture that comes with the source, and on recorded incidents.

#[allow(dead_code)]
mod corpus;
#[allow(dead_code)]
mod program;

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use program::{complaint, objects, text, wirescope};
use serde_json::Value;

const ANALYSES: [&str; 6] = ["investigate", "flows", "scans", "rpc", "irc", "hosts"];

fn example() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/web-visit.pcap").to_owned()
}

/// A recorded incident, where this machine has it.
fn incident(name: &str) -> Option<String> {
    Some(corpus::folder("incidents")?.join(name).join("case.pcap").to_string_lossy().into_owned())
}

#[test]
fn every_analysis_says_what_is_wrong_with_its_input() {
    let example = example();
    for analysis in ANALYSES {
        let missing = complaint(&[analysis, "no-such.pcap"]);
        assert!(missing.contains("no-such.pcap: No such file or directory"), "{missing}");
        let missing = complaint(&[analysis, &example, "no-such.pcap"]);
        assert!(missing.contains("no-such.pcap: No such file or directory"), "{missing}");
        let other = complaint(&[analysis, concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]);
        assert!(other.contains("unknown file format") && other.contains("hint: "), "{other}");
        let filter = complaint(&[analysis, &example, "prt 80"]);
        assert!(filter.contains("did you mean: port 80"), "{filter}");
    }
}

#[test]
fn every_analysis_says_when_there_is_nothing() {
    let example = example();
    for analysis in ANALYSES {
        let nothing = text(&[analysis, "-n", &example, "host 192.0.2.254"]);
        let said = ["no ", "Nothing to report"].iter().any(|word| nothing.contains(word));
        assert!(said, "{analysis}: {nothing}");
        assert_eq!(text(&[analysis, "-n", "--json", &example, "host 192.0.2.254"]), "", "{analysis}");
    }
}

#[test]
fn the_break_in_is_told_from_the_search_to_the_shell() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/break-in.pcap");
    let findings = objects(&["investigate", "-n", "--json", example]);
    let found = |kind: &str| findings.iter().filter(|f| f["finding"] == kind).collect::<Vec<_>>();
    let [scan] = found("scan")[..] else { panic!("one scan") };
    assert_eq!(
        (scan["scanner"].as_str(), scan["shape"].as_str()),
        (Some("203.0.113.66"), Some("horizontal"))
    );
    let pushed: Vec<u64> =
        scan["data"].as_array().expect("a list").iter().filter_map(|data| data["port"].as_u64()).collect();
    assert_eq!(pushed, [111, 1524, 32775], "the scanner pushed data to one that answered");
    let [followed] = found("rpc-followup")[..] else { panic!("one call followed the portmapper's word") };
    assert_eq!((followed["program"].as_u64(), followed["client_bytes"].as_u64()), (Some(100_232), Some(448)));
    assert_eq!(found("unusual-protocol")[0]["number"], 11);
    assert_eq!(found("irc-server")[0]["channels"][0], "#shells");
    assert_eq!(found("anomaly").len(), 4, "four frames are padded with what was in memory");
    let alerts = text(&["detect", "-r", example, "-A", "fast", "-q"]);
    for words in ["{TCP} 203.0.113.66", "sadmind", "31789"] {
        assert!(alerts.contains(words), "without a rule file the rules of the program are run: {alerts}");
    }
}

#[test]
fn no_styles_reach_a_pipe() {
    for analysis in ANALYSES {
        assert!(!text(&[analysis, &example()]).contains('\u{1b}'), "{analysis}");
    }
}

#[test]
fn numbers_go_on_from_file_to_file() {
    let example = example();
    let once = objects(&["flows", "--json", &example]);
    let twice = objects(&["flows", "--json", &example, &example]);
    // A handshake makes another conversation of the same ports; a refused SYN with the same number is a retry.
    let connections = |flows: &[Value]| {
        flows.iter().filter(|flow| flow["proto"] == "tcp" && flow["verdict"] == "data").count()
    };
    assert_eq!(connections(&once), 1);
    assert_eq!(connections(&twice), 2, "the same ports again are another conversation");
    let report = text(&["investigate", "-n", &example, &example]);
    let packets = text(&["dump", "--count", "-r", &example]);
    let count: u64 = packets.split(' ').next().and_then(|n| n.parse().ok()).expect("a count");
    assert!(report.contains(&format!("numbers 1 to {count}\n")), "{report}");
    assert!(report.contains(&format!("numbers {} to {}\n", count + 1, count * 2)), "{report}");
}

#[test]
fn a_conversation_is_followed_as_text_digits_and_bytes() {
    let example = example();
    let flows = objects(&["flows", "--json", &example, "tcp"]);
    let number = flows[0]["number"].as_u64().expect("a number").to_string();
    let follow = |form: &str| text(&["flows", &example, "tcp", "--follow", &number, "--as", form]);
    let (lines, digits) = (follow("text"), follow("hex"));
    assert!(lines.starts_with("--- client, from packet "), "{lines}");
    assert!(lines.contains("GET /"), "{lines}");
    assert!(digits.contains("00000000  47 45 54 20"), "{digits}");
    let bytes = flows[0]["client_bytes"].as_u64().unwrap();
    let raw = wirescope(&["flows", &example, "tcp", "--follow", &number, "--as", "raw", "--from", "client"]);
    assert_eq!(raw.stdout.len() as u64, bytes);
    assert!(raw.stdout.starts_with(b"GET /"));
    let none = complaint(&["flows", &example, "--follow", "9999"]);
    assert!(none.contains("there is no conversation 9999"), "{none}");
}

#[test]
fn the_page_needs_nothing_else_and_escapes_what_it_shows() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let capture = folder.path().join("<b>&.pcap");
    std::fs::copy(example(), &capture).expect("the example can be copied");
    let page = folder.path().join("report.html");
    let (capture, page) = (capture.to_string_lossy(), page.to_string_lossy());
    assert_eq!(text(&["investigate", &capture, "--html", &page]), "");
    let page = std::fs::read_to_string(&*page).expect("the page is there");
    assert!(page.contains("&lt;b&gt;&amp;.pcap") && !page.contains("<b>"), "names are escaped");
    assert!(page.contains("<svg ") && page.trim_end().ends_with("</html>"));
    for foreign in ["<script", "src=", "href=", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn scans_tell_who_answered_and_whether_data_went() {
    let (Some(with), Some(without), Some(quiet)) =
        (incident("syn-scan-with-data"), incident("syn-scan-no-data"), incident("quiet"))
    else {
        return;
    };
    assert!(text(&["scans", "-n", &with]).contains("    data: port "));
    assert!(text(&["scans", "-n", &without]).contains("    no data was pushed to any of them\n"));
    assert_eq!(text(&["scans", "-n", &quiet]), "no scan and no flood\n");
}

#[test]
fn rpc_shows_the_map_and_who_went_where() {
    let Some(case) = incident("portmapper") else { return };
    let shown = text(&["rpc", "-n", &case]);
    assert!(shown.contains("100232 sadmind version 10 on tcp port 32775 (told by"), "{shown}");
    let kinds = objects(&["rpc", "--json", &case]);
    let has = |kind: &str| kinds.iter().any(|object| object["finding"] == kind);
    assert!(has("rpc-call") && has("rpc-service") && has("rpc-followup"));
    let Some(unasked) = incident("syn-scan-with-data") else { return };
    let shown = text(&["rpc", "-n", &unasked]);
    assert!(shown.contains("without having asked"), "{shown}");
}

#[test]
fn irc_and_hosts_tell_which_servers_a_host_used() {
    let Some(case) = incident("irc-servers") else { return };
    let servers = objects(&["irc", "--json", &case]);
    let answered = servers.iter().find(|server| server["answered"] == true).expect("one answered");
    let (host, server) = (answered["host"].as_str().unwrap(), answered["server"].as_str().unwrap());
    let port = answered["port"].as_u64().unwrap();
    assert!(
        text(&["irc", "-n", &case]).contains(&format!("{host} talked to the IRC server {server}:{port}"))
    );
    let hosts = text(&["hosts", "-n", &case, &format!("host {host}")]);
    let line = hosts.lines().find(|line| line.starts_with(&format!("  uses     tcp {port} of ")));
    assert!(line.is_some_and(|line| line.contains(server)), "{hosts}");
}

#[test]
fn investigate_puts_attacks_before_conversations() {
    let Some(case) = incident("syn-scan-with-data") else { return };
    let report = text(&["investigate", "-n", &case]);
    let attacks = report.find("\nAttacks (").expect("there are attacks");
    let conversations = report.find("\nConversations (").expect("there are conversations");
    assert!(attacks < conversations);
    assert!(report.contains("    tcpdump filter: "));
}

/// A portmapper started for a test, and ended with it.
struct Rpcbind(Child);

impl Rpcbind {
    fn start() -> Option<Rpcbind> {
        let portmapper = "127.0.0.1:111";
        if TcpStream::connect(portmapper).is_ok() {
            corpus::skipped("another portmapper runs here");
            return None;
        }
        let started = ["/usr/sbin/rpcbind", "/sbin/rpcbind"].iter().find_map(|path| {
            Command::new(path).arg("-f").stdin(Stdio::null()).stderr(Stdio::null()).spawn().ok()
        });
        let Some(child) = started else {
            corpus::skipped("rpcbind is not installed");
            return None;
        };
        let rpcbind = Rpcbind(child);
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            if TcpStream::connect(portmapper).is_ok() {
                return Some(rpcbind);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        corpus::skipped("rpcbind does not answer here; it needs to be root");
        None
    }
}

impl Drop for Rpcbind {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn rpcinfo_prints_what_rpcinfo_prints() {
    let nobody = complaint(&["rpcinfo", "-p", "127.0.0.1", "-n", "1"]);
    assert!(nobody.contains("cannot ask the portmapper at port 1: Connection refused"), "{nobody}");
    let Some(_rpcbind) = Rpcbind::start() else { return };
    let over_tcp = text(&["rpcinfo", "-p", "127.0.0.1"]);
    assert!(over_tcp.contains("\n    100000    2   tcp    111  portmapper\n"), "{over_tcp}");
    assert_eq!(text(&["rpcinfo", "-p", "127.0.0.1", "-T", "udp", "-n", "111"]), over_tcp);
    match Command::new("/usr/sbin/rpcinfo").args(["-p", "127.0.0.1"]).output() {
        Ok(theirs) => assert_eq!(String::from_utf8_lossy(&theirs.stdout), over_tcp),
        Err(_) => corpus::skipped("rpcinfo is not installed"),
    }
}
