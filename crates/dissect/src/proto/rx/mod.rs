//! RX, the remote procedure calls of AFS (OpenAFS's RX protocol specification).

mod acl;
mod calls;
mod items;
mod procedures;
mod services;

pub(crate) use calls::Calls;

use crate::Out;
use crate::tokens::{self, Tokens};
use items::Item;
use services::{Service, UBIK};
use wirescope_wire::{Cursor, Stop, Walk};

const TYPES: &Tokens = &[
    (1, "data"),
    (2, "ack"),
    (3, "busy"),
    (4, "abort"),
    (5, "ackall"),
    (6, "challenge"),
    (7, "response"),
    (8, "debug"),
    (9, "params"),
    (13, "version"),
];

/// Flags that packets of any type may have, and what one bit means in acknowledgements and in others.
const FLAGS: &Tokens = &[
    (0x01, "client-init"),
    (0x02, "req-ack"),
    (0x04, "last-pckt"),
    (0x08, "more-pckts"),
    (0x10, "free-pckt"),
];
const SLOW_START_OR_JUMBOGRAM: u8 = 0x20;

const ACK_REASONS: &Tokens = &[
    (1, "ack requested"),
    (2, "duplicate packet"),
    (3, "out of sequence"),
    (4, "exceeds window"),
    (5, "no buffer space"),
    (6, "ping"),
    (7, "ping response"),
    (8, "delay"),
    (9, "idle"),
];

const FILE_SERVER_ERRORS: &Tokens = &[
    (101, "salvage volume"),
    (102, "no such vnode"),
    (103, "no such volume"),
    (104, "volume exist"),
    (105, "no service"),
    (106, "volume offline"),
    (107, "voline online"),
    (108, "diskfull"),
    (109, "diskquota exceeded"),
    (110, "volume busy"),
    (111, "volume moved"),
    (112, "AFS IO error"),
    (0xffff_ff9c, "restarting fileserver"),
];

mod kind {
    pub(super) const DATA: u8 = 1;
    pub(super) const ACK: u8 = 2;
    pub(super) const ABORT: u8 = 4;
}

mod flag {
    pub(super) const CLIENT_INITIATED: u8 = 0x01;
}

const HEADER_LEN: usize = 28;
/// Procedures of Ubik: votes and the database.
const UBIK_VOTES: std::ops::RangeInclusive<u32> = 10_000..=10_007;
const UBIK_DISK: std::ops::RangeInclusive<u32> = 20_000..=20_013;
const VOTE_BEACON: u32 = 10_000;

/// The header of a packet, as far as anything depends on it.
struct Header {
    call: u32,
    sequence: u32,
    kind: u8,
    flags: u8,
    service: u16,
}

/// Prints a packet.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let (source, destination) = out.context.ports;
    let length = c.length();
    if !c.has(HEADER_LEN) {
        write!(out, " [|rx] ({length})");
        return Ok(());
    }
    let mut rest = c;
    let header = header(out, &mut rest)?;
    if length > HEADER_LEN {
        let is_client = header.flags & flag::CLIENT_INITIATED != 0;
        let begins = header.kind == kind::DATA && header.sequence == 1;
        let walk = if begins && is_client {
            call(out, &mut rest, &header, destination)
        } else if begins || (header.kind == kind::ABORT && !is_client) {
            reply(out, &mut rest, &header, source)
        } else if header.kind == kind::ACK {
            acknowledgement(out, rest)
        } else {
            Ok(())
        };
        walk?;
    }
    write!(out, " ({length})");
    Ok(())
}

fn header(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Header> {
    c.skip(4)?;
    let (connection, call, sequence, serial) = (c.u32()?, c.u32()?, c.u32()?, c.u32()?);
    let [kind, flags, _, security] = *c.array()?;
    c.skip(2)?;
    let service = c.u16()?;
    out.fields(|| {
        [
            ("type", kind.into()),
            ("connection", connection.into()),
            ("call", call.into()),
            ("sequence", sequence.into()),
            ("service", service.into()),
        ]
    });
    out.text(" rx ");
    out.token(TYPES, kind, format_args!("type {kind}"));
    let verbose = out.options.verbose;
    if verbose > 1 {
        write!(out, " cid {connection:08x} call# {call}");
    }
    if verbose > 0 {
        write!(out, " seq {sequence} ser {serial}");
    }
    if verbose > 2 {
        write!(out, " secindex {security} serviceid {service}");
    }
    if verbose > 1 {
        flag_names(out, kind, flags);
    }
    Ok(Header { call, sequence, kind, flags, service })
}

fn flag_names(out: &mut Out, kind: u8, flags: u8) {
    let last = match kind {
        kind::DATA => Some("jumbogram"),
        kind::ACK => Some("slow-start"),
        _ => None,
    };
    let named = FLAGS.iter().map(|&(bit, name)| (bit as u8, name));
    let mut between = " ";
    for (bit, name) in named.chain(last.map(|name| (SLOW_START_OR_JUMBOGRAM, name))) {
        if flags & bit != 0 {
            out.text(between).text("<").text(name).text(">");
            between = ",";
        }
    }
}

/// The service that a procedure of another one belongs to: Ubik's come to the ports of the databases.
fn service_of(service: &'static Service, procedure: u32) -> &'static Service {
    let is_ubik = UBIK_VOTES.contains(&procedure) || UBIK_DISK.contains(&procedure);
    if service.has_ubik && is_ubik { &UBIK } else { service }
}

fn call(out: &mut Out, c: &mut Cursor<'_>, header: &Header, port: u16) -> Walk {
    let procedure = c.peek_u32(0)?;
    calls::remember(out, header.call, header.service, port, procedure);
    let Some(known) = services::by_port(port) else { return Ok(()) };
    c.advance(4);
    let service = service_of(known, procedure);
    heading(out, known, service, "call", procedure);
    print_items(out, c, service, service.call(procedure))
}

fn reply(out: &mut Out, c: &mut Cursor<'_>, header: &Header, port: u16) -> Walk {
    let Some(procedure) = calls::answered(out, header.call, header.service, port) else { return Ok(()) };
    let Some(known) = services::by_port(port) else { return Ok(()) };
    let service = service_of(known, procedure);
    heading(out, known, service, "reply", procedure);
    if header.kind == kind::DATA {
        return print_items(out, c, service, service.reply(procedure));
    }
    match (service.name, procedure) {
        ("fs", _) => {
            let code = c.u32()?;
            out.text(" error ");
            out.token(FILE_SERVER_ERRORS, code, format_args!("#{}", code as i32));
            Ok(())
        }
        // A vote is given by the code that the call ends with.
        ("ubik", VOTE_BEACON) => print_items(out, c, service, &[Item::Label(" vote yes until"), Item::Date]),
        _ => print_items(out, c, service, &[Item::Label(" errcode"), Item::Signed]),
    }
}

/// Writes the service, that it is called or replies, and the procedure.
fn heading(out: &mut Out, known: &Service, service: &Service, what: &str, procedure: u32) {
    if !std::ptr::eq(known, service) {
        out.text(" ").text(known.name);
    }
    out.text(" ").text(service.name).text(" ").text(what).text(" ");
    out.field("procedure", procedure);
    match tokens::name(service.procedures, procedure) {
        Some(name) => _ = out.text(name),
        None => write!(out, "op#{procedure}"),
    }
}

/// Prints what a call or reply holds. Some of it has the service's own mark where it is cut off, behind which the
/// packet goes on.
fn print_items(out: &mut Out, c: &mut Cursor<'_>, service: &Service, items: &[Item]) -> Walk {
    match items::print(out, c, items) {
        Err(Stop::Invalid) => {
            out.text(" [|").text(service.name).text("]");
            Ok(())
        }
        walk => walk,
    }
}

/// An acknowledgement: packets from the first on, each as it came or not.
fn acknowledgement(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    /// Bytes in front of the list.
    const ACK_LEN: usize = 18;
    /// Bytes that the sender leaves out behind the list.
    const GAP: usize = 3;
    if !c.has(ACK_LEN) {
        out.text(" [|ack]");
        return Ok(());
    }
    let (buffers, skew, first, _, serial) = (c.u16()?, c.u16()?, c.u32()?, c.u32()?, c.u32()?);
    let (reason, count) = (c.u8()?, usize::from(c.u8()?));
    if out.options.verbose > 2 {
        write!(out, " bufspace {buffers} maxskew {skew}");
    }
    write!(out, " first {first} serial {serial} reason ");
    out.token(ACK_REASONS, reason, format_args!("#{reason}"));
    if !c.has(count) {
        out.text(" [|ack]");
        return Ok(());
    }
    let states = c.take(count)?;
    runs(out, first, states, ACKNOWLEDGED, " acked ");
    runs(out, first, states, NOT_ACKNOWLEDGED, " nacked ");
    if out.options.verbose > 1 {
        c.advance(GAP);
        for name in [" ifmtu ", " maxmtu ", " rwind ", " maxpackets "] {
            if c.length() < 4 {
                break;
            }
            let value = c.u32()?;
            out.text(name).dec(value);
        }
    }
    Ok(())
}

const NOT_ACKNOWLEDGED: u8 = 0;
const ACKNOWLEDGED: u8 = 1;

/// Writes which packets have a state, as runs of numbers.
fn runs(out: &mut Out, first: u32, states: &[u8], wanted: u8, heading: &str) {
    let mut before = heading;
    let mut number = first;
    for run in states.chunk_by(|a, b| a == b) {
        let last = number.wrapping_add(run.len() as u32 - 1);
        if run.first() == Some(&wanted) {
            out.text(before).dec(number);
            if run.len() > 1 {
                out.text("-").dec(last);
            }
            before = ",";
        }
        number = last.wrapping_add(1);
    }
}
