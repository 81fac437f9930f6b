//! Hex dumps: `-x`, `-X`, `-A`, and payload that no printer knows.

// Tables of 256 entries are indexed by a byte here, and constants are made at compile time.
#![allow(clippy::indexing_slicing)]

use crate::Out;
use crate::text::HEX_PAIRS;
use wirescope_wire::{Cursor, Walk};

/// Bytes in a row.
const ROW: usize = 16;
/// Columns that the hex of a full row takes: eight groups of a blank and four digits.
const HEX_COLUMNS: usize = 40;

/// What stands for each byte in the ASCII column: graphic characters, and dots for the rest.
const GRAPHIC: [u8; 256] = {
    let mut table = [b'.'; 256];
    let mut n = 0;
    while n < 256 {
        table[n] = if (n as u8).is_ascii_graphic() { n as u8 } else { b'.' };
        n += 1;
    }
    table
};

/// A full row, `0x0000:  4500 … 4500  ................`: offset, hex, two blanks, ASCII.
const FULL: usize = OFFSET_COLUMNS + HEX_COLUMNS + 2 + ROW;
/// Columns of `0x0000: `.
const OFFSET_COLUMNS: usize = 8;
/// Rows from here on need more digits than the template of a full row has room for.
const WIDE_OFFSET: usize = 0x1_0000;

impl Out {
    /// Dumps `bytes` in hex and ASCII, each row after `indent` (which starts with the line's end).
    pub(crate) fn dump_hex_ascii(&mut self, indent: &str, bytes: &[u8]) {
        self.dump_hex_ascii_from(indent, bytes, 0);
    }

    /// The same, with offsets counted from `first`.
    pub(crate) fn dump_hex_ascii_from(&mut self, indent: &str, bytes: &[u8], first: usize) {
        let mut offset = first;
        for chunk in bytes.chunks(ROW) {
            self.text(indent);
            match chunk.first_chunk::<ROW>() {
                Some(row) if offset < WIDE_OFFSET => {
                    self.raw(&full_row(row, offset));
                }
                _ => self.row(chunk, offset),
            }
            offset += ROW;
        }
    }

    /// Writes a row that is not full or has a wide offset.
    fn row(&mut self, bytes: &[u8], offset: usize) {
        self.text("0x").hex(offset as u64, 4).text(": ");
        let columns = self.hex_groups(bytes);
        for _ in columns..HEX_COLUMNS + 2 {
            self.byte(b' ');
        }
        for byte in bytes {
            self.byte(GRAPHIC[usize::from(*byte)]);
        }
    }

    /// Dumps `bytes` in hex, each row after `indent`.
    pub(crate) fn dump_hex(&mut self, indent: &str, bytes: &[u8]) {
        self.dump_hex_from(indent, bytes, 0);
    }

    /// The same, with offsets counted from `first`.
    pub(crate) fn dump_hex_from(&mut self, indent: &str, bytes: &[u8], first: usize) {
        for (row, chunk) in bytes.chunks(ROW).enumerate() {
            self.text(indent).text("0x").hex((first + row * ROW) as u64, 4).text(": ");
            self.hex_groups(chunk);
        }
    }

    /// Writes bytes as groups of a blank and four digits, and says how many columns that took.
    fn hex_groups(&mut self, bytes: &[u8]) -> usize {
        let mut columns = 0;
        for pair in bytes.chunks(2) {
            self.byte(b' ');
            columns += 1;
            for byte in pair {
                self.raw(&HEX_PAIRS[usize::from(*byte)]);
                columns += 2;
            }
        }
        columns
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
                self.byte(GRAPHIC[usize::from(byte)]);
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

/// A full row in one piece: the dump of large packets is all such rows.
fn full_row(row: &[u8; ROW], offset: usize) -> [u8; FULL] {
    let mut text = [b' '; FULL];
    let [.., high, low] = (offset as u32).to_be_bytes();
    let [[a, b], [c, d]] = [HEX_PAIRS[usize::from(high)], HEX_PAIRS[usize::from(low)]];
    if let Some(place) = text.first_chunk_mut::<7>() {
        *place = [b'0', b'x', a, b, c, d, b':'];
    }
    for (at, byte) in row.iter().enumerate() {
        let hex_at = OFFSET_COLUMNS + 1 + at * 2 + at / 2;
        if let Some(place) = text.get_mut(hex_at..hex_at + 2) {
            place.copy_from_slice(&HEX_PAIRS[usize::from(*byte)]);
        }
        if let Some(place) = text.get_mut(OFFSET_COLUMNS + HEX_COLUMNS + 2 + at) {
            *place = GRAPHIC[usize::from(*byte)];
        }
    }
    text
}
