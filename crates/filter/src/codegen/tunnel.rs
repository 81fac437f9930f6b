//! Geneve (RFC 8926) and VXLAN (RFC 7348): link-layer frames inside UDP.

use wirescope_wire::LinkType;

use super::Generator;
use super::ethertype::{self, ip_protocol};
use super::layout::{Layout, Offset};
use super::load::Base;
use super::test::{Test, jump, statement};
use crate::error::Result;
use crate::ir::{Statement, code};

const GENEVE_PORT: u32 = 6081;
const VXLAN_PORT: u32 = 4789;
/// The length of a UDP header, behind which the tunnel's own begins.
const UDP_LEN: u32 = 8;
const TUNNEL_HEADER_LEN: u32 = 8;
const IP6_LEN: u32 = 40;
/// Where an Ethernet header has its type, and how long that is.
const ETHERNET_TYPE: u32 = 12;
const ETHERNET_TYPE_LEN: u32 = 2;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tunnel {
    Geneve,
    Vxlan,
}

impl Generator<'_> {
    pub(super) fn geneve(&mut self, network: Option<u32>) -> Result<Test> {
        self.tunnel(Tunnel::Geneve, network)
    }

    pub(super) fn vxlan(&mut self, network: Option<u32>) -> Result<Test> {
        self.tunnel(Tunnel::Vxlan, network)
    }

    fn tunnel(&mut self, tunnel: Tunnel, network: Option<u32>) -> Result<Test> {
        if let Some(network) = network {
            let what = if tunnel == Tunnel::Geneve { "Geneve VNI" } else { "VXLAN VNI" };
            Self::at_most(network, 0xff_ffff, what)?;
        }
        let ip = self.tunnel_over_ip4(tunnel, network)?;
        let ip6 = self.tunnel_over_ip6(tunnel, network)?;
        let found = self.blocks.or(ip, ip6);
        let offsets = match tunnel {
            Tunnel::Geneve => self.enter_geneve()?,
            Tunnel::Vxlan => self.enter_vxlan()?,
        };
        let entered = self.blocks.and(found, offsets);
        Ok(entered)
    }

    /// The tests of the tunnel's own header, behind the UDP header's destination port.
    fn tunnel_header(&mut self, tunnel: Tunnel, network: Option<u32>, base: Base) -> Result<Test> {
        let port = if tunnel == Tunnel::Geneve { GENEVE_PORT } else { VXLAN_PORT };
        let port = self.equal(base, 2, code::H, port)?;
        let flags = match tunnel {
            // The version, in the upper bits, must be zero.
            Tunnel::Geneve => self.equal_masked(base, UDP_LEN, code::B, 0, 0xc0)?,
            // The bit that says that there is a network number.
            Tunnel::Vxlan => self.equal(base, UDP_LEN, code::B, 0x08)?,
        };
        let mut test = self.blocks.and(port, flags);
        if let Some(network) = network {
            let network = self.equal_masked(base, UDP_LEN + 4, code::W, network << 8, 0xffff_ff00)?;
            test = self.blocks.and(test, network);
        }
        Ok(test)
    }

    fn tunnel_over_ip4(&mut self, tunnel: Tunnel, network: Option<u32>) -> Result<Test> {
        let udp = self.equal(Base::Network, 9, code::B, ip_protocol::UDP)?;
        let ip = self.link_type(ethertype::IP)?;
        let first = self.first_ip4_fragment()?;
        let header = self.tunnel_header(tunnel, network, Base::Ip4Payload)?;
        let mut found = self.load_ip4_header_length()?;
        found.push(statement(code::MISC | code::TXA, 0));
        let found = self.always_equal(found);
        let test = self.blocks.and(ip, udp);
        let test = self.blocks.and(test, first);
        let test = self.blocks.and(test, header);
        Ok(self.blocks.and(test, found))
    }

    fn tunnel_over_ip6(&mut self, tunnel: Tunnel, network: Option<u32>) -> Result<Test> {
        let udp = self.equal(Base::Network, 6, code::B, ip_protocol::UDP)?;
        let ip6 = self.link_type(ethertype::IP6)?;
        let header = self.tunnel_header(tunnel, network, Base::Ip6Payload)?;
        let mut found = self.variable_part(|layout: &mut Layout| &mut layout.payload)?;
        let variable = !found.is_empty();
        found.push(statement(code::LD | code::IMM, IP6_LEN));
        if variable {
            found.push(statement(code::ALU | code::ADD | code::X, 0));
        }
        found.push(statement(code::MISC | code::TAX, 0));
        let found = self.always_equal(found);
        let test = self.blocks.and(ip6, udp);
        let test = self.blocks.and(test, header);
        Ok(self.blocks.and(test, found))
    }

    /// Hands on the length of the headers, in both registers, to the block that both kinds of IP lead to.
    fn always_equal(&mut self, statements: Vec<Statement>) -> Test {
        self.blocks.test(statements, code::JEQ | code::X, 0)
    }

    /// Computes where the headers behind Geneve's options begin; there may be no Ethernet header among them.
    fn enter_geneve(&mut self) -> Result<Test> {
        let payload = self.payload_behind_udp();
        let (link_type, header, inner) =
            (self.registers.allocate()?, self.registers.allocate()?, self.registers.allocate()?);
        let mut statements = vec![
            statement(code::ALU | code::ADD | code::K, payload),
            statement(code::MISC | code::TAX, 0),
            statement(code::ALU | code::ADD | code::K, 2),
            statement(code::ST, link_type),
            statement(code::LD | code::IND | code::B, 0),
            statement(code::ALU | code::AND | code::K, 0x3f),
            statement(code::ALU | code::MUL | code::K, 4),
            statement(code::ALU | code::ADD | code::K, TUNNEL_HEADER_LEN),
            statement(code::ALU | code::ADD | code::X, 0),
            statement(code::ST, header),
            statement(code::LD | code::IND | code::H, 2),
            statement(code::LDX | code::MEM, header),
            jump(code::JMP | code::JEQ | code::K, ethertype::TRANSPARENT_ETHERNET, 13, 18),
            statement(code::MISC | code::TXA, 0),
            statement(code::ALU | code::ADD | code::K, ETHERNET_TYPE),
            statement(code::ST, link_type),
            statement(code::ALU | code::ADD | code::K, ETHERNET_TYPE_LEN),
            statement(code::MISC | code::TAX, 0),
        ];
        statements.push(statement(code::STX, inner));
        Ok(self.enter_tunnel(statements, link_type, header, inner))
    }

    fn enter_vxlan(&mut self) -> Result<Test> {
        let payload = self.payload_behind_udp();
        let (header, link_type, inner) =
            (self.registers.allocate()?, self.registers.allocate()?, self.registers.allocate()?);
        let statements = vec![
            statement(code::ALU | code::ADD | code::K, payload),
            statement(code::ALU | code::ADD | code::K, TUNNEL_HEADER_LEN),
            statement(code::ST, header),
            statement(code::ALU | code::ADD | code::K, ETHERNET_TYPE),
            statement(code::ST, link_type),
            statement(code::ALU | code::ADD | code::K, ETHERNET_TYPE_LEN),
            statement(code::MISC | code::TAX, 0),
            statement(code::STX, inner),
        ];
        Ok(self.enter_tunnel(statements, link_type, header, inner))
    }

    fn payload_behind_udp(&self) -> u32 {
        self.layout.payload.base().wrapping_add(self.layout.network).wrapping_add(UDP_LEN)
    }

    fn enter_tunnel(
        &mut self,
        mut statements: Vec<Statement>,
        link_type: u32,
        header: u32,
        inner: u32,
    ) -> Test {
        let kept = |register| Offset { constant: Some(0), variable: true, register: Some(register) };
        self.enter_link(LinkType::EN10MB, kept(header));
        self.layout.link_type = kept(link_type);
        self.layout.payload = kept(inner);
        self.layout.network = 0;
        self.in_tunnel = true;
        statements.push(statement(code::LD | code::IMM, 0));
        self.blocks.test(statements, code::JEQ, 0)
    }

    /// Whether a tunnel's payload has an Ethernet header.
    pub(super) fn tunnel_header_check(&mut self) -> Result<Test> {
        let header = self.layout.link_header.register.unwrap_or(0);
        let inner = self.layout.payload.register.unwrap_or(0);
        let statements =
            vec![statement(code::LD | code::MEM, header), statement(code::LDX | code::MEM, inner)];
        Ok(self.blocks.test(statements, code::JEQ | code::X, 0).not())
    }
}
