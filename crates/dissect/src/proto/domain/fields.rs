//! Questions and answers as fields: names whole, whatever the text shows of them.

use super::{TYPES, record};
use crate::Out;
use crate::tokens;
use wirescope_wire::dns::{self, Dns};
use wirescope_wire::{Cursor, Walk};

/// Most records of one message that are handed on.
const MAX_RECORDS: usize = 1024;

/// Hands on the header, the questions, and all records up to the first that is damaged.
pub(super) fn hand_on(out: &mut Out, message: Cursor<'_>) {
    // What is damaged shows in the text; the fields before it stand.
    _ = sections(out, message);
}

fn sections(out: &mut Out, message: Cursor<'_>) -> Walk {
    let mut c = message;
    let header = Dns::read(&mut c)?;
    let [questions, answers, authorities, additionals] = header.counts();
    out.fields(|| {
        [
            ("transaction_id", header.id().into()),
            ("response", header.is_response().into()),
            ("operation", header.opcode().into()),
            ("response_code", header.rcode().into()),
            ("flags", header.flags().into()),
            ("questions", questions.into()),
            ("answers", answers.into()),
            ("authorities", authorities.into()),
            ("additionals", additionals.into()),
        ]
    });
    for _ in 0..usize::from(questions).min(MAX_RECORDS) {
        let name = name(message, &mut c)?;
        let (record_type, class) = (c.u16()?, c.u16()?);
        out.field("question_name", &*name);
        type_field(out, "question_type", record_type);
        out.field("question_class", class);
    }
    let records = usize::from(answers) + usize::from(authorities) + usize::from(additionals);
    for _ in 0..records.min(MAX_RECORDS) {
        let name = name(message, &mut c)?;
        let (record_type, class, ttl, length) = (c.u16()?, c.u16()?, c.u32()?, c.u16()?);
        let data = c.split(length.into());
        out.field("record_name", &*name);
        type_field(out, "record_type", record_type);
        out.field("record_class", class);
        out.field("time_to_live", ttl);
        self::data(out, message, data, record_type)?;
    }
    Ok(())
}

fn type_field(out: &mut Out, field: &'static str, record_type: u16) {
    match tokens::name(TYPES, record_type.into()) {
        Some(name) => out.field(field, name),
        None => out.field(field, record_type),
    }
}

fn data<'a>(out: &mut Out, message: Cursor<'a>, mut c: Cursor<'a>, record_type: u16) -> Walk {
    match record_type {
        record::record_type::A => out.field("record_data", *c.array::<4>()?),
        record::record_type::AAAA => out.field("record_data", *c.array::<16>()?),
        record::record_type::NS
        | record::record_type::CNAME
        | record::record_type::PTR
        | record::record_type::DNAME => {
            // The part ends with the record, but a compressed name may point before it.
            let name = name(message, &mut c)?;
            out.field("record_data", &*name);
        }
        _ => out.field("record_data", c.claimed_bytes()),
    }
    Ok(())
}

/// A name with its dots; bytes that are no text are shown as escapes.
fn name<'a>(message: Cursor<'a>, c: &mut Cursor<'a>) -> Walk<String> {
    let mut text = String::new();
    dns::labels(message, c, |label| {
        match std::str::from_utf8(label) {
            Ok(plain) if label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') => {
                text.push_str(plain);
            }
            _ => text.extend(label.escape_ascii().map(char::from)),
        }
        text.push('.');
    })?;
    if text.is_empty() {
        text.push('.');
    }
    Ok(text)
}
