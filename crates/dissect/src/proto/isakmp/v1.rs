//! IKEv1 messages and payloads (RFC 2408 section 3, RFC 2407, RFC 2409).

use super::attributes;
use super::cookies::Side;
use super::names::*;
use super::v2;
use super::{
    Header, PAYLOAD_HEAD, Place, cut, exchange, length_mismatch, open, payload_name, raw, some_data,
    token_or_number,
};
use crate::Out;
use crate::proto::names::protocol_name;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

mod payload {
    pub(super) const SECURITY_ASSOCIATION: u8 = 1;
    pub(super) const PROPOSAL: u8 = 2;
    pub(super) const TRANSFORM: u8 = 3;
    pub(super) const KEY_EXCHANGE: u8 = 4;
    pub(super) const IDENTIFICATION: u8 = 5;
    pub(super) const CERTIFICATE: u8 = 6;
    pub(super) const CERTIFICATE_REQUEST: u8 = 7;
    pub(super) const HASH: u8 = 8;
    pub(super) const SIGNATURE: u8 = 9;
    pub(super) const NONCE: u8 = 10;
    pub(super) const NOTIFICATION: u8 = 11;
    pub(super) const DELETE: u8 = 12;
    pub(super) const VENDOR: u8 = 13;
    pub(super) const FIRST_V2: u8 = 33;
    pub(super) const LAST_V2: u8 = 48;
}

/// Domain of interpretation: IPsec.
const IPSEC: u32 = 1;

/// Where a payload ends and the next begins; `None` where the rest cannot be followed.
type Next<'a> = Option<Cursor<'a>>;

pub(super) fn print(out: &mut Out, message: Cursor<'_>, c: Cursor<'_>, header: Header) -> Walk {
    const ENCRYPTED: u8 = 1;
    const COMMIT: u8 = 2;
    out.text(if header.message_id == 0 { " phase 1" } else { " phase 2/others" });
    let network = out.context.network;
    let cookies = &mut out.state.isakmp;
    let side = if !cookies.knows(header.initiator_cookie) && header.responder_cookie == [0; 8] {
        cookies.record(header.initiator_cookie, network);
        Some(Side::Initiator)
    } else {
        cookies.side(header.initiator_cookie, network)
    };
    out.text(match side {
        Some(Side::Initiator) => " I",
        Some(Side::Responder) => " R",
        None => " ?",
    });
    exchange(out, header, &[(ENCRYPTED, "E"), (COMMIT, "C")]);
    if out.options.verbose == 0 {
        return Ok(());
    }
    out.text(":");
    if header.flags & ENCRYPTED != 0 {
        out.text(" [encrypted ");
        payload_name(out, header.next_payload);
        out.text("]");
    } else {
        chain(out, c, header.next_payload, Place { header, depth: 0 }, None)?;
    }
    length_mismatch(out, header, message.length());
    Ok(())
}

/// Prints payloads from `first` on until one says that none follows. `proposal` is the protocol that the
/// proposal around transforms is for.
fn chain<'a>(
    out: &mut Out,
    mut c: Cursor<'a>,
    first: u8,
    place: Place,
    proposal: Option<u8>,
) -> Walk<Next<'a>> {
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
            after = one(out, c.claim(len), payload, inner, proposal)?;
        }
        out.text(")");
        let Some(after) = after else { return Ok(None) };
        // The printers of payloads move on by at least their header.
        c = after;
        payload = next;
    }
    Ok(Some(c))
}

/// Prints one payload; `c` stands at its header and claims its length. Payloads of both versions are known
/// in either.
pub(super) fn one<'a>(
    out: &mut Out,
    c: Cursor<'a>,
    payload: u8,
    place: Place,
    proposal: Option<u8>,
) -> Walk<Next<'a>> {
    if (payload::FIRST_V2..=payload::LAST_V2).contains(&payload) {
        return v2::one(out, c, payload, place);
    }
    payload_name(out, payload);
    if payload <= payload::VENDOR {
        out.text(":");
    }
    match payload {
        payload::SECURITY_ASSOCIATION => security_association(out, c, place),
        payload::PROPOSAL => self::proposal(out, c, place),
        payload::TRANSFORM => transform(out, c, proposal),
        payload::KEY_EXCHANGE => plain(out, c, " key len="),
        payload::IDENTIFICATION => identification(out, c),
        payload::CERTIFICATE | payload::CERTIFICATE_REQUEST => certificate(out, c, payload),
        payload::HASH | payload::SIGNATURE | payload::VENDOR => plain(out, c, " len="),
        payload::NONCE => nonce(out, c),
        payload::NOTIFICATION => notification(out, c),
        payload::DELETE => delete(out, c),
        _ => Ok(Some(c.ahead(c.length()))),
    }
}

fn security_association<'a>(out: &mut Out, c: Cursor<'a>, place: Place) -> Walk<Next<'a>> {
    const IDENTITY: u32 = 1;
    if !c.has(12) {
        return cut(out, payload::SECURITY_ASSOCIATION);
    }
    let (domain, situation) = (c.peek_u32(4)?, c.peek_u32(8)?);
    if domain != IPSEC {
        write!(out, " doi={domain} situation={situation}");
        return Ok(Some(c.ahead(12)));
    }
    out.text(" doi=ipsec situation=");
    let mut between = "";
    for (bit, name) in [(IDENTITY, "identity"), (2, "secrecy"), (4, "integrity")] {
        if situation & bit != 0 {
            out.text(between).text(name);
            between = "+";
        }
    }
    let mut rest = c.ahead(12);
    if situation != IDENTITY {
        // The original shows the domain once more.
        write!(out, " ident={domain}");
        rest.advance(4);
    }
    if !rest.has(PAYLOAD_HEAD) {
        return cut(out, payload::SECURITY_ASSOCIATION);
    }
    chain(out, rest, payload::PROPOSAL, place, None)
}

fn proposal<'a>(out: &mut Out, c: Cursor<'a>, place: Place) -> Walk<Next<'a>> {
    if !c.has(8) {
        return cut(out, payload::PROPOSAL);
    }
    let [number, protocol, spi_len, transforms] = *c.peek_array::<4>(4)?;
    write!(out, " #{number} protoid=");
    token_or_number(out, PROTOCOLS, protocol.into());
    write!(out, " transform={transforms}");
    let mut rest = c.ahead(8);
    if spi_len != 0 {
        out.text(" spi=");
        if !raw(out, &rest, spi_len.into()) {
            return cut(out, payload::PROPOSAL);
        }
    }
    rest.advance(spi_len.into());
    if !rest.has(PAYLOAD_HEAD) {
        return cut(out, payload::PROPOSAL);
    }
    chain(out, rest, payload::TRANSFORM, place, Some(protocol))
}

fn transform<'a>(out: &mut Out, c: Cursor<'a>, protocol: Option<u8>) -> Walk<Next<'a>> {
    if !c.has(8) {
        return cut(out, payload::TRANSFORM);
    }
    let [number, id, ..] = *c.peek_array::<4>(4)?;
    let (names, known): (Option<&Tokens>, _) = match protocol {
        Some(1) => (Some(IKE_TRANSFORMS), IKE_ATTRIBUTES),
        Some(2) => (Some(AH_TRANSFORMS), IPSEC_ATTRIBUTES),
        Some(3) => (Some(ENCRYPTION_ALGORITHMS), IPSEC_ATTRIBUTES),
        Some(4) => (Some(COMPRESSION_ALGORITHMS), IPSEC_ATTRIBUTES),
        _ => (None, &[][..]),
    };
    write!(out, " #{number} ");
    attributes::transform_id(out, names, id.into());
    let mut rest = c.ahead(8);
    while rest.available() > 0 {
        attributes::print(out, &mut rest, known)?;
    }
    if !c.has(c.length()) {
        out.text("...");
    }
    Ok(Some(rest))
}

/// A payload of which only the length is told, and the bytes with `-vvv`.
fn plain<'a>(out: &mut Out, c: Cursor<'a>, name: &str) -> Walk<Next<'a>> {
    let len = c.length() - PAYLOAD_HEAD;
    out.text(name).len(len);
    bytes(out, &c, PAYLOAD_HEAD, len);
    Ok(Some(c.ahead(c.length())))
}

/// Shows `len` bytes from `at` on with `-vvv`; they were seen to be there.
fn bytes(out: &mut Out, c: &Cursor<'_>, at: usize, len: usize) {
    if out.options.verbose > 2 && len > 0 {
        out.text(" ");
        raw(out, &c.ahead(at), len);
    }
}

fn identification<'a>(out: &mut Out, c: Cursor<'a>) -> Walk<Next<'a>> {
    const LEN: usize = 8;
    if !c.has(LEN) {
        return cut(out, payload::IDENTIFICATION);
    }
    let [kind, protocol, port_high, port_low] = *c.peek_array::<4>(4)?;
    let mut data = c.ahead(LEN);
    out.text(" idtype=");
    token_or_number(out, IPSEC_IDENTITIES, kind.into());
    // Zero stands for any protocol, not for the one of that number.
    match protocol_name(protocol) {
        Some(name) if protocol != 0 && !out.options.numeric => write!(out, " protoid={name}"),
        _ => write!(out, " protoid={protocol}"),
    }
    write!(out, " port={}", u16::from_be_bytes([port_high, port_low]));
    if data.length() > 0 && ipsec_identity(out, data, kind)? {
        data = data.claim(0);
    }
    if data.length() > 0 {
        write!(out, " len={}", data.length());
        bytes(out, &data, 0, data.length());
    }
    Ok(Some(c.ahead(c.length())))
}

/// Prints an identity of the IPsec domain; false where its bytes say nothing to people.
fn ipsec_identity(out: &mut Out, c: Cursor<'_>, kind: u8) -> Walk<bool> {
    let len = c.length();
    let least = match kind {
        1 => 4,
        4 | 7 => 8,
        5 => 16,
        6 | 8 => 32,
        2 | 3 => 0,
        _ => return Ok(false),
    };
    if len < least {
        write!(out, " len={len} [bad: < {least}]");
        return Ok(true);
    }
    write!(out, " len={len} ");
    let mut rest = c;
    match kind {
        1 => {
            out.host4(*rest.array()?);
        }
        4 => {
            out.host4(*rest.array()?).text("/");
            out.ipv4(*rest.array()?);
        }
        5 => {
            out.host6(*rest.array()?);
        }
        6 => {
            out.host6(*rest.array()?).text("/0x").hex_bytes(rest.take(16)?);
        }
        7 => {
            out.host4(*rest.array()?).text("-");
            out.host4(*rest.array()?);
        }
        8 => {
            out.host6(*rest.array()?).text("-");
            out.host6(*rest.array()?);
        }
        _ => {
            out.escaped(rest.take(len)?);
        }
    }
    Ok(true)
}

fn certificate<'a>(out: &mut Out, c: Cursor<'a>, payload: u8) -> Walk<Next<'a>> {
    const LEN: usize = 6;
    if !c.has(LEN) {
        return cut(out, payload);
    }
    let len = c.length() - PAYLOAD_HEAD;
    let encoding = c.peek_u8(4)?;
    write!(out, " len={len} type=");
    token_or_number(out, CERTIFICATES, encoding.into());
    bytes(out, &c, PAYLOAD_HEAD, len);
    Ok(Some(c.ahead(c.length())))
}

fn nonce<'a>(out: &mut Out, c: Cursor<'a>) -> Walk<Next<'a>> {
    let len = c.length() - PAYLOAD_HEAD;
    write!(out, " n len={len}");
    if out.options.verbose > 2 {
        bytes(out, &c, PAYLOAD_HEAD, len);
    } else if out.options.verbose > 1 {
        out.text(" ");
        some_data(out, &c.ahead(PAYLOAD_HEAD));
    }
    Ok(Some(c.ahead(c.length())))
}

/// The name of a notification, from the table for its range.
fn notification_type(out: &mut Out, kind: u16, ipsec: bool) {
    let (names, base): (&Tokens, u16) = match kind {
        0..8192 => (ERRORS, 0),
        16384..24576 => (STATUSES, 16384),
        8192..16384 if ipsec => (IPSEC_ERRORS, 8192),
        24576..32768 if ipsec => (IPSEC_STATUSES, 24576),
        _ => (&[], 0),
    };
    out.text(" type=");
    token_or_number(out, names, (kind - base).into());
}

fn notification<'a>(out: &mut Out, c: Cursor<'a>) -> Walk<Next<'a>> {
    const LEN: usize = 12;
    const RESPONDER_LIFETIME: u16 = 24576;
    const REPLAY_STATUS: u16 = 24577;
    if !c.has(LEN) {
        return cut(out, payload::NOTIFICATION);
    }
    let (domain, kind) = (c.peek_u32(4)?, c.peek_u16(10)?);
    let [protocol, spi_len] = *c.peek_array::<2>(8)?;
    let ipsec = domain == IPSEC;
    if ipsec {
        out.text(" doi=ipsec proto=");
        token_or_number(out, PROTOCOLS, protocol.into());
    } else {
        write!(out, " doi={domain} proto={protocol}");
    }
    notification_type(out, kind, ipsec);
    let mut rest = c.ahead(LEN);
    if spi_len != 0 {
        out.text(" spi=");
        if !raw(out, &rest, spi_len.into()) {
            return cut(out, payload::NOTIFICATION);
        }
    }
    rest.advance(spi_len.into());
    if !ipsec {
        return Ok(Some(rest));
    }
    if rest.captured() > 0 {
        match kind {
            RESPONDER_LIFETIME => {
                out.text(" attrs=(");
                while rest.available() > 0 {
                    attributes::print(out, &mut rest, IKE_ATTRIBUTES)?;
                }
                out.text(")");
            }
            REPLAY_STATUS => {
                out.text(" status=(");
                let state = if rest.peek_u32(0)? != 0 { "en" } else { "dis" };
                write!(out, "replay detection {state}abled)");
            }
            _ if out.options.verbose > 3 => {
                out.text(" data=(");
                raw(out, &rest, rest.captured());
                out.text(")");
            }
            _ => some_data(out, &rest),
        }
    }
    Ok(Some(c.ahead(c.length())))
}

fn delete<'a>(out: &mut Out, c: Cursor<'a>) -> Walk<Next<'a>> {
    const LEN: usize = 12;
    if !c.has(LEN) {
        return cut(out, payload::DELETE);
    }
    let domain = c.peek_u32(4)?;
    let [protocol, spi_len, high, low] = *c.peek_array::<4>(8)?;
    if domain == IPSEC {
        out.text(" doi=ipsec proto=");
        token_or_number(out, PROTOCOLS, protocol.into());
    } else {
        write!(out, " doi={domain} proto={protocol}");
    }
    let count = u16::from_be_bytes([high, low]);
    write!(out, " spilen={spi_len} nspi={count} spi=");
    let mut rest = c.ahead(LEN);
    for number in 0..count {
        if number != 0 {
            out.text(",");
        }
        if !raw(out, &rest, spi_len.into()) {
            return cut(out, payload::DELETE);
        }
        rest.advance(spi_len.into());
    }
    Ok(Some(rest))
}
