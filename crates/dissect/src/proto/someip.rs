//! Scalable service-Oriented MiddlewarE over IP (AUTOSAR's SOME/IP protocol specification).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const MESSAGES: &Tokens = &[
    (0x00, "REQUEST"),
    (0x01, "REQUEST_NO_RETURN"),
    (0x02, "NOTIFICATION"),
    (0x80, "RESPONSE"),
    (0x81, "ERROR"),
    (0x20, "TP_REQUEST"),
    (0x21, "TP_REQUEST_NO_RETURN"),
    (0x22, "TP_NOTIFICATION"),
    (0xa0, "TP_RESPONSE"),
    (0xa1, "TP_ERROR"),
];

const RETURN_CODES: &Tokens = &[
    (0x00, "E_OK"),
    (0x01, "E_NOT_OK"),
    (0x02, "E_UNKNOWN_SERVICE"),
    (0x03, "E_UNKNOWN_METHOD"),
    (0x04, "E_NOT_READY"),
    (0x05, "E_NOT_REACHABLE"),
    (0x06, "E_TIMEOUT"),
    (0x07, "E_WRONG_PROTOCOL_VERSION"),
    (0x08, "E_WRONG_INTERFACE_VERSION"),
    (0x09, "E_MALFORMED_MESSAGE"),
    (0x0a, "E_WRONG_MESSAGE_TYPE"),
    (0x0b, "E_E2E_REPEATED"),
    (0x0c, "E_E2E_WRONG_SEQUENCE"),
    (0x0d, "E_E2E"),
    (0x0e, "E_E2E_NOT_AVAILABLE"),
    (0x0f, "E_E2E_NO_NEW_DATA"),
];

const HEADER_LEN: usize = 16;
/// In the number of a method: it is an event.
const EVENT: u16 = 0x8000;

/// Prints a message's header.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("SOMEIP");
    if c.length() < HEADER_LEN {
        return out.disagree("length", c.length(), "<", HEADER_LEN);
    }
    let (service, method) = (c.u16()?, c.u16()?);
    out.field("service", service);
    out.field("method", method);
    let kind = if method & EVENT != 0 { "event" } else { "method" };
    write!(out, ", service {service}, {kind} {}", method & !EVENT);
    let length = c.u32()?;
    write!(out, ", len {length}");
    let (client, session) = (c.u16()?, c.u16()?);
    write!(out, ", client {client}, session {session}");
    let version = c.u8()?;
    write!(out, ", pver {version}");
    let interface = c.u8()?;
    write!(out, ", iver {interface}");
    let kind = c.u8()?;
    out.field("message_type", kind);
    out.text(", msgtype ");
    out.token(MESSAGES, kind, format_args!("Unknown"));
    let code = c.u8()?;
    out.field("return_code", code);
    out.text(", retcode ");
    out.token(RETURN_CODES, code, format_args!("Unknown"));
    Ok(())
}
