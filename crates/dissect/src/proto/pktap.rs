//! Packets that macOS captured on several interfaces at once, each behind a header that tells its link type
//! (<https://www.tcpdump.org/linktypes.html>, LINKTYPE_PKTAP).

use crate::Out;
use crate::proto::ppi::Inner;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes that the header has at least.
const MIN_LEN: usize = 108;

/// Types of records.
const NO_DATA: u32 = 0;
const PACKET: u32 = 1;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    if whole.length() < MIN_LEN {
        write!(out, " (packet too short, {} < {MIN_LEN})", whole.length());
        return Err(Stop::Invalid);
    }
    whole.need(MIN_LEN)?;
    let mut c = whole;
    let (len, record, number) = (c.u32_le()? as usize, c.u32_le()?, c.u32_le()?);
    if len < MIN_LEN {
        write!(out, " (pkt_len too small, {len} < {MIN_LEN})");
        return Err(Stop::Invalid);
    }
    if len > whole.length() {
        write!(out, " (pkt_len too big, {len} > {})", whole.length());
        return Err(Stop::Invalid);
    }
    whole.need(len)?;
    let inner = Inner { number, version: None, header_len: len, length: whole.length() };
    out.context.link_header_len += len;
    match record {
        PACKET => inner.print(out, whole.ahead(len)),
        _ => {
            if out.options.link_header {
                inner.header(out);
            }
            if record == NO_DATA {
                out.text("no data");
            }
            Ok(())
        }
    }
}
