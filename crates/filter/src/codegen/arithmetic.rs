//! Values: constants, the packet's length and bytes, and what is computed from them.
//!
//! Each value is kept in a word of scratch memory, so that any number of them can wait for their turn.

use wirescope_wire::LinkType;

use super::Generator;
use super::ethertype::{self, ip_protocol};
use super::layout::Layout;
use super::load::Base;
use super::proto::link_protocol;
use super::test::{Test, statement};
use crate::ast::{Operator, Protocol, Relation};
use crate::error::{Error, Result};
use crate::ir::{Statement, code};

/// A value: how to compute it, where it is then kept, and what must hold of the packet for it to have a meaning.
pub(super) struct Value {
    statements: Vec<Statement>,
    register: u32,
    guard: Option<Test>,
}

impl Generator<'_> {
    pub(super) fn number(&mut self, number: u32) -> Result<Value> {
        self.kept(vec![statement(code::LD | code::IMM, number)], None)
    }

    pub(super) fn length(&mut self) -> Result<Value> {
        self.kept(vec![statement(code::LD | code::LEN, 0)], None)
    }

    /// Keeps what the statements leave in the accumulator.
    fn kept(&mut self, mut statements: Vec<Statement>, guard: Option<Test>) -> Result<Value> {
        let register = self.registers.allocate()?;
        statements.push(statement(code::ST, register));
        Ok(Value { statements, register, guard })
    }

    pub(super) fn negate(&mut self, value: Value) -> Result<Value> {
        let Value { mut statements, register, guard } = value;
        statements.push(statement(code::LD | code::MEM, register));
        statements.push(statement(code::ALU | code::NEG, 0));
        self.registers.free(register);
        self.kept(statements, guard)
    }

    pub(super) fn binary(&mut self, mut left: Value, operator: Operator, right: Value) -> Result<Value> {
        let constant =
            right.statements.first().filter(|first| first.code == code::LD | code::IMM).map(|first| first.k);
        let operation = match (operator, constant) {
            (Operator::Divide, Some(0)) => return Err(Error::new("division by zero")),
            (Operator::Modulus, Some(0)) => return Err(Error::new("modulus by zero")),
            (Operator::ShiftLeft | Operator::ShiftRight, Some(32..)) => {
                return Err(Error::new("shift by more than 31 bits"));
            }
            (Operator::Add, _) => code::ADD,
            (Operator::Subtract, _) => code::SUB,
            (Operator::Multiply, _) => code::MUL,
            (Operator::Divide, _) => code::DIV,
            (Operator::Modulus, _) => code::MOD,
            (Operator::And, _) => code::AND,
            (Operator::Or, _) => code::OR,
            (Operator::ExclusiveOr, _) => code::XOR,
            (Operator::ShiftLeft, _) => code::LSH,
            (Operator::ShiftRight, _) => code::RSH,
        };
        let guard = left.guard.take();
        let (mut statements, _) = self.operands(left, right);
        statements.push(statement(code::ALU | code::X | operation, 0));
        self.kept(statements, guard)
    }

    /// Both values computed, the left one in the accumulator, the right one in the index register.
    fn operands(&mut self, left: Value, right: Value) -> (Vec<Statement>, Option<Test>) {
        let mut statements = left.statements;
        statements.extend(right.statements);
        statements.push(statement(code::LDX | code::MEM, right.register));
        statements.push(statement(code::LD | code::MEM, left.register));
        self.registers.free(left.register);
        self.registers.free(right.register);
        let guard = match (left.guard, right.guard) {
            (Some(left), Some(right)) => Some(self.blocks.and(left, right)),
            (left, right) => left.or(right),
        };
        (statements, guard)
    }

    pub(super) fn compare(&mut self, left: Value, relation: Relation, right: Value) -> Test {
        let (jump, reversed) = match relation {
            Relation::Equal => (code::JEQ, false),
            Relation::NotEqual => (code::JEQ, true),
            Relation::Greater => (code::JGT, false),
            Relation::LessOrEqual => (code::JGT, true),
            Relation::GreaterOrEqual => (code::JGE, false),
            Relation::Less => (code::JGE, true),
        };
        let (statements, guard) = self.operands(left, right);
        let test = self.blocks.test(statements, jump | code::X, 0);
        let test = if reversed { test.not() } else { test };
        self.both(guard, test)
    }

    /// Bytes of a protocol's header.
    pub(super) fn load_bytes(&mut self, protocol: Protocol, index: Value, size: u32) -> Result<Value> {
        let register = self.registers.allocate()?;
        self.registers.free(index.register);
        let width = match size {
            1 => code::B,
            2 => code::H,
            4 => code::W,
            _ => return Err(Error::new("data size must be 1, 2, or 4")),
        };
        let Value { mut statements, register: index_register, guard } = index;
        let network = self.layout.payload.base().wrapping_add(self.layout.network);
        let (base, from, condition) = match protocol {
            Protocol::Radio => {
                let has_radio = matches!(
                    self.link,
                    LinkType::IEEE802_11_RADIO | LinkType::IEEE802_11_RADIO_AVS | LinkType::PRISM_HEADER
                );
                if !has_radio {
                    return Err(Error::new("radio information not present in capture"));
                }
                (Vec::new(), 0, None)
            }
            Protocol::Link => {
                let from = self.layout.link_header.base();
                (self.variable_part(|layout: &mut Layout| &mut layout.link_header)?, from, None)
            }
            Protocol::Arp
            | Protocol::Rarp
            | Protocol::Atalk
            | Protocol::Decnet
            | Protocol::Lat
            | Protocol::Sca
            | Protocol::Mopdl
            | Protocol::Moprc
            | Protocol::Ip
            | Protocol::Ip6 => {
                let base = self.variable_part(|layout: &mut Layout| &mut layout.payload)?;
                let condition = self.link_type(link_protocol(protocol).unwrap_or(ethertype::IP))?;
                (base, network, Some(condition))
            }
            Protocol::Sctp
            | Protocol::Tcp
            | Protocol::Udp
            | Protocol::Icmp
            | Protocol::Igmp
            | Protocol::Igrp
            | Protocol::Pim
            | Protocol::Vrrp
            | Protocol::Carp => {
                let base = self.load_ip4_header_length()?;
                (base, network, Some(self.first_ip4_fragment_of(protocol)?))
            }
            Protocol::Icmp6 => {
                let ip6 = self.link_type(ethertype::IP6)?;
                let icmp6 = self.equal(Base::Network, 6, code::B, ip_protocol::ICMP6)?;
                let condition = self.blocks.and(ip6, icmp6);
                let base = self.variable_part(|layout: &mut Layout| &mut layout.payload)?;
                (base, network.wrapping_add(40), Some(condition))
            }
            _ => {
                return Err(Error::new(format!(
                    "'{}' does not support the index operation",
                    protocol.name()
                )));
            }
        };
        if base.is_empty() {
            statements.push(statement(code::LDX | code::MEM, index_register));
        } else {
            statements.extend(base);
            statements.extend([
                statement(code::LD | code::MEM, index_register),
                statement(code::ALU | code::ADD | code::X, 0),
                statement(code::MISC | code::TAX, 0),
            ]);
        }
        statements.push(statement(code::LD | code::IND | width, from));
        statements.push(statement(code::ST, register));
        let guard = match (guard, condition) {
            (Some(guard), Some(condition)) => Some(self.blocks.and(guard, condition)),
            (guard, condition) => guard.or(condition),
        };
        Ok(Value { statements, register, guard })
    }

    /// Whether this is an IPv4 packet of a protocol, and not a later fragment, whose bytes mean something else.
    fn first_ip4_fragment_of(&mut self, protocol: Protocol) -> Result<Test> {
        let number = match protocol {
            Protocol::Sctp => ip_protocol::SCTP,
            Protocol::Tcp => ip_protocol::TCP,
            Protocol::Udp => ip_protocol::UDP,
            Protocol::Icmp => ip_protocol::ICMP,
            Protocol::Igmp => ip_protocol::IGMP,
            Protocol::Igrp => ip_protocol::IGRP,
            Protocol::Pim => ip_protocol::PIM,
            _ => ip_protocol::VRRP,
        };
        let ip = self.link_type(ethertype::IP)?;
        let test = self.equal(Base::Network, 9, code::B, number)?;
        let test = self.blocks.and(ip, test);
        let first = self.first_ip4_fragment()?;
        Ok(self.blocks.and(test, first))
    }

    /// Whether this is a whole IPv4 packet or its first fragment.
    pub(super) fn first_ip4_fragment(&mut self) -> Result<Test> {
        let later = self.compare_field(Base::Network, 6, code::H, u32::MAX, code::JSET, 0x1fff)?;
        Ok(later.not())
    }
}
