//! Cisco NetFlow export, versions 1, 5 and 6.

use super::names::protocol_name;
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const TCP_FLAGS: &Tokens = &[(0x01, "F"), (0x02, "S"), (0x04, "R"), (0x08, "P"), (0x10, "A"), (0x20, "U")];

const TCP: u8 = 6;
/// Bytes of a flow in each version, as tcpdump steps over them (Cisco's have 52, 48 and 52).
const FLOW_LEN_1: usize = 48;
const FLOW_LEN_5: usize = 52;
const FLOW_LEN_6: usize = 52;

/// Prints an export packet.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let whole = c;
    let version = c.u16()?;
    out.field("version", version);
    let flow_len = match version {
        1 => FLOW_LEN_1,
        5 => FLOW_LEN_5,
        6 => FLOW_LEN_6,
        _ => {
            write!(out, "NetFlow v{version:x}");
            return Ok(());
        }
    };
    // tcpdump reads four bytes where the count has two.
    let count = whole.peek_u32(2)?;
    c.skip(2)?;
    let (uptime, seconds, nanos) = (c.u32()?, c.u32()?, c.u32()?);
    write!(out, "NetFlow v{version:x}, {}.{:03} uptime, ", uptime / 1000, uptime % 1000);
    write!(out, "{seconds}.{nanos:09}, ");
    if version != 1 {
        write!(out, "#{}, ", c.u32()?);
        c.skip(4)?;
    }
    write!(out, "{count:2} recs");
    for _ in 0..count {
        if c.captured() < flow_len {
            return Err(Stop::Truncated);
        }
        flow(out, c.split(flow_len), version)?;
    }
    Ok(())
}

fn flow(out: &mut Out, mut c: Cursor<'_>, version: u16) -> Walk {
    let (source, destination, next_hop) = (*c.array()?, *c.array()?, *c.array()?);
    // The interfaces are not shown.
    c.skip(4)?;
    let (packets, octets, first, last) = (c.u32()?, c.u32()?, c.u32()?, c.u32()?);
    let (source_port, destination_port) = (c.u16()?, c.u16()?);
    let (flags, protocol, service) = if version == 1 {
        c.skip(2)?;
        let (protocol, service, flags) = (c.u8()?, c.u8()?, c.u8()?);
        (flags, protocol, service)
    } else {
        c.skip(1)?;
        let (flags, protocol, service) = (c.u8()?, c.u8()?, c.u8()?);
        (flags, protocol, service)
    };
    write!(out, "\n  started {}.{:03}", first / 1000, first % 1000);
    write!(out, ", last {}.{:03}\n    ", last / 1000, last % 1000);
    if version == 1 {
        out.ipv4(source);
        write!(out, ":{source_port} > ");
        out.ipv4(destination);
        write!(out, ":{destination_port} >> ");
    } else {
        let (source_as, destination_as, source_mask, destination_mask) =
            (c.u16()?, c.u16()?, c.u8()?, c.u8()?);
        out.ipv4(source);
        write!(out, "/{source_mask}:{source_as}:{source_port} > ");
        out.ipv4(destination);
        write!(out, "/{destination_mask}:{destination_as}:{destination_port} >> ");
    }
    out.ipv4(next_hop).text("\n    ");
    match protocol_name(protocol) {
        Some(name) if !out.options.numeric => _ = out.text(name).text(" "),
        _ => write!(out, "{protocol} "),
    }
    if protocol == TCP && flags != 0 {
        out.bits(TCP_FLAGS, flags, "", format_args!(""));
        out.text(" ");
    }
    write!(out, "tos {service}, {packets} ({octets} octets)");
    if version == 6 {
        let (inner, outer) = (c.u8()?, c.u8()?);
        write!(out, " ({inner}<>{outer} encaps)");
    }
    out.text(if version == 6 { "" } else { " " });
    Ok(())
}
