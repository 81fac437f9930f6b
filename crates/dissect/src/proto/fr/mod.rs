//! Frame Relay: frames (ITU-T Q.922, RFC 2427), bundles of links (FRF.16) and fragments (FRF.15), and signalling (ITU-T Q.933).

mod bundle;
pub(super) mod signalling;

pub(crate) use bundle::{print as print_bundle, print_link as print_bundle_link};

use crate::Out;
use crate::options::HexDump;
use crate::proto::names::{ETHER_TYPES, NLPIDS};
use crate::proto::{ether, llc, ppp};
use crate::tokens::{self, Tokens};
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Stop, Walk};

const FLAGS: &Tokens =
    &[(0x2000000, "C!"), (0x20000, "DE"), (0x40000, "BECN"), (0x80000, "FECN"), (0x2, "sdlcore")];

/// Network layer protocol identifiers.
mod nlpid {
    pub(super) const Q933: u8 = 0x08;
    pub(super) const SNAP: u8 = 0x80;
    pub(super) const CLNP: u8 = 0x81;
    pub(super) const ISIS: u8 = 0x83;
    pub(super) const IPV6: u8 = 0x8e;
    pub(super) const FRAGMENT: u8 = 0xb1;
    pub(super) const IPV4: u8 = 0xcc;
    pub(super) const PPP: u8 = 0xcf;
}

/// The control field of unnumbered information.
const UNNUMBERED: u8 = 0x03;
/// Bytes that a captured frame has at least.
const LINK_MIN_LEN: usize = 4;

/// The bit that ends an address.
const EXTENSION: u8 = 1;
/// The command/response bit of the first byte, and the control bit of the last.
const COMMAND: u8 = 2;

/// An address with its flags (Q.922 section 3.2).
pub(crate) struct Address {
    pub(crate) connection: u32,
    /// Congestion and discard bits where the table of flags has them.
    pub(crate) flags: u32,
    pub(crate) len: usize,
}

impl Address {
    /// Reads an address; nothing where it does not end as it must.
    pub(crate) fn read(mut c: Cursor<'_>) -> Walk<Option<Address>> {
        let [first, second] = *c.array::<2>()?;
        if first & EXTENSION != 0 {
            return Ok(None);
        }
        let mut address = Address {
            connection: u32::from(first & 0xfc) << 2 | u32::from(second >> 4),
            flags: u32::from(first & COMMAND) << 24 | u32::from(second) << 16,
            len: 2,
        };
        if second & EXTENSION != 0 {
            return Ok(Some(address));
        }
        let mut last = c.u8()?;
        address.len += 1;
        if last & EXTENSION == 0 {
            address.connection = address.connection << 7 | u32::from(last >> 1);
            last = c.u8()?;
            address.len += 1;
        }
        if last & EXTENSION == 0 {
            return Ok(None);
        }
        address.flags |= u32::from(last & COMMAND);
        address.connection = address.connection << 6 | u32::from(last >> 2);
        Ok(Some(address))
    }
}

/// Writes the address of a frame relay station, as other protocols carry it.
pub(crate) fn link_address(out: &mut Out, address: &[u8]) {
    if let Ok(Some(address)) = Address::read(Cursor::over(address)) {
        write!(out, "DLCI {}", address.connection);
    }
}

/// Prints a captured frame.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.captured() < LINK_MIN_LEN {
        out.truncated();
        out.context.link_header_len += c.captured();
        return Ok(());
    }
    out.context.link_header_len += frame(out, c)?;
    Ok(())
}

/// Prints a frame inside another protocol.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    frame(out, c).map(|_| ())
}

/// Prints a frame and says how many bytes of it are header.
fn frame(out: &mut Out, whole: Cursor<'_>) -> Walk<usize> {
    out.label("fr");
    let address = match Address::read(whole.clip(whole.length())) {
        Ok(Some(address)) => address,
        Ok(None) => {
            out.text("Q.922, invalid address");
            return Ok(0);
        }
        Err(stop) => return Err(stop),
    };
    out.field("connection", address.connection);
    out.context.macs = None;
    let mut c = whole.ahead(address.len);
    let control = claimed(&c, 0)?;
    if control != UNNUMBERED && address.connection != 0 {
        match c.peek_u16(0) {
            Ok(kind) if c.length() >= 2 => {
                // Cisco's routers put an Ethernet type here.
                if out.options.link_header {
                    address.print(out, whole.length(), kind);
                }
                if ether::payload(out, kind, c.ahead(2))? {
                    return Ok(address.len + 2);
                }
            }
            _ => {}
        }
        write!(out, "UI {control:02x}! ");
    }
    // A padding byte brings what follows a three-byte address to an even place.
    if claimed(&c, 1)? == 0 {
        if address.len != 3 {
            out.text("Pad! ");
        }
        c.advance(2);
    } else {
        if address.len == 3 {
            out.text("No pad! ");
        }
        c.advance(1);
    }
    let identifier = claimed(&c, 0)?;
    out.field("nlpid", identifier);
    if out.options.link_header {
        address.print(out, whole.length(), identifier.into());
    }
    let at_identifier = c;
    c.advance(1);
    let header_len = c.at().saturating_sub(whole.at());
    let known = match identifier {
        nlpid::IPV4 => ether::network(out, ether_type::IPV4, c)?,
        nlpid::IPV6 => ether::network(out, ether_type::IPV6, c)?,
        nlpid::CLNP..=nlpid::ISIS => ether::network(out, ether::OSI, at_identifier)?,
        nlpid::SNAP => {
            if !llc::snap(out, c, 0)? {
                if !out.options.link_header {
                    address.print_as(out, header_len, whole.length(), identifier.into());
                }
                out.unknown_claimed(whole)?;
            }
            true
        }
        nlpid::Q933 => out.run("q.933", signalling::print, c).map(|()| true)?,
        nlpid::FRAGMENT => bundle::fragment(out, c).map(|()| true)?,
        nlpid::PPP => out.run("ppp", ppp::print, c).map(|()| true)?,
        _ => false,
    };
    if !known {
        if !out.options.link_header {
            address.print(out, whole.length(), identifier.into());
        }
        // Quiet output has the dump, too.
        if !matches!(out.options.hex, HexDump::Hex { .. } | HexDump::HexAscii { .. }) {
            out.dump_hex_ascii("\n\t", c.claimed_bytes());
            c.need(c.length())?;
        }
    }
    Ok(header_len)
}

/// The byte at `distance`, which must be claimed and captured.
fn claimed(c: &Cursor<'_>, distance: usize) -> Walk<u8> {
    if c.length() <= distance { Err(Stop::Truncated) } else { c.peek_u8(distance) }
}

impl Address {
    /// Writes the header; `kind` is Cisco's Ethernet type or the identifier of a network layer.
    fn print(&self, out: &mut Out, length: usize, kind: u16) {
        self.print_as(out, self.len, length, kind);
    }

    fn print_as(&self, out: &mut Out, header_len: usize, length: usize, kind: u16) {
        if out.options.quiet {
            write!(out, "Q.922, DLCI {}, length {length}: ", self.connection);
            return;
        }
        write!(out, "Q.922, hdr-len {header_len}, DLCI {}, Flags [", self.connection);
        out.bits(FLAGS, self.flags, ", ", format_args!("none"));
        if kind > u16::from(u8::MAX) {
            let name = tokens::name(ETHER_TYPES, kind.into()).unwrap_or("unknown");
            write!(out, "], cisco-ethertype {name} (0x{kind:04x})");
        } else {
            let name = tokens::name(NLPIDS, kind.into()).unwrap_or("unknown");
            write!(out, "], NLPID {name} (0x{kind:02x})");
        }
        write!(out, ", length {length}: ");
    }
}
