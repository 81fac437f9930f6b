//! Lists of access rights, which AFS sends as lines of text.

use super::items::limited;
use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Rights in the order in which they are written.
const RIGHTS: [(i32, u8); 7] =
    [(1, b'r'), (8, b'l'), (4, b'i'), (16, b'd'), (2, b'w'), (32, b'k'), (64, b'a')];

/// Prints a list: who has rights, and who has them not whatever else says so.
pub(super) fn print(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let length = c.u32()? as usize;
    let mut words = Words(limited(c, length)?);
    if let (Some(positive), Some(negative)) = (words.number(), words.number())
        && entries(out, &mut words, positive, " +{").is_some()
    {
        _ = entries(out, &mut words, negative, " -{");
    }
    Ok(())
}

/// Prints so many entries; `None` where the text ends before.
fn entries(out: &mut Out, words: &mut Words<'_>, count: i32, before: &str) -> Option<()> {
    for _ in 0..count.max(0) {
        let (who, rights) = (words.next()?, words.number()?);
        out.text(before).escaped(who).text(" ");
        for (bit, letter) in RIGHTS {
            if rights & bit != 0 {
                out.byte(letter);
            }
        }
        out.text("}");
    }
    Some(())
}

/// Words of a text with blanks between them.
struct Words<'a>(&'a [u8]);

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.0.trim_ascii_start();
        let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
        let (word, rest) = text.split_at_checked(end)?;
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }

    /// A number with or without a sign; what is too large for it loses its upper bits.
    fn number(&mut self) -> Option<i32> {
        let text = self.0.trim_ascii_start();
        let (negative, digits) = match text.split_first()? {
            (b'-', rest) => (true, rest),
            (b'+', rest) => (false, rest),
            _ => (false, text),
        };
        let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
        let (digits, rest) = digits.split_at_checked(end)?;
        if digits.is_empty() {
            return None;
        }
        self.0 = rest;
        let number = digits
            .iter()
            .fold(0i64, |number, digit| number.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
        Some(if negative { number.wrapping_neg() } else { number } as i32)
    }
}
