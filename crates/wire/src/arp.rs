//! Address resolution (RFC 826): the fixed part of the header and the four addresses.

use crate::{Cursor, Walk};

/// The eight bytes that open an ARP packet.
#[derive(Clone, Copy, Debug)]
pub struct Arp<'a>(&'a [u8; Arp::LEN]);

impl<'a> Arp<'a> {
    /// Bytes of the fixed part.
    pub const LEN: usize = 8;

    /// Reads the fixed part and advances past it; the addresses follow.
    #[inline]
    pub fn read(c: &mut Cursor<'a>) -> Walk<Self> {
        c.array().map(Arp)
    }

    /// Hardware type, 1 for Ethernet.
    #[inline]
    pub fn hardware(self) -> u16 {
        let [a, b, ..] = *self.0;
        u16::from_be_bytes([a, b])
    }

    /// Protocol whose address is asked for, as an Ethernet type.
    #[inline]
    pub fn protocol(self) -> u16 {
        let [_, _, a, b, ..] = *self.0;
        u16::from_be_bytes([a, b])
    }

    /// Bytes of a hardware address.
    #[inline]
    pub fn hardware_len(self) -> u8 {
        let [_, _, _, _, len, ..] = *self.0;
        len
    }

    /// Bytes of a protocol address.
    #[inline]
    pub fn protocol_len(self) -> u8 {
        let [_, _, _, _, _, len, ..] = *self.0;
        len
    }

    /// Operation: 1 request, 2 reply, 3 and 4 reverse, 8 and 9 inverse.
    #[inline]
    pub fn operation(self) -> u16 {
        let [.., a, b] = *self.0;
        u16::from_be_bytes([a, b])
    }
}

/// The addresses of an ARP packet for IPv4 over Ethernet.
#[derive(Clone, Copy, Debug)]
pub struct EthernetIpv4 {
    /// Who speaks, by hardware address.
    pub sender_hardware: [u8; 6],
    /// Who speaks, by IPv4 address.
    pub sender: [u8; 4],
    /// Who is meant, by hardware address.
    pub target_hardware: [u8; 6],
    /// Who is meant, by IPv4 address.
    pub target: [u8; 4],
}

impl EthernetIpv4 {
    /// Reads the addresses that follow the fixed part.
    pub fn read(c: &mut Cursor) -> Walk<Self> {
        Ok(EthernetIpv4 {
            sender_hardware: *c.array()?,
            sender: *c.array()?,
            target_hardware: *c.array()?,
            target: *c.array()?,
        })
    }
}
