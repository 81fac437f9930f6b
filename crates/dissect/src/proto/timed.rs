//! Time Synchronization Protocol of 4.3BSD's timed.

use crate::Out;
use crate::escape::to_zero;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const TYPES: &Tokens = &[
    (0, "TSP_ANY"),
    (1, "TSP_ADJTIME"),
    (2, "TSP_ACK"),
    (3, "TSP_MASTERREQ"),
    (4, "TSP_MASTERACK"),
    (5, "TSP_SETTIME"),
    (6, "TSP_MASTERUP"),
    (7, "TSP_SLAVEUP"),
    (8, "TSP_ELECTION"),
    (9, "TSP_ACCEPT"),
    (10, "TSP_REFUSE"),
    (11, "TSP_CONFLICT"),
    (12, "TSP_RESOLVE"),
    (13, "TSP_QUIT"),
    (14, "TSP_DATE"),
    (15, "TSP_DATEREQ"),
    (16, "TSP_DATEACK"),
    (17, "TSP_TRACEON"),
    (18, "TSP_TRACEOFF"),
    (19, "TSP_MSITE"),
    (20, "TSP_MSITEREQ"),
    (21, "TSP_TEST"),
    (22, "TSP_SETDATE"),
    (23, "TSP_SETDATEREQ"),
    (24, "TSP_LOOP"),
];

mod kind {
    pub(super) const ADJTIME: u8 = 1;
    pub(super) const SETTIME: u8 = 5;
    pub(super) const SETDATE: u8 = 22;
    pub(super) const SETDATEREQ: u8 = 23;
    pub(super) const LOOP: u8 = 24;
}

/// Bytes of what depends on the type.
const BODY_LEN: usize = 8;
/// Most bytes of a machine's name.
const NAME_LEN: usize = 256;
const MICROS_PER_SECOND: i32 = 1_000_000;

/// Prints a message.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let kind = c.u8()?;
    out.field("type", kind);
    out.token(TYPES, kind, format_args!("(tsp_type {kind:#x})"));
    let version = c.u8()?;
    out.field("version", version);
    write!(out, " vers {version}");
    let sequence = c.u16()?;
    out.field("sequence", sequence);
    write!(out, " seq {sequence}");
    // The same eight bytes hold a count, a time, or nothing.
    let mut body = c.split(BODY_LEN);
    match kind {
        kind::LOOP => write!(out, " hopcnt {}", body.u8()?),
        kind::ADJTIME | kind::SETTIME | kind::SETDATE | kind::SETDATEREQ => {
            let (seconds, micros) = (body.i32()?, body.i32()?);
            if micros < 0 {
                return Ok(());
            }
            time(out, seconds, micros);
        }
        _ => {}
    }
    out.text(" name ");
    let name = c.bytes().get(..NAME_LEN).unwrap_or(c.bytes());
    out.escaped_padded(&mut c, NAME_LEN)?;
    out.field("name", to_zero(name));
    Ok(())
}

/// A time, or a difference of times: the fraction counts forward from the seconds, below zero too.
fn time(out: &mut Out, seconds: i32, micros: i32) {
    let (sign, seconds, micros) = match (seconds, micros) {
        (0.., _) => ("", seconds, micros),
        (_, 0) => ("-", seconds.wrapping_neg(), 0),
        _ => ("-", -(seconds + 1), MICROS_PER_SECOND - micros),
    };
    write!(out, " time {sign}{seconds}.{micros:06}");
}
