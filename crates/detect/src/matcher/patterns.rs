//! Many patterns in one pass over the bytes, whatever their number.
//!
//! Of each pattern one window of four bytes is chosen that is rare: among the other patterns, and in
//! ordinary traffic. The pass hashes every window of the buffer into a bitmap small enough for the
//! processor's nearest caches, and only where its bit is set are the patterns of the window compared.
//! An automaton's tables grow with the patterns until each byte waits for memory: on a payload without
//! structure, with 10,000 patterns, this pass is some fifty times faster.
//!
//! Should a set of rules have hundreds of patterns without a window of their own, an automaton
//! ([`aho_corasick`]) searches instead: it is slower, but its time does not depend on the bytes.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Bytes of a window.
const WINDOW: usize = 4;
/// Patterns that may share a window and still be compared one by one.
const MAX_SHARED: usize = 256;
/// Bits of the bitmap for each pattern: so few windows of other bytes are set.
const BITS_PER_PATTERN: usize = 64;
/// The smallest bitmap, which fills half of the nearest cache, and the largest, as powers of two of bits.
const MIN_BITMAP: u32 = 17;
const MAX_BITMAP: u32 = 22;

/// Patterns that are searched together, without regard to case. Empty ones are never found.
pub(super) struct Patterns {
    /// Lower-case.
    patterns: Vec<Vec<u8>>,
    search: Search,
    /// Patterns shorter than a window.
    short: Option<ShortPatterns>,
    longest: usize,
}

enum Search {
    Windows(Windows),
    Automaton { automaton: AhoCorasick, of: Vec<u32> },
}

/// Where a window stands in a pattern.
#[derive(Clone, Copy)]
struct Entry {
    /// The window, folded.
    window: u32,
    pattern: u32,
    /// Bytes of the pattern before the window.
    before: u32,
}

struct Windows {
    bitmap: Vec<u64>,
    /// The bits of a hash above these choose the bit of the bitmap.
    bitmap_shift: u32,
    /// Where the entries of each bucket start; one more than there are buckets.
    starts: Vec<u32>,
    bucket_shift: u32,
    entries: Vec<Entry>,
}

/// Patterns of one to three bytes, known by their first two (the first alone: any may follow).
struct ShortPatterns {
    /// A bit for each pair of folded bytes.
    pairs: Vec<u64>,
    patterns: Vec<u32>,
}

impl Patterns {
    /// A search for `patterns`, which are found by their place in the list. `None` where neither way of
    /// searching can hold them.
    pub(super) fn new(patterns: Vec<Vec<u8>>) -> Option<Patterns> {
        let numbers = |long: bool| {
            let fits = move |row: &(usize, &Vec<u8>)| (row.1.len() >= WINDOW) == long;
            patterns.iter().enumerate().filter(fits).map(|row| row.0 as u32).collect::<Vec<u32>>()
        };
        let (long, short) = (numbers(true), numbers(false));
        let search = match Windows::new(&patterns, &long) {
            Some(windows) => Search::Windows(windows),
            None => Search::Automaton { automaton: automaton(&patterns, &long)?, of: long },
        };
        let short = (!short.is_empty()).then(|| ShortPatterns::new(&patterns, short));
        let longest = patterns.iter().map(Vec::len).max().unwrap_or(0);
        Some(Patterns { patterns, search, short, longest })
    }

    /// Bytes of the longest pattern.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Calls `found` for patterns that stand in `bytes`, some of them more than once.
    #[inline]
    pub(super) fn find(&self, bytes: &[u8], mut found: impl FnMut(u32)) {
        match &self.search {
            Search::Windows(windows) => windows.find(&self.patterns, bytes, &mut found),
            Search::Automaton { automaton, of } => {
                for hit in automaton.find_overlapping_iter(bytes) {
                    of.get(hit.pattern().as_usize()).copied().into_iter().for_each(&mut found);
                }
            }
        }
        if let Some(short) = &self.short {
            short.find(&self.patterns, bytes, &mut found);
        }
    }
}

fn automaton(patterns: &[Vec<u8>], of: &[u32]) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(of.iter().filter_map(|number| patterns.get(*number as usize)))
        .ok()
}

/// Letters of either case become the same; so do some other bytes, which the comparison tells apart.
#[inline]
fn fold(window: [u8; WINDOW]) -> u32 {
    u32::from_le_bytes(window) | 0x2020_2020
}

/// The golden ratio's multiplicative hash (Knuth, volume 3, section 6.4); its high bits are good.
#[inline]
fn hash(window: u32) -> u32 {
    window.wrapping_mul(0x9e37_79b1)
}

impl Windows {
    /// `None` where too many patterns share their rarest window.
    fn new(patterns: &[Vec<u8>], of: &[u32]) -> Option<Windows> {
        let entries = entries(patterns, of)?;
        let bits =
            (of.len() * BITS_PER_PATTERN).next_power_of_two().trailing_zeros().clamp(MIN_BITMAP, MAX_BITMAP);
        let bucket_bits = of.len().next_power_of_two().trailing_zeros().clamp(1, MAX_BITMAP);
        let (bitmap_shift, bucket_shift) = (u32::BITS - bits, u32::BITS - bucket_bits);
        let mut bitmap = vec![0u64; (1usize << bits) / 64];
        let mut starts = vec![0u32; (1usize << bucket_bits) + 1];
        let mut sorted = entries;
        sorted.sort_unstable_by_key(|entry| (hash(entry.window), entry.window, entry.pattern));
        for entry in &sorted {
            let at = (hash(entry.window) >> bitmap_shift) as usize;
            if let Some(word) = bitmap.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
            // Counted in the bucket after its own, so that sums make the starts.
            if let Some(count) = starts.get_mut((hash(entry.window) >> bucket_shift) as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Some(Windows { bitmap, bitmap_shift, starts, bucket_shift, entries: sorted })
    }

    #[inline]
    fn find(&self, patterns: &[Vec<u8>], bytes: &[u8], found: &mut impl FnMut(u32)) {
        if self.entries.is_empty() {
            return;
        }
        let mut from = 0;
        while let Some((at, window)) = self.next(bytes, from) {
            self.compare(patterns, bytes, at, window, found);
            from = at + 1;
        }
    }

    /// The next window from `from` on whose bit is set. Alone in its function, so that what it needs stays
    /// in registers; four windows at a time, since there is seldom anything to be found.
    #[inline(never)]
    fn next(&self, bytes: &[u8], from: usize) -> Option<(usize, u32)> {
        let (bitmap, shift) = (self.bitmap.as_slice(), self.bitmap_shift);
        let is_set = |window: u32| {
            let bit = hash(window) >> shift;
            bitmap.get(bit as usize / 64).copied().unwrap_or(0) >> (bit % 64) & 1
        };
        let mut at = from;
        while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            let eight = u64::from_le_bytes(*eight) | 0x2020_2020_2020_2020;
            let window = |byte: u32| (eight >> (8 * byte)) as u32;
            let found =
                is_set(window(0)) | is_set(window(1)) << 1 | is_set(window(2)) << 2 | is_set(window(3)) << 3;
            if found != 0 {
                let first = found.trailing_zeros();
                return Some((at + first as usize, window(first)));
            }
            at += 4;
        }
        let rest = bytes.get(at..)?.windows(WINDOW).enumerate();
        let mut folded = rest.filter_map(|(place, window)| Some((at + place, fold(*window.first_chunk()?))));
        folded.find(|(_, window)| is_set(*window) != 0)
    }

    /// Compares the patterns that have `window`, which stands at `at`.
    fn compare(
        &self,
        patterns: &[Vec<u8>],
        bytes: &[u8],
        at: usize,
        window: u32,
        found: &mut impl FnMut(u32),
    ) {
        let bucket = (hash(window) >> self.bucket_shift) as usize;
        let (Some(start), Some(end)) = (self.starts.get(bucket), self.starts.get(bucket + 1)) else { return };
        for entry in self.entries.get(*start as usize..*end as usize).into_iter().flatten() {
            if entry.window != window {
                continue;
            }
            let place = at
                .checked_sub(entry.before as usize)
                .and_then(|from| bytes.get(from..))
                .zip(patterns.get(entry.pattern as usize));
            if place.is_some_and(|(rest, pattern)| starts_with(rest, pattern)) {
                found(entry.pattern);
            }
        }
    }
}

/// Whether `bytes` start with `pattern`, letters in either case.
#[inline]
fn starts_with(bytes: &[u8], pattern: &[u8]) -> bool {
    bytes.get(..pattern.len()).is_some_and(|start| start.eq_ignore_ascii_case(pattern))
}

/// Chooses a window of each pattern; `None` where one would be shared by too many.
fn entries(patterns: &[Vec<u8>], of: &[u32]) -> Option<Vec<Entry>> {
    let mut uses: std::collections::HashMap<u32, usize> = std::collections::HashMap::new();
    let mut entries = Vec::with_capacity(of.len());
    for &number in of {
        let windows = patterns.get(number as usize)?.windows(WINDOW).enumerate();
        let folded = windows
            .filter_map(|(before, window)| Some((before as u32, fold(*window.first_chunk()?), window)));
        let (before, window, _) = folded.min_by_key(|(_, folded, window)| {
            commonness(window) + 2 * uses.get(folded).copied().unwrap_or(0)
        })?;
        let shared = uses.entry(window).or_default();
        *shared += 1;
        if *shared > MAX_SHARED {
            return None;
        }
        entries.push(Entry { window, pattern: number, before });
    }
    Some(entries)
}

/// How often a window is to be expected in traffic: padding more often than text, text than other bytes.
fn commonness(window: &[u8]) -> usize {
    let of_byte = |byte: &u8| match byte {
        0 => 12,
        b' ' | b'\r' | b'\n' | 0xff => 8,
        b'a' | b'e' | b'i' | b'n' | b'o' | b'r' | b's' | b't' | b'h' => 6,
        b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'=' | b'-' | b':' => 4,
        byte if byte.is_ascii() => 3,
        _ => 1,
    };
    let repeated = window.windows(2).filter(|pair| pair.first() == pair.get(1)).count();
    window.iter().map(of_byte).sum::<usize>() + 6 * repeated
}

/// Bytes in either case as one number.
#[inline]
fn pair(first: u8, second: u8) -> usize {
    usize::from(first | 0x20) << 8 | usize::from(second | 0x20)
}

impl ShortPatterns {
    fn new(all: &[Vec<u8>], of: Vec<u32>) -> ShortPatterns {
        let mut pairs = vec![0u64; (1 << 16) / 64];
        let mut set = |at: usize| {
            if let Some(word) = pairs.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
        };
        for number in &of {
            match all.get(*number as usize).map(Vec::as_slice) {
                Some([first, second, ..]) => set(pair(*first, *second)),
                Some([only]) => (0..=u8::MAX).for_each(|any| set(pair(*only, any))),
                _ => {}
            }
        }
        ShortPatterns { pairs, patterns: of }
    }

    fn find(&self, all: &[Vec<u8>], bytes: &[u8], found: &mut impl FnMut(u32)) {
        let mut compare = |rest: &[u8]| {
            for &number in &self.patterns {
                let is_there = |pattern: &Vec<u8>| !pattern.is_empty() && starts_with(rest, pattern);
                if all.get(number as usize).is_some_and(is_there) {
                    found(number);
                }
            }
        };
        for (at, window) in bytes.windows(2).enumerate() {
            let [first, second] = window else { continue };
            let pair = pair(*first, *second);
            if self.pairs.get(pair / 64).is_some_and(|word| word >> (pair % 64) & 1 != 0) {
                compare(bytes.get(at..).unwrap_or_default());
            }
        }
        // A pattern of one byte may be the last.
        compare(bytes.get(bytes.len().saturating_sub(1)..).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(patterns: &[&[u8]], bytes: &[u8]) -> Vec<u32> {
        let patterns = patterns.iter().map(|pattern| pattern.to_vec()).collect();
        let mut found = Vec::new();
        Patterns::new(patterns).expect("they fit").find(bytes, |number| found.push(number));
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn patterns_of_every_length_are_found_in_either_case() {
        let patterns: [&[u8]; 6] = [b"a", b"\x00b", b"xyz", b"get /", b"index.html", b"never here"];
        assert_eq!(found(&patterns, b"GET /INDEX.html\0BXyZ\0A"), [0, 1, 2, 3, 4]);
        assert_eq!(found(&patterns, b"get "), [] as [u32; 0]);
        assert_eq!(found(&patterns, b"A"), [0]);
        assert_eq!(found(&patterns, b""), [] as [u32; 0]);
    }

    #[test]
    fn bytes_that_only_fold_alike_are_told_apart() {
        assert_eq!(found(&[b"@@@@", b"[[[["], b"````{{{{"), [] as [u32; 0]);
    }

    #[test]
    fn every_pattern_is_found_wherever_it_stands() {
        // A small generator will do: what matters is that patterns share parts.
        let mut state = 1u32;
        let mut next = move |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        let patterns: Vec<Vec<u8>> =
            (0..400).map(|_| (0..next(9) + 1).map(|_| b'a' + next(3) as u8).collect()).collect();
        let bytes: Vec<u8> = (0..600).map(|_| b'A' + next(3) as u8).collect();
        let views: Vec<&[u8]> = patterns.iter().map(Vec::as_slice).collect();
        let lower = bytes.to_ascii_lowercase();
        let expected: Vec<u32> = (0..400u32)
            .filter(|number| {
                let pattern = &patterns[*number as usize];
                lower.windows(pattern.len()).any(|window| window == &pattern[..])
            })
            .collect();
        assert_eq!(found(&views, &bytes), expected);
    }

    #[test]
    fn patterns_without_a_window_of_their_own_go_to_an_automaton() {
        let patterns: Vec<Vec<u8>> = (0..2 * MAX_SHARED)
            .map(|n| [&b"aaaa"[..], &[n as u8, (n >> 8) as u8 + 1][..]].concat())
            .collect();
        let views: Vec<&[u8]> = vec![b"aaaa"; MAX_SHARED + 1];
        assert_eq!(found(&views, b"-aaaa-").len(), MAX_SHARED + 1);
        let views: Vec<&[u8]> = patterns.iter().map(Vec::as_slice).collect();
        assert_eq!(found(&views, b"aaaa\x05\x01"), [5]);
    }
}
