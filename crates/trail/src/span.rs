//! Stretches of time.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wirescope_wire::Timestamp;

/// From the first to the last of some packets' times, both included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Span {
    /// The earliest time.
    #[serde(with = "seconds")]
    pub first: Timestamp,
    /// The latest time.
    #[serde(with = "seconds")]
    pub last: Timestamp,
}

impl Span {
    /// One moment.
    pub fn at(time: Timestamp) -> Span {
        Span { first: time, last: time }
    }

    /// The span that covers both.
    #[must_use]
    pub fn with(self, other: Span) -> Span {
        Span { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

/// What is asked for: from one moment, included, to another, not included. An end that is missing is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Period {
    /// The first moment that belongs to it.
    pub from: Option<Timestamp>,
    /// The first moment that does not.
    pub to: Option<Timestamp>,
}

impl Period {
    /// Whether a moment belongs to it.
    pub fn contains(&self, time: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time < to)
    }

    /// Whether a moment of the span may belong to it.
    pub fn meets(&self, span: &Span) -> bool {
        self.from.is_none_or(|from| from <= span.last) && self.to.is_none_or(|to| span.first < to)
    }
}

/// Times as text: seconds since 1970 and nine or more digits of nanoseconds, `1764082184.000000001`.
pub(crate) mod seconds {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}.{:09}", time.seconds, time.nanos))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parsed = text
            .split_once('.')
            .and_then(|(seconds, nanos)| Some(Timestamp::new(seconds.parse().ok()?, nanos.parse().ok()?)));
        parsed.ok_or_else(|| D::Error::custom("not a time in seconds and nanoseconds"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_its_beginning_and_not_its_end() {
        let time = |seconds| Timestamp::new(seconds, 0);
        let period = Period { from: Some(time(10)), to: Some(time(20)) };
        assert!(period.contains(time(10)) && period.contains(Timestamp::new(19, 999_999_999)));
        assert!(!period.contains(time(20)) && !period.contains(time(9)));
        assert!(period.meets(&Span { first: time(0), last: time(10) }));
        assert!(!period.meets(&Span { first: time(20), last: time(30) }));
        assert!(Period::default().contains(time(-1)));
    }
}
