//! The IPv4 header (RFC 791 section 3.1).

use crate::{Cursor, Walk};

/// Numbers of the protocols above IP that more than one place needs. The whole list is IANA's.
#[allow(missing_docs)]
pub mod protocol {
    pub const HOP_BY_HOP: u8 = 0;
    pub const ICMP: u8 = 1;
    pub const IGMP: u8 = 2;
    pub const IPV4: u8 = 4;
    pub const TCP: u8 = 6;
    pub const UDP: u8 = 17;
    pub const DCCP: u8 = 33;
    pub const IPV6: u8 = 41;
    pub const ROUTING: u8 = 43;
    pub const FRAGMENT: u8 = 44;
    pub const GRE: u8 = 47;
    pub const ESP: u8 = 50;
    pub const AH: u8 = 51;
    pub const ICMPV6: u8 = 58;
    pub const NO_NEXT_HEADER: u8 = 59;
    pub const DESTINATION_OPTIONS: u8 = 60;
    pub const MOBILITY_OLD: u8 = 62;
    pub const PGM: u8 = 113;
    pub const SCTP: u8 = 132;
    pub const MOBILITY: u8 = 135;
    pub const ETHERNET: u8 = 143;
}

/// The 20 fixed bytes of an IPv4 header.
#[derive(Clone, Copy, Debug)]
pub struct Ipv4<'a>(&'a [u8; Ipv4::LEN]);

impl<'a> Ipv4<'a> {
    /// Bytes of a header without options.
    pub const LEN: usize = 20;
    /// Fragment bits: reserved.
    pub const RESERVED: u16 = 0x8000;
    /// Fragment bits: don't fragment.
    pub const DONT_FRAGMENT: u16 = 0x4000;
    /// Fragment bits: more fragments.
    pub const MORE_FRAGMENTS: u16 = 0x2000;

    /// Reads the fixed part and advances past it; options follow.
    #[inline]
    pub fn read(c: &mut Cursor<'a>) -> Walk<Self> {
        c.array().map(Ipv4)
    }

    /// The fixed part as bytes.
    #[inline]
    pub fn bytes(self) -> &'a [u8; Ipv4::LEN] {
        self.0
    }

    /// IP version: 4 in a sound header.
    #[inline]
    pub fn version(self) -> u8 {
        self.0[0] >> 4
    }

    /// Header length in bytes, options included; 0 to 60 as claimed.
    #[inline]
    pub fn header_len(self) -> usize {
        usize::from(self.0[0] & 0x0f) * 4
    }

    /// Differentiated services and ECN, the former type of service.
    #[inline]
    pub fn tos(self) -> u8 {
        self.0[1]
    }

    /// Total length in bytes as claimed.
    #[inline]
    pub fn total_len(self) -> u16 {
        u16::from_be_bytes([self.0[2], self.0[3]])
    }

    /// Identification.
    #[inline]
    pub fn id(self) -> u16 {
        u16::from_be_bytes([self.0[4], self.0[5]])
    }

    /// Flags and fragment offset as they stand in the header.
    #[inline]
    pub fn fragment(self) -> u16 {
        u16::from_be_bytes([self.0[6], self.0[7]])
    }

    /// Fragment offset in bytes.
    #[inline]
    pub fn fragment_offset(self) -> usize {
        usize::from(self.fragment() & 0x1fff) * 8
    }

    /// Whether this is part of a fragmented datagram.
    #[inline]
    pub fn is_fragment(self) -> bool {
        self.fragment() & (Ipv4::MORE_FRAGMENTS | 0x1fff) != 0
    }

    /// Time to live in hops.
    #[inline]
    pub fn ttl(self) -> u8 {
        self.0[8]
    }

    /// Protocol above.
    #[inline]
    pub fn protocol(self) -> u8 {
        self.0[9]
    }

    /// Header checksum as found.
    #[inline]
    pub fn checksum(self) -> u16 {
        u16::from_be_bytes([self.0[10], self.0[11]])
    }

    /// Source address.
    #[inline]
    pub fn src(self) -> [u8; 4] {
        [self.0[12], self.0[13], self.0[14], self.0[15]]
    }

    /// Destination address.
    #[inline]
    pub fn dst(self) -> [u8; 4] {
        [self.0[16], self.0[17], self.0[18], self.0[19]]
    }
}
