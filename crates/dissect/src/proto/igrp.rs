//! Interior Gateway Routing Protocol (Cisco, as described in "An Introduction to IGRP", Hedrick 1991).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const OPERATIONS: &Tokens = &[(1, "update"), (2, "request")];

const HEADER_LEN: usize = 12;
const ENTRY_LEN: usize = 14;
/// Delays count in units of ten microseconds.
const DELAY_UNIT_US: u32 = 10;
/// Bandwidths are inverse: this many kilobits a second divided by them.
const BANDWIDTH_SCALE: u32 = 10_000_000;
/// The composite metric that means unreachable.
const MAX_METRIC: u32 = 0xff_ffff;

/// What a route leads to, which says how its network is written.
#[derive(Clone, Copy)]
enum Kind {
    /// A subnet of the network that the sender's address is in.
    Interior,
    System,
    Exterior,
}

/// Prints an update or a request.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("igrp:");
    if c.length() < HEADER_LEN {
        return Err(Stop::Invalid);
    }
    let [first, edition] = *c.array()?;
    let (version, operation) = (first >> 4, first & 0x0f);
    let (system, interior, systems, exterior) = (c.u16()?, c.u16()?, c.u16()?, c.u16()?);
    out.field("operation", operation);
    out.field("autonomous_system", system);
    out.text(" ");
    out.token(OPERATIONS, operation, format_args!("op-#{operation}"));
    write!(out, " V{version} edit={edition} AS={system} ({interior}/{systems}/{exterior})");
    let checksum = c.u16()?;
    if out.options.verbose > 0 {
        write!(out, " checksum=0x{checksum:04x}");
    }
    let counts = [(Kind::Interior, interior), (Kind::System, systems), (Kind::Exterior, exterior)];
    for (kind, count) in counts {
        for _ in 0..count {
            if c.length() < ENTRY_LEN {
                return Err(Stop::Invalid);
            }
            entry(out, &mut c, kind)?;
        }
    }
    if c.length() > 0 {
        write!(out, " [extra bytes {}]", c.length());
    }
    Ok(())
}

/// A network and what the way there is like.
fn entry(out: &mut Out, c: &mut Cursor<'_>, kind: Kind) -> Walk {
    c.need(ENTRY_LEN)?;
    let [a, b, d] = *c.array()?;
    match kind {
        Kind::Interior => write!(out, " *.{a}.{b}.{d}"),
        Kind::System => write!(out, " {a}.{b}.{d}.0"),
        Kind::Exterior => write!(out, " X{a}.{b}.{d}.0"),
    }
    let (delay, inverse_bandwidth, mtu) = (c.u24()?, c.u24()?, c.u16()?);
    let [reliability, load, hops] = *c.array()?;
    let metric = (delay + inverse_bandwidth).min(MAX_METRIC);
    let bandwidth = BANDWIDTH_SCALE.checked_div(inverse_bandwidth).unwrap_or(0);
    write!(out, " d={} b={bandwidth} r={reliability} l={load}", delay * DELAY_UNIT_US);
    write!(out, " M={metric} mtu={mtu} in {hops} hops");
    Ok(())
}
