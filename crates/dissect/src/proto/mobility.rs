//! IPv6 mobility header (RFC 6275 section 6.1) and its options.

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::ipv4::protocol;
use wirescope_wire::{Cursor, Stop, Walk};

const MESSAGES: &Tokens =
    &[(0, "BRR"), (1, "HoTI"), (2, "CoTI"), (3, "HoT"), (4, "CoT"), (5, "BU"), (6, "BA"), (7, "BE")];

/// Flags of a binding update, as they stand in the upper half of its byte.
const UPDATE_FLAGS: &Tokens = &[(8, "A"), (4, "H"), (2, "L"), (1, "K")];

mod message {
    pub(super) const REFRESH_REQUEST: u8 = 0;
    pub(super) const HOME_TEST_INIT: u8 = 1;
    pub(super) const CARE_OF_TEST_INIT: u8 = 2;
    pub(super) const HOME_TEST: u8 = 3;
    pub(super) const CARE_OF_TEST: u8 = 4;
    pub(super) const BINDING_UPDATE: u8 = 5;
    pub(super) const BINDING_ACKNOWLEDGEMENT: u8 = 6;
    pub(super) const BINDING_ERROR: u8 = 7;
}

mod option {
    pub(super) const PAD_ONE: u8 = 0;
    pub(super) const PAD: u8 = 1;
    pub(super) const REFRESH_ADVICE: u8 = 2;
    pub(super) const ALTERNATE_CARE_OF: u8 = 3;
    pub(super) const NONCE_INDICES: u8 = 4;
    pub(super) const AUTHORIZATION: u8 = 5;
}

/// Fewest bytes of each message, by type. Headers come in units of eight bytes.
const MESSAGE_LENS: [usize; 8] = [8, 16, 16, 24, 24, 16, 16, 24];
const UNKNOWN_MESSAGE_LEN: usize = 8;
/// Lifetimes and refresh intervals are counted in units of four seconds.
const TIME_UNIT_S: u32 = 4;

/// Prints a mobility header, which ends the packet: nothing may follow it.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text("mobility: ");
    let payload_protocol = c.peek_u8(0)?;
    let units = c.peek_u8(1)?;
    let claimed = (usize::from(units) + 1) * 8;
    let kind = c.peek_u8(2)?;
    if payload_protocol != protocol::NO_NEXT_HEADER {
        write!(out, "(payload protocol {payload_protocol} should be {}) ", protocol::NO_NEXT_HEADER);
    }
    out.token(MESSAGES, kind, format_args!("type-#{kind}"));
    out.field("message_type", kind);
    let least = MESSAGE_LENS.get(usize::from(kind)).copied().unwrap_or(UNKNOWN_MESSAGE_LEN);
    if claimed < least {
        write!(out, " (header length {claimed} < {least})");
        return Err(Stop::Invalid);
    }
    let options_at = match kind {
        message::REFRESH_REQUEST => 8,
        message::HOME_TEST_INIT | message::CARE_OF_TEST_INIT => test_init(out, &c, kind)?,
        message::HOME_TEST | message::CARE_OF_TEST => test(out, &c, kind)?,
        message::BINDING_UPDATE => binding_update(out, &c)?,
        message::BINDING_ACKNOWLEDGEMENT => binding_acknowledgement(out, &c)?,
        message::BINDING_ERROR => {
            write!(out, " status={}", c.peek_u8(6)?);
            let address = *c.peek_array::<16>(8)?;
            out.text(" homeaddr ").host6(address);
            24
        }
        _ => {
            write!(out, " len={units}");
            return Ok(());
        }
    };
    if out.options.verbose > 0 {
        options(out, c.claim(claimed).ahead(options_at))?;
    }
    Ok(())
}

fn test_init(out: &mut Out, c: &Cursor<'_>, kind: u8) -> Walk<usize> {
    if out.options.verbose > 0 {
        let name = if kind == message::HOME_TEST_INIT { "Home" } else { "Care-of" };
        write!(out, " {name} Init Cookie={:08x}:{:08x}", c.peek_u32(8)?, c.peek_u32(12)?);
    }
    Ok(16)
}

fn test(out: &mut Out, c: &Cursor<'_>, kind: u8) -> Walk<usize> {
    write!(out, " nonce id=0x{:x}", c.peek_u16(6)?);
    if out.options.verbose > 0 {
        let name = if kind == message::HOME_TEST { "Home" } else { "Care-of" };
        write!(out, " {name} Init Cookie={:08x}:{:08x}", c.peek_u32(8)?, c.peek_u32(12)?);
        write!(out, " {name} Keygen Token={:08x}:{:08x}", c.peek_u32(16)?, c.peek_u32(20)?);
    }
    Ok(24)
}

fn binding_update(out: &mut Out, c: &Cursor<'_>) -> Walk<usize> {
    write!(out, " seq#={}", c.peek_u16(6)?);
    let flags = c.peek_u16(8)?;
    if flags & 0xf000 != 0 {
        out.text(" ");
        out.bits(UPDATE_FLAGS, flags >> 12, "", format_args!("bits-#0x{:x}", flags >> 12));
    }
    write!(out, " lifetime={}", u32::from(c.peek_u16(10)?) * TIME_UNIT_S);
    Ok(12)
}

fn binding_acknowledgement(out: &mut Out, c: &Cursor<'_>) -> Walk<usize> {
    write!(out, " status={}", c.peek_u8(6)?);
    if c.peek_u8(7)? & 0x80 != 0 {
        out.text(" K");
    }
    write!(out, " seq#={}", c.peek_u16(8)?);
    write!(out, " lifetime={}", u32::from(c.peek_u16(10)?) * TIME_UNIT_S);
    Ok(12)
}

fn options(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let kind = c.peek_u8(0)?;
        if kind == option::PAD_ONE {
            out.text("(pad1)");
            c.advance(1);
            continue;
        }
        remaining(out, &c, 2)?;
        let len = usize::from(c.peek_u8(1)?);
        remaining(out, &c, 2 + len)?;
        match kind {
            option::PAD => {
                out.text("(padn)");
            }
            option::REFRESH_ADVICE => {
                out.text("(refresh: ");
                remaining(out, &c, 4)?;
                write!(out, "{})", u32::from(c.peek_u16(2)?) * TIME_UNIT_S);
            }
            option::ALTERNATE_CARE_OF => {
                out.text("(alt-CoA: ");
                remaining(out, &c, 18)?;
                out.host6(*c.peek_array::<16>(2)?).text(")");
            }
            option::NONCE_INDICES => {
                out.text("(ni: ");
                remaining(out, &c, 6)?;
                write!(out, "ho=0x{:04x} co=0x{:04x})", c.peek_u16(2)?, c.peek_u16(4)?);
            }
            option::AUTHORIZATION => {
                out.text("(auth)");
            }
            _ => {
                c.need(2 + len)?;
                write!(out, "(unknown: type-#{kind} len={len})");
            }
        }
        c.advance(2 + len);
    }
    Ok(())
}

/// An option must fit into what is left of the header.
fn remaining(out: &mut Out, c: &Cursor<'_>, needed: usize) -> Walk {
    if c.length() < needed {
        return out.disagree("remaining length", c.length(), "<", needed);
    }
    Ok(())
}
