//! Network Service Header (RFC 8300).

use crate::Out;
use crate::proto::ether;
use crate::tokens::Tokens;
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

const FLAGS: &Tokens = &[(2, "O")];
const METADATA_TYPES: &Tokens = &[(0, "reserved"), (1, "1"), (2, "2"), (15, "experimental")];
const NEXT_PROTOCOLS: &Tokens = &[
    (1, "IPv4"),
    (2, "IPv6"),
    (3, "Ethernet"),
    (4, "NSH"),
    (5, "MPLS"),
    (254, "Experiment 1"),
    (255, "Experiment 2"),
];

/// Protocols that may follow, which VXLAN numbers alike.
pub(crate) mod next {
    pub(crate) const IPV4: u8 = 1;
    pub(crate) const IPV6: u8 = 2;
    pub(crate) const ETHERNET: u8 = 3;
    pub(crate) const NSH: u8 = 4;
    pub(crate) const MPLS: u8 = 5;
}

/// Bytes of the base header and of the service path header together.
const HEADERS_LEN: usize = 8;
/// The length counts words of four bytes, and the two headers are two of them.
const WORD_LEN: usize = 4;

/// The first word.
struct Base {
    version: u8,
    flags: u8,
    time_to_live: u8,
    words: usize,
    metadata_type: u8,
    next: u8,
}

/// Prints the headers and what they steer.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    if c.length() < HEADERS_LEN {
        write!(out, " (packet length {} < {HEADERS_LEN})", c.length());
        out.invalid();
        return Ok(());
    }
    out.text("NSH, ");
    let Some(base) = base(out, &mut c)? else { return Ok(()) };
    let path = c.u24()?;
    out.field("service_path", path);
    write!(out, "service-path-id 0x{path:06x}, ");
    let index = c.u8()?;
    out.field("service_index", index);
    write!(out, "service-index 0x{index:x}");
    if base.words < 2 {
        out.text(" (less than two headers)");
        out.invalid();
        return Ok(());
    }
    let metadata = c.split(base.words * WORD_LEN - HEADERS_LEN);
    if out.options.verbose > 2 && !context(out, metadata, base.metadata_type)? {
        return Ok(());
    }
    out.text(if out.options.verbose > 0 { "\n    " } else { ": " });
    if !payload(out, base.next, c)? {
        out.text("ERROR: unknown-next-protocol");
    }
    Ok(())
}

/// Prints the base header; nothing where it cannot be read on.
fn base(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Option<Base>> {
    let length = c.length();
    let first = c.u16()?;
    let base = Base {
        version: (first >> 14) as u8,
        flags: (first >> 12) as u8 & 3,
        time_to_live: (first >> 6) as u8 & 0x3f,
        words: usize::from(first & 0x3f),
        metadata_type: c.u8()? & 0x0f,
        next: c.u8()?,
    };
    out.field("version", base.version);
    out.field("ttl", base.time_to_live);
    out.field("metadata_type", base.metadata_type);
    out.field("next_protocol", base.next);
    let verbose = out.options.verbose;
    if verbose > 1 {
        write!(out, "ver {}, ", base.version);
    }
    if base.version != 0 {
        return Ok(None);
    }
    out.text("flags [");
    out.bits(FLAGS, base.flags, ", ", format_args!("none"));
    out.text("], ");
    if verbose > 2 {
        write!(out, "TTL {}, length {}, md type ", base.time_to_live, base.words);
        out.token(METADATA_TYPES, base.metadata_type, format_args!("unknown (0x{:02x})", base.metadata_type));
        out.text(", ");
    }
    if verbose > 1 {
        out.text("next-protocol ");
        out.token(NEXT_PROTOCOLS, base.next, format_args!("unknown (0x{:02x})", base.next));
        out.text(", ");
    }
    if length < base.words * WORD_LEN {
        write!(out, " (too many headers for packet length {length})");
        out.invalid();
        return Ok(None);
    }
    Ok(Some(base))
}

/// Prints the metadata of either form; false where it does not fit.
fn context(out: &mut Out, mut c: Cursor<'_>, metadata_type: u8) -> Walk<bool> {
    match metadata_type {
        1 => {
            if c.length() != 4 * WORD_LEN {
                out.text(" (length for the MD type)");
                out.invalid();
                return Ok(false);
            }
            for number in 0..4 {
                let word = c.u32()?;
                write!(out, "\n        Context[{number:02}]: 0x{word:08x}");
            }
        }
        2 => {
            while c.length() > 0 {
                let class = c.u16()?;
                let kind = c.u8()?;
                let len = usize::from(c.u8()? & 0x7f);
                write!(out, "\n        TLV Class {class}, Type {kind}, Len {len}");
                // Values are padded to whole words.
                let padded = len.next_multiple_of(WORD_LEN);
                if padded > c.length() {
                    out.text(" (length too big)");
                    out.invalid();
                    return Ok(false);
                }
                let mut value = c.split(padded);
                let mut between = "\n            Value: 0x";
                for _ in 0..len {
                    let byte = value.u8()?;
                    out.text(between).hex(byte, 2);
                    between = ":";
                }
            }
        }
        _ => {}
    }
    Ok(true)
}

/// Prints a protocol as this header and VXLAN's extension number it; false for an unknown one.
pub(crate) fn payload(out: &mut Out, next: u8, c: Cursor<'_>) -> Walk<bool> {
    out.context.macs = None;
    match next {
        next::IPV4 => ether::network(out, ether_type::IPV4, c),
        next::IPV6 => ether::network(out, ether_type::IPV6, c),
        next::ETHERNET => out.run("ether", ether::print, c).map(|()| true),
        next::NSH => ether::network(out, ether::NSH, c),
        next::MPLS => ether::network(out, ether_type::MPLS, c),
        _ => Ok(false),
    }
}
