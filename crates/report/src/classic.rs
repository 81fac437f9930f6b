//! The text of tcpshow 1.0 (1996): every header of TCP/IP over Ethernet with a line for each field, and what
//! the packet carries as text.
//!
//! tcpshow read the hex lines that tcpdump printed of a datagram. What it says therefore depends on whole
//! lines: bytes behind the datagram are known up to the end of its last line, and where lines are missing
//! it goes on until the next packet begins, which is where it notices.

pub mod cooked;
mod data;
mod label;
mod names;

use std::fmt::Write;

use jiff::tz::TimeZone;
use wirescope_flow::decode::decode;
use wirescope_wire::ethernet::{Ethernet, ether_type};
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::tcp::{Tcp, flag};
use wirescope_wire::udp::Udp;
use wirescope_wire::{Cursor, LinkType, Packet, Stop, Timestamp, Walk};

use crate::text::Naming;
use cooked::Cooked;
pub use data::Break;
use label::{label, mac};

/// What stands between two packets.
const SEPARATOR: &str = "-----------------------------------------------------------------\n";
/// Said at the beginning of the next packet, and so never of the last one.
const MISSING: &str = "\n\t<*** Rest of data missing from packet dump ***>\n";
const NOT_IP: &str = "\t<*** No decode support for non-IP protocols ***>\n";
const UNKNOWN_PROTOCOL: &str = "\t<*** No decode support for encapsulated protocol ***>\n";
const CORRUPT: &str = "\t<*** Packet length corrupt ***>\n";
const OPTIONS: &str = "\t<Options not displayed>\n";

/// Bytes on a line of tcpdump's digits.
const LINE: usize = 16;
/// Bytes of an ICMP header as far as all messages share it (RFC 792): type, code and checksum.
const ICMP_LEN: usize = 4;

/// What tcpshow's options ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// `-b`, `-sb`, `-w`: where lines of data end early.
    pub breaks: Option<Break>,
    /// `-data`: only who talks to whom, and the data.
    pub only_data: bool,
    /// `-nodata`: how much data there is, instead of the data.
    pub no_data: bool,
    /// `-noip`: no IP header.
    pub no_ip: bool,
    /// `-nolink`: no time, no link header.
    pub no_link: bool,
    /// `-s`: what stands behind the end of the datagram.
    pub spurious: bool,
    /// `-terse`: a line or two for each header.
    pub terse: bool,
    /// `-track`: which acknowledgement a segment should get.
    pub track: bool,
    /// `-pp`: a point-to-point link, which has no addresses to show.
    pub point_to_point: bool,
}

/// Prints packets as tcpshow does, one after the other.
#[derive(Debug)]
pub struct Classic {
    options: Options,
    naming: Naming,
    zone: TimeZone,
    /// Packets printed so far.
    printed: u64,
    /// A packet's lengths were corrupt, and no later one that could be decoded has cleared that.
    leftover: bool,
    /// The lines of the packet before ended too early.
    missing: bool,
}

/// Why the rest of a packet is not shown.
enum End {
    /// Its lengths contradict each other.
    Corrupt,
    /// The bytes end.
    Missing,
}

impl From<Stop> for End {
    fn from(_: Stop) -> End {
        End::Missing
    }
}

impl Classic {
    /// Prints with these options, ports by the names of `naming`, times in the zone of this machine.
    pub fn new(options: Options, naming: Naming) -> Self {
        Classic { options, naming, zone: TimeZone::system(), printed: 0, leftover: false, missing: false }
    }

    /// The text of a packet.
    pub fn packet(&mut self, packet: &Packet) -> String {
        let time = self.clock(packet.time);
        self.frame(&time, &Frame::of(packet))
    }

    /// The text of a packet that was read from text.
    pub fn cooked(&mut self, cooked: &Cooked) -> String {
        let Cooked { time, addresses, kind, payload } = cooked;
        self.frame(time, &Frame { addresses: *addresses, kind: *kind, payload })
    }

    fn frame(&mut self, time: &str, frame: &Frame) -> String {
        let mut text = String::new();
        if std::mem::take(&mut self.missing) {
            text.push_str(MISSING);
        }
        if self.printed > 0 {
            text.push_str(SEPARATOR);
        }
        self.printed += 1;
        if !self.options.only_data {
            let _ = writeln!(text, "Packet {}", self.printed);
            if !self.options.no_link {
                self.link(&mut text, time, frame);
            }
        }
        let is_ip = frame.kind == Some(ether_type::IPV4);
        if !is_ip && !self.options.only_data {
            text.push_str(NOT_IP);
        }
        let decoded = is_ip && self.datagram(&mut text, frame.payload);
        if !decoded && self.leftover {
            self.missing = true;
        }
        text
    }

    /// The time and the link header.
    fn link(&self, text: &mut String, time: &str, frame: &Frame) {
        let addresses = frame.addresses.filter(|_| !self.options.point_to_point);
        let kind = frame.kind.map_or_else(|| "<unknown>".to_owned(), names::ether_type);
        if self.options.terse {
            let _ = writeln!(text, "TIME:\t{time}");
            match addresses {
                Some((src, dst)) => writeln!(text, "LINK:\t{} -> {} type={kind}", mac(src), mac(dst)),
                None => writeln!(text, "LINK:\ttype={kind}"),
            }
            .unwrap_or_default();
            return;
        }
        label(text, "Timestamp", time);
        if let Some((src, dst)) = addresses {
            label(text, "Source Ethernet Address", mac(src));
            label(text, "Destination Ethernet Address", mac(dst));
        }
        label(text, "Encapsulated Protocol", &kind);
    }

    /// The time of day, as tcpdump prints it.
    fn clock(&self, time: Timestamp) -> String {
        let Ok(instant) = jiff::Timestamp::from_second(time.seconds) else {
            return "[timestamp overflow]".to_owned();
        };
        let local = instant.to_zoned(self.zone.clone());
        format!("{:02}:{:02}:{:02}.{:06}", local.hour(), local.minute(), local.second(), time.micros())
    }

    /// An IP datagram; whether what it carries could be told.
    fn datagram(&mut self, text: &mut String, captured: &[u8]) -> bool {
        let mut c = Cursor::over(captured);
        let Ok(ip) = Ipv4::read(&mut c) else {
            self.missing = true;
            return false;
        };
        if ip.version() != 4 {
            let _ = writeln!(text, "\t<Not an IPv4 datagram (ver={})>", ip.version());
            return false;
        }
        if !self.options.no_ip && !self.options.only_data {
            self.ip_header(text, ip);
        }
        let lines = usize::from(ip.total_len()).max(1).div_ceil(LINE) * LINE;
        let mut c = c.clip_captured(lines.saturating_sub(Ipv4::LEN));
        if c.skip(ip.header_len().saturating_sub(Ipv4::LEN)).is_err() {
            self.missing = true;
            return false;
        }
        let carried = match ip.protocol() {
            protocol::TCP => self.tcp(text, ip, c),
            protocol::UDP => self.udp(text, ip, c),
            protocol::ICMP => self.icmp(text, ip, c),
            _ => {
                text.push_str(UNKNOWN_PROTOCOL);
                return false;
            }
        };
        self.leftover = match carried {
            Ok(()) => false,
            Err(End::Missing) => {
                self.missing = true;
                self.leftover
            }
            Err(End::Corrupt) => {
                text.push_str(CORRUPT);
                self.missing = true;
                true
            }
        };
        true
    }

    fn ip_header(&self, text: &mut String, ip: Ipv4) {
        let (src, dst) = (dotted(ip.src()), dotted(ip.dst()));
        let more = ip.fragment() & Ipv4::MORE_FRAGMENTS != 0;
        let dont = ip.fragment() & Ipv4::DONT_FRAGMENT != 0;
        let offset = ip.fragment_offset() / 8;
        let carried = names::ip_protocol(ip.protocol());
        if self.options.terse {
            let _ = write!(
                text,
                "  IP:\t{src} -> {dst} hlen={} TOS={:02X} dgramlen={} id={:04X}\n\tMF/DF={}/{} frag={offset} TTL={} proto={carried} cksum={:04X}\n",
                ip.header_len(),
                ip.tos(),
                ip.total_len(),
                ip.id(),
                u8::from(more),
                u8::from(dont),
                ip.ttl(),
                ip.checksum(),
            );
            return;
        }
        text.push_str("IP Header\n");
        label(text, "Version", ip.version());
        label(text, "Header Length", format_args!("{} bytes", ip.header_len()));
        label(text, "Service Type", format_args!("0x{:02X}", ip.tos()));
        label(text, "Datagram Length", format_args!("{} bytes", ip.total_len()));
        label(text, "Identification", format_args!("0x{:04X}", ip.id()));
        label(text, "Flags", format_args!("MF={} DF={}", on_then(more), on(dont)));
        label(text, "Fragment Offset", offset);
        label(text, "TTL", ip.ttl());
        label(text, "Encapsulated Protocol", carried);
        label(text, "Header Checksum", format_args!("0x{:04X}", ip.checksum()));
        label(text, "Source IP Address", src);
        label(text, "Destination IP Address", dst);
        if ip.header_len() > Ipv4::LEN {
            text.push_str(OPTIONS);
        }
    }

    fn tcp(&self, text: &mut String, ip: Ipv4, mut c: Cursor<'_>) -> Result<(), End> {
        let tcp = Tcp::read(&mut c)?;
        c.skip(tcp.header_len().saturating_sub(Tcp::LEN))?;
        let data = carried(ip).checked_sub(tcp.header_len()).ok_or(End::Corrupt)?;
        if self.options.only_data {
            self.ends(text, ip, "TCP", tcp.src_port(), tcp.dst_port());
        } else if self.options.terse {
            self.terse_tcp(text, tcp, data);
        } else {
            self.tcp_header(text, tcp, data);
        }
        self.data(text, "TCP", c, data)
    }

    fn tcp_header(&self, text: &mut String, tcp: Tcp, data: usize) {
        let flag = |bit: u8| tcp.flags() & bit != 0;
        text.push_str("TCP Header\n");
        self.port(text, "Source Port", "tcp", tcp.src_port());
        self.port(text, "Destination Port", "tcp", tcp.dst_port());
        label(text, "Sequence Number", format_args!("{:010}", tcp.seq()));
        if self.options.track {
            label(text, "Expect peer ACK", format_args!("{:010}", expected_acknowledgement(tcp, data)));
        }
        label(text, "Acknowledgement Number", format_args!("{:010}", tcp.ack()));
        label(text, "Header Length", format_args!("{} bytes (data={data})", tcp.header_len()));
        let first = (on_then(flag(flag::URG)), on_then(flag(flag::ACK)), on(flag(flag::PSH)));
        label(text, "Flags", format_args!("URG={} ACK={} PSH={}", first.0, first.1, first.2));
        let second = (on_then(flag(flag::RST)), on_then(flag(flag::SYN)), on(flag(flag::FIN)));
        label(text, "", format_args!("RST={} SYN={} FIN={}", second.0, second.1, second.2));
        label(text, "Window Advertisement", format_args!("{} bytes", tcp.window()));
        label(text, "Checksum", format_args!("0x{:04X}", tcp.checksum()));
        label(text, "Urgent Pointer", tcp.urgent());
        if tcp.header_len() > Tcp::LEN {
            text.push_str(OPTIONS);
        }
    }

    fn terse_tcp(&self, text: &mut String, tcp: Tcp, data: usize) {
        let expected = match self.options.track {
            true => format!(" expect={:010}", expected_acknowledgement(tcp, data)),
            false => String::new(),
        };
        let _ = write!(
            text,
            " TCP:\tport {} -> {} seq={:010}{expected} ack={:010}\n\thlen={} (data={data}) UAPRSF={:06b} wnd={} cksum={:04X} urg={}\n",
            tcp.src_port(),
            tcp.dst_port(),
            tcp.seq(),
            tcp.ack(),
            tcp.header_len(),
            tcp.flags() & 0x3f,
            tcp.window(),
            tcp.checksum(),
            tcp.urgent(),
        );
    }

    fn udp(&self, text: &mut String, ip: Ipv4, mut c: Cursor<'_>) -> Result<(), End> {
        let udp = Udp::read(&mut c)?;
        let length = usize::from(udp.length());
        let data = length.checked_sub(Udp::LEN).filter(|_| length == carried(ip)).ok_or(End::Corrupt)?;
        if self.options.only_data {
            self.ends(text, ip, "UDP", udp.src_port(), udp.dst_port());
        } else if self.options.terse {
            let (src, dst) = (udp.src_port(), udp.dst_port());
            let _ = writeln!(text, " UDP:\tport {src} -> {dst} hdr={} data={data}", Udp::LEN);
        } else {
            text.push_str("UDP Header\n");
            self.port(text, "Source Port", "udp", udp.src_port());
            self.port(text, "Destination Port", "udp", udp.dst_port());
            let parts = format_args!("{length} bytes (Header={}, Data={data})", Udp::LEN);
            label(text, "Datagram Length", parts);
            label(text, "Checksum", format_args!("0x{:04X}", udp.checksum()));
        }
        self.data(text, "UDP", c, data)
    }

    fn icmp(&self, text: &mut String, ip: Ipv4, mut c: Cursor<'_>) -> Result<(), End> {
        let [kind, code, high, low] = *c.array::<ICMP_LEN>()?;
        let checksum = u16::from_be_bytes([high, low]);
        let data = carried(ip).checked_sub(ICMP_LEN).ok_or(End::Corrupt)?;
        let (name, because) = (names::icmp_type(kind), names::icmp_code(kind, code));
        let reason = because.map_or_else(String::new, |because| format!(" because {because}"));
        if self.options.only_data {
            let parting = if because.is_some() { '\n' } else { ' ' };
            let (src, dst) = (dotted(ip.src()), dotted(ip.dst()));
            let _ = writeln!(text, "{src} -> {dst} ICMP{parting}{name}{reason}");
        } else if self.options.terse {
            let _ = writeln!(text, "ICMP:\t{name}{reason} cksum={checksum:04X}");
        } else {
            text.push_str("ICMP Header\n");
            label(text, "Type", name);
            if let Some(because) = because {
                label(text, "Because", because);
            }
            label(text, "Checksum", format_args!("0x{checksum:04X}"));
        }
        self.data(text, "ICMP", c, data)
    }

    fn port(&self, text: &mut String, name: &str, proto: &str, port: u16) {
        let service = self.naming.service(proto, port).unwrap_or("<unknown>");
        label(text, name, format_args!("{port} ({service})"));
    }

    /// Who talks to whom, in front of the data alone.
    fn ends(&self, text: &mut String, ip: Ipv4, proto: &str, src_port: u16, dst_port: u16) {
        let lower = proto.to_ascii_lowercase();
        let service = |port: u16| match self.naming.service(&lower, port) {
            Some(name) => name.to_owned(),
            None => port.to_string(),
        };
        let (src, dst) = (service(src_port), service(dst_port));
        let _ = writeln!(text, "{}.{src} -> {}.{dst} over {proto}", dotted(ip.src()), dotted(ip.dst()));
    }

    /// What a header carries: `length` bytes, as far as they were captured.
    fn data(&self, text: &mut String, proto: &str, mut c: Cursor<'_>, length: usize) -> Result<(), End> {
        if !self.options.only_data {
            match self.options.terse {
                true => text.push_str("DATA:"),
                false => text.extend([proto, " Data\n"]),
            }
        }
        let there = c.clip_captured(length).bytes();
        match length {
            _ if self.options.no_data => {
                let _ = writeln!(text, "\t{length} bytes");
            }
            0 => text.push_str("\t<No data>\n"),
            _ => {
                data::write(text, there, self.options.breaks);
                // The line is open until its last byte has been found.
                text.push_str(if there.len() == length { "\n" } else { "" });
            }
        }
        c.skip(length)?;
        if self.options.spurious && c.captured() > 0 {
            text.push_str("\t<*** Spurious data at end: \"");
            for byte in c.bytes() {
                let _ = write!(text, "{byte:02x}");
            }
            text.push_str("\" ***>\n");
        }
        Ok(())
    }
}

/// What the link tells of a packet.
struct Frame<'a> {
    /// Source and destination, where the link is Ethernet.
    addresses: Option<([u8; 6], [u8; 6])>,
    /// The Ethernet type of the payload.
    kind: Option<u16>,
    payload: &'a [u8],
}

impl<'a> Frame<'a> {
    fn of(packet: &Packet<'a>) -> Frame<'a> {
        if packet.link == LinkType::EN10MB {
            return Frame::ethernet(packet.cursor()).unwrap_or(Frame {
                addresses: None,
                kind: None,
                payload: &[],
            });
        }
        let decoded = decode(packet);
        let ip = decoded.outer.or(decoded.ip);
        let version = ip.map(|ip| if ip.version() == 4 { ether_type::IPV4 } else { ether_type::IPV6 });
        Frame {
            addresses: None,
            kind: decoded.ether_type.or(version),
            payload: ip.map_or(&[], |ip| ip.bytes),
        }
    }

    fn ethernet(mut c: Cursor<'a>) -> Walk<Frame<'a>> {
        let ethernet = Ethernet::read(&mut c)?;
        Ok(Frame {
            addresses: Some((ethernet.src(), ethernet.dst())),
            kind: Some(ethernet.ether_type()),
            payload: c.bytes(),
        })
    }
}

/// Bytes behind the IP header as the header claims them.
fn carried(ip: Ipv4) -> usize {
    usize::from(ip.total_len()).saturating_sub(ip.header_len().max(Ipv4::LEN))
}

/// The acknowledgement that tcpshow expects for this segment: SYN and FIN count too (RFC 9293 section 3.4),
/// but it counts one where both are set.
fn expected_acknowledgement(tcp: Tcp, data: usize) -> u32 {
    let control = u32::from(tcp.flags() & (flag::SYN | flag::FIN) != 0);
    tcp.seq().wrapping_add(data as u32).wrapping_add(control)
}

fn dotted(address: [u8; 4]) -> std::net::Ipv4Addr {
    address.into()
}

fn on(flag: bool) -> &'static str {
    if flag { "on" } else { "off" }
}

/// A flag that another one follows, padded to the same width.
fn on_then(flag: bool) -> &'static str {
    if flag { "on, " } else { "off," }
}
