//! Readers attached to TCP conversations whose content matters: portmapper, DNS, IRC. What turns out to be
//! something else is let go after a few lines.

use wirescope_wire::Cursor;
use wirescope_wire::ipv4::protocol;

use crate::conversation::{Conversation, Endpoint};
use crate::decode::Segment;
use crate::dns::DNS_PORT;
use crate::evidence::Seen;
use crate::investigation::Readers;
use crate::irc::{IrcReader, IrcSession, Opinion};
use crate::rpc::{PORTMAPPER_PORT, looks_like_portmapper_call};
use crate::stream::{Budget, Chunk, Consumer, Direction, Gap, Policy, Stream};

/// Longest record that is put together; replies of portmappers and DNS messages are shorter.
const MAX_RECORD: usize = 64 << 10;
/// Bytes of the mark before a record of RPC, which lead to the message.
const RPC_MARK: usize = 4;

/// A stream and who reads it.
#[derive(Debug)]
pub(crate) struct Tap {
    stream: Stream,
    content: Content,
    client: Endpoint,
    server: Endpoint,
    is_wanted: bool,
}

#[derive(Debug)]
enum Content {
    Rpc([Records; 2]),
    Dns([Records; 2]),
    Lines(IrcReader),
}

/// Records of one direction, put together from the stream.
#[derive(Debug, Default)]
struct Records {
    pending: Vec<u8>,
    first_packet: Option<Seen>,
    /// Fragments of an RPC record put together so far.
    record: Vec<u8>,
    /// Bytes to come of a record that was read as far as it was captured.
    skip: u64,
    is_lost: bool,
}

impl Tap {
    pub(crate) fn new(conversation: &Conversation) -> Self {
        let (client, server) = (conversation.client, conversation.server);
        let has_port = |port: u16| client.port == port || server.port == port;
        let content = if has_port(PORTMAPPER_PORT) {
            Content::Rpc(Default::default())
        } else if has_port(DNS_PORT) {
            Content::Dns(Default::default())
        } else {
            Content::Lines(IrcReader::default())
        };
        Tap { stream: conversation.stream(), content, client, server, is_wanted: true }
    }

    /// Reads a segment; `false` when the content is of no interest.
    pub(crate) fn segment(
        &mut self,
        seen: Seen,
        direction: Direction,
        segment: &Segment,
        budget: &mut Budget,
        readers: &mut Readers,
    ) -> bool {
        let Tap { stream, content, client, server, is_wanted } = self;
        let mut reading = Reading { content, readers, client: *client, server: *server, is_wanted };
        stream.push(direction, seen, segment, Policy::default(), budget, &mut reading);
        self.is_wanted
    }

    /// Forgets what waits.
    pub(crate) fn release(&mut self, budget: &mut Budget) {
        self.stream.release(budget);
    }

    /// Reads what still waits, and tells what was said if it was IRC.
    pub(crate) fn finish(mut self, budget: &mut Budget, readers: &mut Readers) -> Option<IrcSession> {
        let Tap { stream, content, client, server, is_wanted } = &mut self;
        let mut reading = Reading { content, readers, client: *client, server: *server, is_wanted };
        stream.finish(budget, &mut reading);
        match self.content {
            Content::Lines(reader) if reader.opinion(self.server.port) == Opinion::Irc => {
                Some(reader.into_session())
            }
            _ => None,
        }
    }
}

/// A tap while a segment is read.
struct Reading<'r> {
    content: &'r mut Content,
    readers: &'r mut Readers,
    client: Endpoint,
    server: Endpoint,
    is_wanted: &'r mut bool,
}

impl Consumer for Reading<'_> {
    fn data(&mut self, chunk: Chunk<'_>) {
        if chunk.offset == 0
            && matches!(self.content, Content::Lines(_))
            && chunk.bytes.get(RPC_MARK..).is_some_and(looks_like_portmapper_call)
        {
            *self.content = Content::Rpc(Default::default());
        }
        let (src, dst) = match chunk.direction {
            Direction::FromClient => (self.client, self.server),
            Direction::FromServer => (self.server, self.client),
        };
        let seen = Seen { number: chunk.packet, time: chunk.time };
        let side = usize::from(chunk.direction == Direction::FromServer);
        let readers = &mut *self.readers;
        match self.content {
            Content::Rpc(records) => {
                if let Some(records) = records.get_mut(side) {
                    records.rpc(seen, chunk.bytes, |seen, message| {
                        readers.rpc.message(seen, src, dst, protocol::TCP, message);
                    });
                }
            }
            Content::Dns(records) => {
                if let Some(records) = records.get_mut(side) {
                    records.dns(seen, chunk.bytes, |seen, message| {
                        readers.dns.message(seen, src.host, dst.host, message);
                    });
                }
            }
            Content::Lines(reader) => {
                reader.data(chunk.direction, chunk.bytes);
                *self.is_wanted = reader.opinion(self.server.port) != Opinion::Other;
            }
        }
    }

    fn gap(&mut self, direction: Direction, _offset: u64, length: u64, _why: Gap) {
        let (src, dst) = match direction {
            Direction::FromClient => (self.client, self.server),
            Direction::FromServer => (self.server, self.client),
        };
        let side = usize::from(direction == Direction::FromServer);
        let readers = &mut *self.readers;
        match self.content {
            Content::Rpc(records) => {
                if let Some(records) = records.get_mut(side) {
                    records.gap_in_rpc(length, |seen, message| {
                        readers.rpc.message(seen, src, dst, protocol::TCP, message);
                    });
                }
            }
            // Messages cannot be told apart any more.
            Content::Dns(records) => records.iter_mut().skip(side).take(1).for_each(Records::lose),
            // Lines begin anew at the next end of line.
            Content::Lines(_) => {}
        }
    }
}

impl Records {
    /// RPC over TCP: a mark of four bytes before each fragment, its highest bit on the last (RFC 5531
    /// section 11).
    fn rpc(&mut self, seen: Seen, bytes: &[u8], mut message: impl FnMut(Seen, &[u8])) {
        self.take(seen, bytes);
        loop {
            let Ok(mark) = Cursor::over(&self.pending).u32() else { return };
            let length = (mark & 0x7fff_ffff) as usize;
            if length + self.record.len() > MAX_RECORD {
                self.lose();
                return;
            }
            let Some(fragment) = self.pending.get(RPC_MARK..RPC_MARK + length) else { return };
            self.record.extend_from_slice(fragment);
            self.pending.drain(..RPC_MARK + length);
            if mark & 0x8000_0000 != 0 {
                message(self.first_packet.unwrap_or(seen), &self.record);
                self.record.clear();
                self.first_packet = (!self.pending.is_empty()).then_some(seen);
            }
        }
    }

    /// Reads what there is of a record whose other bytes the capture does not have, and goes on behind it,
    /// since the mark tells where it ends.
    fn gap_in_rpc(&mut self, length: u64, mut message: impl FnMut(Seen, &[u8])) {
        let mark = Cursor::over(&self.pending).u32().unwrap_or(0);
        let whole = RPC_MARK as u64 + u64::from(mark & 0x7fff_ffff);
        let (is_last, after) = (mark & 0x8000_0000 != 0, self.pending.len() as u64 + length);
        let part = self.pending.get(RPC_MARK..).unwrap_or(&[]);
        let Some(seen) = self.first_packet.filter(|_| is_last && after <= whole) else {
            self.lose();
            return;
        };
        self.record.extend_from_slice(part);
        message(seen, &self.record);
        *self = Records { skip: whole - after, ..Records::default() };
    }

    /// DNS over TCP: a length of two bytes before each message (RFC 1035 section 4.2.2).
    fn dns(&mut self, seen: Seen, bytes: &[u8], mut message: impl FnMut(Seen, &[u8])) {
        self.take(seen, bytes);
        loop {
            let Ok(length) = Cursor::over(&self.pending).u16() else { return };
            let length = usize::from(length);
            let Some(whole) = self.pending.get(2..2 + length) else { return };
            message(self.first_packet.unwrap_or(seen), whole);
            self.pending.drain(..2 + length);
            self.first_packet = (!self.pending.is_empty()).then_some(seen);
        }
    }

    fn take(&mut self, seen: Seen, bytes: &[u8]) {
        let skipped = self.skip.min(bytes.len() as u64);
        self.skip -= skipped;
        let bytes = bytes.get(skipped as usize..).unwrap_or(&[]);
        if !self.is_lost && !bytes.is_empty() {
            self.first_packet.get_or_insert(seen);
            self.pending.extend_from_slice(bytes);
        }
    }

    fn lose(&mut self) {
        *self = Records { is_lost: true, ..Records::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wirescope_wire::Timestamp;

    #[test]
    fn a_record_that_was_not_captured_whole_is_read_as_far_as_it_was() {
        let seen = |number| Seen { number, time: Timestamp::default() };
        let mut read = Vec::new();
        let mut records = Records::default();
        let mut take = |seen: Seen, message: &[u8]| read.push((seen.number, message.to_vec()));
        records.rpc(seen(1), &[0x80, 0, 0, 10, b'a', b'b'], &mut take);
        records.gap_in_rpc(5, &mut take);
        records.rpc(seen(2), b"cde", &mut take);
        records.rpc(seen(3), &[0x80, 0, 0, 1, b'x'], &mut take);
        records.rpc(seen(4), &[0x80, 0, 0, 4, b'y'], &mut take);
        records.gap_in_rpc(9, &mut take);
        records.rpc(seen(5), &[0x80, 0, 0, 1, b'z'], &mut take);
        assert_eq!(read, [(1, b"ab".to_vec()), (3, b"x".to_vec())], "a gap past the mark loses the place");
    }
}
