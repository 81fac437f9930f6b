//! ATM cells as Sun's interface gives them, with the kinds of traffic that have well-known circuits.

use wirescope_wire::LinkType;

use super::Generator;
use super::layout::{AtmLayout, Offset};
use super::load::Base;
use super::test::Test;
use crate::ast::{AtmField, AtmKind, Relation};
use crate::error::{Error, Result};
use crate::ir::code;

/// The lower bits of the first byte say what the cells carry.
const PROTOCOL_MASK: u32 = 0x0f;
const PROTOCOL_LANE: u32 = 1;
const PROTOCOL_LLC: u32 = 2;

/// Where a signalling message (ITU-T Q.2931) has its type, counted from the payload.
const MESSAGE_TYPE: u32 = 5;
const CALL_PROCEEDING: u32 = 0x02;
const SETUP: u32 = 0x05;
const CONNECT: u32 = 0x07;
const CONNECT_ACKNOWLEDGE: u32 = 0x0f;
const RELEASE: u32 = 0x4d;
const RELEASE_COMPLETE: u32 = 0x5a;

impl Generator<'_> {
    fn atm_layout(&self, what: &str) -> Result<AtmLayout> {
        self.atm.ok_or_else(|| Error::new(format!("'{what}' supported only on SUNATM")))
    }

    fn atm_protocol(&mut self, layout: AtmLayout, protocol: u32) -> Result<Test> {
        self.equal_masked(Base::LinkHeader, layout.protocol, code::B, protocol, PROTOCOL_MASK)
    }

    /// Whether the payload begins with an LLC header.
    pub(super) fn atm_llc(&mut self) -> Result<Test> {
        let layout = self.atm_layout("llc")?;
        self.atm_protocol(layout, PROTOCOL_LLC)
    }

    pub(super) fn atm_field(&mut self, field: AtmField, relation: Relation, value: u32) -> Result<Test> {
        match field {
            AtmField::Vpi => {
                let layout = self.atm_layout("vpi")?;
                Self::at_most(value, 0xff, "VPI")?;
                self.related(Base::LinkHeader, layout.path, code::B, u32::MAX, relation, value)
            }
            AtmField::Vci => {
                let layout = self.atm_layout("vci")?;
                Self::at_most(value, 0xffff, "VCI")?;
                self.related(Base::LinkHeader, layout.channel, code::H, u32::MAX, relation, value)
            }
        }
    }

    /// Whether a field stands in a relation to a value.
    pub(super) fn related(
        &mut self,
        base: Base,
        offset: u32,
        size: u16,
        mask: u32,
        relation: Relation,
        value: u32,
    ) -> Result<Test> {
        let (jump, reversed) = match relation {
            Relation::Equal => (code::JEQ, false),
            Relation::NotEqual => (code::JEQ, true),
            Relation::Greater => (code::JGT, false),
            Relation::LessOrEqual => (code::JGT, true),
            Relation::GreaterOrEqual => (code::JGE, false),
            Relation::Less => (code::JGE, true),
        };
        let test = self.compare_field(base, offset, size, mask, jump, value)?;
        Ok(if reversed { test.not() } else { test })
    }

    fn atm_circuit(&mut self, layout: AtmLayout, channel: u32) -> Result<Test> {
        let path = self.equal(Base::LinkHeader, layout.path, code::B, 0)?;
        let channel = self.equal(Base::LinkHeader, layout.channel, code::H, channel)?;
        Ok(self.blocks.and(path, channel))
    }

    pub(super) fn atm_kind(&mut self, kind: AtmKind) -> Result<Test> {
        let layout = self.atm_layout(kind.name())?;
        match kind {
            AtmKind::Metasignaling => self.atm_circuit(layout, 1),
            AtmKind::Broadcast => self.atm_circuit(layout, 2),
            AtmKind::OamF4Segment => self.atm_circuit(layout, 3),
            AtmKind::OamF4EndToEnd => self.atm_circuit(layout, 4),
            AtmKind::Signaling => self.atm_circuit(layout, 5),
            AtmKind::Ilmi => self.atm_circuit(layout, 16),
            AtmKind::Lane => {
                let test = self.atm_protocol(layout, PROTOCOL_LANE)?;
                self.enter_lane(layout);
                Ok(test)
            }
            AtmKind::Oam | AtmKind::OamF4 => {
                let segment = self.equal(Base::LinkHeader, layout.channel, code::H, 3)?;
                let end = self.equal(Base::LinkHeader, layout.channel, code::H, 4)?;
                let channel = self.blocks.or(segment, end);
                let path = self.equal(Base::LinkHeader, layout.path, code::B, 0)?;
                Ok(self.blocks.and(path, channel))
            }
            AtmKind::Connect => {
                let types = [RELEASE_COMPLETE, RELEASE, CONNECT_ACKNOWLEDGE, CONNECT, SETUP, CALL_PROCEEDING];
                self.atm_message(layout, AtmKind::Signaling, &types)
            }
            AtmKind::MetasignalingConnect => {
                let types = [RELEASE_COMPLETE, RELEASE, CONNECT, SETUP, CALL_PROCEEDING];
                self.atm_message(layout, AtmKind::Metasignaling, &types)
            }
        }
    }

    fn atm_message(&mut self, layout: AtmLayout, circuit: AtmKind, types: &[u32]) -> Result<Test> {
        let circuit = self.atm_kind(circuit)?;
        let at = layout.payload + MESSAGE_TYPE;
        let mut tests = Vec::with_capacity(types.len());
        for message in types {
            tests.push(self.equal(Base::LinkHeader, at, code::B, *message)?);
        }
        match self.blocks.any(tests) {
            Some(test) => Ok(self.blocks.and(circuit, test)),
            None => Ok(circuit),
        }
    }

    /// What follows is about the Ethernet frame of an emulated LAN, behind two bytes of its own.
    fn enter_lane(&mut self, atm: AtmLayout) {
        self.enter_link(LinkType::EN10MB, Offset::fixed(atm.payload + 2));
        self.layout.link_type = self.layout.link_header.plus(12);
        self.layout.payload = self.layout.link_header.plus(14);
        self.layout.network = 0;
        self.layout.network_without_snap = 3;
    }

    /// What follows is about a link-layer header inside the current one.
    pub(super) fn enter_link(&mut self, link: LinkType, header: Offset) {
        self.previous_link = Some(self.link);
        self.layout.previous_link_header = self.layout.link_header;
        self.link = link;
        self.layout.link_header = header;
        self.in_tunnel = false;
    }
}
