//! Information elements of IEEE 802.15.4, in front of the payload and in it.

use super::frame::{Frame, Parsed, after, spaced, u8_at, u16_at};
use super::mlme;
use crate::Out;
use crate::tokens::Tokens;

const HEADER_IES: &Tokens = &[
    (0, "Vendor Specific Header IE"),
    (26, "LE CSL IE"),
    (27, "LE RIT IE"),
    (28, "DSME PAN descriptor IE"),
    (29, "Rendezvous Time IE"),
    (30, "Time Correction IE"),
    (33, "Extended DSME PAN descriptor IE"),
    (34, "Fragment Sequence Context Description IE"),
    (35, "Simplified Superframe Specification IE"),
    (36, "Simplified GTS Specification IE"),
    (37, "LECIM Capabilities IE"),
    (38, "TRLE Descriptor IE"),
    (39, "RCC Capabilities IE"),
    (40, "RCCN Descriptor IE"),
    (41, "Global Time IE"),
    (42, "Omnibus Header IE"),
    (43, "DA IE"),
    (126, "Header Termination 1 IE"),
    (127, "Header Termination 2 IE"),
];

const PAYLOAD_IES: &Tokens = &[
    (0, "ESDU IE"),
    (1, "MLME IE"),
    (2, "Vendor Specific Nested IE"),
    (3, "Multiplexed IE (802.15.9)"),
    (4, "Omnibus Payload Group IE"),
    (5, "IETF IE"),
    (15, "List termination"),
];

/// How verbose a frame is told if the values of its elements are to be explained.
const EXPLAINED: u8 = 4;

const NO_ELEMENT: &str = "[ERROR: Truncated header IE]";
pub(super) const NO_VALUE: &str = "[ERROR: Truncated IE data]";
const NO_VENDOR: &str = "[ERROR: Vendor OUI missing]";

/// Bit of elements in the payload.
const IS_PAYLOAD: u16 = 1 << 15;

/// Elements that end a list: in front of elements in the payload, of the payload, and in the payload.
const HEADER_END_1: u16 = 0x7e;
const HEADER_END_2: u16 = 0x7f;
const PAYLOAD_END: u16 = 15;

/// Prints the elements in front of the payload; gives back whether some in the payload follow.
pub(super) fn header_list(out: &mut Out, frame: &mut Frame<'_>) -> Parsed<bool> {
    loop {
        let element = frame.u16(NO_ELEMENT)?;
        let (id, len) = ((element >> 7) & 0xff, usize::from(element & 0x7f));
        if element & IS_PAYLOAD != 0 {
            out.text("[ERROR: Header IE with type 1] ");
        }
        if id > HEADER_END_2 {
            write!(out, "Reserved Element ID {id:02x}, length = {len} ");
        } else {
            out.text("\n\t");
            out.token(HEADER_IES, id, format_args!("Reserved 0x{id:02x}"));
            if len == 0 {
                out.text(" [");
            } else {
                write!(out, " [ length = {len}, ");
            }
        }
        let value = frame.take(len, NO_VALUE)?;
        if out.options.verbose >= EXPLAINED && id <= HEADER_END_2 {
            header_value(out, id, value);
        } else {
            data(out, value);
        }
        out.text("] ");
        if matches!(id, HEADER_END_1 | HEADER_END_2) || frame.rest().is_empty() {
            return Ok(id == HEADER_END_1);
        }
    }
}

/// Prints the elements in the payload.
pub(super) fn payload_list(out: &mut Out, frame: &mut Frame<'_>) -> Parsed {
    loop {
        let element = frame.u16(NO_ELEMENT)?;
        // The length's uppermost bit is not looked at.
        let (id, len) = ((element >> 11) & 0xf, usize::from(element & 0x3ff));
        if element & IS_PAYLOAD == 0 {
            out.text("[ERROR: Payload IE with type 0] ");
        }
        out.text("\n\t");
        out.token(PAYLOAD_IES, id, format_args!("Reserved 0x{id:02x}"));
        if len == 0 {
            out.text(" [");
        } else {
            write!(out, " [ length = {len}, ");
        }
        let value = frame.take(len, NO_VALUE)?;
        if out.options.verbose >= EXPLAINED && len > 0 {
            payload_value(out, id, value);
        } else {
            data(out, value);
        }
        out.text("]\n\t");
        if id == PAYLOAD_END || frame.rest().is_empty() {
            return Ok(());
        }
    }
}

/// Writes a value that is not explained.
pub(super) fn data(out: &mut Out, value: &[u8]) {
    if !value.is_empty() {
        out.text("IE Data = ");
        spaced(out, value);
    }
}

/// Writes what a vendor added.
pub(super) fn vendor(out: &mut Out, value: &[u8]) {
    let Some((oui, value)) = value.split_first_chunk::<3>() else {
        out.text(NO_VENDOR);
        return;
    };
    let [a, b, c] = oui;
    write!(out, "OUI = 0x{a:02x}{b:02x}{c:02x}, ");
    if !value.is_empty() {
        out.text("Data = ");
        spaced(out, value);
    }
}

fn header_value(out: &mut Out, id: u16, value: &[u8]) {
    match id {
        0x00 => vendor(out, value),
        0x1a => listening(out, value),
        0x1b if value.len() < 4 => _ = out.text("[ERROR: Truncated RIT IE]"),
        0x1b => {
            write!(out, "Time to First Listen = {}", u8_at(value, 0));
            write!(out, ", # of Repeat Listen = {}", u8_at(value, 1));
            write!(out, ", Repeat Listen Interval = {}", u16_at(value, 2));
        }
        // Four bytes are needed, whatever is said.
        0x1d if value.len() < 4 => _ = out.text("[ERROR: Length != 2]"),
        0x1d => {
            write!(out, "Rendezvous time = {}, Wake-up Interval = {}", u16_at(value, 0), u16_at(value, 2));
        }
        0x1e if value.len() != 2 => _ = out.text("[ERROR: Length != 2]"),
        0x1e => {
            let correction = u16_at(value, 0);
            if correction & 0x8000 != 0 {
                out.text("Negative ");
            }
            // Twelve bits with a sign.
            let micros = (correction << 4).cast_signed() >> 4;
            write!(out, "Ack time correction = {micros}, ");
        }
        _ => data(out, value),
    }
}

/// Coordinated sampled listening.
fn listening(out: &mut Out, value: &[u8]) {
    if value.len() < 4 {
        out.text("[ERROR: Truncated CSL IE]");
        return;
    }
    write!(out, "CSL Phase = {}, CSL Period = {}", u16_at(value, 0), u16_at(value, 2));
    match value.len() {
        4 => {}
        5 => _ = out.text(" [ERROR: CSL IE length wrong]"),
        _ => write!(out, ", Rendezvous time = {}", u16_at(value, 4)),
    }
}

fn payload_value(out: &mut Out, id: u16, value: &[u8]) {
    match id {
        1 => mlme::print(out, value),
        2 => vendor(out, value),
        3 => multiplexed(out, value),
        5 => {
            write!(out, "Subtype ID = 0x{:02x}, Subtype content = ", u8_at(value, 0));
            spaced(out, after(value, 1));
        }
        _ => data(out, value),
    }
}

/// What IEEE 802.15.9 carries: part of a message of another protocol.
fn multiplexed(out: &mut Out, value: &[u8]) {
    let Some((&control, rest)) = value.split_first() else {
        out.text("[ERROR: Transaction control byte missing]");
        return;
    };
    let (kind, id) = (control & 7, control >> 3);
    let rest = match kind {
        0 => {
            out.text("Type = Full upper layer fragment, ");
            if rest.len() < 2 {
                out.text("[ERROR: Multiplex ID missing]");
                return;
            }
            write!(out, "tid = 0x{id:02x}, Multiplex ID = 0x{:04x}, ", u16_at(rest, 0));
            after(rest, 2)
        }
        1 => {
            out.text("Type = Full upper layer fragment with small Multiplex ID, ");
            write!(out, "Multiplex ID = 0x{id:04x}, ");
            rest
        }
        2 | 4 => match fragment(out, kind, id, rest) {
            Some(rest) => rest,
            None => return,
        },
        6 => {
            abort(out, id, rest);
            return;
        }
        _ => {
            write!(out, "Type = {kind} (Reserved), tid = 0x{id:02x}, ");
            rest
        }
    };
    out.text("Upper layer data = ");
    spaced(out, rest);
}

/// Writes which fragment it is; gives back its bytes, if all before them is there.
fn fragment<'a>(out: &mut Out, kind: u8, id: u8, rest: &'a [u8]) -> Option<&'a [u8]> {
    let Some((&number, rest)) = rest.split_first() else {
        out.text("[ERROR: fragment number missing]");
        return None;
    };
    let name = match (kind, number) {
        (4, _) => "Last fragment",
        (_, 0) => "First fragment",
        _ => "Middle fragment",
    };
    write!(out, "Type = {name}, tid = 0x{id:02x}, fragment = 0x{number:02x}, ");
    if number != 0 {
        return Some(rest);
    }
    if rest.len() < 4 {
        out.text("[ERROR: Total upper layer size or multiplex ID missing]");
        return None;
    }
    write!(out, "Total upper layer size = 0x{:04x}, ", u16_at(rest, 0));
    write!(out, "Multiplex ID = 0x{:04x}, ", u16_at(rest, 2));
    rest.get(4..)
}

fn abort(out: &mut Out, id: u8, rest: &[u8]) {
    write!(out, "Type = Abort, tid = 0x{id:02x}, ");
    match rest.len() {
        0 => _ = out.text("no max size given"),
        2 => write!(out, "max size = 0x{:04x}", u16_at(rest, 0)),
        len => {
            write!(out, "invalid length = {} (not 1 or 3)Abort data = ", len + 1);
            spaced(out, rest);
        }
    }
}
