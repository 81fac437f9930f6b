//! The AppleTalk Address Resolution Protocol.

use super::Address;
use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes of a packet.
const LEN: usize = 28;

/// Hardware and protocol whose addresses are known: Ethernet and AppleTalk, with their lengths.
const KNOWN: [u8; 6] = [0, 1, 0x80, 0x9b, 6, 4];

/// Prints a packet.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    out.text("aarp ");
    if whole.length() < LEN {
        return out.disagree("length", whole.length(), "<", LEN);
    }
    whole.need(LEN)?;
    let mut c = whole;
    let kinds = *c.array::<6>()?;
    let operation = c.u16()?;
    out.field("operation", operation);
    let (sender, sender_address) = (*c.array::<6>()?, *c.array::<4>()?);
    c.skip(6)?;
    let target_address = *c.array::<4>()?;
    match operation {
        1..=3 if kinds == KNOWN => {
            let (label, middle) = match operation {
                1 => ("who-has ", " tell "),
                2 => ("reply ", " is-at "),
                _ => ("probe ", " tell "),
            };
            out.text(label);
            if operation == 2 {
                address(out, sender_address);
                out.text(middle).ether_host(sender);
            } else {
                address(out, target_address);
                out.text(middle);
                address(out, sender_address);
            }
        }
        _ => {
            let mut c = whole;
            let (hardware, protocol) = (c.u16()?, c.u16()?);
            let (hardware_len, protocol_len) = (c.u8()?, c.u8()?);
            write!(out, "len {} op {operation} htype {hardware} ptype ", whole.length());
            // As C's alternate form of zero: without the prefix.
            if protocol == 0 {
                out.text("0")
            } else {
                out.text("0x").hex(protocol, 1)
            };
            write!(out, " halen {hardware_len} palen {protocol_len}");
        }
    }
    Ok(())
}

/// Writes network and node of an address, whose first byte is not used.
fn address(out: &mut Out, [_, a, b, node]: [u8; 4]) {
    Address { network: u16::from_be_bytes([a, b]), node, socket: 0 }.print_host(out);
}
