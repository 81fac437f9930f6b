//! Paths to components of a block, and the data at their ends (RFC 5810 section 7.1.1.1.8).

use super::{Fault, TLV_LEN, TLVS, dump, indent, read_tlv};
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

/// Kinds of data, as bits.
pub(super) const FULL: u16 = 1;
pub(super) const SPARSE: u16 = 2;
pub(super) const RESULT: u16 = 4;
/// Beside them in the same set, from the flags of a path: it is to be appended.
const APPEND: u16 = 8;

const RESULTS: &Tokens = &[
    (0, "SUCCESS"),
    (1, "INVALID HEADER"),
    (2, "LENGTH MISMATCH"),
    (3, "VERSION MISMATCH"),
    (4, "INVALID DESTINATION PID"),
    (5, "LFB UNKNOWN"),
    (6, "LFB NOT FOUND"),
    (7, "LFB INSTANCE ID NOT FOUND"),
    (8, "INVALID PATH"),
    (9, "COMPONENT DOES NOT EXIST"),
    (10, "EXISTS ALREADY"),
    (11, "NOT FOUND"),
    (12, "READ ONLY"),
    (13, "INVALID ARRAY CREATION"),
    (14, "VALUE OUT OF RANGE"),
    (15, "CONTENTS TOO LONG"),
    (16, "INVALID PARAMETERS"),
    (17, "INVALID MESSAGE TYPE"),
    (18, "INVALID FLAGS"),
    (19, "INVALID TLV"),
    (20, "EVENT ERROR"),
    (21, "NOT SUPPORTED"),
    (22, "MEMORY ERROR"),
    (23, "INTERNAL ERROR"),
    (255, "UNSPECIFIED ERROR"),
];

mod tlv {
    pub(super) const PATH_DATA: u16 = 0x0110;
    pub(super) const KEY_INFO: u16 = 0x0111;
    pub(super) const FULL_DATA: u16 = 0x0112;
    pub(super) const SPARSE_DATA: u16 = 0x0113;
    pub(super) const RESULT: u16 = 0x0114;
}

mod flag {
    pub(super) const KEY: u16 = 1;
    pub(super) const RANGE: u16 = 2;
    pub(super) const APPEND: u16 = 4;
}

/// What tcpdump 5.0 writes behind a path whose data it could not print: the condition it tested, as its
/// compiler saw it, for which it printed the path a second time.
const TESTED: &str = " [pdata_print(ndo, dp, tlvl - TLV_HDRL, op_msk, indent + 1) 4294967295 == 4294967295]";

/// Prints paths one behind the other, which may hold `data`.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>, data: u16, level: usize) -> Walk {
    while let Ok((kind, value)) = read_tlv(&mut c)? {
        indent(out, level).token(TLVS, kind, format_args!("#{kind}"));
        let length = value.length();
        write!(out, ", length {} (data encapsulated {length} Bytes)", length + TLV_LEN);
        match out.nest(|out| path(out, value, data, level + 1)) {
            Err(Stop::Invalid) => {
                if out.nest(|out| path(out, value, data, level + 1)) == Err(Stop::Truncated) {
                    return Err(Stop::Truncated);
                }
                out.text(TESTED);
                return Ok(());
            }
            walk => walk?,
        }
    }
    if c.length() > 0 {
        let kind = c.peek_u16(0).unwrap_or(0);
        let length = c.peek_u16(2).unwrap_or(0);
        let excess = (c.length() as u32).wrapping_sub(length.into());
        write!(out, "\n\t\tMessy PATHDATA TLV header, type (0x{kind:x})\n\t\texcess of {excess} Bytes ");
    }
    Ok(())
}

fn path(out: &mut Out, mut c: Cursor<'_>, data: u16, level: usize) -> Walk {
    if c.length() < 4 {
        return out.disagree("len", c.length(), "<", 4);
    }
    let (flags, ids) = (c.u16()?, c.u16()?);
    out.text("\n");
    writeln!(indent(out, level), "Pathdata: Flags 0x{flags:x} ID count {ids}");
    let ids_len = usize::from(ids) * 4;
    if c.length() < ids_len {
        writeln!(out, "\t\t\ttruncated IDs expected {ids_len}B got {}B", c.length());
        out.dump_hex("\t\t\tID Data[", c.claimed_bytes());
        out.text("]\n");
        return Err(Stop::Invalid);
    }
    if flags & flag::KEY != 0 && flags & flag::RANGE != 0 {
        out.text("\t\t\tIllegal to have both Table ranges and keys\n");
        return Err(Stop::Invalid);
    }
    let mut allowed = data;
    if flags & flag::APPEND != 0 {
        allowed |= APPEND;
        indent(out, level).text("TABLE APPEND\n");
    }
    for number in 1..=ids {
        writeln!(indent(out, level), "ID#{number:02}: {}", c.u32()?);
    }
    selection(out, &mut c, flags, level)?;
    if c.length() == 0 {
        return Ok(());
    }
    let whole = c;
    match read_tlv(&mut c)? {
        // The path goes on in paths of their own.
        Ok((tlv::PATH_DATA, _)) => print(out, whole, data, level + 2),
        Ok((kind, value)) => content(out, whole, value, kind, allowed, level),
        Err(fault) => outstanding(out, c, fault),
    }
}

/// The rows of a table that a path selects: by key, or from one to another.
fn selection(out: &mut Out, c: &mut Cursor<'_>, flags: u16, level: usize) -> Walk {
    const SELECTION_LEN: usize = 8;
    if flags & (flag::KEY | flag::RANGE) == 0 {
        return Ok(());
    }
    if c.length() <= SELECTION_LEN {
        writeln!(out, "pathlength {} with key/range too short {}", c.length(), SELECTION_LEN + TLV_LEN);
        return Err(Stop::Invalid);
    }
    if flags & flag::RANGE != 0 {
        writeln!(indent(out, level), "Table range: [{},{}]", c.u32()?, c.u32()?);
        return Ok(());
    }
    let length = usize::from(c.peek_u16(2)?);
    if length < TLV_LEN {
        writeln!(out, "key content length {length} < {TLV_LEN}");
        return Err(Stop::Invalid);
    }
    match read_tlv(c)? {
        Ok((_, value)) => key(out, value, level + 2),
        Err(_) => {
            out.text("key content too short\n");
            Err(Stop::Invalid)
        }
    }
}

/// Tells what is left where no value can be read.
fn outstanding(out: &mut Out, c: Cursor<'_>, fault: Fault) -> Walk {
    let (kind, length) = (c.peek_u16(0).unwrap_or(0), c.peek_u16(2).unwrap_or(0));
    writeln!(
        out,
        "{} Outstanding bytes {} for TLV type 0x{kind:x} TLV len {length}",
        fault.text(),
        c.length()
    );
    bad_data(out, c)
}

fn bad_data(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.dump_hex("Bad Data val\n\t  [", c.claimed_bytes());
    out.text("]\n");
    Err(Stop::Invalid)
}

/// The data at the end of a path.
fn content(
    out: &mut Out,
    whole: Cursor<'_>,
    value: Cursor<'_>,
    kind: u16,
    allowed: u16,
    level: usize,
) -> Walk {
    let mask = match kind {
        tlv::KEY_INFO => 0,
        tlv::FULL_DATA => FULL,
        tlv::SPARSE_DATA => SPARSE,
        tlv::RESULT => RESULT,
        _ => {
            let length = value.length() + TLV_LEN;
            writeln!(out, "Invalid path data content type 0x{kind:x} len {length}");
            return bad_data(out, whole);
        }
    };
    let length = value.length();
    let pad = length.next_multiple_of(4) - length;
    indent(out, level).text("  ").token(TLVS, kind, format_args!("#{kind}"));
    write!(out, " (Length {} DataLen {length}", length + TLV_LEN);
    if pad > 0 {
        write!(out, " pad {pad}");
    }
    out.text(" Bytes)\n");
    if allowed & mask == 0 {
        writeln!(out, "Illegal DATA encoding for type 0x{kind:x} programmed {mask:x} got {allowed:x}");
    }
    match kind {
        tlv::FULL_DATA => full(out, value.claim(length + pad), level + 3),
        tlv::SPARSE_DATA => sparse(out, value, level + 2),
        tlv::KEY_INFO => key(out, value, level + 2),
        _ => result(out, value, level + 2),
    }
}

fn full(out: &mut Out, c: Cursor<'_>, level: usize) -> Walk {
    indent(out, level).text("[");
    dump(out, c.claimed_bytes(), level);
    c.need(c.length())?;
    out.text("\n");
    indent(out, level).text("]");
    Ok(())
}

fn sparse(out: &mut Out, mut c: Cursor<'_>, level: usize) -> Walk {
    const ITEM_LEN: usize = 8;
    if c.length() == 0 {
        out.text("Error: BAD SPARSEDATA-TLV!\n");
        return Err(Stop::Invalid);
    }
    while c.length() > 0 {
        let length = if c.length() < ITEM_LEN { 0 } else { c.peek_u32(4)? as usize };
        let fault = match length {
            _ if c.length() < ITEM_LEN => Some(Fault::TotalLength),
            ..ITEM_LEN => Some(Fault::TooShort),
            _ if length > c.length() => Some(Fault::TooLong),
            _ => None,
        };
        if let Some(fault) = fault {
            writeln!(out, "Error: {}, rlen {}", fault.text(), c.length());
            return Err(Stop::Invalid);
        }
        out.text("\n");
        writeln!(indent(out, level), " ILV: type {:x} length {length}", c.u32()?);
        c.skip(4)?;
        let value = c.clip(length - ITEM_LEN);
        out.dump_hex("\t\t[", value.bytes());
        value.need(value.length())?;
        c.advance((length - ITEM_LEN).next_multiple_of(4));
    }
    Ok(())
}

fn key(out: &mut Out, mut c: Cursor<'_>, level: usize) -> Walk {
    let key = c.u32()?;
    writeln!(indent(out, level), "Keyinfo: Key 0x{key:x}");
    match read_tlv(&mut c)? {
        Ok((tlv::FULL_DATA, value)) => full(out, value, level + 1),
        Ok(_) => {
            out.text("Error: expecting FULLDATA!\n");
            Err(Stop::Invalid)
        }
        Err(fault) => {
            let (kind, length) = (c.peek_u16(0).unwrap_or(0), c.peek_u16(2).unwrap_or(0));
            writeln!(indent(out, level), "{} TLV type 0x{kind:x} len {length}", fault.text());
            Err(Stop::Invalid)
        }
    }
}

fn result(out: &mut Out, mut c: Cursor<'_>, level: usize) -> Walk {
    if c.length() == 0 {
        writeln!(out, "illegal RESULT-TLV: {} bytes!", c.length());
        return Err(Stop::Invalid);
    }
    let code = c.u8()?;
    let Some(name) = crate::tokens::name(RESULTS, code.into()) else {
        writeln!(out, "illegal reserved result code: 0x{code:x}!");
        return Err(Stop::Invalid);
    };
    writeln!(indent(out, level), "  Result: {name} (code 0x{code:x})");
    Ok(())
}
