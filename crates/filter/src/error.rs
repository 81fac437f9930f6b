//! What is wrong with an expression, where, and what to do about it.

use std::fmt;
use std::ops::Range;

/// Why an expression cannot be compiled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// What is wrong, in libpcap's words.
    pub message: String,
    /// The bytes of the expression that it is about, where they are known.
    pub span: Option<Range<usize>>,
    /// Lines to show after the message, each behind `hint: `: the place, marked with a caret, and advice.
    pub hints: Vec<String>,
}

/// What compiling and its parts return.
pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error without a place.
    pub fn new(message: impl Into<String>) -> Error {
        Error { message: message.into(), span: None, hints: Vec::new() }
    }

    /// An error about these bytes of the expression.
    pub fn at(span: Range<usize>, message: impl Into<String>) -> Error {
        Error { message: message.into(), span: Some(span), hints: Vec::new() }
    }

    /// The same error, about these bytes unless a closer place is known already.
    pub(crate) fn or_at(mut self, span: &Range<usize>) -> Error {
        if self.span.is_none() {
            self.span = Some(span.clone());
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
