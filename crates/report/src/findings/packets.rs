//! Odd packets, and protocols that are not everyday.

use std::net::IpAddr;

use serde::Serialize;
use wirescope_flow::anomaly::{self, Kind};
use wirescope_flow::decode::Envelope;
use wirescope_flow::explain::leaked;
use wirescope_flow::{Evidence, Investigated, protocols};

use super::{Body, Finding, count, hex, list};
use crate::explain::remains_text;
use crate::filter_text::Filter;

/// One packet whose own bytes disagree or that no stack sends.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Anomaly {
    pub packet: u64,
    pub kinds: Vec<&'static str>,
    pub src: IpAddr,
    pub dst: IpAddr,
    pub ip_length: u64,
    pub udp_length: Option<u16>,
    pub captured_ip_bytes: u64,
    #[serde(serialize_with = "hex")]
    pub padding: Option<Vec<u8>>,
}

/// Packets of an unusual protocol from one host to another.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct UnusualProtocol {
    pub number: u8,
    pub name: &'static str,
    pub src: IpAddr,
    pub dst: IpAddr,
}

pub(super) fn findings(found: &Investigated) -> impl Iterator<Item = Finding> + '_ {
    let protocols = found.protocols.iter().map(|protocol| protocol_finding(protocol, found.envelope));
    protocols.chain(found.anomalies.iter().map(anomaly_finding))
}

fn protocol_finding(protocol: &protocols::UnusualProtocol, envelope: Envelope) -> Finding {
    let name = protocols::name(protocol.number).unwrap_or("unassigned");
    let body = UnusualProtocol { number: protocol.number, name, src: protocol.src, dst: protocol.dst };
    let text = format!(
        "{} sent {} {} of IP protocol {} ({name}), which ordinary networks do not carry.",
        protocol.src,
        protocol.dst,
        count(protocol.evidence.count(), "packet"),
        protocol.number
    );
    let family = if protocol.src.is_ipv4() { "ip" } else { "ip6" };
    let filter = Filter::new();
    let filter = if envelope.has(Envelope::EXTENSIONS) && !protocol.src.is_ipv4() {
        filter.and(family)
    } else {
        filter.and(format!("{family} proto {}", protocol.number))
    };
    let filter = filter.src(protocol.src).dst(protocol.dst);
    Finding::new(Body::UnusualProtocol(body), text, &protocol.evidence, filter.inside(envelope))
}

fn anomaly_finding(anomaly: &anomaly::Anomaly) -> Finding {
    let body = Anomaly {
        packet: anomaly.seen.number,
        kinds: anomaly.kinds.iter().map(Kind::name).collect(),
        src: anomaly.src,
        dst: anomaly.dst,
        ip_length: anomaly.ip_length,
        udp_length: anomaly.udp_length,
        captured_ip_bytes: anomaly.captured_ip_bytes,
        padding: (!anomaly.padding.is_empty()).then(|| anomaly.padding.clone()),
    };
    let mut reasons: Vec<String> = anomaly.kinds.iter().map(|kind| reason(kind, anomaly)).collect();
    if anomaly.is_rewritten {
        reasons.push(
            "both sums are off by the same difference, so that only the addresses were rewritten".to_owned(),
        );
    }
    let text = format!(
        "Packet {} from {} to {}: {}.",
        anomaly.seen.number,
        anomaly.src,
        anomaly.dst,
        list(reasons.iter())
    );
    let filter = Filter::packet(anomaly.src, anomaly.dst, anomaly.protocol, anomaly.ip_id, anomaly.ip_length);
    Finding::new(Body::Anomaly(body), text, &Evidence::of(anomaly.seen), filter.inside(anomaly.envelope))
}

fn reason(kind: Kind, anomaly: &anomaly::Anomaly) -> String {
    let udp_length = anomaly.udp_length.unwrap_or(0);
    match kind {
        Kind::NonzeroEthernetPadding => {
            let likeness = remains_text(&leaked(&anomaly.padding, anomaly.ip_length as usize));
            format!(
                "the {} after its claimed end are not all zero{}",
                count(anomaly.padding.len() as u64, "byte"),
                likeness.map_or(String::new(), |likeness| format!(" ({likeness})"))
            )
        }
        Kind::IpLengthExceedsFrame => {
            format!("its IP length of {} is more than the frame held", anomaly.ip_length)
        }
        Kind::IpLengthBelowHeader => {
            format!("its IP length of {} is less than its header", anomaly.ip_length)
        }
        Kind::IpHeaderLengthBad => "its IP header length is impossible".to_owned(),
        Kind::IpReservedFlag => "the reserved bit beside the fragment flags is set".to_owned(),
        Kind::UdpLengthDisagreesWithIp => {
            format!("its UDP length of {udp_length} is not what IP leaves for it")
        }
        Kind::UdpLengthBelowHeader => format!("its UDP length of {udp_length} is less than its header"),
        Kind::TcpHeaderLengthBad => "its TCP header length is impossible".to_owned(),
        Kind::TcpFlags => {
            format!("no stack sends its combination of TCP flags (0x{:02x})", anomaly.tcp_flags.unwrap_or(0))
        }
        Kind::BadIpChecksum => "its IP checksum is wrong".to_owned(),
        Kind::BadTcpChecksum => "its TCP checksum is wrong".to_owned(),
        Kind::BadUdpChecksum => "its UDP checksum is wrong".to_owned(),
        Kind::BadIcmpChecksum => "its ICMP checksum is wrong".to_owned(),
        Kind::Land => "its source and destination, address and port, are equal (land)".to_owned(),
    }
}
