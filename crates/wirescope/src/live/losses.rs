//! What was captured and what was lost, for people and for programs.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use serde::Serialize;
use wirescope_capture::live::{LiveCapture, Statistics};

use crate::dump::messages;

/// What `--stats-json` tells: an object a line.
#[derive(Serialize)]
struct Object {
    packets_captured: u64,
    packets_received_by_filter: u64,
    packets_dropped_by_kernel: u64,
    packets_dropped_by_interface: u64,
    bytes_captured: u64,
    seconds: f64,
}

/// The account of a capture.
pub(crate) struct Losses {
    begun: Instant,
    as_json: bool,
    /// The line on a terminal, and what it said last.
    line: Option<Line>,
}

struct Line {
    packets: u64,
    at: Instant,
    /// Whether it stands there now.
    stands: bool,
}

impl Losses {
    /// The account of a capture that begins now. With `live_line`, one line is kept up to date on standard error, if
    /// that is a terminal.
    pub(crate) fn new(as_json: bool, live_line: bool) -> Losses {
        let begun = Instant::now();
        let shown = live_line && std::io::stderr().is_terminal();
        Losses { begun, as_json, line: shown.then_some(Line { packets: 0, at: begun, stands: false }) }
    }

    /// Tells the counts on one line (`USR1`).
    pub(crate) fn tell(&mut self, program: &str, captured: u64, capture: &mut LiveCapture) {
        self.clear();
        let Ok(counts) = capture.statistics() else { return };
        if self.as_json {
            messages::say(&self.object(captured, counts));
        } else {
            messages::say(&format!("{program}: {}", sentences(captured, counts).join(", ")));
        }
    }

    /// Tells the counts at the end, a line each.
    pub(crate) fn conclude(&mut self, captured: u64, capture: &mut LiveCapture) {
        self.clear();
        match capture.statistics() {
            Ok(counts) if self.as_json => messages::say(&self.object(captured, counts)),
            Ok(counts) => messages::say(&sentences(captured, counts).join("\n")),
            Err(error) => messages::say(&error.to_string()),
        }
    }

    /// Brings the line on the terminal up to date.
    pub(crate) fn refresh(&mut self, captured: u64, capture: &mut LiveCapture) {
        let Some(line) = &mut self.line else { return };
        let Ok(counts) = capture.statistics() else { return };
        let passed = line.at.elapsed().max(Duration::from_millis(1)).as_secs_f64();
        let rate = (captured.saturating_sub(line.packets)) as f64 / passed;
        (line.packets, line.at, line.stands) = (captured, Instant::now(), true);
        let lost = counts.dropped + counts.interface_dropped;
        let text = format!("{captured} packets, {rate:.0}/s, {}, {lost} dropped", size(counts.bytes));
        // To the line's start, and what stood there is erased.
        let _ = write!(std::io::stderr(), "\r{text}\x1b[K");
    }

    /// Takes the line off the terminal, so that something else can be said.
    pub(crate) fn clear(&mut self) {
        if let Some(line) = &mut self.line
            && std::mem::take(&mut line.stands)
        {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }

    fn object(&self, captured: u64, counts: Statistics) -> String {
        let object = Object {
            packets_captured: captured,
            packets_received_by_filter: counts.received,
            packets_dropped_by_kernel: counts.dropped,
            packets_dropped_by_interface: counts.interface_dropped,
            bytes_captured: counts.bytes,
            seconds: self.begun.elapsed().as_millis() as f64 / 1e3,
        };
        serde_json::to_string(&object).unwrap_or_default()
    }
}

/// The counts in tcpdump's words.
fn sentences(captured: u64, counts: Statistics) -> Vec<String> {
    let packets = |count: u64| format!("{count} packet{}", if count == 1 { "" } else { "s" });
    let mut sentences = vec![
        format!("{} captured", packets(captured)),
        format!("{} received by filter", packets(counts.received)),
        format!("{} dropped by kernel", packets(counts.dropped)),
    ];
    if counts.interface_dropped > 0 {
        sentences.push(format!("{} dropped by interface", packets(counts.interface_dropped)));
    }
    sentences
}

/// A number of bytes with a unit.
fn size(bytes: u64) -> String {
    indicatif::HumanBytes(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_in_tcpdumps_words() {
        let counts = Statistics { received: 2, dropped: 1, ..Statistics::default() };
        assert_eq!(
            sentences(1, counts),
            ["1 packet captured", "2 packets received by filter", "1 packet dropped by kernel"]
        );
        let counts = Statistics { interface_dropped: 3, ..counts };
        assert_eq!(sentences(0, counts).pop().as_deref(), Some("3 packets dropped by interface"));
    }
}
