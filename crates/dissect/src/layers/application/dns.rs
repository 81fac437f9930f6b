//! Domain names (RFC 1035): header, questions and records.

use wirescope_wire::dns::labels;
use wirescope_wire::{Cursor, Walk};

use super::super::Value;
use super::super::table::{Row, decimal, flag, hex, ipv4, ipv6, seconds};
use super::super::walker::{Values, Walker, text_of};
use crate::proto::domain::{CLASSES, TYPES};
use crate::tokens::{self, Tokens};

const LENGTH: &[Row] = &[decimal("length", 16)];
const HEADER: &[Row] = &[
    hex("identifier", 16),
    flag("response"),
    decimal("operation", 4).named(OPERATIONS),
    flag("authoritative answer"),
    flag("truncated"),
    flag("recursion desired"),
    flag("recursion available"),
    flag("reserved"),
    flag("authentic data"),
    flag("checking disabled"),
    decimal("response code", 4).named(RESPONSE_CODES),
    decimal("questions", 16),
    decimal("answers", 16),
    decimal("authorities", 16),
    decimal("additional records", 16),
];
const QUESTION: &[Row] = &[decimal("type", 16).named(TYPES), decimal("class", 16).named(CLASSES)];
const RECORD: &[Row] = &[
    decimal("type", 16).named(TYPES),
    decimal("class", 16).named(CLASSES),
    decimal("time to live", 32).told(seconds),
    decimal("data length", 16),
];
const OPERATIONS: &Tokens =
    &[(0, "query"), (1, "inverse query"), (2, "status"), (4, "notify"), (5, "update"), (6, "stateful")];
const RESPONSE_CODES: &Tokens = &[
    (0, "no error"),
    (1, "format error"),
    (2, "server failure"),
    (3, "no such name"),
    (4, "not implemented"),
    (5, "refused"),
    (6, "name exists"),
    (7, "set of records exists"),
    (8, "no such set of records"),
    (9, "not authoritative"),
    (10, "name not in zone"),
];
const SOA: &[Row] = &[
    decimal("serial", 32),
    decimal("refresh", 32).told(seconds),
    decimal("retry", 32).told(seconds),
    decimal("expire", 32).told(seconds),
    decimal("minimum", 32).told(seconds),
];

/// Record types whose data is taken apart.
mod kind {
    pub(super) const A: u64 = 1;
    pub(super) const NS: u64 = 2;
    pub(super) const CNAME: u64 = 5;
    pub(super) const SOA: u64 = 6;
    pub(super) const PTR: u64 = 12;
    pub(super) const MX: u64 = 15;
    pub(super) const TXT: u64 = 16;
    pub(super) const AAAA: u64 = 28;
    pub(super) const SRV: u64 = 33;
}

/// A message as UDP carries it.
pub(super) fn message(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    w.open("dns", "Domain Name System (RFC 1035)", c);
    body(w, c)
}

/// Messages as TCP carries them, each behind its length.
pub(super) fn over_tcp(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("dns", "Domain Name System over TCP (RFC 1035, RFC 7766)", c);
    let length = w.rows(&mut c, LENGTH)?.len("length");
    if length > c.length() {
        w.mean("length", "goes on in later segments");
    }
    let part = c.clip(length);
    body(w, part)?;
    c.advance(length);
    w.data(c);
    Ok(())
}

fn body(w: &mut Walker<'_>, message: Cursor<'_>) -> Walk {
    let mut c = message;
    let head = w.rows(&mut c, HEADER)?;
    for _ in 0..head.get("questions") {
        let length = name_length(message, c)?;
        w.group(&mut c, "question", length + 4, "", |w, mut part| {
            let asked = name(w, message, &mut part, "name")?;
            let values = w.rows(&mut part, QUESTION)?;
            w.mean("question", format!("{} of {asked}", what(&values)));
            Ok(())
        })?;
    }
    for (section, count) in [
        ("answer", head.get("answers")),
        ("authority", head.get("authorities")),
        ("additional record", head.get("additional records")),
    ] {
        for _ in 0..count {
            record(w, message, &mut c, section)?;
        }
    }
    w.trailer(c);
    Ok(())
}

fn record<'a>(w: &mut Walker<'_>, message: Cursor<'a>, c: &mut Cursor<'a>, section: &'static str) -> Walk {
    const FIXED: usize = 10;
    let length = name_length(message, *c)?;
    let data = c.peek_u16(length + 8).map_or(0, usize::from);
    // Compression reaches out of the record, so its parts are read from the message.
    let from = *c;
    w.group(c, section, length + FIXED + data, "", |w, _| {
        let mut c = from.clip_captured(length + FIXED + data);
        let owner = name(w, message, &mut c, "name")?;
        let values = w.rows(&mut c, RECORD)?;
        w.mean(section, format!("{} of {owner}", what(&values)));
        if data > c.length() {
            w.wrong("data length", format!("more than the {} bytes that are left", c.length()));
        }
        let mut part = c.clip(data).claim(data);
        record_data(w, message, &mut part, values.get("type"))
    })
}

fn record_data<'a>(w: &mut Walker<'_>, message: Cursor<'a>, c: &mut Cursor<'a>, kind: u64) -> Walk {
    match (kind, c.length()) {
        (_, 0) => return Ok(()),
        (kind::A, 4) => drop(w.rows(c, &[ipv4("address")])?),
        (kind::AAAA, 16) => drop(w.rows(c, &[ipv6("address")])?),
        (kind::NS | kind::CNAME | kind::PTR, _) => drop(name(w, message, c, "name of data")?),
        (kind::MX, _) => {
            w.rows(c, &[decimal("preference", 16)])?;
            name(w, message, c, "exchange")?;
        }
        (kind::SRV, _) => {
            w.rows(c, &[decimal("priority", 16), decimal("weight", 16), decimal("port", 16)])?;
            name(w, message, c, "target")?;
        }
        (kind::SOA, _) => {
            name(w, message, c, "primary server")?;
            name(w, message, c, "responsible mailbox")?;
            w.rows(c, SOA)?;
        }
        (kind::TXT, _) => {
            while c.length() > 0 {
                let length = w.rows(c, &[decimal("text length", 8)])?.len("text length");
                w.text(c, "text", length)?;
            }
        }
        _ => {}
    }
    let rest = c.length();
    if rest > 0 { w.bytes(c, "data", rest) } else { Ok(()) }
}

/// Reads a name as a field, and gives it as text.
fn name<'a>(
    w: &mut Walker<'_>,
    message: Cursor<'a>,
    c: &mut Cursor<'a>,
    field: &'static str,
) -> Walk<String> {
    let start = *c;
    let mut text = String::new();
    let mut behind = message.ahead(start.at() - message.at());
    labels(message, &mut behind, |label| {
        text.push_str(&text_of(label));
        text.push('.');
    })?;
    if text.is_empty() {
        text.push('.');
    }
    let length = behind.at() - start.at();
    w.add(start.at(), length.min(start.captured()), field, Value::Text(text.clone()), "")?;
    c.advance(length);
    Ok(text)
}

/// Bytes that a name takes where it stands.
fn name_length<'a>(message: Cursor<'a>, c: Cursor<'a>) -> Walk<usize> {
    let mut behind = message.ahead(c.at() - message.at());
    labels(message, &mut behind, |_| {})?;
    Ok(behind.at() - c.at())
}

fn what(values: &Values) -> String {
    let kind = values.get("type");
    let name = u32::try_from(kind).ok().and_then(|kind| tokens::name(TYPES, kind));
    name.map_or_else(|| format!("type {kind}"), str::to_owned)
}
