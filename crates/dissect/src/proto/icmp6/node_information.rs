//! Node information queries (RFC 4620).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const NODE_ADDRESS_FLAGS: &Tokens = &[(1, "T"), (2, "A"), (4, "C"), (8, "L"), (16, "S"), (32, "G")];

const IPV4_ADDRESS_FLAGS: &Tokens = &[(1, "T"), (2, "A")];

mod query_type {
    pub(super) const NO_OPERATION: u16 = 0;
    pub(super) const SUPPORTED: u16 = 1;
    pub(super) const NODE_NAME: u16 = 2;
    pub(super) const NODE_ADDRESSES: u16 = 3;
    pub(super) const IPV4_ADDRESSES: u16 = 4;
}

/// Bytes of the header.
const LEN: usize = 16;
/// Flag of replies: there were more addresses.
const TRUNCATED: u16 = 0x0001;

pub(super) fn query(out: &mut Out, c: Cursor<'_>, code: u8) -> Walk {
    // What was captured is what counts here, not the length.
    let c = c.claim(c.captured());
    // The old form has nothing but the header of ICMPv6 and a nonce.
    if c.length() == 12 {
        out.text(" who-are-you request");
        return Ok(());
    }
    let verbose = out.options.verbose > 0;
    let (kind, flags) = (c.peek_u16(4)?, c.peek_u16(6)?);
    c.need(LEN)?;
    out.text(" (");
    match kind {
        query_type::NO_OPERATION => {
            out.text("noop");
        }
        query_type::NODE_NAME => {
            out.text("node name");
        }
        query_type::NODE_ADDRESSES => {
            out.text("node addresses");
            address_flags(out, NODE_ADDRESS_FLAGS, flags);
        }
        query_type::IPV4_ADDRESSES => {
            out.text("ipv4 addresses");
            address_flags(out, IPV4_ADDRESS_FLAGS, flags);
        }
        _ => {
            out.text("unknown");
        }
    }
    if matches!(kind, query_type::NO_OPERATION | query_type::SUPPORTED) {
        if c.length() != LEN && verbose {
            out.text(", invalid len");
        }
    } else if c.length() != LEN {
        subject(out, c.ahead(LEN), code)?;
    }
    out.text(")");
    Ok(())
}

fn address_flags(out: &mut Out, names: &Tokens, flags: u16) {
    out.text(" [");
    out.bits(names, flags & !TRUNCATED, ", ", format_args!("none"));
    out.text("]");
    if flags & TRUNCATED != 0 {
        out.text(" [invalid flag Truncate present]");
    }
}

/// Whom the query is about.
fn subject(out: &mut Out, c: Cursor<'_>, code: u8) -> Walk {
    let verbose = out.options.verbose > 0;
    match code {
        0 if !c.has(16) => {}
        2 if !c.has(4) => {}
        0 if c.length() == 16 => {
            let address = *c.peek_array::<16>(0)?;
            out.text(", subject=").host6(address);
        }
        1 => {
            out.text(", subject=DNS name");
            name(out, c)?;
        }
        2 if c.length() == 4 => {
            let address = *c.peek_array::<4>(0)?;
            out.text(", subject=").host4(address);
        }
        0 | 2 if verbose => {
            out.text(", invalid subject len");
        }
        0 | 2 => {}
        _ => {
            out.text(", unknown subject");
        }
    }
    Ok(())
}

pub(super) fn reply(out: &mut Out, c: Cursor<'_>, code: u8) -> Walk {
    c.need(c.length())?;
    let c = c.claim(c.captured());
    let verbose = out.options.verbose > 0;
    let (kind, flags) = (c.peek_u16(4)?, c.peek_u16(6)?);
    out.text(" (");
    let mut comma = "";
    match code {
        0 if verbose => {
            out.text("success");
            comma = ", ";
        }
        0 => {}
        _ => {
            out.text(if code == 1 { "refused" } else { "unknown" });
            if c.length() != LEN && verbose {
                out.text(", invalid length");
            }
        }
    }
    if code == 0 {
        out.text(comma);
        answer(out, c, kind, flags)?;
    }
    out.text(")");
    Ok(())
}

fn answer(out: &mut Out, c: Cursor<'_>, kind: u16, flags: u16) -> Walk {
    let mut rest = c.ahead(LEN);
    match kind {
        query_type::NO_OPERATION => {
            out.text("noop");
            if rest.length() > 0 && out.options.verbose > 0 {
                out.text(", invalid length");
            }
        }
        query_type::NODE_NAME => {
            out.text("node name");
            name(out, rest.ahead(4))?;
            if flags & 1 != 0 {
                write!(out, " [TTL={}]", rest.peek_u32(0)?);
            }
        }
        query_type::NODE_ADDRESSES => {
            out.text("node addresses");
            reply_flags(out, flags);
            while rest.length() >= 20 {
                let ttl = rest.u32()?;
                let address = *rest.array::<16>()?;
                out.text(" ").host6(address);
                write!(out, "({ttl})");
            }
        }
        query_type::IPV4_ADDRESSES => {
            out.text("ipv4 addresses");
            reply_flags(out, flags);
            while rest.length() >= 8 {
                let ttl = rest.u32()?;
                let address = *rest.array::<4>()?;
                out.text(" ").host4(address);
                write!(out, "({ttl})");
            }
        }
        _ => {
            out.text("unknown");
        }
    }
    Ok(())
}

fn reply_flags(out: &mut Out, flags: u16) {
    out.text(" [");
    out.bits(NODE_ADDRESS_FLAGS, flags, ", ", format_args!("none"));
    out.text("]");
}

/// A name in the form of DNS, without compression.
fn name(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(", \"");
    while c.available() > 0 {
        let len = usize::from(c.u8()?);
        if len == 0 {
            match c.available() {
                0 => {
                    out.text(".");
                }
                // Two zero bytes end a name that is not fully qualified.
                1 if c.peek_u8(0)? == 0 => {}
                _ => {
                    out.text("???");
                }
            }
            break;
        }
        if len > c.available() {
            out.text("???");
            break;
        }
        out.escaped(c.take(len)?);
        if c.available() > 0 && c.peek_u8(0)? != 0 {
            out.text(".");
        }
    }
    out.text("\"");
    Ok(())
}
