//! What clients ask for.

use super::attributes::Wanted;
use super::{PROCEDURES, VERSION_3, WRITE_MODES, calls, handle, name, procedure, version_3_procedure};
use crate::Out;
use crate::tokens;
use wirescope_wire::{Cursor, Stop, Walk};

/// Where a call has its version, procedure and credentials.
const VERSION_AT: usize = 16;
const PROCEDURE_AT: usize = 20;
const CREDENTIALS_AT: usize = 24;

/// Rights that a client asks whether it has (RFC 1813 section 3.3.4).
const RIGHTS: [(u32, &str); 6] = [
    (0x01, "NFS_ACCESS_READ"),
    (0x02, "NFS_ACCESS_LOOKUP"),
    (0x04, "NFS_ACCESS_MODIFY"),
    (0x08, "NFS_ACCESS_EXTEND"),
    (0x10, "NFS_ACCESS_DELETE"),
    (0x20, "NFS_ACCESS_EXECUTE"),
];
const ALL_RIGHTS: u32 = 0x3f;

/// Special files, which have a device.
const BLOCK_DEVICE: u32 = 3;
const CHARACTER_DEVICE: u32 = 4;

/// Prints a call after its transaction number.
pub(super) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    write!(out, "{}", c.length());
    c.need(CREDENTIALS_AT)?;
    let (xid, version, number) = (c.peek_u32(0)?, c.peek_u32(VERSION_AT)?, c.peek_u32(PROCEDURE_AT)?);
    out.field("xid", xid);
    out.field("version", version);
    out.field("procedure", number);
    calls::remember(out, xid, number, version);
    let version_3 = version == VERSION_3;
    let procedure = version_3_procedure(number, version_3);
    out.text(" ");
    out.token(PROCEDURES, procedure, format_args!("proc-{procedure}"));
    if !matches!(procedure, procedure::GET_ATTRIBUTES..=procedure::COMMIT) {
        return Ok(());
    }
    let mut arguments = arguments(out, c)?;
    print_arguments(out, procedure, &mut arguments, version_3)
}

/// The arguments, behind credentials and verifier.
fn arguments<'a>(out: &mut Out, whole: Cursor<'a>) -> Walk<Cursor<'a>> {
    let mut c = whole.ahead(CREDENTIALS_AT);
    for what in ["credentials", "verifier"] {
        let len = c.peek_u32(4)?;
        if whole.length() < len as usize {
            write!(out, " [{what} length {len} > {}]", whole.length());
            out.invalid();
            return Err(Stop::Truncated);
        }
        c.advance(8 + (len as usize).next_multiple_of(4));
    }
    Ok(c)
}

fn handle_and_name(out: &mut Out, c: &mut Cursor<'_>, version_3: bool) -> Walk {
    handle::print(out, c, version_3)?;
    out.text(" ");
    name(out, c)
}

fn print_arguments(out: &mut Out, procedure: u32, c: &mut Cursor<'_>, version_3: bool) -> Walk {
    match procedure {
        procedure::LOOKUP
        | procedure::CREATE
        | procedure::MAKE_DIRECTORY
        | procedure::REMOVE
        | procedure::REMOVE_DIRECTORY => handle_and_name(out, c, version_3),
        procedure::SYMBOLIC_LINK => symbolic_link(out, c, version_3),
        procedure::MAKE_NODE => node(out, c, version_3),
        procedure::RENAME => {
            handle_and_name(out, c, version_3)?;
            out.text(" ->");
            handle_and_name(out, c, version_3)
        }
        _ => {
            handle::print(out, c, version_3)?;
            after_handle(out, procedure, c, version_3)
        }
    }
}

/// Arguments that come after the handle of a file.
fn after_handle(out: &mut Out, procedure: u32, c: &mut Cursor<'_>, version_3: bool) -> Walk {
    let verbose = out.options.verbose > 0;
    match procedure {
        procedure::ACCESS => access(out, c.u32()?),
        procedure::READ if version_3 => {
            let (offset, count) = (c.u64()?, c.u32()?);
            write!(out, " {count} bytes @ {offset}");
        }
        procedure::READ => {
            let (offset, count) = (c.u32()?, c.u32()?);
            write!(out, " {count} bytes @ {offset}");
        }
        procedure::WRITE if version_3 => {
            let (offset, count, mode, length) = (c.u64()?, c.u32()?, c.u32()?, c.u32()?);
            write!(out, " {length} ({count}) bytes @ {offset}");
            if verbose {
                out.text(" <");
                out.token(WRITE_MODES, mode, format_args!("#{}", mode as i32));
                out.text(">");
            }
        }
        procedure::WRITE => {
            let (begin, offset, total, length) = (c.u32()?, c.u32()?, c.u32()?, c.u32()?);
            write!(out, " {length} ({total}) bytes @ {offset} ({begin})");
        }
        procedure::LINK => {
            out.text(" ->");
            return handle_and_name(out, c, version_3);
        }
        procedure::READ_DIRECTORY if version_3 => {
            let (cookie, verifier, count) = (c.peek_u64(0)? as i64, c.peek_u64(8), c.peek_u32(16)?);
            write!(out, " {count} bytes @ {cookie}");
            if verbose {
                write!(out, " verf {:016x}", verifier?);
            }
        }
        procedure::READ_DIRECTORY => {
            let (cookie, count) = (c.i32()?, c.u32()?);
            write!(out, " {count} bytes @ {cookie}");
        }
        procedure::READ_DIRECTORY_PLUS => {
            let (cookie, count) = (c.peek_u64(0)? as i64, c.peek_u32(16)?);
            write!(out, " {count} bytes @ {cookie}");
            if verbose {
                let (maximum, verifier) = (c.peek_u32(20)?, c.peek_u64(8)?);
                write!(out, " max {maximum} verf {verifier:016x}");
            }
        }
        procedure::COMMIT => {
            let (offset, count) = (c.u64()?, c.u32()?);
            write!(out, " {count} bytes @ {offset}");
        }
        _ => {}
    }
    Ok(())
}

fn access(out: &mut Out, rights: u32) {
    if rights & !ALL_RIGHTS != 0 {
        write!(out, " {rights:04x}");
    } else if rights == ALL_RIGHTS {
        out.text(" NFS_ACCESS_FULL");
    } else {
        let mut between = " ";
        for (bit, name) in RIGHTS {
            if rights & bit != 0 {
                out.text(between).text(name);
                between = "|";
            }
        }
    }
}

fn symbolic_link(out: &mut Out, c: &mut Cursor<'_>, version_3: bool) -> Walk {
    handle_and_name(out, c, version_3)?;
    out.text(" ->");
    let wanted = if version_3 { Wanted::read(c)? } else { Wanted::default() };
    name(out, c)?;
    if version_3 && out.options.verbose > 0 {
        wanted.print(out);
    }
    Ok(())
}

fn node(out: &mut Out, c: &mut Cursor<'_>, version_3: bool) -> Walk {
    handle_and_name(out, c, version_3)?;
    let kind = c.u32()?;
    let wanted = Wanted::read(c)?;
    out.text(" ");
    match tokens::name(super::FILE_TYPES, kind) {
        Some(name) => {
            out.text(name);
        }
        None => write!(out, "unk-ft {kind}"),
    }
    if out.options.verbose > 0 {
        if matches!(kind, BLOCK_DEVICE | CHARACTER_DEVICE) {
            let (major, minor) = (c.u32()?, c.u32()?);
            write!(out, " {major}/{minor}");
        }
        wanted.print(out);
    }
    Ok(())
}
