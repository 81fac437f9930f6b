//! RPC maps and IRC.

use std::collections::BTreeSet;
use std::net::IpAddr;

use wirescope_flow::rpc::program_name;
use wirescope_flow::{Conversation, Investigated};

use super::{ALARM, HEADING, Naming, end, escape, finding, heading};
use crate::filter_text::transport;
use crate::findings::{Body, irc as irc_findings, rpc as rpc_findings};

/// What is known of RPC, host by host.
pub fn rpc(found: &Investigated, naming: &Naming) -> String {
    let mut hosts: BTreeSet<IpAddr> = found.rpc_services.iter().map(|service| service.host).collect();
    hosts.extend(found.rpc_calls.iter().map(|call| call.server.host));
    let unasked = found.rpc_unasked.iter().filter_map(|at| found.conversations.get(*at));
    hosts.extend(unasked.map(|conversation| conversation.server.host));
    let mut text = String::new();
    for host in &hosts {
        text.push_str(&format!("{HEADING}{host}{HEADING:#}\n"));
        map(found, *host, &mut text);
        visitors(found, *host, &mut text);
    }
    if !hosts.is_empty() {
        text.push_str(&format!("\n{}", heading("Evidence")));
        for each in rpc_findings(found) {
            let style = if matches!(each.body, Body::RpcUnasked(_)) { ALARM } else { HEADING };
            text.push_str(&finding(&each, style));
        }
    }
    if text.is_empty() { text } else { text + &naming.legend(&hosts) }
}

/// What a host's portmapper told.
fn map(found: &Investigated, host: IpAddr, text: &mut String) {
    for service in found.rpc_services.iter().filter(|service| service.host == host) {
        let learnt: Vec<&str> = service.learnt_from.iter().copied().collect();
        text.push_str(&format!(
            "  {} {} version {} on {} port {} (told by {})\n",
            service.program,
            program_name(service.program),
            service.version,
            transport(service.transport),
            service.port,
            learnt.join(", ")
        ));
    }
}

/// Who asked, who then went where, and who went without asking.
fn visitors(found: &Investigated, host: IpAddr, text: &mut String) {
    let asked: BTreeSet<IpAddr> =
        found.rpc_calls.iter().filter(|call| call.server.host == host).map(|call| call.client.host).collect();
    for client in asked {
        text.push_str(&format!("  asked by {client}\n"));
    }
    let to_host = |at: usize| found.conversations.get(at).filter(|c| c.server.host == host);
    for followup in &found.rpc_followups {
        if let Some(conversation) = to_host(followup.conversation) {
            let what = format!("to {} as told", program_name(followup.program));
            text.push_str(&visit(conversation, &what));
        }
    }
    for conversation in found.rpc_unasked.iter().filter_map(|at| to_host(*at)) {
        text.push_str(&visit(conversation, &format!("{ALARM}without having asked{ALARM:#}")));
    }
}

fn visit(conversation: &Conversation, what: &str) -> String {
    let (out, back) = (conversation.from_client.payload, conversation.from_server.payload);
    format!(
        "  {} went to {} port {} {what}: {}, {out} bytes out, {back} back\n",
        end(conversation.client, true),
        transport(conversation.protocol),
        conversation.server.port,
        super::conversations::verdict(conversation)
    )
}

/// IRC servers, who talked to them, and what about.
pub fn irc(found: &Investigated, naming: &Naming) -> String {
    let mut text = String::new();
    let mut shown = BTreeSet::new();
    for (server, each) in found.irc_servers.iter().zip(irc_findings(found)) {
        shown.extend([server.host, server.server.host]);
        text.push_str(&finding(&each, HEADING));
        let session = &server.session;
        let words = |words: &BTreeSet<String>| escape(&words.iter().cloned().collect::<Vec<_>>().join(" "));
        if !session.channels.is_empty() {
            text.push_str(&format!("    channels: {}\n", words(&session.channels)));
        }
        if !session.nicks.is_empty() {
            text.push_str(&format!("    nicks: {}\n", words(&session.nicks)));
        }
        if !session.commands.is_empty() {
            let commands: Vec<String> =
                session.commands.iter().map(|(command, count)| format!("{command} {count}")).collect();
            text.push_str(&format!("    commands: {}\n", escape(&commands.join(", "))));
        }
    }
    if text.is_empty() { text } else { text + &naming.legend(&shown) }
}
