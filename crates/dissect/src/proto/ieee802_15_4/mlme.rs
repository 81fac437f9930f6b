//! Elements for the layer management of IEEE 802.15.4, nested in one in the payload.

use super::elements::{NO_VALUE, data, vendor};
use super::frame::{after, spaced, u8_at, u16_at, u24_at, u32_at};
use crate::Out;
use crate::tokens::Tokens;

const SHORT_IES: &Tokens = &[
    (26, "TSCH Synchronization IE"),
    (27, "TSCH Slotframe and Link IE"),
    (28, "TSCH Timeslot IE"),
    (29, "Hopping timing IE"),
    (30, "Enhanced Beacon Filter IE"),
    (31, "MAC Metrics IE"),
    (32, "All MAC Metrics IE"),
    (33, "Coexistence Specification IE"),
    (34, "SUN Device Capabilities IE"),
    (35, "SUN FSK Generic PHY IE"),
    (36, "Mode Switch Parameter IE"),
    (37, "PHY Parameter Change IE"),
    (38, "O-QPSK PHY Mode IE"),
    (39, "PCA Allocation IE"),
    (40, "LECIM DSSS Operating Mode IE"),
    (41, "LECIM FSK Operating Mode IE"),
    (43, "TVWS PHY Operating Mode Description IE"),
    (44, "TVWS Device Capabilities IE"),
    (45, "TVWS Device Category IE"),
    (46, "TVWS Device Identification IE"),
    (47, "TVWS Device Location IE"),
    (48, "TVWS Channel Information Query IE"),
    (49, "TVWS Channel Information Source IE"),
    (50, "CTM IE"),
    (51, "Timestamp IE"),
    (52, "Timestamp Difference IE"),
    (53, "TMCTP Specification IE"),
    (54, "RCC PHY Operating Mode IE"),
];

const LONG_IES: &Tokens = &[(8, "Vendor Specific MLME Nested IE"), (9, "Channel Hopping IE")];

/// The bit of elements with short names and long values.
const IS_LONG: u16 = 1 << 15;
/// Short elements up to this one have numbers of long ones.
const LAST_LONG: u16 = 0xf;

/// Prints nested elements.
pub(super) fn print(out: &mut Out, mut rest: &[u8]) {
    while !rest.is_empty() {
        if rest.len() < 2 {
            out.text("[ERROR: Truncated MLME IE]");
            return;
        }
        let element = u16_at(rest, 0);
        let is_long = element & IS_LONG != 0;
        out.text("\n\t\t");
        let (id, len) = if is_long {
            let id = (element >> 11) & 0xf;
            out.token(LONG_IES, id, format_args!("Reserved 0x{id:02x}"));
            (id, element & 0x7ff)
        } else {
            let id = (element >> 8) & 0x7f;
            match id {
                ..=LAST_LONG => write!(out, "Reserved for long format 0x{id:x}"),
                _ => out.token(SHORT_IES, id, format_args!("Reserved 0x{id:02x}")),
            }
            (id, element & 0xff)
        };
        write!(out, " [ length = {len}, ");
        let Some((value, following)) = after(rest, 2).split_at_checked(len.into()) else {
            out.text(NO_VALUE);
            return;
        };
        match (is_long, id) {
            (true, 8) => vendor(out, value),
            (true, 9) => hopping(out, value),
            (false, 0x1a) => synchronization(out, value, after(rest, 2)),
            (false, 0x1b) => slotframes(out, value),
            (false, 0x1c) => time_slot(out, value),
            _ => data(out, value),
        }
        out.text("] ");
        rest = following;
    }
}

const TRUNCATED: &str = "[ERROR: IE truncated]";

/// Bytes of a hopping sequence's number, channel page, channels and configuration.
const HOPPING_LEN: usize = 8;

fn hopping(out: &mut Out, value: &[u8]) {
    let Some((&sequence, mut rest)) = value.split_first() else {
        out.text("[ERROR: Hopping sequence ID missing]");
        return;
    };
    write!(out, "Hopping Sequence ID = {sequence}");
    if rest.is_empty() {
        return;
    }
    if value.len() < HOPPING_LEN {
        out.text(TRUNCATED);
        return;
    }
    let (page, channels) = (u8_at(rest, 0), u16_at(rest, 1));
    write!(out, "Channel Page = {page}, Number of Channels = {channels}, ");
    write!(out, "Phy Configuration = 0x{:08x}, ", u32_at(rest, 3));
    rest = after(rest, 7);
    if matches!(page, 9 | 10) {
        let len = usize::from(channels).div_ceil(8);
        let Some((bitmap, following)) = rest.split_at_checked(len) else {
            out.text(TRUNCATED);
            return;
        };
        out.text("Extended bitmap = 0x");
        for byte in bitmap {
            out.hex(*byte, 2);
        }
        out.text(", ");
        rest = following;
    }
    if rest.len() < 2 {
        out.text(TRUNCATED);
        return;
    }
    let len = u16_at(rest, 0);
    write!(out, "Hopping Seq length = {len} [ ");
    let Some((list, rest)) = after(rest, 2).split_at_checked(len.into()) else {
        out.text(" ").text(TRUNCATED);
        return;
    };
    spaced(out, list);
    out.text("]");
    if rest.len() < 2 {
        out.text(TRUNCATED);
        return;
    }
    write!(out, "Current hop = {}", u16_at(rest, 0));
}

/// Prints an absolute slot number, which is read even where its length is wrong.
fn synchronization(out: &mut Out, value: &[u8], all: &[u8]) {
    if value.len() != 6 {
        out.text("[ERROR: Length != 6]");
    }
    let number = u64::from(u32_at(all, 0)) | u64::from(u8_at(all, 4)) << 32;
    write!(out, "ASN = {number:010x}, Join Metric = {} ", u8_at(all, 5));
}

/// Bytes of a slotframe and of a link.
const SLOTFRAME_LEN: usize = 4;
const LINK_LEN: usize = 5;

fn slotframes(out: &mut Out, value: &[u8]) {
    let Some((&count, mut rest)) = value.split_first() else { return };
    write!(out, "Slotframes = {count} ");
    for _ in 0..count {
        if rest.len() < SLOTFRAME_LEN {
            out.text("[ERROR: Truncated IE before slotframes]");
            return;
        }
        let (handle, size, links) = (u8_at(rest, 0), u16_at(rest, 1), u8_at(rest, 3));
        write!(out, "\n\t\t\t[ Handle {handle}, size = {size}, links = {links} ");
        rest = after(rest, SLOTFRAME_LEN);
        for _ in 0..links {
            let Some((link, following)) = rest.split_at_checked(LINK_LEN) else {
                out.text("[ERROR: Truncated IE links]");
                return;
            };
            write!(out, "\n\t\t\t\t[ Timeslot =  {}, Offset = {}", u16_at(link, 0), u16_at(link, 2));
            out.text(", Options = ");
            for (bit, name) in
                [(1, "TX "), (2, "RX "), (4, "Shared "), (8, "Timekeeping "), (16, "Priority ")]
            {
                if u8_at(link, 4) & bit != 0 {
                    out.text(name);
                }
            }
            out.text("] ");
            rest = following;
        }
        out.text("] ");
    }
}

const TIMES: [&str; 12] = [
    "CCA Offset",
    "CCA",
    "TX Offset",
    "RX Offset",
    "RX Ack Delay",
    "TX Ack Delay",
    "RX Wait",
    "Ack Wait",
    "RX TX",
    "Max Ack",
    "Max TX",
    "Time slot Length",
];

/// Lengths of a time slot's value: only its number, and with times of which the last two are short or long.
const NUMBER_LEN: usize = 1;
const SHORT_TIMES_LEN: usize = 25;
const LONG_TIMES_LEN: usize = 27;
/// How many of the times are short in any case.
const SHORT_TIMES: usize = 10;

fn time_slot(out: &mut Out, value: &[u8]) {
    match value.len() {
        0 => {}
        len @ (NUMBER_LEN | SHORT_TIMES_LEN | LONG_TIMES_LEN) => {
            write!(out, "Time slot ID = {}", u8_at(value, 0));
            if len > NUMBER_LEN {
                for (index, name) in TIMES.iter().enumerate() {
                    let time = match index.checked_sub(SHORT_TIMES) {
                        Some(long) if len == LONG_TIMES_LEN => u24_at(value, 21 + 3 * long),
                        _ => u16_at(value, 1 + 2 * index).into(),
                    };
                    write!(out, ", {name} = {time}");
                }
            }
            out.text(" ");
        }
        _ => {
            out.text("[ERROR: Length not 1, 25, or 27]\n\t\t\tIE Data = ");
            spaced(out, value);
        }
    }
}
