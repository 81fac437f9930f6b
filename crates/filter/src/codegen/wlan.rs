//! IEEE 802.11: addresses, whose place depends on the kind of frame and its direction, and kinds of frames.

use super::Generator;
use super::layout::is_wlan;
use super::load::Base;
use super::test::Test;
use crate::ast::Direction;
use crate::error::Result;
use crate::ir::code;

/// The header's two bytes of frame control.
const TYPE: u32 = 0;
const FLAGS: u32 = 1;
/// The four addresses of the header.
const ADDRESS_1: u32 = 4;
const ADDRESS_2: u32 = 10;
const ADDRESS_3: u32 = 16;
const ADDRESS_4: u32 = 24;

const TYPE_MASK: u32 = 0x0c;
const TYPE_CONTROL: u32 = 0x04;
const TYPE_DATA: u32 = 0x08;
const SUBTYPE_MASK: u32 = 0xf0;
const SUBTYPE_CTS: u32 = 0xc0;
const SUBTYPE_ACK: u32 = 0xd0;
const TO_DISTRIBUTION: u32 = 0x01;
const FROM_DISTRIBUTION: u32 = 0x02;
const DIRECTION_MASK: u32 = 0x03;

impl Generator<'_> {
    /// Whether this is a data frame, the only kind with a network protocol inside.
    pub(super) fn wlan_data_frame(&mut self) -> Result<Test> {
        self.equal_masked(Base::LinkHeader, TYPE, code::B, TYPE_DATA, TYPE_MASK)
    }

    fn wlan_bit(&mut self, offset: u32, bit: u32) -> Result<Test> {
        self.compare_field(Base::LinkHeader, offset, code::B, u32::MAX, code::JSET, bit)
    }

    pub(super) fn wlan_host(&mut self, address: [u8; 6], direction: Option<Direction>) -> Result<Test> {
        let at = |generator: &mut Self, offset| generator.equal_bytes(Base::LinkHeader, offset, &address);
        match direction {
            Some(Direction::Source) => self.wlan_source(&at),
            Some(Direction::Destination) => self.wlan_destination(&at),
            Some(Direction::SourceAndDestination) => {
                let (source, destination) = (self.wlan_source(&at)?, self.wlan_destination(&at)?);
                Ok(self.blocks.and(source, destination))
            }
            None | Some(Direction::SourceOrDestination) => {
                let (source, destination) = (self.wlan_source(&at)?, self.wlan_destination(&at)?);
                Ok(self.blocks.or(source, destination))
            }
            Some(Direction::Address(1)) => at(self, ADDRESS_1),
            Some(Direction::Address(2)) => {
                let present = self.wlan_has_transmitter()?;
                let test = at(self, ADDRESS_2)?;
                Ok(self.blocks.and(present, test))
            }
            Some(Direction::Address(3)) => {
                let control = self.equal_masked(Base::LinkHeader, TYPE, code::B, TYPE_CONTROL, TYPE_MASK)?;
                let test = at(self, ADDRESS_3)?;
                Ok(self.blocks.and(control.not(), test))
            }
            Some(Direction::Address(_)) => {
                let present = self.equal_masked(
                    Base::LinkHeader,
                    FLAGS,
                    code::B,
                    TO_DISTRIBUTION | FROM_DISTRIBUTION,
                    DIRECTION_MASK,
                )?;
                let test = at(self, ADDRESS_4)?;
                Ok(self.blocks.and(present, test))
            }
            Some(Direction::Receiver) => {
                let data = self.wlan_bit(TYPE, TYPE_DATA)?;
                let test = at(self, ADDRESS_1)?;
                Ok(self.blocks.and(data, test))
            }
            Some(Direction::Transmitter) => {
                let data = self.wlan_bit(TYPE, TYPE_DATA)?;
                let present = self.wlan_has_transmitter()?;
                let test = at(self, ADDRESS_2)?;
                let test = self.blocks.and(present, test);
                Ok(self.blocks.and(data, test))
            }
        }
    }

    /// Whether there is a second address, which clear-to-send and acknowledgement lack.
    fn wlan_has_transmitter(&mut self) -> Result<Test> {
        let control = self.equal_masked(Base::LinkHeader, TYPE, code::B, TYPE_CONTROL, TYPE_MASK)?;
        let cts = self.equal_masked(Base::LinkHeader, TYPE, code::B, SUBTYPE_CTS, SUBTYPE_MASK)?;
        let ack = self.equal_masked(Base::LinkHeader, TYPE, code::B, SUBTYPE_ACK, SUBTYPE_MASK)?;
        let without = self.blocks.or(cts, ack);
        Ok(self.blocks.and(control, without).not())
    }

    fn wlan_destination(&mut self, at: &dyn Fn(&mut Self, u32) -> Result<Test>) -> Result<Test> {
        let plain = at(self, ADDRESS_1)?;
        let distributed = at(self, ADDRESS_3)?;
        let data = self.wlan_either(FLAGS, TO_DISTRIBUTION, plain, distributed)?;
        let management = at(self, ADDRESS_1)?;
        self.wlan_management_or_data(management, data)
    }

    fn wlan_source(&mut self, at: &dyn Fn(&mut Self, u32) -> Result<Test>) -> Result<Test> {
        let third = at(self, ADDRESS_3)?;
        let fourth = at(self, ADDRESS_4)?;
        let from = self.wlan_either(FLAGS, TO_DISTRIBUTION, third, fourth)?;
        let plain = at(self, ADDRESS_2)?;
        let data = self.wlan_either(FLAGS, FROM_DISTRIBUTION, plain, from)?;
        let management = at(self, ADDRESS_2)?;
        self.wlan_management_or_data(management, data)
    }

    /// One test where a bit is clear, the other where it is set.
    fn wlan_either(&mut self, offset: u32, bit: u32, clear: Test, set: Test) -> Result<Test> {
        let is_clear = self.wlan_bit(offset, bit)?.not();
        let is_set = self.wlan_bit(offset, bit)?;
        let clear = self.blocks.and(is_clear, clear);
        let set = self.blocks.and(is_set, set);
        Ok(self.blocks.or(clear, set))
    }

    fn wlan_management_or_data(&mut self, management: Test, data: Test) -> Result<Test> {
        let test = self.wlan_either(TYPE, TYPE_DATA, management, data)?;
        let control = self.wlan_bit(TYPE, TYPE_CONTROL)?;
        Ok(self.blocks.and(control.not(), test))
    }

    pub(super) fn wlan_multicast(&mut self) -> Result<Test> {
        self.wlan_destination(&|generator, offset| generator.group_bit(offset))
    }

    fn wlan_only(&self, what: &str) -> Result<()> {
        if is_wlan(self.link) { Ok(()) } else { self.not_supported(what) }
    }

    pub(super) fn wlan_type(&mut self, frame_type: u32, subtype: Option<u32>) -> Result<Test> {
        match subtype {
            Some(subtype) => self.wlan_subtype(frame_type | subtype),
            None => {
                self.wlan_only("type/subtype")?;
                self.equal_masked(Base::LinkHeader, TYPE, code::B, frame_type, TYPE_MASK)
            }
        }
    }

    pub(super) fn wlan_subtype(&mut self, bits: u32) -> Result<Test> {
        self.wlan_only("type/subtype")?;
        self.equal_masked(Base::LinkHeader, TYPE, code::B, bits, TYPE_MASK | SUBTYPE_MASK)
    }

    pub(super) fn wlan_direction(&mut self, bits: u32) -> Result<Test> {
        self.wlan_only("dir")?;
        self.equal_masked(Base::LinkHeader, FLAGS, code::B, bits, DIRECTION_MASK)
    }
}
