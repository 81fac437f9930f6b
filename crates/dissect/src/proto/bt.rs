//! Bluetooth's interface between host and controller, with the direction of each packet
//! (<https://www.tcpdump.org/linktypes/LINKTYPE_BLUETOOTH_HCI_H4_WITH_PHDR.html>).

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the direction.
const LEN: usize = 4;
/// In the direction: the controller sent the packet.
const RECEIVED: u32 = 1;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    out.text("bluetooth");
    let mut c = whole;
    let direction = c.u32()?;
    if out.options.link_header {
        let direction = if direction & RECEIVED != 0 { "in" } else { "out" };
        write!(out, ", hci length {}, direction {direction}", c.length());
    }
    out.unknown(c.bytes());
    out.context.link_header_len += LEN;
    Ok(())
}
