//! Time formats in file names: the conversions of strftime(3) in the C locale, with glibc's flags.

use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::os::unix::ffi::OsStringExt;

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::template_bytes;

/// The widest field that a width in a format can ask for.
const MAXIMUM_WIDTH: usize = 255;

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Fills the time `time_s`, seconds since 1970, in the local zone, into the format `template`.
pub fn local_time_name(template: &OsStr, time_s: i64) -> OsString {
    format(template, time_s, TimeZone::system())
}

/// Seconds that the local zone is ahead of UTC at a time.
pub(super) fn local_offset_s(time_s: i64) -> i64 {
    let time = jiff::Timestamp::from_second(time_s).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    i64::from(TimeZone::system().to_offset(time).seconds())
}

fn format(template: &OsStr, time_s: i64, zone: TimeZone) -> OsString {
    // A time beyond what a calendar holds is as good as its nearest end.
    let end = if time_s < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    let time = jiff::Timestamp::from_second(time_s).unwrap_or(end).to_zoned(zone);
    let mut name = Vec::new();
    append(template_bytes(template), &time, &mut name);
    OsString::from_vec(name)
}

/// How a conversion is to be padded and cased.
#[derive(Clone, Copy, Default)]
struct Style {
    pad: Option<u8>,
    upper: bool,
    swap: bool,
    width: Option<usize>,
}

fn append(mut rest: &[u8], time: &Zoned, name: &mut Vec<u8>) {
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            name.push(*byte);
            continue;
        }
        let (style, kind, after) = parse_style(rest);
        match kind.and_then(|kind| convert(kind, style, time)) {
            Some(text) => {
                name.extend_from_slice(&text);
                rest = after;
            }
            // What is no conversion stands for itself.
            None => name.push(b'%'),
        }
    }
}

/// Flags, width and modifier, then the conversion's letter and what follows it.
fn parse_style(mut rest: &[u8]) -> (Style, Option<u8>, &[u8]) {
    let mut style = Style::default();
    while let Some((byte, after)) = rest.split_first() {
        match byte {
            b'_' | b'-' | b'0' => style.pad = Some(*byte),
            b'^' => style.upper = true,
            b'#' => style.swap = true,
            _ => break,
        }
        rest = after;
    }
    while let Some((digit @ b'0'..=b'9', after)) = rest.split_first() {
        let width = style.width.unwrap_or(0) * 10 + usize::from(digit - b'0');
        style.width = Some(width.min(MAXIMUM_WIDTH));
        rest = after;
    }
    if let Some((b'E' | b'O', after)) = rest.split_first() {
        rest = after;
    }
    match rest.split_first() {
        Some((kind, after)) => (style, Some(*kind), after),
        None => (style, None, rest),
    }
}

fn convert(kind: u8, style: Style, time: &Zoned) -> Option<Vec<u8>> {
    let date = time.date();
    let year = i64::from(time.year());
    let weekday = i64::from(time.weekday().to_sunday_zero_offset());
    let yearday = i64::from(time.day_of_year()) - 1;
    let hour12 = match time.hour() % 12 {
        0 => 12,
        hour => i64::from(hour),
    };
    let number = |value: i64, width: usize| Some(style.number(value, width, b'0'));
    let blank = |value: i64, width: usize| Some(style.number(value, width, b' '));
    let text = |text: &str| Some(style.text(text));
    let nested = |format: &str| {
        let mut name = Vec::new();
        append(format.as_bytes(), time, &mut name);
        Some(style.text(&String::from_utf8_lossy(&name)))
    };
    let day = |length: usize| DAYS.get(weekday as usize).and_then(|day| day.get(..length.min(day.len())));
    let month = |length: usize| {
        MONTHS.get(time.month() as usize - 1).and_then(|month| month.get(..length.min(month.len())))
    };
    match kind {
        b'%' => text("%"),
        b'n' => text("\n"),
        b't' => text("\t"),
        b'a' => text(day(3)?),
        b'A' => text(day(usize::MAX)?),
        b'b' | b'h' => text(month(3)?),
        b'B' => text(month(usize::MAX)?),
        b'c' => nested("%a %b %e %H:%M:%S %Y"),
        b'C' => number(year.div_euclid(100), 2),
        b'd' => number(i64::from(time.day()), 2),
        b'D' | b'x' => nested("%m/%d/%y"),
        b'e' => blank(i64::from(time.day()), 2),
        b'F' => nested("%Y-%m-%d"),
        b'g' => number(iso_week(date).0.rem_euclid(100), 2),
        b'G' => number(iso_week(date).0, 1),
        b'H' => number(i64::from(time.hour()), 2),
        b'I' => number(hour12, 2),
        b'j' => number(yearday + 1, 3),
        b'k' => blank(i64::from(time.hour()), 2),
        b'l' => blank(hour12, 2),
        b'm' => number(i64::from(time.month()), 2),
        b'M' => number(i64::from(time.minute()), 2),
        b'p' if style.swap => text(if time.hour() < 12 { "am" } else { "pm" }),
        b'p' => text(if time.hour() < 12 { "AM" } else { "PM" }),
        b'P' => text(if time.hour() < 12 { "am" } else { "pm" }),
        b'r' => nested("%I:%M:%S %p"),
        b'R' => nested("%H:%M"),
        b's' => number(time.timestamp().as_second(), 1),
        b'S' => number(i64::from(time.second()), 2),
        b'T' | b'X' => nested("%H:%M:%S"),
        b'u' => number(if weekday == 0 { 7 } else { weekday }, 1),
        b'U' => number((yearday + 7 - weekday) / 7, 2),
        b'V' => number(iso_week(date).1, 2),
        b'w' => number(weekday, 1),
        b'W' => number((yearday + 7 - (weekday + 6) % 7) / 7, 2),
        b'y' => number(year.rem_euclid(100), 2),
        b'Y' => number(year, 1),
        b'z' => {
            let seconds = i64::from(time.offset().seconds());
            let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
            text(&format!("{sign}{:02}{:02}", minutes / 60, minutes % 60))
        }
        b'Z' => {
            let zone = time.time_zone().to_offset_info(time.timestamp()).abbreviation().to_owned();
            text(&if style.swap { zone.to_lowercase() } else { zone })
        }
        _ => None,
    }
}

/// The year and week by ISO 8601: weeks start on Monday and belong to the year of their Thursday.
fn iso_week(date: Date) -> (i64, i64) {
    let week = date.iso_week_date();
    (i64::from(week.year()), i64::from(week.week()))
}

impl Style {
    fn number(self, value: i64, width: usize, pad: u8) -> Vec<u8> {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = match self.pad {
            Some(b'-') => write!(text, "{value}"),
            Some(b'_') => write!(text, "{value:width$}", width = self.width.unwrap_or(width)),
            Some(_) => write!(text, "{value:0width$}", width = self.width.unwrap_or(width)),
            None if pad == b' ' => write!(text, "{value:width$}", width = self.width.unwrap_or(width)),
            None => write!(text, "{value:0width$}", width = self.width.unwrap_or(width)),
        };
        text.into_bytes()
    }

    fn text(self, text: &str) -> Vec<u8> {
        let text = if self.upper { text.to_uppercase() } else { text.to_owned() };
        let width = self.width.unwrap_or(0);
        match self.pad {
            Some(b'0') => format!("{text:0>width$}").into_bytes(),
            _ => format!("{text:>width$}").into_bytes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(template: &str, time_s: i64) -> String {
        format(OsStr::new(template), time_s, TimeZone::UTC).to_string_lossy().into_owned()
    }

    /// 2005-07-06 03:57:35 UTC, a Wednesday.
    const TIME_S: i64 = 1_120_622_255;

    #[test]
    fn conversions_are_those_of_date_1() {
        for (template, expected) in [
            ("out-%Y%m%d-%H%M%S.pcap", "out-20050706-035735.pcap"),
            ("%F %T %D %R %s", "2005-07-06 03:57:35 07/06/05 03:57 1120622255"),
            ("%a %A %b %B %h", "Wed Wednesday Jul July Jul"),
            ("%c|%x|%X|%r", "Wed Jul  6 03:57:35 2005|07/06/05|03:57:35|03:57:35 AM"),
            ("%e %k %l %I %p %P", " 6  3  3 03 AM am"),
            ("%j %U %W %V %G %g %u %w %C %y", "187 27 27 27 2005 05 3 3 20 05"),
            ("%z %Z %n%t%%", "+0000 UTC \n\t%"),
        ] {
            assert_eq!(utc(template, TIME_S), expected, "{template}");
        }
    }

    #[test]
    fn flags_and_widths_are_glibcs() {
        for (template, expected) in [
            ("%5d|%-d|%_H|%^a|%#Z|%Ey|%Od", "00006|6| 3|WED|utc|05|06"),
            ("%_5d|%05e|%10A|%010A", "    6|00006| Wednesday|0Wednesday"),
        ] {
            assert_eq!(utc(template, TIME_S), expected, "{template}");
        }
    }

    #[test]
    fn what_is_no_conversion_stands_for_itself() {
        assert_eq!(utc("a%Qb%", TIME_S), "a%Qb%");
        assert_eq!(utc("%E-%N", TIME_S), "%E-%N");
        assert_eq!(utc("%999999999999999999Q", TIME_S), "%999999999999999999Q");
    }

    #[test]
    fn no_time_is_out_of_bounds() {
        for time_s in [i64::MIN, -1, 0, i64::MAX] {
            assert!(!utc("%c %s %G-%V %U", time_s).is_empty());
        }
    }
}
