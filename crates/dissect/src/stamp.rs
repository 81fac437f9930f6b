//! The time of a packet as text: `-t` to `-ttttt`.

use crate::options::{TimeFormat, TimePrecision};
use crate::{Options, Out};
use jiff::tz::TimeZone;
use wirescope_wire::Timestamp;

/// Bytes that the text of a second needs at most; twice a register, so that all of it is copied at once.
const SECOND_ROOM: usize = 32;

/// What times are told apart from and what the text of the last second was.
pub(crate) struct Stamp {
    zone: TimeZone,
    /// The second whose text is in `cached`.
    second: Option<i64>,
    cached: [u8; SECOND_ROOM],
    cached_len: usize,
    /// The first packet of the source, or the one before.
    reference: Option<Timestamp>,
}

impl Stamp {
    pub(crate) fn new(options: &Options) -> Self {
        // Nothing is looked up where no clock time will be shown.
        let zone = match options.time {
            TimeFormat::TimeOfDay | TimeFormat::Date => TimeZone::system(),
            _ => TimeZone::UTC,
        };
        Stamp { zone, second: None, cached: [0; SECOND_ROOM], cached_len: 0, reference: None }
    }

    /// What the packet at `time` is told from, settled without printing it.
    pub(crate) fn settle(&mut self, format: TimeFormat, time: Timestamp) -> Option<Timestamp> {
        match format {
            TimeFormat::SincePrevious => Some(self.reference.replace(time).unwrap_or(time)),
            TimeFormat::SinceFirst => Some(*self.reference.get_or_insert(time)),
            _ => None,
        }
    }

    /// Tells times from `reference` from here on.
    pub(crate) fn set_reference(&mut self, reference: Option<Timestamp>) {
        self.reference = reference;
    }

    /// Writes the time of a packet and a blank.
    #[inline]
    pub(crate) fn print(&mut self, out: &mut Out, time: Timestamp) {
        match out.options.time {
            TimeFormat::TimeOfDay => self.clock(out, time, false),
            TimeFormat::Date => self.clock(out, time, true),
            TimeFormat::None => {}
            TimeFormat::Seconds => {
                write!(out, "{}", time.seconds);
                fraction(out, time.nanos);
            }
            TimeFormat::SincePrevious => {
                let before = self.reference.replace(time).unwrap_or(time);
                difference(out, before, time);
            }
            TimeFormat::SinceFirst => {
                let first = *self.reference.get_or_insert(time);
                difference(out, first, time);
            }
        }
    }

    #[inline]
    fn clock(&mut self, out: &mut Out, time: Timestamp, date: bool) {
        if self.second != Some(time.seconds) {
            self.second = Some(time.seconds);
            let text = self.second_text(time.seconds, date);
            self.cached_len = text.len().min(SECOND_ROOM);
            for (to, from) in self.cached.iter_mut().zip(text.bytes()) {
                *to = from;
            }
        }
        out.piece(&self.cached, self.cached_len);
        fraction(out, time.nanos);
    }

    /// The text of a second. Made once per second of capture, so looking the zone up is cheap here.
    #[cold]
    fn second_text(&self, seconds: i64, date: bool) -> String {
        let Ok(instant) = jiff::Timestamp::from_second(seconds) else {
            return "[timestamp overflow]".to_owned();
        };
        let local = self.zone.to_datetime(instant);
        let clock = format!("{:02}:{:02}:{:02}", local.hour(), local.minute(), local.second());
        if date {
            format!("{:04}-{:02}-{:02} {clock}", local.year(), local.month(), local.day())
        } else {
            clock
        }
    }
}

impl Out {
    /// Writes a second since 1970 as date and time of day in UTC: times that packets carry.
    pub(crate) fn date_time(&mut self, seconds: i64) -> &mut Self {
        match jiff::Timestamp::from_second(seconds) {
            Ok(instant) => {
                let utc = TimeZone::UTC.to_datetime(instant);
                write!(self, "{:04}-{:02}-{:02} ", utc.year(), utc.month(), utc.day());
                write!(self, "{:02}:{:02}:{:02}", utc.hour(), utc.minute(), utc.second());
                self
            }
            Err(_) => self.text("[timestamp overflow]"),
        }
    }
}

/// Writes the fraction of a second and a blank; one that is no fraction is shown and marked.
#[inline]
fn fraction(out: &mut Out, nanos: u64) {
    match out.options.precision {
        TimePrecision::Micro if nanos < 1_000_000_000 => out.micros((nanos / 1_000) as u32),
        TimePrecision::Micro => out.byte(b'.').dec_zero(nanos / 1_000, 6).text(" (invalid us) "),
        TimePrecision::Nano if nanos < 1_000_000_000 => out.nanos(nanos as u32),
        TimePrecision::Nano => out.byte(b'.').dec_zero(nanos, 9).text(" (invalid ns) "),
    };
}

/// Writes the time from `earlier` to `later` as hours, minutes and seconds, with its sign or a blank.
fn difference(out: &mut Out, earlier: Timestamp, later: Timestamp) {
    // What is not shown of either time must not show in their difference.
    let unit = match out.options.precision {
        TimePrecision::Micro => 1_000,
        TimePrecision::Nano => 1,
    };
    let shown = |time: Timestamp| time.as_nanos().div_euclid(unit) * unit;
    let nanos = shown(later) - shown(earlier);
    out.byte(if nanos < 0 { b'-' } else { b' ' });
    let nanos = nanos.unsigned_abs();
    let seconds = (nanos / 1_000_000_000) as u64;
    out.dec_zero(seconds / 3600, 2)
        .byte(b':')
        .dec_zero(seconds / 60 % 60, 2)
        .byte(b':')
        .dec_zero(seconds % 60, 2);
    fraction(out, (nanos % 1_000_000_000) as u64);
}
