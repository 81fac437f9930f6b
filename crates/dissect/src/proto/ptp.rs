//! Precision Time Protocol, version 2 (IEEE 1588-2008, IEEE 1588-2019), over UDP and Ethernet.

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const MESSAGES: &Tokens = &[
    (0, "sync msg"),
    (1, "delay req msg"),
    (2, "peer delay req msg"),
    (3, "peer delay resp msg"),
    (8, "follow up msg"),
    (9, "delay resp msg"),
    (10, "pdelay resp fup msg"),
    (11, "announce msg"),
    (12, "signaling msg"),
    (13, "management msg"),
];

const CONTROL: &Tokens =
    &[(0, "Sync"), (1, "Delay_Req"), (2, "Follow_Up"), (3, "Delay_Resp"), (4, "Management"), (5, "Other")];

const FLAGS: &Tokens = &[
    (0x0001, "l1 61"),
    (0x0002, "l1 59"),
    (0x0004, "utc reasonable"),
    (0x0008, "timescale"),
    (0x0010, "time tracable"),
    (0x0020, "frequency tracable"),
    (0x0100, "alternate master"),
    (0x0200, "two step"),
    (0x0400, "unicast"),
    (0x1000, "profile specific 1"),
    (0x2000, "profile specific 2"),
    (0x4000, "security mask"),
    (0x18c0, "unknown"),
];

mod message {
    pub(super) const SYNC: u8 = 0;
    pub(super) const DELAY_REQUEST: u8 = 1;
    pub(super) const PEER_DELAY_REQUEST: u8 = 2;
    pub(super) const PEER_DELAY_RESPONSE: u8 = 3;
    pub(super) const FOLLOW_UP: u8 = 8;
    pub(super) const DELAY_RESPONSE: u8 = 9;
    pub(super) const PEER_DELAY_FOLLOW_UP: u8 = 10;
    pub(super) const ANNOUNCE: u8 = 11;
    pub(super) const SIGNALING: u8 = 12;
    pub(super) const MANAGEMENT: u8 = 13;
}

const HEADER_LEN: usize = 34;
const MAX_NANOS: u32 = 999_999_999;

/// Prints a message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() < HEADER_LEN {
        return out.disagree("length", c.length(), "<", HEADER_LEN);
    }
    let versions = c.peek_u8(1)?;
    let (minor, major) = (versions >> 4, versions & 0x0f);
    out.field("version", major);
    out.text("PTP");
    if minor == 0 {
        write!(out, "v{major}");
    } else {
        write!(out, "v{major}.{minor}");
    }
    match major {
        1 => _ = out.text(" (not implemented)"),
        2 => return print_2(out, c),
        _ => _ = out.text(" (unsupported)"),
    }
    Ok(())
}

fn print_2(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let first = c.u8()?;
    let kind = first & 0x0f;
    out.field("message_type", kind);
    write!(out, ", majorSdoId: 0x{:x}, msg type: ", first >> 4);
    out.token(MESSAGES, kind, format_args!("Reserved"));
    c.skip(1)?;
    write!(out, ", length: {}", c.u16()?);
    let [domain, reserved] = *c.array()?;
    out.field("domain", domain);
    write!(out, ", domain: {domain}, reserved1: {reserved}");
    let flags = c.u16()?;
    out.text(", Flags [");
    out.bits(FLAGS, flags, ", ", format_args!("none"));
    out.text("]");
    write!(out, ", NS correction: {}", c.u48()?);
    write!(out, ", sub NS correction: {}", c.u16()?);
    write!(out, ", reserved2: {}", c.u32()?);
    let clock = c.u64()?;
    out.field("clock_identity", clock);
    write!(out, ", clock identity: {clock:#x}");
    write!(out, ", port id: {}", c.u16()?);
    let sequence = c.u16()?;
    out.field("sequence", sequence);
    write!(out, ", seq id: {sequence}");
    let control = c.u8()?;
    write!(out, ", control: {control} (");
    out.token(CONTROL, control, format_args!("Reserved"));
    write!(out, "), log message interval: {}", c.u8()?);
    body(out, &mut c, kind)
}

fn body(out: &mut Out, c: &mut Cursor<'_>, kind: u8) -> Walk {
    match kind {
        message::SYNC | message::DELAY_REQUEST => timestamp(out, c, "originTimeStamp"),
        message::FOLLOW_UP => timestamp(out, c, "preciseOriginTimeStamp"),
        message::PEER_DELAY_REQUEST | message::PEER_DELAY_FOLLOW_UP => {
            timestamp(out, c, "preciseOriginTimeStamp")?;
            port(out, c)
        }
        message::PEER_DELAY_RESPONSE | message::DELAY_RESPONSE => {
            timestamp(out, c, "receiveTimeStamp")?;
            port(out, c)
        }
        message::ANNOUNCE => announce(out, c),
        message::SIGNALING => port(out, c),
        message::MANAGEMENT => {
            port(out, c)?;
            write!(out, ", start boundary hops: {}", c.u8()?);
            write!(out, ", boundary hops: {}", c.u8()?);
            write!(out, ", flags: 0x{:x}", c.u8()?);
            write!(out, ", reserved: 0x{:x}", c.u8()?);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn timestamp(out: &mut Out, c: &mut Cursor<'_>, name: &str) -> Walk {
    write!(out, ", {name}:");
    write!(out, " {}.", c.u48()?);
    let nanos = c.u32()?;
    write!(out, "{nanos:09} seconds");
    if nanos > MAX_NANOS {
        out.text(" (invalid ns)");
    }
    Ok(())
}

fn port(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    write!(out, ", port identity: {:#x}", c.u64()?);
    write!(out, ", port id: {}", c.u16()?);
    Ok(())
}

/// A clock that offers itself, and how good it is.
fn announce(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    timestamp(out, c, "originTimeStamp")?;
    write!(out, ", origin cur utc:{}", c.u16()?);
    write!(out, ", rsvd: {}", c.u8()?);
    write!(out, ", gm priority_1: {}", c.u8()?);
    write!(out, ", gm clock class: {}", c.u8()?);
    write!(out, ", gm clock accuracy: {}", c.u8()?);
    write!(out, ", gm clock variance: {}", c.u16()?);
    write!(out, ", gm priority_2: {}", c.u8()?);
    write!(out, ", gm clock id: {:#x}", c.u64()?);
    write!(out, ", steps removed: {}", c.u16()?);
    write!(out, ", time source: 0x{:x}", c.u8()?);
    Ok(())
}
