//! One pass over packets that leaves everything the analyses need, within bounds.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use wirescope_wire::ipv4::protocol;
use wirescope_wire::{Packet, Timestamp};

use crate::anomaly::{Anomalies, Anomaly};
use crate::conversation::{Conversation, Conversations, Endpoint, Update};
use crate::decode::{Datagram, Decoded, Envelope, Ip, Transport, decode, decode_reassembled};
use crate::dns::{DNS_PORT, DnsReader, Names, Tunnel};
use crate::evidence::Seen;
use crate::fragments::{self, Defragmenter};
use crate::hosts::{Host, hosts};
use crate::irc::{self, IrcServer, IrcSession};
use crate::protocols::{UnusualProtocol, UnusualProtocols};
use crate::rpc::{Followup, PORTMAPPER_PORT, Portmappers, RpcCall, RpcService, looks_like_portmapper_call};
use crate::scan::{self, Scans};
use crate::stream;
use crate::tap::Tap;

/// Most conversations with something said in IRC.
const MAX_IRC_SESSIONS: usize = 16_384;

/// How much may be held.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Conversations under way, and as many again that have ended.
    pub conversations: usize,
    /// Bytes of streams that wait for earlier ones.
    pub stream_bytes: usize,
    /// Fragments.
    pub fragments: fragments::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { conversations: 131_072, stream_bytes: 16 << 20, fragments: fragments::Limits::default() }
    }
}

/// What was left out for want of room.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct LeftOut {
    /// Conversations.
    pub conversations: u64,
    /// Incomplete datagrams.
    pub fragments: u64,
    /// Streams that stopped waiting for missing bytes.
    pub streams: u64,
    /// Anomalies.
    pub anomalies: u64,
    /// Calls to portmappers.
    pub rpc: u64,
    /// Pairs of hosts with unusual protocols.
    pub protocols: u64,
}

impl LeftOut {
    /// Whether nothing was.
    pub fn is_nothing(&self) -> bool {
        *self == LeftOut::default()
    }
}

/// Everything that was found.
#[derive(Debug)]
pub struct Investigated {
    /// Packets seen.
    pub packets: u64,
    /// Packets without an IP header.
    pub other_packets: u64,
    /// Bytes on the wire.
    pub bytes: u64,
    /// Time of the first packet and of the last.
    pub times: Option<(Timestamp, Timestamp)>,
    /// All conversations, in the order in which they began.
    pub conversations: Vec<Conversation>,
    /// Scans and floods among them.
    pub scans: Scans,
    /// Odd packets.
    pub anomalies: Vec<Anomaly>,
    /// Dishonest fragments.
    pub fragments: Vec<fragments::Report>,
    /// Data in names.
    pub tunnels: Vec<Tunnel>,
    /// Calls to portmappers.
    pub rpc_calls: Vec<RpcCall>,
    /// What portmappers told.
    pub rpc_services: Vec<RpcService>,
    /// Who went there.
    pub rpc_followups: Vec<Followup>,
    /// Positions of conversations to RPC ports of hosts whose portmapper the client had not asked.
    pub rpc_unasked: Vec<usize>,
    /// IRC servers.
    pub irc_servers: Vec<IrcServer>,
    /// Packets of unusual protocols.
    pub protocols: Vec<UnusualProtocol>,
    /// What packets of the capture were wrapped in.
    pub envelope: Envelope,
    /// Every host.
    pub hosts: Vec<Host>,
    /// What was left out.
    pub left_out: LeftOut,
}

/// The pass.
#[derive(Debug)]
pub struct Investigation {
    number: u64,
    other_packets: u64,
    bytes: u64,
    times: Option<(Timestamp, Timestamp)>,
    envelope: Envelope,
    defragmenter: Defragmenter,
    anomalies: Anomalies,
    protocols: UnusualProtocols,
    content: Content,
}

/// Conversations and those who read what they carry.
#[derive(Debug)]
struct Content {
    cap: usize,
    conversations: Conversations<Option<Box<Tap>>>,
    ended: Vec<Conversation>,
    dropped: u64,
    budget: stream::Budget,
    readers: Readers,
    irc: HashMap<u64, IrcSession, RandomState>,
}

/// Readers of payload that streams and datagrams share.
#[derive(Debug, Default)]
pub(crate) struct Readers {
    pub(crate) rpc: Portmappers,
    pub(crate) dns: DnsReader,
}

impl Default for Investigation {
    fn default() -> Self {
        Investigation::new(Limits::default())
    }
}

impl Investigation {
    /// A pass that holds no more than `limits` allow.
    pub fn new(limits: Limits) -> Self {
        Investigation {
            number: 0,
            other_packets: 0,
            bytes: 0,
            times: None,
            envelope: Envelope::default(),
            defragmenter: Defragmenter::new(fragments::Policy::default(), limits.fragments),
            anomalies: Anomalies::default(),
            protocols: UnusualProtocols::default(),
            content: Content {
                cap: limits.conversations,
                conversations: Conversations::new(limits.conversations),
                ended: Vec::new(),
                dropped: 0,
                budget: stream::Budget::new(limits.stream_bytes),
                readers: Readers::default(),
                irc: HashMap::default(),
            },
        }
    }

    /// Names learnt so far.
    pub fn names(&self) -> &Names {
        self.content.readers.dns.names()
    }

    /// Takes the next packet, the first of which has number 1.
    pub fn packet(&mut self, packet: &Packet) {
        self.numbered_packet(self.number + 1, packet);
    }

    /// Takes a packet by its number in the capture: a filter may have left out others.
    pub fn numbered_packet(&mut self, number: u64, packet: &Packet) {
        self.number = number;
        let seen = Seen { number, time: packet.time };
        self.bytes += u64::from(packet.wire_len);
        let (first, last) = self.times.unwrap_or((packet.time, packet.time));
        self.times = Some((first.min(packet.time), last.max(packet.time)));
        let decoded = decode(packet);
        let Some(ip) = &decoded.ip else {
            self.other_packets += 1;
            return;
        };
        self.envelope = self.envelope.and(decoded.envelope);
        self.anomalies.packet(seen, packet, &decoded);
        self.protocols.packet(seen, decoded.outer.as_ref().unwrap_or(ip));
        if ip.fragment.is_none() {
            self.content.packet(seen, &decoded);
        } else if let Some(whole) = self.defragmenter.push(seen, ip) {
            let ip = Ip { total_len: ip.header_len + whole.payload_len, ..*ip };
            let mut put_together = decode_reassembled(&ip, whole.payload, whole.payload_len);
            put_together.envelope = put_together.envelope.and(decoded.envelope);
            self.content.packet(seen, &put_together);
        }
    }

    /// Draws the conclusions.
    pub fn finish(mut self) -> Investigated {
        let end = self.times.map_or(Timestamp::default(), |(_, last)| last);
        self.defragmenter.finish(end);
        let conversations = self.content.finish();
        let names = self.content.readers.dns.names();
        let scans = scan::find(&conversations, |address| names.is_asked_for(address));
        let (mut anomalies, dropped_anomalies) = self.anomalies.finish();
        scans.claim(&conversations, &mut anomalies);
        let irc = &self.content.irc;
        let irc_servers = irc::servers(
            &conversations,
            |at| conversations.get(at).and_then(|conversation| irc.get(&conversation.number)),
            |at| scans.is_probe(at),
        );
        let Readers { rpc, dns } = &mut self.content.readers;
        let mut hosts = hosts(&conversations, dns.names());
        scans.mark_roles(&mut hosts);
        Investigated {
            packets: self.number,
            other_packets: self.other_packets,
            bytes: self.bytes,
            times: self.times,
            envelope: self.envelope,
            rpc_calls: rpc.calls().to_vec(),
            rpc_services: rpc.services(),
            rpc_followups: rpc.followups(&conversations),
            rpc_unasked: rpc.unasked(&conversations),
            left_out: LeftOut {
                conversations: self.content.dropped,
                fragments: self.defragmenter.counts().evicted + self.defragmenter.counts().unreported,
                streams: self.content.budget.given_up(),
                anomalies: dropped_anomalies,
                rpc: rpc.dropped(),
                protocols: self.protocols.evicted(),
            },
            tunnels: dns.tunnels(),
            protocols: self.protocols.finish(),
            scans,
            anomalies,
            fragments: self.defragmenter.take_dishonest(),
            irc_servers,
            hosts,
            conversations,
        }
    }
}

impl Content {
    /// A whole packet, as captured or put together.
    fn packet(&mut self, seen: Seen, decoded: &Decoded) {
        let Some(update) = self.conversations.packet(seen, decoded) else { return };
        match &decoded.transport {
            Transport::Udp(datagram) if !datagram.payload.is_empty() => {
                datagram_content(&mut self.readers, seen, update, decoded, datagram);
            }
            Transport::Tcp(segment) => {
                if segment.payload_len > 0 && !update.conversation.is_tapped {
                    update.conversation.is_tapped = true;
                    *update.state = Some(Box::new(Tap::new(update.conversation)));
                }
                if let Some(tap) = update.state
                    && !tap.segment(seen, update.direction, segment, &mut self.budget, &mut self.readers)
                {
                    tap.release(&mut self.budget);
                    *update.state = None;
                }
            }
            _ => {}
        }
        if self.conversations.has_ended() {
            self.store_ended();
        }
    }

    fn store_ended(&mut self) {
        for (conversation, tap) in self.conversations.take_ended() {
            self.close(&conversation, tap);
            if self.ended.len() < self.cap {
                self.ended.push(conversation);
            } else {
                self.dropped += 1;
            }
        }
    }

    fn close(&mut self, conversation: &Conversation, tap: Option<Box<Tap>>) {
        if let Some(tap) = tap
            && let Some(session) = tap.finish(&mut self.budget, &mut self.readers)
            && self.irc.len() < MAX_IRC_SESSIONS
        {
            self.irc.insert(conversation.number, session);
        }
    }

    /// All conversations, in the order in which they began.
    fn finish(&mut self) -> Vec<Conversation> {
        for (conversation, tap) in self.conversations.finish() {
            self.close(&conversation, tap);
            self.ended.push(conversation);
        }
        let mut all = std::mem::take(&mut self.ended);
        all.sort_unstable_by_key(|conversation| conversation.number);
        all
    }
}

/// Hands a datagram to whom its ports, or its first bytes, belong.
fn datagram_content(
    readers: &mut Readers,
    seen: Seen,
    update: Update<Option<Box<Tap>>>,
    decoded: &Decoded,
    datagram: &Datagram,
) {
    let ports = [datagram.src_port, datagram.dst_port];
    let Some(ip) = &decoded.ip else { return };
    if ports.contains(&DNS_PORT) {
        readers.dns.message(seen, ip.src, ip.dst, datagram.payload);
    } else if ports.contains(&PORTMAPPER_PORT)
        || update.conversation.is_rpc
        || looks_like_portmapper_call(datagram.payload)
    {
        update.conversation.is_rpc = true;
        let src = Endpoint { host: ip.src, port: datagram.src_port };
        let dst = Endpoint { host: ip.dst, port: datagram.dst_port };
        readers.rpc.message(seen, src, dst, protocol::UDP, datagram.payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wirescope_wire::LinkType;

    #[test]
    fn a_conversation_in_fragments_is_wrapped_in_what_they_were_wrapped_in() {
        let mut investigation = Investigation::default();
        for (more, payload) in [(0x20, [0u8, 9, 0, 53, 0, 16, 0, 0]), (0, *b"payload!")] {
            let offset = u8::from(more == 0);
            let mut data = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 7, 8, 0];
            data.extend([0x45, 0, 0, 28, 0, 1, more, offset, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
            data.extend(payload);
            investigation.packet(&Packet {
                time: Timestamp::default(),
                link: LinkType::EN10MB,
                interface: 0,
                wire_len: data.len() as u32,
                data: &data,
            });
        }
        let found = investigation.finish();
        let [conversation] = found.conversations.as_slice() else { panic!("one conversation") };
        assert!(conversation.envelope.has(Envelope::VLAN) && conversation.envelope.has(Envelope::FRAGMENTS));
        assert!(!conversation.envelope.has(Envelope::PLAIN));
    }
}
