//! Loads from the headers, and comparisons of what was loaded.

use super::Generator;
use super::layout::Offset;
use super::test::{Test, statement};
use crate::error::{Error, Result};
use crate::ir::{Statement, code};

/// What an offset is counted from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Base {
    /// The first byte of the packet.
    Packet,
    /// The link-layer header.
    LinkHeader,
    /// The link-layer header around the current one.
    PreviousLinkHeader,
    /// The LLC header, where the payload begins with one.
    Llc,
    /// The last MPLS label.
    PreviousMpls,
    /// The network header.
    Network,
    /// The network header where there is no SNAP header.
    NetworkWithoutSnap,
    /// The field that says what the payload is.
    LinkType,
    /// What follows an IPv4 header.
    Ip4Payload,
    /// What follows a plain IPv6 header.
    Ip6Payload,
}

/// The length of an IPv6 header without extensions.
const IP6_HEADER_LEN: u32 = 40;

impl Generator<'_> {
    /// Loads into the accumulator.
    pub(super) fn load(&mut self, base: Base, offset: u32, size: u16) -> Result<Vec<Statement>> {
        let layout = self.layout;
        match base {
            Base::Packet => Ok(vec![statement(code::LD | code::ABS | size, offset)]),
            Base::LinkHeader => self.load_at(|layout| &mut layout.link_header, offset, size),
            Base::PreviousLinkHeader => self.load_at(|layout| &mut layout.previous_link_header, offset, size),
            Base::Llc => self.load_at(|layout| &mut layout.payload, offset, size),
            Base::PreviousMpls => {
                let offset = layout.network.wrapping_sub(4).wrapping_add(offset);
                self.load_at(|layout| &mut layout.payload, offset, size)
            }
            Base::Network => {
                self.load_at(|layout| &mut layout.payload, layout.network.wrapping_add(offset), size)
            }
            Base::NetworkWithoutSnap => {
                let offset = layout.network_without_snap.wrapping_add(offset);
                self.load_at(|layout| &mut layout.payload, offset, size)
            }
            Base::LinkType => self.load_at(|layout| &mut layout.link_type, offset, size),
            Base::Ip4Payload => {
                let mut statements = self.load_ip4_header_length()?;
                let at = layout.payload.base().wrapping_add(layout.network).wrapping_add(offset);
                statements.push(statement(code::LD | code::IND | size, at));
                Ok(statements)
            }
            Base::Ip6Payload => {
                let offset = layout.network.wrapping_add(IP6_HEADER_LEN).wrapping_add(offset);
                self.load_at(|layout| &mut layout.payload, offset, size)
            }
        }
    }

    fn load_at(
        &mut self,
        place: fn(&mut super::layout::Layout) -> &mut Offset,
        offset: u32,
        size: u16,
    ) -> Result<Vec<Statement>> {
        let at = place(&mut self.layout).base().wrapping_add(offset);
        let mut statements = self.variable_part(place)?;
        let mode = if statements.is_empty() { code::ABS } else { code::IND };
        statements.push(statement(code::LD | mode | size, at));
        Ok(statements)
    }

    /// Loads an offset's variable part into the index register; nothing where there is none.
    pub(super) fn variable_part(
        &mut self,
        place: fn(&mut super::layout::Layout) -> &mut Offset,
    ) -> Result<Vec<Statement>> {
        let offset = place(&mut self.layout);
        if !offset.variable {
            return Ok(Vec::new());
        }
        let register = match offset.register {
            Some(register) => register,
            None => {
                let register = self.registers.allocate()?;
                offset.register = Some(register);
                register
            }
        };
        Ok(vec![statement(code::LDX | code::MEM, register)])
    }

    /// Loads the length of the IPv4 header, and what varies before it, into the index register.
    pub(super) fn load_ip4_header_length(&mut self) -> Result<Vec<Statement>> {
        let at = self.layout.payload.base().wrapping_add(self.layout.network);
        let mut statements = self.variable_part(|layout| &mut layout.payload)?;
        if statements.is_empty() {
            return Ok(vec![statement(code::LDX | code::MSH | code::B, at)]);
        }
        statements.extend([
            statement(code::LD | code::IND | code::B, at),
            statement(code::ALU | code::AND | code::K, 0x0f),
            statement(code::ALU | code::LSH | code::K, 2),
            statement(code::ALU | code::ADD | code::X, 0),
            statement(code::MISC | code::TAX, 0),
        ]);
        Ok(statements)
    }

    /// Compares a field, of which only some bits count.
    pub(super) fn compare_field(
        &mut self,
        base: Base,
        offset: u32,
        size: u16,
        mask: u32,
        jump: u16,
        value: u32,
    ) -> Result<Test> {
        let mut statements = self.load(base, offset, size)?;
        if mask != u32::MAX {
            statements.push(statement(code::ALU | code::AND | code::K, mask));
        }
        Ok(self.blocks.test(statements, jump, value))
    }

    /// Whether a field has this value.
    pub(super) fn equal(&mut self, base: Base, offset: u32, size: u16, value: u32) -> Result<Test> {
        self.compare_field(base, offset, size, u32::MAX, code::JEQ, value)
    }

    /// Whether these bits of a field have this value.
    pub(super) fn equal_masked(
        &mut self,
        base: Base,
        offset: u32,
        size: u16,
        value: u32,
        mask: u32,
    ) -> Result<Test> {
        self.compare_field(base, offset, size, mask, code::JEQ, value)
    }

    /// Whether these bytes stand there; the last four are looked at first.
    pub(super) fn equal_bytes(&mut self, base: Base, offset: u32, bytes: &[u8]) -> Result<Test> {
        let mut test = None;
        let mut rest = bytes;
        while !rest.is_empty() {
            let width = match rest.len() {
                1 => 1,
                2 | 3 => 2,
                _ => 4,
            };
            let (before, last) = rest.split_at(rest.len() - width);
            let value = last.iter().fold(0, |value, byte| value << 8 | u32::from(*byte));
            let size = match width {
                1 => code::B,
                2 => code::H,
                _ => code::W,
            };
            let at = offset.wrapping_add(u32::try_from(before.len()).unwrap_or(0));
            let next = self.equal(base, at, size, value)?;
            test = Some(match test {
                Some(test) => self.blocks.and(test, next),
                None => next,
            });
            rest = before;
        }
        test.ok_or_else(|| Error::new(crate::parser::SYNTAX_ERROR))
    }
}
