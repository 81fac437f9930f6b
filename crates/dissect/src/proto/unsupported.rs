//! Packets of link types that nobody prints: their bytes.

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text("UNSUPPORTED");
    out.dump_hex_ascii("\n\t", c.bytes());
    Ok(())
}
