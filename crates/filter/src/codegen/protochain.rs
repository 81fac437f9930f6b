//! Chains of headers: a loop that follows IPv6's extension headers, and authentication headers, to a protocol.

use super::Generator;
use super::ethertype::{self, ip_protocol};
use super::host::not_a_qualifier;
use super::test::{Test, jump, statement};
use crate::ast::Protocol;
use crate::error::{Error, Result};
use crate::ir::{Statement, code};

/// Header types that the loop knows.
const HOP_BY_HOP: u32 = 0;
const ROUTING: u32 = 43;
const NO_NEXT_HEADER: u32 = 59;
const DESTINATION_OPTIONS: u32 = 60;
/// Where the loop begins in the block.
const AGAIN: u32 = 2;

impl Generator<'_> {
    pub(super) fn protocol_chain(&mut self, number: u32, over: Option<Protocol>) -> Result<Test> {
        Self::at_most(number, 0xff, "protocol number")?;
        self.leave_alone = true;
        let register = self.registers.allocate()?;
        if self.layout.payload.variable {
            return Err(Error::new("'protochain' not supported with variable length headers"));
        }
        let test = match over {
            Some(Protocol::Ip) => {
                let link_type = self.link_type(ethertype::IP)?;
                let test = self.ip4_chain(number, register);
                self.blocks.and(link_type, test)
            }
            Some(Protocol::Ip6) => {
                let link_type = self.link_type(ethertype::IP6)?;
                let test = self.ip6_chain(number, register);
                self.blocks.and(link_type, test)
            }
            None => {
                let ip = self.protocol_chain(number, Some(Protocol::Ip))?;
                let ip6 = self.protocol_chain(number, Some(Protocol::Ip6))?;
                self.blocks.or(ip, ip6)
            }
            Some(other) => return Err(not_a_qualifier(other.name(), "protochain")),
        };
        self.registers.free(register);
        Ok(test)
    }

    fn ip4_chain(&mut self, number: u32, register: u32) -> Test {
        let network = self.layout.payload.base().wrapping_add(self.layout.network);
        let end = 17;
        let mut statements = vec![
            statement(code::LD | code::ABS | code::B, network.wrapping_add(9)),
            statement(code::LDX | code::MSH | code::B, network),
            equal(number, end, 3),
            equal(NO_NEXT_HEADER, end, 4),
            nothing(),
            equal(ip_protocol::AH, 6, end),
        ];
        statements.extend(skip_authentication(network, register));
        statements.push(nothing());
        self.blocks.test(statements, code::JEQ, number)
    }

    fn ip6_chain(&mut self, number: u32, register: u32) -> Test {
        let network = self.layout.payload.base().wrapping_add(self.layout.network);
        let (extension, authentication, end) = (8, 17, 29);
        let mut statements = vec![
            statement(code::LD | code::ABS | code::B, network.wrapping_add(6)),
            statement(code::LDX | code::IMM, 40),
            equal(number, end, 3),
            equal(NO_NEXT_HEADER, end, 4),
            equal(HOP_BY_HOP, extension, 5),
            equal(DESTINATION_OPTIONS, extension, 6),
            equal(ROUTING, extension, 7),
            equal(ip_protocol::FRAGMENT, extension, authentication),
            statement(code::LD | code::IND | code::B, network),
            statement(code::ST, register),
            statement(code::LD | code::IND | code::B, network.wrapping_add(1)),
            statement(code::ALU | code::ADD | code::K, 1),
            statement(code::ALU | code::MUL | code::K, 8),
            statement(code::ALU | code::ADD | code::X, 0),
            statement(code::MISC | code::TAX, 0),
            statement(code::LD | code::MEM, register),
            back(),
            equal(ip_protocol::AH, 18, end),
        ];
        statements.extend(skip_authentication(network, register));
        statements.push(nothing());
        self.blocks.test(statements, code::JEQ, number)
    }
}

fn equal(value: u32, then: u32, otherwise: u32) -> Statement {
    jump(code::JMP | code::JEQ | code::K, value, then, otherwise)
}

fn back() -> Statement {
    jump(code::JMP | code::JA, 0, AGAIN, AGAIN)
}

fn nothing() -> Statement {
    statement(code::ALU | code::ADD | code::K, 0)
}

/// Over an authentication header to the next: its length counts words, without the first two.
fn skip_authentication(network: u32, register: u32) -> [Statement; 11] {
    [
        statement(code::LD | code::IND | code::B, network),
        statement(code::ST, register),
        statement(code::MISC | code::TXA, 0),
        statement(code::ALU | code::ADD | code::K, 1),
        statement(code::MISC | code::TAX, 0),
        statement(code::LD | code::IND | code::B, network),
        statement(code::ALU | code::ADD | code::K, 2),
        statement(code::ALU | code::MUL | code::K, 4),
        statement(code::MISC | code::TAX, 0),
        statement(code::LD | code::MEM, register),
        back(),
    ]
}
