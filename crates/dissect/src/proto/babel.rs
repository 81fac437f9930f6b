//! Babel (RFC 8966; before RFC 6126, RFC 7557, RFC 7298, draft-ietf-babel-source-specific).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const CHANNELS: &Tokens = &[(0, "reserved"), (255, "all")];

const MAGIC: u8 = 42;
const VERSION: u8 = 2;
/// Bytes of magic, version and length.
const HEADER_LEN: usize = 4;

mod message {
    pub(super) const PAD_ONE: u8 = 0;
    pub(super) const PAD: u8 = 1;
    pub(super) const ACKNOWLEDGEMENT_REQUEST: u8 = 2;
    pub(super) const ACKNOWLEDGEMENT: u8 = 3;
    pub(super) const HELLO: u8 = 4;
    pub(super) const HEARD: u8 = 5;
    pub(super) const ROUTER: u8 = 6;
    pub(super) const NEXT_HOP: u8 = 7;
    pub(super) const UPDATE: u8 = 8;
    pub(super) const ROUTE_REQUEST: u8 = 9;
    pub(super) const SEQUENCE_REQUEST: u8 = 10;
    pub(super) const TIMESTAMP: u8 = 11;
    pub(super) const HMAC: u8 = 12;
    pub(super) const SOURCE_UPDATE: u8 = 13;
    pub(super) const SOURCE_REQUEST: u8 = 14;
    pub(super) const SOURCE_HOP_REQUEST: u8 = 15;
    pub(super) const MAC: u8 = 16;
    pub(super) const PACKET_COUNTER: u8 = 17;
    pub(super) const CHALLENGE_REQUEST: u8 = 18;
    pub(super) const CHALLENGE_REPLY: u8 = 19;
}

/// Kinds of addresses.
mod encoding {
    pub(super) const WILDCARD: u8 = 0;
    pub(super) const IPV4: u8 = 1;
    pub(super) const IPV6: u8 = 2;
    pub(super) const LINK_LOCAL: u8 = 3;
}

/// Prints a packet.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    out.text("babel");
    if whole.length() < HEADER_LEN {
        return Err(Stop::Invalid);
    }
    whole.need(HEADER_LEN)?;
    let (magic, version) = (c.u8()?, c.u8()?);
    if magic != MAGIC {
        out.text(" invalid header");
        return Ok(());
    }
    write!(out, " {version}");
    if version != VERSION {
        out.text(" unknown version");
        return Ok(());
    }
    let len = usize::from(c.u16()?);
    write!(out, " ({len})");
    if len > c.length() {
        return Err(Stop::Invalid);
    }
    let mut state = Prefixes::default();
    messages(out, c.claim(len), &mut state)?;
    let trailer = c.ahead(len);
    if trailer.length() > 0 {
        out.text(if out.options.verbose > 0 { "\n\t----" } else { " |" });
        messages(out, trailer, &mut state)?;
    }
    Ok(())
}

/// Prefixes that updates leave out what they have in common with.
#[derive(Default)]
struct Prefixes {
    v4: [u8; 16],
    v6: [u8; 16],
}

fn messages(out: &mut Out, mut c: Cursor<'_>, state: &mut Prefixes) -> Walk {
    while c.length() > 0 {
        let kind = c.u8()?;
        if kind == message::PAD_ONE {
            out.text(if out.options.verbose > 0 { "\n\tPad 1" } else { " pad1" });
            continue;
        }
        if c.length() < 1 {
            return Err(Stop::Invalid);
        }
        let len = usize::from(c.u8()?);
        if len > c.length() {
            return Err(Stop::Invalid);
        }
        let body = c.claim(len);
        body.need(len)?;
        c.advance(len);
        match out.options.verbose {
            0 => brief(out, kind, body)?,
            _ => message(out, kind, body, state)?,
        }
    }
    Ok(())
}

/// The name of a message in a line that tells no more, and in lines that do, and the least length of its body.
fn names(kind: u8) -> Option<(&'static str, &'static str, usize)> {
    Some(match kind {
        message::PAD => (" padN", "\n\tPad ", 0),
        message::ACKNOWLEDGEMENT_REQUEST => (" ack-req", "\n\tAcknowledgment Request ", 6),
        message::ACKNOWLEDGEMENT => (" ack", "\n\tAcknowledgment ", 2),
        message::HELLO => (" hello", "\n\tHello ", 6),
        message::HEARD => (" ihu", "\n\tIHU ", 6),
        message::ROUTER => (" router-id", "\n\tRouter Id", 10),
        message::NEXT_HOP => (" nh", "\n\tNext Hop", 2),
        message::UPDATE => (" update", "\n\tUpdate", 10),
        message::ROUTE_REQUEST => (" route-request", "\n\tRoute Request ", 2),
        message::SEQUENCE_REQUEST => (" seqno-request", "\n\tSeqno Request ", 14),
        message::TIMESTAMP => (" tspc", "\n\tTS/PC ", 6),
        message::HMAC => (" hmac", "\n\tHMAC ", 18),
        message::SOURCE_UPDATE => (" ss-update", "\n\tSS-Update", 10),
        message::SOURCE_REQUEST => (" ss-request", "\n\tSS-Request ", 3),
        message::SOURCE_HOP_REQUEST => (" ss-mh-request", "\n\tSS-MH-Request ", 14),
        message::MAC => (" mac", "\n\tMAC ", 0),
        message::PACKET_COUNTER => (" pc", "\n\tPC", 4),
        message::CHALLENGE_REQUEST => (" challenge_request", "\n\tChallenge Request", 0),
        message::CHALLENGE_REPLY => (" challenge_reply", "\n\tChallenge Reply", 0),
        _ => return None,
    })
}

fn brief(out: &mut Out, kind: u8, body: Cursor<'_>) -> Walk {
    let Some((name, ..)) = names(kind) else {
        out.text(" unknown");
        return Ok(());
    };
    out.text(name);
    if kind == message::UPDATE {
        if body.length() < 1 {
            out.text("/truncated");
        } else {
            update_flags(out, body.peek_u8(1)?);
        }
    }
    Ok(())
}

/// What an update sets for those behind it.
fn update_flags(out: &mut Out, flags: u8) {
    for (bits, name) in [(PREFIX_FLAG, "/prefix"), (0x40, "/id"), (0x3f, "/unknown")] {
        out.text(if flags & bits != 0 { name } else { "" });
    }
}

/// In an update: its prefix is what later ones leave out.
const PREFIX_FLAG: u8 = 0x80;

fn message(out: &mut Out, kind: u8, mut c: Cursor<'_>, state: &mut Prefixes) -> Walk {
    let len = c.length();
    let Some((_, name, least)) = names(kind) else {
        write!(out, "\n\tUnknown message type {kind}");
        return Ok(());
    };
    out.text(name);
    if len < least {
        return Err(Stop::Invalid);
    }
    match kind {
        message::PAD => {
            out.len(len + 2);
        }
        message::ACKNOWLEDGEMENT_REQUEST => {
            c.skip(2)?;
            write!(out, "{:04x} ", c.u16()?);
            interval(out, c.u16()?);
            subfields(out, kind, c)?;
        }
        message::ACKNOWLEDGEMENT => {
            write!(out, "{:04x}", c.u16()?);
            subfields(out, kind, c)?;
        }
        message::HELLO => {
            const UNICAST: u16 = 0x8000;
            out.text(if c.u16()? & UNICAST != 0 { "(Unicast) " } else { "" });
            write!(out, "seqno {} ", c.u16()?);
            match c.u16()? {
                0 => {
                    out.text("unscheduled");
                }
                time => {
                    out.text("interval ");
                    interval(out, time);
                }
            }
            subfields(out, kind, c)?;
        }
        message::HEARD => {
            let (encoding, _, cost, time) = (c.u8()?, c.u8()?, c.u16()?, c.u16()?);
            address(out, encoding, &mut c)?;
            write!(out, " rxcost {cost} interval ");
            interval(out, time);
            subfields(out, kind, c)?;
        }
        message::ROUTER => {
            c.skip(2)?;
            out.text(" ").hex_with(c.take(8)?, b':');
            subfields(out, kind, c)?;
        }
        message::NEXT_HOP => {
            let encoding = c.u8()?;
            c.skip(1)?;
            out.text(" ");
            address(out, encoding, &mut c)?;
            subfields(out, kind, c)?;
        }
        message::UPDATE => update(out, c, state)?,
        message::ROUTE_REQUEST => {
            let (encoding, bits) = (c.u8()?, c.u8()?);
            let prefix = Prefix::read(encoding, bits, 0, None, &mut c)?;
            out.text("for ");
            prefix.print(out);
            subfields(out, kind, c)?;
        }
        message::SEQUENCE_REQUEST => {
            let (encoding, bits, sequence, hops, _) = (c.u8()?, c.u8()?, c.u16()?, c.u8()?, c.u8()?);
            let router = c.take(8)?;
            let prefix = Prefix::read(encoding, bits, 0, None, &mut c)?;
            write!(out, "({hops} hops) for ");
            prefix.print(out);
            write!(out, " seqno {sequence} id ");
            out.hex_with(router, b':');
            subfields(out, kind, c)?;
        }
        message::TIMESTAMP => {
            let (counter, timestamp) = (c.u16()?, c.u32()?);
            write!(out, "timestamp {timestamp} packetcounter {counter}");
        }
        message::HMAC => {
            write!(out, "key-id {} digest-{} ", c.u16()?, len - 2);
            while c.length() > 0 {
                let byte = c.u8()?;
                out.hex_upper(byte);
            }
        }
        message::SOURCE_UPDATE | message::SOURCE_REQUEST | message::SOURCE_HOP_REQUEST => {
            source_specific(out, kind, c)?;
        }
        message::PACKET_COUNTER => {
            write!(out, " value {}", c.u32()?);
            write!(out, " index len {}", c.length());
        }
        message::CHALLENGE_REQUEST | message::CHALLENGE_REPLY => write!(out, " len {len}"),
        _ => write!(out, "len {len}"),
    }
    Ok(())
}

fn update(out: &mut Out, mut c: Cursor<'_>, state: &mut Prefixes) -> Walk {
    let (encoding, flags, bits, omitted) = (c.u8()?, c.u8()?, c.u8()?, c.u8()?);
    let (time, sequence, metric) = (c.u16()?, c.u16()?, c.u16()?);
    let known = if encoding == encoding::IPV4 { &mut state.v4 } else { &mut state.v6 };
    let prefix = Prefix::read(encoding, bits, omitted, Some(known), &mut c)?;
    if flags & PREFIX_FLAG != 0 {
        *known = prefix.bytes;
    }
    update_flags(out, flags);
    out.text(" ");
    prefix.print(out);
    write!(out, " metric {metric} seqno {sequence} interval ");
    long_interval(out, time);
    subfields(out, message::UPDATE, c)
}

/// Messages about routes for certain sources.
fn source_specific(out: &mut Out, kind: u8, mut c: Cursor<'_>) -> Walk {
    match kind {
        message::SOURCE_UPDATE => {
            let (encoding, source_bits, bits, omitted) = (c.u8()?, c.u8()?, c.u8()?, c.u8()?);
            let (time, sequence, metric) = (c.u16()?, c.u16()?, c.u16()?);
            let prefix = Prefix::read(encoding, bits, omitted, None, &mut c)?;
            out.text(" ");
            prefix.print(out);
            out.text(" from");
            let source = Prefix::read(encoding, source_bits, 0, None, &mut c)?;
            out.text(" ");
            source.print(out);
            write!(out, " metric {metric} seqno {sequence} interval ");
            long_interval(out, time);
        }
        message::SOURCE_REQUEST => {
            let (encoding, bits, source_bits) = (c.u8()?, c.u8()?, c.u8()?);
            if encoding == encoding::WILDCARD {
                out.text("for any");
                return subfields(out, kind, c);
            }
            let prefix = Prefix::read(encoding, bits, 0, None, &mut c)?;
            out.text("for (");
            prefix.print(out);
            out.text(", ");
            Prefix::read(encoding, source_bits, 0, None, &mut c)?.print(out);
            out.text(")");
        }
        _ => {
            let (encoding, bits, sequence, hops, source_bits) =
                (c.u8()?, c.u8()?, c.u16()?, c.u8()?, c.u8()?);
            let router = c.take(8)?;
            let prefix = Prefix::read(encoding, bits, 0, None, &mut c)?;
            write!(out, "({hops} hops) for (");
            prefix.print(out);
            out.text(", ");
            Prefix::read(encoding, source_bits, 0, None, &mut c)?.print(out);
            write!(out, ") seqno {sequence} id ");
            out.hex_with(router, b':');
        }
    }
    subfields(out, kind, c)
}

/// Writes a time in hundredths of a second.
fn interval(out: &mut Out, time: u16) {
    if time == 0 {
        out.text("none (bogus)");
    } else {
        write!(out, "{}.{:02}s", time / 100, time % 100);
    }
}

/// The same, which may be for ever.
fn long_interval(out: &mut Out, time: u16) {
    if time == u16::MAX {
        out.text("infinity");
    } else {
        interval(out, time);
    }
}

/// Writes an address and advances past it.
fn address(out: &mut Out, encoding: u8, c: &mut Cursor<'_>) -> Walk {
    let len = match encoding {
        encoding::WILDCARD => {
            out.text("any");
            return Ok(());
        }
        encoding::IPV4 => 4,
        encoding::IPV6 => 16,
        encoding::LINK_LOCAL => 8,
        _ => return Err(Stop::Invalid),
    };
    if c.length() < len {
        return Err(Stop::Invalid);
    }
    match encoding {
        encoding::IPV4 => out.host4(*c.array()?),
        encoding::IPV6 => out.host6(*c.array()?),
        _ => out.host6(link_local(c.array::<8>()?)),
    };
    Ok(())
}

/// A link-local address of which the last bytes are given.
fn link_local(bytes: &[u8]) -> [u8; 16] {
    let mut address = [0; 16];
    for (to, from) in address.iter_mut().zip([0xfe, 0x80, 0, 0, 0, 0, 0, 0].iter().chain(bytes)) {
        *to = *from;
    }
    address
}

/// A prefix that was read.
struct Prefix {
    encoding: u8,
    bits: u8,
    bytes: [u8; 16],
}

impl Prefix {
    /// Reads a prefix whose first `omitted` bytes are those of `known`.
    fn read(
        encoding: u8,
        bits: u8,
        omitted: u8,
        known: Option<&[u8; 16]>,
        c: &mut Cursor<'_>,
    ) -> Walk<Prefix> {
        let max_len = match encoding {
            encoding::WILDCARD => return Ok(Prefix { encoding, bits, bytes: [0; 16] }),
            encoding::IPV4 => 4,
            encoding::IPV6 => 16,
            encoding::LINK_LOCAL => 8,
            _ => return Err(Stop::Invalid),
        };
        let (len, omitted) = (usize::from(bits).div_ceil(8), usize::from(omitted));
        let len = if encoding == encoding::LINK_LOCAL { len.saturating_sub(8) } else { len };
        let is_short = c.length() < len.saturating_sub(omitted);
        if len > max_len || omitted > max_len || is_short || omitted > 0 && known.is_none() {
            return Err(Stop::Invalid);
        }
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(known.unwrap_or(&[0; 16])).take(omitted) {
            *to = *from;
        }
        let given = c.take(len.saturating_sub(omitted))?;
        for (to, from) in bytes.iter_mut().skip(omitted).zip(given) {
            *to = *from;
        }
        if let (Some(last), 1..) = (bytes.get_mut(usize::from(bits / 8)), bits % 8) {
            *last &= !(0xff >> (bits % 8));
        }
        Ok(Prefix { encoding, bits, bytes })
    }

    fn print(&self, out: &mut Out) {
        match self.encoding {
            encoding::WILDCARD => {
                out.text("any");
                return;
            }
            encoding::IPV4 => {
                let [a, b, d, e, ..] = self.bytes;
                out.host4([a, b, d, e]);
            }
            encoding::IPV6 => {
                out.host6(self.bytes);
            }
            _ => {
                out.host6(link_local(&self.bytes));
            }
        }
        write!(out, "/{}", self.bits);
    }
}

/// What messages may have behind their own fields (RFC 7557).
fn subfields(out: &mut Out, message: u8, c: Cursor<'_>) -> Walk {
    match each_subfield(out, message, c) {
        // What contradicts itself here ends the message, but not the packet.
        Err(Stop::Invalid) => out.invalid(),
        walk => walk?,
    }
    Ok(())
}

fn each_subfield(out: &mut Out, message: u8, mut c: Cursor<'_>) -> Walk {
    const MANDATORY: u8 = 0x80;
    while c.length() > 0 {
        let kind = c.u8()?;
        if kind == 0 {
            out.text(" sub-pad1");
            continue;
        }
        if c.length() < 1 {
            return Err(Stop::Invalid);
        }
        let len = usize::from(c.u8()?);
        if len > c.length() {
            return Err(Stop::Invalid);
        }
        out.text(if kind & MANDATORY != 0 { " (M)" } else { "" });
        let mut value = c.claim(len);
        c.advance(len);
        match kind {
            1 => {
                out.text(" sub-padn");
            }
            2 => {
                out.text(" sub-diversity");
                if len == 0 {
                    out.text(" empty");
                }
                let mut between = " ";
                while value.length() > 0 {
                    let channel = value.u8()?;
                    out.text(between);
                    out.token(CHANNELS, channel, format_args!("{channel}"));
                    between = "-";
                }
                if !matches!(message, message::UPDATE | message::SOURCE_UPDATE) {
                    out.text(" (bogus)");
                }
            }
            3 => timestamps(out, message, value)?,
            _ => write!(out, " sub-unknown-0x{kind:02x}"),
        }
    }
    Ok(())
}

/// When messages were sent and received, in microseconds.
fn timestamps(out: &mut Out, message: u8, mut c: Cursor<'_>) -> Walk {
    out.text(" sub-timestamp");
    match message {
        message::HELLO if c.length() >= 4 => {
            out.text(" ");
            timestamp(out, c.u32()?);
        }
        message::HEARD if c.length() >= 8 => {
            out.text(" ");
            timestamp(out, c.u32()?);
            out.text("|");
            timestamp(out, c.u32()?);
        }
        message::HELLO | message::HEARD => return Err(Stop::Invalid),
        _ => {
            out.text(" (bogus)");
        }
    }
    Ok(())
}

fn timestamp(out: &mut Out, time: u32) {
    write!(out, "{}.{:06}s", time / 1_000_000, time % 1_000_000);
}
