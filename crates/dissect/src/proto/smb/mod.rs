//! Server Message Block ([MS-CIFS]) and what carries it: NetBIOS over TCP/IP (RFC 1001, RFC 1002), plain TCP, NetBIOS frames, IPX.

mod bodies;
mod commands;
mod errors;
mod message;
mod names;
mod netbeui;
mod template;
mod text;

pub(crate) use bodies::LastRequest;
pub(crate) use netbeui::print as print_netbeui;

use crate::Out;
use crate::tokens::Tokens;
use template::Structure;
use wirescope_wire::{Cursor, Stop, Walk};

const OPERATIONS: &Tokens = &[
    (0, "QUERY"),
    (5, "REGISTRATION"),
    (6, "RELEASE"),
    (7, "WACK"),
    (8, "REFRESH(8)"),
    (9, "REFRESH"),
    (15, "MULTIHOMED REGISTRATION"),
];

/// Bytes of the header of a NetBIOS session message, and of SMB straight on TCP.
const SESSION_HEADER_LEN: usize = 4;

/// Bytes that tell that a message is one.
const MIN_LEN: usize = 4;

/// Whether everything is told of messages, or only what they are.
fn is_full(out: &Out) -> bool {
    out.options.verbose > 1
}

/// Why a session was refused.
fn refusal(out: &mut Out, code: u8) {
    match code {
        0x80 => drop(out.text("Not listening on called name")),
        0x81 => drop(out.text("Not listening for calling name")),
        0x82 => drop(out.text("Called name not present")),
        0x83 => drop(out.text("Called name present, but insufficient resources")),
        _ => write!(out, "Unspecified error 0x{code:X}"),
    }
}

/// Prints a NetBIOS session message.
pub(crate) fn print_session(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.available() < SESSION_HEADER_LEN {
        return Err(Stop::Truncated);
    }
    let kind = c.peek_u8(0)?;
    let length = usize::from(c.peek_u16(2)?);
    out.field("type", kind);
    out.field("length", length);
    if is_full(out) {
        out.text("\n>>> NBT Session Packet\n");
        session(out, c, kind, length)?;
        out.text("\n");
        return Ok(());
    }
    out.text(" NBT Session Packet: ");
    match kind {
        0x00 => drop(out.text("Session Message")),
        0x81 => drop(out.text("Session Request")),
        0x82 => drop(out.text("Session Granted")),
        0x83 => {
            if length < 4 || c.available() < SESSION_HEADER_LEN + 4 {
                return Err(Stop::Truncated);
            }
            out.text("Session Reject, ");
            refusal(out, c.peek_u8(SESSION_HEADER_LEN)?);
        }
        0x85 => drop(out.text("Session Keepalive")),
        _ => drop(Structure::new(c).print(out, 0, c.available(), "Unknown packet type 0x[rB]")?),
    }
    Ok(())
}

/// Prints all of a session message.
fn session(out: &mut Out, c: Cursor<'_>, kind: u8, length: usize) -> Walk {
    let end = c.available();
    let mut structure = Structure::new(c);
    match kind {
        0x00 => {
            let header = "[P1]NBT Session Message\nFlags=[B]\nLength=[ru]\n";
            if structure.print(out, 0, SESSION_HEADER_LEN, header)?.is_none() {
                return Ok(());
            }
            let captured = end - SESSION_HEADER_LEN;
            let payload = c.ahead(SESSION_HEADER_LEN);
            if length < MIN_LEN || captured < MIN_LEN || !message::starts(payload) {
                out.text("Session packet:(raw data or continuation?)\n");
                return Ok(());
            }
            shortened(out, length, captured, payload.length(), "");
            message::print(out, payload, length.min(captured))?;
        }
        0x81 => {
            let request = "[P1]NBT Session Request\nFlags=[B]\nDestination=[n1]\nSource=[n1]\n#";
            structure.print(out, 0, end, request)?;
        }
        0x82 => drop(structure.print(out, 0, end, "[P1]NBT Session Granted\nFlags=[B]\n#")?),
        0x83 => {
            let reject = "[P1]NBT SessionReject\nFlags=[B]\nReason=[B]\n#";
            let printed = structure.print(out, 0, end, reject)?.is_some();
            if printed && length >= 1 && end > SESSION_HEADER_LEN {
                refusal(out, c.peek_u8(SESSION_HEADER_LEN)?);
                out.text("\n");
            }
        }
        0x85 => drop(structure.print(out, 0, end, "[P1]NBT Session Keepalive\n#")?),
        _ => drop(structure.print(out, 0, end, "NBT - Unknown packet type\nType=[B]\n#")?),
    }
    Ok(())
}

/// Says that a message is longer than what there is of it; true where it is.
fn shortened(out: &mut Out, length: usize, captured: usize, claimed: usize, indent: &str) -> bool {
    if length <= captured {
        return false;
    }
    out.text(indent);
    if length > claimed {
        out.text("WARNING: Packet is continued in later TCP segments\n");
    } else {
        let missing = length - captured;
        writeln!(out, "WARNING: Short packet. Try increasing the snap length by {missing}");
    }
    true
}

/// Prints a message straight on TCP.
pub(crate) fn print_tcp(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.available() < SESSION_HEADER_LEN {
        return Err(Stop::Truncated);
    }
    let length = c.peek_u24(1)? as usize;
    out.field("length", length);
    let captured = c.available() - SESSION_HEADER_LEN;
    let payload = c.ahead(SESSION_HEADER_LEN);
    if length < MIN_LEN || captured < MIN_LEN || !message::starts(payload) {
        out.text(" SMB-over-TCP packet:(raw data or continuation?)\n");
        return Ok(());
    }
    if !shortened(out, length, captured, payload.length(), " ") {
        out.text(" ");
    }
    message::print(out, payload, length.min(captured))
}

/// Prints a datagram of the name service.
pub(crate) fn print_name_service(out: &mut Out, c: Cursor<'_>) -> Walk {
    let transaction = c.peek_u16(0)?;
    let [first, second] = *c.peek_array::<2>(2)?;
    let (is_response, operation, code) = (first & 0x80 != 0, (first >> 3) & 0x0f, second & 0x0f);
    let flags = (first & 7) << 4 | second >> 4;
    let [questions, answers, authorities, additional] =
        [c.peek_u16(4)?, c.peek_u16(6)?, c.peek_u16(8)?, c.peek_u16(10)?];
    out.field("transaction_id", transaction);
    out.field("operation", operation);
    if is_full(out) {
        out.text("\n>>> ");
    }
    out.text("NBT UDP PACKET(137): ");
    out.token(OPERATIONS, operation, format_args!("OPUNKNOWN"));
    if is_response {
        out.text(if code == 0 { "; POSITIVE" } else { "; NEGATIVE" });
    }
    out.text(if is_response { "; RESPONSE" } else { "; REQUEST" });
    out.text(if flags & 1 != 0 { "; BROADCAST" } else { "; UNICAST" });
    if !is_full(out) {
        return Ok(());
    }
    writeln!(out, "\nTrnID=0x{transaction:X}\nOpCode={operation}\nNmFlags=0x{flags:X}\nRcode={code}");
    writeln!(out, "QueryCount={questions}\nAnswerCount={answers}");
    writeln!(out, "AuthorityCount={authorities}\nAddressRecCount={additional}");
    let records = u32::from(answers) + u32::from(authorities) + u32::from(additional);
    if questions > MAX_RECORDS || records > MAX_RECORDS.into() {
        out.text("Corrupt packet??\n");
        return Ok(());
    }
    name_records(out, c, questions, records)
}

/// Most records that are believed.
const MAX_RECORDS: u16 = 100;
/// Bytes of the header of the name service.
const NAME_HEADER_LEN: usize = 12;

fn name_records(out: &mut Out, c: Cursor<'_>, questions: u16, records: u32) -> Walk {
    let end = c.available();
    let mut structure = Structure::new(c);
    let mut at = NAME_HEADER_LEN;
    if questions > 0 {
        out.text("QuestionRecords:\n");
        for _ in 0..questions {
            let question = "|Name=[n1]\nQuestionType=[rw]\nQuestionClass=[rw]\n#";
            let Some(next) = structure.print(out, at, end, question)? else { return Ok(()) };
            at = next;
        }
    }
    if records > 0 {
        out.text("\nResourceRecords:\n");
        for _ in 0..records {
            let Some(next) = name_record(out, &mut structure, at, end)? else { return Ok(()) };
            at = next;
        }
    }
    if at < end {
        structure.print(out, at, end, "AdditionalData:\n")?;
    }
    Ok(())
}

/// Prints a resource record; gives back where it ends.
fn name_record(out: &mut Out, structure: &mut Structure<'_>, at: usize, end: usize) -> Walk<Option<usize>> {
    let Some(at) = structure.print(out, at, end, "Name=[n1]\n#")? else { return Ok(None) };
    let kind = structure.start.peek_u16(at)?;
    let fixed = "ResType=[rw]\nResClass=[rw]\nTTL=[rD]\n";
    let Some(at) = structure.print(out, at, at + 8, fixed)? else { return Ok(None) };
    let length = usize::from(structure.start.peek_u16(at)?);
    writeln!(out, "ResourceLength={length}\nResourceData=");
    let at = at + 2;
    match kind {
        0x20 if length == 6 => structure.print(out, at, at + length, "AddrType=[rw]\nAddress=[b.b.b.b]\n"),
        0x21 => node_names(out, structure, at, end),
        _ => {
            text::dump(out, structure.start.ahead(at), length.min(end.saturating_sub(at)))?;
            Ok(Some(at + length))
        }
    }
}

/// The names of a node, with what each is.
fn node_names(out: &mut Out, structure: &mut Structure<'_>, at: usize, end: usize) -> Walk<Option<usize>> {
    let count = structure.start.peek_u8(at)?;
    let Some(mut at) = structure.print(out, at, at + 1, "NumNames=[B]\n")? else { return Ok(None) };
    for _ in 0..count {
        let Some(next) = structure.print(out, at, end, "Name=[n2]\t#")? else { return Ok(None) };
        let bits = structure.start.peek_u8(next)?;
        out.text(if bits & 0x80 != 0 { "<GROUP> " } else { "" });
        out.text(match bits & 0x60 {
            0x00 => "B ",
            0x20 => "P ",
            0x40 => "M ",
            _ => "_ ",
        });
        for (bit, name) in
            [(0x10, "<DEREGISTERING> "), (0x08, "<CONFLICT> "), (0x04, "<ACTIVE> "), (0x02, "<PERMANENT> ")]
        {
            if bits & bit != 0 {
                out.text(name);
            }
        }
        out.text("\n");
        at = next + 2;
    }
    Ok(Some(at))
}

/// Prints a datagram of the datagram service.
pub(crate) fn print_datagram(out: &mut Out, c: Cursor<'_>) -> Walk {
    let end = c.available();
    if end == 0 {
        return Ok(());
    }
    if !is_full(out) {
        out.text("NBT UDP PACKET(138)");
        return Ok(());
    }
    let header = "\n>>> NBT UDP PACKET(138) Res=[rw] ID=[rw] IP=[b.b.b.b] Port=[rd] Length=[rd] Res2=[rw]\nSourceName=[n1]\nDestName=[n1]\n#";
    let Some(at) = Structure::new(c).print(out, 0, end, header)? else { return Ok(()) };
    let payload = c.ahead(at);
    if message::starts(payload) {
        message::print(out, payload, end.saturating_sub(at))?;
    }
    Ok(())
}

/// Places in a packet of IPX at which a message may start.
const MAX_IPX_SEARCH: usize = 128;

/// Prints what NetBIOS on IPX carries.
pub(crate) fn print_ipx(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.label("ipx_netbios");
    let end = c.available();
    let found = (0..MAX_IPX_SEARCH).find(|at| !c.has(at + MIN_LEN) || message::starts(c.ahead(*at)));
    match found {
        Some(at) if c.has(at + MIN_LEN) => {
            Structure::new(c).print(out, 0, at, "\n>>> IPX transport ")?;
            message::print(out, c.ahead(at), end.saturating_sub(at))
        }
        Some(_) => Ok(()),
        None => Structure::new(c).print(out, 0, end, "\n>>> Unknown IPX ").map(|_| ()),
    }
}
