//! A packet with the fields of its layers, as an object: what `docs/show.md` describes.

use serde::Serialize;
use wirescope_dissect::layers::{self, Field, Value};

/// A packet taken apart.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PacketObject<'a> {
    /// Its number in the input.
    pub packet: u64,
    /// When it was seen (RFC 3339).
    pub time: String,
    /// What kind of header it begins with, under libpcap's name.
    pub link: String,
    /// Bytes it had on the wire.
    pub wire_length: u32,
    /// Bytes that were captured.
    pub captured_length: usize,
    /// tcpdump's line for it.
    pub summary: &'a str,
    /// How many contradictions there are in it.
    pub problems: usize,
    /// Its layers, outermost first.
    pub layers: Vec<LayerObject<'a>>,
}

/// One layer.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct LayerObject<'a> {
    /// Its short name.
    pub protocol: &'a str,
    /// Its name in full.
    pub title: &'a str,
    /// Bytes before it in the packet.
    pub offset: usize,
    /// Bytes of its fields.
    pub length: usize,
    /// Its fields.
    pub fields: Vec<FieldObject<'a>>,
    /// What is wrong with it as a whole.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub problems: &'a [String],
}

/// One field.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FieldObject<'a> {
    /// The name that its RFC gives it.
    pub name: &'a str,
    /// How deep it lies in other fields.
    pub level: usize,
    /// Bytes before it in the packet.
    pub offset: usize,
    /// Bytes that hold some of it.
    pub length: usize,
    /// The first bit and how many, where it is not all bits of those bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<[usize; 2]>,
    /// Those bytes in hexadecimal digits.
    pub bytes: String,
    /// What it holds: a number, true or false, or text; null where it is only its bytes, its parts, or cut off.
    pub value: serde_json::Value,
    /// What that means.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub meaning: &'a str,
    /// What contradicts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'a str>,
}

/// How many contradictions were noted in a packet's layers.
pub fn problems(layers: &[layers::Layer]) -> usize {
    let in_layer = |layer: &layers::Layer| {
        layer.problems.len() + layer.fields.iter().filter(|field| field.problem.is_some()).count()
    };
    layers.iter().map(in_layer).sum()
}

impl<'a> LayerObject<'a> {
    /// A layer of the packet with these bytes.
    pub fn new(layer: &'a layers::Layer, data: &[u8]) -> Self {
        LayerObject {
            protocol: layer.protocol,
            title: layer.title,
            offset: layer.at,
            length: layer.length,
            fields: layer.fields.iter().map(|field| FieldObject::new(field, data)).collect(),
            problems: &layer.problems,
        }
    }
}

impl<'a> FieldObject<'a> {
    fn new(field: &'a Field, data: &[u8]) -> Self {
        FieldObject {
            name: field.name,
            level: field.level,
            offset: field.at,
            length: field.length,
            bits: field.bits.map(|bits| [bits.first, bits.count]),
            bytes: digits(bytes_of(field, data)),
            value: value(&field.value),
            meaning: &field.meaning,
            problem: field.problem.as_deref(),
        }
    }
}

/// The bytes of a packet that hold some of a field.
pub(crate) fn bytes_of<'d>(field: &Field, data: &'d [u8]) -> &'d [u8] {
    data.get(field.at..field.at + field.length).unwrap_or_default()
}

/// A link-layer address as people write it.
pub(crate) fn mac(address: [u8; 6]) -> String {
    address.map(|byte| format!("{byte:02x}")).join(":")
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn value(value: &Value) -> serde_json::Value {
    match value {
        Value::Number(number) | Value::Hex(number, _) => (*number).into(),
        Value::Flag(flag) => (*flag).into(),
        Value::Mac(address) => mac(*address).into(),
        Value::Ipv4(address) => address.to_string().into(),
        Value::Ipv6(address) => address.to_string().into(),
        Value::Text(text) => text.as_str().into(),
        Value::Bytes | Value::Parts | Value::Cut => serde_json::Value::Null,
    }
}
