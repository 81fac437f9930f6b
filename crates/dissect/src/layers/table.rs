//! Headers as tables: a row for each field, in the order in which they stand on the wire.

use crate::tokens::Tokens;

/// One field of a header.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) name: &'static str,
    /// Bits it takes.
    pub(super) bits: usize,
    pub(super) form: Form,
    pub(super) meaning: Meaning,
}

/// How a field is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Decimal,
    Hex,
    Flag,
    Mac,
    Ipv4,
    Ipv6,
    Bytes,
    /// Text, up to the first byte of zero.
    Text,
}

/// What tells the meaning of a value.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
    None,
    Names(&'static Tokens),
    Told(fn(u64) -> String),
}

const fn row(name: &'static str, bits: usize, form: Form) -> Row {
    Row { name, bits, form, meaning: Meaning::None }
}

/// A number in decimal.
pub(super) const fn decimal(name: &'static str, bits: usize) -> Row {
    row(name, bits, Form::Decimal)
}

/// A number in hexadecimal digits.
pub(super) const fn hex(name: &'static str, bits: usize) -> Row {
    row(name, bits, Form::Hex)
}

/// One bit.
pub(super) const fn flag(name: &'static str) -> Row {
    row(name, 1, Form::Flag)
}

/// A link-layer address of six bytes.
pub(super) const fn mac(name: &'static str) -> Row {
    row(name, 48, Form::Mac)
}

/// An IPv4 address.
pub(super) const fn ipv4(name: &'static str) -> Row {
    row(name, 32, Form::Ipv4)
}

/// An IPv6 address.
pub(super) const fn ipv6(name: &'static str) -> Row {
    row(name, 128, Form::Ipv6)
}

/// So many bytes.
pub(super) const fn bytes(name: &'static str, count: usize) -> Row {
    row(name, count * 8, Form::Bytes)
}

/// Text in a place of so many bytes.
pub(super) const fn text(name: &'static str, count: usize) -> Row {
    row(name, count * 8, Form::Text)
}

impl Row {
    /// With names for its values.
    pub(super) const fn named(self, names: &'static Tokens) -> Row {
        Row { meaning: Meaning::Names(names), ..self }
    }

    /// With a function that tells what a value means.
    pub(super) const fn told(self, told: fn(u64) -> String) -> Row {
        Row { meaning: Meaning::Told(told), ..self }
    }
}

/// Lengths counted in words of four bytes.
pub(super) fn words(value: u64) -> String {
    format!("{} bytes", value * 4)
}

/// Seconds, as longer times where they are.
pub(super) fn seconds(value: u64) -> String {
    match value {
        0..120 => String::new(),
        120..7_200 => format!("{} min {} s", value / 60, value % 60),
        7_200..172_800 => format!("{} h {} min", value / 3_600, value / 60 % 60),
        _ => format!("{} d {} h", value / 86_400, value / 3_600 % 24),
    }
}
