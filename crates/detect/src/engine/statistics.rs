//! What an engine did, counted the way Snort tells it at exit.

use wirescope_flow::decode::{Decoded, Segment};
use wirescope_flow::stream::{Direction, Stream};
use wirescope_wire::tcp::flag;

use super::filters::FilteredEvents;
use super::session::{Gathered, Session};
use super::{Ends, Engine};

/// Protocols of rebuilt datagrams that are told apart; there are few that anybody fragments.
const MAX_PROTOCOLS: usize = 64;

/// Matches that raised no alert, by what held them back.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Limits {
    /// More than a packet may have (`detection: max_queue_events`).
    pub matches: u64,
    /// More than are kept to choose from (`event_queue: max_queue`).
    pub queue: u64,
    /// Kept, and not among those raised (`event_queue: log`).
    pub log: u64,
    /// Filtered or suppressed.
    pub event: u64,
    /// Raised already for one of the segments that were put together.
    pub alert: u64,
}

/// What was done with fragments.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct FragmentStatistics {
    /// Fragments seen.
    pub fragments: u64,
    /// Datagrams put together.
    pub reassembled: u64,
    /// Fragments that brought nothing new.
    pub useless: u64,
    /// Fragments of which a part was there already.
    pub overlaps: u64,
    /// Datagrams given up after the timeout.
    pub timeouts: u64,
    /// Datagrams given up for want of room.
    pub evicted: u64,
    /// Datagrams begun.
    pub datagrams: u64,
}

/// What was done with conversations and streams.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct StreamStatistics {
    /// TCP conversations of which an answer or data was seen.
    pub tcp_sessions: u64,
    /// UDP conversations.
    pub udp_sessions: u64,
    /// TCP packets looked at.
    pub tcp_packets: u64,
    /// Conversations given up for want of room.
    pub evicted: u64,
    /// Segments with data.
    pub segments: u64,
    /// Segments whose bytes had come before, or came twice.
    pub overlaps: u64,
    /// Packets put together from segments.
    pub rebuilt: u64,
    /// Segments in them.
    pub segments_used: u64,
    /// Packets put together up to a FIN, whose own number is no byte.
    pub gaps: u64,
    /// RSTs that are not for the next byte expected.
    pub discards: u64,
    /// Sessions whose client, and whose server, had sent segments that were left as they came.
    pub unfinished: [u64; 2],
    /// Of both together, those over IPv6.
    pub unfinished_v6: u64,
}

/// Datagrams of one protocol that were put together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RebuiltDatagrams {
    /// IP version.
    pub version: u8,
    /// Protocol above IP.
    pub protocol: u8,
    /// How many.
    pub count: u64,
}

/// All of it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Statistics {
    /// Matches that raised no alert.
    pub limits: Limits,
    /// Fragments; `None` where they are not put together.
    pub fragments: Option<FragmentStatistics>,
    /// Streams; `None` where they are not tracked.
    pub streams: Option<StreamStatistics>,
    /// Datagrams put together.
    pub datagrams: Vec<RebuiltDatagrams>,
    /// Filters with the events that each held back.
    pub filtered: Vec<FilteredEvents>,
}

/// Why the bytes of one direction are put together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flush {
    /// They are enough to be inspected.
    Enough,
    /// Both sides have sent their FIN.
    Closed,
    /// No more will come: a RST, no more room, or the end of the capture.
    Ended,
}

/// Counters as they run.
#[derive(Clone, Default, Debug)]
pub(super) struct Counters {
    pub(super) limits: Limits,
    pub(super) streams: StreamStatistics,
    datagrams: Vec<RebuiltDatagrams>,
}

impl Counters {
    /// Counts a datagram that was put together.
    pub(super) fn datagram(&mut self, decoded: &Decoded<'_>) {
        let Some(ip) = &decoded.ip else { return };
        let (version, protocol) = (ip.version(), ip.protocol);
        let is_known = |row: &RebuiltDatagrams| (row.version, row.protocol) == (version, protocol);
        let known = self.datagrams.iter().position(is_known);
        if known.is_none() && self.datagrams.len() < MAX_PROTOCOLS {
            self.datagrams.push(RebuiltDatagrams { version, protocol, count: 0 });
        }
        let last = self.datagrams.len().saturating_sub(1);
        if let Some(row) = self.datagrams.get_mut(known.unwrap_or(last)).filter(|row| is_known(row)) {
            row.count += 1;
        }
    }

    /// Counts a segment before its stream takes it. A session begins with an answer to a SYN, or with data
    /// of a connection whose beginning was not captured.
    pub(super) fn segment(&mut self, session: &mut Session, direction: Direction, segment: &Segment<'_>) {
        const ANSWER: u8 = flag::SYN | flag::ACK;
        self.streams.tcp_packets += 1;
        let has_data = segment.payload_len > 0 && !segment.has(flag::SYN);
        if !session.is_counted && (segment.has(ANSWER) || has_data) {
            session.is_counted = true;
            self.streams.tcp_sessions += 1;
        }
        if !session.is_counted {
            return;
        }
        self.streams.segments += u64::from(segment.payload_len > 0);
        let expected = session.stream.expected(direction);
        if segment.has(flag::RST) && expected != Some(segment.seq) {
            self.streams.discards += 1;
        }
    }

    /// Counts bytes that are put together. A single segment is left as it came, which Snort counts as
    /// unfinished, also after an orderly end.
    pub(super) fn flush(&mut self, flush: Flush, ends: &Ends, gathered: &mut Gathered) {
        if gathered.segments == 0 {
            return;
        }
        let is_alone = gathered.segments == 1 && flush != Flush::Enough;
        if flush == Flush::Closed || (gathered.is_worth_it() && !is_alone) {
            self.streams.rebuilt += 1;
            self.streams.segments_used += gathered.segments;
        }
        self.streams.gaps += u64::from(flush == Flush::Closed);
        if is_alone && !std::mem::replace(&mut gathered.is_unfinished, true) {
            let is_client = (ends.direction == Direction::FromClient) != ends.is_turned;
            let [client, server] = &mut self.streams.unfinished;
            *(if is_client { client } else { server }) += 1;
            self.streams.unfinished_v6 += u64::from(ends.src.0.is_ipv6());
        }
    }

    /// Counts what a segment met of bytes that were there before.
    pub(super) fn overlap(&mut self, before: u64, stream: &Stream, direction: Direction) {
        self.streams.overlaps += u64::from(stream.counts(direction).repeated > before);
    }
}

impl Engine {
    /// What was done so far, as Snort tells it.
    pub fn statistics(&self) -> Statistics {
        let of_fragments = |counts: wirescope_flow::fragments::Counts| FragmentStatistics {
            fragments: counts.fragments,
            reassembled: counts.completed,
            useless: counts.useless,
            overlaps: counts.overlaps,
            timeouts: counts.timed_out,
            evicted: counts.evicted,
            datagrams: counts.opened,
        };
        let streams = StreamStatistics { evicted: self.evicted_conversations(), ..self.counters.streams };
        Statistics {
            limits: self.counters.limits,
            fragments: self.fragments.as_ref().map(|fragments| of_fragments(fragments.counts())),
            streams: self.set.config.tracks_tcp().then_some(streams),
            datagrams: self.counters.datagrams.clone(),
            filtered: self.filters.filtered(),
        }
    }
}
