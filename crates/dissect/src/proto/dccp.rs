//! Datagram Congestion Control Protocol (RFC 4340).

use crate::tokens::Tokens;
use crate::{Network, Out};
use wirescope_wire::ipv4::protocol;
use wirescope_wire::{Cursor, Stop, Walk, checksum};

const TYPES: &Tokens = &[
    (0, "DCCP-Request"),
    (1, "DCCP-Response"),
    (2, "DCCP-Data"),
    (3, "DCCP-Ack"),
    (4, "DCCP-DataAck"),
    (5, "DCCP-CloseReq"),
    (6, "DCCP-Close"),
    (7, "DCCP-Reset"),
    (8, "DCCP-Sync"),
    (9, "DCCP-SyncAck"),
];

const RESET_CODES: &Tokens = &[
    (0, "unspecified"),
    (1, "closed"),
    (2, "aborted"),
    (3, "no_connection"),
    (4, "packet_error"),
    (5, "option_error"),
    (6, "mandatory_error"),
    (7, "connection_refused"),
    (8, "bad_service_code"),
    (9, "too_busy"),
    (10, "bad_init_cookie"),
    (11, "aggression_penalty"),
];

const FEATURES: &Tokens = &[
    (0, "reserved"),
    (1, "ccid"),
    (2, "allow_short_seqno"),
    (3, "sequence_window"),
    (4, "ecn_incapable"),
    (5, "ack_ratio"),
    (6, "send_ack_vector"),
    (7, "send_ndp_count"),
    (8, "minimum_checksum_coverage"),
    (9, "check_data_checksum"),
];

const OPTIONS: &Tokens = &[
    (0, "nop"),
    (1, "mandatory"),
    (2, "slowreceiver"),
    (32, "change_l"),
    (33, "confirm_l"),
    (34, "change_r"),
    (35, "confirm_r"),
    (36, "initcookie"),
    (37, "ndp_count"),
    (38, "ack_vector0"),
    (39, "ack_vector1"),
    (40, "data_dropped"),
    (41, "timestamp"),
    (42, "timestamp_echo"),
    (43, "elapsed_time"),
    (44, "data_checksum"),
];

mod kind {
    pub(super) const REQUEST: u8 = 0;
    pub(super) const RESPONSE: u8 = 1;
    pub(super) const DATA: u8 = 2;
    pub(super) const RESET: u8 = 7;
    pub(super) const SYNC_ACK: u8 = 9;
}

mod option {
    /// From here on options have a length.
    pub(super) const FIRST_LONG: u8 = 32;
    pub(super) const CONFIRM_R: u8 = 35;
    pub(super) const INIT_COOKIE: u8 = 36;
    pub(super) const NDP_COUNT: u8 = 37;
    pub(super) const ACK_VECTOR_0: u8 = 38;
    pub(super) const DATA_DROPPED: u8 = 40;
    pub(super) const TIMESTAMP: u8 = 41;
    pub(super) const TIMESTAMP_ECHO: u8 = 42;
    pub(super) const ELAPSED_TIME: u8 = 43;
    pub(super) const DATA_CHECKSUM: u8 = 44;
    /// From here on options belong to the congestion control.
    pub(super) const FIRST_CCID: u8 = 128;
}

/// Bytes of the header with sequence numbers of 24 bits, and of 48.
const SHORT_HEADER_LEN: usize = 12;
const LONG_HEADER_LEN: usize = 16;

/// Prints a packet.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let length = c.length();
    if length < SHORT_HEADER_LEN {
        return out.disagree("length", length, "<", SHORT_HEADER_LEN);
    }
    let extended = c.peek_u8(8)? & 1 != 0;
    let header_len = if extended { LONG_HEADER_LEN } else { SHORT_HEADER_LEN };
    if length < header_len {
        return out.disagree("length", length, "<", header_len);
    }
    let mut rest = c;
    rest.need(header_len)?;
    let (src_port, dst_port, data_offset, coverage) = (rest.u16()?, rest.u16()?, rest.u8()?, rest.u8()?);
    let (sum, kind) = (rest.u16()?, rest.u8()? >> 1 & 0x0f);
    let sequence = if extended {
        rest.skip(1)?;
        rest.u48()?
    } else {
        rest.u24()?.into()
    };
    out.fields(|| {
        [
            ("src_port", src_port.into()),
            ("dst_port", dst_port.into()),
            ("type", kind.into()),
            ("sequence", sequence.into()),
        ]
    });
    if out.context.network != Network::None {
        out.network_src().text_dec(b".", src_port).text(" > ");
        out.network_dst().text_dec(b".", dst_port).text(": ");
    }
    let options_at = usize::from(data_offset) * 4;
    out.text("DCCP");
    if out.options.quiet {
        write!(out, " {}", (length as u32).wrapping_sub(options_at as u32));
        return Ok(());
    }
    if out.options.verbose > 0 {
        write!(out, " (CCVal {}, CsCov {}", coverage >> 4, coverage & 0x0f);
        print_checksum(out, c, sum, covered(length, options_at, coverage & 0x0f));
        out.text(")");
    }
    let body_len = body(out, &mut rest, kind, extended, header_len, length)?;
    if out.options.verbose < 2 {
        return Ok(());
    }
    write!(out, "seq {sequence}");
    let before = header_len + body_len;
    if options_at > before {
        out.text(" <");
        options(out, c.ahead(before), options_at - before)?;
        out.text(">");
    }
    Ok(())
}

/// Bytes that the checksum covers (RFC 4340 section 9.2).
fn covered(length: usize, options_at: usize, coverage: u8) -> usize {
    match coverage {
        0 => length,
        words => length.min(options_at + (usize::from(words) - 1) * 4),
    }
}

fn print_checksum(out: &mut Out, c: Cursor<'_>, found: u16, covered: usize) {
    if !c.has(c.length()) {
        return;
    }
    let Some(pseudo) = out.context.network.pseudo_header(protocol::DCCP, c.length()) else { return };
    let sum = pseudo.bytes(c.clip(covered).claimed_bytes()).checksum();
    write!(out, ", cksum 0x{found:04x} ");
    if sum == 0 {
        out.text("(correct)");
    } else {
        write!(out, "(incorrect -> 0x{:04x})", checksum::expected(found, sum));
    }
}

/// The type and what it puts behind the header; gives back how many bytes that takes.
fn body(
    out: &mut Out,
    c: &mut Cursor<'_>,
    kind: u8,
    extended: bool,
    header_len: usize,
    length: usize,
) -> Walk<usize> {
    out.text(" ");
    out.token(TYPES, kind, format_args!("packet-type-{kind}"));
    out.text(" ");
    let acknowledgement = if extended { 8 } else { 4 };
    let body_len = match kind {
        kind::REQUEST => 4,
        kind::RESPONSE => 12,
        kind::DATA => 0,
        kind::RESET => 12,
        _ => 8,
    };
    if kind <= kind::SYNC_ACK && length < header_len + body_len {
        return out.disagree("length", length, "<", header_len + body_len);
    }
    match kind {
        kind::REQUEST => write!(out, "(service={}) ", c.u32()?),
        kind::RESPONSE => {
            write!(out, "(service={}) ", c.peek_u32(acknowledgement)?);
        }
        kind::RESET => {
            let code = c.peek_u8(acknowledgement)?;
            out.text("(code=");
            out.token(RESET_CODES, code, format_args!("reset-code-{code} (invalid)"));
            out.text(") ");
        }
        _ => {}
    }
    if kind != kind::REQUEST && kind != kind::DATA {
        let number = if extended { c.peek_u64(0)? & 0xffff_ffff_ffff } else { c.peek_u24(1)?.into() };
        write!(out, "(ack={number}) ");
    }
    Ok(if kind <= kind::SYNC_ACK { body_len } else { 0 })
}

/// Prints options, `left` bytes of them.
fn options(out: &mut Out, mut c: Cursor<'_>, mut left: usize) -> Walk {
    loop {
        c.need(1)?;
        let length = one_option(out, c, left)?;
        c.advance(length);
        left -= length;
        if left == 0 {
            return Ok(());
        }
        out.text(", ");
    }
}

/// Prints one option and gives back its length.
fn one_option(out: &mut Out, mut c: Cursor<'_>, left: usize) -> Walk<usize> {
    let kind = c.u8()?;
    if kind >= option::FIRST_CCID {
        write!(out, "CCID option {kind}");
    } else {
        out.token(OPTIONS, kind, format_args!("option-type-{kind}"));
    }
    if kind < option::FIRST_LONG {
        return Ok(1);
    }
    let length = usize::from(c.u8()?);
    if length < 2 {
        return out.disagree("optlen", length, "<", 2);
    }
    if left < length {
        return out.disagree("remaining length", left, "<", length);
    }
    let value = c.split(length - 2);
    option_value(out, kind, value, length)?;
    Ok(length)
}

fn option_value(out: &mut Out, kind: u8, mut value: Cursor<'_>, length: usize) -> Walk {
    match kind {
        option::FIRST_LONG..=option::CONFIRM_R => {
            at_least(out, length, 3)?;
            let feature = value.u8()?;
            out.text(" ");
            out.token(FEATURES, feature, format_args!("feature-number-{feature} (invalid)"));
            return numbers(out, value);
        }
        option::NDP_COUNT => {
            at_least(out, length, 3)?;
            if length > 8 {
                return out.disagree("optlen", length, ">", 8);
            }
            return numbers(out, value);
        }
        option::INIT_COOKIE | option::ACK_VECTOR_0..=option::DATA_DROPPED => {
            at_least(out, length, 3)?;
            return hex(out, value);
        }
        option::TIMESTAMP | option::DATA_CHECKSUM if length != 6 => {
            return out.disagree("optlen", length, "!=", 6);
        }
        option::TIMESTAMP => write!(out, " {}", value.u32()?),
        option::DATA_CHECKSUM => return hex(out, value),
        option::TIMESTAMP_ECHO => match length {
            6 => write!(out, " {}", value.u32()?),
            8 => {
                write!(out, " {}", value.u32()?);
                write!(out, " (elapsed time {})", value.u16()?);
            }
            10 => {
                write!(out, " {}", value.u32()?);
                write!(out, " (elapsed time {})", value.u32()?);
            }
            _ => {
                out.text(" [optlen != 6 or 8 or 10]");
                return Err(Stop::Invalid);
            }
        },
        option::ELAPSED_TIME => match length {
            4 => write!(out, " {}", value.u16()?),
            6 => write!(out, " {}", value.u32()?),
            _ => {
                out.text(" [optlen != 4 or 6]");
                return Err(Stop::Invalid);
            }
        },
        option::FIRST_CCID.. => match length {
            2 => {}
            4 => write!(out, " {}", value.u16()?),
            6 => write!(out, " {}", value.u32()?),
            _ => return hex(out, value),
        },
        _ => {}
    }
    Ok(())
}

fn at_least(out: &mut Out, length: usize, least: usize) -> Walk {
    if length < least { out.disagree("optlen", length, "<", least) } else { Ok(()) }
}

fn numbers(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        write!(out, " {}", c.u8()?);
    }
    Ok(())
}

fn hex(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(" 0x");
    while c.length() > 0 {
        out.hex(c.u8()?, 2);
    }
    Ok(())
}
