//! REdis Serialization Protocol, versions 1 and 2.

use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// Longest string and array that is believed.
const MAX_LEN: u64 = i32::MAX as u64;

/// A length as it stands in front of a string or an array.
enum Length {
    Is(usize),
    Null,
    Negative,
    TooLarge,
    Invalid,
}

/// Prints commands and replies.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(": RESP");
    // Elements that arrays have promised; how they nest makes no difference to the text.
    let mut owed = 0usize;
    while c.length() > 0 {
        owed = owed.saturating_sub(1).saturating_add(element(out, &mut c)?);
    }
    if owed > 0 { Err(Stop::Truncated) } else { Ok(()) }
}

/// Prints one element and says how many more follow as its parts.
fn element(out: &mut Out, c: &mut Cursor<'_>) -> Walk<usize> {
    match c.peek_u8(0)? {
        b'+' | b'-' | b':' => {
            c.advance(1);
            let text = line(*c)?;
            out.text(" \"").escaped(text).text("\"");
            c.advance(text.len() + 2);
        }
        b'$' => {
            c.advance(1);
            bulk_string(out, c)?;
        }
        b'*' => {
            c.advance(1);
            return array(out, c);
        }
        _ => inline(out, c)?,
    }
    Ok(0)
}

fn bulk_string(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let length = length(c)?;
    match length {
        Length::Is(0) => {
            out.text(" empty");
        }
        Length::Is(length) => {
            if c.available() < length {
                return Err(Stop::Truncated);
            }
            out.text(" \"").escaped_take(c, length)?;
            out.text("\"");
        }
        other => {
            print_odd(out, &other);
            return Ok(());
        }
    }
    let rest = line(*c)?.len();
    c.advance(rest + 2);
    Ok(())
}

fn array(out: &mut Out, c: &mut Cursor<'_>) -> Walk<usize> {
    match length(c)? {
        Length::Is(0) => {
            out.text(" empty");
            Ok(0)
        }
        Length::Is(count) => Ok(count),
        other => {
            print_odd(out, &other);
            Ok(0)
        }
    }
}

fn print_odd(out: &mut Out, length: &Length) {
    out.text(match length {
        Length::Is(_) => "",
        Length::Null => " null",
        Length::Negative => " length negative and not -1",
        Length::TooLarge => " length too large",
        Length::Invalid => " invalid",
    });
}

/// Reads a length and the end of its line. After an invalid one the cursor stands behind what made it so.
fn length(c: &mut Cursor<'_>) -> Walk<Length> {
    let negative = next(*c)? == b'-';
    if negative {
        c.advance(1);
    }
    let mut digits = 0;
    let mut value = 0u64;
    loop {
        let byte = next(*c)?;
        c.advance(1);
        match byte {
            b'0'..=b'9' => value = value.saturating_mul(10).saturating_add(u64::from(byte - b'0')),
            b'\r' if digits > 0 => break,
            _ => return Ok(Length::Invalid),
        }
        digits += 1;
    }
    let end = next(*c)?;
    c.advance(1);
    if end != b'\n' {
        return Ok(Length::Invalid);
    }
    Ok(match value {
        1 if negative => Length::Null,
        _ if negative => Length::Negative,
        _ if value > MAX_LEN => Length::TooLarge,
        _ => Length::Is(value as usize),
    })
}

/// The byte at the cursor, which must be within the claim too.
fn next(c: Cursor<'_>) -> Walk<u8> {
    if c.length() == 0 { Err(Stop::Truncated) } else { c.peek_u8(0) }
}

/// The bytes up to the next carriage return with line feed.
fn line(c: Cursor<'_>) -> Walk<&[u8]> {
    let bytes = c.claimed_bytes();
    let end = bytes.windows(2).position(|pair| pair == b"\r\n").ok_or(Stop::Truncated)?;
    Ok(bytes.get(..end).unwrap_or_default())
}

/// A command as one types it, up to the end of its line.
fn inline(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let blank = c.claimed_bytes().iter().take_while(|byte| is_end(byte)).count();
    c.advance(blank);
    let bytes = c.claimed_bytes();
    let end = bytes.iter().position(is_end).ok_or(Stop::Truncated)?;
    out.text(" \"").escaped(bytes.get(..end).unwrap_or_default()).text("\"");
    c.advance(end);
    let blank = c.claimed_bytes().iter().take_while(|byte| is_end(byte)).count();
    c.advance(blank);
    Ok(())
}
