//! Opaque link-state advertisements: graceful restart (RFC 3623), traffic engineering (RFC 3630, RFC 4203, RFC 4124),
//! router information (RFC 7770), extended prefixes (RFC 7684), segment routing (RFC 8665).

use super::names;
use crate::Out;
use crate::Tokens;
use crate::proto::gmpls;
use std::net::Ipv4Addr;
use wirescope_wire::{Cursor, Stop, Walk};

mod kind {
    pub(super) const TRAFFIC_ENGINEERING: u8 = 1;
    pub(super) const GRACE: u8 = 3;
    pub(super) const ROUTER_INFORMATION: u8 = 4;
    pub(super) const EXTENDED_PREFIX: u8 = 7;
}

/// Bytes of a field's type and length.
const HEAD_LEN: usize = 4;

/// Prints the body of one for a link, which stops as invalid where it contradicts itself; false where its type is not known.
pub(super) fn print_link(out: &mut Out, kind: u8, c: Cursor<'_>) -> Walk<bool> {
    match kind {
        kind::GRACE => fields(out, c, names::GRACE, ", length ", ", value: ", grace)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// The same for an area or the whole domain; false where its type is not known.
pub(super) fn print_area(out: &mut Out, kind: u8, c: Cursor<'_>) -> Walk<bool> {
    match kind {
        kind::ROUTER_INFORMATION => {
            fields(out, c, names::ROUTER_INFORMATION, ", length: ", ", value: ", router_information)?
        }
        kind::TRAFFIC_ENGINEERING => {
            fields(out, c, names::TRAFFIC_ENGINEERING, ", length: ", "", traffic_engineering)?
        }
        kind::EXTENDED_PREFIX => {
            fields(out, c, names::EXTENDED_PREFIXES, ", length: ", ", value: ", extended_prefix)?
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Prints the value of a field of a kind.
type PrintValue = fn(&mut Out, u16, Cursor<'_>) -> Walk;

/// Prints fields, each padded to four bytes.
fn fields(
    out: &mut Out,
    mut c: Cursor<'_>,
    kinds: &Tokens,
    before_length: &str,
    behind_length: &str,
    print: PrintValue,
) -> Walk {
    while c.length() > 0 {
        if c.length() < HEAD_LEN {
            write!(out, "\n\t    Remaining LS length {} < {HEAD_LEN}", c.length());
            return Err(Stop::Invalid);
        }
        let (kind, len) = (c.u16()?, usize::from(c.u16()?));
        out.text("\n\t    ");
        out.token(kinds, kind, format_args!("unknown"));
        write!(out, " TLV ({kind}){before_length}{len}{behind_length}");
        if len > c.length() {
            let what = if behind_length.is_empty() || kinds.len() < 4 { "" } else { "remaining LS length " };
            write!(out, "\n\t    Bogus length {len} > {what}{}", c.length());
            return Err(Stop::Invalid);
        }
        let value = c.claim(len);
        print(out, kind, value)?;
        let padded = len.next_multiple_of(4);
        if padded > c.length() {
            write!(out, "\n\t    Bogus padded length {padded} > {}", c.length());
            return Err(Stop::Invalid);
        }
        c.advance(padded);
    }
    Ok(())
}

/// Stops unless a value has the length that its kind has.
fn of_length(out: &mut Out, c: Cursor<'_>, len: usize) -> Walk {
    if c.length() == len {
        return Ok(());
    }
    write!(out, "\n\t    Bogus length {} != {len}", c.length());
    Err(Stop::Invalid)
}

/// Dumps the value of a field that is not known.
fn dump(out: &mut Out, indent: &str, c: Cursor<'_>) {
    if out.options.verbose <= 1 {
        out.dump_hex(indent, c.claimed_bytes());
    }
}

fn grace(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk {
    match kind {
        1 => {
            of_length(out, c, 4)?;
            write!(out, "{}s", c.u32()?);
        }
        2 => {
            of_length(out, c, 1)?;
            let reason = c.u8()?;
            out.token(names::RESTART_REASONS, reason, format_args!("Unknown"));
            write!(out, " ({reason})");
        }
        3 => {
            of_length(out, c, 4)?;
            out.host4(*c.array()?);
        }
        _ => dump(out, "\n\t      ", c),
    }
    Ok(())
}

fn router_information(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk {
    match kind {
        1 => {
            of_length(out, c, 4)?;
            out.text("Capabilities: ");
            out.bits(names::CAPABILITIES, c.u32()?, ", ", format_args!("Unknown"));
        }
        7 => {
            out.text("\n\t      Hostname: ").escaped(c.claimed_bytes());
        }
        8 => {
            while c.length() > 0 {
                let algorithm = c.u8()?;
                out.text("\n\t      ");
                out.token(names::ALGORITHMS, algorithm, format_args!("Unknown"));
                write!(out, " ({algorithm})");
            }
        }
        9 | 14 => {
            write!(out, "\n\t      Range size: {}", c.u24()?);
            c.skip(1)?;
            subfields(out, c, "\n\t      ", names::SEGMENT_IDENTIFIERS, ", value: ", segment_identifier)?;
        }
        15 => {
            if c.length() != 4 {
                write!(out, "\n\t    Bogus SRMS Preference TLV length {} != 4", c.length());
                return Err(Stop::Invalid);
            }
            write!(out, "\n\t      SRMS Preference: {}", c.u8()?);
        }
        _ => dump(out, "\n\t      ", c),
    }
    Ok(())
}

/// Prints fields within a field, each padded to four bytes.
fn subfields(
    out: &mut Out,
    mut c: Cursor<'_>,
    indent: &str,
    kinds: &Tokens,
    behind_length: &str,
    print: PrintValue,
) -> Walk {
    while c.length() > 0 {
        remaining(out, c, HEAD_LEN)?;
        let (kind, len) = (c.u16()?, usize::from(c.u16()?));
        out.text(indent);
        out.token(kinds, kind, format_args!("unknown"));
        write!(out, " subTLV ({kind}), length: {len}{behind_length}");
        remaining(out, c, len)?;
        let value = c.claim(len);
        value.need(len)?;
        print(out, kind, value)?;
        remaining(out, c, len.next_multiple_of(4))?;
        c.advance(len.next_multiple_of(4));
    }
    Ok(())
}

/// Stops unless a field has `len` bytes left.
fn remaining(out: &mut Out, c: Cursor<'_>, len: usize) -> Walk {
    if c.length() >= len {
        return Ok(());
    }
    write!(out, "\n\t    Remaining TLV length {} < {len}", c.length());
    Err(Stop::Invalid)
}

fn segment_identifier(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk {
    match (kind, c.length()) {
        (1, 3) => write!(out, "\n\t\tLabel: {}", c.u24()?),
        (1, 4) => write!(out, "\n\t\tSID: {}", c.u32()?),
        (1, len) => write!(out, "\n\t\tBogus subTLV length {len}"),
        _ => dump(out, "\n\t\t", c),
    }
    Ok(())
}

fn extended_prefix(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk {
    const IPV4: u8 = 0;
    const PREFIX: u16 = 1;
    const RANGE: u16 = 2;
    let (route, bits, family, size, flags) = match kind {
        PREFIX => {
            let [route, bits, family, flags] = *c.array()?;
            (route, bits, family, 0, flags)
        }
        RANGE => {
            let (bits, family, size, flags) = (c.u8()?, c.u8()?, c.u16()?, c.u8()?);
            c.skip(3)?;
            (0, bits, family, size, flags)
        }
        _ => {
            dump(out, "\n\t      ", c);
            return Ok(());
        }
    };
    if family != IPV4 {
        write!(out, "\n\t      Bogus AF {family}");
        return Err(Stop::Invalid);
    }
    if bits > 32 {
        write!(out, "\n\t      IPv4 prefix: bad bit length {bits}");
        return Err(Stop::Invalid);
    }
    write!(out, "\n\t      IPv4 prefix: {:>15}/{bits}, ", Ipv4Addr::from(*c.array::<4>()?));
    if kind == PREFIX {
        out.text("Route Type: ");
        out.token(names::ROUTES, route, format_args!("Unknown"));
    } else {
        write!(out, "Range size: {size}");
    }
    out.text(", Flags [");
    out.bits(names::PREFIX_FLAGS, flags, ", ", format_args!("none"));
    out.text("]");
    subfields(out, c, "\n\t\t", names::PREFIX_PROPERTIES, ", value: ", prefix_segment)
}

fn prefix_segment(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk {
    const SEGMENT: u16 = 2;
    if kind != SEGMENT {
        dump(out, "\n\t\t", c);
        return Ok(());
    }
    let len = c.length();
    let [flags, _, topology, algorithm] = *c.array()?;
    match len {
        7 => write!(out, "\n\t\t  Label: {}", c.u24()?),
        8 => write!(out, "\n\t\t  Index: {}", c.u32()?),
        _ => {
            write!(out, "\n\t\tBogus subTLV length {len}");
            return Ok(());
        }
    }
    write!(out, ", MT-ID: {topology}, Algorithm: ");
    out.token(names::ALGORITHMS, algorithm, format_args!("Unknown"));
    write!(out, " ({algorithm}), Flags [");
    out.bits(names::PREFIX_SEGMENT_FLAGS, flags, ", ", format_args!("none"));
    out.text("]");
    Ok(())
}

fn traffic_engineering(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk {
    const ROUTER: u16 = 1;
    const LINK: u16 = 2;
    match kind {
        ROUTER => {
            if c.length() < 4 {
                write!(out, "\n\t    TLV length {} < 4", c.length());
                return Err(Stop::Invalid);
            }
            out.text(", ").host4(*c.array()?);
            Ok(())
        }
        LINK => subfields(out, c, "\n\t      ", names::LINK_PROPERTIES, "", link_property),
        _ => {
            dump(out, "\n\t      ", c);
            Ok(())
        }
    }
}

mod property {
    pub(super) const TYPE: u16 = 1;
    pub(super) const IDENTIFIER: u16 = 2;
    pub(super) const LOCAL_ADDRESS: u16 = 3;
    pub(super) const REMOTE_ADDRESS: u16 = 4;
    pub(super) const METRIC: u16 = 5;
    pub(super) const BANDWIDTH: u16 = 6;
    pub(super) const RESERVABLE: u16 = 7;
    pub(super) const UNRESERVED: u16 = 8;
    pub(super) const GROUPS: u16 = 9;
    pub(super) const INTERFACES: u16 = 11;
    pub(super) const PROTECTION: u16 = 14;
    pub(super) const SWITCHING: u16 = 15;
    pub(super) const SHARED_RISK: u16 = 16;
    pub(super) const CONSTRAINTS: u16 = 17;
}

/// Prints a property of a link; one of another length than its kind has is only marked.
fn link_property(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk {
    let len = c.length();
    let (is_sound, complaint) = match kind {
        property::IDENTIFIER | property::INTERFACES => (len == 4 || len == 8, " != 4 && != 8"),
        property::UNRESERVED => (len == 32, " != 32"),
        property::CONSTRAINTS => (len >= 4, " < 4"),
        property::SWITCHING => (len >= 36, " < 36"),
        property::TYPE => (len == 1, " != 1"),
        property::SHARED_RISK => (len.is_multiple_of(4), " != N x 4"),
        property::GROUPS
        | property::LOCAL_ADDRESS
        | property::REMOTE_ADDRESS
        | property::METRIC
        | property::BANDWIDTH
        | property::RESERVABLE
        | property::PROTECTION => (len == 4, " != 4"),
        _ => {
            dump(out, "\n\t\t", c);
            return Ok(());
        }
    };
    if !is_sound {
        out.text(complaint);
        return Ok(());
    }
    match kind {
        property::GROUPS => write!(out, ", 0x{:08x}", c.u32()?),
        property::IDENTIFIER | property::INTERFACES => {
            while c.length() > 0 {
                let identifier = *c.array::<4>()?;
                out.text(", ").host4(identifier);
                write!(out, " (0x{:08x})", u32::from_be_bytes(identifier));
            }
        }
        property::LOCAL_ADDRESS | property::REMOTE_ADDRESS => {
            out.text(", ").host4(*c.array()?);
        }
        property::BANDWIDTH | property::RESERVABLE => {
            let bandwidth = gmpls::megabits(&mut c)?;
            write!(out, ", {bandwidth:.3} Mbps");
        }
        property::UNRESERVED => {
            for class in 0..8 {
                let bandwidth = gmpls::megabits(&mut c)?;
                write!(out, "\n\t\tTE-Class {class}: {bandwidth:.3} Mbps");
            }
        }
        property::CONSTRAINTS => constraints(out, c)?,
        property::METRIC => write!(out, ", Metric {}", c.u32()?),
        property::PROTECTION => {
            out.text(", ");
            out.bits(gmpls::LINK_PROTECTIONS, c.u8()?, ", ", format_args!("none"));
        }
        property::SWITCHING => switching(out, c)?,
        property::TYPE => {
            let kind = c.u8()?;
            out.text(", ");
            out.token(names::LINK_TYPES, kind, format_args!("unknown"));
            write!(out, " ({kind})");
        }
        _ => {
            out.text("\n\t\t  Shared risk group: ");
            while c.length() > 0 {
                out.dec(c.u32()?);
                out.text(if c.length() > 0 { ", " } else { "" });
            }
        }
    }
    Ok(())
}

fn constraints(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let len = c.length();
    let model = c.peek_u8(0)?;
    out.text("\n\t\tBandwidth Constraints Model ID: ");
    out.token(gmpls::BANDWIDTH_MODELS, model, format_args!("unknown"));
    write!(out, " ({model})");
    if !len.is_multiple_of(4) {
        write!(out, "\n\t\tlength {len} != N x 4");
        return Ok(());
    }
    if len > 36 {
        write!(out, "\n\t\tlength {len} > 36");
        return Ok(());
    }
    c.skip(4)?;
    let mut class = 0;
    while c.length() > 0 {
        let bandwidth = gmpls::megabits(&mut c)?;
        write!(out, "\n\t\t  Bandwidth constraint CT{class}: {bandwidth:.3} Mbps");
        class += 1;
    }
    Ok(())
}

fn switching(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (capability, encoding, _) = (c.u8()?, c.u8()?, c.u16()?);
    out.text("\n\t\tInterface Switching Capability: ");
    out.token(gmpls::SWITCHING_CAPABILITIES, capability, format_args!("Unknown"));
    out.text("\n\t\tLSP Encoding: ");
    out.token(gmpls::ENCODINGS, encoding, format_args!("Unknown"));
    out.text("\n\t\tMax LSP Bandwidth:");
    for priority in 0..8 {
        let bandwidth = gmpls::megabits(&mut c)?;
        write!(out, "\n\t\t  priority level {priority}: {bandwidth:.3} Mbps");
    }
    Ok(())
}
