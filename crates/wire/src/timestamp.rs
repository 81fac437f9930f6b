//! Points in time, as captures count them.

/// A point in time: seconds since 1970-01-01 00:00 UTC and the nanoseconds past that second.
///
/// The fraction is kept as the file gave it, scaled to nanoseconds, and may exceed a second where a
/// damaged file says so: what was recorded is shown, not repaired.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp {
    /// Whole seconds.
    pub seconds: i64,
    /// Nanoseconds past the second; wide enough for what a damaged file can claim in microseconds.
    pub nanos: u64,
}

impl Timestamp {
    /// A time from seconds and nanoseconds.
    pub const fn new(seconds: i64, nanos: u64) -> Self {
        Timestamp { seconds, nanos }
    }

    /// Microseconds past the second, the rest of the fraction dropped.
    #[inline]
    pub const fn micros(self) -> u64 {
        self.nanos / 1_000
    }

    /// Nanoseconds since 1970, for differences and rates.
    #[inline]
    pub const fn as_nanos(self) -> i128 {
        self.seconds as i128 * 1_000_000_000 + self.nanos as i128
    }

    /// Seconds from `earlier` to `self`, negative when the clock went back.
    #[inline]
    pub fn seconds_since(self, earlier: Timestamp) -> f64 {
        (self.as_nanos() - earlier.as_nanos()) as f64 / 1e9
    }
}
