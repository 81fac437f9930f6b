//! Forwarding and Control Element Separation Protocol (RFC 5810).

mod path;
mod selector;

use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const ACKNOWLEDGEMENTS: &Tokens = &[(0, "NoACK"), (1, "SuccessACK"), (2, "FailureACK"), (3, "AlwaysACK")];

const EXECUTION_MODES: &Tokens = &[
    (0, "EMReserved"),
    (1, "execute-all-or-none"),
    (2, "execute-until-failure"),
    (3, "continue-execute-on-failure"),
];

const ATOMICITY: &Tokens = &[(0, "Standalone"), (1, "2PCtransaction")];

const TRANSACTION_PHASES: &Tokens =
    &[(0, "StartofTransaction"), (1, "MiddleofTransaction"), (2, "EndofTransaction"), (3, "abort")];

const TLVS: &Tokens = &[
    (0, "Invalid TLV"),
    (0x0001, "REDIRECT TLV"),
    (0x0010, "ASResult TLV"),
    (0x0011, "ASTreason TLV"),
    (0x1000, "LFBselect TLV"),
    (0x0110, "PATH-DATA TLV"),
    (0x0111, "KEYINFO TLV"),
    (0x0112, "FULLDATA TLV"),
    (0x0113, "SPARSEDATA TLV"),
    (0x0114, "RESULT TLV"),
    (0x0115, "METADATA TLV"),
    (0x0116, "REDIRECTDATA TLV"),
];

const TEARDOWN_REASONS: &Tokens = &[
    (0, "Normal Teardown"),
    (1, "Loss of Heartbeats"),
    (2, "Out of bandwidth"),
    (3, "Out of Memory"),
    (4, "Application Crash"),
];

mod tlv {
    pub(super) const REDIRECT: u16 = 0x0001;
    pub(super) const ASSOCIATION_RESULT: u16 = 0x0010;
    pub(super) const TEARDOWN_REASON: u16 = 0x0011;
    pub(super) const LFB_SELECTOR: u16 = 0x1000;
    pub(super) const METADATA: u16 = 0x0115;
    pub(super) const REDIRECT_DATA: u16 = 0x0116;
}

/// What a message holds at the top.
#[derive(Clone, Copy, PartialEq)]
enum Content {
    Nothing,
    /// May be left out.
    Optional,
    Required,
}

/// A type of message: its name, what it holds, and the operations it may hold as bits.
struct Message {
    kind: u8,
    name: &'static str,
    content: Content,
    operations: u16,
}

const fn message(kind: u8, name: &'static str, content: Content, operations: u16) -> Message {
    Message { kind, name, content, operations }
}

const MESSAGES: &[Message] = &[
    message(1, "Association Setup", Content::Optional, 0x0400),
    message(2, "Association TearDown", Content::Required, 0),
    message(3, "Config", Content::Required, 0x2813),
    message(4, "Query", Content::Required, 0x00c0),
    message(5, "Event Notification", Content::Required, 0x0400),
    message(6, "Packet Redirect", Content::Required, 0),
    message(15, "HeartBeat", Content::Nothing, 0),
    message(17, "Association Response", Content::Required, 0),
    message(19, "Config Response", Content::Required, 0x102c),
    message(20, "Query Response", Content::Required, 0x0300),
];

/// Numbers of messages up to which one without a name is told as unknown.
const NUMBERED: std::ops::RangeInclusive<u8> = 17..=20;

const HEADER_LEN: usize = 24;
const TLV_LEN: usize = 4;
/// Bytes of the smallest value at the top, with its header.
const MIN_TOP_LEN: usize = 8;

/// Prints a message.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    whole.need(HEADER_LEN)?;
    let mut c = whole;
    let (version, kind) = (c.u8()? >> 4, c.u8()?);
    out.field("type", kind);
    let Some(message) = MESSAGES.iter().find(|message| message.kind == kind) else {
        if NUMBERED.contains(&kind) {
            write!(out, "\n\tUnknown ForCES message type=0x{kind:x}");
        } else {
            writeln!(out, "Invalid ForCES message type {kind}");
        }
        return Err(Stop::Invalid);
    };
    write!(out, "\n\tForCES {} ", message.name);
    let length = usize::from(c.u16()?) * 4;
    if length != whole.length().next_multiple_of(4) || length < HEADER_LEN {
        write!(
            out,
            "Illegal ForCES pkt len - min {HEADER_LEN}, total recvd {}, advertised {length} ",
            whole.length()
        );
        return Err(Stop::Invalid);
    }
    let (source, destination, correlator, flags) = (c.u32()?, c.u32()?, c.u64()?, c.u32()?);
    out.field("source", source);
    out.field("destination", destination);
    let verbose = out.options.verbose;
    if verbose > 0 {
        write!(out, "\n\tForCES Version {version} len {length}B flags 0x{flags:08x} ");
        write!(
            out,
            "\n\tSrcID 0x{source:x}({}) DstID 0x{destination:x}({}) Correlator 0x{correlator:x}",
            node(source),
            node(destination)
        );
    }
    if verbose > 1 {
        print_flags(out, flags);
    }
    top(out, c, message)?;
    if verbose > 3 {
        out.text("\n\t  Raw ForCES message\n\t [");
        out.dump_hex("\n\t ", whole.claimed_bytes());
        out.text("\n\t ]");
    }
    Ok(())
}

/// What an identifier stands for (RFC 5810 section 6.1).
fn node(id: u32) -> &'static str {
    match id {
        0..=0x3fff_ffff => "FE",
        0x4000_0000..=0x7fff_ffff => "CE",
        0xc000_0000..=0xffff_fffb => "AllMulticast",
        0xffff_fffd => "AllCEsBroadcast",
        0xffff_fffe => "AllFEsBroadcast",
        0xffff_ffff => "AllBroadcast",
        _ => "ForCESreserved",
    }
}

fn print_flags(out: &mut Out, flags: u32) {
    let (acknowledge, priority, mode) = (flags >> 30, flags >> 27 & 7, flags >> 22 & 3);
    let (atomicity, phase) = (flags >> 21 & 1, flags >> 19 & 3);
    out.text("\n\tForCES flags:\n\t  ");
    out.token(ACKNOWLEDGEMENTS, acknowledge, format_args!("ACKUnknown"));
    write!(out, "(0x{acknowledge:x}), prio={priority}, ");
    out.token(EXECUTION_MODES, mode, format_args!("EMUnknown"));
    write!(out, "(0x{mode:x}),\n\t  ");
    out.token(ATOMICITY, atomicity, format_args!("ATUnknown"));
    write!(out, "(0x{atomicity:x}), ");
    out.token(TRANSACTION_PHASES, phase, format_args!("TPUnknown"));
    writeln!(out, "(0x{phase:x})");
    writeln!(out, "\t  Extra flags: rsv(b5-7) 0x{:x} rsv(b13-31) 0x{:x}", flags >> 24 & 7, flags & 0x7_ffff);
}

/// Prints the values at the top of a message; only that some are missing is told without being asked.
fn top(out: &mut Out, mut c: Cursor<'_>, message: &Message) -> Walk {
    let optional = message.content == Content::Optional && c.length() == 0;
    if message.content == Content::Nothing || optional {
        return Ok(());
    }
    if c.length() < MIN_TOP_LEN {
        out.text("\tTop level TLV Data missing!\n");
        return Err(Stop::Invalid);
    }
    if out.options.verbose < 3 {
        return Ok(());
    }
    while let Ok((kind, value)) = read_tlv(&mut c)? {
        let name = match kind {
            tlv::REDIRECT | tlv::ASSOCIATION_RESULT | tlv::TEARDOWN_REASON | tlv::LFB_SELECTOR => {
                tokens::name(TLVS, kind.into())
            }
            _ => None,
        };
        let Some(name) = name else {
            write!(out, "\n\tInvalid ForCES Top TLV type=0x{kind:x}");
            return Err(Stop::Invalid);
        };
        let length = value.length();
        write!(out, "\t{name}, length {} (data length {length} Bytes)", length + TLV_LEN);
        match kind {
            tlv::REDIRECT => redirect(out, value)?,
            tlv::ASSOCIATION_RESULT => association_result(out, value)?,
            tlv::TEARDOWN_REASON => teardown(out, value)?,
            _ => selector::print(out, value, message.operations)?,
        }
    }
    if c.length() > 0 {
        let advertised = c.peek_u16(2).unwrap_or(0);
        write!(out, "\tMess TopTLV header: min {TLV_LEN}, total {} advertised {advertised} ", c.length());
        return Err(Stop::Invalid);
    }
    Ok(())
}

/// Why a value of type and length cannot be read.
#[derive(Clone, Copy)]
enum Fault {
    TotalLength,
    TooShort,
    TooLong,
    PaddingMissing,
}

impl Fault {
    fn text(self) -> &'static str {
        match self {
            Fault::TotalLength => "Invalid total length",
            Fault::TooShort => "xLV too short",
            Fault::TooLong => "xLV too long",
            Fault::PaddingMissing => "data padding missing",
        }
    }
}

/// Reads type, length and value, and what pads the value; the cursor stays where that cannot be.
fn read_tlv<'a>(c: &mut Cursor<'a>) -> Walk<Result<(u16, Cursor<'a>), Fault>> {
    if c.length() < TLV_LEN {
        return Ok(Err(Fault::TotalLength));
    }
    let (kind, length) = (c.peek_u16(0)?, usize::from(c.peek_u16(2)?));
    if length < TLV_LEN {
        return Ok(Err(Fault::TooShort));
    }
    if length > c.length() {
        return Ok(Err(Fault::TooLong));
    }
    if length.next_multiple_of(4) > c.length() {
        return Ok(Err(Fault::PaddingMissing));
    }
    let value = c.claim(length).ahead(TLV_LEN);
    c.advance(length.next_multiple_of(4));
    Ok(Ok((kind, value)))
}

/// Writes blanks in front of what stands `level` deep.
fn indent(out: &mut Out, level: usize) -> &mut Out {
    const FIRST: usize = 8;
    for _ in 0..FIRST + level {
        out.byte(b' ');
    }
    out
}

/// Dumps bytes in rows that stand `level` deep.
fn dump(out: &mut Out, bytes: &[u8], level: usize) {
    const BLANKS: &str = "\n                                        ";
    let end = (1 + 8 + level).min(BLANKS.len());
    out.dump_hex(BLANKS.get(..end).unwrap_or(BLANKS), bytes);
}

/// How the association was received.
fn association_result(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() != 4 {
        writeln!(out, "illegal ASRresult-TLV: {} bytes!", c.length());
        return Err(Stop::Invalid);
    }
    let result = c.u32()?;
    out.text("\n");
    indent(out, 1).text(match result {
        0 => "Success ",
        1 => "FE ID invalid ",
        2 => "permission denied ",
        _ => "Unknown ",
    });
    writeln!(out, "({result:x})");
    indent(out, 1);
    Ok(())
}

/// Why the association ends.
fn teardown(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() != 4 {
        writeln!(out, "illegal ASTresult-TLV: {} bytes!", c.length());
        return Err(Stop::Invalid);
    }
    let reason = c.u32()?;
    out.text("Teardown reason:\n");
    indent(out, 1).token(TEARDOWN_REASONS, reason, format_args!("unknown ({reason})"));
    writeln!(out, "({reason:x})");
    indent(out, 1);
    Ok(())
}

/// A packet on its way between the elements, with what is known of it.
fn redirect(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const MIN_LEN: usize = 8;
    if c.length() <= MIN_LEN {
        write!(out, "\n\t\ttruncated Redirect TLV: {} bytes missing! ", MIN_LEN - c.length());
        return Err(Stop::Invalid);
    }
    while let Ok((kind, value)) = read_tlv(&mut c)? {
        match kind {
            tlv::METADATA => metadata(out, value)?,
            tlv::REDIRECT_DATA => {
                out.text("\n");
                writeln!(indent(out, 2), " Redirect Data length {}", value.length());
                out.text("\t\t[");
                out.dump_hex("\n\t\t", value.claimed_bytes());
                value.need(value.length())?;
                out.text("\n\t\t]");
            }
            _ => writeln!(out, "Unknown REDIRECT TLV 0x{kind:x} len {}", value.length() + TLV_LEN),
        }
    }
    if c.length() > 0 {
        let kind = c.peek_u16(0).unwrap_or(0);
        writeln!(out, "\n\t\tMessy Redirect TLV header, type (0x{kind:x})");
        write!(out, "\t\texcess of {} Bytes ", c.length());
        return Err(Stop::Invalid);
    }
    Ok(())
}

fn metadata(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const ITEM_LEN: usize = 8;
    out.text("\n");
    writeln!(indent(out, 2), " METADATA length {}", c.length());
    while c.length() >= ITEM_LEN {
        let (id, length) = (c.u32()?, c.u32()? as usize);
        if length < ITEM_LEN || length - ITEM_LEN > c.length() {
            return Err(Stop::Invalid);
        }
        writeln!(indent(out, 3), "MetaID 0x{id:x} length {length}");
        let value = c.clip(length - ITEM_LEN);
        out.dump_hex("\t\t[", value.bytes());
        value.need(value.length())?;
        out.text(" ]\n");
        c.advance((length - ITEM_LEN).next_multiple_of(4));
    }
    Ok(())
}
