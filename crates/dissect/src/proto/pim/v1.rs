//! Protocol Independent Multicast, version 1, over IGMP (draft-ietf-idmr-pim-spec).

use crate::Out;
use crate::proto::ip;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const KINDS: &Tokens = &[
    (0, "Query"),
    (1, "Register"),
    (2, "Register-Stop"),
    (3, "Join/Prune"),
    (4, "RP-reachable"),
    (5, "Assert"),
    (6, "Graft"),
    (7, "Graft-ACK"),
];

mod kind {
    pub(super) const QUERY: u8 = 0;
    pub(super) const REGISTER: u8 = 1;
    pub(super) const REGISTER_STOP: u8 = 2;
    pub(super) const JOIN_PRUNE: u8 = 3;
    pub(super) const REACHABILITY: u8 = 4;
    pub(super) const ASSERT: u8 = 5;
    pub(super) const GRAFT: u8 = 6;
    pub(super) const GRAFT_ACKNOWLEDGEMENT: u8 = 7;
}

const VERSION: u8 = 1;
/// Bytes of the header, which is that of IGMP.
const HEADER_LEN: usize = 8;
/// A mask that covers the whole address.
const WHOLE: [u8; 4] = [0xff; 4];
/// How long a join holds when nobody chose another time.
const USUAL_HOLD_TIME: u16 = 180;

/// Prints a message behind the name of its carrier.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let kind = c.peek_u8(1)?;
    out.field("type", kind);
    out.text(" ");
    out.token(KINDS, kind, format_args!("[type {kind}]"));
    match kind {
        kind::QUERY => query(out, c)?,
        kind::REGISTER => {
            c.need(HEADER_LEN + 20)?;
            out.run("ip", ip::print, c.ahead(HEADER_LEN))?;
        }
        kind::REGISTER_STOP => {
            out.text(" for ").host4(*c.peek_array(8)?);
            out.text(" > ").host4(*c.peek_array(12)?);
        }
        kind::REACHABILITY if out.options.verbose > 0 => {
            c.peek_u16(22)?;
            out.text(" group ").host4(*c.peek_array(8)?);
            mask(out, *c.peek_array(12)?);
            out.text(" RP ").host4(*c.peek_array(16)?);
            out.text(" hold ").relative_time(c.peek_u16(22)?.into());
        }
        kind::ASSERT => {
            const TREE_OF_POINT: u8 = 0x80;
            c.peek_u32(16)?;
            out.text(" for ").host4(*c.peek_array(16)?);
            out.text(" > ").host4(*c.peek_array(8)?);
            mask(out, *c.peek_array(12)?);
            out.text(if c.peek_u8(20)? & TREE_OF_POINT != 0 { " RP-tree" } else { " SPT" });
            write!(out, " pref {} metric {}", c.peek_u32(20)? & 0x7fff_ffff, c.peek_u32(24)?);
        }
        kind::JOIN_PRUNE | kind::GRAFT | kind::GRAFT_ACKNOWLEDGEMENT if out.options.verbose > 0 => {
            match join_prune(out, c.ahead(HEADER_LEN)) {
                // The message ends where it may not, but the packet does not.
                Err(Stop::Truncated) if c.has(c.length()) => {
                    out.truncated();
                    return Ok(());
                }
                printed => printed?,
            }
        }
        _ => {}
    }
    let version = c.peek_u8(4)? >> 4;
    if version != VERSION {
        write!(out, " [v{version}]");
    }
    Ok(())
}

/// Writes a mask unless it covers the whole address.
fn mask(out: &mut Out, mask: [u8; 4]) {
    if mask != WHOLE {
        out.text("/").host4(mask);
    }
}

fn query(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.has(HEADER_LEN + 1) {
        match c.peek_u8(8)? >> 4 {
            0 => out.text(" Dense-mode"),
            1 => out.text(" Sparse-mode"),
            2 => out.text(" Sparse-Dense-mode"),
            mode => out.text(" mode-").dec(mode),
        };
    }
    if out.options.verbose > 0 {
        let hold_time = c.peek_u16(10)?;
        out.text(" (Hold-time ").relative_time(hold_time.into()).text(")");
    }
    Ok(())
}

/// How a source is wanted: the first byte of its entry and the second one, which has the mask's length, too.
#[derive(Clone, Copy)]
struct Wanted {
    is_sparse: bool,
    any_source: bool,
    by_point: bool,
    bits: u8,
}

impl Wanted {
    fn new(flags: u8, flags_and_bits: u8) -> Self {
        Wanted {
            is_sparse: flags & 0x01 != 0,
            any_source: flags_and_bits & 0x80 != 0,
            by_point: flags_and_bits & 0x40 != 0,
            bits: flags_and_bits & 0x3f,
        }
    }
}

fn join_prune(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    /// Bytes of a message about one source of one group.
    const SINGLE_LEN: usize = 30;
    if c.length() == 0 {
        return Err(Stop::Truncated);
    }
    if c.has(SINGLE_LEN) && c.peek_u8(11)? == 1 {
        let (joined, pruned) = (c.peek_u16(20)?, c.peek_u16(22)?);
        if joined.saturating_add(pruned) == 1 {
            return single(out, c, joined == 1);
        }
    }
    if c.length() < 4 {
        return Err(Stop::Truncated);
    }
    let separator = if out.options.verbose > 1 { "\n" } else { "" };
    let upstream = *c.array()?;
    out.text(separator).text(" Upstream Nbr: ").host4(upstream);
    if c.length() < 4 {
        return Err(Stop::Truncated);
    }
    let (_, hold_time) = (c.u16()?, c.u16()?);
    out.text(separator).text(" Hold time: ").relative_time(hold_time.into());
    if out.options.verbose < 2 {
        return Ok(());
    }
    if c.length() < 4 {
        return Err(Stop::Truncated);
    }
    let groups = c.peek_u8(3)?;
    c.advance(4);
    for _ in 0..groups {
        group(out, &mut c)?;
    }
    Ok(())
}

/// The usual case, which fits in one line.
fn single(out: &mut Out, c: Cursor<'_>, is_join: bool) -> Walk {
    let hold_time = c.peek_u16(6)?;
    out.text(" RPF ").host4(*c.peek_array(0)?).text(" ");
    if hold_time != USUAL_HOLD_TIME {
        out.text("Hold ").relative_time(hold_time.into());
    }
    let wanted = Wanted::new(c.peek_u8(24)?, c.peek_u8(25)?);
    out.text(if is_join { "Join" } else { "Prune" });
    out.text(" (").host4(*c.peek_array(26)?);
    write!(out, "/{}, ", wanted.bits);
    out.host4(*c.peek_array(12)?);
    mask(out, *c.peek_array(16)?);
    out.text(if wanted.is_sparse { ") Sparse" } else { ") Dense" });
    out.text(if wanted.any_source { "WC" } else { "" });
    out.text(if wanted.by_point { " RP" } else { " SPT" });
    Ok(())
}

fn group(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    if c.length() < 12 {
        return Err(Stop::Truncated);
    }
    let (address, group_mask) = (*c.array()?, *c.array()?);
    out.text("\n\tGroup: ").host4(address);
    mask(out, group_mask);
    let (joined, pruned) = (c.u16()?, c.u16()?);
    write!(out, " joined: {joined} pruned: {pruned}");
    for (count, what) in [(joined, "Join "), (pruned, "Prune")] {
        for _ in 0..count {
            if c.length() < 6 {
                return Err(Stop::Truncated);
            }
            let (flags, flags_and_bits, source) = (c.u8()?, c.u8()?, *c.array()?);
            let wanted = Wanted::new(flags, flags_and_bits);
            out.text("\n\t").text(what).text(if wanted.is_sparse { " Sparse " } else { " Dense " });
            out.text(if wanted.any_source { "WC " } else { "" });
            out.text(if wanted.by_point { "RP " } else { "SPT " }).host4(source);
            write!(out, "/{}", wanted.bits);
        }
    }
    Ok(())
}
