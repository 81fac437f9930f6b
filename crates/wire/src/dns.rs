//! The DNS header and names with compression (RFC 1035 sections 4.1.1 and 4.1.4).

use crate::{Cursor, Stop, Walk};

/// The twelve bytes of a DNS header.
#[derive(Clone, Copy, Debug)]
pub struct Dns<'a>(&'a [u8; Dns::LEN]);

impl<'a> Dns<'a> {
    /// Bytes of the header.
    pub const LEN: usize = 12;

    /// Reads the header and advances past it.
    #[inline]
    pub fn read(c: &mut Cursor<'a>) -> Walk<Self> {
        c.array().map(Dns)
    }

    /// Number that ties an answer to its question.
    #[inline]
    pub fn id(self) -> u16 {
        u16::from_be_bytes([self.0[0], self.0[1]])
    }

    /// Flags, operation and response code as they stand in the header.
    #[inline]
    pub fn flags(self) -> u16 {
        u16::from_be_bytes([self.0[2], self.0[3]])
    }

    /// Whether this is an answer.
    #[inline]
    pub fn is_response(self) -> bool {
        self.0[2] & 0x80 != 0
    }

    /// Operation, 0 for a standard query.
    #[inline]
    pub fn opcode(self) -> u8 {
        (self.0[2] >> 3) & 0x0f
    }

    /// Response code, 0 for no error.
    #[inline]
    pub fn rcode(self) -> u8 {
        self.0[3] & 0x0f
    }

    /// Entries claimed in the question, answer, authority and additional sections.
    #[inline]
    pub fn counts(self) -> [u16; 4] {
        let h = self.0;
        [[h[4], h[5]], [h[6], h[7]], [h[8], h[9]], [h[10], h[11]]].map(u16::from_be_bytes)
    }
}

/// Most pointers that one name may follow; a sound name needs no more than it has labels.
const MAX_JUMPS: usize = 127;
/// Most bytes of a name with its length octets (RFC 1035 section 2.3.4).
const MAX_NAME: usize = 255;

/// Walks the labels of a name at `c`, calls `label` for each, and leaves `c` behind the name.
///
/// `message` is the whole DNS message, which compression pointers refer to. Pointers that do not lead
/// backwards, names longer than 255 bytes and reserved label types stop as invalid.
pub fn labels<'a>(message: Cursor<'a>, c: &mut Cursor<'a>, mut label: impl FnMut(&'a [u8])) -> Walk {
    let mut here = *c;
    let mut left = MAX_NAME;
    let mut jumped = false;
    let mut bound = usize::MAX;
    for _ in 0..MAX_NAME + MAX_JUMPS {
        let length = here.u8()?;
        match length {
            0 => {
                if !jumped {
                    *c = here;
                }
                return Ok(());
            }
            1..=0x3f => {
                let bytes = here.take(usize::from(length))?;
                left = left.checked_sub(bytes.len() + 1).ok_or(Stop::Invalid)?;
                label(bytes);
            }
            0xc0.. => {
                let offset = (usize::from(length & 0x3f) << 8) | usize::from(here.u8()?);
                if !jumped {
                    *c = here;
                    jumped = true;
                }
                if offset >= bound {
                    return Err(Stop::Invalid);
                }
                bound = offset;
                here = message.ahead(offset);
            }
            _ => return Err(Stop::Invalid),
        }
    }
    Err(Stop::Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(message: &[u8], at: usize) -> Walk<(String, usize)> {
        let whole = Cursor::over(message);
        let mut c = whole.ahead(at);
        let mut text = String::new();
        labels(whole, &mut c, |l| {
            text.push_str(&String::from_utf8_lossy(l));
            text.push('.');
        })?;
        Ok((text, c.at()))
    }

    #[test]
    fn a_pointer_goes_back_and_reading_goes_on_behind_it() {
        let message = b"\x01a\x02bc\x00\x01d\xc0\x02\xff";
        assert_eq!(name(message, 0), Ok(("a.bc.".to_owned(), 6)));
        assert_eq!(name(message, 6), Ok(("d.bc.".to_owned(), 10)));
    }

    #[test]
    fn hostile_names_stop() {
        assert_eq!(name(b"\xc0\x00", 0), Err(Stop::Invalid), "a pointer to itself");
        assert_eq!(name(b"\x01a\xc0\x00", 2).map(|n| n.0), Err(Stop::Invalid), "two that chase each other");
        assert_eq!(name(b"\x05ab", 0), Err(Stop::Truncated));
        assert_eq!(name(b"\x41a\x00", 0), Err(Stop::Invalid), "a reserved label type");
        assert_eq!(name(&[1; 600], 0), Err(Stop::Invalid), "a name without end");
    }
}
