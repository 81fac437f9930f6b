//! Protocols: by name alone, and by number under `proto`.

use wirescope_wire::LinkType;

use super::Generator;
use super::ethertype::{self, ip_protocol, iso, sap};
use super::load::Base;
use super::test::Test;
use crate::ast::Protocol;
use crate::error::{Error, Result};
use crate::ir::code;

impl Generator<'_> {
    /// A protocol's name alone.
    pub(super) fn protocol(&mut self, protocol: Protocol) -> Result<Test> {
        if let Some(number) = link_protocol(protocol) {
            return self.link_type(number);
        }
        let (number, over) = match protocol {
            Protocol::Sctp => (ip_protocol::SCTP, None),
            Protocol::Tcp => (ip_protocol::TCP, None),
            Protocol::Udp => (ip_protocol::UDP, None),
            Protocol::Icmp => (ip_protocol::ICMP, Some(Protocol::Ip)),
            Protocol::Igmp => (ip_protocol::IGMP, Some(Protocol::Ip)),
            Protocol::Igrp => (ip_protocol::IGRP, Some(Protocol::Ip)),
            Protocol::Pim => (ip_protocol::PIM, None),
            Protocol::Vrrp | Protocol::Carp => (ip_protocol::VRRP, Some(Protocol::Ip)),
            Protocol::Icmp6 => (ip_protocol::ICMP6, Some(Protocol::Ip6)),
            Protocol::Ah => (ip_protocol::AH, None),
            Protocol::Esp => (ip_protocol::ESP, None),
            Protocol::Esis => (iso::ESIS, Some(Protocol::Iso)),
            Protocol::Isis => (iso::ISIS, Some(Protocol::Iso)),
            Protocol::Clnp => (iso::CLNP, Some(Protocol::Iso)),
            _ => match isis_types(protocol) {
                Some(types) => return self.isis(types),
                None => {
                    return Err(Error::new(format!(
                        "'{}' cannot be used as an abbreviation",
                        protocol.name()
                    )));
                }
            },
        };
        self.protocol_number(number, over, false)
    }

    fn isis(&mut self, types: &[u32]) -> Result<Test> {
        let mut test = None;
        for number in types {
            let next = self.protocol_number(*number, Some(Protocol::Isis), false)?;
            test = Some(match test {
                Some(test) => self.blocks.or(test, next),
                None => next,
            });
        }
        test.ok_or_else(|| Error::new(crate::parser::SYNTAX_ERROR))
    }

    /// A protocol by number, over another one or over either IP.
    pub(super) fn protocol_number(
        &mut self,
        number: u32,
        over: Option<Protocol>,
        directed: bool,
    ) -> Result<Test> {
        if directed {
            return Err(Error::new("direction applied to 'proto'"));
        }
        match over {
            None => {
                let ip = self.protocol_number(number, Some(Protocol::Ip), false)?;
                let ip6 = self.protocol_number(number, Some(Protocol::Ip6), false)?;
                Ok(self.blocks.or(ip, ip6))
            }
            Some(Protocol::Link) => self.link_type(number),
            Some(Protocol::Ip) => {
                Self::at_most(number, 0xff, "protocol number")?;
                let ip = self.link_type(ethertype::IP)?;
                let test = self.equal(Base::Network, 9, code::B, number)?;
                Ok(self.blocks.and(ip, test))
            }
            Some(Protocol::Ip6) => {
                Self::at_most(number, 0xff, "protocol number")?;
                let ip6 = self.link_type(ethertype::IP6)?;
                let fragment = self.equal(Base::Network, 6, code::B, ip_protocol::FRAGMENT)?;
                let inside = self.equal(Base::Network, 40, code::B, number)?;
                let inside = self.blocks.and(fragment, inside);
                let direct = self.equal(Base::Network, 6, code::B, number)?;
                let test = self.blocks.or(direct, inside);
                Ok(self.blocks.and(ip6, test))
            }
            Some(Protocol::Iso) => {
                Self::at_most(number, 0xff, "ISO protocol")?;
                self.iso_protocol(number)
            }
            Some(Protocol::Isis) => {
                Self::at_most(number, 0x1f, "IS-IS PDU type")?;
                let isis = self.protocol_number(iso::ISIS, Some(Protocol::Iso), false)?;
                let at = if self.link == LinkType::C_HDLC { 5 } else { 4 };
                let test = self.equal_masked(Base::NetworkWithoutSnap, at, code::B, number, 0x1f)?;
                Ok(self.blocks.and(isis, test))
            }
            Some(over) => Err(Error::new(format!("'{}' is not a valid qualifier for 'proto'", over.name()))),
        }
    }

    fn iso_protocol(&mut self, number: u32) -> Result<Test> {
        match self.link {
            // Q.922 has the protocol's number right behind the control byte.
            LinkType::FRELAY => self.equal(Base::LinkHeader, 2, code::H, 0x0300 | number),
            LinkType::C_HDLC => {
                let iso = self.link_type(sap::ISO << 8 | sap::ISO)?;
                let test = self.equal(Base::NetworkWithoutSnap, 1, code::B, number)?;
                Ok(self.blocks.and(iso, test))
            }
            _ => {
                let iso = self.link_type(sap::ISO)?;
                let test = self.equal(Base::NetworkWithoutSnap, 0, code::B, number)?;
                Ok(self.blocks.and(iso, test))
            }
        }
    }
}

/// The number by which the link layer names a protocol.
pub(super) fn link_protocol(protocol: Protocol) -> Option<u32> {
    Some(match protocol {
        Protocol::Ip => ethertype::IP,
        Protocol::Arp => ethertype::ARP,
        Protocol::Rarp => ethertype::RARP,
        Protocol::Atalk => ethertype::ATALK,
        Protocol::Aarp => ethertype::AARP,
        Protocol::Decnet => ethertype::DECNET,
        Protocol::Sca => ethertype::SCA,
        Protocol::Lat => ethertype::LAT,
        Protocol::Mopdl => ethertype::MOPDL,
        Protocol::Moprc => ethertype::MOPRC,
        Protocol::Ip6 => ethertype::IP6,
        Protocol::Iso => sap::ISO,
        Protocol::Stp => sap::STP,
        Protocol::Ipx => sap::IPX,
        Protocol::Netbeui => sap::NETBEUI,
        _ => return None,
    })
}

/// The types of IS-IS packets that a name stands for.
fn isis_types(protocol: Protocol) -> Option<&'static [u32]> {
    Some(match protocol {
        Protocol::IsisLevel1 => &[
            iso::PARTIAL_SEQUENCE_LEVEL_1,
            iso::COMPLETE_SEQUENCE_LEVEL_1,
            iso::LINK_STATE_LEVEL_1,
            iso::LAN_HELLO_LEVEL_1,
            iso::POINT_TO_POINT_HELLO,
        ],
        Protocol::IsisLevel2 => &[
            iso::PARTIAL_SEQUENCE_LEVEL_2,
            iso::COMPLETE_SEQUENCE_LEVEL_2,
            iso::LINK_STATE_LEVEL_2,
            iso::LAN_HELLO_LEVEL_2,
            iso::POINT_TO_POINT_HELLO,
        ],
        Protocol::IsisHello => &[iso::POINT_TO_POINT_HELLO, iso::LAN_HELLO_LEVEL_1, iso::LAN_HELLO_LEVEL_2],
        Protocol::IsisLinkState => &[iso::LINK_STATE_LEVEL_1, iso::LINK_STATE_LEVEL_2],
        Protocol::IsisSequence => &[
            iso::COMPLETE_SEQUENCE_LEVEL_1,
            iso::COMPLETE_SEQUENCE_LEVEL_2,
            iso::PARTIAL_SEQUENCE_LEVEL_1,
            iso::PARTIAL_SEQUENCE_LEVEL_2,
        ],
        Protocol::IsisCompleteSequence => &[iso::COMPLETE_SEQUENCE_LEVEL_1, iso::COMPLETE_SEQUENCE_LEVEL_2],
        Protocol::IsisPartialSequence => &[iso::PARTIAL_SEQUENCE_LEVEL_1, iso::PARTIAL_SEQUENCE_LEVEL_2],
        _ => return None,
    })
}
