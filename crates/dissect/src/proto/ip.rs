//! Internet Protocol version 4 (RFC 791, ECN: RFC 3168).

use crate::proto::ip_demux;
use crate::proto::names::{IP_PROTOCOLS, protocol_name};
use crate::tokens::{self, Tokens};
use crate::{Network, Out};
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::{Cursor, Stop, Walk, checksum};

const OPTIONS: &Tokens = &[
    (0, "EOL"),
    (1, "NOP"),
    (68, "timestamp"),
    (130, "security"),
    (7, "RR"),
    (137, "SSRR"),
    (131, "LSRR"),
    (148, "RA"),
    (82, "traceroute"),
];

const FRAGMENT_BITS: &Tokens = &[(0x2000, "+"), (0x4000, "DF"), (0x8000, "rsvd")];

mod option {
    pub(super) const END: u8 = 0;
    pub(super) const NO_OPERATION: u8 = 1;
    pub(super) const RECORD_ROUTE: u8 = 7;
    pub(super) const TIMESTAMP: u8 = 68;
    pub(super) const LOOSE_SOURCE_ROUTE: u8 = 131;
    pub(super) const STRICT_SOURCE_ROUTE: u8 = 137;
    pub(super) const ROUTER_ALERT: u8 = 148;
}

/// Prints an IPv4 datagram and what it carries.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if !out.options.link_header {
        out.text("IP ");
    }
    if c.length() < Ipv4::LEN {
        return out.disagree("length", c.length(), "<", Ipv4::LEN);
    }
    let version = c.peek_u8(0)? >> 4;
    if version != 4 {
        return out.disagree("version", version, "!=", 4);
    }
    let header_len = usize::from(c.peek_u8(0)? & 0x0f) * 4;
    if header_len < Ipv4::LEN {
        return out.disagree("header length", header_len, "<", Ipv4::LEN);
    }
    let claimed = usize::from(c.peek_u16(2)?);
    if c.length() < claimed {
        write!(out, "[total length {claimed} > length {}]", c.length());
        out.invalid();
        out.text(" ");
    }
    // A total length of 0 is what segmentation offload leaves behind; the rest of the packet counts then.
    let offloaded = claimed == 0 && matches!(c.peek_u8(9)?, protocol::TCP | protocol::UDP);
    let total_len = if offloaded { c.length() } else { claimed };
    if total_len < header_len {
        write!(out, "[total length {total_len} < header length {header_len}]");
        return Err(Stop::Invalid);
    }
    if !c.has(Ipv4::LEN) {
        // Not the end of the packet: the layers below know how far their headers reach.
        out.truncated();
        return Ok(());
    }
    let header = c;
    let datagram = c.clip(total_len);
    let mut rest = datagram;
    let ip = Ipv4::read(&mut rest)?;
    fields(out, ip);
    let mut options_cut_off = false;
    if out.options.verbose > 0 {
        options_cut_off = verbose(out, ip, header.clip(header_len), offloaded, total_len)?;
    }
    if ip.fragment() & 0x1fff != 0 {
        later_fragment(out, ip);
        return Ok(());
    }
    out.context.network_at = c.at();
    enter(out, ip, datagram.clip(header_len));
    if !ip_demux::prints_addresses(ip.protocol()) {
        out.host4(ip.src()).text(" > ").host4(ip.dst()).text(": ");
    }
    if options_cut_off {
        return Err(Stop::Truncated);
    }
    if !datagram.has(header_len) {
        write!(out, " [remaining caplen({}) < header length({header_len})]", datagram.captured());
        return Err(Stop::Truncated);
    }
    ip_demux::print(out, datagram.ahead(header_len), ip.protocol(), 4)
}

#[inline]
fn fields(out: &mut Out, ip: Ipv4<'_>) {
    out.fields(|| {
        [
            ("src", ip.src().into()),
            ("dst", ip.dst().into()),
            ("protocol", ip.protocol().into()),
            ("ttl", ip.ttl().into()),
            ("tos", ip.tos().into()),
            ("id", ip.id().into()),
            ("total_length", ip.total_len().into()),
            ("fragment", ip.fragment().into()),
        ]
    });
}

/// Tells the layers above whose payload they print.
fn enter(out: &mut Out, ip: Ipv4<'_>, header: Cursor<'_>) {
    let context = &mut out.context;
    context.network = Network::V4 { src: ip.src(), dst: ip.dst(), final_dst: final_destination(ip, header) };
    context.fragmented = ip.fragment() & Ipv4::MORE_FRAGMENTS != 0;
    context.ttl = ip.ttl();
    context.ip_protocol = ip.protocol();
}

/// The line that `-v` puts in front: every field of the header. True where the options were cut off.
fn verbose(out: &mut Out, ip: Ipv4<'_>, header: Cursor<'_>, offloaded: bool, total_len: usize) -> Walk<bool> {
    let mut cut_off = false;
    let header_len = ip.header_len();
    out.text("(tos 0x").hex(ip.tos(), 1);
    match ip.tos() & 3 {
        1 => {
            out.text(",ECT(1)");
        }
        2 => {
            out.text(",ECT(0)");
        }
        3 => {
            out.text(",CE");
        }
        _ => {}
    }
    if ip.ttl() >= 1 {
        out.text_dec(b", ttl ", ip.ttl());
    }
    out.text_dec(b", id ", ip.id()).text_len(b", offset ", ip.fragment_offset()).text(", flags [");
    out.bits(FRAGMENT_BITS, ip.fragment() & 0xe000, ", ", format_args!("none"));
    out.text("], proto ").text(tokens::name(IP_PROTOCOLS, ip.protocol().into()).unwrap_or("unknown"));
    out.text_dec(b" (", ip.protocol()).text(")");
    if offloaded {
        write!(
            out,
            ", length {total_len} [was 0, presumed {}]",
            if total_len > 65_535 { "BIG TCP" } else { "TSO" }
        );
    } else {
        out.text_len(b", length ", total_len);
    }
    if header_len > Ipv4::LEN {
        out.text(", options (");
        let options = header.ahead(Ipv4::LEN).claim(header_len - Ipv4::LEN);
        if !print_options(out, options)? {
            out.text(" [truncated-option]");
            cut_off = true;
        }
        out.text(")");
    }
    if !out.options.no_checksums && header.has(header_len) {
        let sum = checksum::internet(header.bytes());
        if sum != 0 {
            let found = ip.checksum();
            write!(out, ", bad cksum {found:x} (->{:x})!", checksum::expected(found, sum));
        }
    }
    out.text(if out.options.ip_oneline { ") " } else { ")\n    " });
    Ok(cut_off)
}

/// A fragment after the first: there is no header of the protocol above to print.
fn later_fragment(out: &mut Out, ip: Ipv4<'_>) {
    out.host4(ip.src()).text(" > ").host4(ip.dst()).text(":");
    match protocol_name(ip.protocol()) {
        Some(name) if !out.options.numeric => out.text(" ").text(name),
        _ => out.text(" ip-proto-").dec(ip.protocol()),
    };
}

/// Where the datagram goes in the end: the last address of a source route, or the destination.
fn final_destination(ip: Ipv4<'_>, header: Cursor<'_>) -> [u8; 4] {
    if header.length() == Ipv4::LEN {
        return ip.dst();
    }
    let mut options = header.ahead(Ipv4::LEN).claimed_bytes();
    while let [kind, rest @ ..] = options {
        match *kind {
            option::END => break,
            option::NO_OPERATION => options = rest,
            kind => {
                let Some((len, body)) = rest.split_first() else { break };
                let Some(body_len) = usize::from(*len).checked_sub(2) else { break };
                let Some((body, after)) = body.split_at_checked(body_len) else { break };
                if matches!(kind, option::LOOSE_SOURCE_ROUTE | option::STRICT_SOURCE_ROUTE)
                    && body_len >= 5
                    && let Some(last) = body.last_chunk::<4>()
                {
                    return *last;
                }
                options = after;
            }
        }
    }
    ip.dst()
}

/// Prints the options; false where one was cut off.
fn print_options(out: &mut Out, mut c: Cursor<'_>) -> Walk<bool> {
    let mut between = "";
    while c.length() > 0 {
        out.text(between);
        between = ",";
        let kind = c.peek_u8(0)?;
        let len = match kind {
            option::END | option::NO_OPERATION => 1,
            _ if c.length() < 2 => 0,
            _ => usize::from(c.peek_u8(1)?),
        };
        out.token(OPTIONS, kind, format_args!("unknown {kind}"));
        let least = if matches!(kind, option::END | option::NO_OPERATION) { 1 } else { 2 };
        if len < least || len > c.length() {
            write!(out, " [bad length {len}]");
            return Ok(true);
        }
        let body = c.claim(len);
        match kind {
            option::END => return Ok(true),
            option::TIMESTAMP => {
                if !timestamps(out, body)? {
                    return Ok(false);
                }
            }
            option::RECORD_ROUTE | option::STRICT_SOURCE_ROUTE | option::LOOSE_SOURCE_ROUTE => {
                route(out, body)?;
            }
            option::ROUTER_ALERT => {
                if len != 4 {
                    write!(out, " [bad length {len}]");
                } else if body.peek_u16(2)? != 0 {
                    write!(out, " value {}", body.peek_u16(2)?);
                }
            }
            _ => body.need(len)?,
        }
        c.advance(len);
    }
    Ok(true)
}

/// The addresses of a recorded or source route.
fn route(out: &mut Out, option: Cursor<'_>) -> Walk {
    let len = option.length();
    if len < 3 {
        write!(out, " [bad length {len}]");
        return Ok(());
    }
    if (len + 1) & 3 != 0 {
        write!(out, " [bad length {len}]");
    }
    let pointer = usize::from(option.peek_u8(2)?).wrapping_sub(1);
    if pointer < 3 || pointer.wrapping_add(1) & 3 != 0 {
        write!(out, " [bad ptr {}]", option.peek_u8(2)?);
    }
    for at in (3..len).step_by(4) {
        let address = *option.peek_array::<4>(at)?;
        out.text(" ").host4(address);
        if pointer > at {
            out.text(",");
        }
    }
    Ok(())
}

/// The entries of a timestamp option.
fn timestamps(out: &mut Out, option: Cursor<'_>) -> Walk<bool> {
    let len = option.length();
    if len < 4 {
        write!(out, "[bad length {len}]");
        return Ok(true);
    }
    out.text(" TS{");
    let flags = option.peek_u8(3)?;
    let hop_len = if flags & 0x0f == 0 { 4 } else { 8 };
    if (len - 4) & (hop_len - 1) != 0 {
        write!(out, "[bad length {len}]");
    }
    let pointer = usize::from(option.peek_u8(2)?).wrapping_sub(1);
    if pointer < 4 || (pointer.wrapping_sub(4)) & (hop_len - 1) != 0 || pointer > len {
        write!(out, "[bad ptr {}]", option.peek_u8(2)?);
    }
    match flags & 0x0f {
        0 => {
            out.text("TSONLY");
        }
        1 => {
            out.text("TS+ADDR");
        }
        3 => {
            out.text("PRESPEC");
        }
        kind => {
            write!(out, "[bad ts type {kind}]");
            return finish(out, flags);
        }
    }
    let mut mark = " ";
    let mut at = 4;
    while at < len {
        if at + hop_len > len {
            return Ok(false);
        }
        if pointer == at {
            mark = " ^ ";
        }
        let (address, time) = match hop_len {
            8 => (Some(*option.peek_array::<4>(at)?), option.peek_u32(at + 4)?),
            _ => (None, option.peek_u32(at)?),
        };
        write!(out, "{mark}{time}");
        if let Some(address) = address {
            out.text("@").host4(address);
        }
        mark = " ";
        at += hop_len;
    }
    if pointer == len {
        out.text(" ^ ");
    }
    finish(out, flags)
}

fn finish(out: &mut Out, flags: u8) -> Walk<bool> {
    match flags >> 4 {
        0 => {
            out.text("}");
        }
        missed => write!(out, " [{missed} hops not recorded]}} "),
    }
    Ok(true)
}
