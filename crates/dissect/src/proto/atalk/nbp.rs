//! The AppleTalk Name Binding Protocol ("Inside AppleTalk", chapter 7).

use super::Address;
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const FUNCTIONS: &Tokens = &[(16, "brRq"), (32, "lkup"), (48, "reply")];

/// Functions, in the upper half of the first byte; the lower one counts names.
const BROADCAST_REQUEST: u8 = 0x10;
const LOOKUP: u8 = 0x20;
const REPLY: u8 = 0x30;

/// Bytes of the header, and of an address with three empty strings.
const LEN: usize = 2;
const MIN_TUPLE_LEN: usize = 8;
/// Most bytes of a string.
const MAX_STRING_LEN: u8 = 32;

/// Prints a packet from `src`.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>, src: Address) -> Walk {
    if c.length() < LEN + MIN_TUPLE_LEN {
        return out.disagree("length", c.length(), "<", LEN + MIN_TUPLE_LEN);
    }
    let length = c.length();
    let (control, id) = (c.u8()?, c.u8()?);
    let (function, count) = (control & 0xf0, control & 0x0f);
    out.text(" nbp-");
    out.token(FUNCTIONS, function, format_args!("0x{function:x}"));
    write!(out, " {id}");
    match function {
        BROADCAST_REQUEST | LOOKUP => {
            out.text(":");
            request(out, c, count, src)
        }
        REPLY => {
            out.text(":");
            for _ in 0..count {
                let Some(()) = reply(out, &mut c, src)? else { break };
            }
            Ok(())
        }
        _ => {
            write!(out, "  ({})", length - LEN);
            Ok(())
        }
    }
}

/// The address, and in which entry a name was entered.
struct Entry {
    address: Address,
    number: u8,
}

fn entry(c: &mut Cursor<'_>) -> Walk<Entry> {
    let (network, node, socket) = (c.u16()?, c.u8()?, c.u8()?);
    Ok(Entry { address: Address { network, node, socket }, number: c.u8()? })
}

/// What is looked for: a name, and whom to tell where that is not who asks.
fn request(out: &mut Out, mut c: Cursor<'_>, count: u8, src: Address) -> Walk {
    let Entry { address, number } = entry(&mut c)?;
    name(out, &mut c)?;
    if count != 1 {
        write!(out, " [ntup={count}]");
    }
    if number != 0 {
        write!(out, " [enum={number}]");
    }
    if address != src {
        out.text(" [addr=");
        address.print_host(out);
        write!(out, ".{}]", address.socket);
    }
    Ok(())
}

/// A name and where it is; nothing where a string was too long to find the next name.
fn reply(out: &mut Out, c: &mut Cursor<'_>, src: Address) -> Walk<Option<()>> {
    let Entry { address, number } = entry(c)?;
    let walk = name(out, c)?;
    if number != 1 {
        write!(out, "({number})");
    }
    if address.socket != src.socket {
        write!(out, " {}", address.socket);
    }
    if (address.network, address.node) != (src.network, src.node) {
        out.text(" [addr=");
        address.print_host(out);
        out.text("]");
    }
    Ok(walk)
}

/// Writes object, type and zone of a name; nothing where one of them is too long.
fn name(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Option<()>> {
    out.text(" ");
    for before in ["\"", ":", "@"] {
        out.text(before);
        let len = c.u8()?;
        if len > MAX_STRING_LEN {
            write!(out, "[len={len}]");
            return Ok(None);
        }
        out.escaped_take(c, len.into())?;
    }
    out.text("\"");
    Ok(Some(()))
}
