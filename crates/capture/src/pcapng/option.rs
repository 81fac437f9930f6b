//! Options at the end of blocks, and what those of an interface say.

use wirescope_wire::{Cursor, Timestamp};

use super::block_type;
use crate::{ByteOrder, Interface, ReadError};

const END: u16 = 0;
const INTERFACE_NAME: u16 = 2;
const INTERFACE_DESCRIPTION: u16 = 3;
const TIME_RESOLUTION: u16 = 9;
const FILTER: u16 = 11;
const OPERATING_SYSTEM: u16 = 12;
const FCS_LEN: u16 = 13;
const TIME_OFFSET: u16 = 14;

/// The smallest units in which 64-bit time stamps make sense.
const MAXIMUM_DECIMAL_EXPONENT: u8 = 19;
const MAXIMUM_BINARY_EXPONENT: u8 = 63;
const NANOS: u64 = 1_000_000_000;

/// How an interface counts time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Clock {
    unit: Unit,
    offset_s: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    /// So many to the second, one of them being so many nanoseconds.
    Coarse { per_second: u64, nanos: u64 },
    /// So many to the second, so many of them being a nanosecond.
    Fine { per_second: u64, per_nano: u64 },
    /// Two to this power to the second.
    Binary { shift: u8 },
}

impl Clock {
    /// Microseconds since 1970, which holds when nothing else is said.
    const DEFAULT: Clock = Clock { unit: Unit::decimal(6), offset_s: 0 };

    /// Whether microseconds cannot express its times.
    pub(super) fn is_finer_than_micros(self) -> bool {
        match self.unit {
            Unit::Coarse { per_second, .. } => per_second > 1_000_000,
            Unit::Fine { .. } => true,
            Unit::Binary { shift } => shift > 6,
        }
    }

    /// The time that a count stands for.
    #[inline]
    pub(super) fn time(self, count: u64) -> Timestamp {
        let (seconds, nanos) = match self.unit {
            Unit::Coarse { per_second, nanos } => (count / per_second, count % per_second * nanos),
            Unit::Fine { per_second, per_nano } => (count / per_second, count % per_second / per_nano),
            Unit::Binary { shift } => {
                let fraction = count & ((1 << shift) - 1);
                (count >> shift, ((u128::from(fraction) * u128::from(NANOS)) >> shift) as u64)
            }
        };
        Timestamp::new((seconds as i64).wrapping_add(self.offset_s), nanos)
    }
}

impl Unit {
    const fn decimal(exponent: u8) -> Unit {
        let per_second = 10u64.pow(exponent as u32);
        if exponent <= 9 {
            Unit::Coarse { per_second, nanos: 10u64.pow(9 - exponent as u32) }
        } else {
            Unit::Fine { per_second, per_nano: 10u64.pow(exponent as u32 - 9) }
        }
    }

    /// From the option's byte: the upper bit chooses between powers of ten and of two.
    fn from_byte(byte: u8) -> Result<Unit, ReadError> {
        let exponent = byte & 0x7f;
        match byte & 0x80 {
            0 if exponent > MAXIMUM_DECIMAL_EXPONENT => Err(ReadError::Resolution { base: 10, exponent }),
            0 => Ok(Unit::decimal(exponent)),
            _ if exponent > MAXIMUM_BINARY_EXPONENT => Err(ReadError::Resolution { base: 2, exponent }),
            _ => Ok(Unit::Binary { shift: exponent }),
        }
    }
}

/// Reads the options of an interface's block into `interface`.
pub(super) fn interface_options(
    mut rest: Cursor<'_>,
    order: ByteOrder,
    interface: &mut Interface,
) -> Result<Clock, ReadError> {
    let mut clock = Clock::DEFAULT;
    let (mut resolution_seen, mut offset_seen) = (false, false);
    while rest.captured() > 0 {
        let (code, value) =
            option(&mut rest, order).ok_or(ReadError::BlockContents(block_type::INTERFACE))?;
        let length = value.len() as u16;
        let text = || Some(String::from_utf8_lossy(value).into_owned());
        match code {
            END if length != 0 => {
                return Err(ReadError::OptionLength { name: "opt_endofopt", length, wanted: 0 });
            }
            END => break,
            INTERFACE_NAME => interface.name = text(),
            INTERFACE_DESCRIPTION => interface.description = text(),
            OPERATING_SYSTEM => interface.operating_system = text(),
            // The first byte tells the filter's language; 0 is text.
            FILTER => {
                if let Some((0, expression)) = value.split_first() {
                    interface.filter = Some(String::from_utf8_lossy(expression).into_owned());
                }
            }
            FCS_LEN => interface.fcs_len = value.first().copied(),
            TIME_RESOLUTION => {
                let name = "if_tsresol";
                let [byte] = *value else { return Err(ReadError::OptionLength { name, length, wanted: 1 }) };
                if std::mem::replace(&mut resolution_seen, true) {
                    return Err(ReadError::OptionRepeated(name));
                }
                clock.unit = Unit::from_byte(byte)?;
            }
            TIME_OFFSET => {
                let name = "if_tsoffset";
                let Ok(bytes) = <[u8; 8]>::try_from(value) else {
                    return Err(ReadError::OptionLength { name, length, wanted: 8 });
                };
                if std::mem::replace(&mut offset_seen, true) {
                    return Err(ReadError::OptionRepeated(name));
                }
                clock.offset_s = order.u64(bytes) as i64;
            }
            _ => {}
        }
    }
    Ok(clock)
}

/// One option: its code and its value without the padding.
fn option<'a>(rest: &mut Cursor<'a>, order: ByteOrder) -> Option<(u16, &'a [u8])> {
    let [c0, c1, l0, l1] = *rest.array::<4>().ok()?;
    let length = usize::from(order.u16([l0, l1]));
    let padded = rest.take(length.next_multiple_of(4)).ok()?;
    Some((order.u16([c0, c1]), padded.get(..length)?))
}
