//! Pictures in SVG, made of numbers and addresses only.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::net::IpAddr;

use wirescope_flow::scan::Scan;
use wirescope_flow::{Endpoint, Investigated};

use crate::findings::{Body, Finding};
use crate::rfc3339;

const WIDTH: f64 = 960.0;
const BARS: usize = 120;
const BAR_HEIGHT: f64 = 90.0;
const LANE: f64 = 18.0;
const MOST_LANES: usize = 24;
const MOST_HOSTS: usize = 24;
const CELL: f64 = 22.0;
const MOST_SCANS: usize = 6;
/// Cells of a scan's picture across and down; more endpoints share cells.
const ACROSS: usize = 96;
const DOWN: usize = 48;

const BLUE: &str = "#3b78c4";
const RED: &str = "#c8413b";
const GREEN: &str = "#2f9e57";
const GREY: &str = "#9aa4b2";

fn open(height: f64, title: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{title}\">"
    )
}

/// Conversations begun over time, and below them when each attack was under way.
pub(super) fn time_line(found: &Investigated, all: &[Finding]) -> Option<String> {
    let (first, last) = found.times?;
    let span = last.seconds_since(first);
    if span <= 0.0 {
        return None;
    }
    let mut bars = [0u64; BARS];
    for conversation in &found.conversations {
        let share = conversation.first_time().seconds_since(first) / span;
        if let Some(bar) = bars.get_mut(((share * BARS as f64).max(0.0) as usize).min(BARS - 1)) {
            *bar += 1;
        }
    }
    let most = bars.iter().copied().max().unwrap_or(0).max(1);
    let lanes: Vec<&Finding> =
        all.iter().filter(|finding| crate::text::is_attack(&finding.body)).take(MOST_LANES).collect();
    let height = BAR_HEIGHT + 24.0 + lanes.len() as f64 * LANE + 18.0;
    let mut svg = open(height, "conversations begun and attacks over time");
    let wide = WIDTH / BARS as f64;
    for (at, count) in bars.iter().enumerate().filter(|(_, count)| **count > 0) {
        let tall = BAR_HEIGHT * *count as f64 / most as f64;
        let _ = write!(
            svg,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{tall:.1}\" fill=\"{BLUE}\"><title>{count} conversations begun</title></rect>",
            at as f64 * wide,
            BAR_HEIGHT - tall,
            wide - 1.0
        );
    }
    let below = BAR_HEIGHT + 14.0;
    let _ = write!(svg, "<text x=\"0\" y=\"{below}\">{}</text>", rfc3339(first));
    let _ = write!(svg, "<text x=\"{WIDTH}\" y=\"{below}\" text-anchor=\"end\">{}</text>", rfc3339(last));
    let text_of_first = rfc3339(first);
    for (lane, finding) in lanes.iter().enumerate() {
        let y = BAR_HEIGHT + 24.0 + lane as f64 * LANE;
        let x = |time: &str| place(time, &text_of_first, span) * WIDTH;
        let (start, end) = (x(&finding.first_time), x(&finding.last_time));
        let (label, anchor) =
            if start > WIDTH / 2.0 { (start - 4.0, "end") } else { (end.max(start + 3.0) + 4.0, "start") };
        let _ = write!(
            svg,
            "<rect x=\"{start:.1}\" y=\"{y}\" width=\"{:.1}\" height=\"{}\" fill=\"{RED}\"/><text x=\"{label:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            (end - start).max(3.0),
            LANE - 5.0,
            y + LANE - 8.0,
            kind(finding)
        );
    }
    Some(svg + "</svg>")
}

fn kind(finding: &Finding) -> String {
    match &finding.body {
        Body::Scan(scan) => format!("{} scan by {}", scan.kind, scan.scanner),
        Body::DecoyScan(scan) => format!("decoy scan of {}", scan.victim),
        Body::SynFlood(flood) => format!("SYN flood of {} port {}", flood.victim, flood.port),
        Body::FragmentAttack(attack) => format!("{} from {}", attack.kind, attack.src),
        Body::DnsTunnel(tunnel) => format!("DNS tunnel of {}", tunnel.client),
        _ => String::new(),
    }
}

/// Where a time lies between the first and the last, from 0 to 1; both are text of one length and zone.
fn place(time: &str, first: &str, span: f64) -> f64 {
    let at = |text: &str| text.parse::<jiff::Timestamp>().map(|time| time.as_nanosecond() as f64 / 1e9);
    match (at(time), at(first)) {
        (Ok(time), Ok(first)) => ((time - first) / span).clamp(0.0, 1.0),
        _ => 0.0,
    }
}

/// Bytes between the hosts with the most traffic: from those on the left to those above.
pub(super) fn matrix(found: &Investigated) -> Option<String> {
    let mut busiest: Vec<_> = found.hosts.iter().collect();
    busiest.sort_by_key(|host| std::cmp::Reverse(host.sent_bytes + host.received_bytes));
    busiest.truncate(MOST_HOSTS);
    let hosts: Vec<IpAddr> = busiest.iter().map(|host| host.address).collect();
    let position: HashMap<IpAddr, usize> = hosts.iter().enumerate().map(|(at, host)| (*host, at)).collect();
    let mut cells: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for conversation in &found.conversations {
        let ends = (position.get(&conversation.client.host), position.get(&conversation.server.host));
        if let (Some(client), Some(server)) = ends {
            *cells.entry((*client, *server)).or_default() += conversation.from_client.bytes;
            *cells.entry((*server, *client)).or_default() += conversation.from_server.bytes;
        }
    }
    let most = cells.values().copied().max().filter(|most| *most > 0)? as f64;
    let (left, top) = (230.0, 24.0);
    let mut svg = open(top + hosts.len() as f64 * CELL + 4.0, "bytes between hosts");
    for (at, host) in hosts.iter().enumerate() {
        let (across, down) = (left + at as f64 * CELL, top + at as f64 * CELL);
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{} {host}</text>",
            left - 6.0,
            down + 15.0,
            at + 1
        );
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            across + CELL / 2.0,
            top - 6.0,
            at + 1
        );
    }
    for ((from, to), bytes) in cells.iter().filter(|(_, bytes)| **bytes > 0) {
        let shade = 0.15 + 0.85 * (1.0 + *bytes as f64).ln() / (1.0 + most).ln();
        let (Some(source), Some(target)) = (hosts.get(*from), hosts.get(*to)) else { continue };
        let _ = write!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{BLUE}\" fill-opacity=\"{shade:.2}\"><title>{source} to {target}: {bytes} bytes</title></rect>",
            left + *to as f64 * CELL,
            top + *from as f64 * CELL,
            CELL - 2.0,
            CELL - 2.0
        );
    }
    Some(svg + "</svg>")
}

/// A picture of each scan: hosts down, ports across, coloured by the answer.
pub(super) fn scans(found: &Investigated) -> Vec<String> {
    found.scans.scans.iter().take(MOST_SCANS).map(scan).collect()
}

fn scan(scan: &Scan) -> String {
    let targets: Vec<IpAddr> = scan.targets.iter().copied().collect();
    let ports: Vec<u16> = scan.ports.iter().copied().collect();
    // A sweep for one port is a long column: it lies better on its side.
    let turned = targets.len() > ports.len();
    let mut cells: BTreeMap<(usize, usize), &str> = BTreeMap::new();
    let (most_x, most_y) = if turned { (targets.len(), ports.len()) } else { (ports.len(), targets.len()) };
    for (endpoints, colour) in [(&scan.silent, GREY), (&scan.refused, RED), (&scan.answered, GREEN)] {
        for Endpoint { host, port } in endpoints {
            let host = targets.binary_search(host).unwrap_or(0);
            let port = ports.binary_search(port).unwrap_or(0);
            let (x, y) = if turned { (host, port) } else { (port, host) };
            cells.insert((scaled(x, most_x, ACROSS), scaled(y, most_y, DOWN)), colour);
        }
    }
    let rows = most_y.clamp(1, DOWN) as f64;
    let step = WIDTH / most_x.clamp(24, ACROSS) as f64;
    let tall = step.min(14.0);
    let mut svg = open(24.0 + rows * tall + 20.0, "endpoints of a scan");
    let (across, down) = if turned { ("hosts", "ports") } else { ("ports", "hosts") };
    let _ = write!(
        svg,
        "<text x=\"0\" y=\"14\">{}, {}: {across} across, {down} down; green answered, red refused, grey silent</text>",
        scan.scanner,
        scan.technique.name()
    );
    for ((x, y), colour) in cells {
        let _ = write!(
            svg,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{colour}\"/>",
            x as f64 * step,
            24.0 + y as f64 * tall,
            step - 1.0,
            tall - 1.0
        );
    }
    svg + "</svg>"
}

/// A position among `count` as one among at most `most`.
fn scaled(at: usize, count: usize, most: usize) -> usize {
    if count <= most { at } else { at * most / count }
}
