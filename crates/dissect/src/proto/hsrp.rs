//! Cisco Hot Standby Router Protocol (RFC 2281).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const STATES: &Tokens =
    &[(0, "initial"), (1, "learn"), (2, "listen"), (4, "speak"), (8, "standby"), (16, "active")];

const OPERATIONS: &Tokens = &[(0, "hello"), (1, "coup"), (2, "resign")];

/// Bytes of the password.
const AUTHENTICATION_LEN: usize = 8;

/// Prints a message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text("HSRP");
    let version = c.peek_u8(0)?;
    out.field("version", version);
    write!(out, "v{version}");
    if version != 0 {
        return Ok(());
    }
    out.text("-");
    let operation = c.peek_u8(1)?;
    out.field("operation", operation);
    out.token(OPERATIONS, operation, format_args!("unknown ({operation})"));
    write!(out, " {}: ", c.length());
    let state = c.peek_u8(2)?;
    out.text("state=");
    out.token(STATES, state, format_args!("Unknown ({state})"));
    out.text(" ");
    let group = c.peek_u8(6)?;
    out.field("group", group);
    write!(out, "group={group} ");
    let reserved = c.peek_u8(7)?;
    if reserved != 0 {
        write!(out, "[reserved={reserved}!] ");
    }
    let address = *c.peek_array::<4>(16)?;
    out.field("address", address);
    out.text("addr=").host4(address);
    if out.options.verbose == 0 {
        return Ok(());
    }
    out.text(" hellotime=").relative_time(c.peek_u8(3)?.into());
    out.text(" holdtime=").relative_time(c.peek_u8(4)?.into());
    write!(out, " priority={}", c.peek_u8(5)?);
    out.text(" auth=\"");
    let mut password = c.ahead(8);
    out.escaped_padded(&mut password, AUTHENTICATION_LEN)?;
    out.text("\"");
    Ok(())
}
