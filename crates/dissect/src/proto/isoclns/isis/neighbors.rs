//! Adjacent systems: with metrics of six bits (ISO/IEC 10589), and with properties of links (RFC 5305 section 3).

use super::super::address::{NODE_LEN, SYSTEM_LEN};
use super::names;
use crate::Out;
use crate::proto::gmpls;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of default, delay, expense and error metric.
pub(super) const METRIC_LEN: usize = 4;
/// In a metric: it is not supported, it was learnt from outside, and its value.
const UNSUPPORTED: u8 = 0x80;
const EXTERNAL: u8 = 0x40;
const VALUE: u8 = 0x3f;

/// Prints four metrics, of which all but the first may be missing.
pub(super) fn metrics(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    for (name, metric) in [", Default", "\n\t\t  Delay", "\n\t\t  Expense", "\n\t\t  Error"]
        .into_iter()
        .zip(c.array::<METRIC_LEN>()?)
    {
        if name == ", Default" || metric & UNSUPPORTED == 0 {
            write!(out, "{name} Metric: {}, {}", metric & VALUE, domain(*metric));
        }
    }
    Ok(())
}

/// Whether a metric is of the domain or from outside.
pub(super) fn domain(metric: u8) -> &'static str {
    if metric & EXTERNAL != 0 { "External" } else { "Internal" }
}

/// Prints intermediate systems.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let is_virtual = c.u8()?;
    out.text("\n\t      ");
    out.token(names::VIRTUAL_FLAGS, is_virtual, format_args!("bogus virtual flag 0x{is_virtual:02x}"));
    while c.length() >= METRIC_LEN + NODE_LEN {
        let node = c.peek(METRIC_LEN, NODE_LEN)?;
        out.text("\n\t      IS Neighbor: ").isis_system(node);
        metrics(out, &mut c)?;
        c.advance(NODE_LEN);
    }
    Ok(())
}

/// Prints end systems that have their metrics in common.
pub(super) fn end_systems(out: &mut Out, c: Cursor<'_>) -> Walk {
    let mut rest = c.ahead(METRIC_LEN);
    while rest.length() >= SYSTEM_LEN {
        let neighbor = rest.take(SYSTEM_LEN)?;
        out.text("\n\t      ES Neighbor: ").isis_system(neighbor);
        metrics(out, &mut c.claim(METRIC_LEN))?;
    }
    Ok(())
}

/// Prints a system with the properties of the link to it; false where nothing can follow.
pub(super) fn extended(out: &mut Out, c: &mut Cursor<'_>, has_metric: bool) -> Walk<bool> {
    if c.length() < NODE_LEN + if has_metric { 4 } else { 1 } {
        return Err(Stop::Truncated);
    }
    let node = c.take(NODE_LEN)?;
    out.text("\n\t      IS Neighbor: ").isis_system(node);
    if has_metric {
        write!(out, ", Metric: {}", c.u24()?);
    }
    let len = usize::from(c.u8()?);
    write!(out, ", {}sub-TLVs present", if len > 0 { "" } else { "no " });
    if len == 0 {
        return Ok(true);
    }
    write!(out, " ({len})");
    let mut rest = len;
    while rest > 0 {
        if c.length() < 2 {
            out.text("\n\t        Remaining data in TLV shorter than a subTLV header");
            return Ok(false);
        }
        if rest < 2 {
            out.text("\n\t        Remaining data in subTLVs shorter than a subTLV header");
            c.advance(rest);
            break;
        }
        let (kind, value_len) = (c.u8()?, usize::from(c.u8()?));
        rest -= 2;
        out.text("\n\t        ");
        out.token(names::NEIGHBOR_PROPERTIES, kind, format_args!("unknown"));
        write!(out, " subTLV #{kind}, length: {value_len}");
        if rest < value_len {
            out.text(" (remaining data in subTLVs shorter than the current subTLV)");
            c.advance(rest);
            break;
        }
        if c.length() < value_len {
            out.text(" (> remaining tlv length)");
            return Ok(false);
        }
        let value = c.claim(value_len);
        value.need(value_len)?;
        property(out, kind, value)?;
        c.advance(value_len);
        rest -= value_len;
    }
    Ok(true)
}

mod property {
    pub(super) const GROUPS: u8 = 3;
    pub(super) const LINK: u8 = 4;
    pub(super) const REMOTE: u8 = 5;
    pub(super) const INTERFACE: u8 = 6;
    pub(super) const NEIGHBOR: u8 = 8;
    pub(super) const BANDWIDTH: u8 = 9;
    pub(super) const RESERVABLE: u8 = 10;
    pub(super) const UNRESERVED: u8 = 11;
    pub(super) const CONSTRAINTS_OLD: u8 = 12;
    pub(super) const METRIC: u8 = 18;
    pub(super) const ATTRIBUTES: u8 = 19;
    pub(super) const PROTECTION: u8 = 20;
    pub(super) const SWITCHING: u8 = 21;
    pub(super) const CONSTRAINTS: u8 = 22;
    pub(super) const BRIDGING_METRIC: u8 = 29;
    pub(super) const ADJACENCY_SEGMENT: u8 = 32;
}

/// A kind between those that are known.
const UNASSIGNED: u8 = 7;

/// Prints a property of a link; short ones are left out.
fn property(out: &mut Out, kind: u8, mut c: Cursor<'_>) -> Walk {
    let len = c.length();
    match kind {
        property::GROUPS if len >= 4 => write!(out, ", 0x{:08x}", c.u32()?),
        property::LINK | property::REMOTE if len >= 4 => {
            write!(out, ", 0x{:08x}", c.u32()?);
            if len == 8 {
                write!(out, ", 0x{:08x}", c.u32()?);
            }
        }
        property::INTERFACE | property::NEIGHBOR if len >= 4 => {
            out.text(", ").host4(*c.array()?);
        }
        property::BANDWIDTH | property::RESERVABLE if len >= 4 => {
            let bandwidth = gmpls::megabits(&mut c)?;
            write!(out, ", {bandwidth:.3} Mbps");
        }
        property::UNRESERVED if len >= 32 => {
            for class in 0..8 {
                let bandwidth = gmpls::megabits(&mut c)?;
                write!(out, "\n\t          TE-Class {class}: {bandwidth:.3} Mbps");
            }
        }
        property::CONSTRAINTS | property::CONSTRAINTS_OLD if len > 0 => constraints(out, c)?,
        property::METRIC if len >= 3 => write!(out, ", {}", c.u24()?),
        property::ATTRIBUTES if len == 2 => {
            let attributes = c.u16()?;
            out.text(", [ ");
            out.bits(names::LINK_ATTRIBUTES, attributes, ", ", format_args!("Unknown"));
            write!(out, " ] (0x{attributes:04x})");
        }
        property::PROTECTION if len >= 2 => {
            out.text(", ");
            out.bits(gmpls::LINK_PROTECTIONS, c.u8()?, ", ", format_args!("none"));
            write!(out, ", Priority {}", c.u8()?);
        }
        property::BRIDGING_METRIC if len >= 6 => {
            write!(out, ", LM: {}", c.u24()?);
            write!(out, ", P: {}", c.u8()?);
            write!(out, ", P-ID: {}", c.u16()?);
        }
        property::SWITCHING if len >= 36 => switching(out, c)?,
        property::ADJACENCY_SEGMENT if len >= 8 => adjacency_segment(out, c)?,
        property::GROUPS..=property::NEIGHBOR if kind != UNASSIGNED => {}
        property::BANDWIDTH..=property::CONSTRAINTS_OLD => {}
        property::METRIC..=property::CONSTRAINTS
        | property::BRIDGING_METRIC
        | property::ADJACENCY_SEGMENT => {}
        _ => out.dump_hex("\n\t\t    ", c.claimed_bytes()),
    }
    Ok(())
}

/// Bandwidth by class of traffic (RFC 4124 section 5.1).
fn constraints(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const CLASS_LEN: usize = 4;
    let model = c.u8()?;
    out.text("\n\t        Bandwidth Constraints Model ID: ");
    out.token(gmpls::BANDWIDTH_MODELS, model, format_args!("unknown"));
    write!(out, " ({model})");
    let mut class = 0;
    while c.length() >= CLASS_LEN {
        let bandwidth = gmpls::megabits(&mut c)?;
        write!(out, "\n\t          Bandwidth constraint CT{class}: {bandwidth:.3} Mbps");
        class += 1;
    }
    Ok(())
}

/// What an interface can switch (RFC 5307 section 1.3).
fn switching(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (capability, encoding, _) = (c.u8()?, c.u8()?, c.u16()?);
    out.text("\n\t          Interface Switching Capability:");
    out.token(gmpls::SWITCHING_CAPABILITIES, capability, format_args!("Unknown"));
    out.text(", LSP Encoding: ");
    out.token(gmpls::ENCODINGS, encoding, format_args!("Unknown"));
    out.text("\n\t          Max LSP Bandwidth:");
    for priority in 0..8 {
        let bandwidth = gmpls::megabits(&mut c)?;
        write!(out, "\n\t            priority level {priority}: {bandwidth:.3} Mbps");
    }
    match capability {
        1..=4 if c.length() >= 6 => {
            let bandwidth = gmpls::megabits(&mut c)?;
            write!(out, "\n\t          Min LSP Bandwidth: {bandwidth:.3} Mbps");
            write!(out, "\n\t          Interface MTU: {}", c.u16()?);
        }
        100 if c.length() >= 8 => {
            let bandwidth = gmpls::megabits(&mut c)?;
            write!(out, "\n\t          Min LSP Bandwidth: {bandwidth:.3} Mbps");
            let indication = c.u8()?;
            out.text("\n\t          Indication ");
            out.token(gmpls::TIME_DIVISION_INDICATIONS, indication, format_args!("Unknown ({indication})"));
        }
        1..=4 | 100 => {}
        _ if c.length() > 0 => out.dump_hex("\n\t\t    ", c.claimed_bytes()),
        _ => {}
    }
    Ok(())
}

/// The segment of an adjacency on a LAN (RFC 8667 section 2.2.2).
fn adjacency_segment(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const VALUE_AND_LOCAL: u8 = 0x30;
    let (flags, weight) = (c.u8()?, c.u8()?);
    out.text("\n\t          Flags: [");
    out.bits(names::ADJACENCY_SEGMENT_FLAGS, flags, ", ", format_args!("none"));
    write!(out, "]\n\t          Weight: {weight}");
    out.text("\n\t          Neighbor System-ID: ").isis_system(c.take(SYSTEM_LEN)?);
    if flags & VALUE_AND_LOCAL == VALUE_AND_LOCAL && c.length() >= 3 {
        write!(out, "\n\t          Label: {}", c.u24()?);
    } else if c.length() >= 4 {
        write!(out, "\n\t          Index: {}", c.u32()?);
    }
    Ok(())
}
