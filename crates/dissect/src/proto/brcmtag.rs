//! Tags of Broadcom's switches, before a frame or between its addresses and type (Linux kernel,
//! `net/dsa/tag_brcm.c`).

use crate::Out;
use crate::proto::ether::{self, Around, SwitchTag};
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const OPCODES: &Tokens = &[(0, "EG"), (1, "IG")];

const TAG_ENFORCEMENT: &Tokens = &[(0, "None"), (1, "Untag"), (2, "Header"), (3, "Reserved")];

const REASONS: &Tokens = &[
    (1, "mirror"),
    (2, "MAC learning"),
    (4, "switching"),
    (8, "prot term"),
    (16, "prot snoop"),
    (32, "exception"),
    (64, "reserved-6"),
    (128, "reserved-7"),
];

const PORTS: &Tokens = &[
    (1, "port 0"),
    (2, "port 1"),
    (4, "port 2"),
    (8, "port 3"),
    (16, "port 4"),
    (32, "port 5"),
    (64, "port 6"),
    (128, "port 7"),
    (256, "port 8"),
];

/// Bytes of a tag.
const TAG_LEN: usize = 4;
/// The operation whose tag goes to the switch; the others come from it.
const INGRESS: u8 = 1;

/// Prints a captured frame with a tag between addresses and type.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    let tag = SwitchTag { len: TAG_LEN, print: tag };
    ether::print_link_around(out, c, Around { switch_tag: Some(tag), ..Around::default() })
}

/// Prints a captured frame behind a tag.
pub(crate) fn print_prepended_link(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.captured() < TAG_LEN {
        return Err(Stop::Truncated);
    }
    if out.options.link_header {
        tag(out, c)?;
    }
    c.skip(TAG_LEN)?;
    out.context.link_header_len += TAG_LEN;
    out.run("ether", ether::print_link, c)
}

fn tag(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let [a, b, d, e] = *c.array()?;
    let operation = a >> 5;
    out.text("BRCM tag OP: ");
    out.token(OPCODES, operation, format_args!("#{operation}"));
    if operation == INGRESS {
        write!(out, ", TC: {}, TE: ", (a >> 2) & 7);
        out.token(TAG_ENFORCEMENT, a & 3, format_args!("unknown"));
        write!(out, ", TS: {}, DST map: [", b >> 7);
        let ports = u16::from_be_bytes([d, e]) & 0x1ff;
        out.bits(PORTS, ports, ", ", format_args!("none"));
        out.text("]");
    } else {
        write!(out, ", CID: {b}, RC: [");
        out.bits(REASONS, d, ", ", format_args!("none"));
        write!(out, "], TC: {}, port: {}", e >> 5, e & 0x1f);
        out.field("port", e & 0x1f);
    }
    out.text(", ");
    Ok(())
}
