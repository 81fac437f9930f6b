//! Attributes (RFC 2865 section 5 and the documents that add some).

use super::values::{self, *};
use crate::Out;
use crate::proto::names::ENTERPRISES;
use crate::proto::{eap, ntp};
use jiff::tz::TimeZone;
use wirescope_wire::{Cursor, Stop, Walk};

/// Prints the attributes; what is wrong within one is said there.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        if c.length() < 2 {
            return out.disagree("length", c.length(), "<", 2);
        }
        let (kind, length) = (c.peek_u8(0)?, usize::from(c.peek_u8(1)?));
        let name = match ATTRIBUTES.get(usize::from(kind)) {
            Some(name) if !name.is_empty() => name,
            _ => "Unknown",
        };
        write!(out, "\n\t  {name} Attribute ({kind}), length: {length}");
        if length < 2 {
            return out.disagree("length", length, "<", 2);
        }
        if length > c.length() {
            return out.disagree("length", length, ">", c.length());
        }
        out.text(", Value: ");
        let value = c.split(length).ahead(2);
        if value.length() > 0 {
            match print_value(out, value, kind) {
                Err(Stop::Invalid) => out.invalid(),
                walk => walk?,
            }
        }
        if out.options.verbose > 1 {
            out.dump_hex("\n\t    ", value.claimed_bytes());
        }
    }
    Ok(())
}

fn print_value(out: &mut Out, mut c: Cursor<'_>, kind: u8) -> Walk {
    match kind {
        1 => {
            out.field("user_name", c.claimed_bytes());
            text(out, c)
        }
        11
        | 18..=20
        | 22
        | 24
        | 25
        | 30..=36
        | 39
        | 44
        | 50
        | 60
        | 63
        | 68
        | 73
        | 74
        | 77
        | 78
        | 80
        | 87..=89
        | 92
        | 99
        | 100
        | 103..=122 => text(out, c),
        58 => {
            vlan_tag(out, c.u8()?);
            text(out, c)
        }
        66 | 67 | 81 | 82 | 90 | 91 => {
            // Only small numbers are tags; others begin the text.
            if let tag @ 0..0x20 = c.peek_u8(0)? {
                tunnel_tag(out, tag);
                c.advance(1);
            }
            text(out, c)
        }
        69 => {
            at_least(out, c, 3)?;
            let tag = c.u8()?;
            tunnel_tag(out, if tag < 0x20 { tag } else { 0 });
            write!(out, "Salt {} ", c.u16()?);
            text(out, c)
        }
        4 | 8 | 9 | 14 => address(out, c, kind),
        95 | 98 => {
            exactly(out, c, 16)?;
            out.host6(*c.array()?);
            Ok(())
        }
        97 | 123 => prefix(out, c),
        125 => {
            exactly(out, c, 17)?;
            let (length, address) = (c.u8()?, *c.array()?);
            if length > 128 {
                return out.disagree("prefix length", length, ">", 128);
            }
            out.ipv6(address);
            write!(out, "/{length}");
            Ok(())
        }
        26 => vendor(out, c),
        55 => time(out, c),
        70 => arap_password(out, c),
        71 => arap_features(out, c),
        79 => out.run("eap", eap::print, c),
        84 => {
            exactly(out, c, 8)?;
            hex(out, &mut c, 8)
        }
        101 => {
            exactly(out, c, 4)?;
            let cause = c.u32()?;
            write!(out, "Error cause {cause}: ");
            out.token(ERROR_CAUSES, cause, format_args!("Error-Cause {cause} not known"));
            Ok(())
        }
        124 => features(out, c),
        126 => operator(out, c),
        127 => location_information(out, c),
        128 => {
            at_least(out, c, 3)?;
            write!(out, "index {}, location", c.u16()?);
            out.dump_hex_ascii("\n\t    ", c.claimed_bytes());
            c.need(c.length())
        }
        129 => location_policy(out, c),
        _ if is_number(kind) => number(out, c, kind),
        _ => Ok(()),
    }
}

fn is_number(kind: u8) -> bool {
    values::of_attribute(kind).is_some()
        || matches!(kind, 5 | 12 | 16 | 23 | 27 | 28 | 37 | 38 | 41..=43 | 46..=48 | 51..=53 | 56 | 62 | 75)
        || matches!(kind, 83 | 85 | 86)
}

fn exactly(out: &mut Out, c: Cursor<'_>, length: usize) -> Walk {
    if c.length() != length { out.disagree("length", c.length(), "!=", length) } else { Ok(()) }
}

fn at_least(out: &mut Out, c: Cursor<'_>, length: usize) -> Walk {
    if c.length() < length { out.disagree("length", c.length(), "<", length) } else { Ok(()) }
}

/// Text with dots for what cannot be shown, up to a zero.
fn text(out: &mut Out, c: Cursor<'_>) -> Walk {
    for byte in c.claimed_bytes() {
        match byte {
            0 => return Ok(()),
            0x20..0x7f => out.byte(*byte),
            _ => out.byte(b'.'),
        };
    }
    c.need(c.length())
}

fn hex(out: &mut Out, c: &mut Cursor<'_>, count: usize) -> Walk {
    for _ in 0..count {
        write!(out, "{:02X}", c.u8()?);
    }
    Ok(())
}

fn tunnel_tag(out: &mut Out, tag: u8) {
    match tag {
        0 => {
            out.text("Tag[Unused] ");
        }
        _ => write!(out, "Tag[{tag}] "),
    }
}

fn vlan_tag(out: &mut Out, tag: u8) {
    out.token(VLAN_TAGS, tag, format_args!("Unknown tag"));
    write!(out, " (0x{tag:02x}) ");
}

fn number(out: &mut Out, mut c: Cursor<'_>, kind: u8) -> Walk {
    exactly(out, c, 4)?;
    let tag = c.peek_u8(0)?;
    let value = c.u32()?;
    let lower = value & 0x00ff_ffff;
    match (values::of_attribute(kind), kind) {
        (Some(names), 64 | 65) => {
            tunnel_tag(out, tag);
            out.token(names, lower, format_args!("#{lower}"));
        }
        (Some(names), _) => out.token(names, value, format_args!("#{value}")),
        (None, 83) => {
            tunnel_tag(out, tag);
            write!(out, "{lower}");
        }
        (None, 56) => {
            vlan_tag(out, tag);
            write!(out, "{lower}");
        }
        (None, 23) if value == 0xffff_fffe => {
            out.text("NAS Select");
        }
        (None, 37) if value == 0 => {
            out.text("Unnumbered");
        }
        (None, 38) if value == 0 => {
            out.text("NAS assigned");
        }
        (None, 27 | 28 | 41 | 46 | 85) => duration(out, value),
        _ => write!(out, "{value}"),
    }
    Ok(())
}

fn duration(out: &mut Out, seconds: u32) {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => write!(out, "{rest:02} secs"),
        (0, _) => write!(out, "{minutes:02}:{rest:02} min"),
        _ => write!(out, "{hours:02}:{minutes:02}:{rest:02} hours"),
    }
}

fn address(out: &mut Out, mut c: Cursor<'_>, kind: u8) -> Walk {
    exactly(out, c, 4)?;
    let address = *c.array()?;
    // Framed-IP-Address and Login-IP-Host leave the choice to others with two values.
    match u32::from_be_bytes(address) {
        0xffff_ffff if matches!(kind, 8 | 14) => out.text("User Selected"),
        0xffff_fffe if matches!(kind, 8 | 14) => out.text("NAS Select"),
        _ => out.host4(address),
    };
    Ok(())
}

/// An IPv6 prefix (RFC 3162 section 2.3), whose last bytes may be left out.
fn prefix(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    at_least(out, c, 2)?;
    if c.length() > 18 {
        return out.disagree("length", c.length(), ">", 18);
    }
    let [reserved, length] = *c.array()?;
    if reserved != 0 {
        write!(out, "[reserved-MBZ {reserved}] ");
    }
    if length > 128 {
        return out.disagree("prefix length", length, ">", 128);
    }
    let mut address = [0; 16];
    let octets = c.length();
    for (to, from) in address.iter_mut().zip(c.take(octets)?) {
        *to = *from;
    }
    out.ipv6(address);
    write!(out, "/{length}");
    if usize::from(length) > octets * 8 {
        return out.disagree("prefix length", length, ">", octets * 8);
    }
    Ok(())
}

fn vendor(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    at_least(out, c, 4)?;
    let vendor = c.u32()?;
    out.text("Vendor: ");
    out.token(ENTERPRISES, vendor, format_args!("Unknown"));
    write!(out, " ({vendor})");
    while c.length() >= 2 {
        let [kind, length] = *c.array()?;
        write!(out, "\n\t    Vendor Attribute: {kind}, length: {length}");
        let length = usize::from(length);
        if length < 2 {
            return out.disagree("length", length, "<", 2);
        }
        if length - 2 > c.length() {
            return out.disagree("length", length - 2, ">", c.length());
        }
        out.text(", value: ");
        for _ in 0..length - 2 {
            let byte = c.u8()?;
            out.byte(if (0x20..0x7f).contains(&byte) { byte } else { b'.' });
        }
    }
    Ok(())
}

fn time(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    exactly(out, c, 4)?;
    if let Ok(time) = jiff::Timestamp::from_second(c.u32()?.into()) {
        write!(out, "{}", time.to_zoned(TimeZone::system()).strftime("%a %b %e %H:%M:%S %Y"));
    }
    Ok(())
}

fn arap_password(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    exactly(out, c, 16)?;
    out.text("User_challenge (");
    hex(out, &mut c, 8)?;
    out.text(") User_resp(");
    hex(out, &mut c, 8)?;
    out.text(")");
    Ok(())
}

fn arap_features(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    exactly(out, c, 14)?;
    out.text(if c.u8()? != 0 { "User can change password" } else { "User cannot change password" });
    write!(out, ", Min password length: {}", c.u8()?);
    out.text(", created at: ");
    hex(out, &mut c, 4)?;
    out.text(", expires in: ");
    hex(out, &mut c, 4)?;
    out.text(", Current Time: ");
    hex(out, &mut c, 4)
}

fn features(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    exactly(out, c, 8)?;
    let set = c.u64()?;
    out.text("[");
    let mut before = "";
    for (bit, name) in MOBILITY_FEATURES {
        if set & bit != 0 {
            out.text(before).text(name);
            before = ", ";
        }
    }
    out.text("]");
    Ok(())
}

fn operator(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    at_least(out, c, 2)?;
    let namespace = c.u8()?;
    out.text("[");
    out.token(OPERATOR_NAMESPACES, namespace, format_args!("unknown namespace {namespace}"));
    out.text("] ");
    let count = c.length();
    out.escaped_take(&mut c, count)
}

/// Where a user is (RFC 5580 section 4.2).
fn location_information(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    at_least(out, c, 21)?;
    write!(out, "index {}", c.u16()?);
    let (code, entity) = (c.u8()?, c.u8()?);
    out.text(", code ");
    out.token(LOCATION_CODES, code, format_args!("Unknown ({code})"));
    out.text(", entity ");
    out.token(LOCATION_ENTITIES, entity, format_args!("Unknown ({entity})"));
    ntp::timestamp(out, ", sighting time ", &mut c)?;
    ntp::timestamp(out, ", time to live ", &mut c)?;
    out.text(", method \"");
    let count = c.length();
    out.escaped_take(&mut c, count)?;
    out.text("\"");
    Ok(())
}

/// What may be done with a location (RFC 5580 section 4.4).
fn location_policy(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    at_least(out, c, 10)?;
    let flags = c.u16()?;
    out.text("flags [");
    out.bits(LOCATION_POLICY_FLAGS, flags, ", ", format_args!("none"));
    ntp::timestamp(out, "], retention expires ", &mut c)?;
    out.text(", note well \"");
    let count = c.length();
    out.escaped_take(&mut c, count)?;
    out.text("\"");
    Ok(())
}
