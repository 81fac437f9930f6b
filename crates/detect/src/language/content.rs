//! `content` and the options that bend it.

use super::bytes::Operand;
use super::error::{Fault, Parsed};
use super::number;
use super::text::Text;

/// The bytes that a search goes through.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Buffer {
    /// The payload of the packet, or of the reassembled stream.
    #[default]
    Payload,
    /// The payload before any decoding (`rawbytes`).
    RawPayload,
    /// The request's URI, percent-decoded and with its path made plain.
    HttpUri,
    /// The request's URI as it was sent.
    HttpRawUri,
    /// All header lines, without cookies.
    HttpHeader,
    /// All header lines as they were sent.
    HttpRawHeader,
    /// Values of `Cookie` and `Set-Cookie`.
    HttpCookie,
    /// Cookie lines as they were sent.
    HttpRawCookie,
    /// The request's method.
    HttpMethod,
    /// The request's body.
    HttpClientBody,
    /// The response's status code.
    HttpStatCode,
    /// The response's reason phrase.
    HttpStatMsg,
    /// The response's body, or a file carried in mail (`file_data`).
    FileData,
    /// What `base64_decode` decoded.
    Base64Data,
}

impl Buffer {
    /// The buffer that is searched for this one: no payload is decoded here, so that the raw one is no other,
    /// and what is relative to a match in the one is so in the other.
    pub(crate) fn searched(self) -> Buffer {
        if self == Buffer::RawPayload { Buffer::Payload } else { self }
    }

    /// The buffer that a modifier after `content` chooses.
    pub(super) fn from_modifier(name: &str) -> Option<Buffer> {
        Some(match name {
            "rawbytes" => Buffer::RawPayload,
            "http_uri" => Buffer::HttpUri,
            "http_raw_uri" => Buffer::HttpRawUri,
            "http_header" => Buffer::HttpHeader,
            "http_raw_header" => Buffer::HttpRawHeader,
            "http_cookie" => Buffer::HttpCookie,
            "http_raw_cookie" => Buffer::HttpRawCookie,
            "http_method" => Buffer::HttpMethod,
            "http_client_body" => Buffer::HttpClientBody,
            "http_stat_code" => Buffer::HttpStatCode,
            "http_stat_msg" => Buffer::HttpStatMsg,
            _ => return None,
        })
    }

    /// The buffer that an option of its own makes current for the contents after it.
    pub(super) fn from_sticky(name: &str) -> Option<Buffer> {
        Some(match name {
            "pkt_data" => Buffer::Payload,
            "file_data" | "file.data" | "http.response_body" => Buffer::FileData,
            "base64_data" => Buffer::Base64Data,
            "http.uri" => Buffer::HttpUri,
            "http.uri.raw" => Buffer::HttpRawUri,
            "http.header" => Buffer::HttpHeader,
            "http.header.raw" => Buffer::HttpRawHeader,
            "http.cookie" => Buffer::HttpCookie,
            "http.method" => Buffer::HttpMethod,
            "http.request_body" => Buffer::HttpClientBody,
            "http.stat_code" => Buffer::HttpStatCode,
            "http.stat_msg" => Buffer::HttpStatMsg,
            _ => return None,
        })
    }
}

/// What `fast_pattern` says of a content.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FastPattern {
    /// Nothing: the engine chooses.
    #[default]
    Unsaid,
    /// This content is the rule's fast pattern.
    Chosen,
    /// It is, and finding it is enough: neither its place matters nor the case of its letters.
    Only,
    /// A part of it is.
    Part {
        /** First byte of the part. */
        offset: usize,
        /** Bytes of the part. */
        len: usize,
    },
}

/// Bytes to be found, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Content {
    /// The bytes; lower-case where `nocase`.
    pub pattern: Vec<u8>,
    /// The rule matches only where they are not found.
    pub negated: bool,
    /// Letters match in either case.
    pub nocase: bool,
    /// Where to search.
    pub buffer: Buffer,
    /// Bytes of the buffer to skip, from its start.
    pub offset: Option<Operand>,
    /// Bytes to search from the offset on.
    pub depth: Option<Operand>,
    /// Bytes to skip from the end of the match before; negative goes back.
    pub distance: Option<Operand>,
    /// The match must end within so many bytes after the match before (and the distance).
    pub within: Option<Operand>,
    /// Role in the first, fast search.
    pub fast_pattern: FastPattern,
}

impl Content {
    /// Reads `content:[!]"…"[, modifier …]`.
    pub(super) fn parse(value: Text<'_>, buffer: Buffer) -> Parsed<Content> {
        let (negated, quoted) = match value.strip_prefix("!") {
            Some(rest) => (true, rest.trim()),
            None => (false, value),
        };
        let end = closing_quote(quoted)?;
        let pattern = pattern(quoted.to(end).from(1))?;
        if pattern.is_empty() {
            return Err(quoted.fault("the content is empty"));
        }
        let mut content = Content {
            pattern,
            negated,
            nocase: false,
            buffer,
            offset: None,
            depth: None,
            distance: None,
            within: None,
            fast_pattern: FastPattern::Unsaid,
        };
        let rest = quoted.from(end + 1).trim();
        if let Some(modifiers) = rest.strip_prefix(",") {
            for modifier in modifiers.commas() {
                let (name, value) = modifier.word();
                if !content.modify(name, value)? {
                    return Err(name.fault(format!("'{}' is not a modifier of content", name.text)));
                }
            }
        } else if !rest.is_empty() {
            return Err(rest
                .fault("nothing is expected after the closing quote")
                .advise("write a quote inside a content as \\\" or |22|"));
        }
        Ok(content)
    }

    /// Applies a modifier; false where the name is none.
    pub(super) fn modify(&mut self, name: Text<'_>, value: Text<'_>) -> Parsed<bool> {
        if let Some(buffer) = Buffer::from_modifier(name.text) {
            self.buffer = buffer;
            return Ok(true);
        }
        match name.text {
            "nocase" => {
                self.nocase = true;
                self.pattern.make_ascii_lowercase();
            }
            "offset" => self.offset = Some(self.place(name, value)?),
            "depth" => {
                let depth = self.place(name, value)?;
                self.long_enough(value, &depth)?;
                self.depth = Some(depth);
            }
            "distance" => self.distance = Some(Operand::parse(value)?),
            "within" => {
                let within = self.place(name, value)?;
                self.long_enough(value, &within)?;
                self.within = Some(within);
            }
            "fast_pattern" => {
                self.fast_pattern = fast_pattern(value, self.pattern.len())?;
                if self.negated && self.fast_pattern == FastPattern::Only {
                    return Err(value.fault("what must not be there cannot be all that is searched for"));
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether its place is counted from the match before.
    pub fn is_relative(&self) -> bool {
        self.distance.is_some() || self.within.is_some()
    }

    fn place(&self, name: Text<'_>, value: Text<'_>) -> Parsed<Operand> {
        if value.is_empty() {
            return Err(name.fault(format!("{} needs a number or a variable of byte_extract", name.text)));
        }
        Operand::parse(value)
    }

    fn long_enough(&self, at: Text<'_>, limit: &Operand) -> Parsed<()> {
        match limit {
            Operand::Number(n) if usize::try_from(*n).is_ok_and(|n| n < self.pattern.len()) || *n < 0 => {
                Err(at.fault(format!(
                    "{n} is less than the {} bytes of the content: it can never be found",
                    self.pattern.len()
                )))
            }
            _ => Ok(()),
        }
    }
}

fn fast_pattern(value: Text<'_>, pattern_len: usize) -> Parsed<FastPattern> {
    match value.text {
        "" => return Ok(FastPattern::Chosen),
        "only" => return Ok(FastPattern::Only),
        _ => {}
    }
    let Some((offset, len)) = value.split_once(',') else {
        return Err(value.fault("fast_pattern takes nothing, 'only' or OFFSET,LENGTH"));
    };
    let (offset, len) =
        (number::number_up_to(offset, 65_535)? as usize, number::number_up_to(len, 65_535)? as usize);
    if len == 0 || offset + len > pattern_len {
        return Err(
            value.fault(format!("the part does not lie within the {pattern_len} bytes of the content"))
        );
    }
    Ok(FastPattern::Part { offset, len })
}

/// Where the quote closes that opens the text.
fn closing_quote(text: Text<'_>) -> Parsed<usize> {
    if !text.text.starts_with('"') {
        return Err(text.fault("a content in double quotes is expected"));
    }
    let mut escaped = false;
    for (at, c) in text.text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Ok(at),
            _ => {}
        }
    }
    Err(text.fault("the closing double quote is missing"))
}

/// The bytes that a content's text means: `|0a 0b|` is hex, a backslash makes the next character plain.
pub(super) fn pattern(text: Text<'_>) -> Parsed<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.text.len());
    let mut hex: Option<(usize, Option<u8>)> = None;
    let mut escaped = false;
    for (at, c) in text.text.char_indices() {
        match (&mut hex, c) {
            (None, _) if escaped => {
                push_char(&mut bytes, c);
                escaped = false;
            }
            (None, '\\') => escaped = true,
            (None, '|') => hex = Some((at, None)),
            (None, c) => push_char(&mut bytes, c),
            (Some((_, None)), '|') => hex = None,
            (Some((_, Some(_))), '|') => {
                return Err(text.from(at).fault("a hex byte has two digits; one is missing"));
            }
            (Some((_, high)), c) if c.is_ascii_hexdigit() => {
                let digit = c.to_digit(16).unwrap_or(0) as u8;
                match high.take() {
                    Some(first) => bytes.push(first << 4 | digit),
                    None => *high = Some(digit),
                }
            }
            (Some((_, None)), ' ' | '\t') => {}
            (Some(_), c) => {
                return Err(text
                    .from(at)
                    .fault(format!("'{c}' is not a hex digit"))
                    .advise("a literal | in a content is written |7c|"));
            }
        }
    }
    match hex {
        Some((at, _)) => Err(Fault::new(text.at + at, "the hex bytes are not closed by a second '|'")),
        None => Ok(bytes),
    }
}

fn push_char(bytes: &mut Vec<u8>, c: char) {
    let mut utf8 = [0; 4];
    bytes.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes());
}
