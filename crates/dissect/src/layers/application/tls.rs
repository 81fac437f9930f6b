//! The heads of TLS records and of the handshake messages in them (RFC 8446 sections 4 and 5).

use wirescope_wire::{Cursor, Walk};

use super::super::table::{Row, bytes, decimal, hex};
use super::super::walker::Walker;
use crate::tokens::{self, Tokens};

const RECORD: &[Row] =
    &[decimal("content type", 8).named(CONTENTS), hex("version", 16).named(VERSIONS), decimal("length", 16)];
const HANDSHAKE: &[Row] = &[decimal("handshake type", 8).named(HANDSHAKES), decimal("handshake length", 24)];
const HELLO: &[Row] = &[hex("hello version", 16).named(VERSIONS), bytes("random", 32)];
const ALERT: &[Row] =
    &[decimal("level", 8).named(&[(1, "warning"), (2, "fatal")]), decimal("description", 8).named(ALERTS)];

const CONTENTS: &Tokens = &[
    (20, "change cipher spec"),
    (21, "alert"),
    (22, "handshake"),
    (23, "application data"),
    (24, "heartbeat"),
];
const VERSIONS: &Tokens = &[
    (0x0300, "SSL 3.0"),
    (0x0301, "TLS 1.0"),
    (0x0302, "TLS 1.1"),
    (0x0303, "TLS 1.2"),
    (0x0304, "TLS 1.3"),
];
const HANDSHAKES: &Tokens = &[
    (0, "hello request"),
    (1, "client hello"),
    (2, "server hello"),
    (4, "new session ticket"),
    (8, "encrypted extensions"),
    (11, "certificate"),
    (12, "server key exchange"),
    (13, "certificate request"),
    (14, "server hello done"),
    (15, "certificate verify"),
    (16, "client key exchange"),
    (20, "finished"),
];
const ALERTS: &Tokens = &[
    (0, "close notify"),
    (10, "unexpected message"),
    (20, "bad record MAC"),
    (40, "handshake failure"),
    (42, "bad certificate"),
    (45, "certificate expired"),
    (46, "certificate unknown"),
    (47, "illegal parameter"),
    (48, "unknown CA"),
    (50, "decode error"),
    (70, "protocol version"),
    (80, "internal error"),
    (112, "unrecognized name"),
];

const HEAD: usize = 5;
/// Most bytes of a record with its expansion (RFC 5246 section 6.2.3).
const MAX_RECORD: u16 = (1 << 14) + 2048;

/// Whether this begins as a record does.
pub(super) fn looks(c: Cursor<'_>) -> bool {
    let is_length = |length: u16| length > 0 && length <= MAX_RECORD;
    matches!(c.peek_array::<3>(0), Ok([20..=24, 3, 0..=4])) && c.peek_u16(3).is_ok_and(is_length)
}

/// Records, one after the other; what does not begin as one ends the list.
pub(super) fn records(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("tls", "Transport Layer Security (RFC 8446)", c);
    while c.length() > 0 {
        if !looks(c) {
            break;
        }
        let length = c.peek_u16(3).map_or(0, usize::from);
        let kind = c.peek_u8(0).unwrap_or_default();
        let there = c.length() - HEAD.min(c.length());
        let name = tokens::name(CONTENTS, kind.into()).unwrap_or_default();
        w.group(&mut c, "record", (HEAD + length).min(HEAD + there), name, |w, mut c| {
            w.rows(&mut c, RECORD)?;
            if length > there {
                w.mean("length", "goes on in later segments");
            }
            content(w, kind, &mut c)?;
            let rest = c.length();
            if rest > 0 { w.bytes(&mut c, "content", rest) } else { Ok(()) }
        })?;
    }
    w.data(c);
    Ok(())
}

fn content(w: &mut Walker<'_>, kind: u8, c: &mut Cursor<'_>) -> Walk {
    const HANDSHAKE_HEAD: usize = 4;
    const HELLO_LEN: usize = 34;
    match kind {
        21 if c.length() == 2 => w.rows(c, ALERT).map(drop),
        // An encrypted handshake has no head that could be read: its length does not fit.
        22 if c.peek_u24(1).is_ok_and(|length| length as usize + HANDSHAKE_HEAD <= c.length()) => {
            let head = w.rows(c, HANDSHAKE)?;
            if matches!(head.get("handshake type"), 1 | 2) && c.length() >= HELLO_LEN {
                w.rows(c, HELLO)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
