//! Packets that the BSDs' packet filter logged (<https://www.tcpdump.org/linktypes/LINKTYPE_PFLOG.html>).
//!
//! FreeBSD, OpenBSD and the others have drifted apart: the length of the header tells whose it is.

use crate::Out;
use crate::proto::ether;
use crate::tokens::{self, Tokens};
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

/// Why a packet was logged; what is missing differs between systems.
const REASONS: &Tokens = &[
    (0, "0(match)"),
    (1, "1(bad-offset)"),
    (2, "2(fragment)"),
    (3, "3(short)"),
    (4, "4(normalize)"),
    (5, "5(memory)"),
    (6, "6(bad-timestamp)"),
    (7, "7(congestion)"),
    (8, "8(ip-option)"),
    (9, "9(proto-cksum)"),
    (10, "10(state-mismatch)"),
    (11, "11(state-insert)"),
    (12, "12(state-limit)"),
    (13, "13(src-limit)"),
    (14, "14(synproxy)"),
];

/// What became of it.
const ACTIONS: &Tokens = &[
    (0, "pass"),
    (1, "block"),
    (2, "scrub"),
    (3, "noscrub"),
    (4, "nat"),
    (5, "nonat"),
    (6, "binat"),
    (7, "nobinat"),
    (8, "rdr"),
    (9, "nordr"),
    (10, "synproxy-drop"),
];

/// Where it went.
const DIRECTIONS: &Tokens = &[(0, "in/out"), (1, "in"), (2, "out")];

/// The shortest header, without what was added over the years; all are padded to a multiple of four bytes.
const MIN_LEN: usize = 45;
const MIN_PADDED_LEN: usize = 48;
/// Lengths up to and with the identifiers of user and process, FreeBSD's rule identifier, and what OpenBSD
/// rewrote.
const WITH_USER_LEN: usize = 61;
const WITH_RULE_IDENTIFIER_LEN: usize = 68;
const WITH_REWRITTEN_LEN: usize = 100;

/// What stands for none.
const NONE: u32 = u32::MAX;

/// Bytes of the names of an interface and of a set of rules.
const NAME_LEN: usize = 16;

/// The names that a system gives to numbers beyond those that all have.
struct System {
    reasons: &'static Tokens,
    actions: &'static Tokens,
    directions: &'static Tokens,
}

const FREEBSD: System =
    System { reasons: &[(15, "15(map-failed)")], actions: &[(11, "defer"), (12, "match")], directions: &[] };
const OPENBSD: System = System {
    reasons: &[(15, "15(translate)"), (16, "16(no-route)")],
    actions: &[(11, "defer"), (12, "match"), (13, "divert"), (14, "rt"), (15, "afrt")],
    directions: &[(3, "fwd")],
};
const OTHER: System = System {
    reasons: &[(15, "15(state-locked (NetBSD)/dummynet(Darwin)"), (16, "16(invalid-port (Darwin))")],
    actions: &[
        (11, "dummynet (Darwin)"),
        (12, "nodummynet (Darwin)"),
        (13, "nat64 (Darwin)"),
        (14, "nonat64 (Darwin)"),
    ],
    directions: &[],
};

/// Writes what a number means to all systems, or to this one.
fn named(out: &mut Out, common: &Tokens, own: &Tokens, number: u8) {
    let names = if tokens::name(common, number.into()).is_some() { common } else { own };
    out.token(names, number, format_args!("unkn({number})"));
}

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    if whole.length() < MIN_PADDED_LEN {
        return out.disagree("length", whole.length(), "<", MIN_PADDED_LEN);
    }
    whole.need(MIN_PADDED_LEN)?;
    let length = usize::from(whole.peek_u8(0)?);
    if length < MIN_LEN {
        return out.disagree("header length", length, "<", MIN_LEN);
    }
    let padded = length.next_multiple_of(4);
    if padded > whole.length() {
        return out.disagree("header length", padded, ">", whole.length());
    }
    whole.need(padded)?;
    let header = whole.clip(padded);
    let family = whole.peek_u8(1)?;
    let kind = match family {
        2 => ether_type::IPV4,
        10 | 24 | 28 | 30 => ether_type::IPV6,
        _ => 0,
    };
    if out.options.link_header || kind == 0 {
        print_header(out, header, length)?;
    }
    let packet = whole.ahead(padded);
    if kind == 0 {
        out.unknown(packet.bytes());
    } else {
        ether::network(out, kind, packet)?;
    }
    out.context.link_header_len += padded;
    Ok(())
}

/// Which rule logged a packet, why, and what became of it.
fn print_header(out: &mut Out, header: Cursor<'_>, length: usize) -> Walk {
    let mut c = header;
    let [_, family, action, reason] = *c.array()?;
    let (mut interface, ruleset) = (c.split(NAME_LEN), c.split(NAME_LEN));
    let (rule, subrule) = (c.u32()?, c.u32()?);
    let system = match length {
        WITH_REWRITTEN_LEN.. => OPENBSD,
        WITH_RULE_IDENTIFIER_LEN.. => FREEBSD,
        _ => OTHER,
    };
    out.field("rule", rule);
    write!(out, "rule {rule}");
    if subrule != NONE {
        out.text(".").escaped_to_zero(ruleset.bytes());
        write!(out, ".{subrule}");
    }
    out.text("/");
    named(out, REASONS, system.reasons, reason);
    let direction_at = WITH_USER_LEN - 1;
    if length >= WITH_USER_LEN && out.options.verbose > 0 {
        let user = c.u32()?;
        if user != NONE {
            write!(out, " [uid {user}]");
        }
    }
    if (WITH_RULE_IDENTIFIER_LEN..WITH_REWRITTEN_LEN).contains(&length) && out.options.verbose > 0 {
        let identifier = header.peek_u32(WITH_RULE_IDENTIFIER_LEN - 4)?;
        if identifier != 0 {
            write!(out, " [ridentifier {identifier}]");
        }
    }
    out.text(": ");
    named(out, ACTIONS, system.actions, action);
    if length >= WITH_USER_LEN {
        let direction = header.peek_u8(direction_at)?;
        out.text(" ");
        named(out, DIRECTIONS, system.directions, direction);
    }
    out.text(" on ");
    out.escaped_padded(&mut interface, NAME_LEN)?;
    out.text(": ");
    if length >= WITH_REWRITTEN_LEN {
        rewritten(out, header, family)?;
    }
    Ok(())
}

/// Where OpenBSD's header tells that a packet was rewritten, and how.
const REWRITTEN_AT: usize = 61;
const REWRITTEN_FAMILY_AT: usize = 62;
const REWRITTEN_ADDRESSES_AT: usize = 64;

/// The addresses that a packet had, or will have, instead of those in it.
fn rewritten(out: &mut Out, header: Cursor<'_>, family: u8) -> Walk {
    if header.peek_u8(REWRITTEN_AT)? == 0 {
        return Ok(());
    }
    let new_family = header.peek_u8(REWRITTEN_FAMILY_AT)?;
    let family = if new_family == 0 { family } else { new_family };
    let mut c = header.ahead(REWRITTEN_ADDRESSES_AT);
    let (src, dst) = (*c.array::<16>()?, *c.array::<16>()?);
    let (src_port, dst_port) = (c.u16()?, c.u16()?);
    out.text("[rewritten: src ");
    address(out, family, src, src_port);
    out.text(", dst ");
    address(out, family, dst, dst_port);
    out.text("] ");
    Ok(())
}

fn address(out: &mut Out, family: u8, address: [u8; 16], port: u16) {
    let [a, b, d, e, ..] = address;
    if family == 2 {
        out.host4([a, b, d, e]);
    } else {
        out.host6(address);
    }
    write!(out, ":{port}");
}
