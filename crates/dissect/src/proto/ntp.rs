//! Network Time Protocol (RFC 5905 section 7, control messages RFC 9327, extension fields RFC 7822).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

pub(crate) const MODES: &Tokens = &[
    (0, "unspecified"),
    (1, "symmetric active"),
    (2, "symmetric passive"),
    (3, "Client"),
    (4, "Server"),
    (5, "Broadcast"),
    (6, "Control Message"),
    (7, "Reserved"),
];

const LEAP_INDICATORS: &Tokens = &[(0, ""), (64, "+1s"), (128, "-1s"), (192, "clock unsynchronized")];

const EXTENSION_FIELDS: &Tokens = &[
    (260, "Unique Identifier"),
    (516, "NTS Cookie"),
    (772, "NTS Cookie Placeholder"),
    (1028, "NTS Authenticator and Encrypted Extension Fields"),
    (8197, "Checksum Complement"),
];

mod mode {
    pub(super) const CONTROL: u8 = 6;
    pub(super) const PRIVATE: u8 = 7;
}

/// Bytes of a message with times, without extension fields and authentication.
const TIME_LEN: usize = 48;
/// Bytes of a control message before its data.
const CONTROL_LEN: usize = 12;
/// Bytes after the header that may be a key and a digest; more of them begin with extension fields.
const MAX_AUTHENTICATION_LEN: usize = 24;
/// The shortest extension field (RFC 7822 section 7.5).
const MIN_EXTENSION_LEN: usize = 16;
/// Seconds from 1900, where NTP counts from, to 1970.
pub(crate) const UNIX_EPOCH: i64 = 2_208_988_800;
/// Seconds below this belong to the era that begins in 2036 (RFC 4330 section 3).
pub(crate) const ERA_PIVOT: u32 = 0x8000_0000;

/// Prints an NTP message.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let whole = c;
    out.text("NTP");
    let status = c.u8()?;
    let (leap, version, mode) = (status & 0xc0, status >> 3 & 7, status & 7);
    out.field("leap_indicator", leap >> 6);
    out.field("version", version);
    out.field("mode", mode);
    write!(out, "v{version}, ");
    out.token(MODES, mode, format_args!("Unknown mode"));
    write!(out, ", length {}", whole.length());
    if out.options.verbose == 0 {
        return Ok(());
    }
    out.text("\n\tLeap indicator: ");
    out.token(LEAP_INDICATORS, leap, format_args!("Unknown"));
    write!(out, " ({leap})");
    match mode {
        mode::CONTROL => control(out, whole),
        // The data of private messages is that of one implementation.
        mode::PRIVATE => Ok(()),
        _ => time(out, whole, version),
    }
}

fn time(out: &mut Out, whole: Cursor<'_>, version: u8) -> Walk {
    if whole.length() < TIME_LEN {
        return out.disagree("length", whole.length(), "<", TIME_LEN);
    }
    let mut c = whole;
    c.skip(1)?;
    let stratum = c.u8()?;
    out.field("stratum", stratum);
    let name = match stratum {
        0 => "unspecified",
        1 => "primary reference",
        2..16 => "secondary reference",
        _ => "reserved",
    };
    write!(out, ", Stratum {stratum} ({name})");
    let poll = c.i8()?;
    write!(out, ", poll {poll}");
    match poll {
        0..32 => write!(out, " ({}s)", 1u32 << poll),
        -31..0 => write!(out, " (1/{}s)", 1u32 << -poll),
        _ => {}
    }
    write!(out, ", precision {}", c.i8()?);
    out.text("\n\tRoot Delay: ");
    short_format(out, &mut c)?;
    out.text(", Root dispersion: ");
    short_format(out, &mut c)?;
    out.text(", Reference-ID: ");
    reference(out, *c.array()?, stratum);
    let reference = timestamp(out, "\n\t  Reference Timestamp:  ", &mut c)?;
    out.field("reference_seconds", reference.0);
    let origin = timestamp(out, "\n\t  Origin Timestamp:     ", &mut c)?;
    let receive = timestamp(out, "\n\t  Receive Timestamp:    ", &mut c)?;
    let transmit = timestamp(out, "\n\t  Transmit Timestamp:   ", &mut c)?;
    out.field("transmit_seconds", transmit.0);
    out.text("\n\t    Originator - Receive Timestamp:  ");
    difference(out, origin, receive);
    out.text("\n\t    Originator - Transmit Timestamp: ");
    difference(out, origin, transmit);
    if version == 4 && c.length() > MAX_AUTHENTICATION_LEN {
        extension_fields(out, &mut c)?;
    }
    authentication(out, c)
}

/// Seconds in 16 and 16 bits.
fn short_format(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let (whole, fraction) = (c.u16()?, c.u16()?);
    let micros = (u64::from(fraction) * 1_000_000) >> 16;
    write!(out, "{whole}.{micros:06}");
    Ok(())
}

/// Who the sender has its time from: the meaning depends on how far it is from a clock.
fn reference(out: &mut Out, identifier: [u8; 4], stratum: u8) {
    match stratum {
        0 if identifier == [0; 4] => out.text("(unspec)"),
        0 | 1 => out.escaped(&identifier),
        62 => out.host4(identifier).text(" INFO_QUERY"),
        63 => out.host4(identifier).text(" INFO_REPLY"),
        _ => out.text("0x").hex_bytes(&identifier),
    };
}

/// A point in time: seconds and the fraction in units of 2^-32.
#[derive(Clone, Copy)]
pub(crate) struct Timestamp(u32, u32);

/// Prints a point in time behind its heading and advances past it.
pub(crate) fn timestamp(out: &mut Out, heading: &str, c: &mut Cursor<'_>) -> Walk<Timestamp> {
    out.text(heading);
    let timestamp = Timestamp(c.u32()?, c.u32()?);
    print_timestamp(out, timestamp);
    Ok(timestamp)
}

fn print_timestamp(out: &mut Out, Timestamp(seconds, fraction): Timestamp) {
    write!(out, "{seconds}.{:09}", nanos(fraction));
    if seconds == 0 {
        return;
    }
    let era = if seconds < ERA_PIVOT { 1 << 32 } else { 0 };
    if let Ok(time) = jiff::Timestamp::from_second(i64::from(seconds) + era - UNIX_EPOCH) {
        write!(out, " ({})", time.strftime("%Y-%m-%dT%H:%M:%SZ"));
    }
}

fn nanos(fraction: u32) -> u64 {
    (u64::from(fraction) * 1_000_000_000) >> 32
}

/// How much later `other` is than `origin`; without an origin the other time itself.
fn difference(out: &mut Out, origin: Timestamp, other: Timestamp) {
    if origin.0 == 0 {
        return print_timestamp(out, other);
    }
    let point = |t: Timestamp| u64::from(t.0) << 32 | u64::from(t.1);
    let (first, last) = (point(origin), point(other));
    let distance = last.abs_diff(first);
    let sign = if last > first { "+" } else { "-" };
    write!(out, "{sign}{}.{:09}", distance >> 32, nanos(distance as u32));
}

fn extension_fields(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    out.text("\n\tExtension fields:");
    while c.length() > MAX_AUTHENTICATION_LEN {
        let (kind, length) = (c.peek_u16(0)?, c.peek_u16(2)?);
        out.text("\n\t  ");
        out.token(EXTENSION_FIELDS, kind, format_args!("Unknown type"));
        write!(out, " (0x{kind:04x}), length {length}");
        let length = usize::from(length);
        if length < MIN_EXTENSION_LEN || !length.is_multiple_of(4) || length > c.length() {
            return Err(Stop::Invalid);
        }
        let field = c.split(length).ahead(4);
        if out.options.verbose > 2 {
            out.dump_hex("\n\t    ", field.bytes());
        }
        field.need(length - 4)?;
    }
    Ok(())
}

/// The key and the digest made with it, which may be left out.
fn authentication(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let digest_len = match c.length() {
        0 => return Ok(()),
        length @ (4 | 20 | 24) => length - 4,
        length => {
            write!(out, "\n\t({length} more bytes after the header and extension fields)");
            return Ok(());
        }
    };
    write!(out, "\n\tKey id: {}", c.u32()?);
    if digest_len > 0 {
        let digest = c.take(digest_len)?;
        out.text("\n\tAuthentication: ").hex_bytes(digest);
    }
    Ok(())
}

/// A control message; what its data means depends on the operation.
fn control(out: &mut Out, whole: Cursor<'_>) -> Walk {
    if whole.length() < CONTROL_LEN {
        return out.disagree("length", whole.length(), "<", CONTROL_LEN);
    }
    let mut c = whole;
    c.skip(1)?;
    let control = c.u8()?;
    let is = |bit: u8, yes: &'static str, no: &'static str| if control & bit != 0 { yes } else { no };
    writeln!(
        out,
        ", {}, {}, {}, OpCode={}",
        is(0x80, "Response", "Request"),
        is(0x40, "Error", "OK"),
        is(0x20, "More", "Last"),
        control & 0x1f
    );
    write!(out, "\tSequence={}", c.u16()?);
    match c.u16()? {
        0 => out.text(", Status=0"),
        status => out.text(", Status=0x").hex(status, 1),
    };
    write!(out, ", Assoc.={}", c.u16()?);
    write!(out, ", Offset={}", c.u16()?);
    let count = usize::from(c.u16()?);
    write!(out, ", Count={count}");
    if count > c.length() {
        return out.disagree("data length", c.length(), "<", count);
    }
    if count > 0 {
        c.need(count)?;
        out.text("\n\tTO-BE-DONE: data not interpreted");
    }
    Ok(())
}
