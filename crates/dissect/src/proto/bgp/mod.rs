//! Border Gateway Protocol 4 (RFC 4271; notifications RFC 4486 and RFC 9003, route refresh RFC 2918 and RFC 5291).

mod attributes;
mod communities;
mod multiprotocol;
mod names;
mod open;
mod prefixes;
mod secure_path;
mod update;

pub(super) use prefixes::{DISTINGUISHER_LEN, route_distinguisher};

use crate::Out;
use crate::proto::names::ADDRESS_FAMILIES;
use crate::tokens;
use wirescope_wire::{Cursor, Stop, Walk};

/// What every message starts with.
const MARKER: [u8; 16] = [0xff; 16];
/// Bytes of marker, length and type.
const HEADER_LEN: usize = 19;

mod message {
    pub(super) const OPEN: u8 = 1;
    pub(super) const UPDATE: u8 = 2;
    pub(super) const NOTIFICATION: u8 = 3;
    pub(super) const KEEPALIVE: u8 = 4;
    pub(super) const ROUTE_REFRESH: u8 = 5;
}

/// Prints the messages of a segment. It may start within a message, so the next marker is looked for.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text(": BGP");
    if out.options.verbose == 0 {
        return Ok(());
    }
    let mut rest = c.clip(c.length());
    while rest.available() > 0 {
        let Some(skipped) = marker(rest.claimed_bytes()) else { return Ok(()) };
        rest.advance(skipped);
        rest.need(HEADER_LEN)?;
        if skipped > 0 {
            out.truncated();
        }
        let (length, kind) = (usize::from(rest.peek_u16(16)?), rest.peek_u8(18)?);
        if length < HEADER_LEN {
            write!(out, "\nmessage length {length} < {HEADER_LEN}");
            return Ok(());
        }
        if !c.has(rest.at().saturating_sub(c.at()) + length) {
            out.text("\n[|BGP ");
            out.token(names::MESSAGES, kind, format_args!("Unknown Message Type"));
            out.text("]");
            return Ok(());
        }
        let whole = c.ahead(rest.at().saturating_sub(c.at())).claim(length);
        rest.advance(length);
        print_message(out, whole, kind)?;
    }
    Ok(())
}

/// How far the next marker is.
fn marker(bytes: &[u8]) -> Option<usize> {
    bytes.windows(MARKER.len()).position(|window| window == MARKER)
}

fn print_message(out: &mut Out, whole: Cursor<'_>, kind: u8) -> Walk {
    out.field("type", kind);
    out.text("\n\t");
    out.token(names::MESSAGES, kind, format_args!("Unknown"));
    write!(out, " Message ({kind}), length: {}", whole.length());
    let body = whole.ahead(HEADER_LEN);
    match kind {
        message::OPEN => open::print(out, body),
        message::UPDATE => match update::print(out, body) {
            // What is wrong in one message says nothing about the next.
            Err(Stop::Truncated) if body.has(body.length()) => {
                out.truncated();
                Ok(())
            }
            walk => walk,
        },
        message::NOTIFICATION => notification(out, body),
        message::KEEPALIVE => Ok(()),
        message::ROUTE_REFRESH => route_refresh(out, whole, body),
        _ => {
            write!(out, "\n\t  no Message {kind} decoder");
            out.dump_hex("\n\t  ", whole.claimed_bytes());
            Ok(())
        }
    }
}

mod error {
    pub(super) const HEADER: u8 = 1;
    pub(super) const OPEN: u8 = 2;
    pub(super) const UPDATE: u8 = 3;
    pub(super) const STATE: u8 = 5;
    pub(super) const CEASE: u8 = 6;
    pub(super) const ROUTE_REFRESH: u8 = 7;
}

mod cease {
    pub(super) const MAX_PREFIXES: u8 = 1;
    pub(super) const SHUTDOWN: u8 = 2;
    pub(super) const RESET: u8 = 4;
    pub(super) const HARD_RESET: u8 = 9;
}

/// Bytes of address family, subsequent family and number of prefixes.
const MAX_PREFIXES_LEN: usize = 7;

fn notification(out: &mut Out, body: Cursor<'_>) -> Walk {
    body.need(2)?;
    out.nest(|out| error_code(out, body))
}

/// Prints why a session ends. A hard reset holds another reason (RFC 8538 section 3).
fn error_code(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let [major, minor] = *c.array()?;
    out.field("error", major);
    out.field("suberror", minor);
    out.text(", ");
    out.token(names::ERRORS, major, format_args!("Unknown Error"));
    write!(out, " ({major})");
    let (between, subcodes) = match major {
        error::HEADER => (",", names::HEADER_SUBCODES),
        error::OPEN => (",", names::OPEN_SUBCODES),
        error::UPDATE => (",", names::UPDATE_SUBCODES),
        error::STATE => ("", names::STATE_SUBCODES),
        error::ROUTE_REFRESH => ("", names::REFRESH_SUBCODES),
        error::CEASE => (",", names::CEASE_SUBCODES),
        _ => {
            write!(out, ", subcode {minor}");
            return Ok(());
        }
    };
    write!(out, "{between} subcode {} ({minor})", tokens::name(subcodes, minor.into()).unwrap_or("Unknown"));
    match minor {
        _ if major != error::CEASE => Ok(()),
        cease::MAX_PREFIXES if c.length() >= MAX_PREFIXES_LEN => {
            out.text(", ");
            families(out, c.u16()?, c.u8()?);
            write!(out, ", Max Prefixes: {}", c.u32()?);
            Ok(())
        }
        cease::SHUTDOWN | cease::RESET if c.length() >= 1 => shutdown_communication(out, c),
        cease::HARD_RESET if c.length() >= 2 => out.nest(|out| error_code(out, c)),
        _ => Ok(()),
    }
}

/// What an operator had to say (RFC 9003), and what is left behind it.
fn shutdown_communication(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let whole = c;
    let len = usize::from(c.u8()?);
    if len > c.length() {
        out.text(", invalid Shutdown Communication length");
        c = whole;
    } else if len == 0 {
        out.text(", empty Shutdown Communication");
    } else {
        write!(out, ", Shutdown Communication (length: {len}): \"");
        out.escaped_take(&mut c, len)?;
        out.text("\"");
    }
    if c.length() > 0 {
        write!(out, ", Data: (length: {})", c.length());
        out.dump_hex("\n\t\t", c.claimed_bytes());
    }
    Ok(())
}

fn route_refresh(out: &mut Out, whole: Cursor<'_>, mut body: Cursor<'_>) -> Walk {
    const LEN: usize = 4;
    body.need(LEN)?;
    let (family, subtype, subsequent) = (body.u16()?, body.u8()?, body.u8()?);
    out.text("\n\t  ");
    families(out, family, subsequent);
    out.text(", Subtype ");
    out.token(names::REFRESH_SUBTYPES, subtype, format_args!("Unknown"));
    write!(out, " ({subtype})");
    if body.length() > 0 {
        let (refresh, kind, len) = (body.u8()?, body.u8()?, body.u16()?);
        out.text("\n\t  ORF refresh ");
        out.token(names::FILTER_REFRESHES, refresh, format_args!("Unknown"));
        write!(out, " ({refresh}), ORF type ");
        out.token(names::FILTER_TYPES, kind, format_args!("Unknown"));
        write!(out, " ({kind}), ORF length {len}");
    }
    if out.options.verbose > 1 {
        out.dump_hex("\n\t  ", whole.claimed_bytes());
    }
    Ok(())
}

/// Writes an address family and what of it is meant.
fn families(out: &mut Out, family: u16, subsequent: u8) {
    address_family(out, family);
    out.text(", SAFI ");
    out.token(names::SUBSEQUENT_FAMILIES, subsequent, format_args!("Unknown"));
    write!(out, " ({subsequent})");
}

fn address_family(out: &mut Out, family: u16) {
    out.text("AFI ");
    out.token(ADDRESS_FAMILIES, family, format_args!("Unknown"));
    write!(out, " ({family})");
}

/// Writes the number of an autonomous system: plain, or with a dot as `-b` asks (RFC 5396).
fn autonomous_system(out: &mut Out, number: u32) {
    if out.options.dotted_as && number > u16::MAX.into() {
        write!(out, "{}.{}", number >> 16, number & 0xffff);
    } else {
        out.dec(number);
    }
}
