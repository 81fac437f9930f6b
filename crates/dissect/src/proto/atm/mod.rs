//! Asynchronous Transfer Mode: LLC and SNAP on it (RFC 2684 section 5, RFC 2225), and what certain channels carry.

mod oam;

use crate::Out;
use crate::proto::{ether, lane, llc, snmp};
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

/// The service access point pairs with unnumbered information that frames start with.
const SNAP: u32 = 0xaaaa03;
const OSI: u32 = 0xfefe03;
const IP: u32 = 0x060603;
/// Unnumbered information in place of a service access point: a network layer identifier follows.
const UNNUMBERED: u8 = 0x03;
/// Bytes that some interfaces put before a frame: two addresses and more.
const ADDRESSES_LEN: usize = 20;
/// Bytes of LLC that a frame has at least.
const LLC_MIN_LEN: usize = 3;

/// Prints a captured frame, and says how much of it is header.
pub(crate) fn print_link(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let start = c.at();
    if c.available() < 1 {
        return Err(Stop::Truncated);
    }
    if c.peek_u8(0)? == UNNUMBERED {
        if out.options.link_header {
            out.text("CNLPID ");
        }
        c.advance(1);
        out.context.link_header_len += 1;
        if !ether::network(out, ether::OSI, c)? {
            out.unknown(c.bytes());
        }
        return Ok(());
    }
    if c.available() < LLC_MIN_LEN {
        return Err(Stop::Truncated);
    }
    if !matches!(c.peek_u24(0)?, SNAP | OSI | IP) {
        if out.options.link_header {
            let [a, b, d, e] = [c.peek_u32(0)?, c.peek_u32(4)?, c.peek_u32(8)?, c.peek_u32(12)?];
            write!(out, "{a:08x}{b:08x} {d:08x}{e:08x} ");
        }
        c.skip(ADDRESSES_LEN)?;
    }
    out.context.link_header_len += c.at() - start + llc::frame_or_bytes(out, c)?;
    Ok(())
}

/// What a channel carries, as its interface tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Traffic {
    /// Emulated LANs.
    Lane,
    /// LLC, which is also tried where nothing better is known.
    Llc,
}

/// Channels of the path with number 0 whose use is fixed (ITU-T I.361 section 2.2.3, ATM Forum UNI 3.1).
mod channel {
    pub(super) const META_SIGNALLING: u16 = 1;
    pub(super) const BROADCAST_SIGNALLING: u16 = 2;
    pub(super) const SEGMENT_OAM: u16 = 3;
    pub(super) const END_TO_END_OAM: u16 = 4;
    pub(super) const SIGNALLING: u16 = 5;
    pub(super) const MANAGEMENT: u16 = 16;
}

/// Prints a packet of a channel, and says how much of it is header.
pub(crate) fn print_channel(
    out: &mut Out,
    path: u8,
    channel: u16,
    traffic: Traffic,
    c: Cursor<'_>,
) -> Walk<usize> {
    out.label("atm");
    out.field("vpi", path);
    out.field("vci", channel);
    if out.options.link_header {
        write!(out, "VPI:{path} VCI:{channel} ");
    }
    if path == 0 {
        match channel {
            channel::SIGNALLING => return signalling(out, c).map(|()| 0),
            channel::BROADCAST_SIGNALLING => {
                out.text("broadcast sig: ");
                return Ok(0);
            }
            channel::SEGMENT_OAM | channel::END_TO_END_OAM => return oam::print(out, c).map(|()| 0),
            channel::META_SIGNALLING => {
                out.text("meta: ");
                return Ok(0);
            }
            channel::MANAGEMENT => {
                out.text("ilmi: ");
                return out.run("snmp", snmp::print, c).map(|()| 0);
            }
            _ => {}
        }
    }
    match traffic {
        Traffic::Lane => out.run("lane", lane::print, c).map(|()| 0),
        Traffic::Llc => llc::frame_or_bytes(out, c),
    }
}

const MESSAGES: &Tokens = &[
    (2, "Call_proceeding"),
    (7, "Connect"),
    (15, "Connect_ack"),
    (5, "Setup"),
    (77, "Release"),
    (90, "Release_complete"),
    (70, "Restart"),
    (78, "Restart_ack"),
    (125, "Status"),
    (117, "Status_enquiry"),
    (128, "Add_party"),
    (129, "Add_party_ack"),
    (130, "Add_party_reject"),
    (131, "Drop_party"),
    (132, "Drop_party_ack"),
];

/// Prints a cell of management that came by itself.
pub(crate) fn print_cell(out: &mut Out, c: Cursor<'_>) -> Walk {
    oam::print(out, c)
}

/// The protocol discriminator of Q.2931, and where its messages have reference and type.
const Q2931: u8 = 0x09;
const REFERENCE_AT: usize = 2;
const TYPE_AT: usize = 5;

/// A message that sets up or ends a connection (ITU-T Q.2931 section 4), or of the layer below.
fn signalling(out: &mut Out, c: Cursor<'_>) -> Walk {
    let protocol = c.peek_u8(0)?;
    if protocol != Q2931 {
        write!(out, "SSCOP, proto {protocol} ");
        return Ok(());
    }
    out.text("Q.2931");
    let kind = c.peek_u8(TYPE_AT)?;
    out.text(":");
    out.token(MESSAGES, kind, format_args!("msgtype#{kind}"));
    write!(out, " CALL_REF:0x{:06x}", c.peek_u24(REFERENCE_AT)?);
    Ok(())
}
