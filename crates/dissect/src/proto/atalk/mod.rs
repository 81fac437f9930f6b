//! AppleTalk (Sidhu, Andrews and Oppenheimer, "Inside AppleTalk", second edition): its datagrams on LocalTalk,
//! on Ethernet and in UDP, and what they carry.

mod aarp;
mod atp;
mod nbp;

pub(crate) use aarp::print as print_aarp;

use crate::Out;
use crate::proto::eigrp;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const TYPES: &Tokens = &[(1, "rtmp"), (5, "rtmpReq"), (4, "echo"), (22, "IP"), (23, "ARP"), (75, "KLAP")];

const SOCKETS: &Tokens = &[(1, "rtmp"), (2, "nis"), (4, "echo"), (6, "zip")];

/// Types of LocalTalk frames.
const SHORT_DATAGRAM: u8 = 1;
const LONG_DATAGRAM: u8 = 2;

/// Bytes of a LocalTalk frame's header and of those of both kinds of datagrams.
const FRAME_LEN: usize = 3;
const SHORT_LEN: usize = 5;
const LONG_LEN: usize = 13;

/// Types of datagrams whose payload is shown.
const NAME_BINDING: u8 = 2;
const TRANSACTION: u8 = 3;
const EIGRP: u8 = 88;

/// Where a datagram comes from or goes to.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Address {
    network: u16,
    node: u8,
    socket: u8,
}

/// Prints a captured LocalTalk frame.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    print_frame(out, c)
}

/// Prints a LocalTalk frame.
pub(crate) fn print_frame(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.label("llap");
    at_least(out, c, FRAME_LEN)?;
    let (dst, src, kind) = (c.u8()?, c.u8()?, c.u8()?);
    out.context.link_header_len += FRAME_LEN;
    match kind {
        SHORT_DATAGRAM => {
            out.label("sddp");
            at_least(out, c, SHORT_LEN)?;
            c.skip(2)?;
            let (dst_socket, src_socket, kind) = (c.u8()?, c.u8()?, c.u8()?);
            out.context.link_header_len += SHORT_LEN;
            let src = Address { network: 0, node: src, socket: src_socket };
            let dst = Address { network: 0, node: dst, socket: dst_socket };
            endpoints(out, src, dst);
            datagram(out, kind, src, c)
        }
        LONG_DATAGRAM => {
            out.label("ddp");
            let (src, dst, kind) = long_header(out, &mut c)?;
            out.context.link_header_len += LONG_LEN;
            endpoints(out, src, dst);
            datagram(out, kind, src, c)
        }
        _ => {
            write!(out, "{src} > {dst} at-lap#{kind} {}", c.length());
            Ok(())
        }
    }
}

/// Prints a datagram on Ethernet.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if !out.options.link_header {
        out.text("AT ");
    }
    let (src, dst, kind) = long_header(out, &mut c)?;
    endpoints(out, src, dst);
    out.text(" ");
    datagram(out, kind, src, c)
}

/// The type of a LocalTalk frame that UDP carries, behind the addresses.
const FRAME_TYPE_AT: usize = 2;

/// Whether UDP carries a LocalTalk frame with a long header, as gateways sent them.
pub(crate) fn looks_like_frame(c: &Cursor<'_>) -> bool {
    c.length() > FRAME_TYPE_AT && c.peek_u8(FRAME_TYPE_AT).is_ok_and(|kind| kind == LONG_DATAGRAM)
}

/// Prints a LocalTalk frame in UDP.
pub(crate) fn print_udp(out: &mut Out, c: Cursor<'_>) -> Walk {
    if out.options.verbose > 0 {
        out.text("kip ");
    }
    print_frame(out, c)
}

fn at_least(out: &mut Out, c: Cursor<'_>, len: usize) -> Walk {
    if c.length() < len { out.disagree("length", c.length(), "<", len) } else { Ok(()) }
}

/// Reads a long header: source, destination and type.
fn long_header(out: &mut Out, c: &mut Cursor<'_>) -> Walk<(Address, Address, u8)> {
    at_least(out, *c, LONG_LEN)?;
    c.need(LONG_LEN)?;
    // Hops, length and checksum.
    c.skip(4)?;
    let (dst_network, src_network) = (c.u16()?, c.u16()?);
    let (dst_node, src_node, dst_socket, src_socket) = (c.u8()?, c.u8()?, c.u8()?, c.u8()?);
    let src = Address { network: src_network, node: src_node, socket: src_socket };
    let dst = Address { network: dst_network, node: dst_node, socket: dst_socket };
    Ok((src, dst, c.u8()?))
}

fn endpoints(out: &mut Out, src: Address, dst: Address) {
    src.print(out);
    out.text(" > ");
    dst.print(out);
    out.text(":");
}

/// The node that means every one of a network, which is not written.
const EVERY_NODE: u8 = 0xff;

impl Address {
    /// Writes network and node.
    fn print_host(self, out: &mut Out) {
        write!(out, "{}", self.network);
        if self.node != EVERY_NODE {
            write!(out, ".{}", self.node);
        }
    }

    fn print(self, out: &mut Out) {
        self.print_host(out);
        out.text(".");
        if out.options.numeric {
            out.dec(self.socket);
        } else {
            out.token(SOCKETS, self.socket, format_args!("{}", self.socket));
        }
    }
}

/// Prints what a datagram carries.
fn datagram(out: &mut Out, kind: u8, src: Address, c: Cursor<'_>) -> Walk {
    out.field("type", kind);
    match kind {
        NAME_BINDING => nbp::print(out, c, src),
        TRANSACTION => atp::print(out, c),
        EIGRP => out.run("eigrp", eigrp::print, c),
        _ => {
            out.text(" at-");
            out.token(TYPES, kind, format_args!("#{kind}"));
            write!(out, " {}", c.length());
            Ok(())
        }
    }
}
