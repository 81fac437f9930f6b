//! Path attributes (RFC 4271 section 5).

use super::update::{self, Head};
use super::{autonomous_system, communities, multiprotocol, names, secure_path};
use crate::Out;
use crate::tokens;
use wirescope_wire::{Cursor, Stop, Walk};

mod attribute {
    pub(super) const ORIGIN: u8 = 1;
    pub(super) const AS_PATH: u8 = 2;
    pub(super) const NEXT_HOP: u8 = 3;
    pub(super) const MULTI_EXIT: u8 = 4;
    pub(super) const LOCAL_PREFERENCE: u8 = 5;
    pub(super) const ATOMIC_AGGREGATE: u8 = 6;
    pub(super) const AGGREGATOR: u8 = 7;
    pub(super) const COMMUNITIES: u8 = 8;
    pub(super) const ORIGINATOR: u8 = 9;
    pub(super) const CLUSTERS: u8 = 10;
    pub(super) const REACH: u8 = 14;
    pub(super) const UNREACH: u8 = 15;
    pub(super) const EXTENDED_COMMUNITIES: u8 = 16;
    pub(super) const AS4_PATH: u8 = 17;
    pub(super) const AGGREGATOR4: u8 = 18;
    pub(super) const PMSI_TUNNEL: u8 = 22;
    pub(super) const AIGP: u8 = 26;
    pub(super) const LARGE_COMMUNITIES: u8 = 32;
    pub(super) const SECURE_PATH: u8 = 33;
    pub(super) const ONLY_TO_CUSTOMER: u8 = 35;
    pub(super) const SET: u8 = 128;
}

/// Most sets of attributes inside each other.
const MAX_SETS: u8 = 10;

/// Prints the value of an attribute, which takes the cursor's length.
pub(super) fn print(out: &mut Out, kind: u8, c: Cursor<'_>) -> Walk {
    print_nested(out, kind, c, 0)
}

fn print_nested(out: &mut Out, kind: u8, c: Cursor<'_>, level: u8) -> Walk {
    c.need(c.length())?;
    let len = c.length();
    // Bytes that the reference dumps: what its loops leave over.
    let mut left = len;
    match kind {
        attribute::ORIGIN => of_length(out, c, len == 1, origin)?,
        attribute::AS_PATH | attribute::AS4_PATH => {
            of_length(out, c, len.is_multiple_of(2), |out, c| path(out, c, kind == attribute::AS4_PATH))?
        }
        attribute::NEXT_HOP => of_length(out, c, len == 4, address)?,
        attribute::MULTI_EXIT | attribute::LOCAL_PREFERENCE => of_length(out, c, len == 4, number)?,
        attribute::ATOMIC_AGGREGATE => of_length(out, c, len == 0, |_, _| Ok(()))?,
        attribute::AGGREGATOR => of_length(out, c, len == 6 || len == 8, aggregator)?,
        attribute::AGGREGATOR4 => of_length(out, c, len == 8, aggregator)?,
        attribute::COMMUNITIES => of_length(out, c, len.is_multiple_of(4), communities::print)?,
        attribute::ORIGINATOR => of_length(out, c, len == 4, address)?,
        attribute::CLUSTERS => of_length(out, c, len.is_multiple_of(4), clusters)?,
        attribute::REACH => multiprotocol::reach(out, c)?,
        attribute::UNREACH => multiprotocol::unreach(out, c)?,
        attribute::EXTENDED_COMMUNITIES => {
            of_length(out, c, len.is_multiple_of(8), communities::print_extended)?
        }
        attribute::PMSI_TUNNEL => provider_tunnel(out, c)?,
        attribute::AIGP => accumulated_metric(out, c)?,
        attribute::LARGE_COMMUNITIES => {
            let is_sound = len > 0 && len.is_multiple_of(12);
            of_length(out, c, is_sound, communities::print_large)?;
            left = if is_sound { 0 } else { len };
        }
        attribute::SECURE_PATH => secure_path::print(out, c)?,
        attribute::ONLY_TO_CUSTOMER => of_length(out, c, len == 4, only_to_customer)?,
        attribute::SET => left = set(out, c, level)?,
        _ => {
            write!(out, "\n\t    no Attribute {kind} decoder");
            if out.options.verbose <= 1 {
                out.dump_hex("\n\t    ", c.claimed_bytes());
            }
        }
    }
    if out.options.verbose > 1 && left > 0 {
        out.dump_hex("\n\t    ", c.claim(left).claimed_bytes());
    }
    Ok(())
}

/// Prints a value unless its length cannot be.
fn of_length(
    out: &mut Out,
    c: Cursor<'_>,
    is_sound: bool,
    print: impl FnOnce(&mut Out, Cursor<'_>) -> Walk,
) -> Walk {
    if is_sound {
        return print(out, c);
    }
    out.text("invalid len");
    Ok(())
}

fn origin(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.token(names::ORIGINS, c.peek_u8(0)?, format_args!("Unknown Origin Typecode"));
    Ok(())
}

fn address(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.host4(*c.peek_array(0)?);
    Ok(())
}

fn number(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.dec(c.peek_u32(0)?);
    Ok(())
}

/// Segments of autonomous systems. How wide their numbers are depends on the capabilities exchanged before
/// (RFC 6793); what fits the length is taken.
fn path(out: &mut Out, mut c: Cursor<'_>, is_wide: bool) -> Walk {
    if c.length() == 0 {
        out.text("empty");
        return Ok(());
    }
    let is_wide = is_wide || !fits_narrow(c);
    while c.length() > 0 {
        let (kind, count) = (c.u8()?, c.u8()?);
        out.token(names::SEGMENT_OPENINGS, kind, format_args!("?"));
        for _ in 0..count {
            let system = if is_wide { c.u32()? } else { c.u16()?.into() };
            autonomous_system(out, system);
            out.text(" ");
        }
        out.token(names::SEGMENT_CLOSINGS, kind, format_args!("?"));
    }
    Ok(())
}

/// Whether the segments have the attribute's length when their numbers have two bytes.
fn fits_narrow(mut c: Cursor<'_>) -> bool {
    while c.length() > 0 {
        let (Ok(kind), Ok(count)) = (c.u8(), c.u8()) else { return false };
        let bytes = 2 * usize::from(count);
        if tokens::name(names::SEGMENT_OPENINGS, kind.into()).is_none() || count == 0 || bytes > c.length() {
            return false;
        }
        c.advance(bytes);
    }
    true
}

fn aggregator(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let system = if c.length() > 6 { c.u32()? } else { c.u16()?.into() };
    out.text(" AS #");
    autonomous_system(out, system);
    out.text(", origin ").host4(*c.array()?);
    Ok(())
}

fn clusters(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        out.host4(*c.array()?);
        out.text(if c.length() > 0 { ", " } else { "" });
    }
    Ok(())
}

mod tunnel {
    pub(super) const RSVP: u8 = 1;
    pub(super) const LDP: u8 = 2;
    pub(super) const PIM_SSM: u8 = 3;
    pub(super) const PIM_SM: u8 = 4;
    pub(super) const PIM_BIDIRECTIONAL: u8 = 5;
    pub(super) const INGRESS_REPLICATION: u8 = 6;
    pub(super) const LDP_MULTIPOINT: u8 = 7;
}

/// The tunnel of a provider's multicast service (RFC 6514 section 5).
fn provider_tunnel(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (flags, kind, label) = (c.u8()?, c.u8()?, c.u24()?);
    out.text("\n\t    Tunnel-type ");
    out.token(names::PMSI_TUNNELS, kind, format_args!("Unknown"));
    write!(out, " ({kind}), Flags [");
    out.bits(names::PMSI_FLAGS, flags, ", ", format_args!("none"));
    write!(out, "], MPLS Label {}", label >> 4);
    match kind {
        tunnel::PIM_SM | tunnel::PIM_BIDIRECTIONAL => {
            let (sender, group) = (*c.array()?, *c.array()?);
            out.text("\n\t      Sender ").host4(sender).text(", P-Group ").host4(group);
        }
        tunnel::PIM_SSM => {
            let (root, group) = (*c.array()?, *c.array()?);
            out.text("\n\t      Root-Node ").host4(root).text(", P-Group ").host4(group);
        }
        tunnel::INGRESS_REPLICATION => {
            let endpoint = *c.array()?;
            out.text("\n\t      Tunnel-Endpoint ").host4(endpoint);
        }
        tunnel::LDP | tunnel::LDP_MULTIPOINT => {
            let (root, path) = (*c.array()?, c.u32()?);
            out.text("\n\t      Root-Node ").host4(root);
            write!(out, ", LSP-ID 0x{path:08x}");
        }
        tunnel::RSVP => {
            let (tunnel, path) = (*c.array()?, c.u32()?);
            out.text("\n\t      Extended-Tunnel-ID ").host4(tunnel);
            write!(out, ", P2MP-ID 0x{path:08x}");
        }
        _ if out.options.verbose <= 1 => out.dump_hex("\n\t      ", c.claimed_bytes()),
        _ => {}
    }
    Ok(())
}

/// The metric summed up over several networks (RFC 7311 section 3).
fn accumulated_metric(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const HEAD_LEN: usize = 3;
    const METRIC: u8 = 1;
    while c.length() >= HEAD_LEN {
        let (kind, len) = (c.u8()?, usize::from(c.u16()?));
        out.text("\n\t    ");
        out.token(names::AIGP_KINDS, kind, format_args!("Unknown"));
        write!(out, " TLV ({kind}), length {len}");
        let Some(value_len) = len.checked_sub(HEAD_LEN).filter(|len| *len <= c.length()) else {
            return Err(Stop::Truncated);
        };
        let value = c.split(value_len);
        if kind == METRIC {
            write!(out, ", metric {}", value.peek_u64(0)?);
        } else if out.options.verbose <= 1 {
            out.dump_hex("\n\t      ", value.claimed_bytes());
        }
    }
    Ok(())
}

fn only_to_customer(out: &mut Out, c: Cursor<'_>) -> Walk {
    write!(out, "\n\t    OTC {}", c.peek_u32(0)?);
    Ok(())
}

/// Attributes that a customer's network had (RFC 6368 section 5); the length of what is left of them.
fn set(out: &mut Out, mut c: Cursor<'_>, level: u8) -> Walk<usize> {
    if c.length() < 4 {
        return Err(Stop::Truncated);
    }
    out.text("\n\t    Origin AS: ");
    autonomous_system(out, c.u32()?);
    while c.length() > 0 {
        c.need(2)?;
        if c.length() < 2 {
            out.text(" [path attr too short]");
            break;
        }
        let Head { flags, kind, len } = Head::read(&mut c)?;
        out.text("\n\t      ");
        update::print_head(out, flags, kind, len);
        if len > c.length() {
            out.text(" [path attr too short]");
            break;
        }
        if level < MAX_SETS {
            print_nested(out, kind, c.claim(len), level + 1)?;
        } else {
            out.text("(too many nested levels, not recursing)");
        }
        c.advance(len);
    }
    Ok(c.length())
}
