//! Packets as JSON: an object a line, with the fields of each protocol and the line of text.
//!
//! The same walk over a packet's bytes gives both. Protocols stand in the order in which they were entered;
//! a field that a protocol has more than once is an array.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use wirescope_dissect::{Dissector, Field, Fields, Text, TimePrecision, Value};
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

    /// Whether packets of this link type can be shown, if only as bytes.
    pub(crate) fn accepts(&self, link: LinkType) -> bool {
        self.dissector.accepts(link)
    }

    /// Bytes of the objects so far.
    pub(crate) fn len(&self) -> usize {
        self.record.borrow().text.len()
    }

    /// Hands over the objects so far and forgets them.
    pub(crate) fn take<E>(&mut self, write: impl FnOnce(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let text = &mut self.record.borrow_mut().text;
        write(text.as_bytes())?;
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

    fn fields(&mut self, fields: &[Field<'_>]) {
        self.0.borrow_mut().fields(fields);
    }

    fn leave(&mut self) {
        self.0.borrow_mut().open.pop();
    }
}

/// The objects as they are made.
struct Record {
    text: Text,
    /// The protocols of this packet.
    layers: Vec<Layer>,
    /// The protocols that have not ended, innermost last.
    open: Vec<usize>,
    /// The values of this packet.
    values: Vec<Place>,
    field_names: Labels,
    protocol_names: Labels,
    /// A number for each protocol of each packet.
    serial: u64,
    /// Fields on their way into the middle of the text.
    moved: Text,
    /// The member that names the packet's interface, for each of several.
    interfaces: Vec<Vec<u8>>,
}

/// One protocol of a packet.
struct Layer {
    serial: u64,
    /// Where its fields lie in the text.
    start: u32,
    end: u32,
    /// Whether a name came more than once.
    repeats: bool,
}

/// Where in the text a value lies, and whose it is.
struct Place {
    layer: u32,
    label: u32,
    start: u32,
    end: u32,
}

impl Default for Record {
    fn default() -> Self {
        Record {
            text: Text::default(),
            layers: Vec::new(),
            open: Vec::new(),
            values: Vec::new(),
            field_names: Labels::new(["\"", "\":"]),
            protocol_names: Labels::new(["{\"protocol\":\"", "\",\"offset\":"]),
            serial: 0,
            moved: Text::default(),
            interfaces: Vec::new(),
        }
    }
}

impl Record {
    fn begin(&mut self, packet: &Packet<'_>, number: u64, precision: TimePrecision) {
        self.layers.clear();
        self.open.clear();
        self.values.clear();
        let text = &mut self.text;
        text.str("{\"number\":");
        text.dec(number);
        text.str(",\"time\":");
        time(text, packet.time, precision);
        text.str(",\"captured_len\":");
        text.dec(packet.data.len() as u64);
        text.str(",\"wire_len\":");
        text.dec(packet.wire_len);
        if let Some(interface) = self.interfaces.get(packet.interface as usize) {
            text.bytes(interface);
        }
        text.str(",\"layers\":[");
    }

    fn end(&mut self, line: &[u8]) {
        self.close();
        // From the last to the first, so that no place moves before it is needed.
        for at in (0..self.layers.len()).rev() {
            if self.layers.get(at).is_some_and(|layer| layer.repeats) {
                self.group(at);
            }
        }
        take_comma(&mut self.text);
        self.text.str("],\"text\":");
        string(&mut self.text, line);
        self.text.str("}\n");
    }

    fn enter(&mut self, proto: &'static str, at: usize) {
        self.close();
        self.protocol_names.of(proto).1.append(&mut self.text);
        self.text.dec(at as u64);
        self.text.piece(b",\"fields\":{", 11);
        self.serial += 1;
        let start = self.text.len() as u32;
        self.open.push(self.layers.len());
        self.layers.push(Layer { serial: self.serial, start, end: start, repeats: false });
    }

    /// Closes the object of the protocol that began last.
    #[inline]
    fn close(&mut self) {
        let Some(layer) = self.layers.last_mut() else { return };
        take_comma(&mut self.text);
        layer.end = self.text.len() as u32;
        self.text.piece(b"}},", 3);
    }

    #[inline]
    fn fields(&mut self, fields: &[Field<'_>]) {
        let Some(&at) = self.open.last() else { return };
        if at + 1 < self.layers.len() {
            return fields.iter().for_each(|field| self.late_field(at, field));
        }
        let Some(layer) = self.layers.get_mut(at) else { return };
        for (name, value) in fields {
            let (number, label) = self.field_names.of(name);
            layer.repeats |= std::mem::replace(&mut label.came_in, layer.serial) == layer.serial;
            label.append(&mut self.text);
            let start = self.text.len() as u32;
            match *value {
                // Most values are numbers, and to call for them costs as much again.
                Value::Unsigned(number) => self.text.dec(number),
                _ => write_value(&mut self.text, value),
            }
            self.values.push(Place { layer: at as u32, label: number, start, end: self.text.len() as u32 });
            // What follows is a field or the end of the object, which takes the comma back.
            self.text.byte(b',');
        }
    }

    /// Writes a field of a protocol in which another one has begun: it goes behind the others of its protocol.
    #[cold]
    fn late_field(&mut self, at: usize, (name, value): &Field<'_>) {
        let Some(layer) = self.layers.get_mut(at) else { return };
        let (number, label) = self.field_names.of(name);
        layer.repeats |= std::mem::replace(&mut label.came_in, layer.serial) == layer.serial;
        let place = layer.end;
        let moved = &mut self.moved;
        moved.clear();
        moved.str(if layer.end > layer.start { "," } else { "" });
        label.append(moved);
        let start = place + moved.len() as u32;
        write_value(moved, value);
        let len = moved.len() as u32;
        layer.end += len;
        self.text.replace(place as usize, place as usize, moved.as_bytes());
        for layer in self.layers.iter_mut().skip(at + 1) {
            layer.start += len;
            layer.end += len;
        }
        for value in self.values.iter_mut().filter(|value| value.start >= place) {
            value.start += len;
            value.end += len;
        }
        self.values.push(Place { layer: at as u32, label: number, start, end: place + len });
    }

    /// Writes the fields of a protocol anew so that each name comes once, where it came first, with an array of
    /// all its values.
    #[cold]
    fn group(&mut self, at: usize) {
        let Record { text, layers, values, field_names, moved, serial, .. } = self;
        let Some(layer) = layers.get(at) else { return };
        // Another number tells which names have been written.
        *serial += 1;
        let own = |value: &&Place| value.layer == at as u32;
        let bytes_of =
            |value: &Place| text.as_bytes().get(value.start as usize..value.end as usize).unwrap_or_default();
        moved.clear();
        for (index, value) in values.iter().enumerate().filter(|(_, value)| own(value)) {
            let Some(label) = field_names.labels.get_mut(value.label as usize) else { continue };
            if std::mem::replace(&mut label.came_in, *serial) == *serial {
                continue;
            }
            label.append(moved);
            let start = moved.len();
            let same = |other: &&Place| own(other) && other.label == value.label;
            let mut count = 0;
            for other in values.iter().skip(index).filter(same) {
                moved.bytes(bytes_of(other));
                moved.byte(b',');
                count += 1;
            }
            moved.truncate(moved.len() - 1);
            if count > 1 {
                moved.replace(start, start, b"[");
                moved.byte(b']');
            }
            moved.byte(b',');
        }
        moved.truncate(moved.len().saturating_sub(1));
        text.replace(layer.start as usize, layer.end as usize, moved.as_bytes());
    }
}

/// Takes back the comma behind the last of a list; there is none behind the beginning of an empty one.
#[inline]
fn take_comma(text: &mut Text) {
    if text.as_bytes().ends_with(b",") {
        text.truncate(text.len() - 1);
    }
}

/// A name with what stands around it.
#[derive(Clone)]
struct Label {
    text: [u8; LABEL_ROOM],
    /// Bytes of the text; 0 where it has no room.
    len: usize,
    /// The protocol in which the name came last.
    came_in: u64,
    /// The text where it has no room.
    long: String,
}

/// Bytes of a label that are appended at once.
const LABEL_ROOM: usize = 48;
/// How many places labels have by where their names lie in memory.
const PLACES: usize = 1024;

/// The labels of names. Few names lie in memory more than once, and there are no more of them than the source has.
struct Labels {
    /// What stands before and behind each name.
    around: [&'static str; 2],
    labels: Vec<Label>,
    /// For places in memory the address and length that were asked for last, and the number of the label.
    recent: Vec<(usize, usize, u32)>,
    numbers: HashMap<&'static str, u32>,
}

impl Label {
    #[inline]
    fn append(&self, text: &mut Text) {
        if self.len == 0 {
            return text.str(&self.long);
        }
        text.piece(&self.text, self.len);
    }
}

impl Labels {
    fn new(around: [&'static str; 2]) -> Labels {
        let mut labels =
            Labels { around, labels: Vec::new(), recent: vec![(0, 0, 0); PLACES], numbers: HashMap::new() };
        labels.add("");
        labels
    }

    /// The number of a name's label, and the label.
    #[inline]
    fn of(&mut self, name: &'static str) -> (u32, &mut Label) {
        let address = name.as_ptr() as usize;
        let place = address.wrapping_mul(0x9e37_79b1) >> 16 & (PLACES - 1);
        let number = match self.recent.get(place) {
            // One place may be that of a name and of another one that it starts.
            Some(&(known, len, number)) if known == address && len == name.len() => number,
            _ => self.find(place, name),
        };
        (number, &mut self.labels[number as usize])
    }

    #[cold]
    fn find(&mut self, place: usize, name: &'static str) -> u32 {
        let number = match self.numbers.get(name) {
            Some(number) => *number,
            None => self.add(name),
        };
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = (name.as_ptr() as usize, name.len(), number);
        }
        number
    }

    fn add(&mut self, name: &'static str) -> u32 {
        let number = self.labels.len() as u32;
        let [before, behind] = self.around;
        let mut label =
            Label { text: [0; LABEL_ROOM], len: 0, came_in: 0, long: [before, name, behind].concat() };
        if let Some(room) = label.text.get_mut(..label.long.len()) {
            room.copy_from_slice(label.long.as_bytes());
            label.len = label.long.len();
        }
        self.labels.push(label);
        self.numbers.insert(name, number);
        number
    }
}

/// Writes a value.
fn write_value(text: &mut Text, value: &Value<'_>) {
    match *value {
        Value::Unsigned(number) => text.dec(number),
        Value::Signed(number) => {
            text.str(if number < 0 { "-" } else { "" });
            text.dec(number.unsigned_abs());
        }
        Value::Bool(value) => text.str(if value { "true" } else { "false" }),
        Value::Text(value) => string(text, value.as_bytes()),
        Value::Bytes(bytes) => quoted(text, |text| text.hex_bytes(bytes)),
        Value::Mac(address) => quoted(text, |text| text.mac(address)),
        Value::Ipv4(address) => quoted(text, |text| text.ipv4(address)),
        Value::Ipv6(address) => quoted(text, |text| text.ipv6(address)),
    }
}

#[inline]
fn quoted(text: &mut Text, write: impl FnOnce(&mut Text)) {
    text.byte(b'"');
    write(text);
    text.byte(b'"');
}

/// Seconds since 1970 with as many digits after the point as the precision has.
fn time(text: &mut Text, time: Timestamp, precision: TimePrecision) {
    const SECOND: u64 = 1_000_000_000;
    // What a damaged file calls a fraction may be more than a second.
    let mut seconds = time.seconds.saturating_add_unsigned(time.nanos / SECOND).unsigned_abs();
    let mut nanos = time.nanos % SECOND;
    if time.as_nanos() < 0 {
        // Before 1970 the fraction counts towards zero.
        text.str("-");
        let whole = time.as_nanos().unsigned_abs();
        seconds = (whole / u128::from(SECOND)) as u64;
        nanos = (whole % u128::from(SECOND)) as u64;
    }
    text.dec(seconds);
    match precision {
        TimePrecision::Micro => text.micros((nanos / 1_000) as u32),
        TimePrecision::Nano => text.nanos(nanos as u32),
    }
    // Without the blank that follows it in a line.
    text.truncate(text.len() - 1);
}

/// How many bytes are looked at in one go.
const CHUNK: usize = 32;

/// A string in quotes. What is not UTF-8 is replaced, since JSON is.
fn string(text: &mut Text, bytes: &[u8]) {
    text.byte(b'"');
    let start = text.len();
    if !plain(text, bytes) {
        text.truncate(start);
        escaped(text, String::from_utf8_lossy(bytes).as_bytes());
    }
    text.byte(b'"');
}

/// Appends bytes as long as they are ASCII that needs no escaping; false where they are not.
fn plain(text: &mut Text, bytes: &[u8]) -> bool {
    let (chunks, rest) = bytes.as_chunks::<CHUNK>();
    for chunk in chunks {
        if !is_plain(chunk) {
            return false;
        }
        text.piece(chunk, CHUNK);
    }
    // Blanks make the rest as long as the others.
    let mut padded = [b' '; CHUNK];
    if let Some(room) = padded.get_mut(..rest.len()) {
        room.copy_from_slice(rest);
    }
    text.piece(&padded, rest.len());
    is_plain(&padded)
}

#[inline]
fn is_special(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\') | (byte == 0x7f)
}

/// Whether all bytes are ASCII and none needs escaping. Without a way out of the loop, all of them are compared at
/// once.
#[inline]
fn is_plain(chunk: &[u8; CHUNK]) -> bool {
    chunk.iter().fold(0, |special, byte| special | u8::from(is_special(*byte) | (*byte >= 0x80))) == 0
}

fn escaped(text: &mut Text, bytes: &[u8]) {
    for byte in bytes {
        match byte {
            b'"' => text.str("\\\""),
            b'\\' => text.str("\\\\"),
            b'\n' => text.str("\\n"),
            b'\r' => text.str("\\r"),
            b'\t' => text.str("\\t"),
            byte if is_special(*byte) => {
                text.str("\\u");
                text.hex(*byte, 4);
            }
            byte => text.byte(*byte),
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
        let text = String::from_utf8(record.text.as_bytes().to_vec()).expect("JSON is UTF-8");
        text.strip_suffix("],\"text\":\"\"}\n").expect("the end of an object").to_owned()
    }

    #[test]
    fn protocols_stand_in_the_order_in_which_they_begin() {
        let text = record(|record| {
            record.enter("ip", 14);
            record.fields(&[("ttl", Value::Unsigned(64))]);
            record.enter("tcp", 34);
            record.fields(&[("window", Value::Unsigned(u64::MAX))]);
            record.open.pop();
            record.fields(&[("src", Value::Ipv4([10, 0, 0, 255]))]);
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
            record.fields(&[("name", Value::Text("a"))]);
            record.fields(&[("id", Value::Signed(-1))]);
            record.fields(&[("name", Value::Text("b"))]);
        });
        assert_eq!(text, r#"{"protocol":"domain","offset":0,"fields":{"name":["a","b"],"id":-1}}"#);
    }

    #[test]
    fn a_late_field_and_repeated_ones_find_their_places() {
        let text = record(|record| {
            record.enter("a", 0);
            record.fields(&[("x", Value::Unsigned(1))]);
            record.enter("b", 1);
            record.fields(&[("y", Value::Bool(true))]);
            record.fields(&[("y", Value::Mac([0, 1, 2, 3, 0xfe, 0xff]))]);
            record.open.pop();
            record.fields(&[("x", Value::Bytes(&[0xab]))]);
            record.fields(&[("a_name_that_is_longer_than_a_label_has_room_for", Value::Ipv6([0; 16]))]);
            record.enter("c", 2);
            record.fields(&[("z", Value::Unsigned(10))]);
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
    fn strings_are_escaped_and_always_utf_8() {
        let mut text = Text::default();
        string(&mut text, b"a\"\\\n\t\x00\x1b\x7f\xff\xc3\xa9");
        assert_eq!(
            std::str::from_utf8(text.as_bytes()),
            Ok("\"a\\\"\\\\\\n\\t\\u0000\\u001b\\u007f\u{fffd}\u{e9}\"")
        );
    }

    #[test]
    fn times_have_the_digits_of_their_precision() {
        let shown = |seconds, nanos, precision| {
            let mut text = Text::default();
            time(&mut text, Timestamp::new(seconds, nanos), precision);
            String::from_utf8_lossy(text.as_bytes()).into_owned()
        };
        assert_eq!(shown(12, 1_999, TimePrecision::Micro), "12.000001");
        assert_eq!(shown(12, 1_999, TimePrecision::Nano), "12.000001999");
        assert_eq!(shown(12, 1_500_000_000, TimePrecision::Micro), "13.500000");
        assert_eq!(shown(-2, 250_000_000, TimePrecision::Micro), "-1.750000");
    }
}
