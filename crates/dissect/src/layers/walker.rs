//! What reads tables and notes fields.

use std::net::{Ipv4Addr, Ipv6Addr};

use wirescope_wire::checksum;
use wirescope_wire::{Cursor, Stop, Walk};

use super::table::{Form, Meaning, Row};
use super::{Bits, Field, Layer, MAX_FIELDS, MAX_LAYERS, Value};
use crate::{Names, Network, tokens};

/// The one shape of what shows a layer: opens it, reads its fields, enters what it carries.
pub(super) type Show = for<'a> fn(&mut Walker<'_>, Cursor<'a>) -> Walk;

/// The layers so far, and what those below told about the packet.
pub(super) struct Walker<'n> {
    layers: Vec<Layer>,
    fields: usize,
    level: usize,
    pub(super) names: &'n Names,
    /// The innermost IP header, for pseudo-headers.
    pub(super) network: Network,
    /// Whether these are the first bytes of a packet, quoted by an error message: ends are no surprise.
    pub(super) quoted: bool,
    /// Whether the innermost IP datagram is a fragment, whose transport is not all here.
    pub(super) fragment: bool,
}

/// The numbers that a table yielded, by name.
pub(super) struct Values(Vec<(&'static str, u64)>);

impl Values {
    /// The number of this field; 0 for one that is no number.
    pub(super) fn get(&self, name: &str) -> u64 {
        self.0.iter().find(|row| row.0 == name).map_or(0, |row| row.1)
    }

    /// The number as a length.
    pub(super) fn len(&self, name: &str) -> usize {
        self.get(name) as usize
    }
}

impl<'n> Walker<'n> {
    pub(super) fn new(names: &'n Names) -> Self {
        Walker {
            layers: Vec::new(),
            fields: 0,
            level: 0,
            names,
            network: Network::None,
            quoted: false,
            fragment: false,
        }
    }

    pub(super) fn finish(self) -> Vec<Layer> {
        self.layers
    }

    // ---- layers ----------------------------------------------------------------------------------

    /// Lets `show` take apart what begins at `c`. What stops it has been noted; who called goes on.
    pub(super) fn enter(&mut self, show: Show, c: Cursor<'_>) {
        if self.layers.len() >= MAX_LAYERS || self.fields >= MAX_FIELDS {
            self.doubt("more layers follow than are taken apart");
            return;
        }
        let level = std::mem::take(&mut self.level);
        if show(self, c) == Err(Stop::Invalid) {
            self.doubt("the rest contradicts itself and is not taken apart");
        }
        self.level = level;
    }

    /// Begins a layer at `c`.
    pub(super) fn open(&mut self, protocol: &'static str, title: &'static str, c: Cursor<'_>) {
        let (at, length) = (c.at(), 0);
        self.layers.push(Layer { protocol, title, at, length, fields: Vec::new(), problems: Vec::new() });
    }

    /// What is wrong with the innermost layer as a whole.
    pub(super) fn doubt(&mut self, problem: impl Into<String>) {
        if let Some(layer) = self.layers.last_mut() {
            layer.problems.push(problem.into());
        }
    }

    /// Bytes that nothing here takes apart.
    pub(super) fn data(&mut self, c: Cursor<'_>) {
        if c.available() > 0 || c.length() > 0 {
            self.enter(data, c);
        }
    }

    /// What stands behind the end that a header claimed.
    pub(super) fn trailer(&mut self, c: Cursor<'_>) {
        if c.captured() > 0 {
            self.enter(trailer, c);
        }
    }

    // ---- fields ----------------------------------------------------------------------------------

    /// Reads the fields of a table and advances past them. The table ends with a whole byte.
    pub(super) fn rows(&mut self, c: &mut Cursor<'_>, rows: &[Row]) -> Walk<Values> {
        let mut values = Vec::with_capacity(rows.len());
        let mut bit = 0;
        for row in rows {
            let (first, end) = (bit / 8, (bit + row.bits).div_ceil(8));
            let Ok(bytes) = c.peek(first, end - first) else {
                return self.cut(c.ahead(first), row.name, end - first);
            };
            let number = number(bytes, bit % 8, row.bits);
            let partial = bit % 8 != 0 || row.bits % 8 != 0;
            let bits = partial.then_some(Bits { first: bit % 8, count: row.bits });
            let meaning = match row.meaning {
                Meaning::None => String::new(),
                Meaning::Names(names) => name_or_blank(names, number),
                Meaning::Told(told) => told(number),
            };
            self.add(c.at() + first, bytes.len(), row.name, value(row, number, bytes), meaning)?;
            self.last(|field| field.bits = bits);
            values.push((row.name, number));
            bit += row.bits;
        }
        c.skip(bit / 8)?;
        Ok(Values(values))
    }

    /// Notes a field of its own.
    pub(super) fn add(
        &mut self,
        at: usize,
        length: usize,
        name: &'static str,
        value: Value,
        meaning: impl Into<String>,
    ) -> Walk {
        if self.fields >= MAX_FIELDS {
            self.doubt("more fields follow than are shown");
            return Err(Stop::Truncated);
        }
        self.fields += 1;
        let level = self.level;
        if let Some(layer) = self.layers.last_mut() {
            layer.length = layer.length.max((at + length).saturating_sub(layer.at));
            let meaning = meaning.into();
            layer.fields.push(Field { name, at, length, bits: None, level, value, meaning, problem: None });
        }
        Ok(())
    }

    /// Reads so many bytes as a field.
    pub(super) fn bytes(&mut self, c: &mut Cursor<'_>, name: &'static str, count: usize) -> Walk {
        self.sized(c, name, count, |_| Value::Bytes)
    }

    /// Reads so many bytes as text.
    pub(super) fn text(&mut self, c: &mut Cursor<'_>, name: &'static str, count: usize) -> Walk {
        self.sized(c, name, count, |bytes| Value::Text(text_of(bytes)))
    }

    fn sized(
        &mut self,
        c: &mut Cursor<'_>,
        name: &'static str,
        count: usize,
        value: impl FnOnce(&[u8]) -> Value,
    ) -> Walk {
        match c.peek(0, count) {
            Ok(bytes) => {
                self.add(c.at(), count, name, value(bytes), "")?;
                c.skip(count)
            }
            Err(_) => self.cut(*c, name, count),
        }
    }

    /// A field with parts, which are read by `parts` from the next `length` bytes of `c`.
    pub(super) fn group<'a>(
        &mut self,
        c: &mut Cursor<'a>,
        name: &'static str,
        length: usize,
        meaning: impl Into<String>,
        parts: impl FnOnce(&mut Self, Cursor<'a>) -> Walk,
    ) -> Walk {
        let there = length.min(c.captured());
        self.add(c.at(), there, name, Value::Parts, meaning)?;
        self.level += 1;
        let part = c.split(length);
        let walked = parts(self, part);
        self.level -= 1;
        walked
    }

    /// Notes that a field of `count` bytes is not all there, and stops. Only where the packet itself leaves no
    /// room is that a contradiction: captures and quotations end where they were told to.
    pub(super) fn cut<T>(&mut self, c: Cursor<'_>, name: &'static str, count: usize) -> Walk<T> {
        let there = c.available();
        let is_wrong = !self.quoted && c.length() < count;
        let why = match is_wrong {
            _ if self.quoted => "no more is quoted",
            true => "the lengths before it leave no more",
            false => "no more was captured",
        };
        let said = format!("{there} of {count} bytes: {why}");
        let (meaning, problem) = if is_wrong { (String::new(), Some(said)) } else { (said, None) };
        self.add(c.at(), there, name, Value::Cut, meaning)?;
        self.last(|field| field.problem = problem);
        Err(Stop::Truncated)
    }

    /// Says what the last field of this name means.
    pub(super) fn mean(&mut self, name: &str, meaning: impl Into<String>) {
        self.named(name, |field| field.meaning = meaning.into());
    }

    /// Says what contradicts the last field of this name.
    pub(super) fn wrong(&mut self, name: &str, problem: impl Into<String>) {
        self.named(name, |field| field.problem = Some(problem.into()));
    }

    fn last(&mut self, change: impl FnOnce(&mut Field)) {
        if let Some(field) = self.layers.last_mut().and_then(|layer| layer.fields.last_mut()) {
            change(field);
        }
    }

    fn named(&mut self, name: &str, change: impl FnOnce(&mut Field)) {
        let fields = self.layers.last_mut().map(|layer| layer.fields.iter_mut().rev());
        if let Some(field) = fields.and_then(|mut fields| fields.find(|field| field.name == name)) {
            change(field);
        }
    }

    // ---- checksums -------------------------------------------------------------------------------

    /// Compares the field `checksum` with `sum`, which is zero over bytes that include a right one.
    pub(super) fn check(&mut self, found: u64, sum: u16) {
        match sum {
            0 => self.mean("checksum", "correct"),
            _ => {
                let right = checksum::expected(found as u16, sum);
                self.wrong("checksum", format!("wrong, should be 0x{right:04x}"));
            }
        }
    }

    /// Checks a transport's checksum over `whole`, with the pseudo-header, if all of it is here.
    pub(super) fn check_transport(&mut self, whole: Cursor<'_>, protocol: u8, found: u64) {
        let bytes = whole.claimed_bytes();
        let all_here = bytes.len() == whole.length() && !self.fragment && !self.quoted;
        match self.network.pseudo_header(protocol, bytes.len()) {
            Some(sum) if all_here => self.check(found, sum.bytes(bytes).checksum()),
            _ => self.mean("checksum", "not checked: not all that it covers is here"),
        }
    }
}

/// The bits of `bytes` from `first` on, as a number; the last eight bytes of what is longer.
fn number(bytes: &[u8], first: usize, count: usize) -> u64 {
    let whole = bytes.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    let below = (bytes.len() * 8).saturating_sub(first + count);
    let shifted = whole.checked_shr(below as u32).unwrap_or(0);
    if count >= 64 { shifted } else { shifted & ((1 << count) - 1) }
}

fn value(row: &Row, number: u64, bytes: &[u8]) -> Value {
    match row.form {
        Form::Decimal => Value::Number(number),
        Form::Hex => Value::Hex(number, row.bits.div_ceil(4)),
        Form::Flag => Value::Flag(number != 0),
        Form::Mac => bytes.first_chunk().map_or(Value::Bytes, |mac| Value::Mac(*mac)),
        Form::Ipv4 => bytes.first_chunk::<4>().map_or(Value::Bytes, |ip| Value::Ipv4(Ipv4Addr::from(*ip))),
        Form::Ipv6 => bytes.first_chunk::<16>().map_or(Value::Bytes, |ip| Value::Ipv6(Ipv6Addr::from(*ip))),
        Form::Bytes => Value::Bytes,
        Form::Text => Value::Text(text_of(bytes.split(|byte| *byte == 0).next().unwrap_or_default())),
    }
}

/// Bytes as text: UTF-8 where they are, else each byte that is no ASCII as a mark.
pub(super) fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn name_or_blank(names: &tokens::Tokens, number: u64) -> String {
    let known = u32::try_from(number).ok().and_then(|number| tokens::name(names, number));
    known.unwrap_or_default().trim().to_owned()
}

fn data(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("data", "Data", c);
    let count = c.length();
    w.bytes(&mut c, "bytes", count)
}

fn trailer(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("trailer", "Bytes behind the claimed end", c);
    let bytes = c.bytes();
    let count = bytes.len();
    w.bytes(&mut c, "bytes", count)?;
    match bytes.iter().filter(|byte| **byte != 0).count() {
        0 => w.mean("bytes", "padding, all zero"),
        others => w.wrong("bytes", format!("{others} of {count} bytes are not zero: padding should be")),
    }
    Ok(())
}
