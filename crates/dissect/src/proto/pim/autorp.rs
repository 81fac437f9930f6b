//! Cisco Auto-RP: which rendezvous points there are for which groups (Cisco, "Auto-RP" in its multicast guides).

use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// Prints an announcement.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(" auto-rp ");
    if c.length() < 8 {
        return Err(Stop::Truncated);
    }
    let kind = c.u8()?;
    match kind {
        0x11 => out.text("candidate-advert"),
        0x12 => out.text("mapping"),
        _ => out.text("type-0x").hex(kind, 2),
    };
    let points = c.u8()?;
    out.text(" Hold ");
    match c.u16()? {
        0 => out.text("FOREVER"),
        seconds => out.relative_time(seconds.into()),
    };
    c.skip(4)?;
    for _ in 0..points {
        point(out, &mut c)?;
    }
    Ok(())
}

/// A rendezvous point and its groups.
fn point(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const VERSIONS: [&str; 4] = [" PIMv?", " PIMv1", " PIMv2", " PIMv1+2"];
    if c.length() < 4 {
        return Err(Stop::Truncated);
    }
    out.text(" RP ").host4(*c.array()?);
    if c.length() < 2 {
        return Err(Stop::Truncated);
    }
    let [versions, groups] = *c.array()?;
    out.text(VERSIONS.get(usize::from(versions & 3)).copied().unwrap_or_default());
    if versions & !3 != 0 {
        write!(out, " [rsvd=0x{:02x}]", versions & !3);
    }
    for number in 0..groups {
        if c.length() < 6 {
            return Err(Stop::Truncated);
        }
        let [flags, bits] = *c.array()?;
        out.text(if number == 0 { " " } else { "," });
        out.text(if flags & 1 != 0 { "!" } else { "" }).host4(*c.array()?);
        write!(out, "/{bits}");
        out.text(if flags & 2 != 0 { " bidir" } else { "" });
        if flags & 0xfc != 0 {
            write!(out, "[rsvd=0x{:02x}]", flags & 0xfc);
        }
    }
    Ok(())
}
