//! Operations on logical functional blocks (RFC 5810 section 7.1.1.1).

use super::{TLV_LEN, dump, indent, path, read_tlv};
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const BLOCKS: &Tokens = &[(0, "Invalid TLV"), (1, "FEObj LFB"), (2, "FEProtoObj LFB")];

/// Operations in the order of their numbers from one on, with the kinds of data that they may hold.
const OPERATIONS: [(&str, u16); 14] = [
    ("Set", path::FULL | path::SPARSE),
    ("SetProp", path::FULL | path::SPARSE),
    ("SetResp", path::RESULT),
    ("SetPropResp", path::RESULT),
    ("Del", 0),
    ("DelResp", path::RESULT),
    ("Get", 0),
    ("GetProp", 0),
    ("GetResp", path::FULL | path::SPARSE | path::RESULT),
    ("GetPropResp", path::FULL | path::RESULT),
    ("Report", path::FULL | path::SPARSE),
    ("Commit", 0),
    ("RCommit", path::RESULT),
    ("RTRCOMP", 0),
];

/// Bytes of a class and an instance with the smallest operation, which must be exceeded.
const MIN_LEN: usize = 12;
/// Bytes that an operation holds at least.
const MIN_OPERATION_LEN: usize = 8;

/// Prints a selector; `allowed` has a bit for each operation that its message may hold.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>, allowed: u16) -> Walk {
    if c.length() <= MIN_LEN {
        write!(out, "\n\t\tundersized lfb selector: {} bytes missing! ", MIN_LEN - c.length());
        return Err(Stop::Invalid);
    }
    let (class, instance) = (c.u32()?, c.u32()?);
    out.text("\n");
    indent(out, 1).token(BLOCKS, class, format_args!("#{class}"));
    writeln!(out, "(Classid {class:x}) instance {instance:x}");
    loop {
        let whole = c;
        let Ok((kind, value)) = read_tlv(&mut c)? else { break };
        let operation = usize::from(kind).checked_sub(1).and_then(|at| OPERATIONS.get(at));
        match operation {
            Some(&(name, data)) if allowed >> (kind - 1) & 1 != 0 => operate(out, value, kind, name, data)?,
            _ => {
                let length = value.length() + TLV_LEN;
                writeln!(out, "\t\tINValid oper-TLV type 0x{kind:x} length {length} for this ForCES message");
                invalid_data(out, whole.clip(length), 1)?;
            }
        }
    }
    if c.length() > 0 {
        let kind = c.peek_u16(0).unwrap_or(0);
        let length = c.peek_u16(2).unwrap_or(0);
        let excess = (c.length() as u32).wrapping_sub(length.into());
        write!(out, "\n\t\tMessy oper TLV header, type (0x{kind:x})\n\t\texcess of {excess} Bytes ");
        return Err(Stop::Invalid);
    }
    Ok(())
}

fn operate(out: &mut Out, value: Cursor<'_>, kind: u16, name: &str, data: u16) -> Walk {
    let length = value.length() + TLV_LEN;
    writeln!(indent(out, 2), "Oper TLV  {name}(0x{kind:x}) length {length}");
    if value.length() < MIN_OPERATION_LEN {
        writeln!(out, "\t\tOper TLV  {name}(0x{kind:x}) length {length}");
        writeln!(out, "\t\tTruncated data size {} minimum required {MIN_OPERATION_LEN}", value.length());
        return invalid_data(out, value, 1);
    }
    path::print(out, value, data, 3)
}

/// Dumps what cannot be read.
fn invalid_data(out: &mut Out, c: Cursor<'_>, level: usize) -> Walk {
    indent(out, level).text("Data[");
    dump(out, c.claimed_bytes(), level);
    c.need(c.length())?;
    out.text("\n");
    indent(out, level).text("]\n");
    Ok(())
}
