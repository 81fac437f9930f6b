//! What ICMP messages show: echoes that do not match, redirects, quotes that fit nobody.

use std::net::{IpAddr, Ipv4Addr};

use wirescope_wire::checksum;
use wirescope_wire::icmp::{Icmp, kind, kind_v6};
use wirescope_wire::ipv4::Ipv4;

use super::argument::Argument;
use super::claim::{Claim, Confidence, EchoPattern};
use super::context::Echo;
use super::network::is_dense;
use crate::decode::{Ip, Message, Transport};

/// Most bytes before the pattern of a Unix ping: its time stamp.
const TIME_STAMP: usize = 16;
/// Offsets in an echo at which a tunnelled packet is looked for.
const TUNNEL_OFFSETS: usize = 32;
/// Bytes that have to follow a pattern for it to be one.
const MIN_PATTERN: usize = 8;
/// Message types of ICMP for IPv4 that IANA has assigned and not withdrawn as never used.
const ASSIGNED: [u8; 22] = [0, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 30, 37, 38, 40, 41, 42, 43];
const REDIRECT_V6: u8 = 137;

impl Argument<'_, '_> {
    /// Everything that an ICMP message shows, beside the echo that it answers.
    pub(super) fn icmp(&mut self, echo: Echo) {
        let (Some(ip), Transport::Icmp(message)) = (self.decoded.ip, self.decoded.transport) else { return };
        let at = ip.at + ip.header_len;
        let is_v4 = ip.version() == 4;
        match (is_v4, message.kind) {
            (true, kind::ECHO | kind::ECHO_REPLY) | (false, kind_v6::ECHO | kind_v6::ECHO_REPLY) => {
                self.echo(&message, echo, at);
            }
            (true, kind::REDIRECT) => {
                if let Some(gateway) = ip.payload.get(4..8).and_then(|bytes| bytes.first_chunk::<4>()) {
                    let gateway = IpAddr::V4(Ipv4Addr::from(*gateway));
                    self.odd(Claim::IcmpRedirect { gateway }, Confidence::Possible, at + 4, 4);
                }
            }
            (false, REDIRECT_V6) => {
                if let Some(gateway) = ip.payload.get(8..24).and_then(|bytes| bytes.first_chunk::<16>()) {
                    self.odd(
                        Claim::IcmpRedirect { gateway: (*gateway).into() },
                        Confidence::Possible,
                        at + 8,
                        16,
                    );
                }
            }
            (true, kind::TIMESTAMP | kind::MASK_REQUEST | 15) => {
                self.note(Claim::IcmpMapping { kind: message.kind }, Confidence::Possible, at, 1);
            }
            (true, kind) if !ASSIGNED.contains(&kind) => {
                self.odd(Claim::IcmpUnassigned { kind }, Confidence::Certain, at, 1);
            }
            _ => {}
        }
        self.quote(&ip, &message, at);
    }

    fn echo(&mut self, message: &Message, echo: Echo, at: usize) {
        let (body_at, len) = (at + Icmp::LEN, message.body.len());
        match echo {
            Echo::Differs { request } => {
                self.odd(Claim::EchoDiffers { request }, Confidence::Certain, body_at, len);
            }
            Echo::Unasked => self.note(Claim::EchoUnasked, Confidence::Possible, at, 8),
            Echo::Fits | Echo::None => {}
        }
        if let Some(offset) = tunnelled(message.body) {
            let claim = Claim::EchoTunnel { offset };
            self.odd(claim, Confidence::Likely, body_at + offset, Ipv4::LEN);
        }
        let pattern = pattern(message.body);
        self.note(Claim::EchoPattern { pattern }, Confidence::Likely, body_at, len);
    }

    /// An error goes back to the sender of what it quotes.
    fn quote(&mut self, ip: &Ip, message: &Message, at: usize) {
        if let Some(quoted) = message.quoted
            && quoted.src != ip.dst
        {
            let claim = Claim::IcmpQuoteForeign { quoted_src: quoted.src, dst: ip.dst };
            let within = if quoted.src.is_ipv4() { (12, 4) } else { (8, 16) };
            self.odd(claim, Confidence::Possible, at + Icmp::LEN + within.0, within.1);
        }
    }
}

/// Where in an echo an IPv4 header lies that verifies.
fn tunnelled(body: &[u8]) -> Option<usize> {
    (0..TUNNEL_OFFSETS).find(|offset| {
        let Some(header) = body.get(*offset..).and_then(|rest| rest.get(..Ipv4::LEN)) else { return false };
        header.first() == Some(&0x45)
            && checksum::internet(header) == 0
            && header.get(9).is_some_and(|p| *p != 0)
    })
}

fn pattern(body: &[u8]) -> EchoPattern {
    let [first, rest @ ..] = body else { return EchoPattern::Empty };
    if body.starts_with(b"abcdefghijklmnopqrstuvw".get(..body.len().min(23)).unwrap_or(b"")) {
        return EchoPattern::Alphabet;
    }
    if rest.iter().all(|byte| byte == first) {
        return EchoPattern::Repeated;
    }
    let counts_up = |bytes: &[u8]| {
        bytes.len() >= MIN_PATTERN
            && bytes.iter().zip(bytes.iter().skip(1)).all(|(a, b)| a.wrapping_add(1) == *b)
    };
    if counts_up(body)
        || counts_up(body.get(TIME_STAMP..).unwrap_or(&[]))
        || counts_up(body.get(8..).unwrap_or(&[]))
    {
        return EchoPattern::Counting;
    }
    let printable = body.iter().filter(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()).count();
    match printable {
        _ if body.len() >= MIN_PATTERN && printable * 10 >= body.len() * 9 => EchoPattern::Text,
        _ if body.len() >= 64 && is_dense(body) => EchoPattern::Dense,
        _ => EchoPattern::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_pings_are_known() {
        let unix: Vec<u8> = [9, 8, 7, 6, 5, 4, 3, 2].into_iter().chain(8..56).collect();
        assert_eq!(pattern(&unix), EchoPattern::Counting);
        assert_eq!(pattern(b"abcdefghijklmnopqrstuvwabcdefghi"), EchoPattern::Alphabet);
        assert_eq!(pattern(b"uid=0(root) gid=0(root)"), EchoPattern::Text);
        assert_eq!((pattern(b""), pattern(&[0; 40])), (EchoPattern::Empty, EchoPattern::Repeated));
    }

    #[test]
    fn a_packet_within_an_echo_is_found() {
        let mut body = vec![0u8; 4];
        body.extend([0x45, 0, 0, 0x3c, 0x1c, 0x46, 0x40, 0, 0x40, 6, 0xb1, 0xe6, 0xac, 0x10, 0x0a, 0x63]);
        body.extend([0xac, 0x10, 0x0a, 0x0c]);
        assert_eq!(tunnelled(&body), Some(4));
        body[8] ^= 1;
        assert_eq!(tunnelled(&body), None);
    }
}
