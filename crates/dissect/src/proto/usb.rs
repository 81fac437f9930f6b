//! USB requests as Linux captures them (<https://www.tcpdump.org/linktypes/LINKTYPE_USB_LINUX.html>).

use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

/// Bytes of the header, and of the longer one of captures over shared memory.
const LEN: usize = 48;
const MAPPED_LEN: usize = 64;

const TRANSFERS: &Tokens = &[(0, "ISOCHRONOUS"), (1, "INTERRUPT"), (2, "CONTROL"), (3, "BULK")];
const ISOCHRONOUS: u8 = 0;
const INTERRUPT: u8 = 1;
const BULK: u8 = 3;

/// In the endpoint's number: the device is asked to send.
const IN: u8 = 0x80;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    packet(out, c, LEN)
}

/// Prints a packet captured over shared memory.
pub(crate) fn print_mapped_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    packet(out, c, MAPPED_LEN)
}

fn packet(out: &mut Out, mut c: Cursor<'_>, len: usize) -> Walk {
    c.need(len)?;
    c.skip(8)?;
    let [event, transfer, endpoint, device] = *c.array()?;
    // In the byte order of the machine that captured.
    let bus = c.u16_le()?;
    out.fields(|| [("bus", bus.into()), ("device", device.into()), ("endpoint", (endpoint & !IN).into())]);
    out.text("USB ");
    out.text(tokens::name(TRANSFERS, transfer.into()).unwrap_or(" ?"));
    let (name, is_submitted) = match event {
        b'S' => (" SUBMIT", Some(true)),
        b'C' => (" COMPLETE", Some(false)),
        b'E' => (" ERROR", Some(false)),
        _ => (" ?", None),
    };
    out.text(name);
    // Requests go to the device and come back from it; interrupts are asked of it the other way around.
    if let (Some(is_submitted), ISOCHRONOUS..=BULK) = (is_submitted, transfer) {
        out.text(if is_submitted == (transfer != INTERRUPT) { " to" } else { " from" });
    }
    write!(out, " {bus}:{device}:{}", endpoint & !IN);
    out.context.link_header_len += len;
    Ok(())
}
