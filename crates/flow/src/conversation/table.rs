//! The bounded table of conversations, and what each packet does to its own.

use super::*;

/// The flags of the answer that opens a port.
const SYN_ACK: u8 = flag::SYN | flag::ACK;

/// Conversations by their endpoints, each with a `State` of the caller's.
#[derive(Debug)]
pub struct Conversations<State = ()> {
    table: Bounded<Key, (Conversation, State)>,
    opened: u64,
    ended: Vec<(Conversation, State)>,
    /// Who said that what went between these could not be delivered, before any of it was seen.
    early: Bounded<Key, Unreachable>,
}

#[derive(Clone, Copy, Debug)]
struct Unreachable {
    sender: Endpoint,
    time: Timestamp,
    from: IpAddr,
    code: u8,
}

/// A packet's conversation after the packet was counted.
#[derive(Debug)]
pub struct Update<'t, State> {
    /// The conversation.
    pub conversation: &'t mut Conversation,
    /// The caller's state of it.
    pub state: &'t mut State,
    /// Which way the packet went.
    pub direction: Direction,
    /// Whether the packet began the conversation.
    pub is_new: bool,
}

/// Both endpoints in order of value, so that both directions meet in one entry.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Key {
    low: Endpoint,
    high: Endpoint,
    protocol: u8,
}

impl Key {
    fn new(a: Endpoint, b: Endpoint, protocol: u8) -> Self {
        if a <= b { Key { low: a, high: b, protocol } } else { Key { low: b, high: a, protocol } }
    }
}

impl<State: Default> Conversations<State> {
    /// A table for `cap` conversations.
    pub fn new(cap: usize) -> Self {
        Conversations {
            table: Bounded::new(cap),
            opened: 0,
            ended: Vec::new(),
            early: Bounded::new(EARLY_ERRORS),
        }
    }

    /// Conversations held now.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether none is held.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// How many had to make room for others.
    pub fn evicted(&self) -> u64 {
        self.table.evicted()
    }

    /// Takes the conversations out that ended since the last call: their ports were used anew, or they
    /// had to make room.
    pub fn take_ended(&mut self) -> Vec<(Conversation, State)> {
        std::mem::take(&mut self.ended)
    }

    /// Whether [`take_ended`](Self::take_ended) has anything.
    pub fn has_ended(&self) -> bool {
        !self.ended.is_empty()
    }

    /// Takes all conversations out, in the order in which they began.
    pub fn finish(&mut self) -> Vec<(Conversation, State)> {
        let mut all: Vec<_> = self.take_ended();
        all.extend(self.table.drain().map(|(_, held)| held));
        all.sort_unstable_by_key(|(conversation, _)| conversation.number);
        all
    }

    /// Counts a packet into its conversation; `None` where it belongs to none. An ICMP error is counted
    /// with the conversation whose packet it quotes, and only changes its verdict.
    #[inline]
    pub fn packet(&mut self, seen: Seen, decoded: &Decoded) -> Option<Update<'_, State>> {
        let ip = decoded.ip.as_ref()?;
        let update = match &decoded.transport {
            Transport::Tcp(segment) => self.segment(seen, ip, segment),
            Transport::Udp(datagram) => self.datagram(seen, ip, datagram),
            Transport::Icmp(message) => self.message(seen, ip, message),
            Transport::None => None,
        }?;
        update.conversation.envelope = update.conversation.envelope.and(decoded.envelope);
        Some(update)
    }

    fn segment(&mut self, seen: Seen, ip: &Ip, segment: &Segment) -> Option<Update<'_, State>> {
        let src = Endpoint { host: ip.src, port: segment.src_port };
        let dst = Endpoint { host: ip.dst, port: segment.dst_port };
        let key = Key::new(src, dst, protocol::TCP);
        let opening = match segment.flags & (flag::SYN | flag::ACK | flag::RST | flag::FIN) {
            flag::SYN => Opening::Syn,
            SYN_ACK => Opening::SynAck,
            _ => Opening::Flags(segment.flags),
        };
        let answered = self.table.get_mut(&key).filter(|held| held.0.is_answered_by_all_so_far(src, segment));
        if let Some((conversation, _)) = answered {
            conversation.begin_with_question(src, opening, segment.seq);
        } else if opening == Opening::Syn {
            let anew = |held: &(Conversation, State)| held.0.is_opened_anew(seen, src, segment.seq);
            if self.table.get(&key).is_some_and(anew) {
                self.ended.extend(self.table.remove(&key));
            }
        }
        let is_new = self.table.get(&key).is_none();
        if is_new {
            let (client, server) = if opening == Opening::SynAck { (dst, src) } else { (src, dst) };
            self.begin(seen, key.clone(), client, server, opening);
        }
        let (conversation, state) = self.table.touch(&key)?;
        if is_new {
            (conversation.first_seq, conversation.first_ack) = (segment.seq, segment.ack);
        }
        let direction = conversation.direction_of(src);
        conversation.segment(seen, ip, segment, direction);
        Some(Update { conversation, state, direction, is_new })
    }

    fn datagram(&mut self, seen: Seen, ip: &Ip, datagram: &Datagram) -> Option<Update<'_, State>> {
        let src = Endpoint { host: ip.src, port: datagram.src_port };
        let dst = Endpoint { host: ip.dst, port: datagram.dst_port };
        let key = Key::new(src, dst, protocol::UDP);
        let is_new = self.table.get(&key).is_none();
        if is_new {
            self.begin(seen, key.clone(), src, dst, Opening::Datagram);
        }
        let (conversation, state) = self.table.touch(&key)?;
        let direction = conversation.direction_of(src);
        conversation.count(seen, ip, direction, datagram.payload_len as u64);
        if direction == Direction::FromClient {
            conversation.repeat_opening(seen);
        }
        Some(Update { conversation, state, direction, is_new })
    }

    fn message(&mut self, seen: Seen, ip: &Ip, message: &Message) -> Option<Update<'_, State>> {
        if let Some(quoted) = &message.quoted {
            return self.error(seen, ip, message, quoted);
        }
        let (client, server, opening) = match message.meaning {
            Meaning::Request => (ip.src, ip.dst, Opening::Request),
            Meaning::Reply => (ip.dst, ip.src, Opening::Reply),
            _ => return None,
        };
        let client = Endpoint { host: client, port: message.id };
        let server = Endpoint { host: server, port: 0 };
        let key = Key::new(client, server, ip.protocol);
        let is_new = self.table.get(&key).is_none();
        if is_new {
            self.begin(seen, key.clone(), client, server, opening);
        }
        let (conversation, state) = self.table.touch(&key)?;
        if is_new {
            conversation.first_seq = u32::from(message.kind);
        }
        let request = opening == Opening::Request;
        let direction = if request { Direction::FromClient } else { Direction::FromServer };
        conversation.count(seen, ip, direction, message.body_len as u64);
        if request {
            conversation.repeat_opening(seen);
        }
        Some(Update { conversation, state, direction, is_new })
    }

    fn error(
        &mut self,
        seen: Seen,
        ip: &Ip,
        message: &Message,
        quoted: &Quoted,
    ) -> Option<Update<'_, State>> {
        let src = Endpoint { host: quoted.src, port: quoted.src_port };
        let dst = Endpoint { host: quoted.dst, port: quoted.dst_port };
        let key = Key::new(src, dst, quoted.protocol);
        let said = Unreachable { sender: src, time: seen.time, from: ip.src, code: message.code };
        let Some((conversation, state)) = self.table.get_mut(&key) else {
            if message.meaning == Meaning::Unreachable {
                self.early.insert(key, said);
            }
            return None;
        };
        let sender = conversation.direction_of(src);
        match message.meaning {
            Meaning::Unreachable => conversation.refuse(said),
            Meaning::TimeExceeded => conversation.time_exceeded |= sender == Direction::FromClient,
            _ => {}
        }
        Some(Update { conversation, state, direction: sender.reverse(), is_new: false })
    }

    fn begin(&mut self, seen: Seen, key: Key, client: Endpoint, server: Endpoint, opening: Opening) {
        self.opened += 1;
        let mut conversation = Conversation {
            number: self.opened,
            protocol: key.protocol,
            client,
            server,
            opening,
            first_seq: 0,
            first_ack: 0,
            from_client: Side::default(),
            from_server: Side::default(),
            history: History::default(),
            openings: Vec::new(),
            opening_count: 0,
            synacks: Vec::new(),
            client_resets: Vec::new(),
            unreachable: None,
            time_exceeded: false,
            evidence: Evidence::default(),
            envelope: Envelope::default(),
            is_tapped: false,
            is_rpc: false,
        };
        if !self.early.is_empty()
            && let Some(said) = self.early.remove(&key)
            && seen.time.seconds_since(said.time) <= EARLY_SECONDS
        {
            conversation.refuse(said);
        }
        self.ended.extend(self.table.insert(key, (conversation, State::default())).map(|(_, held)| held));
    }
}

impl Conversation {
    /// Which way a packet from `src` goes.
    fn direction_of(&self, src: Endpoint) -> Direction {
        if src == self.client { Direction::FromClient } else { Direction::FromServer }
    }

    fn side_mut(&mut self, direction: Direction) -> &mut Side {
        match direction {
            Direction::FromClient => &mut self.from_client,
            Direction::FromServer => &mut self.from_server,
        }
    }

    /// Somebody said that a packet could not be delivered; the client's packets matter.
    fn refuse(&mut self, said: Unreachable) {
        if said.sender == self.client {
            self.unreachable.get_or_insert((said.from, said.code));
        }
    }

    /// Whether all that was seen so far answers this segment: captures from several queues or taps hand out
    /// packets slightly out of order. A SYN/ACK acknowledges the SYN; a RST has the number that the segment
    /// acknowledged, or acknowledges the segment (RFC 9293 section 3.10.7.1), for which stacks count the
    /// flags SYN and FIN in different ways.
    fn is_answered_by_all_so_far(&self, src: Endpoint, segment: &Segment) -> bool {
        const FLAGS_COUNTED: u32 = 2;
        let (syn, fin, ack) = (segment.has(flag::SYN), segment.has(flag::FIN), segment.has(flag::ACK));
        let end = segment.seq.wrapping_add(segment.payload_len as u32);
        let acknowledged = self.first_ack.wrapping_sub(end) <= FLAGS_COUNTED;
        match self.opening {
            Opening::SynAck => {
                src == self.client && self.from_client.packets == 0 && (syn && !ack && !fin) && acknowledged
            }
            Opening::Flags(flags) if flags & flag::RST != 0 => {
                src == self.server
                    && self.from_server.packets == 0
                    && !segment.has(flag::RST)
                    && if ack { self.first_seq == segment.ack } else { acknowledged }
            }
            _ => false,
        }
    }

    /// Makes the segment that was answered before it was seen the first of the conversation.
    fn begin_with_question(&mut self, src: Endpoint, opening: Opening, seq: u32) {
        if src != self.client {
            std::mem::swap(&mut self.client, &mut self.server);
            std::mem::swap(&mut self.from_client, &mut self.from_server);
            self.history.mirror();
            self.client_resets.clear();
        }
        (self.opening, self.first_seq) = (opening, seq);
        self.openings.clear();
        self.opening_count = 0;
    }

    /// Whether a SYN with this sequence number begins another connection on the same ports.
    fn is_opened_anew(&self, seen: Seen, src: Endpoint, seq: u32) -> bool {
        let again = src == self.client && seq == self.first_seq && self.opening == Opening::Syn;
        if again {
            // A SYN repeated after a RST is the same attempt, but a port reused after data is not.
            return self.is_closed() && self.is_established();
        }
        // The SYN that belongs to a SYN/ACK or a stray segment seen before it.
        let stale = seen.time.seconds_since(self.last_time()) > STALE_AFTER_SECONDS;
        match self.opening {
            Opening::Syn => self.is_closed() || (self.is_established() && stale),
            _ => self.is_closed() || stale,
        }
    }

    /// Counts a packet that goes `direction` and carries `payload` new bytes.
    fn count(&mut self, seen: Seen, ip: &Ip, direction: Direction, payload: u64) {
        self.evidence.add(seen);
        let side = self.side_mut(direction);
        if side.packets == 0 {
            side.ttl = ip.ttl;
        }
        side.packets += 1;
        side.bytes += ip.total_len as u64;
        side.payload += payload;
        if payload > 0 {
            self.history.note(direction, b'D');
        }
    }

    fn repeat_opening(&mut self, seen: Seen) {
        remember(&mut self.openings, seen);
        self.opening_count += 1;
    }

    fn segment(&mut self, seen: Seen, ip: &Ip, segment: &Segment, direction: Direction) {
        let (syn, ack) = (segment.has(flag::SYN), segment.has(flag::ACK));
        let (fin, rst) = (segment.has(flag::FIN), segment.has(flag::RST));
        let side = self.side_mut(direction);
        let length = segment.payload_len as u64;
        let first = segment.seq.wrapping_add(u32::from(syn));
        if syn {
            side.coverage.start(first);
        }
        // What a RST carries is a message to people, not part of the stream.
        let fresh = if rst || length == 0 { 0 } else { side.coverage.send(first, length) };
        let repeated = if rst { 0 } else { length - fresh.min(length) };
        side.repeated += repeated;
        side.flags |= segment.flags;
        side.finished |= fin && !syn;
        side.acknowledged |= ack && !syn && !rst;
        side.reset |= rst;
        self.count(seen, ip, direction, fresh);
        for (letter, holds) in [
            (b'Q', (syn && (fin || rst)) || segment.flags & 0x3f == 0),
            (b'S', syn && !ack),
            (b'H', syn && ack),
            (b'F', fin && !syn),
            (b'R', rst),
            (b'T', repeated > 0),
            (b'A', ack && !syn && !fin && !rst && length == 0),
        ] {
            if holds {
                self.history.note(direction, letter);
            }
        }
        match direction {
            Direction::FromClient if rst => remember(&mut self.client_resets, seen),
            Direction::FromServer if syn && ack => remember(&mut self.synacks, seen),
            _ => {}
        }
        let opens = match self.opening {
            Opening::Syn => syn && !ack,
            Opening::Flags(flags) => segment.flags == flags && self.from_server.payload == 0,
            _ => false,
        };
        if direction == Direction::FromClient && opens && !(rst && self.opening == Opening::Syn) {
            self.repeat_opening(seen);
        }
    }

    /// The ICMP types of the request and of its reply.
    pub(super) fn message_kinds(&self) -> (u8, u8) {
        let first = self.first_seq as u8;
        match (self.opening, self.protocol, first) {
            // Echo in ICMP is the one pair whose reply has the lower number.
            (_, protocol::ICMP, 8) | (Opening::Reply, protocol::ICMP, 0) => (8, 0),
            (Opening::Reply, ..) => (first.wrapping_sub(1), first),
            _ => (first, first.wrapping_add(1)),
        }
    }
}
