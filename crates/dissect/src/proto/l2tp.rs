//! Layer Two Tunneling Protocol, version 2 (RFC 2661).

use super::ppp;
use crate::Out;
use crate::escape::to_zero;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const MESSAGES: &Tokens = &[
    (1, "SCCRQ"),
    (2, "SCCRP"),
    (3, "SCCCN"),
    (4, "StopCCN"),
    (6, "HELLO"),
    (7, "OCRQ"),
    (8, "OCRP"),
    (9, "OCCN"),
    (10, "ICRQ"),
    (11, "ICRP"),
    (12, "ICCN"),
    (14, "CDN"),
    (15, "WEN"),
    (16, "SLI"),
];

const ATTRIBUTES: &Tokens = &[
    (0, "MSGTYPE"),
    (1, "RESULT_CODE"),
    (2, "PROTO_VER"),
    (3, "FRAMING_CAP"),
    (4, "BEARER_CAP"),
    (5, "TIE_BREAKER"),
    (6, "FIRM_VER"),
    (7, "HOST_NAME"),
    (8, "VENDOR_NAME"),
    (9, "ASSND_TUN_ID"),
    (10, "RECV_WIN_SIZE"),
    (11, "CHALLENGE"),
    (12, "Q931_CC"),
    (13, "CHALLENGE_RESP"),
    (14, "ASSND_SESS_ID"),
    (15, "CALL_SER_NUM"),
    (16, "MINIMUM_BPS"),
    (17, "MAXIMUM_BPS"),
    (18, "BEARER_TYPE"),
    (19, "FRAMING_TYPE"),
    (20, "PACKET_PROC_DELAY"),
    (21, "CALLED_NUMBER"),
    (22, "CALLING_NUMBER"),
    (23, "SUB_ADDRESS"),
    (24, "TX_CONN_SPEED"),
    (25, "PHY_CHANNEL_ID"),
    (26, "INI_RECV_LCP"),
    (27, "LAST_SENT_LCP"),
    (28, "LAST_RECV_LCP"),
    (29, "PROXY_AUTH_TYPE"),
    (30, "PROXY_AUTH_NAME"),
    (31, "PROXY_AUTH_CHAL"),
    (32, "PROXY_AUTH_ID"),
    (33, "PROXY_AUTH_RESP"),
    (34, "CALL_ERRORS"),
    (35, "ACCM"),
    (36, "RANDOM_VECTOR"),
    (37, "PRIVATE_GRP_ID"),
    (38, "RX_CONN_SPEED"),
    (39, "SEQ_REQUIRED"),
    (46, "PPP_DISCON_CC"),
];

const AUTHENTICATION: &Tokens =
    &[(0, "Reserved"), (1, "Textual"), (2, "CHAP"), (3, "PAP"), (4, "No Auth"), (5, "MS-CHAPv1")];

const DIRECTIONS: &Tokens = &[(0, "global error"), (1, "at peer"), (2, "at local")];

/// What the value of an attribute is.
#[derive(Clone, Copy)]
enum Form {
    MessageType,
    ResultCode,
    Version,
    Framing,
    Bearer,
    Number16,
    Number32,
    Octets,
    /// Octets of a number that must be there.
    OctetsOf(usize),
    Text,
    Q931Cause,
    Obsolete,
    Authentication,
    ProxyIdentifier,
    CallErrors,
    CharacterMap,
    DisconnectCause,
    Nothing,
}

fn form_of(attribute: u16) -> Form {
    match attribute {
        0 => Form::MessageType,
        1 => Form::ResultCode,
        2 => Form::Version,
        3 | 19 => Form::Framing,
        4 | 18 => Form::Bearer,
        5 => Form::OctetsOf(8),
        6 | 9 | 10 | 14 => Form::Number16,
        7 | 8 | 21 | 22 | 23 | 30 | 37 => Form::Text,
        11 | 26 | 27 | 28 | 31 | 33 | 36 => Form::Octets,
        12 => Form::Q931Cause,
        13 => Form::OctetsOf(16),
        15 | 16 | 17 | 24 | 25 | 38 => Form::Number32,
        20 => Form::Obsolete,
        29 => Form::Authentication,
        32 => Form::ProxyIdentifier,
        34 => Form::CallErrors,
        35 => Form::CharacterMap,
        46 => Form::DisconnectCause,
        _ => Form::Nothing,
    }
}

mod flag {
    pub(super) const TYPE: u16 = 0x8000;
    pub(super) const LENGTH: u16 = 0x4000;
    pub(super) const SEQUENCE: u16 = 0x0800;
    pub(super) const OFFSET: u16 = 0x0200;
    pub(super) const PRIORITY: u16 = 0x0100;
    pub(super) const VERSION: u16 = 0x000f;
}

const L2F: u16 = 1;
const L2TP: u16 = 2;

/// Bytes of an attribute before its value, and bits of its first two bytes.
const ATTRIBUTE_LEN: usize = 6;
const MANDATORY: u16 = 0x8000;
const HIDDEN: u16 = 0x4000;
const ATTRIBUTE_LENGTH: u16 = 0x03ff;

/// Prints a message of control or one that carries PPP.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let whole = c;
    let flags = c.u16()?;
    match flags & flag::VERSION {
        L2TP => _ = out.text(" l2tp:"),
        L2F => {
            out.text(" l2f:");
            return Ok(());
        }
        _ => {
            out.text(" Unknown Version, neither L2F(1) nor L2TP(2)");
            return Ok(());
        }
    }
    let has = |bit: u16| flags & bit != 0;
    out.text("[");
    for (bit, letter) in [
        (flag::TYPE, "T"),
        (flag::LENGTH, "L"),
        (flag::SEQUENCE, "S"),
        (flag::OFFSET, "O"),
        (flag::PRIORITY, "P"),
    ] {
        if has(bit) {
            out.text(letter);
        }
    }
    out.text("]");
    let length = if has(flag::LENGTH) { Some(usize::from(c.u16()?)) } else { None };
    let tunnel = c.u16()?;
    write!(out, "({tunnel}/");
    let session = c.u16()?;
    write!(out, "{session})");
    out.fields(|| [("tunnel", tunnel.into()), ("session", session.into())]);
    if has(flag::SEQUENCE) {
        write!(out, "Ns={},", c.u16()?);
        write!(out, "Nr={}", c.u16()?);
    }
    if has(flag::OFFSET) {
        let pad = c.u16()?;
        c.advance(pad.into());
    }
    payload(out, whole, c, length, has(flag::TYPE))
}

fn payload(out: &mut Out, whole: Cursor<'_>, c: Cursor<'_>, length: Option<usize>, is_control: bool) -> Walk {
    let header_len = c.at() - whole.at();
    if let Some(length) = length {
        if length > whole.length() {
            write!(out, " Length {length} larger than packet");
            return Err(Stop::Invalid);
        }
        if length < header_len {
            write!(out, " Length {length} smaller than header length");
            return Err(Stop::Invalid);
        }
    } else if header_len > whole.length() {
        return Err(Stop::Truncated);
    }
    if is_control {
        let Some(length) = length else {
            out.text(" No length");
            return Ok(());
        };
        let mut rest = c.claim(length - header_len);
        if rest.length() == 0 {
            out.text(" ZLB");
        }
        while rest.length() > 0 {
            out.text(" ");
            attribute(out, &mut rest)?;
        }
        return Ok(());
    }
    out.text(" {");
    out.run("ppp", ppp::print, c)?;
    out.label("l2tp");
    out.text("}");
    Ok(())
}

fn attribute(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let first = c.peek_u16(0)?;
    let length = usize::from(first & ATTRIBUTE_LENGTH);
    // A length that cannot be is one that is cut off.
    if length < ATTRIBUTE_LEN || length > c.length() {
        return Err(Stop::Truncated);
    }
    c.need(length)?;
    let mut value = c.split(length);
    value.advance(2);
    if first & MANDATORY != 0 {
        out.text("*");
    }
    let hidden = first & HIDDEN != 0;
    if hidden {
        out.text("?");
    }
    let (vendor, kind) = (value.u16()?, value.u16()?);
    out.field("attribute", kind);
    if vendor != 0 {
        write!(out, "VENDOR{vendor:04x}:ATTR{kind:04x}(");
        out.hex_bytes(value.claimed_bytes()).text(")");
        return Ok(());
    }
    out.token(ATTRIBUTES, kind, format_args!("AVP-#{kind}"));
    out.text("(");
    if hidden {
        out.text("???");
    } else if print_value(out, value, form_of(kind)).is_err() {
        out.text("AVP too short");
    }
    out.text(")");
    Ok(())
}

/// Prints a value, all of which was captured; it ends where it is too short for its attribute.
fn print_value(out: &mut Out, mut c: Cursor<'_>, form: Form) -> Walk {
    match form {
        Form::MessageType => {
            let kind = c.u16()?;
            out.token(MESSAGES, kind, format_args!("MSGTYPE-#{kind}"));
        }
        Form::ResultCode => {
            write!(out, "{}", c.u16()?);
            if c.length() == 1 {
                out.text(" ");
            }
            if c.length() > 0 {
                write!(out, "/{}", c.u16()?);
            }
            if c.length() > 0 {
                out.text(" ").escaped(c.claimed_bytes());
            }
        }
        Form::Version => write!(out, "{}.{}", c.peek_u8(0)?, c.peek_u8(1)?),
        Form::Framing => bits(out, c.u32()?, "A", "S"),
        Form::Bearer => bits(out, c.u32()?, "A", "D"),
        Form::Number16 => write!(out, "{}", c.u16()?),
        Form::Number32 => write!(out, "{}", c.u32()?),
        Form::OctetsOf(count) => _ = out.hex_bytes(c.take(count)?),
        Form::Octets => _ = out.hex_bytes(c.claimed_bytes()),
        Form::Text => _ = out.escaped(c.claimed_bytes()),
        Form::Q931Cause => {
            c.need(3)?;
            write!(out, "{}, {:02x}", c.u16()?, c.u8()?);
            if c.length() > 0 {
                out.text(" ").escaped(c.claimed_bytes());
            }
        }
        Form::Obsolete => _ = out.text("obsolete"),
        Form::Authentication => {
            let kind = c.u16()?;
            out.token(AUTHENTICATION, kind, format_args!("AuthType-#{kind}"));
        }
        Form::ProxyIdentifier => write!(out, "{}", c.u16()? & 0x00ff),
        Form::CallErrors => {
            c.skip(2)?;
            for name in ["CRCErr", "FrameErr", "HardOver", "BufOver", "Timeout", "AlignErr"] {
                write!(out, "{name}={} ", c.u32()?);
            }
        }
        Form::CharacterMap => {
            c.skip(2)?;
            for name in ["send", "recv"] {
                write!(out, "{name}={:08x} ", c.u32()?);
            }
        }
        Form::DisconnectCause => {
            c.need(5)?;
            write!(out, "{:04x}, {:04x} ", c.u16()?, c.u16()?);
            let direction = c.u8()?;
            out.token(DIRECTIONS, direction, format_args!("Direction-#{direction}"));
            if c.length() > 0 {
                out.text(" ").escaped(to_zero(c.claimed_bytes()));
            }
        }
        Form::Nothing => {}
    }
    Ok(())
}

/// The names of the two lowest bits, the higher first.
fn bits(out: &mut Out, value: u32, higher: &str, lower: &str) {
    if value & 2 != 0 {
        out.text(higher);
    }
    if value & 1 != 0 {
        out.text(lower);
    }
}
