//! How much came when, in a fixed number of equal intervals that widen as the capture goes on.

use wirescope_wire::Timestamp;

use super::Amount;

/// Intervals held.
const INTERVALS: usize = 128;
/// Width of an interval at first, in nanoseconds.
const FIRST_WIDTH: i128 = 1_000;

/// Packets and bytes over time.
#[derive(Clone, Debug)]
pub struct TimeLine {
    start: Option<Timestamp>,
    width: i128,
    intervals: Vec<Amount>,
}

impl Default for TimeLine {
    fn default() -> Self {
        TimeLine { start: None, width: FIRST_WIDTH, intervals: vec![Amount::default(); INTERVALS] }
    }
}

impl TimeLine {
    /// Counts a packet; one older than the first counts for the first interval.
    pub(super) fn add(&mut self, time: Timestamp, bytes: u64) {
        let start = *self.start.get_or_insert(time);
        let distance = (time.as_nanos() - start.as_nanos()).max(0);
        while distance / self.width >= INTERVALS as i128 {
            self.widen();
        }
        if let Some(interval) = self.intervals.get_mut((distance / self.width) as usize) {
            interval.add(bytes);
        }
    }

    /// Seconds of an interval, and the intervals up to the last that has packets.
    pub fn intervals(&self) -> (f64, &[Amount]) {
        let used = self.intervals.iter().rposition(|interval| interval.packets > 0).map_or(0, |at| at + 1);
        (self.width as f64 / 1e9, self.intervals.get(..used).unwrap_or(&[]))
    }

    /// At most `most` intervals, each of several of those held, and the seconds of one.
    pub fn coarse(&self, most: usize) -> (f64, Vec<Amount>) {
        let (seconds, intervals) = self.intervals();
        let each = intervals.len().div_ceil(most.max(1)).max(1);
        let sum = |part: &[Amount]| Amount {
            packets: part.iter().map(|amount| amount.packets).sum(),
            bytes: part.iter().map(|amount| amount.bytes).sum(),
        };
        (seconds * each as f64, intervals.chunks(each).map(sum).collect())
    }

    fn widen(&mut self) {
        self.width = self.width.saturating_mul(2);
        let old = std::mem::replace(&mut self.intervals, vec![Amount::default(); INTERVALS]);
        let (pairs, _) = old.as_chunks::<2>();
        for (to, [one, other]) in self.intervals.iter_mut().zip(pairs) {
            *to = Amount { packets: one.packets + other.packets, bytes: one.bytes + other.bytes };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_widen_and_lose_nothing() {
        let mut line = TimeLine::default();
        for second in 0..1_000 {
            line.add(Timestamp::new(1_000_000 + second, 500), 10);
        }
        line.add(Timestamp::new(5, 0), 10);
        let (seconds, intervals) = line.intervals();
        assert_eq!(intervals.iter().map(|amount| amount.packets).sum::<u64>(), 1_001);
        assert!(seconds * intervals.len() as f64 >= 999.0 && intervals.len() > INTERVALS / 2 - 2);
        let (wide, coarse) = line.coarse(20);
        assert!(coarse.len() <= 20 && wide > seconds);
        assert_eq!(coarse.iter().map(|amount| amount.bytes).sum::<u64>(), 10_010);
    }

    #[test]
    fn times_far_apart_do_not_hang() {
        let mut line = TimeLine::default();
        line.add(Timestamp::new(i64::MIN, 0), 1);
        line.add(Timestamp::new(i64::MAX, u64::MAX), 1);
        let packets: Vec<u64> = line.intervals().1.iter().map(|amount| amount.packets).collect();
        assert!(packets.len() <= INTERVALS && packets.len() > INTERVALS / 2);
        assert_eq!(packets.iter().sum::<u64>(), 2);
    }
}
