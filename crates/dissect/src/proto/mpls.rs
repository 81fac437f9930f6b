//! Multiprotocol Label Switching: the label stack (RFC 3032, RFC 5462).

use crate::Out;
use crate::proto::ether;
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

/// Labels with a meaning of their own, from 0 on (RFC 3032 section 2.1).
const RESERVED_LABELS: [&str; 16] = [
    "IPv4 explicit NULL",
    "router alert",
    "IPv6 explicit NULL",
    "implicit NULL",
    "rsvd",
    "rsvd",
    "rsvd",
    "rsvd",
    "rsvd",
    "rsvd",
    "rsvd",
    "rsvd",
    "rsvd",
    "rsvd",
    "rsvd",
    "rsvd",
];

/// Bits of an entry: 20 of label, 3 of traffic class, the bottom of the stack, 8 of time to live.
const BOTTOM: u32 = 0x100;

/// Prints a label stack and what can be told of its payload.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("MPLS");
    let verbose = out.options.verbose > 0;
    let mut between = " ";
    let label = loop {
        let entry = c.u32()?;
        let label = entry >> 12;
        out.field("label", label);
        out.text(between).text("(label ").dec(label);
        between = if verbose { "\n\t" } else { " " };
        if verbose && let Some(name) = RESERVED_LABELS.get(label as usize) {
            out.text(" (").text(name).text(")");
        }
        out.text(", tc ").dec((entry >> 9) & 7);
        if entry & BOTTOM != 0 {
            out.text(", [S]");
        }
        out.text(", ttl ").dec(entry & 0xff).text(")");
        if entry & BOTTOM != 0 {
            break label;
        }
    };
    let Some(kind) = payload_type(label, c)? else {
        if c.length() > 0 {
            return out.unknown_claimed(c);
        }
        return Ok(());
    };
    out.text(if verbose { "\n\t" } else { " " });
    ether::network(out, kind, c).map(|_| ())
}

/// The payload is not named: what the last label or the first byte suggests.
fn payload_type(label: u32, c: Cursor<'_>) -> Walk<Option<u16>> {
    Ok(match label {
        0 | 3 => Some(ether_type::IPV4),
        2 => Some(ether_type::IPV6),
        _ if c.length() == 0 => None,
        _ => match c.peek_u8(0)? {
            0x45..=0x4f => Some(ether_type::IPV4),
            0x60..=0x6f => Some(ether_type::IPV6),
            0x81..=0x83 => Some(ether::OSI),
            _ => None,
        },
    })
}
