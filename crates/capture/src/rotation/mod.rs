//! When a capture goes on in another file, and what that file is called: tcpdump's `-C`, `-G` and `-W`.
//!
//! | given | first file | next files |
//! | --- | --- | --- |
//! | `-C` | `name` | `name1`, `name2`, … |
//! | `-C -W 12` | `name00` | `name01` … `name11`, then `name00` again |
//! | `-G` | `name`, its time format filled in | the same with the time of the turn |
//! | `-G -W 3` | the same | two more, then the capture ends |
//! | `-G -C` | `name` with the time | `name1`, … with the time of the file's start; from `name` at each new time |
//!
//! Turns by time come when a file is as old as the period. A live capture keeps to the clock instead: it turns at
//! whole multiples of the period in the local day, `-G 3600` at every full hour, unless `-W` counts the files, for
//! then the periods add up to the time of the capture.
//!
//! A file is full when it is larger than the limit, which is looked at before a packet is written; so is the time.

mod time_format;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use thiserror::Error;

use time_format::local_offset_s;
pub use time_format::local_time_name;

/// Bytes that a plain number of `-C` counts.
const DEFAULT_UNIT: i64 = 1_000_000;

/// What makes a capture go on in another file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rotation {
    /// Turn when a file is larger than so many bytes (`-C`).
    pub size_limit: Option<u64>,
    /// Turn when a file is so many seconds old (`-G`); 0 is as good as none.
    pub period_s: Option<u64>,
    /// How many files there may be (`-W`).
    pub file_count: Option<u32>,
    /// Turn by the clock.
    pub by_the_clock: bool,
}

/// What is wrong with the text of a size.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum SizeError {
    /// It does not start with a number, or goes on with what is no unit.
    #[error("invalid file size \"{0}\" (not a valid number)")]
    NotANumber(String),
    /// It is 0, or negative, or beyond what a file can have.
    #[error("invalid file size {0} (must be >= 1 and <= 9223372036854775807)")]
    OutOfRange(String),
    /// It is within bounds, but not when its unit is counted in.
    #[error("file size {0} is too large")]
    TooLarge(String),
}

/// Reads the size that `-C` takes: a number of millions of bytes, or with a unit: `k`, `m` or `g`, in either
/// case and with or without a `b`, for 1,024 bytes and its powers.
pub fn parse_size(text: &str) -> Result<u64, SizeError> {
    let not_a_number = || SizeError::NotANumber(text.to_owned());
    let trimmed = text.trim_start();
    let unsigned = trimmed.strip_prefix('+').unwrap_or(trimmed);
    let digits_start = usize::from(unsigned.starts_with('-'));
    let digits = unsigned.get(digits_start..).unwrap_or_default();
    let split = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (number, unit) = digits.split_at_checked(split).ok_or_else(not_a_number)?;
    if number.is_empty() {
        return Err(not_a_number());
    }
    let scale = match unit.to_ascii_lowercase().as_str() {
        "" => DEFAULT_UNIT,
        "k" | "kb" => 1 << 10,
        "m" | "mb" => 1 << 20,
        "g" | "gb" => 1 << 30,
        _ => return Err(not_a_number()),
    };
    let out_of_range = || SizeError::OutOfRange(text.to_owned());
    let count: i64 = number.parse().map_err(|_| out_of_range())?;
    if count == 0 || digits_start == 1 {
        return Err(out_of_range());
    }
    let size = count.checked_mul(scale).ok_or_else(|| SizeError::TooLarge(text.to_owned()))?;
    Ok(size as u64)
}

/// What to do before a packet is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Turn {
    /// Go on in this file.
    Stay,
    /// Close it and go on in the one with this name.
    Next(PathBuf),
    /// Close it and end: there are as many files as there may be.
    End,
}

/// The names of a series of files, and its state.
#[derive(Clone, Debug)]
pub struct Rotator {
    template: PathBuf,
    rotation: Rotation,
    /// Seconds since 1970 when the time in the names was set.
    time_s: i64,
    /// Seconds since 1970 when the period began; the same unless it goes by the clock.
    period_start_s: i64,
    /// Turns for their size since then, in the ring that `-W` closes.
    size_turns: u32,
    /// Turns for their time.
    time_turns: u32,
}

impl Rotator {
    /// A series whose files are called after `template` and that starts at `now_s`, seconds since 1970.
    pub fn new(template: &Path, rotation: Rotation, now_s: i64) -> Self {
        let mut rotator = Rotator {
            template: template.to_owned(),
            rotation,
            time_s: now_s,
            period_start_s: now_s,
            size_turns: 0,
            time_turns: 0,
        };
        rotator.period_start_s = rotator.period_start_at(now_s);
        rotator
    }

    /// When the period began that `now_s` is in.
    fn period_start_at(&self, now_s: i64) -> i64 {
        let Some(period) = self.period_s().filter(|_| self.rotation.by_the_clock) else { return now_s };
        let grid = if self.counts_periods() { self.period_start_s } else { -local_offset_s(now_s) };
        now_s.saturating_sub(now_s.saturating_sub(grid).rem_euclid(period))
    }

    /// Whether `-W` says how many periods there are.
    fn counts_periods(&self) -> bool {
        self.rotation.size_limit.is_none() && self.rotation.file_count.is_some()
    }

    /// Whether files turn by time, so that [`turn`](Rotator::turn) needs a clock.
    pub fn needs_clock(&self) -> bool {
        self.period_s().is_some()
    }

    /// Whether there can be a second file.
    pub fn is_single(&self) -> bool {
        self.period_s().is_none() && self.rotation.size_limit.is_none()
    }

    fn period_s(&self) -> Option<i64> {
        let period = self.rotation.period_s.filter(|period| *period > 0)?;
        Some(i64::try_from(period).unwrap_or(i64::MAX))
    }

    /// The name of the file that is to be written now.
    pub fn name(&self) -> PathBuf {
        let name = if self.period_s().is_some() {
            local_time_name(self.template.as_os_str(), self.time_s)
        } else {
            self.template.as_os_str().to_owned()
        };
        if self.rotation.size_limit.is_none() {
            return PathBuf::from(name);
        }
        // With -W every file has a number, as wide as the largest; without it the first has none.
        let largest = self.rotation.file_count.map_or(0, |count| count.saturating_sub(1));
        let width = if largest == 0 { 0 } else { largest.ilog10() as usize + 1 };
        if width == 0 && self.size_turns == 0 {
            return PathBuf::from(name);
        }
        let mut bytes = name.into_vec();
        bytes.extend_from_slice(format!("{:0width$}", self.size_turns).as_bytes());
        PathBuf::from(OsString::from_vec(bytes))
    }

    /// Decides before a packet is written: `now_s` is the time, `len` the length of the file so far.
    pub fn turn(&mut self, now_s: i64, len: u64) -> Turn {
        if let Some(period) = self.period_s()
            && now_s.saturating_sub(self.period_start_s) >= period
        {
            self.period_start_s = self.period_start_at(now_s);
            self.time_s = self.period_start_s;
            self.time_turns += 1;
            self.size_turns = 0;
            let limit = self.rotation.file_count.filter(|_| self.counts_periods());
            return if limit.is_some_and(|count| self.time_turns >= count) {
                Turn::End
            } else {
                Turn::Next(self.name())
            };
        }
        if self.rotation.size_limit.is_some_and(|limit| len > limit) {
            self.size_turns = self.size_turns.saturating_add(1);
            if self.rotation.file_count.is_some_and(|count| self.size_turns >= count) {
                self.size_turns = 0;
            }
            return Turn::Next(self.name());
        }
        Turn::Stay
    }
}

/// The bytes of a template, for what fills in its time format.
fn template_bytes(template: &OsStr) -> &[u8] {
    template.as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rotator(size: Option<u64>, period: Option<u64>, count: Option<u32>) -> Rotator {
        let rotation =
            Rotation { size_limit: size, period_s: period, file_count: count, by_the_clock: false };
        Rotator::new(Path::new("out"), rotation, 1_000)
    }

    fn names_by_size(count: Option<u32>, turns: usize) -> Vec<String> {
        let mut rotator = rotator(Some(100), None, count);
        let mut names = vec![rotator.name().display().to_string()];
        for _ in 0..turns {
            assert_eq!(rotator.turn(0, 100), Turn::Stay, "a file as large as the limit is not larger");
            match rotator.turn(0, 101) {
                Turn::Next(name) => names.push(name.display().to_string()),
                other => panic!("no turn: {other:?}"),
            }
        }
        names
    }

    #[test]
    fn sizes_number_the_files_from_the_second() {
        assert_eq!(names_by_size(None, 3), ["out", "out1", "out2", "out3"]);
    }

    #[test]
    fn a_count_makes_a_ring_with_numbers_of_one_width() {
        assert_eq!(names_by_size(Some(3), 4), ["out0", "out1", "out2", "out0", "out1"]);
        assert_eq!(names_by_size(Some(10), 1), ["out0", "out1"]);
        assert_eq!(names_by_size(Some(11), 1), ["out00", "out01"]);
        assert_eq!(names_by_size(Some(1), 2), ["out", "out", "out"]);
    }

    #[test]
    fn time_turns_and_the_count_ends_it() {
        let mut rotator = rotator(None, Some(10), Some(2));
        assert_eq!(rotator.name(), Path::new("out"));
        assert_eq!(rotator.turn(1_009, 1 << 40), Turn::Stay);
        assert_eq!(rotator.turn(1_010, 24), Turn::Next("out".into()));
        assert_eq!(rotator.turn(1_019, 24), Turn::Stay);
        assert_eq!(rotator.turn(1_025, 24), Turn::End);
    }

    #[test]
    fn with_size_and_time_the_numbers_start_anew_and_the_count_ends_nothing() {
        let mut rotator = rotator(Some(100), Some(10), Some(12));
        assert_eq!(rotator.name(), Path::new("out00"));
        assert_eq!(rotator.turn(1_001, 101), Turn::Next("out01".into()));
        assert_eq!(rotator.turn(1_010, 101), Turn::Next("out00".into()));
        for step in 2..20 {
            assert_eq!(rotator.turn(1_000 + 10 * step, 0), Turn::Next("out00".into()));
        }
    }

    #[test]
    fn by_the_clock_turns_come_at_multiples_of_the_period() {
        let clocked = |count| {
            let rotation =
                Rotation { period_s: Some(60), file_count: count, by_the_clock: true, size_limit: None };
            Rotator::new(Path::new("out%s"), rotation, 1_000)
        };
        // Zones differ by whole minutes from one another, so this holds in each of them.
        let mut rotator = clocked(None);
        assert_eq!(rotator.name(), Path::new("out1000"));
        assert_eq!(rotator.turn(1_019, 24), Turn::Stay);
        assert_eq!(rotator.turn(1_021, 24), Turn::Next("out1020".into()), "named after the time it is for");
        assert_eq!(rotator.turn(1_079, 24), Turn::Stay);
        assert_eq!(
            rotator.turn(1_300, 24),
            Turn::Next("out1260".into()),
            "what was slept through is left out"
        );
        let mut rotator = clocked(Some(3));
        assert_eq!(rotator.turn(1_059, 24), Turn::Stay);
        assert_eq!(rotator.turn(1_061, 24), Turn::Next("out1060".into()));
        assert_eq!(rotator.turn(1_120, 24), Turn::Next("out1120".into()));
        assert_eq!(rotator.turn(1_180, 24), Turn::End, "three times a minute");
    }

    #[test]
    fn a_clock_that_goes_back_turns_nothing() {
        let mut rotator = rotator(None, Some(1), None);
        assert_eq!(rotator.turn(i64::MIN, 0), Turn::Stay);
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(parse_size("1"), Ok(1_000_000));
        assert_eq!(parse_size("3k"), Ok(3 << 10));
        assert_eq!(parse_size("3KB"), Ok(3 << 10));
        assert_eq!(parse_size("2Mb"), Ok(2 << 20));
        assert_eq!(parse_size("1g"), Ok(1 << 30));
        assert_eq!(
            parse_size("0").map_err(|error| error.to_string()),
            Err("invalid file size 0 (must be >= 1 and <= 9223372036854775807)".to_owned())
        );
        for bad in ["", "x", "1x", "k", "1.5", "1kbb", "-"] {
            assert_eq!(parse_size(bad), Err(SizeError::NotANumber(bad.to_owned())), "{bad}");
        }
        for bad in ["-1", "-5k", "0g", "9223372036854775808"] {
            assert_eq!(parse_size(bad), Err(SizeError::OutOfRange(bad.to_owned())), "{bad}");
        }
        assert_eq!(
            parse_size("9223372036854775807"),
            Err(SizeError::TooLarge("9223372036854775807".to_owned()))
        );
    }
}
