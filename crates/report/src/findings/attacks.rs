//! Scans, floods, fragments and tunnels.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde::Serialize;
use wirescope_flow::decode::Envelope;
use wirescope_flow::dns::type_name;
use wirescope_flow::fragments::Trick;
use wirescope_flow::scan::{self, Technique};
use wirescope_flow::{Evidence, Investigated, dns, fragments};
use wirescope_wire::tcp::flag;

use super::{Body, EndpointText, Finding, count, endpoints, list, place};
use crate::filter_text::Filter;

/// TCP flags but for the two that negotiate congestion notification.
const FLAGS: u8 = 0x3f;

/// One scanner, one scan type.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Scan {
    pub scanner: IpAddr,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub shape: &'static str,
    pub slow: bool,
    pub proto: &'static str,
    pub ports: Vec<u16>,
    pub targets: Vec<IpAddr>,
    pub answered: Vec<EndpointText>,
    pub refused: Vec<EndpointText>,
    pub silent: Vec<EndpointText>,
    pub data: Vec<PushedData>,
    /// Probes a second.
    pub rate: Option<f64>,
    /// What the sequential test says: `scanner`, `client` or `undecided`.
    pub sequential_test: &'static str,
}

/// A conversation between scanner and target that moved payload.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct PushedData {
    pub host: IpAddr,
    pub port: u16,
    pub client_port: u16,
    pub client_bytes: u64,
    pub server_bytes: u64,
}

/// Several sources that probe one host in step.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct DecoyScan {
    pub victim: IpAddr,
    pub sources: Vec<IpAddr>,
    pub genuine: Option<IpAddr>,
    pub ports: Vec<u16>,
    pub answered: Vec<EndpointText>,
}

/// A SYN flood.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct SynFlood {
    pub victim: IpAddr,
    pub port: u16,
    pub syns: u64,
    pub source_count: u64,
    pub spoofed: bool,
    pub synacks: u64,
    pub last_synack_packet: Option<u64>,
    pub completed: u64,
}

/// Dishonest fragments.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct FragmentAttack {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub src: IpAddr,
    pub dst: IpAddr,
}

/// Data in names.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct DnsTunnel {
    pub client: IpAddr,
    pub server: IpAddr,
    pub domain: String,
    pub qtypes: Vec<String>,
    pub queries: u64,
    pub distinct_names: u64,
    pub upstream_bytes: u64,
}

/// Scans that got data through first, then floods, other scans, fragments and tunnels.
pub(super) fn findings(found: &Investigated) -> Vec<Finding> {
    let (pushed, other): (Vec<_>, Vec<_>) = found.scans.scans.iter().partition(|scan| !scan.data.is_empty());
    let mut all: Vec<Finding> = pushed.into_iter().map(scan_finding).collect();
    all.extend(found.scans.floods.iter().map(|flood| flood_finding(flood, found.envelope)));
    all.extend(found.tunnels.iter().map(|tunnel| tunnel_finding(tunnel, found.envelope)));
    all.extend(fragment_findings(&found.fragments, found.envelope));
    all.extend(found.scans.decoys.iter().map(|decoy| decoy_finding(decoy, found.envelope)));
    all.extend(other.into_iter().map(scan_finding));
    all
}

fn scan_finding(scan: &scan::Scan) -> Finding {
    let has_ports = scan.technique != Technique::Icmp;
    let body = Scan {
        scanner: scan.scanner,
        kind: scan.technique.name(),
        shape: scan.shape.name(),
        slow: scan.slow,
        proto: scan.technique.transport(),
        ports: scan.ports.iter().copied().collect(),
        targets: scan.targets.iter().copied().collect(),
        answered: endpoints(&scan.answered, has_ports),
        refused: endpoints(&scan.refused, has_ports),
        silent: endpoints(&scan.silent, has_ports),
        data: scan
            .data
            .iter()
            .map(|data| PushedData {
                host: data.server.host,
                port: data.server.port,
                client_port: data.client_port,
                client_bytes: data.client_bytes,
                server_bytes: data.server_bytes,
            })
            .collect(),
        rate: scan.rate,
        sequential_test: scan.sequential.name(),
    };
    Finding::new(Body::Scan(body), scan_text(scan), &scan.evidence, scan_filter(scan))
}

fn scan_text(scan: &scan::Scan) -> String {
    let targets = match (scan.targets.len(), scan.targets.first()) {
        (1, Some(only)) => only.to_string(),
        (many, _) => count(many as u64, "host"),
    };
    let ports = match (scan.ports.len(), scan.ports.first()) {
        (0, _) => String::new(),
        (1, Some(only)) => format!(" on port {only}"),
        (many, _) => format!(" on {}", count(many as u64, "port")),
    };
    let pushed = match scan.data.as_slice() {
        [] => "no data was pushed".to_owned(),
        data => format!("data moved with {}", list(data.iter().map(|data| place(data.server)))),
    };
    format!(
        "{} scanned {targets}{ports} ({}{} {}): {} answered, {} refused, {} silent; {pushed}.",
        scan.scanner,
        if scan.slow { "slow " } else { "" },
        scan.shape.name(),
        scan.technique.name(),
        scan.answered.len(),
        scan.refused.len(),
        scan.silent.len(),
    )
}

fn scan_filter(scan: &scan::Scan) -> String {
    let v4 = scan.scanner.is_ipv4();
    let word = match scan.technique.transport() {
        "icmp" if !v4 => "icmp6",
        word => word,
    };
    let filter = Filter::new().and(word).src(scan.scanner).dst_few(&scan.targets);
    let filter = match scan.technique {
        Technique::Icmp if v4 => filter.and("icmp[0] != 0 and icmp[0] != 3 and icmp[0] != 11"),
        Technique::Icmp => filter.and("ip6[40] = 128"),
        Technique::Udp => filter,
        technique => filter.tcp_flags(scan.scanner, FLAGS, flags(technique), scan.envelope),
    };
    let filter = if scan.envelope.has(Envelope::EXTENSIONS) { filter } else { filter.dst_ports(&scan.ports) };
    filter.inside(scan.envelope)
}

/// The flags of a probe.
fn flags(technique: Technique) -> u8 {
    match technique {
        Technique::Syn | Technique::Connect | Technique::Udp | Technique::Icmp => flag::SYN,
        Technique::Fin => flag::FIN,
        Technique::Null => 0,
        Technique::Xmas => flag::FIN | flag::PSH | flag::URG,
        Technique::Ack => flag::ACK,
        Technique::SynFin => flag::SYN | flag::FIN,
        Technique::Maimon => flag::FIN | flag::ACK,
    }
}

fn decoy_finding(decoy: &scan::DecoyScan, envelope: Envelope) -> Finding {
    let body = DecoyScan {
        victim: decoy.victim,
        sources: decoy.sources.iter().copied().collect(),
        genuine: decoy.genuine,
        ports: decoy.ports.iter().copied().collect(),
        answered: endpoints(&decoy.answered, true),
    };
    let who = match decoy.genuine {
        Some(genuine) if decoy.by_resets => format!("{genuine} is real, for only it resets what answers"),
        Some(genuine) => format!("{genuine} is real, for only it reacts to answers"),
        None => "none of them gives itself away".to_owned(),
    };
    let text = format!(
        "{} probed {} of {} in step: {who}.",
        count(decoy.sources.len() as u64, "source"),
        count(decoy.ports.len() as u64, "port"),
        decoy.victim
    );
    let filter =
        Filter::new().and(if decoy.technique == Technique::Udp { "udp" } else { "tcp" }).dst(decoy.victim);
    let filter = match decoy.genuine {
        Some(genuine) if decoy.by_resets => {
            filter.src(genuine).tcp_flags(genuine, flag::RST, flag::RST, envelope)
        }
        _ if decoy.technique == Technique::Udp => filter.src_few(&decoy.sources),
        _ => filter.src_few(&decoy.sources).tcp_flags(decoy.victim, FLAGS, flags(decoy.technique), envelope),
    };
    Finding::new(Body::DecoyScan(body), text, &decoy.evidence, filter.inside(envelope))
}

fn flood_finding(flood: &scan::SynFlood, envelope: Envelope) -> Finding {
    let body = SynFlood {
        victim: flood.victim.host,
        port: flood.victim.port,
        syns: flood.syns,
        source_count: flood.source_count,
        spoofed: flood.spoofed,
        synacks: flood.synacks,
        last_synack_packet: flood.last_synack.map(|seen| seen.number),
        completed: flood.completed,
    };
    let text = format!(
        "{} was flooded with {} from {}{}; it answered {} of them.",
        place(flood.victim),
        count(flood.syns, "SYN"),
        count(flood.source_count, "source"),
        if flood.spoofed { ", none of which ever reacted: they are spoofed" } else { "" },
        flood.synacks
    );
    let filter = Filter::new()
        .and("tcp")
        .dst(flood.victim.host)
        .and(format!("dst port {}", flood.victim.port))
        .tcp_flags(flood.victim.host, FLAGS, flag::SYN, envelope);
    Finding::new(Body::SynFlood(body), text, &flood.evidence, filter.inside(envelope))
}

/// One finding for each trick of one sender against one victim.
fn fragment_findings(reports: &[fragments::Report], envelope: Envelope) -> Vec<Finding> {
    let mut merged: BTreeMap<(Trick, IpAddr, IpAddr), Vec<&fragments::Report>> = BTreeMap::new();
    for report in reports {
        merged.entry((report.trick, report.src, report.dst)).or_default().push(report);
    }
    let mut all: Vec<Finding> = merged
        .into_iter()
        .map(|((trick, src, dst), reports)| {
            let mut evidence = Evidence::default();
            reports.iter().for_each(|report| evidence.merge(&report.evidence));
            let ids: BTreeSet<u32> = reports.iter().map(|report| report.id).collect();
            let filter = fragment_filter(src, dst, &ids, envelope);
            let text = format!(
                "{src} sent {dst} {} ({}).",
                fragment_text(trick),
                count(reports.len() as u64, "datagram")
            );
            let body = FragmentAttack { kind: trick.name(), src, dst };
            Finding::new(Body::FragmentAttack(body), text, &evidence, filter)
        })
        .collect();
    all.sort_by_key(|finding| finding.packets.first().copied());
    all
}

fn fragment_text(trick: Trick) -> &'static str {
    match trick {
        Trick::TinyFragment => "fragments so small that the first does not hold the TCP flags",
        Trick::OverlappingFragment => "fragments that give the same bytes twice",
        Trick::Teardrop => "a fragment that lies inside an earlier one (teardrop)",
        Trick::PingOfDeath => "fragments that end past the largest datagram of 65,535 bytes (ping of death)",
        Trick::UnfinishedFragments => "fragments of a datagram that it never finished",
    }
}

fn fragment_filter(src: IpAddr, dst: IpAddr, ids: &BTreeSet<u32>, envelope: Envelope) -> String {
    let filter = Filter::new().src(src).dst(dst);
    let filter = match (src.is_ipv4(), ids.len(), ids.first()) {
        (true, 1, Some(id)) => filter.and("ip[6:2] & 0x3fff != 0").and(format!("ip[4:2] = {id}")),
        (true, ..) => filter.and("ip[6:2] & 0x3fff != 0"),
        (false, ..) => filter.and("ip6"),
    };
    filter.inside(envelope)
}

fn tunnel_finding(tunnel: &dns::Tunnel, envelope: Envelope) -> Finding {
    let qtypes: Vec<String> = tunnel.kinds.iter().map(|kind| type_name(*kind)).collect();
    let text = format!(
        "{} moved {} out in {} of {} under {} to {}.",
        tunnel.client,
        count(tunnel.upstream_bytes, "byte"),
        count(tunnel.queries, "query"),
        list(qtypes.iter()),
        tunnel.domain,
        tunnel.server
    );
    let body = DnsTunnel {
        client: tunnel.client,
        server: tunnel.server,
        domain: tunnel.domain.clone(),
        qtypes,
        queries: tunnel.queries,
        distinct_names: tunnel.distinct_names,
        upstream_bytes: tunnel.upstream_bytes,
    };
    let filter = Filter::new()
        .and(format!("host {}", tunnel.client))
        .and(format!("host {}", tunnel.server))
        .and(format!("port {}", dns::DNS_PORT));
    Finding::new(Body::DnsTunnel(body), text, &tunnel.evidence, filter.inside(envelope))
}
