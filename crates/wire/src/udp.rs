//! The UDP header (RFC 768).

use crate::{Cursor, Walk};

/// The eight bytes of a UDP header.
#[derive(Clone, Copy, Debug)]
pub struct Udp<'a>(&'a [u8; Udp::LEN]);

impl<'a> Udp<'a> {
    /// Bytes of the header.
    pub const LEN: usize = 8;

    /// Reads the header and advances past it.
    #[inline]
    pub fn read(c: &mut Cursor<'a>) -> Walk<Self> {
        c.array().map(Udp)
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

    /// Length of header and payload as claimed; under 8 is impossible, 0 is used by jumbograms.
    #[inline]
    pub fn length(self) -> u16 {
        u16::from_be_bytes([self.0[4], self.0[5]])
    }

    /// Checksum as found; 0 says there is none.
    #[inline]
    pub fn checksum(self) -> u16 {
        u16::from_be_bytes([self.0[6], self.0[7]])
    }
}
