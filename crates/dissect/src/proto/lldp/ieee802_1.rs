//! Values that IEEE 802.1 defines (IEEE 802.1AB-2016 annex D, 802.1Q-2018 annex D).

use super::{Known, name, subtype};
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const SUBTYPES: &Tokens = &[
    (1, "Port VLAN Id"),
    (2, "Port and Protocol VLAN ID"),
    (3, "VLAN name"),
    (4, "Protocol Identity"),
    (7, "Link aggregation"),
    (8, "Congestion Notification"),
    (9, "ETS Configuration"),
    (10, "ETS Recommendation"),
    (11, "Priority Flow Control Configuration"),
    (12, "Application Priority"),
    (13, "EVB"),
    (14, "CDCP"),
];

const PORT_PROTOCOL_FLAGS: &Tokens = &[(2, "supported"), (4, "enabled")];

pub(super) const AGGREGATION: &Tokens = &[(1, "supported"), (2, "enabled")];

const EVB_MODES: &Tokens = &[
    (0, "Not Supported"),
    (1, "EVB Bridge"),
    (2, "EVB Station"),
    (3, "Reserved for future Standardization"),
];

/// Prints a value from its subtype on.
pub(super) fn print(out: &mut Out, mut value: Cursor<'_>) -> Walk<Known> {
    match subtype(out, SUBTYPES, &mut value)? {
        1 => write!(out, "\n\t    port vlan id (PVID): {}", value.u16()?),
        2 => {
            let (flags, vlan) = (value.u8()?, value.u16()?);
            write!(out, "\n\t    port and protocol vlan id (PPVID): {vlan}, flags [");
            out.bits(PORT_PROTOCOL_FLAGS, flags, ", ", format_args!("none"));
            write!(out, "] (0x{flags:02x})");
        }
        3 => {
            write!(out, "\n\t    vlan id (VID): {}", value.u16()?);
            counted_text(out, "\n\t    vlan name: ", value)?;
        }
        4 => counted_text(out, "\n\t    protocol identity: ", value)?,
        7 => aggregation(out, value)?,
        8 => congestion(out, value)?,
        9 => {
            value.need(TRANSMISSION_LEN)?;
            let bits = value.u8()?;
            // tcpdump's text has the credit-based shaper's bit from the place of the one before it.
            write!(out, "\n\t    Willing:{}, CBS:{}, RES:{}", bits >> 7, (bits >> 6) & 2, (bits >> 3) & 7);
            write!(out, ", Max TCs:{}", bits & 7);
            transmission(out, value)?;
        }
        10 => {
            value.need(TRANSMISSION_LEN)?;
            write!(out, "\n\t    RES: {}", value.u8()?);
            transmission(out, value)?;
        }
        11 => flow_control(out, value)?,
        12 => application_priority(out, value)?,
        13 => edge_virtual_bridging(out, value)?,
        14 => channels(out, value)?,
        _ => return Ok(Known::No),
    }
    Ok(Known::Yes)
}

/// Text behind a byte that counts it.
fn counted_text(out: &mut Out, label: &str, mut value: Cursor<'_>) -> Walk {
    let len = usize::from(value.u8()?);
    let text = value.take(len)?;
    out.text(label).escaped_to_zero(text);
    Ok(())
}

/// State and number of a port's aggregation; IEEE 802.3 defined it first.
pub(super) fn aggregation(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let (status, port) = (value.u8()?, value.u32()?);
    out.text("\n\t    aggregation status [");
    out.bits(AGGREGATION, status, ", ", format_args!("none"));
    write!(out, "], aggregation port ID {port}");
    Ok(())
}

/// A bit for each priority, the lowest first.
fn priorities(out: &mut Out, bits: u8) {
    out.text("\n\t     Priority : 0  1  2  3  4  5  6  7\n\t     Value    : ");
    for priority in 0..8 {
        write!(out, "{:<2} ", (bits >> priority) & 1);
    }
}

fn congestion(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let [indicator, ready] = *value.array()?;
    out.text("\n\t    Pre-Priority CNPV Indicator");
    priorities(out, indicator);
    out.text("\n\t    Pre-Priority Ready Indicator");
    priorities(out, ready);
    Ok(())
}

/// Bytes of an enhanced transmission selection.
const TRANSMISSION_LEN: usize = 21;

/// The tables of an enhanced transmission selection.
fn transmission(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let assignment = *value.array::<4>()?;
    out.text("\n\t    Priority Assignment Table");
    out.text("\n\t     Priority : 0   1   2   3   4   5   6   7\n\t     Value    : ");
    row(out, assignment.iter().flat_map(|byte| [byte >> 4, byte & 0xf]));
    out.text("\n\t    TC Bandwidth Table\n\t     TC%   : 0   1   2   3   4   5   6   7\n\t     Value : ");
    row(out, *value.array::<8>()?);
    out.text("\n\t    TSA Assignment Table");
    out.text("\n\t     Traffic Class: 0   1   2   3   4   5   6   7\n\t     Value        : ");
    row(out, *value.array::<8>()?);
    Ok(())
}

fn row(out: &mut Out, values: impl IntoIterator<Item = u8>) {
    for (index, value) in values.into_iter().enumerate() {
        if index > 0 {
            out.text(" ");
        }
        write!(out, "{value:<3}");
    }
}

fn flow_control(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let [bits, enabled] = *value.array()?;
    write!(out, "\n\t    Willing: {}, MBC: {}", bits >> 7, (bits >> 6) & 1);
    write!(out, ", RES: {}, PFC cap:{} ", (bits >> 4) & 3, bits & 0xf);
    out.text("\n\t    PFC Enable");
    priorities(out, enabled);
    Ok(())
}

/// Bytes of an application's priority, and of a channel.
const ENTRY_LEN: usize = 3;

fn application_priority(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    write!(out, "\n\t    RES: {}", value.u8()?);
    if value.length() == 0 || !value.length().is_multiple_of(ENTRY_LEN) {
        return Err(Stop::Invalid);
    }
    out.text("\n\t    Application Priority Table");
    while value.length() > 0 {
        let (bits, protocol) = (value.u8()?, value.u16()?);
        write!(out, "\n\t      Priority: {}, RES: {}", bits >> 5, (bits >> 3) & 3);
        write!(out, ", Sel: {}, Protocol ID: {protocol}", bits & 7);
    }
    Ok(())
}

fn edge_virtual_bridging(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let [bridge, station, retries, mode, keep_alive] = *value.array()?;
    let bit = |bits: u8, at: u8| (bits >> at) & 1;
    out.text("\n\t    EVB Bridge Status");
    write!(out, "\n\t      RES: {}, BGID: {}", bridge >> 3, bit(bridge, 2));
    write!(out, ", RRCAP: {}, RRCTR: {}", bit(bridge, 1), bit(bridge, 0));
    out.text("\n\t    EVB Station Status");
    write!(out, "\n\t      RES: {}, SGID: {}", station >> 4, bit(station, 3));
    write!(out, ", RRREQ: {},RRSTAT: {}", bit(station, 2), station & 3);
    write!(out, "\n\t    R: {}, RTE: {}, ", retries >> 5, retries & 0x1f);
    write!(out, "EVB Mode: {} [{}]", name(EVB_MODES, mode >> 6, "unknown"), mode >> 6);
    write!(out, "\n\t    ROL: {}, RWD: {}, ", bit(mode, 5), mode & 0x1f);
    write!(out, "RES: {}, ROL: {}, RKA: {}", keep_alive >> 6, bit(keep_alive, 5), keep_alive & 0x1f);
    Ok(())
}

/// Channels of a physical port: the S-channel Discovery and Configuration Protocol.
fn channels(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let (role, _, most) = (value.u8()?, value.u8()?, value.u16()? & 0xfff);
    write!(out, "\n\t    Role: {}, RES: {}, Scomp: {} ", role >> 7, (role >> 4) & 7, (role >> 3) & 1);
    write!(out, "ChnCap: {most}");
    if !value.length().is_multiple_of(ENTRY_LEN) {
        return Err(Stop::Invalid);
    }
    while value.length() > 0 {
        let channel = value.u24()?;
        write!(out, "\n\t    SCID: {}, SVID: {}", channel >> 12, channel & 0xfff);
    }
    Ok(())
}
