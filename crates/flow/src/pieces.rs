//! Bytes that arrive in pieces, out of order and on top of each other: what both fragment and stream
//! reassembly hold until the bytes before have come.

use crate::evidence::Seen;

/// A range of positions, the end not included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// First position.
    pub start: u64,
    /// Position after the last.
    pub end: u64,
}

impl Span {
    /// A span of `length` positions from `start`.
    pub fn new(start: u64, length: usize) -> Self {
        Span { start, end: start.saturating_add(length as u64) }
    }

    /// Whether `other` lies within.
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether both have a position in common.
    pub fn meets(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// One piece: bytes that came with one packet.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Position of the first byte.
    pub start: u64,
    /// The packet that brought it.
    pub seen: Seen,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Piece {
    /// The positions held.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.bytes.len())
    }
}

/// What an insertion met.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Met {
    /// Bytes that were there already.
    pub overlapping: u64,
    /// How many of those had another value.
    pub conflicting: u64,
}

/// Pieces that do not overlap, in ascending order.
#[derive(Clone, Default, Debug)]
pub struct Pieces {
    list: Vec<Piece>,
    bytes: usize,
}

impl Pieces {
    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Pieces held.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The pieces in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = &Piece> {
        self.list.iter()
    }

    /// The first piece.
    pub fn first(&self) -> Option<&Piece> {
        self.list.first()
    }

    /// Takes the first piece out.
    pub fn pop_first(&mut self) -> Option<Piece> {
        if self.list.is_empty() {
            return None;
        }
        let piece = self.list.remove(0);
        self.bytes -= piece.bytes.len();
        Some(piece)
    }

    /// Takes all pieces out.
    pub fn take(&mut self) -> Vec<Piece> {
        self.bytes = 0;
        std::mem::take(&mut self.list)
    }

    /// Puts bytes in. Where they overlap a piece that is there, `new_wins(old, new)` decides whose bytes stay.
    pub fn insert(
        &mut self,
        start: u64,
        bytes: &[u8],
        seen: Seen,
        new_wins: impl Fn(Span, Span) -> bool,
    ) -> Met {
        let new = Span::new(start, bytes.len());
        let from = self.list.partition_point(|piece| piece.span().end <= new.start);
        let until = self.list.partition_point(|piece| piece.start < new.end).max(from);
        if from == until {
            if !bytes.is_empty() {
                self.bytes += bytes.len();
                self.list.insert(from, Piece { start, seen, bytes: bytes.to_vec() });
            }
            return Met::default();
        }
        let mut met = Met::default();
        let mut parts: Vec<Piece> = Vec::new();
        let mut at = new.start;
        for old in self.list.drain(from..until) {
            let span = old.span();
            if !span.meets(new) {
                parts.push(old);
                continue;
            }
            let (low, high) = (span.start.max(new.start), span.end.min(new.end));
            let (theirs, ours) = (part(&old.bytes, span.start, low, high), part(bytes, start, low, high));
            met.overlapping += high - low;
            met.conflicting += theirs.iter().zip(ours).filter(|(a, b)| a != b).count() as u64;
            let mut push = |source: &[u8], origin: u64, from: u64, until: u64, seen: Seen| {
                let bytes = part(source, origin, from, until);
                if !bytes.is_empty() {
                    parts.push(Piece { start: from, seen, bytes: bytes.to_vec() });
                }
            };
            if new_wins(span, new) {
                push(&old.bytes, span.start, span.start, low, old.seen);
                push(bytes, start, at, high, seen);
                push(&old.bytes, span.start, high, span.end, old.seen);
            } else {
                push(bytes, start, at, low, seen);
                push(&old.bytes, span.start, span.start, span.end, old.seen);
            }
            at = high;
        }
        let rest = part(bytes, start, at, new.end);
        if !rest.is_empty() {
            // The last old piece may reach beyond the new bytes; then there is no rest, and order holds.
            parts.push(Piece { start: at, seen, bytes: rest.to_vec() });
        }
        self.list.splice(from..from, parts);
        self.bytes = self.list.iter().map(|piece| piece.bytes.len()).sum();
        met
    }
}

/// The bytes of positions `from` to `until`, where `bytes` starts at `origin`.
fn part(bytes: &[u8], origin: u64, from: u64, until: u64) -> &[u8] {
    let low = from.saturating_sub(origin) as usize;
    let high = until.saturating_sub(origin) as usize;
    bytes.get(low..high).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(number: u64) -> Seen {
        Seen { number, time: Default::default() }
    }

    fn text(pieces: &Pieces) -> String {
        let mut text = String::new();
        let mut at = pieces.first().map_or(0, |piece| piece.start);
        for piece in pieces.iter() {
            assert!(piece.start >= at, "pieces must ascend and not overlap");
            assert!(!piece.bytes.is_empty());
            text.extend(std::iter::repeat_n('.', (piece.start - at) as usize));
            text.push_str(std::str::from_utf8(&piece.bytes).unwrap());
            at = piece.span().end;
        }
        assert_eq!(pieces.bytes(), pieces.iter().map(|p| p.bytes.len()).sum::<usize>());
        text
    }

    #[test]
    fn whoever_wins_keeps_the_disputed_bytes_and_nothing_else_changes() {
        for (new_wins, want) in [(true, "abXXXXXXXXi"), (false, "abcdXXXghXi")] {
            let mut pieces = Pieces::default();
            pieces.insert(0, b"abcd", seen(1), |_, _| new_wins);
            pieces.insert(7, b"gh", seen(2), |_, _| new_wins);
            pieces.insert(10, b"i", seen(3), |_, _| new_wins);
            let met = pieces.insert(2, b"XXXXXXXX", seen(4), |_, _| new_wins);
            assert_eq!(met, Met { overlapping: 4, conflicting: 4 });
            assert_eq!(text(&pieces), want);
        }
    }

    #[test]
    fn a_piece_inside_another_splits_it_or_vanishes() {
        for (new_wins, want) in [(true, "abXXef"), (false, "abcdef")] {
            let mut pieces = Pieces::default();
            pieces.insert(5, b"abcdef", seen(1), |_, _| new_wins);
            pieces.insert(7, b"XX", seen(2), |_, _| new_wins);
            assert_eq!(text(&pieces), want);
        }
    }

    #[test]
    fn every_order_of_agreeing_pieces_gives_the_same_bytes() {
        let whole = b"The quick brown fox jumps over the lazy dog";
        let mut state = 7u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % below
        };
        for round in 0..500 {
            let mut pieces = Pieces::default();
            let mut sent = vec![false; whole.len()];
            for packet in 0..12 {
                let start = next(whole.len());
                let end = (start + 1 + next(12)).min(whole.len());
                let met = pieces.insert(start as u64, &whole[start..end], seen(packet), |old, new| {
                    (old.start + new.start + round) % 2 == 0
                });
                assert_eq!(met.conflicting, 0);
                let again = sent[start..end].iter().filter(|s| **s).count() as u64;
                assert_eq!(met.overlapping, again);
                sent[start..end].fill(true);
            }
            let _ = text(&pieces);
            let held: usize = pieces.bytes();
            assert_eq!(held, sent.iter().filter(|s| **s).count());
            for piece in pieces.iter() {
                let from = piece.start as usize;
                assert_eq!(piece.bytes, whole[from..from + piece.bytes.len()]);
            }
        }
    }
}
