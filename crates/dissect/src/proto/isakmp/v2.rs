//! IKEv2 messages and payloads (RFC 7296 section 3).

use super::attributes;
use super::names::*;
use super::v1;
use super::{
    Header, PAYLOAD_HEAD, Place, cut, exchange, length_mismatch, open, payload_name, raw, some_data,
    token_or_number,
};
use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

mod payload {
    pub(super) const V1_SECURITY_ASSOCIATION: u8 = 1;
    pub(super) const PROPOSAL: u8 = 2;
    pub(super) const TRANSFORM: u8 = 3;
    pub(super) const V1_NONCE: u8 = 10;
    pub(super) const V1_NOTIFICATION: u8 = 11;
    pub(super) const SECURITY_ASSOCIATION: u8 = 33;
    pub(super) const KEY_EXCHANGE: u8 = 34;
    pub(super) const INITIATOR_ID: u8 = 35;
    pub(super) const RESPONDER_ID: u8 = 36;
    pub(super) const CERTIFICATE: u8 = 37;
    pub(super) const AUTHENTICATION: u8 = 39;
    pub(super) const NONCE: u8 = 40;
    pub(super) const NOTIFICATION: u8 = 41;
    pub(super) const VENDOR: u8 = 43;
    pub(super) const ENCRYPTED: u8 = 46;
    pub(super) const LAST: u8 = 48;
}

/// In a payload's header: a receiver that does not know the payload must refuse the message.
const CRITICAL: u8 = 0x80;

/// Where a payload ends and the next begins; `None` where the rest cannot be followed.
type Next<'a> = Option<Cursor<'a>>;

pub(super) fn print(out: &mut Out, message: Cursor<'_>, c: Cursor<'_>, header: Header) -> Walk {
    const ENCRYPTED: u8 = 1;
    const INITIATOR: u8 = 0x08;
    const VERSION: u8 = 0x10;
    const RESPONSE: u8 = 0x20;
    out.text(if header.message_id == 0 { " parent_sa" } else { " child_sa " });
    exchange(out, header, &[(INITIATOR, "I"), (VERSION, "V"), (RESPONSE, "R")]);
    if out.options.verbose == 0 {
        return Ok(());
    }
    out.text(":");
    if header.flags & ENCRYPTED != 0 {
        out.text(" [encrypted ");
        payload_name(out, header.next_payload);
        out.text("]");
    } else {
        chain(out, c, header.next_payload, Place { header, depth: 0 })?;
    }
    length_mismatch(out, header, message.length());
    Ok(())
}

/// Prints payloads from `first` on until one says that none follows.
pub(super) fn chain<'a>(out: &mut Out, mut c: Cursor<'a>, first: u8, place: Place) -> Walk<Next<'a>> {
    let mut payload = first;
    while payload != 0 {
        let Ok([next, _, high, low]) = c.peek_array::<PAYLOAD_HEAD>(0).copied() else {
            return cut(out, payload);
        };
        let len = usize::from(u16::from_be_bytes([high, low]));
        if !c.has(len) {
            return cut(out, payload);
        }
        open(out, place.depth);
        let inner = Place { depth: place.depth + 1, ..place };
        let mut after = None;
        if len > PAYLOAD_HEAD {
            after = one(out, c.claim(len), payload, inner)?;
        }
        out.text(")");
        let Some(after) = after else { return Ok(None) };
        c = after;
        payload = next;
    }
    Ok(Some(c))
}

/// Prints one payload; `c` stands at its header and claims its length. Payloads of both versions are known
/// in either.
pub(super) fn one<'a>(out: &mut Out, c: Cursor<'a>, payload: u8, place: Place) -> Walk<Next<'a>> {
    match payload {
        payload::SECURITY_ASSOCIATION => return security_association(out, c, place),
        payload::KEY_EXCHANGE => return key_exchange(out, c),
        payload::INITIATOR_ID | payload::RESPONDER_ID => return identification(out, c, payload),
        payload::AUTHENTICATION => return authentication(out, c),
        payload::NONCE => nonce(out, c)?,
        payload::NOTIFICATION => return notification(out, c),
        payload::VENDOR => vendor(out, c)?,
        payload::ENCRYPTED => return encrypted(out, c, place),
        // The arms above are exceptions to this range.
        #[allow(clippy::match_overlapping_arm)]
        payload::CERTIFICATE..=payload::LAST => {
            name(out, &c, payload)?;
            generic(out, &c);
        }
        _ => return v1::one(out, c, payload, place, None),
    }
    Ok(after(c))
}

/// Where the payload ends.
fn after(c: Cursor<'_>) -> Next<'_> {
    Some(c.ahead(c.length()))
}

/// Writes the payload's name and whether it is critical.
fn name(out: &mut Out, c: &Cursor<'_>, payload: u8) -> Walk {
    payload_name(out, payload);
    out.text(if c.peek_u8(1)? & CRITICAL != 0 { "[C]:" } else { ":" });
    Ok(())
}

/// Length and, with `-vvv`, bytes.
fn generic(out: &mut Out, c: &Cursor<'_>) {
    let len = c.length() - PAYLOAD_HEAD;
    out.text(" len=").len(len);
    if out.options.verbose > 2 {
        out.text(" ");
        raw(out, &c.ahead(PAYLOAD_HEAD), len);
    }
}

fn security_association<'a>(out: &mut Out, c: Cursor<'a>, place: Place) -> Walk<Next<'a>> {
    name(out, &c, payload::V1_SECURITY_ASSOCIATION)?;
    write!(out, " len={}", c.length() - PAYLOAD_HEAD);
    let rest = c.ahead(PAYLOAD_HEAD);
    let listed =
        parts(out, rest, payload::PROPOSAL, payload::SECURITY_ASSOCIATION, place, |out, part, _| {
            proposal(out, part, place)
        })?;
    Ok(match listed {
        Listed::Whole(end) => Some(end),
        Listed::Cut(_) => after(c),
        Listed::Lost => None,
    })
}

/// Where a list of proposals or transforms ended.
enum Listed<'a> {
    /// With its last part.
    Whole(Cursor<'a>),
    /// With a part that was cut off; where that would have ended.
    Cut(Cursor<'a>),
    /// With a part of no length or one that could not be followed.
    Lost,
}

/// Prints proposals or transforms, one on each line; others that stand between them only by name.
fn parts<'a>(
    out: &mut Out,
    mut c: Cursor<'a>,
    kind: u8,
    around: u8,
    place: Place,
    mut print: impl FnMut(&mut Out, Cursor<'a>, u16) -> Walk<Next<'a>>,
) -> Walk<Listed<'a>> {
    let mut payload = kind;
    let mut number = 0u16;
    // Proposals end with the association; transforms may run on behind their proposal.
    let end = if kind == payload::PROPOSAL { c.at() + c.length() } else { usize::MAX };
    while payload != 0 {
        let head = c.peek_array::<PAYLOAD_HEAD>(0).ok().filter(|_| c.at() + PAYLOAD_HEAD <= end);
        let Some([next, _, high, low]) = head.copied() else {
            cut(out, around)?;
            return Ok(if kind == payload::PROPOSAL { Listed::Cut(c) } else { Listed::Lost });
        };
        let len = usize::from(u16::from_be_bytes([high, low]));
        number = number.wrapping_add(1);
        if len <= PAYLOAD_HEAD {
            cut(out, around)?;
            return Ok(Listed::Lost);
        }
        if !c.has(len) {
            cut(out, around)?;
            return Ok(Listed::Cut(c.ahead(len)));
        }
        open(out, place.depth);
        let mut after = Some(c.ahead(len));
        if payload == kind {
            after = print(out, c.claim(len), number)?;
        } else {
            payload_name(out, payload);
        }
        let Some(after) = after else { return Ok(Listed::Lost) };
        out.text(")");
        c = after;
        payload = next;
    }
    Ok(Listed::Whole(c))
}

fn proposal<'a>(out: &mut Out, c: Cursor<'a>, place: Place) -> Walk<Next<'a>> {
    name(out, &c, payload::PROPOSAL)?;
    if !c.has(8) {
        return cut(out, payload::PROPOSAL);
    }
    let [number, protocol, spi_len, transforms] = *c.peek_array::<4>(4)?;
    write!(out, " #{number} protoid=");
    token_or_number(out, PROTOCOLS, protocol.into());
    write!(out, " transform={transforms} len={}", c.length());
    let mut rest = c.ahead(8);
    if spi_len != 0 {
        out.text(" spi=");
        if !raw(out, &rest, spi_len.into()) {
            return cut(out, payload::PROPOSAL);
        }
    }
    rest.advance(spi_len.into());
    let place = Place { depth: place.depth + 1, ..place };
    Ok(match parts(out, rest, payload::TRANSFORM, payload::PROPOSAL, place, transform)? {
        Listed::Whole(end) | Listed::Cut(end) => Some(end),
        Listed::Lost => None,
    })
}

fn transform<'a>(out: &mut Out, c: Cursor<'a>, number: u16) -> Walk<Next<'a>> {
    const ENCRYPTION: u8 = 1;
    name(out, &c, payload::TRANSFORM)?;
    if !c.has(8) {
        return cut(out, payload::TRANSFORM);
    }
    let (kind, id) = (c.peek_u8(4)?, c.peek_u16(6)?);
    let names: Option<&Tokens> = match kind {
        ENCRYPTION => Some(ENCRYPTION_ALGORITHMS),
        2 => Some(PSEUDO_RANDOM_FUNCTIONS),
        3 => Some(INTEGRITY_ALGORITHMS),
        4 => Some(GROUPS),
        5 => Some(EXTENDED_SEQUENCE),
        _ => None,
    };
    write!(out, " #{number} type=");
    token_or_number(out, TRANSFORM_TYPES, kind.into());
    out.text(" ");
    attributes::transform_id(out, names, id);
    let mut rest = c.ahead(8);
    let known = if kind == ENCRYPTION { V2_ATTRIBUTES } else { &[] };
    while rest.available() > 0 {
        attributes::print(out, &mut rest, known)?;
    }
    if !c.has(c.length()) {
        out.text("...");
    }
    Ok(Some(rest))
}

fn key_exchange<'a>(out: &mut Out, c: Cursor<'a>) -> Walk<Next<'a>> {
    const LEN: usize = 8;
    if !c.has(LEN) {
        return cut(out, payload::KEY_EXCHANGE);
    }
    name(out, &c, payload::KEY_EXCHANGE)?;
    if c.length() < LEN {
        write!(out, " len={} < {LEN}", c.length());
        return Ok(after(c));
    }
    let len = c.length() - LEN;
    write!(out, " len={len} group=");
    token_or_number(out, GROUPS, c.peek_u16(4)?.into());
    if len > 0 && out.options.verbose > 2 {
        out.text(" ");
        raw(out, &c.ahead(LEN), len);
    }
    Ok(after(c))
}

fn identification<'a>(out: &mut Out, c: Cursor<'a>, payload: u8) -> Walk<Next<'a>> {
    const LEN: usize = 8;
    if !c.has(LEN) {
        return cut(out, payload);
    }
    name(out, &c, payload)?;
    generic(out, &c);
    if c.length() < LEN {
        out.text(" [payload too short]");
        return Ok(after(c));
    }
    let kind = c.peek_u8(4)?;
    let data = c.ahead(LEN);
    let bytes = data.peek(0, data.length())?;
    let name = match kind {
        1 => " ipv4:",
        2 => " fqdn:",
        3 => " rfc822:",
        5 => " ipv6:",
        9 => " dn:",
        10 => " gn:",
        11 => " keyid:",
        _ => return Ok(after(c)),
    };
    out.text(name);
    if matches!(kind, 2 | 3) {
        for byte in bytes {
            out.byte(if byte.is_ascii_graphic() || *byte == b' ' { *byte } else { b'.' });
        }
    } else {
        out.hex_bytes(bytes);
    }
    Ok(after(c))
}

fn authentication<'a>(out: &mut Out, c: Cursor<'a>) -> Walk<Next<'a>> {
    const LEN: usize = 8;
    if !c.has(LEN) {
        return cut(out, payload::AUTHENTICATION);
    }
    name(out, &c, payload::AUTHENTICATION)?;
    let method = c.peek_u8(4)?;
    let len = c.length().saturating_sub(LEN);
    write!(out, " len={} method=", c.length() - PAYLOAD_HEAD);
    token_or_number(out, AUTHENTICATION_METHODS, method.into());
    if out.options.verbose > 1 {
        out.text(" authdata=(");
        raw(out, &c.ahead(LEN), len);
        out.text(") ");
    } else {
        some_data(out, &c.ahead(LEN));
    }
    Ok(after(c))
}

fn nonce(out: &mut Out, c: Cursor<'_>) -> Walk {
    name(out, &c, payload::V1_NONCE)?;
    let len = c.length() - PAYLOAD_HEAD;
    write!(out, " len={len}");
    if out.options.verbose > 1 {
        out.text(" nonce=(");
        raw(out, &c.ahead(PAYLOAD_HEAD), len);
        out.text(") ");
    } else {
        some_data(out, &c.ahead(PAYLOAD_HEAD));
    }
    Ok(())
}

fn notification<'a>(out: &mut Out, c: Cursor<'a>) -> Walk<Next<'a>> {
    const LEN: usize = 8;
    const COOKIE: u16 = 16_390;
    const SHORT_COOKIE: usize = 30;
    if !c.has(LEN) {
        return cut(out, payload::V1_NOTIFICATION);
    }
    name(out, &c, payload::V1_NOTIFICATION)?;
    let [protocol, spi_len] = *c.peek_array::<2>(4)?;
    let kind = c.peek_u16(6)?;
    out.text(" prot_id=");
    token_or_number(out, PROTOCOLS, protocol.into());
    write!(out, " type={kind}(");
    out.text(tokens::name(V2_NOTIFICATIONS, kind.into()).unwrap_or(match kind {
        0..8192 => "error",
        8192..16_384 => "private-error",
        16_384..40_960 => "status",
        _ => "private-status",
    }));
    out.text(")");
    let mut rest = c.ahead(LEN);
    if spi_len != 0 {
        out.text(" spi=");
        if !raw(out, &rest, spi_len.into()) {
            return cut(out, payload::V1_NOTIFICATION);
        }
    }
    rest.advance(spi_len.into());
    if rest.captured() > 0 {
        let whole = kind == COOKIE && rest.captured() < SHORT_COOKIE;
        if whole || out.options.verbose > 3 {
            out.text(" data=(");
            raw(out, &rest, rest.captured());
            out.text(")");
        } else if kind == COOKIE {
            some_data(out, &rest);
        }
    }
    Ok(Some(c.ahead(c.length())))
}

fn vendor(out: &mut Out, c: Cursor<'_>) -> Walk {
    name(out, &c, payload::VENDOR)?;
    let len = c.length() - PAYLOAD_HEAD;
    let bytes = c.peek(PAYLOAD_HEAD, len)?;
    write!(out, " len={len} vid=");
    for byte in bytes.iter() {
        out.byte(if byte.is_ascii_graphic() || *byte == b' ' { *byte } else { b'.' });
    }
    if out.options.verbose > 2 && len > PAYLOAD_HEAD {
        out.text(" ").hex_bytes(bytes);
    }
    Ok(())
}

/// An encrypted payload; what it holds is printed where `-E` gives the keys.
fn encrypted<'a>(out: &mut Out, c: Cursor<'a>, place: Place) -> Walk<Next<'a>> {
    name(out, &c, payload::ENCRYPTED)?;
    let len = c.length() - PAYLOAD_HEAD;
    out.text(" len=").len(len);
    if out.options.verbose > 2 && len > PAYLOAD_HEAD {
        out.text(" ");
        raw(out, &c.ahead(PAYLOAD_HEAD), len);
    }
    const INITIATOR: u8 = 0x08;
    let header = place.header;
    let next = c.peek_u8(0)?;
    let body = c.peek(PAYLOAD_HEAD, len)?;
    let plaintext = out.ipsec.decrypt_ike(
        header.flags & INITIATOR != 0,
        header.initiator_cookie,
        header.responder_cookie,
        body,
    );
    if let Some(plaintext) = plaintext {
        let inner = Place { depth: place.depth + 1, ..place };
        out.nest(|out| chain(out, Cursor::over(&plaintext), next, inner).map(|_| ()))?;
    }
    // Whatever the header says to follow lies inside.
    Ok(None)
}
