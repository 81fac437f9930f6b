//! Domain names with compression and bit-string labels (RFC 1035 section 4.1.4, RFC 2673).

use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// The two bits that say what kind of label follows.
const KIND: u8 = 0xc0;
/// A pointer to an earlier name.
const POINTER: u8 = 0xc0;
/// An extended label; its lower six bits say which.
const EXTENDED: u8 = 0x40;
/// The extended label that holds a string of bits.
const BIT_STRING: u8 = 0x41;
/// Characters after which a name is not shown any further (RFC 1035 section 2.3.4).
const MAX_NAME: usize = 255;

/// Advances past a name without showing it.
pub(super) fn skip(c: &mut Cursor<'_>) -> Walk {
    loop {
        match c.u8()? {
            0 => return Ok(()),
            label if label & KIND == POINTER => {
                c.advance(1);
                return Ok(());
            }
            BIT_STRING => {
                let bits = bit_count(c.u8()?);
                c.advance(bits.div_ceil(8));
            }
            label if label & KIND == 0 => c.advance(usize::from(label)),
            _ => return Err(Stop::Truncated),
        }
    }
}

/// Prints a name of `message` and advances past it. A name that is damaged counts as truncated.
pub(crate) fn print<'a>(out: &mut Out, message: Cursor<'a>, c: &mut Cursor<'a>) -> Walk {
    let mut here = *c;
    // Pointers must lead backwards, each further than the one before; so they come to an end.
    let mut bound = c.at().saturating_sub(message.at());
    let mut jumped = false;
    let mut shown = 0usize;
    let mut label = here.u8()?;
    if label == 0 {
        out.text(".");
    }
    // A label that nothing was captured of is left to what follows the name.
    while label != 0 && here.has(1) {
        if label & KIND == POINTER {
            let low = here.u8()?;
            if !jumped {
                *c = here;
                jumped = true;
            }
            let offset = usize::from(u16::from_be_bytes([label & !KIND, low]));
            if offset >= bound {
                out.text("<BAD PTR>");
                return Err(Stop::Truncated);
            }
            bound = offset;
            here = message.ahead(offset);
            label = here.u8()?;
            continue;
        }
        let characters = print_label(out, &mut here, label, MAX_NAME.saturating_sub(shown))?;
        if shown + characters <= MAX_NAME {
            out.text(".");
        }
        shown += characters + 1;
        if shown > MAX_NAME {
            out.text("<DOMAIN NAME TOO LONG>");
            if !jumped {
                return skip(&mut here).map(|()| *c = here);
            }
            break;
        }
        label = here.u8()?;
    }
    if !jumped {
        *c = here;
    }
    Ok(())
}

/// Prints what stands behind the first byte of a label, of text no more than `room` characters, and says
/// how many characters count for it.
fn print_label(out: &mut Out, c: &mut Cursor<'_>, label: u8, room: usize) -> Walk<usize> {
    let length = usize::from(label);
    match label {
        BIT_STRING => print_bits(out, c),
        _ if label & KIND == 0 => {
            out.escaped_take(c, length.min(room))?;
            c.advance(length.saturating_sub(room));
            Ok(length)
        }
        _ if label & KIND == EXTENDED => {
            write!(out, "<ELT {}>", label & !KIND);
            Err(Stop::Truncated)
        }
        _ => {
            out.text("<BAD LABEL TYPE>");
            Err(Stop::Truncated)
        }
    }
}

/// Prints a string of bits as hex digits and its length in bits.
fn print_bits(out: &mut Out, c: &mut Cursor<'_>) -> Walk<usize> {
    let mut bits = bit_count(c.u8()?);
    let digits = bits.div_ceil(4);
    let length = bits;
    out.text("\\[x");
    while bits > 7 {
        out.hex(c.u8()?, 2);
        bits -= 8;
    }
    if bits > 0 {
        let mask = 0xffu8.wrapping_shl(8 - bits as u32);
        let last = c.u8()? & mask;
        if bits > 4 {
            out.hex(last, 2)
        } else {
            out.hex(last >> 4, 1)
        };
    }
    out.text("/").len(length).text("]");
    Ok(digits)
}

/// How many bits a bit string has: zero stands for 256.
fn bit_count(octet: u8) -> usize {
    if octet == 0 { 256 } else { usize::from(octet) }
}
