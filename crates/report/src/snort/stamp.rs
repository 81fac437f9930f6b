//! Times as Snort writes them: `MM/DD-HH:MM:SS.uuuuuu`.

use jiff::tz::TimeZone;
use wirescope_wire::Timestamp;

/// How times are written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Clock {
    /// In UTC instead of local time (`-U`).
    pub utc: bool,
    /// With the year (`-y`).
    pub year: bool,
}

/// Writes times. The text of a second is made once, since packets come many to a second.
pub(super) struct Stamp {
    zone: TimeZone,
    year: bool,
    second: Option<i64>,
    cached: String,
}

impl Stamp {
    pub(super) fn new(clock: Clock) -> Self {
        let zone = if clock.utc { TimeZone::UTC } else { TimeZone::system() };
        Stamp { zone, year: clock.year, second: None, cached: String::new() }
    }

    /// Appends a time.
    pub(super) fn write(&mut self, text: &mut String, time: Timestamp) {
        if self.second != Some(time.seconds) {
            self.second = Some(time.seconds);
            self.cached = self.second_text(time.seconds);
        }
        text.push_str(&self.cached);
        text.push_str(&format!(".{:06}", time.micros()));
    }

    fn second_text(&self, seconds: i64) -> String {
        // A damaged file may claim a time that no calendar has.
        let instant = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let civil = self.zone.to_datetime(instant);
        let (month, day) = (civil.month(), civil.day());
        let year = if self.year { format!("/{:02}", civil.year().rem_euclid(100)) } else { String::new() };
        let (hour, minute, second) = (civil.hour(), civil.minute(), civil.second());
        format!("{month:02}/{day:02}{year}-{hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_is_shown_where_it_is_wanted() {
        let text = |year| {
            let mut text = String::new();
            Stamp::new(Clock { utc: true, year }).write(&mut text, Timestamp::new(958_495_600, 12_345_678));
            text
        };
        assert_eq!(text(false), "05/16-16:46:40.012345");
        assert_eq!(text(true), "05/16/00-16:46:40.012345");
    }
}
