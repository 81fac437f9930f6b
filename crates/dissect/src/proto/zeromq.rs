//! ZeroMQ Message Transport Protocol 1.0 (ZeroMQ RFC 13), over TCP and, behind an offset, over PGM.

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const FLAGS: &Tokens = &[
    (0x01, "MORE"),
    (0x02, "R1"),
    (0x04, "R2"),
    (0x08, "R3"),
    (0x10, "R4"),
    (0x20, "R5"),
    (0x40, "R6"),
    (0x80, "R7"),
];

/// A length of one byte that says that eight follow.
const LONG_LENGTH: u8 = 0xff;
/// Offset of a datagram in which no frame begins.
const NO_FRAME: u16 = 0xffff;
/// Bytes of a body that `-v` shows; `-vv` shows all.
const SHOWN: usize = 128;

/// Prints the frames of a TCP segment.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text(": ZMTP/1.0");
    frames(out, c)
}

/// Prints a datagram: the offset of the first frame that begins in it, the end of the one before, frames.
pub(crate) fn print_datagram(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let offset = c.u16()?;
    write!(out, "\n\t frame offset 0x{offset:04x}");
    let mut part_len = usize::from(offset);
    if offset == NO_FRAME {
        part_len = c.length();
    } else if part_len > c.length() {
        out.text(" (exceeds datagram declared length)");
        part_len = c.length();
    }
    if part_len > 0 {
        let part = c.split(part_len);
        write!(out, "\n\t frame intermediate part, {part_len} bytes");
        if part.captured() < part_len {
            write!(out, " ({} captured)", part.captured());
        }
        if out.options.verbose > 0 {
            let shown = shown(out, part.bytes());
            write!(out, ", first {} byte(s):", shown.len());
            out.dump_hex_ascii("\n\t ", shown);
        }
    }
    frames(out, c)
}

/// The beginning of bytes, as far as they are to be shown.
fn shown<'a>(out: &Out, bytes: &'a [u8]) -> &'a [u8] {
    if out.options.verbose > 1 { bytes } else { bytes.get(..SHOWN).unwrap_or(bytes) }
}

fn frames(out: &mut Out, c: Cursor<'_>) -> Walk {
    let mut c = c.clip(c.length());
    while c.available() > 0 {
        frame(out, &mut c)?;
    }
    Ok(())
}

fn frame(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    out.text("\n\t");
    let length = match c.u8()? {
        LONG_LENGTH => {
            out.text(" frame flags+body (64-bit) length");
            c.u64()?
        }
        short => {
            out.text(" frame flags+body  (8-bit) length");
            short.into()
        }
    };
    out.field("frame_length", length);
    write!(out, " {length}");
    if length == 0 {
        return Ok(());
    }
    c.need(1)?;
    let captured = c.available();
    let missing = length > captured as u64;
    if missing {
        write!(out, " ({captured} captured)");
    }
    let mut body = c.split(if missing { captured } else { length as usize });
    let flags = body.u8()?;
    out.field("flags", flags);
    write!(out, ", flags 0x{flags:02x}");
    if out.options.verbose > 0 {
        out.text(" (");
        out.bits(FLAGS, flags, ", ", format_args!("none"));
        out.text(")");
        if body.captured() > 0 {
            let shown = shown(out, body.bytes());
            write!(out, ", first {} byte(s) of body:", shown.len());
            out.dump_hex_ascii("\n\t ", shown);
        }
    }
    if missing { Err(Stop::Truncated) } else { Ok(()) }
}
