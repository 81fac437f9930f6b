//! Frames behind a radiotap header (<https://www.radiotap.org>): fields that bitmaps announce.

use super::elements::megabits;
use super::radio::cut_short;
use super::{Received, behind_radio};
use crate::Out;
use crate::tokens::{self, Tokens};
use std::ops::ControlFlow;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes before the fields: version, padding, length and the first bitmap.
const MIN_LEN: usize = 8;

/// Bits of a bitmap that name no field.
mod bitmap {
    pub(super) const RADIOTAP_NAMESPACE: u32 = 29;
    pub(super) const VENDOR_NAMESPACE: u32 = 30;
    /// Another bitmap follows.
    pub(super) const EXTENDED: u32 = 1 << 31;
}

/// Numbers of fields.
mod field {
    pub(super) const TSFT: u32 = 0;
    pub(super) const FLAGS: u32 = 1;
    pub(super) const RATE: u32 = 2;
    pub(super) const CHANNEL: u32 = 3;
    pub(super) const FHSS: u32 = 4;
    pub(super) const SIGNAL: u32 = 5;
    pub(super) const NOISE: u32 = 6;
    pub(super) const LOCK_QUALITY: u32 = 7;
    pub(super) const TX_ATTENUATION: u32 = 8;
    pub(super) const TX_ATTENUATION_DB: u32 = 9;
    pub(super) const TX_POWER: u32 = 10;
    pub(super) const ANTENNA: u32 = 11;
    pub(super) const SIGNAL_DB: u32 = 12;
    pub(super) const NOISE_DB: u32 = 13;
    pub(super) const RX_FLAGS: u32 = 14;
    pub(super) const XCHANNEL: u32 = 18;
    pub(super) const MCS: u32 = 19;
    pub(super) const AMPDU_STATUS: u32 = 20;
    pub(super) const VHT: u32 = 21;
}

/// Bits of the flags field.
const FLAGS_FCS: u8 = 0x10;
const FLAGS_PADDED: u8 = 0x20;
const FLAGS: [(u8, &str); 5] =
    [(0x01, "cfp "), (0x02, "short preamble "), (0x04, "wep "), (0x08, "fragmented "), (0x40, "bad-fcs ")];

const FCS_LEN: usize = 4;

/// Prints a frame behind its header.
pub(crate) fn print_radiotap_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    out.label("802.11_radio");
    let Ok(len) = header_len(whole) else { return cut_short(out, whole) };
    let header = whole.clip(len);
    let Some(fields_at) = fields_at(header) else { return cut_short(out, whole) };
    let mut fields = Fields { header, at: fields_at, bits: 0, received: Received::default() };
    fields.print(out);
    behind_radio(out, whole.ahead(len), len, fields.received)
}

/// Reads how long the header is, which must be there as a whole.
fn header_len(whole: Cursor<'_>) -> Walk<usize> {
    whole.need(MIN_LEN)?;
    let len = usize::from(whole.ahead(2).u16_le()?);
    if len < MIN_LEN {
        return Err(Stop::Truncated);
    }
    whole.need(len)?;
    Ok(len)
}

/// Where the fields start, behind all bitmaps; nothing where the bitmaps do not end.
fn fields_at(header: Cursor<'_>) -> Option<usize> {
    let mut c = header.ahead(4);
    loop {
        let bits = c.u32_le().ok()?;
        if bits & bitmap::EXTENDED == 0 {
            return Some(c.at() - header.at());
        }
    }
}

/// Fields as they are read: each starts at a multiple of its largest part's length.
struct Fields<'a> {
    header: Cursor<'a>,
    at: usize,
    /// The bitmap that announces the fields.
    bits: u32,
    received: Received,
}

/// Which field a bit of a bitmap stands for.
#[derive(Clone, Copy)]
enum Namespace {
    /// That of radiotap, with the number of the bitmap's first field.
    Radiotap { first: u32 },
    /// One whose fields are not known; they have been skipped.
    Vendor,
}

impl Fields<'_> {
    /// Prints what all bitmaps announce, up to a field that is not known.
    fn print(&mut self, out: &mut Out) {
        let mut bitmaps = self.header.ahead(4);
        let mut namespace = Namespace::Radiotap { first: 0 };
        while let Ok(bits) = bitmaps.u32_le() {
            self.bits = bits;
            if let Namespace::Radiotap { first } = namespace {
                for bit in (0..bitmap::RADIOTAP_NAMESPACE).filter(|bit| bits & (1 << bit) != 0) {
                    match self.field(out, first + bit) {
                        Ok(ControlFlow::Continue(())) => {}
                        Ok(ControlFlow::Break(())) => return,
                        Err(_) => return out.truncated(),
                    }
                }
            }
            if bits & bitmap::EXTENDED == 0 {
                return;
            }
            if bits & (1 << bitmap::RADIOTAP_NAMESPACE) != 0 {
                namespace = Namespace::Radiotap { first: 0 };
            } else if bits & (1 << bitmap::VENDOR_NAMESPACE) != 0 {
                namespace = Namespace::Vendor;
                if self.skip_vendor().is_err() {
                    return out.truncated();
                }
            } else if let Namespace::Radiotap { first } = namespace {
                namespace = Namespace::Radiotap { first: first.saturating_add(32) };
            }
        }
    }

    /// Whether the bitmap has this field.
    fn announces(&self, number: u32) -> bool {
        self.bits & (1 << number) != 0
    }

    /// The bytes of a field that has `len` of them and starts at a multiple of `align`.
    fn next(&mut self, align: usize, len: usize) -> Walk<Cursor<'_>> {
        let at = self.at.next_multiple_of(align);
        let mut c = self.header.ahead(at);
        if !c.has(len) {
            return Err(Stop::Truncated);
        }
        self.at = at + len;
        Ok(c.split(len))
    }

    /// Skips the fields that a vendor announces: identifier, namespace, and how many bytes to skip.
    fn skip_vendor(&mut self) -> Walk {
        let mut c = self.next(2, 6)?;
        c.skip(4)?;
        let len = usize::from(c.u16_le()?);
        self.next(1, len).map(|_| ())
    }

    fn byte(&mut self) -> Walk<u8> {
        self.next(1, 1)?.u8()
    }

    fn word(&mut self) -> Walk<u16> {
        self.next(2, 2)?.u16_le()
    }

    /// Prints a field; what follows one that is not known cannot be found.
    fn field(&mut self, out: &mut Out, number: u32) -> Walk<ControlFlow<()>> {
        match number {
            field::TSFT => write!(out, "{}us tsft ", self.next(8, 8)?.u64_le()?),
            field::FLAGS => self.flags(out)?,
            field::RATE => rate(out, self.byte()?),
            field::CHANNEL => {
                let mut c = self.next(2, 4)?;
                let (frequency, flags) = (c.u16_le()?, c.u16_le()?);
                // The extended field tells the same and more.
                if !self.announces(field::XCHANNEL) {
                    channel(out, frequency, flags.into(), self.announces(field::MCS));
                }
            }
            field::FHSS => {
                let mut c = self.next(1, 2)?;
                write!(out, "fhset {} fhpat {} ", c.u8()?, c.u8()?);
            }
            field::SIGNAL => {
                let signal = self.byte()? as i8;
                out.field("signal", i32::from(signal));
                write!(out, "{signal}dBm signal ");
            }
            field::NOISE => write!(out, "{}dBm noise ", self.byte()? as i8),
            field::LOCK_QUALITY => write!(out, "{} sq ", self.word()?),
            field::TX_ATTENUATION => write!(out, "{} tx power ", -i32::from(self.word()?)),
            field::TX_ATTENUATION_DB => write!(out, "{}dB tx attenuation ", -i32::from(self.byte()?)),
            field::TX_POWER => write!(out, "{}dBm tx power ", self.byte()? as i8),
            field::ANTENNA => write!(out, "antenna {} ", self.byte()?),
            field::SIGNAL_DB => write!(out, "{}dB signal ", self.byte()?),
            field::NOISE_DB => write!(out, "{}dB noise ", self.byte()?),
            field::RX_FLAGS => drop(self.word()?),
            field::XCHANNEL => {
                let mut c = self.next(4, 8)?;
                let (flags, frequency) = (c.u32_le()?, c.u16_le()?);
                channel(out, frequency, flags, self.announces(field::MCS));
            }
            field::MCS => mcs(out, *self.next(1, 3)?.array()?),
            field::AMPDU_STATUS => drop(self.next(4, 8)?),
            field::VHT => vht(out, self.next(2, 12)?)?,
            _ => {
                write!(out, "[bit {number}] ");
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn flags(&mut self, out: &mut Out) -> Walk {
        let flags = self.byte()?;
        for (bit, name) in FLAGS {
            if flags & bit != 0 {
                out.text(name);
            }
        }
        self.received.padded = flags & FLAGS_PADDED != 0;
        self.received.fcs_len = if flags & FLAGS_FCS != 0 { FCS_LEN } else { 0 };
        Ok(())
    }
}

/// A rate of old; some drivers put the index of a modulation here, with the upper bit set.
fn rate(out: &mut Out, rate: u8) {
    out.field("rate", rate);
    match rate {
        0x80..=0x8f => write!(out, "MCS {} ", rate & 0x7f),
        _ => write!(out, "{:.1} Mb/s ", megabits(rate)),
    }
}

/// Bits that tell what a channel is used for.
mod channel_flag {
    pub(super) const TURBO: u32 = 0x0000_0010;
    pub(super) const B: u32 = 0x0000_00a0;
    pub(super) const PURE_G: u32 = 0x0000_00c0;
    pub(super) const G: u32 = 0x0000_0480;
    pub(super) const A: u32 = 0x0000_0140;
    pub(super) const FHSS: u32 = 0x0000_0880;
    pub(super) const HALF: u32 = 0x0000_4000;
    pub(super) const QUARTER: u32 = 0x0000_8000;
    pub(super) const HT20: u32 = 0x0001_0000;
    pub(super) const HT40_ABOVE: u32 = 0x0002_0000;
    pub(super) const HT40_BELOW: u32 = 0x0004_0000;
}

fn channel(out: &mut Out, frequency: u16, flags: u32, has_mcs: bool) {
    let is = |bits: u32| flags & bits == bits;
    let width = |whole, half, quarter| match () {
        _ if is(channel_flag::HALF) => half,
        _ if is(channel_flag::QUARTER) => quarter,
        _ => whole,
    };
    out.field("frequency", frequency);
    write!(out, "{frequency} MHz");
    if has_mcs {
        out.text(" 11n");
    } else {
        if is(channel_flag::FHSS) {
            out.text(" FHSS");
        }
        if is(channel_flag::A) {
            out.text(width(" 11a", " 11a/10Mhz", " 11a/5Mhz"));
        }
        if is(channel_flag::PURE_G) || is(channel_flag::G) {
            out.text(width(" 11g", " 11g/10Mhz", " 11g/5Mhz"));
        } else if is(channel_flag::B) {
            out.text(" 11b");
        }
        if is(channel_flag::TURBO) {
            out.text(" Turbo");
        }
    }
    if is(channel_flag::HT20) {
        out.text(" ht/20");
    } else if is(channel_flag::HT40_BELOW) {
        out.text(" ht/40-");
    } else if is(channel_flag::HT40_ABOVE) {
        out.text(" ht/40+");
    }
    out.text(" ");
}

/// Which parts of a modulation's description are known.
mod mcs_known {
    pub(super) const BANDWIDTH: u8 = 0x01;
    pub(super) const INDEX: u8 = 0x02;
    pub(super) const GUARD_INTERVAL: u8 = 0x04;
    pub(super) const FORMAT: u8 = 0x08;
    pub(super) const FEC: u8 = 0x10;
    pub(super) const STBC: u8 = 0x20;
}

const MCS_BANDWIDTHS: &Tokens = &[(0, "20 MHz"), (1, "40 MHz"), (2, "20 MHz (L)"), (3, "20 MHz (U)")];

/// The modulation of a high-throughput frame.
fn mcs(out: &mut Out, [known, flags, index]: [u8; 3]) {
    let knows = |bits: u8| known & bits == bits;
    let is_wide = flags & 3 == 1;
    let is_short = flags & 4 != 0;
    if knows(mcs_known::INDEX) {
        let rate = if knows(mcs_known::BANDWIDTH | mcs_known::GUARD_INTERVAL) {
            ht_rate(index, is_wide, is_short)
        } else {
            None
        };
        if let Some(rate) = rate {
            write!(out, "{rate:.1} Mb/s ");
        }
        write!(out, "MCS {index} ");
    }
    if knows(mcs_known::BANDWIDTH) {
        out.text(tokens::name(MCS_BANDWIDTHS, (flags & 3).into()).unwrap_or_default()).text(" ");
    }
    if knows(mcs_known::GUARD_INTERVAL) {
        out.text(guard_interval(is_short));
    }
    if knows(mcs_known::FORMAT) {
        out.text(if flags & 8 != 0 { "greenfield " } else { "mixed " });
    }
    if knows(mcs_known::FEC) {
        out.text(fec(flags & 0x10 != 0));
    }
    if knows(mcs_known::STBC) {
        write!(out, "RX-STBC{} ", (flags >> 5) & 3);
    }
}

fn guard_interval(is_short: bool) -> &'static str {
    if is_short { "short GI " } else { "long GI " }
}

fn fec(is_ldpc: bool) -> &'static str {
    if is_ldpc { "LDPC FEC " } else { "BCC FEC " }
}

/// Data bits of one symbol in a 20 MHz channel, by modulation (IEEE 802.11-2016 section 19.5). The one that
/// is only for 40 MHz channels has none.
const DATA_BITS: [u16; 77] = [
    26, 52, 78, 104, 156, 208, 234, 260, 52, 104, 156, 208, 312, 416, 468, 520, 78, 156, 234, 312, 468, 624,
    702, 780, 104, 208, 312, 416, 624, 832, 936, 1040, 0, 156, 208, 260, 234, 312, 390, 208, 260, 260, 312,
    364, 364, 416, 312, 390, 390, 468, 546, 546, 624, 260, 312, 364, 312, 364, 416, 468, 416, 468, 520, 520,
    572, 390, 468, 546, 468, 546, 624, 702, 624, 702, 780, 780, 858,
];
/// The modulation that sends the same in both halves of a 40 MHz channel, and its data bits.
const DUPLICATE: u8 = 32;
const DUPLICATE_DATA_BITS: f64 = 24.0;
/// How many more subcarriers with data a 40 MHz channel has.
const WIDE_FACTOR: f64 = 108.0 / 52.0;
/// Microseconds of a symbol by guard interval.
const LONG_SYMBOL: f64 = 4.0;
const SHORT_SYMBOL: f64 = 3.6;

/// Megabits per second of a high-throughput modulation.
fn ht_rate(index: u8, is_wide: bool, is_short: bool) -> Option<f64> {
    let bits = match f64::from(*DATA_BITS.get(usize::from(index))?) {
        _ if index == DUPLICATE && is_wide => DUPLICATE_DATA_BITS,
        _ if index == DUPLICATE => return None,
        bits if is_wide => bits * WIDE_FACTOR,
        bits => bits,
    };
    Some(bits / if is_short { SHORT_SYMBOL } else { LONG_SYMBOL })
}

/// Which parts of a very-high-throughput description are known.
const VHT_KNOWS_GUARD_INTERVAL: u16 = 0x0004;
const VHT_KNOWS_BANDWIDTH: u16 = 0x0040;

const VHT_BANDWIDTHS: [&str; 26] = [
    "20 MHz",
    "40 MHz",
    "20 MHz (L)",
    "20 MHz (U)",
    "80 MHz",
    "80 MHz (L)",
    "80 MHz (U)",
    "80 MHz (LL)",
    "80 MHz (LU)",
    "80 MHz (UL)",
    "80 MHz (UU)",
    "160 MHz",
    "160 MHz (L)",
    "160 MHz (U)",
    "160 MHz (LL)",
    "160 MHz (LU)",
    "160 MHz (UL)",
    "160 MHz (UU)",
    "160 MHz (LLL)",
    "160 MHz (LLU)",
    "160 MHz (LUL)",
    "160 MHz (UUU)",
    "160 MHz (ULL)",
    "160 MHz (ULU)",
    "160 MHz (UUL)",
    "160 MHz (UUU)",
];

/// The modulations of a very-high-throughput frame, one for each user it is for.
fn vht(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (known, flags, bandwidth) = (c.u16_le()?, c.u8()?, c.u8()? & 0x1f);
    let users = *c.array::<4>()?;
    let coding = c.u8()?;
    for (user, modulation) in users.iter().enumerate() {
        // The number of spatial streams; a user without any is none.
        if modulation & 0x0f != 0 {
            write!(out, "User {user} MCS {} ", modulation >> 4);
            out.text(fec(coding & (1 << user) != 0));
        }
    }
    if known & VHT_KNOWS_BANDWIDTH != 0 {
        match VHT_BANDWIDTHS.get(usize::from(bandwidth)) {
            Some(name) => _ = out.text(name).text(" "),
            None => write!(out, "unknown ({bandwidth}) "),
        }
    }
    if known & VHT_KNOWS_GUARD_INTERVAL != 0 {
        out.text(guard_interval(flags & 4 != 0));
    }
    Ok(())
}
