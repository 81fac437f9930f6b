//! Physical and logical lines: a backslash at the end of a line joins it with the next.

use super::error::{Error, Fault};
use std::fmt;
use std::sync::Arc;

/// A place in a rule file, counted from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Location {
    /// The file as it was named.
    pub file: Arc<str>,
    /// Line.
    pub line: usize,
    /// Column in characters.
    pub column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A logical line and where its pieces came from.
pub(super) struct LogicalLine<'t> {
    pub(super) text: String,
    file: Arc<str>,
    /// Offset in `text`, number and text of each physical line.
    pieces: Vec<(usize, usize, &'t str)>,
}

impl LogicalLine<'_> {
    /// Where a byte offset stands in the file, and the physical line there.
    pub(super) fn locate(&self, at: usize) -> (Location, String) {
        let piece = self.pieces.iter().rev().find(|piece| piece.0 <= at).or(self.pieces.first());
        let (start, number, line) = piece.copied().unwrap_or((0, 0, ""));
        let within = at.saturating_sub(start).min(line.len());
        let column = line.char_indices().take_while(|(offset, _)| *offset < within).count() + 1;
        (Location { file: self.file.clone(), line: number, column }, line.to_owned())
    }

    /// The fault with its place.
    pub(super) fn error(&self, fault: Fault) -> Error {
        let (location, line) = self.locate(fault.at);
        Error { location, line, message: fault.message, advice: fault.advice, skippable: fault.skippable }
    }
}

/// The logical lines of a file that are neither empty nor comments.
pub(super) fn logical_lines<'t>(file: &Arc<str>, text: &'t str) -> Vec<LogicalLine<'t>> {
    let mut lines = Vec::new();
    let mut open: Option<LogicalLine<'t>> = None;
    for (index, physical) in text.lines().enumerate() {
        let physical = physical.strip_suffix('\r').unwrap_or(physical);
        if open.is_none() && is_blank(physical) {
            continue;
        }
        let line = open.get_or_insert_with(|| LogicalLine {
            text: String::new(),
            file: file.clone(),
            pieces: Vec::new(),
        });
        line.pieces.push((line.text.len(), index + 1, physical));
        match physical.trim_end().strip_suffix('\\') {
            Some(joined) => {
                line.text.push_str(joined);
                continue;
            }
            None => line.text.push_str(physical),
        }
        lines.extend(open.take());
    }
    lines.extend(open);
    lines.retain(|line| !is_blank(&line.text));
    lines
}

fn is_blank(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joined_line_knows_where_its_parts_stand() {
        let file: Arc<str> = "f".into();
        let lines = logical_lines(&file, "# no\n\nalert a \\\n  b\nvar X 1");
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].text, "alert a   b");
        let (place, text) = lines[0].locate(10);
        assert_eq!((place.line, place.column, text.as_str()), (4, 3, "  b"));
        assert_eq!(lines[1].locate(4).0.line, 5);
    }
}
