//! The head of SNMP messages (RFC 1157, RFC 3416; encoding X.690): version, community, and what is asked.

use wirescope_wire::{Cursor, Stop, Walk};

use super::super::Value;
use super::super::walker::{Walker, text_of};
use crate::tokens::{self, Tokens};

const VERSIONS: &Tokens = &[(0, "version 1"), (1, "version 2c"), (2, "version 2u"), (3, "version 3")];
const UNITS: &Tokens = &[
    (0xa0, "get request"),
    (0xa1, "get next request"),
    (0xa2, "response"),
    (0xa3, "set request"),
    (0xa4, "trap"),
    (0xa5, "get bulk request"),
    (0xa6, "inform request"),
    (0xa7, "version 2 trap"),
    (0xa8, "report"),
];
const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const TRAP: u8 = 0xa4;
const VERSION_3: u64 = 3;

/// The place of an element, the bytes of its tag and length, and its content.
struct Element<'a> {
    at: usize,
    head: usize,
    content: Cursor<'a>,
}

/// A message.
pub(super) fn message(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("snmp", "Simple Network Management Protocol (RFC 1157, RFC 3416)", c);
    let whole = element(w, &mut c, "message", SEQUENCE)?;
    let mut inner = whole.content;
    let version = integer(w, &mut inner, "version")?;
    w.mean("version", tokens::name(VERSIONS, version as u32).unwrap_or("unknown"));
    if version < VERSION_3 {
        let community = element(w, &mut inner, "community", OCTET_STRING)?;
        let text = text_of(community.content.claimed_bytes());
        let length = community.head + community.content.available();
        w.add(community.at, length, "community", Value::Text(text), "")?;
        unit(w, &mut inner)?;
    }
    w.data(inner);
    w.trailer(c);
    Ok(())
}

/// What is asked or told, up to the variables.
fn unit(w: &mut Walker<'_>, c: &mut Cursor<'_>) -> Walk {
    let tag = c.peek_u8(0).unwrap_or_default();
    let unit = element(w, c, "protocol data unit", tag)?;
    let name = tokens::name(UNITS, tag.into()).unwrap_or("unknown");
    w.add(unit.at, unit.head, "protocol data unit", Value::Hex(tag.into(), 2), name)?;
    let mut inner = unit.content;
    if tag != TRAP {
        integer(w, &mut inner, "request identifier")?;
        integer(w, &mut inner, "error status")?;
        integer(w, &mut inner, "error index")?;
    }
    let rest = inner.length();
    if rest > 0 { w.bytes(&mut inner, "variables", rest) } else { Ok(()) }
}

fn integer(w: &mut Walker<'_>, c: &mut Cursor<'_>, name: &'static str) -> Walk<u64> {
    let element = element(w, c, name, INTEGER)?;
    let bytes = element.content.claimed_bytes();
    if bytes.len() < element.content.length() || bytes.len() > 8 {
        return w.cut(element.content, name, element.content.length());
    }
    let number = bytes.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    w.add(element.at, element.head + bytes.len(), name, Value::Number(number), "")?;
    Ok(number)
}

/// Reads tag and length of an element, which must have this tag, and parts its content off.
fn element<'a>(w: &mut Walker<'_>, c: &mut Cursor<'a>, name: &'static str, tag: u8) -> Walk<Element<'a>> {
    const LONG: u8 = 0x80;
    const MAX_LENGTH_BYTES: usize = 4;
    let start = *c;
    let (Ok(found), Ok(first)) = (c.u8(), c.u8()) else { return w.cut(start, name, 2) };
    if found != tag {
        w.add(start.at(), 1, name, Value::Hex(found.into(), 2), "")?;
        w.wrong(name, format!("tag 0x{tag:02x} was expected"));
        return Err(Stop::Invalid);
    }
    let mut length = usize::from(first);
    if first & LONG != 0 {
        let count = usize::from(first & !LONG);
        let Ok(bytes) = c.take(count.min(MAX_LENGTH_BYTES)) else { return w.cut(start, name, 2 + count) };
        length = bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    }
    let head = c.at() - start.at();
    if length > c.length() {
        w.doubt(format!("{name} claims {length} bytes, and {} are left", c.length()));
        length = c.length();
    }
    Ok(Element { at: start.at(), head, content: c.split(length) })
}
