//! Internet Protocol version 6 (RFC 8200, jumbograms: RFC 2675) and its chain of extension headers.

use crate::proto::ip6opts::{self, Jumbo};
use crate::proto::names::IP_PROTOCOLS;
use crate::proto::{frag6, ip_demux, mobility, rt6};
use crate::tokens;
use crate::{Network, Out};
use wirescope_wire::ipv4::protocol;
use wirescope_wire::ipv6::Ipv6;
use wirescope_wire::{Cursor, Stop, Walk};

/// What 16 bits of payload length can say; a packet without one that is longer came from an offload
/// that knows jumbograms.
const MAX_PAYLOAD: usize = 65_535;

/// Prints an IPv6 packet and what it carries.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if !out.options.link_header {
        out.text("IP6 ");
    }
    if c.length() < Ipv6::LEN {
        return out.disagree("length", c.length(), "<", Ipv6::LEN);
    }
    let version = c.peek_u8(0)? >> 4;
    if version != 6 {
        return out.disagree("version", version, "!=", 6);
    }
    let claimed = usize::from(c.peek_u16(4)?);
    check_claim(out, claimed, c.length());
    let next = c.peek_u8(6)?;
    if out.options.verbose > 0 {
        verbose(out, &c, claimed)?;
    }
    // Without a payload length the packet is a jumbogram, whose length an option gives, or comes from an
    // offload; both have the rest of the packet until an option says more.
    let presumed = claimed == 0 && next != protocol::HOP_BY_HOP && c.length() - Ipv6::LEN > MAX_PAYLOAD;
    let unsaid = presumed || (claimed == 0 && next == protocol::HOP_BY_HOP);
    let length = if unsaid { c.length() - Ipv6::LEN } else { claimed };
    let whole = if claimed == 0 { c } else { c.clip_captured(Ipv6::LEN + claimed) };
    let mut rest = whole;
    let ip = Ipv6::read(&mut rest)?;
    if presumed && out.options.verbose > 0 {
        write!(out, "[real length {}, presumed BIG TCP] ", c.length());
    }
    fields(out, ip);
    let context = &mut out.context;
    context.network = Network::V6 { src: ip.src(), dst: ip.dst(), final_dst: ip.dst() };
    context.network_at = c.at();
    context.fragmented = false;
    context.ttl = ip.hop_limit();
    context.ip_protocol = next;
    if !ip_demux::prints_addresses(next) {
        out.host6(ip.src()).text(" > ").host6(ip.dst()).text(": ");
    }
    if ip_demux::is_extension(next) {
        return extensions(out, rest.claim(length), next, claimed, c.length());
    }
    ip_demux::print(out, rest.claim(length), next, 6)
}

/// Says so where the header claims more than there is.
#[inline]
fn check_claim(out: &mut Out, payload: usize, length: usize) {
    let claimed = payload.saturating_add(Ipv6::LEN);
    if length < claimed {
        write!(out, "[header+payload length {claimed} > length {length}]");
        out.invalid();
        out.text(" ");
    }
}

#[inline]
fn fields(out: &mut Out, ip: Ipv6<'_>) {
    out.fields(|| {
        [
            ("src", ip.src().into()),
            ("dst", ip.dst().into()),
            ("next_header", ip.next_header().into()),
            ("hop_limit", ip.hop_limit().into()),
            ("traffic_class", ip.traffic_class().into()),
            ("flow_label", ip.flow_label().into()),
            ("payload_length", ip.payload_len().into()),
        ]
    });
}

/// What `-v` puts in front: every field of the header that is not the usual.
fn verbose(out: &mut Out, c: &Cursor<'_>, claimed: usize) -> Walk {
    let flow = c.peek_u32(0)?;
    let (class, label) = (flow >> 20 & 0xff, flow & 0xf_ffff);
    out.text("(");
    if class != 0 {
        out.text("class 0x").hex(class, 2).text(", ");
    }
    if label != 0 {
        out.text("flowlabel 0x").hex(label, 5).text(", ");
    }
    let (next, hop_limit) = (c.peek_u8(6)?, c.peek_u8(7)?);
    out.text("hlim ").dec(hop_limit).text(", next-header ");
    out.text(tokens::name(IP_PROTOCOLS, next.into()).unwrap_or("unknown"));
    out.text(" (").dec(next).text("), payload length ").len(claimed).text(") ");
    Ok(())
}

/// Prints extension headers until one names something else, and that. `claimed` is the payload length
/// of the header, `packet_len` what the packet had around it.
fn extensions(out: &mut Out, c: Cursor<'_>, first: u8, claimed: usize, packet_len: usize) -> Walk {
    let mut rest = c;
    let mut next = first;
    let (mut hop_by_hop_seen, mut other_seen) = (false, false);
    loop {
        let this = next;
        let start = rest;
        match this {
            protocol::HOP_BY_HOP => {
                check_order(out, hop_by_hop_seen, other_seen)?;
                hop_by_hop_seen = true;
                let mut jumbo = Jumbo::allowed(claimed == 0);
                ip6opts::print_hop_by_hop(out, &mut rest, &mut jumbo)?;
                next = start.peek_u8(0)?;
                if claimed == 0 {
                    rest = jumbogram(out, start, rest, jumbo, packet_len)?;
                }
            }
            protocol::DESTINATION_OPTIONS => {
                other_seen = true;
                ip6opts::print_destination(out, &mut rest)?;
                next = start.peek_u8(0)?;
            }
            protocol::FRAGMENT => {
                other_seen = true;
                out.context.fragmented = true;
                if !frag6::print(out, &mut rest, claimed)? {
                    return Ok(());
                }
                next = start.peek_u8(0)?;
            }
            protocol::ROUTING => {
                other_seen = true;
                next = rest.peek_u8(0)?;
                rt6::print(out, &mut rest)?;
            }
            protocol::MOBILITY | protocol::MOBILITY_OLD => {
                return out.run("mobility", mobility::print, rest);
            }
            _ => return ip_demux::print(out, rest, this, 6),
        }
        out.label("ip6");
        if start.length() < rest.at() - start.at() {
            return Err(Stop::Truncated);
        }
    }
}

/// Hop-by-hop options come once and first.
fn check_order(out: &mut Out, hop_by_hop_seen: bool, other_seen: bool) -> Walk {
    if hop_by_hop_seen {
        out.text("[The Hop-by-Hop Options header was already found]");
        return Err(Stop::Invalid);
    }
    if other_seen {
        out.text("[The Hop-by-Hop Options header don't follow the IPv6 header]");
        return Err(Stop::Invalid);
    }
    Ok(())
}

/// Gives what follows the hop-by-hop options of a jumbogram the length that its option claims.
fn jumbogram<'a>(
    out: &mut Out,
    options: Cursor<'a>,
    rest: Cursor<'a>,
    jumbo: Jumbo,
    packet_len: usize,
) -> Walk<Cursor<'a>> {
    let Some(payload_len) = jumbo.length() else {
        out.text("[No valid Jumbo Payload Hop-by-Hop option found]");
        return Err(Stop::Invalid);
    };
    out.field("jumbo_length", payload_len);
    let payload_len = payload_len as usize;
    check_claim(out, payload_len, packet_len);
    let taken = rest.at() - options.at();
    let length = payload_len.saturating_sub(taken);
    Ok(rest.clip_captured(length).claim(length))
}
