//! The TCP header (RFC 9293 section 3.1).

use crate::{Cursor, Walk};

/// Bits of the flags byte.
#[allow(missing_docs)]
pub mod flag {
    pub const FIN: u8 = 0x01;
    pub const SYN: u8 = 0x02;
    pub const RST: u8 = 0x04;
    pub const PSH: u8 = 0x08;
    pub const ACK: u8 = 0x10;
    pub const URG: u8 = 0x20;
    pub const ECE: u8 = 0x40;
    pub const CWR: u8 = 0x80;
}

/// The 20 fixed bytes of a TCP header.
#[derive(Clone, Copy, Debug)]
pub struct Tcp<'a>(&'a [u8; Tcp::LEN]);

impl<'a> Tcp<'a> {
    /// Bytes of a header without options.
    pub const LEN: usize = 20;

    /// Reads the fixed part and advances past it; options follow.
    #[inline]
    pub fn read(c: &mut Cursor<'a>) -> Walk<Self> {
        c.array().map(Tcp)
    }

    /// The fixed part as bytes.
    #[inline]
    pub fn bytes(self) -> &'a [u8; Tcp::LEN] {
        self.0
    }

    /// Source port.
    #[inline]
    pub fn src_port(self) -> u16 {
        u16::from_be_bytes([self.0[0], self.0[1]])
    }

    /// Destination port.
    #[inline]
    pub fn dst_port(self) -> u16 {
        u16::from_be_bytes([self.0[2], self.0[3]])
    }

    /// Sequence number of the first payload byte (of the SYN, where set).
    #[inline]
    pub fn seq(self) -> u32 {
        u32::from_be_bytes([self.0[4], self.0[5], self.0[6], self.0[7]])
    }

    /// Acknowledgement number.
    #[inline]
    pub fn ack(self) -> u32 {
        u32::from_be_bytes([self.0[8], self.0[9], self.0[10], self.0[11]])
    }

    /// Header length in bytes, options included; 0 to 60 as claimed.
    #[inline]
    pub fn header_len(self) -> usize {
        usize::from(self.0[12] >> 4) * 4
    }

    /// The four bits beside the header length; the lowest is AE (RFC 9768).
    #[inline]
    pub fn reserved(self) -> u8 {
        self.0[12] & 0x0f
    }

    /// Flags, see [`flag`].
    #[inline]
    pub fn flags(self) -> u8 {
        self.0[13]
    }

    /// Window as it stands in the header, not scaled.
    #[inline]
    pub fn window(self) -> u16 {
        u16::from_be_bytes([self.0[14], self.0[15]])
    }

    /// Checksum as found.
    #[inline]
    pub fn checksum(self) -> u16 {
        u16::from_be_bytes([self.0[16], self.0[17]])
    }

    /// Urgent pointer.
    #[inline]
    pub fn urgent(self) -> u16 {
        u16::from_be_bytes([self.0[18], self.0[19]])
    }
}
