//! Findings: each a plain sentence, its evidence, and the filter that shows it with tcpdump; as JSON one
//! object a line.

mod alerts;
mod attacks;
mod conversations;
mod packets;
mod services;

use std::fmt;
use std::net::IpAddr;

use serde::{Serialize, Serializer};
use wirescope_flow::{Endpoint, Evidence, Investigated};

use crate::rfc3339;

pub use alerts::{Alerts, RuleAlerts};
pub use attacks::{DecoyScan, DnsTunnel, FragmentAttack, PushedData, Scan, SynFlood};
pub use conversations::{Flow, flow};
pub use packets::{Anomaly, UnusualProtocol};
pub use services::{IrcServer, RpcCall, RpcFollowup, RpcService, RpcUnasked, irc, rpc};

/// One finding.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What was found.
    #[serde(flatten)]
    pub body: Body,
    /// One plain sentence.
    pub text: String,
    /// Numbers of the packets that prove it: all, or the first 99 and the last.
    pub packets: Vec<u64>,
    /// How many there are in all.
    pub packet_count: u64,
    /// Time of the first, as text.
    pub first_time: String,
    /// Time of the last, as text.
    pub last_time: String,
    /// An expression that selects them with tcpdump.
    pub filter: String,
}

/// What a finding says, by its kind.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "finding", rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Body {
    SynFlood(SynFlood),
    DecoyScan(DecoyScan),
    Alert(RuleAlerts),
    Scan(Scan),
    FragmentAttack(FragmentAttack),
    DnsTunnel(DnsTunnel),
    RpcFollowup(RpcFollowup),
    RpcUnasked(RpcUnasked),
    RpcCall(RpcCall),
    RpcService(RpcService),
    IrcServer(IrcServer),
    UnusualProtocol(UnusualProtocol),
    Anomaly(Anomaly),
    Flow(Flow),
}

impl Finding {
    fn new(body: Body, text: String, evidence: &Evidence, filter: String) -> Self {
        Finding {
            body,
            text,
            packets: evidence.packets().collect(),
            packet_count: evidence.count(),
            first_time: rfc3339(evidence.first_time()),
            last_time: rfc3339(evidence.last_time()),
            filter,
        }
    }

    /// The finding as one line of JSON, without the end of line.
    pub fn json(&self) -> String {
        // Every key is text and every value finite: there is nothing that JSON could not hold.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// All findings, what matters most first: attacks that got data through, other attacks, what moved where it
/// should not, what was asked and told, oddities, and last every conversation.
pub fn findings(found: &Investigated) -> impl Iterator<Item = Finding> + '_ {
    attacks::findings(found)
        .into_iter()
        .chain(services::findings(found))
        .chain(packets::findings(found))
        .chain(conversations::findings(found))
}

/// Scans, decoys and floods alone.
pub fn scans(found: &Investigated) -> impl Iterator<Item = Finding> + '_ {
    let wanted =
        |finding: &Finding| matches!(finding.body, Body::Scan(_) | Body::DecoyScan(_) | Body::SynFlood(_));
    attacks::findings(found).into_iter().filter(wanted)
}

/// An address with a port, as findings write it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct EndpointText {
    /// Address.
    pub host: IpAddr,
    /// Port; absent for ICMP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
}

fn endpoints<'e>(all: impl IntoIterator<Item = &'e Endpoint>, has_ports: bool) -> Vec<EndpointText> {
    all.into_iter().map(|e| EndpointText { host: e.host, port: has_ports.then_some(e.port) }).collect()
}

/// A number with its noun in singular or plural.
pub(crate) fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {}", plural(noun)) }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

/// Items joined as in a sentence, the rest of a long list as a number.
fn list(items: impl ExactSizeIterator<Item = impl fmt::Display>) -> String {
    const SHOWN: usize = 5;
    let rest = items.len().saturating_sub(SHOWN);
    let mut shown: Vec<String> = items.take(SHOWN).map(|item| item.to_string()).collect();
    if rest > 0 {
        shown.push(format!("{rest} more"));
    }
    match shown.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// An endpoint in a sentence: IPv6 addresses in brackets.
fn place(endpoint: Endpoint) -> String {
    match endpoint.host {
        IpAddr::V4(host) => format!("{host}:{}", endpoint.port),
        IpAddr::V6(host) => format!("[{host}]:{}", endpoint.port),
    }
}

/// Bytes as hexadecimal digits.
fn hex<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    bytes.as_deref().map(hex_text).serialize(serializer)
}

/// Bytes as hexadecimal digits, two each.
pub(crate) fn hex_text(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(*DIGITS.get(usize::from(nibble)).unwrap_or(&b'?'));
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
