//! The totals that Snort prints at the end: what was read, what it consisted of, and what became of it.

use std::fmt::Write;

use super::breakdown::{Breakdown, Line};

/// The line between two groups.
const RULE: &str = "===============================================================================\n";

/// What was read.
#[derive(Clone, Copy, Debug)]
pub struct Totals<'b> {
    /// What the packets consist of.
    pub breakdown: &'b Breakdown,
    /// Packets lost on the way, of a live capture.
    pub dropped: u64,
}

fn line(text: &mut String, label: &str, count: u64, of: Option<u64>) {
    let _ = match of {
        None => writeln!(text, "{label:>11}: {count:>12}"),
        Some(whole) => writeln!(text, "{label:>11}: {count:>12} ({:>7.3}%)", percentage(count, whole)),
    };
}

/// Of nothing, all is nothing.
fn percentage(count: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { count as f64 * 100.0 / whole as f64 }
}

/// The groups `Packet I/O Totals` and `Breakdown by protocol`, which every run has, with the line after them.
pub fn totals(totals: &Totals<'_>) -> String {
    let breakdown = totals.breakdown;
    let received = breakdown.packets();
    let mut text = "Packet I/O Totals:\n".to_owned();
    line(&mut text, "Received", received, None);
    line(&mut text, "Analyzed", received, Some(received));
    line(&mut text, "Dropped", totals.dropped, Some(received + totals.dropped));
    // The filter works before packets are counted, each is analysed before the next, and none is injected.
    line(&mut text, "Filtered", 0, Some(received));
    line(&mut text, "Outstanding", 0, Some(received));
    line(&mut text, "Injected", 0, None);
    text.push_str(RULE);
    text.push_str("Breakdown by protocol (includes rebuilt packets):\n");
    for (kind, label) in Line::ALL {
        line(&mut text, label, breakdown.count(kind), Some(breakdown.total()));
    }
    line(&mut text, "Total", breakdown.total(), None);
    text.push_str(RULE);
    text
}
