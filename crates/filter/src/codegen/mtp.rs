//! Signalling links: the message transfer part of SS7 (ITU-T Q.703 and Q.704).

use super::Generator;
use super::layout::SignallingLayout;
use super::load::Base;
use super::test::Test;
use crate::ast::{Mtp2Kind, Mtp3Field, Relation};
use crate::error::{Error, Result};
use crate::ir::code;

/// The bits of the length indicator that count, in both sizes of header.
const LENGTH_MASK: u32 = 0x3f;
const LENGTH_MASK_HIGH_SPEED: u32 = 0xff80;
/// A link status unit has one or two bytes behind the length; shifted into place in the larger header.
const STATUS_LENGTH: u32 = 2;
const STATUS_LENGTH_HIGH_SPEED: u32 = 0x0100;
/// How much further on the fields of a high-speed link stand.
const HIGH_SPEED_SHIFT: u32 = 3;

impl Generator<'_> {
    fn signalling_layout(&self, what: &str) -> Result<SignallingLayout> {
        self.signalling.ok_or_else(|| Error::new(format!("'{what}' supported only on SS7")))
    }

    pub(super) fn mtp2(&mut self, kind: Mtp2Kind) -> Result<Test> {
        let layout = self.signalling_layout(kind.name())?;
        let high_speed =
            matches!(kind, Mtp2Kind::HighSpeedFisu | Mtp2Kind::HighSpeedLssu | Mtp2Kind::HighSpeedMsu);
        let (at, size, mask, status) = if high_speed {
            (layout.length_high_speed, code::H, LENGTH_MASK_HIGH_SPEED, STATUS_LENGTH_HIGH_SPEED)
        } else {
            (layout.length, code::B, LENGTH_MASK, STATUS_LENGTH)
        };
        let mut compare = |jump, value| self.compare_field(Base::Packet, at, size, mask, jump, value);
        match kind {
            Mtp2Kind::Fisu | Mtp2Kind::HighSpeedFisu => compare(code::JEQ, 0),
            Mtp2Kind::Msu | Mtp2Kind::HighSpeedMsu => compare(code::JGT, status),
            Mtp2Kind::Lssu | Mtp2Kind::HighSpeedLssu => {
                let short = compare(code::JGT, status)?.not();
                let filled = compare(code::JGT, 0)?;
                Ok(self.blocks.and(filled, short))
            }
        }
    }

    pub(super) fn mtp3_field(&mut self, field: Mtp3Field, relation: Relation, value: u32) -> Result<Test> {
        let layout = self.signalling_layout(field.name())?;
        let shift = match field {
            Mtp3Field::HighSpeedServiceInformation
            | Mtp3Field::HighSpeedOriginatingPoint
            | Mtp3Field::HighSpeedDestinationPoint
            | Mtp3Field::HighSpeedLinkSelection => HIGH_SPEED_SHIFT,
            _ => 0,
        };
        // Point codes have 14 bits, which the header spreads over bytes in little-endian order.
        let (at, size, mask, maximum, placed) = match field {
            Mtp3Field::ServiceInformation | Mtp3Field::HighSpeedServiceInformation => {
                (layout.service, code::B, u32::MAX, 0xff, value)
            }
            Mtp3Field::OriginatingPoint | Mtp3Field::HighSpeedOriginatingPoint => {
                let placed = (value & 0x3c00) >> 10 | (value & 0x03fc) << 6 | (value & 0x03) << 22;
                (layout.originating_point, code::W, 0x00c0_ff0f, 0x3fff, placed)
            }
            Mtp3Field::DestinationPoint | Mtp3Field::HighSpeedDestinationPoint => {
                let placed = (value & 0xff) << 8 | (value & 0x3f00) >> 8;
                (layout.destination_point, code::H, 0xff3f, 0x3fff, placed)
            }
            Mtp3Field::LinkSelection | Mtp3Field::HighSpeedLinkSelection => {
                (layout.link_selection, code::B, 0xf0, 0x0f, value.wrapping_shl(4))
            }
        };
        Self::at_most(value, maximum, field.name())?;
        self.related(Base::Packet, at + shift, size, mask, relation, placed)
    }
}
