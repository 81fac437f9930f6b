//! Cisco HDLC and its Serial Line Address Resolution Protocol (as Cisco's routers speak them).

use crate::Out;
use crate::proto::ether;
use crate::proto::names::ETHER_TYPES;
use crate::tokens::{self, Tokens};
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

const CASTS: &Tokens = &[(15, "unicast"), (143, "bcast")];

/// Bytes of address, control and protocol.
const LEN: usize = 4;
/// The protocol that other links use for reverse ARP.
const SLARP: u16 = 0x8035;

/// Prints a captured frame.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    print(out, c)?;
    out.context.link_header_len += LEN;
    Ok(())
}

/// Prints a frame inside another protocol.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    if c.length() < LEN {
        return out.disagree("length", c.length(), "<", LEN);
    }
    let [cast, _, a, b] = *c.array::<LEN>()?;
    let kind = u16::from_be_bytes([a, b]);
    out.field("protocol", kind);
    if out.options.link_header {
        out.token(CASTS, cast, format_args!("0x{cast:02x}"));
        let name = tokens::name(ETHER_TYPES, kind.into()).unwrap_or("Unknown");
        write!(out, ", ethertype {name} (0x{kind:04x}), length {}: ", whole.length());
    }
    let known = match kind {
        ether_type::IPV4 | ether_type::IPV6 | ether_type::MPLS | ether_type::MPLS_MULTICAST => {
            ether::network(out, kind, c)?
        }
        SLARP => out.run("chdlc_slarp", slarp, c).map(|()| true)?,
        ether::OSI => {
            if c.length() < 2 {
                return out.disagree("length", c.length(), "<", 2);
            }
            // Some routers put a byte before the network layer identifier, some do not.
            let fudged = matches!(c.peek_u8(1)?, 0x81..=0x83);
            ether::network(out, kind, if fudged { c.ahead(1) } else { c })?
        }
        _ => false,
    };
    if !known && !out.options.link_header {
        write!(out, "unknown CHDLC protocol (0x{kind:04x})");
    }
    Ok(())
}

/// Bytes of a message without and with the time the link has been up.
const SLARP_MIN_LEN: usize = 14;
const SLARP_MAX_LEN: usize = 18;

/// Prints a message that asks for or tells an address, or that keeps the link alive.
fn slarp(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    out.text("SLARP");
    if c.length() < SLARP_MIN_LEN {
        return out.disagree("length", c.length(), "<", SLARP_MIN_LEN);
    }
    write!(out, " (length: {}), ", c.length());
    c.need(SLARP_MIN_LEN)?;
    let code = c.u32()?;
    out.field("code", code);
    let mut dumped_from = 4;
    match code {
        0 => {
            out.text("request");
        }
        1 => {
            let (address, mask) = (*c.array::<4>()?, *c.array::<4>()?);
            out.text("reply ").host4(address).text("/").host4(mask);
        }
        2 => {
            let (mine, yours, reliability) = (c.u32()?, c.u32()?, c.u16()?);
            write!(out, "keepalive: mineseen=0x{mine:08x}, yourseen=0x{yours:08x}");
            write!(out, ", reliability=0x{reliability:04x}");
            if whole.length() >= SLARP_MAX_LEN {
                let seconds = c.u32()? / 1000;
                let (minutes, hours) = (seconds / 60, seconds / 3600);
                write!(out, ", link uptime={}d{}h{}m{}s", hours / 24, hours % 24, minutes % 60, seconds % 60);
                dumped_from += SLARP_MIN_LEN;
            }
        }
        _ => {
            write!(out, "0x{code:02x} unknown");
            if out.options.verbose <= 1 {
                dump(out, whole.ahead(4), whole.length() - 4);
            }
        }
    }
    if whole.length() > SLARP_MAX_LEN && out.options.verbose > 0 {
        write!(out, ", (trailing junk: {} bytes)", whole.length() - SLARP_MAX_LEN);
    }
    if out.options.verbose > 1 {
        dump(out, whole.ahead(dumped_from), whole.length() - 4);
    }
    Ok(())
}

fn dump(out: &mut Out, c: Cursor<'_>, count: usize) {
    out.dump_hex("\n\t", c.clip_captured(count).bytes());
}
