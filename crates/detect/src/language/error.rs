//! What is wrong in a rule file, where, and what to do.

use super::source::Location;
use std::fmt;

/// A line of a rule file that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// Where the fault is.
    pub location: Location,
    /// What is wrong.
    pub message: String,
    /// What to do about it, where that is known.
    pub advice: Option<String>,
    /// The physical line, to be shown with a caret under the column.
    pub line: String,
    /// Whether only the rule is unusable (it asks for something that this engine lacks) and the rest of the
    /// file can be trusted; `--lenient` skips such rules and counts them.
    pub skippable: bool,
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location, self.message)?;
        if !self.line.is_empty() {
            let (shown, caret) = excerpt(&self.line, self.location.column);
            write!(f, "\n    {shown}\n    {:>caret$}", "^")?;
        }
        match &self.advice {
            Some(advice) => write!(f, "\nhint: {advice}"),
            None => Ok(()),
        }
    }
}

/// Characters shown of a long line, and how many of them stand before the caret.
const SHOWN: usize = 100;
const BEFORE: usize = 60;

/// The part of a line around a column (counted from 1, in characters), and the caret's column in it.
fn excerpt(line: &str, column: usize) -> (String, usize) {
    let skip = if line.chars().count() > SHOWN { column.saturating_sub(BEFORE) } else { 0 };
    let shown = line.chars().skip(skip).take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    (shown, column.saturating_sub(skip).max(1))
}

/// A fault at a place in a logical line, before it is known where that line stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    /// Byte offset in the logical line.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) advice: Option<String>,
    pub(super) skippable: bool,
}

impl Fault {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Fault { at, message: message.into(), advice: None, skippable: false }
    }

    pub(super) fn advise(self, advice: impl Into<String>) -> Self {
        Fault { advice: Some(advice.into()), ..self }
    }

    /// The rule asks for something that exists but is not supported here.
    pub(super) fn unsupported(at: usize, message: impl Into<String>) -> Self {
        Fault { skippable: true, ..Fault::new(at, message) }
    }
}

/// The result of parsing a part of a line.
pub(super) type Parsed<T> = Result<T, Fault>;
