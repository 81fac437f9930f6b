//! Spans of time in units that people use.

use crate::Out;

/// Units from the largest on, in seconds.
const UNITS: [(u32, u8); 6] =
    [(31_536_000, b'y'), (604_800, b'w'), (86_400, b'd'), (3_600, b'h'), (60, b'm'), (1, b's')];

impl Out {
    /// Writes a number of seconds as years, weeks, days, hours, minutes and seconds: `1d1h1m1s`.
    pub(crate) fn relative_time(&mut self, seconds: u32) -> &mut Self {
        if seconds == 0 {
            return self.text("0s");
        }
        let mut rest = seconds;
        for (unit, letter) in UNITS {
            if rest >= unit {
                self.dec(rest / unit).byte(letter);
                rest %= unit;
            }
        }
        self
    }
}
