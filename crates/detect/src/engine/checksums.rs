//! Packets whose checksums do not verify are not inspected: the attacked system would drop them too.

use wirescope_flow::decode::{Ip, Transport};
use wirescope_wire::checksum::{self, Sum};
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::{Cursor, udp::Udp};

use crate::language::Checksums;
use std::net::IpAddr;

/// Whether a checksum that counts is wrong. What was not captured whole or is a fragment is not judged
/// above IP.
pub(super) fn are_bad(required: Checksums, ip: &Ip<'_>, transport: &Transport<'_>) -> bool {
    if required.ip
        && let Some(header) = ipv4_header(ip)
        && checksum::internet(header) != 0
    {
        return true;
    }
    if !ip.is_whole() || ip.fragment.is_some() {
        return false;
    }
    let counts = match transport {
        Transport::Tcp(_) => required.tcp,
        // Zero says that the sender computed none, which IPv4 allows.
        Transport::Udp(datagram) => required.udp && (datagram.checksum != 0 || ip.src.is_ipv6()),
        Transport::Icmp(_) => required.icmp,
        Transport::None => false,
    };
    if !counts {
        return false;
    }
    let covered = match transport {
        Transport::Udp(datagram) if usize::from(datagram.length) >= Udp::LEN => {
            ip.payload.get(..usize::from(datagram.length)).unwrap_or(ip.payload)
        }
        _ => ip.payload,
    };
    pseudo_header(ip, covered.len()).bytes(covered).checksum() != 0
}

fn ipv4_header<'a>(ip: &Ip<'a>) -> Option<&'a [u8]> {
    if !ip.src.is_ipv4() {
        return None;
    }
    let header = Ipv4::read(&mut Cursor::over(ip.bytes)).ok()?;
    ip.bytes.get(..header.header_len())
}

fn pseudo_header(ip: &Ip<'_>, length: usize) -> Sum {
    match (ip.src, ip.dst) {
        (IpAddr::V4(_), IpAddr::V4(_)) if ip.protocol == protocol::ICMP => Sum::new(),
        (IpAddr::V4(src), IpAddr::V4(dst)) => {
            checksum::pseudo_ipv4(src.octets(), dst.octets(), ip.protocol, length as u16)
        }
        (IpAddr::V6(src), IpAddr::V6(dst)) => {
            checksum::pseudo_ipv6(src.octets(), dst.octets(), ip.protocol, length as u32)
        }
        _ => Sum::new(),
    }
}
