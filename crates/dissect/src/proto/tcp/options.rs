//! TCP options (RFC 9293 section 3.1, RFC 7323, RFC 2018, RFC 2385, RFC 5925, RFC 7413).

use super::{Relative, mptcp, signature};
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::tcp::{Tcp, flag};
use wirescope_wire::{Cursor, Walk};

const OPTIONS: &Tokens = &[
    (0, "eol"),
    (1, "nop"),
    (2, "mss"),
    (3, "wscale"),
    (4, "sackOK"),
    (5, "sack"),
    (6, "echo"),
    (7, "echoreply"),
    (8, "TS"),
    (11, "cc"),
    (12, "ccnew"),
    (13, "ccecho"),
    (19, "md5"),
    (20, "scps"),
    (28, "uto"),
    (29, "tcp-ao"),
    (30, "mptcp"),
    (34, "tfo"),
    (254, "exp"),
];

mod kind {
    pub(super) const END: u8 = 0;
    pub(super) const NO_OPERATION: u8 = 1;
    pub(super) const MAX_SEGMENT: u8 = 2;
    pub(super) const WINDOW_SCALE: u8 = 3;
    pub(super) const SACK_PERMITTED: u8 = 4;
    pub(super) const SACK: u8 = 5;
    pub(super) const ECHO: u8 = 6;
    pub(super) const ECHO_REPLY: u8 = 7;
    pub(super) const TIMESTAMP: u8 = 8;
    pub(super) const CC: u8 = 11;
    pub(super) const CC_NEW: u8 = 12;
    pub(super) const CC_ECHO: u8 = 13;
    pub(super) const SIGNATURE: u8 = 19;
    pub(super) const SCPS: u8 = 20;
    pub(super) const USER_TIMEOUT: u8 = 28;
    pub(super) const AUTHENTICATION: u8 = 29;
    pub(super) const MULTIPATH: u8 = 30;
    pub(super) const FAST_OPEN: u8 = 34;
    pub(super) const EXPERIMENT: u8 = 254;
}

/// Identifier of TCP Fast Open within the experimental option (RFC 7413 section 4.1.1).
const FAST_OPEN_EXPERIMENT: u16 = 0xf989;

/// How one option ended.
enum Read {
    /// It took so many bytes after kind and length.
    Bytes(usize),
    /// Its length does not fit the options.
    Bad,
}

/// Prints the options of a segment: `c` is clipped to them, `segment` starts at the header. False where
/// they contradict themselves.
#[inline]
pub(super) fn print(
    out: &mut Out,
    mut c: Cursor<'_>,
    segment: Cursor<'_>,
    tcp: Tcp<'_>,
    relative: Relative,
) -> Walk<bool> {
    out.text(", options [");
    if print_timestamp_only(out, c) {
        return Ok(true);
    }
    let mut between = false;
    while c.length() > 0 {
        if between {
            out.byte(b',');
        }

        let kind = c.u8()?;
        let single = matches!(kind, kind::END | kind::NO_OPERATION);
        let len = if single {
            1
        } else {
            let left = c.length() + 1;
            if c.length() == 0 {
                // A length that would lie behind the header is looked for there.
                segment.need(c.at() - segment.at() + 1)?;
                return bad(out, between);
            }
            let len = usize::from(c.u8()?);
            if len < 2 || len > left {
                return bad(out, between);
            }
            len
        };
        match NAMES.get(usize::from(kind)) {
            Some(name) if !name.is_empty() => {
                out.text(name);
            }
            _ => out.token(OPTIONS, kind, format_args!("unknown-{kind}")),
        }
        let taken = match one(out, c, kind, len, segment, tcp, relative)? {
            Read::Bytes(taken) => taken,
            Read::Bad => return bad(out, between),
        };
        between = true;
        c.advance(taken);
        if taken + if single { 1 } else { 2 } != len {
            write!(out, "[len {len}]");
        }
        if kind == kind::END {
            break;
        }
    }
    out.text("]");
    Ok(true)
}

/// Prints the options that nearly every segment of an established connection has: two no-operations and
/// a timestamp. False where there is anything else.
#[inline]
fn print_timestamp_only(out: &mut Out, c: Cursor<'_>) -> bool {
    if c.length() != 12 {
        return false;
    }
    let Ok(&[kind::NO_OPERATION, kind::NO_OPERATION, kind::TIMESTAMP, 10, a, b, d, e, f, g, h, i]) =
        c.peek_array::<12>(0)
    else {
        return false;
    };
    out.text_dec(b"nop,nop,TS val ", u32::from_be_bytes([a, b, d, e]));
    out.text_dec(b" ecr ", u32::from_be_bytes([f, g, h, i])).text("]");
    true
}

/// Names of the low kinds by number, for options come with every other packet.
#[allow(clippy::indexing_slicing)] // runs at compile time
const NAMES: [&str; 9] = {
    let mut names = [""; 9];
    let mut row = 0;
    while row < OPTIONS.len() {
        let (kind, name) = OPTIONS[row];
        if (kind as usize) < names.len() {
            names[kind as usize] = name;
        }
        row += 1;
    }
    names
};

/// Ends the options, and with them what can be told of the segment.
fn bad(out: &mut Out, after_another: bool) -> Walk<bool> {
    out.text(if after_another { "[bad opt]]" } else { "[bad opt]" });
    Ok(false)
}

/// Prints what stands after kind and length.
#[inline]
fn one(
    out: &mut Out,
    c: Cursor<'_>,
    kind: u8,
    len: usize,
    segment: Cursor<'_>,
    tcp: Tcp<'_>,
    relative: Relative,
) -> Walk<Read> {
    let body = len.saturating_sub(2);
    let fixed = match kind {
        kind::END | kind::NO_OPERATION | kind::SACK_PERMITTED => return Ok(Read::Bytes(0)),
        kind::WINDOW_SCALE => 1,
        kind::MAX_SEGMENT | kind::SCPS | kind::USER_TIMEOUT => 2,
        kind::ECHO | kind::ECHO_REPLY | kind::CC | kind::CC_NEW | kind::CC_ECHO => 4,
        kind::TIMESTAMP => 8,
        kind::SIGNATURE => signature::LEN,
        _ => 0,
    };
    if fixed > c.length() {
        return Ok(Read::Bad);
    }
    match kind {
        kind::MAX_SEGMENT => {
            let size = c.peek_u16(0)?;
            out.text(" ").dec(size);
        }
        kind::WINDOW_SCALE => {
            let shift = c.peek_u8(0)?;
            out.text(" ").dec(shift);
        }
        kind::ECHO | kind::ECHO_REPLY | kind::CC | kind::CC_NEW | kind::CC_ECHO => {
            let value = c.peek_u32(0)?;
            out.text(" ").dec(value);
        }
        kind::TIMESTAMP => {
            let (value, echo) = (c.peek_u32(0)?, c.peek_u32(4)?);
            out.text_dec(b" val ", value).text_dec(b" ecr ", echo);
        }
        kind::SIGNATURE => signature::print(out, c, segment, tcp)?,
        kind::SACK => return selective(out, c, body, relative),
        kind::SCPS => write!(out, " cap {:02x} id {}", c.peek_u8(0)?, c.peek_u8(1)?),
        kind::USER_TIMEOUT => user_timeout(out, c.peek_u16(0)?),
        kind::AUTHENTICATION => return authentication(out, c, body),
        kind::MULTIPATH => {
            if c.length() < body {
                return Ok(Read::Bad);
            }
            c.need(body)?;
            let fits = mptcp::print(out, c.claim(body), tcp.flags())?;
            return Ok(if fits { Read::Bytes(body) } else { Read::Bad });
        }
        kind::FAST_OPEN => {
            out.text(" ");
            return fast_open(out, c, body, tcp.flags() & flag::SYN != 0);
        }
        kind::EXPERIMENT => return experiment(out, c, body, tcp),
        _ => return unknown(out, c, body),
    }
    Ok(Read::Bytes(fixed))
}

/// Blocks that arrived out of order (RFC 2018).
fn selective(out: &mut Out, mut c: Cursor<'_>, body: usize, relative: Relative) -> Walk<Read> {
    if !body.is_multiple_of(8) {
        out.text(" invalid sack");
        return Ok(Read::Bytes(body));
    }
    out.text(" ").len(body / 8).text(" ");
    for _ in 0..body / 8 {
        if c.length() < 8 {
            return Ok(Read::Bad);
        }
        let left = c.u32()?.wrapping_sub(relative.sack_base);
        let right = c.u32()?.wrapping_sub(relative.sack_base);
        out.text("{").dec(left).text(":").dec(right).text("}");
    }
    Ok(Read::Bytes(body))
}

/// User timeout (RFC 5482): minutes or seconds, shown in seconds.
fn user_timeout(out: &mut Out, value: u16) {
    write!(out, " 0x{value:x}");
    let seconds = if value & 1 != 0 { u32::from(value >> 1) * 60 } else { u32::from(value >> 1) };
    write!(out, " {seconds}");
}

/// Key identifiers and authentication code (RFC 5925).
fn authentication(out: &mut Out, mut c: Cursor<'_>, body: usize) -> Walk<Read> {
    if body < 2 {
        out.invalid();
        return Ok(Read::Bytes(body));
    }
    if c.length() < body {
        return Ok(Read::Bad);
    }
    write!(out, " keyid {}", c.u8()?);
    write!(out, " rnextkeyid {}", c.u8()?);
    out.text(" mac 0x");
    for _ in 2..body {
        out.hex(c.u8()?, 2);
    }
    Ok(Read::Bytes(body))
}

/// A fast open cookie or the request for one (RFC 7413).
fn fast_open(out: &mut Out, mut c: Cursor<'_>, body: usize, syn: bool) -> Walk<Read> {
    if c.length() < body {
        return Ok(Read::Bad);
    }
    if !syn {
        out.text("[SYN not set]");
    } else if body == 0 {
        out.text(" cookiereq");
    } else if !body.is_multiple_of(2) || !(4..=16).contains(&body) {
        out.invalid();
    } else {
        out.text(" cookie ");
        for _ in 0..body {
            out.hex(c.u8()?, 2);
        }
    }
    Ok(Read::Bytes(body))
}

/// An experiment (RFC 6994): its identifier decides.
fn experiment(out: &mut Out, mut c: Cursor<'_>, body: usize, tcp: Tcp<'_>) -> Walk<Read> {
    if body < 2 || c.length() < body {
        return Ok(Read::Bad);
    }
    let experiment = c.u16()?;
    out.text("-");
    if experiment == FAST_OPEN_EXPERIMENT {
        out.text("tfo");
        fast_open(out, c, body - 2, tcp.flags() & flag::SYN != 0)?;
    } else {
        write!(out, "{experiment:04x}");
        c.need(body - 2)?;
    }
    Ok(Read::Bytes(body))
}

/// An option that nobody knows, in hex.
fn unknown(out: &mut Out, mut c: Cursor<'_>, body: usize) -> Walk<Read> {
    for at in 0..body {
        if c.length() == 0 {
            return Ok(Read::Bad);
        }
        let byte = c.u8()?;
        out.text(if at == 0 { " 0x" } else { "" }).hex(byte, 2);
    }
    Ok(Read::Bytes(body))
}
