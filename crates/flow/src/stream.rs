//! TCP stream reassembly: bytes in order, each once, as the receiver would have read them.
//!
//! Bytes that continue the stream go straight to the [`Consumer`], borrowed from the packet. Only what
//! arrives early is held, and only there can an overlap change what is read: bytes that were delivered
//! have been read by the receiver and stay. A gap ends when its bytes come, or when the receiver
//! acknowledges bytes that the capture does not have, or when there is no more room to wait.

use wirescope_wire::Timestamp;
use wirescope_wire::tcp::flag;

use crate::decode::Segment;
use crate::evidence::Seen;
use crate::pieces::{Pieces, Span};

/// Most early pieces that one direction holds before it gives up waiting.
const MAX_PIECES: usize = 1024;
/// A segment further than this from where the stream is belongs to another connection or is forged.
const FARTHEST: i64 = 1 << 30;

/// Whose bytes stay where segments overlap that have not been delivered yet (Novak and Sturges,
/// "Target-Based TCP Stream Reassembly", 2007).
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Policy {
    /// The bytes that came first; Windows since Vista, HP-UX 11.
    #[default]
    First,
    /// The bytes that came last; Cisco IOS.
    Last,
    /// The old ones where they start before or with the new; the BSDs, macOS, Windows before Vista.
    Bsd,
    /// As BSD, but new ones that start with the old and end after them win; Linux.
    Linux,
    /// The new ones, unless the old start before or end after them; Solaris.
    Solaris,
}

impl Policy {
    /// Every policy with the names by which options call it.
    pub const ALL: [(&'static str, Policy); 9] = [
        ("first", Policy::First),
        ("last", Policy::Last),
        ("bsd", Policy::Bsd),
        ("linux", Policy::Linux),
        ("solaris", Policy::Solaris),
        ("windows", Policy::Bsd),
        ("macos", Policy::Bsd),
        ("vista", Policy::First),
        ("hpux", Policy::First),
    ];

    fn new_wins(self, old: Span, new: Span) -> bool {
        match self {
            Policy::First => false,
            Policy::Last => true,
            Policy::Bsd => old.start > new.start,
            Policy::Linux => old.start > new.start || (old.start == new.start && new.end > old.end),
            Policy::Solaris => !(old.end > new.end || (old.start < new.start && old.end >= new.end)),
        }
    }
}

/// Which way a packet of a conversation goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Direction {
    /// From the side that opened the conversation.
    FromClient,
    /// From the other side.
    FromServer,
}

impl Direction {
    /// The other way.
    pub fn reverse(self) -> Self {
        match self {
            Direction::FromClient => Direction::FromServer,
            Direction::FromServer => Direction::FromClient,
        }
    }
}

/// Why bytes are missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gap {
    /// The receiver acknowledged them, but no packet with them was captured.
    NotSeen,
    /// Their packet was cut short by the capture's snapshot length.
    NotCaptured,
    /// They had not come when there was no more room to wait, or when the stream ended.
    GivenUp,
}

/// Bytes of a stream, in order.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a> {
    /// Which way they went.
    pub direction: Direction,
    /// Bytes of this direction before these, gaps included.
    pub offset: u64,
    /// The bytes.
    pub bytes: &'a [u8],
    /// Number of the packet that brought them.
    pub packet: u64,
    /// When that packet was seen.
    pub time: Timestamp,
}

/// What receives a reassembled stream.
pub trait Consumer {
    /// The next bytes of one direction.
    fn data(&mut self, chunk: Chunk<'_>);

    /// `length` bytes of one direction, from `offset`, will not come.
    fn gap(&mut self, direction: Direction, offset: u64, length: u64, why: Gap) {
        let _ = (direction, offset, length, why);
    }
}

/// The bytes that all streams together may hold, and what was given up to keep within.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    limit: usize,
    held: usize,
    given_up: u64,
}

impl Budget {
    /// Room for `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Budget { limit, held: 0, given_up: 0 }
    }

    /// Bytes held now.
    pub fn held(&self) -> usize {
        self.held
    }

    /// How often a stream had to stop waiting for want of room.
    pub fn given_up(&self) -> u64 {
        self.given_up
    }
}

/// What one direction of a stream went through.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// Bytes delivered.
    pub delivered: u64,
    /// Bytes sent again after they had been delivered or were held.
    pub repeated: u64,
    /// Repeated bytes that differed from the ones held.
    pub conflicting: u64,
    /// Bytes skipped as gaps.
    pub skipped: u64,
}

#[derive(Clone, Default, Debug)]
struct Half {
    /// Sequence number of the byte at offset 0.
    base: Option<u32>,
    /// Offset of the next byte to deliver.
    next: u64,
    /// Offset of the byte after the last, once a FIN was seen.
    end: Option<u64>,
    /// Offset up to which the other side has acknowledged.
    acknowledged: u64,
    early: Pieces,
    /// Parts of early segments that were claimed but not captured.
    uncaptured: Vec<Span>,
    counts: Counts,
}

/// Both directions of one TCP connection.
#[derive(Clone, Default, Debug)]
pub struct Stream {
    client: Half,
    server: Half,
}

impl Stream {
    /// A stream of which nothing was seen.
    pub fn new() -> Self {
        Stream::default()
    }

    /// A stream whose first bytes have these sequence numbers, where known.
    pub fn starting_at(client: Option<u32>, server: Option<u32>) -> Self {
        let half = |base| Half { base, ..Half::default() };
        Stream { client: half(client), server: half(server) }
    }

    /// Takes a segment that goes `direction` and delivers what it makes deliverable.
    pub fn push<C: Consumer + ?Sized>(
        &mut self,
        direction: Direction,
        seen: Seen,
        segment: &Segment,
        policy: Policy,
        budget: &mut Budget,
        consumer: &mut C,
    ) {
        let (sender, receiver) = match direction {
            Direction::FromClient => (&mut self.client, &mut self.server),
            Direction::FromServer => (&mut self.server, &mut self.client),
        };
        if segment.has(flag::ACK) && !segment.has(flag::RST) {
            receiver.acknowledged(segment.ack, direction.reverse(), budget, consumer);
        }
        sender.segment(direction, seen, segment, policy, budget, consumer);
    }

    /// Delivers everything held, with the gaps before it: nothing more will come.
    pub fn finish<C: Consumer + ?Sized>(&mut self, budget: &mut Budget, consumer: &mut C) {
        self.client.flush(Direction::FromClient, budget, consumer);
        self.server.flush(Direction::FromServer, budget, consumer);
    }

    /// Forgets everything held, for a stream that nobody follows any more.
    pub fn release(&mut self, budget: &mut Budget) {
        for half in [&mut self.client, &mut self.server] {
            budget.held = budget.held.saturating_sub(half.early.bytes());
            half.early.take();
            half.uncaptured.clear();
        }
    }

    /// What one direction went through.
    pub fn counts(&self, direction: Direction) -> Counts {
        match direction {
            Direction::FromClient => self.client.counts,
            Direction::FromServer => self.server.counts,
        }
    }

    /// The sequence number that one direction has to go on with, its SYN and FIN counted; `None` where
    /// nothing of it was seen.
    pub fn expected(&self, direction: Direction) -> Option<u32> {
        let half = self.half(direction);
        let fin = u64::from(half.end.is_some_and(|end| half.next >= end));
        self.sequence(direction, half.next + fin)
    }

    /// The sequence number of the byte at an offset; `None` where nothing of the direction was seen.
    pub fn sequence(&self, direction: Direction, offset: u64) -> Option<u32> {
        self.half(direction).base.map(|base| base.wrapping_add(offset as u32))
    }

    fn half(&self, direction: Direction) -> &Half {
        match direction {
            Direction::FromClient => &self.client,
            Direction::FromServer => &self.server,
        }
    }

    /// Whether one direction was delivered up to its FIN.
    pub fn is_finished(&self, direction: Direction) -> bool {
        let half = match direction {
            Direction::FromClient => &self.client,
            Direction::FromServer => &self.server,
        };
        half.end.is_some_and(|end| half.next >= end)
    }
}

impl Half {
    /// The offset of a sequence number: the one nearest to where the stream is, so that it may wrap.
    fn offset(&self, seq: u32) -> Option<i64> {
        let here = self.base?.wrapping_add(self.next as u32);
        let distance = i64::from(seq.wrapping_sub(here) as i32);
        if distance.abs() > FARTHEST {
            return None;
        }
        i64::try_from(self.next).ok()?.checked_add(distance)
    }

    fn segment<C: Consumer + ?Sized>(
        &mut self,
        direction: Direction,
        seen: Seen,
        segment: &Segment,
        policy: Policy,
        budget: &mut Budget,
        consumer: &mut C,
    ) {
        let syn = segment.has(flag::SYN);
        let first = if syn { segment.seq.wrapping_add(1) } else { segment.seq };
        if self.base.is_none() && (syn || segment.payload_len > 0) {
            self.base = Some(first);
        }
        if segment.has(flag::RST) {
            return; // what a RST carries is a message to people (RFC 9293 section 3.5.2)
        }
        let Some(start) = self.offset(first) else { return };
        if segment.has(flag::FIN) {
            let end = start.saturating_add(segment.payload_len as i64);
            if let Ok(end) = u64::try_from(end) {
                self.end.get_or_insert(end);
            }
        }
        if segment.payload_len == 0 {
            return;
        }
        let next = self.next as i64;
        let end = start.saturating_add(segment.payload_len as i64);
        if end <= next {
            self.counts.repeated += segment.payload_len as u64;
            return;
        }
        if start <= next && self.early.is_empty() {
            // The ordinary case: the bytes continue the stream, nothing waits, nothing is copied.
            let known = (next - start) as usize;
            self.counts.repeated += known as u64;
            self.deliver(direction, segment.payload.get(known..).unwrap_or(&[]), seen, consumer);
            let missing = (end as u64).saturating_sub(self.next);
            self.skip(direction, missing, Gap::NotCaptured, consumer);
            return;
        }
        let known = (next - start).max(0);
        self.counts.repeated += known as u64;
        let start = (start + known) as u64;
        let bytes = segment.payload.get(known as usize..).unwrap_or(&[]);
        self.hold(start, bytes, end as u64, seen, policy, budget);
        self.advance(direction, budget, consumer);
        self.skip_acknowledged(direction, budget, consumer);
        if self.early.len() > MAX_PIECES || (budget.held > budget.limit && !self.early.is_empty()) {
            budget.given_up += 1;
            self.flush(direction, budget, consumer);
        }
    }

    fn hold(&mut self, start: u64, bytes: &[u8], end: u64, seen: Seen, policy: Policy, budget: &mut Budget) {
        let before = self.early.bytes();
        let met = self.early.insert(start, bytes, seen, |old, new| policy.new_wins(old, new));
        budget.held = (budget.held + self.early.bytes()).saturating_sub(before);
        self.counts.repeated += met.overlapping;
        self.counts.conflicting += met.conflicting;
        let captured = Span::new(start, bytes.len());
        if captured.end < end && self.uncaptured.len() < MAX_PIECES {
            self.uncaptured.push(Span { start: captured.end, end });
        }
    }

    /// Delivers what continues the stream now.
    fn advance<C: Consumer + ?Sized>(&mut self, direction: Direction, budget: &mut Budget, consumer: &mut C) {
        loop {
            if self.early.first().is_some_and(|piece| piece.start <= self.next) {
                self.deliver_first(direction, budget, consumer);
            } else if let Some(at) =
                self.uncaptured.iter().position(|span| span.start <= self.next && span.end > self.next)
            {
                let end = self.uncaptured.swap_remove(at).end;
                // Another packet may have brought a part of what this one lost.
                let end = self.early.first().map_or(end, |piece| end.min(piece.start));
                self.skip(direction, end - self.next, Gap::NotCaptured, consumer);
            } else {
                self.uncaptured.retain(|span| span.end > self.next);
                return;
            }
        }
    }

    fn deliver_first<C: Consumer + ?Sized>(
        &mut self,
        direction: Direction,
        budget: &mut Budget,
        consumer: &mut C,
    ) {
        let Some(piece) = self.early.pop_first() else { return };
        budget.held = budget.held.saturating_sub(piece.bytes.len());
        let known = self.next.saturating_sub(piece.start) as usize;
        self.deliver(direction, piece.bytes.get(known..).unwrap_or(&[]), piece.seen, consumer);
    }

    fn deliver<C: Consumer + ?Sized>(
        &mut self,
        direction: Direction,
        bytes: &[u8],
        seen: Seen,
        consumer: &mut C,
    ) {
        if !bytes.is_empty() {
            consumer.data(Chunk {
                direction,
                offset: self.next,
                bytes,
                packet: seen.number,
                time: seen.time,
            });
            self.next += bytes.len() as u64;
            self.counts.delivered += bytes.len() as u64;
        }
    }

    fn skip<C: Consumer + ?Sized>(&mut self, direction: Direction, length: u64, why: Gap, consumer: &mut C) {
        if length > 0 {
            consumer.gap(direction, self.next, length, why);
            self.next += length;
            self.counts.skipped += length;
        }
    }

    /// The other side has everything before `ack`: what is missing before later bytes that are here
    /// was missed by the capture. With nothing later here, its packet may just come late.
    fn acknowledged<C: Consumer + ?Sized>(
        &mut self,
        ack: u32,
        direction: Direction,
        budget: &mut Budget,
        consumer: &mut C,
    ) {
        if let Some(upto) = self.offset(ack).and_then(|ack| u64::try_from(ack).ok()) {
            self.acknowledged = self.acknowledged.max(upto);
            self.skip_acknowledged(direction, budget, consumer);
        }
    }

    fn skip_acknowledged<C: Consumer + ?Sized>(
        &mut self,
        direction: Direction,
        budget: &mut Budget,
        consumer: &mut C,
    ) {
        while let Some(start) = self.early.first().map(|piece| piece.start)
            && start <= self.acknowledged
        {
            self.skip(direction, start.saturating_sub(self.next), Gap::NotSeen, consumer);
            self.advance(direction, budget, consumer);
        }
    }

    fn flush<C: Consumer + ?Sized>(&mut self, direction: Direction, budget: &mut Budget, consumer: &mut C) {
        while let Some(start) = self.early.first().map(|piece| piece.start) {
            self.skip(direction, start.saturating_sub(self.next), Gap::GivenUp, consumer);
            self.advance(direction, budget, consumer);
        }
        self.uncaptured.clear();
    }
}

#[cfg(test)]
mod tests;
