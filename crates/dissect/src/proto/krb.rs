//! Kerberos: version 4 (MIT's Kerberos protocol of 1987) in full, version 5 (RFC 4120) by name.

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const MESSAGES: &Tokens = &[
    (2, "KDC_REQUEST"),
    (4, "KDC_REPLY"),
    (6, "APPL_REQUEST"),
    (8, "APPL_REQUEST_MUTUAL"),
    (10, "ERR_REPLY"),
    (12, "PRIVATE"),
    (14, "SAFE"),
    (16, "APPL_ERR"),
    (126, "DIE"),
];

const ERRORS: &Tokens = &[
    (0, "OK"),
    (1, "NAME_EXP"),
    (2, "SERVICE_EXP"),
    (3, "AUTH_EXP"),
    (4, "PKT_VER"),
    (5, "NAME_MAST_KEY_VER"),
    (6, "SERV_MAST_KEY_VER"),
    (7, "BYTE_ORDER"),
    (8, "PRINCIPAL_UNKNOWN"),
    (9, "PRINCIPAL_NOT_UNIQUE"),
    (10, "NULL_KEY"),
];

mod message {
    pub(super) const KDC_REQUEST: u8 = 2;
    pub(super) const KDC_REPLY: u8 = 4;
    pub(super) const APPL_REQUEST: u8 = 6;
    pub(super) const ERR_REPLY: u8 = 10;
}

/// Tags of version 5: the requests to the authentication and to the ticket-granting service.
const VERSION_5: [u8; 2] = [106, 107];
/// Minutes that one unit of a lifetime stands for.
const LIFETIME_UNIT: u32 = 5;

/// Prints a message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text("kerberos");
    let version = c.peek_u8(0)?;
    match version {
        1..=3 => write!(out, " v{version}"),
        4 => {
            write!(out, " v{version}");
            return print_4(out, c.ahead(1));
        }
        _ if VERSION_5.contains(&version) => _ = out.text(" v5"),
        _ => return Ok(()),
    }
    out.field("version", version);
    Ok(())
}

/// Version 4: the lowest bit of the type is the byte order.
fn print_4(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let first = c.u8()?;
    let (kind, little_endian) = (first & !1, first & 1 != 0);
    out.field("type", kind);
    out.text(if little_endian { " le " } else { " be " });
    out.token(MESSAGES, kind, format_args!("#{kind}"));
    out.text(": ");
    let u16_of = |c: &mut Cursor<'_>| if little_endian { c.u16_le() } else { c.u16() };
    match kind {
        message::KDC_REQUEST => {
            principal(out, &mut c)?;
            c.advance(4);
            let lifetime = u32::from(c.u8()?) * LIFETIME_UNIT;
            write!(out, " {lifetime}min ");
            text(out, &mut c)?;
            out.text(".");
            text(out, &mut c)
        }
        message::KDC_REPLY => {
            principal(out, &mut c)?;
            c.advance(10);
            write!(out, " ({})", u16_of(&mut c)?);
            Ok(())
        }
        message::APPL_REQUEST => {
            write!(out, "v{} ", c.u8()?);
            text(out, &mut c)?;
            write!(out, " ({})", c.u8()?);
            write!(out, " ({})", c.u8()?);
            Ok(())
        }
        message::ERR_REPLY => {
            principal(out, &mut c)?;
            c.advance(4);
            let mut code = c;
            let error = u16_of(&mut code)?;
            out.text(" ");
            out.token(ERRORS, error, format_args!("#{error}"));
            out.text(" ");
            c.advance(4);
            text(out, &mut c)
        }
        _ => {
            out.text("(unknown)");
            Ok(())
        }
    }
}

/// Name, instance and realm.
fn principal(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    text(out, c)?;
    out.text(".");
    text(out, c)?;
    out.text("@");
    text(out, c)
}

fn text(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let rest = c.captured();
    out.escaped_terminated(c, rest)
}
