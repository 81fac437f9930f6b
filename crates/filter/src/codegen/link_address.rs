//! Link-layer addresses, and what is sent to more than one of them.

use wirescope_wire::LinkType;

use super::Generator;
use super::ethertype;
use super::host::not_a_qualifier;
use super::layout::is_wlan;
use super::load::Base;
use super::test::Test;
use crate::ast::{Direction, Protocol};
use crate::error::{Error, Result};
use crate::ir::code;

const BROADCAST: [u8; 6] = [0xff; 6];

/// Where the two addresses stand in the headers of link-layer types with six-byte addresses.
struct LinkAddresses {
    source: u32,
    destination: u32,
}

fn addresses(link: LinkType) -> Option<LinkAddresses> {
    let (source, destination) = match link {
        LinkType::EN10MB
        | LinkType::NETANALYZER
        | LinkType::NETANALYZER_TRANSPARENT
        | LinkType::DSA_TAG_BRCM
        | LinkType::DSA_TAG_DSA => (6, 0),
        LinkType::FDDI => (7, 1),
        LinkType::IEEE802 => (8, 2),
        LinkType::IP_OVER_FC => (10, 2),
        _ => return None,
    };
    Some(LinkAddresses { source, destination })
}

impl Generator<'_> {
    /// An Ethernet-like address.
    pub(super) fn link_host(&mut self, address: [u8; 6], direction: Option<Direction>) -> Result<Test> {
        if is_wlan(self.link) {
            return self.wlan_host(address, direction);
        }
        let Some(at) = addresses(self.link) else {
            return self.not_supported("link host XX:XX:XX:XX:XX:XX");
        };
        let header = self.header_check()?;
        let test = self.either_address(direction, |generator, source| {
            let offset = if source { at.source } else { at.destination };
            generator.equal_bytes(Base::LinkHeader, offset, &address)
        })?;
        Ok(self.both(header, test))
    }

    /// An ARCnet address, which is one byte, as are those of BACnet on a serial line.
    pub(super) fn arcnet_host(&mut self, address: u8, direction: Option<Direction>) -> Result<Test> {
        let at = match self.link {
            LinkType::ARCNET | LinkType::ARCNET_LINUX => LinkAddresses { source: 0, destination: 1 },
            LinkType::BACNET_MS_TP => LinkAddresses { source: 4, destination: 3 },
            _ => return self.not_supported("link host $XX"),
        };
        self.either_address(direction, |generator, source| {
            let offset = if source { at.source } else { at.destination };
            generator.equal(Base::LinkHeader, offset, code::B, u32::from(address))
        })
    }

    pub(super) fn broadcast(&mut self, protocol: Option<Protocol>) -> Result<Test> {
        match protocol {
            None | Some(Protocol::Link) => match self.link {
                LinkType::ARCNET | LinkType::ARCNET_LINUX => {
                    self.arcnet_host(0, Some(Direction::Destination))
                }
                LinkType::BACNET_MS_TP => self.arcnet_host(0xff, Some(Direction::Destination)),
                link if is_wlan(link) || addresses(link).is_some() => {
                    self.link_host(BROADCAST, Some(Direction::Destination))
                }
                _ => self.not_supported("broadcast"),
            },
            Some(Protocol::Ip) => {
                let Some(netmask) = self.options.netmask else {
                    return Err(Error::new("netmask not known, so 'ip broadcast' not supported"));
                };
                let ip = self.link_type(ethertype::IP)?;
                let host = !netmask;
                let zeros = self.equal_masked(Base::Network, 16, code::W, 0, host)?;
                let ones = self.equal_masked(Base::Network, 16, code::W, host, host)?;
                let test = self.blocks.or(zeros, ones);
                Ok(self.blocks.and(ip, test))
            }
            Some(other) => Err(not_a_qualifier(other.name(), "broadcast")),
        }
    }

    pub(super) fn multicast(&mut self, protocol: Option<Protocol>) -> Result<Test> {
        match protocol {
            None | Some(Protocol::Link) => match self.link {
                LinkType::ARCNET | LinkType::ARCNET_LINUX => {
                    self.arcnet_host(0, Some(Direction::Destination))
                }
                link if is_wlan(link) => self.wlan_multicast(),
                link => match addresses(link) {
                    Some(at) => {
                        let header = self.header_check()?;
                        let test = self.group_bit(at.destination)?;
                        Ok(self.both(header, test))
                    }
                    None => self.not_supported("multicast"),
                },
            },
            Some(Protocol::Ip) => {
                let ip = self.link_type(ethertype::IP)?;
                let test = self.equal_masked(Base::Network, 16, code::B, 0xe0, 0xf0)?;
                Ok(self.blocks.and(ip, test))
            }
            Some(Protocol::Ip6) => {
                let ip6 = self.link_type(ethertype::IP6)?;
                let test = self.equal(Base::Network, 24, code::B, 0xff)?;
                Ok(self.blocks.and(ip6, test))
            }
            Some(other) => Err(not_a_qualifier(other.name(), "multicast")),
        }
    }

    /// Whether the bit that marks a group is set in an address of the link-layer header.
    pub(super) fn group_bit(&mut self, offset: u32) -> Result<Test> {
        self.compare_field(Base::LinkHeader, offset, code::B, u32::MAX, code::JSET, 0x01)
    }
}
