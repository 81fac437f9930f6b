//! What captures consist of, as JSON.

use std::net::IpAddr;

use serde::Serialize;
use wirescope_flow::protocols;
use wirescope_flow::summary::{self, Amount, Layer, Node, SIZE_ENDS, Sums};
use wirescope_wire::ethernet::ether_type;

use crate::filter_text::transport;
use crate::rfc3339;
use crate::text::Capture;

/// Hosts and services told.
const MOST: usize = 100;
/// Intervals of the time line told.
pub(crate) const INTERVALS: usize = 64;

/// Everything, as one object.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Summary {
    pub files: Vec<File>,
    pub packets: u64,
    pub bytes: u64,
    pub captured_bytes: u64,
    pub cut_short: u64,
    pub out_of_order: u64,
    pub first_time: Option<String>,
    pub last_time: Option<String>,
    pub seconds: f64,
    pub packets_per_second: Option<f64>,
    pub bits_per_second: Option<f64>,
    pub smallest: Option<u32>,
    pub largest: Option<u32>,
    pub mean: Option<f64>,
    pub sizes: Vec<Size>,
    pub protocols: Vec<Protocol>,
    pub fragments: Fragments,
    pub checksums: Vec<Checksum>,
    pub udp_without_checksum: u64,
    pub hosts: u64,
    pub hosts_left_out: u64,
    pub talkers: Vec<Talker>,
    pub services_left_out: u64,
    pub services: Vec<Service>,
    pub interval_seconds: f64,
    pub time_line: Vec<Interval>,
}

/// One capture.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct File {
    pub name: String,
    pub first: u64,
    pub packets: u64,
}

/// Packets of a class of sizes; `to` is absent for the last.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Size {
    pub from: u32,
    pub to: Option<u32>,
    pub packets: u64,
    pub bytes: u64,
}

/// A protocol at its place; `depth` counts from 0 at the link.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Protocol {
    pub depth: usize,
    pub name: String,
    pub unusual: bool,
    pub packets: u64,
    pub bytes: u64,
}

/// Fragments of IP datagrams.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Fragments {
    pub packets: u64,
    pub datagrams_completed: u64,
    pub datagrams_given_up: u64,
}

/// How the checksums of one header came out.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Checksum {
    pub header: &'static str,
    pub right: u64,
    pub wrong: u64,
    pub left_to_card: u64,
    pub first_wrong: Option<u64>,
}

/// A host.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Talker {
    pub host: IpAddr,
    pub sent_packets: u64,
    pub sent_bytes: u64,
    pub received_packets: u64,
    pub received_bytes: u64,
}

/// A service, by transport and the server's port.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Service {
    pub proto: &'static str,
    pub port: u16,
    pub packets: u64,
    pub bytes: u64,
    pub syns: u64,
    pub synacks: u64,
}

/// An interval of the time line.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Interval {
    pub packets: u64,
    pub bytes: u64,
}

/// What was counted, for programs.
pub fn summary(found: &summary::Summary, captures: &[Capture]) -> Summary {
    let (first, last) = found.times.unzip();
    let seconds = found.times.map_or(0.0, |(first, last)| last.seconds_since(first));
    let rate = |amount: u64| (seconds > 0.0).then(|| amount as f64 / seconds);
    let any = found.total.packets > 0;
    let (talkers, services) = (found.talkers(MOST), found.services(MOST));
    let (interval_seconds, intervals) = found.time_line.coarse(INTERVALS);
    let fragments = found.fragments();
    Summary {
        files: captures
            .iter()
            .map(|capture| File {
                name: capture.name.clone(),
                first: capture.first,
                packets: capture.packets,
            })
            .collect(),
        packets: found.total.packets,
        bytes: found.total.bytes,
        captured_bytes: found.captured,
        cut_short: found.cut_short,
        out_of_order: found.out_of_order,
        first_time: first.map(rfc3339),
        last_time: last.map(rfc3339),
        seconds,
        packets_per_second: rate(found.total.packets),
        bits_per_second: rate(found.total.bytes.saturating_mul(8)),
        smallest: any.then_some(found.smallest),
        largest: any.then_some(found.largest),
        mean: any.then(|| found.total.bytes as f64 / found.total.packets as f64),
        sizes: sizes(&found.sizes),
        protocols: found.tree.walk().into_iter().map(|(depth, node)| protocol(depth, node)).collect(),
        fragments: Fragments {
            packets: fragments.fragments,
            datagrams_completed: fragments.completed,
            datagrams_given_up: fragments.timed_out + fragments.evicted,
        },
        checksums: checksums(&found.checksums),
        udp_without_checksum: found.without_checksum,
        hosts: talkers.held,
        hosts_left_out: talkers.evicted,
        talkers: talkers.first.iter().map(|(host, talker)| Talker::of(*host, talker)).collect(),
        services_left_out: services.evicted,
        services: services.first.iter().map(|(service, used)| Service::of(*service, used)).collect(),
        interval_seconds,
        time_line: intervals.iter().map(Interval::from).collect(),
    }
}

impl Talker {
    fn of(host: IpAddr, talker: &summary::Talker) -> Self {
        Talker {
            host,
            sent_packets: talker.sent.packets,
            sent_bytes: talker.sent.bytes,
            received_packets: talker.received.packets,
            received_bytes: talker.received.bytes,
        }
    }
}

impl Service {
    fn of((protocol, port): (u8, u16), used: &summary::Use) -> Self {
        Service {
            proto: transport(protocol),
            port,
            packets: used.amount.packets,
            bytes: used.amount.bytes,
            syns: used.asked,
            synacks: used.accepted,
        }
    }
}

impl From<&Amount> for Interval {
    fn from(amount: &Amount) -> Self {
        Interval { packets: amount.packets, bytes: amount.bytes }
    }
}

fn protocol(depth: usize, node: &Node) -> Protocol {
    Protocol {
        depth,
        name: layer_name(node.layer),
        unusual: node.layer.is_unusual(),
        packets: node.amount.packets,
        bytes: node.amount.bytes,
    }
}

/// The size classes that have packets between the first and the last that do.
fn sizes(classes: &[Amount]) -> Vec<Size> {
    let mut all = Vec::new();
    let mut from = 0;
    for (end, amount) in SIZE_ENDS.iter().zip(classes) {
        let to = (*end < u32::MAX).then_some(*end);
        all.push(Size { from, to, packets: amount.packets, bytes: amount.bytes });
        from = end.saturating_add(1);
    }
    all
}

fn checksums(sums: &[Sums; 4]) -> Vec<Checksum> {
    let named = ["ip", "tcp", "udp", "icmp"].into_iter().zip(sums);
    named
        .map(|(header, sums)| Checksum {
            header,
            right: sums.right,
            wrong: sums.wrong,
            left_to_card: sums.left_to_card,
            first_wrong: sums.first_wrong,
        })
        .collect()
}

/// The name of a layer.
pub(crate) fn layer_name(layer: Layer) -> String {
    match layer {
        Layer::Link(link) => link.description().map_or_else(|| format!("link type {link}"), str::to_owned),
        Layer::Vlan => "VLAN".to_owned(),
        Layer::Mpls => "MPLS".to_owned(),
        Layer::PppOe => "PPPoE".to_owned(),
        Layer::Ipv4 => "IPv4".to_owned(),
        Layer::Ipv6 => "IPv6".to_owned(),
        Layer::EtherType(ether_type::IPV4) => "IPv4 that cannot be read".to_owned(),
        Layer::EtherType(ether_type::IPV6) => "IPv6 that cannot be read".to_owned(),
        Layer::EtherType(ether_type::ARP) => "ARP".to_owned(),
        Layer::EtherType(ether_type::RARP) => "RARP".to_owned(),
        Layer::EtherType(ether_type::PPPOE_DISCOVERY) => "PPPoE discovery".to_owned(),
        Layer::EtherType(ether_type::MACSEC) => "MACsec".to_owned(),
        Layer::EtherType(0x88cc) => "LLDP".to_owned(),
        Layer::EtherType(0x888e) => "EAPOL".to_owned(),
        Layer::EtherType(0x9000) => "loopback test".to_owned(),
        Layer::EtherType(kind) => format!("Ethernet type 0x{kind:04x}"),
        Layer::Other => "other".to_owned(),
        Layer::Protocol(number) => match protocols::name(number) {
            Some(name) if protocols::is_everyday(number) => name.to_owned(),
            Some(name) => format!("{name} (IP protocol {number})"),
            None => format!("IP protocol {number} (unassigned)"),
        },
        Layer::Fragments => "fragments".to_owned(),
        Layer::Application(application) if application.is_off_port => {
            format!("{} on another's port", application.name)
        }
        Layer::Application(application) => application.name.to_owned(),
    }
}
