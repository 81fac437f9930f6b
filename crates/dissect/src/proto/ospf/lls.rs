//! Link-local signalling: what stands behind a packet (RFC 5613).

use super::{authentication, names, packet};
use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// In a packet's options: signalling follows it.
const FOLLOWS: u8 = 0x10;
const EXTENDED_OPTIONS: u16 = 1;
const CRYPTOGRAPHIC: u16 = 2;

/// Prints the signalling of a packet of `kind`, whose own length is `len`.
pub(super) fn print(out: &mut Out, kind: u8, packet: Cursor<'_>, len: usize) -> Walk {
    // Options are the seventh byte of a hello and the third of a description.
    let options = match kind {
        packet::HELLO => packet.peek_u8(super::HEADER_LEN + 6)?,
        packet::DESCRIPTION => packet.peek_u8(super::HEADER_LEN + 2)?,
        _ => return Ok(()),
    };
    if options & FOLLOWS == 0 {
        return Ok(());
    }
    let mut c = packet.ahead(len);
    // A digest is not part of the packet either, and comes first.
    if packet.peek_u16(14)? == authentication::CRYPTOGRAPHIC {
        c.advance(packet.peek_u8(19)?.into());
    }
    if c.length() < 4 {
        out.text("\n\t[LLS truncated]");
        return Ok(());
    }
    write!(out, "\n\t  LLS: checksum: 0x{:04x}", c.u16()?);
    let words = usize::from(c.u16()?);
    write!(out, ", length: {words}");
    let mut c = c.claim((4 * words).saturating_sub(4).min(c.length()));
    while c.length() > 0 {
        field(out, &mut c)?;
    }
    Ok(())
}

fn field(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let (kind, len) = (c.u16()?, usize::from(c.u16()?));
    out.text("\n\t    ");
    out.token(names::LINK_LOCAL, kind, format_args!("Unknown TLV"));
    write!(out, " ({kind}), length: {len}");
    let value = c.claim(len);
    match kind {
        EXTENDED_OPTIONS => {
            if len != 4 {
                out.text(" [should be 4]");
            } else {
                let options = value.peek_u32(0)?;
                write!(out, "\n\t      Options: 0x{options:08x} [");
                out.bits(names::EXTENDED_OPTIONS, options, ", ", format_args!("?"));
                out.text("]");
            }
        }
        CRYPTOGRAPHIC => {
            if len != 20 {
                out.text(" [should be 20]");
            } else {
                write!(out, "\n\t      Sequence number: 0x{:08x}", value.peek_u32(0)?);
            }
        }
        _ => {}
    }
    c.advance(len.next_multiple_of(4));
    Ok(())
}
