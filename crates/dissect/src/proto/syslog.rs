//! Syslog over UDP (RFC 3164 section 4.1.1, RFC 5426).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const SEVERITIES: &Tokens = &[
    (0, "emergency"),
    (1, "alert"),
    (2, "critical"),
    (3, "error"),
    (4, "warning"),
    (5, "notice"),
    (6, "info"),
    (7, "debug"),
];

const FACILITIES: &Tokens = &[
    (0, "kernel"),
    (1, "user"),
    (2, "mail"),
    (3, "daemon"),
    (4, "auth"),
    (5, "syslog"),
    (6, "lpr"),
    (7, "news"),
    (8, "uucp"),
    (9, "cron"),
    (10, "authpriv"),
    (11, "ftp"),
    (12, "ntp"),
    (13, "security"),
    (14, "console"),
    (15, "cron"),
    (16, "local0"),
    (17, "local1"),
    (18, "local2"),
    (19, "local3"),
    (20, "local4"),
    (21, "local5"),
    (22, "local6"),
    (23, "local7"),
];

/// Most digits of the number that stands for facility and severity.
const MAX_DIGITS: usize = 3;

/// Prints a syslog message.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let whole = c;
    let priority = priority(&mut c)?;
    let (facility, severity) = (priority >> 3, priority & 7);
    out.field("facility", facility);
    out.field("severity", severity);
    if out.options.verbose == 0 {
        out.text("SYSLOG ");
        out.token(FACILITIES, facility, format_args!("unknown ({facility})"));
        out.text(".");
        out.token(SEVERITIES, severity, format_args!("unknown ({severity})"));
        write!(out, ", length: {}", whole.length());
        return Ok(());
    }
    write!(out, "SYSLOG, length: {}\n\tFacility ", whole.length());
    out.token(FACILITIES, facility, format_args!("unknown ({facility})"));
    write!(out, " ({facility}), Severity ");
    out.token(SEVERITIES, severity, format_args!("unknown ({severity})"));
    write!(out, " ({severity})\n\tMsg: ");
    let length = c.length();
    out.escaped_take(&mut c, length)?;
    if out.options.verbose > 1 {
        out.dump_hex("\n\t", whole.claimed_bytes());
    }
    Ok(())
}

/// Reads the number in angle brackets.
fn priority(c: &mut Cursor<'_>) -> Walk<u16> {
    if c.u8()? != b'<' {
        return Err(Stop::Invalid);
    }
    let mut priority = 0;
    for _ in 0..=MAX_DIGITS {
        match c.u8()? {
            digit @ b'0'..=b'9' if priority < 100 => priority = priority * 10 + u16::from(digit - b'0'),
            b'>' => return Ok(priority),
            _ => return Err(Stop::Invalid),
        }
    }
    Err(Stop::Invalid)
}
