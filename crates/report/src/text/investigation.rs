//! The whole report: what matters most first, conversations last.

use std::collections::BTreeMap;

use anstyle::Style;
use wirescope_flow::Investigated;

use super::{ALARM, HEADING, Naming, end, escape, finish, grouped, heading, some_findings, table};
use crate::filter_text::transport;
use crate::findings::{Body, Finding, findings};
use crate::rfc3339;

/// Most findings of one sort that are told; the rest as a number.
const MOST_ATTACKS: usize = 100;
const MOST_OTHER: usize = 20;
/// Conversations named one by one.
const MOST_CONVERSATIONS: usize = 10;

/// A capture that was read.
#[derive(Clone, Debug)]
pub struct Capture {
    /// Its name.
    pub name: String,
    /// Number of its first packet.
    pub first: u64,
    /// How many packets it has.
    pub packets: u64,
}

/// Everything found, as text; `taken` packets were looked at, and rules, if there were any, gave `alerts`.
pub fn investigation(
    found: &Investigated,
    alerts: &[Finding],
    captures: &[Capture],
    taken: u64,
    naming: &Naming,
) -> String {
    let mut text = opening(found, captures, taken);
    let of_packets = findings(found).filter(|finding| !matches!(finding.body, Body::Flow(_)));
    let all: Vec<Finding> = of_packets.chain(alerts.iter().cloned()).collect();
    let of = |wanted: fn(&Body) -> bool| -> Vec<Finding> {
        all.iter().filter(|finding| wanted(&finding.body)).cloned().collect()
    };
    type Section = (&'static str, fn(&Body) -> bool, usize, Style, &'static str);
    let sections: [Section; 8] = [
        ("Attacks", is_attack, MOST_ATTACKS, ALARM, "--json"),
        ("Alerts of rules", |b| matches!(b, Body::Alert(_)), MOST_ATTACKS, ALARM, "wirescope detect"),
        (
            "Calls that followed a portmapper's word",
            |b| matches!(b, Body::RpcFollowup(_)),
            MOST_OTHER,
            ALARM,
            "wirescope rpc",
        ),
        ("Odd packets", |b| matches!(b, Body::Anomaly(_)), MOST_OTHER, ALARM, "--json"),
        ("Unusual protocols", |b| matches!(b, Body::UnusualProtocol(_)), MOST_OTHER, ALARM, "--json"),
        ("IRC", |b| matches!(b, Body::IrcServer(_)), MOST_OTHER, HEADING, "wirescope irc"),
        ("Questions to portmappers", |b| matches!(b, Body::RpcCall(_)), MOST_OTHER, HEADING, "wirescope rpc"),
        ("What portmappers told", |b| matches!(b, Body::RpcService(_)), MOST_OTHER, HEADING, "wirescope rpc"),
    ];
    for (title, wanted, most, style, command) in sections {
        text.push_str(&some_findings(title, &of(wanted), most, style, command));
    }
    if all.is_empty() {
        text.push_str(
            "\nNothing to report: no scan or flood, no odd packet, no unusual protocol, no RPC and no IRC.\n",
        );
    }
    text.push_str(&conversations(found));
    let shown = found.hosts.iter().map(|host| host.address).take(MOST_ATTACKS).collect();
    text + &naming.legend(&shown)
}

/// Whether a finding is an attack by itself.
pub(crate) fn is_attack(body: &Body) -> bool {
    matches!(
        body,
        Body::SynFlood(_)
            | Body::DecoyScan(_)
            | Body::Scan(_)
            | Body::FragmentAttack(_)
            | Body::DnsTunnel(_)
            | Body::RpcUnasked(_)
    )
}

fn opening(found: &Investigated, captures: &[Capture], taken: u64) -> String {
    let mut text = heading("What was read");
    for capture in captures {
        let last = (capture.first + capture.packets).saturating_sub(1);
        let range = match capture.packets {
            0 => "no packets".to_owned(),
            1 => format!("1 packet, number {last}"),
            packets => format!("{} packets, numbers {} to {last}", grouped(packets), capture.first),
        };
        text.push_str(&format!("  {}: {range}\n", escape(&capture.name)));
    }
    if let Some((first, last)) = found.times {
        let span = super::duration(last.seconds_since(first));
        text.push_str(&format!("  {} to {} ({span})\n", rfc3339(first), rfc3339(last)));
    }
    text + &format!(
        "  {} packets looked at, {} bytes, {} hosts, {} conversations\n",
        grouped(taken),
        grouped(found.bytes),
        grouped(found.hosts.len() as u64),
        grouped(found.conversations.len() as u64)
    )
}

/// Conversations by verdict, and the largest.
fn conversations(found: &Investigated) -> String {
    if found.conversations.is_empty() {
        return String::new();
    }
    let mut verdicts: BTreeMap<_, u64> = BTreeMap::new();
    for conversation in &found.conversations {
        *verdicts.entry(conversation.verdict()).or_default() += 1;
    }
    let counts: Vec<String> =
        verdicts.iter().map(|(verdict, count)| format!("{} {}", grouped(*count), verdict.name())).collect();
    let mut largest: Vec<_> = found.conversations.iter().collect();
    largest.sort_by_key(|c| std::cmp::Reverse(c.from_client.payload + c.from_server.payload));
    let mut rows = table(&["no>", "client", "server", "proto", "sent>", "got>", "verdict"]);
    for conversation in largest.iter().take(MOST_CONVERSATIONS) {
        rows.add_row([
            conversation.number.to_string(),
            end(conversation.client, true),
            end(conversation.server, true),
            transport(conversation.protocol).to_owned(),
            grouped(conversation.from_client.payload),
            grouped(conversation.from_server.payload),
            super::conversations::verdict(conversation),
        ]);
    }
    format!(
        "\n{}{}\nThe largest by payload (wirescope flows shows all, flows --follow NO what was said):\n\n{}",
        heading(&format!("Conversations ({})", found.conversations.len())),
        counts.join(", "),
        finish(&rows)
    )
}
