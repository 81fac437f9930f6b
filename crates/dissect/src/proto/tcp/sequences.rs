//! Relative sequence numbers: where each conversation began.

use crate::Network;
use std::hash::{BuildHasher, RandomState};
use std::hint::select_unpredictable;
use wirescope_wire::tcp::{Tcp, flag};

/// Conversations remembered, per IP version; a further one takes the place of the one in its set that was silent
/// for longest. What is lost then is only that numbers are counted from a later segment.
const CONVERSATIONS: usize = 1 << 15;
/// Places that one conversation may stand in. The one heard last stands first: the next segment is mostly its own,
/// and then one line of the cache is touched instead of the four that a set takes.
const WAYS: usize = 8;

/// Sequence numbers as they are shown, and what SACK blocks are counted from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relative {
    pub(super) seq: u32,
    pub(super) ack: u32,
    /// Subtracted from the edges of SACK blocks.
    pub(super) sack_base: u32,
}

impl Relative {
    /// Numbers as they stand in the header.
    pub(super) fn absolute(tcp: Tcp<'_>) -> Self {
        Relative { seq: tcp.seq(), ack: tcp.ack(), sack_base: 0 }
    }
}

/// One conversation: its ends, the one with the lower port (then address) first.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Key<A> {
    low: A,
    high: A,
    low_port: u16,
    high_port: u16,
}

#[derive(Clone, Copy, Default)]
struct Entry<A> {
    key: Key<A>,
    /// When its last segment came, in segments seen before; 0 where the place is free.
    last: u32,
    /// What the low end's numbers are counted from.
    low_start: u32,
    /// What the high end's numbers are counted from.
    high_start: u32,
}

/// An address as numbers to hash.
trait Address: Copy + Ord + Default {
    fn number(self) -> u64;
}

impl Address for [u8; 4] {
    #[inline]
    fn number(self) -> u64 {
        u64::from(u32::from_ne_bytes(self))
    }
}

impl Address for [u8; 16] {
    #[inline]
    fn number(self) -> u64 {
        let whole = u128::from_ne_bytes(self);
        (whole as u64).rotate_left(29) ^ (whole >> 64) as u64
    }
}

/// A bounded table of conversations. Its seed differs from run to run, so that nobody can choose
/// conversations that crowd one set.
struct Table<A> {
    entries: Vec<Entry<A>>,
    seed: [u64; 2],
    /// Segments seen.
    now: u32,
}

impl<A: Address> Table<A> {
    fn new() -> Self {
        let random = RandomState::new();
        let seed = [random.hash_one(0u8), random.hash_one(1u8) | 1];
        Table { entries: Vec::new(), seed, now: 0 }
    }

    /// The set of places for a key.
    #[inline]
    fn set(&self, key: &Key<A>) -> usize {
        let ports = u64::from(key.low_port) << 16 | u64::from(key.high_port);
        let ends = key.low.number() ^ key.high.number().rotate_left(32) ^ self.seed[0];
        let product = u128::from(ends) * u128::from(self.seed[1] ^ ports.rotate_left(20));
        let hash = (product as u64) ^ (product >> 64) as u64;
        (hash as usize % (CONVERSATIONS / WAYS)) * WAYS
    }

    /// Numbers of a segment relative to the start of its conversation, which is noted when it is new.
    #[inline]
    fn relative(&mut self, src: A, dst: A, tcp: Tcp<'_>) -> Relative {
        let (src_port, dst_port) = (tcp.src_port(), tcp.dst_port());
        let from_high = src_port > dst_port || (src_port == dst_port && src > dst);
        // Which end sends is a toss of a coin that no processor foresees.
        let key = Key {
            low: select_unpredictable(from_high, dst, src),
            high: select_unpredictable(from_high, src, dst),
            low_port: src_port.min(dst_port),
            high_port: src_port.max(dst_port),
        };
        if self.entries.is_empty() {
            self.entries = vec![Entry::default(); CONVERSATIONS];
        }
        self.now = self.now.wrapping_add(1).max(1);
        let now = self.now;
        let set = self.set(&key);
        let ways = self.entries.get_mut(set..set + WAYS).unwrap_or_default();
        let found = ways.iter().position(|entry| entry.last != 0 && entry.key == key);
        // How recently each was heard; a free place is as silent as can be.
        let recency = |entry: &Entry<A>| if entry.last == 0 { 0 } else { entry.last.wrapping_sub(now) };
        let silent = || (0..ways.len()).min_by_key(|&way| ways.get(way).map_or(0, recency)).unwrap_or(0);
        let way = found.unwrap_or_else(silent);
        if way != 0 {
            ways.swap(0, way);
        }
        let Some(entry) = ways.first_mut() else { return Relative::absolute(tcp) };
        if found.is_some() && tcp.flags() & flag::SYN == 0 {
            entry.last = now;
            let own = select_unpredictable(from_high, entry.high_start, entry.low_start);
            let other = select_unpredictable(from_high, entry.low_start, entry.high_start);
            return Relative {
                seq: tcp.seq().wrapping_sub(own),
                ack: tcp.ack().wrapping_sub(other),
                sack_base: other,
            };
        }
        let (own, other) = (tcp.seq(), tcp.ack().wrapping_sub(1));
        let (low_start, high_start) = if from_high { (other, own) } else { (own, other) };
        *entry = Entry { key, last: now, low_start, high_start };
        Relative { seq: tcp.seq(), ack: tcp.ack(), sack_base: other }
    }
}

/// What the printer of TCP remembers from segment to segment.
pub(crate) struct Sequences {
    v4: Table<[u8; 4]>,
    v6: Table<[u8; 16]>,
    /// What the next segment is told instead of being looked up, where packets are printed apart.
    given: Option<Relative>,
}

impl Default for Sequences {
    fn default() -> Self {
        Sequences { v4: Table::new(), v6: Table::new(), given: None }
    }
}

impl Sequences {
    /// Settles what the next segment is told, or that it is looked up.
    pub(crate) fn set_given(&mut self, given: Option<Relative>) {
        self.given = given;
    }

    #[inline]
    pub(crate) fn relative(&mut self, network: &Network, tcp: Tcp<'_>) -> Relative {
        if let Some(given) = self.given.take() {
            return given;
        }
        match *network {
            Network::V4 { src, dst, .. } => self.v4.relative(src, dst, tcp),
            Network::V6 { src, dst, .. } => self.v6.relative(src, dst, tcp),
            Network::None => Relative::absolute(tcp),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wirescope_wire::Cursor;

    const LOW: [u8; 4] = [10, 0, 0, 1];

    /// A segment from a server's port 80 to a client's port, with its sequence number as it is shown.
    fn shown(table: &mut Table<[u8; 4]>, (client, port): ([u8; 4], u16), seq: u32) -> u32 {
        let ([p0, p1], [s0, s1, s2, s3]) = (port.to_be_bytes(), seq.to_be_bytes());
        let bytes = [0, 80, p0, p1, s0, s1, s2, s3, 0, 0, 0, 0, 0x50, 0, 0, 0, 0, 0, 0, 0];
        let tcp = Tcp::read(&mut Cursor::over(&bytes)).expect("a whole header");
        table.relative(LOW, client, tcp).seq
    }

    #[test]
    fn the_conversation_that_was_silent_for_longest_makes_room() {
        let mut table = Table::new();
        let set_of = |table: &Table<_>, (high, high_port): ([u8; 4], u16)| {
            table.set(&Key { low: LOW, high, low_port: 80, high_port })
        };
        let ends = (0..=u16::MAX).flat_map(|host| {
            let [a, b] = host.to_be_bytes();
            (1024..1040).map(move |port| ([10, 1, a, b], port))
        });
        let set = set_of(&table, ([10, 1, 0, 0], 1024));
        let crowd: Vec<_> = ends.filter(|&end| set_of(&table, end) == set).take(WAYS + 1).collect();
        let [first, second, others @ .., late] = crowd.as_slice() else { panic!("too few share a set") };
        for end in crowd.iter().take(WAYS) {
            assert_eq!(shown(&mut table, *end, 1000), 1000, "the first segment's number is not relative");
        }
        assert_eq!(shown(&mut table, *first, 1001), 1);
        assert_eq!(shown(&mut table, *late, 1000), 1000);
        for end in others.iter().chain([first, late]) {
            assert_eq!(shown(&mut table, *end, 1002), 2, "{end:?} was heard later than the second");
        }
        assert_eq!(shown(&mut table, *second, 1003), 1003, "the second had to make room");
    }
}
