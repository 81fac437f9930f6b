//! Protocol Independent Multicast, version 2 (RFC 7761; bootstrap RFC 5059, dense mode RFC 3973, bidirectional RFC 5015).

mod addresses;
mod autorp;
mod v1;

pub(crate) use autorp::print as print_autorp;
pub(crate) use v1::print as print_v1;

use crate::proto::{ip, ip6};
use crate::tokens::Tokens;
use crate::{Network, Out};
use addresses::{Encoding, group, source, unicast};
use wirescope_wire::{Cursor, Stop, Walk, checksum};

const KINDS: &Tokens = &[
    (0, "Hello"),
    (1, "Register"),
    (2, "Register Stop"),
    (3, "Join / Prune"),
    (4, "Bootstrap"),
    (5, "Assert"),
    (6, "Graft"),
    (7, "Graft Acknowledgement"),
    (8, "Candidate RP Advertisement"),
    (9, "Prune Refresh"),
    (10, "DF Election"),
    (11, "ECMP Redirect"),
];

const HELLO_OPTIONS: &Tokens = &[
    (1, "Hold Time"),
    (2, "LAN Prune Delay"),
    (18, "DR Priority (Old)"),
    (19, "DR Priority"),
    (20, "Generation ID"),
    (21, "State Refresh Capability"),
    (22, "Bi-Directional Capability"),
    (24, "Address List"),
    (0xfde9, "Address List (Old)"),
];

const REGISTER_FLAGS: &Tokens = &[(0x80000000, "Border"), (0x40000000, "Null")];

const ELECTIONS: &Tokens = &[(1, "Offer"), (2, "Winner"), (3, "Backoff"), (4, "Pass")];

mod kind {
    pub(super) const HELLO: u8 = 0;
    pub(super) const REGISTER: u8 = 1;
    pub(super) const REGISTER_STOP: u8 = 2;
    pub(super) const JOIN_PRUNE: u8 = 3;
    pub(super) const BOOTSTRAP: u8 = 4;
    pub(super) const ASSERT: u8 = 5;
    pub(super) const GRAFT: u8 = 6;
    pub(super) const GRAFT_ACKNOWLEDGEMENT: u8 = 7;
    pub(super) const CANDIDATE: u8 = 8;
    pub(super) const PRUNE_REFRESH: u8 = 9;
    pub(super) const ELECTION: u8 = 10;
}

const VERSION: u8 = 2;
/// Bytes of the header, which is all that the checksum of a register covers.
const HEADER_LEN: usize = 4;
const REGISTER_LEN: usize = 8;
const PROTOCOL: u8 = 103;
/// A time that never ends.
const FOREVER: u16 = 0xffff;

/// Prints a message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let version_and_kind = c.peek_u8(0)?;
    let (version, kind) = (version_and_kind >> 4, version_and_kind & 0x0f);
    out.field("version", version);
    out.field("type", kind);
    write!(out, "PIMv{version}");
    if version != VERSION {
        write!(out, ", length {}", c.length());
        return Ok(());
    }
    if out.options.verbose == 0 {
        out.text(", ");
        out.token(KINDS, kind, format_args!("Unknown Type"));
        write!(out, ", length {}", c.length());
        return Ok(());
    }
    write!(out, ", length {}\n\t", c.length());
    out.token(KINDS, kind, format_args!("Unknown Type"));
    out.run("pimv2", print_v2, c)
}

/// Prints what follows the type.
fn print_v2(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let length = whole.length();
    if length < 2 {
        return short(out, length, 2);
    }
    let (kind, reserved) = (whole.peek_u8(0)? & 0x0f, whole.peek_u8(1)?);
    // An election has its step there.
    let encoding = if kind == kind::ELECTION { Encoding::Encoded } else { Encoding::of_header(reserved) };
    if matches!(encoding, Encoding::OfLength(_)) {
        out.text(", RFC2117-encoding");
    }
    if length < HEADER_LEN {
        return short(out, length, HEADER_LEN);
    }
    let sum = whole.peek_u16(2)?;
    write!(out, ", cksum 0x{sum:04x} ");
    out.text(match is_sum_correct(out, whole, kind, sum) {
        None => "(unverified)",
        Some(true) => "(correct)",
        Some(false) => "(incorrect)",
    });
    body(out, kind, reserved, encoding, whole.ahead(HEADER_LEN))
}

fn short(out: &mut Out, length: usize, least: usize) -> Walk {
    write!(out, "[length {length} < {least}]");
    Err(Stop::Invalid)
}

/// Whether the checksum is right; nothing where that cannot be told. That of a register covers the header alone,
/// but there are routers that sum up all of it.
fn is_sum_correct(out: &Out, c: Cursor<'_>, kind: u8, sum: u16) -> Option<bool> {
    if sum == 0 {
        return None;
    }
    let is_right = |c: Cursor<'_>| match out.context.network {
        Network::V6 { .. } => {
            let pseudo = out.context.network.pseudo_header(PROTOCOL, c.length());
            pseudo.is_some_and(|pseudo| pseudo.bytes(c.claimed_bytes()).checksum() == 0)
        }
        _ => checksum::internet(c.claimed_bytes()) == 0,
    };
    let header = c.claim(REGISTER_LEN.min(c.length()));
    if kind == kind::REGISTER && header.has(header.length()) && is_right(header) {
        return Some(true);
    }
    c.has(c.length()).then(|| is_right(c))
}

fn body(out: &mut Out, kind: u8, reserved: u8, encoding: Encoding, mut c: Cursor<'_>) -> Walk {
    match kind {
        kind::HELLO => hello(out, encoding, c),
        kind::REGISTER => register(out, c),
        kind::REGISTER_STOP => {
            out.text(" group=");
            group(out, encoding, &mut c)?;
            out.text(" source=");
            unicast(out, encoding, &mut c)
        }
        kind::JOIN_PRUNE | kind::GRAFT | kind::GRAFT_ACKNOWLEDGEMENT => join_prune(out, kind, encoding, c),
        kind::BOOTSTRAP => bootstrap(out, encoding, c),
        kind::ASSERT => {
            const TREE_OF_POINT: u32 = 0x8000_0000;
            out.text(" group=");
            group(out, encoding, &mut c)?;
            out.text(" src=");
            unicast(out, encoding, &mut c)?;
            let (preference, metric) = (c.split_within(4)?.peek_u32(0)?, c.split_within(4)?.peek_u32(0)?);
            out.text(if preference & TREE_OF_POINT != 0 { " RPT" } else { "" });
            write!(out, " pref={} metric={metric}", preference & !TREE_OF_POINT);
            Ok(())
        }
        kind::CANDIDATE => candidate(out, encoding, c),
        kind::PRUNE_REFRESH => {
            out.text(" src=");
            unicast(out, encoding, &mut c)?;
            out.text(" grp=");
            group(out, encoding, &mut c)?;
            out.text(" forwarder=");
            unicast(out, encoding, &mut c)?;
            let interval = c.split_within(2)?.peek_u16(0)?;
            out.text(" TUNR ").relative_time(interval.into());
            Ok(())
        }
        kind::ELECTION => election(out, reserved >> 4, encoding, c),
        _ => {
            write!(out, " [type {kind}]");
            Ok(())
        }
    }
}

/// Writes how long something holds.
fn hold_time(out: &mut Out, seconds: u16) {
    if seconds == FOREVER {
        out.text("infinite");
    } else {
        out.relative_time(seconds.into());
    }
}

mod option {
    pub(super) const HOLD_TIME: u16 = 1;
    pub(super) const PRUNE_DELAY: u16 = 2;
    pub(super) const PRIORITY_OLD: u16 = 18;
    pub(super) const PRIORITY: u16 = 19;
    pub(super) const GENERATION: u16 = 20;
    pub(super) const STATE_REFRESH: u16 = 21;
    pub(super) const BIDIRECTIONAL: u16 = 22;
    pub(super) const ADDRESSES: u16 = 24;
    pub(super) const ADDRESSES_OLD: u16 = 65001;
}

fn hello(out: &mut Out, encoding: Encoding, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let mut head = c.split_within(4)?;
        let (kind, len) = (head.u16()?, usize::from(head.u16()?));
        out.text("\n\t  ");
        out.token(HELLO_OPTIONS, kind, format_args!("Unknown"));
        write!(out, " Option ({kind}), length {len}, Value: ");
        let value = c.split_within(len)?;
        value.need(len)?;
        hello_option(out, kind, encoding, value)?;
        if out.options.verbose > 1 {
            out.dump_hex("\n\t    ", value.claimed_bytes());
        }
    }
    Ok(())
}

fn hello_option(out: &mut Out, kind: u16, encoding: Encoding, mut c: Cursor<'_>) -> Walk {
    let len = c.length();
    let expected = match kind {
        option::HOLD_TIME => 2,
        option::PRIORITY_OLD if len == 0 => 0,
        option::PRUNE_DELAY
        | option::PRIORITY_OLD
        | option::PRIORITY
        | option::GENERATION
        | option::STATE_REFRESH => 4,
        _ => len,
    };
    if len != expected {
        write!(out, "[option length {len} != {expected}]");
        return Err(Stop::Invalid);
    }
    match kind {
        option::HOLD_TIME => {
            out.relative_time(c.u16()?.into());
        }
        option::PRUNE_DELAY => {
            let (delay, interval) = (c.u16()?, c.u16()?);
            write!(out, "\n\t    T-bit={}, LAN delay {}ms", delay >> 15, delay & 0x7fff);
            write!(out, ", Override interval {interval}ms");
        }
        option::PRIORITY_OLD if len == 0 => {
            out.text("Bi-Directional Capability (Old)");
        }
        option::PRIORITY_OLD | option::PRIORITY => {
            out.dec(c.u32()?);
        }
        option::GENERATION => write!(out, "0x{:08x}", c.u32()?),
        option::STATE_REFRESH => {
            let (version, interval, reserved) = (c.u8()?, c.u8()?, c.u16()?);
            write!(out, "v{version}");
            if interval != 0 {
                out.text(", interval ").relative_time(interval.into());
            }
            if reserved != 0 {
                write!(out, " ?0x{reserved:04x}?");
            }
        }
        option::BIDIRECTIONAL => {}
        option::ADDRESSES | option::ADDRESSES_OLD => {
            while out.options.verbose > 1 && c.length() > 0 {
                out.text("\n\t    ");
                unicast(out, encoding, &mut c)?;
            }
        }
        _ if out.options.verbose <= 1 => out.dump_hex("\n\t    ", c.claimed_bytes()),
        _ => {}
    }
    Ok(())
}

/// A datagram on its way to the rendezvous point, or none of it but its addresses.
fn register(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let flags = c.split_within(4)?.peek_u32(0)?;
    out.text(", Flags [ ");
    out.bits(REGISTER_FLAGS, flags, ", ", format_args!("none"));
    out.text(" ]\n\t");
    if c.length() == 0 {
        return Ok(());
    }
    match c.peek_u8(0)? >> 4 {
        0 => {
            let (source, group) = (*c.peek_array(12)?, *c.peek_array(16)?);
            out.text("IP-Null-header ").host4(source).text(" > ").host4(group);
            Ok(())
        }
        4 => out.run("ip", ip::print, c),
        6 => out.run("ip6", ip6::print, c),
        version => {
            write!(out, "IP ver {version}");
            Ok(())
        }
    }
}

/// Who wants the multicast of which groups from which sources, and who no longer does.
fn join_prune(out: &mut Out, kind: u8, encoding: Encoding, mut c: Cursor<'_>) -> Walk {
    out.text(", upstream-neighbor: ");
    unicast(out, encoding, &mut c)?;
    let mut head = c.split_within(4)?;
    let (_, groups, time) = (head.u8()?, head.u8()?, head.u16()?);
    write!(out, "\n\t  {groups} group(s)");
    if kind != kind::GRAFT_ACKNOWLEDGEMENT {
        out.text(", holdtime: ");
        hold_time(out, time);
    }
    for number in 1..=groups {
        write!(out, "\n\t    group #{number}: ");
        group(out, encoding, &mut c)?;
        let mut counts = c.split_within(4)?;
        let (joined, pruned) = (counts.u16()?, counts.u16()?);
        write!(out, ", joined sources: {joined}, pruned sources: {pruned}");
        for (count, what) in [(joined, "joined"), (pruned, "pruned")] {
            for number in 1..=count {
                write!(out, "\n\t      {what} source #{number}: ");
                source(out, encoding, &mut c)?;
            }
        }
    }
    Ok(())
}

/// The rendezvous points that a domain has.
fn bootstrap(out: &mut Out, encoding: Encoding, mut c: Cursor<'_>) -> Walk {
    write!(out, " tag={:x}", c.split_within(2)?.peek_u16(0)?);
    write!(out, " hashmlen={}", c.split_within(1)?.peek_u8(0)?);
    write!(out, " BSRprio={}", c.split_within(1)?.peek_u8(0)?);
    out.text(" BSR=");
    unicast(out, encoding, &mut c)?;
    let mut number = 0;
    while c.length() > 0 {
        write!(out, " (group{number}: ");
        group(out, encoding, &mut c)?;
        write!(out, " RPcnt={}", c.split_within(1)?.peek_u8(0)?);
        let mut counts = c.split_within(3)?;
        let count = counts.u8()?;
        write!(out, " FRPcnt={count}");
        for point in 0..count {
            if c.length() == 0 {
                break;
            }
            write!(out, " RP{point}=");
            unicast(out, encoding, &mut c)?;
            let mut properties = c.split_within(4)?;
            out.text(",holdtime=").relative_time(properties.u16()?.into());
            write!(out, ",prio={}", properties.u8()?);
        }
        out.text(")");
        number += 1;
    }
    Ok(())
}

/// A router that offers itself as a rendezvous point.
fn candidate(out: &mut Out, encoding: Encoding, mut c: Cursor<'_>) -> Walk {
    let count = c.split_within(1)?.peek_u8(0)?;
    write!(out, " prefix-cnt={count}");
    write!(out, " prio={}", c.split_within(1)?.peek_u8(0)?);
    out.text(" holdtime=");
    let time = c.split_within(2)?.peek_u16(0)?;
    out.relative_time(time.into());
    out.text(" RP=");
    unicast(out, encoding, &mut c)?;
    for number in 0..count {
        if c.length() == 0 {
            break;
        }
        write!(out, " Group{number}=");
        group(out, encoding, &mut c)?;
    }
    Ok(())
}

/// Who forwards on a link towards a rendezvous point.
fn election(out: &mut Out, step: u8, encoding: Encoding, mut c: Cursor<'_>) -> Walk {
    const BACKOFF: u8 = 3;
    const PASS: u8 = 4;
    out.text("\n\t  ");
    out.token(ELECTIONS, step, format_args!("Unknown"));
    out.text(", rpa=");
    unicast(out, encoding, &mut c)?;
    write!(out, " sender pref={}", c.split_within(4)?.peek_u32(0)?);
    write!(out, " sender metric={}", c.split_within(4)?.peek_u32(0)?);
    let who = match step {
        BACKOFF => "offer",
        PASS => "new winner",
        _ => return Ok(()),
    };
    write!(out, "\n\t  {who} addr=");
    unicast(out, encoding, &mut c)?;
    write!(out, " {who} pref={}", c.split_within(4)?.peek_u32(0)?);
    write!(out, " {who} metric={}", c.split_within(4)?.peek_u32(0)?);
    if step == BACKOFF {
        write!(out, " interval {}ms", c.split_within(2)?.peek_u16(0)?);
    }
    Ok(())
}
