//! The AppleTalk Transaction Protocol ("Inside AppleTalk", chapter 9).

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the header.
const LEN: usize = 8;

/// Parts of the control byte.
const FUNCTION: u8 = 0xc0;
const REQUEST: u8 = 0x40;
const RESPONSE: u8 = 0x80;
const RELEASE: u8 = 0xc0;
/// Exactly once.
const ONCE: u8 = 0x20;
const END_OF_MESSAGE: u8 = 0x10;
/// The responder wants to hear how the transaction is doing.
const STATUS: u8 = 0x08;

/// Prints a packet.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.label("atp");
    if c.length() < LEN {
        return out.disagree("length", c.length(), "<", LEN);
    }
    c.need(LEN)?;
    let (control, bitmap, transaction, user) = (c.u8()?, c.u8()?, c.u16()?, c.u32()?);
    let length = c.length();
    out.field("transaction", transaction);
    match control & FUNCTION {
        REQUEST => {
            let once = if control & ONCE != 0 { ' ' } else { '*' };
            write!(out, " atp-req{once} {transaction}");
            parts(out, bitmap);
            rest(out, length);
            flags(out, control, &[(END_OF_MESSAGE, "EOM"), (STATUS, "STS")], " ");
        }
        RESPONSE => {
            let end = if control & END_OF_MESSAGE != 0 { '*' } else { ' ' };
            write!(out, " atp-resp{end}{transaction}:{bitmap} ({length})");
            flags(out, control, &[(ONCE, "XO"), (STATUS, "STS")], " ");
        }
        RELEASE => {
            write!(out, " atp-rel  {transaction}");
            parts(out, bitmap);
            rest(out, length);
            flags(out, control, &[(ONCE, "XO"), (END_OF_MESSAGE, "EOM"), (STATUS, "STS")], "");
        }
        _ => write!(out, " atp-0x{control:x}  {transaction} ({length})"),
    }
    if user != 0 {
        write!(out, " 0x{user:x}");
    }
    Ok(())
}

/// Packets of requests and releases carry no data; what is there all the same is counted.
fn rest(out: &mut Out, length: usize) {
    if length != 0 {
        write!(out, " [len={length}]");
    }
}

/// Writes the names of those flags that are set, in brackets.
fn flags(out: &mut Out, control: u8, names: &[(u8, &str)], before: &str) {
    let mut between = "[";
    for (flag, name) in names {
        if control & flag != 0 {
            if between == "[" {
                out.text(before);
            }
            out.text(between).text(name);
            between = ",";
        }
    }
    if between == "," {
        out.text("]");
    }
}

/// Which of the eight parts of an answer are wanted or done with.
fn parts(out: &mut Out, bitmap: u8) {
    // Those from the first one on are shown as a range.
    if bitmap & bitmap.wrapping_add(1) == 0 {
        match bitmap.count_ones() {
            0 | 1 => _ = out.text("<0>"),
            count => write!(out, "<0-{}>", count - 1),
        }
        return;
    }
    let mut between = '<';
    for part in (0..8).filter(|part| bitmap & (1 << part) != 0) {
        write!(out, "{between}{part}");
        between = ',';
    }
    out.text(">");
}
