//! Internet Group Management Protocol (RFC 1112, RFC 2236, RFC 3376) and what else runs over its number:
//! multicast traceroute (draft-ietf-idmr-traceroute-ipm), DVMRP and PIM version 1.

use crate::Out;
use crate::proto::{dvmrp, pim};
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk, checksum};

const RECORDS: &Tokens =
    &[(1, "is_in"), (2, "is_ex"), (3, "to_in"), (4, "to_ex"), (5, "allow"), (6, "block")];

mod kind {
    pub(super) const QUERY: u8 = 0x11;
    pub(super) const REPORT_V1: u8 = 0x12;
    pub(super) const DVMRP: u8 = 0x13;
    pub(super) const PIM_V1: u8 = 0x14;
    pub(super) const REPORT_V2: u8 = 0x16;
    pub(super) const LEAVE: u8 = 0x17;
    pub(super) const TRACE_RESPONSE: u8 = 0x1e;
    pub(super) const TRACE: u8 = 0x1f;
    pub(super) const REPORT_V3: u8 = 0x22;
}

/// Bytes of messages of the first two versions.
const LEN: usize = 8;
/// Bytes of a version 3 query without sources, and the length that tells it from older ones.
const QUERY_V3_LEN: usize = 12;
/// Response time in tenths of a second that a version 2 query has when nobody chose another.
const USUAL_RESPONSE_TIME: u32 = 100;

/// Prints an IGMP message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if out.options.quiet {
        out.text("igmp");
        return Ok(());
    }
    let kind = c.peek_u8(0)?;
    out.field("type", kind);
    match kind {
        kind::QUERY => {
            out.text("igmp query");
            if c.length() >= QUERY_V3_LEN { query_v3(out, c)? } else { query(out, c)? }
        }
        kind::REPORT_V1 => {
            with_group(out, c, "igmp v1 report ")?;
            odd_length(out, c);
        }
        kind::REPORT_V2 => with_group(out, c, "igmp v2 report ")?,
        kind::REPORT_V3 => {
            out.text("igmp v3 report");
            report_v3(out, c)?;
        }
        kind::LEAVE => with_group(out, c, "igmp leave ")?,
        kind::DVMRP => {
            out.text("igmp dvmrp");
            if c.length() < LEN {
                out.text(" [len ").len(c.length()).text("]");
            } else {
                out.run("dvmrp", dvmrp::print, c)?;
            }
        }
        kind::PIM_V1 => {
            out.text("igmp pimv1");
            out.run("pimv1", pim::print_v1, c)?;
        }
        kind::TRACE => trace(out, c, "mtrace")?,
        kind::TRACE_RESPONSE => trace(out, c, "mresp")?,
        kind => {
            out.text("igmp-").dec(kind);
        }
    }
    if out.options.verbose > 0 && c.has(c.length()) {
        let sum = checksum::internet(c.claimed_bytes());
        if sum != 0 {
            write!(out, " bad igmp cksum {:x}!", c.peek_u16(2)?);
        }
    }
    Ok(())
}

/// A query of version 1, or of version 2 which gives a response time.
fn query(out: &mut Out, c: Cursor<'_>) -> Walk {
    let response_time = c.peek_u8(1)?;
    if response_time == 0 {
        out.text(" v1");
    } else {
        out.text(" v2");
        if u32::from(response_time) != USUAL_RESPONSE_TIME {
            write!(out, " [max resp time {response_time}]");
        }
    }
    let group = *c.peek_array::<4>(4)?;
    if group != [0; 4] {
        out.text(" [gaddr ").host4(group).text("]");
    }
    odd_length(out, c);
    Ok(())
}

fn with_group(out: &mut Out, c: Cursor<'_>, what: &str) -> Walk {
    let group = *c.peek_array::<4>(4)?;
    out.field("group", group);
    out.text(what).host4(group);
    Ok(())
}

fn odd_length(out: &mut Out, c: Cursor<'_>) {
    if c.length() != LEN {
        out.text(" [len ").len(c.length()).text("]");
    }
}

fn query_v3(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text(" v3");
    if !c.length().is_multiple_of(4) {
        write!(out, " [invalid len {}]", c.length());
        return Ok(());
    }
    // Codes from 128 on are floating point: three bits of exponent, four of mantissa.
    let code = u32::from(c.peek_u8(1)?);
    let tenths = if code < 128 { code } else { (code & 0x0f | 0x10) << ((code >> 4 & 7) + 3) };
    if code != USUAL_RESPONSE_TIME {
        out.text(" [max resp time ");
        if tenths < 600 {
            write!(out, "{}.{}s", tenths / 10, tenths % 10);
        } else {
            out.relative_time(tenths / 10);
        }
        out.text("]");
    }
    let group = *c.peek_array::<4>(4)?;
    if group == [0; 4] {
        return Ok(());
    }
    out.field("group", group);
    out.text(" [gaddr ").host4(group);
    let count = usize::from(c.peek_u16(10)?);
    if c.length() < QUERY_V3_LEN + 4 * count {
        out.text(" [invalid number of sources]");
    } else if count > 0 {
        if out.options.verbose > 1 {
            sources(out, c.ahead(QUERY_V3_LEN), count)?;
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
        let source = *c.array::<4>()?;
        out.text(" ").host4(source);
    }
    out.text(" }");
    Ok(())
}

fn report_v3(out: &mut Out, c: Cursor<'_>) -> Walk {
    const RECORD_LEN: usize = 8;
    if c.length() < LEN + RECORD_LEN || !c.length().is_multiple_of(4) {
        write!(out, " [invalid len {}]", c.length());
        return Ok(());
    }
    let count = c.peek_u16(6)?;
    write!(out, ", {count} group record(s)");
    if out.options.verbose == 0 {
        return Ok(());
    }
    let mut rest = c.ahead(LEN);
    for _ in 0..count {
        if rest.length() < RECORD_LEN {
            out.text(" [invalid number of groups]");
            return Ok(());
        }
        let record = *rest.peek_array::<4>(4)?;
        out.text(" [gaddr ").host4(record);
        let kind = rest.peek_u8(0)?;
        out.text(" ");
        out.token(RECORDS, kind, format_args!(" [v3-report-#{kind}]"));
        let count = usize::from(rest.peek_u16(2)?);
        rest.advance(RECORD_LEN);
        if rest.length() < 4 * count {
            write!(out, " [invalid number of sources {count}]");
            return Ok(());
        }
        if out.options.verbose == 1 {
            write!(out, ", {count} source(s)");
        } else {
            sources(out, rest, count)?;
        }
        out.text("]");
        rest.advance(4 * count);
    }
    Ok(())
}

fn trace(out: &mut Out, c: Cursor<'_>, what: &str) -> Walk {
    const QUERY_LEN: usize = 16;
    if c.length() < LEN + QUERY_LEN {
        write!(out, " [invalid len {}]", c.length());
        return Ok(());
    }
    let (src, dst) = (*c.peek_array::<4>(8)?, *c.peek_array::<4>(12)?);
    let reply_to = *c.peek_array::<4>(16)?;
    let ttl_and_id = c.peek_u32(20)?;
    write!(out, "{what} {}: ", ttl_and_id & 0xff_ffff);
    out.host4(src).text(" to ").host4(dst).text(" reply-to ").host4(reply_to);
    if reply_to.first().is_some_and(|byte| byte & 0xf0 == 0xe0) {
        write!(out, " with-ttl {}", ttl_and_id >> 24);
    }
    Ok(())
}
