//! The ICMP header for IPv4 (RFC 792) and IPv6 (RFC 4443).

use crate::{Cursor, Walk};

/// ICMP message types for IPv4 that more than one place needs. The whole list is IANA's.
#[allow(missing_docs)]
pub mod kind {
    pub const ECHO_REPLY: u8 = 0;
    pub const UNREACHABLE: u8 = 3;
    pub const SOURCE_QUENCH: u8 = 4;
    pub const REDIRECT: u8 = 5;
    pub const ECHO: u8 = 8;
    pub const TIME_EXCEEDED: u8 = 11;
    pub const PARAMETER_PROBLEM: u8 = 12;
    pub const TIMESTAMP: u8 = 13;
    pub const TIMESTAMP_REPLY: u8 = 14;
    pub const MASK_REQUEST: u8 = 17;
    pub const MASK_REPLY: u8 = 18;
}

/// ICMPv6 message types that more than one place needs.
#[allow(missing_docs)]
pub mod kind_v6 {
    pub const UNREACHABLE: u8 = 1;
    pub const PACKET_TOO_BIG: u8 = 2;
    pub const TIME_EXCEEDED: u8 = 3;
    pub const PARAMETER_PROBLEM: u8 = 4;
    pub const ECHO: u8 = 128;
    pub const ECHO_REPLY: u8 = 129;
}

/// The eight bytes that most ICMP messages open with.
#[derive(Clone, Copy, Debug)]
pub struct Icmp<'a>(&'a [u8; Icmp::LEN]);

impl<'a> Icmp<'a> {
    /// Bytes of the header.
    pub const LEN: usize = 8;

    /// Reads the header and advances past it.
    #[inline]
    pub fn read(c: &mut Cursor<'a>) -> Walk<Self> {
        c.array().map(Icmp)
    }

    /// Message type.
    #[inline]
    pub fn kind(self) -> u8 {
        self.0[0]
    }

    /// Code within the type.
    #[inline]
    pub fn code(self) -> u8 {
        self.0[1]
    }

    /// Checksum as found.
    #[inline]
    pub fn checksum(self) -> u16 {
        u16::from_be_bytes([self.0[2], self.0[3]])
    }

    /// Identifier of echo and other query messages.
    #[inline]
    pub fn id(self) -> u16 {
        u16::from_be_bytes([self.0[4], self.0[5]])
    }

    /// Sequence number of echo and other query messages.
    #[inline]
    pub fn seq(self) -> u16 {
        u16::from_be_bytes([self.0[6], self.0[7]])
    }
}
