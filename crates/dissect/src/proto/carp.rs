//! OpenBSD's Common Address Redundancy Protocol.

use crate::Out;
use wirescope_wire::{Cursor, Walk, checksum};

const VERSION: u8 = 2;
const ADVERTISEMENT: u8 = 1;
/// A host sends with the largest time to live, so that forged packets from elsewhere can be told.
const OWN_TTL: u8 = 255;

/// Prints an advertisement.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text("CARP");
    let first = c.peek_u8(0)?;
    let (version, kind) = (first >> 4, first & 0x0f);
    out.field("version", version);
    out.field("type", kind);
    let name = if kind == ADVERTISEMENT { "advertise" } else { "unknown" };
    write!(out, "v{version}-{name} {}: ", c.length());
    let ttl = out.context.ttl;
    if ttl != OWN_TTL {
        write!(out, "[ttl={ttl}!] ");
    }
    if version != VERSION || kind != ADVERTISEMENT {
        return Ok(());
    }
    let host = c.peek_u8(1)?;
    out.field("vhid", host);
    write!(out, "vhid={host} advbase={} advskew={} authlen={} ", c.peek_u8(5)?, c.peek_u8(2)?, c.peek_u8(3)?);
    if out.options.verbose > 0 && c.has(c.length()) && checksum::internet(c.claimed_bytes()) != 0 {
        write!(out, " (bad carp cksum {:x}!)", c.peek_u16(6)?);
    }
    write!(out, "counter={}", c.peek_u64(8)?);
    Ok(())
}
