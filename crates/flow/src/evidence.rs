//! Which packets prove a finding.

use wirescope_wire::Timestamp;

/// A packet as evidence: its number in the capture, counted from 1, and its time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Number in the capture, counted from 1.
    pub number: u64,
    /// When it was seen.
    pub time: Timestamp,
}

/// A growing list of packets that stays small: the first 99, the last, and how many there are.
#[derive(Clone, Default, Debug)]
pub struct Evidence {
    first: Vec<u64>,
    last: u64,
    count: u64,
    first_time: Timestamp,
    last_time: Timestamp,
}

impl Evidence {
    /// Most packet numbers kept besides the last.
    pub const KEPT: usize = 99;

    /// Evidence of one packet.
    pub fn of(seen: Seen) -> Self {
        let mut evidence = Evidence::default();
        evidence.add(seen);
        evidence
    }

    /// Evidence of several packets, given in any order; the same packet counts once.
    pub fn collect(seen: impl IntoIterator<Item = Seen>) -> Self {
        let mut all: Vec<Seen> = seen.into_iter().collect();
        all.sort_unstable_by_key(|s| s.number);
        let mut evidence = Evidence::default();
        all.into_iter().for_each(|s| evidence.add(s));
        evidence
    }

    /// Adds a packet, which must not come before the ones there; the same packet counts once.
    #[inline]
    pub fn add(&mut self, seen: Seen) {
        if self.count == 0 {
            self.first_time = seen.time;
        } else if seen.number <= self.last {
            return;
        }
        if self.first.len() < Self::KEPT {
            self.first.push(seen.number);
        }
        self.last = seen.number;
        self.last_time = seen.time;
        self.count += 1;
    }

    /// Takes in the evidence of something else: no packet may be in both.
    pub fn merge(&mut self, other: &Evidence) {
        if self.count == 0 || other.count == 0 {
            if self.count == 0 {
                *self = other.clone();
            }
            return;
        }
        if other.first.first() < self.first.first() {
            self.first_time = other.first_time;
        }
        if other.last > self.last {
            (self.last, self.last_time) = (other.last, other.last_time);
        }
        self.count += other.count;
        self.first.extend_from_slice(&other.first);
        self.first.sort_unstable();
        self.first.truncate(Self::KEPT);
    }

    /// Packets in all.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The numbers kept, ascending: the first 99 and the last.
    pub fn packets(&self) -> impl Iterator<Item = u64> + '_ {
        let tail = self.first.last().is_some_and(|kept| *kept != self.last).then_some(self.last);
        self.first.iter().copied().chain(tail)
    }

    /// The first packet, where there is one.
    pub fn first_packet(&self) -> Option<u64> {
        self.first.first().copied()
    }

    /// The last packet, where there is one.
    pub fn last_packet(&self) -> Option<u64> {
        (self.count > 0).then_some(self.last)
    }

    /// Time of the first packet.
    pub fn first_time(&self) -> Timestamp {
        self.first_time
    }

    /// Time of the last packet.
    pub fn last_time(&self) -> Timestamp {
        self.last_time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(number: u64) -> Seen {
        Seen { number, time: Timestamp::new(number as i64, 0) }
    }

    #[test]
    fn a_hundred_are_kept_and_all_are_counted() {
        let evidence = Evidence::collect((1..=100).map(seen));
        assert_eq!(evidence.packets().collect::<Vec<_>>(), (1..=100).collect::<Vec<_>>());
        let evidence = Evidence::collect((1..=500).rev().map(seen));
        assert_eq!((evidence.packets().count(), evidence.count()), (100, 500));
        assert_eq!(evidence.packets().last(), Some(500));
        assert_eq!(evidence.last_time().seconds, 500);
    }

    #[test]
    fn merged_evidence_is_that_of_all_packets() {
        let all = Evidence::collect((1..=400).map(seen));
        let mut merged = Evidence::default();
        for part in 0..4 {
            merged.merge(&Evidence::collect((1..=400).filter(|n| n % 4 == part).map(seen)));
        }
        assert_eq!(merged.packets().collect::<Vec<_>>(), all.packets().collect::<Vec<_>>());
        assert_eq!(
            (merged.count(), merged.first_time(), merged.last_time()),
            (400, all.first_time(), all.last_time())
        );
    }

    #[test]
    fn the_same_packet_counts_once() {
        let evidence = Evidence::collect([seen(4), seen(4), seen(2)]);
        assert_eq!((evidence.packets().collect::<Vec<_>>(), evidence.count()), (vec![2, 4], 2));
    }
}
