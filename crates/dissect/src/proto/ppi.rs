//! The Per-Packet Information header (CACE Technologies, "PPI packet header", 1.0.7): what a capturing radio knows,
//! before a packet of any link type.

use crate::Out;
use crate::registry::Row;
use wirescope_wire::{Cursor, LinkType, Stop, Walk};

/// Bytes of the header before its fields.
const MIN_LEN: usize = 8;
/// The longest header: a multiple of four bytes whose length fits 16 bits.
const MAX_LEN: usize = 65532;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    if !whole.has(MIN_LEN) {
        return Err(Stop::Truncated);
    }
    let mut c = whole;
    let (version, _flags, len) = (c.u8()?, c.u8()?, usize::from(c.u16_le()?));
    if !(MIN_LEN..=MAX_LEN).contains(&len) {
        write!(out, " [length {len} < {MIN_LEN} or > {MAX_LEN}]");
        return Err(Stop::Invalid);
    }
    whole.need(len)?;
    let inner =
        Inner { number: c.u32_le()?, version: Some(version), header_len: len, length: whole.length() };
    out.context.link_header_len += len;
    inner.print(out, whole.ahead(len))
}

/// A packet inside, whose header is in the terms of programs: their numbers differ from those in files.
pub(crate) struct Inner {
    pub(crate) number: u32,
    /// The version of the header around it, where that is shown.
    pub(crate) version: Option<u8>,
    pub(crate) header_len: usize,
    /// Length of the whole.
    pub(crate) length: usize,
}

impl Inner {
    /// Writes what the header around says.
    pub(crate) fn header(&self, out: &mut Out) {
        let name = LinkType::from_dlt(self.number).and_then(LinkType::name).unwrap_or("UNKNOWN");
        if out.options.quiet {
            out.text(name);
        } else {
            if let Some(version) = self.version {
                write!(out, "V.{version} ");
            }
            write!(out, "DLT {name} ({}) len {}", self.number, self.header_len);
        }
        write!(out, ", length {}: ", self.length);
    }

    /// Prints the header where headers are shown, and the packet by its link type.
    pub(crate) fn print(&self, out: &mut Out, c: Cursor<'_>) -> Walk {
        if out.options.link_header {
            self.header(out);
        }
        match self.printer(out) {
            Some(row) => out.run(row.proto, row.print, c),
            None => {
                if !out.options.link_header {
                    self.header(out);
                }
                out.unknown(c.bytes());
                Ok(())
            }
        }
    }

    fn printer(&self, out: &Out) -> Option<&'static Row<LinkType>> {
        out.registry.link_printer(LinkType::from_dlt(self.number)?)
    }
}
