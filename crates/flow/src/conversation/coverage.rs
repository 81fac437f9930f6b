//! Which bytes of a TCP direction were sent, so that each is counted once.

use crate::pieces::Span;

/// Most holes remembered; bytes that fill an older one count as repeated.
const MAX_HOLES: usize = 64;
/// A jump further than this is no hole but another numbering.
const FARTHEST: u64 = 1 << 30;

/// The sequence space sent so far: everything up to the highest byte but for some holes.
#[derive(Clone, Default, Debug)]
pub(super) struct Coverage {
    base: Option<u32>,
    next: u64,
    holes: Vec<Span>,
}

impl Coverage {
    /// Sets where the numbering starts, unless it is known.
    pub(super) fn start(&mut self, seq: u32) {
        self.base.get_or_insert(seq);
    }

    /// Sequence number of the first byte, where known.
    pub(super) fn base(&self) -> Option<u32> {
        self.base
    }

    /// Notes `length` bytes sent from `seq` and returns how many of them are new.
    pub(super) fn send(&mut self, seq: u32, length: u64) -> u64 {
        let base = *self.base.get_or_insert(seq);
        let here = base.wrapping_add(self.next as u32);
        let distance = i64::from(seq.wrapping_sub(here) as i32);
        let Some(start) = self.next.checked_add_signed(distance) else {
            return 0; // before the start of what was seen
        };
        let end = start.saturating_add(length);
        if start > self.next {
            if start - self.next > FARTHEST {
                return 0;
            }
            if self.holes.len() == MAX_HOLES {
                self.holes.remove(0);
            }
            self.holes.push(Span { start: self.next, end: start });
        }
        let fresh = end.saturating_sub(start.max(self.next));
        let filled = if start < self.next && !self.holes.is_empty() { self.fill(start, end) } else { 0 };
        self.next = self.next.max(end);
        fresh + filled
    }

    fn fill(&mut self, start: u64, end: u64) -> u64 {
        let mut filled = 0;
        let mut left = Vec::with_capacity(self.holes.len() + 1);
        for hole in self.holes.drain(..) {
            let (low, high) = (hole.start.max(start), hole.end.min(end));
            if low >= high {
                left.push(hole);
                continue;
            }
            filled += high - low;
            if hole.start < low {
                left.push(Span { start: hole.start, end: low });
            }
            if high < hole.end {
                left.push(Span { start: high, end: hole.end });
            }
        }
        left.truncate(MAX_HOLES);
        self.holes = left;
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_counts_once_over_the_wrap_and_out_of_order() {
        let mut coverage = Coverage::default();
        let start = u32::MAX - 9;
        coverage.start(start);
        assert_eq!(coverage.send(start, 10), 10);
        assert_eq!(coverage.send(start, 10), 0, "sent again");
        assert_eq!(coverage.send(10, 5), 5, "beyond the wrap, leaving a hole of ten");
        assert_eq!(coverage.send(5, 10), 5, "half of the hole filled, the rest repeated");
        assert_eq!(coverage.send(0, 20), 10, "the rest of the hole and five new ones");
        assert_eq!(coverage.send(start, 30), 0);
    }

    #[test]
    fn bytes_before_the_start_are_not_counted() {
        let mut coverage = Coverage::default();
        coverage.start(1000);
        assert_eq!(coverage.send(999, 1), 0, "a keep-alive");
        assert_eq!(coverage.send(1000, 3), 3);
    }
}
