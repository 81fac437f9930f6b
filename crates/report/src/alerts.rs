//! Alerts as objects for programs.

use std::net::IpAddr;

use serde::Serialize;
use wirescope_detect::engine::Alert;
use wirescope_flow::decode::Transport;

use crate::rfc3339;
use crate::snort::protocol_name;

/// One alert.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct AlertObject<'a> {
    pub gid: u32,
    pub sid: u32,
    pub rev: u32,
    pub msg: &'a str,
    /// What the rule's class is called.
    pub classification: Option<&'a str>,
    /// 1 matters most; 0 where nothing says.
    pub priority: u32,
    /// Name of the IP protocol, in small letters.
    pub proto: String,
    pub src: IpAddr,
    /// Absent where the packet has no ports: ICMP, fragments, other protocols.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sport: Option<u16>,
    pub dst: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dport: Option<u16>,
    pub time: String,
    /// Numbers of the packets that it is about.
    pub packets: &'a [u64],
}

impl<'a> AlertObject<'a> {
    /// The object of an alert.
    pub fn new(alert: &Alert<'a>) -> Self {
        let inspected = alert.inspected;
        let has_ports = matches!(inspected.decoded.transport, Transport::Tcp(_) | Transport::Udp(_));
        let ports = Some(inspected.ports()).filter(|_| has_ports);
        AlertObject {
            gid: alert.rule.gid,
            sid: alert.rule.sid,
            rev: alert.rule.revision,
            msg: &alert.rule.message,
            classification: alert.classification.map(|class| class.description.as_str()),
            priority: alert.priority,
            proto: protocol_name(inspected.ip.protocol).to_ascii_lowercase(),
            src: inspected.ip.src,
            sport: ports.map(|ports| ports.0),
            dst: inspected.ip.dst,
            dport: ports.map(|ports| ports.1),
            time: rfc3339(inspected.time),
            packets: alert.packets,
        }
    }
}
