//! What a run of packets has, so that most questions about them are answered without reading them.
//!
//! [`Gatherer`] looks where the filter language looks: at the first IP, ARP or RARP header behind the link-layer header
//! and its VLAN tags, at fixed places and without checking more than a filter would. Link types that it does not follow
//! make the run blind: then nothing about addresses, ports and protocols can be ruled out.

use std::collections::HashSet;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use wirescope_filter::Condition;
use wirescope_filter::condition::Network;
use wirescope_wire::ethernet::{self, ether_type};
use wirescope_wire::ipv4::protocol;
use wirescope_wire::{Cursor, LinkType, Packet, Stop, Walk};

use crate::hosts::{Hosts, IPV4, IPV6};

/// VLAN tags that are followed; a packet with more makes the run blind.
const TAGS_MAXIMUM: usize = 8;

/// Bits of the byte that says what there is.
const HAS_IP: u8 = 1;
const HAS_IP6: u8 = 1 << 1;
const HAS_ARP: u8 = 1 << 2;
const HAS_RARP: u8 = 1 << 3;
const IS_BLIND: u8 = 1 << 7;

/// Ports up to this number are listed; more are a bit each.
const LISTED_PORTS_MAXIMUM: usize = 4_096;
const PORT_BITS_LEN: usize = 8_192;
/// In place of the number of ports: a bit each.
const PORTS_AS_BITS: u16 = u16::MAX;
/// Bytes of the set of IP protocols, a bit each.
const PROTOCOL_BITS_LEN: usize = 32;

/// Set of small numbers, a bit each, the lowest bit of the first byte first.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Bits(Vec<u8>);

impl Bits {
    fn new(bytes: usize) -> Bits {
        Bits(vec![0; bytes])
    }

    #[inline]
    fn insert(&mut self, number: usize) {
        if let Some(byte) = self.0.get_mut(number / 8) {
            *byte |= 1 << (number % 8);
        }
    }

    fn has(&self, number: usize) -> bool {
        self.0.get(number / 8).is_some_and(|byte| byte & 1 << (number % 8) != 0)
    }

    fn numbers(&self) -> impl Iterator<Item = usize> {
        let set = |(at, byte): (usize, &u8)| {
            let byte = *byte;
            (0..8).filter(move |bit| byte & 1 << bit != 0).map(move |bit| at * 8 + bit)
        };
        self.0.iter().enumerate().filter(|(_, byte)| **byte != 0).flat_map(set)
    }
}

/// What the packets of a run have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contents {
    flags: u8,
    protocols: Bits,
    ports: Bits,
    hosts: Hosts,
    hosts6: Hosts,
}

impl Contents {
    /// Whether a packet of the run may meet the condition; `false` is certain.
    pub fn may_meet(&self, condition: &Condition) -> bool {
        if self.flags & IS_BLIND != 0 {
            return true;
        }
        match condition {
            Condition::Any => true,
            Condition::Network(network) => {
                let flag = match network {
                    Network::Ip => HAS_IP,
                    Network::Ip6 => HAS_IP6,
                    Network::Arp => HAS_ARP,
                    Network::Rarp => HAS_RARP,
                };
                self.flags & flag != 0
            }
            Condition::IpProtocol(number) => self.protocols.has(usize::from(*number)),
            Condition::Address(IpAddr::V4(address), length) => {
                self.hosts.may_have(IPV4, u128::from(address.to_bits()), *length)
            }
            Condition::Address(IpAddr::V6(address), length) => {
                self.hosts6.may_have(IPV6, address.to_bits(), *length)
            }
            Condition::Port(range) => range.clone().any(|port| self.ports.has(usize::from(port))),
            Condition::All(list) => list.iter().all(|condition| self.may_meet(condition)),
            Condition::OneOf(list) => list.iter().any(|condition| self.may_meet(condition)),
        }
    }

    pub(crate) fn encode(&self, buffer: &mut Vec<u8>) {
        buffer.push(self.flags);
        buffer.extend(&self.protocols.0);
        let ports: Vec<usize> = self.ports.numbers().collect();
        if ports.len() <= LISTED_PORTS_MAXIMUM {
            buffer.extend((ports.len() as u16).to_be_bytes());
            ports.iter().for_each(|port| buffer.extend((*port as u16).to_be_bytes()));
        } else {
            buffer.extend(PORTS_AS_BITS.to_be_bytes());
            buffer.extend(&self.ports.0);
        }
        self.hosts.encode(IPV4, buffer);
        self.hosts6.encode(IPV6, buffer);
    }

    pub(crate) fn decode(c: &mut Cursor<'_>) -> Walk<Contents> {
        let flags = c.u8()?;
        let protocols = Bits(c.take(PROTOCOL_BITS_LEN)?.to_vec());
        let mut ports = Bits::new(PORT_BITS_LEN);
        match c.u16()? {
            PORTS_AS_BITS => ports = Bits(c.take(PORT_BITS_LEN)?.to_vec()),
            count if usize::from(count) <= LISTED_PORTS_MAXIMUM => {
                for _ in 0..count {
                    ports.insert(usize::from(c.u16()?));
                }
            }
            _ => return Err(Stop::Invalid),
        }
        Ok(Contents {
            flags,
            protocols,
            ports,
            hosts: Hosts::decode(IPV4, c)?,
            hosts6: Hosts::decode(IPV6, c)?,
        })
    }
}

/// Gathers what packets have.
#[derive(Debug)]
pub struct Gatherer {
    flags: u8,
    protocols: Bits,
    ports: Bits,
    hosts: HashSet<u128, RandomState>,
    hosts6: HashSet<u128, RandomState>,
}

impl Default for Gatherer {
    fn default() -> Self {
        Gatherer {
            flags: 0,
            protocols: Bits::new(PROTOCOL_BITS_LEN),
            ports: Bits::new(PORT_BITS_LEN),
            hosts: HashSet::default(),
            hosts6: HashSet::default(),
        }
    }
}

impl Gatherer {
    /// Takes note of a packet.
    pub fn packet(&mut self, packet: &Packet<'_>) {
        // A header that is cut off has given what a filter can still see of it.
        let _ = self.link(packet.link, Cursor::over(packet.data));
    }

    /// What there was.
    pub fn finish(self) -> Contents {
        Contents {
            flags: self.flags,
            protocols: self.protocols,
            ports: self.ports,
            hosts: Hosts::of(&self.hosts, IPV4),
            hosts6: Hosts::of(&self.hosts6, IPV6),
        }
    }

    fn link(&mut self, link: LinkType, mut c: Cursor<'_>) -> Walk {
        match link {
            LinkType::EN10MB => {
                c.skip(12)?;
                let kind = c.u16()?;
                self.tagged(kind, c)
            }
            LinkType::LINUX_SLL => {
                c.skip(14)?;
                let kind = c.u16()?;
                self.ether_type(kind, c)
            }
            LinkType::LINUX_SLL2 => {
                // The type stands first: a filter sees it in a header that is cut off behind it.
                let kind = c.u16()?;
                c.advance(18);
                self.ether_type(kind, c)
            }
            LinkType::RAW => match c.peek_u8(0)? >> 4 {
                4 => self.ip(c),
                6 => self.ip6(c),
                _ => Ok(()),
            },
            LinkType::IPV4 => self.ip(c),
            LinkType::IPV6 => self.ip6(c),
            _ => {
                self.flags |= IS_BLIND;
                Ok(())
            }
        }
    }

    /// Behind an Ethernet type that may announce a tag.
    fn tagged(&mut self, mut kind: u16, mut c: Cursor<'_>) -> Walk {
        for _ in 0..=TAGS_MAXIMUM {
            if !ethernet::is_vlan(kind) {
                return self.ether_type(kind, c);
            }
            c.skip(2)?;
            kind = c.u16()?;
        }
        self.flags |= IS_BLIND;
        Ok(())
    }

    fn ether_type(&mut self, kind: u16, c: Cursor<'_>) -> Walk {
        match kind {
            ether_type::IPV4 => self.ip(c),
            ether_type::IPV6 => self.ip6(c),
            ether_type::ARP => self.arp(HAS_ARP, c),
            ether_type::RARP => self.arp(HAS_RARP, c),
            _ => Ok(()),
        }
    }

    /// The addresses stand where Ethernet and IPv4 have them: there a filter looks, whatever the header says.
    fn arp(&mut self, flag: u8, c: Cursor<'_>) -> Walk {
        self.flags |= flag;
        for at in [14, 24] {
            self.hosts.insert(u128::from(c.peek_u32(at)?));
        }
        Ok(())
    }

    fn ip(&mut self, c: Cursor<'_>) -> Walk {
        self.flags |= HAS_IP;
        let carried = c.peek_u8(9)?;
        self.protocols.insert(usize::from(carried));
        let is_first_fragment = c.peek_u16(6)? & 0x1fff == 0;
        if is_first_fragment && has_ports(carried) {
            // A header that claims to be shorter than it is has its ports among its own fields.
            let header_len = usize::from(c.peek_u8(0)? & 0x0f) * 4;
            let _ = self.ports(c, header_len);
        }
        for at in [12, 16] {
            self.hosts.insert(u128::from(c.peek_u32(at)?));
        }
        Ok(())
    }

    fn ip6(&mut self, c: Cursor<'_>) -> Walk {
        const HEADER_LEN: usize = 40;
        self.flags |= HAS_IP6;
        if !c.has(HEADER_LEN) {
            // The beginning of an address that is cut off may be all that a filter asks for.
            self.flags |= IS_BLIND;
            return Ok(());
        }
        let next = c.peek_u8(6)?;
        self.protocols.insert(usize::from(next));
        for at in [8, 24] {
            self.hosts6.insert(u128::from_be_bytes(*c.peek_array(at)?));
        }
        match next {
            protocol::FRAGMENT => self.protocols.insert(usize::from(c.peek_u8(HEADER_LEN)?)),
            _ if has_ports(next) => self.ports(c, HEADER_LEN)?,
            _ => {}
        }
        Ok(())
    }

    fn ports(&mut self, c: Cursor<'_>, at: usize) -> Walk {
        self.ports.insert(usize::from(c.peek_u16(at)?));
        self.ports.insert(usize::from(c.peek_u16(at + 2)?));
        Ok(())
    }
}

fn has_ports(number: u8) -> bool {
    matches!(number, protocol::TCP | protocol::UDP | protocol::SCTP)
}
