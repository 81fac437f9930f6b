//! Ethernet II and IEEE 802.1Q headers (IEEE 802.3 section 3.2, IEEE 802.1Q section 9).

use crate::{Cursor, Walk};

/// Ethernet types that more than one place needs. The whole list is the IEEE's.
#[allow(missing_docs)]
pub mod ether_type {
    pub const IPV4: u16 = 0x0800;
    pub const ARP: u16 = 0x0806;
    pub const RARP: u16 = 0x8035;
    pub const VLAN: u16 = 0x8100;
    pub const QINQ: u16 = 0x88a8;
    pub const VLAN_9100: u16 = 0x9100;
    pub const VLAN_9200: u16 = 0x9200;
    pub const IPV6: u16 = 0x86dd;
    pub const MPLS: u16 = 0x8847;
    pub const MPLS_MULTICAST: u16 = 0x8848;
    pub const PPPOE_DISCOVERY: u16 = 0x8863;
    pub const PPPOE_SESSION: u16 = 0x8864;
    pub const MACSEC: u16 = 0x88e5;
}

/// The largest value of the type field that is a length instead (IEEE 802.3 section 3.2.6).
pub const MAX_LENGTH: u16 = 1500;

/// The 14 bytes of an Ethernet header.
#[derive(Clone, Copy, Debug)]
pub struct Ethernet<'a>(&'a [u8; Ethernet::LEN]);

impl<'a> Ethernet<'a> {
    /// Bytes of the header.
    pub const LEN: usize = 14;

    /// Reads the header and advances past it.
    #[inline]
    pub fn read(c: &mut Cursor<'a>) -> Walk<Self> {
        c.array().map(Ethernet)
    }

    /// Destination address.
    #[inline]
    pub fn dst(self) -> [u8; 6] {
        let [a, b, c, d, e, f, ..] = *self.0;
        [a, b, c, d, e, f]
    }

    /// Source address.
    #[inline]
    pub fn src(self) -> [u8; 6] {
        let [_, _, _, _, _, _, a, b, c, d, e, f, ..] = *self.0;
        [a, b, c, d, e, f]
    }

    /// Type of the payload, or its length where at most [`MAX_LENGTH`].
    #[inline]
    pub fn ether_type(self) -> u16 {
        let [.., a, b] = *self.0;
        u16::from_be_bytes([a, b])
    }
}

/// A VLAN tag after the addresses: control information and the type that follows.
#[derive(Clone, Copy, Debug)]
pub struct VlanTag {
    /// Priority (3 bits), drop eligible (1 bit) and VLAN identifier (12 bits).
    pub control: u16,
    /// Type of what follows the tag.
    pub ether_type: u16,
}

impl VlanTag {
    /// Bytes of the tag past its own type.
    pub const LEN: usize = 4;

    /// Reads the four bytes that follow a tag's Ethernet type.
    #[inline]
    pub fn read(c: &mut Cursor) -> Walk<Self> {
        let [a, b, t, u] = *c.array::<4>()?;
        Ok(VlanTag { control: u16::from_be_bytes([a, b]), ether_type: u16::from_be_bytes([t, u]) })
    }

    /// VLAN identifier, 0 to 4095.
    pub fn id(self) -> u16 {
        self.control & 0x0fff
    }

    /// Priority code point, 0 to 7.
    pub fn priority(self) -> u8 {
        (self.control >> 13) as u8
    }

    /// Drop eligible indicator.
    pub fn drop_eligible(self) -> bool {
        self.control & 0x1000 != 0
    }
}

/// Whether this Ethernet type announces a VLAN tag.
#[inline]
pub fn is_vlan(ether_type: u16) -> bool {
    matches!(ether_type, ether_type::VLAN | ether_type::QINQ | ether_type::VLAN_9100 | ether_type::VLAN_9200)
}
