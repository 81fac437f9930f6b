//! What captures consist of, as text: columns in a pipe, bars beside them on a terminal.

use wirescope_flow::summary;

use super::{ALARM, Capture, HEADING, Naming, QUIET, escape, grouped, heading};
use crate::summary::{Interval, Protocol, Summary, summary as counted};

/// Rows of tables of which there may be many.
const MOST_ROWS: usize = 10;
/// Rows of the time line.
const TIME_ROWS: usize = 24;
/// Bars are not worth it in fewer columns than this.
const NARROWEST_BAR: usize = 8;
/// Columns of a bar at most, so that wide terminals stay readable.
const WIDEST_BAR: usize = 60;

/// Where bars may be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Bars {
    columns: Option<usize>,
}

impl Bars {
    /// Bars that end at so many columns: on a terminal.
    pub fn within(columns: usize) -> Self {
        Bars { columns: Some(columns) }
    }

    /// No bars: in a pipe or file.
    pub fn none() -> Self {
        Bars { columns: None }
    }

    /// A bar behind so many columns of text, for a part of a whole; eighths of a column are drawn.
    fn bar(self, before: usize, part: u64, whole: u64) -> String {
        const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
        let Some(width) = self.columns.map(|columns| columns.saturating_sub(before + 1).min(WIDEST_BAR))
        else {
            return String::new();
        };
        if width < NARROWEST_BAR || whole == 0 || part == 0 {
            return String::new();
        }
        let eighths = ((part as f64 / whole as f64) * (width * 8) as f64).round() as usize;
        let eighths = eighths.clamp(1, width * 8);
        let rest = EIGHTHS.get(eighths % 8).unwrap_or(&"");
        format!(" {QUIET}{}{rest}{QUIET:#}", "█".repeat(eighths / 8))
    }
}

/// Everything that was counted.
pub fn summary(found: &summary::Summary, captures: &[Capture], naming: &Naming, bars: Bars) -> String {
    let counted = counted(found, captures);
    if counted.packets == 0 {
        return String::new();
    }
    let mut text = opening(&counted);
    protocols(&counted, bars, &mut text);
    sizes(&counted, bars, &mut text);
    soundness(&counted, &mut text);
    talkers(&counted, bars, &mut text);
    services(&counted, naming, bars, &mut text);
    time_line(found, bars, &mut text);
    text
}

fn opening(counted: &Summary) -> String {
    let mut text = heading("What was read");
    for file in &counted.files {
        let last = (file.first + file.packets).saturating_sub(1);
        let range = match file.packets {
            0 => "no packets".to_owned(),
            packets => format!("{} packets, numbers {} to {last}", grouped(packets), file.first),
        };
        text.push_str(&format!("  {}: {range}\n", escape(&file.name)));
    }
    if let (Some(first), Some(last)) = (&counted.first_time, &counted.last_time) {
        text.push_str(&format!("  {first} to {last} ({})\n", super::duration(counted.seconds)));
    }
    text.push_str(&format!(
        "  {} packets, {} bytes on the wire, {} captured\n",
        grouped(counted.packets),
        grouped(counted.bytes),
        grouped(counted.captured_bytes)
    ));
    if let (Some(packets), Some(bits)) = (counted.packets_per_second, counted.bits_per_second) {
        text.push_str(&format!("  {packets:.1} packets a second, {}\n", bit_rate(bits)));
    }
    if let (Some(smallest), Some(largest), Some(mean)) = (counted.smallest, counted.largest, counted.mean) {
        text.push_str(&format!("  packets of {smallest} to {largest} bytes, {mean:.0} in the mean\n"));
    }
    for (count, what) in [
        (counted.cut_short, "packets were not captured whole"),
        (counted.out_of_order, "packets are older than the one before them in the file"),
    ] {
        if count > 0 {
            text.push_str(&format!("  {} {what}\n", grouped(count)));
        }
    }
    text
}

fn bit_rate(bits: f64) -> String {
    const UNITS: [&str; 5] = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"];
    let mut rate = bits;
    let mut at = 0;
    while rate >= 1_000.0 && at + 1 < UNITS.len() {
        rate /= 1_000.0;
        at += 1;
    }
    format!("{rate:.1} {}", UNITS.get(at).unwrap_or(&"bit/s"))
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

fn protocols(counted: &Summary, bars: Bars, text: &mut String) {
    let rows: Vec<(String, &Protocol)> = counted
        .protocols
        .iter()
        .map(|protocol| {
            let mark = if protocol.unusual { "! " } else { "" };
            (format!("{}{mark}{}", "  ".repeat(protocol.depth), protocol.name), protocol)
        })
        .collect();
    let wide = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(10);
    text.push_str(&format!(
        "\n{HEADING}{:<w$}  {:>13} {:>6}  {:>17} {:>6}{HEADING:#}\n",
        "Protocols",
        "packets",
        "%",
        "bytes",
        "%",
        w = wide + 2
    ));
    for (name, protocol) in rows {
        let style = if protocol.unusual { ALARM } else { anstyle::Style::new() };
        text.push_str(&format!(
            "  {style}{name:<wide$}{style:#}  {:>13} {:>6.2}  {:>17} {:>6.2}{}\n",
            grouped(protocol.packets),
            share(protocol.packets, counted.packets),
            grouped(protocol.bytes),
            share(protocol.bytes, counted.bytes),
            bars.bar(wide + 51, protocol.packets, counted.packets)
        ));
    }
    if counted.protocols.iter().any(|protocol| protocol.unusual) {
        text.push_str(
            "  ! is not what ordinary networks carry, or not there: wirescope explain argues such packets\n",
        );
    }
}

fn sizes(counted: &Summary, bars: Bars, text: &mut String) {
    text.push_str(&format!("\n{HEADING}{:<14}  {:>13} {:>6}{HEADING:#}\n", "Sizes", "packets", "%"));
    let most = counted.sizes.iter().map(|size| size.packets).max().unwrap_or(0);
    for size in counted.sizes.iter().filter(|size| size.packets > 0) {
        let class = match size.to {
            Some(to) => format!("{}-{to}", size.from),
            None => format!("{} and up", size.from),
        };
        text.push_str(&format!(
            "  {class:<12}  {:>13} {:>6.2}{}\n",
            grouped(size.packets),
            share(size.packets, counted.packets),
            bars.bar(37, size.packets, most)
        ));
    }
}

/// Fragments and checksums.
fn soundness(counted: &Summary, text: &mut String) {
    let fragments = &counted.fragments;
    text.push_str(&format!("\n{}", heading("Fragments")));
    match fragments.packets {
        0 => text.push_str("  none\n"),
        packets => text.push_str(&format!(
            "  {} packets; {} datagrams made whole, {} given up\n",
            grouped(packets),
            grouped(fragments.datagrams_completed),
            grouped(fragments.datagrams_given_up)
        )),
    }
    text.push_str(&format!(
        "\n{HEADING}{:<11}  {:>13} {:>13} {:>13}{HEADING:#}\n",
        "Checksums", "right", "wrong", "left to card"
    ));
    for sums in counted.checksums.iter().filter(|sums| sums.right + sums.wrong + sums.left_to_card > 0) {
        let first = sums.first_wrong.map_or(String::new(), |packet| format!("  first in packet {packet}"));
        let style = if sums.wrong > 0 { ALARM } else { anstyle::Style::new() };
        text.push_str(&format!(
            "  {:<9}  {:>13} {style}{:>13}{style:#} {:>13}{first}\n",
            sums.header,
            grouped(sums.right),
            grouped(sums.wrong),
            grouped(sums.left_to_card)
        ));
    }
    if counted.udp_without_checksum > 0 {
        text.push_str(&format!("  {} UDP datagrams have none\n", grouped(counted.udp_without_checksum)));
    }
}

fn talkers(counted: &Summary, bars: Bars, text: &mut String) {
    if counted.talkers.is_empty() {
        return;
    }
    text.push_str(&format!(
        "\n{HEADING}{:<41}  {:>17} {:>17}{HEADING:#}\n",
        "Top talkers", "bytes sent", "bytes received"
    ));
    let all = |talker: &crate::summary::Talker| talker.sent_bytes.saturating_add(talker.received_bytes);
    let most = counted.talkers.first().map_or(0, all);
    for talker in counted.talkers.iter().take(MOST_ROWS) {
        text.push_str(&format!(
            "  {:<39}  {:>17} {:>17}{}\n",
            talker.host.to_string(),
            grouped(talker.sent_bytes),
            grouped(talker.received_bytes),
            bars.bar(78, all(talker), most)
        ));
    }
    let rest = counted.hosts.saturating_sub(MOST_ROWS as u64);
    if rest > 0 {
        text.push_str(&format!("  and {} hosts more\n", grouped(rest)));
    }
    if counted.hosts_left_out > 0 {
        text.push_str(&format!(
            "  hosts made room for others {} times: counts of those seen seldom are low\n",
            grouped(counted.hosts_left_out)
        ));
    }
}

fn services(counted: &Summary, naming: &Naming, bars: Bars, text: &mut String) {
    if counted.services.is_empty() {
        return;
    }
    let rows: Vec<(String, &crate::summary::Service)> = counted
        .services
        .iter()
        .take(MOST_ROWS)
        .map(|service| {
            let name = naming.service(service.proto, service.port);
            let name = name.map_or(String::new(), |name| format!(" {}", escape(name)));
            (format!("{} {}{name}", service.proto, service.port), service)
        })
        .collect();
    let wide = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(24);
    text.push_str(&format!(
        "\n{HEADING}{:<w$}  {:>13} {:>17} {:>9} {:>9}{HEADING:#}\n",
        "Top services",
        "packets",
        "bytes",
        "SYNs",
        "SYN/ACKs",
        w = wide + 2
    ));
    let most = counted.services.first().map_or(0, |service| service.bytes);
    for (name, service) in rows {
        let dash = |count: u64| if service.proto == "tcp" { grouped(count) } else { "-".to_owned() };
        text.push_str(&format!(
            "  {name:<wide$}  {:>13} {:>17} {:>9} {:>9}{}\n",
            grouped(service.packets),
            grouped(service.bytes),
            dash(service.syns),
            dash(service.synacks),
            bars.bar(wide + 55, service.bytes, most)
        ));
    }
    if counted.services_left_out > 0 {
        text.push_str(&format!(
            "  services made room for others {} times\n",
            grouped(counted.services_left_out)
        ));
    }
}

fn time_line(found: &summary::Summary, bars: Bars, text: &mut String) {
    let (seconds, intervals) = found.time_line.coarse(TIME_ROWS);
    if intervals.len() < 2 {
        return;
    }
    text.push_str(&format!(
        "\n{HEADING}{:<14}  {:>13} {:>17}{HEADING:#}   intervals of {}\n",
        "Time line",
        "packets",
        "bytes",
        interval(seconds)
    ));
    let most = intervals.iter().map(|amount| amount.packets).max().unwrap_or(0);
    for (at, amount) in intervals.iter().map(Interval::from).enumerate() {
        text.push_str(&format!(
            "  {:<12}  {:>13} {:>17}{}\n",
            format!("+{}", interval(seconds * at as f64)),
            grouped(amount.packets),
            grouped(amount.bytes),
            bars.bar(47, amount.packets, most)
        ));
    }
}

/// Seconds with as many digits as they deserve.
fn interval(seconds: f64) -> String {
    match seconds {
        0.0 => "0 s".to_owned(),
        s if s < 0.001 => format!("{:.0} µs", s * 1e6),
        s if s < 1.0 => format!("{} ms", (s * 1e4).round() / 10.0),
        s if s < 60.0 => format!("{} s", (s * 100.0).round() / 100.0),
        s => super::duration(s),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fit_and_are_left_out_where_nobody_sees_them() {
        let plain = |bar: String| anstream_free(&bar);
        assert_eq!(plain(Bars::within(50).bar(29, 1, 2)), format!(" {}", "█".repeat(10)));
        assert_eq!(plain(Bars::within(50).bar(29, 1, 1_000_000)), " ▏");
        assert_eq!(Bars::within(50).bar(45, 1, 2), "", "too narrow");
        assert_eq!(Bars::none().bar(0, 1, 2), "");
        assert_eq!(plain(Bars::within(1_000).bar(0, 5, 5)).chars().count(), WIDEST_BAR + 1);
    }

    /// Text without its styles.
    fn anstream_free(text: &str) -> String {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap_or("").to_owned();
        parts.fold(first, |all, part| all + part.split_once('m').map_or("", |(_, rest)| rest))
    }

    #[test]
    fn rates_and_intervals_have_their_units() {
        assert_eq!(
            (bit_rate(12.0), bit_rate(2_500_000.0)),
            ("12.0 bit/s".to_owned(), "2.5 Mbit/s".to_owned())
        );
        assert_eq!(
            (interval(0.0005), interval(0.25), interval(90.0)),
            ("500 µs".to_owned(), "250 ms".to_owned(), "1 min 30 s".to_owned())
        );
    }
}
