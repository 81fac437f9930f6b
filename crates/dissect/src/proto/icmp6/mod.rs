//! Internet Control Message Protocol for IPv6 (RFC 4443) and what runs over it: neighbour discovery
//! (RFC 4861), multicast listeners (RFC 2710, RFC 3810), router renumbering (RFC 2894), node information
//! (RFC 4620), mobile agents (RFC 6275), RPL (RFC 6550), extended echo (RFC 8335).

mod listener;
mod neighbor;
mod node_information;
mod renumbering;
mod rpl;

use crate::Out;
use crate::proto::icmp;
use crate::proto::ip_demux;
use crate::tokens::Tokens;
use wirescope_wire::icmp::kind_v6;
use wirescope_wire::ipv4::protocol;
use wirescope_wire::ipv6::Ipv6;
use wirescope_wire::{Cursor, Stop, Walk, checksum};

pub(crate) const MESSAGES: &Tokens = &[
    (1, "destination unreachable"),
    (2, "packet too big"),
    (3, "time exceeded in-transit"),
    (4, "parameter problem"),
    (128, "echo request"),
    (129, "echo reply"),
    (130, "multicast listener query"),
    (131, "multicast listener report"),
    (132, "multicast listener done"),
    (133, "router solicitation"),
    (134, "router advertisement"),
    (135, "neighbor solicitation"),
    (136, "neighbor advertisement"),
    (137, "redirect"),
    (138, "router renumbering"),
    (141, "inverse neighbor solicitation"),
    (142, "inverse neighbor advertisement"),
    (143, "multicast listener report v2"),
    (144, "ha discovery request"),
    (145, "ha discovery reply"),
    (146, "mobile router solicitation"),
    (147, "mobile router advertisement"),
    (139, "node information query"),
    (140, "node information reply"),
    (201, "mtrace message"),
    (200, "mtrace response"),
    (155, "RPL"),
    (160, "extended echo request"),
    (161, "extended echo reply"),
];

const UNREACHABLE: &Tokens = &[
    (0, "unreachable route"),
    (1, " unreachable prohibited"),
    (2, "beyond scope"),
    (3, "unreachable address"),
    (4, "unreachable port"),
];

mod kind {
    pub(super) const LISTENER_QUERY: u8 = 130;
    pub(super) const LISTENER_REPORT: u8 = 131;
    pub(super) const LISTENER_DONE: u8 = 132;
    pub(super) const ROUTER_SOLICITATION: u8 = 133;
    pub(super) const ROUTER_ADVERTISEMENT: u8 = 134;
    pub(super) const NEIGHBOR_SOLICITATION: u8 = 135;
    pub(super) const NEIGHBOR_ADVERTISEMENT: u8 = 136;
    pub(super) const REDIRECT: u8 = 137;
    pub(super) const ROUTER_RENUMBERING: u8 = 138;
    pub(super) const NODE_QUERY: u8 = 139;
    pub(super) const NODE_REPLY: u8 = 140;
    pub(super) const INVERSE_SOLICITATION: u8 = 141;
    pub(super) const INVERSE_ADVERTISEMENT: u8 = 142;
    pub(super) const LISTENER_REPORT_V2: u8 = 143;
    pub(super) const HOME_AGENT_REQUEST: u8 = 144;
    pub(super) const HOME_AGENT_REPLY: u8 = 145;
    pub(super) const MOBILE_PREFIX_SOLICITATION: u8 = 146;
    pub(super) const MOBILE_PREFIX_ADVERTISEMENT: u8 = 147;
    pub(super) const RPL: u8 = 155;
    pub(super) const EXTENDED_ECHO: u8 = 160;
    pub(super) const EXTENDED_ECHO_REPLY: u8 = 161;
}

mod unreachable {
    pub(super) const NO_ROUTE: u8 = 0;
    pub(super) const PROHIBITED: u8 = 1;
    pub(super) const BEYOND_SCOPE: u8 = 2;
    pub(super) const ADDRESS: u8 = 3;
    pub(super) const PORT: u8 = 4;
}

/// Distance from the message to the packet that it quotes, or to its own addresses.
const BODY_AT: usize = 8;

/// Prints an ICMPv6 message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() == 0 {
        out.text("ICMP6, length 0");
        return Err(Stop::Invalid);
    }
    let message = c.peek_u8(0)?;
    fields(out, &c, message);
    if out.options.verbose > 0 && !out.context.fragmented && c.has(c.length()) {
        print_checksum(out, c);
    }
    out.text("ICMP6, ");
    out.token(MESSAGES, message, format_args!("unknown icmp6 type ({message})"));
    if out.options.verbose > 0 && tells_length_first(message) {
        out.text(", length ").len(c.length());
    }
    if body(out, c, message)? && out.options.verbose == 0 {
        out.text(", length ").len(c.length());
    }
    Ok(())
}

fn fields(out: &mut Out, c: &Cursor<'_>, message: u8) {
    out.field("type", message);
    if let Ok([code, high, low]) = c.peek_array::<3>(1) {
        out.field("code", *code);
        out.field("checksum", u16::from_be_bytes([*high, *low]));
    }
}

fn print_checksum(out: &mut Out, c: Cursor<'_>) {
    let Ok(found) = c.peek_u16(2) else { return };
    let Some(pseudo) = out.context.network.pseudo_header(protocol::ICMPV6, c.length()) else { return };
    let sum = pseudo.bytes(c.claimed_bytes()).checksum();
    if sum == 0 {
        out.text("[icmp6 sum ok] ");
    } else {
        out.text("[bad icmp6 cksum 0x").hex(found, 4);
        out.text(" -> 0x").hex(checksum::expected(found, sum), 4).text("!] ");
    }
}

/// Messages whose options come on lines of their own give the length before them.
fn tells_length_first(message: u8) -> bool {
    matches!(
        message,
        kind::ROUTER_SOLICITATION
            | kind::ROUTER_ADVERTISEMENT
            | kind::NEIGHBOR_SOLICITATION
            | kind::NEIGHBOR_ADVERTISEMENT
            | kind::REDIRECT
            | kind::HOME_AGENT_REPLY
            | kind::MOBILE_PREFIX_ADVERTISEMENT
    )
}

/// Prints what stands after the message's name; false where the length was told already.
#[inline]
fn body(out: &mut Out, c: Cursor<'_>, message: u8) -> Walk<bool> {
    let code = || c.peek_u8(1);
    match message {
        kind_v6::UNREACHABLE => return unreachable(out, c, code()?),
        kind_v6::PACKET_TOO_BIG => {
            let mtu = c.peek_u32(4)?;
            out.field("mtu", mtu);
            out.text(", mtu ").dec(mtu);
        }
        kind_v6::TIME_EXCEEDED => time_exceeded(out, c, code()?)?,
        kind_v6::PARAMETER_PROBLEM => parameter_problem(out, c, code()?)?,
        kind_v6::ECHO | kind_v6::ECHO_REPLY => {
            let (id, sequence) = (c.peek_u16(4)?, c.peek_u16(6)?);
            out.field("id", id);
            out.field("sequence", sequence);
            out.text(", id ").dec(id).text(", seq ").dec(sequence);
        }
        kind::LISTENER_QUERY => listener::query(out, c)?,
        kind::LISTENER_REPORT | kind::LISTENER_DONE => listener::report(out, c)?,
        kind::LISTENER_REPORT_V2 => listener::report_v2(out, c)?,
        kind::ROUTER_SOLICITATION => neighbor::router_solicitation(out, c)?,
        kind::ROUTER_ADVERTISEMENT => neighbor::router_advertisement(out, c)?,
        kind::NEIGHBOR_SOLICITATION => neighbor::solicitation(out, c)?,
        kind::NEIGHBOR_ADVERTISEMENT => neighbor::advertisement(out, c)?,
        kind::REDIRECT => neighbor::redirect(out, c)?,
        kind::ROUTER_RENUMBERING => marked(out, |out| renumbering::print(out, c, code()?))?,
        kind::NODE_QUERY => marked(out, |out| node_information::query(out, c, code()?))?,
        kind::NODE_REPLY => marked(out, |out| node_information::reply(out, c, code()?))?,
        kind::HOME_AGENT_REQUEST | kind::MOBILE_PREFIX_SOLICITATION => {
            write!(out, ", id 0x{:04x}", c.peek_u16(4)?);
        }
        kind::HOME_AGENT_REPLY => home_agents(out, c)?,
        kind::MOBILE_PREFIX_ADVERTISEMENT => neighbor::mobile_prefix_advertisement(out, c)?,
        kind::RPL => rpl::print(out, c, code()?)?,
        kind::EXTENDED_ECHO | kind::EXTENDED_ECHO_REPLY => {
            write!(out, ", id {}, seq {}", c.peek_u16(4)?, c.peek_u8(6)?);
            if out.options.verbose > 0 {
                icmp::print_extended_echo(out, c, message == kind::EXTENDED_ECHO)?;
            }
        }
        kind::INVERSE_SOLICITATION | kind::INVERSE_ADVERTISEMENT => {}
        _ => {
            out.text(", length ").len(c.length());
            if out.options.verbose <= 1 {
                out.dump_hex("\n\t", c.claimed_bytes());
            }
            return Ok(false);
        }
    }
    Ok(true)
}

/// Prints a part after whose truncation the line goes on.
fn marked(out: &mut Out, print: impl FnOnce(&mut Out) -> Walk) -> Walk {
    match print(out) {
        Err(Stop::Truncated) => {
            out.truncated();
            Ok(())
        }
        walk => walk,
    }
}

fn unreachable(out: &mut Out, c: Cursor<'_>, code: u8) -> Walk<bool> {
    let quoted = c.ahead(BODY_AT);
    out.text(", ");
    out.token(UNREACHABLE, code, format_args!("unknown unreach code ({code})"));
    match code {
        unreachable::NO_ROUTE | unreachable::PROHIBITED | unreachable::ADDRESS => {
            let dst = *quoted.peek_array::<16>(24)?;
            out.text(" ").host6(dst);
        }
        unreachable::BEYOND_SCOPE => {
            let (src, dst) = (*quoted.peek_array::<16>(8)?, *quoted.peek_array::<16>(24)?);
            out.text(" ").host6(dst).text(", source address ").host6(src);
        }
        unreachable::PORT => port_unreachable(out, quoted)?,
        _ if out.options.verbose <= 1 => {
            out.dump_hex("\n\t", c.claimed_bytes());
            return Ok(false);
        }
        _ => {}
    }
    Ok(true)
}

fn port_unreachable(out: &mut Out, quoted: Cursor<'_>) -> Walk {
    let (upper, number) = upper_layer(quoted)?;
    let port = upper.peek_u16(2)?;
    let dst = *quoted.peek_array::<16>(24)?;
    out.text(", ").host6(dst);
    match number {
        protocol::TCP => out.text(" tcp port ").tcp_port(port),
        _ => out.text(" udp port ").udp_port(port),
    };
    Ok(())
}

/// The TCP or UDP header of the quoted packet, after its extension headers.
fn upper_layer(quoted: Cursor<'_>) -> Walk<(Cursor<'_>, u8)> {
    let mut next = quoted.peek_u8(6)?;
    let mut c = quoted;
    c.skip(Ipv6::LEN)?;
    while ip_demux::is_extension(next) {
        let len = match next {
            protocol::FRAGMENT if c.peek_u16(2)? & 0xfff8 != 0 => return Err(Stop::Truncated),
            protocol::FRAGMENT => 8,
            _ => (usize::from(c.peek_u8(1)?) + 1) * 8,
        };
        next = c.peek_u8(0)?;
        c.skip(len)?;
    }
    if matches!(next, protocol::TCP | protocol::UDP) { Ok((c, next)) } else { Err(Stop::Truncated) }
}

fn time_exceeded(out: &mut Out, c: Cursor<'_>, code: u8) -> Walk {
    let dst = *c.peek_array::<16>(BODY_AT + 24)?;
    match code {
        0 => {
            out.text(" for ").host6(dst);
        }
        1 => {
            out.text(" (reassembly)");
        }
        _ => write!(out, ", unknown code ({code})"),
    }
    Ok(())
}

fn parameter_problem(out: &mut Out, c: Cursor<'_>, code: u8) -> Walk {
    let _quoted = c.peek_array::<16>(BODY_AT + 24)?;
    let what = match code {
        0 => ", erroneous",
        1 => ", next header",
        2 => ", option",
        3 => ", incomplete header chain",
        _ => {
            write!(out, ", code-#{code}");
            return Ok(());
        }
    };
    out.text(what).text(" - octet ").dec(c.peek_u32(4)?);
    Ok(())
}

/// Home agents that a mobile node may choose from (RFC 6275 section 6.6).
fn home_agents(out: &mut Out, c: Cursor<'_>) -> Walk {
    if out.options.verbose == 0 {
        return Ok(());
    }
    write!(out, ", id 0x{:04x}", c.peek_u16(4)?);
    let mut rest = c.ahead(BODY_AT);
    while rest.length() >= 16 {
        let address = *rest.array::<16>()?;
        out.text(", ").host6(address);
    }
    Ok(())
}
