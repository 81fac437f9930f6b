//! ATM as Sun's interfaces deliver it (<https://www.tcpdump.org/linktypes/LINKTYPE_SUNATM.html>).

use crate::Out;
use crate::proto::atm::{self, Traffic};
use wirescope_wire::{Cursor, Walk};

/// Bytes of direction and traffic, path and channel.
const LEN: usize = 4;
/// In the first byte: the packet was sent. Its lower half tells the traffic.
const SENT: u8 = 0x80;
const LANE: u8 = 0x01;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let first = c.u8()?;
    if out.options.link_header {
        out.text(if first & SENT != 0 { "Tx: " } else { "Rx: " });
    }
    let traffic = if first & 0x0f == LANE { Traffic::Lane } else { Traffic::Llc };
    let (path, channel) = (c.u8()?, c.u16()?);
    out.context.link_header_len += LEN;
    let header = atm::print_channel(out, path, channel, traffic, c)?;
    out.context.link_header_len += header;
    Ok(())
}
