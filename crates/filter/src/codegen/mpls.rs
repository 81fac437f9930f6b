//! MPLS labels and PPPoE sessions.

use wirescope_wire::LinkType;

use super::Generator;
use super::ethertype;
use super::layout::Offset;
use super::link_type::PPP_MPLS;
use super::load::Base;
use super::test::Test;
use crate::error::{Error, Result};
use crate::ir::code;

impl Generator<'_> {
    pub(super) fn mpls(&mut self, label: Option<u32>) -> Result<Test> {
        let mut test = if self.mpls_depth > 0 {
            // Another label follows unless the bottom of the stack is marked.
            self.compare_field(Base::PreviousMpls, 2, code::B, u32::MAX, code::JSET, 0x01)?.not()
        } else {
            match self.link {
                LinkType::C_HDLC
                | LinkType::EN10MB
                | LinkType::NETANALYZER
                | LinkType::NETANALYZER_TRANSPARENT
                | LinkType::DSA_TAG_BRCM
                | LinkType::DSA_TAG_DSA => self.link_type(ethertype::MPLS)?,
                LinkType::PPP => self.link_type(PPP_MPLS)?,
                _ => return self.not_supported("mpls"),
            }
        };
        if let Some(label) = label {
            Self::at_most(label, 0xf_ffff, "MPLS label")?;
            let label = self.equal_masked(Base::Network, 0, code::W, label << 12, 0xffff_f000)?;
            test = self.blocks.and(test, label);
        }
        self.layout.network = self.layout.network.wrapping_add(4);
        self.layout.network_without_snap = self.layout.network_without_snap.wrapping_add(4);
        self.mpls_depth += 1;
        Ok(test)
    }

    /// Labels do not name what they carry: it is told from its first byte, at the bottom of the stack.
    pub(super) fn mpls_payload(&mut self, protocol: u32) -> Result<Test> {
        let version = match protocol {
            ethertype::IP => 0x40,
            ethertype::IP6 => 0x60,
            _ => return Err(Error::new("unsupported protocol over mpls")),
        };
        let bottom = self.compare_field(Base::PreviousMpls, 2, code::B, u32::MAX, code::JSET, 0x01)?;
        let version = self.equal_masked(Base::Network, 0, code::B, version, 0xf0)?;
        Ok(self.blocks.and(bottom, version))
    }

    pub(super) fn pppoe_session(&mut self, session: Option<u32>) -> Result<Test> {
        let mut test = self.link_type(ethertype::PPPOE_SESSION)?;
        if let Some(session) = session {
            Self::at_most(session, 0xffff, "PPPoE session number")?;
            let session = self.equal(Base::Network, 2, code::H, session)?;
            test = self.blocks.and(test, session);
        }
        let outer = self.layout.payload;
        let constant = outer.base().wrapping_add(self.layout.network).wrapping_add(6);
        self.enter_link(LinkType::PPP, Offset { constant: Some(constant), ..outer });
        self.layout.link_type = self.layout.link_header;
        self.layout.payload = self.layout.link_header.plus(2);
        self.layout.network = 0;
        self.layout.network_without_snap = 0;
        Ok(test)
    }
}
