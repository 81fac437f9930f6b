//! What packets carry, as text: what cannot be printed is a point.

/// Where lines of data end early.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Break {
    /// Most characters on a line.
    pub width: usize,
    /// Whether lines end behind a blank where there is one, instead of within words.
    pub at_blanks: bool,
}

impl Break {
    /// Characters on a line of tcpshow, if nothing else is asked for.
    pub const WIDTH: usize = 60;
}

/// Writes a tab and the bytes; each line end in them starts a new line with a tab.
pub(super) fn write(text: &mut String, bytes: &[u8], breaks: Option<Break>) {
    text.push('\t');
    let mut lines = bytes.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        match breaks {
            Some(breaks) => write_broken(text, line, breaks),
            None => text.extend(line.iter().map(printed)),
        }
        if lines.peek().is_some() {
            text.push_str("\n\t");
        }
    }
}

fn write_broken(text: &mut String, mut line: &[u8], breaks: Break) {
    let width = breaks.width.max(1);
    while let Some((full, _)) = line.split_at_checked(width).filter(|(_, rest)| !rest.is_empty()) {
        let blank = full.iter().rposition(u8::is_ascii_whitespace).filter(|_| breaks.at_blanks);
        let (now, later) = line.split_at(blank.map_or(width, |at| at + 1));
        text.extend(now.iter().map(printed));
        text.push_str("\n\t");
        line = later;
    }
    text.extend(line.iter().map(printed));
}

fn printed(byte: &u8) -> char {
    match byte {
        b'\t' | b' '..=b'~' => char::from(*byte),
        _ => '.',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(bytes: &[u8], width: usize, at_blanks: bool) -> String {
        let mut text = String::new();
        write(&mut text, bytes, Some(Break { width, at_blanks }));
        text
    }

    #[test]
    fn lines_end_where_they_are_full_and_not_behind_their_last_byte() {
        assert_eq!(broken(b"abcdefgh", 4, false), "\tabcd\n\tefgh");
        assert_eq!(broken(b"abcd\ne", 4, false), "\tabcd\n\te");
        assert_eq!(broken(b"", 4, false), "\t");
    }

    #[test]
    fn soft_breaks_keep_words_together_where_they_fit() {
        assert_eq!(broken(b"ab cd ef", 4, true), "\tab \n\tcd \n\tef");
        assert_eq!(broken(b"abcdef g", 4, true), "\tabcd\n\tef g");
    }

    #[test]
    fn nothing_but_text_is_written() {
        let mut text = String::new();
        write(&mut text, b"a\r\n\x1b[2J\tb\xff", None);
        assert_eq!(text, "\ta.\n\t.[2J\tb.");
    }
}
