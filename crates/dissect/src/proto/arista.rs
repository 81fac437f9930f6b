//! Arista's timestamps between Ethernet addresses and type (Arista EOS, "TapAgg GUI" timestamp headers).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const SUBTYPES: &Tokens = &[(1, "Timestamp")];
const TIMESCALES: &Tokens = &[(0, "TAI"), (1, "UTC")];
const FORMATS: &Tokens = &[(1, "64-bit"), (2, "48-bit")];
const HARDWARE: &Tokens = &[(0, "R/R2"), (1, "R3")];

const TIMESTAMP: u16 = 1;
const FORMAT_64_BIT: u8 = 1;
const FORMAT_48_BIT: u8 = 2;
const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// Prints the header and leaves `c` at the type that follows it; false where its kind is not known.
pub(crate) fn header(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    out.label("arista");
    let start = *c;
    let subtype = c.u16()?;
    write!(out, "SubType ");
    out.token(SUBTYPES, subtype, format_args!("Unknown"));
    write!(out, " (0x{subtype:04x}), ");
    if subtype != TIMESTAMP {
        *c = start;
        return Ok(false);
    }
    let timescale = c.u8()?;
    let kind = c.u8()?;
    let (format, hardware) = (kind >> 4, kind & 0xf);
    out.text("Timescale ");
    out.token(TIMESCALES, timescale, format_args!("Unknown"));
    write!(out, " ({timescale}), Format ");
    out.token(FORMATS, format, format_args!("Unknown"));
    write!(out, " ({format}), HwInfo ");
    out.token(HARDWARE, hardware, format_args!("Unknown"));
    write!(out, " ({hardware}), Timestamp ");
    let nanos = match format {
        FORMAT_64_BIT => {
            c.need(8)?;
            let seconds = c.u32()?;
            out.field("seconds", seconds);
            out.date_time(seconds.into());
            c.u32()?
        }
        FORMAT_48_BIT => {
            c.need(6)?;
            let seconds = c.u16()?;
            out.field("seconds", seconds);
            out.dec(seconds);
            c.u32()?
        }
        _ => {
            *c = start;
            return Ok(false);
        }
    };
    out.field("nanoseconds", nanos);
    write!(out, ".{nanos:09}");
    if nanos >= NANOS_PER_SECOND {
        out.text(" (invalid ns)");
    }
    out.text(": ");
    Ok(true)
}
