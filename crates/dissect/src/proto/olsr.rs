//! Optimized Link State Routing (RFC 3626), with the messages of olsrd: link quality, names, smart gateways.

use crate::tokens::Tokens;
use crate::{Network, Out};
use wirescope_wire::{Cursor, Stop, Walk};

const MESSAGES: &Tokens = &[
    (1, "Hello"),
    (2, "TC"),
    (3, "MID"),
    (4, "HNA"),
    (128, "Powerinfo"),
    (130, "Nameservice"),
    (201, "Hello-LQ"),
    (202, "TC-LQ"),
];

const LINKS: &Tokens = &[(0, "Unspecified"), (1, "Asymmetric"), (2, "Symmetric"), (3, "Lost")];

const NEIGHBORS: &Tokens = &[(0, "Not-Neighbor"), (1, "Symmetric"), (2, "Symmetric-MPR")];

mod message {
    pub(super) const HELLO: u8 = 1;
    pub(super) const TOPOLOGY: u8 = 2;
    pub(super) const INTERFACES: u8 = 3;
    pub(super) const NETWORKS: u8 = 4;
    pub(super) const NAMES: u8 = 130;
    pub(super) const HELLO_QUALITY: u8 = 201;
    pub(super) const TOPOLOGY_QUALITY: u8 = 202;
}

/// Bytes of the packet's header.
const HEADER_LEN: usize = 4;

/// Whether addresses have 16 bytes, and messages a longer header with them.
#[derive(Clone, Copy)]
struct Version {
    is_v6: bool,
}

impl Version {
    fn address_len(self) -> usize {
        if self.is_v6 { 16 } else { 4 }
    }

    /// Bytes of a message's header.
    fn header_len(self) -> usize {
        8 + self.address_len()
    }

    /// Writes an address and advances past it.
    fn host(self, out: &mut Out, heading: &str, c: &mut Cursor<'_>) -> Walk {
        if self.is_v6 {
            let address = *c.array()?;
            out.text(heading).host6(address);
        } else {
            let address = *c.array()?;
            out.text(heading).host4(address);
        }
        Ok(())
    }
}

/// Prints a packet.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let version = Version { is_v6: matches!(out.context.network, Network::V6 { .. }) };
    write!(out, "OLSRv{}", if version.is_v6 { 6 } else { 4 });
    if whole.length() < HEADER_LEN {
        return out.disagree("length", whole.length(), "<", HEADER_LEN);
    }
    let length = whole.length();
    let mut c = whole;
    let (len, sequence) = (usize::from(c.u16()?), c.u16()?);
    // What the packet says itself counts where it is less.
    let len = if len > 0 { len.min(length) } else { length };
    write!(out, ", seq 0x{sequence:04x}, length {len}");
    let mut c = c.claim(len.saturating_sub(HEADER_LEN));
    while out.options.verbose > 0 && c.length() > 0 {
        if !message(out, version, &mut c)? {
            break;
        }
    }
    Ok(())
}

/// A time of four bits mantissa and four bits exponent, in sixteenths of a second.
fn time(code: u8) -> f64 {
    (1.0 + f64::from(code >> 4) / 16.0) * f64::from(1u32 << (code & 0x0f)) / 16.0
}

/// Prints a message; false where it is none, and nothing can follow.
fn message(out: &mut Out, version: Version, c: &mut Cursor<'_>) -> Walk<bool> {
    let left = c.length();
    let header_len = version.header_len();
    c.need(header_len)?;
    let (kind, validity, len) = (c.u8()?, c.u8()?, usize::from(c.u16()?));
    let mut originator = *c;
    c.advance(version.address_len());
    let (ttl, hops, sequence) = (c.u8()?, c.u8()?, c.u16()?);
    if kind == 0 || len == 0 {
        return Ok(false);
    }
    out.text("\n\t");
    out.token(MESSAGES, kind, format_args!("Unknown"));
    write!(out, " Message (0x{kind:02x}), ");
    version.host(out, "originator ", &mut originator)?;
    write!(out, ", ttl {ttl}, hop {hops}\n\t  vtime {:.3}s, msg-seq 0x{sequence:04x}", time(validity));
    write!(out, ", length {len}");
    let Some(body_len) = len.checked_sub(header_len).filter(|_| len <= left) else {
        return Err(Stop::Invalid);
    };
    let body = c.claim(body_len);
    c.advance(body_len);
    let printed = match kind {
        message::HELLO | message::HELLO_QUALITY => hello(out, version, body, kind == message::HELLO_QUALITY),
        message::TOPOLOGY | message::TOPOLOGY_QUALITY => topology(out, version, body, kind),
        message::INTERFACES => interfaces(out, version, body),
        message::NETWORKS => networks(out, version, body),
        message::NAMES => names(out, version, body),
        _ => {
            out.dump_hex("\n\t    ", body.claimed_bytes());
            Ok(())
        }
    };
    match printed {
        // What is wrong in one message says nothing about the next.
        Err(Stop::Invalid) => out.invalid(),
        printed => printed?,
    }
    Ok(true)
}

fn interfaces(out: &mut Out, version: Version, mut c: Cursor<'_>) -> Walk {
    while c.length() >= version.address_len() {
        version.host(out, "\n\t  interface address ", &mut c)?;
    }
    Ok(())
}

fn hello(out: &mut Out, version: Version, mut c: Cursor<'_>, has_quality: bool) -> Walk {
    if c.length() < 4 {
        return Err(Stop::Invalid);
    }
    let (_, interval, willingness) = (c.u16()?, c.u8()?, c.u8()?);
    write!(out, "\n\t  hello-time {:.3}s, MPR willingness {willingness}", time(interval));
    while c.length() > 0 {
        if c.length() < 4 {
            return out.disagree("remaining length", c.length(), "<", 4);
        }
        let whole_len = c.length();
        let (kinds, _, len) = (c.u8()?, c.u8()?, usize::from(c.u16()?));
        out.text("\n\t    link-type ");
        out.token(LINKS, kinds & 3, format_args!("Unknown"));
        out.text(", neighbor-type ");
        out.token(NEIGHBORS, kinds >> 2, format_args!("Unknown"));
        write!(out, ", len {len}");
        let Some(body_len) = len.checked_sub(4).filter(|_| len <= whole_len) else {
            return Err(Stop::Invalid);
        };
        let body = c.claim(body_len);
        c.advance(body_len);
        neighbors(out, version, body, has_quality)?;
    }
    Ok(())
}

/// Neighbours, with how good the links to and from them are where `has_quality`.
fn neighbors(out: &mut Out, version: Version, mut c: Cursor<'_>, has_quality: bool) -> Walk {
    if has_quality {
        while c.length() >= version.address_len() + 4 {
            c.need(version.address_len() + 4)?;
            version.host(out, "\n\t      neighbor ", &mut c)?;
            let [link, neighbor, _, _] = *c.array()?;
            let percent = |quality: u8| f64::from(quality) / 2.55;
            write!(out, ", link-quality {:.2}%", percent(link));
            write!(out, ", neighbor-link-quality {:.2}%", percent(neighbor));
        }
        return Ok(());
    }
    out.text("\n\t      neighbor\n\t\t");
    let mut number = 1;
    while c.length() >= version.address_len() {
        version.host(out, "", &mut c)?;
        out.text(if number % 4 == 0 { "\n\t\t" } else { " " });
        number += 1;
    }
    Ok(())
}

fn topology(out: &mut Out, version: Version, mut c: Cursor<'_>, kind: u8) -> Walk {
    if c.length() < 4 {
        return out.disagree("remaining length", c.length(), "<", 4);
    }
    write!(out, "\n\t    advertised neighbor seq 0x{:04x}", c.u16()?);
    c.skip(2)?;
    neighbors(out, version, c, kind == message::TOPOLOGY_QUALITY)
}

/// Networks behind a node. A network of everything may be the capabilities of a gateway instead.
fn networks(out: &mut Out, version: Version, mut c: Cursor<'_>) -> Walk {
    let item_len = 2 * version.address_len();
    write!(out, "\n\t  Advertised networks (total {})", c.length() / item_len);
    let mut number = 0;
    while c.length() >= item_len {
        if version.is_v6 {
            let (network, mask) = (*c.array()?, *c.array()?);
            write!(out, "\n\t    #{number}: ");
            out.host6(network);
            write!(out, "/{}", u128::from_be_bytes(mask).leading_ones());
        } else {
            let (network, mask) = (*c.array::<4>()?, *c.array::<4>()?);
            let between = if number == 0 { "\n\t    " } else { ", " };
            match (network, mask) {
                ([0, 0, 0, 0], [0, flags, up, down]) if flags != 0 => {
                    out.text(between);
                    gateway(out, flags, up, down);
                }
                _ => {
                    out.text(between).host4(network);
                    write!(out, "/{}", mask_len(u32::from_be_bytes(mask)));
                }
            }
        }
        number += 1;
    }
    Ok(())
}

/// The length of a mask; one with holes has none, which is shown as the largest number.
fn mask_len(mask: u32) -> u32 {
    if mask.leading_ones() + mask.trailing_zeros() >= 32 { mask.leading_ones() } else { u32::MAX }
}

/// In the flags of a smart gateway: its speeds are given.
const HAS_SPEED: u8 = 0x01;

/// What a smart gateway offers: speeds up and down in kilobits a second.
fn gateway(out: &mut Out, flags: u8, up: u8, down: u8) {
    out.text("Smart-Gateway:");
    for (flag, name) in [
        (HAS_SPEED, " LINKSPEED"),
        (0x02, " IPV4"),
        (0x04, " IPV4-NAT"),
        (0x08, " IPV6"),
        (0x10, " IPv6-PREFIX"),
    ] {
        out.text(if flags & flag != 0 { name } else { "" });
    }
    let [up, down] = if flags & HAS_SPEED != 0 { [speed(up), speed(down)] } else { [0, 0] };
    write!(out, " {up}/{down}");
}

/// A speed of five bits mantissa and a power of ten in three.
fn speed(code: u8) -> u32 {
    (u32::from(code >> 3) + 1) * 10u32.pow(u32::from(code & 7))
}

fn names(out: &mut Out, version: Version, mut c: Cursor<'_>) -> Walk {
    if c.length() < 4 {
        return Err(Stop::Invalid);
    }
    let (number, count) = (c.u16()?, c.u16()?);
    write!(out, "\n\t  Version {number}, Entries {count}");
    for entry in 0..count {
        if c.length() == 0 {
            break;
        }
        let header_len = 4 + version.address_len();
        if c.length() < 4 {
            return Err(Stop::Invalid);
        }
        let (kind, len) = (c.u16()?, usize::from(c.u16()?));
        write!(out, "\n\t    #{entry}: type 0x{kind:04x}, length {len}");
        if c.length() < header_len - 4 + 12 && c.length() < version.address_len() + len {
            return Err(Stop::Invalid);
        }
        let address_space = if version.is_v6 { 0 } else { 12 };
        version.host(out, ", address ", &mut c)?;
        c.advance(address_space);
        out.text(", name \"");
        if len > c.length() {
            out.text("\"");
            return Err(Stop::Invalid);
        }
        out.escaped_take(&mut c, len)?;
        out.text("\"");
        // Padded to four bytes.
        c.advance(len.next_multiple_of(4) - len);
    }
    Ok(())
}
