//! Moments as people write them: `2026-11-25 14:05`, `14:05:30`, `-2h`, `now`, RFC 3339, seconds since 1970.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use wirescope_wire::Timestamp;

use crate::live::parse_duration;

/// Digits from which on a bare number is seconds since 1970 and no year or hour.
const EPOCH_DIGITS: usize = 9;

/// Nanoseconds of a second.
const NANOS: i128 = 1_000_000_000;

/// What can be written, for whoever wrote something else.
pub(crate) const FORMS: &str = "a moment is 2026-11-25T14:05:00Z, '2026-11-25 14:05' (with or without seconds), 2026-11-25, \
     14:05, 1764079500 (seconds since 1970), -2h (s, m, h, d, w) or now";

/// This moment.
pub(crate) fn now() -> Timestamp {
    timestamp(jiff::Timestamp::now())
}

fn timestamp(time: jiff::Timestamp) -> Timestamp {
    let (seconds, nanos) = (time.as_second(), time.subsec_nanosecond());
    // Before 1970 the fraction counts backwards.
    match u64::try_from(nanos) {
        Ok(nanos) => Timestamp::new(seconds, nanos),
        Err(_) => Timestamp::new(seconds - 1, (1_000_000_000 + i64::from(nanos)) as u64),
    }
}

/// Reads a moment; dates and times of day are those of the zone.
pub(crate) fn parse(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, String> {
    let wrong = || format!("{text} is no moment");
    let text = text.trim();
    if text == "now" {
        return Ok(now);
    }
    if let Some(ago) = text.strip_prefix('-') {
        let ago = parse_duration(ago).map_err(|_| wrong())?;
        let nanos = now.as_nanos() - ago.as_nanos() as i128;
        let seconds = i64::try_from(nanos.div_euclid(NANOS)).map_err(|_| wrong())?;
        return Ok(Timestamp::new(seconds, nanos.rem_euclid(NANOS) as u64));
    }
    if let Some(time) = epoch(text) {
        return Ok(time);
    }
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Ok(timestamp(time));
    }
    let local = civil(text, now, zone).ok_or_else(wrong)?;
    local.to_zoned(zone.clone()).map(|zoned| timestamp(zoned.timestamp())).map_err(|_| wrong())
}

/// Seconds since 1970, with a fraction or without.
fn epoch(text: &str) -> Option<Timestamp> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if seconds.len() < EPOCH_DIGITS || !is_number(seconds) || !is_number(fraction) || fraction.len() > 9 {
        return None;
    }
    let nanos = format!("{fraction:0<9}").parse().ok()?;
    Some(Timestamp::new(seconds.parse().ok()?, nanos))
}

/// A date, a time of today, or both.
fn civil(text: &str, now: Timestamp, zone: &TimeZone) -> Option<DateTime> {
    let is_date = |text: &str| text.len() == 10 && text.as_bytes().get(4) == Some(&b'-');
    if is_date(text) {
        return text.parse::<Date>().ok().map(|date| date.at(0, 0, 0, 0));
    }
    if let Some((date, time)) = text.split_once([' ', 'T']) {
        let date: Date = date.parse().ok().filter(|_| is_date(date))?;
        return Some(date.to_datetime(time_of_day(time)?));
    }
    let today = jiff::Timestamp::new(now.seconds, 0).ok()?.to_zoned(zone.clone()).date();
    Some(today.to_datetime(time_of_day(text)?))
}

/// Hours and minutes, with seconds or without.
fn time_of_day(text: &str) -> Option<Time> {
    let is_time =
        text.contains(':') && text.bytes().all(|byte| byte.is_ascii_digit() || b":.".contains(&byte));
    text.parse().ok().filter(|_| is_time)
}

/// A moment for people, in the zone, to the second.
pub(crate) fn shown(time: Timestamp, zone: &TimeZone) -> String {
    match jiff::Timestamp::new(time.seconds, 0) {
        Ok(moment) => moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => format!("{}.{:09}", time.seconds, time.nanos),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::new(1_764_079_500, 500); // 2025-11-25 14:05:00 UTC

    fn seconds(text: &str) -> Option<i64> {
        parse(text, NOW, &TimeZone::fixed(jiff::tz::offset(1))).ok().map(|time| time.seconds)
    }

    #[test]
    fn every_form_is_read() {
        for text in [
            "now",
            "2025-11-25T14:05:00Z",
            "2025-11-25T16:05:00+02:00",
            "2025-11-25 15:05",
            "2025-11-25T15:05:00",
            "15:05",
            "15:05:00.25",
            "1764079500",
            "1764079500.75",
        ] {
            assert_eq!(seconds(text), Some(NOW.seconds), "{text}");
        }
        assert_eq!(seconds("-2h"), Some(NOW.seconds - 7_200));
        assert_eq!(seconds("-1d"), Some(NOW.seconds - 86_400));
        let ago = parse("-1.5s", NOW, &TimeZone::UTC);
        assert_eq!(ago, Ok(Timestamp::new(NOW.seconds - 2, 500_000_500)));
        assert_eq!(seconds("2025-11-25"), Some(NOW.seconds - 15 * 3_600 - 5 * 60));
        let zone = TimeZone::UTC;
        assert_eq!(parse("1764079500.75", NOW, &zone), Ok(Timestamp::new(NOW.seconds, 750_000_000)));
        assert_eq!(parse("1969-12-31T23:59:59.25Z", NOW, &zone), Ok(Timestamp::new(-1, 250_000_000)));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in
            ["", "yesterday", "-2y", "2025", "2025-13-01", "25:00", "2025-11-25 25:00", "-", "1764079500."]
        {
            let expected = (text == "1764079500.").then_some(NOW.seconds);
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn moments_are_shown_in_the_zone() {
        assert_eq!(shown(NOW, &TimeZone::fixed(jiff::tz::offset(1))), "2025-11-25 15:05:00");
    }
}
