//! Packets made for events: an IP header after the one that completed the event, and in words what it is.

use std::net::IpAddr;

use wirescope_flow::decode::{Decoded, Envelope, Ip, Transport};
use wirescope_wire::ipv4::Ipv4;
use wirescope_wire::ipv6::Ipv6;

/// The protocol number that marks such packets; reserved, so that no other packet has it.
const PROTOCOL: u8 = 255;

/// The bytes of a packet from `src` to `dst` that carries `text`, with what else the header of `after` says.
pub(super) fn bytes(after: &Ip<'_>, src: IpAddr, dst: IpAddr, text: &str) -> Vec<u8> {
    let mut bytes = match (src, dst) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => {
            let mut header = after.bytes.first_chunk::<{ Ipv4::LEN }>().copied().unwrap_or_default();
            put(&mut header, 0, &[0x45]);
            put(&mut header, 2, &((Ipv4::LEN + text.len()) as u16).to_be_bytes());
            put(&mut header, 9, &[PROTOCOL]);
            put(&mut header, 12, &src.octets());
            put(&mut header, 16, &dst.octets());
            header.to_vec()
        }
        (IpAddr::V6(src), IpAddr::V6(dst)) => {
            let mut header = after.bytes.first_chunk::<{ Ipv6::LEN }>().copied().unwrap_or([0; Ipv6::LEN]);
            put(&mut header, 4, &(text.len() as u16).to_be_bytes());
            put(&mut header, 6, &[PROTOCOL]);
            put(&mut header, 8, &src.octets());
            put(&mut header, 24, &dst.octets());
            header.to_vec()
        }
        _ => Vec::new(),
    };
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

fn put(header: &mut [u8], at: usize, value: &[u8]) {
    if let Some(field) = header.get_mut(at..at + value.len()) {
        field.copy_from_slice(value);
    }
}

/// The packet that [`bytes`] made.
pub(super) fn decoded<'a>(after: &Ip<'_>, src: IpAddr, dst: IpAddr, bytes: &'a [u8]) -> Decoded<'a> {
    let header_len = if src.is_ipv4() { Ipv4::LEN } else { Ipv6::LEN };
    let payload = bytes.get(header_len..).unwrap_or_default();
    Decoded {
        ether_type: None,
        hardware_src: None,
        vlan: None,
        ip: Some(Ip {
            src,
            dst,
            protocol: PROTOCOL,
            ttl: after.ttl,
            at: 0,
            header_len,
            total_len: bytes.len(),
            wire_len: bytes.len(),
            bytes,
            payload,
            payload_len: payload.len(),
            fragment: None,
            is_rerouted: false,
        }),
        outer: None,
        transport: Transport::None,
        problems: Default::default(),
        envelope: Envelope::default(),
    }
}
