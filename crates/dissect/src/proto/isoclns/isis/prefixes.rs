//! IP prefixes: with masks (RFC 1195), with lengths and wide metrics (RFC 5305 section 4, RFC 5308).

use super::names;
use super::neighbors::domain;
use crate::Out;
use std::net::Ipv4Addr;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of a prefix with its metrics and its mask.
const OLD_LEN: usize = 12;
/// In a metric and in the status of a prefix: it went down to a lower level.
const DOWN: u8 = 0x80;
/// In a metric: it is not supported.
const UNSUPPORTED: u8 = 0x80;
const METRIC: u8 = 0x3f;

/// Prints prefixes with masks; false where one is cut off.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk<bool> {
    while c.length() > 0 {
        if c.length() < OLD_LEN {
            write!(out, "short IPv4 Reachability ({} vs {OLD_LEN})", c.length());
            return Ok(false);
        }
        if !c.has(OLD_LEN) {
            return Ok(false);
        }
        let [default, delay, expense, error] = *c.array()?;
        let (prefix, mask) = (*c.array::<4>()?, *c.array::<4>()?);
        let bits = u32::from_be_bytes(mask);
        out.text("\n\t      IPv4 prefix: ");
        if bits.leading_ones() + bits.trailing_zeros() >= 32 {
            write!(out, "{:>15}/{}", Ipv4Addr::from(prefix), bits.leading_ones());
        } else {
            out.host4(prefix).text(" mask ").host4(mask);
        }
        let way = if default & DOWN != 0 { "down" } else { "up" };
        write!(out, ", Distribution: {way}, Metric: {}, {}", default & METRIC, domain(default));
        for (name, metric) in [("Delay", delay), ("Expense", expense), ("Error", error)] {
            if metric & UNSUPPORTED == 0 {
                write!(out, "\n\t        {name} Metric: {}, {}", metric & METRIC, domain(metric));
            }
        }
    }
    Ok(true)
}

/// Prints an IPv4 prefix; false where nothing can follow.
pub(super) fn extended_v4(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    const PROPERTIES: u8 = 0x40;
    let (metric, status) = (c.u32()?, c.u8()?);
    let bits = status & 0x3f;
    if bits > 32 {
        write!(out, "\n\t      IPv4 prefix: bad bit length {bits}");
        return Ok(false);
    }
    let mut prefix = [0; 4];
    fill(&mut prefix, c.take(usize::from(bits).div_ceil(8))?);
    let way = if status & DOWN != 0 { "down" } else { "up" };
    write!(out, "\n\t      IPv4 prefix: {:>15}/{bits}", Ipv4Addr::from(prefix));
    write!(out, ", Distribution: {way}, Metric: {metric}");
    if status & PROPERTIES != 0 {
        out.text(", sub-TLVs present");
        properties(out, c)?;
    }
    Ok(true)
}

/// Prints an IPv6 prefix; false where nothing can follow.
pub(super) fn extended_v6(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    const EXTERNAL: u8 = 0x40;
    const PROPERTIES: u8 = 0x20;
    let (metric, status, bits) = (c.u32()?, c.u8()?, c.u8()?);
    if bits > 128 {
        write!(out, "\n\t      IPv6 prefix: bad bit length {bits}");
        return Ok(false);
    }
    let mut prefix = [0; 16];
    fill(&mut prefix, c.take(usize::from(bits).div_ceil(8))?);
    out.text("\n\t      IPv6 prefix: ").host6(prefix);
    let way = if status & DOWN != 0 { "down" } else { "up" };
    write!(out, "/{bits}, Distribution: {way}, Metric: {metric}");
    out.text(if status & EXTERNAL != 0 { ", External" } else { ", Internal" });
    if status & PROPERTIES != 0 {
        out.text(", sub-TLVs present");
        properties(out, c)?;
    }
    Ok(true)
}

fn fill(prefix: &mut [u8], bytes: &[u8]) {
    for (to, from) in prefix.iter_mut().zip(bytes) {
        *to = *from;
    }
}

/// What belongs to a prefix.
fn properties(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let len = usize::from(c.u8()?);
    write!(out, " ({len})");
    let mut rest = *c;
    // Fields that go on beyond their length have no end but that of the packet.
    let mut left = Some(len);
    while left != Some(0) {
        let (kind, value_len) = (rest.u8()?, usize::from(rest.u8()?));
        left = left.and_then(|left| left.checked_sub(2 + value_len));
        out.text("\n\t        ");
        out.token(names::PREFIX_PROPERTIES, kind, format_args!("unknown"));
        write!(out, " subTLV #{kind}, length: {value_len}");
        if property(out, kind, rest.claim(value_len)).is_err() {
            // Marked for the property and for what it is a property of.
            out.truncated();
            return Err(Stop::Truncated);
        }
        rest.advance(value_len);
    }
    c.advance(len);
    Ok(())
}

fn property(out: &mut Out, kind: u8, mut c: Cursor<'_>) -> Walk {
    const TAGS: u8 = 1;
    const WIDE_TAGS: u8 = 2;
    const SEGMENT: u8 = 3;
    const LABEL: u8 = 0x0c;
    match kind {
        TAGS => {
            while c.length() >= 4 {
                let tag = c.u32()?;
                write!(out, ", 0x{tag:08x} (={tag})");
            }
        }
        WIDE_TAGS => {
            while c.length() >= 8 {
                write!(out, ", 0x{:016x}", c.u64()?);
            }
        }
        SEGMENT if c.length() >= 5 => {
            let (flags, algorithm) = (c.u8()?, c.u8()?);
            let is_label = flags & LABEL == LABEL;
            let value = if is_label { c.u24()? & 0x0f_ffff } else { c.u32()? };
            out.text(", Flags [");
            out.bits(names::PREFIX_SEGMENT_FLAGS, flags, ", ", format_args!("None"));
            out.text("], Algo ");
            out.token(names::PREFIX_SEGMENT_ALGORITHMS, algorithm, format_args!("Unknown"));
            write!(out, " ({algorithm}), {} {value}", if is_label { "label" } else { "index" });
        }
        _ => {
            c.need(c.length())?;
            out.dump_hex("\n\t\t    ", c.claimed_bytes());
        }
    }
    Ok(())
}
