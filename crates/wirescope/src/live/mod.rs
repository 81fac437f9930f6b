//! Live capture, for every command that takes `-i`.
//!
//! [`interfaces`] finds and opens what is named, and says why it cannot be had. [`privileges`] gives up what is no longer
//! needed once all is open. [`events`] are what ends a capture or interrupts it: signals, the clock, the end of a command.
//! [`losses`] tells what was captured and what was not. [`session`] is the loop over packets and events of every command
//! but `dump`, whose pass has its own.

pub(crate) mod events;
pub(crate) mod interfaces;
pub(crate) mod losses;
pub(crate) mod privileges;
pub(crate) mod session;

use std::time::Duration;

/// Units of a duration, by name, in milliseconds.
const UNITS: [(&str, f64); 7] =
    [("ms", 1.0), ("s", 1e3), ("m", 60e3), ("h", 3_600e3), ("d", 86_400e3), ("w", 7.0 * 86_400e3), ("", 1e3)];
/// The longest duration that is taken: about a hundred years, in milliseconds.
const LONGEST_MS: f64 = 100.0 * 366.0 * 86_400e3;

/// Reads a duration: a number of seconds, or with a unit of `ms`, `s`, `m`, `h`, `d` or `w`.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let scale = UNITS.iter().find(|row| row.0 == unit).map(|row| row.1);
    let ms = scale.zip(number.parse::<f64>().ok()).map(|(scale, number)| scale * number);
    match ms {
        Some(ms) if (1.0..=LONGEST_MS).contains(&ms) => Ok(Duration::from_millis(ms as u64)),
        Some(_) => Err(format!("invalid duration {text} (must be at least 1 ms and at most 100 years)")),
        None => {
            Err(format!("invalid duration \"{text}\" (a number of seconds, or with ms, s, m, h, d or w)"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        for (text, ms) in [
            ("2", 2_000),
            ("0.5", 500),
            ("250ms", 250),
            ("1.5m", 90_000),
            ("1h", 3_600_000),
            ("1w", 604_800_000),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(ms)), "{text}");
        }
        for text in ["", "x", "5x", "-1", "0", "1e9", "1..2", "99999999999d"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
