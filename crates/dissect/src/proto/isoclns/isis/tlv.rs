//! What follows the headers of PDUs: fields of type, length and value (ISO/IEC 10589 section 9).

use super::super::address::{LSP_LEN, NODE_LEN, SYSTEM_LEN};
use super::super::checksum;
use super::{names, neighbors, prefixes, shortest_path_bridging};
use crate::Out;
use crate::proto::names::{NLPIDS, OUIS};
use crate::proto::signature;
use crate::tokens;
use wirescope_wire::{Cursor, Stop, Walk};

mod kind {
    pub(super) const AREAS: u8 = 1;
    pub(super) const IS_REACH: u8 = 2;
    pub(super) const ES_NEIGHBORS: u8 = 3;
    pub(super) const PARTITION_DIS: u8 = 4;
    pub(super) const PREFIX_NEIGHBORS: u8 = 5;
    pub(super) const IS_NEIGHBORS: u8 = 6;
    pub(super) const INSTANCE: u8 = 7;
    pub(super) const PADDING: u8 = 8;
    pub(super) const LSP_ENTRIES: u8 = 9;
    pub(super) const AUTHENTICATION: u8 = 10;
    pub(super) const CHECKSUM: u8 = 12;
    pub(super) const PURGE_ORIGINATOR: u8 = 13;
    pub(super) const LSP_BUFFER_SIZE: u8 = 14;
    pub(super) const EXTENDED_IS_REACH: u8 = 22;
    pub(super) const IS_ALIAS: u8 = 24;
    pub(super) const INTERNAL_IP_REACH: u8 = 128;
    pub(super) const PROTOCOLS: u8 = 129;
    pub(super) const EXTERNAL_IP_REACH: u8 = 130;
    pub(super) const INTER_DOMAIN: u8 = 131;
    pub(super) const IPV4_ADDRESSES: u8 = 132;
    pub(super) const ROUTER_ID: u8 = 134;
    pub(super) const EXTENDED_IP_REACH: u8 = 135;
    pub(super) const HOSTNAME: u8 = 137;
    pub(super) const SHARED_RISK: u8 = 138;
    pub(super) const PORT_CAPABILITY: u8 = 143;
    pub(super) const TOPOLOGY_CAPABILITY: u8 = 144;
    pub(super) const RESTART: u8 = 211;
    pub(super) const TOPOLOGY_IS_REACH: u8 = 222;
    pub(super) const TOPOLOGIES: u8 = 229;
    pub(super) const IPV6_ADDRESSES: u8 = 232;
    pub(super) const TOPOLOGY_IP_REACH: u8 = 235;
    pub(super) const IPV6_REACH: u8 = 236;
    pub(super) const TOPOLOGY_IPV6_REACH: u8 = 237;
    pub(super) const ADJACENCY: u8 = 240;
    pub(super) const SEQUENCE: u8 = 241;
    pub(super) const ROUTER_CAPABILITY: u8 = 242;
    pub(super) const VENDOR: u8 = 250;
}

/// Prints the fields of a PDU, which start behind its header.
pub(super) fn print_all(out: &mut Out, pdu: Cursor<'_>, header_len: usize) -> Walk {
    let mut c = pdu.ahead(header_len);
    while c.length() > 0 {
        c.need(2)?;
        if c.length() < 2 {
            write!(out, "\n\t      {} straggler bytes", c.length());
            break;
        }
        let (kind, len) = (c.u8()?, usize::from(c.u8()?));
        out.text("\n\t    ");
        out.token(names::TLVS, kind, format_args!("unknown"));
        write!(out, " TLV #{kind}, length: {len}");
        let (value, left) = (c.claim(len), c.length());
        c.advance(len);
        if len == 0 {
            continue;
        }
        if len > left {
            return Err(Stop::Truncated);
        }
        let is_known = match kind {
            kind::INTERNAL_IP_REACH | kind::EXTERNAL_IP_REACH => {
                if !prefixes::print(out, value)? {
                    return Ok(());
                }
                true
            }
            _ => print(out, kind, value, pdu)?,
        };
        if !is_known && out.options.verbose <= 1 {
            out.dump_hex("\n\t\t", value.claimed_bytes());
        }
        if out.options.verbose > 1 {
            out.dump_hex("\n\t      ", value.claimed_bytes());
        }
    }
    Ok(())
}

/// Prints a value; false where its kind is not known.
fn print(out: &mut Out, kind: u8, value: Cursor<'_>, pdu: Cursor<'_>) -> Walk<bool> {
    match kind {
        kind::AREAS => areas(out, value)?,
        kind::IS_NEIGHBORS => {
            each(value, SYSTEM_LEN, |mut c| {
                let point = c.take(SYSTEM_LEN)?;
                out.text("\n\t      SNPA: ").isis_system(point);
                Ok(())
            })?;
        }
        kind::INSTANCE => instance(out, value)?,
        kind::PADDING => {}
        kind::IS_REACH => neighbors::print(out, value)?,
        kind::ES_NEIGHBORS => neighbors::end_systems(out, value)?,
        kind::EXTENDED_IS_REACH | kind::IS_ALIAS | kind::TOPOLOGY_IS_REACH => {
            let mut c = value;
            let has_metric = kind != kind::IS_ALIAS;
            if kind == kind::TOPOLOGY_IS_REACH {
                topology(out, &mut c)?;
            }
            while c.length() > 0 && neighbors::extended(out, &mut c, has_metric)? {}
        }
        kind::EXTENDED_IP_REACH | kind::TOPOLOGY_IP_REACH => {
            let mut c = value;
            if kind == kind::TOPOLOGY_IP_REACH {
                topology(out, &mut c)?;
            }
            while c.length() > 0 && prefixes::extended_v4(out, &mut c)? {}
        }
        kind::IPV6_REACH | kind::TOPOLOGY_IPV6_REACH => {
            let mut c = value;
            if kind == kind::TOPOLOGY_IPV6_REACH {
                topology(out, &mut c)?;
            }
            while c.length() > 0 && prefixes::extended_v6(out, &mut c)? {}
        }
        kind::IPV6_ADDRESSES => {
            each(value, 16, |mut c| {
                let address = *c.array()?;
                out.text("\n\t      IPv6 interface address: ").host6(address);
                Ok(())
            })?;
        }
        kind::IPV4_ADDRESSES => {
            each(value, 4, |mut c| {
                let address = *c.array()?;
                out.text("\n\t      IPv4 interface address: ").host4(address);
                Ok(())
            })?;
        }
        kind::AUTHENTICATION => authentication(out, value, pdu)?,
        kind::ADJACENCY => adjacency(out, value)?,
        kind::PROTOCOLS => protocols(out, value)?,
        kind::PORT_CAPABILITY => shortest_path_bridging::port_capability(out, value)?,
        kind::TOPOLOGY_CAPABILITY => shortest_path_bridging::topology_capability(out, value)?,
        kind::ROUTER_ID => {
            if at_least(out, value, 4)? {
                out.text("\n\t      Traffic Engineering Router ID: ").host4(*value.peek_array(0)?);
            }
        }
        kind::HOSTNAME => {
            out.text("\n\t      Hostname: ").escaped(value.claimed_bytes());
        }
        kind::SHARED_RISK => shared_risk(out, value)?,
        kind::LSP_ENTRIES => each(value, 8 + LSP_LEN, |c| lsp_entry(out, c))?,
        kind::CHECKSUM => {
            if at_least(out, value, 2)? {
                let sum = value.peek_u16(0)?;
                write!(out, "\n\t      checksum: 0x{sum:04x} ");
                checksum::print(out, pdu, sum, value.at().saturating_sub(pdu.at()));
            }
        }
        kind::PURGE_ORIGINATOR => purge_originator(out, value)?,
        kind::TOPOLOGIES => topologies(out, value)?,
        kind::RESTART => restart(out, value)?,
        kind::INTER_DOMAIN => inter_domain(out, value)?,
        kind::LSP_BUFFER_SIZE => {
            if at_least(out, value, 2)? {
                write!(out, "\n\t      LSP Buffersize: {}", value.peek_u16(0)?);
            }
        }
        kind::PARTITION_DIS => {
            each(value, SYSTEM_LEN, |mut c| {
                let system = c.take(SYSTEM_LEN)?;
                out.text("\n\t      ").isis_system(system);
                Ok(())
            })?;
        }
        kind::PREFIX_NEIGHBORS => prefix_neighbors(out, value)?,
        kind::SEQUENCE => {
            if at_least(out, value, 4)? {
                write!(out, "\n\t      Sequence number: {}", value.peek_u32(0)?);
            }
        }
        kind::ROUTER_CAPABILITY => router_capability(out, value)?,
        kind::VENDOR => vendor(out, value)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Whether a value has `len` bytes; otherwise that is said.
fn at_least(out: &mut Out, value: Cursor<'_>, len: usize) -> Walk<bool> {
    if value.length() >= len {
        return Ok(true);
    }
    write!(out, " [remaining tlv length {} < {len}]", value.length());
    out.invalid();
    Ok(false)
}

/// Prints items of `len` bytes each.
fn each<'a>(mut c: Cursor<'a>, len: usize, mut print: impl FnMut(Cursor<'a>) -> Walk) -> Walk {
    while c.length() >= len {
        print(c.split(len))?;
    }
    Ok(())
}

fn areas(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let len = usize::from(c.u8()?);
        if c.length() < len {
            break;
        }
        let address = c.take(len)?;
        write!(out, "\n\t      Area address (length: {len}): ");
        out.nsap(address);
    }
    Ok(())
}

/// An instance of the protocol and the topologies it serves (RFC 8202 section 2.1).
fn instance(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if !at_least(out, c, 4)? {
        return Ok(());
    }
    let number = c.u16()?;
    let count = c.length() / 2;
    write!(out, "\n\t      Instance ID: {number}, ITIDs({count}){} ", if count > 0 { ":" } else { "" });
    while c.length() >= 2 {
        out.dec(c.u16()?);
        out.text(if c.length() >= 2 { ", " } else { "" });
    }
    Ok(())
}

/// Writes the topology that what follows is about, and advances past its number (RFC 5120 section 7.1).
fn topology(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const NUMBER: u16 = 0x0fff;
    let number_and_flags = c.u16()?;
    let number = number_and_flags & NUMBER;
    out.text("\n\t      ");
    out.token(names::TOPOLOGIES, number, format_args!("Reserved for IETF Consensus"));
    write!(out, " Topology (0x{number:03x}), Flags: [");
    out.bits(names::TOPOLOGY_FLAGS, number_and_flags & !NUMBER, ", ", format_args!("none"));
    out.text("]");
    Ok(())
}

fn topologies(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() >= 2 {
        topology(out, &mut c)?;
    }
    if c.length() > 0 {
        out.text("\n\t      invalid MT-ID");
    }
    Ok(())
}

mod authentication {
    pub(super) const SIMPLE: u8 = 1;
    pub(super) const GENERIC: u8 = 3;
    pub(super) const MD5: u8 = 54;
}

/// Passwords and signatures (ISO/IEC 10589, RFC 5304, RFC 5310).
fn authentication(out: &mut Out, mut c: Cursor<'_>, pdu: Cursor<'_>) -> Walk {
    let kind = c.u8()?;
    out.text("\n\t      ");
    out.token(names::AUTHENTICATIONS, kind, format_args!("unknown Authentication type 0x{kind:02x}"));
    out.text(": ");
    match kind {
        authentication::SIMPLE => {
            out.escaped_to_zero(c.claimed_bytes());
        }
        authentication::MD5 => {
            out.hex_bytes(c.claimed_bytes());
            if c.length() != signature::LEN {
                out.text(", (invalid subTLV) ");
            }
            check_signature(out, c, pdu)?;
        }
        authentication::GENERIC => {
            write!(out, "{}, password: ", c.u16()?);
            out.hex_bytes(c.claimed_bytes());
        }
        _ => out.dump_hex("\n\t\t  ", c.claimed_bytes()),
    }
    Ok(())
}

/// A signature covers the PDU with its place filled with zeros; the lifetime and the checksum of a link-state
/// PDU, which change on the way, count as zeros, too.
fn check_signature(out: &mut Out, c: Cursor<'_>, pdu: Cursor<'_>) -> Walk {
    use super::{COMMON_LEN, LSP_SUM_AT, LSP_SUM_FROM, pdu::*};
    const ZEROS: [u8; signature::LEN] = [0; signature::LEN];
    let bytes = pdu.peek(0, pdu.length())?;
    let at = c.at().saturating_sub(pdu.at());
    let before = bytes.get(..at).unwrap_or_default();
    let behind = bytes.get(at + signature::LEN..).unwrap_or_default();
    let kind = pdu.peek_u8(4)? & 0x1f;
    if !matches!(kind, L1_LSP | L2_LSP) {
        signature::print_check(out, c.claimed_bytes(), &[before, &ZEROS, behind]);
        return Ok(());
    }
    let lifetime_at = COMMON_LEN + 2;
    let sum_at = LSP_SUM_FROM + LSP_SUM_AT;
    let head = before.get(..lifetime_at).unwrap_or_default();
    let between = before.get(lifetime_at + 2..sum_at).unwrap_or_default();
    let rest = before.get(sum_at + 2..).unwrap_or_default();
    let parts = [head, &[0, 0], between, &[0, 0], rest, &ZEROS, behind];
    signature::print_check(out, c.claimed_bytes(), &parts);
    Ok(())
}

/// How far neighbours on a point-to-point link know of each other (RFC 5303 section 3.1).
fn adjacency(out: &mut Out, value: Cursor<'_>) -> Walk {
    let mut c = value;
    let state = c.u8()?;
    out.text("\n\t      Adjacency State: ");
    out.token(names::ADJACENCY_STATES, state, format_args!("unknown"));
    write!(out, " ({state})");
    if c.length() > 4 {
        write!(out, "\n\t      Extended Local circuit-ID: 0x{:08x}", c.u32()?);
    }
    if c.length() >= SYSTEM_LEN {
        let neighbor = c.take(SYSTEM_LEN)?;
        out.text("\n\t      Neighbor System-ID: ").isis_system(neighbor);
    }
    // Its place is fixed, whether what comes before it is there or not.
    if c.length() >= 4 {
        let identifier = value.peek_u32(1 + 4 + SYSTEM_LEN)?;
        write!(out, "\n\t      Neighbor Extended Local circuit-ID: 0x{identifier:08x}");
    }
    Ok(())
}

fn protocols(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("\n\t      NLPID(s): ");
    while c.length() > 0 {
        let protocol = c.u8()?;
        out.token(NLPIDS, protocol, format_args!("unknown"));
        write!(out, " (0x{protocol:02x})");
        out.text(if c.length() > 0 { ", " } else { "" });
    }
    Ok(())
}

/// Links that may fail together (RFC 5307 section 1.4).
fn shared_risk(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const NUMBERED: u8 = 1;
    if !at_least(out, c, NODE_LEN)? {
        return Ok(());
    }
    out.text("\n\t      IS Neighbor: ").isis_system(c.take(NODE_LEN)?);
    if !at_least(out, c, 1)? {
        return Ok(());
    }
    let flags = c.u8()?;
    write!(out, ", Flags: [{}]", if flags & NUMBERED != 0 { "numbered" } else { "unnumbered" });
    for name in ["interface", "neighbor"] {
        if !at_least(out, c, 4)? {
            return Ok(());
        }
        write!(out, "\n\t      IPv4 {name} address: ");
        out.host4(*c.array()?);
    }
    each(c, 4, |c| {
        write!(out, "\n\t      Link-ID: 0x{:08x}", c.peek_u32(0)?);
        Ok(())
    })
}

fn lsp_entry(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let lifetime = c.peek_u16(0);
    c.advance(2);
    let lsp = c.take(LSP_LEN)?;
    out.text("\n\t      lsp-id: ").isis_system(lsp);
    write!(out, ", seq: 0x{:08x}", c.u32()?);
    write!(out, ", lifetime: {:>5}s", lifetime?);
    write!(out, ", chksum: 0x{:04x}", c.u16()?);
    Ok(())
}

/// Who purged a link-state PDU (RFC 6232 section 3).
fn purge_originator(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if !at_least(out, c, SYSTEM_LEN + 1)? {
        return Ok(());
    }
    if c.u8()? == 0 {
        out.text(" No system IDs supplied");
        return Ok(());
    }
    let originator = c.take(SYSTEM_LEN)?;
    out.text("\n\t      Purge Originator System-ID: ").isis_system(originator);
    if c.length() >= SYSTEM_LEN {
        let sender = c.take(SYSTEM_LEN)?;
        out.text("\n\t      Received from System-ID: ").isis_system(sender);
    }
    Ok(())
}

/// A router that restarts without losing its adjacencies (RFC 5306 section 3.1).
fn restart(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const ACKNOWLEDGEMENT: u8 = 2;
    let flags = c.u8()?;
    out.text("\n\t      Flags [");
    out.bits(names::RESTART_FLAGS, flags, ", ", format_args!("none"));
    out.text("]");
    if c.length() >= 2 {
        write!(out, ", Remaining holding time {}s", c.u16()?);
        if flags & ACKNOWLEDGEMENT != 0 && c.length() == SYSTEM_LEN {
            out.text(", for ").isis_system(c.take(SYSTEM_LEN)?);
        }
    }
    Ok(())
}

fn inter_domain(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const AUTONOMOUS_SYSTEM: u8 = 2;
    let kind = c.u8()?;
    out.text("\n\t      Inter-Domain Information Type: ");
    out.token(names::INTER_DOMAIN_KINDS, kind, format_args!("Unknown (0x{kind:02x})"));
    match kind {
        AUTONOMOUS_SYSTEM if at_least(out, c, 2)? => write!(out, "AS Number: {}", c.u16()?),
        AUTONOMOUS_SYSTEM => {}
        _ => out.dump_hex("\n\t      ", c.claimed_bytes()),
    }
    Ok(())
}

fn prefix_neighbors(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if !at_least(out, c, neighbors::METRIC_LEN)? {
        return Ok(());
    }
    c.need(neighbors::METRIC_LEN)?;
    out.text("\n\t      Metric Block");
    neighbors::metrics(out, &mut c)?;
    while c.length() > 0 {
        // In digits, two of which make a byte.
        let digits = usize::from(c.u8()?);
        if digits < 2 {
            write!(out, "\n\t\tAddress: prefix length {digits} < 2");
            break;
        }
        let len = digits / 2;
        if c.length() < len {
            break;
        }
        let address = c.take(len)?;
        out.text("\n\t\tAddress: ").nsap(address).text("/").len(4 * digits);
    }
    Ok(())
}

/// What a router can do (RFC 7981 section 2), segment routing among it (RFC 8667 section 3.1).
fn router_capability(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const LEN: usize = 5;
    const SEGMENT_ROUTING: u8 = 2;
    if c.length() < LEN {
        write!(out, " [object length {} < {LEN}]", c.length());
        out.invalid();
        return Ok(());
    }
    let (router, flags) = (*c.array()?, c.u8()?);
    out.text("\n\t      Router-ID ").host4(router).text(", Flags [");
    out.bits(names::ROUTER_CAPABILITY_FLAGS, flags, ", ", format_args!("none"));
    out.text("]");
    while c.length() >= 2 {
        let (kind, len) = (c.u8()?, usize::from(c.u8()?));
        out.text("\n\t\t");
        out.token(names::ROUTER_CAPABILITIES, kind, format_args!("unknown"));
        write!(out, " subTLV #{kind}, length: {len}");
        let value = c.claim(len);
        c.advance(len);
        if kind == SEGMENT_ROUTING {
            segment_routing(out, value)?;
        } else {
            value.need(len)?;
            out.dump_hex("\n\t\t", value.claimed_bytes());
        }
    }
    Ok(())
}

fn segment_routing(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const IDENTIFIER: u8 = 1;
    let (flags, range) = (c.u8()?, c.u24()?);
    out.text(", Flags [");
    out.bits(names::SEGMENT_ROUTING_FLAGS, flags, ", ", format_args!("None"));
    write!(out, "], Range {range}");
    let (kind, len) = (c.u8()?, c.u8()?);
    if kind == IDENTIFIER {
        match len {
            3 => write!(out, ", SID value {}", c.u24()?),
            4 => write!(out, ", SID value {}", c.u32()?),
            _ => write!(out, ", Unknown SID length{len}"),
        }
    }
    Ok(())
}

fn vendor(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if !at_least(out, c, 3)? {
        return Ok(());
    }
    let vendor = c.u24()?;
    let name = tokens::name(OUIS, vendor).unwrap_or("Unknown");
    write!(out, "\n\t      Vendor: {name} ({vendor})");
    if c.length() > 0 {
        out.dump_hex("\n\t\t", c.claimed_bytes());
    }
    Ok(())
}
