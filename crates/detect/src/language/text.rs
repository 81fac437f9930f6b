//! A part of a logical line that knows where it stands: what every parser here takes.

use super::error::{Fault, Parsed};

/// A slice of a logical line with its byte offset in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Text<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Text<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Text { text, at: 0 }
    }

    pub(super) fn is_empty(self) -> bool {
        self.text.is_empty()
    }

    /// Without blanks at both ends.
    pub(super) fn trim(self) -> Self {
        let start = self.text.trim_start();
        Text { text: start.trim_end(), at: self.at + self.text.len() - start.len() }
    }

    /// From a byte offset on, which must be a character boundary.
    pub(super) fn from(self, offset: usize) -> Self {
        Text { text: self.text.get(offset..).unwrap_or(""), at: self.at + offset }
    }

    /// Up to a byte offset.
    pub(super) fn to(self, offset: usize) -> Self {
        Text { text: self.text.get(..offset).unwrap_or(self.text), at: self.at }
    }

    /// Without `prefix`, where it stands at the start.
    pub(super) fn strip_prefix(self, prefix: &str) -> Option<Self> {
        self.text.starts_with(prefix).then(|| self.from(prefix.len()))
    }

    /// The parts before and after the first `separator`.
    pub(super) fn split_once(self, separator: char) -> Option<(Self, Self)> {
        let at = self.text.find(separator)?;
        Some((self.to(at), self.from(at + separator.len_utf8())))
    }

    /// The first word, parted by blanks, and the rest.
    pub(super) fn word(self) -> (Self, Self) {
        let text = self.trim();
        match text.text.find(char::is_whitespace) {
            Some(at) => (text.to(at), text.from(at).trim()),
            None => (text, text.from(text.text.len())),
        }
    }

    /// All words, parted by blanks.
    pub(super) fn words(self) -> Vec<Text<'t>> {
        let mut words = Vec::new();
        let mut rest = self;
        loop {
            let (word, after) = rest.word();
            if word.is_empty() {
                return words;
            }
            words.push(word);
            rest = after;
        }
    }

    /// The parts between commas, trimmed; commas in brackets or quotes do not part.
    pub(super) fn commas(self) -> Vec<Text<'t>> {
        let mut parts = Vec::new();
        let (mut start, mut depth, mut quoted, mut escaped) = (0, 0usize, false, false);
        for (at, c) in self.text.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => quoted = !quoted,
                '[' if !quoted => depth += 1,
                ']' if !quoted => depth = depth.saturating_sub(1),
                ',' if !quoted && depth == 0 => {
                    parts.push(self.to(at).from(start).trim());
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts.push(self.from(start).trim());
        parts
    }

    /// A fault here.
    pub(super) fn fault(self, message: impl Into<String>) -> Fault {
        Fault::new(self.at, message)
    }

    /// The text between quotes.
    pub(super) fn unquote(self) -> Parsed<Text<'t>> {
        let inner =
            self.strip_prefix("\"").ok_or_else(|| self.fault("a text in double quotes is expected"))?;
        match inner.text.strip_suffix('"') {
            Some(text) => Ok(Text { text, at: inner.at }),
            None => Err(self.fault("the closing double quote is missing")),
        }
    }

    /// The text without quotes, where it has any.
    pub(super) fn unquote_if_quoted(self) -> Parsed<Text<'t>> {
        if self.text.starts_with('"') { self.unquote() } else { Ok(self) }
    }
}
