//! HTTP/1 messages (RFC 9112) in a payload, taken apart into the buffers that rules name.

mod body;

use std::borrow::Cow;

use wirescope_flow::decode::Transport;

use crate::language::Config;
use crate::packet::{Http, Inspected};

/// Methods that a request may begin with; anything else is no HTTP.
const METHODS: &[&[u8]] = &[
    b"GET",
    b"POST",
    b"HEAD",
    b"PUT",
    b"DELETE",
    b"OPTIONS",
    b"TRACE",
    b"CONNECT",
    b"PATCH",
    b"PROPFIND",
    b"PROPPATCH",
    b"MKCOL",
    b"COPY",
    b"MOVE",
    b"LOCK",
    b"UNLOCK",
    b"SEARCH",
    b"NOTIFY",
    b"SUBSCRIBE",
    b"UNSUBSCRIBE",
    b"LINK",
    b"UNLINK",
    b"REPORT",
    b"MERGE",
    b"CHECKOUT",
    b"MKACTIVITY",
    b"TRACK",
    b"POLL",
    b"BCOPY",
    b"BMOVE",
    b"BDELETE",
];
/// Bytes of the longest of them.
const LONGEST_METHOD: usize = 11;
/// Messages looked at in one payload; hostile bytes could hold thousands.
const MAX_MESSAGES: usize = 64;

/// Whether HTTP is looked for in a packet: over TCP, to or from the ports that are configured for the server.
pub(super) fn is_expected(config: &Config, packet: &Inspected<'_>) -> bool {
    let Transport::Tcp(segment) = &packet.decoded.transport else { return false };
    let servers = &config.http_servers;
    let is_port_of = |host, port| servers.of(host).is_some_and(|ports| ports.contains(&port));
    servers.is_empty()
        || is_port_of(packet.ip.dst, segment.dst_port)
        || is_port_of(packet.ip.src, segment.src_port)
}

/// One message; the parts that had to be made borrow nothing.
pub(super) struct Message<'a> {
    method: Option<&'a [u8]>,
    raw_uri: Option<&'a [u8]>,
    uri: Vec<u8>,
    raw_header: &'a [u8],
    header: Vec<u8>,
    cookie: Vec<u8>,
    body: Cow<'a, [u8]>,
    stat_code: Option<&'a [u8]>,
    stat_msg: Option<&'a [u8]>,
}

impl Message<'_> {
    /// The message as buffers.
    pub(super) fn view(&self) -> Http<'_> {
        let request = self.method.is_some();
        let part = |bytes| Some(bytes).filter(|bytes: &&[u8]| !bytes.is_empty());
        let body = part(&self.body);
        Http {
            uri: part(&self.uri),
            raw_uri: self.raw_uri,
            method: self.method,
            header: part(&self.header),
            raw_header: part(self.raw_header),
            cookie: part(&self.cookie),
            raw_cookie: part(&self.cookie),
            client_body: body.filter(|_| request),
            stat_code: self.stat_code,
            stat_msg: self.stat_msg,
            file_data: body.filter(|_| !request),
        }
    }
}

/// The messages of a payload, one after the other.
pub(super) struct Messages<'a> {
    rest: &'a [u8],
    left: usize,
    /// Bytes that bodies may still be unpacked to.
    unpacking: usize,
    /// A message whose header is cut off is left for when the rest of it has come.
    can_wait: bool,
    waits: bool,
}

impl<'a> Messages<'a> {
    /// The messages of `payload`; where more may follow it, one whose header is cut off `can_wait`.
    pub(super) fn new(payload: &'a [u8], can_wait: bool) -> Self {
        Messages { rest: payload, left: MAX_MESSAGES, unpacking: body::MAX_UNPACKED, can_wait, waits: false }
    }

    /// Whether the message that comes next is left for later.
    pub(super) fn waits(&self) -> bool {
        self.waits
    }

    /// Takes cut messages as they are from now on.
    pub(super) fn wait_no_more(&mut self) {
        (self.can_wait, self.waits) = (false, false);
    }

    /// Whether another message begins where the one before ended.
    pub(super) fn has_more(&self) -> bool {
        self.left > 0 && !self.waits && is_start(self.rest)
    }

    /// Takes the next message; `None` where the bytes are no HTTP.
    pub(super) fn next(&mut self) -> Option<Message<'a>> {
        self.left = self.left.saturating_sub(1);
        if !is_start(self.rest) {
            self.rest = &[];
            return None;
        }
        let (first, after) = line(self.rest);
        let (raw_header, body, is_whole) = split_header(after);
        if self.can_wait && !is_whole {
            self.waits = true;
            return None;
        }
        let mut message = Message {
            method: None,
            raw_uri: None,
            uri: Vec::new(),
            raw_header,
            header: Vec::new(),
            cookie: Vec::new(),
            body: body.into(),
            stat_code: None,
            stat_msg: None,
        };
        let (one, after) = word(first);
        if one.starts_with(b"HTTP/") {
            let (code, reason) = word(after);
            message.stat_code = Some(code);
            message.stat_msg = Some(reason);
        } else {
            // A URI may hold blanks, if the server is lenient; what ends it is the version.
            let end = memchr::memmem::rfind(after, b" HTTP/").unwrap_or_else(|| word(after).0.len());
            let uri = after.get(..end).unwrap_or(after).trim_ascii_end();
            message.method = Some(one);
            message.raw_uri = Some(uri);
            message.uri = normalise(uri);
        }
        let framing = message.headers();
        if framing.chunked {
            let (own, rest) = body::unchunked(body);
            message.body = own.into();
            self.rest = rest;
        } else {
            let otherwise = if message.method.is_some() { 0 } else { body.len() };
            let body_len = framing.length.unwrap_or(otherwise).min(body.len());
            let (own, rest) = body.split_at(body_len);
            // A request without a length has no body, but what follows may be the rest of a cut message.
            let is_told = framing.length.is_some() || is_start(rest);
            if is_told {
                message.body = own.into();
            }
            self.rest = if is_told { rest } else { &[] };
        }
        if let Some(coding) = framing.coding {
            let unpacked = body::decoded(coding, &message.body, self.unpacking);
            self.unpacking = self.unpacking.saturating_sub(unpacked.len());
            message.body = unpacked.into();
        }
        Some(message)
    }
}

impl Message<'_> {
    /// Parts cookies from the other header lines; gives back what they say of the body.
    fn headers(&mut self) -> Framing {
        let mut framing = Framing::default();
        let mut rest = self.raw_header;
        while !rest.is_empty() {
            let (whole, after) = line_with_end(rest);
            rest = after;
            let (name, value) = match whole.iter().position(|byte| *byte == b':') {
                Some(colon) => {
                    (whole.get(..colon).unwrap_or_default(), whole.get(colon + 1..).unwrap_or_default())
                }
                None => (whole, &[][..]),
            };
            if name.eq_ignore_ascii_case(b"Cookie") || name.eq_ignore_ascii_case(b"Set-Cookie") {
                self.cookie.extend_from_slice(value.trim_ascii());
                continue;
            }
            framing.header(name, value.trim_ascii());
            self.header.extend_from_slice(whole);
        }
        framing
    }
}

/// What header lines say of a message's body.
#[derive(Default)]
struct Framing {
    length: Option<usize>,
    chunked: bool,
    coding: Option<body::Coding>,
}

impl Framing {
    fn header(&mut self, name: &[u8], value: &[u8]) {
        if name.eq_ignore_ascii_case(b"Content-Length") {
            self.length = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
        } else if name.eq_ignore_ascii_case(b"Transfer-Encoding") {
            self.chunked |= value.to_ascii_lowercase().ends_with(b"chunked");
        } else if name.eq_ignore_ascii_case(b"Content-Encoding") {
            self.coding = body::Coding::named(value);
        }
    }
}

/// The first word, and what follows the blanks behind it.
fn word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let end = bytes.iter().position(is_blank).unwrap_or(bytes.len());
    let (word, rest) = bytes.split_at(end);
    let blanks = rest.iter().take_while(|byte| is_blank(byte)).count();
    (word, rest.get(blanks..).unwrap_or_default())
}

/// Whether a request or a response begins here.
fn is_start(bytes: &[u8]) -> bool {
    if !bytes.first().is_some_and(u8::is_ascii_uppercase) {
        return false;
    }
    let end = bytes.iter().take(LONGEST_METHOD + 1).position(|byte| *byte == b' ');
    let method = end.and_then(|end| bytes.get(..end));
    method.is_some_and(|method| METHODS.contains(&method)) || bytes.starts_with(b"HTTP/1.")
}

/// A line without its end, and what follows.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (whole, rest) = line_with_end(bytes);
    let bare = whole.strip_suffix(b"\n").unwrap_or(whole);
    (bare.strip_suffix(b"\r").unwrap_or(bare), rest)
}

fn line_with_end(bytes: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b'\n', bytes) {
        Some(at) => bytes.split_at(at + 1),
        None => (bytes, &[]),
    }
}

/// The header lines, what follows the empty line behind them, and whether there is one.
fn split_header(bytes: &[u8]) -> (&[u8], &[u8], bool) {
    let mut rest = bytes;
    loop {
        let here = bytes.len() - rest.len();
        let (bare, after) = line(rest);
        if rest.is_empty() {
            return (bytes, &[], false);
        }
        if bare.is_empty() {
            return (bytes.get(..here).unwrap_or(bytes), after, true);
        }
        rest = after;
    }
}

/// A URI as a server would understand it: percent-decoded, backslashes as slashes, no double slashes and
/// no steps to the same folder or up.
fn normalise(uri: &[u8]) -> Vec<u8> {
    let (path, query) = match uri.iter().position(|byte| *byte == b'?') {
        Some(at) => uri.split_at(at),
        None => (uri, &[][..]),
    };
    let decoded = percent_decode(path);
    let mut plain: Vec<u8> = Vec::with_capacity(uri.len());
    let absolute = decoded.first().is_some_and(|byte| matches!(byte, b'/' | b'\\'));
    let mut segments: Vec<&[u8]> = Vec::new();
    let is_slash = |byte: &u8| matches!(byte, b'/' | b'\\');
    let ends_in_slash = decoded.last().is_some_and(is_slash);
    if absolute {
        for segment in decoded.split(is_slash) {
            match segment {
                b"" | b"." => {}
                b".." => drop(segments.pop()),
                other => segments.push(other),
            }
        }
        for segment in &segments {
            plain.push(b'/');
            plain.extend_from_slice(segment);
        }
        if ends_in_slash || segments.is_empty() {
            plain.push(b'/');
        }
    } else {
        plain.extend_from_slice(&decoded);
    }
    plain.extend_from_slice(&percent_decode(query));
    plain
}

fn percent_decode(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (byte, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high << 4 | low) as u8);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                plain.push(byte);
                rest = after;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_apart() {
        let bytes = b"POST /a/./b/../%65tc//x?q=%41 HTTP/1.1\r\nHost: h\r\nCookie: k=v\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.0\r\n\r\n";
        let mut messages = Messages::new(bytes, false);
        let first = messages.next().expect("a request");
        let view = first.view();
        assert_eq!(view.uri, Some(&b"/a/etc/x?q=A"[..]));
        assert_eq!(view.raw_uri, Some(&b"/a/./b/../%65tc//x?q=%41"[..]));
        assert_eq!(view.header, Some(&b"Host: h\r\nContent-Length: 3\r\n"[..]));
        assert_eq!((view.cookie, view.client_body), (Some(&b"k=v"[..]), Some(&b"abc"[..])));
        assert!(messages.has_more());
        assert_eq!(messages.next().and_then(|m| m.method), Some(&b"GET"[..]));
        assert!(!messages.has_more());
    }

    #[test]
    fn a_response_comes_apart_and_other_bytes_do_not() {
        let mut messages = Messages::new(b"HTTP/1.1 404 Not Found\r\nA: b\r\n\r\nbody", false);
        let response = messages.next().expect("a response");
        let view = response.view();
        assert_eq!((view.stat_code, view.stat_msg), (Some(&b"404"[..]), Some(&b"Not Found"[..])));
        assert_eq!((view.file_data, view.uri), (Some(&b"body"[..]), None));
        assert!(Messages::new(b"GETTING ready", false).next().is_none());
    }

    #[test]
    fn blanks_around_and_in_a_uri_hide_nothing() {
        let mut messages = Messages::new(b"GET  /a b/x.cgi HTTP/1.0\r\n\r\n", false);
        assert_eq!(messages.next().expect("a request").view().uri, Some(&b"/a b/x.cgi"[..]));
        let mut messages = Messages::new(b"GET /old\r\n\r\n", false);
        assert_eq!(messages.next().expect("a request").view().uri, Some(&b"/old"[..]));
    }

    #[test]
    fn chunks_are_put_together_and_the_next_message_is_found() {
        let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\nHTTP/1.1 404 No\r\n\r\n";
        let mut messages = Messages::new(bytes, false);
        assert_eq!(messages.next().expect("a response").view().file_data, Some(&b"abcdefg"[..]));
        assert_eq!(messages.next().expect("another").view().stat_code, Some(&b"404"[..]));
    }
}
