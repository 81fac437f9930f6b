//! Cells of operation, administration and maintenance (ITU-T I.610 section 10).

use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

const FLOWS: &Tokens = &[(3, "OAM F4 (segment)"), (4, "OAM F4 (end)")];

const PAYLOAD_TYPES: &Tokens = &[
    (0, "user data, uncongested, SDU 0"),
    (1, "user data, uncongested, SDU 1"),
    (2, "user data, congested, SDU 0"),
    (3, "user data, congested, SDU 1"),
    (4, "VCC OAM F5 flow segment"),
    (5, "VCC OAM F5 flow end-to-end"),
    (6, "Traffic Control and resource Mgmt"),
];

const CELL_TYPES: &Tokens = &[
    (1, "Fault Management"),
    (2, "Performance Management"),
    (8, "activate/deactivate"),
    (15, "System Management"),
];

const FAULT_FUNCTIONS: &Tokens = &[(0, "AIS"), (1, "RDI"), (4, "Continuity Check"), (8, "Loopback")];

const PERFORMANCE_FUNCTIONS: &Tokens =
    &[(0, "Forward Monitoring"), (1, "Backward Reporting"), (2, "Monitoring and Reporting")];

const ACTIVATION_FUNCTIONS: &Tokens = &[(0, "Performance Monitoring"), (1, "Continuity Check")];

const LOOPBACK_INDICATORS: &Tokens = &[(0, "Reply"), (1, "Request")];

/// Types of cells.
const FAULT: u8 = 1;
const PERFORMANCE: u8 = 2;
const ACTIVATION: u8 = 8;

/// Functions of fault management.
const ALARM_INDICATION: u8 = 0;
const REMOTE_DEFECT: u8 = 1;
const LOOPBACK: u8 = 8;

/// Bytes that an interface puts before a cell's header in place of its check.
const HEADER_AT: usize = 1;
/// Bytes of a cell's payload, whose last ten bits check it.
const PAYLOAD_LEN: usize = 48;
/// Bytes of it that belong to a function; they are only shown as a whole.
const FUNCTION_LEN: usize = 45;
const CHECK_MASK: u16 = 0x3ff;
/// The generator of that check: x^10 + x^9 + x^5 + x^4 + x + 1.
const CHECK_GENERATOR: u16 = 0x233;

/// Bytes that name a place on the way of a loopback, and the place of a fault.
const LOOPBACK_LOCATION_LEN: usize = 12;
const FAULT_LOCATION_LEN: usize = 16;

/// Prints a cell.
pub(super) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    out.label("oam");
    let mut c = whole.ahead(HEADER_AT);
    let header = c.u32()?;
    let payload = c;
    let types = c.u8()?;
    let (cell, function) = (types >> 4, types & 0xf);
    let channel = (header >> 4) & 0xffff;
    let payload_type = (header >> 1) & 7;
    out.text(tokens::name(FLOWS, channel).unwrap_or("OAM F5"));
    write!(out, ", vpi {}, vci {channel}, payload [ ", (header >> 20) & 0xff);
    out.text(tokens::name(PAYLOAD_TYPES, payload_type).unwrap_or("Unknown"));
    write!(out, " ], clp {}, length {}", header & 1, whole.length());
    if out.options.verbose == 0 {
        return Ok(());
    }
    out.text("\n\tcell-type ");
    out.token(CELL_TYPES, cell, format_args!("unknown"));
    write!(out, " ({cell})");
    let functions: Option<&Tokens> = match cell {
        FAULT => Some(FAULT_FUNCTIONS),
        PERFORMANCE => Some(PERFORMANCE_FUNCTIONS),
        ACTIVATION => Some(ACTIVATION_FUNCTIONS),
        _ => None,
    };
    match functions {
        Some(functions) => {
            out.text(", func-type ");
            out.token(functions, function, format_args!("none"));
            write!(out, " ({function})");
        }
        None => write!(out, ", func-type unknown ({function})"),
    }
    match (cell, function) {
        (FAULT, LOOPBACK) => loopback(out, c)?,
        (FAULT, ALARM_INDICATION | REMOTE_DEFECT) => {
            c.need(FUNCTION_LEN)?;
            write!(out, "\n\tFailure-type 0x{:02x}\n\tLocation-ID ", c.u8()?);
            out.hex_with(c.take(FAULT_LOCATION_LEN)?, b' ');
        }
        _ => {}
    }
    let cell = payload.peek(0, PAYLOAD_LEN)?;
    let check = payload.peek_u16(PAYLOAD_LEN - 2)? & CHECK_MASK;
    let verdict = if remainder(cell) == 0 { "" } else { "in" };
    write!(out, "\n\tcksum 0x{check:03x} ({verdict}correct)");
    Ok(())
}

/// A cell that somebody on the way sends back.
fn loopback(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    c.need(FUNCTION_LEN)?;
    let (indicator, tag) = (c.u8()? & 1, c.u32()?);
    out.text("\n\tLoopback-Indicator ");
    out.token(LOOPBACK_INDICATORS, indicator, format_args!("Unknown"));
    write!(out, ", Correlation-Tag 0x{tag:08x}");
    for label in ["\n\tLocation-ID ", "\n\tSource-ID   "] {
        let place = c.take(LOOPBACK_LOCATION_LEN)?;
        out.text(label).hex_with(place, b' ');
    }
    Ok(())
}

/// What is left of a payload after division by the generator; nothing where its check is right.
fn remainder(payload: &[u8]) -> u16 {
    payload.iter().fold(0, |remainder, byte| {
        (0..8).rev().fold(remainder, |remainder, bit| {
            let next = remainder << 1 | u16::from(byte >> bit) & 1;
            if next & (CHECK_MASK + 1) != 0 { (next ^ CHECK_GENERATOR) & CHECK_MASK } else { next }
        })
    })
}
