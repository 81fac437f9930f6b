//! Virtual Router Redundancy Protocol (RFC 3768 for version 2, RFC 9568 for version 3).

use crate::proto::carp;
use crate::tokens::Tokens;
use crate::{Network, Out, PortProtocol};
use wirescope_wire::{Cursor, Walk, checksum};

const TYPES: &Tokens = &[(1, "Advertisement")];

const AUTHENTICATION: &Tokens = &[(0, "none"), (1, "simple"), (2, "ah")];

const ADVERTISEMENT: u8 = 1;
const SIMPLE_PASSWORD: u8 = 1;
const PASSWORD_LEN: usize = 8;
/// A router sends with the largest time to live, so that forged packets from elsewhere can be told.
const OWN_TTL: u8 = 255;
const PROTOCOL: u8 = 112;

/// Prints an advertisement, or one of CARP, which has the same number, where that is asked for.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if out.options.port_protocol == Some(PortProtocol::Carp) {
        return out.run("carp", carp::print, c);
    }
    out.text("VRRP");
    let first = c.peek_u8(0)?;
    let (version, kind) = (first >> 4, first & 0x0f);
    out.field("version", version);
    out.field("type", kind);
    write!(out, "v{version}, ");
    out.token(TYPES, kind, format_args!("unknown type ({kind})"));
    let ttl = out.context.ttl;
    if ttl != OWN_TTL {
        write!(out, ", (ttl {ttl})");
    }
    if !(2..=3).contains(&version) || kind != ADVERTISEMENT {
        return Ok(());
    }
    let (router, priority) = (c.peek_u8(1)?, c.peek_u8(2)?);
    out.field("virtual_router_id", router);
    out.field("priority", priority);
    write!(out, ", vrid {router}, prio {priority}");
    let authentication = c.peek_u8(4)?;
    if version == 2 {
        out.text(", authtype ");
        out.token(AUTHENTICATION, authentication, format_args!("#{authentication}"));
        write!(out, ", intvl {}s, length {}", c.peek_u8(5)?, c.length());
    } else {
        write!(out, ", intvl {}cs, length {}", c.peek_u16(4)? & 0x0fff, c.length());
    }
    if out.options.verbose == 0 {
        return Ok(());
    }
    verbose(out, c, version, authentication)
}

/// Checksum, addresses and password.
fn verbose(out: &mut Out, c: Cursor<'_>, version: u8, authentication: u8) -> Walk {
    let addresses = c.peek_u8(3)?;
    if c.has(c.length()) && is_checksum_bad(out.context.network, c, version) {
        write!(out, ", (bad vrrp cksum {:x})", c.peek_u16(6)?);
    }
    out.text(", addrs");
    if addresses > 1 {
        write!(out, "({addresses})");
    }
    out.text(":");
    let mut rest = c.ahead(8);
    let is_v6 = version == 3 && matches!(out.context.network, Network::V6 { .. });
    for number in 0..addresses {
        let between = if number == 0 { " " } else { "," };
        if is_v6 {
            let address = *rest.array()?;
            out.text(between).host6(address);
        } else {
            let address = *rest.array()?;
            out.text(between).host4(address);
        }
    }
    if version == 2 && authentication == SIMPLE_PASSWORD {
        out.text(" auth \"");
        out.escaped_padded(&mut rest, PASSWORD_LEN)?;
        out.text("\"");
    }
    Ok(())
}

/// Version 3 covers a pseudo-header, version 2 does not.
fn is_checksum_bad(network: Network, c: Cursor<'_>, version: u8) -> bool {
    let sum = match network.pseudo_header(PROTOCOL, c.length()) {
        Some(pseudo) if version == 3 => pseudo.bytes(c.claimed_bytes()).checksum(),
        _ => checksum::internet(c.claimed_bytes()),
    };
    sum != 0
}
