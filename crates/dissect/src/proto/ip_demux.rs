//! What IPv4 and IPv6 carry, by protocol number.

use crate::Out;
use crate::proto::names::{IP_PROTOCOLS, protocol_name};
use crate::proto::{ah, ospf, ospf6};
use crate::tokens;
use wirescope_wire::ipv4::protocol;
use wirescope_wire::{Cursor, Stop, Walk};

/// Whether the printer of this protocol shows the addresses itself, together with its ports.
#[inline]
pub(crate) fn prints_addresses(number: u8) -> bool {
    matches!(number, protocol::TCP | protocol::UDP | protocol::SCTP | protocol::DCCP)
}

/// Whether a protocol number means an IPv6 extension header (AH and ESP count as protocols).
#[inline]
pub(crate) fn is_extension(number: u8) -> bool {
    matches!(
        number,
        protocol::HOP_BY_HOP
            | protocol::ROUTING
            | protocol::FRAGMENT
            | protocol::DESTINATION_OPTIONS
            | protocol::MOBILITY
            | protocol::MOBILITY_OLD
    )
}

/// Prints the payload of an IP datagram of `version`.
#[inline]
pub(crate) fn print(out: &mut Out, c: Cursor<'_>, number: u8, version: u8) -> Walk {
    let (mut c, mut number) = (c, number);
    // Authentication headers stand before what they protect, each at least twelve bytes long.
    while number == protocol::AH {
        number = ah::print(out, &mut c)?;
    }
    if let Some(required) = required_version(number)
        && required != version
    {
        write!(
            out,
            "[{} requires IPv{required}]",
            tokens::name(IP_PROTOCOLS, number.into()).unwrap_or("unknown")
        );
        return Err(Stop::Invalid);
    }
    if let Some(row) = out.registry.ip_protocol(number) {
        return out.run(row.proto, row.print, c);
    }
    match number {
        OSPF if version == 6 => return out.run("ospf3", ospf6::print, c),
        OSPF => return out.run("ospf2", ospf::print, c),
        ND => {
            out.text(" nd ").len(c.length());
        }
        protocol::NO_NEXT_HEADER => {
            out.text("no next header");
        }
        _ => {
            match protocol_name(number) {
                Some(name) if !out.options.numeric => out.text(" ").text(name),
                _ => out.text(" ip-proto-").dec(number),
            };
            out.text(" ").len(c.length());
        }
    }
    Ok(())
}

/// Sun's network disk protocol.
const ND: u8 = 77;
/// Open Shortest Path First: version 2 over IPv4, version 3 over IPv6.
const OSPF: u8 = 89;

/// The IP version outside of which a protocol makes no sense.
#[inline]
fn required_version(number: u8) -> Option<u8> {
    match number {
        protocol::ICMP | protocol::IGMP => Some(4),
        protocol::ICMPV6 => Some(6),
        _ => None,
    }
}
