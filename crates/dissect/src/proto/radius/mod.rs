//! Remote Authentication Dial In User Service (RFC 2865, RFC 2866, RFC 2868, RFC 2869, RFC 3162, RFC 5176).

mod attributes;
mod values;

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const COMMANDS: &Tokens = &[
    (1, "Access-Request"),
    (2, "Access-Accept"),
    (3, "Access-Reject"),
    (4, "Accounting-Request"),
    (5, "Accounting-Response"),
    (11, "Access-Challenge"),
    (12, "Status-Server"),
    (13, "Status-Client"),
    (40, "Disconnect-Request"),
    (41, "Disconnect-ACK"),
    (42, "Disconnect-NAK"),
    (43, "CoA-Request"),
    (44, "CoA-ACK"),
    (45, "CoA-NAK"),
    (255, "Reserved"),
];

const HEADER_LEN: usize = 20;

/// Prints a RADIUS packet.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("RADIUS");
    let claimed = c.length();
    if claimed < HEADER_LEN {
        return out.disagree("length", claimed, "<", HEADER_LEN);
    }
    let whole = c;
    let (code, identifier) = (c.u8()?, c.u8()?);
    let length = usize::from(c.u16()?);
    out.field("code", code);
    out.field("identifier", identifier);
    out.field("length", length);
    if length < HEADER_LEN {
        return out.disagree("length", length, "<", HEADER_LEN);
    }
    if length > claimed {
        return out.disagree("length", length, ">", claimed);
    }
    if out.options.verbose == 0 {
        out.text(", ");
        out.token(COMMANDS, code, format_args!("Unknown Command"));
        write!(out, " ({code}), id: 0x{identifier:02x}, length: {length}");
        return Ok(());
    }
    write!(out, ", length: {length}\n\t");
    out.token(COMMANDS, code, format_args!("Unknown Command"));
    write!(out, " ({code}), id: 0x{identifier:02x}, Authenticator: ");
    for _ in 4..HEADER_LEN {
        out.hex(c.u8()?, 2);
    }
    let attributes = whole.ahead(HEADER_LEN).claim(length - HEADER_LEN);
    attributes::print(out, attributes)
}
