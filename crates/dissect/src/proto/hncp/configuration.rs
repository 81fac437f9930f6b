//! What nodes tell each other of addresses, names and DHCP (RFC 7788 section 10).

use super::{interval, new_line, pad};
use crate::Out;
use crate::escape::to_zero;
use crate::proto::domain;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const DHCPV4_OPTIONS: &Tokens = &[(6, "DNS-server"), (42, "NTP-server"), (119, "DNS-search")];

const DHCPV6_OPTIONS: &Tokens = &[(23, "DNS-server"), (24, "DNS-search-list"), (31, "SNTP-servers")];

/// What an IPv4 address has in front where it stands for an IPv6 one (RFC 4291 section 2.5.5.2).
const IPV4_MAPPED: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
const IPV4_MAPPED_BITS: u8 = 96;
const IPV6_BITS: u8 = 128;

/// Prints an address, as IPv4 where it is mapped.
pub(super) fn address(out: &mut Out, address: [u8; 16]) {
    match address.strip_prefix(&IPV4_MAPPED) {
        Some(&[a, b, c, d]) => out.ipv4([a, b, c, d]),
        _ => out.ipv6(address),
    };
}

/// Reads a prefix, its length in bits first, and prints it.
pub(super) fn prefix(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let bits = c.u8()?;
    let bytes = usize::from(bits).div_ceil(8);
    if bits > IPV6_BITS || bytes > c.length() {
        return Err(Stop::Invalid);
    }
    let mut bytes_of_address = [0; 16];
    for (to, from) in bytes_of_address.iter_mut().zip(c.take(bytes)?) {
        *to = *from;
    }
    let value = u128::from_be_bytes(bytes_of_address);
    let mask = u128::MAX.checked_shl(u32::from(IPV6_BITS - bits)).unwrap_or(0);
    let masked = (value & mask).to_be_bytes();
    out.field("prefix", masked);
    if bits >= IPV4_MAPPED_BITS && masked.starts_with(&IPV4_MAPPED) {
        address(out, masked);
        write!(out, "/{}", bits - IPV4_MAPPED_BITS);
    } else {
        out.ipv6(masked);
        write!(out, "/{bits}");
    }
    Ok(())
}

/// A prefix that was delegated, and how long it is valid and preferred.
pub(super) fn delegated_prefix(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let length = c.length();
    out.text(" VLSO: ");
    interval(out, c)?;
    out.text(" PLSO: ");
    interval(out, c)?;
    out.text(" Prefix: ");
    if prefix(out, c).is_err() {
        out.text("(length is invalid)");
        c.advance(c.length());
    }
    pad(c, length);
    Ok(())
}

/// What a prefix may be used for.
pub(super) fn prefix_policy(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    /// Policies beyond the lengths of prefixes.
    const DNS_DOMAIN: u8 = 129;
    const OPAQUE: u8 = 130;
    const RESTRICTIVE: u8 = 131;
    let policy = c.peek_u8(0)?;
    out.text(" type: ");
    let alone = c.length() == 1;
    match policy {
        0 | RESTRICTIVE if !alone => return Err(Stop::Invalid),
        0 => _ = out.text("Internet connectivity"),
        1..=IPV6_BITS => {
            out.text("Dest-Prefix: ");
            if prefix(out, &mut c).is_err() {
                out.text("(length is invalid)");
            }
        }
        DNS_DOMAIN => {
            out.text("DNS domain: ");
            c.advance(1);
            _ = domain_name(out, &mut c);
        }
        OPAQUE => {
            c.advance(1);
            out.text("Opaque UTF-8: ").escaped(to_zero(c.claimed_bytes()));
        }
        RESTRICTIVE => _ = out.text("Restrictive assignment"),
        _ => write!(out, "Unknown ({policy})"),
    }
    Ok(())
}

/// A zone, the server for it, and flags.
pub(super) fn delegated_zone(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let length = c.length();
    out.text(" IP-Address: ");
    address(out, *c.array()?);
    let flags = c.u8()?;
    let letter = |bit: u8, letter: u8| if flags & bit != 0 { letter } else { b'-' };
    out.text(" ").byte(letter(4, b'l')).byte(letter(2, b'b')).byte(letter(1, b's')).text(" ");
    domain_name(out, c)?;
    pad(c, length);
    Ok(())
}

/// Labels of a name without compression.
pub(super) fn domain_name(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let mut first = true;
    while c.length() > 0 {
        let label_len = usize::from(c.u8()?);
        if label_len == 0 {
            return Ok(());
        }
        if !first {
            out.text(".");
        }
        first = false;
        if label_len > c.length() {
            out.escaped(to_zero(c.claimed_bytes()));
            break;
        }
        out.escaped(to_zero(c.take(label_len)?));
    }
    out.text("[|DNS]");
    Err(Stop::Invalid)
}

/// Options of DHCP.
pub(super) fn dhcpv4(out: &mut Out, mut c: Cursor<'_>, level: u8) -> Walk {
    if c.length() == 0 {
        return Err(Stop::Invalid);
    }
    while c.length() > 0 {
        if c.length() < 2 {
            return Err(Stop::Invalid);
        }
        let (kind, length) = (c.u8()?, usize::from(c.u8()?));
        new_line(out, level);
        out.token(DHCPV4_OPTIONS, kind, format_args!("Unknown"));
        write!(out, " ({})", length + 2);
        if length > c.length() {
            return Err(Stop::Invalid);
        }
        let mut value = c.split(length);
        match kind {
            6 | 42 => {
                if length < 4 || length % 4 != 0 {
                    return Err(Stop::Invalid);
                }
                while value.length() > 0 {
                    out.text(" ").ipv4(*value.array()?);
                }
            }
            119 => names(out, value)?,
            _ => {}
        }
    }
    Ok(())
}

/// Options of DHCPv6.
pub(super) fn dhcpv6(out: &mut Out, mut c: Cursor<'_>, level: u8) -> Walk {
    if c.length() == 0 {
        return Err(Stop::Invalid);
    }
    while c.length() > 0 {
        if c.length() < 4 {
            return Err(Stop::Invalid);
        }
        let (kind, length) = (c.u16()?, usize::from(c.u16()?));
        new_line(out, level);
        out.token(DHCPV6_OPTIONS, kind, format_args!("Unknown"));
        write!(out, " ({})", length + 4);
        if length > c.length() {
            return Err(Stop::Invalid);
        }
        let mut value = c.split(length);
        match kind {
            23 | 31 => {
                if length % 16 != 0 {
                    out.invalid();
                    return Err(Stop::Invalid);
                }
                while value.length() > 0 {
                    out.text(" ").ipv6(*value.array()?);
                }
            }
            24 => names(out, value)?,
            _ => {}
        }
    }
    Ok(())
}

/// Names one behind the other.
fn names(out: &mut Out, message: Cursor<'_>) -> Walk {
    let mut c = message;
    while c.length() > 0 {
        out.text(" ");
        if domain::name::print(out, message, &mut c).is_err() {
            return Err(Stop::Invalid);
        }
    }
    Ok(())
}
