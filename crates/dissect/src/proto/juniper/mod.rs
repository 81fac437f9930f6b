//! Packets captured by Juniper's routers (<https://www.tcpdump.org/linktypes.html>, LINKTYPE_JUNIPER_*): a header of
//! the capture, a cookie of the interface card, and the packet.

mod header;
mod names;

use crate::Out;
use crate::proto::atm;
use crate::proto::{chdlc, ether, fr, ip, ip6, llc, mpls, ppp};
use crate::tokens;
use header::{Card, Layer2};
use names::{GGSN_PROTOCOLS, IPSEC_TYPES};
use wirescope_wire::{Cursor, Walk};

/// Prints a packet of a link type, behind its header.
type PrintPayload = fn(&mut Out, &Layer2, Cursor<'_>) -> Walk;

/// Reads the header, and prints what is left by `print`.
fn behind_header(out: &mut Out, whole: Cursor<'_>, card: Card, print: PrintPayload) -> Walk {
    let Some(layer2) = header::read(out, whole, card)? else { return Ok(()) };
    out.context.link_header_len += layer2.len;
    print(out, &layer2, whole.ahead(layer2.len))
}

macro_rules! links {
    ($($(#[$doc:meta])* $name:ident, $card:ident, $print:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) fn $name(out: &mut Out, whole: Cursor<'_>) -> Walk {
            behind_header(out, whole, Card::$card, $print)
        }
    )*};
}

links! {
    /// Prints a packet of an ATM card of the first generation.
    print_atm1, Atm1, atm1;
    /// Prints a packet of an ATM card of the second generation.
    print_atm2, Atm2, atm2;
    /// Prints a packet of Cisco's HDLC.
    print_chdlc, Other, |out, _, c| out.run("chdlc", chdlc::print, c);
    /// Prints a packet of an encryption card.
    print_es, Es, encryption;
    /// Prints an Ethernet frame.
    print_ether, Other, |out, _, c| out.run("ether", ether::print, c);
    /// Prints a Frame Relay frame.
    print_frelay, Other, |out, _, c| out.run("fr", fr::print, c);
    /// Prints a packet of a gateway of mobile networks.
    print_ggsn, Ggsn, gateway;
    /// Prints a packet of a bundle of Frame Relay links (FRF.16).
    print_mfr, Mfr, frame_relay_bundle;
    /// Prints a packet of a bundle of Frame Relay links (FRF.15).
    print_mlfr, Mlfr, frame_relay_links;
    /// Prints a packet of a bundle of PPP links.
    print_mlppp, Mlppp, ppp_bundle;
    /// Prints a packet of a monitoring card.
    print_monitor, Monitor, monitor;
    /// Prints a PPP frame.
    print_ppp, Other, |out, _, c| out.run("ppp", ppp::print, c);
    /// Prints a frame of PPP over Ethernet.
    print_pppoe, Pppoe, |out, _, c| out.run("ether", ether::print, c);
    /// Prints a frame of PPP over Ethernet over ATM.
    print_pppoe_atm, PppoeAtm, pppoe_atm;
    /// Prints a packet of a services card.
    print_services, Services, services;
}

/// Prints an IP packet where the first byte could be one's; false where it could not.
fn guess_ip(out: &mut Out, c: Cursor<'_>) -> Walk<bool> {
    match c.peek_u8(0)? {
        0x45..=0x4f => out.run("ip", ip::print, c)?,
        0x60..=0x6f => out.run("ip6", ip6::print, c)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// What LLC starts with: SNAP and ISO's protocols.
const LLC_SNAP: u32 = 0xaaaa03;
const LLC_OSI: u32 = 0xfefe03;
/// Unnumbered information, behind which a network layer identifier stands.
const UNNUMBERED: u8 = 0x03;

/// Prints what both kinds of ATM cards carry: cells, LLC, or a network layer identifier; false where it is
/// neither.
fn atm_payload(out: &mut Out, layer2: &Layer2, c: Cursor<'_>) -> Walk<bool> {
    if layer2.is_cell {
        return atm::print_cell(out, c).map(|()| true);
    }
    if matches!(c.peek_u24(0)?, LLC_SNAP | LLC_OSI) {
        out.context.link_header_len += llc::frame_or_bytes(out, c)?;
        return Ok(true);
    }
    Ok(false)
}

fn atm1(out: &mut Out, layer2: &Layer2, c: Cursor<'_>) -> Walk {
    if atm_payload(out, layer2, c)? {
        return Ok(());
    }
    if c.peek_u8(0)? == UNNUMBERED {
        return ether::network(out, ether::OSI, c.ahead(1)).map(|_| ());
    }
    guess_ip(out, c).map(|_| ())
}

/// Of a cookie of the second generation, in packets that leave: an Ethernet frame follows.
const GAP_COUNT: u32 = 0x3fe;

fn atm2(out: &mut Out, layer2: &Layer2, c: Cursor<'_>) -> Walk {
    if atm_payload(out, layer2, c)? {
        return Ok(());
    }
    if !layer2.is_incoming && layer2.cookie_word() & GAP_COUNT != 0 {
        return out.run("ether", ether::print, c);
    }
    if c.peek_u8(0)? == UNNUMBERED {
        return ether::network(out, ether::OSI, c.ahead(1)).map(|_| ());
    }
    if ppp::is_common(layer2.protocol) {
        return out.run("ppp", ppp::print, c);
    }
    guess_ip(out, c).map(|_| ())
}

fn pppoe_atm(out: &mut Out, _: &Layer2, mut c: Cursor<'_>) -> Walk {
    let kind = c.u16()?;
    out.context.link_header_len += 2;
    if !ether::payload(out, kind, c)? {
        // Nothing is known of the frame but its type.
        write!(out, "unknown ethertype 0x{kind:04x}");
    }
    Ok(())
}

/// What a bundle's protocol field says where the card has cut off PPP.
const BUNDLE_IPV4: u16 = 0x00;
const BUNDLE_IPV6: u16 = 0x10;
const BUNDLE_MPLS: u16 = 0x20;
const BUNDLE_OSI: u16 = 0x30;
/// The cookie of packets captured on a link of the bundle, not on the bundle.
const ON_LINK: u32 = 1;

fn ppp_bundle(out: &mut Out, layer2: &Layer2, c: Cursor<'_>) -> Walk {
    if out.options.link_header && layer2.cookie_word() != ON_LINK {
        write!(out, "Bundle-ID {}: ", layer2.bundle);
    }
    match layer2.protocol {
        BUNDLE_IPV4 => out.run("ip", ip::print, c),
        BUNDLE_IPV6 => out.run("ip6", ip6::print, c),
        BUNDLE_MPLS => out.run("mpls", mpls::print, c),
        BUNDLE_OSI => ether::network(out, ether::OSI, c).map(|_| ()),
        _ => out.run("ppp", ppp::print, c),
    }
}

/// Unnumbered information with the identifiers of signalling and IP, and ISO's service access points.
const FRAME_RELAY_Q933: u16 = 0x0308;
const FRAME_RELAY_IPV4: u16 = 0x03cc;
const FRAME_RELAY_IPV6: u16 = 0x038e;
const FRAME_RELAY_OSI: u16 = 0xfefe;

fn frame_relay_bundle(out: &mut Out, layer2: &Layer2, c: Cursor<'_>) -> Walk {
    if layer2.cookie.is_empty() {
        return out.run("mfr", fr::print_bundle, c);
    }
    frame_relay(out, layer2, c, true)
}

fn frame_relay_links(out: &mut Out, layer2: &Layer2, c: Cursor<'_>) -> Walk {
    frame_relay(out, layer2, c, false)
}

/// A packet whose network layer identifier stands before what is left, or behind a service access point.
fn frame_relay(out: &mut Out, layer2: &Layer2, c: Cursor<'_>, knows_osi: bool) -> Walk {
    if out.options.link_header {
        write!(out, "Bundle-ID {}, ", layer2.bundle);
    }
    match layer2.protocol {
        FRAME_RELAY_Q933 | FRAME_RELAY_IPV4 | FRAME_RELAY_IPV6 => {
            let identifier = layer2.whole().ahead(layer2.len - 1).claim(c.length() + 1);
            ether::network(out, ether::OSI, identifier).map(|_| ())
        }
        FRAME_RELAY_OSI if knows_osi => ether::network(out, ether::OSI, c.ahead(1)).map(|_| ()),
        protocol => {
            write!(out, "unknown protocol 0x{protocol:04x}, length {}", c.length());
            Ok(())
        }
    }
}

/// Bytes of a security association's index, time to live, type, parameters index and tunnel.
const ASSOCIATION_LEN: usize = 16;
/// Types whose header is left out when the packet is shown, and those of bundles, where it is not.
const OF_BUNDLES: [u8; 2] = [1, 2];
const OF_TUNNELS: [u8; 3] = [3, 4, 5];

fn encryption(out: &mut Out, _: &Layer2, whole: Cursor<'_>) -> Walk {
    whole.need(ASSOCIATION_LEN)?;
    let mut c = whole;
    let (index, ttl, kind) = (c.u16()?, c.u8()?, c.u8()?);
    let (spi, src, dst) = (c.u32()?, *c.array()?, *c.array()?);
    let is_tunnel = OF_TUNNELS.contains(&kind);
    if !is_tunnel && !OF_BUNDLES.contains(&kind) {
        write!(out, "ES Invalid type {kind}, length {}", whole.length());
        return Ok(());
    }
    let packet = if is_tunnel { c } else { whole };
    if out.options.link_header {
        let name = tokens::name(IPSEC_TYPES, kind.into()).unwrap_or("Unknown");
        write!(out, "ES SA, index {index}, ttl {ttl} type {name} ({kind})");
        if is_tunnel {
            write!(out, ", spi {spi}, Tunnel ");
            out.host4(src).text(" > ").host4(dst);
        }
        writeln!(out, ", length {}", packet.length());
    }
    out.run("ip", ip::print, packet)
}

fn gateway(out: &mut Out, layer2: &Layer2, c: Cursor<'_>) -> Walk {
    let protocol = layer2.cookie_byte(2);
    let vlan = u16::from_be_bytes([layer2.cookie_byte(4), layer2.cookie_byte(5)]);
    if out.options.link_header {
        let name = tokens::name(GGSN_PROTOCOLS, protocol.into()).unwrap_or("Unknown");
        write!(out, "proto {name} ({protocol}), vlan {vlan}: ");
    }
    match protocol {
        2 => out.run("ip", ip::print, c),
        6 => out.run("ip6", ip6::print, c),
        _ if out.options.link_header => Ok(()),
        _ => {
            write!(out, "unknown GGSN proto ({protocol})");
            Ok(())
        }
    }
}

fn monitor(out: &mut Out, _: &Layer2, c: Cursor<'_>) -> Walk {
    if out.options.link_header {
        let (kind, interface, service) = (c.peek_u8(0)?, c.peek_u16(2)?, c.peek_u32(4)?);
        write!(out, "service-id {service}, iif {interface}, pkt-type {kind}: ");
    }
    guess_ip(out, c).map(|_| ())
}

fn services(out: &mut Out, _: &Layer2, c: Cursor<'_>) -> Walk {
    if out.options.link_header {
        let [service, flags] = *c.peek_array(0)?;
        let (set, interface) = (c.peek_u16(2)?, c.peek_u24(5)?);
        write!(out, "service-id {service} flags 0x{flags:02x}");
        write!(out, " service-set-id 0x{set:04x} iif {interface}: ");
    }
    guess_ip(out, c).map(|_| ())
}
