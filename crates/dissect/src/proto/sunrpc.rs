//! ONC Remote Procedure Call (RFC 5531) and its port mapper (RFC 1833).

use crate::Out;
use crate::proto::nfs;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const PROCEDURES: &Tokens =
    &[(0, "null"), (1, "set"), (2, "unset"), (3, "getport"), (4, "dump"), (5, "call")];

/// The direction of a call.
const CALL: u32 = 0;
/// Bytes of a call up to the body of its credentials.
const CALL_LEN: usize = 32;
/// The version of the protocol itself.
const VERSION: u32 = 2;
/// Procedures of the port mapper whose text has program and version.
const SET: u32 = 1;
const GET_PORT: u32 = 3;
const CALL_IT: u32 = 5;

/// Prints a call or a reply, whatever the ports.
pub(crate) fn print_any(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.label("udp");
    let direction = c.peek_u32(4)?;
    if direction == CALL {
        out.label("sunrpc");
        return print(out, c);
    }
    out.label("nfs");
    nfs::print_reply(out, c)
}

/// Prints a message with the transaction number in place of a port.
fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    c.need(CALL_LEN)?;
    let xid = c.peek_u32(0)?;
    out.field("xid", xid);
    out.network_src();
    write!(out, ".0x{xid:x} > ");
    out.network_dst();
    out.text(if out.options.numeric { ".0x6f" } else { ".sunrpc" });
    write!(out, ": {}", c.length());
    let procedure = c.peek_u32(20)?;
    out.text(" ");
    out.token(PROCEDURES, procedure, format_args!(" proc #{procedure}"));
    let version = c.peek_u32(8)?;
    if version != VERSION {
        write!(out, " [rpcver {version}]");
    }
    out.field("procedure", procedure);
    match procedure {
        SET..=GET_PORT | CALL_IT => {
            let (program, version) = (c.peek_u32(12)?, c.peek_u32(16)?);
            out.field("program", program);
            out.text(" ");
            // Programs have no names here; the mark says that this would be one.
            let mark = if out.options.numeric { "" } else { "#" };
            write!(out, "{mark}{program}.{version}");
        }
        _ => {}
    }
    Ok(())
}
