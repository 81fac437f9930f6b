//! The log of OpenBSD's packet filter.

use wirescope_wire::LinkType;

use super::Generator;
use super::load::Base;
use super::test::Test;
use crate::ast::PacketFilter;
use crate::error::{Error, Result};
use crate::ir::code;

/// The log header's fields.
const ACTION: u32 = 2;
const REASON: u32 = 3;
const INTERFACE: u32 = 4;
const RULESET: u32 = 20;
const RULE: u32 = 36;
const SUBRULE: u32 = 40;
/// The bytes that the header has for a name.
const NAME_LEN: usize = 16;

impl Generator<'_> {
    pub(super) fn packet_filter(&mut self, field: &PacketFilter) -> Result<Test> {
        let keyword = match field {
            PacketFilter::Interface(_) => "ifname",
            PacketFilter::Ruleset(_) => "rset",
            PacketFilter::Rule(_) => "rnr",
            PacketFilter::Subrule(_) => "srnr",
            PacketFilter::Reason(_) => "reason",
            PacketFilter::Action(_) => "action",
        };
        if self.link != LinkType::PFLOG {
            return Err(Error::new(format!("'{keyword}' supported only on PFLOG linktype")));
        }
        let base = Base::LinkHeader;
        match field {
            PacketFilter::Interface(name) => {
                if name.len() >= NAME_LEN {
                    let most = NAME_LEN - 1;
                    return Err(Error::new(format!("ifname interface names can only be {most} characters")));
                }
                self.equal_bytes(base, INTERFACE, name.as_bytes())
            }
            PacketFilter::Ruleset(name) => {
                if name.len() >= NAME_LEN {
                    let most = NAME_LEN - 1;
                    return Err(Error::new(format!("ruleset names can only be {most} characters")));
                }
                self.equal_bytes(base, RULESET, name.as_bytes())
            }
            PacketFilter::Rule(number) => self.equal(base, RULE, code::W, *number),
            PacketFilter::Subrule(number) => self.equal(base, SUBRULE, code::W, *number),
            PacketFilter::Reason(number) => self.equal(base, REASON, code::B, *number),
            PacketFilter::Action(number) => self.equal(base, ACTION, code::B, *number),
        }
    }
}
