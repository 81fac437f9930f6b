//! The basic encoding rules of ASN.1 (X.690), as far as SNMP uses them.

use super::mib;
use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

const UNIVERSAL: &[&str] = &[
    "U-0",
    "Boolean",
    "Integer",
    "Bitstring",
    "String",
    "Null",
    "ObjID",
    "ObjectDes",
    "U-8",
    "U-9",
    "U-10",
    "U-11",
    "U-12",
    "U-13",
    "U-14",
    "U-15",
    "Sequence",
    "Set",
];
const APPLICATION: &[&str] = &["IpAddress", "Counter", "Gauge", "TimeTicks", "Opaque", "C-5", "Counter64"];
const CONTEXT: &[&str] = &[
    "GetRequest",
    "GetNextRequest",
    "GetResponse",
    "SetRequest",
    "Trap",
    "GetBulk",
    "Inform",
    "V2Trap",
    "Report",
];
const PRIVATE: &[&str] = &["P-0"];
const EXCEPTIONS: &[&str] = &["noSuchObject", "noSuchInstance", "endOfMibView"];

mod class {
    pub(super) const UNIVERSAL: u8 = 0;
    pub(super) const APPLICATION: u8 = 1;
    pub(super) const CONTEXT: u8 = 2;
}

/// The number of a tag whose real number follows.
const EXTENDED_TAG: u8 = 0x1f;

/// What an element holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing that SNMP knows.
    Other,
    /// Bytes shown as they are.
    Octets,
    Text,
    Integer(i32),
    Unsigned(u32),
    Unsigned64(u64),
    ObjectId,
    Null,
    InternetAddress,
    Sequence,
    /// A protocol data unit, with its number.
    Pdu(u32),
    Exception(&'static str),
}

/// One element.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) kind: Kind,
    /// The contents.
    pub(super) data: Cursor<'a>,
}

/// Reads the element at `c` and advances past it. What cannot be an element is complained about in the
/// text and gives nothing.
pub(super) fn parse<'a>(out: &mut Out, c: &mut Cursor<'a>) -> Walk<Option<Element<'a>>> {
    if c.length() == 0 {
        return complain(out, format_args!("[nothing to parse]"));
    }
    let first = c.u8()?;
    let (class, constructed) = (first >> 6, first & 0x20 != 0);
    let Some(id) = identifier(out, c, first)? else { return Ok(None) };
    let Some(length) = contents_len(out, c)? else { return Ok(None) };
    if c.length() < length as usize {
        return complain(out, format_args!("[len{}<asnlen{length}]", c.length()));
    }
    let Some(name) = names(class).get(id as usize) else {
        let form = if constructed { 'C' } else { 'P' };
        return complain(out, format_args!("[id?{form}/x/{id}]"));
    };
    c.need(length as usize)?;
    let data = c.split(length as usize);
    let kind = if constructed {
        constructed_kind(out, class, id, name)
    } else {
        match primitive_kind(out, class, id, name, data)? {
            Some(kind) => kind,
            None => return Ok(None),
        }
    };
    Ok(Some(Element { kind, data }))
}

fn complain<T>(out: &mut Out, what: std::fmt::Arguments<'_>) -> Walk<Option<T>> {
    out.write_fmt(what);
    Ok(None)
}

fn names(class: u8) -> &'static [&'static str] {
    match class {
        class::UNIVERSAL => UNIVERSAL,
        class::APPLICATION => APPLICATION,
        class::CONTEXT => CONTEXT,
        _ => PRIVATE,
    }
}

/// The number of the tag, which may take several bytes.
fn identifier(out: &mut Out, c: &mut Cursor<'_>, first: u8) -> Walk<Option<u32>> {
    if first & EXTENDED_TAG != EXTENDED_TAG {
        return Ok(Some(u32::from(first & EXTENDED_TAG)));
    }
    let mut id = 0u32;
    loop {
        // The byte is looked at before the length is, as if it were there.
        let byte = c.peek_u8(0)?;
        if c.length() == 0 {
            return complain(out, format_args!("[Xtagfield?]"));
        }
        c.advance(1);
        id = id << 7 | u32::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Ok(Some(id));
        }
    }
}

fn contents_len(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Option<u32>> {
    if c.length() == 0 {
        return complain(out, format_args!("[no asnlen]"));
    }
    let first = c.u8()?;
    if first & 0x80 == 0 {
        return Ok(Some(first.into()));
    }
    let octets = usize::from(first & 0x7f);
    if c.length() < octets {
        return complain(out, format_args!("[asnlen? {}<{octets}]", c.length()));
    }
    let bytes = c.take(octets)?;
    Ok(Some(bytes.iter().fold(0u32, |length, byte| length << 8 | u32::from(*byte))))
}

fn primitive_kind(out: &mut Out, class: u8, id: u32, name: &str, data: Cursor<'_>) -> Walk<Option<Kind>> {
    let kind = match (class, id) {
        (class::UNIVERSAL, 2) => {
            if data.length() == 0 {
                return complain(out, format_args!("[asnlen=0]"));
            }
            let bytes = whole(data)?;
            let sign = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) { -1 } else { 0 };
            Kind::Integer(bytes.iter().fold(sign, |value, byte| value << 8 | i32::from(*byte)))
        }
        (class::UNIVERSAL, 4) => Kind::Text,
        (class::UNIVERSAL, 5) => Kind::Null,
        (class::UNIVERSAL, 6) => Kind::ObjectId,
        (class::APPLICATION, 0) => Kind::InternetAddress,
        (class::APPLICATION, 1..=3) => {
            Kind::Unsigned(whole(data)?.iter().fold(0, |value, byte| value << 8 | u32::from(*byte)))
        }
        (class::APPLICATION, 6) => {
            Kind::Unsigned64(whole(data)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
        }
        (class::CONTEXT, _) => match EXCEPTIONS.get(id as usize) {
            Some(exception) => Kind::Exception(exception),
            None => Kind::Other,
        },
        (class::UNIVERSAL, _) => {
            write!(out, "[P/U/{name}]");
            Kind::Octets
        }
        (class::APPLICATION, _) => {
            write!(out, "[P/A/{name}]");
            Kind::Octets
        }
        _ => {
            write!(out, "[P/x/{name}]");
            Kind::Octets
        }
    };
    Ok(Some(kind))
}

/// All bytes of an element's contents, which must be captured.
fn whole(data: Cursor<'_>) -> Walk<&[u8]> {
    data.need(data.length())?;
    Ok(data.claimed_bytes())
}

fn constructed_kind(out: &mut Out, class: u8, id: u32, name: &str) -> Kind {
    match (class, id) {
        (class::UNIVERSAL, 16) => Kind::Sequence,
        (class::CONTEXT, _) => Kind::Pdu(id),
        (class::UNIVERSAL, _) => {
            write!(out, "C/U/{name}");
            Kind::Octets
        }
        _ => {
            write!(out, "C/x/{name}");
            Kind::Octets
        }
    }
}

/// Writes the value of an element.
pub(super) fn print(out: &mut Out, element: &Element<'_>) -> Walk {
    let data = element.data;
    match element.kind {
        Kind::Other => {
            out.text("[BE_ANY!?]");
        }
        Kind::Octets => return print_octets(out, element),
        Kind::Text => return print_text(out, data),
        Kind::Integer(value) => write!(out, "{value}"),
        Kind::Unsigned(value) => {
            out.dec(value);
        }
        Kind::Unsigned64(value) => {
            out.dec(value);
        }
        Kind::ObjectId => return print_object_id(out, data),
        Kind::Null => {}
        Kind::InternetAddress => {
            if data.length() != 4 {
                out.text("[inetaddr len!=4]");
            }
            for (place, byte) in data.claimed_bytes().iter().enumerate() {
                out.text(if place > 0 { "." } else { "" }).dec(*byte);
            }
            return data.need(data.length());
        }
        Kind::Sequence => write!(out, "Seq({})", data.length()),
        Kind::Pdu(id) => {
            let name = CONTEXT.get(id as usize).copied().unwrap_or_default();
            write!(out, "{name}({})", data.length());
        }
        Kind::Exception(name) => write!(out, "[{name}]"),
    }
    Ok(())
}

/// Writes contents as bytes; what was captured of them is shown before truncation is.
pub(super) fn print_octets(out: &mut Out, element: &Element<'_>) -> Walk {
    for byte in element.data.claimed_bytes() {
        out.text("_").hex(*byte, 2);
    }
    element.data.need(element.data.length())
}

/// Writes text in quotes, or its bytes where it is none.
fn print_text(out: &mut Out, data: Cursor<'_>) -> Walk {
    let bytes = data.claimed_bytes();
    let is_text = |byte: &u8| (0x20..0x7f).contains(byte) || byte.is_ascii_whitespace() || *byte == 0x0b;
    if bytes.iter().all(is_text) {
        out.text("\"").escaped(bytes).text("\"");
    } else {
        out.hex_with(bytes, b'_');
    }
    data.need(data.length())
}

/// Writes an object identifier: by names as far as it has them, unless numbers are wanted.
fn print_object_id(out: &mut Out, data: Cursor<'_>) -> Walk {
    let mut path = Path { arcs: [0; mib::MAX_NAMED_ARCS], len: 0, named: !out.options.numeric, skip: 0 };
    if path.named {
        path.abbreviate(out, data);
    }
    arcs(data, |arc| path.print(out, arc));
    if data.has(data.length()) { Ok(()) } else { Err(Stop::Truncated) }
}

/// Reads the numbers of an object identifier.
fn arcs(data: Cursor<'_>, mut each: impl FnMut(u32)) {
    let mut arc = 0u32;
    let mut first = true;
    for byte in data.claimed_bytes() {
        arc = arc << 7 | u32::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        if first {
            // The first two numbers share one.
            let root = (arc / 40).min(2);
            each(root);
            arc -= root * 40;
            first = false;
        }
        each(arc);
        arc = 0;
    }
}

/// The way down the tree of object identifiers.
struct Path {
    arcs: [u32; mib::MAX_NAMED_ARCS],
    len: usize,
    /// Whether all numbers so far had names.
    named: bool,
    /// Numbers that an abbreviation stands for.
    skip: usize,
}

impl Path {
    /// Writes the abbreviation of a well-known beginning.
    fn abbreviate(&mut self, out: &mut Out, data: Cursor<'_>) {
        for (beginning, short) in mib::ABBREVIATIONS {
            let mut rest = beginning.iter();
            let mut fits = true;
            let mut count = 0;
            arcs(data, |arc| {
                count += 1;
                fits &= rest.next().is_none_or(|expected| *expected == arc);
            });
            if fits && count >= beginning.len() {
                out.text(short);
                self.skip = beginning.len();
                return;
            }
        }
    }

    fn print(&mut self, out: &mut Out, arc: u32) {
        match self.arcs.get_mut(self.len) {
            Some(place) => *place = arc,
            None => self.named = false,
        }
        self.len += 1;
        if self.len <= self.skip {
            return;
        }
        if self.len != self.skip + 1 || self.skip == 0 {
            out.text(".");
        }
        let name = if self.named { mib::name(self.arcs.get(..self.len).unwrap_or_default()) } else { None };
        match name {
            Some(name) => out.text(name),
            None => {
                self.named = false;
                out.dec(arc)
            }
        };
    }
}
