//! The Network Services Protocol of DECnet (DECnet Digital Network Architecture, NSP Functional Specification 4.0.0).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const REASONS: &Tokens = &[
    (0, "object rejected connect"),
    (1, "insufficient resources"),
    (2, "unrecognized node name"),
    (3, "node is shutting down"),
    (4, "unrecognized object"),
    (5, "invalid object name format"),
    (6, "object too busy"),
    (7, "protocol error discovered"),
    (8, "third party abort"),
    (9, "user abort"),
    (10, "invalid node name format"),
    (11, "local node shutting down"),
    (32, "insufficient local resources"),
    (33, "insufficient remote user resources"),
    (34, "invalid access control information"),
    (36, "bad ACCOUNT information"),
    (38, "no response from object"),
    (39, "node unreachable"),
    (41, "no link terminate"),
    (42, "disconnect complete"),
    (43, "bad image data in connect"),
    (54, "cryptographic service mismatch"),
];

/// Bytes of flags, destination and source, which all messages have.
const HEADER_LEN: usize = 5;

/// Types and subtypes in a message's first byte.
const TYPE: u8 = 0x0c;
const SUBTYPE: u8 = 0x70;
const DATA: u8 = 0x00;
const ACKNOWLEDGMENT: u8 = 0x04;
const CONTROL: u8 = 0x08;

/// Links of a message.
struct Message {
    flags: u8,
    src: u16,
    dst: u16,
}

/// Prints a message.
pub(super) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    if whole.length() < HEADER_LEN {
        write!(out, " (nsplen {} < {HEADER_LEN})", whole.length());
        return Err(Stop::Invalid);
    }
    let mut c = whole;
    let (flags, dst, src) = (c.u8()?, c.u16_le()?, c.u16_le()?);
    let message = Message { flags, src, dst };
    out.fields(|| [("src_link", src.into()), ("dst_link", dst.into())]);
    match flags & TYPE {
        DATA => message.data(out, c),
        ACKNOWLEDGMENT => message.acknowledgment(out, c),
        CONTROL => message.control(out, c),
        _ => {
            message.reserved(out, "type");
            Ok(())
        }
    }
}

/// What acknowledgments of the message's own kind and of the other kind are called.
struct Labels {
    not: &'static str,
    is: &'static str,
    other_not: &'static str,
    other_is: &'static str,
}

const OF_DATA: Labels = Labels { not: "nak", is: "ack", other_not: "onak", other_is: "oack" };
const OF_OTHERS: Labels = Labels { not: "nak", is: "ack", other_not: "nakdat", other_is: "ackdat" };

impl Message {
    fn links(&self, out: &mut Out, name: &str) {
        write!(out, "{name} {}>{} ", self.src, self.dst);
    }

    fn reserved(&self, out: &mut Out, what: &str) {
        write!(out, "reserved-{what}? {:x} {} > {}", self.flags, self.src, self.dst);
    }

    fn data(&self, out: &mut Out, mut c: Cursor<'_>) -> Walk {
        match self.flags & SUBTYPE {
            0x00 | 0x20 | 0x40 | 0x60 => {
                self.links(out, "data");
                acknowledged(out, &mut c, &OF_DATA)?;
                segment(out, &mut c)
            }
            0x30 => {
                out.text("intr ");
                acknowledged(out, &mut c, &OF_OTHERS)?;
                segment(out, &mut c)
            }
            0x10 => {
                self.links(out, "link-service");
                link_service(out, c)
            }
            _ => {
                self.reserved(out, "subtype");
                Ok(())
            }
        }
    }

    fn acknowledgment(&self, out: &mut Out, mut c: Cursor<'_>) -> Walk {
        let (name, labels) = match self.flags & SUBTYPE {
            0x00 => ("data-ack", OF_DATA),
            0x10 => ("ils-ack", OF_OTHERS),
            0x20 => {
                write!(out, "conn-ack {}", self.dst);
                return Ok(());
            }
            _ => {
                self.reserved(out, "acktype");
                return Ok(());
            }
        };
        self.links(out, name);
        at_least(c, ACKNOWLEDGMENTS_LEN)?;
        acknowledged(out, &mut c, &labels)
    }

    fn control(&self, out: &mut Out, mut c: Cursor<'_>) -> Walk {
        match self.flags & SUBTYPE {
            subtype @ (0x10 | 0x60) => {
                let name = if subtype == 0x60 { "retrans-conn-initiate" } else { "conn-initiate" };
                self.links(out, name);
                at_least(c, CONNECTION_LEN)?;
                connection(out, &mut c)
            }
            0x20 => {
                self.links(out, "conn-confirm");
                at_least(c, CONNECTION_LEN + 1)?;
                connection(out, &mut c)?;
                optional(out, &mut c)
            }
            0x30 => {
                self.links(out, "disconn-initiate");
                at_least(c, REASON_LEN + 1)?;
                reason(out, &mut c)?;
                optional(out, &mut c)
            }
            0x40 => {
                self.links(out, "disconn-confirm");
                reason(out, &mut c)
            }
            _ => {
                self.reserved(out, "ctltype");
                Ok(())
            }
        }
    }
}

/// Bytes behind the header that some messages have at least.
const ACKNOWLEDGMENTS_LEN: usize = 4;
const LINK_SERVICE_LEN: usize = 8;
const CONNECTION_LEN: usize = 4;
const REASON_LEN: usize = 2;

/// Stops where a message is too short for its kind, or where that much of it was not captured.
fn at_least(c: Cursor<'_>, len: usize) -> Walk {
    if c.length() < len { Err(Stop::Invalid) } else { c.need(len) }
}

/// A number is of an acknowledgment; and bits that deny.
const IS_ACKNOWLEDGMENT: u16 = 0x8000;
const DENIES: u16 = 0x1000;
const OTHER_DENIES: u16 = 0x3000;
const NUMBER: u16 = 0x0fff;

/// Prints up to two acknowledgments, which may stand before a segment's number.
fn acknowledged(out: &mut Out, c: &mut Cursor<'_>, labels: &Labels) -> Walk {
    at_least(*c, 2)?;
    let first = c.ahead(0).u16_le()?;
    if first & IS_ACKNOWLEDGMENT == 0 {
        return Ok(());
    }
    let label = if first & DENIES != 0 { labels.not } else { labels.is };
    write!(out, "{label} {} ", first & NUMBER);
    c.skip(2)?;
    at_least(*c, 2)?;
    let second = c.ahead(0).u16_le()?;
    if second & IS_ACKNOWLEDGMENT == 0 {
        return Ok(());
    }
    let label = if second & OTHER_DENIES == OTHER_DENIES { labels.other_not } else { labels.other_is };
    write!(out, "{label} {} ", second & NUMBER);
    c.skip(2)
}

fn segment(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    at_least(*c, 2)?;
    write!(out, "seg {} ", c.u16_le()? & NUMBER);
    Ok(())
}

/// Where flow control stands, whether acknowledgments precede it or not.
const FLOW_CONTROL_AT: usize = 6;

/// How much more of which kind a receiver takes.
fn link_service(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() < LINK_SERVICE_LEN {
        return Err(Stop::Invalid);
    }
    let mut acknowledgments = c;
    acknowledged(out, &mut acknowledgments, &OF_OTHERS)?;
    segment(out, &mut acknowledgments)?;
    let [flags, value] = *c.peek_array(FLOW_CONTROL_AT)?;
    match flags & 0x0c {
        0x00 => {
            write!(out, "dat seg count {value} ");
            match flags & 0x03 {
                0 => {}
                1 => _ = out.text("donotsend-data "),
                2 => _ = out.text("send-data "),
                _ => write!(out, "reserved-fcmod? {flags:x}"),
            }
        }
        0x04 => write!(out, "intr req count {value} "),
        _ => write!(out, "reserved-fcval-int? {flags:x}"),
    }
    Ok(())
}

/// What a connection is to be like.
fn connection(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let (services, information, size) = (c.u8()?, c.u8()?, c.u16_le()?);
    match services & 0x0c {
        0x04 => _ = out.text("seg "),
        0x08 => _ = out.text("msg "),
        _ => {}
    }
    out.text(match information & 0x03 {
        0 => "ver 3.2 ",
        1 => "ver 3.1 ",
        2 => "ver 4.0 ",
        _ => "ver 4.1 ",
    });
    write!(out, "segsize {size} ");
    Ok(())
}

/// How many bytes of the users' own follow, if any.
fn optional(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let len = c.u8()?;
    if len > 0 {
        write!(out, "optlen {len} ");
    }
    Ok(())
}

fn reason(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let reason = c.u16_le()?;
    out.token(REASONS, reason, format_args!("reason-{reason}"));
    out.text(" ");
    Ok(())
}
