//! What hosts asked portmappers, where they went then, and whom they chatted with.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;
use wirescope_flow::decode::Envelope;
use wirescope_flow::rpc::program_name;
use wirescope_flow::{Conversation, Evidence, Investigated, irc, rpc};
use wirescope_wire::tcp::flag;

use super::{Body, Finding, count, list, place};
use crate::filter_text::{Filter, transport};

/// A conversation to a port that a portmapper had told its client.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct RpcFollowup {
    pub src: IpAddr,
    pub sport: u16,
    pub dst: IpAddr,
    pub dport: u16,
    pub proto: &'static str,
    pub program: u32,
    pub client_bytes: u64,
    pub server_bytes: u64,
}

/// One call to a portmapper.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct RpcCall {
    pub client: IpAddr,
    pub server: IpAddr,
    pub procedure: &'static str,
    pub program: Option<u32>,
    pub version: Option<u32>,
    pub proto: Option<&'static str>,
    pub call_packet: u64,
    pub reply_packet: Option<u64>,
    pub port: Option<u32>,
}

/// One registration learnt from replies.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct RpcService {
    pub host: IpAddr,
    pub program: u32,
    pub version: u32,
    pub proto: &'static str,
    pub port: u16,
    pub name: &'static str,
    pub learnt_from: Vec<&'static str>,
}

/// An IRC server that a host talked to, or tried to.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct IrcServer {
    pub host: IpAddr,
    pub server: IpAddr,
    pub port: u16,
    pub answered: bool,
    pub channels: Vec<String>,
    pub nicks: Vec<String>,
    /// How often the client gave each command.
    pub commands: BTreeMap<String, u64>,
}

/// A conversation into the ports of RPC programs whose client had asked no portmapper.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct RpcUnasked {
    pub src: IpAddr,
    pub sport: u16,
    pub dst: IpAddr,
    pub dport: u16,
    pub proto: &'static str,
    pub client_bytes: u64,
    pub server_bytes: u64,
}

/// What is told of IRC.
pub fn irc(found: &Investigated) -> impl Iterator<Item = Finding> + '_ {
    found.irc_servers.iter().map(|server| irc_finding(server, found.envelope))
}

/// What is told of RPC, connections that no portmapper had been asked for with it.
pub fn rpc(found: &Investigated) -> impl Iterator<Item = Finding> + '_ {
    let unasked = found.rpc_unasked.iter().filter_map(|at| found.conversations.get(*at)).map(unasked_finding);
    let rest = findings(found).filter(|finding| !matches!(finding.body, Body::IrcServer(_)));
    unasked.chain(rest)
}

pub(super) fn findings(found: &Investigated) -> impl Iterator<Item = Finding> + '_ {
    let followups = found.rpc_followups.iter().filter_map(|followup| {
        found.conversations.get(followup.conversation).map(|c| followup_finding(c, followup.program))
    });
    let calls = found.rpc_calls.iter().map(|call| call_finding(call, found.envelope));
    let services = found.rpc_services.iter().map(|service| service_finding(service, found.envelope));
    followups.chain(irc(found)).chain(calls).chain(services)
}

fn unasked_finding(conversation: &Conversation) -> Finding {
    let (client, server) = (conversation.client, conversation.server);
    let (out, back) = (conversation.from_client.payload, conversation.from_server.payload);
    let body = RpcUnasked {
        src: client.host,
        sport: client.port,
        dst: server.host,
        dport: server.port,
        proto: transport(conversation.protocol),
        client_bytes: out,
        server_bytes: back,
    };
    let text = format!(
        "{} went to {}, a port of RPC programs, without having asked its portmapper: {} sent, {} got.",
        client.host,
        place(server),
        count(out, "byte"),
        count(back, "byte")
    );
    let filter = Filter::conversation(conversation.protocol, client, server, conversation.envelope);
    let filter = filter.inside(conversation.envelope);
    Finding::new(Body::RpcUnasked(body), text, &conversation.evidence, filter)
}

fn followup_finding(conversation: &Conversation, program: u32) -> Finding {
    let (client, server) = (conversation.client, conversation.server);
    let (out, back) = (conversation.from_client.payload, conversation.from_server.payload);
    let body = RpcFollowup {
        src: client.host,
        sport: client.port,
        dst: server.host,
        dport: server.port,
        proto: transport(conversation.protocol),
        program,
        client_bytes: out,
        server_bytes: back,
    };
    let text = format!(
        "{} went to {} ({}), as the portmapper had told it, sent {} and got {}.",
        client.host,
        place(server),
        program_name(program),
        count(out, "byte"),
        count(back, "byte")
    );
    let filter = Filter::conversation(conversation.protocol, client, server, conversation.envelope);
    let filter = filter.inside(conversation.envelope);
    Finding::new(Body::RpcFollowup(body), text, &conversation.evidence, filter)
}

fn call_finding(call: &rpc::RpcCall, envelope: Envelope) -> Finding {
    let body = RpcCall {
        client: call.client.host,
        server: call.server.host,
        procedure: call.procedure.name(),
        program: call.program,
        version: call.version,
        proto: call.transport.map(transport),
        call_packet: call.call.number,
        reply_packet: call.reply.map(|seen| seen.number),
        port: call.port,
    };
    let what = match (call.procedure, call.program) {
        (rpc::Procedure::Dump, _) | (_, None) => "what is registered".to_owned(),
        (rpc::Procedure::GetPort, Some(program)) => {
            format!("where {} ({program}) listens", program_name(program))
        }
        (rpc::Procedure::CallIt, Some(program)) => format!("to call {} ({program})", program_name(program)),
    };
    let answer = match (call.reply, call.port) {
        (None, _) => "and got no answer".to_owned(),
        (Some(_), None) => "and was told".to_owned(),
        (Some(_), Some(0)) => "and was told: nowhere".to_owned(),
        (Some(_), Some(port)) => format!("and was told port {port}"),
    };
    let text = format!("{} asked the portmapper of {} {what} {answer}.", call.client.host, call.server.host);
    let evidence = Evidence::collect([Some(call.call), call.reply].into_iter().flatten());
    let filter = Filter::new().and(format!("host {}", call.client.host));
    let filter = match call.is_broadcast {
        true => filter, // who answers does so from its own address
        false => filter.and(format!("host {}", call.server.host)),
    };
    let filter = filter.and(format!("port {}", call.client.port)).and(format!("port {}", call.server.port));
    Finding::new(Body::RpcCall(body), text, &evidence, filter.inside(envelope))
}

fn service_finding(service: &rpc::RpcService, envelope: Envelope) -> Finding {
    let name = program_name(service.program);
    let body = RpcService {
        host: service.host,
        program: service.program,
        version: service.version,
        proto: transport(service.transport),
        port: service.port,
        name,
        learnt_from: service.learnt_from.iter().copied().collect(),
    };
    let text = format!(
        "{} runs {name} ({}) version {} on {} port {}, its portmapper says.",
        service.host,
        service.program,
        service.version,
        transport(service.transport),
        service.port
    );
    let filter = Filter::new().and(format!("src host {} and src port {}", service.host, service.portmapper));
    Finding::new(Body::RpcService(body), text, &service.evidence, filter.inside(envelope))
}

fn irc_finding(irc: &irc::IrcServer, envelope: Envelope) -> Finding {
    let body = IrcServer {
        host: irc.host,
        server: irc.server.host,
        port: irc.server.port,
        answered: irc.answered,
        channels: irc.session.channels.iter().cloned().collect(),
        nicks: irc.session.nicks.iter().cloned().collect(),
        commands: irc.session.commands.clone(),
    };
    let channels = match irc.session.channels.len() {
        0 => String::new(),
        _ => format!(" in {}", list(irc.session.channels.iter())),
    };
    let text = if irc.answered {
        format!("{} talked to the IRC server {}{channels}.", irc.host, place(irc.server))
    } else {
        format!("{} tried the IRC server {}, which did not answer.", irc.host, place(irc.server))
    };
    const SYN_ACK: u8 = flag::SYN | flag::ACK;
    let filter = Filter::new().and("tcp");
    let filter = match irc.proof {
        irc::Proof::SynAcks => filter
            .src(irc.server.host)
            .dst(irc.host)
            .and(format!("src port {}", irc.server.port))
            .tcp_flags(irc.host, SYN_ACK, SYN_ACK, envelope),
        irc::Proof::Syns => filter
            .src(irc.host)
            .dst(irc.server.host)
            .and(format!("dst port {}", irc.server.port))
            .tcp_flags(irc.host, SYN_ACK, flag::SYN, envelope),
        irc::Proof::Conversation => filter
            .and(format!("host {}", irc.host))
            .and(format!("host {}", irc.server.host))
            .and(format!("port {}", irc.server.port)),
    };
    Finding::new(Body::IrcServer(body), text, &irc.evidence, filter.inside(envelope))
}
