//! Stream Control Transmission Protocol (RFC 9260).

use crate::Out;
use crate::proto::{forces, m3ua};
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

const CHUNKS: &Tokens = &[
    (0, "DATA"),
    (1, "INIT"),
    (2, "INIT ACK"),
    (3, "SACK"),
    (4, "HB REQ"),
    (5, "HB ACK"),
    (6, "ABORT"),
    (7, "SHUTDOWN"),
    (8, "SHUTDOWN ACK"),
    (9, "OP ERR"),
    (10, "COOKIE ECHO"),
    (11, "COOKIE ACK"),
    (12, "ECN ECHO"),
    (13, "ECN CWR"),
    (14, "SHUTDOWN COMPLETE"),
    (192, "FOR CUM TSN"),
    (193, "REL CTRL"),
    (194, "REL CTRL ACK"),
];

/// Ports of the channels of Forwarding and Control Element Separation (RFC 5811).
const FORCES_CHANNELS: &Tokens = &[(6704, "ForCES HP"), (6705, "ForCES MP"), (6706, "ForCES LP")];

const PAYLOADS: &Tokens = &[
    (1, "ISDN Q.921"),
    (2, "M2UA"),
    (3, "M3UA"),
    (4, "SUA"),
    (5, "M2PA"),
    (6, "V5.2"),
    (7, "H.248"),
    (8, "BICC"),
    (9, "TALI"),
    (10, "DUA"),
    (11, "ASAP"),
    (12, "ENRP"),
    (13, "H.323"),
    (14, "Q.IPC"),
    (15, "SIMCO"),
    (16, "DDPSC"),
    (17, "DDPSSC"),
    (18, "S1AP"),
    (19, "RUA"),
    (20, "HNBAP"),
    (21, "ForCES HP"),
    (22, "ForCES MP"),
    (23, "ForCES LP"),
    (24, "SBc-AP"),
    (25, "NBAP"),
    (27, "X2AP"),
];

/// Bytes of the common header.
const HEADER_LEN: usize = 12;
/// Bytes of a chunk's type, flags and length.
const CHUNK_HEADER_LEN: usize = 4;
/// Bytes of the fixed parts of chunks.
const DATA_LEN: usize = 12;
const INIT_LEN: usize = 16;
const SACK_LEN: usize = 12;
/// Bytes that a gap or a duplicate takes in a selective acknowledgement.
const ACKNOWLEDGED_LEN: usize = 4;

/// What the flags of a data chunk say of its place in a message.
mod flag {
    pub(super) const END: u8 = 1;
    pub(super) const BEGINNING: u8 = 2;
    pub(super) const UNORDERED: u8 = 4;
}

const M3UA: u32 = 3;

/// Prints a packet with its addresses.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() < HEADER_LEN {
        return out.disagree("length", c.length(), "<", HEADER_LEN);
    }
    let (src, dst) = (c.u16()?, c.u16()?);
    c.skip(8)?;
    out.field("src_port", src);
    out.field("dst_port", dst);
    out.context.ports = (src, dst);
    out.network_src().text(".").dec(src).text(" > ");
    out.network_dst().text(".").dec(dst).text(": sctp");
    for port in [src, dst] {
        if let Some(channel) = tokens::name(FORCES_CHANNELS, port.into()) {
            out.text("[").text(channel).text("]");
        }
    }
    let mut number = 0;
    while c.length() > 0 {
        number += 1;
        if !chunk(out, &mut c, number)? {
            break;
        }
    }
    Ok(())
}

/// Writes what stands before a chunk: chunks follow each other on the line, or have lines of their own.
fn introduce(out: &mut Out, number: usize) {
    out.text(match number {
        _ if out.options.verbose > 1 => "\n\t",
        1 => " (",
        _ => ", (",
    });
    out.len(number).text(") ");
}

/// Prints a chunk; false where none can follow.
fn chunk(out: &mut Out, c: &mut Cursor<'_>, number: usize) -> Walk<bool> {
    if c.length() < CHUNK_HEADER_LEN {
        introduce(out, number);
        out.text("[chunk descriptor cut off at end of packet]");
        return Ok(false);
    }
    let [kind, flags] = *c.peek_array(0)?;
    let length = usize::from(c.peek_u16(2)?);
    if length < CHUNK_HEADER_LEN {
        introduce(out, number);
        write!(out, "[Bad chunk length {length}, < size of chunk descriptor]");
        return Ok(false);
    }
    if length > c.length() {
        introduce(out, number);
        write!(out, "[Bad chunk length {length}, > remaining data in packet]");
        return Ok(false);
    }
    c.need(length)?;
    introduce(out, number);
    out.text("[");
    out.token(CHUNKS, kind, format_args!("Unknown chunk type: 0x{kind:x}"));
    out.text("] ");
    out.field("chunk", kind);
    let body = c.clip(length).ahead(CHUNK_HEADER_LEN);
    match kind {
        0 => data(out, body, flags)?,
        1 | 2 => initiation(out, body)?,
        3 => acknowledgement(out, body)?,
        _ => {}
    }
    c.advance(length.next_multiple_of(4).min(c.length()));
    Ok(true)
}

/// The fixed part of a chunk must be there.
fn fixed_part(out: &mut Out, c: &Cursor<'_>, needed: usize) -> Walk {
    if c.length() < needed {
        return out.disagree("chunk length", c.length(), "<", needed);
    }
    Ok(())
}

fn data(out: &mut Out, mut c: Cursor<'_>, flags: u8) -> Walk {
    let marks = [(flag::UNORDERED, "(U)"), (flag::BEGINNING, "(B)"), (flag::END, "(E)")];
    for (bit, mark) in marks {
        if flags & bit != 0 {
            out.text(mark);
        }
    }
    if marks.iter().any(|(bit, _)| flags & bit != 0) {
        out.text(" ");
    }
    fixed_part(out, &c, DATA_LEN)?;
    write!(out, "[TSN: {}] ", c.u32()?);
    write!(out, "[SID: {}] ", c.u16()?);
    write!(out, "[SSEQ {}] ", c.u16()?);
    let payload = c.u32()?;
    out.text("[PPID ");
    out.token(PAYLOADS, payload, format_args!("0x{payload:x}"));
    out.text("] ");
    if c.length() == 0 {
        return out.disagree("payload length", 0, "==", 0);
    }
    let (src, dst) = out.context.ports;
    if [src, dst].iter().any(|port| tokens::name(FORCES_CHANNELS, (*port).into()).is_some()) {
        out.run("forces", forces::print, c)?;
        out.label("sctp");
        return Ok(());
    }
    if out.options.verbose < 2 {
        return Ok(());
    }
    if payload == M3UA {
        out.run("m3ua", m3ua::print, c)?;
        out.label("sctp");
        return Ok(());
    }
    out.text("[Payload");
    if out.options.dumps_unknown() {
        out.text(":");
        out.unknown(c.claimed_bytes());
    }
    out.text("]");
    Ok(())
}

/// The start of an association, from either side.
fn initiation(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    fixed_part(out, &c, INIT_LEN)?;
    write!(out, "[init tag: {}] ", c.u32()?);
    write!(out, "[rwnd: {}] ", c.u32()?);
    write!(out, "[OS: {}] ", c.u16()?);
    write!(out, "[MIS: {}] ", c.u16()?);
    write!(out, "[init TSN: {}] ", c.u32()?);
    Ok(())
}

/// What has arrived, with the gaps and what came twice.
fn acknowledgement(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    fixed_part(out, &c, SACK_LEN)?;
    let cumulative = c.u32()?;
    write!(out, "[cum ack {cumulative}] ");
    write!(out, "[a_rwnd {}] ", c.u32()?);
    let (gaps, duplicates) = (c.u16()?, c.u16()?);
    write!(out, "[#gap acks {gaps}] ");
    write!(out, "[#dup tsns {duplicates}] ");
    for number in 1..=gaps {
        fixed_part(out, &c, ACKNOWLEDGED_LEN)?;
        let [start, end] = [c.u16()?, c.u16()?].map(|offset| cumulative.wrapping_add(offset.into()));
        write!(out, "\n\t\t[gap ack block #{number}: start = {start}, end = {end}] ");
    }
    for number in 1..=duplicates {
        fixed_part(out, &c, ACKNOWLEDGED_LEN)?;
        write!(out, "\n\t\t[dup TSN #{number}: {}] ", c.u32()?);
    }
    Ok(())
}
