//! The checked position from which every decoder reads.

/// Why a walk over a packet ended early.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// The captured bytes ended before the value did.
    Truncated,
    /// The bytes are there, but they contradict each other or their protocol.
    Invalid,
}

/// The result of reading: a value, or the reason to stop.
pub type Walk<T = ()> = Result<T, Stop>;

/// A position in a packet that can only be read through checks.
///
/// A cursor knows two lengths. [`captured`](Cursor::captured) counts the bytes that are really there;
/// reads stop at their end with [`Stop::Truncated`]. [`length`](Cursor::length) is what the enclosing
/// protocol claimed; it is shown to people and steers decisions, but is never trusted for access.
/// Reading advances both. A cursor is `Copy`, so a look ahead is a read from a copy.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    rest: &'a [u8],
    length: usize,
    at: usize,
}

/// Reads of fixed-width integers: `take` from the position and advance, `peek` at a distance and stay.
macro_rules! integers {
    ($($take:ident $peek:ident $type:ty, $width:literal, $from:ident, $words:literal;)*) => {$(
        #[doc = concat!("Reads ", $words, " and advances past it.")]
        #[inline]
        pub fn $take(&mut self) -> Walk<$type> {
            Ok(<$type>::$from(*self.array::<$width>()?))
        }

        #[doc = concat!("Reads ", $words, " `distance` bytes ahead and stays.")]
        #[inline]
        pub fn $peek(&self, distance: usize) -> Walk<$type> {
            let tail = self.rest.get(distance..).ok_or(Stop::Truncated)?;
            Ok(<$type>::$from(*tail.first_chunk::<$width>().ok_or(Stop::Truncated)?))
        }
    )*};
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of `bytes`, of which the sender claimed `length`.
    #[inline]
    pub fn new(bytes: &'a [u8], length: usize) -> Self {
        Cursor { rest: bytes, length, at: 0 }
    }

    /// A cursor over bytes that are all there is.
    #[inline]
    pub fn over(bytes: &'a [u8]) -> Self {
        Cursor::new(bytes, bytes.len())
    }

    /// Bytes from here to the captured end.
    #[inline]
    pub fn captured(&self) -> usize {
        self.rest.len()
    }

    /// Bytes from here on as the enclosing protocol claimed them.
    #[inline]
    pub fn length(&self) -> usize {
        self.length
    }

    /// Bytes that are both claimed and captured.
    #[inline]
    pub fn available(&self) -> usize {
        self.rest.len().min(self.length)
    }

    /// Distance from the start of the packet (of the decrypted buffer, inside one).
    #[inline]
    pub fn at(&self) -> usize {
        self.at
    }

    /// All captured bytes from here on.
    #[inline]
    pub fn bytes(&self) -> &'a [u8] {
        self.rest
    }

    /// The bytes from here on that are both claimed and captured.
    #[inline]
    pub fn claimed_bytes(&self) -> &'a [u8] {
        self.rest.get(..self.length).unwrap_or(self.rest)
    }

    /// Whether `count` bytes are captured from here on.
    #[inline]
    pub fn has(&self, count: usize) -> bool {
        count <= self.rest.len()
    }

    /// Stops as truncated unless `count` bytes are captured from here on.
    #[inline]
    pub fn need(&self, count: usize) -> Walk {
        if self.has(count) { Ok(()) } else { Err(Stop::Truncated) }
    }

    /// Reads `N` bytes through one check and advances past them: the way to read a fixed header.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Walk<&'a [u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>().ok_or(Stop::Truncated)?;
        self.rest = rest;
        self.length = self.length.saturating_sub(N);
        self.at += N;
        Ok(head)
    }

    /// Reads `N` bytes `distance` ahead and stays.
    #[inline]
    pub fn peek_array<const N: usize>(&self, distance: usize) -> Walk<&'a [u8; N]> {
        self.rest.get(distance..).and_then(|tail| tail.first_chunk::<N>()).ok_or(Stop::Truncated)
    }

    /// Reads `count` bytes and advances past them.
    #[inline]
    pub fn take(&mut self, count: usize) -> Walk<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count).ok_or(Stop::Truncated)?;
        self.rest = rest;
        self.length = self.length.saturating_sub(count);
        self.at += count;
        Ok(head)
    }

    /// Reads `count` bytes `distance` ahead and stays.
    #[inline]
    pub fn peek(&self, distance: usize, count: usize) -> Walk<&'a [u8]> {
        self.rest.get(distance..).and_then(|tail| tail.get(..count)).ok_or(Stop::Truncated)
    }

    /// Advances past `count` bytes, which must be captured.
    #[inline]
    pub fn skip(&mut self, count: usize) -> Walk {
        self.take(count).map(|_| ())
    }

    /// Advances past `count` bytes whether they were captured or not; reads beyond stop as truncated.
    #[inline]
    pub fn advance(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or(&[]);
        self.length = self.length.saturating_sub(count);
        self.at += count;
    }

    /// The same position `count` bytes further on, as by [`advance`](Cursor::advance).
    #[inline]
    pub fn ahead(&self, count: usize) -> Cursor<'a> {
        let mut ahead = *self;
        ahead.advance(count);
        ahead
    }

    /// The same position with another claimed length; what can be read stays the same.
    #[inline]
    pub fn claim(&self, length: usize) -> Cursor<'a> {
        Cursor { length, ..*self }
    }

    /// The same position with both ends moved in to `length` bytes at most.
    #[inline]
    pub fn clip(&self, length: usize) -> Cursor<'a> {
        Cursor {
            rest: self.rest.get(..length).unwrap_or(self.rest),
            length: self.length.min(length),
            at: self.at,
        }
    }

    /// The same position with the captured end moved in to `length` bytes at most; the claim stays.
    #[inline]
    pub fn clip_captured(&self, length: usize) -> Cursor<'a> {
        Cursor { rest: self.rest.get(..length).unwrap_or(self.rest), ..*self }
    }

    /// Parts off the next `length` bytes as a cursor of their own and advances past them. The part is
    /// clipped: it ends at `length`, or earlier where the capture does.
    #[inline]
    pub fn split(&mut self, length: usize) -> Cursor<'a> {
        let part = self.clip(length).claim(length);
        self.advance(length);
        part
    }

    /// Parts off the next `length` bytes, which must lie within what was claimed; the capture may end before them.
    #[inline]
    pub fn split_within(&mut self, length: usize) -> Walk<Cursor<'a>> {
        if self.length < length {
            return Err(Stop::Truncated);
        }
        Ok(self.split(length))
    }

    integers! {
        u8 peek_u8 u8, 1, from_be_bytes, "one byte";
        u16 peek_u16 u16, 2, from_be_bytes, "a big-endian 16-bit integer";
        u32 peek_u32 u32, 4, from_be_bytes, "a big-endian 32-bit integer";
        u64 peek_u64 u64, 8, from_be_bytes, "a big-endian 64-bit integer";
        i8 peek_i8 i8, 1, from_be_bytes, "one signed byte";
        i16 peek_i16 i16, 2, from_be_bytes, "a signed big-endian 16-bit integer";
        i32 peek_i32 i32, 4, from_be_bytes, "a signed big-endian 32-bit integer";
        u16_le peek_u16_le u16, 2, from_le_bytes, "a little-endian 16-bit integer";
        u32_le peek_u32_le u32, 4, from_le_bytes, "a little-endian 32-bit integer";
        u64_le peek_u64_le u64, 8, from_le_bytes, "a little-endian 64-bit integer";
    }

    /// Reads a big-endian 24-bit integer and advances past it.
    #[inline]
    pub fn u24(&mut self) -> Walk<u32> {
        let [a, b, c] = *self.array::<3>()?;
        Ok(u32::from_be_bytes([0, a, b, c]))
    }

    /// Reads a big-endian 24-bit integer `distance` bytes ahead and stays.
    #[inline]
    pub fn peek_u24(&self, distance: usize) -> Walk<u32> {
        let [a, b, c] = *self.peek_array::<3>(distance)?;
        Ok(u32::from_be_bytes([0, a, b, c]))
    }

    /// Reads a little-endian 24-bit integer and advances past it.
    #[inline]
    pub fn u24_le(&mut self) -> Walk<u32> {
        let [a, b, c] = *self.array::<3>()?;
        Ok(u32::from_le_bytes([a, b, c, 0]))
    }

    /// Reads a big-endian 48-bit integer and advances past it.
    #[inline]
    pub fn u48(&mut self) -> Walk<u64> {
        let [a, b, c, d, e, f] = *self.array::<6>()?;
        Ok(u64::from_be_bytes([0, 0, a, b, c, d, e, f]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_stop_at_the_captured_end_and_not_at_the_claimed_one() {
        let mut c = Cursor::new(&[1, 2, 3], 100);
        assert_eq!(c.u16(), Ok(0x0102));
        assert_eq!((c.captured(), c.length(), c.at()), (1, 98, 2));
        assert_eq!(c.u16(), Err(Stop::Truncated));
        assert_eq!(c.u8(), Ok(3), "a failed read must not advance");
        let mut claimed_short = Cursor::new(&[1, 2, 3], 1);
        assert_eq!(claimed_short.u24(), Ok(0x010203));
        assert_eq!(claimed_short.length(), 0);
    }

    #[test]
    fn a_part_ends_where_it_was_told_to() {
        let mut c = Cursor::over(&[1, 2, 3, 4, 5]);
        let mut part = c.split(2);
        assert_eq!(part.u16(), Ok(0x0102));
        assert_eq!(part.u8(), Err(Stop::Truncated));
        assert_eq!(c.u8(), Ok(3));
        let long = c.split(10);
        assert_eq!((long.captured(), long.length()), (2, 10));
        assert_eq!(c.u8(), Err(Stop::Truncated));
    }

    #[test]
    fn advancing_past_the_end_leaves_nothing_to_read() {
        let mut c = Cursor::over(&[1]);
        c.advance(usize::MAX / 2);
        assert_eq!((c.captured(), c.length()), (0, 0));
        assert_eq!(c.peek_u8(0), Err(Stop::Truncated));
    }
}
