//! What the linter says, rule by rule: on which expressions, and on which it must keep still.

use std::path::Path;

use wirescope_filter::lint::{Finding, Severity, lint, rule_names};
use wirescope_filter::names::SystemNames;
use wirescope_filter::{Options, parse};
use wirescope_wire::LinkType;

fn findings_for(expression: &str, options: &Options) -> Vec<Finding> {
    let tree = parse(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    lint(expression, &tree, options, &SystemNames)
}

fn findings(expression: &str) -> Vec<Finding> {
    findings_for(expression, &Options::new(LinkType::EN10MB))
}

/// Rule, an expression on which it fires, the text it marks, and a similar expression on which it does not.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("impossible-address", "host 192.168.1.256", "192.168.1.256", "host 192.168.1.255"),
    ("impossible-address", "net 10.300.0.0/16", "10.300.0.0/16", "net 10.30.0.0/16"),
    ("address-as-name", "host 10.0.0.1.2", "10.0.0.1.2", "host 10.0.0.12"),
    ("address-as-name", "host 10.0.0.1l", "10.0.0.1l", "host www.example.com"),
    ("odd-mask", "net 10.0.0.0 mask 255.0.255.0", "10.0.0.0 mask 255.0.255.0", "net 192.168 mask 255.255"),
    ("odd-mask", "net 0.0.0.0/0", "0.0.0.0/0", "net 10.0.0.0/8"),
    ("net-of-one-address", "net 10.1.2.0", "10.1.2.0", "net 10.1.2"),
    ("network-or-broadcast-as-host", "host 10.1.2.0", "10.1.2.0", "ip src 0.0.0.0"),
    ("network-or-broadcast-as-host", "dst host 10.1.2.255", "10.1.2.255", "net 10.1.2.0/24"),
    ("leading-zero", "host 010.1.2.3", "010.1.2.3", "host 10.1.2.3"),
    ("and-after-or", "arp or ip and port 80", "arp or ip and port 80", "arp or (ip and port 80)"),
    ("and-after-or", "arp or ip and port 80", "arp or ip and port 80", "(arp or ip) and port 80"),
    ("and-after-or", "ip or ip6 and len > 9", "ip or ip6 and len > 9", "host 10.0.0.1 or 10.0.0.2 and tcp"),
    ("not-before-list", "not port 80 or 443", "not port 80 or 443", "not (port 80 or 443)"),
    ("not-before-list", "not port 80 or 443", "not port 80 or 443", "host 10.0.0.1 and not 10.0.0.2"),
    ("not-or-not", "not port 1 or not port 2", "not port 1 or not port 2", "not port 1 and not port 2"),
    ("never-true", "tcp and udp", "tcp and udp", "tcp or udp"),
    ("never-true", "len > 5 and (arp and port 80 and tcp)", "arp and port 80", "ip and tcp port 80"),
    (
        "never-true",
        "ip src host 10.0.0.1 and ip src host 10.0.0.2",
        "ip src host 10.0.0.1 and ip src host 10.0.0.2",
        "src host 10.0.0.1 and dst host 10.0.0.2",
    ),
    ("always-true", "not tcp or not udp", "not tcp or not udp", "not tcp and not udp"),
    ("adds-nothing", "tcp or tcp port 80", "tcp port 80", "tcp and tcp port 80"),
    ("adds-nothing", "ip and not arp", "not arp", "ip and not tcp"),
    ("beyond-width", "ip[8] > 255", "ip[8] > 255", "ip[8] > 254"),
    ("beyond-width", "tcp[13] & 2 == 18", "tcp[13] & 2 == 18", "tcp[13] & 18 == 18"),
    ("beyond-width", "ip[0] & 0xf << 2 <= 60", "ip[0] & 0xf << 2 <= 60", "0xffffffff > 0"),
    ("flags-without-mask", "tcp[13] == 18", "tcp[13] == 18", "tcp[13] & 0x3f == 18"),
    ("flags-without-mask", "tcp[tcpflags] = tcp-syn", "tcp[tcpflags] = tcp-syn", "tcp[13] & 2 != 0"),
    ("ipv4-bytes", "tcp[13] & 2 != 0", "tcp[13]", "ip and tcp[13] & 2 != 0"),
    ("ipv4-bytes", "ip[8] < 10", "ip[8]", "ip[0] & 0xf != 5"),
    ("ipv4-bytes", "icmp[0] = 8", "icmp[0]", "dst net 10.0.0.0/8 and icmp[0] = 8"),
    (
        "encapsulation-shifts",
        "vlan or host 10.0.0.1",
        "host 10.0.0.1",
        "host 10.0.0.1 or (vlan and host 10.0.0.1)",
    ),
    ("encapsulation-shifts", "not vlan and ip", "ip", "ip and not vlan"),
    ("encapsulation-shifts", "vlan 10 or vlan 20", "vlan 20", "vlan && vlan 300 && ip"),
    ("encapsulation-shifts", "(arp or vlan) and port 53", "port 53", "mpls && mpls 1024 && host 192.9.200.1"),
    ("port-of-any-transport", "port 53", "port 53", "udp port 53"),
    ("port-of-any-transport", "dst port 80", "dst port 80", "tcp and dst port 80"),
    ("port-of-any-transport", "dst port 80", "dst port 80", "dst port 80 and tcp[13] & 2 != 0"),
    ("later-fragments", "udp port 53", "udp port 53", "udp"),
    ("host-in-arp", "host 10.0.0.1", "host 10.0.0.1", "ip host 10.0.0.1"),
    ("host-in-arp", "src 10.0.0.1", "src 10.0.0.1", "tcp and src 10.0.0.1"),
    ("unseen-encapsulation", "tcp port 80", "tcp port 80", "vlan and tcp port 80"),
    ("unseen-encapsulation", "ip", "ip", "len > 100"),
];

#[test]
fn each_rule_fires_where_it_should_and_only_there() {
    for (rule, expression, marked, good) in CASES {
        let found = findings(expression);
        let finding = found.iter().find(|finding| finding.rule == *rule);
        let finding = finding.unwrap_or_else(|| panic!("{rule} is silent on {expression}: {found:#?}"));
        assert_eq!(&expression[finding.span.clone()], *marked, "{rule}: {expression}");
        let wrong = findings(good).into_iter().find(|finding| finding.rule == *rule);
        assert_eq!(wrong, None, "{rule} speaks of {good}");
    }
}

#[test]
fn every_rule_has_a_case() {
    for rule in rule_names().filter(|rule| *rule != "beyond-snapshot") {
        assert!(CASES.iter().any(|case| case.0 == rule), "{rule}");
    }
}

#[test]
fn bytes_behind_the_snapshot_are_named() {
    let options = Options { snaplen: 40, ..Options::new(LinkType::EN10MB) };
    let rules = |expression| {
        findings_for(expression, &options).into_iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    assert!(rules("tcp[13] & 2 != 0").contains(&"beyond-snapshot"));
    assert!(!rules("tcp[4] & 2 != 0").contains(&"beyond-snapshot"));
}

#[test]
fn the_manuals_examples_are_not_warned_of() {
    // The manual itself says that this one is easily misread.
    let known = ["not host 10.0.0.1 and 10.0.0.2"];
    let mut examples = 0;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/filter");
    let Ok(text) = std::fs::read_to_string(folder.join("bytecode.jsonl")) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "no corpus at {}", folder.display());
        return eprintln!("SKIPPED: no filter corpus at {}", folder.display());
    };
    for line in text.lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("a line is a record");
        let expression = record["expr"].as_str().unwrap_or("");
        if record["source"] != "man" || record["dlt"] != "EN10MB" || known.contains(&expression) {
            continue;
        }
        examples += 1;
        let warnings: Vec<Finding> = findings(expression)
            .into_iter()
            .filter(|finding| finding.severity == Severity::Warning)
            .collect();
        assert_eq!(warnings, [], "{expression}");
    }
    assert!(examples > 20, "{examples}");
}

#[test]
fn advice_that_gives_a_whole_expression_compiles() {
    for (expression, advice) in [
        ("tcp[13] == 18 and host 10.0.0.1", "tcp[13] & 0x3f == 18 and host 10.0.0.1"),
        ("arp or ip and port 80", "arp or (ip and port 80)"),
        ("net 10.1.2.0", "net 10.1.2.0/24"),
    ] {
        let found = findings(expression);
        let given =
            found.iter().any(|finding| finding.advice.as_ref().is_some_and(|text| text.ends_with(advice)));
        assert!(given, "{expression}: {found:#?}");
        assert!(parse(advice).is_ok(), "{advice}");
    }
}

#[test]
fn hostile_expressions_are_looked_through_in_no_time() {
    let start = std::time::Instant::now();
    for expression in [
        "not ".repeat(20_000) + "ip",
        "(".repeat(20_000) + "ip" + &")".repeat(20_000),
        "host 10.0.0.1".to_owned() + &" or 10.0.0.2".repeat(5_000),
        "- ".repeat(20_000) + "1 = len",
        "vlan".to_owned() + &" or vlan".repeat(2_000),
    ] {
        let tree = parse(&expression).expect("it can be parsed");
        let lines = wirescope_filter::explain::outline(&expression, &tree, &SystemNames);
        assert!(!lines.is_empty());
        assert!(findings(&expression).len() <= 64);
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
