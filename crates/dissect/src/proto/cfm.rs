//! Connectivity Fault Management (IEEE 802.1Q-2018 section 21, ITU-T G.8013/Y.1731).

use crate::Out;
use crate::proto::names::{ADDRESS_FAMILIES, OUIS};
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

const OPCODES: &Tokens = &[
    (1, "Continuity Check Message"),
    (2, "Loopback Reply"),
    (3, "Loopback Message"),
    (4, "Linktrace Reply"),
    (5, "Linktrace Message"),
];

const DOMAIN_FORMATS: &Tokens = &[
    (0, "IEEE 802.1"),
    (1, "No MD Name present"),
    (2, "DNS string"),
    (3, "MAC + 16Bit Integer"),
    (4, "Character string"),
];

const ASSOCIATION_FORMATS: &Tokens = &[
    (0, "IEEE 802.1"),
    (1, "Primary VID"),
    (2, "Character string"),
    (3, "16Bit Integer"),
    (4, "RFC2685 VPN-ID"),
];

const LINKTRACE_FLAGS: &Tokens = &[(128, "Use Forwarding-DB only")];

const LINKTRACE_REPLY_FLAGS: &Tokens = &[(128, "UseFDB Only"), (64, "FwdYes"), (32, "Terminal MEP")];

const RELAY_ACTIONS: &Tokens = &[(1, "Exact Match"), (2, "Filtering DB"), (3, "MIP CCM DB")];

const TLVS: &Tokens = &[
    (0, "End"),
    (1, "Sender ID"),
    (2, "Port status"),
    (3, "Interface status"),
    (4, "Data"),
    (5, "Reply Ingress"),
    (6, "Reply Egress"),
    (31, "Organization Specific"),
];

const PORT_STATES: &Tokens = &[(1, "Blocked"), (2, "Up")];

const INTERFACE_STATES: &Tokens =
    &[(1, "Up"), (2, "Down"), (3, "Testing"), (5, "Dormant"), (6, "not present"), (7, "lower Layer down")];

const CHASSIS_SUBTYPES: &Tokens = &[
    (0, "Reserved"),
    (1, "Chassis component"),
    (2, "Interface alias"),
    (3, "Port component"),
    (4, "MAC address"),
    (5, "Network address"),
    (6, "Interface name"),
    (7, "Locally assigned"),
];

mod opcode {
    pub(super) const CONTINUITY_CHECK: u8 = 1;
    pub(super) const LINKTRACE_REPLY: u8 = 4;
    pub(super) const LINKTRACE: u8 = 5;
}

mod tlv {
    pub(super) const END: u8 = 0;
    pub(super) const SENDER_ID: u8 = 1;
    pub(super) const PORT_STATUS: u8 = 2;
    pub(super) const INTERFACE_STATUS: u8 = 3;
    pub(super) const ORGANIZATION: u8 = 31;
}

/// Bytes of level and version, opcode, flags and where the values start.
const HEADER_LEN: usize = 4;
/// Bytes of a value's type and length.
const TLV_LEN: usize = 3;

/// Fields that each kind of message has at least before its values.
const CONTINUITY_CHECK_LEN: usize = 70;
const LINKTRACE_LEN: usize = 17;
const LINKTRACE_REPLY_LEN: usize = 6;

/// Whether the walk goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Continue,
    Stop,
}

/// Prints a message.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let length = whole.length();
    if length < HEADER_LEN {
        return too_short(out);
    }
    let mut c = whole;
    let [first, opcode, flags, offset] = *c.array()?;
    let version = first & 0x1f;
    if version != 0 {
        write!(out, "CFMv{version} not supported, length {length}");
        return Ok(());
    }
    out.field("level", first >> 5);
    out.field("opcode", opcode);
    write!(out, "CFMv{version} ");
    out.token(OPCODES, opcode, format_args!("unknown ({opcode})"));
    write!(out, ", MD Level {}, length {length}", first >> 5);
    if out.options.verbose == 0 {
        return Ok(());
    }
    write!(out, "\n\tFirst TLV offset {offset}");
    let offset = usize::from(offset);
    if offset > c.length() {
        write!(out, " (too large, must be <= {})", c.length());
        return Ok(());
    }
    let next = match opcode {
        opcode::CONTINUITY_CHECK => continuity_check(out, flags, offset, c)?,
        opcode::LINKTRACE => linktrace(out, flags, offset, c)?,
        opcode::LINKTRACE_REPLY => linktrace_reply(out, flags, offset, c)?,
        _ => {
            out.dump_hex("\n\t  ", c.clip(c.length() - offset).bytes());
            Next::Continue
        }
    };
    if next == Next::Continue { values(out, c.ahead(offset)) } else { Ok(()) }
}

fn too_short(out: &mut Out) -> Walk {
    out.text("\n\t\t packet is too short");
    Ok(())
}

/// Whether the fields of a message fit before its values; says otherwise how many bytes they need, of which
/// message: the two of link traces are told for each other.
fn fits(out: &mut Out, opcode: u8, offset: usize, len: usize) -> bool {
    if offset < len {
        write!(out, " (too small {opcode}, must be >= {len})");
    }
    offset >= len
}

/// Of the flags of a continuity check.
const INTERVAL: u8 = 0x07;
const REMOTE_DEFECT: u8 = 0x80;
/// Seconds between continuity checks, by their code.
const INTERVALS: [f32; 8] = [0.0, 0.01 / 3.0, 0.01, 0.1, 1.0, 10.0, 60.0, 600.0];
/// How many intervals without a check mean that the connection is lost, at least and at most.
const MIN_LIFETIME: f64 = 3.25;
const MAX_LIFETIME: f64 = 3.5;

fn continuity_check(out: &mut Out, flags: u8, offset: usize, mut c: Cursor<'_>) -> Walk<Next> {
    if !fits(out, opcode::CONTINUITY_CHECK, offset, CONTINUITY_CHECK_LEN) {
        return Ok(Next::Stop);
    }
    let code = flags & INTERVAL;
    let defect = if flags & REMOTE_DEFECT != 0 { ", RDI" } else { "" };
    write!(out, ", Flags [CCM Interval {code}{defect}]");
    if let Some(&seconds) = INTERVALS.get(usize::from(code)).filter(|seconds| **seconds > 0.0) {
        let seconds = f64::from(seconds);
        write!(out, "\n\t  CCM Interval {seconds:.3}s, min CCM Lifetime {:.3}s", seconds * MIN_LIFETIME);
        write!(out, ", max CCM Lifetime {:.3}s", seconds * MAX_LIFETIME);
    }
    let (sequence, end_point) = (c.u32()?, c.u16()?);
    write!(out, "\n\t  Sequence Number 0x{sequence:08x}, MA-End-Point-ID 0x{end_point:04x}");
    names(out, c)
}

/// Bytes that the names of domain and association share.
const NAMES_LEN: usize = 48;

/// Formats of names that are not dumped.
mod format {
    pub(super) const NO_DOMAIN: u8 = 1;
    pub(super) const DOMAIN_DNS: u8 = 2;
    pub(super) const DOMAIN_MAC: u8 = 3;
    pub(super) const DOMAIN_TEXT: u8 = 4;
    pub(super) const ASSOCIATION_TEXT: u8 = 2;
}

/// The names of the maintenance domain and the association in it.
fn names(out: &mut Out, mut c: Cursor<'_>) -> Walk<Next> {
    let format = c.u8()?;
    let mut left = NAMES_LEN - 1;
    let format_name = name(DOMAIN_FORMATS, format);
    if format == format::NO_DOMAIN {
        write!(out, "\n\t  MD Name Format {format_name} ({format})");
    } else {
        let len = usize::from(c.u8()?);
        left -= 1;
        write!(out, "\n\t  MD Name Format {format_name} ({format}), MD Name length {len}");
        // The association needs its format, its length and a byte; what is said leaves out the byte.
        if len > left - 3 {
            write!(out, " (too large, must be <= {})", left - 2);
            return Ok(Next::Stop);
        }
        left -= len;
        out.text("\n\t  MD Name: ");
        let domain = c.take(len)?;
        match format {
            format::DOMAIN_DNS | format::DOMAIN_TEXT => _ = out.escaped_to_zero(domain),
            format::DOMAIN_MAC => match <[u8; 6]>::try_from(domain) {
                Ok(address) => _ = out.text("\n\t  MAC ").ether_host(address),
                Err(_) => _ = out.text("\n\t  MAC (length invalid)"),
            },
            _ => out.dump_hex("\n\t    ", domain),
        }
    }
    let (format, len) = (c.u8()?, usize::from(c.u8()?));
    left -= 2;
    write!(
        out,
        "\n\t  MA Name-Format {} ({format}), MA name length {len}",
        name(ASSOCIATION_FORMATS, format)
    );
    if len > left {
        write!(out, " (too large, must be <= {left})");
        return Ok(Next::Stop);
    }
    out.text("\n\t  MA Name: ");
    let association = c.take(len)?;
    if format == format::ASSOCIATION_TEXT {
        out.escaped_to_zero(association);
    } else {
        out.dump_hex("\n\t    ", association);
    }
    Ok(Next::Continue)
}

fn linktrace(out: &mut Out, flags: u8, offset: usize, mut c: Cursor<'_>) -> Walk<Next> {
    if !fits(out, opcode::LINKTRACE_REPLY, offset, LINKTRACE_LEN) {
        return Ok(Next::Stop);
    }
    out.text(", Flags [");
    out.bits(LINKTRACE_FLAGS, flags, ", ", format_args!("none"));
    write!(out, "]\n\t  Transaction-ID 0x{:08x}, ttl {}", c.u32()?, c.u8()?);
    let (origin, target) = (*c.array()?, *c.array()?);
    out.text("\n\t  Original-MAC ").ether_host(origin);
    out.text(", Target-MAC ").ether_host(target);
    Ok(Next::Continue)
}

fn linktrace_reply(out: &mut Out, flags: u8, offset: usize, mut c: Cursor<'_>) -> Walk<Next> {
    if !fits(out, opcode::LINKTRACE, offset, LINKTRACE_REPLY_LEN) {
        return Ok(Next::Stop);
    }
    out.text(", Flags [");
    out.bits(LINKTRACE_REPLY_FLAGS, flags, ", ", format_args!("none"));
    write!(out, "]\n\t  Transaction-ID 0x{:08x}, ttl {}", c.u32()?, c.u8()?);
    let action = c.u8()?;
    write!(out, "\n\t  Replay-Action {} ({action})", name(RELAY_ACTIONS, action));
    Ok(Next::Continue)
}

fn name(names: &Tokens, value: u8) -> &'static str {
    tokens::name(names, value.into()).unwrap_or("Unknown")
}

/// Prints what follows the fields of a message.
fn values(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let kind = c.peek_u8(0)?;
        write!(out, "\n\t{} TLV (0x{kind:02x})", name(TLVS, kind));
        if kind == tlv::END {
            return Ok(());
        }
        if c.length() < TLV_LEN {
            return too_short(out);
        }
        let len = usize::from(c.peek_u16(1)?);
        write!(out, ", length {len}");
        c.skip(TLV_LEN)?;
        if len > c.length() {
            return too_short(out);
        }
        c.need(len)?;
        let value = c.clip(len);
        let read = match kind {
            tlv::PORT_STATUS => status(out, PORT_STATES, value)?,
            tlv::INTERFACE_STATUS => status(out, INTERFACE_STATES, value)?,
            tlv::ORGANIZATION => organization(out, value)?,
            tlv::SENDER_ID => match sender(out, value)? {
                Some(read) => {
                    c.skip(read)?;
                    continue;
                }
                None => Next::Stop,
            },
            _ => Next::Continue,
        };
        if read == Next::Stop {
            return Ok(());
        }
        if out.options.verbose > 1 || !matches!(kind, tlv::PORT_STATUS | tlv::INTERFACE_STATUS) {
            out.dump_hex("\n\t  ", value.bytes());
        }
        c.skip(len)?;
    }
    Ok(())
}

/// Whether a value has the bytes it needs; says otherwise how many.
fn has(out: &mut Out, value: Cursor<'_>, len: usize) -> bool {
    if value.length() < len {
        write!(out, " (too short, must be >= {len})");
    }
    value.length() >= len
}

fn status(out: &mut Out, states: &Tokens, value: Cursor<'_>) -> Walk<Next> {
    if !has(out, value, 1) {
        return Ok(Next::Stop);
    }
    let state = value.peek_u8(0)?;
    write!(out, ", Status: {} ({state})", name(states, state));
    Ok(Next::Continue)
}

fn organization(out: &mut Out, value: Cursor<'_>) -> Walk<Next> {
    if !has(out, value, 4) {
        return Ok(Next::Stop);
    }
    let (oui, subtype) = (value.peek_u24(0)?, value.peek_u8(3)?);
    let vendor = tokens::name(OUIS, oui).unwrap_or("Unknown");
    write!(out, ", Vendor: {vendor} ({oui}), Sub-Type {subtype}");
    Ok(Next::Continue)
}

/// Subtypes of a chassis identifier.
mod chassis {
    pub(super) const COMPONENT: u8 = 1;
    pub(super) const INTERFACE_ALIAS: u8 = 2;
    pub(super) const PORT_COMPONENT: u8 = 3;
    pub(super) const MAC: u8 = 4;
    pub(super) const NETWORK: u8 = 5;
    pub(super) const INTERFACE_NAME: u8 = 6;
    pub(super) const LOCAL: u8 = 7;
}

/// Who sent a message. Gives back how many bytes belong to the value, or nothing where no further one can follow.
fn sender(out: &mut Out, value: Cursor<'_>) -> Walk<Option<usize>> {
    if !has(out, value, 1) {
        return Ok(None);
    }
    let whole = value.length();
    let mut c = value;
    let len = usize::from(c.u8()?);
    if len > 0 {
        if c.length() < 1 {
            out.text("\n\t  (TLV too short)");
            return Ok(Some(whole));
        }
        let subtype = c.u8()?;
        write!(
            out,
            "\n\t  Chassis-ID Type {} ({subtype}), Chassis-ID length {len}",
            name(CHASSIS_SUBTYPES, subtype)
        );
        if c.length() < len {
            out.text("\n\t  (TLV too short)");
            // The subtype has been counted twice, and so the next value is looked for in its last byte.
            return Ok(Some(whole - 1));
        }
        chassis_id(out, subtype, c.split(len))?;
    }
    for (what, indent) in [
        ("Management Address Domain Length", "\n\t  Management Address Domain: "),
        ("Management Address Length", "\n\t  Management Address: "),
    ] {
        if c.length() == 0 {
            if what == "Management Address Length" {
                out.text(" (Management Address Length is missing)");
            }
            break;
        }
        let len = usize::from(c.u8()?);
        write!(out, "\n\t  {what} {len}");
        if c.length() < len {
            out.text("\n\t  (TLV too short)");
            break;
        }
        if len == 0 {
            break;
        }
        out.dump_hex(indent, c.take(len)?);
    }
    Ok(Some(whole))
}

fn chassis_id(out: &mut Out, subtype: u8, c: Cursor<'_>) -> Walk {
    let bytes = c.peek(0, c.length())?;
    match subtype {
        chassis::MAC => match <[u8; 6]>::try_from(bytes) {
            Ok(address) => _ = out.text("\n\t  MAC ").ether_host(address),
            Err(_) => _ = out.text(" (invalid MAC address length)"),
        },
        chassis::NETWORK => network_address(out, c)?,
        chassis::COMPONENT
        | chassis::INTERFACE_ALIAS
        | chassis::PORT_COMPONENT
        | chassis::INTERFACE_NAME
        | chassis::LOCAL => _ = out.escaped_to_zero(bytes),
        _ => out.dump_hex("\n\t  ", bytes),
    }
    Ok(())
}

/// Address families.
const IPV4: u8 = 1;
const IPV6: u8 = 2;

fn network_address(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let family = c.u8()?;
    write!(out, "\n\t  Network Address Type {} ({family})", name(ADDRESS_FAMILIES, family));
    let bytes = c.bytes();
    match (family, bytes.len()) {
        (IPV4, 4) => {
            let address = *c.array()?;
            out.text(", ").host4(address);
        }
        (IPV6, 16) => {
            let address = *c.array()?;
            out.text(", ").host6(address);
        }
        (IPV4, len) => write!(out, "(invalid IPv4 address length {len})"),
        (IPV6, len) => write!(out, "(invalid IPv6 address length {len})"),
        _ => out.dump_hex("\n\t  ", bytes),
    }
    Ok(())
}
