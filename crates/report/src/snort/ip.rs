//! The lines about an IP header.

use std::fmt::Write;

use wirescope_detect::packet::{Inspected, Origin};
use wirescope_flow::decode::Ip;
use wirescope_wire::Cursor;
use wirescope_wire::ipv4::{Ipv4, protocol as protocol_number};
use wirescope_wire::ipv6::Ipv6;
use wirescope_wire::udp::Udp;

use super::options::{self, END, FILLER};
use super::protocol;

/// What the lines about an IP header say.
pub(super) struct IpHeader<'a> {
    /// Ends of the packet, with ports where the protocol has some and this is no fragment.
    pub(super) ends: String,
    pub(super) protocol: u8,
    ttl: u8,
    tos: u8,
    id: u32,
    header_len: usize,
    total_len: usize,
    /// The flags and the offset of an IPv4 header as they stand there.
    fragment_field: u16,
    /// Offset in units of eight bytes and size, of a fragment.
    fragment: Option<(usize, usize)>,
    options: &'a [u8],
}

impl<'a> IpHeader<'a> {
    /// The header of a packet that rules were matched on.
    pub(super) fn of(inspected: &Inspected<'a>) -> Self {
        let ip = inspected.ip;
        let captured = inspected.origin == Origin::Captured;
        let v4 = Some(ip).filter(|ip| ip.version() == 4);
        let v4 = v4.and_then(|ip| Ipv4::read(&mut Cursor::over(ip.bytes)).ok());
        let fragment = ip.fragment.filter(|_| captured);
        let header_len =
            v4.map_or(if ip.version() == 4 { ip.header_len } else { Ipv6::LEN }, Ipv4::header_len);
        let ports = Some(inspected.ports()).filter(|_| has_ports(ip.protocol) && fragment.is_none());
        IpHeader {
            ends: ends(&ip.src, &ip.dst, ports),
            protocol: ip.protocol,
            ttl: ip.ttl,
            tos: v4.map_or_else(|| traffic_class(ip), Ipv4::tos),
            id: v4.map_or(fragment.map_or(0, |part| part.id), |header| u32::from(header.id())),
            header_len,
            total_len: match inspected.origin {
                Origin::Fragments => ip.header_len + ip.payload_len + repeated_header(inspected),
                _ => ip.total_len,
            },
            fragment_field: v4.filter(|_| captured).map_or(0, Ipv4::fragment),
            fragment: fragment.map(|part| (part.offset / 8, ip.payload_len)),
            options: v4.and_then(|_| ip.bytes.get(Ipv4::LEN..header_len)).unwrap_or_default(),
        }
    }

    /// The header of a packet that an ICMP error quotes, and what is quoted after it; `None` where the
    /// quotation is too short for a header.
    pub(super) fn quoted(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let header = Ipv4::read(&mut Cursor::over(bytes)).ok()?;
        let header_len = header.header_len();
        if header.version() != 4 || header_len < Ipv4::LEN {
            return None;
        }
        let rest = bytes.get(header_len..)?;
        let is_fragment = header.is_fragment();
        let mut c = Cursor::over(rest);
        let ports = match (c.u16(), c.u16()) {
            (Ok(src), Ok(dst)) if has_ports(header.protocol()) && !is_fragment => Some((src, dst)),
            _ => None,
        };
        let (src, dst) = (header.src().into(), header.dst().into());
        let total_len = usize::from(header.total_len());
        let size = total_len.saturating_sub(header_len);
        let quoted = IpHeader {
            ends: ends::<std::net::Ipv4Addr>(&src, &dst, ports),
            protocol: header.protocol(),
            ttl: header.ttl(),
            tos: header.tos(),
            id: u32::from(header.id()),
            header_len,
            total_len,
            fragment_field: header.fragment(),
            fragment: is_fragment.then(|| (header.fragment_offset() / 8, size)),
            options: bytes.get(Ipv4::LEN..header_len).unwrap_or_default(),
        };
        Some((quoted, rest))
    }

    /// Whether this is a part of a datagram, whose transport header is not shown.
    pub(super) fn is_fragment(&self) -> bool {
        self.fragment.is_some()
    }

    /// Appends the lines; `after_ends` stands between the ends and the rest.
    pub(super) fn write(&self, text: &mut String, after_ends: char) {
        text.push_str(&self.ends);
        text.push(after_ends);
        let _ = write!(
            text,
            "{} TTL:{} TOS:0x{:X} ID:{} IpLen:{} DgmLen:{}",
            protocol::name(self.protocol),
            self.ttl,
            self.tos,
            self.id,
            self.header_len,
            self.total_len
        );
        let flags = [(Ipv4::RESERVED, " RB"), (Ipv4::DONT_FRAGMENT, " DF"), (Ipv4::MORE_FRAGMENTS, " MF")];
        for (_, name) in flags.iter().filter(|(bit, _)| self.fragment_field & bit != 0) {
            text.push_str(name);
        }
        text.push('\n');
        self.write_options(text);
        if let Some((offset, size)) = self.fragment {
            let _ = writeln!(text, "Frag Offset: 0x{offset:04X}   Frag Size: 0x{size:04X}");
        }
    }

    /// IP options by name (IANA's "IP Option Numbers"); what others hold is shown.
    fn write_options(&self, text: &mut String) {
        let mut options = options::walk(self.options);
        // The end of the list is no option here, though it is one of TCP.
        options.retain(|option| option.kind != END);
        if options.is_empty() {
            return;
        }
        let _ = write!(text, "IP Options ({}) => ", options.len());
        for option in options {
            let name = match option.kind {
                FILLER => "NOP ",
                7 => "RR ",
                68 => "TS ",
                130 => "SEC ",
                131 => "LSRR ",
                133 => "ESEC ",
                136 => "SID ",
                137 => "SSRR ",
                148 => "RTRALT ",
                other => {
                    let _ = write!(text, "Opt {other}: ");
                    options::write_unknown(text, option.data);
                    continue;
                }
            };
            text.push_str(name);
        }
        text.push('\n');
    }
}

/// Where the first fragment of a UDP datagram comes last, Snort takes its UDP header for a part of what is
/// carried, and counts it twice.
pub(super) fn repeated_header(inspected: &Inspected<'_>) -> usize {
    let ip = inspected.ip;
    let completed_by = Ipv4::read(&mut Cursor::over(ip.bytes)).ok().filter(|_| ip.version() == 4);
    let first = completed_by.is_some_and(|header| header.is_fragment() && header.fragment_offset() == 0);
    let repeats = inspected.origin == Origin::Fragments && ip.protocol == protocol_number::UDP && first;
    if repeats { Udp::LEN } else { 0 }
}

/// The ends of a packet.
fn ends<A: std::fmt::Display>(src: &A, dst: &A, ports: Option<(u16, u16)>) -> String {
    match ports {
        Some((from, to)) => format!("{src}:{from} -> {dst}:{to}"),
        None => format!("{src} -> {dst}"),
    }
}

fn has_ports(protocol: u8) -> bool {
    matches!(protocol, protocol_number::TCP | protocol_number::UDP)
}

fn traffic_class(ip: &Ip<'_>) -> u8 {
    Ipv6::read(&mut Cursor::over(ip.bytes)).map_or(0, Ipv6::traffic_class)
}
