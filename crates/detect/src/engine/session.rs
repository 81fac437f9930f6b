//! What is remembered of one conversation while its packets are inspected.

use wirescope_flow::decode::Segment;
use wirescope_flow::stream::{Chunk, Consumer, Direction, Stream};
use wirescope_wire::Timestamp;
use wirescope_wire::tcp::flag;

use super::rebuilt::Headers;
use crate::matcher::{Extent, Flowbits};

/// Bytes of a direction after which what was gathered is inspected.
pub(super) const INSPECT_AFTER: usize = 16 * 1024;
/// Bytes that are inspected again with the next ones, so that nothing hides where two inspections meet.
pub(super) const OVERLAP: usize = 1024;

/// Bytes of one direction in order, waiting to be inspected together.
#[derive(Clone, Default)]
pub(super) struct Gathered {
    pub(super) bytes: Vec<u8>,
    /// How many of them were inspected before.
    pub(super) inspected: usize,
    /// Packets that brought the bytes not inspected yet.
    pub(super) packets: Vec<u64>,
    /// How many packets those were.
    pub(super) segments: u64,
    /// Whether a segment that was left as it came was counted.
    pub(super) is_unfinished: bool,
    /// Offset in the stream and time of the first of those bytes.
    pub(super) first: Option<(u64, Timestamp)>,
    /// Rules that those packets have matched by themselves.
    pub(super) matched: Vec<u32>,
    /// A packet held a message that is not whole: it was left for when more has come.
    pub(super) waits: bool,
    /// Where the bytes of one packet end and those of another begin.
    joints: Vec<usize>,
    /// Rules whose pattern stood in a packet of this direction.
    found: Vec<u32>,
    /// They were too many to be kept.
    found_many: bool,
}

/// Most packets named as evidence of one alert.
const MAX_PACKETS: usize = 100;
/// Most rules remembered of a direction whose pattern was found; beyond, its bytes are searched again.
const MAX_FOUND: usize = 256;

impl Gathered {
    /// Whether inspecting these bytes together can show what their packets did not.
    pub(super) fn is_worth_it(&self) -> bool {
        self.packets.len() > 1 || self.waits || (self.inspected > 0 && self.bytes.len() > self.inspected)
    }

    /// Forgets what was inspected but for the overlap.
    pub(super) fn settle(&mut self) {
        let excess = self.bytes.len().saturating_sub(OVERLAP);
        self.bytes.drain(..excess);
        self.inspected = self.bytes.len();
        self.packets.clear();
        self.first = None;
        self.segments = 0;
        self.matched.clear();
        self.waits = false;
        self.joints.clear();
    }

    /// Which bytes have to be searched, since those of each packet were.
    pub(super) fn extent(&self) -> Extent<'_> {
        if self.found_many {
            return Extent::Whole;
        }
        Extent::Joined { joints: &self.joints, found: &self.found }
    }

    /// Notes what was found in the payload of a packet.
    pub(super) fn note_found(&mut self, rules: &[u32]) {
        for rule in rules {
            if !self.found.contains(rule) {
                self.found.push(*rule);
            }
        }
        if self.found.len() > MAX_FOUND {
            self.found_many = true;
            self.found = Vec::new();
        }
    }

    pub(super) fn note_match(&mut self, rule: usize) {
        if !self.matched.contains(&(rule as u32)) {
            self.matched.push(rule as u32);
        }
    }
}

/// The state of one conversation.
#[derive(Clone, Default)]
pub(super) struct Session {
    pub(super) stream: Stream,
    pub(super) gathered: Both,
    pub(super) bits: Flowbits,
    /// Whether it was established when its last packet was inspected.
    pub(super) established: bool,
    pub(super) headers: Headers,
    /// Whether it was counted as a session.
    pub(super) is_counted: bool,
    client: Numbers,
    server: Numbers,
    /// Bytes gathered in both directions, as they were last added to the engine's sum.
    pub(super) held: usize,
}

impl Session {
    /// Notes the sequence numbers that a segment takes.
    pub(super) fn note_sequence(&mut self, segment: &Segment<'_>, direction: Direction) {
        let (sender, receiver) = match direction {
            Direction::FromClient => (&mut self.client, &mut self.server),
            Direction::FromServer => (&mut self.server, &mut self.client),
        };
        let ends = u32::from(segment.has(flag::SYN)) + u32::from(segment.has(flag::FIN));
        sender.reach(segment.seq, segment.seq.wrapping_add(segment.payload_len as u32).wrapping_add(ends));
        // Of a side that was not heard yet, what it must have begun with was acknowledged.
        if segment.has(flag::ACK) && receiver.next.is_none() {
            receiver.reach(segment.ack.wrapping_sub(1), segment.ack);
        }
    }

    /// How many sequence numbers the client and the server have used.
    pub(super) fn sizes(&self) -> (u64, u64) {
        (self.client.used, self.server.used)
    }
}

/// The sequence numbers of one direction.
#[derive(Clone, Copy, Default, Debug)]
struct Numbers {
    /// The one behind the highest seen.
    next: Option<u32>,
    used: u64,
}

impl Numbers {
    /// Goes on to `end`, from `start` on where nothing was seen before.
    fn reach(&mut self, start: u32, end: u32) {
        let more = end.wrapping_sub(*self.next.get_or_insert(start));
        if more < 1 << 31 {
            self.used += u64::from(more);
            self.next = Some(end);
        }
    }
}

/// What was gathered of both directions.
#[derive(Clone, Default)]
pub(super) struct Both {
    client: Gathered,
    server: Gathered,
}

impl Both {
    pub(super) fn of(&mut self, direction: Direction) -> &mut Gathered {
        match direction {
            Direction::FromClient => &mut self.client,
            Direction::FromServer => &mut self.server,
        }
    }

    pub(super) fn held(&self) -> usize {
        self.client.bytes.capacity() + self.server.bytes.capacity()
    }
}

impl Consumer for Both {
    fn data(&mut self, chunk: Chunk<'_>) {
        let gathered = self.of(chunk.direction);
        gathered.first.get_or_insert((chunk.offset, chunk.time));
        if !gathered.bytes.is_empty() {
            gathered.joints.push(gathered.bytes.len());
        }
        gathered.bytes.extend_from_slice(chunk.bytes);
        gathered.segments += u64::from(gathered.packets.last() != Some(&chunk.packet));
        if gathered.packets.last() != Some(&chunk.packet) && gathered.packets.len() < MAX_PACKETS {
            gathered.packets.push(chunk.packet);
        }
    }
}
