//! Samples of packets.

use super::{NUMBER, records, require};
use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

const RECORDS: &Tokens = &[
    (1, "Raw packet"),
    (2, "Ethernet frame"),
    (3, "IPv4 Data"),
    (4, "IPv6 Data"),
    (1001, "Extended Switch data"),
    (1002, "Extended Router data"),
    (1003, "Extended Gateway data"),
    (1004, "Extended User data"),
    (1005, "Extended URL data"),
    (1006, "Extended MPLS data"),
    (1007, "Extended NAT data"),
    (1008, "Extended MPLS tunnel"),
    (1009, "Extended MPLS VC"),
    (1010, "Extended MPLS FEC"),
    (1011, "Extended MPLS LVP FEC"),
    (1012, "Extended VLAN Tunnel"),
];

const PROTOCOLS: &Tokens = &[(1, "Ethernet"), (11, "IPv4"), (12, "IPv6")];

mod record {
    pub(super) const RAW_PACKET: u32 = 1;
    pub(super) const ETHERNET_FRAME: u32 = 2;
    pub(super) const EXTENDED_SWITCH: u32 = 1001;
}

const SAMPLE_LEN: usize = 32;
const EXPANDED_SAMPLE_LEN: usize = 44;

/// A sample whose source and interfaces are one word each.
pub(super) fn sample(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    require(c, SAMPLE_LEN)?;
    write!(out, " seqnum {}, type {}, idx {}", c.u32()?, c.u8()?, c.u24()?);
    write!(out, ", rate {}, pool {}, drops {}", c.u32()?, c.u32()?, c.u32()?);
    let (input, output, count) = (c.u32()?, c.u32()?, c.u32()?);
    write!(out, ", input {input} output {output} records {count}");
    records(out, c, count, heading, body)
}

/// A sample whose source and interfaces have their formats in words of their own.
pub(super) fn expanded_sample(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    require(c, EXPANDED_SAMPLE_LEN)?;
    write!(out, " seqnum {}, type {}, idx {}", c.u32()?, c.u32()?, c.u32()?);
    write!(out, ", rate {}, pool {}, drops {}", c.u32()?, c.u32()?, c.u32()?);
    let (input_format, input, output_format, output) = (c.u32()?, c.u32()?, c.u32()?, c.u32()?);
    let count = c.u32()?;
    write!(out, ", input {input} ({input_format}), output {output} ({output_format}), records {count}");
    records(out, c, count, heading, body)
}

fn heading(out: &mut Out, tag: u32, length: u32) -> Option<u32> {
    let (enterprise, kind) = (tag >> 12, tag & NUMBER);
    write!(out, "\n\t    enterprise {enterprise} ");
    out.token(if enterprise == 0 { RECORDS } else { &[] }, kind, format_args!("Unknown"));
    write!(out, " ({kind}) length {length}");
    (enterprise == 0).then_some(kind)
}

fn body(out: &mut Out, kind: u32, c: &mut Cursor<'_>) -> Walk<bool> {
    match kind {
        record::RAW_PACKET => {
            require(c, 16)?;
            let (protocol, length, stripped, header) = (c.u32()?, c.u32()?, c.u32()?, c.u32()?);
            out.text("\n\t      protocol ");
            out.token(PROTOCOLS, protocol, format_args!("Unknown"));
            write!(out, " ({protocol}), length {length}, stripped bytes {stripped}, header_size {header}");
        }
        record::ETHERNET_FRAME => {
            require(c, 24)?;
            let length = c.u32()?;
            // Both addresses fill eight bytes.
            c.skip(16)?;
            write!(out, "\n\t      frame len {length}, type {}", c.u32()?);
        }
        record::EXTENDED_SWITCH => {
            require(c, 16)?;
            write!(out, "\n\t      src vlan {}, src pri {}", c.u32()?, c.u32()?);
            write!(out, ", dst vlan {}, dst pri {}", c.u32()?, c.u32()?);
        }
        _ => return Ok(tokens::name(RECORDS, kind).is_some()),
    }
    Ok(true)
}
