//! Signalling between the network and its users: calls, and the state of permanent circuits (ITU-T Q.933, ANSI T1.617).

use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const MESSAGES: &Tokens = &[
    (0, "ESC to National"),
    (1, "Alert"),
    (2, "Call proceeding"),
    (7, "Connect"),
    (15, "Connect ACK"),
    (3, "Progress"),
    (5, "Setup"),
    (69, "Disconnect"),
    (77, "Release"),
    (90, "Release Complete"),
    (70, "Restart"),
    (78, "Restart ACK"),
    (125, "Status Reply"),
    (117, "Status Enquiry"),
];

const ELEMENTS: &Tokens = &[
    (1, "ANSI Report Type"),
    (25, "ANSI Link Verify"),
    (3, "ANSI Link Verify"),
    (7, "ANSI PVC Status"),
    (81, "CCITT Report Type"),
    (83, "CCITT Link Verify"),
    (87, "CCITT PVC Status"),
];

const REPORTS: &Tokens = &[(0, "Full Status"), (1, "Link verify"), (2, "Async PVC Status")];

/// Elements of one byte have this bit; those that shift to another set of codes are a kind of them.
const SINGLE: u8 = 0x80;
const SHIFT_MASK: u8 = 0xf0;
const SHIFT: u8 = 0x90;
/// A shift with this bit is for the next element only.
const NEXT_ONLY: u8 = 0x08;
const CODESET_MASK: u8 = 0x07;
/// The codeset for national use, which ANSI's signalling locks.
const NATIONAL: u8 = 5;

/// Reads a byte that must be claimed and captured.
fn claimed(c: &mut Cursor<'_>) -> Walk<u8> {
    if c.length() == 0 { Err(Stop::Truncated) } else { c.u8() }
}

/// Which set of codes the next element is from.
#[derive(Clone, Copy, Default)]
struct Codeset {
    locked: u8,
    next: Option<u8>,
}

impl Codeset {
    fn shift(&mut self, code: u8) {
        if code & NEXT_ONLY == 0 {
            self.locked = code & CODESET_MASK;
        } else {
            self.next = Some(code & CODESET_MASK);
        }
    }

    fn current(self) -> u8 {
        self.next.unwrap_or(self.locked)
    }
}

/// The header: what comes before the elements.
struct Header<'a> {
    call_reference: &'a [u8],
    message: u8,
    codeset: Codeset,
    is_ansi: bool,
}

/// Prints a message.
pub(in crate::proto) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    let length = c.length();
    let header = match Header::read(&mut c) {
        Ok(header) => header,
        Err(stop) => {
            introduce(out);
            write!(out, "length {length}");
            return Err(stop);
        }
    };
    header.print(out, length, c)?;
    let walk = elements(out, c, header.codeset);
    if out.options.verbose == 0 && !matches!(walk, Ok(Ended::Early)) {
        write!(out, ", length {length}");
    }
    walk.map(|_| ())
}

fn introduce(out: &mut Out) {
    if !out.options.link_header {
        out.text("Q.933, ");
    }
}

impl<'a> Header<'a> {
    fn read(c: &mut Cursor<'a>) -> Walk<Self> {
        let reference_len = usize::from(claimed(c)? & 0x0f);
        if c.length() < reference_len {
            return Err(Stop::Truncated);
        }
        let call_reference = c.take(reference_len)?;
        let message = claimed(c)?;
        let mut header = Header { call_reference, message, codeset: Codeset::default(), is_ansi: false };
        if c.length() > 0 {
            let first = c.peek_u8(0)?;
            if first & SHIFT_MASK == SHIFT {
                c.advance(1);
                header.codeset.shift(first);
                header.is_ansi = header.codeset.locked == NATIONAL;
            }
        }
        Ok(header)
    }

    fn print(&self, out: &mut Out, length: usize, rest: Cursor<'_>) -> Walk {
        let message = self.message;
        out.field("message", message);
        introduce(out);
        let standard = if self.is_ansi { "ANSI" } else { "CCITT" };
        write!(out, "{standard}, codeset {}", self.codeset.current());
        // One byte is taken for a dummy where the element that follows it starts with zero.
        let is_dummy = match self.call_reference.len() {
            0 => true,
            len => rest.peek_u8(0)? == 0 && len == 1,
        };
        if !is_dummy {
            out.text(", Call Ref: 0x").hex_bytes(self.call_reference);
        }
        out.text(", ");
        if out.options.verbose > 0 {
            out.token(MESSAGES, message, format_args!("unknown message"));
            write!(out, " (0x{message:02x}), length {length}");
        } else {
            out.token(MESSAGES, message, format_args!("unknown message 0x{message:02x}"));
        }
        Ok(())
    }
}

/// How far the elements were printed.
enum Ended {
    AtTheEnd,
    Early,
}

fn elements(out: &mut Out, mut c: Cursor<'_>, mut codeset: Codeset) -> Walk<Ended> {
    while c.length() > 0 {
        let code = claimed(&mut c)?;
        if code & SHIFT_MASK == SHIFT {
            codeset.shift(code);
            continue;
        }
        let current = codeset.current();
        codeset.next = None;
        if code & SINGLE != 0 {
            continue;
        }
        let len = usize::from(claimed(&mut c)?);
        let knows = current == 0 || current == NATIONAL;
        if out.options.verbose > 0 {
            let name = if knows { tokens::name(ELEMENTS, code.into()) } else { None };
            write!(out, "\n\t{} IE (0x{code:02x}), length {len}: ", name.unwrap_or("unknown"));
        }
        if code == 0 || len == 0 {
            return Ok(Ended::Early);
        }
        if c.length() < len {
            return Err(Stop::Truncated);
        }
        c.need(len)?;
        let value = c.split(len);
        let known = knows && element(out, code, value.bytes());
        if known && out.options.verbose > 1 {
            out.dump_hex("\n\t  ", value.bytes());
        } else if !known && out.options.verbose > 0 {
            out.dump_hex("\n\t", value.bytes());
        }
    }
    Ok(Ended::AtTheEnd)
}

/// Prints the elements that tell of permanent circuits, some of them in any case; false for others.
fn element(out: &mut Out, code: u8, value: &[u8]) -> bool {
    match (code, value) {
        (1 | 81, [report, ..]) => {
            if out.options.verbose > 0 {
                out.token(REPORTS, *report, format_args!("unknown"));
                write!(out, " ({report})");
            }
        }
        (3 | 83 | 25, _) => {
            separate(out);
            match value {
                [sent, received, ..] => write!(out, "TX Seq: {sent:3}, RX Seq: {received:3}"),
                _ => {
                    out.text("Invalid LINK VERIFY IE");
                }
            }
        }
        (7 | 87, _) => {
            separate(out);
            match circuit(value) {
                Some((connection, status)) => {
                    let new = if status & 0x08 != 0 { "New, " } else { "" };
                    let active = if status & 0x02 != 0 { "Active" } else { "Inactive" };
                    write!(out, "DLCI {connection}: status {new}{active}");
                }
                None => {
                    out.text("Invalid DLCI in PVC STATUS IE");
                }
            }
        }
        _ => return false,
    }
    true
}

fn separate(out: &mut Out) {
    if out.options.verbose == 0 {
        out.text(", ");
    }
}

/// The number of a circuit, in two to four bytes of which only the last has its high bit set, and its status.
fn circuit(value: &[u8]) -> Option<(u32, u8)> {
    let (&status, number) = value.split_last()?;
    let (&last, inner) = number.split_last()?;
    if status & 0x80 == 0 || last & 0x80 == 0 || inner.iter().any(|byte| byte & 0x80 != 0) {
        return None;
    }
    let connection = match *number {
        [a, b] => u32::from(a & 0x3f) << 4 | u32::from(b & 0x78) >> 3,
        [a, b, c] => (u32::from(a & 0x3f) << 4 | u32::from(b & 0x78) >> 3) << 6 | u32::from(c & 0x7e) >> 1,
        [a, b, c, d] => {
            (u32::from(a & 0x3f) << 4 | u32::from(b & 0x78) >> 3) << 13
                | u32::from(c & 0x7f)
                | u32::from(d & 0x7e) >> 1
        }
        _ => return None,
    };
    Some((connection, status))
}
