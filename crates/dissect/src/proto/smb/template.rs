//! Text with places for values, which says how a structure is read and shown.
//!
//! A place is `[` letters `]`: `B`, `w`, `W` numbers in hex of one, two and four bytes; `b`, `u`, `U`, `L` in decimal;
//! `d`, `D` signed ones; `M` 64 bits in mixed order; `lb`, `lu`, `lU` the length of the next `c` or `C`; `A`, `a` file
//! attributes; `S`, `R` strings that end with zero, `Z`, `Y` the same behind a byte for their type, `C` one of the length
//! before (`R` and `Y` are never Unicode); `sN`, `c` text of fixed length; `hN` bytes in hex; `n1`, `n2` NetBIOS names;
//! `T1` to `T3` times; `PN` skips; `{a|b|}` bits of a byte; `r` turns to network order. Outside of places, `*` repeats the
//! rest, `|` ends it where no bytes are left, and `#` ends it without a word on bytes that are left.

use super::{names, text};
use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Most repetitions inside each other.
const MAX_NESTING: u32 = 10;
/// Most characters of a string that are shown.
const MAX_STRING: usize = 1000;

const ATTRIBUTES: &str = "READONLY|HIDDEN|SYSTEM|VOLUME|DIR|ARCHIVE|";

/// A structure whose bytes templates read. Places in it count from its start.
pub(super) struct Structure<'a> {
    pub(super) start: Cursor<'a>,
    pub(super) is_unicode: bool,
    string_len: Option<usize>,
    nesting: u32,
}

/// A place after what was read; nothing where that was cut off in a way that has been told.
type Place = Option<usize>;

impl<'a> Structure<'a> {
    pub(super) fn new(start: Cursor<'a>) -> Self {
        Structure { start, is_unicode: false, string_len: None, nesting: 0 }
    }

    /// Forgets the length of the last counted string.
    pub(super) fn reset(&mut self) {
        self.string_len = None;
    }

    /// Prints `template` with the bytes from `at` to `end`.
    pub(super) fn print(&mut self, out: &mut Out, mut at: usize, end: usize, template: &str) -> Walk<Place> {
        let mut rest = template;
        while let Some(first) = rest.chars().next() {
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            match first {
                '*' => return self.repeat(out, at, end, rest),
                '|' if at >= end => return Ok(Some(at)),
                '|' => {}
                '#' => return Ok(Some(at)),
                '[' => {
                    if at >= end {
                        return Ok(Some(at));
                    }
                    let (place, after) = rest.split_once(']').unwrap_or((rest, ""));
                    rest = after;
                    match self.values(out, at, end, place)? {
                        Some(next) => at = next,
                        None => {
                            if rest.starts_with('\n') {
                                out.text("\n");
                            }
                            return Ok(None);
                        }
                    }
                }
                _ => {
                    let mut encoded = [0u8; 4];
                    out.text(first.encode_utf8(&mut encoded));
                }
            }
        }
        if self.nesting == 0 && at < end {
            writeln!(out, "Data: ({} bytes)", end - at);
            text::dump(out, self.start.ahead(at), end - at)?;
            return Ok(Some(end));
        }
        Ok(Some(at))
    }

    /// Prints `template` again and again until the bytes end.
    fn repeat(&mut self, out: &mut Out, mut at: usize, end: usize, template: &str) -> Walk<Place> {
        while at < end {
            self.nesting += 1;
            let next = if self.nesting == MAX_NESTING {
                out.text("(too many nested levels, not recursing)");
                Ok(Some(at))
            } else {
                self.print(out, at, end, template)
            };
            self.nesting -= 1;
            match next? {
                Some(next) if next > at => at = next,
                other => return Ok(other),
            }
        }
        Ok(Some(at))
    }

    /// Prints the values of one place.
    fn values(&mut self, out: &mut Out, mut at: usize, end: usize, place: &str) -> Walk<Place> {
        let mut letters = place.chars().peekable();
        let mut is_reversed = false;
        while at < end
            && let Some(letter) = letters.next()
        {
            let c = self.start.ahead(at);
            let little = |width: usize| number(c, width, is_reversed);
            match letter {
                'a' => {
                    bits(out, c.peek_u8(0)?.into(), ATTRIBUTES);
                    at += 1;
                }
                'A' => {
                    bits(out, little(2)? as u32, ATTRIBUTES);
                    at += 2;
                }
                'B' | 'w' | 'W' => {
                    let width = width_of(letter);
                    write!(out, "0x{:X}", little(width)?);
                    at += width;
                }
                'b' | 'u' | 'U' | 'L' | 'd' => {
                    let width = width_of(letter);
                    let value = little(width)?;
                    write!(out, "{value} (0x{value:x})");
                    at += width;
                }
                'D' => {
                    let value = little(4)? as u32;
                    write!(out, "{} (0x{value:x})", value as i32);
                    at += 4;
                }
                'M' => {
                    let value = little(4)? << 32 | number(c.ahead(4), 4, is_reversed)?;
                    write!(out, "{value} (0x{value:x})");
                    at += 8;
                }
                'l' => {
                    let width = letters.next().map_or(1, width_of);
                    let value = little(width)?;
                    self.string_len = Some(value as usize);
                    write!(out, "{value}");
                    at += width;
                }
                'S' | 'R' | 'Z' | 'Y' => match self.terminated(out, at, end, letter)? {
                    Some(next) => at = next,
                    None => return Ok(None),
                },
                's' => {
                    let len = count(&mut letters);
                    padded(out, c.peek(0, len)?);
                    at += len;
                }
                'c' | 'C' => {
                    let Some(len) = self.string_len else {
                        out.text("{stringlen not set}");
                        return Ok(None);
                    };
                    let taken = if letter == 'c' {
                        padded(out, c.peek(0, len)?);
                        Some(len)
                    } else {
                        string(out, self, at, Some(len), self.is_unicode)
                    };
                    match taken {
                        Some(taken) => at = at.saturating_add(taken),
                        None => return Ok(None),
                    }
                    count(&mut letters);
                }
                'h' => {
                    let len = count(&mut letters);
                    out.hex_bytes(c.peek(0, len)?);
                    at += len;
                }
                'n' => match names::print(out, self.start, at, end, count(&mut letters))? {
                    Some(next) => at = next,
                    None => return Ok(None),
                },
                'T' => at += time(out, c, count(&mut letters))?,
                'P' => {
                    let len = count(&mut letters);
                    c.need(len)?;
                    at += len;
                }
                '{' => {
                    let names: String = letters.by_ref().take_while(|letter| *letter != '}').collect();
                    bits(out, c.peek_u8(0)?.into(), &names);
                    at += 1;
                }
                'r' => is_reversed = !is_reversed,
                _ => {
                    let mut encoded = [0u8; 4];
                    out.text(letter.encode_utf8(&mut encoded));
                }
            }
        }
        if at >= end && letters.peek().is_some() {
            out.text("END OF BUFFER\n");
        }
        Ok(Some(at))
    }

    /// Prints a string that ends with zero, and gives back where it does.
    fn terminated(&mut self, out: &mut Out, mut at: usize, end: usize, letter: char) -> Walk<Place> {
        if matches!(letter, 'Z' | 'Y') {
            let kind = self.start.ahead(at).peek_u8(0)?;
            if kind != 4 && kind != 2 {
                write!(out, "Error! ASCIIZ buffer of type {kind}");
                return Ok(Some(end));
            }
            at += 1;
        }
        let is_unicode = self.is_unicode && matches!(letter, 'S' | 'Z');
        Ok(string(out, self, at, None, is_unicode).map(|len| at.saturating_add(len)))
    }
}

/// Bytes that a number takes, by its letter.
fn width_of(letter: char) -> usize {
    match letter {
        'B' | 'b' => 1,
        'w' | 'u' | 'd' => 2,
        'L' => 8,
        _ => 4,
    }
}

/// A number in little-endian order, or in network order where `is_reversed`.
fn number(c: Cursor<'_>, width: usize, is_reversed: bool) -> Walk<u64> {
    let bytes = c.peek(0, width)?;
    let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    Ok(if is_reversed { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) })
}

/// Reads the digits that follow a letter.
fn count(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> usize {
    let mut value = 0;
    while let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(10)) {
        value = value * 10 + digit as usize;
        letters.next();
    }
    value
}

/// Writes the names of the bits that are set, each with a blank.
fn bits(out: &mut Out, value: u32, names: &str) {
    for (bit, name) in names.split('|').enumerate() {
        if !name.is_empty() && value.unbounded_shr(bit as u32) & 1 != 0 {
            out.text(name).text(" ");
        }
    }
}

/// Writes text up to a zero byte, with blanks up to the length of `bytes`.
fn padded(out: &mut Out, bytes: &[u8]) {
    let text = crate::escape::to_zero(bytes);
    out.escaped(text);
    for _ in text.len()..bytes.len() {
        out.byte(b' ');
    }
}

/// Writes a string of `len` bytes, or up to a zero, and gives back its length; marks one that was cut off.
fn string(
    out: &mut Out,
    structure: &Structure<'_>,
    at: usize,
    len: Option<usize>,
    is_unicode: bool,
) -> Option<usize> {
    let width = if is_unicode { 2 } else { 1 };
    // Unicode starts at even places.
    let padding = if is_unicode { at % 2 } else { 0 };
    let c = structure.start.ahead(at.saturating_add(padding));
    let is_end = |unit: &[u8]| unit.iter().all(|byte| *byte == 0);
    let ended = || c.bytes().chunks_exact(width).position(is_end).map(|units| (units + 1) * width);
    let Some(len) = len.or_else(ended) else {
        out.truncated();
        return None;
    };
    let bytes = c.bytes().get(..len).unwrap_or(c.bytes());
    for unit in bytes.chunks(width).take_while(|unit| !is_end(unit)).take(MAX_STRING) {
        let is_printable = matches!(unit, [0x20..0x7f] | [0x20..0x7f, 0]);
        out.byte(unit.first().copied().filter(|_| is_printable).unwrap_or(b'.'));
    }
    if !c.has(len) {
        out.truncated();
        return None;
    }
    Some(len.saturating_add(padding))
}

/// Writes a time of one of three kinds and gives back how many bytes it takes.
fn time(out: &mut Out, c: Cursor<'_>, kind: usize) -> Walk<usize> {
    if kind == 3 {
        let is_set = number(c, 8, false)? != 0;
        // As a number of seconds this is beyond any calendar.
        out.text(if is_set {
            "[localtime() or gmtime() couldn't convert the date and time]\n"
        } else {
            "NULL\n"
        });
        return Ok(8);
    }
    let stored = number(c, 4, false)? as u32;
    // The first kind has the time of day in its low half, the second the date.
    let packed = if kind == 1 { stored } else { stored.rotate_left(16) };
    if stored == 0 || stored == u32::MAX {
        out.text("NULL\n");
    } else {
        text::dos_time(out, packed);
        out.text("\n");
    }
    Ok(4)
}
