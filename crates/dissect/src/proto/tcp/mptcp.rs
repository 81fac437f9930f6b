//! Multipath TCP options (RFC 6824, RFC 8684).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::tcp::flag;
use wirescope_wire::{Cursor, Walk};

const CAPABLE_FLAGS: &Tokens =
    &[(128, "A"), (64, "B"), (32, "C"), (16, "D"), (8, "E"), (4, "F"), (2, "G"), (1, "H")];
const ADDRESS_KINDS: &Tokens = &[(6, "v0-ip6"), (4, "v0-ip4"), (1, "v1-echo"), (0, "v1")];
const RESET_FLAGS: &Tokens = &[(8, "U"), (4, "V"), (2, "W"), (1, "T")];
const RESET_REASONS: &Tokens = &[
    (6, "Middlebox interference"),
    (5, "Unacceptable performance"),
    (4, "Too much outstanding data"),
    (3, "Administratively prohibited"),
    (2, "Lack of resources"),
    (1, "MPTCP-specific error"),
    (0, "Unspecified error"),
];

/// Names of the subtypes, by number.
const SUBTYPES: [&str; 9] =
    ["capable", "join", "dss", "add-addr", "rem-addr", "prio", "fail", "fast-close", "tcprst"];

mod subtype {
    pub(super) const CAPABLE: u8 = 0;
    pub(super) const JOIN: u8 = 1;
    pub(super) const DATA_SEQUENCE_SIGNAL: u8 = 2;
    pub(super) const ADD_ADDRESS: u8 = 3;
    pub(super) const REMOVE_ADDRESS: u8 = 4;
    pub(super) const PRIORITY: u8 = 5;
    pub(super) const FAIL: u8 = 6;
    pub(super) const FAST_CLOSE: u8 = 7;
    pub(super) const RESET: u8 = 8;
}

/// Prints an option whose kind and length were read; `c` is clipped to what follows them. False where its
/// length does not fit its subtype.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>, flags: u8) -> Walk<bool> {
    let len = c.length() + 2;
    if len < 3 {
        return Ok(false);
    }
    out.label("mptcp");
    let first = c.u8()?;
    let (subtype, low) = (first >> 4, first & 0x0f);
    out.text(" ").len(len).text(" ");
    out.text(SUBTYPES.get(usize::from(subtype)).copied().unwrap_or("unknown"));
    match subtype {
        subtype::CAPABLE => capable(out, c, len, low, flags),
        subtype::JOIN => join(out, c, len, low, flags),
        subtype::DATA_SEQUENCE_SIGNAL => data_sequence_signal(out, c, len),
        subtype::ADD_ADDRESS => add_address(out, c, len, low),
        subtype::REMOVE_ADDRESS => remove_address(out, c, len),
        subtype::PRIORITY => priority(out, c, len, low),
        subtype::FAIL => {
            if len == 12 {
                c.skip(1)?;
                write!(out, " seq {}", c.u64()?);
            }
            Ok(len == 12)
        }
        subtype::FAST_CLOSE => {
            if len == 12 {
                c.skip(1)?;
                write!(out, " key 0x{:x}", c.u64()?);
            }
            Ok(len == 12)
        }
        subtype::RESET => reset(out, c, len, low),
        _ => Ok(true),
    }
}

fn capable(out: &mut Out, mut c: Cursor<'_>, len: usize, version: u8, flags: u8) -> Walk<bool> {
    let handshake = flags & (flag::SYN | flag::ACK);
    let fits = match (version, len) {
        (0, 12) => flags & flag::SYN != 0,
        (0, 20) => handshake == flag::ACK,
        (1, 4) => handshake == flag::SYN,
        (1, 12) => handshake == flag::SYN | flag::ACK,
        (1, 20 | 22 | 24) => handshake == flag::ACK,
        (0 | 1, _) => false,
        _ => {
            write!(out, " Unknown Version ({version})");
            return Ok(true);
        }
    };
    if !fits {
        return Ok(false);
    }
    write!(out, " v{version}");
    let bits = c.u8()?;
    out.text(" flags [");
    out.bits(CAPABLE_FLAGS, bits, "", format_args!("none"));
    out.text("]");
    if bits & 0x80 != 0 {
        out.text(" csum");
    }
    if len >= 12 {
        write!(out, " {{0x{:x}", c.u64()?);
        if len >= 20 {
            write!(out, ",0x{:x}", c.u64()?);
        }
        if len >= 22 {
            write!(out, ",data_len={}", c.u16()?);
        }
        out.text("}");
    }
    Ok(true)
}

fn join(out: &mut Out, mut c: Cursor<'_>, len: usize, low: u8, flags: u8) -> Walk<bool> {
    const BACKUP: u8 = 1;
    let handshake = flags & (flag::SYN | flag::ACK);
    let fits = match len {
        12 => flags & flag::SYN != 0,
        16 => handshake == flag::SYN | flag::ACK,
        24 => flags & flag::ACK != 0,
        _ => false,
    };
    if !fits {
        return Ok(false);
    }
    let id = c.u8()?;
    if len != 24 {
        if low & BACKUP != 0 {
            out.text(" backup");
        }
        write!(out, " id {id}");
    }
    match len {
        12 => write!(out, " token 0x{:x} nonce 0x{:x}", c.peek_u32(0)?, c.peek_u32(4)?),
        16 => write!(out, " hmac 0x{:x} nonce 0x{:x}", c.peek_u64(0)?, c.peek_u32(8)?),
        _ => {
            out.text(" hmac 0x").hex_bytes(c.take(20)?);
        }
    }
    Ok(true)
}

fn data_sequence_signal(out: &mut Out, mut c: Cursor<'_>, len: usize) -> Walk<bool> {
    const HAS_ACK: u8 = 0x01;
    const LONG_ACK: u8 = 0x02;
    const HAS_MAPPING: u8 = 0x04;
    const LONG_SEQUENCE: u8 = 0x08;
    const FIN: u8 = 0x10;
    if len < 4 {
        return Ok(false);
    }
    let bits = c.u8()?;
    if bits & FIN != 0 {
        out.text(" fin");
    }
    if bits & HAS_ACK != 0 {
        out.text(" ack ");
        if !number(out, &mut c, bits & LONG_ACK != 0)? {
            return Ok(false);
        }
    }
    if bits & HAS_MAPPING != 0 {
        out.text(" seq ");
        if !number(out, &mut c, bits & LONG_SEQUENCE != 0)? || c.length() < 4 {
            return Ok(false);
        }
        write!(out, " subseq {}", c.u32()?);
        if c.length() < 2 {
            return Ok(false);
        }
        write!(out, " len {}", c.u16()?);
        // There is a checksum only where both ends agreed on it.
        if c.length() >= 2 {
            write!(out, " csum 0x{:x}", c.u16()?);
        }
    }
    Ok(c.length() == 0)
}

/// A data sequence number of 64 bits or their lower half; false where there is none.
fn number(out: &mut Out, c: &mut Cursor<'_>, long: bool) -> Walk<bool> {
    if c.length() < if long { 8 } else { 4 } {
        return Ok(false);
    }
    let number = if long { c.u64()? } else { u64::from(c.u32()?) };
    out.dec(number);
    Ok(true)
}

fn add_address(out: &mut Out, mut c: Cursor<'_>, len: usize, low: u8) -> Walk<bool> {
    let (v6, port, hmac) = match len {
        8 => (false, false, false),
        10 => (false, true, false),
        16 => (false, false, true),
        18 => (false, true, true),
        20 => (true, false, false),
        22 => (true, true, false),
        28 => (true, false, true),
        30 => (true, true, true),
        _ => return Ok(false),
    };
    out.text(" ");
    out.token(ADDRESS_KINDS, low, format_args!("[bad version/echo]"));
    write!(out, " id {} ", c.u8()?);
    if v6 {
        let address = *c.array::<16>()?;
        out.host6(address);
    } else {
        let address = *c.array::<4>()?;
        out.host4(address);
    }
    if port {
        write!(out, ":{}", c.u16()?);
    }
    if hmac {
        write!(out, " hmac 0x{:x}", c.u64()?);
    }
    Ok(true)
}

fn remove_address(out: &mut Out, mut c: Cursor<'_>, len: usize) -> Walk<bool> {
    if len < 4 {
        return Ok(false);
    }
    out.text(" id");
    while c.length() > 0 {
        write!(out, " {}", c.u8()?);
    }
    Ok(true)
}

fn priority(out: &mut Out, mut c: Cursor<'_>, len: usize, low: u8) -> Walk<bool> {
    const BACKUP: u8 = 1;
    if !matches!(len, 3 | 4) {
        return Ok(false);
    }
    out.text(if low & BACKUP != 0 { " backup" } else { " non-backup" });
    if len == 4 {
        write!(out, " id {}", c.u8()?);
    }
    Ok(true)
}

fn reset(out: &mut Out, mut c: Cursor<'_>, len: usize, low: u8) -> Walk<bool> {
    if len != 4 {
        return Ok(false);
    }
    let reason = c.u8()?;
    out.text(" flags [");
    out.bits(RESET_FLAGS, low, "", format_args!("none"));
    out.text("] reason ");
    out.token(RESET_REASONS, reason, format_args!("unknown (0x{reason:02x})"));
    Ok(true)
}
