//! TCP, UDP, ICMP and ICMPv6 headers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use wirescope_wire::icmp::{Icmp, kind, kind_v6};
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::ipv6::Ipv6;
use wirescope_wire::tcp::Tcp;
use wirescope_wire::udp::Udp;
use wirescope_wire::{Cursor, Walk};

use super::{Datagram, Ip, Meaning, Message, Problems, Quoted, Segment, Transport};

/// The transport header that an unfragmented IP packet carries.
pub fn transport<'a>(ip: &Ip<'a>, problems: &mut Problems) -> Transport<'a> {
    let c = Cursor::new(ip.payload, ip.payload_len);
    let read = match (ip.protocol, ip.src) {
        (protocol::TCP, _) => tcp(c, ip, problems).map(Transport::Tcp),
        (protocol::UDP, _) => udp(c, problems).map(Transport::Udp),
        (protocol::ICMP, IpAddr::V4(_)) => icmp(c, meaning_v4).map(Transport::Icmp),
        (protocol::ICMPV6, IpAddr::V6(_)) => icmp(c, meaning_v6).map(Transport::Icmp),
        _ => return Transport::None,
    };
    read.unwrap_or(Transport::None)
}

fn tcp<'a>(mut c: Cursor<'a>, ip: &Ip, problems: &mut Problems) -> Walk<Segment<'a>> {
    let claimed = c.length();
    let header = Tcp::read(&mut c).inspect_err(|_| {
        // Cut off by the capture is not the sender's fault; cut off by the sender's own length is.
        problems.note(Problems::TCP_HEADER_LENGTH, claimed < Tcp::LEN && ip.is_whole());
    })?;
    let header_len = header.header_len();
    problems.note(Problems::TCP_HEADER_LENGTH, header_len < Tcp::LEN || header_len > claimed);
    let options = c.split(header_len.saturating_sub(Tcp::LEN));
    Ok(Segment {
        src_port: header.src_port(),
        dst_port: header.dst_port(),
        seq: header.seq(),
        ack: header.ack(),
        flags: header.flags(),
        window: header.window(),
        urgent: header.urgent(),
        options: options.bytes(),
        payload: c.claimed_bytes(),
        payload_len: claimed.saturating_sub(header_len.max(Tcp::LEN)),
    })
}

fn udp<'a>(mut c: Cursor<'a>, problems: &mut Problems) -> Walk<Datagram<'a>> {
    let claimed = c.length();
    let header = Udp::read(&mut c)?;
    let length = header.length();
    // A jumbogram says 0 (RFC 2675); nothing else may.
    let jumbo = length == 0 && claimed > usize::from(u16::MAX);
    problems.note(Problems::UDP_LENGTH_BELOW_HEADER, usize::from(length) < Udp::LEN && !jumbo);
    problems.note(Problems::UDP_LENGTH_DISAGREES, usize::from(length) != claimed && !jumbo);
    let own = usize::from(length).saturating_sub(Udp::LEN);
    Ok(Datagram {
        src_port: header.src_port(),
        dst_port: header.dst_port(),
        length,
        checksum: header.checksum(),
        payload: if jumbo { c.claimed_bytes() } else { c.clip(own).claimed_bytes() },
        payload_len: claimed.saturating_sub(Udp::LEN),
    })
}

fn icmp<'a>(mut c: Cursor<'a>, meaning: fn(u8) -> Meaning) -> Walk<Message<'a>> {
    let header = Icmp::read(&mut c)?;
    let meaning = meaning(header.kind());
    let quoted = match meaning {
        Meaning::Unreachable | Meaning::TimeExceeded | Meaning::Error => quoted(c).ok(),
        Meaning::Request | Meaning::Reply | Meaning::Other => None,
    };
    Ok(Message {
        meaning,
        kind: header.kind(),
        code: header.code(),
        id: header.id(),
        seq: header.seq(),
        body: c.claimed_bytes(),
        body_len: c.length(),
        quoted,
    })
}

fn meaning_v4(message: u8) -> Meaning {
    match message {
        kind::ECHO | kind::TIMESTAMP | kind::MASK_REQUEST | 15 => Meaning::Request,
        kind::ECHO_REPLY | kind::TIMESTAMP_REPLY | kind::MASK_REPLY | 16 => Meaning::Reply,
        kind::UNREACHABLE => Meaning::Unreachable,
        kind::TIME_EXCEEDED => Meaning::TimeExceeded,
        kind::SOURCE_QUENCH | kind::REDIRECT | kind::PARAMETER_PROBLEM => Meaning::Error,
        _ => Meaning::Other,
    }
}

fn meaning_v6(message: u8) -> Meaning {
    match message {
        kind_v6::ECHO => Meaning::Request,
        kind_v6::ECHO_REPLY => Meaning::Reply,
        kind_v6::UNREACHABLE => Meaning::Unreachable,
        kind_v6::TIME_EXCEEDED => Meaning::TimeExceeded,
        kind_v6::PACKET_TOO_BIG | kind_v6::PARAMETER_PROBLEM => Meaning::Error,
        _ => Meaning::Other,
    }
}

/// The heading of the quoted packet. Eight bytes past the IP header are all that RFC 792 promises, so
/// the ports are read and nothing else is expected.
fn quoted(mut c: Cursor) -> Walk<Quoted> {
    let (src, dst, protocol) = match c.peek_u8(0)? >> 4 {
        4 => {
            let header = Ipv4::read(&mut c)?;
            c.skip(header.header_len().saturating_sub(Ipv4::LEN))?;
            let (src, dst) = (Ipv4Addr::from(header.src()), Ipv4Addr::from(header.dst()));
            (IpAddr::V4(src), IpAddr::V4(dst), header.protocol())
        }
        _ => {
            let header = Ipv6::read(&mut c)?;
            let (src, dst) = (Ipv6Addr::from(header.src()), Ipv6Addr::from(header.dst()));
            (IpAddr::V6(src), IpAddr::V6(dst), header.next_header())
        }
    };
    let (src_port, dst_port) = match protocol {
        protocol::ICMP | protocol::ICMPV6 => (c.peek_u16(4)?, 0),
        _ => (c.u16()?, c.u16()?),
    };
    Ok(Quoted { src, dst, protocol, src_port, dst_port })
}
