//! Protocols of text lines: FTP (RFC 959), HTTP (RFC 9112), SMTP (RFC 5321), WHOIS (RFC 3912), RTSP (RFC 7826),
//! SIP (RFC 3261).

use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// What is to be known of a protocol of text lines.
struct TextProtocol {
    name: &'static str,
    /// Words that begin a request. Without any, every payload is taken for text; with some, only what
    /// begins with one of them or has a response code as its second word.
    requests: &'static [&'static str],
}

const FTP: TextProtocol = TextProtocol { name: "FTP", requests: &[] };
const SMTP: TextProtocol = TextProtocol { name: "SMTP", requests: &[] };
const WHOIS: TextProtocol = TextProtocol { name: "WHOIS", requests: &[] };
const HTTP: TextProtocol = TextProtocol {
    name: "HTTP",
    requests: &[
        "GET",
        "PUT",
        "COPY",
        "HEAD",
        "LOCK",
        "MOVE",
        "POLL",
        "POST",
        "BCOPY",
        "BMOVE",
        "MKCOL",
        "TRACE",
        "LABEL",
        "MERGE",
        "DELETE",
        "SEARCH",
        "UNLOCK",
        "REPORT",
        "UPDATE",
        "NOTIFY",
        "BDELETE",
        "CONNECT",
        "OPTIONS",
        "CHECKIN",
        "PROPFIND",
        "CHECKOUT",
        "CCM_POST",
        "SUBSCRIBE",
        "PROPPATCH",
        "BPROPFIND",
        "BPROPPATCH",
        "UNCHECKOUT",
        "MKACTIVITY",
        "MKWORKSPACE",
        "UNSUBSCRIBE",
        "RPC_CONNECT",
        "VERSION-CONTROL",
        "BASELINE-CONTROL",
    ],
};
const RTSP: TextProtocol = TextProtocol {
    name: "RTSP",
    requests: &[
        "DESCRIBE",
        "ANNOUNCE",
        "GET_PARAMETER",
        "OPTIONS",
        "PAUSE",
        "PLAY",
        "RECORD",
        "REDIRECT",
        "SETUP",
        "SET_PARAMETER",
        "TEARDOWN",
    ],
};
const SIP: TextProtocol = TextProtocol {
    name: "SIP",
    requests: &[
        "ACK",
        "BYE",
        "CANCEL",
        "DO",
        "INFO",
        "INVITE",
        "MESSAGE",
        "NOTIFY",
        "OPTIONS",
        "PRACK",
        "QAUTH",
        "REFER",
        "REGISTER",
        "SPRACK",
        "SUBSCRIBE",
        "UPDATE",
        "PUBLISH",
    ],
};

/// Longest first word that is looked up.
const MAX_WORD: usize = 127;

/// Prints FTP commands and replies.
pub(crate) fn print_ftp(out: &mut Out, c: Cursor<'_>) -> Walk {
    FTP.print_segment(out, c)
}

/// Prints HTTP requests and responses.
pub(crate) fn print_http(out: &mut Out, c: Cursor<'_>) -> Walk {
    HTTP.print_segment(out, c)
}

/// Prints SMTP commands and replies.
pub(crate) fn print_smtp(out: &mut Out, c: Cursor<'_>) -> Walk {
    SMTP.print_segment(out, c)
}

/// Prints WHOIS queries and answers.
pub(crate) fn print_whois(out: &mut Out, c: Cursor<'_>) -> Walk {
    WHOIS.print_segment(out, c)
}

/// Prints RTSP requests and responses.
pub(crate) fn print_rtsp(out: &mut Out, c: Cursor<'_>) -> Walk {
    RTSP.print_segment(out, c)
}

/// Prints SIP requests and responses.
pub(crate) fn print_sip(out: &mut Out, c: Cursor<'_>) -> Walk {
    SIP.print(out, c)
}

impl TextProtocol {
    /// Prints the payload of a TCP segment, which stands behind a colon.
    fn print_segment(&self, out: &mut Out, c: Cursor<'_>) -> Walk {
        out.text(": ");
        self.print(out, c)
    }

    /// Prints the first line, or all of them on lines of their own where more is wanted.
    fn print(&self, out: &mut Out, c: Cursor<'_>) -> Walk {
        out.text(self.name);
        if !self.is_message(c) {
            return Ok(());
        }
        if out.wants_fields()
            && let Ok(Some(line)) = line(c)
        {
            out.field("first_line", line.text);
        }
        if out.options.verbose == 0 {
            print_line(out, ": ", c)?;
            return Ok(());
        }
        out.text(", length: ").len(c.length());
        let mut rest = c;
        while rest.length() > 0
            && let Some(length) = print_line(out, "\n\t", rest)?
        {
            rest.advance(length);
        }
        Ok(())
    }

    /// Whether the payload begins with a request or a response.
    fn is_message(&self, c: Cursor<'_>) -> bool {
        if self.requests.is_empty() {
            return true;
        }
        let Some((word, rest)) = word(c) else { return false };
        // Most payload of a busy port is the middle of something and begins with no letter.
        if word.first().is_some_and(u8::is_ascii_alphabetic)
            && self.requests.iter().any(|request| word.eq_ignore_ascii_case(request.as_bytes()))
        {
            return true;
        }
        matches!(self::word(rest), Some((code, _)) if code.len() == 3 && code.iter().all(u8::is_ascii_digit))
    }
}

/// The word at the cursor, if it was captured whole, and what stands behind the blanks after it.
/// A tab ends a word too, but no further word is found behind one.
fn word(c: Cursor<'_>) -> Option<(&[u8], Cursor<'_>)> {
    let bytes = c.claimed_bytes();
    let length = bytes.iter().position(|byte| ends_word(*byte)).unwrap_or(bytes.len());
    if length == 0 || length > MAX_WORD || (length == bytes.len() && length < c.length()) {
        return None;
    }
    let blanks = bytes.iter().skip(length).take_while(|byte| **byte == b' ').count();
    Some((bytes.get(..length)?, c.ahead(length + blanks)))
}

/// Whether a byte ends a word: blanks, tabs and the ends of lines.
fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

/// One line of text.
pub(super) struct Line<'a> {
    /// The line without its end.
    pub(super) text: &'a [u8],
    /// Bytes that it takes with its end.
    pub(super) length: usize,
    /// Whether its end was there.
    pub(super) ended: bool,
}

/// The line at the cursor; nothing where the bytes are no text. It is truncated where the capture ends
/// before the line does.
pub(super) fn line(c: Cursor<'_>) -> Walk<Option<Line<'_>>> {
    let bytes = c.claimed_bytes();
    let is_text = |byte: &u8| matches!(byte, b'\t' | 0x20..0x7f);
    let length = bytes.iter().position(|byte| !is_text(byte)).unwrap_or(bytes.len());
    let text = bytes.get(..length).unwrap_or_default();
    match bytes.get(length..).unwrap_or_default() {
        [] if c.length() == length => Ok(Some(Line { text, length, ended: false })),
        [] => Err(Stop::Truncated),
        [b'\n', ..] => Ok(Some(Line { text, length: length + 1, ended: true })),
        [b'\r', b'\n', ..] => Ok(Some(Line { text, length: length + 2, ended: true })),
        [b'\r'] if c.length() > length + 1 => Err(Stop::Truncated),
        // A carriage return alone is no text: it would overwrite the line on a terminal.
        _ => Ok(None),
    }
}

/// Prints one line behind `before`, and says how many bytes it took where more may follow.
fn print_line(out: &mut Out, before: &str, c: Cursor<'_>) -> Walk<Option<usize>> {
    let Some(line) = line(c)? else { return Ok(None) };
    out.text(before).raw(line.text);
    Ok(line.ended.then_some(line.length))
}
