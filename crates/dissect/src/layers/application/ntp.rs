//! Network time (RFC 5905 section 7.3).

use wirescope_wire::{Cursor, Walk};

use super::super::table::{Row, bytes, decimal, hex};
use super::super::walker::Walker;
use crate::proto::ntp::{ERA_PIVOT, MODES, UNIX_EPOCH};
use crate::tokens::Tokens;

const FIRST: &[Row] =
    &[decimal("leap indicator", 2).named(LEAPS), decimal("version", 3), decimal("mode", 3).named(MODES)];
const TIME: &[Row] = &[
    decimal("stratum", 8).told(stratum),
    decimal("poll", 8).told(power),
    decimal("precision", 8).told(precision),
    decimal("root delay", 32).told(short),
    decimal("root dispersion", 32).told(short),
    bytes("reference identifier", 4),
    hex("reference timestamp", 64).told(time),
    hex("origin timestamp", 64).told(time),
    hex("receive timestamp", 64).told(time),
    hex("transmit timestamp", 64).told(time),
];
const CONTROL: &[Row] = &[
    hex("response, error, more and operation", 8),
    decimal("sequence", 16),
    hex("status", 16),
    decimal("association identifier", 16),
    decimal("offset", 16),
    decimal("count", 16),
];
const LEAPS: &Tokens = &[
    (0, "no warning"),
    (1, "last minute has 61 seconds"),
    (2, "last minute has 59 seconds"),
    (3, "not synchronized"),
];

/// A message.
pub(super) fn message(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    const CONTROL_MODE: u64 = 6;
    const PRIVATE_MODE: u64 = 7;
    w.open("ntp", "Network Time Protocol (RFC 5905)", c);
    match w.rows(&mut c, FIRST)?.get("mode") {
        CONTROL_MODE => drop(w.rows(&mut c, CONTROL)?),
        PRIVATE_MODE => {}
        _ => drop(w.rows(&mut c, TIME)?),
    }
    w.data(c);
    Ok(())
}

fn stratum(stratum: u64) -> String {
    match stratum {
        0 => "unspecified",
        1 => "primary server",
        2..=15 => "secondary server",
        16 => "not synchronized",
        _ => "reserved",
    }
    .to_owned()
}

fn power(exponent: u64) -> String {
    match exponent {
        0..=17 => format!("{} s", 1u64 << exponent),
        _ => String::new(),
    }
}

fn precision(exponent: u64) -> String {
    format!("2^{} s", exponent as u8 as i8)
}

/// Seconds in 16.16 bits.
fn short(value: u64) -> String {
    format!("{:.6} s", value as f64 / 65_536.0)
}

/// Seconds since 1900 in 32.32 bits; small ones belong to the era that begins in 2036.
fn time(value: u64) -> String {
    if value == 0 {
        return "unknown".to_owned();
    }
    let (seconds, fraction) = ((value >> 32) as u32, value & 0xffff_ffff);
    let era = if seconds < ERA_PIVOT { 1i64 << 32 } else { 0 };
    let nanos = ((fraction * 1_000_000_000) >> 32) as i32;
    let time = jiff::Timestamp::new(i64::from(seconds) + era - UNIX_EPOCH, nanos);
    time.map(|time| time.to_string()).unwrap_or_default()
}
