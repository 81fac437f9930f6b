//! What the two sides of a conversation said: as text, as hexadecimal digits, or byte for byte.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use wirescope_flow::Direction;
use wirescope_flow::stream::{Chunk, Consumer, Gap};

/// Bytes on a line of digits.
const ROW: usize = 16;

/// How bytes are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Lines of text, what is none escaped.
    Text,
    /// Offset, digits, and characters.
    Hex,
    /// The bytes alone.
    Raw,
}

/// Writes a stream as it comes.
#[derive(Debug)]
pub struct StreamText<W> {
    out: W,
    form: Form,
    only: Option<Direction>,
    speaker: Option<Direction>,
    /// Bytes that will not come.
    pub missing: u64,
    /// What went wrong with the writing.
    pub failed: Option<io::Error>,
}

impl<W: Write> StreamText<W> {
    /// Writes to `out` both directions, or only one.
    pub fn new(out: W, form: Form, only: Option<Direction>) -> Self {
        StreamText { out, form, only, speaker: None, missing: 0, failed: None }
    }

    /// Gives back what was written to.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn note(&mut self, done: io::Result<()>) {
        if let Err(error) = done {
            self.failed.get_or_insert(error);
        }
    }

    fn leaves_out(&self, direction: Direction) -> bool {
        self.failed.is_some() || self.only.is_some_and(|only| only != direction)
    }

    fn chunk(&mut self, chunk: Chunk<'_>) -> io::Result<()> {
        if self.form == Form::Raw {
            return self.out.write_all(chunk.bytes);
        }
        let style = style(chunk.direction);
        let who = who(chunk.direction);
        if self.speaker.replace(chunk.direction) != Some(chunk.direction) {
            writeln!(self.out, "{style}--- {who}, from packet {} ---{style:#}", chunk.packet)?;
        }
        if self.form == Form::Text {
            let text = printable(chunk.bytes);
            let end = if text.ends_with('\n') { "" } else { "\n" };
            return write!(self.out, "{text}{end}");
        }
        for (row, bytes) in chunk.bytes.chunks(ROW).enumerate() {
            let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let shown: String = bytes
                .iter()
                .map(|byte| if matches!(byte, 0x20..=0x7e) { char::from(*byte) } else { '.' })
                .collect();
            let offset = chunk.offset + (row * ROW) as u64;
            writeln!(self.out, "{style}{offset:08x}{style:#}  {:47}  {shown}", digits.join(" "))?;
        }
        Ok(())
    }
}

impl<W: Write> Consumer for StreamText<W> {
    fn data(&mut self, chunk: Chunk<'_>) {
        if !self.leaves_out(chunk.direction) {
            let done = self.chunk(chunk);
            self.note(done);
        }
    }

    fn gap(&mut self, direction: Direction, offset: u64, length: u64, why: Gap) {
        if self.leaves_out(direction) {
            return;
        }
        self.missing += length;
        if self.form != Form::Raw {
            let why = match why {
                Gap::NotSeen => "the receiver had them, the capture does not",
                Gap::NotCaptured => "cut off by the snapshot length",
                Gap::GivenUp => "they never came",
            };
            let who = who(direction);
            let done =
                writeln!(self.out, "[{length} bytes of the {who} from offset {offset} are missing: {why}]");
            self.note(done);
        }
    }
}

fn who(direction: Direction) -> &'static str {
    match direction {
        Direction::FromClient => "client",
        Direction::FromServer => "server",
    }
}

fn style(direction: Direction) -> Style {
    match direction {
        Direction::FromClient => AnsiColor::Cyan.on_default(),
        Direction::FromServer => AnsiColor::Yellow.on_default(),
    }
}

/// Bytes as text: ends of lines and tabs stay, other bytes that are no plain ASCII are `\xNN`.
fn printable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes.iter().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'\r' if rest.peek() == Some(&&b'\n') => {}
            b'\n' | b'\t' | 0x20..=0x7e => text.push(char::from(*byte)),
            _ => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_steer_a_terminal_are_digits() {
        assert_eq!(printable(b"GET /\r\n\x1b[2J\r\xff"), "GET /\n\\x1b[2J\\x0d\\xff");
    }
}
