//! The portmapper and rpcbind (RFC 1833; RPC itself RFC 5531, record marking in its section 11): who asked
//! where a program listens, what was answered, and who then went there.

mod message;
mod query;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};

use foldhash::fast::RandomState;
use wirescope_wire::ipv4::protocol;

use crate::bounded::Bounded;
use crate::conversation::{Conversation, Endpoint};
use crate::evidence::{Evidence, Seen};

pub use message::looks_like_portmapper_call;
pub use query::{Registration, dump_call, dump_reply};
pub use wirescope_wire::rpc::program_name;

use message::{Ask, Call, Mapping, Message};

/// Port of the portmapper and of rpcbind.
pub const PORTMAPPER_PORT: u16 = 111;
/// Most calls that wait for an answer, and most calls kept.
const MAX_PENDING: usize = 4096;
const MAX_CALLS: usize = 65_536;
/// Ports that Solaris and others give to RPC programs, where scanners look without asking.
pub const RPC_PORTS: std::ops::RangeInclusive<u16> = 32_770..=34_000;

/// What a portmapper was asked to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Procedure {
    /// Where does this program listen? `GETPORT`, in rpcbind `GETADDR`.
    GetPort,
    /// What is registered? `DUMP`.
    Dump,
    /// Call this program for me: `CALLIT`, in rpcbind `BCAST` and `INDIRECT`.
    CallIt,
}

impl Procedure {
    /// The name in findings.
    pub fn name(self) -> &'static str {
        match self {
            Procedure::GetPort => "getport",
            Procedure::Dump => "dump",
            Procedure::CallIt => "callit",
        }
    }
}

/// One call and its reply.
#[derive(Clone, Debug)]
pub struct RpcCall {
    /// Who asked.
    pub client: Endpoint,
    /// Which portmapper; for a broadcast the address of all.
    pub server: Endpoint,
    /// Whether it went to all portmappers of a network, of which any may answer.
    pub is_broadcast: bool,
    /// What.
    pub procedure: Procedure,
    /// Program asked for.
    pub program: Option<u32>,
    /// Its version.
    pub version: Option<u32>,
    /// Transport asked for: TCP or UDP by IP protocol number.
    pub transport: Option<u8>,
    /// The packet with the call.
    pub call: Seen,
    /// The packet with the reply; to a broadcast the first one.
    pub reply: Option<Seen>,
    /// Port given: 0 for a program that is not registered.
    pub port: Option<u32>,
}

/// One registration learnt from replies.
#[derive(Clone, Debug)]
pub struct RpcService {
    /// The host on which it is registered.
    pub host: IpAddr,
    /// Program.
    pub program: u32,
    /// Version.
    pub version: u32,
    /// Transport, by IP protocol number.
    pub transport: u8,
    /// Port, above 0.
    pub port: u16,
    /// Port of the portmapper that told it.
    pub portmapper: u16,
    /// The calls whose replies told it, by name.
    pub learnt_from: BTreeSet<&'static str>,
    /// Those replies.
    pub evidence: Evidence,
}

/// A conversation to a port that a portmapper had told its client.
#[derive(Clone, Copy, Debug)]
pub struct Followup {
    /// Position in the list of conversations.
    pub conversation: usize,
    /// The program that listens there.
    pub program: u32,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Pending {
    client: Endpoint,
    server: Endpoint,
    transport: u8,
    xid: u32,
}

/// Watches calls to portmappers and their replies.
#[derive(Debug)]
pub struct Portmappers {
    pending: Bounded<Pending, (usize, Ask)>,
    calls: Vec<RpcCall>,
    dropped: u64,
    services: HashMap<(IpAddr, u32, u32, u8, u16), RpcService, RandomState>,
    /// Who was told which port of which host, when, and for which program.
    told: HashMap<(IpAddr, IpAddr, u8, u16), (Seen, u32), RandomState>,
}

impl Default for Portmappers {
    fn default() -> Self {
        Portmappers {
            pending: Bounded::new(MAX_PENDING),
            calls: Vec::new(),
            dropped: 0,
            services: HashMap::default(),
            told: HashMap::default(),
        }
    }
}

impl Portmappers {
    /// Looks at one RPC message that went from `src` to `dst` over `transport`.
    pub fn message(&mut self, seen: Seen, src: Endpoint, dst: Endpoint, transport: u8, bytes: &[u8]) {
        match message::read(bytes) {
            Ok(Message::Call(xid, call)) => self.call(seen, src, dst, transport, xid, call),
            Ok(Message::Reply(xid, results)) => {
                let key = Pending { client: dst, server: src, transport, xid };
                let to_all = Pending { server: anyone(src), ..key.clone() };
                let asked = self.pending.remove(&key).or_else(|| self.pending.get(&to_all).copied());
                if let Some((at, ask)) = asked {
                    self.reply(seen, src, at, ask, message::mappings(ask, results));
                }
            }
            Err(_) => {}
        }
    }

    fn call(&mut self, seen: Seen, src: Endpoint, dst: Endpoint, transport: u8, xid: u32, call: Call) {
        let is_broadcast = dst.is_for_many();
        let server = if is_broadcast { anyone(dst) } else { dst };
        let key = Pending { client: src, server, transport, xid };
        if self.pending.get(&key).is_some() {
            return; // sent again
        }
        if self.calls.len() >= MAX_CALLS {
            self.dropped += 1;
            return;
        }
        self.pending.insert(key, (self.calls.len(), call.ask));
        self.calls.push(RpcCall {
            client: src,
            server: dst,
            is_broadcast,
            procedure: call.ask.procedure,
            program: call.program,
            version: call.version,
            transport: call.transport.or((call.ask.procedure == Procedure::CallIt).then_some(protocol::UDP)),
            call: seen,
            reply: None,
            port: None,
        });
    }

    fn reply(&mut self, seen: Seen, server: Endpoint, at: usize, ask: Ask, mappings: Option<Vec<Mapping>>) {
        let Some(call) = self.calls.get_mut(at) else { return };
        let is_first = call.reply.is_none();
        call.reply.get_or_insert(seen);
        let Some(mappings) = mappings else { return };
        if is_first && ask.procedure != Procedure::Dump {
            call.port = mappings.first().map(|mapping| mapping.port);
        }
        let (client, host, portmapper) = (call.client.host, server.host, server.port);
        for mapping in mappings {
            let program = mapping.program.or(call.program);
            let version = mapping.version.or(call.version);
            let transport = mapping.transport.or(call.transport);
            let (Some(program), Some(version), Some(transport)) = (program, version, transport) else {
                continue;
            };
            let Some(port) = u16::try_from(mapping.port).ok().filter(|port| *port > 0) else { continue };
            if self.services.len() >= MAX_CALLS || self.told.len() >= MAX_CALLS {
                self.dropped += 1;
                return;
            }
            let service =
                self.services.entry((host, program, version, transport, port)).or_insert_with(|| {
                    RpcService {
                        host,
                        program,
                        version,
                        transport,
                        port,
                        portmapper,
                        learnt_from: BTreeSet::new(),
                        evidence: Evidence::default(),
                    }
                });
            service.learnt_from.insert(ask.procedure.name());
            service.evidence.add(seen);
            self.told.entry((client, host, transport, port)).or_insert((seen, program));
        }
    }

    /// What had to be left out for want of room.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// All calls, in the order in which they were made.
    pub fn calls(&self) -> &[RpcCall] {
        &self.calls
    }

    /// All registrations, by host, program, version, transport and port.
    pub fn services(&self) -> Vec<RpcService> {
        let mut all: Vec<_> = self.services.values().cloned().collect();
        all.sort_by_key(|s| (s.host, s.program, s.version, s.transport, s.port));
        all
    }

    /// The conversations that went where a portmapper had sent them.
    pub fn followups(&self, conversations: &[Conversation]) -> Vec<Followup> {
        let followed = |(at, conversation): (usize, &Conversation)| {
            let server = conversation.server;
            let key = (conversation.client.host, server.host, conversation.protocol, server.port);
            let (told, program) = self.told.get(&key)?;
            // Afterwards, and not the question to the portmapper itself.
            let later = conversation.evidence.first_packet()? > told.number;
            (later && server.port != PORTMAPPER_PORT)
                .then_some(Followup { conversation: at, program: *program })
        };
        conversations.iter().enumerate().filter_map(followed).collect()
    }

    /// Conversations into the ports of RPC programs from clients that never asked any portmapper.
    pub fn unasked(&self, conversations: &[Conversation]) -> Vec<usize> {
        let asked: HashSet<(IpAddr, IpAddr)> =
            self.calls.iter().map(|call| (call.client.host, call.server.host)).collect();
        let unasked = |conversation: &Conversation| {
            RPC_PORTS.contains(&conversation.server.port)
                && conversation.client.port != 53
                && !asked.contains(&(conversation.client.host, conversation.server.host))
        };
        conversations.iter().enumerate().filter(|(_, c)| unasked(c)).map(|(at, _)| at).collect()
    }
}

/// The portmapper of any host.
fn anyone(server: Endpoint) -> Endpoint {
    Endpoint { host: IpAddr::V4(Ipv4Addr::UNSPECIFIED), ..server }
}

#[cfg(test)]
mod tests;
