//! Text of packets made printable: the one way by which strings off the wire reach the output.
//!
//! A byte above 127 is shown as `M-` and its low seven bits, a control character as `^` and the letter
//! it is typed with, so that nothing of a packet can drive a terminal.

use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// Whether a byte stands for itself.
#[inline]
fn is_printable(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte)
}

impl Out {
    /// Writes one byte, made printable.
    #[inline]
    pub(crate) fn escaped_byte(&mut self, byte: u8) -> &mut Self {
        if is_printable(byte) {
            return self.byte(byte);
        }
        if byte >= 0x80 {
            self.text("M-");
        }
        let low = byte & 0x7f;
        if is_printable(low) { self.byte(low) } else { self.byte(b'^').byte(low ^ 0x40) }
    }

    /// Writes all of `bytes`, made printable.
    #[inline]
    pub(crate) fn escaped(&mut self, bytes: &[u8]) -> &mut Self {
        if bytes.iter().all(|byte| is_printable(*byte)) {
            return self.raw(bytes);
        }
        for byte in bytes {
            self.escaped_byte(*byte);
        }
        self
    }

    /// Writes `bytes` up to the first zero byte, made printable.
    pub(crate) fn escaped_to_zero(&mut self, bytes: &[u8]) -> &mut Self {
        self.escaped(to_zero(bytes))
    }

    /// Writes the next `count` bytes, made printable, and advances past them. What was captured of them
    /// is written even where some is missing; then this is a truncation.
    pub(crate) fn escaped_take(&mut self, c: &mut Cursor<'_>, count: usize) -> Walk {
        let captured = count.min(c.captured());
        self.escaped(c.take(captured)?);
        if captured < count { Err(Stop::Truncated) } else { Ok(()) }
    }

    /// Writes a field of `count` bytes whose unused rest is zero, made printable, and advances past it.
    /// It is truncated where neither a zero nor its end was captured.
    pub(crate) fn escaped_padded(&mut self, c: &mut Cursor<'_>, count: usize) -> Walk {
        let captured = c.bytes().get(..count).unwrap_or(c.bytes());
        let text = to_zero(captured);
        self.escaped(text);
        if text.len() == captured.len() && captured.len() < count {
            return Err(Stop::Truncated);
        }
        c.advance(count);
        Ok(())
    }

    /// Writes a string that a zero byte ends within `limit` bytes, made printable, and advances past the
    /// zero. Without that zero this is a truncation, after what there is was written.
    pub(crate) fn escaped_terminated(&mut self, c: &mut Cursor<'_>, limit: usize) -> Walk {
        let captured = c.bytes().get(..limit).unwrap_or(c.bytes());
        let text = to_zero(captured);
        self.escaped(text);
        if text.len() == captured.len() {
            return Err(Stop::Truncated);
        }
        c.skip(text.len() + 1)
    }
}

/// The bytes before the first zero byte.
pub(crate) fn to_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Names, Options};

    fn written(write: impl FnOnce(&mut Out)) -> String {
        let mut out = Out::new(Options::default(), Names::default());
        write(&mut out);
        String::from_utf8_lossy(out.buffer()).into_owned()
    }

    #[test]
    fn every_byte_is_written_printable() {
        assert_eq!(written(|out| _ = out.escaped(b"a\x1b[0m\xff\x00\x7f\xe9~")), "a^[[0mM-^?^@^?M-i~");
        for byte in 0..=255u8 {
            let text = written(|out| _ = out.escaped_byte(byte));
            assert!(text.bytes().all(is_printable), "{byte}: {text}");
        }
    }

    #[test]
    fn what_was_captured_of_a_string_is_written_before_it_counts_as_truncated() {
        let mut c = Cursor::new(b"abc", 10);
        let mut walk = Ok(());
        assert_eq!(written(|out| walk = out.escaped_take(&mut c, 5)), "abc");
        assert_eq!(walk, Err(Stop::Truncated));
        let mut c = Cursor::over(b"ab\0\0cd");
        assert_eq!(written(|out| walk = out.escaped_padded(&mut c, 4)), "ab");
        assert_eq!((walk, c.bytes()), (Ok(()), &b"cd"[..]));
        assert_eq!(written(|out| walk = out.escaped_terminated(&mut c, 2)), "cd");
        assert_eq!(walk, Err(Stop::Truncated));
        let mut c = Cursor::over(b"ab\0cd");
        assert_eq!(written(|out| walk = out.escaped_terminated(&mut c, 9)), "ab");
        assert_eq!((walk, c.bytes()), (Ok(()), &b"cd"[..]));
    }
}
