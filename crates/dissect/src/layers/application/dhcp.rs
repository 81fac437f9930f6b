//! BOOTP and DHCP (RFC 951, RFC 2131): header and options.

use wirescope_wire::{Cursor, Walk};

use super::super::table::{Row, bytes, decimal, flag, hex, ipv4, text};
use super::super::walker::Walker;
use crate::proto::arp;
use crate::proto::bootp::OPERATIONS;
use crate::proto::bootp::options::{self, Form, MESSAGES};
use crate::tokens;

const HEADER: &[Row] = &[
    decimal("operation", 8).named(OPERATIONS),
    decimal("hardware type", 8).named(arp::HARDWARE),
    decimal("hardware address length", 8),
    decimal("hops", 8),
    hex("transaction identifier", 32),
    decimal("seconds", 16),
    flag("broadcast"),
    hex("reserved flags", 15),
    ipv4("client address"),
    ipv4("your address"),
    ipv4("server address"),
    ipv4("gateway address"),
    bytes("client hardware address", 16),
    text("server name", 64),
    text("boot file", 128),
];
const COOKIE: &[Row] = &[hex("magic cookie", 32)];
const OPTION: &[Row] = &[decimal("code", 8), decimal("length", 8)];

/// What stands before the options (RFC 2131 section 3).
const MAGIC_COOKIE: u64 = 0x6382_5363;
const PAD: u8 = 0;
const MESSAGE_TYPE: u8 = 53;
const END: u8 = 255;

/// A message.
pub(super) fn message(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("dhcp", "Dynamic Host Configuration Protocol (RFC 2131)", c);
    let length = w.rows(&mut c, HEADER)?.get("hardware address length");
    if length > 16 {
        w.wrong("hardware address length", "there is room for 16 bytes only");
    }
    if c.length() == 0 {
        return Ok(());
    }
    if w.rows(&mut c, COOKIE)?.get("magic cookie") != MAGIC_COOKIE {
        w.mean("magic cookie", "not that of options");
        w.data(c);
        return Ok(());
    }
    while c.length() > 0 {
        let code = c.peek_u8(0).unwrap_or(END);
        if matches!(code, PAD | END) {
            let name = if code == END { "end of options" } else { "padding" };
            w.rows(&mut c, &[decimal("code", 8)])?;
            w.mean("code", name);
            if code == END {
                break;
            }
            continue;
        }
        option(w, &mut c, code)?;
    }
    w.trailer(c);
    Ok(())
}

fn option(w: &mut Walker<'_>, c: &mut Cursor<'_>, code: u8) -> Walk {
    let length = c.peek_u8(1).map_or(0, usize::from);
    let there = c.length();
    let (form, name) = options::row(code).unwrap_or((Form::Bytes, "unknown"));
    w.group(c, "option", (2 + length).min(there.max(2)), name, |w, mut c| {
        w.rows(&mut c, OPTION)?;
        if length + 2 > there {
            w.wrong("length", format!("{there} bytes are left for the option"));
        }
        let size = c.length();
        match (code, form, size) {
            (MESSAGE_TYPE, _, 1) => {
                let kind = w.rows(&mut c, &[decimal("message type", 8)])?.get("message type") as u32;
                w.mean("message type", tokens::name(MESSAGES, kind).unwrap_or("unknown"));
                Ok(())
            }
            (_, Form::Text, 1..) => w.text(&mut c, "value", size),
            (_, Form::Addresses | Form::AddressPairs, 4..) => repeated(w, &mut c, &[ipv4("address")], 4),
            (_, Form::Longs | Form::SignedLongs, 4..) => repeated(w, &mut c, &[decimal("value", 32)], 4),
            (_, Form::Shorts, 2..) => repeated(w, &mut c, &[decimal("value", 16)], 2),
            (_, _, 0) => Ok(()),
            _ => w.bytes(&mut c, "value", size),
        }
    })
}

fn repeated(w: &mut Walker<'_>, c: &mut Cursor<'_>, rows: &[Row], size: usize) -> Walk {
    while c.length() >= size {
        w.rows(c, rows)?;
    }
    let rest = c.length();
    if rest > 0 { w.bytes(c, "rest", rest) } else { Ok(()) }
}
