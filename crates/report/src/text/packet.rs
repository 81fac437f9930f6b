//! A packet field by field: where, which bytes, name, value, meaning; below a field what contradicts it.

use std::fmt::Write;

use wirescope_dissect::layers::{Field, Layer, Value};

use super::{ALARM, HEADING, QUIET, escape};
use crate::packet::{bytes_of, mac};

/// Bytes on a line beside a field, and in all before the rest is only counted.
const ROW: usize = 8;
const SHOWN: usize = 512;
/// Columns of the digits, and of names with their indent.
const DIGITS: usize = ROW * 3 - 1;
const NAME: usize = 36;
/// Bits that are shown one by one; wider fields show their bytes.
const SHOWN_BITS: usize = 16;

/// What stands above the fields of a packet.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Its number.
    pub number: u64,
    /// When it was seen.
    pub time: &'a str,
    /// Its link type's name.
    pub link: &'a str,
    /// Bytes it had on the wire.
    pub wire_len: u32,
    /// tcpdump's line for it.
    pub summary: &'a str,
}

/// A packet's layers as text. `data` are its captured bytes.
pub fn packet(head: &Head, layers: &[Layer], data: &[u8]) -> String {
    let mut text = String::new();
    let Head { number, time, link, wire_len, .. } = head;
    let _ = write!(text, "{HEADING}Packet {number}{HEADING:#}  {time}  {link}, {wire_len} bytes");
    if (data.len() as u64) < u64::from(*wire_len) {
        let _ = write!(text, ", {ALARM}{} captured{ALARM:#}", data.len());
    }
    text.push('\n');
    for line in head.summary.lines() {
        let _ = writeln!(text, "  {}", escape(line).trim_start());
    }
    for layer in layers {
        let end = (layer.at + layer.length).saturating_sub(1);
        let place = if layer.length == 0 { String::new() } else { format!("  bytes {}-{end}", layer.at) };
        let _ = writeln!(text, "{HEADING}{}{HEADING:#}{QUIET}{place}{QUIET:#}", layer.title);
        for each in &layer.fields {
            field(&mut text, each, data);
        }
        for problem in &layer.problems {
            let _ = writeln!(text, "  {ALARM}! {}{ALARM:#}", escape(problem));
        }
    }
    text
}

fn field(text: &mut String, field: &Field, data: &[u8]) {
    let bytes = bytes_of(field, data);
    let is_long = matches!(field.value, Value::Bytes | Value::Cut) && bytes.len() > ROW;
    let beside = match (&field.value, field.bits) {
        (Value::Parts, _) => String::new(),
        (_, Some(bits)) if bytes.len() * 8 <= SHOWN_BITS => pattern(bytes, bits.first, bits.count),
        (Value::Text(_), _) if bytes.len() > ROW => {
            format!("{} ..", row(bytes.get(..ROW - 1).unwrap_or(bytes)))
        }
        _ => row(bytes.get(..ROW).unwrap_or(bytes)),
    };
    let name = format!("{:indent$}{}", "", field.name, indent = field.level * 2);
    let (value, meaning) = (value(field, bytes), escape(&field.meaning));
    let parting = if value.is_empty() || meaning.is_empty() { "" } else { "  " };
    let at = field.at;
    let line = format!("{name:NAME$} {value}{parting}{meaning}");
    let _ = writeln!(text, "  {QUIET}{at:04x}  {beside:DIGITS$}{QUIET:#}  {}", line.trim_end());
    if is_long {
        more_bytes(text, field.at, bytes);
    }
    if let Some(problem) = &field.problem {
        let _ = writeln!(text, "  {:width$}{ALARM}! {}{ALARM:#}", "", escape(problem), width = DIGITS + 8);
    }
}

/// The lines of digits behind the first, with what they are as characters.
fn more_bytes(text: &mut String, at: usize, bytes: &[u8]) {
    for (number, chunk) in bytes.chunks(ROW).enumerate().skip(1).take(SHOWN / ROW - 1) {
        let (at, digits, characters) = (at + number * ROW, row(chunk), characters(chunk));
        let _ = writeln!(text, "  {QUIET}{at:04x}  {digits:DIGITS$}{QUIET:#}  {:NAME$} {characters}", "");
    }
    if bytes.len() > SHOWN {
        let _ = writeln!(text, "  {QUIET}and {} more bytes{QUIET:#}", bytes.len() - SHOWN);
    }
}

fn value(field: &Field, bytes: &[u8]) -> String {
    match &field.value {
        Value::Number(number) => number.to_string(),
        Value::Hex(number, digits) => format!("0x{number:0digits$x}"),
        Value::Flag(true) => "yes".to_owned(),
        Value::Flag(false) => "no".to_owned(),
        Value::Mac(address) => mac(*address),
        Value::Ipv4(address) => address.to_string(),
        Value::Ipv6(address) => address.to_string(),
        Value::Text(text) => escape(text),
        Value::Bytes | Value::Cut => characters(bytes.get(..ROW).unwrap_or(bytes)),
        Value::Parts => String::new(),
    }
}

/// Bytes in digits.
fn row(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

/// Bytes as characters, those that are none as points.
fn characters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if matches!(byte, b' '..=b'~') { char::from(*byte) } else { '.' }).collect()
}

/// The bits of a field as digits, those beside it as points, in groups of four.
fn pattern(bytes: &[u8], first: usize, count: usize) -> String {
    let mut text = String::new();
    for bit in 0..bytes.len() * 8 {
        if bit > 0 && bit.is_multiple_of(4) {
            text.push(' ');
        }
        let is_set = bytes.get(bit / 8).is_some_and(|byte| byte & (0x80 >> (bit % 8)) != 0);
        text.push(match (first..first + count).contains(&bit) {
            true if is_set => '1',
            true => '0',
            false => '.',
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_stand_where_they_stand_in_their_bytes() {
        assert_eq!(pattern(&[0x45], 4, 4), ".... 0101");
        assert_eq!(pattern(&[0x20, 0x03], 3, 13), "...0 0000 0000 0011");
    }

    #[test]
    fn nothing_from_a_packet_steers_the_terminal() {
        let field = Field {
            name: "line",
            at: 0,
            length: 4,
            bits: None,
            level: 0,
            value: Value::Text("\u{1b}[2J".to_owned()),
            meaning: String::new(),
            problem: None,
        };
        let layer = Layer {
            protocol: "text",
            title: "Lines of text",
            at: 0,
            length: 4,
            fields: vec![field],
            problems: Vec::new(),
        };
        let head = Head { number: 1, time: "", link: "", wire_len: 4, summary: "a\u{1b}c" };
        let text = anstyle_free(&packet(&head, &[layer], b"\x1b[2J"));
        assert!(text.contains("\\u{1b}[2J") && !text.contains('\u{1b}'), "{text}");
    }

    /// Without our own styles.
    fn anstyle_free(text: &str) -> String {
        let mut text = text.to_owned();
        for style in [HEADING, QUIET, ALARM] {
            for form in [format!("{style}"), format!("{style:#}")] {
                text = text.replace(&form, "");
            }
        }
        text
    }
}
