//! The headers of packets that were put together from segments: those of the packet that completed them,
//! with the numbers of the direction that the bytes went.

use std::net::IpAddr;

use wirescope_flow::decode::{Ip, Segment};
use wirescope_flow::stream::{Direction, Stream};
use wirescope_wire::ipv4::{Ipv4, protocol};
use wirescope_wire::ipv6::Ipv6;
use wirescope_wire::tcp::{Tcp, flag};
use wirescope_wire::{Cursor, Timestamp};

use super::Ends;
use super::session::Gathered;

/// What is remembered of the headers of a session.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Headers {
    /// Identification, type of service and time to live of the last packet, whichever way it went.
    id: u16,
    tos: u8,
    ttl: u8,
    client: Numbers,
    server: Numbers,
}

/// What the last segment of one direction said.
#[derive(Clone, Copy, Default, Debug)]
struct Numbers {
    ack: u32,
    window: u16,
}

impl Headers {
    /// Notes a segment.
    pub(super) fn note(&mut self, ip: &Ip<'_>, segment: &Segment<'_>, direction: Direction) {
        if let Some(header) = Some(ip).filter(|ip| ip.src.is_ipv4()).and_then(ipv4) {
            self.id = header.id();
            self.tos = header.tos();
        }
        self.ttl = ip.ttl;
        if segment.has(flag::ACK) {
            let numbers = Numbers { ack: segment.ack, window: segment.window };
            match direction {
                Direction::FromClient => self.client = numbers,
                Direction::FromServer => self.server = numbers,
            }
        }
    }

    /// The IP header around so many payload bytes.
    pub(super) fn ip_bytes(&self, ends: &Ends, payload_len: usize) -> Vec<u8> {
        let length = (Tcp::LEN + payload_len) as u16;
        match (ends.src.0, ends.dst.0) {
            (IpAddr::V4(src), IpAddr::V4(dst)) => {
                let [high, low] = (Ipv4::LEN as u16).saturating_add(length).to_be_bytes();
                let [id_high, id_low] = self.id.to_be_bytes();
                let mut bytes = vec![0x45, self.tos, high, low, id_high, id_low, 0, 0];
                bytes.extend([self.ttl, protocol::TCP, 0, 0]);
                bytes.extend(src.octets());
                bytes.extend(dst.octets());
                bytes
            }
            (IpAddr::V6(src), IpAddr::V6(dst)) => {
                let [high, low] = length.to_be_bytes();
                let mut bytes = vec![0x60, 0, 0, 0, high, low, protocol::TCP, self.ttl];
                bytes.extend(src.octets());
                bytes.extend(dst.octets());
                bytes
            }
            _ => Vec::new(),
        }
    }

    /// The IP packet of these bytes.
    pub(super) fn ip<'a>(&self, ends: &Ends, bytes: &'a [u8], payload: &'a [u8]) -> Ip<'a> {
        let header_len = if ends.src.0.is_ipv4() { Ipv4::LEN } else { Ipv6::LEN };
        let total_len = header_len + Tcp::LEN + payload.len();
        Ip {
            src: ends.src.0,
            dst: ends.dst.0,
            protocol: protocol::TCP,
            ttl: self.ttl,
            at: 0,
            header_len,
            total_len,
            wire_len: total_len,
            bytes,
            payload,
            payload_len: payload.len(),
            fragment: None,
            is_rerouted: false,
        }
    }

    /// The segment of what one direction has gathered.
    pub(super) fn segment<'a>(&self, ends: &Ends, gathered: &'a Gathered, stream: &Stream) -> Segment<'a> {
        let numbers = match ends.direction {
            Direction::FromClient => self.client,
            Direction::FromServer => self.server,
        };
        let start = gathered.first.map_or(0, |(offset, _)| offset).saturating_sub(gathered.inspected as u64);
        Segment {
            src_port: ends.src.1,
            dst_port: ends.dst.1,
            seq: stream.sequence(ends.direction, start).unwrap_or(0),
            ack: numbers.ack,
            flags: flag::ACK,
            window: numbers.window,
            urgent: 0,
            options: &[],
            payload: &gathered.bytes,
            payload_len: gathered.bytes.len(),
        }
    }
}

impl Gathered {
    /// When the first of the bytes that wait was seen.
    pub(super) fn time(&self, otherwise: Timestamp) -> Timestamp {
        self.first.map_or(otherwise, |(_, time)| time)
    }
}

fn ipv4<'a>(ip: &Ip<'a>) -> Option<Ipv4<'a>> {
    Ipv4::read(&mut Cursor::over(ip.bytes)).ok()
}
