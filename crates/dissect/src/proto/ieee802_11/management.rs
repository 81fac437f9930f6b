//! Bodies of management frames (IEEE 802.11-2016 section 9.3.3).

use super::elements::Elements;
use super::encrypted;
use super::header::{self, Control};
use super::names::*;
use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

/// Subtypes.
mod subtype {
    pub(super) const ASSOCIATION_REQUEST: u8 = 0;
    pub(super) const ASSOCIATION_RESPONSE: u8 = 1;
    pub(super) const REASSOCIATION_REQUEST: u8 = 2;
    pub(super) const REASSOCIATION_RESPONSE: u8 = 3;
    pub(super) const PROBE_REQUEST: u8 = 4;
    pub(super) const PROBE_RESPONSE: u8 = 5;
    pub(super) const BEACON: u8 = 8;
    pub(super) const DISASSOCIATION: u8 = 10;
    pub(super) const AUTHENTICATION: u8 = 11;
    pub(super) const DEAUTHENTICATION: u8 = 12;
    pub(super) const ACTION: u8 = 13;
}

/// Bits of the capability information.
const ESS: u16 = 0x0001;
const PRIVACY: u16 = 0x0010;

/// Of an association identifier; its two upper bits are always set (section 9.4.1.8).
const IDENTIFIER: u16 = 0x3fff;

/// Bytes of time stamp and interval before a beacon's capabilities.
const BEACON_TIMES_LEN: usize = 10;

/// Prints what a management frame says.
pub(super) fn body(out: &mut Out, control: Control, frame: Cursor<'_>, c: Cursor<'_>) -> Walk {
    let subtype = control.subtype();
    out.token(MANAGEMENT_SUBTYPES, subtype, format_args!("Unhandled Management subtype({subtype:x})"));
    if control.is_protected() {
        return encrypted(out, c);
    }
    match subtype {
        subtype::ASSOCIATION_REQUEST => association_request(out, c),
        subtype::REASSOCIATION_REQUEST => reassociation_request(out, c),
        subtype::ASSOCIATION_RESPONSE | subtype::REASSOCIATION_RESPONSE => association_response(out, c),
        subtype::PROBE_REQUEST => probe_request(out, c),
        subtype::PROBE_RESPONSE => beacon(out, c, false),
        subtype::BEACON => beacon(out, c, true),
        subtype::DISASSOCIATION => reason(out, c, None),
        subtype::DEAUTHENTICATION => reason(out, c, Some(header::sender(frame)?)),
        subtype::AUTHENTICATION => authentication(out, c),
        subtype::ACTION => action(out, frame, c),
        _ => Ok(()),
    }
}

/// Prints a beacon, or the answer to a probe, which does not tell the kind of network.
fn beacon(out: &mut Out, mut c: Cursor<'_>, tells_network: bool) -> Walk {
    c.skip(BEACON_TIMES_LEN)?;
    let capabilities = c.u16_le()?;
    out.field("capabilities", capabilities);
    let (elements, walk) = Elements::read(c);
    elements.ssid(out);
    elements.rates(out);
    if tells_network {
        out.text(if capabilities & ESS != 0 { " ESS" } else { " IBSS" });
    }
    elements.channel(out);
    if capabilities & PRIVACY != 0 {
        out.text(", PRIVACY");
    }
    elements.mesh_id(out);
    walk
}

fn probe_request(out: &mut Out, c: Cursor<'_>) -> Walk {
    let (elements, walk) = Elements::read(c);
    elements.ssid(out);
    elements.rates(out);
    walk
}

fn association_request(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    // Capabilities and how often the station listens.
    c.skip(4)?;
    probe_request(out, c)
}

fn reassociation_request(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    c.skip(4)?;
    let access_point = *c.array()?;
    let (elements, walk) = Elements::read(c);
    elements.ssid(out);
    out.text(" AP : ").ether_host(access_point);
    walk
}

fn association_response(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (capabilities, status, identifier) = (c.u16_le()?, c.u16_le()?, c.u16_le()?);
    let (_, walk) = Elements::read(c);
    out.field("status", status);
    write!(out, " AID({:x}) :", identifier & IDENTIFIER);
    if capabilities & PRIVACY != 0 {
        out.text(" PRIVACY ");
    }
    out.text(": ").text(status_name(status));
    walk
}

/// Why a station is put off; `sender` is told where the header was not.
fn reason(out: &mut Out, mut c: Cursor<'_>, sender: Option<[u8; 6]>) -> Walk {
    let reason = c.u16_le()?;
    out.field("reason", reason);
    if let Some(sender) = sender.filter(|_| !out.options.link_header) {
        out.text(" (").ether_host(sender).text(")");
    }
    out.text(": ").text(tokens::name(REASON_CODES, reason.into()).unwrap_or("Reserved"));
    Ok(())
}

/// The algorithm that has a challenge in its second and third message.
const SHARED_KEY: u16 = 1;

fn authentication(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (algorithm, sequence, status) = (c.u16_le()?, c.u16_le()?, c.u16_le()?);
    let (_, walk) = Elements::read(c);
    out.field("algorithm", algorithm);
    out.field("status", status);
    out.text(" (");
    out.token(AUTHENTICATION_ALGORITHMS, algorithm, format_args!("Reserved"));
    write!(out, ")-{sequence:x}");
    let is_challenge = algorithm == SHARED_KEY && matches!(sequence, 2 | 3);
    out.text(if is_challenge { " [Challenge Text] " } else { ": " });
    // Messages with an even number ask, so that their status means nothing.
    if sequence % 2 == 1 {
        out.text(status_name(status));
    }
    walk
}

fn status_name(status: u16) -> &'static str {
    tokens::name(STATUS_CODES, status.into()).unwrap_or("n/a")
}

fn action(out: &mut Out, frame: Cursor<'_>, mut c: Cursor<'_>) -> Walk {
    let (category, action) = (c.u8()?, c.u8()?);
    out.field("category", category);
    out.field("action", action);
    if !out.options.link_header {
        let sender = header::sender(frame)?;
        out.text(" (").ether_host(sender).text(")");
    }
    out.text(": ");
    out.token(ACTION_CATEGORIES, category, format_args!("Reserved({category})"));
    out.text(" ");
    let names: &Tokens = match category {
        3 => BLOCK_ACK_ACTIONS,
        7 => HIGH_THROUGHPUT_ACTIONS,
        13 => MESH_ACTIONS,
        14 => MULTIHOP_ACTIONS,
        15 => SELF_PROTECTED_ACTIONS,
        _ => &[],
    };
    out.token(names, action, format_args!("Act#{action}"));
    Ok(())
}
