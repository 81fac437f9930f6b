//! Conversations of TCP and UDP.

use std::net::IpAddr;

use serde::Serialize;
use wirescope_flow::conversation::{Refusal, community_id};
use wirescope_flow::{Conversation, Endpoint, Investigated, Verdict};
use wirescope_wire::ipv4::protocol;

use super::{Body, Finding, count, place};
use crate::filter_text::{Filter, transport};

/// One TCP or UDP conversation.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Flow {
    /// Its number, by which `flows --follow` knows it.
    pub number: u64,
    pub src: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sport: Option<u16>,
    pub dst: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dport: Option<u16>,
    pub proto: &'static str,
    pub verdict: &'static str,
    pub client_bytes: u64,
    pub server_bytes: u64,
    pub client_packets: u64,
    pub server_packets: u64,
    pub refused_by: Option<&'static str>,
    pub icmp_from: Option<IpAddr>,
    pub icmp_code: Option<u8>,
    /// Seconds from the first packet to the last.
    pub duration: f64,
    /// What happened, a letter each.
    pub history: String,
    pub community_id: String,
}

/// Every conversation but the probes of scans and floods; those that moved data stand in both places.
pub(super) fn findings(found: &Investigated) -> impl Iterator<Item = Finding> + '_ {
    found
        .conversations
        .iter()
        .enumerate()
        .filter(|(_, c)| matches!(c.protocol, protocol::TCP | protocol::UDP))
        .filter(|(at, c)| !found.scans.is_probe(*at) || c.from_server.payload > 0)
        .map(|(_, conversation)| flow(conversation))
}

/// One conversation as a finding.
pub fn flow(conversation: &Conversation) -> Finding {
    let (client, server) = (conversation.client, conversation.server);
    let refusal = conversation.refusal();
    let (refused_by, icmp_from, icmp_code) = match refusal {
        None => (None, None, None),
        Some(Refusal::Rst) => (Some("rst"), None, None),
        Some(Refusal::Icmp { from, code }) => (Some("icmp"), Some(from), Some(code)),
    };
    let has_ports = matches!(conversation.protocol, protocol::TCP | protocol::UDP);
    let body = Flow {
        number: conversation.number,
        src: client.host,
        sport: has_ports.then_some(client.port),
        dst: server.host,
        dport: has_ports.then_some(server.port),
        proto: transport(conversation.protocol),
        verdict: conversation.verdict().name(),
        client_bytes: conversation.from_client.payload,
        server_bytes: conversation.from_server.payload,
        client_packets: conversation.from_client.packets,
        server_packets: conversation.from_server.packets,
        refused_by,
        icmp_from,
        icmp_code,
        duration: conversation.last_time().seconds_since(conversation.first_time()),
        history: conversation.history.as_str().to_owned(),
        community_id: community_id(conversation, 0),
    };
    let filter = Filter::conversation(conversation.protocol, client, server, conversation.envelope);
    let filter = filter.inside(conversation.envelope);
    Finding::new(Body::Flow(body), text(conversation, refusal), &conversation.evidence, filter)
}

fn text(conversation: &Conversation, refusal: Option<Refusal>) -> String {
    let word = match conversation.protocol {
        protocol::TCP => "TCP",
        protocol::UDP => "UDP",
        _ => "ICMP",
    };
    let place = |endpoint: Endpoint| match word {
        "ICMP" => endpoint.host.to_string(),
        _ => place(endpoint),
    };
    let (client, server) = (place(conversation.client), place(conversation.server));
    let (out, back) = (conversation.from_client.payload, conversation.from_server.payload);
    match (conversation.verdict(), refusal) {
        (_, Some(Refusal::Rst)) => format!("{client} tried {word} to {server}, which refused it by RST."),
        (_, Some(Refusal::Icmp { from, code })) => {
            format!("{client} tried {word} to {server}; {from} refused it by ICMP unreachable, code {code}.")
        }
        (Verdict::NoAnswer, _) => format!(
            "{client} sent {word} to {server} and nothing came back; a filter before the host looks the same."
        ),
        (Verdict::HalfOpen, _) => format!("{client} had {server} answer with SYN/ACK and never completed."),
        (Verdict::OpenNoData, _) => format!("{client} and {server} talked {word} without any payload."),
        (Verdict::OneWay, _) => {
            format!(
                "Only one direction of {word} between {client} and {server} was seen; the other went another way."
            )
        }
        (Verdict::Data | Verdict::Refused, _) => format!(
            "{client} sent {} to {server} by {word} and got {}.",
            count(out, "byte"),
            count(back, "byte")
        ),
    }
}
