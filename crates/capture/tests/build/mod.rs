//! Capture files put together byte by byte, independently of the code under test.
#![allow(dead_code)]

use std::io::{self, Read};

use wirescope_capture::{FileReader, Mixed, ReadError};

/// Writes numbers in one byte order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    Little,
    Big,
}

pub(crate) const ORDERS: [Order; 2] = [Order::Little, Order::Big];

impl Order {
    pub(crate) fn u16(self, value: u16) -> [u8; 2] {
        match self {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        }
    }

    pub(crate) fn u32(self, value: u32) -> [u8; 4] {
        match self {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        }
    }

    pub(crate) fn u64(self, value: u64) -> [u8; 8] {
        match self {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        }
    }

    /// A pcap file header.
    pub(crate) fn pcap(self, magic: u32, version: (u16, u16), snapshot_len: u32, link: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(self.u32(magic));
        bytes.extend(self.u16(version.0));
        bytes.extend(self.u16(version.1));
        bytes.extend([0; 8]);
        bytes.extend(self.u32(snapshot_len));
        bytes.extend(self.u32(link));
        bytes
    }

    /// A pcap record whose two lengths are `first` and `second`.
    pub(crate) fn record(
        self,
        time: (u32, u32),
        first: u32,
        second: u32,
        extra: &[u8],
        data: &[u8],
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        for value in [time.0, time.1, first, second] {
            bytes.extend(self.u32(value));
        }
        bytes.extend(extra);
        bytes.extend(data);
        bytes
    }

    /// A pcapng block.
    pub(crate) fn block(self, kind: u32, body: &[u8]) -> Vec<u8> {
        let length = self.u32(body.len() as u32 + 12);
        [&self.u32(kind)[..], &length, body, &length].concat()
    }

    pub(crate) fn section(self, version: (u16, u16)) -> Vec<u8> {
        let mut body = self.u32(0x1a2b_3c4d).to_vec();
        body.extend(self.u16(version.0));
        body.extend(self.u16(version.1));
        body.extend([0xff; 8]);
        self.block(0x0a0d_0d0a, &body)
    }

    pub(crate) fn option(self, code: u16, value: &[u8]) -> Vec<u8> {
        let mut bytes = self.u16(code).to_vec();
        bytes.extend(self.u16(value.len() as u16));
        bytes.extend(padded(value));
        bytes
    }

    pub(crate) fn interface(self, link: u16, snapshot_len: u32, options: &[u8]) -> Vec<u8> {
        let mut body = self.u16(link).to_vec();
        body.extend([0; 2]);
        body.extend(self.u32(snapshot_len));
        body.extend(options);
        self.block(1, &body)
    }

    pub(crate) fn enhanced_packet(self, interface: u32, time: u64, wire_len: u32, data: &[u8]) -> Vec<u8> {
        let mut body = Vec::new();
        for value in [interface, (time >> 32) as u32, time as u32, data.len() as u32, wire_len] {
            body.extend(self.u32(value));
        }
        body.extend(padded(data));
        self.block(6, &body)
    }

    pub(crate) fn old_packet(self, interface: u16, time: u64, wire_len: u32, data: &[u8]) -> Vec<u8> {
        let mut body = self.u16(interface).to_vec();
        body.extend(self.u16(7));
        for value in [(time >> 32) as u32, time as u32, data.len() as u32, wire_len] {
            body.extend(self.u32(value));
        }
        body.extend(padded(data));
        self.block(2, &body)
    }

    pub(crate) fn simple_packet(self, wire_len: u32, data: &[u8]) -> Vec<u8> {
        let mut body = self.u32(wire_len).to_vec();
        body.extend(padded(data));
        self.block(3, &body)
    }
}

pub(crate) fn padded(value: &[u8]) -> Vec<u8> {
    let mut bytes = value.to_vec();
    bytes.resize(value.len().next_multiple_of(4), 0);
    bytes
}

/// A packet with its own copy of everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Owned {
    pub(crate) seconds: i64,
    pub(crate) nanos: u64,
    pub(crate) link: u16,
    pub(crate) interface: u32,
    pub(crate) wire_len: u32,
    pub(crate) data: Vec<u8>,
}

impl From<wirescope_wire::Packet<'_>> for Owned {
    fn from(packet: wirescope_wire::Packet<'_>) -> Self {
        Owned {
            seconds: packet.time.seconds,
            nanos: packet.time.nanos,
            link: packet.link.0,
            interface: packet.interface,
            wire_len: packet.wire_len,
            data: packet.data.to_vec(),
        }
    }
}

/// A stream that owns its bytes and gives so many at a time.
pub(crate) struct Slowly {
    pub(crate) bytes: Vec<u8>,
    pub(crate) at: usize,
    pub(crate) step: usize,
}

impl Read for Slowly {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let rest = &self.bytes[self.at..];
        let count = rest.len().min(self.step).min(room.len());
        room[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

pub(crate) fn reader(bytes: &[u8], mixed: Mixed) -> Result<FileReader, ReadError> {
    FileReader::new(Box::new(io::Cursor::new(bytes.to_vec())), mixed)
}

/// All packets, and the text of the error at the end if there is one.
pub(crate) fn drain(reader: Result<FileReader, ReadError>) -> (Vec<Owned>, Option<String>) {
    let mut packets = Vec::new();
    let mut reader = match reader {
        Ok(reader) => reader,
        Err(error) => return (packets, Some(error.to_string())),
    };
    loop {
        match reader.next() {
            Ok(Some(packet)) => packets.push(Owned::from(packet)),
            Ok(None) => return (packets, None),
            Err(error) => return (packets, Some(error.to_string())),
        }
    }
}

pub(crate) fn read_all(bytes: &[u8], mixed: Mixed) -> (Vec<Owned>, Option<String>) {
    drain(reader(bytes, mixed))
}
