//! Enhanced Interior Gateway Routing Protocol (RFC 7868).

use crate::Out;
use crate::tokens::Tokens;
use std::net::Ipv4Addr;
use wirescope_wire::{Cursor, Stop, Walk};

const OPERATIONS: &Tokens =
    &[(1, "Update"), (3, "Query"), (4, "Reply"), (5, "Hello"), (6, "IPX SAP"), (7, "Probe")];

const FLAGS: &Tokens = &[(1, "Init"), (2, "Conditionally Received"), (4, "Restart"), (8, "End-of-Table")];

const KINDS: &Tokens = &[
    (1, "General Parameters"),
    (2, "Authentication"),
    (3, "Sequence"),
    (4, "Software Version"),
    (5, "Next Multicast Sequence"),
    (258, "IP Internal routes"),
    (259, "IP External routes"),
    (514, "AppleTalk Internal routes"),
    (515, "AppleTalk External routes"),
    (516, "AppleTalk Cable setup"),
    (770, "IPX Internal routes"),
    (771, "IPX External routes"),
];

const PROTOCOLS: &Tokens = &[
    (1, "IGRP"),
    (2, "EIGRP"),
    (3, "Static"),
    (4, "RIP"),
    (5, "Hello"),
    (6, "OSPF"),
    (7, "IS-IS"),
    (8, "EGP"),
    (9, "BGP"),
    (10, "IDRP"),
    (11, "Connected"),
];

/// Bytes of the header and of a field's type and length.
const HEADER_LEN: usize = 20;
const HEAD_LEN: usize = 4;
const VERSION: u8 = 2;

mod kind {
    pub(super) const GENERAL: u16 = 0x0001;
    pub(super) const SOFTWARE: u16 = 0x0004;
    pub(super) const IP_INTERNAL: u16 = 0x0102;
    pub(super) const IP_EXTERNAL: u16 = 0x0103;
    pub(super) const APPLETALK_INTERNAL: u16 = 0x0202;
    pub(super) const APPLETALK_EXTERNAL: u16 = 0x0203;
    pub(super) const APPLETALK_CABLE: u16 = 0x0204;
}

/// Prints a packet.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let length = whole.length();
    let (version, operation) = (whole.peek_u8(0)?, whole.peek_u8(1)?);
    out.field("version", version);
    out.field("opcode", operation);
    if length < HEADER_LEN {
        out.text("EIGRP ");
        out.token(OPERATIONS, operation, format_args!("unknown ({operation})"));
        write!(out, ", length: {length} (too short, < {HEADER_LEN})");
        return Ok(());
    }
    let mut c = whole;
    if version != VERSION {
        write!(out, "EIGRP version {version} packet not supported");
        return Ok(());
    }
    if out.options.verbose == 0 {
        out.text("EIGRP ");
        out.token(OPERATIONS, operation, format_args!("unknown ({operation})"));
        write!(out, ", length: {length}");
        return Ok(());
    }
    c.need(HEADER_LEN)?;
    c.skip(2)?;
    let (sum, flags, sequence, acknowledgement) = (c.u16()?, c.u32()?, c.u32()?, c.u32()?);
    let (router, system) = (c.u16()?, c.u16()?);
    write!(out, "\n\tEIGRP v{version}, opcode: ");
    out.token(OPERATIONS, operation, format_args!("unknown, type: {operation}"));
    write!(out, " ({operation}), chksum: 0x{sum:04x}, Flags: [");
    out.bits(FLAGS, flags, ", ", format_args!("none"));
    write!(out, "]\n\tseq: 0x{sequence:08x}, ack: 0x{acknowledgement:08x}");
    write!(out, ", VRID: {router}, AS: {system}, length: {}", c.length());
    while c.length() > 0 {
        if !field(out, &mut c)? {
            break;
        }
    }
    Ok(())
}

/// Prints a field; false where its length tells that nothing can follow.
fn field(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    if c.length() < HEAD_LEN {
        write!(out, "\n\t  (only {} bytes of data)", c.length());
        return Ok(false);
    }
    let whole_len = c.length();
    let (kind, len) = (c.u16()?, usize::from(c.u16()?));
    out.text("\n\t  ");
    out.token(KINDS, kind, format_args!("Unknown"));
    write!(out, " TLV (0x{kind:04x}), length: {len}");
    if len < HEAD_LEN || len > whole_len {
        return Err(Stop::Invalid);
    }
    let value = c.claim(len - HEAD_LEN);
    value.need(value.length())?;
    c.advance(len - HEAD_LEN);
    let least = match kind {
        kind::GENERAL => 8,
        kind::SOFTWARE => 4,
        kind::IP_INTERNAL => 21,
        kind::IP_EXTERNAL => 41,
        kind::APPLETALK_CABLE => 8,
        kind::APPLETALK_INTERNAL => 24,
        kind::APPLETALK_EXTERNAL => 36,
        _ => {
            if out.options.verbose <= 1 {
                out.dump_hex("\n\t    ", value.claimed_bytes());
            }
            0
        }
    };
    if value.length() < least {
        write!(out, " (too short, < {})", least + HEAD_LEN);
        return Ok(true);
    }
    print_value(out, kind, value)?;
    if out.options.verbose > 1 {
        out.dump_hex("\n\t    ", value.claimed_bytes());
    }
    Ok(true)
}

fn print_value(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk {
    match kind {
        kind::GENERAL => {
            let [k1, k2, k3, k4, k5, _] = *c.array()?;
            write!(out, "\n\t    holdtime: {}s, k1 {k1}, k2 {k2}, k3 {k3}, k4 {k4}, k5 {k5}", c.u16()?);
        }
        kind::SOFTWARE => {
            let [major, minor, own_major, own_minor] = *c.array()?;
            write!(out, "\n\t    IOS version: {major}.{minor}, EIGRP version {own_major}.{own_minor}");
        }
        kind::IP_INTERNAL => {
            let next_hop = *c.array()?;
            if destination(out, c.ahead(METRICS_LEN), next_hop)? {
                metrics(out, &mut c)?;
            }
        }
        kind::IP_EXTERNAL => {
            let (next_hop, router, system) = (*c.array()?, *c.array()?, c.u32()?);
            if destination(out, c.ahead(EXTERNAL_LEN + METRICS_LEN), next_hop)? {
                out.text("\n\t      origin-router ").host4(router);
                external(out, &mut c, system)?;
                metrics(out, &mut c)?;
            }
        }
        kind::APPLETALK_CABLE => {
            write!(out, "\n\t    Cable-range: {}-{}, Router-ID {}", c.u16()?, c.u16()?, c.u32()?);
        }
        kind::APPLETALK_INTERNAL => {
            let next_hop = *c.array()?;
            cable(out, c.ahead(METRICS_LEN), next_hop)?;
            metrics(out, &mut c)?;
        }
        kind::APPLETALK_EXTERNAL => {
            let (next_hop, router, system) = (*c.array()?, c.u32()?, c.u32()?);
            cable(out, c.ahead(EXTERNAL_LEN + METRICS_LEN), next_hop)?;
            write!(out, "\n\t      origin-router {router}");
            external(out, &mut c, system)?;
            metrics(out, &mut c)?;
        }
        _ => {}
    }
    Ok(())
}

/// Bytes of the metrics of a route, and of what tells where an external one comes from.
const METRICS_LEN: usize = 16;
const EXTERNAL_LEN: usize = 12;

/// The prefix and the next hop; false where the prefix cannot be.
fn destination(out: &mut Out, mut c: Cursor<'_>, next_hop: [u8; 4]) -> Walk<bool> {
    let bits = c.u8()?;
    if bits > 32 {
        write!(out, "\n\t    illegal prefix length {bits}");
        return Ok(false);
    }
    let mut prefix = [0; 4];
    for (to, from) in prefix.iter_mut().zip(c.take(usize::from(bits).div_ceil(8))?) {
        *to = *from;
    }
    write!(out, "\n\t    IPv4 prefix: {:>15}/{bits}, nexthop: ", Ipv4Addr::from(prefix));
    if next_hop == [0; 4] {
        out.text("self")
    } else {
        out.host4(next_hop)
    };
    Ok(true)
}

/// The networks of AppleTalk and the next hop.
fn cable(out: &mut Out, mut c: Cursor<'_>, next_hop: [u8; 4]) -> Walk {
    write!(out, "\n\t     Cable-Range: {}-{}, nexthop: ", c.u16()?, c.u16()?);
    let [a, b, d, e] = next_hop;
    if next_hop == [0; 4] {
        out.text("self");
    } else {
        write!(out, "{}.{}", u16::from_be_bytes([a, b]), u16::from_be_bytes([d, e]));
    }
    Ok(())
}

/// Which protocol a route comes from.
fn external(out: &mut Out, c: &mut Cursor<'_>, system: u32) -> Walk {
    let (tag, metric, _) = (c.u32()?, c.u32()?, c.u16()?);
    let (protocol, flags) = (c.u8()?, c.u8()?);
    write!(out, ", origin-as {system}, origin-proto ");
    out.token(PROTOCOLS, protocol, format_args!("unknown"));
    write!(out, ", flags [0x{flags:02x}], tag 0x{tag:08x}, metric {metric}");
    Ok(())
}

fn metrics(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let (delay, bandwidth, mtu, hops) = (c.u32()?, c.u32()?, c.u24()?, c.u8()?);
    let (reliability, load) = (c.u8()?, c.u8()?);
    write!(out, "\n\t      delay {} ms, bandwidth {bandwidth} Kbps, mtu {mtu}", delay / 100);
    write!(out, ", hop {hops}, reliability {reliability}, load {load}");
    Ok(())
}
