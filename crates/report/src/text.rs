//! Findings as text for a terminal: tables and sentences, with styles that the program leaves out where
//! nobody sees them. What came from packets is escaped.

mod conversations;
mod explain;
mod hosts;
mod investigation;
mod packet;
mod scans;
mod services;
mod stream;
mod summary;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, Table, presets};
use wirescope_flow::{Endpoint, Investigated};

use crate::findings::Finding;

pub use conversations::conversations;
pub use explain::explain;
pub use hosts::hosts;
pub(crate) use investigation::is_attack;
pub use investigation::{Capture, investigation};
pub use packet::{Head as PacketHead, packet};
pub use scans::scans;
pub use services::{irc, rpc};
pub use stream::{Form, StreamText};
pub use summary::{Bars, summary};

const HEADING: Style = Style::new().bold();
const ALARM: Style = AnsiColor::Red.on_default().bold();
const QUIET: Style = Style::new().dimmed();

/// Ranges of packet numbers shown of one finding.
const SHOWN_RANGES: usize = 8;

/// Names for addresses and ports, where they are wanted.
#[derive(Clone, Default, Debug)]
pub struct Naming {
    hosts: BTreeMap<IpAddr, String>,
    services: BTreeMap<(String, u16), String>,
}

impl Naming {
    /// No names.
    pub fn none() -> Self {
        Naming::default()
    }

    /// The names that the captures told, and services as a file in the form of `/etc/services` names them.
    pub fn new(found: &Investigated, services: &str) -> Self {
        let hosts = found.hosts.iter().filter_map(|host| Some((host.address, host.names.first()?.clone())));
        Naming { hosts: hosts.collect(), ..Naming::services(services) }
    }

    /// Names of services alone, from a file in the form of `/etc/services`; the first name for a port stays.
    pub fn services(services: &str) -> Self {
        let mut naming = Naming::none();
        for line in services.lines() {
            let line = line.split('#').next().unwrap_or("");
            let mut words = line.split_ascii_whitespace();
            if let (Some(name), Some((port, proto))) =
                (words.next(), words.next().and_then(|w| w.split_once('/')))
                && let Ok(port) = port.parse()
            {
                naming.services.entry((proto.to_owned(), port)).or_insert_with(|| name.to_owned());
            }
        }
        naming
    }

    pub(crate) fn service(&self, proto: &str, port: u16) -> Option<&str> {
        self.services.get(&(proto.to_owned(), port)).map(String::as_str)
    }

    /// Who is who among the addresses that were shown.
    fn legend(&self, shown: &BTreeSet<IpAddr>) -> String {
        let mut text = String::new();
        for address in shown {
            if let Some(name) = self.hosts.get(address) {
                text.push_str(&format!("  {address} is {}\n", escape(name)));
            }
        }
        if text.is_empty() { text } else { format!("\n{}{text}", heading("Names that DNS answers told")) }
    }
}

/// Text from packets without what would steer a terminal or turn its reading round.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        let steers = character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if steers {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Seconds as people say them.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.max(0.0) as u64;
    match whole {
        0..60 => format!("{seconds:.3} s"),
        60..3_600 => format!("{} min {} s", whole / 60, whole % 60),
        3_600..86_400 => format!("{} h {} min", whole / 3_600, whole / 60 % 60),
        _ => format!("{} d {} h", whole / 86_400, whole / 3_600 % 24),
    }
}

/// A number with its digits in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Packet numbers, runs of them as ranges.
pub fn packet_numbers(packets: &[u64], count: u64) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for packet in packets {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *packet => *last = *packet,
            _ => ranges.push((*packet, *packet)),
        }
    }
    let text = |(first, last): &(u64, u64)| match last - first {
        0 => first.to_string(),
        _ => format!("{first}-{last}"),
    };
    let word = if count == 1 { "packet" } else { "packets" };
    let all_here = ranges.len() <= SHOWN_RANGES && count == packets.len() as u64;
    if all_here {
        return format!("{word} {}", ranges.iter().map(text).collect::<Vec<_>>().join(", "));
    }
    let last = packets.last().copied().unwrap_or(0);
    let before_last = ranges.iter().take_while(|(_, end)| *end < last);
    let shown: Vec<String> = before_last.take(SHOWN_RANGES - 1).map(text).collect();
    format!("{word} {}, … {last} ({} in all)", shown.join(", "), grouped(count))
}

fn heading(text: &str) -> String {
    format!("{HEADING}{text}{HEADING:#}\n")
}

/// An endpoint; without port where there is none.
fn end(endpoint: Endpoint, has_port: bool) -> String {
    match (has_port, endpoint.host) {
        (false, host) => host.to_string(),
        (true, IpAddr::V4(host)) => format!("{host}:{}", endpoint.port),
        (true, IpAddr::V6(host)) => format!("[{host}]:{}", endpoint.port),
    }
}

/// A table with these headings; those that end in `>` have numbers below, aligned at their ends.
fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(
        headings.iter().map(|heading| heading.trim_end_matches('>').to_owned()).collect::<Vec<_>>(),
    );
    for (at, heading) in headings.iter().enumerate() {
        if let Some(column) = table.column_mut(at) {
            column.set_padding((0, 2));
            if heading.ends_with('>') {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    table
}

fn finish(table: &Table) -> String {
    let mut text = String::new();
    for (at, line) in table.lines().enumerate() {
        let line = line.trim_end().to_owned();
        text.push_str(&if at == 0 { format!("{HEADING}{line}{HEADING:#}") } else { line });
        text.push('\n');
    }
    text
}

/// A finding: its sentence, its evidence, the filter that shows it.
fn finding(finding: &Finding, style: Style) -> String {
    format!(
        "{style}*{style:#} {}\n    {}\n    {QUIET}tcpdump filter:{QUIET:#} {}\n",
        escape(&finding.text),
        packet_numbers(&finding.packets, finding.packet_count),
        finding.filter
    )
}

/// Findings, the rest of many as a number.
fn some_findings(title: &str, all: &[Finding], most: usize, style: Style, command: &str) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}", heading(&format!("{title} ({})", all.len())));
    for each in all.iter().take(most) {
        text.push_str(&finding(each, style));
    }
    if all.len() > most {
        text.push_str(&format!("  and {} more, which {command} shows\n", all.len() - most));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_packets_steers_a_terminal() {
        assert_eq!(escape("a\u{1b}[2Jb\u{202e}c\n"), "a\\u{1b}[2Jb\\u{202e}c\\u{a}");
        assert_eq!(escape("#größe"), "#größe");
    }

    #[test]
    fn numbers_are_told_shortly() {
        assert_eq!(packet_numbers(&[1, 2, 3, 9], 4), "packets 1-3, 9");
        assert_eq!(packet_numbers(&[7], 1), "packet 7");
        let many: Vec<u64> = (1..=99).map(|n| n * 2).chain([900]).collect();
        let cut: Vec<u64> = (1..=99).chain([900]).collect();
        assert_eq!(packet_numbers(&cut, 500), "packets 1-99, … 900 (500 in all)");
        assert_eq!(packet_numbers(&many, 450), "packets 2, 4, 6, 8, 10, 12, 14, … 900 (450 in all)");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(duration(3_725.0), "1 h 2 min");
    }
}
