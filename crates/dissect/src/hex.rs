//! Hex dumps: `-x`, `-X`, `-A`, and payload that no printer knows.

use crate::Out;
use crate::text::hex_pair;
use wirescope_wire::{Cursor, Walk};

/// Bytes in a row.
const ROW: usize = 16;
/// Bytes whose columns are made at once.
const AT_ONCE: usize = 16 * ROW;
/// Bytes of a group, and columns it takes: a blank and four digits.
const GROUP: usize = 2;
const GROUP_COLUMNS: usize = 5;
/// Columns that the hex of a full row takes.
const HEX_COLUMNS: usize = ROW / GROUP * GROUP_COLUMNS;
/// Columns of hex, two blanks and ASCII.
const ROW_COLUMNS: usize = HEX_COLUMNS + 2 + ROW;
/// Bytes of what stands before a row in most dumps, the line's end and an indentation: so many are one piece.
const INDENT_ROOM: usize = 8;
/// Offsets from here on need more than four digits.
const WIDE_OFFSET: usize = 0x1_0000;

/// What stands for a byte in the ASCII column: graphic characters, and dots for the rest.
#[inline]
fn graphic(byte: u8) -> u8 {
    if byte.is_ascii_graphic() { byte } else { b'.' }
}

/// What a dump shows of some bytes, before it is set out in rows.
///
/// The loops that make it are long, do arithmetic alone and end at a multiple of what a processor takes at once, so the
/// compiler takes sixteen bytes a step. Looking each byte up in tables took 226 instructions and 30 ns a row where this
/// takes 136 and 17, and a dump is nearly all rows.
struct Columns {
    digits: [u8; 2 * AT_ONCE],
    graphics: [u8; AT_ONCE],
}

impl Columns {
    const EMPTY: Columns = Columns { digits: [b' '; 2 * AT_ONCE], graphics: [b' '; AT_ONCE] };

    /// Fills in what is shown of the first `count` bytes, and of some behind them.
    #[inline]
    fn fill(&mut self, bytes: &[u8; AT_ONCE], count: usize) {
        let padded = bytes.get(..count.next_multiple_of(2 * ROW)).unwrap_or(bytes);
        let digit = |nibble: u8| nibble + b'0' + u8::from(nibble > 9) * (b'a' - b'0' - 10);
        let (pairs, _) = self.digits.as_chunks_mut::<2>();
        for (pair, byte) in pairs.iter_mut().zip(padded) {
            *pair = [digit(byte >> 4), digit(byte & 0xf)];
        }
        for (place, byte) in self.graphics.iter_mut().zip(padded) {
            *place = graphic(*byte);
        }
    }

    /// Digits and characters, row by row.
    #[inline]
    fn rows(&self) -> impl Iterator<Item = (&[u8; 2 * ROW], &[u8; ROW])> {
        let ((digits, _), (graphics, _)) = (self.digits.as_chunks(), self.graphics.as_chunks());
        digits.iter().zip(graphics)
    }
}

impl Out {
    /// Dumps `bytes` in hex and ASCII, each row after `indent` (which starts with the line's end).
    pub(crate) fn dump_hex_ascii(&mut self, indent: &str, bytes: &[u8]) {
        self.dump_rows(indent, bytes, 0, true);
    }

    /// Dumps `bytes` in hex, each row after `indent`.
    pub(crate) fn dump_hex(&mut self, indent: &str, bytes: &[u8]) {
        self.dump_rows(indent, bytes, 0, false);
    }

    /// The same, with offsets counted from `first`.
    pub(crate) fn dump_hex_from(&mut self, indent: &str, bytes: &[u8], first: usize) {
        self.dump_rows(indent, bytes, first, false);
    }

    fn dump_rows(&mut self, indent: &str, bytes: &[u8], first: usize, with_ascii: bool) {
        let is_short = indent.len() <= INDENT_ROOM;
        let mut start = [b' '; INDENT_ROOM];
        start.iter_mut().zip(indent.bytes()).for_each(|(place, byte)| *place = byte);
        let (mut padded, mut columns) = ([0; AT_ONCE], Columns::EMPTY);
        let mut offset = first;
        for part in bytes.chunks(AT_ONCE) {
            if let Some(place) = padded.get_mut(..part.len()) {
                place.copy_from_slice(part);
            }
            columns.fill(&padded, part.len());
            for (bytes, (digits, graphics)) in part.chunks(ROW).zip(columns.rows()) {
                let out = if is_short { self.piece(&start, indent.len()) } else { self.text(indent) };
                out.row_offset(offset);
                self.row(bytes.len(), digits, graphics, with_ascii);
                offset += ROW;
            }
        }
    }

    /// Writes the offset of a row, a colon and a blank.
    #[inline]
    fn row_offset(&mut self, offset: usize) {
        if offset >= WIDE_OFFSET {
            self.text("0x").hex(offset as u64, 4).text(": ");
            return;
        }
        let [.., high, low] = (offset as u32).to_be_bytes();
        let [[a, b], [c, d]] = [hex_pair(high), hex_pair(low)];
        self.piece(&[b'0', b'x', a, b, c, d, b':', b' '], 8);
    }

    /// Writes a row of `count` bytes behind its offset.
    #[inline]
    fn row(&mut self, count: usize, digits: &[u8; 2 * ROW], graphics: &[u8; ROW], with_ascii: bool) {
        let start = self.text.len();
        // Set out in place: to read a row in large pieces that was just written in small ones, a processor has to wait.
        let Some(row) = self.text.extend(&[b' '; ROW_COLUMNS]) else { return };
        let (groups, _) = row.as_chunks_mut::<GROUP_COLUMNS>();
        for ([_, place @ ..], four) in groups.iter_mut().zip(digits.as_chunks::<{ 2 * GROUP }>().0) {
            *place = *four;
        }
        if let Some(place) = row.last_chunk_mut() {
            *place = *graphics;
        }
        if count == ROW && with_ascii {
            return;
        }
        let hex_len = 2 * count + count.div_ceil(GROUP);
        if let Some(unused) = row.get_mut(hex_len..HEX_COLUMNS) {
            unused.fill(b' ');
        }
        self.text.truncate(start + if with_ascii { HEX_COLUMNS + 2 + count } else { hex_len });
    }

    /// Dumps `bytes` as text: line ends stand, other unprintable bytes are dots (`-A`).
    pub(crate) fn dump_ascii(&mut self, bytes: &[u8]) {
        self.byte(b'\n');
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            // A carriage return stands only where it does not come before the line's end.
            if byte == b'\r' {
                if rest.first() != Some(&b'\n') {
                    self.byte(b'.');
                }
            } else if matches!(byte, b'\n' | b'\t' | b' ') {
                self.byte(byte);
            } else {
                self.byte(graphic(byte));
            }
        }
    }

    /// What becomes of payload that no printer knows: a dump in hex and ASCII, unless the packet is
    /// dumped anyway.
    pub(crate) fn unknown(&mut self, bytes: &[u8]) {
        if self.options.dumps_unknown() {
            self.dump_hex_ascii("\n\t", bytes);
        }
    }

    /// The same for payload of which its protocol claimed more than was captured: that is a truncation.
    pub(crate) fn unknown_claimed(&mut self, c: Cursor<'_>) -> Walk {
        if !self.options.dumps_unknown() {
            return Ok(());
        }
        self.dump_hex_ascii("\n\t", c.claimed_bytes());
        c.need(c.length())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Names, Options};
    use std::fmt::Write;

    /// Rows made byte by byte.
    fn plain(bytes: &[u8], first: usize, with_ascii: bool) -> String {
        let mut text = String::new();
        for (row, bytes) in bytes.chunks(16).enumerate() {
            let mut hex = String::new();
            for pair in bytes.chunks(2) {
                hex.push(' ');
                pair.iter().for_each(|byte| write!(hex, "{byte:02x}").expect("memory"));
            }
            write!(text, "\n\t0x{:04x}: ", first + row * 16).expect("memory");
            if with_ascii {
                let shown = |byte: &u8| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' };
                let ascii: String = bytes.iter().map(shown).collect();
                write!(text, "{hex:<40}  {ascii}").expect("memory");
            } else {
                text.push_str(&hex);
            }
        }
        text
    }

    #[test]
    fn a_long_indentation_stands_before_each_row() {
        let mut out = Out::new(Options::default(), Names::none());
        out.dump_hex("\n\t                ", &[0x41; 17]);
        let shown = String::from_utf8_lossy(out.buffer()).into_owned();
        let rows: Vec<&str> =
            shown.lines().skip(1).map(|row| row.split("0x").next().expect("a row")).collect();
        assert_eq!(rows, ["\t                "; 2]);
    }

    #[test]
    fn rows_are_what_single_bytes_make() {
        let bytes: Vec<u8> = (0..700u32).map(|at| (at * 37 + at / 256) as u8).collect();
        let mut out = Out::new(Options::default(), Names::none());
        for len in (0..80).chain([255, 256, 257, 271, 272, 273, 511, 512, 513, 700]) {
            let bytes = bytes.get(..len).expect("as many");
            for (first, with_ascii) in [(0, true), (0, false), (0xff80, true), (0xff80, false)] {
                out.take_back(0);
                out.dump_rows("\n\t", bytes, first, with_ascii);
                let shown = String::from_utf8_lossy(out.buffer());
                assert_eq!(shown, plain(bytes, first, with_ascii), "{len} bytes from {first:#x}");
            }
        }
    }
}
