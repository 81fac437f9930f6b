//! Bidirectional Forwarding Detection (RFC 5880; over one hop RFC 5881, several RFC 5883, aggregates RFC 7130, seamless
//! RFC 7880).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const AUTHENTICATIONS: &Tokens = &[
    (1, "Simple Password"),
    (2, "Keyed MD5"),
    (3, "Meticulous Keyed MD5"),
    (4, "Keyed SHA1"),
    (5, "Meticulous Keyed SHA1"),
];

const DIAGNOSTICS: &Tokens = &[
    (0, "No Diagnostic"),
    (1, "Control Detection Time Expired"),
    (2, "Echo Function Failed"),
    (3, "Neighbor Signaled Session Down"),
    (4, "Forwarding Plane Reset"),
    (5, "Path Down"),
    (6, "Concatenated Path Down"),
    (7, "Administratively Down"),
    (8, "Reverse Concatenated Path Down"),
];

const FLAGS_V0: &Tokens = &[
    (128, "I Hear You"),
    (64, "Demand"),
    (32, "Poll"),
    (16, "Final"),
    (8, "Control Plane Independent"),
    (4, "Authentication Present"),
    (2, "Reserved"),
    (1, "Reserved"),
];

const FLAGS: &Tokens = &[
    (32, "Poll"),
    (16, "Final"),
    (8, "Control Plane Independent"),
    (4, "Authentication Present"),
    (2, "Demand"),
    (1, "Multipoint"),
];

const STATES: &Tokens = &[(0, "AdminDown"), (1, "Down"), (2, "Init"), (3, "Up")];

/// Bytes of a packet without authentication.
const SESSION_LEN: usize = 24;
/// In the flags: authentication follows.
const AUTHENTICATED: u8 = 0x04;

/// Prints a packet between neighbours.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    control(out, c, "Control")
}

/// Prints a packet over several hops.
pub(crate) fn print_multihop(out: &mut Out, c: Cursor<'_>) -> Walk {
    control(out, c, "Multihop")
}

/// Prints a packet about a member of an aggregate of links.
pub(crate) fn print_lag(out: &mut Out, c: Cursor<'_>) -> Walk {
    control(out, c, "LAG")
}

/// Prints a packet of the seamless kind.
pub(crate) fn print_seamless(out: &mut Out, c: Cursor<'_>) -> Walk {
    control(out, c, "S-BFD")
}

/// Prints a packet that the other side sends back; its content is the sender's own business.
pub(crate) fn print_echo(out: &mut Out, c: Cursor<'_>) -> Walk {
    write!(out, "BFD, Echo, length: {}", c.length());
    Ok(())
}

fn control(out: &mut Out, whole: Cursor<'_>, kind: &str) -> Walk {
    let length = whole.length();
    let mut c = whole;
    let version_and_diagnostic = c.u8()?;
    let version = version_and_diagnostic >> 5;
    out.field("version", version);
    if version < 2 {
        whole.need(SESSION_LEN)?;
    }
    let flags = c.peek_u8(0);
    c.advance(1);
    let is_told = out.options.verbose > 0;
    let all_flags = match version {
        0 => {
            out.text("BFDv0, ");
            if is_told {
                write!(out, "length: {length}\n\t");
            }
            out.text("Control, ");
            (FLAGS_V0, flags?)
        }
        1 => {
            out.text("BFDv1, ");
            if is_told {
                write!(out, "length: {length}\n\t");
            }
            let flags = flags?;
            let state = flags >> 6;
            out.text(kind).text(", State ");
            out.token(STATES, state, format_args!("unknown ({state})"));
            out.text(", ");
            (FLAGS, flags & 0x3f)
        }
        _ => {
            write!(out, "BFDv{version}, Control, length: {length}");
            out.dump_hex("\n\t", whole.claimed_bytes());
            return Ok(());
        }
    };
    out.text("Flags: [");
    out.bits(all_flags.0, all_flags.1, ", ", format_args!("none"));
    out.text("]");
    if !is_told {
        write!(out, ", length: {length}");
        return Ok(());
    }
    let diagnostic = version_and_diagnostic & 0x1f;
    out.text(", Diagnostic: ");
    out.token(DIAGNOSTICS, diagnostic, format_args!("unknown"));
    write!(out, " (0x{diagnostic:02x})");
    session(out, &mut c)?;
    if all_flags.1 & AUTHENTICATED != 0 {
        authentication(out, c)?;
    }
    Ok(())
}

/// Discriminators and intervals, which are in microseconds.
fn session(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let (multiplier, len) = (c.u8()?, c.u8()?);
    let interval = c.peek_u32(8)?;
    write!(out, "\n\tDetection Timer Multiplier: {multiplier} ");
    let detection_time = u32::from(multiplier).wrapping_mul(interval) / 1000;
    write!(out, "({detection_time} ms Detection time), BFD Length: {len}");
    write!(out, "\n\tMy Discriminator: 0x{:08x}", c.u32()?);
    write!(out, ", Your Discriminator: 0x{:08x}", c.u32()?);
    write!(out, "\n\t  Desired min Tx Interval:    {:>4} ms", c.u32()? / 1000);
    write!(out, "\n\t  Required min Rx Interval:   {:>4} ms", c.u32()? / 1000);
    write!(out, "\n\t  Required min Echo Interval: {:>4} ms", c.u32()? / 1000);
    Ok(())
}

mod method {
    pub(super) const PASSWORD: u8 = 1;
    pub(super) const MD5: u8 = 2;
    pub(super) const METICULOUS_MD5: u8 = 3;
    pub(super) const SHA1: u8 = 4;
    pub(super) const METICULOUS_SHA1: u8 = 5;
}

/// Bytes of the whole section with each method.
const PASSWORD_LENS: std::ops::RangeInclusive<u8> = 4..=19;
/// Bytes before the hash.
const HASHED_HEAD_LEN: u8 = 8;
const MD5_LEN: u8 = 24;
const SHA1_LEN: u8 = 28;

fn authentication(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (kind, len) = (c.u8()?, c.u8()?);
    out.text("\n\tAuthentication: ");
    out.token(AUTHENTICATIONS, kind, format_args!("Unknown"));
    write!(out, " ({kind}), length: {len}");
    write!(out, "\n\t  Auth Key ID: {}", c.u8()?);
    let is_sound = match kind {
        method::PASSWORD => PASSWORD_LENS.contains(&len),
        method::MD5 | method::METICULOUS_MD5 => len == MD5_LEN,
        method::SHA1 | method::METICULOUS_SHA1 => len == SHA1_LEN,
        _ => return Ok(()),
    };
    if !is_sound {
        write!(out, "[invalid length {len}]");
        return Ok(());
    }
    if kind == method::PASSWORD {
        out.text(", Password: ");
        for _ in 3..len {
            let byte = c.u8()?;
            out.escaped_byte(byte);
        }
        return Ok(());
    }
    c.skip(1)?;
    write!(out, ", Sequence Number: 0x{:08x}", c.u32()?);
    let hash = c.take(usize::from(len - HASHED_HEAD_LEN))?;
    out.text(if len == MD5_LEN { "\n\t  Digest: " } else { "\n\t  Hash: " }).hex_bytes(hash);
    Ok(())
}
