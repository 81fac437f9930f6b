//! Multicast listener discovery (RFC 2710, RFC 3810).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const RECORDS: &Tokens =
    &[(1, "is_in"), (2, "is_ex"), (3, "to_in"), (4, "to_ex"), (5, "allow"), (6, "block")];

/// Bytes of a message of version 1, and of a version 2 query without sources.
const LEN: usize = 24;
const QUERY_V2_LEN: usize = 28;

/// Prints a query: its length tells the version.
pub(super) fn query(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() == LEN {
        report(out, c)
    } else if c.length() >= QUERY_V2_LEN {
        out.text(" v2");
        query_v2(out, c)
    } else {
        write!(out, " unknown-version (len {}) ", c.length());
        Ok(())
    }
}

/// Prints a report, or any other message of version 1.
pub(super) fn report(out: &mut Out, c: Cursor<'_>) -> Walk {
    if !c.has(LEN) {
        return Ok(());
    }
    write!(out, "max resp delay: {} ", c.peek_u16(4)?);
    out.text("addr: ").host6(*c.peek_array::<16>(8)?);
    Ok(())
}

fn query_v2(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() < QUERY_V2_LEN {
        write!(out, " [invalid len {}]", c.length());
        return Ok(());
    }
    // Codes from 32768 on are floating point: three bits of exponent, twelve of mantissa.
    let code = u32::from(c.peek_u16(4)?);
    let delay_ms = if code < 32_768 { code } else { (code & 0x0fff | 0x1000) << ((code >> 12 & 7) + 3) };
    if out.options.verbose > 0 {
        write!(out, " [max resp delay={delay_ms}]");
    }
    let group = *c.peek_array::<16>(8)?;
    out.text(" [gaddr ").host6(group);
    if out.options.verbose > 0 {
        let robustness = c.peek_u8(24)?;
        if robustness & 8 != 0 {
            out.text(" sflag");
        }
        if robustness & 7 != 0 {
            write!(out, " robustness={}", robustness & 7);
        }
        let interval = u32::from(c.peek_u8(25)?);
        let interval_s =
            if interval < 128 { interval } else { (interval & 0x0f | 0x10) << ((interval >> 4 & 7) + 3) };
        write!(out, " qqi={interval_s}");
    }
    let count = usize::from(c.peek_u16(26)?);
    if count > 0 {
        if c.length() < QUERY_V2_LEN + 16 * count {
            out.text(" [invalid number of sources]");
        } else if out.options.verbose > 1 {
            sources(out, c.ahead(QUERY_V2_LEN), count)?;
        } else {
            write!(out, ", {count} source(s)");
        }
    }
    out.text("]");
    Ok(())
}

fn sources(out: &mut Out, mut c: Cursor<'_>, count: usize) -> Walk {
    out.text(" {");
    for _ in 0..count {
        let source = *c.array::<16>()?;
        out.text(" ").host6(source);
    }
    out.text(" }");
    Ok(())
}

/// Prints a report of version 2: one record for each group.
pub(super) fn report_v2(out: &mut Out, c: Cursor<'_>) -> Walk {
    const HEAD: usize = 8;
    const RECORD_LEN: usize = 20;
    if c.length() < HEAD {
        write!(out, " [invalid len {}]", c.length());
        return Ok(());
    }
    let count = c.peek_u16(6)?;
    write!(out, ", {count} group record(s)");
    if out.options.verbose == 0 {
        return Ok(());
    }
    let mut rest = c.ahead(HEAD);
    for _ in 0..count {
        if rest.length() < RECORD_LEN {
            out.text(" [invalid number of groups]");
            return Ok(());
        }
        let group = *rest.peek_array::<16>(4)?;
        out.text(" [gaddr ").host6(group);
        let kind = rest.peek_u8(0)?;
        out.text(" ");
        out.token(RECORDS, kind, format_args!(" [v2-report-#{kind}]"));
        let count = usize::from(rest.peek_u16(2)?);
        rest.advance(RECORD_LEN);
        if rest.length() < 16 * count {
            write!(out, " [invalid number of sources {count}]");
            return Ok(());
        }
        if out.options.verbose == 1 {
            write!(out, ", {count} source(s)");
        } else {
            sources(out, rest, count)?;
        }
        out.text("]");
        rest.advance(16 * count);
    }
    Ok(())
}
