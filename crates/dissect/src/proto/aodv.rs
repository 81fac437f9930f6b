//! Ad hoc On-Demand Distance Vector routing (RFC 3561), and the same for IPv6 (draft-perkins-manet-aodv6).

use crate::tokens::Tokens;
use crate::{Network, Out};
use wirescope_wire::{Cursor, Walk};

const MESSAGES: &Tokens = &[(1, "rreq"), (2, "rrep"), (3, "rerr"), (4, "rrep-ack")];

mod message {
    pub(super) const REQUEST: u8 = 1;
    pub(super) const REPLY: u8 = 2;
    pub(super) const ERROR: u8 = 3;
    pub(super) const REPLY_ACKNOWLEDGEMENT: u8 = 4;
    /// The same as they were numbered in the draft for IPv6.
    pub(super) const REQUEST_V6: u8 = 16;
    pub(super) const REPLY_V6: u8 = 17;
    pub(super) const ERROR_V6: u8 = 18;
    pub(super) const REPLY_ACKNOWLEDGEMENT_V6: u8 = 19;
}

/// Prints a message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text(" aodv");
    let kind = c.peek_u8(0)?;
    out.field("type", kind);
    out.text(" ");
    out.token(MESSAGES, kind, format_args!("type {kind}"));
    let is_v6 = matches!(out.context.network, Network::V6 { .. });
    match kind {
        message::REQUEST => request(out, c, is_v6),
        message::REPLY => reply(out, c, is_v6),
        message::ERROR => error(out, c, is_v6),
        message::REQUEST_V6 if is_v6 => request(out, c, true),
        message::REPLY_V6 if is_v6 => reply(out, c, true),
        message::ERROR_V6 if is_v6 => error(out, c, true),
        message::REPLY_ACKNOWLEDGEMENT | message::REPLY_ACKNOWLEDGEMENT_V6 => {
            write!(out, " {}", c.length());
            Ok(())
        }
        _ => {
            write!(out, " {}", c.length());
            Ok(())
        }
    }
}

/// Stops as invalid unless the message has at least `len` bytes.
fn least(out: &mut Out, c: Cursor<'_>, len: usize) -> Walk {
    if c.length() < len {
        return out.disagree("length", c.length(), "<", len);
    }
    Ok(())
}

/// Writes an address behind `heading` and advances past it.
fn address(out: &mut Out, c: &mut Cursor<'_>, is_v6: bool, heading: &str) -> Walk {
    if is_v6 {
        let address = *c.array()?;
        out.text(heading).host6(address);
    } else {
        let address = *c.array()?;
        out.text(heading).host4(address);
    }
    Ok(())
}

/// Who looks for a way to whom. Addresses of IPv6 stand behind the numbers that come before them.
fn request(out: &mut Out, whole: Cursor<'_>, is_v6: bool) -> Walk {
    const FLAGS: [(u8, &str); 5] =
        [(0x80, "[J]"), (0x40, "[R]"), (0x20, "[G]"), (0x10, "[D]"), (0x08, "[U] ")];
    let len = if is_v6 { 48 } else { 24 };
    least(out, whole, len)?;
    whole.need(len)?;
    let mut c = whole;
    let (_, flags, _, hops) = (c.u8()?, c.u8()?, c.u8()?, c.u8()?);
    write!(out, " {} ", whole.length());
    for (flag, name) in FLAGS {
        out.text(if flags & flag != 0 { name } else { "" });
    }
    write!(out, "hops {hops} id 0x{:08x}\n\t", c.u32()?);
    if is_v6 {
        let (destination_sequence, mut destination) = (c.u32()?, c.split(16));
        address(out, &mut destination, true, "dst ")?;
        let source_sequence = c.u32()?;
        write!(out, " seq {destination_sequence}");
        address(out, &mut c, true, " src ")?;
        write!(out, " seq {source_sequence}");
    } else {
        address(out, &mut c, false, "dst ")?;
        write!(out, " seq {}", c.u32()?);
        address(out, &mut c, false, " src ")?;
        write!(out, " seq {}", c.u32()?);
    }
    extension(out, c)
}

fn reply(out: &mut Out, whole: Cursor<'_>, is_v6: bool) -> Walk {
    let len = if is_v6 { 44 } else { 20 };
    least(out, whole, len)?;
    whole.need(len)?;
    let mut c = whole;
    let (_, _, prefix, hops) = (c.u8()?, c.u8()?, c.u8()?, c.u8()?);
    // Flags are not told; there is a blank where they would stand.
    write!(out, " {}  ", whole.length());
    let prefix = if is_v6 { prefix & 0x7f } else { prefix & 0x1f };
    write!(out, "prefix {prefix} hops {hops}\n\t");
    if is_v6 {
        let sequence = c.u32()?;
        address(out, &mut c, true, "dst ")?;
        write!(out, " dseq {sequence}");
    } else {
        address(out, &mut c, false, "dst ")?;
        write!(out, " dseq {}", c.u32()?);
    }
    address(out, &mut c, is_v6, " src ")?;
    write!(out, " {} ms", c.u32()?);
    extension(out, c)
}

/// Destinations that can no longer be reached.
fn error(out: &mut Out, whole: Cursor<'_>, is_v6: bool) -> Walk {
    const HEADER_LEN: usize = 4;
    let destination_len = if is_v6 { 20 } else { 8 };
    least(out, whole, HEADER_LEN)?;
    let mut c = whole;
    let (_, flags, _, count) = (c.u8()?, c.u8()?, c.u8()?, c.u8()?);
    out.text(if flags & 0x80 != 0 { " [D]" } else { " " });
    write!(out, " [items {count}] [{}]:", whole.length());
    for _ in 0..count {
        least(out, c, destination_len)?;
        c.need(destination_len)?;
        if is_v6 {
            let sequence = c.u32()?;
            address(out, &mut c, true, " {")?;
            write!(out, "}}({sequence})");
        } else {
            address(out, &mut c, false, " {")?;
            write!(out, "}}({})", c.u32()?);
        }
    }
    Ok(())
}

/// What stands behind a message (RFC 3561 section 9).
fn extension(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const HELLO: u8 = 1;
    if c.length() == 0 {
        return Ok(());
    }
    let available = c.length();
    least(out, c, 2)?;
    let (kind, len) = (c.u8()?, usize::from(c.u8()?));
    if kind != HELLO {
        write!(out, "\n\text {kind} {len}");
        return Ok(());
    }
    least(out, c.claim(available), 2 + len)?;
    if len < 4 {
        write!(out, "\n\text HELLO - bad length {len}");
        return Ok(());
    }
    write!(out, "\n\text HELLO {} ms", c.u32()?);
    Ok(())
}
