//! Encapsulated Remote Switched Port Analyzer, types I to III (draft-foschiano-erspan-03).

use crate::Out;
use crate::proto::ether;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const FRAME_STATES: &Tokens = &[(0, "Good/unknown"), (3, "Bad"), (1, "Short"), (2, "Oversized")];
const FRAME_TYPES: &Tokens = &[(0, "Ethernet"), (2, "IP")];

/// The version numbers on the wire are one less than the types.
const VERSION_TYPE_2: u32 = 1;
const VERSION_TYPE_3: u32 = 2;
/// In the first word of types II and III.
const TRUNCATED: u32 = 0x400;
const SESSION_MASK: u32 = 0x3ff;
/// In the third word of type III: a header of the platform follows.
const PLATFORM_HEADER: u32 = 1;
const ETHERNET: u32 = 0;

fn least(out: &mut Out, c: Cursor<'_>, count: usize) -> Walk {
    if c.length() < count { out.disagree("len", c.length(), "<", count) } else { Ok(()) }
}

/// Reads the word with version and session; nothing where the version is not the wanted one.
fn first_word(out: &mut Out, c: &mut Cursor<'_>, wanted: u32) -> Walk<Option<u32>> {
    least(out, *c, 4)?;
    let word = c.u32()?;
    let version = word >> 28;
    if version != wanted {
        write!(out, " erspan-unknown-version-{version:x}");
        return Ok(None);
    }
    if out.options.verbose > 0 {
        write!(out, " type{}", wanted + 1);
    }
    out.field("session", word & SESSION_MASK);
    write!(out, " session {}", word & SESSION_MASK);
    Ok(Some(word))
}

fn class_of_service(out: &mut Out, word: u32) {
    if out.options.verbose > 0 {
        write!(out, " cos {}", (word >> 13) & 7);
        if word & TRUNCATED != 0 {
            out.text(" truncated");
        }
    }
}

fn frame(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text(": ");
    out.run("ether", ether::print, c)
}

/// Prints a frame of type I, which has no header at all.
pub(crate) fn print_1(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text("erspan type1: ");
    out.run("ether", ether::print, c)
}

/// Prints a frame of type II.
pub(crate) fn print_2(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("erspan");
    let Some(word) = first_word(out, &mut c, VERSION_TYPE_2)? else { return Ok(()) };
    let vlan = (word >> 16) & 0xfff;
    match (word >> 11) & 3 {
        0 => {}
        1 => write!(out, " isl {vlan}"),
        2 => write!(out, " vlan {vlan}"),
        _ => {
            out.text(" vlan payload");
        }
    }
    class_of_service(out, word);
    least(out, c, 4)?;
    let index = c.u32()? & 0xf_ffff;
    if out.options.verbose > 0 {
        write!(out, " index {index}");
    }
    frame(out, c)
}

/// Prints a frame of type III.
pub(crate) fn print_3(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("erspan");
    let Some(word) = first_word(out, &mut c, VERSION_TYPE_3)? else { return Ok(()) };
    let state = (word >> 11) & 3;
    out.text(" bso ");
    out.token(FRAME_STATES, state, format_args!("unknown {state:x}"));
    class_of_service(out, word);
    // The time stamp, and then what the switch tells besides.
    least(out, c, 4)?;
    c.skip(4)?;
    least(out, c, 2)?;
    c.skip(2)?;
    least(out, c, 2)?;
    let word = u32::from(c.u16()?);
    let frame_type = (word >> 10) & 0x1f;
    out.text(" ft ");
    out.token(FRAME_TYPES, frame_type, format_args!("unknown {frame_type:x}"));
    if word & PLATFORM_HEADER != 0 {
        least(out, c, 8)?;
        c.skip(8)?;
    }
    if frame_type == ETHERNET {
        return frame(out, c);
    }
    out.text(": Frame type unknown");
    Ok(())
}
