//! Sizes, and how much of a trail is kept, as people write them: `500GB`, `7d`.

use std::time::Duration;

use wirescope_capture::rotation::parse_size;

use crate::live::parse_duration;

const TERA: u64 = 1 << 40;

/// A number of bytes: with a unit, `kB`, `MB`, `GB` or `TB` for 1,024 bytes and its powers, or its first letter.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let lower = text.to_ascii_lowercase();
    let wrong = || format!("{text} is no size; write a number and a unit, such as 64MB or 2TB");
    let bytes = match lower.strip_suffix("tb").or_else(|| lower.strip_suffix('t')) {
        Some(number) => number.parse::<u64>().ok().and_then(|number| number.checked_mul(TERA)),
        None if lower.ends_with(|last: char| last.is_ascii_digit()) => None,
        None => parse_size(text).ok(),
    };
    bytes.filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

/// How much of a trail is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Keep {
    /// So many bytes.
    Bytes(u64),
    /// So long.
    Age(Duration),
}

/// A size or an age: `7d` is an age, `500GB` a size; `m` is a size here.
pub(crate) fn keep(text: &str) -> Result<Keep, String> {
    if text.ends_with(['h', 'd', 'w']) {
        return parse_duration(text).map(Keep::Age);
    }
    let wrong = |_| format!("{text} is neither a size, such as 500GB, nor an age, such as 7d (h, d or w)");
    size(text).map(Keep::Bytes).map_err(wrong)
}

/// A number of bytes for people.
pub(crate) fn bytes_text(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1 << 10 {
        return format!("{bytes} B");
    }
    let (mut value, mut unit) = (bytes as f64 / 1024.0, 0);
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS.get(unit).unwrap_or(&""))
}

/// The ending of a word for so many.
pub(crate) fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_ages_are_told_apart() {
        assert_eq!(keep("500GB"), Ok(Keep::Bytes(500 << 30)));
        assert_eq!(keep("2t"), Ok(Keep::Bytes(2 << 40)));
        assert_eq!(keep("64m"), Ok(Keep::Bytes(64 << 20)));
        assert_eq!(keep("7d"), Ok(Keep::Age(Duration::from_secs(7 * 86_400))));
        for wrong in ["", "7", "d", "-7d", "0d", "0GB", "7y", "1.5GB", "99999999999999999999d"] {
            assert!(keep(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn bytes_are_told_in_the_unit_that_fits() {
        assert_eq!(bytes_text(1023), "1023 B");
        assert_eq!(bytes_text(1536), "1.5 kB");
        assert_eq!(bytes_text(3 << 30), "3.0 GB");
    }
}
