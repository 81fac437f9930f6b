//! Extensible Authentication Protocol (RFC 3748, methods RFC 4186, RFC 4187, RFC 5216, RFC 5281, RFC 4851).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const FRAMES: &Tokens = &[
    (0, "EAP packet"),
    (1, "EAPOL start"),
    (2, "EAPOL logoff"),
    (3, "EAPOL key"),
    (4, "Encapsulated ASF alert"),
];

/// The frame that carries an EAP packet.
const EAP_PACKET: u8 = 0;

const CODES: &Tokens = &[(1, "Request"), (2, "Response"), (3, "Success"), (4, "Failure")];

const METHODS: &Tokens = &[
    (0, "No proposed"),
    (1, "Identity"),
    (2, "Notification"),
    (3, "Nak"),
    (4, "MD5-challenge"),
    (5, "OTP"),
    (6, "GTC"),
    (13, "TLS"),
    (18, "SIM"),
    (21, "TTLS"),
    (23, "AKA"),
    (43, "FAST"),
    (254, "Expanded types"),
    (255, "Experimental"),
];

const TLS_FLAGS: &Tokens = &[(128, "L bit"), (64, "More fragments bit"), (32, "Start bit")];

const SUBTYPES: &Tokens = &[
    (1, "Challenge"),
    (2, "Auth reject"),
    (4, "Sync failure"),
    (5, "Identity"),
    (10, "Start"),
    (11, "Challenge"),
    (12, "Notification"),
    (13, "Reauth"),
    (14, "Client error"),
];

mod method {
    pub(super) const IDENTITY: u8 = 1;
    pub(super) const NOTIFICATION: u8 = 2;
    pub(super) const NAK: u8 = 3;
    pub(super) const TLS: u8 = 13;
    pub(super) const SIM: u8 = 18;
    pub(super) const TTLS: u8 = 21;
    pub(super) const AKA: u8 = 23;
    pub(super) const FAST: u8 = 43;
}

/// Bytes before the method of a request or a response.
const HEADER_LEN: usize = 4;
/// The flag of TLS methods that says that the length of the whole message follows.
const LENGTH_INCLUDED: u8 = 0x80;

/// Prints a frame of EAP over LANs (IEEE 802.1X section 11).
pub(crate) fn print_over_lan(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let ([version, kind], length) = (*c.array()?, c.u16()?);
    out.field("version", version);
    out.field("type", kind);
    out.token(FRAMES, kind, format_args!("unknown"));
    write!(out, " ({kind}) v{version}, len {length}");
    if out.options.verbose > 0 && kind == EAP_PACKET {
        out.text(", ");
        return print(out, c.claim(length.into()));
    }
    Ok(())
}

/// Prints an EAP packet, or says that it may be the later part of one.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let mut header = c;
    let (code, identifier, length) = (header.u8()?, header.u8()?, usize::from(header.u16()?));
    if length != c.length() {
        out.text("EAP fragment?");
        return Ok(());
    }
    out.field("code", code);
    out.field("identifier", identifier);
    out.token(CODES, code, format_args!("unknown"));
    write!(out, " ({code}), id {identifier}, len {length}");
    c.need(length)?;
    if !matches!(code, 1 | 2) {
        return Ok(());
    }
    at_least(out, length, HEADER_LEN + 1)?;
    let mut c = c.clip(length).ahead(HEADER_LEN);
    let kind = c.u8()?;
    out.field("method", kind);
    out.text("\n\t\t Type ");
    method_name(out, kind);
    method(out, c, kind, length)
}

/// Complains unless a packet of `length` bytes has room for `needed`.
fn at_least(out: &mut Out, length: usize, needed: usize) -> Walk {
    if length < needed { out.disagree("length", length, "<", needed) } else { Ok(()) }
}

fn method_name(out: &mut Out, kind: u8) {
    out.token(METHODS, kind, format_args!("unknown"));
    write!(out, " ({kind})");
}

fn method(out: &mut Out, mut c: Cursor<'_>, kind: u8, length: usize) -> Walk {
    match kind {
        method::IDENTITY if c.length() > 0 => {
            out.text(", Identity: ");
            let count = c.length();
            out.escaped_take(&mut c, count)
        }
        method::NOTIFICATION => {
            at_least(out, length, HEADER_LEN + 2)?;
            out.text(", Notification: ");
            let count = c.length();
            out.escaped_take(&mut c, count)
        }
        method::NAK => {
            at_least(out, length, HEADER_LEN + 2)?;
            let mut before = " ";
            while c.length() > 0 {
                let wanted = c.u8()?;
                out.text(before);
                method_name(out, wanted);
                before = ", ";
            }
            Ok(())
        }
        method::TLS | method::TTLS | method::FAST => tls(out, c, kind, length),
        method::SIM | method::AKA => {
            at_least(out, length, HEADER_LEN + 2)?;
            let subtype = c.u8()?;
            out.text(" subtype [");
            out.token(SUBTYPES, subtype, format_args!("unknown"));
            write!(out, "] 0x{subtype:02x}");
            Ok(())
        }
        _ => Ok(()),
    }
}

fn tls(out: &mut Out, mut c: Cursor<'_>, kind: u8, length: usize) -> Walk {
    at_least(out, length, HEADER_LEN + 2)?;
    let flags = c.u8()?;
    match kind {
        method::TTLS => write!(out, " TTLSv{}", flags & 7),
        method::FAST => write!(out, " FASTv{}", flags & 7),
        _ => {}
    }
    out.text(" flags [");
    out.bits(TLS_FLAGS, flags, ", ", format_args!("none"));
    write!(out, "] 0x{flags:02x}");
    if flags & LENGTH_INCLUDED != 0 {
        at_least(out, length, HEADER_LEN + 6)?;
        write!(out, ", len {}", c.u32()?);
    }
    Ok(())
}
