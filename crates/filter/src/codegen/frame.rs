//! What concerns the frame as a whole: length, bytes, direction, interface, and kinds of LLC frames.

use wirescope_wire::LinkType;

use super::Generator;
use super::layout::is_wlan;
use super::link_type::is_juniper;
use super::load::Base;
use super::test::{Test, statement};
use crate::ast::{ByteOperator, Llc};
use crate::error::{Error, Result};
use crate::ir::code;

/// Where Linux offers what it knows about a packet beside its bytes: loads from here on are no loads from the packet.
pub(super) const LINUX_METADATA: u32 = 0xffff_f000;
const METADATA_PACKET_TYPE: u32 = LINUX_METADATA + 4;
const METADATA_INTERFACE: u32 = LINUX_METADATA + 8;

/// Linux's mark of a packet that this machine sent.
const PACKET_OUTGOING: u32 = 4;

impl Generator<'_> {
    pub(super) fn packet_length(&mut self, jump: u16, length: u32) -> Test {
        self.blocks.test(vec![statement(code::LD | code::LEN, 0)], jump, length)
    }

    pub(super) fn byte(&mut self, index: u32, operator: ByteOperator, value: u32) -> Result<Test> {
        Self::at_most(value, 0xff, "byte argument")?;
        let base = Base::LinkHeader;
        match operator {
            ByteOperator::Equal => self.equal(base, index, code::B, value),
            ByteOperator::Less => {
                Ok(self.compare_field(base, index, code::B, u32::MAX, code::JGE, value)?.not())
            }
            ByteOperator::Greater => self.compare_field(base, index, code::B, u32::MAX, code::JGT, value),
            ByteOperator::And | ByteOperator::Or => {
                let operation = if operator == ByteOperator::And { code::AND } else { code::OR };
                let mut statements = self.load(base, index, code::B)?;
                statements.push(statement(code::ALU | code::K | operation, value));
                Ok(self.blocks.test(statements, code::JEQ, 0).not())
            }
        }
    }

    pub(super) fn inbound_outbound(&mut self, outbound: bool) -> Result<Test> {
        let link = self.link;
        match link {
            LinkType::SLIP | LinkType::PPP_PPPD => {
                self.equal(Base::LinkHeader, 0, code::B, u32::from(outbound))
            }
            LinkType::IPNET => self.equal(Base::LinkHeader, 2, code::H, if outbound { 1 } else { 2 }),
            LinkType::LINUX_SLL => {
                let sent = self.equal(Base::LinkHeader, 0, code::H, PACKET_OUTGOING)?;
                Ok(if outbound { sent } else { sent.not() })
            }
            LinkType::LINUX_SLL2 => {
                let sent = self.equal(Base::LinkHeader, 10, code::B, PACKET_OUTGOING)?;
                Ok(if outbound { sent } else { sent.not() })
            }
            LinkType::PFLOG => self.equal(Base::LinkHeader, 60, code::B, if outbound { 2 } else { 1 }),
            // The two upper bits of a tag give the kind of frame, towards or from the processor.
            LinkType::DSA_TAG_DSA => {
                if outbound {
                    self.equal_masked(Base::LinkHeader, 12, code::B, 0x40, 0xc0)
                } else {
                    self.equal_masked(Base::LinkHeader, 12, code::B, 0x00, 0x40)
                }
            }
            LinkType::DSA_TAG_BRCM => {
                self.equal_masked(Base::LinkHeader, 12, code::B, u32::from(outbound) << 5, 0xe0)
            }
            link if is_juniper(link) => {
                self.equal_masked(Base::LinkHeader, 3, code::B, u32::from(!outbound), 0x01)
            }
            _ if self.options.live => {
                let sent = self.equal(Base::Packet, METADATA_PACKET_TYPE, code::H, PACKET_OUTGOING)?;
                Ok(if outbound { sent } else { sent.not() })
            }
            _ => self.not_live(if outbound { "outbound" } else { "inbound" }),
        }
    }

    pub(super) fn interface(&mut self, index: u32) -> Result<Test> {
        match self.link {
            LinkType::LINUX_SLL2 => self.equal(Base::LinkHeader, 4, code::W, index),
            _ if self.options.live => self.equal(Base::Packet, METADATA_INTERFACE, code::W, index),
            _ => self.not_live("ifindex"),
        }
    }

    fn not_live<T>(&self, what: &str) -> Result<T> {
        let link = self.link_text();
        Err(Error::new(format!("not a live capture, '{what}' not supported on {link}")))
    }

    pub(super) fn llc(&mut self, llc: Llc) -> Result<Test> {
        let present = self.llc_present()?;
        let test = match llc {
            Llc::Any => return Ok(present),
            // An information frame has its lowest control bit clear.
            Llc::Information => self.compare_field(Base::Llc, 2, code::B, u32::MAX, code::JSET, 0x01)?.not(),
            Llc::Supervisory => self.equal_masked(Base::Llc, 2, code::B, 0x01, 0x03)?,
            Llc::Unnumbered => self.equal_masked(Base::Llc, 2, code::B, 0x03, 0x03)?,
            Llc::SupervisoryCode(bits) => self.equal_masked(Base::Llc, 2, code::B, bits, 0x0f)?,
            Llc::UnnumberedCode(bits) => self.equal_masked(Base::Llc, 2, code::B, bits, 0xef)?,
        };
        Ok(self.blocks.and(present, test))
    }

    fn llc_present(&mut self) -> Result<Test> {
        match self.link {
            LinkType::EN10MB | LinkType::DSA_TAG_BRCM | LinkType::DSA_TAG_DSA => {
                let length = self.ethernet_length()?;
                // Novell's frames without LLC begin with what would be two global service access points.
                let raw = self.equal(Base::Llc, 0, code::H, 0xffff)?;
                Ok(self.blocks.and(length, raw.not()))
            }
            LinkType::SUNATM => self.atm_llc(),
            LinkType::IEEE802 | LinkType::FDDI | LinkType::ATM_RFC1483 => Ok(self.blocks.always(true)),
            link if is_wlan(link) => self.wlan_data_frame(),
            _ => self.not_supported("llc"),
        }
    }
}
