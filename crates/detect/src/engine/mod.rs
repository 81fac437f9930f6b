//! Packets in, alerts out: fragments and streams are put together, rules are matched on each packet and
//! on what was put together, and each match becomes one alert at the most.

mod checksums;
mod event;
mod filters;
mod http;
mod port_scan;
mod rebuilt;
mod selection;
mod session;
mod statistics;

use std::net::IpAddr;

use wirescope_flow::conversation::{Conversations, Opening};
use wirescope_flow::decode::{Decoded, Ip, Segment, Transport, decode, decode_reassembled};
use wirescope_flow::evidence::Seen;
use wirescope_flow::fragments::{Defragmenter, Limits, Policy as FragmentPolicy};
use wirescope_flow::stream::{Budget, Direction, Policy as StreamPolicy};
use wirescope_wire::tcp::flag;
use wirescope_wire::{Packet, Timestamp};

use crate::language::{Classification, Error, Rule, RuleSet, Streams, TcpPolicy};
use crate::matcher::{Extent, Flowbits, Matched, Matcher};
use crate::packet::{FlowView, Http, Inspected, Origin};
use filters::{Filters, Match};
use port_scan::{InConversation, PortScans};
use session::{INSPECT_AFTER, Session};
use statistics::{Counters, Flush};

pub use filters::{FilteredBy, FilteredEvents};
pub use statistics::{
    FragmentStatistics, Limits as EventLimits, RebuiltDatagrams, Statistics, StreamStatistics,
};

/// Bytes that conversations and streams may take, where nobody says otherwise.
const DEFAULT_MEMORY: usize = 256 << 20;
/// Of the memory, a conversation is counted with this.
const BYTES_PER_CONVERSATION: usize = 4 << 10;
/// Streams may hold this part of it while they wait for missing segments.
const EARLY_SHARE: usize = 8;
/// This part of it may be gathered for inspection in all conversations together; what is more is inspected
/// at once.
const GATHERED_SHARE: usize = 4;

/// One alert.
#[derive(Clone, Copy, Debug)]
pub struct Alert<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Its class, where it names one that is known.
    pub classification: Option<&'a Classification>,
    /// 1 matters most; 0 where neither rule nor class say anything.
    pub priority: u32,
    /// The packets it is about, by number.
    pub packets: &'a [u64],
    /// What the rule matched.
    pub inspected: &'a Inspected<'a>,
}

/// What was done so far.
#[derive(Clone, Copy, Default, Debug)]
pub struct Counts {
    /// Packets given.
    pub packets: u64,
    /// Packets whose checksums did not verify.
    pub bad_checksums: u64,
    /// Alerts raised.
    pub alerts: u64,
    /// Matches of log rules, and alerts.
    pub logged: u64,
    /// Packets that a pass rule took out.
    pub passed: u64,
    /// Conversations, datagrams and counters that had to make room for others.
    pub evicted: u64,
    /// Packets on which rules searched without end and were stopped.
    pub cut_short: u64,
}

/// Runs a rule set over packets.
pub struct Engine {
    set: RuleSet,
    matcher: Matcher,
    filters: Filters,
    port_scans: Option<PortScans>,
    fragments: Option<Defragmenter>,
    /// Taken out while a packet of one is inspected.
    conversations: Option<Conversations<Session>>,
    budget: Budget,
    gathered_bytes: usize,
    max_gathered_bytes: usize,
    counts: Counts,
    /// When the first packet was seen.
    started: Option<Timestamp>,
    counters: Counters,
    matched: Vec<Matched>,
}

impl Engine {
    /// An engine for a rule set; rules that cannot be run are left out and said in the errors.
    pub fn new(set: RuleSet) -> (Engine, Vec<Error>) {
        Engine::with_memory(set, DEFAULT_MEMORY)
    }

    /// The same, with about so many bytes for conversations and streams.
    pub fn with_memory(set: RuleSet, bytes: usize) -> (Engine, Vec<Error>) {
        let (matcher, errors) = Matcher::new(&set);
        let engine = Engine {
            matcher,
            filters: Filters::new(&set),
            port_scans: PortScans::new(&set),
            fragments: (!set.config.fragments.is_empty())
                .then(|| Defragmenter::new(FragmentPolicy::default(), fragment_limits(&set))),
            conversations: Some(Conversations::new((bytes / BYTES_PER_CONVERSATION).max(1))),
            budget: Budget::new(bytes / EARLY_SHARE),
            gathered_bytes: 0,
            max_gathered_bytes: bytes / GATHERED_SHARE,
            counts: Counts::default(),
            started: None,
            counters: Counters::default(),
            matched: Vec::new(),
            set,
        };
        (engine, errors)
    }

    /// The rules.
    pub fn rules(&self) -> &RuleSet {
        &self.set
    }

    /// Conversations that had to make room.
    fn evicted_conversations(&self) -> u64 {
        self.conversations.as_ref().map_or(0, Conversations::evicted)
    }

    /// What was done so far.
    pub fn counts(&self) -> Counts {
        let fragments = self.fragments.as_ref().map_or(0, |fragments| fragments.counts().evicted);
        Counts {
            evicted: self.evicted_conversations()
                + self.filters.evicted()
                + self.port_scans.as_ref().map_or(0, PortScans::evicted)
                + fragments,
            cut_short: self.matcher.cut_short(),
            ..self.counts
        }
    }

    /// Inspects a packet, which has `number` in its capture, and calls `alert` for each alert.
    #[inline]
    pub fn packet(&mut self, number: u64, packet: &Packet<'_>, alert: &mut dyn FnMut(&Alert<'_>)) {
        self.counts.packets += 1;
        let decoded = decode(packet);
        let Some(ip) = &decoded.ip else { return };
        self.started.get_or_insert(packet.time);
        if checksums::are_bad(self.set.config.checksums, ip, &decoded.transport) {
            self.counts.bad_checksums += 1;
            return;
        }
        let seen = Seen { number, time: packet.time };
        if ip.fragment.is_some()
            && let Some(policy) = self.set.config.fragments.of(ip.dst)
        {
            self.fragment(fragment_policy(*policy), seen, ip, alert);
        }
        self.decoded(seen, &decoded, Origin::Captured, &[number], alert);
    }

    /// Inspects what is still held: no more packets will come.
    pub fn finish(&mut self, alert: &mut dyn FnMut(&Alert<'_>)) {
        let left = self.conversations.as_mut().map(Conversations::finish).unwrap_or_default();
        for (conversation, mut session) in left {
            session.stream.finish(&mut self.budget, &mut session.gathered);
            let time = conversation.last_time();
            for direction in [Direction::FromClient, Direction::FromServer] {
                let ends = Ends::new(&conversation, direction);
                self.inspect_gathered(&mut session, &ends, time, Flush::Ended, alert);
            }
        }
    }

    fn fragment(
        &mut self,
        policy: FragmentPolicy,
        seen: Seen,
        ip: &Ip<'_>,
        alert: &mut dyn FnMut(&Alert<'_>),
    ) {
        let Some(mut fragments) = self.fragments.take() else { return };
        if let Some(whole) = fragments.push_by(policy, seen, ip) {
            let decoded = decode_reassembled(ip, whole.payload, whole.payload_len);
            let packets: Vec<u64> = whole.evidence.packets().collect();
            self.counters.datagram(&decoded);
            if let Some(ip) = &decoded.ip
                && !checksums::are_bad(
                    crate::language::Checksums { ip: false, ..self.set.config.checksums },
                    ip,
                    &decoded.transport,
                )
            {
                self.decoded(seen, &decoded, Origin::Fragments, &packets, alert);
            }
        }
        self.fragments = Some(fragments);
    }

    /// Inspects a packet, captured or put together from fragments, within its conversation.
    fn decoded(
        &mut self,
        seen: Seen,
        decoded: &Decoded<'_>,
        origin: Origin,
        packets: &[u64],
        alert: &mut dyn FnMut(&Alert<'_>),
    ) {
        let Some(mut inspected) = Inspected::new(seen.time, decoded) else { return };
        inspected.origin = origin;
        let streams = match &decoded.transport {
            Transport::Tcp(_) => self.streams_to(inspected.ip.dst, inspected.ip.src),
            _ => None,
        };
        let policy = streams.map(|streams| stream_policy(streams.policy));
        let grace = streams.and_then(|streams| streams.require_handshake);
        let since_start = || self.started.map_or(0.0, |started| seen.time.seconds_since(started));
        let require_handshake = grace.is_some_and(|grace| since_start() >= f64::from(grace));
        let is_udp = matches!(decoded.transport, Transport::Udp(_));
        let is_tracked = policy.is_some() || (is_udp && self.set.config.track_udp);
        if !is_tracked {
            self.inspect(&inspected, packets, None, alert);
            self.watch_for_scans(&inspected, packets, None, alert);
            return;
        }
        let Some(mut conversations) = self.conversations.take() else { return };
        if let Some(update) = conversations.packet(seen, decoded) {
            let ends = Ends::new(update.conversation, update.direction);
            let ended = update.conversation.is_closed() && !is_fin(&decoded.transport);
            inspected.flow.direction = Some(update.direction);
            inspected.flow.established =
                is_established(update.conversation, &decoded.transport, require_handshake);
            let session = update.state;
            let seen_by_scans = InConversation {
                direction: update.direction,
                is_new: update.is_new,
                established: inspected.flow.established,
                newly_established: inspected.flow.established
                    && !std::mem::replace(&mut session.established, inspected.flow.established),
                server_packets: update.conversation.from_server.packets,
            };
            self.counters.streams.udp_sessions += u64::from(update.is_new && is_udp);
            if let (Transport::Tcp(segment), Some(policy)) = (&decoded.transport, policy) {
                session.headers.note(inspected.ip, segment, update.direction);
                self.follow(session, update.direction, seen, segment, policy);
            }
            (inspected.flow.client_size, inspected.flow.server_size) = session.sizes();
            let within = Within { session: &mut *session, ends: &ends };
            self.inspect(&inspected, packets, Some(within), alert);
            self.gather(session, &ends, seen.time, ended, alert);
            self.watch_for_scans(&inspected, packets, Some(seen_by_scans), alert);
        }
        for (conversation, mut session) in conversations.take_ended() {
            for direction in [Direction::FromClient, Direction::FromServer] {
                let ends = Ends::new(&conversation, direction);
                self.inspect_gathered(&mut session, &ends, seen.time, Flush::Ended, alert);
            }
            self.gathered_bytes = self.gathered_bytes.saturating_sub(session.held);
            session.stream.release(&mut self.budget);
        }
        self.conversations = Some(conversations);
    }

    /// Adds a segment to the stream of its direction.
    #[inline]
    fn follow(
        &mut self,
        session: &mut Session,
        direction: Direction,
        seen: Seen,
        segment: &Segment<'_>,
        policy: StreamPolicy,
    ) {
        self.counters.segment(session, direction, segment);
        session.note_sequence(segment, direction);
        let repeated = session.stream.counts(direction).repeated;
        session.stream.push(direction, seen, segment, policy, &mut self.budget, &mut session.gathered);
        self.counters.overlap(repeated, &session.stream, direction);
    }

    /// How streams to a host are put together: as its own line says, or the line for the other end, since
    /// both directions of a connection are tracked or none is.
    fn streams_to(&self, host: IpAddr, other: IpAddr) -> Option<&Streams> {
        let config = &self.set.config;
        config.streams.of(host).or_else(|| config.streams.of(other)).filter(|_| config.track_tcp)
    }

    /// Whether the bytes of one direction of a connection are put together.
    fn puts_together(&self, ends: &Ends) -> bool {
        let (side, port) = match ends.direction {
            Direction::FromClient => (0, ends.dst.1),
            Direction::FromServer => (1, ends.src.1),
        };
        let ports = self.streams_to(ends.dst.0, ends.src.0).and_then(|streams| streams.ports.get(side));
        ports.is_some_and(|ports| ports.has(port))
    }

    /// Raises an alert where the packet completes a port scan.
    fn watch_for_scans(
        &mut self,
        inspected: &Inspected<'_>,
        packets: &[u64],
        conversation: Option<InConversation>,
        alert: &mut dyn FnMut(&Alert<'_>),
    ) {
        let Some(port_scans) = &mut self.port_scans else { return };
        let (ip, transport) = (inspected.ip, &inspected.decoded.transport);
        let Some(found) = port_scans.packet(inspected.time, ip, transport, conversation) else { return };
        let (rule, src, dst) = (&found.rule, found.scanner, found.scanned);
        let match_ = Match { gid: rule.gid, sid: rule.sid, src, dst, time: inspected.time };
        if !self.filters.raises(match_) {
            return;
        }
        let bytes = event::bytes(ip, src, dst, &found.text);
        let decoded = event::decoded(ip, src, dst, &bytes);
        let Some(mut about) = Inspected::new(inspected.time, &decoded) else { return };
        about.origin = Origin::Event;
        self.counts.alerts += 1;
        // The packet that completed the scan is kept, and the one that tells of it.
        self.counts.logged += 2;
        let classification = rule.classtype.as_ref().and_then(|name| self.set.classifications.get(name));
        let priority = selection::priority(&self.set, rule);
        alert(&Alert { rule, classification, priority, packets, inspected: &about });
    }

    /// Inspects what a conversation has gathered, when it is enough or when it has ended.
    fn gather(
        &mut self,
        session: &mut Session,
        ends: &Ends,
        time: Timestamp,
        ended: bool,
        alert: &mut dyn FnMut(&Alert<'_>),
    ) {
        let held = session.gathered.held();
        self.gathered_bytes = (self.gathered_bytes + held).saturating_sub(session.held);
        session.held = held;
        let crowded = self.gathered_bytes > self.max_gathered_bytes;
        let flush = match ended {
            true if ends.is_reset => Flush::Ended,
            true => Flush::Closed,
            false => Flush::Enough,
        };
        let from_client = ends.direction == Direction::FromClient;
        let ends = [ends.clone(), ends.reverse()];
        let (first, second) = if from_client { (&ends[0], &ends[1]) } else { (&ends[1], &ends[0]) };
        for ends in [first, second] {
            let gathered = session.gathered.of(ends.direction);
            let fresh = gathered.bytes.len() - gathered.inspected.min(gathered.bytes.len());
            if fresh > 0 && (ended || crowded || fresh >= INSPECT_AFTER) {
                self.inspect_gathered(session, ends, time, flush, alert);
            }
        }
    }

    /// Inspects the gathered bytes of one direction as if they had come in one packet.
    fn inspect_gathered(
        &mut self,
        session: &mut Session,
        ends: &Ends,
        time: Timestamp,
        flush: Flush,
        alert: &mut dyn FnMut(&Alert<'_>),
    ) {
        let (client_size, server_size) = session.sizes();
        let mut gathered = std::mem::take(session.gathered.of(ends.direction));
        if !self.puts_together(ends) {
            gathered.settle();
            *session.gathered.of(ends.direction) = gathered;
            return;
        }
        self.counters.flush(flush, ends, &mut gathered);
        // After an orderly end a lone segment is put together too: rules may ask for that, or for bits that
        // were set since it came.
        if gathered.is_worth_it() || (flush == Flush::Closed && gathered.segments > 0) {
            let segment = session.headers.segment(ends, &gathered, &session.stream);
            let header = session.headers.ip_bytes(ends, gathered.bytes.len());
            let ip = session.headers.ip(ends, &header, &gathered.bytes);
            let decoded = Decoded {
                ether_type: None,
                hardware_src: None,
                vlan: None,
                ip: Some(ip),
                outer: None,
                transport: Transport::Tcp(segment),
                problems: Default::default(),
                envelope: Default::default(),
            };
            if let Some(mut inspected) = Inspected::new(gathered.time(time), &decoded) {
                inspected.origin = Origin::Stream;
                inspected.flow = FlowView {
                    direction: Some(ends.direction),
                    established: session.established,
                    client_size,
                    server_size,
                };
                self.inspect_rebuilt(&inspected, &gathered, session, alert);
            }
        }
        let slot = session.gathered.of(ends.direction);
        *slot = gathered;
        slot.settle();
    }

    fn inspect_rebuilt(
        &mut self,
        inspected: &Inspected<'_>,
        gathered: &session::Gathered,
        session: &mut Session,
        alert: &mut dyn FnMut(&Alert<'_>),
    ) {
        let (mut matched, _) = self.find(inspected, gathered.extent(), &mut session.bits, None);
        let is_known = |found: &Matched| gathered.matched.contains(&(found.rule as u32));
        let known = matched.iter().filter(|found| is_known(found) && self.is_loud(found.rule));
        self.counters.limits.alert += known.count() as u64;
        matched.retain(|found| !is_known(found));
        if !matched.is_empty() && gathered.inspected > 0 {
            // What the bytes inspected before show by themselves was raised then.
            let before = gathered.bytes.get(..gathered.inspected).unwrap_or_default();
            let old = Inspected { payload: before, ..*inspected };
            let (known, _) = self.find(&old, Extent::Whole, &mut session.bits.clone(), None);
            matched.retain(|found| !known.iter().any(|old| old.rule == found.rule));
        }
        self.raise(inspected, &gathered.packets, &matched, alert);
        self.matched = matched;
    }

    /// Matches one packet and raises its alerts.
    fn inspect(
        &mut self,
        inspected: &Inspected<'_>,
        packets: &[u64],
        within: Option<Within<'_>>,
        alert: &mut dyn FnMut(&Alert<'_>),
    ) {
        let mut alone = Flowbits::default();
        let matched = match within {
            Some(Within { session, ends }) => {
                let (matched, waits) = self.find(inspected, Extent::Whole, &mut session.bits, Some(ends));
                if !inspected.payload.is_empty() {
                    let gathered = session.gathered.of(ends.direction);
                    gathered.waits |= waits;
                    gathered.note_found(self.matcher.found_in_payload());
                    matched.iter().for_each(|found| gathered.note_match(found.rule));
                }
                matched
            }
            None => self.find(inspected, Extent::Whole, &mut alone, None).0,
        };
        self.raise(inspected, packets, &matched, alert);
        self.matched = matched;
    }

    /// The rules that match, each once, whatever message of the packet they match; and whether a message
    /// that is not whole was left for when it is put together, as is done where the `ends` are given.
    fn find(
        &mut self,
        inspected: &Inspected<'_>,
        extent: Extent<'_>,
        bits: &mut Flowbits,
        ends: Option<&Ends>,
    ) -> (Vec<Matched>, bool) {
        let mut matched = std::mem::take(&mut self.matched);
        matched.clear();
        let is_http = http::is_expected(&self.set.config, inspected);
        let mut messages = http::Messages::new(if is_http { inspected.payload } else { &[] }, ends.is_some());
        let mut first_found: Option<Vec<u32>> = None;
        loop {
            let mut message = messages.next();
            if messages.waits() && !ends.is_some_and(|ends| self.puts_together(ends)) {
                messages.wait_no_more();
                message = messages.next();
            }
            let view = Inspected {
                http: message.as_ref().map(http::Message::view).unwrap_or_default(),
                ..*inspected
            };
            // The payload is the same for every message: once is enough to search it.
            let extent = match &first_found {
                Some(found) => Extent::Joined { joints: &[], found },
                None => extent,
            };
            let before = matched.len();
            self.matcher.inspect(&view, extent, bits, |found| {
                if !matched.iter().any(|known| known.rule == found.rule) {
                    matched.push(found);
                }
            });
            if matched.len() > self.set.config.detection_events {
                self.matcher.sort_by_place(&view, matched.get_mut(before..).unwrap_or_default());
            }
            if !messages.has_more() {
                break;
            }
            if first_found.is_none() {
                first_found = Some(self.matcher.found_in_payload().to_vec());
            }
        }
        if let Some(outer) = &inspected.decoded.outer {
            // Rules for IP look at the header of a tunnel too.
            let decoded =
                Decoded { ip: Some(*outer), outer: None, transport: Transport::None, ..*inspected.decoded };
            let view = Inspected {
                decoded: &decoded,
                ip: outer,
                payload: outer.payload,
                flow: FlowView::default(),
                http: Http::default(),
                ..*inspected
            };
            self.matcher.inspect(&view, Extent::Whole, bits, |found| {
                if !matched.iter().any(|known| known.rule == found.rule) {
                    matched.push(found);
                }
            });
        }
        (matched, messages.waits())
    }
}

/// The conversation that a packet is inspected in.
struct Within<'s> {
    session: &'s mut Session,
    ends: &'s Ends,
}

/// The ends of a conversation as one direction sees them.
#[derive(Clone)]
struct Ends {
    src: (IpAddr, u16),
    dst: (IpAddr, u16),
    direction: Direction,
    /// Whether a RST ended the conversation.
    is_reset: bool,
    /// Whether the beginning was not seen, and the side with the lower port spoke first: it is taken for the
    /// server where sessions are counted.
    is_turned: bool,
}

impl Ends {
    fn new(conversation: &wirescope_flow::Conversation, direction: Direction) -> Ends {
        let client = (conversation.client.host, conversation.client.port);
        let server = (conversation.server.host, conversation.server.port);
        let (src, dst) = match direction {
            Direction::FromClient => (client, server),
            Direction::FromServer => (server, client),
        };
        let is_reset = conversation.from_client.reset || conversation.from_server.reset;
        let is_turned = matches!(conversation.opening, Opening::Flags(_)) && client.1 < server.1;
        Ends { src, dst, direction, is_reset, is_turned }
    }

    fn reverse(&self) -> Ends {
        Ends { src: self.dst, dst: self.src, direction: self.direction.reverse(), ..self.clone() }
    }
}

fn is_established(
    conversation: &wirescope_flow::Conversation,
    transport: &Transport<'_>,
    require_handshake: bool,
) -> bool {
    match transport {
        Transport::Tcp(_) => {
            conversation.is_established() || (!require_handshake && is_midstream(conversation))
        }
        _ => conversation.from_client.packets > 0 && conversation.from_server.packets > 0,
    }
}

/// A connection whose beginning was not captured counts as established once both ends have acknowledged.
fn is_midstream(conversation: &wirescope_flow::Conversation) -> bool {
    let syn = (conversation.from_client.flags | conversation.from_server.flags) & flag::SYN != 0;
    !syn && conversation.from_client.acknowledged && conversation.from_server.acknowledged
}

fn is_fin(transport: &Transport<'_>) -> bool {
    matches!(transport, Transport::Tcp(segment) if segment.has(flag::FIN))
}

fn fragment_limits(set: &RuleSet) -> Limits {
    let limits = Limits::default();
    Limits { timeout_s: set.config.fragment_timeout_s.unwrap_or(limits.timeout_s), ..limits }
}

fn fragment_policy(policy: TcpPolicy) -> FragmentPolicy {
    match policy {
        TcpPolicy::First => FragmentPolicy::First,
        TcpPolicy::Last => FragmentPolicy::Last,
        TcpPolicy::Bsd => FragmentPolicy::Bsd,
        TcpPolicy::BsdRight => FragmentPolicy::BsdRight,
        TcpPolicy::Linux => FragmentPolicy::Linux,
        TcpPolicy::Windows => FragmentPolicy::Windows,
        TcpPolicy::Solaris => FragmentPolicy::Solaris,
    }
}

fn stream_policy(policy: TcpPolicy) -> StreamPolicy {
    match policy {
        TcpPolicy::First => StreamPolicy::First,
        TcpPolicy::Last => StreamPolicy::Last,
        TcpPolicy::Bsd | TcpPolicy::BsdRight | TcpPolicy::Windows => StreamPolicy::Bsd,
        TcpPolicy::Linux => StreamPolicy::Linux,
        TcpPolicy::Solaris => StreamPolicy::Solaris,
    }
}
