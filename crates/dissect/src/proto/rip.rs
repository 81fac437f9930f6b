//! Routing Information Protocol, versions 1 and 2 (RFC 1058, RFC 2453, authentication RFC 4822).

use super::names::BSD_ADDRESS_FAMILIES;
use crate::Out;
use crate::tokens::Tokens;
use std::net::Ipv4Addr;
use wirescope_wire::{Cursor, Stop, Walk};

const COMMANDS: &Tokens = &[
    (1, "Request"),
    (2, "Response"),
    (3, "Trace on"),
    (4, "Trace off"),
    (6, "Triggered Request"),
    (7, "Triggered Response"),
    (8, "Triggered Acknowledgement"),
    (9, "Update Request"),
    (10, "Update Response"),
    (11, "Update Acknowledge"),
];

mod command {
    pub(super) const REQUEST: u8 = 1;
    pub(super) const RESPONSE: u8 = 2;
}

const HEADER_LEN: usize = 4;
const ENTRY_LEN: usize = 20;
/// Address family that marks an entry as authentication.
const AUTHENTICATION: u16 = 0xffff;
const INET: u16 = 2;

mod authentication {
    pub(super) const TRAILER: u16 = 1;
    pub(super) const PASSWORD: u16 = 2;
    pub(super) const CRYPTOGRAPHIC: u16 = 3;
}

/// Prints a RIP message.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let whole = c;
    out.text(if out.options.verbose > 0 { "\n\t" } else { "" });
    out.text("RIP");
    if c.length() < HEADER_LEN {
        return out.disagree("length", c.length(), "<", HEADER_LEN);
    }
    let [command, version, ..] = *c.array::<HEADER_LEN>()?;
    out.field("command", command);
    out.field("version", version);
    write!(out, "v{version}");
    if version != 1 && version != 2 {
        out.text(" [version != 1 && version != 2]");
        return Err(Stop::Invalid);
    }
    out.text(", ");
    out.token(COMMANDS, command, format_args!("unknown command ({command})"));
    write!(out, ", length: {}", whole.length());
    if out.options.verbose == 0 {
        return Ok(());
    }
    if matches!(command, command::REQUEST | command::RESPONSE) {
        let routes = c.length() / ENTRY_LEN;
        write!(out, ", routes: {routes}{}", if version == 1 { "" } else { " or less" });
        while c.length() > 0 {
            let remaining = c.length();
            if version == 1 {
                entry_v1(out, &mut c)?
            } else {
                entry_v2(out, &mut c)?
            }
            if remaining < ENTRY_LEN {
                return out.disagree("remaining entries length", remaining, "<", ENTRY_LEN);
            }
        }
    } else {
        out.dump_hex("\n\t", c.claimed_bytes());
    }
    Ok(())
}

/// A route as of version 1: all but family, address and metric is zero.
fn entry_v1(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let whole = *c;
    check_length(out, whole)?;
    let entry = c.split(ENTRY_LEN);
    entry.need(ENTRY_LEN)?;
    let family = entry.peek_u16(0)?;
    if entry.peek_u16(2)? != 0 || entry.peek_u64(8)? != 0 {
        out.dump_hex("\n\t  ", whole.clip(ENTRY_LEN).bytes());
        return Ok(());
    }
    let (address, metric) = (*entry.peek_array(4)?, entry.peek_u32(16)?);
    match family {
        0 => {
            out.text("\n\t  AFI 0, ").host4(address);
        }
        INET => {
            out.text("\n\t  ").host4(address);
        }
        _ => {
            out.text("\n\t AFI ");
            out.token(BSD_ADDRESS_FAMILIES, family, format_args!("Unknown ({family})"));
            out.text(", ");
            out.dump_hex("\n\t  ", whole.ahead(4).clip(ENTRY_LEN - 4).bytes());
            return Ok(());
        }
    }
    write!(out, ", metric: {metric}");
    Ok(())
}

/// A route as of version 2, or authentication in its place.
fn entry_v2(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let whole = *c;
    let mut entry = c.split(ENTRY_LEN);
    let family = entry.u16()?;
    if family == AUTHENTICATION {
        let kind = entry.u16()?;
        if matches!(kind, authentication::PASSWORD | authentication::CRYPTOGRAPHIC) {
            check_length(out, whole)?;
        }
        match kind {
            authentication::PASSWORD => {
                out.text("\n\t  Simple Text Authentication data: ");
                out.escaped_padded(&mut entry, ENTRY_LEN - 4)?;
            }
            authentication::CRYPTOGRAPHIC => authentication_header(out, entry)?,
            _ => {
                if kind == authentication::TRAILER {
                    out.text("\n\t  Auth trailer:");
                } else {
                    write!(out, "\n\t  Unknown ({kind}) Authentication data:");
                }
                out.dump_hex("\n\t  ", whole.ahead(4).claimed_bytes());
                c.advance(c.length());
            }
        }
        return Ok(());
    }
    if family != INET && family != 0 {
        out.text("\n\t  AFI ");
        out.token(BSD_ADDRESS_FAMILIES, family, format_args!("Unknown ({family})"));
        out.dump_hex("\n\t  ", whole.ahead(4).clip(ENTRY_LEN - 4).bytes());
        return Ok(());
    }
    check_length(out, whole)?;
    route(out, family, entry)
}

fn check_length(out: &mut Out, entry: Cursor<'_>) -> Walk {
    if entry.length() < ENTRY_LEN {
        return out.disagree("remaining", entry.length(), "<", ENTRY_LEN);
    }
    Ok(())
}

fn authentication_header(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("\n\t  Auth header:");
    write!(out, " Packet Len {},", c.u16()?);
    write!(out, " Key-ID {},", c.u8()?);
    write!(out, " Auth Data Len {},", c.u8()?);
    write!(out, " SeqNo {},", c.u32()?);
    write!(out, " MBZ {},", c.u32()?);
    write!(out, " MBZ {}", c.u32()?);
    Ok(())
}

fn route(out: &mut Out, family: u16, mut c: Cursor<'_>) -> Walk {
    let tag = c.u16()?;
    let address = c.array::<4>()?;
    let mask = c.u32()?;
    let next_hop = *c.array()?;
    let metric = c.u32()?;
    out.text("\n\t  AFI ");
    out.token(BSD_ADDRESS_FAMILIES, family, format_args!("{family}"));
    write!(out, ", {:>15}/", Ipv4Addr::from(*address));
    // A mask with holes has no length.
    match mask.leading_ones() + mask.trailing_zeros() {
        32.. => write!(out, "{:<2}", mask.leading_ones()),
        _ => write!(out, "-1"),
    }
    write!(out, ", tag 0x{tag:04x}, metric: {metric}, next-hop: ");
    if next_hop == [0; 4] {
        out.text("self")
    } else {
        out.host4(next_hop)
    };
    Ok(())
}
