//! ONC remote procedure calls (RFC 5531): the head of calls and replies, and what is asked of a portmapper
//! (RFC 1833).

use wirescope_wire::rpc::PROGRAMS;
use wirescope_wire::{Cursor, Walk};

use super::super::table::{Row, decimal, flag, hex};
use super::super::walker::Walker;
use crate::tokens::{self, Tokens};

const MARK: &[Row] = &[flag("last fragment"), decimal("fragment length", 31)];
const HEAD: &[Row] = &[hex("transaction identifier", 32), decimal("message type", 32).named(MESSAGES)];
const CALL: &[Row] = &[
    decimal("RPC version", 32),
    decimal("program", 32).named(PROGRAMS),
    decimal("program version", 32),
    decimal("procedure", 32),
];
const REPLY: &[Row] = &[decimal("reply status", 32).named(REPLIES)];
const ACCEPTED: &[Row] = &[decimal("accept status", 32).named(ACCEPTS)];
const DENIED: &[Row] = &[decimal("reject status", 32).named(REJECTS)];
const AUTHENTICATION: &[Row] = &[decimal("flavor", 32).named(FLAVORS), decimal("length", 32)];
const MAPPING: &[Row] = &[
    decimal("mapped program", 32).named(PROGRAMS),
    decimal("mapped version", 32),
    decimal("mapped protocol", 32).named(&[(6, "tcp"), (17, "udp")]),
    decimal("mapped port", 32),
];

const MESSAGES: &Tokens = &[(0, "call"), (1, "reply")];
const REPLIES: &Tokens = &[(0, "accepted"), (1, "denied")];
const ACCEPTS: &Tokens = &[
    (0, "success"),
    (1, "program unavailable"),
    (2, "program version mismatch"),
    (3, "procedure unavailable"),
    (4, "garbage arguments"),
    (5, "system error"),
];
const REJECTS: &Tokens = &[(0, "RPC version mismatch"), (1, "authentication error")];
const FLAVORS: &Tokens = &[(0, "none"), (1, "sys"), (2, "short"), (3, "Diffie-Hellman"), (6, "GSS")];
const PORTMAPPER_PROCEDURES: &Tokens =
    &[(0, "null"), (1, "set"), (2, "unset"), (3, "getport"), (4, "dump"), (5, "callit")];

const VERSION: u32 = 2;
const PORTMAPPER: u64 = 100_000;

/// Whether this looks like a call: it names version 2 of the protocol in its place.
pub(super) fn looks(c: Cursor<'_>) -> bool {
    c.peek_u32(4) == Ok(0) && c.peek_u32(8) == Ok(VERSION) && c.has(24)
}

/// Whether a call lies behind a record mark.
pub(super) fn looks_marked(c: Cursor<'_>) -> bool {
    c.peek_u8(0).is_ok_and(|first| first & 0x80 != 0) && looks(c.ahead(4))
}

/// A message in records of TCP (RFC 5531 section 11).
pub(super) fn over_tcp(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("rpc", "Remote Procedure Call over TCP (RFC 5531)", c);
    let length = w.rows(&mut c, MARK)?.len("fragment length");
    if length > c.length() {
        w.mean("fragment length", "goes on in later segments");
    }
    let part = c.clip(length);
    c.advance(length);
    body(w, part)?;
    w.data(c);
    Ok(())
}

/// A message as UDP carries it.
pub(super) fn message(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    w.open("rpc", "Remote Procedure Call (RFC 5531)", c);
    body(w, c)
}

fn body(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    match w.rows(&mut c, HEAD)?.get("message type") {
        0 => call(w, c),
        1 => reply(w, c),
        _ => {
            w.wrong("message type", "neither call nor reply");
            w.data(c);
            Ok(())
        }
    }
}

fn call(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    let head = w.rows(&mut c, CALL)?;
    if head.get("RPC version") != u64::from(VERSION) {
        w.wrong("RPC version", "there is only version 2");
    }
    authentication(w, &mut c, "credentials")?;
    authentication(w, &mut c, "verifier")?;
    let procedure = head.get("procedure");
    if head.get("program") == PORTMAPPER && head.get("program version") == 2 {
        w.mean("procedure", tokens::name(PORTMAPPER_PROCEDURES, procedure as u32).unwrap_or_default());
        if matches!(procedure, 1..=3) {
            w.rows(&mut c, MAPPING)?;
        }
    }
    w.data(c);
    Ok(())
}

fn reply(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    match w.rows(&mut c, REPLY)?.get("reply status") {
        0 => {
            authentication(w, &mut c, "verifier")?;
            w.rows(&mut c, ACCEPTED)?;
        }
        _ => drop(w.rows(&mut c, DENIED)?),
    }
    w.data(c);
    Ok(())
}

fn authentication(w: &mut Walker<'_>, c: &mut Cursor<'_>, name: &'static str) -> Walk {
    let length = c.peek_u32(4).unwrap_or(0) as usize;
    let padded = length.saturating_add(3) & !3;
    let flavor = c.peek_u32(0).ok().and_then(|flavor| tokens::name(FLAVORS, flavor));
    w.group(c, name, padded.saturating_add(8), flavor.unwrap_or_default(), |w, mut c| {
        w.rows(&mut c, AUTHENTICATION)?;
        if padded > 0 { w.bytes(&mut c, "body", padded) } else { Ok(()) }
    })
}
