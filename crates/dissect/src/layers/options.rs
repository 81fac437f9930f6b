//! Options of IPv4 (RFC 791 section 3.1), TCP (RFC 9293 section 3.2) and IPv6 (RFC 8200 section 4.2).

use wirescope_wire::{Cursor, Walk};

use super::table::{Row, decimal, flag, hex, ipv4 as ipv4_row};
use super::walker::Walker;
use crate::tokens::{self, Tokens};

/// An option whose kind ends the list, and one that is a byte of padding.
const END: u8 = 0;
const NO_OPERATION: u8 = 1;

const TCP_KINDS: &Tokens = &[
    (0, "end of options"),
    (1, "no operation"),
    (2, "maximum segment size"),
    (3, "window scale"),
    (4, "selective acknowledgements permitted"),
    (5, "selective acknowledgements"),
    (6, "echo"),
    (7, "echo reply"),
    (8, "timestamps"),
    (11, "connection count"),
    (12, "new connection count"),
    (13, "connection count echo"),
    (14, "alternate checksum request"),
    (15, "alternate checksum"),
    (19, "MD5 signature"),
    (27, "quick-start response"),
    (28, "user timeout"),
    (29, "authentication"),
    (30, "multipath TCP"),
    (34, "fast open cookie"),
    (253, "experiment"),
    (254, "experiment"),
];

const IPV4_KINDS: &Tokens = &[
    (0, "end of options"),
    (1, "no operation"),
    (7, "record route"),
    (25, "quick-start"),
    (68, "timestamp"),
    (82, "traceroute"),
    (130, "security"),
    (131, "loose source route"),
    (133, "extended security"),
    (134, "commercial security"),
    (136, "stream identifier"),
    (137, "strict source route"),
    (148, "router alert"),
];

const IPV6_KINDS: &Tokens = &[
    (0, "one byte of padding"),
    (1, "padding"),
    (4, "tunnel encapsulation limit"),
    (5, "router alert"),
    (38, "quick-start"),
    (99, "RPL"),
    (194, "jumbo payload"),
    (201, "home address"),
];

const KIND: &[Row] = &[decimal("kind", 8)];
const LENGTH: &[Row] = &[decimal("length", 8)];
const SEGMENT_SIZE: &[Row] = &[decimal("maximum segment size", 16)];
const SHIFT: &[Row] = &[decimal("shift count", 8).told(window_scale)];
const EDGES: &[Row] = &[decimal("left edge", 32), decimal("right edge", 32)];
const TIMES: &[Row] = &[decimal("timestamp value", 32), decimal("timestamp echo reply", 32)];
const USER_TIMEOUT: &[Row] = &[flag("minutes"), decimal("user timeout", 15)];
const POINTER: &[Row] = &[decimal("pointer", 8)];
const TIMESTAMP: &[Row] = &[decimal("pointer", 8), decimal("overflow", 4), decimal("flag", 4)];
const ADDRESS: &[Row] = &[ipv4_row("address")];
const ALERT: &[Row] = &[decimal("value", 16)];
const JUMBO: &[Row] = &[decimal("jumbo payload length", 32)];
const WORD: &[Row] = &[hex("value", 32)];

/// What reads the value of an option: its kind, and its bytes behind the length.
type Value = fn(&mut Walker<'_>, u8, &mut Cursor<'_>) -> Walk;

/// The options of an IPv4 header.
pub(super) fn ipv4(w: &mut Walker<'_>, c: &mut Cursor<'_>) -> Walk {
    list(w, c, IPV4_KINDS, ipv4_value)
}

/// The options of a TCP header.
pub(super) fn tcp(w: &mut Walker<'_>, c: &mut Cursor<'_>) -> Walk {
    list(w, c, TCP_KINDS, tcp_value)
}

/// A list of options: kinds 0 and 1 are a byte, the others have a length that counts kind and length too.
fn list(w: &mut Walker<'_>, c: &mut Cursor<'_>, kinds: &'static Tokens, value: Value) -> Walk {
    const HEAD: usize = 2;
    while c.length() > 0 {
        let kind = c.peek_u8(0).unwrap_or(END);
        let is_single = matches!(kind, END | NO_OPERATION);
        let claimed = if is_single { 1 } else { c.peek_u8(1).map_or(HEAD, usize::from) };
        let there = c.length();
        let least = if is_single { 1 } else { HEAD };
        let name = tokens::name(kinds, kind.into()).unwrap_or("unknown");
        w.group(c, "option", claimed.clamp(least, there.max(least)), name, |w, mut c| {
            w.rows(&mut c, KIND)?;
            w.mean("kind", name);
            if is_single {
                return Ok(());
            }
            w.rows(&mut c, LENGTH)?;
            if claimed < HEAD || claimed > there {
                w.wrong("length", format!("the option has 2 bytes at least, and {there} are left"));
            }
            value(w, kind, &mut c)?;
            let rest = c.length();
            if rest > 0 { w.bytes(&mut c, "value", rest) } else { Ok(()) }
        })?;
        if kind == END && c.length() > 0 {
            let rest = c.length();
            return w.bytes(c, "padding", rest);
        }
    }
    Ok(())
}

fn tcp_value(w: &mut Walker<'_>, kind: u8, c: &mut Cursor<'_>) -> Walk {
    match (kind, c.length()) {
        (2, 2) => w.rows(c, SEGMENT_SIZE).map(drop),
        (3, 1) => w.rows(c, SHIFT).map(drop),
        (5, _) => {
            while c.length() >= 8 {
                w.rows(c, EDGES)?;
            }
            Ok(())
        }
        (6 | 7 | 11..=13, 4) => w.rows(c, WORD).map(drop),
        (8, 8) => w.rows(c, TIMES).map(drop),
        (28, 2) => w.rows(c, USER_TIMEOUT).map(drop),
        _ => Ok(()),
    }
}

fn ipv4_value(w: &mut Walker<'_>, kind: u8, c: &mut Cursor<'_>) -> Walk {
    match (kind, c.length()) {
        (7 | 131 | 137, 1..) => {
            w.rows(c, POINTER)?;
            addresses(w, c)
        }
        (68, 2..) => {
            let flag = w.rows(c, TIMESTAMP)?.get("flag");
            // 0 for times alone, else each with the address before it.
            while flag == 0 && c.length() >= 4 {
                w.rows(c, WORD)?;
            }
            addresses(w, c)
        }
        (148, 2) => w.rows(c, ALERT).map(drop),
        _ => Ok(()),
    }
}

fn addresses(w: &mut Walker<'_>, c: &mut Cursor<'_>) -> Walk {
    while c.length() >= 4 {
        w.rows(c, ADDRESS)?;
    }
    Ok(())
}

/// The options of an IPv6 extension header: the length counts the value alone, and kind 0 has none.
pub(super) fn ipv6(w: &mut Walker<'_>, c: &mut Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let kind = c.peek_u8(0).unwrap_or(END);
        let claimed = if kind == END { 0 } else { c.peek_u8(1).map_or(0, usize::from) };
        let head = if kind == END { 1 } else { 2 };
        let there = c.length();
        let name = tokens::name(IPV6_KINDS, kind.into()).unwrap_or("unknown");
        w.group(c, "option", (head + claimed).min(there.max(head)), name, |w, mut c| {
            w.rows(&mut c, KIND)?;
            w.mean("kind", name);
            if kind == END {
                return Ok(());
            }
            w.rows(&mut c, LENGTH)?;
            if head + claimed > there {
                w.wrong("length", format!("{there} bytes are left for the option"));
            }
            match (kind, c.length()) {
                (5, 2) => w.rows(&mut c, ALERT).map(drop),
                (194, 4) => w.rows(&mut c, JUMBO).map(drop),
                (_, 0) => Ok(()),
                (_, rest) => w.bytes(&mut c, "value", rest),
            }
        })?;
    }
    Ok(())
}

fn window_scale(shift: u64) -> String {
    match shift {
        0..=14 => format!("times {}", 1u64 << shift),
        _ => "more than 14 counts as 14 (RFC 7323 section 2.3)".to_owned(),
    }
}
