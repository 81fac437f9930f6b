//! Times as text (RFC 3339).

use wirescope_wire::Timestamp;

const SECONDS_OF_DAY: i64 = 86_400;

/// A time in UTC, with microseconds where that is exact and nanoseconds else.
pub fn rfc3339(time: Timestamp) -> String {
    // A damaged file may claim more than a second of fraction.
    let seconds = time.seconds.saturating_add((time.nanos / 1_000_000_000) as i64);
    let nanos = time.nanos % 1_000_000_000;
    let (year, month, day) = civil(seconds.div_euclid(SECONDS_OF_DAY));
    let of_day = seconds.rem_euclid(SECONDS_OF_DAY);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let whole = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if nanos.is_multiple_of(1_000) {
        format!("{whole}.{:06}Z", nanos / 1_000)
    } else {
        format!("{whole}.{nanos:09}Z")
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar; years are counted from
/// March, so that the leap day is the last.
fn civil(days: i64) -> (i64, i64, i64) {
    const DAYS_OF_400_YEARS: i64 = 146_097;
    let from_march_of_0 = days.saturating_add(719_468);
    let era = from_march_of_0.div_euclid(DAYS_OF_400_YEARS);
    let day_of_era = from_march_of_0.rem_euclid(DAYS_OF_400_YEARS);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_the_standard_has_them() {
        assert_eq!(rfc3339(Timestamp::new(0, 0)), "1970-01-01T00:00:00.000000Z");
        assert_eq!(rfc3339(Timestamp::new(958_495_600, 12_345_000)), "2000-05-16T16:46:40.012345Z");
        assert_eq!(rfc3339(Timestamp::new(951_782_399, 1)), "2000-02-28T23:59:59.000000001Z");
        assert_eq!(rfc3339(Timestamp::new(951_868_799, 0)), "2000-02-29T23:59:59.000000Z");
        assert_eq!(rfc3339(Timestamp::new(-1, 0)), "1969-12-31T23:59:59.000000Z");
        assert_eq!(rfc3339(Timestamp::new(9, 1_500_000_000)), "1970-01-01T00:00:10.500000Z");
    }
}
