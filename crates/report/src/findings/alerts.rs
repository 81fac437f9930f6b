//! What rules found, gathered: one finding for each rule, source and destination.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde::Serialize;
use wirescope_detect::engine::Alert;
use wirescope_detect::packet::Origin;
use wirescope_flow::Evidence;
use wirescope_flow::decode::{Envelope, Transport};
use wirescope_flow::evidence::Seen;
use wirescope_wire::ipv4::protocol;

use super::{Body, Finding, count};
use crate::filter_text::Filter;
use crate::snort::protocol_name;

/// Most rules with their ends that are kept apart; alerts of others are counted.
const MAX_GROUPS: usize = 16_384;
/// Most ports that are kept of one.
const MAX_PORTS: usize = 256;

/// Alerts of one rule about one source and destination.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct RuleAlerts {
    pub gid: u32,
    pub sid: u32,
    pub rev: u32,
    pub msg: String,
    pub classification: Option<String>,
    pub priority: u32,
    pub src: IpAddr,
    pub dst: IpAddr,
    pub proto: String,
    /// Destination ports, the lowest 256 of them; none where there are no ports.
    pub dports: BTreeSet<u16>,
    /// How many alerts.
    pub alerts: u64,
}

/// Gathers alerts while packets are read.
#[derive(Default, Debug)]
pub struct Alerts {
    groups: BTreeMap<Key, Group>,
    left_out: u64,
}

/// What is told together; the most important come first, and 0, no priority at all, comes last.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Key {
    priority: u32,
    gid: u32,
    sid: u32,
    src: IpAddr,
    dst: IpAddr,
}

#[derive(Debug)]
struct Group {
    alerts: RuleAlerts,
    protocol: u8,
    evidence: Evidence,
    envelope: Envelope,
}

impl Alerts {
    /// Takes an alert in.
    pub fn add(&mut self, alert: &Alert<'_>) {
        let inspected = alert.inspected;
        let (rule, ip) = (alert.rule, inspected.ip);
        let priority = alert.priority.wrapping_sub(1);
        let key = Key { priority, gid: rule.gid, sid: rule.sid, src: ip.src, dst: ip.dst };
        if self.groups.len() >= MAX_GROUPS && !self.groups.contains_key(&key) {
            self.left_out += 1;
            return;
        }
        let group = self.groups.entry(key).or_insert_with(|| Group::new(alert));
        group.alerts.alerts += 1;
        group.envelope = group.envelope.and(inspected.decoded.envelope);
        if inspected.origin == Origin::Fragments {
            group.envelope = group.envelope.and(Envelope::FRAGMENTS);
        }
        let has_ports = matches!(inspected.decoded.transport, Transport::Tcp(_) | Transport::Udp(_));
        if has_ports && group.alerts.dports.len() < MAX_PORTS {
            group.alerts.dports.insert(inspected.ports().1);
        }
        let known: Vec<u64> = group.evidence.packets().collect();
        let fresh = alert.packets.iter().filter(|number| !known.contains(number));
        let seen = fresh.map(|number| Seen { number: *number, time: inspected.time });
        group.evidence.merge(&Evidence::collect(seen));
    }

    /// How many alerts had no room.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The findings, what matters most first.
    pub fn findings(&self) -> Vec<Finding> {
        self.groups.values().map(Group::finding).collect()
    }
}

impl Group {
    fn new(alert: &Alert<'_>) -> Self {
        let (rule, ip) = (alert.rule, alert.inspected.ip);
        let alerts = RuleAlerts {
            gid: rule.gid,
            sid: rule.sid,
            rev: rule.revision,
            msg: rule.message.clone(),
            classification: alert.classification.map(|class| class.description.clone()),
            priority: alert.priority,
            src: ip.src,
            dst: ip.dst,
            proto: protocol_name(ip.protocol).to_ascii_lowercase(),
            dports: BTreeSet::new(),
            alerts: 0,
        };
        Group { alerts, protocol: ip.protocol, evidence: Evidence::default(), envelope: Envelope::default() }
    }

    fn finding(&self) -> Finding {
        let alerts = &self.alerts;
        let class = alerts.classification.as_ref().map(|class| format!(" ({class})")).unwrap_or_default();
        let text = format!(
            "Rule {}:{} \"{}\"{class} matched what {} sent {}: {}.",
            alerts.gid,
            alerts.sid,
            alerts.msg,
            alerts.src,
            alerts.dst,
            count(alerts.alerts, "alert")
        );
        let filter = Filter::new().and(self.carrier()).src(alerts.src).dst(alerts.dst);
        let filter = match crate::filter_text::hides_ports(self.envelope) {
            true => filter,
            false => filter.dst_ports(&alerts.dports),
        };
        let body = Body::Alert(alerts.clone());
        Finding::new(body, text, &self.evidence, filter.inside(self.envelope))
    }

    /// The word or the number by which a filter knows the protocol.
    fn carrier(&self) -> String {
        const EVENT: u8 = 255;
        let family = if self.alerts.src.is_ipv4() { "ip" } else { "ip6" };
        match self.protocol {
            protocol::TCP | protocol::UDP | protocol::ICMP | protocol::ICMPV6 => {
                crate::filter_text::transport(self.protocol).to_owned()
            }
            // What tells of several packets has a protocol of its own.
            EVENT => family.to_owned(),
            other => format!("{family} proto {other}"),
        }
    }
}
