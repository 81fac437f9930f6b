//! Serial Line Internet Protocol (RFC 1055) with compressed TCP headers (RFC 1144), as the BSDs capture it.

use crate::Out;
use crate::proto::{ip, ip6};
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes that the capturing system puts in front: the direction, and the header as it was on the line.
const LEN: usize = 16;
/// The same of BSD/OS.
const BSDOS_LEN: usize = 24;

/// What the first byte on the line tells.
mod kind {
    pub(super) const MASK: u8 = 0xf0;
    pub(super) const IP: u8 = 0x40;
    pub(super) const UNCOMPRESSED_TCP: u8 = 0x70;
    pub(super) const COMPRESSED_TCP: u8 = 0x80;
}

/// What of a compressed header has changed (RFC 1144 section 3.2.2).
mod change {
    pub(super) const CONNECTION: u8 = 0x40;
    pub(super) const IDENTIFICATION: u8 = 0x20;
    pub(super) const SEQUENCE: u8 = 0x08;
    pub(super) const ACKNOWLEDGEMENT: u8 = 0x04;
    pub(super) const WINDOW: u8 = 0x02;
    pub(super) const URGENT: u8 = 0x01;
    /// Combinations that stand for common cases: echoed typing, and data in one direction.
    pub(super) const SPECIALS: u8 = SEQUENCE | ACKNOWLEDGEMENT | WINDOW | URGENT;
    pub(super) const ECHOED: u8 = SEQUENCE | WINDOW | URGENT;
    pub(super) const ONE_WAY: u8 = SPECIALS;
}

/// Lengths of the last segments, by direction and connection: special combinations refer to them.
pub(crate) struct Lengths {
    last: [[u32; 256]; 2],
    connection: u8,
}

impl Default for Lengths {
    fn default() -> Self {
        Lengths { last: [[0; 256]; 2], connection: u8::MAX }
    }
}

impl Lengths {
    fn of_last(&mut self, direction: usize) -> Option<&mut u32> {
        self.last.get_mut(direction)?.get_mut(usize::from(self.connection))
    }
}

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.available() < LEN {
        return Err(Stop::Truncated);
    }
    let header = c;
    c.advance(LEN);
    if out.options.link_header {
        link(out, header, c)?;
    }
    if c.available() < 1 {
        return Err(Stop::Truncated);
    }
    payload(out, c)?;
    out.context.link_header_len += LEN;
    Ok(())
}

fn payload(out: &mut Out, c: Cursor<'_>) -> Walk {
    match c.peek_u8(0)? >> 4 {
        4 => out.run("ip", ip::print, c),
        6 => out.run("ip6", ip6::print, c),
        version => {
            write!(out, "ip v{version}");
            Ok(())
        }
    }
}

/// Prints a packet captured by BSD/OS.
pub(crate) fn print_bsdos_link(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.available() < BSDOS_LEN {
        return Err(Stop::Truncated);
    }
    let header = c;
    c.advance(BSDOS_LEN);
    if out.options.link_header {
        link(out, header, c)?;
    }
    if c.available() < 1 {
        return Err(Stop::Truncated);
    }
    payload(out, c)?;
    out.context.link_header_len += BSDOS_LEN;
    Ok(())
}

/// Prints the header of the link in front of the packet `ip`.
fn link(out: &mut Out, header: Cursor<'_>, ip: Cursor<'_>) -> Walk {
    let direction = match header.peek_u8(0)? {
        0 => {
            out.text("I ");
            Some(0)
        }
        1 => {
            out.text("O ");
            Some(1)
        }
        other => {
            write!(out, "Invalid direction {other} ");
            None
        }
    };
    let on_line = header.ahead(1);
    let first = on_line.peek_u8(0)?;
    match first & kind::MASK {
        kind::IP => write!(out, "ip {}: ", ip.length() + LEN),
        kind::UNCOMPRESSED_TCP => {
            // The connection is where the protocol was.
            let connection = on_line.peek_u8(9)?;
            out.field("connection", connection);
            write!(out, "utcp {connection}: ");
            if let Some(direction) = direction {
                out.state.sl.connection = connection;
                remember(out, direction, ip)?;
            }
        }
        _ => {
            let Some(direction) = direction else { return Ok(()) };
            if first & kind::COMPRESSED_TCP != 0 {
                compressed(out, on_line, ip, direction)?;
                out.text(": ");
            } else {
                write!(out, "slip-{first}!: ");
            }
        }
    }
    Ok(())
}

/// Remembers how much data the segment has, and says how much.
fn remember(out: &mut Out, direction: usize, ip: Cursor<'_>) -> Walk<u32> {
    let ip_len = usize::from(ip.peek_u8(0)? & 0x0f) * 4;
    let tcp_len = usize::from(ip.peek_u8(ip_len.saturating_add(12))? >> 4) * 4;
    let data = (ip.length() as u32).wrapping_sub((ip_len + tcp_len) as u32);
    if let Some(last) = out.state.sl.of_last(direction) {
        *last = data;
    }
    Ok(data)
}

/// Prints a compressed header: what changed, and by how much.
fn compressed(out: &mut Out, whole: Cursor<'_>, ip: Cursor<'_>, direction: usize) -> Walk {
    let mut c = whole;
    let changes = c.u8()?;
    if changes & change::CONNECTION != 0 {
        let connection = c.u8()?;
        out.state.sl.connection = connection;
        out.field("connection", connection);
        write!(out, "ctcp {connection}");
    } else {
        out.text("ctcp *");
    }
    // The checksum is TCP's own.
    c.advance(2);
    let last = out.state.sl.of_last(direction).map_or(0, |last| *last);
    match changes & change::SPECIALS {
        change::ECHOED => write!(out, " *SA+{last}"),
        change::ONE_WAY => write!(out, " *S+{last}"),
        _ => {
            if changes & change::URGENT != 0 {
                difference(out, "U=", &mut c)?;
            }
            if changes & change::WINDOW != 0 {
                let window = amount(&mut c)? as i16;
                write!(out, " W{window:+}");
            }
            if changes & change::ACKNOWLEDGEMENT != 0 {
                difference(out, "A+", &mut c)?;
            }
            if changes & change::SEQUENCE != 0 {
                difference(out, "S+", &mut c)?;
            }
        }
    }
    if changes & change::IDENTIFICATION != 0 {
        difference(out, "I+", &mut c)?;
    }
    let data = remember(out, direction, ip)?;
    write!(out, " {data} ({})", c.at().saturating_sub(whole.at()));
    Ok(())
}

/// A change by up to 255 takes one byte; a zero says that two follow.
fn amount(c: &mut Cursor<'_>) -> Walk<u16> {
    match c.u8()? {
        0 => c.u16(),
        small => Ok(small.into()),
    }
}

fn difference(out: &mut Out, name: &str, c: &mut Cursor<'_>) -> Walk {
    let amount = amount(c)?;
    write!(out, " {name}{amount}");
    Ok(())
}
