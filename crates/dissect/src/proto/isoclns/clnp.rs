//! Connectionless Network Protocol (ISO/IEC 8473-1).

use super::{between, checksum, other_version, short_header};
use crate::Out;
use crate::proto::isoclns;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

const OPTIONS: &Tokens = &[
    (193, "Discard Reason"),
    (205, "Priority"),
    (195, "QoS Maintenance"),
    (197, "Security"),
    (200, "Source Routing"),
    (203, "Route Recording"),
    (204, "Padding"),
];

const ERROR_CLASSES: &Tokens = &[
    (0, "General"),
    (8, "Address"),
    (9, "Source Routeing"),
    (10, "Lifetime"),
    (11, "PDU Discarded"),
    (12, "Reassembly"),
];

const GENERAL_ERRORS: &Tokens = &[
    (0, "Reason not specified"),
    (1, "Protocol procedure error"),
    (2, "Incorrect checksum"),
    (3, "PDU discarded due to congestion"),
    (4, "Header syntax error (cannot be parsed)"),
    (5, "Segmentation needed but not permitted"),
    (6, "Incomplete PDU received"),
    (7, "Duplicate option"),
];

const ADDRESS_ERRORS: &Tokens = &[(0, "Destination address unreachable"), (1, "Destination address unknown")];

const SOURCE_ROUTEING_ERRORS: &Tokens = &[
    (0, "Unspecified source routeing error"),
    (1, "Syntax error in source routeing field"),
    (2, "Unknown address in source routeing field"),
    (3, "Path not acceptable"),
];

const LIFETIME_ERRORS: &Tokens =
    &[(0, "Lifetime expired while data unit in transit"), (1, "Lifetime expired during reassembly")];

const DISCARD_ERRORS: &Tokens = &[
    (0, "Unsupported option not specified"),
    (1, "Unsupported protocol version"),
    (2, "Unsupported security option"),
    (3, "Unsupported source routeing option"),
    (4, "Unsupported recording of route option"),
];

const REASSEMBLY_ERRORS: &Tokens = &[(0, "Reassembly interference")];

const SCOPES: &Tokens =
    &[(64, "Source Address Specific"), (128, "Destination Address Specific"), (192, "Globally unique")];

const ROUTE_KINDS: &Tokens = &[(0, "partial"), (1, "complete")];

const ROUTE_OPTIONS: &Tokens = &[(200, "source routing"), (203, "recording of route in progress")];

const QOS_FLAGS: &Tokens = &[
    (32, "reserved"),
    (16, "sequencing vs. delay"),
    (8, "congested"),
    (4, "delay vs. cost"),
    (2, "error vs. delay"),
    (1, "error vs. cost"),
];

const FLAGS: &Tokens =
    &[(128, "Segmentation permitted"), (64, "more Segments"), (32, "request Error Report")];

const KINDS: &Tokens =
    &[(1, "Error Report"), (29, "MD"), (28, "Data"), (30, "Echo Request"), (31, "Echo Response")];

/// Bytes of the fixed part.
const FIXED_LEN: usize = 9;
/// Bytes of the segmentation part.
const SEGMENT_LEN: usize = 6;
/// Where the checksum stands.
const CHECKSUM_AT: usize = 7;
const VERSION: u8 = 1;
const SEGMENTED: u8 = 0x80;

mod kind {
    pub(super) const ERROR: u8 = 1;
    pub(super) const ECHO_REQUEST: u8 = 30;
    pub(super) const ECHO_RESPONSE: u8 = 31;
}

mod option {
    pub(super) const DISCARD: u8 = 193;
    pub(super) const QOS: u8 = 195;
    pub(super) const SECURITY: u8 = 197;
    pub(super) const SOURCE_ROUTE: u8 = 200;
    pub(super) const RECORD_ROUTE: u8 = 203;
    pub(super) const PADDING: u8 = 204;
    pub(super) const PRIORITY: u8 = 205;
}

/// Prints a PDU.
pub(super) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    let length = c.length();
    let [_, header_len, version, lifetime, flags_and_kind, l1, l2, c1, c2] = *c.array::<FIXED_LEN>()?;
    let header_len = usize::from(header_len);
    if !out.options.link_header {
        out.text("CLNP");
    }
    if version != VERSION {
        return other_version(out, version, whole);
    }
    if header_len > length {
        write!(out, " length indicator({header_len}) > PDU size ({length})!");
        return Ok(());
    }
    if header_len < FIXED_LEN {
        short_header(out, header_len, whole);
        out.dump_hex("\n\t", whole.claimed_bytes());
        return Ok(());
    }
    let (kind, flags) = (flags_and_kind & 0x1f, flags_and_kind & 0xe0);
    out.field("type", kind);
    let mut header = c.claim(header_len - FIXED_LEN);
    let Some(dst) = address(out, &mut header)? else { return Ok(()) };
    let Some(src) = address(out, &mut header)? else { return Ok(()) };
    if out.options.verbose == 0 {
        let between = between(out);
        out.text(between).nsap(src).text(" > ").nsap(dst).text(", ");
        out.token(KINDS, kind, format_args!("unknown ({kind})"));
        write!(out, ", length {length}");
        return Ok(());
    }
    write!(out, "{}length {length}\n\t", between(out));
    out.token(KINDS, kind, format_args!("unknown ({kind})"));
    let sum = u16::from_be_bytes([c1, c2]);
    write!(out, " PDU, hlen: {header_len}, v: {version}");
    write!(out, ", lifetime: {}.{}s", lifetime / 2, lifetime % 2 * 5);
    write!(out, ", Segment PDU length: {}, checksum: 0x{sum:04x}", u16::from_be_bytes([l1, l2]));
    checksum::print(out, whole.claim(header_len), sum, CHECKSUM_AT);
    out.text("\n\tFlags [");
    out.bits(FLAGS, flags, ", ", format_args!("none"));
    write!(out, "]\n\tsource address (length {}): ", src.len());
    out.nsap(src);
    write!(out, "\n\tdest   address (length {}): ", dst.len());
    out.nsap(dst);
    if flags & SEGMENTED != 0 {
        if header.length() < SEGMENT_LEN {
            out.text("li < size of fixed part of CLNP header, addresses, and segment part");
            return Ok(());
        }
        let (unit, offset, total) = (header.u16()?, header.u16()?, header.u16()?);
        write!(out, "\n\tData Unit ID: 0x{unit:04x}, Segment Offset: {offset}, Total PDU Length: {total}");
    }
    if !options(out, header)? {
        out.dump_hex("\n\t", whole.claimed_bytes());
        return Ok(());
    }
    data(out, kind, whole.ahead(header_len))
}

/// Reads an address with its length; nothing where the header ends before, which was said.
fn address<'a>(out: &mut Out, c: &mut Cursor<'a>) -> Walk<Option<&'a [u8]>> {
    let len = if c.length() < 1 { None } else { Some(usize::from(c.u8()?)) };
    match len {
        Some(len) if len <= c.length() => c.take(len).map(Some),
        _ => {
            out.text("li < size of fixed part of CLNP header and addresses");
            Ok(None)
        }
    }
}

/// Prints the options; false where they contradict themselves.
fn options(out: &mut Out, mut c: Cursor<'_>) -> Walk<bool> {
    while c.length() > 0 {
        if c.length() < 2 {
            out.text(", bad opts/li");
            return Ok(false);
        }
        let (kind, len) = (c.u8()?, usize::from(c.u8()?));
        if len > c.length() {
            write!(out, ", opt ({kind}) too long");
            return Ok(false);
        }
        let value = c.claim(len);
        value.need(len)?;
        c.advance(len);
        out.text("\n\t  ");
        out.token(OPTIONS, kind, format_args!("Unknown"));
        write!(out, " Option #{kind}, length {len}, value: ");
        if len < least_len(kind) {
            out.text(", bad opt len");
            return Ok(false);
        }
        if !print_option(out, kind, value)? {
            out.dump_hex("\n\t  ", value.claimed_bytes());
        }
        if out.options.verbose > 1 {
            out.dump_hex("\n\t  ", value.claimed_bytes());
        }
    }
    Ok(true)
}

/// The least length of an option's value.
fn least_len(kind: u8) -> usize {
    match kind {
        option::SOURCE_ROUTE | option::RECORD_ROUTE | option::SECURITY => 2,
        option::PRIORITY | option::QOS | option::DISCARD => 1,
        _ => 0,
    }
}

/// Prints the value of an option; false where it is not known.
fn print_option(out: &mut Out, kind: u8, mut value: Cursor<'_>) -> Walk<bool> {
    match kind {
        option::SOURCE_ROUTE | option::RECORD_ROUTE => route(out, kind, value)?,
        option::PRIORITY => write!(out, "0x{:x}", value.u8()? & 0x0f),
        option::QOS => {
            const GLOBAL: u8 = 0xc0;
            let format = value.u8()?;
            out.text("\n\t    Format Code: ");
            out.token(SCOPES, format & GLOBAL, format_args!("Reserved"));
            if format & GLOBAL == GLOBAL {
                out.text("\n\t    QoS Flags [");
                out.bits(QOS_FLAGS, format & 0x3f, ", ", format_args!("none"));
                out.text("]");
            }
        }
        option::SECURITY => {
            let (format, level) = (value.u8()?, value.u8()?);
            out.text("\n\t    Format Code: ");
            out.token(SCOPES, format & 0xc0, format_args!("Reserved"));
            write!(out, ", Security-Level {level}");
        }
        option::DISCARD => discard_reason(out, value.u8()?),
        option::PADDING => {
            out.text("padding data");
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Network entities on the way; an offset tells which is next.
fn route(out: &mut Out, kind: u8, mut value: Cursor<'_>) -> Walk {
    let whole = value;
    let is_complete = value.u8()?;
    out.token(ROUTE_KINDS, is_complete, format_args!("Unknown"));
    out.text(" ");
    out.token(ROUTE_OPTIONS, kind, format_args!("Unknown Option {kind}"));
    let offset = usize::from(value.u8()?);
    if offset == 0 {
        out.text(" Bad NSAP offset (0)");
        return Ok(());
    }
    if offset > whole.length() {
        out.text(" Bad NSAP offset (past end of option)");
        return Ok(());
    }
    let mut entities = whole.ahead(offset - 1);
    while entities.length() > 0 {
        let len = usize::from(entities.u8()?);
        if len > entities.length() {
            out.text("\n\t    NSAP address goes past end of option");
            break;
        }
        let address = entities.take(len)?;
        write!(out, "\n\t    NSAP address (length {len}): ");
        out.nsap(address);
    }
    Ok(())
}

fn discard_reason(out: &mut Out, reason: u8) {
    let (class, error) = (reason >> 4, reason & 0x0f);
    let errors = match class {
        0 => GENERAL_ERRORS,
        8 => ADDRESS_ERRORS,
        9 => SOURCE_ROUTEING_ERRORS,
        10 => LIFETIME_ERRORS,
        11 => DISCARD_ERRORS,
        12 => REASSEMBLY_ERRORS,
        _ => &[],
    };
    out.text("\n\t    Class: ");
    out.token(ERROR_CLASSES, class, format_args!("Unknown"));
    write!(out, " Error (0x{class:01x}), ");
    write!(out, "{} (0x{error:01x})", tokens::name(errors, error.into()).unwrap_or("Unknown"));
}

/// What follows the header.
fn data(out: &mut Out, kind: u8, c: Cursor<'_>) -> Walk {
    match kind {
        kind::ERROR if c.length() > 0 && c.peek_u8(0)? == 0x81 => {
            out.text("\n\t-----original packet-----\n\t");
            out.nest(|out| isoclns::print(out, c))
        }
        kind::ERROR | kind::ECHO_REQUEST | kind::ECHO_RESPONSE => Ok(()),
        _ => {
            if c.length() > 0 {
                write!(out, "\n\t  undecoded non-header data, length {}", c.length());
                out.dump_hex("\n\t  ", c.claimed_bytes());
            }
            Ok(())
        }
    }
}
