//! BIND's lightweight resolver protocol (as BIND 9's documentation and lwres library have it).

use super::domain::{CLASSES, TYPES};
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const OPERATIONS: &Tokens = &[
    (0, "noop"),
    (operation::ADDRESSES_BY_NAME, "getaddrsbyname"),
    (operation::NAME_BY_ADDRESS, "getnamebyaddr"),
    (operation::DATA_BY_NAME, "getrdatabyname"),
];

mod operation {
    pub(super) const ADDRESSES_BY_NAME: u32 = 0x1_0001;
    pub(super) const NAME_BY_ADDRESS: u32 = 0x1_0002;
    pub(super) const DATA_BY_NAME: u32 = 0x1_0003;
}

const VERSION: u16 = 0;
const HEADER_LEN: usize = 28;
const RESPONSE: u16 = 1;
const INTERNET: u16 = 1;

/// Kinds of addresses.
mod family {
    pub(super) const IPV4: u32 = 1;
    pub(super) const IPV6: u32 = 2;
}

const FAMILIES: u32 = family::IPV4 | family::IPV6;

/// Prints a request or a response.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    let claimed = c.u32()?;
    let version = c.u16()?;
    c.need(2)?;
    out.text(" lwres");
    if out.options.verbose > 0 || version != VERSION {
        write!(out, " v{version}");
    }
    if version != VERSION {
        return lengths(out, whole, claimed, None);
    }
    let flags = c.u16()?;
    whole.need(HEADER_LEN)?;
    let (serial, operation, result, receive_len) = (c.u32()?, c.u32()?, c.u32()?, c.u32()?);
    let (authentication, authentication_len) = (c.u16()?, c.u16()?);
    let is_response = flags & RESPONSE != 0;
    out.field("operation", operation);
    out.field("response", is_response);
    out.text(" ");
    out.token(OPERATIONS, operation, format_args!("#{operation:#x}"));
    out.text(if is_response { "" } else { "?" });
    if flags & !RESPONSE != 0 {
        write!(out, "[{flags:#x}]");
    }
    if out.options.verbose > 1 {
        write!(out, " (serial:{serial:#x} result:{result:#x} recvlen:{receive_len}");
        if out.options.verbose > 2 {
            write!(out, " authtype:{authentication:#x} authlen:{authentication_len}");
        }
        out.text(")");
    }
    if is_response {
        response(out, &mut c, operation)?;
    } else {
        request(out, &mut c, operation)?;
    }
    let known = OPERATIONS.iter().any(|row| row.0 == operation);
    lengths(out, whole, claimed, known.then(|| c.at() - whole.at()))
}

/// Tells where the length that a packet claims differs from that of its datagram, and what it holds besides.
fn lengths(out: &mut Out, whole: Cursor<'_>, claimed: u32, read: Option<usize>) -> Walk {
    whole.need(claimed as usize)?;
    if claimed as usize != whole.length() {
        write!(out, " [len: {claimed} != {}]", whole.length());
    }
    if read.is_some_and(|read| read < claimed as usize) {
        out.text("[extra]");
    }
    Ok(())
}

fn request(out: &mut Out, c: &mut Cursor<'_>, operation: u32) -> Walk {
    match operation {
        operation::ADDRESSES_BY_NAME => {
            flags(out, c)?;
            let families = c.u32()?;
            match families & FAMILIES {
                family::IPV4 => _ = out.text(" IPv4"),
                family::IPV6 => _ = out.text(" IPv6"),
                FAMILIES => _ = out.text(" IPv4/6"),
                _ => {}
            }
            if families & !FAMILIES != 0 {
                write!(out, "[{families:#x}]");
            }
            name(out, c)
        }
        operation::NAME_BY_ADDRESS => {
            flags(out, c)?;
            address(out, c)
        }
        operation::DATA_BY_NAME => {
            flags(out, c)?;
            class_and_type(out, c)?;
            name(out, c)
        }
        _ => Ok(()),
    }
}

fn response(out: &mut Out, c: &mut Cursor<'_>, operation: u32) -> Walk {
    match operation {
        operation::ADDRESSES_BY_NAME => {
            flags(out, c)?;
            let (aliases, addresses) = (c.u16()?, c.u16()?);
            write!(out, " {aliases}/{addresses}");
            name(out, c)?;
            for _ in 0..aliases {
                name(out, c)?;
            }
            for _ in 0..addresses {
                address(out, c)?;
            }
        }
        operation::NAME_BY_ADDRESS => {
            flags(out, c)?;
            let aliases = c.u16()?;
            write!(out, " {aliases}");
            name(out, c)?;
            for _ in 0..aliases {
                name(out, c)?;
            }
        }
        operation::DATA_BY_NAME => {
            flags(out, c)?;
            class_and_type(out, c)?;
            let ttl = c.u32()?;
            out.text(" TTL ").relative_time(ttl);
            let (data, signatures) = (c.u16()?, c.u16()?);
            write!(out, " {data}/{signatures}");
            name(out, c)?;
            for _ in 0..u32::from(data) + u32::from(signatures) {
                binary(out, c)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn flags(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let flags = c.u32()?;
    if out.options.verbose > 2 {
        write!(out, " flags:{flags:#x}");
    }
    Ok(())
}

fn class_and_type(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let (class, kind) = (c.u16()?, c.u16()?);
    out.text(" ");
    out.token(TYPES, kind, format_args!("Type{kind}"));
    if class != INTERNET {
        out.text(" ");
        out.token(CLASSES, class, format_args!("Class{class}"));
    }
    Ok(())
}

/// A name with its length before it and a zero behind it.
fn name(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let length = usize::from(c.u16()?);
    out.text(" ");
    out.escaped_take(c, length)?;
    if c.u8()? != 0 {
        out.text(" (not NUL-terminated!)");
    }
    Ok(())
}

fn address(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let (family, length) = (c.u32()?, usize::from(c.u16()?));
    match (family, length) {
        (family::IPV4, 4..) => {
            let address = *c.peek_array(0)?;
            out.text(" ").ipv4(address);
        }
        (family::IPV6, 16..) => {
            let address = *c.peek_array(0)?;
            out.text(" ").ipv6(address);
        }
        _ => {
            write!(out, " {family}/");
            out.hex_bytes(c.peek(0, length)?);
        }
    }
    c.skip(length)
}

fn binary(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let length = usize::from(c.u16()?);
    out.hex_bytes(c.take(length)?);
    Ok(())
}
