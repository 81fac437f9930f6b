//! Virtual eXtensible Local Area Network (RFC 7348) and its extension for other protocols (draft-ietf-nvo3-vxlan-gpe).

use crate::Out;
use crate::proto::{ether, nsh};
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const FLAGS: &Tokens = &[(8, "I")];
const GPE_FLAGS: &Tokens = &[(8, "I"), (4, "P"), (2, "B"), (1, "O")];

/// Bytes of either header.
const LEN: usize = 8;

mod flag {
    /// The network identifier is valid.
    pub(super) const INSTANCE: u8 = 8;
    /// The next protocol is valid; a frame follows otherwise.
    pub(super) const PROTOCOL: u8 = 4;
    /// The frame was broadcast, multicast or of an unknown destination.
    pub(super) const REPLICATED: u8 = 2;
    /// The payload is operations, administration and maintenance.
    pub(super) const MAINTENANCE: u8 = 1;
}

/// Prints a frame behind its header.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("VXLAN");
    if c.length() < LEN {
        return out.disagree("len", c.length(), "<", LEN);
    }
    let flags = c.u8()?;
    out.field("flags", flags);
    out.text(", flags [");
    out.bits(FLAGS, flags, "", format_args!("invalid"));
    write!(out, "] (0x{flags:02x}), ");
    if flags & flag::INSTANCE == 0 {
        out.text("ERROR: I flag not set\n");
    } else {
        let network = c.peek_u24(3)?;
        out.field("network", network);
        writeln!(out, "vni {network}");
    }
    c.skip(LEN - 1)?;
    out.run("ether", ether::print, c)
}

/// Prints a packet of the protocol that the header names.
pub(crate) fn print_gpe(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("VXLAN-GPE, ");
    if c.length() < LEN {
        write!(out, " (len {} < {LEN})", c.length());
        out.invalid();
        return Ok(());
    }
    let flags = c.u8()?;
    out.field("flags", flags);
    let version = (flags >> 4) & 3;
    if version != 0 {
        write!(out, "unknown version {version}");
        out.invalid();
        return Ok(());
    }
    out.text("flags [");
    out.bits(GPE_FLAGS, flags, "", format_args!("none"));
    out.text("], ");
    c.skip(2)?;
    let next = c.u8()?;
    let network = c.u24()?;
    out.field("next_protocol", next);
    out.field("network", network);
    if flags & flag::INSTANCE == 0 {
        out.text("ERROR: I flag not set");
        out.invalid();
        return Ok(());
    }
    write!(out, "vni {network}");
    c.skip(1)?;
    if flags & flag::REPLICATED != 0 {
        out.text(", BUM");
    }
    if flags & flag::MAINTENANCE != 0 {
        write!(out, ", OAM (proto 0x{next:x}, len {})", c.length());
        return Ok(());
    }
    out.text(if out.options.verbose > 0 { "\n    " } else { ": " });
    let next = if flags & flag::PROTOCOL == 0 { nsh::next::ETHERNET } else { next };
    if !nsh::payload(out, next, c)? {
        out.text("ERROR: unknown-next-protocol");
        out.invalid();
    }
    Ok(())
}
