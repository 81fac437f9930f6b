//! Network addresses: hosts and networks of IPv4, ARP, IPv6 and DECnet.

use std::net::Ipv6Addr;

use super::Generator;
use super::ethertype;
use super::load::Base;
use super::test::Test;
use crate::ast::{Direction, Kind, Protocol};
use crate::error::{Error, Result};
use crate::ir::code;

/// Where a header has its two addresses.
#[derive(Clone, Copy)]
struct Addresses {
    source: u32,
    destination: u32,
}

const IP_ADDRESSES: Addresses = Addresses { source: 12, destination: 16 };
const ARP_ADDRESSES: Addresses = Addresses { source: 14, destination: 24 };
const IP6_ADDRESSES: Addresses = Addresses { source: 8, destination: 24 };

/// The name of an 802.11 address, which only 802.11 headers have.
pub(super) fn wlan_direction_name(direction: Option<Direction>) -> Option<&'static str> {
    Some(match direction? {
        Direction::Address(1) => "addr1",
        Direction::Address(2) => "addr2",
        Direction::Address(3) => "addr3",
        Direction::Address(_) => "addr4",
        Direction::Receiver => "ra",
        Direction::Transmitter => "ta",
        _ => return None,
    })
}

/// Fails for an address that only 802.11 headers have.
pub(super) fn two_addresses(direction: Option<Direction>) -> Result<()> {
    match wlan_direction_name(direction) {
        Some(name) => Err(Error::new(format!("'{name}' is valid for 802.11 syntax only"))),
        None => Ok(()),
    }
}

impl Generator<'_> {
    /// An IPv4 address or network; `described` is what messages call it.
    pub(super) fn host(
        &mut self,
        address: u32,
        mask: u32,
        protocol: Option<Protocol>,
        direction: Option<Direction>,
        described: &str,
    ) -> Result<Test> {
        match protocol {
            None => {
                let ip = self.addressed(ethertype::IP, IP_ADDRESSES, address, mask, direction)?;
                if self.mpls_depth > 0 {
                    return Ok(ip);
                }
                let arp = self.addressed(ethertype::ARP, ARP_ADDRESSES, address, mask, direction)?;
                let test = self.blocks.or(ip, arp);
                let rarp = self.addressed(ethertype::RARP, ARP_ADDRESSES, address, mask, direction)?;
                Ok(self.blocks.or(test, rarp))
            }
            Some(Protocol::Ip) => self.addressed(ethertype::IP, IP_ADDRESSES, address, mask, direction),
            Some(Protocol::Arp) => self.addressed(ethertype::ARP, ARP_ADDRESSES, address, mask, direction),
            Some(Protocol::Rarp) => self.addressed(ethertype::RARP, ARP_ADDRESSES, address, mask, direction),
            Some(other) => Err(not_a_qualifier(other.name(), described)),
        }
    }

    fn addressed(
        &mut self,
        link_type: u32,
        at: Addresses,
        address: u32,
        mask: u32,
        direction: Option<Direction>,
    ) -> Result<Test> {
        two_addresses(direction)?;
        let link_type = self.link_type(link_type)?;
        if link_type.never() {
            return Ok(link_type);
        }
        let test = self.either_address(direction, |generator, source| {
            let offset = if source { at.source } else { at.destination };
            generator.equal_masked(Base::Network, offset, code::W, address, mask)
        })?;
        Ok(self.blocks.and(link_type, test))
    }

    /// Source, destination, both or either, of headers with two addresses.
    pub(super) fn either_address(
        &mut self,
        direction: Option<Direction>,
        mut test: impl FnMut(&mut Self, bool) -> Result<Test>,
    ) -> Result<Test> {
        match direction {
            Some(Direction::Source) => test(self, true),
            Some(Direction::Destination) => test(self, false),
            Some(Direction::SourceAndDestination) => {
                let (source, destination) = (test(self, true)?, test(self, false)?);
                Ok(self.blocks.and(source, destination))
            }
            None | Some(Direction::SourceOrDestination) => {
                let (source, destination) = (test(self, true)?, test(self, false)?);
                Ok(self.blocks.or(source, destination))
            }
            Some(_) => two_addresses(direction).and_then(|()| test(self, true)),
        }
    }

    /// An IPv6 address or network.
    pub(super) fn host6(
        &mut self,
        address: Ipv6Addr,
        mask: Ipv6Addr,
        protocol: Option<Protocol>,
        direction: Option<Direction>,
        described: &str,
    ) -> Result<Test> {
        match protocol {
            None | Some(Protocol::Ip6) => {}
            Some(other) => return Err(not_a_qualifier(other.name(), described)),
        }
        two_addresses(direction)?;
        let link_type = self.link_type(ethertype::IP6)?;
        if link_type.never() {
            return Ok(link_type);
        }
        let test = self.either_address(direction, |generator, source| {
            let at = if source { IP6_ADDRESSES.source } else { IP6_ADDRESSES.destination };
            generator.equal_words(at, address.to_bits(), mask.to_bits())
        })?;
        Ok(self.blocks.and(link_type, test))
    }

    /// Compares four words, leaving out those of which no bit counts.
    fn equal_words(&mut self, at: u32, value: u128, mask: u128) -> Result<Test> {
        let mut test = None;
        for (index, shift) in [96, 64, 32, 0].into_iter().enumerate() {
            let [value, mask] =
                [value, mask].map(|bits| u32::try_from(bits >> shift & 0xffff_ffff).unwrap_or(0));
            if mask == 0 {
                continue;
            }
            let offset = at + 4 * u32::try_from(index).unwrap_or(0);
            let next = self.equal_masked(Base::Network, offset, code::W, value, mask)?;
            test = Some(self.both(test, next));
        }
        Ok(match test {
            Some(test) => test,
            None => self.blocks.always(true),
        })
    }

    /// A DECnet address, which stands in four places, depending on the padding and the length of the header.
    pub(super) fn decnet_host(&mut self, address: u32, direction: Option<Direction>) -> Result<Test> {
        two_addresses(direction)?;
        let link_type = self.link_type(ethertype::DECNET)?;
        let test =
            self.either_address(direction, |generator, source| generator.decnet_address(address, source))?;
        Ok(self.blocks.and(link_type, test))
    }

    fn decnet_address(&mut self, address: u32, source: bool) -> Result<Test> {
        let long = if source { 17 } else { 9 };
        let swapped = u32::from(u16::try_from(address & 0xffff).unwrap_or(0).swap_bytes());
        let long_plain = self.decnet_field(code::B, 0x07, 0x06, Some((long, swapped)))?;
        let long_padded = self.decnet_field(code::H, 0xff07, 0x8106, Some((long + 1, swapped)))?;
        let test = self.blocks.or(long_plain, long_padded);
        let short_plain = if source {
            self.decnet_field(code::B, 0x07, 0x02, Some((5, swapped)))?
        } else {
            self.decnet_field(code::W, 0x07ff_ff00, 0x0200_0000 | swapped << 8, None)?
        };
        let short_padded = if source {
            self.decnet_field(code::H, 0xff07, 0x8102, Some((6, swapped)))?
        } else {
            self.decnet_field(code::W, 0xff07_ffff, 0x8102_0000 | swapped, None)?
        };
        let shorts = self.blocks.or(short_plain, short_padded);
        Ok(self.blocks.or(shorts, test))
    }

    /// Whether flags behind the length field are these, and an address stands where they say.
    fn decnet_field(
        &mut self,
        size: u16,
        mask: u32,
        flags: u32,
        address: Option<(u32, u32)>,
    ) -> Result<Test> {
        let test = self.equal_masked(Base::Network, 2, size, flags, mask)?;
        match address {
            Some((at, value)) => {
                let address = self.equal(Base::Network, at, code::H, value)?;
                Ok(self.blocks.and(test, address))
            }
            None => Ok(test),
        }
    }
}

/// The error for a qualifier before something that it does not go with.
pub(super) fn not_a_qualifier(qualifier: &str, subject: &str) -> Error {
    Error::new(format!("'{qualifier}' is not a valid qualifier for '{subject}'"))
}

/// What messages call an IPv4 address under these qualifiers.
pub(super) fn describe_ip4(kind: Option<Kind>, prefix: bool) -> &'static str {
    match (kind, prefix) {
        (Some(Kind::Net), true) => "net <IPv4 prefix>",
        (Some(Kind::Net), false) => "net <IPv4 address>",
        _ => "host <IPv4 address>",
    }
}
