//! End System to Intermediate System (ISO 9542).

use super::{between, checksum, short_header};
use crate::Out;
use crate::proto::names::NLPIDS;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const OPTIONS: &Tokens = &[
    (129, "Protocols supported"),
    (195, "QoS Maintenance"),
    (197, "Security"),
    (198, "ES Configuration Time"),
    (205, "Priority"),
    (225, "Address Mask"),
    (226, "SNPA Mask"),
];

const KINDS: &Tokens = &[(6, "redirect"), (2, "ESH"), (4, "ISH")];

/// Bytes of the header.
const HEADER_LEN: usize = 9;
/// Where the checksum stands.
const CHECKSUM_AT: usize = 7;
const NLPID: u8 = 0x82;
const VERSION: u8 = 1;

mod kind {
    pub(super) const ESH: u8 = 2;
    pub(super) const ISH: u8 = 4;
    pub(super) const REDIRECT: u8 = 6;
}

mod option {
    pub(super) const PROTOCOLS: u8 = 129;
    pub(super) const CONFIGURATION_TIME: u8 = 198;
}

/// Prints a PDU.
pub(super) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    let length = c.length();
    if !out.options.link_header {
        out.text("ES-IS");
    }
    if length <= 2 {
        out.text(" bad pkt!");
        return Ok(());
    }
    let [nlpid, header_len, version, _, kind, t1, t2, c1, c2] = *c.array::<HEADER_LEN>()?;
    let header_len = usize::from(header_len);
    let refused = out.options.verbose > 0;
    if nlpid != NLPID {
        write!(out, " nlpid 0x{nlpid:02x} packet not supported");
        return Ok(());
    }
    if version != VERSION {
        write!(out, " version {version} packet not supported");
        return Ok(());
    }
    if header_len > length {
        write!(out, " length indicator({header_len}) > PDU size ({length})!");
        return Ok(());
    }
    if header_len < HEADER_LEN {
        short_header(out, header_len, whole);
        return Ok(());
    }
    let kind = kind & 0x1f;
    out.field("type", kind);
    if !refused {
        let between = between(out);
        out.text(between);
        out.token(KINDS, kind, format_args!("unknown type ({kind})"));
        write!(out, ", length {length}");
        return Ok(());
    }
    write!(out, "{}length {length}\n\t", between(out));
    out.token(KINDS, kind, format_args!("unknown type: {kind}"));
    write!(out, " ({kind}), v: {version}");
    let sum = u16::from_be_bytes([c1, c2]);
    write!(out, ", checksum: 0x{sum:04x}");
    checksum::print(out, whole.claim(header_len), sum, CHECKSUM_AT);
    let holding_time = u16::from_be_bytes([t1, t2]);
    write!(out, ", holding time: {holding_time}s, length indicator: {header_len}");
    if out.options.verbose > 1 {
        out.dump_hex("\n\t", whole.clip(HEADER_LEN).bytes());
    }
    body(out, kind, c.claim(header_len - HEADER_LEN))
}

fn body(out: &mut Out, kind: u8, mut c: Cursor<'_>) -> Walk {
    let is_sound = match kind {
        kind::REDIRECT => redirect(out, &mut c)?,
        kind::ESH => end_system_hello(out, &mut c)?,
        kind::ISH => {
            let Some(address) = counted(out, &mut c, ", bad ish/li")? else { return Ok(()) };
            print_entity(out, ": ", address)?;
            true
        }
        _ => {
            if out.options.verbose <= 1 {
                out.dump_hex("\n\t  ", c.claimed_bytes());
            }
            false
        }
    };
    if is_sound { options(out, c) } else { Ok(()) }
}

/// Parts off a length and as many bytes; nothing where they do not fit, which was said.
fn counted<'a>(out: &mut Out, c: &mut Cursor<'a>, complaint: &str) -> Walk<Option<Cursor<'a>>> {
    let mut len = None;
    if c.length() > 0 {
        let claimed = usize::from(c.u8()?);
        c.need(claimed)?;
        len = Some(claimed).filter(|len| *len <= c.length());
    }
    if len.is_none() {
        out.text(complaint);
    }
    Ok(len.map(|len| c.split(len)))
}

fn print_entity(out: &mut Out, between: &str, address: Cursor<'_>) -> Walk {
    out.text("\n\t  NET (length: ").len(address.length()).text(")").text(between);
    out.nsap(address.peek(0, address.length())?);
    Ok(())
}

/// A shorter way to a destination.
fn redirect(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    const COMPLAINT: &str = ", bad redirect/li";
    let Some(destination) = counted(out, c, COMPLAINT)? else { return Ok(false) };
    let destination = destination.peek(0, destination.length())?;
    out.text("\n\t  ").nsap(destination);
    let Some(subnetwork) = counted(out, c, COMPLAINT)? else { return Ok(false) };
    let Some(entity) = counted(out, c, COMPLAINT)? else { return Ok(false) };
    // The byte of this last length is not counted, so that options may reach a byte further.
    *c = c.claim(c.length() + 1);
    let subnetwork = subnetwork.peek(0, subnetwork.length())?;
    out.text("\n\t  SNPA (length: ").len(subnetwork.len()).text("): ").link_address(subnetwork);
    if entity.length() > 0 {
        print_entity(out, " ", entity)?;
    }
    Ok(true)
}

fn end_system_hello(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    const COMPLAINT: &str = ", bad esh/li";
    if c.length() < 1 {
        out.text(COMPLAINT);
        return Ok(false);
    }
    let count = c.u8()?;
    write!(out, "\n\t  Number of Source Addresses: {count}");
    for _ in 0..count {
        c.need(1)?;
        let Some(address) = counted(out, c, COMPLAINT)? else { return Ok(false) };
        print_entity(out, ": ", address)?;
    }
    Ok(true)
}

fn options(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        if c.length() < 2 {
            out.text(", bad opts/li");
            return Ok(());
        }
        let (kind, len) = (c.u8()?, usize::from(c.u8()?));
        if len > c.length() {
            write!(out, ", opt ({kind}) too long");
            return Ok(());
        }
        let mut value = c.claim(len);
        // Protocols are read as further options, too, as by the reference.
        if kind != option::PROTOCOLS {
            c.advance(len);
        }
        out.text("\n\t  ");
        out.token(OPTIONS, kind, format_args!("Unknown"));
        write!(out, " Option #{kind}, length {len}, value: ");
        match kind {
            option::CONFIGURATION_TIME if len == 2 => write!(out, "{}s", value.peek_u16(0)?),
            option::CONFIGURATION_TIME => {
                out.text("(bad length)");
            }
            option::PROTOCOLS => {
                while value.length() > 0 {
                    let protocol = value.u8()?;
                    out.token(NLPIDS, protocol, format_args!("unknown"));
                    write!(out, " (0x{protocol:02x})");
                    out.text(if value.length() > 0 { ", " } else { "" });
                }
            }
            _ if out.options.verbose <= 1 => out.dump_hex("\n\t\t  ", value.claimed_bytes()),
            _ => {}
        }
        if out.options.verbose > 1 && kind != option::PROTOCOLS {
            out.dump_hex("\n\t  ", value.claimed_bytes());
        }
    }
    Ok(())
}
