//! Network File System, versions 2 and 3 (RFC 1094, RFC 1813), over ONC RPC (RFC 5531).

mod attributes;
mod calls;
mod handle;
mod reply;
mod request;

pub(crate) use calls::Calls;
pub(crate) use reply::print_addressed as print_reply;

use crate::tokens::Tokens;
use crate::{Out, Print};
use wirescope_wire::{Cursor, Stop, Walk};

const PROCEDURES: &Tokens = &[
    (25, "nop"),
    (0, "null"),
    (1, "getattr"),
    (2, "setattr"),
    (3, "lookup"),
    (4, "access"),
    (5, "readlink"),
    (6, "read"),
    (7, "write"),
    (8, "create"),
    (9, "mkdir"),
    (10, "symlink"),
    (11, "mknod"),
    (12, "remove"),
    (13, "rmdir"),
    (14, "rename"),
    (15, "link"),
    (16, "readdir"),
    (17, "readdirplus"),
    (18, "fsstat"),
    (19, "fsinfo"),
    (20, "pathconf"),
    (21, "commit"),
];

const WRITE_MODES: &Tokens = &[(0, "unstable"), (1, "datasync"), (2, "filesync")];

const FILE_TYPES: &Tokens =
    &[(0, "NON"), (1, "REG"), (2, "DIR"), (3, "BLK"), (4, "CHR"), (5, "LNK"), (7, "FIFO")];

/// Numbers of version 3 for the procedures of version 2, from 0 on.
const VERSION_2_PROCEDURES: [u32; 26] = [
    procedure::NULL,
    procedure::GET_ATTRIBUTES,
    procedure::SET_ATTRIBUTES,
    procedure::NONE,
    procedure::LOOKUP,
    procedure::READ_LINK,
    procedure::READ,
    procedure::NONE,
    procedure::WRITE,
    procedure::CREATE,
    procedure::REMOVE,
    procedure::RENAME,
    procedure::LINK,
    procedure::SYMBOLIC_LINK,
    procedure::MAKE_DIRECTORY,
    procedure::REMOVE_DIRECTORY,
    procedure::READ_DIRECTORY,
    procedure::FILE_SYSTEM_STATE,
    procedure::NONE,
    procedure::NONE,
    procedure::NONE,
    procedure::NONE,
    procedure::NONE,
    procedure::NONE,
    procedure::NONE,
    procedure::NONE,
];

mod procedure {
    pub(super) const NULL: u32 = 0;
    pub(super) const GET_ATTRIBUTES: u32 = 1;
    pub(super) const SET_ATTRIBUTES: u32 = 2;
    pub(super) const LOOKUP: u32 = 3;
    pub(super) const ACCESS: u32 = 4;
    pub(super) const READ_LINK: u32 = 5;
    pub(super) const READ: u32 = 6;
    pub(super) const WRITE: u32 = 7;
    pub(super) const CREATE: u32 = 8;
    pub(super) const MAKE_DIRECTORY: u32 = 9;
    pub(super) const SYMBOLIC_LINK: u32 = 10;
    pub(super) const MAKE_NODE: u32 = 11;
    pub(super) const REMOVE: u32 = 12;
    pub(super) const REMOVE_DIRECTORY: u32 = 13;
    pub(super) const RENAME: u32 = 14;
    pub(super) const LINK: u32 = 15;
    pub(super) const READ_DIRECTORY: u32 = 16;
    pub(super) const READ_DIRECTORY_PLUS: u32 = 17;
    pub(super) const FILE_SYSTEM_STATE: u32 = 18;
    pub(super) const FILE_SYSTEM_INFORMATION: u32 = 19;
    pub(super) const PATH_CONFIGURATION: u32 = 20;
    pub(super) const COMMIT: u32 = 21;
    /// Stands for numbers of version 2 without a meaning.
    pub(super) const NONE: u32 = 25;
}

const VERSION_3: u32 = 3;

/// The port of servers.
pub(crate) const PORT: u16 = 2049;

/// Directions of a message.
const CALL: u32 = 0;
const REPLY: u32 = 1;
/// Where the direction is in a message, and in one with the mark that TCP puts before it.
const DIRECTION_AT: usize = 4;
const MARK_LEN: usize = 4;

/// The number of version 3 for a procedure.
fn version_3_procedure(procedure: u32, version_3: bool) -> u32 {
    if version_3 {
        return procedure;
    }
    VERSION_2_PROCEDURES.get(procedure as usize).copied().unwrap_or(procedure)
}

/// Whether a datagram to a server is a call.
pub(crate) fn is_call(c: &Cursor<'_>) -> bool {
    c.peek_u32(DIRECTION_AT) == Ok(CALL)
}

/// Whether a datagram from a server is a reply.
fn is_reply(c: &Cursor<'_>) -> bool {
    c.peek_u32(DIRECTION_AT) == Ok(REPLY)
}

/// What prints a datagram from or to a server, where it looks like a reply or a call.
#[inline]
pub(crate) fn udp_printer(src_port: u16, dst_port: u16, c: &Cursor<'_>) -> Option<Print> {
    if dst_port == PORT && is_call(c) {
        return Some(print_udp_call);
    }
    if src_port == PORT && is_reply(c) { Some(print_udp_reply) } else { None }
}

/// Whether a segment to a server starts with a call, or is cut off before that shows.
pub(crate) fn is_marked_call(c: &Cursor<'_>) -> bool {
    c.length() > 2 && (!c.has(MARK_LEN) || is_call(&c.ahead(MARK_LEN)))
}

/// Whether a segment from a server starts with a reply, or is cut off before that shows.
pub(crate) fn is_marked_reply(c: &Cursor<'_>) -> bool {
    c.length() > 2 && (!c.has(MARK_LEN) || is_reply(&c.ahead(MARK_LEN)))
}

/// Prints a call in a datagram.
fn print_udp_call(out: &mut Out, c: Cursor<'_>) -> Walk {
    write!(out, "NFS request xid {} ", c.peek_u32(0)?);
    request::print(out, c)
}

/// Prints a reply in a datagram.
fn print_udp_reply(out: &mut Out, c: Cursor<'_>) -> Walk {
    write!(out, "NFS reply xid {} ", c.peek_u32(0)?);
    reply::print(out, c)
}

/// Prints the call that a segment starts with.
pub(crate) fn print_tcp_call(out: &mut Out, c: Cursor<'_>) -> Walk {
    let c = unmarked(out, c)?;
    out.text(": ");
    print_udp_call(out, c)
}

/// Prints the reply that a segment starts with.
pub(crate) fn print_tcp_reply(out: &mut Out, c: Cursor<'_>) -> Walk {
    let c = unmarked(out, c)?;
    out.text(": ");
    print_udp_reply(out, c)
}

/// The message after its mark, which tells its length and whether more of it comes (RFC 5531 section 11).
fn unmarked<'a>(out: &mut Out, mut c: Cursor<'a>) -> Walk<Cursor<'a>> {
    out.label("tcp");
    let length = (c.u32()? & 0x7fff_ffff) as usize;
    out.label("nfs");
    Ok(c.claim(length.min(c.length())))
}

/// Prints a name in quotes and advances past it and its padding.
fn name(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let len = c.u32()?;
    let Some(padded) = len.checked_next_multiple_of(4) else {
        out.text("[cannot pad to 32-bit boundaries]");
        out.invalid();
        return Err(Stop::Truncated);
    };
    c.need(len as usize)?;
    let (mut text, len) = (*c, len as usize);
    out.text("\"");
    let walk = out.escaped_take(&mut text, len);
    out.text("\"");
    walk?;
    c.advance(padded as usize);
    Ok(())
}
