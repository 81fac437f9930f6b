//! Packets as JSON: an object a line, with the fields of each protocol and the line of text.
//!
//! The same walk over a packet's bytes gives both. Protocols stand in the order in which they were entered;
//! a field that a protocol has more than once is an array.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::io::Write;
use std::net::Ipv6Addr;
use std::rc::Rc;

use wirescope_dissect::{Dissector, Fields, TimePrecision, Value};
use wirescope_wire::{LinkType, Packet, Timestamp};

/// Prints packets as objects.
pub(crate) struct JsonLines {
    dissector: Dissector,
    precision: TimePrecision,
    record: Rc<RefCell<Record>>,
}

impl JsonLines {
    /// Objects whose line of text is what `dissector` prints.
    pub(crate) fn new(mut dissector: Dissector, precision: TimePrecision) -> Self {
        let record = Rc::new(RefCell::new(Record::default()));
        dissector.set_sink(Some(Box::new(Sink(Rc::clone(&record)))));
        JsonLines { dissector, precision, record }
    }

    /// Whether packets of this link type can be printed.
    pub(crate) fn knows(&self, link: LinkType) -> bool {
        self.dissector.knows(link)
    }

    /// Bytes of the objects so far.
    pub(crate) fn len(&self) -> usize {
        self.record.borrow().text.len()
    }

    /// Hands over the objects so far and forgets them.
    pub(crate) fn take<E>(&mut self, write: impl FnOnce(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let text = &mut self.record.borrow_mut().text;
        write(text)?;
        text.clear();
        Ok(())
    }

    /// Names the interface of each packet, one of these.
    pub(crate) fn show_interfaces(&mut self, names: &[String]) {
        let member = |name: &String| {
            let name = serde_json::to_string(name).unwrap_or_default();
            format!(",\"interface\":{name}").into_bytes()
        };
        self.record.borrow_mut().interfaces = names.iter().map(member).collect();
        self.dissector.show_interfaces(names);
    }

    /// Appends the object of a packet, line end included.
    pub(crate) fn print(&mut self, packet: &Packet<'_>, number: u64) {
        self.record.borrow_mut().begin(packet, number, self.precision);
        self.dissector.print(packet, number);
        let line = self.dissector.text();
        self.record.borrow_mut().end(line.strip_suffix(b"\n").unwrap_or(line));
        self.dissector.clear();
    }
}

/// The end that the walk over a packet holds.
struct Sink(Rc<RefCell<Record>>);

impl Fields for Sink {
    fn enter(&mut self, proto: &'static str, at: usize) {
        self.0.borrow_mut().enter(proto, at);
    }

    fn field(&mut self, name: &'static str, value: Value<'_>) {
        self.0.borrow_mut().field(name, value);
    }

    fn leave(&mut self) {
        self.0.borrow_mut().open.pop();
    }
}

/// The objects as they are made.
#[derive(Default)]
struct Record {
    text: Vec<u8>,
    /// The protocols of this packet.
    layers: Vec<Layer>,
    /// The protocols that have not ended, innermost last.
    open: Vec<usize>,
    labels: Labels,
    /// A number for each protocol of each packet.
    serial: u64,
    /// A field of a protocol in which another one has begun, on its way into the middle of the text.
    late: Vec<u8>,
    /// The member that names the packet's interface, for each of several.
    interfaces: Vec<Vec<u8>>,
}

/// One protocol of a packet.
struct Layer {
    serial: u64,
    /// Where its fields lie in the text.
    start: usize,
    end: usize,
    /// Whether a name came more than once.
    repeats: bool,
}

impl Record {
    fn begin(&mut self, packet: &Packet<'_>, number: u64, precision: TimePrecision) {
        self.layers.clear();
        self.open.clear();
        let text = &mut self.text;
        text.extend_from_slice(b"{\"number\":");
        decimal(text, number);
        text.extend_from_slice(b",\"time\":");
        time(text, packet.time, precision);
        text.extend_from_slice(b",\"captured_len\":");
        decimal(text, packet.data.len() as u64);
        text.extend_from_slice(b",\"wire_len\":");
        decimal(text, u64::from(packet.wire_len));
        if let Some(interface) = self.interfaces.get(packet.interface as usize) {
            text.extend_from_slice(interface);
        }
        text.extend_from_slice(b",\"layers\":[");
    }

    fn end(&mut self, line: &[u8]) {
        if !self.layers.is_empty() {
            self.text.extend_from_slice(b"}}");
        }
        // From the last to the first, so that no place moves before it is needed.
        for layer in self.layers.iter().rev().filter(|layer| layer.repeats) {
            let fields = self.text.get(layer.start..layer.end).unwrap_or_default();
            let grouped = grouped(fields);
            self.text.splice(layer.start..layer.end, grouped);
        }
        self.text.extend_from_slice(b"],\"text\":");
        string(&mut self.text, line);
        self.text.extend_from_slice(b"}\n");
    }

    fn enter(&mut self, proto: &'static str, at: usize) {
        let is_first = self.layers.is_empty();
        self.text.extend_from_slice(if is_first { b"{\"protocol\":\"" } else { b"}},{\"protocol\":\"" });
        self.text.extend_from_slice(proto.as_bytes());
        self.text.extend_from_slice(b"\",\"offset\":");
        decimal(&mut self.text, at as u64);
        self.text.extend_from_slice(b",\"fields\":{");
        self.serial += 1;
        let start = self.text.len();
        self.open.push(self.layers.len());
        self.layers.push(Layer { serial: self.serial, start, end: start, repeats: false });
    }

    #[inline]
    fn field(&mut self, name: &'static str, value: Value<'_>) {
        let Some(&at) = self.open.last() else { return };
        let is_last = at + 1 == self.layers.len();
        let Some(layer) = self.layers.get_mut(at) else { return };
        let text = if is_last { &mut self.text } else { &mut self.late };
        let before = text.len();
        let is_first = layer.end == layer.start;
        let label = self.labels.of(name);
        layer.repeats |= std::mem::replace(&mut label.came_in, layer.serial) == layer.serial;
        write_field(text, label, is_first, value);
        layer.end += text.len() - before;
        if !is_last {
            self.insert_late(at);
        }
    }

    /// Moves a late field behind the others of its protocol.
    #[cold]
    fn insert_late(&mut self, at: usize) {
        let len = self.late.len();
        let Some(layer) = self.layers.get(at) else { return };
        let place = layer.end - len;
        self.text.splice(place..place, self.late.drain(..));
        for layer in self.layers.iter_mut().skip(at + 1) {
            layer.start += len;
            layer.end += len;
        }
    }
}

/// The same fields so that each name comes once, where it came first, with an array of all its values.
#[cold]
fn grouped(fields: &[u8]) -> Vec<u8> {
    let mut values: Vec<(&[u8], Vec<&[u8]>)> = Vec::new();
    let mut rest = fields;
    while !rest.is_empty() {
        let (name, after) = rest.split_at(rest.iter().position(|byte| *byte == b':').unwrap_or(rest.len()));
        let after = after.strip_prefix(b":").unwrap_or(after);
        let (value, after) = after.split_at(value_len(after));
        match values.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) => all.push(value),
            None => values.push((name, vec![value])),
        }
        rest = after.strip_prefix(b",").unwrap_or(after);
    }
    let write = |(name, all): (&[u8], Vec<&[u8]>)| match all.as_slice() {
        [one] => [name, one].join(&b':'),
        _ => [name, b":[", &all.join(&b','), b"]"].concat(),
    };
    values.into_iter().map(write).collect::<Vec<_>>().join(&b',')
}

/// Bytes of the value that stands first: up to a comma that is in no string.
fn value_len(text: &[u8]) -> usize {
    let (mut in_string, mut escaped) = (false, false);
    let is_end = |byte: &u8| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            b',' => return !in_string,
            _ => {}
        }
        false
    };
    text.iter().position(is_end).unwrap_or(text.len())
}

/// A field's name as JSON has it, `,"name":`.
#[derive(Clone)]
struct Label {
    name: &'static str,
    text: [u8; LABEL_ROOM],
    /// Bytes of the text; 0 where it has no room.
    len: usize,
    /// The protocol in which the name came last.
    came_in: u64,
}

/// Bytes of a label that is kept.
const LABEL_ROOM: usize = 32;
/// How many places labels have by where their names lie in memory.
const PLACES: usize = 1024;

/// The labels of names. Few names lie in memory more than once, and there are no more of them than the source has.
struct Labels {
    labels: Vec<Label>,
    /// For places in memory the label that was asked for last.
    recent: Vec<(*const u8, usize)>,
    numbers: HashMap<&'static str, usize>,
}

impl Default for Labels {
    fn default() -> Self {
        Labels {
            labels: vec![Label::new("")],
            recent: vec![(std::ptr::null(), 0); PLACES],
            numbers: HashMap::from([("", 0)]),
        }
    }
}

impl Label {
    fn new(name: &'static str) -> Label {
        let whole = [b",\"", name.as_bytes(), b"\":"].concat();
        let mut text = [0; LABEL_ROOM];
        let mut len = 0;
        if let Some(room) = text.get_mut(..whole.len()) {
            room.copy_from_slice(&whole);
            len = whole.len();
        }
        Label { name, text, len, came_in: 0 }
    }
}

impl Labels {
    #[inline]
    fn of(&mut self, name: &'static str) -> &mut Label {
        let address = name.as_ptr();
        let place = (address as usize).wrapping_mul(0x9e37_79b1) >> 16 & (PLACES - 1);
        let number = match self.recent.get(place) {
            // One place may be that of a name and of another one that it starts.
            Some((known, number)) if *known == address && self.is_of(*number, name) => *number,
            _ => self.find(place, name),
        };
        &mut self.labels[number]
    }

    #[inline]
    fn is_of(&self, number: usize, name: &str) -> bool {
        self.labels.get(number).is_some_and(|label| label.name.len() == name.len())
    }

    #[cold]
    fn find(&mut self, place: usize, name: &'static str) -> usize {
        let next = self.labels.len();
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.labels.push(Label::new(name));
        }
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = (name.as_ptr(), number);
        }
        number
    }
}

/// A few bytes that are put together before they are appended at once.
struct Piece {
    bytes: [u8; PIECE_ROOM],
    len: usize,
}

/// Room for a label and the longest value of a fixed length.
const PIECE_ROOM: usize = LABEL_ROOM + 32;

impl Piece {
    #[inline]
    fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        self.put_part(bytes, N);
    }

    /// Puts the first `len` bytes; the others may be written too, and are written over.
    #[inline]
    fn put_part<const N: usize>(&mut self, bytes: [u8; N], len: usize) {
        if let Some(room) = self.bytes.get_mut(self.len..self.len + N) {
            room.copy_from_slice(&bytes);
        }
        self.len += len;
    }

    #[inline]
    fn decimal(&mut self, number: u32) {
        let digits = match number {
            0..100 => 1 + usize::from(number >= 10),
            100..10_000 => 3 + usize::from(number >= 1_000),
            10_000..1_000_000 => 5 + usize::from(number >= 100_000),
            1_000_000..100_000_000 => 7 + usize::from(number >= 10_000_000),
            _ => 9 + usize::from(number >= 1_000_000_000),
        };
        let mut end = self.len + digits;
        self.len = end;
        let mut rest = number;
        while rest >= 100 {
            end -= 2;
            if let Some(room) = self.bytes.get_mut(end..end + 2) {
                room.copy_from_slice(&PAIRS[(rest % 100) as usize]);
            }
            rest /= 100;
        }
        let [tens, ones] = PAIRS[rest as usize];
        if let Some(room) = self.bytes.get_mut(end - 1) {
            *room = ones;
        }
        if rest >= 10
            && let Some(room) = self.bytes.get_mut(end - 2)
        {
            *room = tens;
        }
    }

    /// Appends the piece to the text. Copying all of the room is faster than copying a part of it.
    #[inline]
    fn append(&self, text: &mut Vec<u8>) {
        let end = text.len() + self.len;
        text.extend_from_slice(&self.bytes);
        text.truncate(end);
    }
}

/// Writes a name and its value, after a comma unless it is the first field.
#[inline]
fn write_field(text: &mut Vec<u8>, label: &Label, is_first: bool, value: Value<'_>) {
    let mut piece = Piece { bytes: [0; PIECE_ROOM], len: 0 };
    if is_first || label.len == 0 {
        text.extend_from_slice(if is_first { b"\"" } else { b",\"" });
        text.extend_from_slice(label.name.as_bytes());
        text.extend_from_slice(b"\":");
    } else {
        piece.put_part(label.text, label.len);
    }
    match value {
        Value::Unsigned(number) if number <= u64::from(u32::MAX) => piece.decimal(number as u32),
        Value::Bool(true) => piece.put(*b"true"),
        Value::Bool(false) => piece.put(*b"false"),
        Value::Mac(address) => mac(&mut piece, address),
        Value::Ipv4(address) => ipv4(&mut piece, address),
        other => {
            piece.append(text);
            return write_long(text, other);
        }
    }
    piece.append(text);
}

/// Writes a value whose length has no bound, or a large one.
fn write_long(text: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Text(value) => string(text, value.as_bytes()),
        Value::Bytes(bytes) => {
            text.push(b'"');
            bytes.iter().for_each(|byte| text.extend_from_slice(&hex(*byte)));
            text.push(b'"');
        }
        Value::Ipv6(address) => shown(text, format_args!("\"{}\"", Ipv6Addr::from(address))),
        Value::Unsigned(number) => decimal(text, number),
        Value::Signed(number) => shown(text, format_args!("{number}")),
        // The others are short.
        Value::Bool(_) | Value::Mac(_) | Value::Ipv4(_) => {}
    }
}

fn shown(text: &mut Vec<u8>, value: fmt::Arguments<'_>) {
    // Writing to memory cannot fail.
    let _ = text.write_fmt(value);
}

#[inline]
fn mac(piece: &mut Piece, address: [u8; 6]) {
    let [a, b, c, d, e, f] = address.map(hex);
    piece.put([
        b'"', a[0], a[1], b':', b[0], b[1], b':', c[0], c[1], b':', d[0], d[1], b':', e[0], e[1], b':', f[0],
        f[1], b'"',
    ]);
}

/// Each byte in decimal with a dot behind, and how long that is.
const OCTETS: [([u8; 4], usize); 256] = {
    let mut octets = [([b'.'; 4], 0); 256];
    let mut byte = 0;
    while byte < 256 {
        let [hundreds, tens, ones] =
            [b'0' + (byte / 100) as u8, b'0' + (byte / 10 % 10) as u8, b'0' + (byte % 10) as u8];
        octets[byte] = match byte {
            0..10 => ([ones, b'.', b'.', b'.'], 2),
            10..100 => ([tens, ones, b'.', b'.'], 3),
            _ => ([hundreds, tens, ones, b'.'], 4),
        };
        byte += 1;
    }
    octets
};

#[inline]
fn ipv4(piece: &mut Piece, address: [u8; 4]) {
    piece.put([b'"']);
    for byte in address {
        let (digits, len) = OCTETS[usize::from(byte)];
        piece.put_part(digits, len);
    }
    // The last dot becomes the closing quote.
    piece.len -= 1;
    piece.put([b'"']);
}

/// Seconds since 1970 with as many digits after the point as the precision has.
fn time(text: &mut Vec<u8>, time: Timestamp, precision: TimePrecision) {
    const SECOND: u64 = 1_000_000_000;
    // What a damaged file calls a fraction may be more than a second.
    let seconds = time.seconds.saturating_add_unsigned(time.nanos / SECOND);
    let nanos = time.nanos % SECOND;
    if seconds < 0 {
        // Before 1970 the fraction counts towards zero.
        let nanos = time.as_nanos().unsigned_abs();
        let (seconds, fraction) = (nanos / u128::from(SECOND), nanos % u128::from(SECOND));
        return match precision {
            TimePrecision::Micro => shown(text, format_args!("-{seconds}.{:06}", fraction / 1_000)),
            TimePrecision::Nano => shown(text, format_args!("-{seconds}.{fraction:09}")),
        };
    }
    decimal(text, seconds.unsigned_abs());
    // A one on top keeps the zeros in front, and then becomes the point.
    let mut piece = Piece { bytes: [0; PIECE_ROOM], len: 0 };
    match precision {
        TimePrecision::Micro => piece.decimal(1_000_000 + (nanos / 1_000) as u32),
        TimePrecision::Nano => piece.decimal((SECOND + nanos) as u32),
    }
    piece.bytes[0] = b'.';
    piece.append(text);
}

/// The two decimal digits of each number below 100.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

#[inline]
fn decimal(text: &mut Vec<u8>, number: u64) {
    // Most numbers are small, and 32 bits are divided several times as fast as 64.
    if let Ok(small) = u32::try_from(number) {
        let mut piece = Piece { bytes: [0; PIECE_ROOM], len: 0 };
        piece.decimal(small);
        piece.append(text);
    } else {
        shown(text, format_args!("{number}"));
    }
}

#[inline]
fn hex(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]
}

/// How many bytes are looked at in one go.
const CHUNK: usize = 32;

/// A string in quotes. What is not UTF-8 is replaced, since JSON is.
fn string(text: &mut Vec<u8>, bytes: &[u8]) {
    text.push(b'"');
    if bytes.is_ascii() {
        escaped(text, bytes);
    } else {
        escaped(text, String::from_utf8_lossy(bytes).as_bytes());
    }
    text.push(b'"');
}

fn escaped(text: &mut Vec<u8>, bytes: &[u8]) {
    let (chunks, rest) = bytes.as_chunks::<CHUNK>();
    for chunk in chunks {
        if is_plain(chunk) {
            text.extend_from_slice(chunk);
        } else {
            escaped_one_by_one(text, chunk);
        }
    }
    // Blanks make the rest as long as the others.
    let mut padded = [b' '; CHUNK];
    if let Some(room) = padded.get_mut(..rest.len()) {
        room.copy_from_slice(rest);
    }
    if is_plain(&padded) {
        text.extend_from_slice(rest);
    } else {
        escaped_one_by_one(text, rest);
    }
}

#[inline]
fn is_special(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\') | (byte == 0x7f)
}

/// Whether nothing needs escaping. Without a way out of the loop, all bytes are compared at once.
#[inline]
fn is_plain(chunk: &[u8; CHUNK]) -> bool {
    chunk.iter().fold(0, |special, byte| special | u8::from(is_special(*byte))) == 0
}

fn escaped_one_by_one(text: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        match byte {
            b'"' => text.extend_from_slice(b"\\\""),
            b'\\' => text.extend_from_slice(b"\\\\"),
            b'\n' => text.extend_from_slice(b"\\n"),
            b'\r' => text.extend_from_slice(b"\\r"),
            b'\t' => text.extend_from_slice(b"\\t"),
            byte if is_special(*byte) => {
                text.extend_from_slice(b"\\u00");
                text.extend_from_slice(&hex(*byte));
            }
            byte => text.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: impl FnOnce(&mut Record)) -> String {
        let mut record = Record::default();
        fields(&mut record);
        record.end(b"");
        let text = String::from_utf8(record.text).expect("JSON is UTF-8");
        text.strip_suffix("],\"text\":\"\"}\n").expect("the end of an object").to_owned()
    }

    #[test]
    fn protocols_stand_in_the_order_in_which_they_begin() {
        let text = record(|record| {
            record.enter("ip", 14);
            record.field("ttl", Value::Unsigned(64));
            record.enter("tcp", 34);
            record.field("window", Value::Unsigned(u64::MAX));
            record.open.pop();
            record.field("src", Value::Ipv4([10, 0, 0, 255]));
        });
        assert_eq!(
            text,
            r#"{"protocol":"ip","offset":14,"fields":{"ttl":64,"src":"10.0.0.255"}},{"protocol":"tcp","offset":34,"fields":{"window":18446744073709551615}}"#
        );
    }

    #[test]
    fn a_field_that_comes_again_becomes_an_array() {
        let text = record(|record| {
            record.enter("domain", 0);
            record.field("name", Value::Text("a"));
            record.field("id", Value::Signed(-1));
            record.field("name", Value::Text("b"));
        });
        assert_eq!(text, r#"{"protocol":"domain","offset":0,"fields":{"name":["a","b"],"id":-1}}"#);
    }

    #[test]
    fn a_late_field_and_repeated_ones_find_their_places() {
        let text = record(|record| {
            record.enter("a", 0);
            record.field("x", Value::Unsigned(1));
            record.enter("b", 1);
            record.field("y", Value::Bool(true));
            record.field("y", Value::Mac([0, 1, 2, 3, 0xfe, 0xff]));
            record.open.pop();
            record.field("x", Value::Bytes(&[0xab]));
            record.field("a_name_that_is_longer_than_a_label_has_room_for", Value::Ipv6([0; 16]));
            record.enter("c", 2);
            record.field("z", Value::Unsigned(10));
        });
        assert_eq!(
            text,
            concat!(
                r#"{"protocol":"a","offset":0,"fields":{"x":[1,"ab"],"#,
                r#""a_name_that_is_longer_than_a_label_has_room_for":"::"}},"#,
                r#"{"protocol":"b","offset":1,"fields":{"y":[true,"00:01:02:03:fe:ff"]}},"#,
                r#"{"protocol":"c","offset":2,"fields":{"z":10}}"#
            )
        );
    }

    #[test]
    fn numbers_of_all_lengths_are_right() {
        for number in
            (0..64).flat_map(|bits| [(1u64 << bits) - 1, 1 << bits]).chain([u64::MAX, 99, 100, 1000])
        {
            let mut text = Vec::new();
            decimal(&mut text, number);
            assert_eq!(String::from_utf8(text), Ok(number.to_string()));
        }
    }

    #[test]
    fn strings_are_escaped_and_always_utf_8() {
        let mut text = Vec::new();
        string(&mut text, b"a\"\\\n\t\x00\x1b\x7f\xff\xc3\xa9");
        assert_eq!(
            String::from_utf8(text).as_deref(),
            Ok("\"a\\\"\\\\\\n\\t\\u0000\\u001b\\u007f\u{fffd}\u{e9}\"")
        );
    }

    #[test]
    fn times_have_the_digits_of_their_precision() {
        let shown = |nanos, precision| {
            let mut text = Vec::new();
            time(&mut text, Timestamp::new(12, nanos), precision);
            String::from_utf8(text).expect("digits")
        };
        assert_eq!(shown(1_999, TimePrecision::Micro), "12.000001");
        assert_eq!(shown(1_999, TimePrecision::Nano), "12.000001999");
        assert_eq!(shown(1_500_000_000, TimePrecision::Micro), "13.500000");
    }
}
