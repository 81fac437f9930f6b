//! Routing Information Protocol for IPv6 (RFC 2080).

use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

const VERSION: u8 = 1;
const ENTRY_LEN: usize = 20;
/// The metric of a network that cannot be reached.
const INFINITY: u8 = 16;

mod command {
    pub(super) const REQUEST: u8 = 1;
    pub(super) const RESPONSE: u8 = 2;
}

/// Prints a RIPng message.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let whole = c;
    let [command, version] = *c.array()?;
    out.field("command", command);
    out.field("version", version);
    if version != VERSION {
        write!(out, "ripng [version {version}, must be {VERSION}]");
        return Err(Stop::Invalid);
    }
    c.skip(2)?;
    match command {
        command::REQUEST if c.length() == ENTRY_LEN && asks_for_all(c)? => {
            out.text(" ripng-req dump");
            Ok(())
        }
        command::REQUEST | command::RESPONSE => print_entries(out, c, command == command::RESPONSE),
        _ => {
            write!(out, " ripng-{command} ?? {}", whole.length());
            Err(Stop::Invalid)
        }
    }
}

/// Whether the only entry asks for the whole table.
fn asks_for_all(c: Cursor<'_>) -> Walk<bool> {
    let prefix = *c.peek_array::<16>(0)?;
    Ok(prefix == [0; 16] && c.peek_u8(19)? == INFINITY)
}

fn print_entries(out: &mut Out, mut c: Cursor<'_>, is_response: bool) -> Walk {
    out.text(if is_response { " ripng-resp" } else { " ripng-req" });
    let entries = c.length() / ENTRY_LEN;
    let whole_entries = c.length().is_multiple_of(ENTRY_LEN);
    if whole_entries {
        write!(out, " {entries}:");
    } else {
        write!(out, " {entries}[{}]:", c.length());
    }
    while c.length() >= ENTRY_LEN {
        out.text(if out.options.verbose > 1 { "\n\t" } else { " " });
        print_entry(out, &mut c, is_response)?;
    }
    if whole_entries { Ok(()) } else { Err(Stop::Invalid) }
}

/// A network, and in a response the metric by which it is reached.
fn print_entry(out: &mut Out, c: &mut Cursor<'_>, is_response: bool) -> Walk {
    let prefix = *c.array()?;
    let tag = c.u16()?;
    let [length, metric] = *c.array()?;
    out.host6(prefix);
    write!(out, "/{length}");
    if tag != 0 {
        write!(out, " [{tag}]");
    }
    if is_response {
        write!(out, " ({metric})");
    }
    Ok(())
}
