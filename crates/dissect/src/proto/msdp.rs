//! Multicast Source Discovery Protocol (RFC 3618).

use super::ip;
use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

mod kind {
    pub(super) const SOURCE_ACTIVE: u8 = 1;
    pub(super) const SOURCE_ACTIVE_REQUEST: u8 = 2;
    pub(super) const SOURCE_ACTIVE_RESPONSE: u8 = 3;
    pub(super) const KEEPALIVE: u8 = 4;
    pub(super) const NOTIFICATION: u8 = 5;
}

/// The highest type, and the greatest length, a message may have.
const TYPE_MAX: u8 = 7;
const LENGTH_MAX: usize = 1500;
/// Bytes of a message's type and length.
const HEADER_LEN: usize = 3;
/// Bytes of a source-active request.
const REQUEST_LEN: usize = 8;
/// Bytes of a source-active message before its entries, without the header, and of each entry.
const SOURCE_ACTIVE_LEN: usize = 5;
const ENTRY_LEN: usize = 12;

/// Prints the messages of a segment.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(": msdp");
    while c.length() > 0 {
        let (kind, length) = (c.u8()?, usize::from(c.u16()?));
        out.field("type", kind);
        if length > LENGTH_MAX {
            return out.disagree("TLV length", length, ">", LENGTH_MAX);
        }
        if length < HEADER_LEN {
            return out.disagree("TLV length", length, "<", HEADER_LEN);
        }
        if kind == 0 {
            return out.disagree("type", kind, "==", 0);
        }
        if kind > TYPE_MAX {
            return out.disagree("type", kind, ">", TYPE_MAX);
        }
        if out.options.verbose > 0 {
            write!(out, " [len {length}]");
        }
        if length - HEADER_LEN > c.length() {
            return Err(Stop::Truncated);
        }
        let value = c.split(length - HEADER_LEN);
        message(out, value, kind, length)?;
    }
    Ok(())
}

fn message(out: &mut Out, mut c: Cursor<'_>, kind: u8, length: usize) -> Walk {
    match kind {
        kind::SOURCE_ACTIVE | kind::SOURCE_ACTIVE_RESPONSE => {
            out.text(if kind == kind::SOURCE_ACTIVE { " SA" } else { " SA-Response" });
            if c.length() == 0 {
                return out.disagree("TLV length", length, "<", HEADER_LEN + 1);
            }
            let entries = c.peek_u8(0)?;
            write!(out, " {entries} entries");
            let entries_end = SOURCE_ACTIVE_LEN + usize::from(entries) * ENTRY_LEN;
            if entries_end < c.length() {
                out.text(" [w/data]");
                if out.options.verbose > 1 {
                    out.text(" ");
                    out.run("ip", ip::print, c.ahead(entries_end))?;
                    out.label("msdp");
                }
            }
        }
        kind::SOURCE_ACTIVE_REQUEST => {
            out.text(" SA-Request");
            if length < REQUEST_LEN {
                return out.disagree("TLV length", length, "<", REQUEST_LEN);
            }
            if length != REQUEST_LEN {
                write!(out, "[len={length}] ");
            }
            c.skip(1)?;
            let group = *c.array()?;
            out.text(" for ").host4(group);
        }
        kind::KEEPALIVE => {
            out.text(" Keepalive");
            if length != HEADER_LEN {
                write!(out, "[len={length}] ");
            }
        }
        kind::NOTIFICATION => _ = out.text(" Notification"),
        _ => write!(out, " [type={kind} len={length}]"),
    }
    c.need(c.length())
}
