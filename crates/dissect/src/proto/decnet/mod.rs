//! DECnet phase IV routing (DECnet Digital Network Architecture, Routing Layer Functional Specification 2.0.0).

mod control;
mod services;

use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of the length before a packet, and of the shorter and the longer header.
const LENGTH_LEN: usize = 2;
const SHORT_LEN: usize = 6;
const LONG_LEN: usize = 21;

/// Bits of a packet's first byte.
mod flag {
    pub(super) const CONTROL: u8 = 0x01;
    pub(super) const RETURN: u8 = 0x08;
    pub(super) const RETURNED: u8 = 0x10;
    pub(super) const WITHIN_ETHERNET: u8 = 0x20;
    /// Of a later version.
    pub(super) const VERSION: u8 = 0x40;
    pub(super) const PADDING: u8 = 0x80;
    /// Which header a packet of data has.
    pub(super) const FORMAT: u8 = 0x07;
}
const SHORT: u8 = 2;
const LONG: u8 = 6;

/// Prints a packet.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    if whole.length() < SHORT_LEN {
        write!(out, " (length {} < {SHORT_LEN})", whole.length());
        return Err(Stop::Invalid);
    }
    whole.need(LENGTH_LEN)?;
    let mut c = whole;
    let length = usize::from(c.u16_le()?);
    if length < SHORT_LEN {
        write!(out, " (pktlen {length} < {SHORT_LEN})");
        return Err(Stop::Invalid);
    }
    if length > whole.length() {
        write!(out, " (pktlen {length} > {})", whole.length());
        return Err(Stop::Invalid);
    }
    let mut c = c.claim(length);
    let whole = whole.claim(length);
    let mut flags = c.peek_u8(0)?;
    if flags & flag::PADDING != 0 {
        let padding = usize::from(flags & !flag::PADDING);
        if out.options.verbose > 0 {
            write!(out, "[pad:{padding}] ");
        }
        if c.length() < padding + SHORT_LEN {
            write!(out, " (length {} < {})", c.length(), padding + SHORT_LEN);
            return Err(Stop::Invalid);
        }
        c.advance(padding);
        flags = c.peek_u8(0)?;
    }
    if flags & flag::VERSION != 0 {
        out.text("future-version-decnet");
        out.unknown(whole.claimed_bytes());
        return Ok(());
    }
    if flags & flag::CONTROL != 0 {
        return control::print(out, c, whole);
    }
    match flags & flag::FORMAT {
        SHORT => data(out, c, flags, length, Header::short(c)?, SHORT_LEN),
        LONG => {
            if c.length() < LONG_LEN {
                write!(out, " (length {} < {LONG_LEN})", c.length());
                return Err(Stop::Invalid);
            }
            data(out, c, flags, length, Header::long(c)?, LONG_LEN)
        }
        _ => {
            out.text("unknown message flags under mask");
            out.unknown(whole.claimed_bytes());
            Ok(())
        }
    }
}

/// Where a packet of data comes from and goes to, and how many routers it has passed.
struct Header {
    src: u16,
    dst: u16,
    hops: u8,
}

/// Of the byte that counts routers; the rest of it is reserved.
const HOPS: u8 = 0x3f;

impl Header {
    fn short(c: Cursor<'_>) -> Walk<Self> {
        let mut c = c.ahead(1);
        let (dst, src) = (c.u16_le()?, c.u16_le()?);
        // The shorter header counts from zero.
        Ok(Header { src, dst, hops: (c.u8()? & HOPS) + 1 })
    }

    fn long(c: Cursor<'_>) -> Walk<Self> {
        c.need(LONG_LEN)?;
        let node = |at| c.ahead(at).u16_le();
        // Nodes are the last two bytes of link-layer addresses.
        Ok(Header { src: node(15)?, dst: node(7)?, hops: c.peek_u8(18)? & HOPS })
    }
}

/// Prints a packet of data.
fn data(out: &mut Out, c: Cursor<'_>, flags: u8, length: usize, header: Header, len: usize) -> Walk {
    out.field("src", header.src);
    out.field("dst", header.dst);
    node(out, header.src);
    out.text(" > ");
    node(out, header.dst);
    write!(out, " {length} ");
    if out.options.verbose > 0 {
        for (flag, name) in [(flag::RETURN, "RQR "), (flag::RETURNED, "RTS "), (flag::WITHIN_ETHERNET, "IE ")]
        {
            if flags & flag != 0 {
                out.text(name);
            }
        }
        write!(out, "{} hops ", header.hops);
    }
    services::print(out, c.ahead(len))
}

/// Writes area and node of an address.
fn node(out: &mut Out, address: u16) {
    write!(out, "{}.{}", address >> 10, address & 0x3ff);
}
