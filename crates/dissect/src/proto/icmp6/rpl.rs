//! Routing protocol for low-power and lossy networks (RPL, RFC 6550 section 6).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const MODES: &Tokens =
    &[(0, "nonstoring"), (1, "storing"), (2, "nonstoring-multicast"), (3, "storing-multicast")];

const OPTIONS: &Tokens = &[
    (0, "pad1"),
    (1, "padN"),
    (2, "metrics"),
    (3, "routinginfo"),
    (4, "config"),
    (5, "rpltarget"),
    (6, "transitinfo"),
    (8, "destprefix"),
    (9, "rpltargetdesc"),
];

mod message {
    pub(super) const SOLICITATION: u8 = 0;
    pub(super) const INFORMATION: u8 = 1;
    pub(super) const ADVERTISEMENT: u8 = 2;
    pub(super) const ADVERTISEMENT_ACK: u8 = 3;
}

/// In the code: the message is secured.
const SECURED: u8 = 0x80;
/// Flags of advertisements: an acknowledgement is wanted, the graph is named.
const WANTS_ACK: u8 = 0x80;
const NAMES_GRAPH: u8 = 0x40;
const PAD_ONE: u8 = 0;
/// Bytes of an address.
const ADDRESS_LEN: usize = 16;

pub(super) fn print(out: &mut Out, c: Cursor<'_>, code: u8) -> Walk {
    if code & SECURED != 0 {
        out.text(", (SEC) [worktodo]");
        return Ok(());
    }
    out.text(", (CLR)");
    let body = c.ahead(4);
    match code {
        message::SOLICITATION => {
            out.text("DODAG Information Solicitation");
            Ok(())
        }
        message::INFORMATION => {
            out.text("DODAG Information Object");
            verbosely(out, body, information)
        }
        message::ADVERTISEMENT => {
            out.text("Destination Advertisement Object");
            verbosely(out, body, advertisement)
        }
        message::ADVERTISEMENT_ACK => {
            out.text("Destination Advertisement Object Ack");
            verbosely(out, body, advertisement_ack)
        }
        _ => {
            write!(out, "RPL message, unknown code {code}");
            Ok(())
        }
    }
}

/// Prints the body with `-v`, and its options with `-vv`.
fn verbosely(out: &mut Out, mut body: Cursor<'_>, print: fn(&mut Out, &mut Cursor<'_>) -> Walk) -> Walk {
    if out.options.verbose == 0 {
        return Ok(());
    }
    print(out, &mut body)?;
    if out.options.verbose > 1 {
        options(out, body)?;
    }
    Ok(())
}

fn information(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const LEN: usize = 24;
    if c.length() < LEN {
        return out.disagree("length", c.length(), "<", LEN);
    }
    let (instance, _version, rank) = (c.u8()?, c.u8()?, c.u16()?);
    let (mode, sequence) = (c.u8()?, c.u8()?);
    c.skip(2)?;
    let graph = *c.array::<ADDRESS_LEN>()?;
    out.text(" [dagid:").ipv6(graph);
    write!(out, ",seq:{sequence},instance:{instance},rank:{rank},");
    out.text(if mode & 0x80 != 0 { "grounded," } else { "" }).text("mop:");
    out.token(MODES, mode >> 3 & 7, format_args!("mop{}", mode >> 3 & 7));
    write!(out, ",prf:{}]", mode & 7);
    Ok(())
}

fn advertisement(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let head = Head::read(out, c)?;
    write!(out, " [dagid:");
    head.graph(out);
    write!(
        out,
        ",seq:{},instance:{}{}{},flags:{:02x}]",
        head.last,
        head.instance,
        if head.flags & WANTS_ACK != 0 { ",acK" } else { "" },
        if head.flags & NAMES_GRAPH != 0 { ",Dagid" } else { "" },
        head.flags
    );
    Ok(())
}

fn advertisement_ack(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let head = Head::read(out, c)?;
    out.text(" [dagid:");
    head.graph(out);
    write!(out, ",seq:{},instance:{},status:{}]", head.third, head.instance, head.last);
    Ok(())
}

/// What advertisements and their acknowledgements start with.
struct Head {
    instance: u8,
    flags: u8,
    /// Sequence number of an acknowledgement.
    third: u8,
    /// Sequence number of an advertisement, status of an acknowledgement.
    last: u8,
    graph: Option<[u8; ADDRESS_LEN]>,
}

impl Head {
    fn read(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Head> {
        const LEN: usize = 4;
        if c.length() < LEN {
            return out.disagree("length", c.length(), "<", LEN);
        }
        let [instance, flags, third, last] = *c.array::<LEN>()?;
        let mut graph = None;
        if flags & NAMES_GRAPH != 0 {
            if c.length() < ADDRESS_LEN {
                return out.disagree("remaining length", c.length(), "<", ADDRESS_LEN);
            }
            graph = Some(*c.array()?);
        }
        Ok(Head { instance, flags, third, last, graph })
    }

    fn graph(&self, out: &mut Out) {
        match self.graph {
            Some(address) => out.ipv6(address),
            None => out.text("<elided>"),
        };
    }
}

fn options(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let kind = c.u8()?;
        if kind == PAD_ONE {
            out.text(" opt:pad1");
            continue;
        }
        if c.length() < 1 {
            return Err(wirescope_wire::Stop::Truncated);
        }
        let len = usize::from(c.u8()?);
        out.text(" opt:");
        out.token(OPTIONS, kind, format_args!("subopt:{kind}"));
        write!(out, " len:{} ", len + 2);
        c.need(len)?;
        if len > c.length() {
            return Ok(());
        }
        if out.options.verbose > 2 {
            out.dump_hex(" ", c.claim(len).claimed_bytes());
        }
        c.advance(len);
    }
    Ok(())
}
