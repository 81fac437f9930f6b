//! What a filter computes first: the lengths of headers that differ from packet to packet.

use wirescope_wire::LinkType;

use super::Generator;
use super::layout::{Offset, is_wlan};
use super::load::Base;
use super::test::{Test, jump, statement};
use crate::error::Result;
use crate::ir::{Statement, code};

/// PPI's link-layer type of 802.11, little-endian in its header.
const PPI_WLAN: u32 = 0x6900_0000;

impl Generator<'_> {
    /// The finished test behind the computations that it needs.
    pub(super) fn with_prologue(&mut self, test: Test) -> Result<Test> {
        let statements = self.prologue()?;
        self.blocks.prepend(&test, statements);
        if self.link == LinkType::PPI {
            let wlan = self.equal(Base::Packet, 4, code::W, PPI_WLAN)?;
            return Ok(self.blocks.and(wlan, test));
        }
        Ok(test)
    }

    fn prologue(&mut self) -> Result<Vec<Statement>> {
        let mut statements = Vec::new();
        if let Some(registers) = self.vlan_registers {
            statements.push(statement(code::LD | code::IMM, 0));
            statements.extend(registers.map(|register| statement(code::ST, register)));
        }
        let link = self.options.link;
        let known = |offset: Offset| if offset.variable { offset.register } else { None };
        let (header, payload) = (known(self.layout.link_header), known(self.layout.payload));
        if let (LinkType::PFLOG, Some(register)) = (link, payload) {
            statements.extend(pflog_length(register));
        }
        if !is_wlan(link) {
            return Ok(statements);
        }
        let header = match (header, payload) {
            _ if link == LinkType::IEEE802_11 => None,
            (None, Some(_)) => Some(self.registers.allocate()?),
            (header, _) => header,
        };
        if let Some(register) = header {
            statements.extend(radio_length(link));
            statements.push(statement(code::ST, register));
            statements.push(statement(code::MISC | code::TAX, 0));
        }
        if let Some(register) = payload {
            if header.is_none() {
                statements.push(statement(code::LDX | code::IMM, 0));
            }
            wlan_length(&mut statements, register, self.link == LinkType::IEEE802_11_RADIO);
        }
        Ok(statements)
    }
}

/// The length of the log header, padded to words.
fn pflog_length(register: u32) -> [Statement; 5] {
    [
        statement(code::LD | code::ABS | code::B, 0),
        statement(code::ALU | code::ADD | code::K, 3),
        statement(code::ALU | code::AND | code::K, 0xffff_fffc),
        statement(code::ST, register),
        statement(code::MISC | code::TAX, 0),
    ]
}

/// The length of the radio's header, left in the accumulator.
fn radio_length(link: LinkType) -> Vec<Statement> {
    match link {
        // Either the header of the AVS project, which has its length, or Prism's, which has always the same.
        LinkType::PRISM_HEADER => vec![
            statement(code::LD | code::ABS | code::W, 0),
            statement(code::ALU | code::AND | code::K, 0xffff_f000),
            jump(code::JMP | code::JEQ | code::K, 0x8021_1000, 3, 5),
            statement(code::LD | code::ABS | code::W, 4),
            jump(code::JMP | code::JA, 0, 6, 6),
            statement(code::LD | code::IMM, 144),
        ],
        LinkType::IEEE802_11_RADIO_AVS => vec![statement(code::LD | code::ABS | code::W, 4)],
        // Little-endian.
        _ => vec![
            statement(code::LD | code::ABS | code::B, 3),
            statement(code::ALU | code::LSH | code::K, 8),
            statement(code::MISC | code::TAX, 0),
            statement(code::LD | code::ABS | code::B, 2),
            statement(code::ALU | code::OR | code::X, 0),
        ],
    }
}

/// The offset behind the 802.11 header, of which the start is in the index register.
///
/// Data frames with quality of service have two bytes more, and some radios pad the header to words, which
/// radiotap says in the first of its fields that are present.
fn wlan_length(statements: &mut Vec<Statement>, register: u32, radiotap: bool) {
    let start = u32::try_from(statements.len()).unwrap_or(0);
    let padded = start + 10;
    let end = if radiotap { start + 22 } else { start + 10 };
    let test = |bit, then, otherwise| jump(code::JMP | code::JSET | code::K, bit, then, otherwise);
    statements.extend([
        statement(code::MISC | code::TXA, 0),
        statement(code::ALU | code::ADD | code::K, 24),
        statement(code::ST, register),
        statement(code::LD | code::IND | code::B, 0),
        test(0x08, start + 5, end),
        test(0x04, end, start + 6),
        test(0x80, start + 7, padded),
        statement(code::LD | code::MEM, register),
        statement(code::ALU | code::ADD | code::K, 2),
        statement(code::ST, register),
    ]);
    if radiotap {
        statements.extend([
            statement(code::LD | code::ABS | code::W, 4),
            // The flags are present, behind the time stamp if that is, and there is no second word of bits.
            test(0x0200_0000, start + 12, end),
            test(0x0000_0080, end, start + 13),
            test(0x0100_0000, start + 14, start + 16),
            statement(code::LD | code::ABS | code::B, 16),
            test(0x20, start + 18, end),
            statement(code::LD | code::ABS | code::B, 8),
            test(0x20, start + 18, end),
            statement(code::LD | code::MEM, register),
            statement(code::ALU | code::ADD | code::K, 3),
            statement(code::ALU | code::AND | code::K, 0xffff_fffc),
            statement(code::ST, register),
        ]);
    }
}
