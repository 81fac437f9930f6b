//! Locator/ID Separation Protocol, control messages (RFC 9301).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const TYPES: &Tokens = &[
    (0, "Reserved"),
    (1, "Map-Request"),
    (2, "Map-Reply"),
    (3, "Map-Register"),
    (4, "Map-Notify"),
    (8, "Encapsulated-Control-Message"),
];

const MAP_REGISTER_FLAGS: &Tokens = &[
    (0x0800_0000, "P-Proxy-Map-Reply"),
    (0x0400_0000, "S-LISP-SEC-Capable"),
    (0x0200_0000, "I-xTR-ID-Present"),
    (0x0100_0000, "R-Build-For-RTR"),
    (0x0000_0100, "M-Want-Map-Notify"),
];

const MAP_NOTIFY_FLAGS: &Tokens = &[(0x0800_0000, "I-xTR-ID-Present"), (0x0400_0000, "R-Build-For-RTR")];

const AUTHENTICATION: &Tokens = &[(0, "None"), (1, "SHA1"), (2, "SHA256")];

const ACTIONS: &Tokens = &[(0, "No-Action"), (1, "Natively-Forward"), (2, "Send-Map-Request"), (3, "Drop")];

const LOCATOR_FLAGS: &Tokens = &[(4, "Local-Locator"), (2, "RLoc-Probed"), (1, "Reachable")];

mod kind {
    pub(super) const MAP_REGISTER: u8 = 3;
    pub(super) const MAP_NOTIFY: u8 = 4;
}

/// Address families (IANA's registry) that locators and identifiers may have here.
mod family {
    pub(super) const IPV4: u16 = 1;
    pub(super) const IPV6: u16 = 2;
}

/// Bytes up to the authentication data.
const HEADER_LEN: usize = 16;
const RECORD_LEN: usize = 12;
const LOCATOR_LEN: usize = 8;
/// Bytes of the identifier of a tunnel router.
const XTR_ID_LEN: usize = 16;
const MAP_REGISTER_XTR_ID: u32 = 0x0200_0000;
const MAP_NOTIFY_XTR_ID: u32 = 0x0800_0000;
const AUTHORITATIVE: u8 = 0x10;

/// Prints a control message; only registrations and their notifications are shown in full.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("LISP");
    if c.length() < HEADER_LEN {
        return out.disagree("length", c.length(), "<", HEADER_LEN);
    }
    let header = c;
    c.need(HEADER_LEN)?;
    let first = c.u32()?;
    let (kind, records) = ((first >> 28) as u8, first as u8);
    out.field("type", kind);
    out.field("records", records);
    out.field("nonce", c.u64()?);
    out.text("-");
    out.token(TYPES, kind, format_args!("unknown-type-{kind}"));
    out.text(",");
    let (flags, xtr_id) = match kind {
        kind::MAP_REGISTER => (MAP_REGISTER_FLAGS, MAP_REGISTER_XTR_ID),
        kind::MAP_NOTIFY => (MAP_NOTIFY_FLAGS, MAP_NOTIFY_XTR_ID),
        _ => return Ok(()),
    };
    let (key, data_len) = (c.u16()?, usize::from(c.u16()?));
    if out.options.verbose > 0 {
        out.text(" flags [");
        out.bits(flags, first, ", ", format_args!("none"));
        write!(out, "],\n    {records} record(s), Authentication ");
        out.token(AUTHENTICATION, key, format_args!("unknown-type"));
        out.text(",");
    } else {
        write!(out, " {records} record(s),");
    }
    let room = header.length() - HEADER_LEN;
    if data_len > room {
        return out.disagree("authentication data length", data_len, ">", room);
    }
    let data = c.split(data_len);
    if out.options.verbose > 0 && data_len > 0 {
        out.dump_hex("\n    Authentication-Data: ", data.bytes());
        data.need(data_len)?;
    }
    for _ in 0..records {
        if c.length() == 0 {
            return out.disagree("remaining length", 0, "<", RECORD_LEN);
        }
        if !record(out, &mut c)? {
            return Ok(());
        }
    }
    if first & xtr_id != 0 {
        site(out, c)?;
    } else if c.length() > 0 {
        out.dump_hex("\n    Data: ", c.claimed_bytes());
        c.need(c.length())?;
    }
    Ok(())
}

/// One mapping of an endpoint identifier to its locators; false where its address cannot be read, and with it
/// all that follows.
fn record(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    c.need(RECORD_LEN)?;
    out.text("\n");
    let (ttl, locators, mask_len) = (c.u32()?, c.u8()?, c.u8()?);
    let (action, _, version, family) = (c.u8()?, c.u8()?, c.u16()? & 0x0fff, c.u16()?);
    if out.options.verbose > 0 {
        write!(out, "      Record TTL {ttl},");
        out.text(if action & AUTHORITATIVE != 0 { " Authoritative, " } else { " Non-Authoritative, " });
        out.token(ACTIONS, action >> 5, format_args!("unknown"));
        write!(out, ", Map Version: {version},");
    }
    match family {
        family::IPV4 => {
            let address = *c.array()?;
            out.field("eid", address);
            out.text(" EID ").ipv4(address);
        }
        family::IPV6 => {
            let address = *c.array()?;
            out.field("eid", address);
            out.text(" EID ").ipv6(address);
        }
        _ => {
            write!(out, " [unsupported address family identifier {family}]");
            return Ok(false);
        }
    }
    write!(out, "/{mask_len}, {locators} locator(s)");
    for _ in 0..locators {
        locator(out, c)?;
    }
    Ok(true)
}

fn locator(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    c.need(LOCATOR_LEN)?;
    let [priority, weight, multicast_priority, multicast_weight] = *c.array()?;
    let (flags, family) = (c.u16()?, c.u16()?);
    if out.options.verbose > 0 {
        out.text("\n       ");
    }
    match family {
        family::IPV4 => {
            let address = *c.array()?;
            out.field("locator", address);
            out.text(" LOC ").ipv4(address);
        }
        family::IPV6 => {
            let address = *c.array()?;
            out.field("locator", address);
            out.text(" LOC ").ipv6(address);
        }
        _ => {}
    }
    if out.options.verbose > 0 {
        write!(out, "\n          Priority/Weight {priority}/{weight},");
        write!(out, " Multicast Priority/Weight {multicast_priority}/{multicast_weight}, flags [");
        out.bits(LOCATOR_FLAGS, flags, ", ", format_args!("none"));
        out.text("],");
    }
    Ok(())
}

/// The tunnel router that sent the message and the site it stands in.
fn site(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() < XTR_ID_LEN + 8 {
        return Err(Stop::Truncated);
    }
    let router = c.split(XTR_ID_LEN);
    out.dump_hex("\n    xTR-ID: ", router.bytes());
    router.need(XTR_ID_LEN)?;
    let site = c.u64()?;
    write!(out, "\n    SITE-ID: {site}");
    Ok(())
}
