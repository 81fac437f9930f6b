//! The totals that Snort prints at the end: what was read, what it consisted of, and what became of it.

use std::fmt::Write;

use wirescope_detect::engine::{
    Counts, FilteredBy, FilteredEvents, FragmentStatistics, Statistics, StreamStatistics,
};
use wirescope_detect::language::{FilterKind, Track};
use wirescope_wire::ipv4::protocol;

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

/// Adds what an engine put together: datagrams and, of sessions that ended before, segments.
pub fn add_rebuilt(breakdown: &mut Breakdown, statistics: &Statistics) {
    for row in &statistics.datagrams {
        breakdown.rebuilt(row.version, row.protocol, row.count);
    }
    if let Some(streams) = &statistics.streams {
        let [client, server] = streams.unfinished;
        breakdown.unfinished(Line::UnfinishedServer, server);
        breakdown.unfinished(Line::UnfinishedClient, client);
        breakdown.rebuilt(4, protocol::TCP, (client + server).saturating_sub(streams.unfinished_v6));
        breakdown.rebuilt(6, protocol::TCP, streams.unfinished_v6);
    }
}

/// What a run with rules adds to the totals: actions, limits, verdicts, and what fragments and streams needed.
pub fn statistics(breakdown: &Breakdown, counts: &Counts, statistics: &Statistics) -> String {
    let mut text = actions(breakdown, counts, statistics);
    if let Some(fragments) = &statistics.fragments {
        write_fragments(&mut text, fragments);
    }
    if let Some(streams) = &statistics.streams {
        write_streams(&mut text, streams);
    }
    write_filtered(&mut text, &statistics.filtered);
    text
}

fn actions(breakdown: &Breakdown, counts: &Counts, statistics: &Statistics) -> String {
    let mut text = "Action Stats:\n".to_owned();
    let total = Some(breakdown.total());
    line(&mut text, "Alerts", counts.alerts, total);
    line(&mut text, "Logged", counts.logged, total);
    line(&mut text, "Passed", counts.passed, total);
    text.push_str("Limits:\n");
    let limits = statistics.limits;
    line(&mut text, "Match", limits.matches, None);
    line(&mut text, "Queue", limits.queue, None);
    line(&mut text, "Log", limits.log, None);
    line(&mut text, "Event", limits.event, None);
    line(&mut text, "Alert", limits.alert, None);
    // Nothing is ever held back here: every packet is allowed.
    text.push_str("Verdicts:\n");
    let received = Some(breakdown.packets());
    line(&mut text, "Allow", breakdown.packets(), received);
    for verdict in ["Block", "Replace", "Whitelist", "Blacklist", "Ignore", "Retry"] {
        line(&mut text, verdict, 0, received);
    }
    text.push_str(RULE);
    text
}

/// Lines of a group whose labels end in one column.
fn group(text: &mut String, title: &str, width: usize, rows: &[(&str, u64)]) {
    let _ = writeln!(text, "{title}:");
    for (label, count) in rows {
        let _ = writeln!(text, "{label:>width$}: {count}");
    }
}

fn write_fragments(text: &mut String, counts: &FragmentStatistics) {
    let inserted = counts.fragments.saturating_sub(counts.useless);
    group(
        text,
        "Frag3 statistics",
        23,
        &[
            ("Total Fragments", counts.fragments),
            ("Frags Reassembled", counts.reassembled),
            // Snort counts a fragment twice that brings nothing new: as one too many, and as thrown away.
            ("Discards", counts.useless * 2),
            ("Memory Faults", 0),
            ("Timeouts", counts.timeouts),
            ("Overlaps", counts.overlaps),
            ("Anomalies", 0),
            ("Alerts", 0),
            ("Drops", 0),
            ("FragTrackers Added", counts.datagrams),
            ("FragTrackers Dumped", counts.datagrams),
            ("FragTrackers Auto Freed", counts.evicted),
            ("Frag Nodes Inserted", inserted),
            ("Frag Nodes Deleted", inserted),
        ],
    );
    text.push_str(RULE);
}

fn write_streams(text: &mut String, counts: &StreamStatistics) {
    text.push_str(RULE);
    let (tcp, udp) = (counts.tcp_sessions, counts.udp_sessions);
    group(
        text,
        "Stream statistics",
        26,
        &[
            ("Total sessions", tcp + udp),
            ("TCP sessions", tcp),
            ("UDP sessions", udp),
            ("ICMP sessions", 0),
            ("IP sessions", 0),
            ("TCP Prunes", counts.evicted),
            ("UDP Prunes", 0),
            ("ICMP Prunes", 0),
            ("IP Prunes", 0),
            ("TCP StreamTrackers Created", tcp),
            ("TCP StreamTrackers Deleted", tcp),
            ("TCP Timeouts", 0),
            ("TCP Overlaps", counts.overlaps),
            ("TCP Segments Queued", counts.segments),
            ("TCP Segments Released", counts.segments),
            ("TCP Rebuilt Packets", counts.rebuilt),
            ("TCP Segments Used", counts.segments_used),
            ("TCP Discards", counts.discards),
            ("TCP Gaps", counts.gaps),
            ("UDP Sessions Created", udp),
            ("UDP Sessions Deleted", udp),
            ("UDP Timeouts", 0),
            ("UDP Discards", 0),
            ("Events", 0),
            ("Internal Events", 0),
        ],
    );
    for (protocol, tracked) in [("TCP", counts.tcp_packets), ("UDP", udp)] {
        let title = format!("{protocol} Port Filter");
        let _ = writeln!(text, "{title:>26}");
        for (label, count) in [("Filtered", 0), ("Inspected", 0), ("Tracked", tracked)] {
            let _ = writeln!(text, "{label:>26}: {count}");
        }
    }
    text.push_str(RULE);
}

/// The filters that have held events back, if there are any.
fn write_filtered(text: &mut String, filtered: &[FilteredEvents]) {
    if filtered.is_empty() {
        return;
    }
    text.push_str("+-----------------------[filtered events]--------------------------------------\n");
    for row in filtered {
        let _ = write!(text, "| gen-id={:<6} sig-id={:<10} ", row.gid, row.sid);
        let side = |track: Track| if track == Track::ByDestination { "dst" } else { "src" };
        let _ = match &row.by {
            FilteredBy::Filter(filter) => {
                let kind = match filter.kind {
                    FilterKind::Limit => "Limit",
                    FilterKind::Threshold => "Threshold",
                    FilterKind::Both => "Both",
                    FilterKind::All => "None",
                };
                let (count, seconds) = (filter.count, filter.seconds);
                write!(
                    text,
                    "type={kind:<9} tracking={} count={count:<3} seconds={seconds:<3}",
                    side(filter.track)
                )
            }
            FilteredBy::Suppression(None) => write!(text, "type=Suppress  tracking=none"),
            FilteredBy::Suppression(Some(track)) => {
                write!(text, "type=Suppress  tracking={}-ip={:<16}", side(*track), "<list>")
            }
        };
        let _ = writeln!(text, " filtered={}", row.count);
    }
}
