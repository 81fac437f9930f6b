//! What servers answer.

use super::{
    PROCEDURES, VERSION_3, WRITE_MODES, attributes, calls, handle, name, procedure, version_3_procedure,
};
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const STATES: &Tokens = &[
    (1, "Operation not permitted"),
    (2, "No such file or directory"),
    (5, "Input/output error"),
    (6, "Device not configured"),
    (11, "Resource deadlock avoided"),
    (12, "Cannot allocate memory"),
    (13, "Permission denied"),
    (17, "File exists"),
    (18, "Cross-device link"),
    (19, "Operation not supported by device"),
    (20, "Not a directory"),
    (21, "Is a directory"),
    (22, "Invalid argument"),
    (26, "Text file busy"),
    (27, "File too large"),
    (28, "No space left on device"),
    (30, "Read-only file system"),
    (31, "Too many links"),
    (45, "Operation not supported"),
    (62, "Too many levels of symbolic links"),
    (63, "File name too long"),
    (66, "Directory not empty"),
    (69, "Disc quota exceeded"),
    (70, "Stale NFS file handle"),
    (71, "Too many levels of remote in path"),
    (99, "Write cache flushed to disk"),
    (10001, "Illegal NFS file handle"),
    (10002, "Update synchronization mismatch"),
    (10003, "READDIR/READDIRPLUS cookie is stale"),
    (10004, "Operation not supported"),
    (10005, "Buffer or request is too small"),
    (10006, "Unspecified error on server"),
    (10007, "Object of that type not supported"),
    (10008, "Request couldn't be completed in time"),
];

const AUTHENTICATION_ERRORS: &Tokens = &[
    (0, "OK"),
    (1, "Bogus Credentials (seal broken)"),
    (2, "Rejected Credentials (client should begin new session)"),
    (3, "Bogus Verifier (seal broken)"),
    (4, "Verifier expired or was replayed"),
    (5, "Credentials are too weak"),
    (6, "Bogus response verifier"),
    (7, "Unknown failure"),
];

const ACCEPTED_STATES: &Tokens =
    &[(1, "PROG_UNAVAIL"), (2, "PROG_MISMATCH"), (3, "PROC_UNAVAIL"), (4, "GARBAGE_ARGS"), (5, "SYSTEM_ERR")];

/// Where a reply says whether it was accepted, why it was denied, and where it has its verifier.
const ACCEPTED_AT: usize = 8;
const DENIAL_AT: usize = 12;
const VERIFIER_AT: usize = 12;

/// Prints a reply with the addresses and its transaction number in place of a port.
pub(crate) fn print_addressed(out: &mut Out, c: Cursor<'_>) -> Walk {
    let xid = c.peek_u32(0)?;
    out.network_src();
    if out.options.numeric {
        write!(out, ".{}", super::PORT);
    } else {
        out.text(".nfs");
    }
    out.text(" > ").network_dst();
    write!(out, ".{xid}: ");
    print(out, c)
}

/// Prints a reply after its transaction number.
pub(super) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let length = c.length();
    let xid = c.peek_u32(0)?;
    out.field("xid", xid);
    match c.peek_u32(ACCEPTED_AT)? {
        0 => {
            write!(out, "reply ok {length}");
            match calls::answered(out, xid) {
                Some((procedure, version)) => results(out, c, procedure, version),
                None => Ok(()),
            }
        }
        1 => {
            write!(out, "reply ERR {length}: ");
            match c.peek_u32(DENIAL_AT)? {
                0 => {
                    let (low, high) = (c.peek_u32(DENIAL_AT + 4)?, c.peek_u32(DENIAL_AT + 8)?);
                    write!(out, "RPC Version mismatch ({low}-{high})");
                }
                1 => {
                    let why = c.peek_u32(DENIAL_AT + 4)?;
                    out.text("Auth ");
                    out.token(AUTHENTICATION_ERRORS, why, format_args!("Invalid failure code {why}"));
                }
                reason => write!(out, "Unknown reason for rejecting rpc message {reason}"),
            }
            Ok(())
        }
        state => {
            write!(out, "reply Unknown rpc response code={state} {length}");
            Ok(())
        }
    }
}

/// Prints the results of a procedure. What is missing after an error is no truncation.
fn results(out: &mut Out, c: Cursor<'_>, number: u32, version: u32) -> Walk {
    let version_3 = version == VERSION_3;
    let procedure = version_3_procedure(number, version_3);
    out.text(" ");
    out.token(PROCEDURES, procedure, format_args!("proc-{procedure}"));
    if !matches!(procedure, procedure::GET_ATTRIBUTES..=procedure::COMMIT) {
        return Ok(());
    }
    let Some(mut results) = accepted(out, c)? else { return Ok(()) };
    let state = results.u32()?;
    out.field("status", state);
    if state != 0 && !out.options.quiet {
        out.text(" ERROR: ");
        out.token(STATES, state, format_args!("unk {state}"));
    }
    if version_3 {
        print_3(out, procedure, &mut results, state)
    } else {
        print_2(out, procedure, &mut results, state)
    }
}

/// The results, where the call was executed.
fn accepted<'a>(out: &mut Out, whole: Cursor<'a>) -> Walk<Option<Cursor<'a>>> {
    let mut c = whole.ahead(VERIFIER_AT);
    let len = c.peek_u32(4)? as usize;
    if len >= whole.length() {
        return Ok(None);
    }
    c.advance(8 + len / 4 * 4);
    let state = c.u32()?;
    if state == 0 {
        return Ok(Some(c));
    }
    out.text(" ");
    out.token(ACCEPTED_STATES, state, format_args!("ar_stat {state}"));
    Ok(None)
}

fn print_2(out: &mut Out, procedure: u32, c: &mut Cursor<'_>, state: u32) -> Walk {
    let verbose = out.options.verbose;
    let shown = u8::from(!out.options.quiet);
    if state != 0 {
        return Ok(());
    }
    match procedure {
        procedure::GET_ATTRIBUTES | procedure::SET_ATTRIBUTES => attributes::print(out, c, shown, false),
        procedure::READ | procedure::WRITE => attributes::print(out, c, verbose, false),
        procedure::LOOKUP | procedure::CREATE | procedure::MAKE_DIRECTORY => {
            handle::print(out, c, false)?;
            attributes::print(out, c, verbose, false)
        }
        procedure::READ_LINK => {
            out.text(" ");
            name(out, c)
        }
        procedure::READ_DIRECTORY if !out.options.quiet => {
            let (offset, size, more) = (c.peek_u32(0)?, c.peek_u32(4)?, c.peek_u32(8));
            write!(out, " offset 0x{offset:x} size {size} ");
            if more? != 0 {
                out.text(" eof");
            }
            Ok(())
        }
        procedure::FILE_SYSTEM_STATE if !out.options.quiet => {
            c.need(20)?;
            write!(out, " tsize {} bsize {}", c.u32()?, c.u32()?);
            write!(out, " blocks {} bfree {} bavail {}", c.u32()?, c.u32()?, c.u32()?);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What has attributes after the operation, under a heading where more is told.
fn after(out: &mut Out, heading: &str, c: &mut Cursor<'_>) -> Walk {
    if out.options.verbose > 0 {
        out.text(heading);
    }
    attributes::after(out, c)
}

fn print_3(out: &mut Out, procedure: u32, c: &mut Cursor<'_>, state: u32) -> Walk {
    let failed = state != 0;
    let walk = match procedure {
        procedure::GET_ATTRIBUTES if failed => Ok(()),
        procedure::GET_ATTRIBUTES => attributes::print(out, c, u8::from(!out.options.quiet), true),
        procedure::SET_ATTRIBUTES | procedure::REMOVE | procedure::REMOVE_DIRECTORY => {
            attributes::change(out, c)
        }
        procedure::LOOKUP => lookup(out, c, failed),
        procedure::ACCESS => access(out, c, failed),
        procedure::READ_LINK if failed => Ok(()),
        procedure::READ_LINK => {
            attributes::after(out, c)?;
            out.text(" ");
            name(out, c)
        }
        procedure::READ => read(out, c, failed),
        procedure::WRITE => written(out, c, failed),
        procedure::CREATE | procedure::MAKE_DIRECTORY | procedure::SYMBOLIC_LINK | procedure::MAKE_NODE => {
            created(out, c, failed)
        }
        procedure::RENAME => {
            heading(out, " from:");
            attributes::change(out, c)?;
            heading(out, " to:");
            attributes::change(out, c)
        }
        procedure::LINK => {
            after(out, " file POST:", c)?;
            heading(out, " dir:");
            attributes::change(out, c)
        }
        procedure::READ_DIRECTORY | procedure::READ_DIRECTORY_PLUS => directory(out, c, failed),
        procedure::FILE_SYSTEM_STATE => file_system_state(out, c, failed),
        procedure::FILE_SYSTEM_INFORMATION => file_system_information(out, c, failed),
        procedure::PATH_CONFIGURATION => path_configuration(out, c, failed),
        procedure::COMMIT => committed(out, c),
        _ => Ok(()),
    };
    match walk {
        // Attributes that were cut off after an error are not missed; what has no first word is.
        Err(Stop::Truncated) if failed && c.has(4) => Ok(()),
        walk => walk,
    }
}

fn heading(out: &mut Out, text: &str) {
    if out.options.verbose > 0 {
        out.text(text);
    }
}

fn lookup(out: &mut Out, c: &mut Cursor<'_>, failed: bool) -> Walk {
    if failed {
        if out.options.verbose > 1 {
            out.text(" post dattr:");
            attributes::after(out, c)?;
        }
        return Ok(());
    }
    handle::print(out, c, true)?;
    attributes::after(out, c)?;
    if out.options.verbose > 1 {
        out.text(" post dattr:");
        attributes::after(out, c)?;
    }
    Ok(())
}

fn access(out: &mut Out, c: &mut Cursor<'_>, failed: bool) -> Walk {
    after(out, " attr:", c)?;
    if !failed {
        write!(out, " c {:04x}", c.u32()?);
    }
    Ok(())
}

fn read(out: &mut Out, c: &mut Cursor<'_>, failed: bool) -> Walk {
    attributes::after(out, c)?;
    if !failed && out.options.verbose > 0 {
        write!(out, " {} bytes", c.u32()?);
        if c.u32()? != 0 {
            out.text(" EOF");
        }
    }
    Ok(())
}

fn written(out: &mut Out, c: &mut Cursor<'_>, failed: bool) -> Walk {
    attributes::change(out, c)?;
    if failed || out.options.verbose == 0 {
        return Ok(());
    }
    write!(out, " {} bytes", c.u32()?);
    if out.options.verbose > 1 {
        let mode = c.u32()?;
        out.text(" <");
        out.token(WRITE_MODES, mode, format_args!("#{}", mode as i32));
        out.text(">");
        write!(out, " verf {:x}", c.u64()?);
    }
    Ok(())
}

fn committed(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    attributes::change(out, c)?;
    if out.options.verbose > 1 {
        write!(out, " verf {:x}", c.u64()?);
    }
    Ok(())
}

fn created(out: &mut Out, c: &mut Cursor<'_>, failed: bool) -> Walk {
    if failed {
        return attributes::change(out, c);
    }
    if c.u32()? == 0 {
        return Ok(());
    }
    handle::print(out, c, true)?;
    if out.options.verbose > 0 {
        attributes::after(out, c)?;
        if out.options.verbose > 1 {
            out.text(" dir attr:");
            attributes::change(out, c)?;
        }
    }
    Ok(())
}

fn directory(out: &mut Out, c: &mut Cursor<'_>, failed: bool) -> Walk {
    after(out, " POST:", c)?;
    if !failed && out.options.verbose > 0 {
        write!(out, " verf {:016x}", c.u64()?);
    }
    Ok(())
}

fn file_system_state(out: &mut Out, c: &mut Cursor<'_>, failed: bool) -> Walk {
    if out.options.quiet {
        return Ok(());
    }
    after(out, " POST:", c)?;
    if failed {
        return Ok(());
    }
    c.need(52)?;
    write!(out, " tbytes {} fbytes {} abytes {}", c.u64()?, c.u64()?, c.u64()?);
    if out.options.verbose > 0 {
        write!(out, " tfiles {} ffiles {} afiles {}", c.u64()?, c.u64()?, c.u64()?);
        write!(out, " invar {}", c.u32()?);
    }
    Ok(())
}

fn file_system_information(out: &mut Out, c: &mut Cursor<'_>, failed: bool) -> Walk {
    after(out, " POST:", c)?;
    if failed {
        return Ok(());
    }
    c.need(48)?;
    let [read_max, read_preferred, read_multiple] = [c.u32()?, c.u32()?, c.u32()?];
    let [write_max, write_preferred, write_multiple] = [c.u32()?, c.u32()?, c.u32()?];
    let directory_preferred = c.u32()?;
    write!(out, " rtmax {read_max} rtpref {read_preferred} wtmax {write_max}");
    write!(out, " wtpref {write_preferred} dtpref {directory_preferred}");
    if out.options.verbose > 0 {
        let (largest, seconds, nanos) = (c.u64()?, c.u32()?, c.u32()?);
        write!(out, " rtmult {read_multiple} wtmult {write_multiple} maxfsz {largest}");
        write!(out, " delta {seconds}.{nanos:06} ");
    }
    Ok(())
}

fn path_configuration(out: &mut Out, c: &mut Cursor<'_>, failed: bool) -> Walk {
    after(out, " POST:", c)?;
    if failed {
        return Ok(());
    }
    c.need(24)?;
    write!(out, " linkmax {} namemax {}", c.u32()?, c.u32()?);
    for name in ["notrunc", "chownres", "igncase", "keepcase"] {
        let is_set = c.u32()? != 0;
        out.text(" ").text(if is_set { name } else { "" });
    }
    Ok(())
}
