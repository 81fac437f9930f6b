//! Router renumbering (RFC 2894).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const FLAGS: &Tokens = &[(128, "T"), (64, "R"), (32, "A"), (16, "S"), (8, "P")];

mod code {
    pub(super) const COMMAND: u8 = 0;
    pub(super) const RESULT: u8 = 1;
    pub(super) const SEQUENCE_RESET: u8 = 255;
}

/// Units of eight bytes that a command has without and for each new prefix.
const COMMAND_UNITS: u8 = 3;
const PREFIX_UNITS: u8 = 4;

pub(super) fn print(out: &mut Out, mut c: Cursor<'_>, code: u8) -> Walk {
    let header = *c.array::<16>()?;
    let [_, _, _, _, s0, s1, s2, s3, segment, flags, d0, d1, r0, r1, r2, r3] = header;
    match code {
        code::COMMAND => {
            out.text(", command");
        }
        code::RESULT => {
            out.text(", result");
        }
        code::SEQUENCE_RESET => {
            out.text(", sequence number reset");
        }
        _ => write!(out, ", code-#{code}"),
    }
    write!(out, ", seq={}", u32::from_be_bytes([s0, s1, s2, s3]));
    if out.options.verbose > 0 {
        out.text("[");
        if flags & 0xf8 != 0 {
            for (bit, letter) in FLAGS {
                if u32::from(flags) & bit != 0 {
                    out.text(letter);
                }
            }
            out.text(",");
        }
        write!(out, "seg={segment},maxdelay={}", u16::from_be_bytes([d0, d1]));
        let reserved = u32::from_be_bytes([r0, r1, r2, r3]);
        if reserved != 0 {
            write!(out, "rsvd=0x{reserved:x}");
        }
        out.text("]");
    }
    if code == code::COMMAND { command(out, c) } else { Ok(()) }
}

/// Each part of a command stands on a line of its own with `-vv`.
fn part(out: &mut Out) {
    out.text(if out.options.verbose > 1 { "\n\t" } else { " " });
}

fn command(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let [operation, units, ordinal, match_len, min_len, max_len, _, _] = *c.array::<8>()?;
    let prefix = *c.array::<16>()?;
    part(out);
    out.text("match(");
    match operation {
        1 => {
            out.text("add");
        }
        2 => {
            out.text("change");
        }
        3 => {
            out.text("setglobal");
        }
        _ => write!(out, "#{operation}"),
    }
    if out.options.verbose > 0 {
        write!(out, ",ord={ordinal},min={min_len},max={max_len}");
    }
    out.text(",").ipv6(prefix);
    write!(out, "/{match_len})");
    let uses = units.wrapping_sub(COMMAND_UNITS);
    if uses % PREFIX_UNITS != 0 {
        return Err(Stop::Truncated);
    }
    for _ in 0..uses / PREFIX_UNITS {
        use_prefix(out, &mut c)?;
    }
    Ok(())
}

fn use_prefix(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    c.need(32)?;
    let [use_len, keep_len, mask, flags] = *c.array::<4>()?;
    let (valid_s, preferred_s, bits) = (c.u32()?, c.u32()?, c.u32()?);
    let prefix = *c.array::<16>()?;
    part(out);
    out.text("use(");
    if bits >> 30 != 0 {
        out.text(if bits & 0x8000_0000 != 0 { "V" } else { "" });
        out.text(if bits & 0x4000_0000 != 0 { "P" } else { "" }).text(",");
    }
    if out.options.verbose > 0 {
        write!(out, "mask=0x{mask:x},raflags=0x{flags:x},");
        lifetime(out, "vltime", valid_s);
        lifetime(out, "pltime", preferred_s);
    }
    out.ipv6(prefix);
    write!(out, "/{use_len}/{keep_len})");
    Ok(())
}

fn lifetime(out: &mut Out, name: &str, lifetime_s: u32) {
    if lifetime_s == u32::MAX {
        write!(out, "{name}=infty,");
    } else {
        write!(out, "{name}={lifetime_s},");
    }
}
