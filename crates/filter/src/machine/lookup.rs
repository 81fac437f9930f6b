//! What many comparisons of one value fold into: a set of keys, a map of small numbers, or ranges.

use super::op::At;

/// A set of 32-bit keys: open addressing, at most half full, and a small set mostly empty: then the first look tells, and
/// the processor foresees it.
#[derive(Clone, Debug)]
pub(super) struct KeySet {
    slots: Vec<u32>,
    /// Marks a free slot; no key equals it.
    free: u32,
    shift: u32,
}

/// Slots for each key, as long as they are few enough for the nearest cache; and then.
const SLOTS_PER_KEY: usize = 8;
const FEWEST_SLOTS_PER_KEY: usize = 2;
/// Slots in 8 KiB.
const MOST_SPARE_SLOTS: usize = 1 << 11;

impl KeySet {
    /// Keys come in rising order.
    pub(super) fn new(keys: &[u32]) -> KeySet {
        let spare = (keys.len() * SLOTS_PER_KEY).min(MOST_SPARE_SLOTS);
        let slots = spare.max(keys.len() * FEWEST_SLOTS_PER_KEY).next_power_of_two();
        let bits = slots.trailing_zeros().max(1);
        let free = keys.iter().fold(0, |free, &key| if key == free { free + 1 } else { free });
        let mut set = KeySet { slots: vec![free; 1 << bits], free, shift: 32 - bits };
        for &key in keys {
            let mut slot = set.first_slot(key);
            while set.slots.get(slot).is_some_and(|&taken| taken != free && taken != key) {
                slot = set.next_slot(slot);
            }
            if let Some(entry) = set.slots.get_mut(slot) {
                *entry = key;
            }
        }
        set
    }

    #[inline]
    pub(super) fn contains(&self, key: u32) -> bool {
        let mut slot = self.first_slot(key);
        while let Some(&taken) = self.slots.get(slot) {
            if taken == self.free {
                return false;
            }
            if taken == key {
                return true;
            }
            slot = self.next_slot(slot);
        }
        false
    }

    /// Fibonacci hashing: the high bits of the product depend on all bits of the key.
    #[inline]
    fn first_slot(&self, key: u32) -> usize {
        (key.wrapping_mul(0x9e37_79b1) >> self.shift) as usize
    }

    #[inline]
    fn next_slot(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }
}

/// A set of numbers below 65,536, one bit each.
#[derive(Clone, Debug)]
pub(super) struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    /// The numbers from `first` to `last` of each range; both belong to it.
    pub(super) fn new(ranges: &[(u32, u32)]) -> Bitmap {
        let mut words = vec![0u64; 1 << 10];
        for &(first, last) in ranges {
            for number in first..=last {
                if let Some(word) = words.get_mut((number >> 6) as usize) {
                    *word |= 1 << (number & 63);
                }
            }
        }
        Bitmap { words }
    }

    #[inline]
    pub(super) fn contains(&self, number: u32) -> bool {
        self.words.get((number >> 6) as usize).is_some_and(|word| word >> (number & 63) & 1 != 0)
    }
}

/// Where a value leads, and which of its bits are in A there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Outcome {
    pub(super) target: At,
    pub(super) mask: u32,
}

/// A map of all 32-bit values in ranges. The high bits of a value say between which ranges to search.
#[derive(Clone, Debug)]
pub(super) struct Ranges {
    /// First value of each range but the first, rising.
    starts: Vec<u32>,
    /// One more than `starts`.
    outcomes: Vec<Outcome>,
    /// For each value of the high bits, how many starts are not above the lowest such value.
    first: Vec<u32>,
    shift: u32,
}

/// Bits of a value that choose where the search begins.
const MOST_INDEX_BITS: u32 = 16;

impl Ranges {
    /// `ranges` are the last value of each range and where it leads, rising, up to the highest value.
    pub(super) fn new(ranges: &[(u32, Outcome)]) -> Ranges {
        let starts: Vec<u32> = ranges
            .iter()
            .take(ranges.len().saturating_sub(1))
            .map(|&(last, _)| last.saturating_add(1))
            .collect();
        let outcomes = ranges.iter().map(|&(_, outcome)| outcome).collect();
        let bits = (starts.len() * 4).next_power_of_two().trailing_zeros().clamp(1, MOST_INDEX_BITS);
        let shift = 32 - bits;
        let count =
            |limit: u32| u32::try_from(starts.partition_point(|&start| start <= limit)).unwrap_or(u32::MAX);
        let mut first: Vec<u32> = (0..1u32 << bits).map(|high| count(high << shift)).collect();
        first.push(count(u32::MAX));
        Ranges { starts, outcomes, first, shift }
    }

    #[inline]
    pub(super) fn outcome(&self, value: u32) -> Outcome {
        const NOWHERE: Outcome = Outcome { target: At::MAX, mask: 0 };
        let high = (value >> self.shift) as usize;
        let Some(&[low, end]) = self.first.get(high..high + 2) else { return NOWHERE };
        let (low, end) = (low as usize, end as usize);
        let Some(candidates) = self.starts.get(low..end) else { return NOWHERE };
        let place = low + candidates.partition_point(|&start| start <= value);
        self.outcomes.get(place).copied().unwrap_or(NOWHERE)
    }
}
