//! `pcre`: a regular expression between slashes and what its flags mean.

use super::content::Buffer;
use super::error::Parsed;
use super::source::{Location, LogicalLine};
use super::text::Text;

/// A regular expression as the rule gives it; compiling it is the engine's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pcre {
    /// Where it stands, and the line there: only the engine can tell whether it is sound.
    pub location: Location,
    /// The physical line.
    pub line: String,
    /// The expression between the slashes.
    pub expression: String,
    /// The rule matches only where it does not match.
    pub negated: bool,
    /// Flag `i`: letters match in either case.
    pub caseless: bool,
    /// Flag `s`: a dot matches line ends too.
    pub dot_all: bool,
    /// Flag `m`: `^` and `$` match at line ends.
    pub multi_line: bool,
    /// Flag `x`: blanks in the expression mean nothing.
    pub extended: bool,
    /// Flag `A`: only at the start.
    pub anchored: bool,
    /// Flag `E`: `$` matches at the very end only.
    pub dollar_end_only: bool,
    /// Flag `G`: quantifiers take as little as they can.
    pub ungreedy: bool,
    /// Flag `R`: from the end of the match before.
    pub relative: bool,
    /// Flag `O`: no limit on backtracking beyond the engine's own.
    pub without_limits: bool,
    /// Where to search.
    pub buffer: Buffer,
}

impl Pcre {
    /// Reads `[!]"/…/flags"` or `[!]"m?…?flags"`.
    pub(super) fn parse(value: Text<'_>, buffer: Buffer, line: &LogicalLine<'_>) -> Parsed<Pcre> {
        let (negated, quoted) = match value.strip_prefix("!") {
            Some(rest) => (true, rest.trim()),
            None => (false, value),
        };
        let text = quoted.unquote()?;
        let (delimiter, body) = match text.strip_prefix("m") {
            Some(rest) => (
                rest.text.chars().next().unwrap_or('/'),
                rest.from(rest.text.chars().next().map_or(0, char::len_utf8)),
            ),
            None => (
                '/',
                text.strip_prefix("/")
                    .ok_or_else(|| text.fault("a regular expression between slashes is expected"))?,
            ),
        };
        let Some(end) = body.text.rfind(delimiter) else {
            return Err(text.fault(format!("the closing '{delimiter}' is missing")));
        };
        let (location, line) = line.locate(body.at);
        let mut pcre = Pcre {
            location,
            line,
            expression: unescape(body.to(end).text, delimiter),
            negated,
            caseless: false,
            dot_all: false,
            multi_line: false,
            extended: false,
            anchored: false,
            dollar_end_only: false,
            ungreedy: false,
            relative: false,
            without_limits: false,
            buffer,
        };
        let flags = body.from(end + delimiter.len_utf8());
        for (at, flag) in flags.text.char_indices() {
            if !pcre.set(flag) {
                return Err(flags
                    .from(at)
                    .fault(format!("'{flag}' is not a flag of pcre"))
                    .advise("possible are: i s m x A E G R U I P H D M C K S Y B O"));
            }
        }
        Ok(pcre)
    }

    fn set(&mut self, flag: char) -> bool {
        match flag {
            'i' => self.caseless = true,
            's' => self.dot_all = true,
            'm' => self.multi_line = true,
            'x' => self.extended = true,
            'A' => self.anchored = true,
            'E' => self.dollar_end_only = true,
            'G' => self.ungreedy = true,
            'R' => self.relative = true,
            'O' => self.without_limits = true,
            'U' => self.buffer = Buffer::HttpUri,
            'I' => self.buffer = Buffer::HttpRawUri,
            'P' => self.buffer = Buffer::HttpClientBody,
            'H' => self.buffer = Buffer::HttpHeader,
            'D' => self.buffer = Buffer::HttpRawHeader,
            'M' => self.buffer = Buffer::HttpMethod,
            'C' => self.buffer = Buffer::HttpCookie,
            'K' => self.buffer = Buffer::HttpRawCookie,
            'S' => self.buffer = Buffer::HttpStatCode,
            'Y' => self.buffer = Buffer::HttpStatMsg,
            'B' => self.buffer = Buffer::RawPayload,
            _ => return false,
        }
        true
    }
}

/// Takes back what the rule language itself escaped: the delimiter, quotes and semicolons.
fn unescape(text: &str, delimiter: char) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(next)) if *next == ';' || *next == '"' || *next == delimiter => {
                // A delimiter that means something in expressions stays escaped.
                if !next.is_alphanumeric() && "|?*+.()[]{}^$".contains(*next) {
                    plain.push('\\');
                }
                plain.extend(chars.next());
            }
            ('\\', Some(_)) => {
                plain.push('\\');
                plain.extend(chars.next());
            }
            (c, _) => plain.push(c),
        }
    }
    plain
}
