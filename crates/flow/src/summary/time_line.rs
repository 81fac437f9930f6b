//! How much came when, in a bounded number of equal intervals that widen as the capture goes on.

use wirescope_wire::Timestamp;

use super::Amount;

/// Intervals held.
const INTERVALS: usize = 1_200;
/// How many become one when the capture goes on past the last.
const MERGED: usize = 10;
/// Width of an interval at first, in nanoseconds.
const FIRST_WIDTH: i128 = 1_000;
/// How many of those held may be shown as one: widths that people count in.
const STEPS: [usize; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

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
        let enough = |each: &usize| intervals.len().div_ceil(*each) <= most.max(1);
        let each = STEPS.into_iter().find(enough).unwrap_or(INTERVALS);
        (seconds * each as f64, intervals.chunks(each).map(sum).collect())
    }

    fn widen(&mut self) {
        self.width = self.width.saturating_mul(MERGED as i128);
        let old = std::mem::replace(&mut self.intervals, vec![Amount::default(); INTERVALS]);
        for (to, merged) in self.intervals.iter_mut().zip(old.chunks(MERGED)) {
            *to = sum(merged);
        }
    }
}

fn sum(part: &[Amount]) -> Amount {
    Amount {
        packets: part.iter().map(|amount| amount.packets).sum(),
        bytes: part.iter().map(|amount| amount.bytes).fold(0, u64::saturating_add),
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
        assert_eq!((seconds, intervals.len()), (1.0, 1_000));
        let (wide, coarse) = line.coarse(20);
        assert_eq!((wide, coarse.len()), (50.0, 20));
        assert_eq!(coarse.iter().map(|amount| amount.bytes).sum::<u64>(), 10_010);
    }

    #[test]
    fn times_far_apart_do_not_hang() {
        let mut line = TimeLine::default();
        line.add(Timestamp::new(i64::MIN, 0), 1);
        line.add(Timestamp::new(i64::MAX, u64::MAX), 1);
        let packets: Vec<u64> = line.intervals().1.iter().map(|amount| amount.packets).collect();
        assert!(packets.len() <= INTERVALS && packets.len() > INTERVALS / MERGED);
        assert_eq!(packets.iter().sum::<u64>(), 2);
    }
}
