//! VLAN tags (IEEE 802.1Q), in the frame or, in a live capture on Linux, in what the kernel tells about it.

use wirescope_wire::LinkType;

use super::Generator;
use super::ethertype;
use super::frame::LINUX_METADATA;
use super::layout::is_wlan;
use super::load::Base;
use super::test::{Test, jump, statement};
use crate::error::{Error, Result};
use crate::ir::code;

const METADATA_TAG: u32 = LINUX_METADATA + 44;
const METADATA_TAG_PRESENT: u32 = LINUX_METADATA + 48;
const TAG_LEN: u32 = 4;
const IDENTIFIER_MASK: u32 = 0x0fff;

impl Generator<'_> {
    pub(super) fn vlan(&mut self, identifier: Option<u32>) -> Result<Test> {
        if self.mpls_depth > 0 {
            return Err(Error::new("no VLAN match after MPLS"));
        }
        if let Some(identifier) = identifier {
            Self::at_most(identifier, IDENTIFIER_MASK, "VLAN tag")?;
        }
        let test = match self.link {
            LinkType::EN10MB if self.options.live => {
                // The kernel takes only the outermost tag out of the frame.
                if self.vlan_depth == 0 && self.layout.link_header.base() == 0 && !self.in_tunnel {
                    self.vlan_in_metadata(identifier)?
                } else {
                    self.vlan_in_frame(identifier)?
                }
            }
            LinkType::EN10MB
            | LinkType::NETANALYZER
            | LinkType::NETANALYZER_TRANSPARENT
            | LinkType::DSA_TAG_BRCM
            | LinkType::DSA_TAG_DSA => self.vlan_in_frame(identifier)?,
            link if is_wlan(link) && link != LinkType::PPI => self.vlan_in_frame(identifier)?,
            _ => return self.not_supported("vlan"),
        };
        self.vlan_depth += 1;
        Ok(test)
    }

    fn vlan_tagged(&mut self) -> Result<Test> {
        let plain = self.link_type(ethertype::VLAN)?;
        let service = self.link_type(ethertype::VLAN_SERVICE)?;
        let test = self.blocks.or(plain, service);
        let nested = self.link_type(ethertype::VLAN_NESTED)?;
        Ok(self.blocks.or(test, nested))
    }

    fn vlan_in_frame(&mut self, identifier: Option<u32>) -> Result<Test> {
        let mut test = self.vlan_tagged()?;
        if let Some(identifier) = identifier {
            let identifier = self.equal_masked(Base::Network, 0, code::H, identifier, IDENTIFIER_MASK)?;
            test = self.blocks.and(test, identifier);
        }
        self.layout.payload = self.layout.payload.plus(TAG_LEN);
        self.layout.link_type = self.layout.link_type.plus(TAG_LEN);
        Ok(test)
    }

    /// The tag may be in the metadata or, if the interface left it there, in the frame, whose headers then shift.
    fn vlan_in_metadata(&mut self, identifier: Option<u32>) -> Result<Test> {
        let present = self.equal(Base::Packet, METADATA_TAG_PRESENT, code::B, 1)?;
        let tagged = self.vlan_tagged()?;
        let payload = self.registers.allocate()?;
        let link_type = self.registers.allocate()?;
        let mut shift = Vec::new();
        for register in [payload, link_type] {
            shift.extend([
                statement(code::LD | code::MEM, register),
                statement(code::ALU | code::ADD | code::K, TAG_LEN),
                statement(code::ST, register),
            ]);
        }
        self.blocks.prepend(&tagged, shift);
        let mut test = self.blocks.or(present, tagged);
        if let Some(identifier) = identifier {
            let at = self.layout.payload.base().wrapping_add(self.layout.network);
            let statements = vec![
                statement(code::LD | code::ABS | code::B, METADATA_TAG_PRESENT),
                jump(code::JMP | code::JEQ | code::K, 1, 2, 4),
                statement(code::LD | code::ABS | code::H, METADATA_TAG),
                jump(code::JMP | code::JA, 0, 5, 5),
                statement(code::LD | code::ABS | code::H, at),
                statement(code::ALU | code::AND | code::K, IDENTIFIER_MASK),
            ];
            let identifier = self.blocks.test(statements, code::JEQ, identifier);
            test = self.blocks.and(test, identifier);
        }
        self.layout.payload.variable = true;
        self.layout.payload.register = Some(payload);
        self.layout.link_type.variable = true;
        self.layout.link_type.register = Some(link_type);
        self.vlan_registers = Some([payload, link_type]);
        Ok(test)
    }
}
