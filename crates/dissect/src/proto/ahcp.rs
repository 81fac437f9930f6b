//! Ad-Hoc Configuration Protocol, version 1 (draft-chroboczek-ahcp-00).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const MESSAGES: &Tokens =
    &[(0, "Discover"), (1, "Offer"), (2, "Request"), (3, "Ack"), (4, "Nack"), (5, "Release")];

const OPTIONS: &Tokens = &[
    (0, "Pad"),
    (1, "Mandatory"),
    (2, "Origin Time"),
    (3, "Expires"),
    (4, "My-IPv6-Address"),
    (5, "My-IPv4-Address"),
    (6, "IPv6 Prefix"),
    (7, "IPv4 Prefix"),
    (8, "IPv6 Address"),
    (9, "IPv4 Address"),
    (10, "IPv6 Prefix Delegation"),
    (11, "IPv4 Prefix Delegation"),
    (12, "Name Server"),
    (13, "NTP Server"),
];

mod option {
    pub(super) const PAD: u8 = 0;
    pub(super) const MANDATORY: u8 = 1;
    pub(super) const ORIGIN_TIME: u8 = 2;
    pub(super) const EXPIRES: u8 = 3;
    pub(super) const MY_IPV6_ADDRESS: u8 = 4;
    pub(super) const MY_IPV4_ADDRESS: u8 = 5;
    pub(super) const IPV6_PREFIX: u8 = 6;
    pub(super) const IPV6_ADDRESS: u8 = 8;
    pub(super) const IPV4_ADDRESS: u8 = 9;
    pub(super) const IPV6_PREFIX_DELEGATION: u8 = 10;
    pub(super) const IPV4_PREFIX_DELEGATION: u8 = 11;
    pub(super) const NAME_SERVER: u8 = 12;
    pub(super) const NTP_SERVER: u8 = 13;
}

const MAGIC: u8 = 43;
const VERSION: u8 = 1;
/// Bytes of the header behind the version.
const HEADER_LEN: usize = 22;
const BODY_HEADER_LEN: usize = 4;

/// Prints a message; its options only when more is asked for.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("AHCP");
    if c.length() < 2 {
        return Err(Stop::Invalid);
    }
    if c.u8()? != MAGIC {
        return Err(Stop::Invalid);
    }
    let version = c.u8()?;
    out.field("version", version);
    if version != VERSION {
        write!(out, " Version {version} (unknown)");
        return Ok(());
    }
    out.text(" Version 1");
    if c.length() < HEADER_LEN {
        return Err(Stop::Invalid);
    }
    if out.options.verbose > 0 {
        write!(out, "\n\tHopcount {}", c.u8()?);
        write!(out, ", Original Hopcount {}", c.u8()?);
        write!(out, ", Nonce 0x{:08x}", c.u32()?);
        let source = c.take(8)?;
        out.text(", Source Id ").hex_with(source, b':');
        let destination = c.take(8)?;
        out.text(", Destination Id ").hex_with(destination, b':');
    } else {
        c.need(HEADER_LEN)?;
        c.advance(HEADER_LEN);
    }
    body(out, c)
}

fn body(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() < BODY_HEADER_LEN {
        return Err(Stop::Invalid);
    }
    let (kind, zero, length) = (c.u8()?, c.u8()?, c.u16()?);
    out.field("type", kind);
    if out.options.verbose > 0 {
        out.text("\n\t");
        out.token(MESSAGES, kind, format_args!("Unknown-{kind}"));
        if zero != 0 {
            write!(out, ", MBZ {zero}");
        }
        write!(out, ", Length {length}");
    }
    if usize::from(length) > c.length() {
        return Err(Stop::Invalid);
    }
    // What follows the length is nobody's.
    if out.options.verbose > 1 {
        let mut options = c.claim(length.into());
        while options.length() > 0 {
            print_option(out, &mut options)?;
        }
    } else {
        c.need(length.into())?;
    }
    Ok(())
}

fn print_option(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let kind = c.u8()?;
    out.text("\n\t ");
    out.token(OPTIONS, kind, format_args!("Unknown-{kind}"));
    if kind == option::PAD || kind == option::MANDATORY {
        return Ok(());
    }
    if c.length() == 0 {
        return Err(Stop::Invalid);
    }
    let length = usize::from(c.u8()?);
    if length > c.length() {
        return Err(Stop::Invalid);
    }
    let value = c.claim(length);
    c.advance(length);
    match kind {
        option::ORIGIN_TIME => origin_time(out, value),
        option::EXPIRES => seconds(out, value),
        option::MY_IPV6_ADDRESS | option::IPV6_ADDRESS | option::NAME_SERVER | option::NTP_SERVER => {
            list(out, value, |out, c| Ok(_ = out.ipv6(*c.array()?)), 16)
        }
        option::MY_IPV4_ADDRESS | option::IPV4_ADDRESS => {
            list(out, value, |out, c| Ok(_ = out.ipv4(*c.array()?)), 4)
        }
        option::IPV6_PREFIX | option::IPV6_PREFIX_DELEGATION => {
            let prefix = |out: &mut Out, c: &mut Cursor<'_>| {
                out.ipv6(*c.array()?);
                write!(out, "/{}", c.u8()?);
                Ok(())
            };
            list(out, value, prefix, 17)
        }
        option::IPV4_PREFIX_DELEGATION => {
            let prefix = |out: &mut Out, c: &mut Cursor<'_>| {
                out.ipv4(*c.array()?);
                write!(out, "/{}", c.u8()?);
                Ok(())
            };
            list(out, value, prefix, 5)
        }
        _ => {
            write!(out, " (Length {length})");
            value.need(length)
        }
    }
}

fn origin_time(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() != 4 {
        return Err(Stop::Invalid);
    }
    let seconds = c.u32()?;
    out.text(": ").date_time(seconds.into()).text(" UTC");
    Ok(())
}

fn seconds(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() != 4 {
        return Err(Stop::Invalid);
    }
    write!(out, ": {}s", c.u32()?);
    Ok(())
}

/// Prints items of `item_len` bytes each, which must fill the value.
fn list(
    out: &mut Out,
    mut c: Cursor<'_>,
    item: fn(&mut Out, &mut Cursor<'_>) -> Walk,
    item_len: usize,
) -> Walk {
    let mut between = ": ";
    while c.length() > 0 {
        if c.length() < item_len {
            return Err(Stop::Invalid);
        }
        c.need(item_len)?;
        out.text(between);
        item(out, &mut c)?;
        between = ", ";
    }
    Ok(())
}
