//! Conversations as a table.

use std::collections::BTreeSet;

use wirescope_flow::conversation::{Refusal, community_id};
use wirescope_flow::{Conversation, Investigated, Verdict};
use wirescope_wire::ipv4::protocol;

use super::{Naming, duration, end, finish, table};
use crate::filter_text::transport;
use crate::rfc3339;

/// What a verdict leaves open.
const NOTES: [(Verdict, &str); 3] = [
    (Verdict::NoAnswer, "no-answer: nothing came back; a filter in front of the host gives the same picture"),
    (Verdict::OneWay, "one-way: the sensor saw one direction only; the other went another way"),
    (Verdict::HalfOpen, "half-open: the answer to the SYN was never acknowledged"),
];

/// All conversations, in the order in which they began.
pub fn conversations(found: &Investigated, naming: &Naming) -> String {
    let mut rows = table(&[
        "no>",
        "start",
        "duration>",
        "client",
        "server",
        "proto",
        "packets>",
        "bytes>",
        "history",
        "verdict",
        "community id",
    ]);
    let mut shown = BTreeSet::new();
    let mut verdicts = BTreeSet::new();
    for conversation in &found.conversations {
        let has_ports = matches!(conversation.protocol, protocol::TCP | protocol::UDP);
        let (out, back) = (&conversation.from_client, &conversation.from_server);
        let proto = transport(conversation.protocol);
        let service = naming.service(proto, conversation.server.port).filter(|_| has_ports);
        shown.extend([conversation.client.host, conversation.server.host]);
        verdicts.insert(conversation.verdict());
        let seconds = conversation.last_time().seconds_since(conversation.first_time());
        rows.add_row([
            conversation.number.to_string(),
            rfc3339(conversation.first_time()),
            duration(seconds),
            end(conversation.client, has_ports),
            end(conversation.server, has_ports),
            service.map_or(proto.to_owned(), |service| format!("{proto} {}", super::escape(service))),
            format!("{} / {}", out.packets, back.packets),
            format!("{} / {}", out.bytes, back.bytes),
            conversation.history.as_str().to_owned(),
            verdict(conversation),
            community_id(conversation, 0),
        ]);
    }
    let mut text = finish(&rows);
    text.push_str("\nPackets and bytes are those of the client / of the server; capitals in the history are the client's.\n");
    for (verdict, note) in NOTES {
        if verdicts.contains(&verdict) {
            text.push_str(note);
            text.push('\n');
        }
    }
    text + &naming.legend(&shown)
}

/// What became of a conversation, and who cut it off.
pub(super) fn verdict(conversation: &Conversation) -> String {
    let name = conversation.verdict().name();
    match conversation.refusal() {
        Some(Refusal::Rst) => return format!("{name} (RST)"),
        Some(Refusal::Icmp { from, code }) => return format!("{name} (ICMP code {code} from {from})"),
        None => {}
    }
    match (conversation.from_client.reset, conversation.from_server.reset) {
        (true, true) => format!("{name}, reset by both"),
        (true, false) => format!("{name}, reset by the client"),
        (false, true) => format!("{name}, reset by the server"),
        (false, false) => name.to_owned(),
    }
}
