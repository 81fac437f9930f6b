//! Protocols of lines of text: FTP, SMTP, POP, HTTP, IRC, Telnet, and text on other ports.

use wirescope_wire::{Cursor, Walk};

use super::super::Value;
use super::super::walker::{Walker, text_of};
use crate::tokens::{self, Tokens};

/// Most lines shown of one packet; the rest is told as bytes.
const MAX_LINES: usize = 100;
/// Bytes that must be text for payload to be taken for lines.
const LOOKED_AT: usize = 64;
/// Fewest bytes that can look like text.
const LEAST: usize = 2;

/// How HTTP messages begin (RFC 9110 section 9).
const HTTP_STARTS: &[&[u8]] = &[
    b"GET ",
    b"HEAD ",
    b"POST ",
    b"PUT ",
    b"DELETE ",
    b"OPTIONS ",
    b"TRACE ",
    b"CONNECT ",
    b"PATCH ",
    b"HTTP/",
];

/// Commands of Telnet (RFC 854).
const TELNET_COMMANDS: &Tokens = &[
    (240, "end of subnegotiation"),
    (241, "no operation"),
    (242, "data mark"),
    (243, "break"),
    (244, "interrupt process"),
    (245, "abort output"),
    (246, "are you there"),
    (247, "erase character"),
    (248, "erase line"),
    (249, "go ahead"),
    (250, "subnegotiation"),
    (251, "will"),
    (252, "won't"),
    (253, "do"),
    (254, "don't"),
];
const TELNET_OPTIONS: &Tokens = &[
    (0, "binary transmission"),
    (1, "echo"),
    (3, "suppress go ahead"),
    (5, "status"),
    (6, "timing mark"),
    (24, "terminal type"),
    (31, "window size"),
    (32, "terminal speed"),
    (33, "remote flow control"),
    (34, "line mode"),
    (35, "X display location"),
    (36, "environment variables"),
    (37, "authentication"),
    (38, "encryption"),
    (39, "new environment"),
];
const INTERPRET_AS_COMMAND: u8 = 255;

/// Whether payload begins like text.
pub(super) fn look(c: Cursor<'_>) -> bool {
    let bytes = c.claimed_bytes();
    let looked_at = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\r' | b'\n' | b' '..=b'~');
    looked_at.len() >= LEAST && looked_at.iter().all(is_text)
}

/// Whether payload begins as HTTP does.
pub(super) fn look_like_http(c: Cursor<'_>) -> bool {
    HTTP_STARTS.iter().any(|start| c.claimed_bytes().starts_with(start))
}

/// FTP's control connection (RFC 959).
pub(super) fn ftp(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    w.open("ftp", "File Transfer Protocol (RFC 959)", c);
    lines(w, c, |_, line| if begins_with_code(line) { "reply" } else { "command" })
}

/// SMTP (RFC 5321).
pub(super) fn smtp(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    w.open("smtp", "Simple Mail Transfer Protocol (RFC 5321)", c);
    lines(w, c, |_, line| if begins_with_code(line) { "reply" } else { "line" })
}

/// POP3 (RFC 1939).
pub(super) fn pop(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    w.open("pop3", "Post Office Protocol version 3 (RFC 1939)", c);
    lines(w, c, |_, _| "line")
}

/// IRC (RFC 1459).
pub(super) fn irc(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    w.open("irc", "Internet Relay Chat (RFC 1459)", c);
    lines(w, c, |_, line| if line.starts_with(b":") { "message from prefix" } else { "message" })
}

/// Text that no port tells more of.
pub(super) fn any(w: &mut Walker<'_>, c: Cursor<'_>) -> Walk {
    w.open("text", "Lines of text", c);
    lines(w, c, |_, _| "line")
}

/// HTTP/1 (RFC 9112): the first line, headers, and the body as bytes.
pub(super) fn http(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("http", "Hypertext Transfer Protocol (RFC 9112)", c);
    if !look_like_http(c) {
        // The middle of a message.
        let length = c.length();
        return w.bytes(&mut c, "body", length);
    }
    let bytes = c.claimed_bytes();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
    let head = c.split(end.unwrap_or(c.length()));
    lines(w, head, |number, line| match (number, line) {
        (0, line) if line.starts_with(b"HTTP/") => "status line",
        (0, _) => "request line",
        (_, b"") => "end of headers",
        _ => "header",
    })?;
    let body = c.length();
    if body > 0 { w.bytes(&mut c, "body", body) } else { Ok(()) }
}

/// Telnet (RFC 854): commands within text.
pub(super) fn telnet(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    w.open("telnet", "Telnet (RFC 854)", c);
    for _ in 0..MAX_LINES {
        let bytes = c.claimed_bytes();
        let text = bytes.iter().position(|byte| *byte == INTERPRET_AS_COMMAND).unwrap_or(bytes.len());
        if text > 0 {
            w.text(&mut c, "text", text)?;
        }
        if c.available() == 0 {
            break;
        }
        command(w, &mut c)?;
    }
    rest(w, c)
}

fn command(w: &mut Walker<'_>, c: &mut Cursor<'_>) -> Walk {
    const SUBNEGOTIATION: u8 = 250;
    const END: [u8; 2] = [INTERPRET_AS_COMMAND, 240];
    let Ok(code) = c.peek_u8(1) else { return w.cut(*c, "command", 2) };
    let name = tokens::name(TELNET_COMMANDS, code.into()).unwrap_or("unknown");
    let option = c.peek_u8(2).ok().and_then(|option| tokens::name(TELNET_OPTIONS, option.into()));
    let bytes = c.claimed_bytes();
    let length = match code {
        SUBNEGOTIATION => bytes.windows(2).position(|two| two == END).map_or(bytes.len(), |at| at + 2),
        251..=254 => 3,
        _ => 2,
    };
    if length > bytes.len() {
        return w.cut(*c, "command", length);
    }
    let told = if length > 2 { option.unwrap_or("unknown option") } else { "" };
    w.add(c.at(), length, "command", Value::Bytes, format!("{name} {told}").trim_end())?;
    c.skip(length)
}

/// Each line as a field, named by its number and itself.
fn lines(w: &mut Walker<'_>, mut c: Cursor<'_>, name: fn(usize, &[u8]) -> &'static str) -> Walk {
    for number in 0..MAX_LINES {
        let bytes = c.claimed_bytes();
        if bytes.is_empty() {
            break;
        }
        let length = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        let whole = bytes.get(..length).unwrap_or_default();
        let line = whole.strip_suffix(b"\n").unwrap_or(whole);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        w.add(c.at(), length, name(number, line), Value::Text(text_of(line)), "")?;
        c.skip(length)?;
    }
    rest(w, c)
}

/// What is behind the last line shown, or was not captured.
fn rest(w: &mut Walker<'_>, mut c: Cursor<'_>) -> Walk {
    let length = c.length();
    if length > 0 { w.bytes(&mut c, "rest", length) } else { Ok(()) }
}

fn begins_with_code(line: &[u8]) -> bool {
    matches!(line, [b'1'..=b'6', b'0'..=b'9', b'0'..=b'9', ..])
}
