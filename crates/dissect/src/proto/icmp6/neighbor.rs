//! Neighbour discovery (RFC 4861, RFC 6275, RFC 4191, RFC 5175, RFC 8106, RFC 8781) and its options.

use super::BODY_AT;
use crate::Out;
use crate::proto::domain::name;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const OPTIONS: &Tokens = &[
    (1, "source link-address"),
    (2, "destination link-address"),
    (3, "prefix info"),
    (4, "redirected header"),
    (5, "mtu"),
    (25, "rdnss"),
    (31, "dnssl"),
    (7, "advertisement interval"),
    (8, "homeagent information"),
    (14, "nonce"),
    (24, "route info"),
    (38, "pref64"),
];

const PREFIX_FLAGS: &Tokens = &[(128, "onlink"), (64, "auto"), (32, "router")];

const ADVERTISEMENT_FLAGS: &Tokens =
    &[(128, "managed"), (64, "other stateful"), (32, "home agent"), (2, "ipv6 only")];

const NEIGHBOR_FLAGS: &Tokens =
    &[(0x80000000, "router"), (0x40000000, "solicited"), (0x20000000, "override")];

/// Preferences of routers and routes, by their two bits (RFC 4191 section 2.1).
const PREFERENCES: [&str; 4] = ["medium", "high", "rsv", "low"];
/// Lengths of a NAT64 prefix, by code (RFC 8781 section 4).
const NAT64_PREFIX_LENS: &Tokens = &[(0, "96"), (1, "64"), (2, "56"), (3, "48"), (4, "40"), (5, "32")];

mod option {
    pub(super) const SOURCE_LINK_ADDRESS: u8 = 1;
    pub(super) const TARGET_LINK_ADDRESS: u8 = 2;
    pub(super) const PREFIX_INFORMATION: u8 = 3;
    pub(super) const REDIRECTED_HEADER: u8 = 4;
    pub(super) const MTU: u8 = 5;
    pub(super) const ADVERTISEMENT_INTERVAL: u8 = 7;
    pub(super) const HOME_AGENT_INFORMATION: u8 = 8;
    pub(super) const ROUTE_INFORMATION: u8 = 24;
    pub(super) const RECURSIVE_DNS_SERVER: u8 = 25;
    pub(super) const DNS_SEARCH_LIST: u8 = 31;
    pub(super) const PREF64: u8 = 38;
}

/// Options are counted in units of this many bytes.
const OPTION_UNIT: usize = 8;

pub(super) fn router_solicitation(out: &mut Out, c: Cursor<'_>) -> Walk {
    if out.options.verbose > 0 {
        options(out, c.ahead(BODY_AT))?;
    }
    Ok(())
}

pub(super) fn router_advertisement(out: &mut Out, c: Cursor<'_>) -> Walk {
    if out.options.verbose == 0 {
        return Ok(());
    }
    let (hop_limit, flags, lifetime_s) = (c.peek_u8(4)?, c.peek_u8(5)?, c.peek_u16(6)?);
    let (reachable_ms, retransmit_ms) = (c.peek_u32(8)?, c.peek_u32(12)?);
    write!(out, "\n\thop limit {hop_limit}, Flags [");
    out.bits(ADVERTISEMENT_FLAGS, flags, ", ", format_args!("none"));
    out.text("], pref ").text(preference(flags));
    write!(
        out,
        ", router lifetime {lifetime_s}s, reachable time {reachable_ms}ms, \
         retrans timer {retransmit_ms}ms"
    );
    options(out, c.ahead(16))
}

fn preference(flags: u8) -> &'static str {
    PREFERENCES.get(usize::from(flags >> 3 & 3)).copied().unwrap_or_default()
}

pub(super) fn solicitation(out: &mut Out, c: Cursor<'_>) -> Walk {
    let target = *c.peek_array::<16>(BODY_AT)?;
    out.field("target", target);
    out.text(", who has ").host6(target);
    if out.options.verbose > 0 {
        options(out, c.ahead(BODY_AT + 16))?;
    }
    Ok(())
}

pub(super) fn advertisement(out: &mut Out, c: Cursor<'_>) -> Walk {
    let target = *c.peek_array::<16>(BODY_AT)?;
    out.field("target", target);
    out.text(", tgt is ").host6(target);
    if out.options.verbose > 0 {
        out.text(", Flags [");
        out.bits(NEIGHBOR_FLAGS, c.peek_u32(4)?, ", ", format_args!("none"));
        out.text("]");
        options(out, c.ahead(BODY_AT + 16))?;
    }
    Ok(())
}

pub(super) fn redirect(out: &mut Out, c: Cursor<'_>) -> Walk {
    let (target, dst) = (*c.peek_array::<16>(BODY_AT)?, *c.peek_array::<16>(BODY_AT + 16)?);
    out.text(", ").host6(dst).text(" to ").host6(target);
    if out.options.verbose > 0 {
        options(out, c.ahead(BODY_AT + 32))?;
    }
    Ok(())
}

/// Prefixes of a home network (RFC 6275 section 6.8).
pub(super) fn mobile_prefix_advertisement(out: &mut Out, c: Cursor<'_>) -> Walk {
    if out.options.verbose == 0 {
        return Ok(());
    }
    write!(out, ", id 0x{:04x}", c.peek_u16(4)?);
    let flags = c.peek_u8(6)?;
    if flags & 0xc0 != 0 {
        out.text(" ");
    }
    if flags & 0x80 != 0 {
        out.text("M");
    }
    if flags & 0x40 != 0 {
        out.text("O");
    }
    options(out, c.ahead(BODY_AT))
}

/// Prints options, each on a line of its own.
fn options(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.available() > 0 {
        let (kind, units) = (c.peek_u8(0)?, c.peek_u8(1)?);
        let len = usize::from(units) * OPTION_UNIT;
        if len == 0 {
            return Err(Stop::Truncated);
        }
        c.need(len)?;
        out.text("\n\t  ");
        out.token(OPTIONS, kind, format_args!("unknown"));
        write!(out, " option ({kind}), length {len} ({units}): ");
        let option = c.claim(len);
        if !option_body(out, option, kind)? && out.options.verbose <= 1 {
            out.dump_hex("\n\t  ", option.ahead(2).claimed_bytes());
            return Ok(());
        }
        if out.options.verbose > 1 {
            out.dump_hex("\n\t    ", option.ahead(2).claimed_bytes());
        }
        c.advance(len);
    }
    Ok(())
}

/// Prints what an option says; false where it is not known.
fn option_body(out: &mut Out, c: Cursor<'_>, kind: u8) -> Walk<bool> {
    match kind {
        option::SOURCE_LINK_ADDRESS | option::TARGET_LINK_ADDRESS => {
            out.hex_with(c.ahead(2).claimed_bytes(), b':');
        }
        option::PREFIX_INFORMATION => prefix_information(out, c)?,
        option::REDIRECTED_HEADER => out.dump_hex("\n\t    ", c.claimed_bytes()),
        option::MTU => {
            write!(out, " {}", c.peek_u32(4)?);
            if c.length() != OPTION_UNIT {
                out.text("bad option length");
            }
        }
        option::RECURSIVE_DNS_SERVER => {
            write!(out, " lifetime {}s,", c.peek_u32(4)?);
            let mut rest = c.ahead(8);
            while rest.length() >= 16 {
                let address = *rest.array::<16>()?;
                out.text(" addr: ").host6(address);
            }
        }
        option::DNS_SEARCH_LIST => search_list(out, c)?,
        option::ADVERTISEMENT_INTERVAL => write!(out, " {}ms", c.peek_u32(4)?),
        option::HOME_AGENT_INFORMATION => {
            write!(out, " preference {}, lifetime {}", c.peek_u16(4)?, c.peek_u16(6)?);
        }
        option::ROUTE_INFORMATION => route_information(out, c)?,
        option::PREF64 => pref64(out, c)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn prefix_information(out: &mut Out, c: Cursor<'_>) -> Walk {
    let (prefix_len, flags, prefix) = (c.peek_u8(2)?, c.peek_u8(3)?, *c.peek_array::<16>(16)?);
    out.host6(prefix);
    write!(out, "/{prefix_len}");
    if c.length() != 4 * OPTION_UNIT {
        out.text("badlen");
    }
    out.text(", Flags [");
    out.bits(PREFIX_FLAGS, flags, ", ", format_args!("none"));
    out.text("], valid time ");
    lifetime(out, c.peek_u32(4)?);
    out.text(", pref. time ");
    lifetime(out, c.peek_u32(8)?);
    Ok(())
}

/// A lifetime; all ones mean for ever.
fn lifetime(out: &mut Out, lifetime_s: u32) {
    if lifetime_s == u32::MAX {
        out.text("infinity");
    } else {
        out.dec(lifetime_s).text("s");
    }
}

fn search_list(out: &mut Out, c: Cursor<'_>) -> Walk {
    write!(out, " lifetime {}s, domain(s):", c.peek_u32(4)?);
    let mut rest = c.ahead(8);
    while rest.length() > 0 && rest.peek_u8(0)? != 0 {
        out.text(" ");
        name::print(out, c, &mut rest)?;
    }
    Ok(())
}

fn route_information(out: &mut Out, c: Cursor<'_>) -> Walk {
    let (prefix_len, flags, lifetime_s) = (c.peek_u8(2)?, c.peek_u8(3)?, c.peek_u32(4)?);
    let mut prefix = [0; 16];
    let given = c.ahead(8).claimed_bytes();
    if given.len() > prefix.len() {
        return Err(Stop::Truncated);
    }
    for (to, from) in prefix.iter_mut().zip(given) {
        *to = *from;
    }
    out.text(" ").host6(prefix);
    write!(out, "/{prefix_len}, pref={}, lifetime=", preference(flags));
    lifetime(out, lifetime_s);
    Ok(())
}

/// Prefix that NAT64 maps IPv4 addresses into (RFC 8781).
fn pref64(out: &mut Out, c: Cursor<'_>) -> Walk {
    let scaled = c.peek_u16(2)?;
    let (lifetime_s, code) = (scaled & 0xfff8, scaled & 7);
    let mut prefix = [0; 16];
    for (to, from) in prefix.iter_mut().zip(c.peek(4, 12)?) {
        *to = *from;
    }
    let prefix_len = tokens::name(NAT64_PREFIX_LENS, code.into()).unwrap_or("??");
    out.host6(prefix);
    write!(out, "/{prefix_len} (plc {code}), lifetime {lifetime_s}s");
    Ok(())
}
