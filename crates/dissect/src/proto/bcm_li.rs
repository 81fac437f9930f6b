//! Broadcom's shim for lawful interception, over UDP.

use crate::Out;
use crate::proto::{ether, ip, ip6};
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const DIRECTIONS: &Tokens = &[(1, "unused"), (2, "egress"), (3, "ingress")];

const TYPES: &Tokens = &[(4, "undecided"), (5, "ipv4"), (6, "ipv6"), (7, "ethernet")];

const SUBTYPES: &Tokens = &[(1, "single VLAN tag"), (2, "double VLAN tag"), (3, "untagged")];

/// Bytes of the shim.
const LEN: usize = 4;

/// What it carries.
mod kind {
    pub(super) const UNDECIDED: u32 = 4;
    pub(super) const IPV4: u32 = 5;
    pub(super) const IPV6: u32 = 6;
    pub(super) const ETHERNET: u32 = 7;
}

/// Prints a packet; what was intercepted is only shown when asked for.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() < LEN {
        write!(out, " (length {} < {LEN})", c.length());
        return Err(Stop::Invalid);
    }
    let word = c.u32()?;
    let (direction, kind, subtype) = (word >> 29, (word >> 25) & 0xf, (word >> 22) & 7);
    let id = word & 0x3f_ffff;
    let name = |names: &Tokens, value: u32| tokens::name(names, value).unwrap_or("unknown");
    let verbose = out.options.verbose > 0;
    let line = if verbose { "\n    " } else { "" };
    out.field("id", id);
    write!(out, "{line}BCM-LI-SHIM: direction {}", name(DIRECTIONS, direction));
    write!(out, ", pkt-type {}, pkt-subtype {}", name(TYPES, kind), name(SUBTYPES, subtype));
    write!(out, ", li-id {id}{line}");
    if !verbose {
        return c.need(c.length());
    }
    let kind = match (kind, c.length()) {
        (kind::UNDECIDED, 1..) => match c.peek_u8(0)? >> 4 {
            4 => kind::IPV4,
            6 => kind::IPV6,
            _ => kind::UNDECIDED,
        },
        (kind, _) => kind,
    };
    match kind {
        kind::IPV4 => out.run("ip", ip::print, c),
        kind::IPV6 => out.run("ip6", ip6::print, c),
        kind::ETHERNET => out.run("ether", ether::print, c),
        kind::UNDECIDED => {
            out.text("unknown payload");
            Ok(())
        }
        _ => Err(Stop::Invalid),
    }
}
