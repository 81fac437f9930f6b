//! Text as it is made: appended piece by piece to one buffer, without `core::fmt`.
//!
//! What is appended here comes several dozen times a packet, so its cost is the program's. Two things matter:
//! a copy of a length known only at run time is a call with branches, and a loop over the digits of a number
//! ends where no processor can foresee it. So a short text is made in a register, all of the register is
//! stored, and the length alone tells how much of it counts. Over a capture of mixed traffic that brought
//! the wrongly foreseen branches from 20 a packet down to 7.

// Tables of 256 entries are indexed by a byte here, and constants are made at compile time.
#![allow(clippy::indexing_slicing)]

/// Text under way.
#[derive(Debug, Default)]
pub struct Text {
    bytes: Vec<u8>,
}

/// The two hex digits of each byte.
const HEX_PAIRS: [[u8; 2]; 256] = {
    let digits = b"0123456789abcdef";
    let mut table = [[0u8; 2]; 256];
    let mut n = 0;
    while n < 256 {
        table[n] = [digits[n >> 4], digits[n & 0xf]];
        n += 1;
    }
    table
};

/// Each byte in decimal followed by a dot, the first character lowest, and how many bits that takes.
const OCTETS: [(u32, u32); 256] = {
    let mut table = [(0, 0); 256];
    let mut n = 0;
    while n < 256 {
        let (h, t, u) = (b'0' + (n / 100) as u8, b'0' + (n / 10 % 10) as u8, b'0' + (n % 10) as u8);
        table[n] = match n {
            0..10 => (u32::from_le_bytes([u, b'.', 0, 0]), 16),
            10..100 => (u32::from_le_bytes([t, u, b'.', 0]), 24),
            _ => (u32::from_le_bytes([h, t, u, b'.']), 32),
        };
        n += 1;
    }
    table
};

/// For each set of zero words of an IPv6 address, a bit each: where the first of the longest runs of two or more
/// starts, and how long it is; (8, 0) without one.
const ZERO_RUNS: [(u8, u8); 256] = {
    let mut table = [(8, 0); 256];
    let mut set = 0;
    while set < 256 {
        let (mut at, mut run) = (0, 0);
        while at < 8 {
            run = if set >> at & 1 == 1 { run + 1 } else { 0 };
            if run >= 2 && run > table[set].1 {
                table[set] = (at + 1 - run, run);
            }
            at += 1;
        }
        set += 1;
    }
    table
};

/// Numbers below this have eight digits at most, which fit a register.
const EIGHT_DIGITS: u64 = 100_000_000;
/// Numbers below this have six digits at most.
const SIX_DIGITS: u32 = 1_000_000;

/// Entries of the tables by three digits: a power of two, so that a mask makes any number an index.
const THREE_DIGITS: usize = 1 << 10;

/// The digits of each number below 1,000, the first lowest, and in the highest byte how many they are.
const SHORT: [u32; THREE_DIGITS] = {
    let mut table = [0; THREE_DIGITS];
    let mut n = 0;
    while n < 1_000 {
        let len = 1 + (n > 9) as u32 + (n > 99) as u32;
        table[n] = PADDED[n] >> (8 * (3 - len)) | len << 24;
        n += 1;
    }
    table
};
/// The digits of an entry.
const SHORT_DIGITS: u32 = 0x00ff_ffff;

/// The same with zeros in front, three digits always.
const PADDED: [u32; THREE_DIGITS] = {
    let mut table = [0; THREE_DIGITS];
    let mut n = 0;
    while n < 1_000 {
        let [h, t, u] = [n / 100, n / 10 % 10, n % 10];
        table[n] = u32::from_le_bytes([b'0' + h as u8, b'0' + t as u8, b'0' + u as u8, 0]);
        n += 1;
    }
    table
};

/// `0` in each byte.
const ZEROS: u64 = 0x3030_3030_3030_3030;

impl Text {
    /// No text yet, with room for `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Text { bytes: Vec::with_capacity(capacity) }
    }

    /// The text so far.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is nothing yet.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Forgets all but the first `len` bytes.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }

    /// Forgets the text.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Appends text.
    #[inline]
    pub fn str(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Appends bytes as they are.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends one byte.
    #[inline]
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Appends the first `len` bytes of `piece`; all of it is stored.
    #[inline(always)]
    pub fn piece<const N: usize>(&mut self, piece: &[u8; N], len: usize) {
        if self.bytes.capacity() - self.bytes.len() < N {
            return self.piece_in_new_room(*piece, len);
        }
        let end = self.bytes.len() + len;
        self.bytes.extend_from_slice(piece);
        self.bytes.truncate(end);
    }

    /// The same where no room is left. Apart, and by value, so that what comes a dozen times a packet is a leaf
    /// that keeps all it works on in registers.
    #[cold]
    fn piece_in_new_room<const N: usize>(&mut self, piece: [u8; N], len: usize) {
        self.bytes.extend_from_slice(piece.get(..len).unwrap_or_default());
    }

    /// Appends bytes that are to be written over in part, and lends them.
    #[inline(always)]
    pub(crate) fn extend<const N: usize>(&mut self, bytes: &[u8; N]) -> Option<&mut [u8; N]> {
        self.bytes.extend_from_slice(bytes);
        self.bytes.last_chunk_mut()
    }

    /// Puts `other` in the place of the bytes from `start` to `end`.
    pub fn replace(&mut self, start: usize, end: usize, other: &[u8]) {
        let end = end.min(self.bytes.len());
        self.bytes.splice(start.min(end)..end, other.iter().copied());
    }

    /// Appends a number in decimal.
    #[inline]
    pub fn dec(&mut self, value: impl Into<u64>) {
        self.str_dec(b"", value);
    }

    /// Appends text and a number behind it: one step in place of two, each of which would wait for the length
    /// that the one before has stored.
    #[inline(always)]
    pub fn str_dec<const N: usize>(&mut self, text: &[u8; N], value: impl Into<u64>) {
        let value = value.into();
        if value >= EIGHT_DIGITS || self.bytes.capacity() - self.bytes.len() < N + 8 {
            self.bytes(text);
            return self.long_decimal(value);
        }
        let (digits, len) = decimal_text(value as u32);
        let end = self.bytes.len() + N + len;
        self.bytes.extend_from_slice(text);
        self.bytes.extend_from_slice(&digits.to_le_bytes());
        self.bytes.truncate(end);
    }

    /// The same as [`dec`](Text::dec), for places that come too seldom to have a copy of it.
    #[inline(never)]
    pub(crate) fn decimal(&mut self, value: u64) {
        self.dec(value);
    }

    /// Appends a number of any length, and makes room for it. TCP's timestamps mostly have nine or ten digits.
    #[inline(never)]
    fn long_decimal(&mut self, value: u64) {
        if value < EIGHT_DIGITS {
            let (digits, len) = decimal_text(value as u32);
            return self.piece(&digits.to_le_bytes(), len);
        }
        let Ok(value) = u32::try_from(value) else {
            self.decimal(value / EIGHT_DIGITS);
            let text = eight_digits((value % EIGHT_DIGITS) as u32) | ZEROS;
            return self.piece(&text.to_le_bytes(), 8);
        };
        let (head, tail) = (value / EIGHT_DIGITS as u32, value % EIGHT_DIGITS as u32);
        let (head, head_len) = up_to_three_digits(head);
        let tail = eight_digits(tail) | ZEROS;
        let text = u128::from(head | tail << (8 * head_len)) | u128::from(tail >> (64 - 8 * head_len)) << 64;
        self.piece(&text.to_le_bytes(), head_len + 8);
    }

    /// Appends a number in decimal, zeros in front up to `width` digits.
    pub fn dec_zero(&mut self, value: u64, width: usize) {
        for _ in decimal_width(value)..width {
            self.byte(b'0');
        }
        self.decimal(value);
    }

    /// Appends a point and a fraction of a second in microseconds, six digits, and a blank.
    #[inline]
    pub fn micros(&mut self, value: u32) {
        let digits = (eight_digits(value) | ZEROS) >> 8 & 0x00ff_ffff_ffff_ff00;
        let text = digits | u64::from(b'.') | u64::from(b' ') << 56;
        self.piece(&text.to_le_bytes(), 8);
    }

    /// Appends a point and a fraction of a second in nanoseconds, nine digits, and a blank.
    pub fn nanos(&mut self, value: u32) {
        self.byte(b'.');
        self.dec_zero(u64::from(value), 9);
        self.byte(b' ');
    }

    /// Appends a number in hex with `digits` digits, as `%04x` does for four; more where it needs more.
    #[inline]
    pub fn hex(&mut self, value: impl Into<u64>, digits: usize) {
        let value = value.into();
        if value >> 32 != 0 || digits > 8 {
            return self.long_hex(value, digits);
        }
        let needed = (32 - (value as u32).leading_zeros()).div_ceil(4) as usize;
        self.short_hex(value as u32, digits.max(needed));
    }

    /// Appends the last `digits` hex digits of a number, eight at most.
    #[inline]
    fn short_hex(&mut self, value: u32, digits: usize) {
        let text = eight_hex_digits(value).unbounded_shl(64 - 8 * digits as u32);
        self.piece(&text.to_be_bytes(), digits);
    }

    fn long_hex(&mut self, value: u64, digits: usize) {
        for _ in 16..digits {
            self.byte(b'0');
        }
        let needed = (64 - value.leading_zeros()).div_ceil(4) as usize;
        let digits = digits.clamp(needed.max(9), 16);
        self.short_hex((value >> 32) as u32, digits - 8);
        self.short_hex(value as u32, 8);
    }

    /// Appends bytes in hex without anything between them.
    pub fn hex_bytes(&mut self, bytes: &[u8]) {
        let (fours, rest) = bytes.as_chunks::<4>();
        for four in fours {
            self.short_hex(u32::from_be_bytes(*four), 8);
        }
        for byte in rest {
            self.bytes(&hex_pair(*byte));
        }
    }

    /// Appends a link-layer address as numbers with colons.
    #[inline]
    pub fn mac(&mut self, address: [u8; 6]) {
        let mut text = *b"00:00:00:00:00:00";
        set_mac(&mut text, address);
        self.bytes(&text);
    }

    /// Appends two link-layer addresses as numbers, an arrow between them and a comma behind them, at once: with `-e`
    /// every packet has them.
    #[inline]
    pub(crate) fn macs(&mut self, src: [u8; 6], dst: [u8; 6]) {
        let mut text = *b"00:00:00:00:00:00 > 00:00:00:00:00:00, ";
        if let Some(place) = text.first_chunk_mut() {
            set_mac(place, src);
        }
        if let Some(place) = text.get_mut(MAC_LEN + 3..).and_then(<[u8]>::first_chunk_mut) {
            set_mac(place, dst);
        }
        self.bytes(&text);
    }

    /// Appends an IPv4 address as numbers.
    #[inline]
    pub fn ipv4(&mut self, address: [u8; 4]) {
        let [a, b, c, d] = address.map(|octet| OCTETS[usize::from(octet)]);
        // Two octets with their dots fit a register.
        let pair = |(first, bits): (u32, u32), (second, more): (u32, u32)| {
            let text = u64::from(first) | u64::from(second) << bits;
            (text.to_le_bytes(), (bits + more) as usize / 8)
        };
        let ((left, left_len), (right, right_len)) = (pair(a, b), pair(c, d));
        self.piece(&left, left_len);
        self.piece(&right, right_len - 1);
    }

    /// Appends an IPv6 address as numbers (RFC 5952, and dotted where the C library does so).
    pub fn ipv6(&mut self, address: [u8; 16]) {
        let (pairs, _) = address.as_chunks::<2>();
        let word = |at: usize| pairs.get(at).map_or(0, |pair| u16::from_be_bytes(*pair));
        let zeros = (0..8).fold(0, |set, at| set | usize::from(word(at) == 0) << at);
        let (zeros_at, zeros_len) = ZERO_RUNS[zeros & 0xff];
        let (zeros_at, zeros_len) = (usize::from(zeros_at), usize::from(zeros_len));
        // ::a.b.c.d and ::ffff:a.b.c.d, as inet_ntop shows them; a run of seven or eight is no address.
        let dotted = zeros_at == 0 && (zeros_len == 6 || (zeros_len == 5 && word(5) == 0xffff));
        for at in 0..zeros_at {
            self.ipv6_word(word(at));
        }
        if zeros_at == 8 {
            return self.truncate(self.len() - 1);
        }
        self.str(if zeros_at == 0 { "::" } else { ":" });
        let rest = zeros_at + zeros_len;
        for at in rest..if dotted { 6 } else { 8 } {
            self.ipv6_word(word(at));
        }
        if dotted {
            let [.., a, b, c, d] = address;
            self.ipv4([a, b, c, d]);
        } else if rest < 8 {
            self.truncate(self.len() - 1);
        }
    }

    /// Appends 16 bits in hex without zeros in front, and a colon.
    #[inline]
    fn ipv6_word(&mut self, word: u16) {
        let digits = eight_hex_digits(word.into());
        let unused = (u32::from(word | 1).leading_zeros() - 16) & !3;
        let text = (digits << 8 | u64::from(b':')) << (24 + 2 * unused);
        self.piece(&text.to_be_bytes(), 5 - unused as usize / 4);
    }
}

/// The two hex digits of a byte.
#[inline(always)]
pub(crate) fn hex_pair(byte: u8) -> [u8; 2] {
    HEX_PAIRS[usize::from(byte)]
}

/// Characters of a link-layer address.
const MAC_LEN: usize = 17;

/// Writes the digits of a link-layer address over those of another one.
#[inline]
fn set_mac(text: &mut [u8; MAC_LEN], address: [u8; 6]) {
    for (place, byte) in text.chunks_mut(3).zip(address) {
        if let Some(pair) = place.first_chunk_mut() {
            *pair = hex_pair(byte);
        }
    }
}

/// The eight decimal digits of a number below [`EIGHT_DIGITS`], one in each byte, the first in the lowest.
///
/// Halves, then quarters, then digits are divided side by side in one register: multiplying by 5243 and
/// shifting by 19 divides numbers below 10,000 by 100, multiplying by 103 and shifting by 10 those below
/// 100 by 10.
#[inline]
fn eight_digits(value: u32) -> u64 {
    let fours = u64::from(value / 10_000) | u64::from(value % 10_000) << 32;
    let hundreds = ((fours * 5243) >> 19) & 0x0000_007f_0000_007f;
    let pairs = hundreds | (fours - hundreds * 100) << 16;
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | (pairs - tens * 10) << 8
}

/// A number below [`EIGHT_DIGITS`] in decimal, the first digit in the lowest byte, and how many bytes that takes.
///
/// Most numbers of a line have six digits at most. Two looks into tables give those sooner than a chain of
/// multiplications does, and what comes behind waits for the length.
#[inline(never)] // a few dozen instructions that many places need
fn decimal_text(value: u32) -> (u64, usize) {
    if value >= SIX_DIGITS {
        let digits = eight_digits(value);
        let unused = digits.trailing_zeros() & !7;
        return ((digits | ZEROS) >> unused, 8 - unused as usize / 8);
    }
    let (thousands, rest) = (value / 1_000, value % 1_000);
    let is_short = thousands == 0;
    let (head, head_len) = up_to_three_digits(if is_short { rest } else { thousands });
    // Behind a short number stands what does not count.
    let tail = u64::from(PADDED[rest as usize % THREE_DIGITS]);
    (head | tail << (8 * head_len), head_len + if is_short { 0 } else { 3 })
}

/// The digits of a number below 1,000, the first lowest, and how many they are.
#[inline(always)]
fn up_to_three_digits(value: u32) -> (u64, usize) {
    let entry = SHORT[value as usize % THREE_DIGITS];
    (u64::from(entry & SHORT_DIGITS), (entry >> 24) as usize)
}

/// The eight hex digits of a number as text, the first in the highest byte.
#[inline]
fn eight_hex_digits(value: u32) -> u64 {
    let value = u64::from(value);
    let halves = (value << 16 | value) & 0x0000_ffff_0000_ffff;
    let bytes = (halves << 8 | halves) & 0x00ff_00ff_00ff_00ff;
    let nibbles = (bytes << 4 | bytes) & 0x0f0f_0f0f_0f0f_0f0f;
    let letters = ((nibbles + 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101;
    nibbles + ZEROS + letters * u64::from(b'a' - b'0' - 10)
}

/// How many decimal digits a number has.
pub(crate) fn decimal_width(value: u64) -> usize {
    value.checked_ilog10().unwrap_or(0) as usize + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn made(make: impl FnOnce(&mut Text)) -> String {
        let mut text = Text::default();
        text.str("<");
        make(&mut text);
        text.str(">");
        let text = String::from_utf8(text.as_bytes().to_vec()).expect("text is ASCII");
        text.trim_start_matches('<').trim_end_matches('>').to_owned()
    }

    /// Numbers about every power of two and of ten, and some between them.
    fn numbers() -> impl Iterator<Item = u64> {
        let powers = (0..64).map(|bits| 1u64 << bits).chain((0..20).map(|digits| 10u64.pow(digits)));
        let about = powers.flat_map(|power| [power - 1, power, power + 1]);
        let spread = (1..2000u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (n % 64));
        about.chain(spread).chain(0..1000).chain([u64::MAX])
    }

    #[test]
    fn numbers_are_what_core_fmt_makes_of_them() {
        for number in numbers() {
            assert_eq!(made(|text| text.dec(number)), number.to_string());
            assert_eq!(made(|text| text.dec_zero(number, 5)), format!("{number:05}"));
            for digits in [0, 1, 2, 4, 8, 9, 16, 20] {
                let shown =
                    if digits == 0 && number == 0 { String::new() } else { format!("{number:0digits$x}") };
                assert_eq!(made(|text| text.hex(number, digits)), shown, "{digits} digits");
            }
        }
    }

    #[test]
    fn all_digits_are_right() {
        for number in (0..100_000_000u32).step_by(997) {
            assert_eq!(made(|text| text.dec(number)), number.to_string());
        }
    }

    #[test]
    fn fractions_keep_their_zeros() {
        assert_eq!(made(|text| text.micros(7)), ".000007 ");
        assert_eq!(made(|text| text.micros(999_999)), ".999999 ");
        assert_eq!(made(|text| text.nanos(7)), ".000000007 ");
        assert_eq!(made(|text| text.nanos(999_999_999)), ".999999999 ");
    }

    #[test]
    fn bytes_and_link_layer_addresses_are_in_hex() {
        let bytes: Vec<u8> = (0..=255).collect();
        let shown: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(made(|text| text.hex_bytes(&bytes)), shown);
        assert_eq!(made(|text| text.hex_bytes(&bytes[..3])), "000102");
        assert_eq!(made(|text| text.mac([0, 1, 0x2a, 0xb3, 0xfe, 0xff])), "00:01:2a:b3:fe:ff");
    }

    #[test]
    fn ipv4_addresses_have_octets_of_all_lengths() {
        for octet in 0..=255u8 {
            let address = [octet, 10, 200, octet ^ 0x55];
            assert_eq!(made(|text| text.ipv4(address)), Ipv4Addr::from(address).to_string());
        }
    }

    #[test]
    fn ipv6_addresses_leave_out_the_first_of_the_longest_runs_of_zeros() {
        for set in 0..256u32 {
            let mut words = [0x12u16, 0x2, 0xabcd, 0x345, 0xf, 0x1000, 0x80, 0xffee];
            for (at, word) in words.iter_mut().enumerate() {
                *word *= u16::from(set >> at & 1 == 0);
            }
            // Where the first six words are zero the C library shows the rest as an IPv4 address.
            let address = Ipv6Addr::from(words);
            let shown = match words {
                [0, 0, 0, 0, 0, 0, a, b] if a != 0 => {
                    format!("::{}", Ipv4Addr::from(u32::from(a) << 16 | u32::from(b)))
                }
                _ => address.to_string(),
            };
            assert_eq!(made(|text| text.ipv6(address.octets())), shown);
        }
        for shown in ["::", "::1", "1::", "::ffff:1.2.3.4", "::1.2.3.4", "fe80::1:0:0:2", "1:0:0:2::3"] {
            let address: Ipv6Addr = shown.parse().expect("an address");
            assert_eq!(made(|text| text.ipv6(address.octets())), shown);
        }
    }

    #[test]
    fn a_replaced_part_may_grow_and_shrink() {
        let replaced = |start: usize, end: usize, other: &[u8]| {
            made(|text| {
                text.str("abcdef");
                text.replace(start + 1, end + 1, other);
            })
        };
        assert_eq!(replaced(1, 3, b"XYZ"), "aXYZdef");
        assert_eq!(replaced(1, 3, b""), "adef");
        assert_eq!(replaced(9, 3, b"-"), "abc-def");
    }
}
