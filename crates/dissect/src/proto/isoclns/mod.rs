//! OSI network protocols, told apart by their first byte (ISO/IEC TR 9577): CLNP, ES-IS, IS-IS and others.

pub(crate) mod address;
mod checksum;
mod clnp;
mod esis;
mod isis;

use crate::Out;
use crate::proto::names::NLPIDS;
use crate::proto::{fr, ip, ip6, ppp};
use wirescope_wire::{Cursor, Stop, Walk};

mod nlpid {
    pub(super) const NULL: u8 = 0x00;
    pub(super) const Q933: u8 = 0x08;
    pub(super) const CLNP: u8 = 0x81;
    pub(super) const ESIS: u8 = 0x82;
    pub(super) const ISIS: u8 = 0x83;
    pub(super) const IPV6: u8 = 0x8e;
    pub(super) const IPV4: u8 = 0xcc;
    pub(super) const PPP: u8 = 0xcf;
}

/// Prints a packet that starts with its network layer protocol identifier.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.available() == 0 {
        return Err(Stop::Truncated);
    }
    let protocol = c.peek_u8(0)?;
    out.field("nlpid", protocol);
    if out.options.link_header {
        out.text("OSI NLPID ");
        out.token(NLPIDS, protocol, format_args!("Unknown"));
        write!(out, " (0x{protocol:02x}): ");
    }
    match protocol {
        nlpid::CLNP => out.run("clnp", clnp::print, c),
        nlpid::ESIS => out.run("esis", esis::print, c),
        nlpid::ISIS => out.run("isis", isis::print, c),
        nlpid::NULL => {
            write!(out, "{}length: {}", between(out), c.length());
            Ok(())
        }
        nlpid::Q933 => out.run("q.933", fr::signalling::print, c.ahead(1)),
        nlpid::IPV4 => out.run("ip", ip::print, c.ahead(1)),
        nlpid::IPV6 => out.run("ip6", ip6::print, c.ahead(1)),
        nlpid::PPP => out.run("ppp", ppp::print, c.ahead(1)),
        _ => {
            if !out.options.link_header {
                write!(out, "OSI NLPID 0x{protocol:02x} unknown");
            }
            write!(out, "{}length: {}", between(out), c.length());
            if c.length() > 1 {
                out.dump_hex("\n\t", c.claimed_bytes());
            }
            Ok(())
        }
    }
}

/// What stands between the name of a protocol and the rest; the name was shown in the link-layer header.
fn between(out: &Out) -> &'static str {
    if out.options.link_header { "" } else { ", " }
}

/// Says that a packet is of another version, and dumps it.
fn other_version(out: &mut Out, version: u8, c: Cursor<'_>) -> Walk {
    write!(out, "version {version} packet not supported");
    out.dump_hex("\n\t", c.claimed_bytes());
    Ok(())
}

/// Says that a header is shorter than it can be, with the bytes of the packet.
fn short_header(out: &mut Out, len: usize, c: Cursor<'_>) {
    write!(out, " length indicator {len} < min PDU size:");
    for byte in c.claimed_bytes() {
        out.hex_upper(*byte);
    }
}
