//! Any text as a filter expression: it is read, compiled for several link types, explained and linted, part by part.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirescope_filter::explain::outline;
use wirescope_filter::lint::lint;
use wirescope_filter::names::{Names, PortName};
use wirescope_filter::{Options, compile_part, compile_with, parse};
use wirescope_wire::LinkType;

/// Names without files and resolvers, so that a run depends on its input alone.
struct NoNames;

impl Names for NoNames {
    fn host(&self, _: &str) -> Vec<std::net::IpAddr> {
        vec![std::net::IpAddr::from([10, 0, 0, 1]), std::net::IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])]
    }
    fn ethernet_host(&self, _: &str) -> Option<[u8; 6]> {
        Some([2, 0, 0, 0, 0, 1])
    }
    fn network(&self, _: &str) -> Option<u32> {
        Some(10)
    }
    fn port(&self, name: &str) -> Option<PortName> {
        name.parse().ok().map(|number| PortName { number, transport: None })
    }
    fn protocol(&self, name: &str) -> Option<u32> {
        name.parse().ok()
    }
}

const LINKS: [LinkType; 5] =
    [LinkType::EN10MB, LinkType::RAW, LinkType::LINUX_SLL, LinkType::IEEE802_11, LinkType::NULL];

fuzz_target!(|text: &str| {
    let tree = parse(text).ok();
    let lines = tree.as_ref().map(|tree| outline(text, tree, &NoNames)).unwrap_or_default();
    for link in LINKS {
        let options = Options::new(link);
        let compiled = compile_with(text, &options, &NoNames).is_ok();
        let Some(tree) = &tree else {
            assert!(!compiled, "a program without a tree");
            continue;
        };
        for finding in lint(text, tree, &options, &NoNames) {
            assert!(text.get(finding.span).is_some(), "a finding about no part of the expression");
        }
        for line in lines.iter().take(64) {
            let part = compile_part(tree, line.node, &options, &NoNames);
            assert!(part.is_ok() || !compiled, "a part of what compiles does not compile");
        }
    }
});
