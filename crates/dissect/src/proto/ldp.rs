//! Label Distribution Protocol (RFC 5036; pseudowires RFC 8077, graceful restart RFC 3478, IPv6 RFC 7552).

use crate::Out;
use crate::proto::l2vpn;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const MESSAGES: &Tokens = &[
    (1, "Notification"),
    (256, "Hello"),
    (512, "Initialization"),
    (513, "Keepalive"),
    (768, "Address"),
    (769, "Address Withdraw"),
    (1024, "Label Mapping"),
    (1025, "Label Request"),
    (1026, "Label Withdraw"),
    (1027, "Label Release"),
    (1028, "Label Abort Request"),
];

const KINDS: &Tokens = &[
    (256, "FEC"),
    (257, "Address List"),
    (259, "Hop Count"),
    (260, "Path Vector"),
    (512, "Generic Label"),
    (513, "ATM Label"),
    (514, "Frame-Relay Label"),
    (768, "Status"),
    (769, "Extended Status"),
    (770, "Returned PDU"),
    (771, "Returned Message"),
    (1024, "Common Hello Parameters"),
    (1025, "IPv4 Transport Address"),
    (1026, "Configuration Sequence Number"),
    (1027, "IPv6 Transport Address"),
    (1280, "Common Session Parameters"),
    (1281, "ATM Session Parameters"),
    (1282, "Frame-Relay Session Parameters"),
    (1283, "Fault-Tolerant Session Parameters"),
    (1291, "Typed Wildcard FEC Capability"),
    (1536, "Label Request Message ID"),
    (1537, "MTU"),
    (1793, "Dual-Stack Capability"),
];

const STATUSES: &Tokens = &[
    (0, "Success"),
    (1, "Bad LDP Identifier"),
    (2, "Bad Protocol Version"),
    (3, "Bad PDU Length"),
    (4, "Unknown Message Type"),
    (5, "Bad Message Length"),
    (6, "Unknown TLV"),
    (7, "Bad TLV Length"),
    (8, "Malformted TLV Value"),
    (9, "Hold Timer Expired"),
    (10, "Shutdown"),
    (11, "Loop Detected"),
    (12, "Unknown FEC"),
    (13, "No Route"),
    (14, "No Label Resources"),
    (15, "Label Resources/Available"),
    (16, "Session Rejected/No Hello"),
    (17, "Session Rejected/Parameters Advertisement Mode"),
    (18, "Session Rejected/Parameters Max PDU Length"),
    (19, "Session Rejected/Parameters Label Range"),
    (20, "KeepAlive Timer Expired"),
    (21, "Label Request Aborted"),
    (22, "Missing Message Parameters"),
    (23, "Unsupported Address Family"),
    (24, "Session Rejected/Bad KeepAlive Time"),
    (25, "Internal Error"),
];

const CLASSES: &Tokens = &[(1, "Wildcard"), (2, "Prefix"), (3, "Host address"), (128, "Martini VC")];

const INTERFACE_PARAMETERS: &Tokens = &[(1, "MTU"), (3, "Description"), (12, "VCCV")];

const CONTROL_CHANNELS: &Tokens =
    &[(1, "PWE3 control word"), (2, "MPLS Router Alert Label"), (4, "MPLS inner label TTL = 1")];

const VERIFICATIONS: &Tokens = &[(1, "ICMP Ping"), (2, "LSP Ping"), (4, "BFD")];

const TRANSPORT_PREFERENCES: &Tokens = &[(64, "IPv4"), (96, "IPv6")];

/// Bytes of the header of a PDU; its length counts from behind the length.
const HEADER_LEN: usize = 10;
const UNCOUNTED_LEN: usize = 4;
const VERSION: u16 = 1;
/// In types: what to do with unknown ones.
const UNKNOWN: u16 = 0x8000;
const FORWARD: u16 = 0x4000;

mod message {
    pub(super) const LABEL_REQUEST: u16 = 0x0401;
    pub(super) const LABEL_RELEASE: u16 = 0x0403;
    pub(super) const LABEL_ABORT: u16 = 0x0404;
}

mod kind {
    pub(super) const CLASS: u16 = 0x0100;
    pub(super) const ADDRESSES: u16 = 0x0101;
    pub(super) const HOP_COUNT: u16 = 0x0103;
    pub(super) const PATH_VECTOR: u16 = 0x0104;
    pub(super) const LABEL: u16 = 0x0200;
    pub(super) const STATUS: u16 = 0x0300;
    pub(super) const HELLO: u16 = 0x0400;
    pub(super) const IPV4_TRANSPORT: u16 = 0x0401;
    pub(super) const SEQUENCE: u16 = 0x0402;
    pub(super) const IPV6_TRANSPORT: u16 = 0x0403;
    pub(super) const SESSION: u16 = 0x0500;
    pub(super) const FAULT_TOLERANCE: u16 = 0x0503;
    pub(super) const TYPED_WILDCARD: u16 = 0x050b;
    pub(super) const MTU: u16 = 0x0601;
    pub(super) const DUAL_STACK: u16 = 0x0701;
}

/// Prints the PDUs of a datagram or a segment.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > HEADER_LEN + 8 {
        let processed = pdu(out, c)?;
        if processed == 0 {
            return Ok(());
        }
        if c.length() < processed {
            write!(out, " [remaining length {} < {processed}]", c.length());
            return Err(Stop::Invalid);
        }
        c.advance(processed);
    }
    Ok(())
}

/// Prints a PDU, and says how long it is; 0 where nothing more is to be printed.
fn pdu(out: &mut Out, whole: Cursor<'_>) -> Walk<usize> {
    let mut c = whole;
    c.need(HEADER_LEN)?;
    let start = if out.options.verbose > 0 { "\n\t" } else { "" };
    let version = c.u16()?;
    if version != VERSION {
        write!(out, "{start}LDP version {version} packet not supported");
        return Ok(0);
    }
    let len = usize::from(c.u16()?);
    if len < HEADER_LEN - UNCOUNTED_LEN {
        write!(out, "{start}LDP, pdu-length: {len} (too short, < {})", HEADER_LEN - UNCOUNTED_LEN);
        return Ok(0);
    }
    let (router, space) = (*c.array()?, c.u16()?);
    out.field("router_id", router);
    write!(out, "{start}LDP, Label-Space-ID: ");
    out.host4(router);
    write!(out, ":{space}, pdu-length: {len}");
    if out.options.verbose == 0 {
        return Ok(0);
    }
    let mut c = c.claim(len + UNCOUNTED_LEN - HEADER_LEN);
    while c.length() > 0 {
        message(out, &mut c)?;
    }
    Ok(len + UNCOUNTED_LEN)
}

fn message(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const LEAST: usize = 4;
    const HEAD_LEN: usize = 8;
    c.need(HEAD_LEN)?;
    let (kind_and_flag, len) = (c.u16()?, usize::from(c.u16()?));
    let kind = kind_and_flag & !UNKNOWN;
    out.text("\n\t  ");
    out.token(MESSAGES, kind, format_args!("Unknown"));
    write!(out, " Message (0x{kind:04x}), length: {len}");
    if len < LEAST {
        write!(out, " (too short, < {LEAST})");
        return Err(Stop::Truncated);
    }
    let action = if kind_and_flag & UNKNOWN != 0 { "continue processing" } else { "ignore" };
    write!(out, ", Message ID: 0x{:08x}, Flags: [{action} if unknown]", c.u32()?);
    let body = c.claim(len - LEAST);
    // All but the last of its fields must be there.
    body.need(len.saturating_sub(HEAD_LEN))?;
    c.advance(len - LEAST);
    match kind {
        message::LABEL_REQUEST | message::LABEL_RELEASE | message::LABEL_ABORT => {
            unknown_message(out, body);
            Ok(())
        }
        _ if tokens::name(MESSAGES, kind.into()).is_none() => {
            unknown_message(out, body);
            Ok(())
        }
        _ => {
            let mut fields = body;
            while fields.length() >= 4 && field(out, &mut fields)? {}
            if out.options.verbose > 1 {
                unknown_message(out, body);
            }
            Ok(())
        }
    }
}

fn unknown_message(out: &mut Out, body: Cursor<'_>) {
    out.dump_hex("\n\t  ", body.claimed_bytes());
}

/// Prints a field; false where nothing can follow.
fn field(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    c.need(4)?;
    let (kind_and_flags, len) = (c.u16()?, usize::from(c.u16()?));
    let kind = kind_and_flags & 0x3fff;
    if len > c.length() {
        out.text("\n\t\t TLV contents go past end of message");
        return Ok(false);
    }
    out.text("\n\t    ");
    out.token(KINDS, kind, format_args!("Unknown"));
    let action = if kind_and_flags & UNKNOWN != 0 { "continue processing" } else { "ignore" };
    let forward = if kind_and_flags & FORWARD != 0 { "do" } else { "don't" };
    write!(out, " TLV (0x{kind:04x}), length: {len}, Flags: [{action} and {forward} forward if unknown]");
    match value(out, kind, c.claim(len)) {
        Err(Stop::Invalid) => out.invalid(),
        walk => walk?,
    }
    c.advance(len);
    Ok(true)
}

/// Stops as invalid unless a value has `len` bytes.
fn least(out: &mut Out, c: Cursor<'_>, len: usize) -> Walk {
    if c.length() < len {
        return out.disagree("tlv length", c.length(), "<", len);
    }
    Ok(())
}

fn value(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk {
    match kind {
        kind::HELLO => {
            const TARGETED: u16 = 0x8000;
            const REQUESTED: u16 = 0x4000;
            least(out, c, 4)?;
            let (time, flags) = (c.u16()?, c.u16()?);
            let target = if flags & TARGETED != 0 { "Targeted" } else { "Link" };
            let request = if flags & REQUESTED != 0 { ", Request for targeted Hellos" } else { "" };
            write!(out, "\n\t      Hold Time: {time}s, Flags: [{target} Hello{request}]");
        }
        kind::IPV4_TRANSPORT => {
            least(out, c, 4)?;
            let address = *c.array()?;
            out.text("\n\t      IPv4 Transport Address: ").host4(address);
        }
        kind::IPV6_TRANSPORT => {
            least(out, c, 16)?;
            let address = *c.array()?;
            out.text("\n\t      IPv6 Transport Address: ").host6(address);
        }
        kind::SEQUENCE => {
            least(out, c, 4)?;
            write!(out, "\n\t      Sequence Number: {}", c.u32()?);
        }
        kind::ADDRESSES => addresses(out, c)?,
        kind::HOP_COUNT => {
            least(out, c, 1)?;
            write!(out, "\n\t      Hop Count: {}", c.u8()?);
        }
        kind::PATH_VECTOR => {
            least(out, c, 4)?;
            let mut heading = "\n\t      Path Vector: ";
            while c.length() >= 4 {
                out.text(heading).host4(*c.array()?);
                heading = ", ";
            }
        }
        kind::SESSION => session(out, c)?,
        kind::CLASS => class(out, c)?,
        kind::LABEL => {
            least(out, c, 4)?;
            write!(out, "\n\t      Label: {}", c.u32()? & 0x0f_ffff);
        }
        kind::STATUS => status(out, c)?,
        kind::FAULT_TOLERANCE => fault_tolerance(out, c)?,
        kind::TYPED_WILDCARD => {
            least(out, c, 1)?;
            let is_supported = c.u8()? & 0x80 != 0;
            write!(out, "\n\t      {}", if is_supported { "Supported" } else { "Unsupported" });
        }
        kind::MTU => {
            least(out, c, 2)?;
            write!(out, "\n\t      MTU: {}", c.u16()?);
        }
        kind::DUAL_STACK => {
            least(out, c, 4)?;
            out.text("\n\t      Transport Connection Preference: ");
            out.token(TRANSPORT_PREFERENCES, c.u8()? & 0xf0, format_args!("Unknown"));
        }
        _ if out.options.verbose <= 1 => out.dump_hex("\n\t      ", c.claimed_bytes()),
        _ => {}
    }
    Ok(())
}

fn addresses(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    least(out, c, 2)?;
    let family = c.u16()?;
    out.text("\n\t      Address Family: ");
    match family {
        1 => out.text("IPv4, addresses"),
        2 => out.text("IPv6, addresses"),
        _ => {
            write!(out, "Unknown ({family})");
            return Ok(());
        }
    };
    let len = if family == 1 { 4 } else { 16 };
    while c.length() >= len {
        if family == 1 {
            let address = *c.array()?;
            out.text(" ").host4(address);
        } else {
            let address = *c.array()?;
            out.text(" ").host6(address);
        }
    }
    Ok(())
}

fn session(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const ON_DEMAND: u8 = 0x80;
    const LOOP_DETECTION: u8 = 0x40;
    least(out, c, 14)?;
    let (version, time, flags) = (c.u16()?, c.u16()?, c.u8()?);
    let downstream = if flags & ON_DEMAND != 0 { "On Demand" } else { "Unsolicited" };
    let detection = if flags & LOOP_DETECTION != 0 { "Enabled" } else { "Disabled" };
    write!(out, "\n\t      Version: {version}, Keepalive: {time}s");
    write!(out, ", Flags: [Downstream {downstream}, Loop Detection {detection}]");
    let (limit, max_len, router, space) = (c.u8()?, c.u16()?, *c.array()?, c.u16()?);
    write!(out, "\n\t      Path Vector Limit {limit}, Max-PDU length: {max_len}");
    out.text(", Receiver Label-Space-ID ").host4(router);
    write!(out, ":{space}");
    Ok(())
}

/// What a label is for.
fn class(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const PREFIX: u8 = 2;
    const PSEUDOWIRE: u8 = 128;
    least(out, c, 1)?;
    let kind = c.u8()?;
    out.text("\n\t      ");
    out.token(CLASSES, kind, format_args!("Unknown"));
    write!(out, " FEC (0x{kind:02x})");
    match kind {
        PREFIX => prefix(out, c),
        PSEUDOWIRE => pseudowire(out, c),
        _ => Ok(()),
    }
}

fn prefix(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    least(out, c, 2)?;
    let family = c.u16()?;
    let (name, max_bits) = match family {
        1 => ("IPv4", 32),
        2 => ("IPv6", 128),
        _ => {
            write!(out, ": Address family {family} prefix");
            return Ok(());
        }
    };
    let bits = if c.length() == 0 { None } else { Some(usize::from(c.u8()?)) };
    match bits {
        Some(bits) if bits > max_bits => write!(out, ": {name} prefix (invalid length)"),
        Some(bits) if bits.div_ceil(8) <= c.length() => {
            let mut address = [0; 16];
            for (to, from) in address.iter_mut().zip(c.take(bits.div_ceil(8))?) {
                *to = *from;
            }
            if let (Some(last), 1..) = (address.get_mut(bits / 8), bits % 8) {
                *last &= !(0xff >> (bits % 8));
            }
            write!(out, ": {name} prefix ");
            if family == 1 {
                let [a, b, d, e, ..] = address;
                out.host4([a, b, d, e]);
            } else {
                out.host6(address);
            }
            out.text("/").len(bits);
        }
        // Both families are called by the name of the first one here.
        _ => {
            out.text(": IPv4 prefix (goes past end of TLV)");
        }
    }
    Ok(())
}

fn pseudowire(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const CONTROL_WORD: u16 = 0x8000;
    least(out, c, 7)?;
    let (kind, len, group) = (c.u16()?, usize::from(c.u8()?), c.u32()?);
    out.text(": ");
    out.token(l2vpn::PSEUDOWIRES, kind & !CONTROL_WORD, format_args!("Unknown"));
    let word = if kind & CONTROL_WORD != 0 { "" } else { "no " };
    if len == 0 {
        write!(out, ", {word}control word, group-ID {group}, VC-info-length: {len}");
        return Ok(());
    }
    least(out, c, 4)?;
    write!(out, ", {word}control word, group-ID {group}, VC-ID {}, VC-info-length: {len}", c.u32()?);
    if len < 4 {
        out.text(" (invalid, < 4");
        return Ok(());
    }
    least(out, c, len - 4)?;
    let mut parameters = c.claim(len - 4);
    while parameters.length() > 2 {
        let (kind, len) = (parameters.u8()?, usize::from(parameters.u8()?));
        let Some(value_len) = len.checked_sub(2) else { break };
        least(out, parameters, value_len)?;
        out.text("\n\t\tInterface Parameter: ");
        out.token(INTERFACE_PARAMETERS, kind, format_args!("Unknown"));
        write!(out, " (0x{kind:02x}), len {value_len}");
        let mut value = parameters.claim(value_len);
        parameters.advance(value_len);
        match kind {
            1 => write!(out, ": {}", value.u16()?),
            3 => {
                out.text(": ");
                out.escaped_take(&mut value, value_len)?;
            }
            12 => {
                let (channels, verifications) = (value.u8()?, value.u8()?);
                write!(out, "\n\t\t  Control Channels (0x{channels:02x}) = [");
                out.bits(CONTROL_CHANNELS, channels, ", ", format_args!("none"));
                write!(out, "]\n\t\t  CV Types (0x{verifications:02x}) = [");
                out.bits(VERIFICATIONS, verifications, ", ", format_args!("none"));
                out.text("]");
            }
            _ => {}
        }
    }
    Ok(())
}

fn status(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const FATAL: u32 = 0x8000_0000;
    const FORWARD: u32 = 0x4000_0000;
    least(out, c, 10)?;
    let (status, message, kind) = (c.u32()?, c.u32()?, c.u16()?);
    out.text("\n\t      Status Code: ");
    out.token(STATUSES, status & 0x3fff_ffff, format_args!("Unknown"));
    let severity = if status & FATAL != 0 { "Fatal error" } else { "Advisory Notification" };
    let forward = if status & FORWARD != 0 { "do" } else { "don't" };
    write!(out, ", Flags: [{severity} and {forward} forward]");
    if message != 0 {
        write!(out, ", causing Message ID: 0x{message:08x}");
    }
    if kind != 0 {
        out.text(", Message Type: ");
        out.token(MESSAGES, kind, format_args!("Unknown"));
    }
    Ok(())
}

/// How a session survives (RFC 3478 section 2).
fn fault_tolerance(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    least(out, c, 12)?;
    let (flags, _, reconnect, recovery) = (c.u16()?, c.u16()?, c.u32()?, c.u32()?);
    let is = |bit: u16, no: &'static str| if flags & bit != 0 { "" } else { no };
    write!(
        out,
        "\n\t      Flags: [{}Reconnect, {}Save State, {}All-Label Protection, {} Checkpoint, {}Re-Learn State]",
        is(0x8000, "No "),
        is(0x0008, "Don't "),
        is(0x0004, "No "),
        if flags & 0x0002 != 0 { "Sequence Numbered" } else { "No" },
        is(0x0001, "Don't ")
    );
    if reconnect != 0 {
        write!(out, ", Reconnect Timeout: {reconnect}ms");
    }
    if recovery != 0 {
        write!(out, ", Recovery Time: {recovery}ms");
    }
    Ok(())
}
