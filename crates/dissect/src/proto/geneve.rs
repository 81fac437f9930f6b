//! Generic Network Virtualization Encapsulation (RFC 8926).

use crate::Out;
use crate::proto::ether;
use crate::proto::names::ETHER_TYPES;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const FLAGS: &Tokens =
    &[(128, "O"), (64, "C"), (32, "R1"), (16, "R2"), (8, "R3"), (4, "R4"), (2, "R5"), (1, "R6")];

/// Bytes of the header before the options.
const LEN: usize = 8;
/// Bytes of an option before its data.
const OPTION_LEN: usize = 4;
/// The bit of an option's type that makes it critical.
const CRITICAL: u8 = 0x80;

/// The protocol of bridged frames.
const BRIDGED: u16 = 0x6558;

/// Prints a packet behind its header.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("Geneve");
    if c.length() < LEN {
        return out.disagree("len", c.length(), "<", LEN);
    }
    let first = c.u8()?;
    let version = first >> 6;
    if version != 0 {
        write!(out, " ERROR: unknown-version {version}");
        return Err(Stop::Invalid);
    }
    let flags = c.u8()?;
    let kind = c.u16()?;
    out.field("flags", flags);
    out.text(", Flags [");
    out.bits(FLAGS, flags, "", format_args!("none"));
    out.text("]");
    let network = c.u24()?;
    out.field("protocol", kind);
    out.field("network", network);
    write!(out, ", vni 0x{network:x}");
    let reserved = c.u8()?;
    if reserved != 0 {
        write!(out, ", rsvd 0x{reserved:x}");
    }
    if out.options.link_header {
        let name = tokens::name(ETHER_TYPES, kind.into()).unwrap_or("unknown");
        write!(out, ", proto {name} (0x{kind:04x})");
    }
    let options_len = usize::from(first & 0x3f) * 4;
    if c.length() < options_len {
        write!(out, " (opts_len {options_len} > {}", c.length());
        return Err(Stop::Invalid);
    }
    let options = c;
    c.advance(options_len);
    if options_len > 0 {
        out.text(", options [");
        if out.options.verbose > 0 {
            print_options(out, options.clip(options_len).claim(options_len))?;
        } else {
            write!(out, "{options_len} bytes");
        }
        out.text("]");
    }
    out.text(if out.options.verbose > 0 { "\n\t" } else { ": " });
    if !ether::tunnelled(out, kind, c)? {
        if kind == BRIDGED {
            return out.run("ether", ether::print, c);
        }
        write!(out, "geneve-proto-0x{kind:x}");
    }
    Ok(())
}

fn print_options(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let mut between = "";
    while c.length() > 0 {
        if c.length() < OPTION_LEN {
            return out.disagree("len", c.length(), "<", OPTION_LEN);
        }
        out.text(between);
        between = ", ";
        let length = c.length();
        let class = c.u16()?;
        let kind = c.u8()?;
        let len = OPTION_LEN + usize::from(c.u8()? & 0x1f) * 4;
        let critical = if kind & CRITICAL != 0 { "(C)" } else { "" };
        write!(out, "class {} (0x{class:x}) type 0x{kind:x}{critical} len {len}", class_name(class));
        if len > length {
            out.text(" [bad length]");
            return Err(Stop::Invalid);
        }
        let mut data = c.split(len - OPTION_LEN);
        if out.options.verbose > 1 && data.length() > 0 {
            out.text(" data");
            while data.length() > 0 {
                write!(out, " {:08x}", data.u32()?);
            }
        }
    }
    Ok(())
}

/// Who assigned an option's type (IANA, Geneve option classes).
fn class_name(class: u16) -> &'static str {
    match class {
        0..=0x00ff => "Standard",
        0x0100 => "Linux",
        0x0101 => "Open vSwitch",
        0x0102 => "Open Virtual Networking (OVN)",
        0x0103 => "In-band Network Telemetry (INT)",
        0x0104 => "VMware",
        0x0105 | 0x0108..=0x0110 => "Amazon.com",
        0x0106 | 0x0130..=0x0131 => "Cisco Systems",
        0x0107 => "Oracle Corporation",
        0x0111..=0x0118 => "IBM",
        0x0119..=0x0128 => "Ericsson",
        0x0129 => "Oxide Computer Company",
        0x0132..=0x0135 => "Google",
        0x0136 => "InfoQuick Global Connection Tech Ltd.",
        0xfff0..=0xffff => "Experimental",
        _ => "Unknown",
    }
}
