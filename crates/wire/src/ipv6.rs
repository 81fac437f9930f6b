//! The IPv6 header (RFC 8200 section 3).

use crate::{Cursor, Walk};

/// The 40 bytes of an IPv6 header.
#[derive(Clone, Copy, Debug)]
pub struct Ipv6<'a>(&'a [u8; Ipv6::LEN]);

impl<'a> Ipv6<'a> {
    /// Bytes of the header.
    pub const LEN: usize = 40;

    /// Reads the header and advances past it.
    #[inline]
    pub fn read(c: &mut Cursor<'a>) -> Walk<Self> {
        c.array().map(Ipv6)
    }

    /// IP version: 6 in a sound header.
    #[inline]
    pub fn version(self) -> u8 {
        self.0[0] >> 4
    }

    /// Version, traffic class and flow label in one word.
    #[inline]
    pub fn first_word(self) -> u32 {
        u32::from_be_bytes([self.0[0], self.0[1], self.0[2], self.0[3]])
    }

    /// Traffic class: differentiated services and ECN.
    #[inline]
    pub fn traffic_class(self) -> u8 {
        (self.first_word() >> 20) as u8
    }

    /// Flow label, 20 bits.
    #[inline]
    pub fn flow_label(self) -> u32 {
        self.first_word() & 0x000f_ffff
    }

    /// Bytes after this header as claimed; 0 in a jumbogram.
    #[inline]
    pub fn payload_len(self) -> u16 {
        u16::from_be_bytes([self.0[4], self.0[5]])
    }

    /// Type of the header that follows.
    #[inline]
    pub fn next_header(self) -> u8 {
        self.0[6]
    }

    /// Hops left.
    #[inline]
    pub fn hop_limit(self) -> u8 {
        self.0[7]
    }

    /// Source address.
    #[inline]
    pub fn src(self) -> [u8; 16] {
        let (_, tail) = self.0.split_at(8);
        tail.first_chunk().copied().unwrap_or_default()
    }

    /// Destination address.
    #[inline]
    pub fn dst(self) -> [u8; 16] {
        let (_, tail) = self.0.split_at(24);
        tail.first_chunk().copied().unwrap_or_default()
    }
}
