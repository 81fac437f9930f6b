//! Options of extension mechanisms for DNS (RFC 6891; RFC 5001, 6975, 7314, 7828, 7830, 7871, 7873, 7901).

use super::name;
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const OPTIONS: &Tokens = &[
    (1, "LLQ"),
    (2, "UL"),
    (3, "NSID"),
    (5, "DAU"),
    (6, "DHU"),
    (7, "N3U"),
    (8, "ECS"),
    (9, "EXPIRE"),
    (10, "COOKIE"),
    (11, "KEEPALIVE"),
    (12, "PADDING"),
    (13, "CHAIN"),
    (14, "KEY-TAG"),
    (16, "CLIENT-TAG"),
    (17, "SERVER-TAG"),
];

const SIGNATURE_ALGORITHMS: &Tokens = &[
    (0, "DELETE"),
    (1, "RSAMD5"),
    (2, "DH"),
    (3, "DS"),
    (5, "RSASHA1"),
    (6, "DSA-NSEC3-SHA1"),
    (7, "RSASHA1-NSEC3-SHA1"),
    (8, "RSASHA256"),
    (10, "RSASHA512"),
    (12, "ECC-GOST"),
    (13, "ECDSAP256SHA256"),
    (14, "ECDSAP384SHA384"),
    (15, "ED25519"),
    (16, "ED448"),
    (252, "INDIRECT"),
    (253, "PRIVATEDNS"),
    (254, "PRIVATEOID"),
];

const DIGEST_ALGORITHMS: &Tokens = &[(1, "SHA-1"), (2, "SHA-256"), (3, "GOST_R_34.11-94"), (4, "SHA-384")];

const NSEC3_ALGORITHMS: &Tokens = &[(1, "SHA-1")];

mod code {
    pub(super) const DAU: u16 = 5;
    pub(super) const DHU: u16 = 6;
    pub(super) const N3U: u16 = 7;
    pub(super) const CLIENT_SUBNET: u16 = 8;
    pub(super) const EXPIRE: u16 = 9;
    pub(super) const COOKIE: u16 = 10;
    pub(super) const KEEPALIVE: u16 = 11;
    pub(super) const PADDING: u16 = 12;
    pub(super) const CHAIN: u16 = 13;
    pub(super) const KEY_TAG: u16 = 14;
}

/// Prints the options of an OPT record of `length` bytes.
pub(super) fn print<'a>(out: &mut Out, message: Cursor<'a>, mut c: Cursor<'a>, length: usize) -> Walk {
    let mut left = length;
    out.text(" [");
    while left > 0 {
        let number = c.u16()?;
        out.token(OPTIONS, number, format_args!("Opt{number}"));
        let option_len = usize::from(c.u16()?);
        if option_len > 0 {
            // Padding and length bytes of an option may exceed the record; what was captured is shown.
            c.need(option_len)?;
            out.text(" ");
            value(out, message, c.clip(option_len), number)?;
        }
        c.advance(option_len);
        left = left.saturating_sub(4 + option_len);
        if left > 0 {
            out.text(",");
        }
    }
    out.text("]");
    Ok(())
}

fn value<'a>(out: &mut Out, message: Cursor<'a>, mut c: Cursor<'a>, number: u16) -> Walk {
    let length = c.length();
    match number {
        code::CLIENT_SUBNET => client_subnet(out, c)?,
        code::COOKIE if !(8..=40).contains(&length) || (9..16).contains(&length) => out.invalid(),
        code::COOKIE => {
            let (client, server) = c.claimed_bytes().split_at_checked(8).unwrap_or_default();
            out.hex_bytes(client).text(if server.is_empty() { "" } else { " " }).hex_bytes(server);
        }
        code::KEEPALIVE if length != 2 => out.invalid(),
        code::KEEPALIVE => {
            let tenths = c.u16()?;
            write!(out, "{}.{} sec", tenths / 10, tenths % 10);
        }
        code::EXPIRE if length != 4 => out.invalid(),
        code::EXPIRE => write!(out, "{} sec", c.u32()?),
        code::PADDING => write!(out, "({length})"),
        code::CHAIN => name::print(out, message, &mut c)?,
        code::KEY_TAG if !length.is_multiple_of(2) => out.invalid(),
        code::KEY_TAG => {
            for place in 0..length / 2 {
                let tag = c.u16()?;
                write!(out, "{}{tag}", if place > 0 { " " } else { "" });
            }
        }
        code::DAU => algorithms(out, c, SIGNATURE_ALGORITHMS),
        code::DHU => algorithms(out, c, DIGEST_ALGORITHMS),
        code::N3U => algorithms(out, c, NSEC3_ALGORITHMS),
        _ => {
            out.hex_bytes(c.claimed_bytes());
        }
    }
    Ok(())
}

fn algorithms(out: &mut Out, c: Cursor<'_>, names: &Tokens) {
    for (place, algorithm) in c.claimed_bytes().iter().enumerate() {
        if place > 0 {
            out.text(" ");
        }
        out.token(names, *algorithm, format_args!("Alg_{algorithm}"));
    }
}

/// The subnet of the client that a resolver asks for.
fn client_subnet(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() < 4 {
        out.invalid();
        return Ok(());
    }
    let family = c.u16()?;
    let (source_len, scope_len) = (c.u8()?, c.u8()?);
    let octets = usize::from(source_len).div_ceil(8);
    if c.length() != octets {
        out.invalid();
        return Ok(());
    }
    let prefix = c.take(octets)?;
    match family {
        1 if octets <= 4 => {
            out.ipv4(padded(prefix));
        }
        2 if octets <= 16 => {
            out.ipv6(padded(prefix));
        }
        _ => {
            out.invalid();
            return Ok(());
        }
    }
    write!(out, "/{source_len}/{scope_len}");
    Ok(())
}

/// An address whose last bytes, which are not part of the prefix, are zero.
fn padded<const N: usize>(prefix: &[u8]) -> [u8; N] {
    let mut address = [0; N];
    for (to, from) in address.iter_mut().zip(prefix) {
        *to = *from;
    }
    address
}
