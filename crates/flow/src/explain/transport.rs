//! What TCP and UDP headers show, and the messages of DNS.

use wirescope_wire::dns::{Dns, labels};
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::tcp::{Tcp, flag};
use wirescope_wire::udp::Udp;
use wirescope_wire::{Cursor, Walk};

use super::argument::Argument;
use super::claim::{Claim, Confidence};
use super::ports;
use crate::anomaly::is_sane;
use crate::checksums::word;
use crate::decode::{Datagram, Ip, Segment, Transport};
use crate::dns::DNS_PORT;

/// Payload that is short enough to be shown whole.
const SHORT_PAYLOAD: usize = 32;
/// Windows of SYNs that scanners are known to send.
const SCANNER_WINDOWS: [u16; 6] = [0, 512, 1_024, 2_048, 3_072, 4_096];
/// Identification that zmap writes into every probe.
const ZMAP_ID: u16 = 54_321;
/// Identification and flags that synscan and its worms (Ramen, T0rn) write.
const SYNSCAN_ID: u16 = 39_426;
/// Bits beside the TCP header length that no standard uses; the fourth is AE (RFC 9768).
const RESERVED_BITS: u8 = 0x0e;

/// Options of TCP (IANA "TCP Parameters").
mod option {
    pub(super) const END: u8 = 0;
    pub(super) const NOP: u8 = 1;
    pub(super) const FAST_OPEN: u8 = 34;
    pub(super) const EXPERIMENT: u8 = 254;
    /// Lengths that options must have where they have only one.
    pub(super) const LENGTHS: [(u8, usize); 4] = [(2, 4), (3, 3), (4, 2), (8, 10)];
}

impl Argument<'_, '_> {
    /// Everything that TCP and UDP show by themselves.
    pub(super) fn transport(&mut self) {
        let Some(ip) = self.decoded.ip else { return };
        let at = ip.at + ip.header_len;
        match self.decoded.transport {
            Transport::Tcp(segment) => self.tcp(&ip, &segment, at),
            Transport::Udp(datagram) => self.udp(&ip, &datagram, at),
            Transport::Icmp(_) | Transport::None => {}
        }
    }

    fn tcp(&mut self, ip: &Ip, segment: &Segment, at: usize) {
        if !is_sane(segment.flags) {
            self.odd(Claim::TcpFlags { flags: segment.flags }, Confidence::Certain, at + 13, 1);
        }
        let bits = ip.payload.get(12).map_or(0, |byte| byte & RESERVED_BITS);
        if bits != 0 {
            self.odd(Claim::TcpReservedBits { bits: bits >> 1 }, Confidence::Certain, at + 12, 1);
        }
        if segment.urgent != 0 && !segment.has(flag::URG) {
            let claim = Claim::UrgentWithoutFlag { pointer: segment.urgent };
            self.note(claim, Confidence::Possible, at + 18, 2);
        }
        if segment.ack != 0 && !segment.has(flag::ACK) {
            self.note(Claim::AckWithoutFlag { ack: segment.ack }, Confidence::Possible, at + 8, 4);
        }
        self.ports(protocol::TCP, segment.src_port, segment.dst_port, at);
        let has_fast_open = self.tcp_options(segment, at);
        let payload_at = at + Tcp::LEN + segment.options.len();
        let control = flag::SYN | flag::ACK | flag::RST | flag::FIN;
        if segment.flags & control == flag::SYN {
            self.syn(ip, segment, at, has_fast_open);
        }
        if segment.has(flag::RST) && segment.payload_len > 0 {
            let claim = Claim::RstData { len: segment.payload_len };
            self.note(claim, Confidence::Possible, payload_at, segment.payload.len());
        }
        self.payload(segment.payload, segment.payload_len, payload_at);
    }

    fn syn(&mut self, ip: &Ip, segment: &Segment, at: usize, is_fast_open: bool) {
        if segment.seq == 0 {
            self.odd(Claim::SequenceZero, Confidence::Likely, at + 4, 4);
        }
        if segment.payload_len > 0 {
            let claim = Claim::SynData { len: segment.payload_len, is_fast_open };
            let place = (at + Tcp::LEN + segment.options.len(), segment.payload.len());
            if is_fast_open {
                self.note(claim, Confidence::Likely, place.0, place.1);
            } else {
                self.odd(claim, Confidence::Likely, place.0, place.1);
            }
        }
        if segment.options.is_empty() {
            self.note(Claim::SynWithoutOptions, Confidence::Likely, at + 12, 1);
        }
        if SCANNER_WINDOWS.contains(&segment.window) {
            self.note(Claim::SynWindow { window: segment.window }, Confidence::Possible, at + 14, 2);
        }
        if let Some((tool, mark, confidence)) = tool_mark(ip, segment) {
            let claim = Claim::ToolMark { tool, mark };
            if confidence == Confidence::Likely {
                self.odd(claim, confidence, at + 4, 4);
            } else {
                self.note(claim, confidence, ip.at + 4, 2);
            }
        }
    }

    /// Walks the options; whether one of them asks for fast open (RFC 7413).
    fn tcp_options(&mut self, segment: &Segment, at: usize) -> bool {
        let mut has_fast_open = false;
        let mut c = Cursor::over(segment.options);
        while let Ok(kind) = c.u8() {
            let here = at + Tcp::LEN + c.at() - 1;
            match kind {
                option::END => break,
                option::NOP => continue,
                _ => {}
            }
            let length = c.u8().map(usize::from);
            let fixed = option::LENGTHS.iter().find(|row| row.0 == kind).map(|row| row.1);
            let fits = |length: usize| length >= 2 && fixed.is_none_or(|fixed| fixed == length);
            let taken = match length {
                Ok(length) if fits(length) => c.skip(length - 2),
                Ok(_) => Err(wirescope_wire::Stop::Invalid),
                Err(stop) => Err(stop),
            };
            if taken.is_err() {
                // Options that the capture cut off are nobody's fault.
                let is_captured = self.packet.data.len() == self.packet.wire_len as usize;
                if is_captured {
                    self.odd(Claim::TcpOptionsMalformed { kind }, Confidence::Certain, here, 2);
                }
                break;
            }
            has_fast_open |= matches!(kind, option::FAST_OPEN | option::EXPERIMENT);
        }
        has_fast_open
    }

    fn udp(&mut self, ip: &Ip, datagram: &Datagram, at: usize) {
        self.ports(protocol::UDP, datagram.src_port, datagram.dst_port, at);
        let payload_at = at + Udp::LEN;
        self.payload(datagram.payload, datagram.payload_len, payload_at);
        let is_dns = [datagram.src_port, datagram.dst_port].contains(&DNS_PORT);
        if is_dns && ip.is_whole() && !datagram.payload.is_empty() {
            self.dns(datagram.payload, payload_at);
        }
    }

    fn ports(&mut self, protocol: u8, src: u16, dst: u16, at: usize) {
        for (port, at, is_source) in [(src, at, true), (dst, at + 2, false)] {
            if port == 0 {
                // UDP may leave its source port out (RFC 768).
                if is_source && protocol == protocol::UDP {
                    self.note(Claim::PortZero { is_source }, Confidence::Certain, at, 2);
                } else {
                    self.odd(Claim::PortZero { is_source }, Confidence::Certain, at, 2);
                }
            } else if let Some(port) = ports::notable(protocol, port) {
                self.note(Claim::KnownPort { port, is_source }, Confidence::Possible, at, 2);
            }
        }
    }

    fn payload(&mut self, payload: &[u8], len: usize, at: usize) {
        if !payload.is_empty() && payload.len() <= SHORT_PAYLOAD {
            self.note(Claim::Payload { len }, Confidence::Certain, at, payload.len());
        }
    }

    /// A message that starts at `start` of the frame.
    fn dns(&mut self, message: &[u8], start: usize) {
        let whole = Cursor::over(message);
        let mut c = whole;
        if self.dns_message(whole, &mut c, start).is_err() {
            self.odd(Claim::DnsMalformed, Confidence::Certain, start, message.len());
        } else if c.captured() > 0 {
            let claim = Claim::DnsTrailing { len: c.captured() };
            self.odd(claim, Confidence::Certain, start + c.at(), c.captured());
        }
    }

    fn dns_message<'m>(&mut self, whole: Cursor<'m>, c: &mut Cursor<'m>, start: usize) -> Walk {
        const CHAOS: u16 = 3;
        const TRANSFERS: [u16; 2] = [251, 252];
        let header = Dns::read(c)?;
        let [questions, records @ ..] = header.counts();
        for _ in 0..questions {
            let at = c.at();
            let mut name: Vec<u8> = Vec::new();
            labels(whole, c, |label| {
                if !name.is_empty() {
                    name.push(b'.');
                }
                name.extend_from_slice(label);
            })?;
            let (kind, class) = (c.u16()?, c.u16()?);
            if class == CHAOS {
                self.note(Claim::DnsChaos { name }, Confidence::Likely, start + at, c.at() - at);
            } else if TRANSFERS.contains(&kind) {
                self.note(Claim::DnsTransfer, Confidence::Certain, start + at, c.at() - at);
            }
        }
        for _ in 0..records.iter().map(|count| u32::from(*count)).sum::<u32>() {
            labels(whole, c, |_| ())?;
            c.skip(8)?;
            let length = c.u16()?;
            c.skip(usize::from(length))?;
        }
        Ok(())
    }
}

/// What scanners are known to write into their SYNs.
fn tool_mark(ip: &Ip, segment: &Segment) -> Option<(&'static str, &'static str, Confidence)> {
    let std::net::IpAddr::V4(dst) = ip.dst else { return None };
    let id = word(ip.bytes.get(..Ipv4::LEN)?, 4)?;
    let to = u32::from(dst);
    if segment.seq == to {
        return Some(("Mirai", "the sequence number is the destination address", Confidence::Likely));
    }
    let masscan = (to ^ u32::from(segment.dst_port) ^ segment.seq) as u16;
    if id == masscan {
        let mark = "the identification is address, port and sequence number under exclusive or";
        return Some(("masscan", mark, Confidence::Possible));
    }
    match id {
        ZMAP_ID => Some(("zmap", "the identification is 54321", Confidence::Possible)),
        SYNSCAN_ID => Some(("synscan", "the identification is 39426", Confidence::Possible)),
        _ => None,
    }
}
