//! `asn1`: BER elements (X.690) that overflow careless decoders.

use crate::language::Asn1;
use wirescope_wire::{Cursor, Walk};

/// Most elements that are looked at in one payload.
const MAX_ELEMENTS: usize = 256;
/// A double's text this long overflows decoders that reserve less (the length is Snort's).
const DOUBLE_TEXT: usize = 256;

/// Whether `bytes` hold an element that the rule looks for.
pub(super) fn matches(rule: &Asn1, bytes: &[u8]) -> bool {
    let mut c = Cursor::over(bytes);
    for _ in 0..MAX_ELEMENTS {
        match element(rule, &mut c) {
            Ok(Some(found)) if found => return true,
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return false,
        }
    }
    false
}

/// Looks at one element and enters it where it holds others; `None` at the end.
fn element(rule: &Asn1, c: &mut Cursor<'_>) -> Walk<Option<bool>> {
    if c.captured() == 0 {
        return Ok(None);
    }
    let tag = c.u8()?;
    if tag & 0x1f == 0x1f {
        while c.u8()? & 0x80 != 0 {}
    }
    let first = c.u8()?;
    let length = match first {
        0..0x80 => u64::from(first),
        0x80 => return Ok(Some(false)),
        _ => {
            let mut length = 0u64;
            for _ in 0..first & 0x7f {
                length = length.saturating_mul(256).saturating_add(u64::from(c.u8()?));
            }
            length
        }
    };
    if rule.oversize_length.is_some_and(|most| length > u64::from(most)) {
        return Ok(Some(true));
    }
    let constructed = tag & 0x20 != 0;
    let content = c.bytes();
    let found = match tag & 0x1f {
        // The first byte of a bit string says how many bits at its end are unused, 7 at most.
        3 if rule.bitstring_overflow && !constructed => {
            content.first().is_some_and(|unused| u64::from(*unused) > length.saturating_mul(8))
        }
        9 if rule.double_overflow => {
            content.first().is_some_and(|kind| kind & 0xc0 == 0) && length > DOUBLE_TEXT as u64
        }
        _ => false,
    };
    if !constructed && !found {
        c.skip(usize::try_from(length).unwrap_or(usize::MAX))?;
    }
    Ok(Some(found))
}
