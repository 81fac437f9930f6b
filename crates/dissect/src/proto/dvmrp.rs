//! Distance Vector Multicast Routing Protocol (RFC 1075; draft-ietf-idmr-dvmrp-v3).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const MESSAGES: &Tokens = &[
    (1, "Probe"),
    (2, "Report"),
    (3, "Ask-neighbors(old)"),
    (4, "Neighbors(old)"),
    (5, "Ask-neighbors2"),
    (6, "Neighbors2"),
    (7, "Prune"),
    (8, "Graft"),
    (9, "Graft-ACK"),
];

mod message {
    pub(super) const PROBE: u8 = 1;
    pub(super) const REPORT: u8 = 2;
    pub(super) const NEIGHBORS: u8 = 4;
    pub(super) const NEIGHBORS_2: u8 = 6;
    pub(super) const PRUNE: u8 = 7;
    pub(super) const GRAFT: u8 = 8;
    pub(super) const GRAFT_ACKNOWLEDGEMENT: u8 = 9;
}

/// Bytes of the header, which is that of IGMP.
const HEADER_LEN: usize = 8;
/// What may be the case with a link.
const LINK_FLAGS: [(u8, &str); 5] =
    [(0x01, "/tunnel"), (0x02, "/srcrt"), (0x40, "/querier"), (0x20, "/disabled"), (0x10, "/down")];

/// Prints a message behind the name of its carrier.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() < HEADER_LEN {
        write!(out, " [length {} < {HEADER_LEN}]", c.length());
        return Err(Stop::Invalid);
    }
    let kind = c.peek_u8(1)?;
    out.text(" ");
    out.token(MESSAGES, kind, format_args!("[type {kind}]"));
    let mut body = c.ahead(HEADER_LEN);
    match kind {
        message::PROBE if out.options.verbose > 0 => probe(out, body),
        message::REPORT if out.options.verbose > 1 => report(out, body),
        message::GRAFT | message::PRUNE | message::GRAFT_ACKNOWLEDGEMENT => {
            let (source, group) = (*body.array()?, *body.array()?);
            out.text(" src ").host4(source).text(" grp ").host4(group);
            if kind == message::PRUNE {
                out.text(" timer ").relative_time(body.u32()?);
            }
            Ok(())
        }
        message::NEIGHBORS => neighbors(out, body),
        message::NEIGHBORS_2 => {
            let (minor, major) = (c.peek_u8(6)?, c.peek_u8(7)?);
            write!(out, " (v {major}.{minor}):");
            neighbors_2(out, body)
        }
        _ => Ok(()),
    }
}

/// Stops as invalid unless `len` bytes are left.
fn least(out: &mut Out, c: Cursor<'_>, len: usize) -> Walk {
    if c.length() >= len {
        return Ok(());
    }
    write!(out, " [length {} < {len}]", c.length());
    Err(Stop::Invalid)
}

fn probe(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() < 4 {
        write!(out, " [full length {} < 4]", c.length());
        return Err(Stop::Invalid);
    }
    let generation = c.u32()?;
    out.text(if out.options.verbose > 1 { "\n\t" } else { " " });
    write!(out, "genid {generation}");
    while out.options.verbose > 1 && c.length() > 0 {
        if c.length() < 4 {
            write!(out, "[remaining length {} < 4]", c.length());
            return Err(Stop::Invalid);
        }
        let neighbor = *c.array()?;
        out.text("\n\tneighbor ").host4(neighbor);
    }
    Ok(())
}

/// Routes: masks whose first byte is left out, each with origins of as many bytes as it has.
fn report(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const LAST: u8 = 0x80;
    while c.length() > 0 {
        least(out, c, 3)?;
        let [second, third, fourth] = *c.array()?;
        let width = match (second, third, fourth) {
            (0, 0, 0) => 1,
            (_, 0, 0) => 2,
            (_, _, 0) => 3,
            _ => 4,
        };
        out.text("\n\tMask ").ipv4([0xff, second, third, fourth]);
        loop {
            if c.length() < width + 1 {
                out.text("\n\t  [Truncated Report]");
                return Err(Stop::Invalid);
            }
            let mut origin = [0; 4];
            for (to, from) in origin.iter_mut().zip(c.take(width)?) {
                *to = *from;
            }
            let metric = c.u8()?;
            out.text("\n\t  ").ipv4(origin);
            write!(out, " metric {}", metric & !LAST);
            if metric & LAST != 0 {
                break;
            }
        }
    }
    Ok(())
}

fn neighbors(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        least(out, c, 7)?;
        let (local, metric, threshold, count) = (*c.array()?, c.u8()?, c.u8()?, c.u8()?);
        for _ in 0..count {
            least(out, c, 4)?;
            out.text(" [").host4(local).text(" ->");
            out.text(" ").host4(*c.array()?);
            write!(out, ", ({metric}/{threshold})]");
        }
    }
    Ok(())
}

fn neighbors_2(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        least(out, c, 8)?;
        let (local, metric, threshold) = (*c.array()?, c.u8()?, c.u8()?);
        let (flags, count) = (c.u8()?, c.u8()?);
        for number in 0..count {
            if c.length() == 0 {
                write!(out, " [ncount {}]", count - number);
                return Err(Stop::Invalid);
            }
            least(out, c, 4)?;
            out.text(" [").host4(local).text(" -> ").host4(*c.array()?);
            write!(out, " ({metric}/{threshold}");
            for (flag, name) in LINK_FLAGS {
                out.text(if flags & flag != 0 { name } else { "" });
            }
            out.text(")]");
        }
    }
    Ok(())
}
