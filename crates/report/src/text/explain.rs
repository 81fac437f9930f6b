//! Packets argued through, as text: statement by statement, with bytes and alternatives.

use wirescope_flow::explain::Explained;

use super::{ALARM, HEADING, Naming, QUIET, escape, grouped, packet_numbers};
use crate::explain::{Packet, Said};
use crate::filter_text::transport;

/// Columns of text; sentences go on in the next line.
const WIDTH: usize = 100;
/// Columns before a statement's sentence.
const INDENT: usize = 13;
/// Bytes shown in a row.
const ROW: usize = 16;

/// Every case up to `most`, and the rest as a number. `finds` says that the odd packets were looked for.
pub fn explain(found: &Explained, finds: bool, most: usize, naming: &Naming) -> String {
    let mut text = String::new();
    for case in found.cases.iter().take(most) {
        packet(&Packet::from(case), naming, &mut text);
    }
    if !finds {
        return text;
    }
    let untold = found.cases.iter().skip(most).map(|case| case.alike.count()).sum::<u64>() + found.left_out;
    if !found.cases.is_empty() {
        text.push_str(&format!(
            "{} of {} packets are odd, of {} sorts.\n",
            grouped(found.odd_packets),
            grouped(found.packets),
            grouped(found.cases.len() as u64)
        ));
    }
    if untold > 0 {
        let more = found.cases.len().saturating_sub(most);
        text.push_str(&format!(
            "{} odd packets of {} further sorts are not shown; --most N shows more.\n",
            grouped(untold),
            grouped(more as u64)
        ));
    }
    text
}

fn packet(packet: &Packet, naming: &Naming, text: &mut String) {
    let ends = match (packet.src, packet.dst) {
        (Some(src), Some(dst)) => {
            let port = |port: Option<u16>| port.map_or(String::new(), |port| format!(" port {port}"));
            let protocol = packet.protocol.unwrap_or(0);
            let word = match transport(protocol) {
                "ip" => format!("IP protocol {protocol}"),
                word => word.to_owned(),
            };
            let service = packet.dport.and_then(|port| naming.service(&word, port));
            let service = service.map_or(String::new(), |name| format!(" ({})", escape(name)));
            format!(", {word} {src}{} to {dst}{}{service}", port(packet.sport), port(packet.dport))
        }
        _ => String::new(),
    };
    text.push_str(&format!(
        "{HEADING}Packet {}{HEADING:#}, {}, {} bytes{ends}\n",
        packet.packet, packet.time, packet.length
    ));
    for said in &packet.statements {
        statement(said, text);
    }
    for answer in &packet.answers {
        sentence("answered", &format!("{}, in packet {}.", answer.text, answer.packet), text);
    }
    let more = packet.answer_count.saturating_sub(packet.answers.len() as u64);
    if more > 0 {
        sentence("", &format!("{more} more packets answered."), text);
    }
    for conclusion in &packet.conclusions {
        sentence("so", conclusion, text);
    }
    if packet.alike_count > 1 {
        let numbers = packet_numbers(&packet.alike, packet.alike_count);
        sentence("alike", &format!("The same is to be said of {numbers}."), text);
    }
    text.push_str(&format!("  {QUIET}tcpdump filter:{QUIET:#} {}\n\n", packet.filter));
}

fn statement(said: &Said, text: &mut String) {
    let style = if said.odd { ALARM } else { QUIET };
    let mark = if said.odd { '!' } else { ' ' };
    let label = format!("{style}{mark} {:<9}{style:#}", said.confidence);
    labelled(&label, &said.text, text);
    let indent = " ".repeat(INDENT);
    if let (Some(at), Some(hex)) = (said.offset, &said.hex) {
        let (pairs, _) = hex.as_bytes().as_chunks::<2>();
        for (row, bytes) in pairs.chunks(ROW).enumerate() {
            let bytes: Vec<&str> = bytes.iter().map(|pair| std::str::from_utf8(pair).unwrap_or("")).collect();
            text.push_str(&format!("{indent}{QUIET}{:>5}: {}{QUIET:#}\n", at + row * ROW, bytes.join(" ")));
        }
        let unshown = said.length.unwrap_or(0).saturating_sub(pairs.len());
        if unshown > 0 {
            text.push_str(&format!("{indent}       and {unshown} bytes more\n"));
        }
    }
    if !said.alternatives.is_empty() {
        wrapped(&format!("or: {}", said.alternatives.join("; or: ")), &indent, text);
    }
}

/// A sentence behind a word of its own kind.
fn sentence(word: &str, sentence: &str, text: &mut String) {
    labelled(&format!("{HEADING}  {word:<9}{HEADING:#}"), sentence, text);
}

fn labelled(label: &str, sentence: &str, text: &mut String) {
    let mut lines = String::new();
    wrapped(sentence, &" ".repeat(INDENT), &mut lines);
    text.push_str(label);
    // The label stands in place of the first line's indentation, but for the last two columns.
    text.push_str(lines.get(INDENT - 2..).unwrap_or(&lines));
}

fn wrapped(sentence: &str, indent: &str, text: &mut String) {
    let mut column = 0;
    for word in escape(sentence).split(' ') {
        let length = word.chars().count();
        if column > 0 && INDENT + column + 1 + length > WIDTH {
            text.push('\n');
            column = 0;
        }
        text.push_str(if column == 0 { indent } else { " " });
        text.push_str(word);
        column += length + usize::from(column > 0);
    }
    text.push('\n');
}
