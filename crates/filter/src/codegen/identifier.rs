//! Identifiers: what a name, number or address means under its qualifiers.

use std::net::{IpAddr, Ipv6Addr};

use super::Generator;
use super::ethertype::ip_protocol;
use super::host::{describe_ip4, not_a_qualifier, wlan_direction_name};
use super::test::Test;
use crate::ast::{Direction, Kind, Protocol, Qualifiers, Subject};
use crate::error::{Error, Result};
use crate::names::PortName;

impl Generator<'_> {
    pub(super) fn identifier(&mut self, qualifiers: Option<Qualifiers>, subject: &Subject) -> Result<Test> {
        let kind = qualifiers.and_then(|qualifiers| qualifiers.kind);
        let takes_none = matches!(kind, Some(Kind::Port | Kind::PortRange | Kind::Proto | Kind::ProtoChain));
        if let (Some(kind), Some(described), true) = (kind, describe_address(subject), takes_none) {
            // One of the messages ends in a space.
            let stray = if kind == Kind::Proto && matches!(subject, Subject::Prefix6(..)) { " " } else { "" };
            let name = kind.name();
            return Err(Error::new(format!("'{name}' qualifier applied to {described}{stray}")));
        }
        let Some(qualifiers) = qualifiers else {
            return Err(Error::new("syntax error in filter expression"));
        };
        match subject {
            Subject::Name(name) => self.named(qualifiers, name),
            Subject::Number(number) => self.numbered(qualifiers, *number),
            Subject::Dotted(text) => self.dotted(qualifiers, text),
            Subject::DottedPrefix(text, length) => {
                no_decnet_prefix(qualifiers)?;
                let described = format!("{text}/{length}");
                let (address, bits) = dotted_value(text)?;
                Self::at_most(*length, 32, "netmask length")?;
                let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
                self.prefixed(qualifiers, address << (32 - bits), mask, &described)
            }
            Subject::DottedMask(text, mask) => {
                no_decnet_prefix(qualifiers)?;
                let described = format!("{text} mask {mask}");
                let (address, bits) = dotted_value(text)?;
                let (mask, mask_bits) = dotted_value(mask)?;
                self.prefixed(qualifiers, address << (32 - bits), mask << (32 - mask_bits), &described)
            }
            Subject::Address6(text, address) => self.address6(qualifiers, *address, 128, text),
            Subject::Prefix6(text, address, length) => {
                self.address6(qualifiers, *address, *length, &format!("{text}/{length}"))
            }
            Subject::Ethernet(address) => {
                let host = matches!(qualifiers.kind, None | Some(Kind::Host));
                if !host || qualifiers.protocol != Some(Protocol::Link) {
                    return Err(Error::new("Ethernet address used in non-ether expression"));
                }
                self.link_host(*address, qualifiers.direction)
            }
            Subject::Arcnet(address) => self.arcnet_subject(qualifiers, *address),
        }
    }

    fn arcnet_subject(&mut self, qualifiers: Qualifiers, address: u8) -> Result<Test> {
        if let Some(kind) = qualifiers.kind.filter(|kind| *kind != Kind::Host) {
            return Err(not_a_qualifier(kind.name(), "$XX"));
        }
        if qualifiers.protocol != Some(Protocol::Link) {
            return Err(Error::new("'link' is the only valid proto qualifier for 'host $XX'"));
        }
        self.arcnet_host(address, qualifiers.direction)
    }

    /// A number under its qualifiers.
    fn numbered(&mut self, qualifiers: Qualifiers, number: u32) -> Result<Test> {
        let Qualifiers { protocol, direction, kind } = qualifiers;
        not_decnet(qualifiers)?;
        match kind {
            None | Some(Kind::Host | Kind::Net) => {
                if protocol == Some(Protocol::Decnet) {
                    return Err(Error::new(format!("invalid DECnet address '{number}'")));
                }
                if protocol == Some(Protocol::Link) {
                    return Err(illegal_link_address(&number.to_string()));
                }
                let (mut address, mut mask) = (number, u32::MAX);
                if kind == Some(Kind::Net) {
                    // A network may be given by its first bytes.
                    while address != 0 && address & 0xff00_0000 == 0 {
                        address <<= 8;
                        mask <<= 8;
                    }
                }
                self.host(address, mask, protocol, direction, describe_ip4(kind, false))
            }
            Some(Kind::Port) => {
                let transport = self.transport(qualifiers, Kind::Port)?;
                Self::at_most(number, 0xffff, "port number")?;
                self.ports(number, None, transport, direction)
            }
            Some(Kind::PortRange) => {
                let transport = self.transport(qualifiers, Kind::PortRange)?;
                Self::at_most(number, 0xffff, "port number")?;
                self.ports(number, Some(number), transport, direction)
            }
            Some(Kind::Gateway) => Err(not_a_qualifier("gateway", &number.to_string())),
            Some(Kind::Proto) => self.protocol_number(number, protocol, direction.is_some()),
            Some(Kind::ProtoChain) => self.protocol_chain(number, protocol),
        }
    }

    /// Two to four numbers with dots: an IPv4 address, or DECnet's area and node.
    fn dotted(&mut self, qualifiers: Qualifiers, text: &str) -> Result<Test> {
        let Qualifiers { protocol, direction, kind } = qualifiers;
        not_decnet(qualifiers)?;
        if protocol == Some(Protocol::Decnet) {
            let address =
                decnet_value(text).ok_or_else(|| Error::new(format!("invalid DECnet address '{text}'")))?;
            return self.decnet_host(address, direction);
        }
        let (address, bits) = dotted_value(text)?;
        if kind == Some(Kind::Gateway) {
            return Err(not_a_qualifier("gateway", text));
        }
        if protocol == Some(Protocol::Link) {
            return Err(illegal_link_address(text));
        }
        let (address, mask) = (address << (32 - bits), u32::MAX << (32 - bits));
        self.host(address, mask, protocol, direction, describe_ip4(kind, false))
    }

    fn prefixed(&mut self, qualifiers: Qualifiers, address: u32, mask: u32, described: &str) -> Result<Test> {
        if address & !mask != 0 {
            return Err(Error::new(format!("non-network bits set in \"{described}\"")));
        }
        let Qualifiers { protocol, direction, kind } = qualifiers;
        match kind {
            Some(Kind::Net) => self.host(address, mask, protocol, direction, describe_ip4(kind, true)),
            Some(kind) => Err(not_a_qualifier(kind.name(), described)),
            None => Err(Error::new("Mask syntax for networks only")),
        }
    }

    fn address6(
        &mut self,
        qualifiers: Qualifiers,
        address: Ipv6Addr,
        length: u32,
        described: &str,
    ) -> Result<Test> {
        if length > 128 {
            return Err(Error::new("mask length must be <= 128"));
        }
        let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
        if address.to_bits() & !mask != 0 {
            return Err(Error::new(format!("non-network bits set in \"{described}\"")));
        }
        let Qualifiers { protocol, direction, kind } = qualifiers;
        let named = match kind {
            Some(Kind::Net) => "net <IPv6 prefix>",
            None | Some(Kind::Host) if length == 128 => "host <IPv6 address>",
            None => return Err(not_a_qualifier("host", described)),
            Some(kind) => return Err(not_a_qualifier(kind.name(), described)),
        };
        self.host6(address, mask.into(), protocol, direction, named)
    }

    /// The transport protocol that a qualifier names; an error for one without ports.
    fn transport(&self, qualifiers: Qualifiers, kind: Kind) -> Result<Option<u32>> {
        let transport = match qualifiers.protocol {
            None => None,
            Some(Protocol::Tcp) => Some(ip_protocol::TCP),
            Some(Protocol::Udp) => Some(ip_protocol::UDP),
            Some(Protocol::Sctp) => Some(ip_protocol::SCTP),
            Some(other) => return Err(not_a_qualifier(other.name(), kind.name())),
        };
        match wlan_direction_name(qualifiers.direction) {
            Some(name) => Err(not_a_qualifier(name, kind.name())),
            None => Ok(transport),
        }
    }

    /// A name under its qualifiers.
    fn named(&mut self, qualifiers: Qualifiers, name: &str) -> Result<Test> {
        let Qualifiers { protocol, direction, kind } = qualifiers;
        not_decnet(qualifiers)?;
        match kind {
            None | Some(Kind::Host) => match protocol {
                Some(Protocol::Link) => {
                    let address = self.names.ethernet_host(name);
                    let address =
                        address.ok_or_else(|| Error::new(format!("unknown Ethernet-like host '{name}'")))?;
                    self.link_host(address, direction)
                }
                Some(Protocol::Decnet) => Err(Error::new(format!("unknown decnet host name '{name}'"))),
                _ => self.named_host(qualifiers, name),
            },
            Some(Kind::Net) => {
                let network = self.names.network(name);
                let mut address = network.ok_or_else(|| Error::new(format!("unknown network '{name}'")))?;
                let mut mask = u32::MAX;
                while address != 0 && address & 0xff00_0000 == 0 {
                    address <<= 8;
                    mask <<= 8;
                }
                self.host(address, mask, protocol, direction, describe_ip4(kind, false))
            }
            Some(Kind::Port) => {
                let transport = self.transport(qualifiers, Kind::Port)?;
                let port = self.names.port(name);
                let port = port.ok_or_else(|| Error::new(format!("unknown port '{name}'")))?;
                Self::at_most(port.number, 0xffff, "port number")?;
                let transport = transport_of(transport, port, "port", name)?;
                self.ports(port.number, None, transport, direction)
            }
            Some(Kind::PortRange) => {
                let transport = self.transport(qualifiers, Kind::PortRange)?;
                self.named_port_range(transport, direction, name)
            }
            Some(Kind::Gateway) => self.gateway(protocol, name),
            Some(kind @ (Kind::Proto | Kind::ProtoChain)) => {
                let number = self.protocol_named(protocol, name).ok_or_else(|| {
                    let over = protocol.map_or(String::new(), |over| format!("{} ", over.name()));
                    Error::new(format!("unknown '{over}{}' value '{name}'", kind.name()))
                })?;
                if kind == Kind::Proto {
                    self.protocol_number(number, protocol, direction.is_some())
                } else {
                    self.protocol_chain(number, protocol)
                }
            }
        }
    }

    fn protocol_named(&self, over: Option<Protocol>, name: &str) -> Option<u32> {
        match over {
            None | Some(Protocol::Ip | Protocol::Ip6) => self.names.protocol(name),
            Some(Protocol::Iso) => match name {
                "esis" | "es-is" => Some(super::ethertype::iso::ESIS),
                "isis" | "is-is" => Some(super::ethertype::iso::ISIS),
                "clnp" => Some(super::ethertype::iso::CLNP),
                _ => None,
            },
            Some(Protocol::Link) => crate::names::link_protocol(name),
            Some(_) => None,
        }
    }

    /// A host by name: any of its addresses.
    fn named_host(&mut self, qualifiers: Qualifiers, name: &str) -> Result<Test> {
        let Qualifiers { protocol, direction, .. } = qualifiers;
        let addresses = self.names.host(name);
        let wanted = |address: &IpAddr| match protocol {
            Some(Protocol::Ip | Protocol::Arp | Protocol::Rarp) => address.is_ipv4(),
            Some(Protocol::Ip6) => address.is_ipv6(),
            _ => true,
        };
        if addresses.is_empty() {
            return Err(Error::new(format!("unknown host '{name}'")));
        }
        let mut test = None;
        for address in addresses.into_iter().filter(wanted) {
            let next = match address {
                IpAddr::V4(address) => {
                    self.host(address.to_bits(), u32::MAX, protocol, direction, "host <IPv4 address>")?
                }
                IpAddr::V6(address) => {
                    let mask = Ipv6Addr::from_bits(u128::MAX);
                    self.host6(address, mask, protocol, direction, "host <IPv6 address>")?
                }
            };
            test = Some(match test {
                Some(test) => self.blocks.or(test, next),
                None => next,
            });
        }
        test.ok_or_else(|| Error::new(format!("unknown host '{name}' for specified address family")))
    }

    fn named_port_range(
        &mut self,
        transport: Option<u32>,
        direction: Option<Direction>,
        name: &str,
    ) -> Result<Test> {
        let unknown = || Error::new(format!("unknown port in range '{name}'"));
        let (first, last) = match name.split_once('-') {
            Some((_, last)) if last.contains('-') => {
                return Err(Error::new(format!("port range '{name}' contains more than one hyphen")));
            }
            Some(ends) => ends,
            None => (name, name),
        };
        let first = self.names.port(first).ok_or_else(unknown)?;
        let last = self.names.port(last).ok_or_else(unknown)?;
        let known = if first.transport == last.transport { first.transport } else { None };
        let found = PortName { number: first.number, transport: known };
        let transport = transport_of(transport, found, "port in range", name)?;
        Self::at_most(first.number, 0xffff, "port number")?;
        Self::at_most(last.number, 0xffff, "port number")?;
        self.ports(first.number, Some(last.number), transport, direction)
    }

    /// Packets that a host forwards: from or to its hardware address, but not its network address.
    fn gateway(&mut self, protocol: Option<Protocol>, name: &str) -> Result<Test> {
        if !matches!(protocol, None | Some(Protocol::Ip | Protocol::Arp | Protocol::Rarp)) {
            let qualifier = protocol.map_or("", Protocol::name);
            return Err(not_a_qualifier(qualifier, "gateway"));
        }
        let hardware = self.names.ethernet_host(name);
        let hardware = hardware.ok_or_else(|| Error::new(format!("unknown Ethernet-like host '{name}'")))?;
        let addresses: Vec<u32> = self
            .names
            .host(name)
            .into_iter()
            .filter_map(|address| match address {
                IpAddr::V4(address) => Some(address.to_bits()),
                IpAddr::V6(_) => None,
            })
            .collect();
        if addresses.is_empty() {
            return Err(Error::new(format!("unknown host '{name}'")));
        }
        let hardware = self.link_host(hardware, Some(Direction::SourceOrDestination))?;
        let mut hosts = None;
        for address in addresses {
            let next = self.host(
                address,
                u32::MAX,
                protocol,
                Some(Direction::SourceOrDestination),
                "host <IPv4 address>",
            )?;
            hosts = Some(match hosts {
                Some(hosts) => self.blocks.or(hosts, next),
                None => next,
            });
        }
        match hosts {
            Some(hosts) => Ok(self.blocks.and(hardware, hosts.not())),
            None => Ok(hardware),
        }
    }
}

/// The protocol that both a qualifier and a port's name allow.
fn transport_of(qualifier: Option<u32>, port: PortName, what: &str, name: &str) -> Result<Option<u32>> {
    match (qualifier, port.transport) {
        (Some(qualifier), Some(known)) if qualifier != known => {
            let known = match known {
                ip_protocol::TCP => "tcp",
                ip_protocol::UDP => "udp",
                _ => "sctp",
            };
            Err(Error::new(format!("{what} '{name}' is {known}")))
        }
        (Some(qualifier), _) => Ok(Some(qualifier)),
        (None, known) => Ok(known),
    }
}

/// DECnet has hosts only.
fn not_decnet(qualifiers: Qualifiers) -> Result<()> {
    match (qualifiers.protocol, qualifiers.kind) {
        (Some(Protocol::Decnet), Some(kind)) if kind != Kind::Host => {
            Err(not_a_qualifier("decnet", kind.name()))
        }
        _ => Ok(()),
    }
}

/// DECnet has no prefixes.
fn no_decnet_prefix(qualifiers: Qualifiers) -> Result<()> {
    match qualifiers {
        Qualifiers { protocol: Some(Protocol::Decnet), kind, .. } => {
            Err(not_a_qualifier("decnet", kind.map_or("host", Kind::name)))
        }
        _ => Ok(()),
    }
}

fn illegal_link_address(text: &str) -> Error {
    Error::new(format!("illegal link-layer address '{text}'"))
}

/// What a message calls an address behind a qualifier that takes none.
fn describe_address(subject: &Subject) -> Option<&'static str> {
    Some(match subject {
        Subject::Dotted(_) => "IPv4 address",
        Subject::DottedPrefix(..) => "IPv4 address and prefix length",
        Subject::DottedMask(..) => "IPv4 address and netmask",
        Subject::Address6(..) => "IPv6 address",
        Subject::Prefix6(..) => "IPv6 address and prefix length",
        _ => return None,
    })
}

/// The value of dotted decimal bytes, and how many bits they are.
fn dotted_value(text: &str) -> Result<(u32, u32)> {
    let (mut value, mut bits) = (0_u32, 0_u32);
    for part in text.split('.') {
        let byte: u8 = part
            .bytes()
            .try_fold(0_u32, |value, digit| match digit {
                b'0'..=b'9' => Some(value.saturating_mul(10).saturating_add(u32::from(digit - b'0'))),
                _ => None,
            })
            .and_then(|value| u8::try_from(value).ok())
            .ok_or_else(|| Error::new(format!("invalid IPv4 address '{text}'")))?;
        value = value << 8 | u32::from(byte);
        bits += 8;
    }
    Ok((value, bits.clamp(8, 32)))
}

/// DECnet's area and node.
fn decnet_value(text: &str) -> Option<u32> {
    let (area, node) = text.split_once('.')?;
    let area: u32 = area.parse().ok().filter(|area| *area < 64)?;
    let node: u32 = node.parse().ok().filter(|node| *node < 1024)?;
    Some(area << 10 | node)
}
