//! PPP in HDLC-like frames (RFC 1662), and serial links that carry either PPP or Cisco's HDLC.

use super::{ADDRESS_CONTROL, PROTOCOLS, payload, protocol};
use crate::Out;
use crate::proto::{chdlc, ip, ip6};
use wirescope_wire::{Cursor, Walk};

/// The byte that escapes the one after it, and what the escaped one is changed by.
const ESCAPE: u8 = 0x7d;
const ESCAPED_BIT: u8 = 0x20;

/// The addresses that tell the kinds of frame.
const ADDRESS_PPP: u8 = 0xff;
const ADDRESS_UNICAST: u8 = 0x0f;
const ADDRESS_BROADCAST: u8 = 0x8f;

/// Prints a captured frame of a serial link.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    if c.captured() < 2 {
        return cut_off(out, c);
    }
    let address = c.peek_u8(0)?;
    if matches!(address, ADDRESS_UNICAST | ADDRESS_BROADCAST) {
        return out.run("chdlc", chdlc::print_link, c);
    }
    if c.captured() < 4 {
        return cut_off(out, c);
    }
    if out.options.link_header {
        write!(out, "{:02x} {:02x} {} ", address, c.peek_u8(1)?, c.length());
    }
    c.advance(2);
    if address != ADDRESS_PPP {
        write!(out, "unknown addr {:02x}; ctrl {:02x}", c.peek_u8(0)?, c.peek_u8(1)?);
        out.context.link_header_len += 2;
        return Ok(());
    }
    let kind = c.u16()?;
    out.token(PROTOCOLS, kind, format_args!("unknown PPP protocol (0x{kind:04x})"));
    out.text(": ");
    payload(out, kind, whole, 4)?;
    out.context.link_header_len += 4;
    Ok(())
}

fn cut_off(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.truncated();
    out.context.link_header_len += c.captured();
    Ok(())
}

/// Prints what an escaped frame says when its escapes are resolved.
pub(super) fn unescaped(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() == 0 {
        return Ok(());
    }
    let mut bytes = Vec::with_capacity(c.captured());
    let mut rest = c.bytes().iter();
    while let Some(&byte) = rest.next() {
        match byte {
            ESCAPE => bytes.extend(rest.next().map(|escaped| escaped ^ ESCAPED_BIT)),
            _ => bytes.push(byte),
        }
    }
    out.nest(|out| guess(out, Cursor::over(&bytes)))
}

/// What the frame starts with is not known: the protocol, in one byte or two, or address and control.
fn guess(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() < 1 {
        out.truncated();
        return Ok(());
    }
    match u16::from(c.peek_u8(0)?) {
        protocol::IPV4 => return out.run("ip", ip::print, c.ahead(1)),
        protocol::IPV6 => return out.run("ip6", ip6::print, c.ahead(1)),
        _ => {}
    }
    if c.length() < 2 {
        out.truncated();
        return Ok(());
    }
    let header_len = if c.peek_u16(0)? == ADDRESS_CONTROL { 4 } else { 2 };
    if c.length() < header_len {
        out.truncated();
        return Ok(());
    }
    let kind = c.peek_u16(header_len - 2)?;
    if kind & 0xff00 == protocol::ESCAPED {
        write!(out, "(protocol 0x{kind:04x} invalid)");
        return Ok(());
    }
    payload(out, kind, c, header_len)
}
