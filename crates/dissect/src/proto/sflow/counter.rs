//! Samples of counters.

use super::{NUMBER, records, require};
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const RECORDS: &Tokens = &[
    (record::GENERIC, "Generic counter"),
    (record::ETHERNET, "Ethernet counter"),
    (record::TOKEN_RING, "Token ring counter"),
    (record::VG, "100 BaseVG counter"),
    (record::VLAN, "Vlan counter"),
    (record::PROCESSOR, "Processor counter"),
];

const DIRECTIONS: &Tokens = &[(0, "unknown"), (1, "full-duplex"), (2, "half-duplex"), (3, "in"), (4, "out")];

mod record {
    pub(super) const GENERIC: u32 = 1;
    pub(super) const ETHERNET: u32 = 2;
    pub(super) const TOKEN_RING: u32 = 3;
    pub(super) const VG: u32 = 4;
    pub(super) const VLAN: u32 = 5;
    pub(super) const PROCESSOR: u32 = 1001;
}

const SAMPLE_LEN: usize = 12;
const EXPANDED_SAMPLE_LEN: usize = 16;

/// A sample whose source is one word.
pub(super) fn sample(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    require(c, SAMPLE_LEN)?;
    let (sequence, kind, index, count) = (c.u32()?, c.u8()?, c.u24()?, c.u32()?);
    write!(out, " seqnum {sequence}, type {kind}, idx {index}, records {count}");
    records(out, c, count, heading, body)
}

/// A sample whose source has its type in a word of its own.
pub(super) fn expanded_sample(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    require(c, EXPANDED_SAMPLE_LEN)?;
    let (sequence, kind, index, count) = (c.u32()?, c.u32()?, c.u32()?, c.u32()?);
    write!(out, " seqnum {sequence}, type {kind}, idx {index}, records {count}");
    records(out, c, count, heading, body)
}

fn heading(out: &mut Out, tag: u32, length: u32) -> Option<u32> {
    // tcpdump takes the upper half of the enterprise's number alone.
    let (enterprise, kind) = (tag >> 20, tag & NUMBER);
    write!(out, "\n\t    enterprise {enterprise}, ");
    out.token(if enterprise == 0 { RECORDS } else { &[] }, kind, format_args!("Unknown"));
    write!(out, " ({kind}) length {length}");
    (enterprise == 0).then_some(kind)
}

fn body(out: &mut Out, kind: u32, c: &mut Cursor<'_>) -> Walk<bool> {
    match kind {
        record::GENERIC => generic(out, c)?,
        record::ETHERNET => ethernet(out, c)?,
        record::VG => vg(out, c)?,
        record::VLAN => {
            require(c, 28)?;
            write!(out, "\n\t      vlan_id {}, octets {}, unicast_pkt {}", c.u32()?, c.u64()?, c.u32()?);
            write!(out, ", multicast_pkt {}, broadcast_pkt {}, discards {}", c.u32()?, c.u32()?, c.u32()?);
        }
        record::PROCESSOR => {
            require(c, 28)?;
            write!(out, "\n\t      5sec {}, 1min {}, 5min {}", c.u32()?, c.u32()?, c.u32()?);
            // tcpdump calls the free memory total, too.
            write!(out, ", total_mem {}, total_mem {}", c.u64()?, c.u64()?);
        }
        _ => return Ok(kind == record::TOKEN_RING),
    }
    Ok(true)
}

fn generic(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    require(c, 88)?;
    write!(out, "\n\t      ifindex {}, iftype {}, ifspeed {}", c.u32()?, c.u32()?, c.u64()?);
    let direction = c.u32()?;
    write!(out, ", ifdirection {direction} (");
    out.token(DIRECTIONS, direction, format_args!("Unknown"));
    let status = c.u32()?;
    let state = |bit: u32| if status & bit != 0 { "up" } else { "down" };
    write!(out, ")\n\t      ifstatus {status}, adminstatus: {}, operstatus: {}", state(1), state(2));
    write!(out, "\n\t      In octets {}, unicast pkts {}", c.u64()?, c.u32()?);
    write!(out, ", multicast pkts {}, broadcast pkts {}, discards {}", c.u32()?, c.u32()?, c.u32()?);
    write!(out, "\n\t      In errors {}, unknown protos {}", c.u32()?, c.u32()?);
    write!(out, "\n\t      Out octets {}, unicast pkts {}", c.u64()?, c.u32()?);
    write!(out, ", multicast pkts {}, broadcast pkts {}, discards {}", c.u32()?, c.u32()?, c.u32()?);
    write!(out, "\n\t      Out errors {}, promisc mode {}", c.u32()?, c.u32()?);
    Ok(())
}

fn ethernet(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    require(c, 52)?;
    write!(
        out,
        "\n\t      align errors {}, fcs errors {}, single collision {}",
        c.u32()?,
        c.u32()?,
        c.u32()?
    );
    write!(out, ", multiple collision {}, test error {}", c.u32()?, c.u32()?);
    write!(out, "\n\t      deferred {}, late collision {}", c.u32()?, c.u32()?);
    write!(out, ", excessive collision {}, mac trans error {}", c.u32()?, c.u32()?);
    write!(out, "\n\t      carrier error {}, frames too long {}", c.u32()?, c.u32()?);
    write!(out, ", mac receive errors {}, symbol errors {}", c.u32()?, c.u32()?);
    Ok(())
}

/// 100VG-AnyLAN (IEEE 802.12).
fn vg(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    require(c, 80)?;
    write!(out, "\n\t      in high prio frames {}, in high prio octets {}", c.u32()?, c.u64()?);
    write!(out, "\n\t      in norm prio frames {}, in norm prio octets {}", c.u32()?, c.u64()?);
    write!(out, "\n\t      in ipm errors {}, oversized {}, in data errors {}", c.u32()?, c.u32()?, c.u32()?);
    write!(out, ", null addressed frames {}", c.u32()?);
    write!(out, "\n\t      out high prio frames {}, out high prio octets {}", c.u32()?, c.u64()?);
    write!(out, ", trans into frames {}", c.u32()?);
    write!(out, "\n\t      in hc high prio octets {}, in hc norm prio octets {}", c.u64()?, c.u64()?);
    write!(out, ", out hc high prio octets {}", c.u64()?);
    Ok(())
}
