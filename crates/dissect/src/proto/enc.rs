//! OpenBSD's encapsulating interface: packets as IPsec sees them, before it protects or after it has checked them.

use crate::Out;
use crate::proto::ether;
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

/// Bytes of address family, security parameters index and flags.
const LEN: usize = 12;

/// How a packet was or will be protected.
const CONFIDENTIAL: u32 = 0x0400;
const AUTHENTIC: u32 = 0x0800;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    c.need(LEN)?;
    let (family, index, flags) = (c.u32_le()?, c.u32()?, c.u32_le()?);
    // Family and flags are in the byte order of the machine that captured; families are small numbers.
    let is_swapped = family & 0xffff_0000 != 0;
    let in_order = |value: u32| if is_swapped { value.swap_bytes() } else { value };
    protection(out, in_order(flags));
    out.field("spi", index);
    write!(out, "SPI 0x{index:08x}: ");
    let kind = match in_order(family) {
        2 => ether_type::IPV4,
        24 | 28 | 30 => ether_type::IPV6,
        _ => 0,
    };
    if kind != 0 {
        ether::network(out, kind, c)?;
    }
    out.context.link_header_len += LEN;
    Ok(())
}

/// Writes how the packet is protected; flags that have no name leave the list open.
fn protection(out: &mut Out, flags: u32) {
    if flags == 0 {
        out.text("(unprotected): ");
        return;
    }
    out.text("(");
    let mut left = flags;
    for (bit, name) in [(AUTHENTIC, "authentic"), (CONFIDENTIAL, "confidential")] {
        if left & bit != 0 {
            out.text(name).text(if left == bit { "): " } else { "," });
            left &= !bit;
        }
    }
}
