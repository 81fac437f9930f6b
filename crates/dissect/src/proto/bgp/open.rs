//! OPEN messages and capabilities (RFC 4271 section 4.2, RFC 5492, RFC 9072).

use super::{address_family, autonomous_system, families, names};
use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// A length and a type of optional parameters that both say: lengths are longer (RFC 9072 section 2).
const EXTENDED: u8 = 255;
const CAPABILITIES: u8 = 2;

mod capability {
    pub(super) const MULTIPROTOCOL: u8 = 1;
    pub(super) const ROUTE_REFRESH: u8 = 2;
    pub(super) const EXTENDED_MESSAGE: u8 = 6;
    pub(super) const BGPSEC: u8 = 7;
    pub(super) const MULTIPLE_LABELS: u8 = 8;
    pub(super) const ROLE: u8 = 9;
    pub(super) const GRACEFUL_RESTART: u8 = 64;
    pub(super) const FOUR_BYTE_AS: u8 = 65;
    pub(super) const ADD_PATH: u8 = 69;
    pub(super) const ENHANCED_REFRESH: u8 = 70;
    pub(super) const LONG_LIVED_RESTART: u8 = 71;
    pub(super) const ROUTE_REFRESH_CISCO: u8 = 128;
}

/// Prints the body of a message.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    write!(out, "\n\t  Version {}, ", c.u8()?);
    let system = c.u16()?;
    out.field("autonomous_system", system);
    out.text("my AS ");
    autonomous_system(out, system.into());
    write!(out, ", Holdtime {}s, ", c.u16()?);
    let identifier = *c.array::<4>()?;
    out.field("identifier", identifier);
    out.text("ID ").ipv4(identifier);
    let mut len = usize::from(c.u8()?);
    let is_extended = len == usize::from(EXTENDED) && c.has(3) && c.peek_u8(0)? == EXTENDED;
    if is_extended {
        c.skip(1)?;
        len = c.u16()?.into();
    }
    write!(out, "\n\t  Optional parameters{}, length: {len}", if is_extended { " (Extended)" } else { "" });
    // Parameters are what the length says and what the message holds.
    let mut c = c.claim(len);
    while c.length() > 0 {
        let kind = c.u8()?;
        let len = if is_extended { c.u16()?.into() } else { usize::from(c.u8()?) };
        if len > c.length() {
            write!(out, "\n\t     Option {kind}, length: {len}, goes past the end of the options");
            return Ok(());
        }
        out.text("\n\t    Option ");
        out.token(names::OPTIONS, kind, format_args!("Unknown"));
        write!(out, " ({kind}), length: {len}");
        if kind == CAPABILITIES {
            capabilities(out, c.claim(len))?;
        } else {
            write!(out, "\n\t      no decoder for option {kind}");
        }
        c.advance(len);
    }
    Ok(())
}

fn capabilities(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let (kind, len) = (c.u8()?, usize::from(c.u8()?));
        out.text("\n\t      ");
        out.token(names::CAPABILITIES, kind, format_args!("Unknown"));
        write!(out, " ({kind}), length: {len}");
        let value = c.claim(len);
        value.need(len)?;
        let least = least_len(kind);
        if len < least {
            write!(out, " (too short, < {least})");
            return Ok(());
        }
        let decoded = capability(out, value, kind)?;
        if !decoded {
            write!(out, "\n\t\tno decoder for Capability {kind}");
        }
        if len > 0 && (out.options.verbose > 1 || !decoded) {
            out.dump_hex("\n\t\t", value.claimed_bytes());
        }
        c.advance(len);
    }
    Ok(())
}

/// Prints the value of a capability; false where it is not known.
fn capability(out: &mut Out, c: Cursor<'_>, kind: u8) -> Walk<bool> {
    match kind {
        capability::MULTIPROTOCOL => multiprotocol(out, c)?,
        capability::BGPSEC => bgpsec(out, c)?,
        capability::MULTIPLE_LABELS => multiple_labels(out, c)?,
        capability::GRACEFUL_RESTART => graceful_restart(out, c)?,
        capability::ROLE => role(out, c)?,
        capability::FOUR_BYTE_AS => four_byte_system(out, c)?,
        capability::ADD_PATH => add_path(out, c)?,
        capability::ROUTE_REFRESH
        | capability::EXTENDED_MESSAGE
        | capability::ENHANCED_REFRESH
        | capability::LONG_LIVED_RESTART
        | capability::ROUTE_REFRESH_CISCO => {}
        _ => return Ok(false),
    }
    Ok(true)
}

/// The least length of a capability's value.
fn least_len(kind: u8) -> usize {
    match kind {
        capability::MULTIPROTOCOL | capability::FOUR_BYTE_AS => 4,
        capability::GRACEFUL_RESTART => 2,
        capability::ROLE => 1,
        _ => 0,
    }
}

fn multiprotocol(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (family, _, subsequent) = (c.u16()?, c.u8()?, c.u8()?);
    out.text("\n\t\t");
    families(out, family, subsequent);
    Ok(())
}

/// Version, direction and family (RFC 8205 section 2.1).
fn bgpsec(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() != 3 {
        write!(out, " [{} != 3]", c.length());
        return Ok(());
    }
    let version_and_direction = c.u8()?;
    let direction = version_and_direction >> 3 & 1;
    let name = if direction == 0 { "Receive" } else { "Send" };
    write!(out, "\n\t\tVersion {}, Direction {name} ({direction}), ", version_and_direction >> 4);
    address_family(out, c.u16()?);
    Ok(())
}

/// How many labels a route may have (RFC 8277 section 2.1).
fn multiple_labels(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() >= 4 {
        out.text("\n\t\t");
        families(out, c.u16()?, c.u8()?);
        write!(out, ", Count: {}", c.u8()?);
    }
    Ok(())
}

/// Flags, time, and families whose routes survive (RFC 4724 section 3).
fn graceful_restart(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const FORWARDING_PRESERVED: u8 = 0x80;
    let flags_and_time = c.u16()?;
    out.text("\n\t\tRestart Flags: [");
    out.bits(names::RESTART_FLAGS, flags_and_time >> 12, ", ", format_args!("none"));
    write!(out, "], Restart Time {}s", flags_and_time & 0x0fff);
    while c.length() >= 4 {
        out.text("\n\t\t  ");
        families(out, c.u16()?, c.u8()?);
        let is_preserved = c.u8()? & FORWARDING_PRESERVED != 0;
        write!(out, ", Forwarding state preserved: {}", if is_preserved { "yes" } else { "no" });
    }
    Ok(())
}

/// What the neighbour is to the sender (RFC 9234 section 4.1).
fn role(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let role = c.u8()?;
    out.text("\n\t\tRole name ");
    out.token(names::ROLES, role, format_args!("Unassigned"));
    write!(out, " ({role})");
    Ok(())
}

fn four_byte_system(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("\n\t\t 4 Byte AS ");
    autonomous_system(out, c.u32()?);
    Ok(())
}

/// Families with several paths to a destination (RFC 7911 section 4).
fn add_path(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() == 0 {
        out.text(" (bogus)");
    }
    while c.length() >= 4 {
        out.text("\n\t\t");
        families(out, c.u16()?, c.u8()?);
        let direction = c.u8()?;
        out.text(", Send/Receive: ");
        out.token(names::PATH_DIRECTIONS, direction, format_args!("Bogus (0x{direction:02x})"));
    }
    Ok(())
}
