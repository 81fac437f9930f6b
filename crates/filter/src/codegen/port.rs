//! Ports of TCP, UDP and SCTP.

use super::Generator;
use super::ethertype::{self, ip_protocol};
use super::load::Base;
use super::test::Test;
use crate::ast::Direction;
use crate::error::Result;
use crate::ir::code;

/// Transport protocols with ports, in the order in which they are tried.
const TRANSPORTS: [u32; 3] = [ip_protocol::TCP, ip_protocol::UDP, ip_protocol::SCTP];

impl Generator<'_> {
    /// A port or a range of ports, of one transport protocol or of any.
    pub(super) fn ports(
        &mut self,
        first: u32,
        last: Option<u32>,
        transport: Option<u32>,
        direction: Option<Direction>,
    ) -> Result<Test> {
        let (first, last) = match last {
            Some(last) if last == first => (first, None),
            Some(last) if last < first => (last, Some(first)),
            _ => (first, last),
        };
        let ip6 = self.ports_over(true, first, last, transport, direction)?;
        let ip = self.ports_over(false, first, last, transport, direction)?;
        Ok(self.blocks.or(ip6, ip))
    }

    fn ports_over(
        &mut self,
        ip6: bool,
        first: u32,
        last: Option<u32>,
        transport: Option<u32>,
        direction: Option<Direction>,
    ) -> Result<Test> {
        let at = if ip6 { 6 } else { 9 };
        let ethertype = if ip6 { ethertype::IP6 } else { ethertype::IP };
        let transport = match transport {
            Some(transport) => self.equal(Base::Network, at, code::B, transport)?,
            None => {
                let [tcp, udp, sctp] = TRANSPORTS;
                let tcp = self.equal(Base::Network, at, code::B, tcp)?;
                let udp = self.equal(Base::Network, at, code::B, udp)?;
                let sctp = self.equal(Base::Network, at, code::B, sctp)?;
                let test = self.blocks.or(tcp, udp);
                self.blocks.or(test, sctp)
            }
        };
        let link_type = self.link_type(ethertype)?;
        let base = if ip6 { Base::Ip6Payload } else { Base::Ip4Payload };
        let mut ports = self.either_address(direction, |generator, source| {
            let offset = if source { 0 } else { 2 };
            let Some(last) = last else {
                return generator.equal(base, offset, code::H, first);
            };
            let low = generator.compare_field(base, offset, code::H, u32::MAX, code::JGE, first)?;
            let high = generator.compare_field(base, offset, code::H, u32::MAX, code::JGT, last)?.not();
            Ok(generator.blocks.and(low, high))
        })?;
        if !ip6 {
            let first = self.first_ip4_fragment()?;
            ports = self.blocks.and(first, ports);
        }
        let test = self.blocks.and(transport, ports);
        Ok(self.blocks.and(link_type, test))
    }
}
