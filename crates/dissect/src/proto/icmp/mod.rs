//! Internet Control Message Protocol (RFC 792, RFC 950, RFC 1256, RFC 8335; extensions: RFC 4884).

mod extension;

pub(crate) use extension::print_extended_echo;

use crate::Out;
use crate::proto::ip;
use crate::tokens::{self, Tokens};
use wirescope_wire::icmp::{Icmp, kind};
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::{Cursor, Walk, checksum};

const MESSAGES: &Tokens = &[
    (0, "echo reply"),
    (4, "source quench"),
    (8, "echo request"),
    (10, "router solicitation"),
    (13, "time stamp request"),
    (14, "time stamp reply"),
    (15, "information request"),
    (16, "information reply"),
    (17, "address mask request"),
    (42, "extended echo request"),
    (43, "extended echo reply"),
];

/// What stands before and after the address that cannot be reached, by code.
const UNREACHABLE: &[(u8, &str, &str)] = &[
    (0, "net ", " unreachable"),
    (1, "host ", " unreachable"),
    (5, "", " unreachable - source route failed"),
    (6, "net ", " unreachable - unknown"),
    (7, "host ", " unreachable - unknown"),
    (8, "", " unreachable - source host isolated"),
    (9, "net ", " unreachable - admin prohibited"),
    (10, "host ", " unreachable - admin prohibited"),
    (11, "net ", " unreachable - tos prohibited"),
    (12, "host ", " unreachable - tos prohibited"),
    (13, "host ", " unreachable - admin prohibited filter"),
    (14, "host ", " unreachable - host precedence violation"),
    (15, "host ", " unreachable - precedence cutoff"),
];

mod unreachable {
    pub(super) const PROTOCOL: u8 = 2;
    pub(super) const PORT: u8 = 3;
    pub(super) const NEED_FRAGMENT: u8 = 4;
}

const ROUTER_ADVERTISEMENT: u8 = 9;
const EXTENDED_ECHO: u8 = 42;
const EXTENDED_ECHO_REPLY: u8 = 43;
/// Distance from the message to the datagram that it is about.
const QUOTED_AT: usize = 8;

/// Prints an ICMP message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let message = c.peek_u8(0)?;
    let code = c.peek_u8(1)?;
    fields(out, &c, message, code);
    // Nothing of the line may appear before all that it tells was found to be there.
    let start = out.buffer().len();
    out.text("ICMP ");
    if let Err(stop) = describe(out, &c, message, code) {
        out.take_back(start);
        return Err(stop);
    }
    out.text(", length ").len(c.length());
    if out.options.verbose == 0 {
        return Ok(());
    }
    if !out.context.fragmented && c.has(c.length()) {
        print_checksum(out, &c)?;
    }
    if is_error(message) {
        quoted(out, c)?;
        out.label("icmp");
        extension::print_after_quoted(out, c, message)?;
    }
    if matches!(message, EXTENDED_ECHO | EXTENDED_ECHO_REPLY) {
        extension::print_extended_echo(out, c, message == EXTENDED_ECHO)?;
    }
    Ok(())
}

fn fields(out: &mut Out, c: &Cursor<'_>, message: u8, code: u8) {
    if !out.wants_fields() {
        return;
    }
    out.fields(|| [("type", message.into()), ("code", code.into())]);
    if let Ok(icmp) = Icmp::read(&mut c.clone()) {
        out.field("checksum", icmp.checksum());
        if matches!(message, kind::ECHO | kind::ECHO_REPLY) {
            out.fields(|| [("id", icmp.id().into()), ("sequence", icmp.seq().into())]);
        }
    }
}

/// Whether the message is about a datagram, which it quotes.
fn is_error(message: u8) -> bool {
    matches!(
        message,
        kind::UNREACHABLE
            | kind::SOURCE_QUENCH
            | kind::REDIRECT
            | kind::TIME_EXCEEDED
            | kind::PARAMETER_PROBLEM
    )
}

/// Writes what the message says.
#[inline]
fn describe(out: &mut Out, c: &Cursor<'_>, message: u8, code: u8) -> Walk {
    match message {
        kind::ECHO | kind::ECHO_REPLY | EXTENDED_ECHO | EXTENDED_ECHO_REPLY => {
            let id = c.peek_u16(4)?;
            let sequence = if message >= EXTENDED_ECHO { u16::from(c.peek_u8(6)?) } else { c.peek_u16(6)? };
            out.text(tokens::name(MESSAGES, message.into()).unwrap_or_default());
            out.text(", id ").dec(id).text(", seq ").dec(sequence);
        }
        kind::UNREACHABLE => describe_unreachable(out, c, code)?,
        kind::REDIRECT => redirect(out, c, code)?,
        kind::TIME_EXCEEDED => {
            c.need(QUOTED_AT + Ipv4::LEN)?;
            match code {
                0 => {
                    out.text("time exceeded in-transit");
                }
                1 => {
                    out.text("ip reassembly time exceeded");
                }
                code => write!(out, "time exceeded-#{code}"),
            }
        }
        kind::PARAMETER_PROBLEM if code != 0 => write!(out, "parameter problem - code {code}"),
        kind::PARAMETER_PROBLEM => write!(out, "parameter problem - octet {}", c.peek_u8(4)?),
        kind::MASK_REPLY => write!(out, "address mask is 0x{:08x}", c.peek_u32(8)?),
        kind::TIMESTAMP => {
            write!(out, "time stamp query id {} seq {}", c.peek_u16(4)?, c.peek_u16(6)?);
        }
        kind::TIMESTAMP_REPLY => timestamp_reply(out, c)?,
        ROUTER_ADVERTISEMENT => router_advertisement(out, c)?,
        message => out.token(MESSAGES, message, format_args!("type-#{message}")),
    }
    Ok(())
}

fn describe_unreachable(out: &mut Out, c: &Cursor<'_>, code: u8) -> Walk {
    let quoted = c.ahead(QUOTED_AT);
    let ip = Ipv4::read(&mut quoted.clone());
    let dst = *quoted.peek_array::<4>(16)?;
    match code {
        unreachable::PROTOCOL => {
            out.host4(dst).text(" protocol ").dec(ip?.protocol()).text(" unreachable");
        }
        unreachable::PORT => {
            let ip = ip?;
            let port = quoted.peek_u16(ip.header_len() + 2)?;
            out.host4(dst);
            match ip.protocol() {
                protocol::TCP => out.text(" tcp port ").tcp_port(port),
                protocol::UDP => out.text(" udp port ").udp_port(port),
                other => out.text(" protocol ").dec(other).text(" port ").dec(port),
            };
            out.text(" unreachable");
        }
        unreachable::NEED_FRAGMENT => {
            let mtu = c.peek_u16(6)?;
            out.host4(dst).text(" unreachable - need to frag");
            if mtu != 0 {
                out.text(" (mtu ").dec(mtu).text(")");
            }
        }
        _ => match UNREACHABLE.iter().find(|row| row.0 == code) {
            Some((_, before, after)) => {
                out.text(before).host4(dst).text(after);
            }
            None => {
                out.host4(dst).text(" unreachable - #").dec(code);
            }
        },
    }
    Ok(())
}

fn redirect(out: &mut Out, c: &Cursor<'_>, code: u8) -> Walk {
    let gateway = *c.peek_array::<4>(4)?;
    let dst = *c.peek_array::<4>(QUOTED_AT + 16)?;
    let (redirect, to) = match code {
        0 => ("redirect ", " to net "),
        1 => ("redirect ", " to host "),
        2 => ("redirect-tos ", " to net "),
        3 => ("redirect-tos ", " to host "),
        _ => ("redirect-#", " to "),
    };
    out.text(redirect);
    if code > 3 {
        out.dec(code).text(" ");
    }
    out.host4(dst).text(to).host4(gateway);
    Ok(())
}

/// Routers and how much they want to be used (RFC 1256).
fn router_advertisement(out: &mut Out, c: &Cursor<'_>) -> Walk {
    let (count, size, lifetime_s) = (c.peek_u8(4)?, c.peek_u8(5)?, c.peek_u16(6)?);
    out.text("router advertisement");
    let (hours, minutes, seconds) = (lifetime_s / 3600, lifetime_s / 60 % 60, lifetime_s % 60);
    match (hours, minutes) {
        (0, 0) => write!(out, " lifetime {seconds}"),
        (0, _) => write!(out, " lifetime {minutes}:{seconds:02}"),
        _ => write!(out, " lifetime {hours}:{minutes:02}:{seconds:02}"),
    }
    write!(out, " {count}:");
    if size != 2 {
        write!(out, " [size {size}]");
        return Ok(());
    }
    for number in 0..usize::from(count) {
        let address = *c.peek_array::<4>(QUOTED_AT + 8 * number)?;
        let preference = c.peek_u32(QUOTED_AT + 8 * number + 4)?;
        out.text(" {").host4(address).text(" ").dec(preference).text("}");
    }
    Ok(())
}

fn timestamp_reply(out: &mut Out, c: &Cursor<'_>) -> Walk {
    write!(out, "time stamp reply id {} seq {}:", c.peek_u16(4)?, c.peek_u16(6)?);
    for (name, at) in [(" org ", 8), (", recv ", 12), (", xmit ", 16)] {
        let time_ms = c.peek_u32(at)?;
        let (seconds, ms) = (time_ms / 1000, time_ms % 1000);
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(out, "{name}{hours:02}:{minutes:02}:{seconds:02}.{ms:03}");
    }
    Ok(())
}

fn print_checksum(out: &mut Out, c: &Cursor<'_>) -> Walk {
    let sum = checksum::internet(c.claimed_bytes());
    if sum != 0 {
        let found = c.peek_u16(2)?;
        write!(out, " (wrong icmp cksum {found:x} (->{:x})!)", checksum::expected(found, sum));
    }
    Ok(())
}

/// The datagram that the message is about, on a line of its own.
fn quoted(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text("\n\t");
    let quoted = c.ahead(QUOTED_AT);
    let total_len = usize::from(quoted.peek_u16(2)?);
    let around = out.context;
    // Extensions may follow; to the printer of IP they would be more than its packet holds.
    let walk = out.run("ip", ip::print, quoted.clip_captured(total_len).claim(total_len));
    out.context = around;
    walk
}
