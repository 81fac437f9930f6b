//! Messages: the header, and one command or a chain of them.

use super::commands::{self, Body, Command};
use super::template::Structure;
use super::{bodies, errors, text};
use crate::Out;
use wirescope_wire::{Cursor, Walk};

const HEADER: &str = "[P4]SMB Command   =  [B]\nError class   =  [BP1]\nError code    =  [d]\nFlags1        =  [B]\nFlags2        =  [B][P13]\nTree ID       =  [u]\nProc ID       =  [u]\nUID           =  [u]\nMID           =  [u]\nWord Count    =  [b]\n";

/// Bytes of the header before the count of words, and with it.
const HEADER_LEN: usize = 32;
/// In the flags: a reply; in the second flags: errors of Windows NT, strings in Unicode.
const REPLY: u8 = 0x80;
const STATES: u16 = 0x4000;
const UNICODE: u16 = 0x8000;
/// The code that ends a chain.
const NO_MORE: u8 = 0xff;

/// Whether a message starts here.
pub(super) fn starts(c: Cursor<'_>) -> bool {
    c.peek(0, 4) == Ok(b"\xffSMB")
}

/// A message that is being printed.
pub(super) struct Message<'a> {
    pub(super) structure: Structure<'a>,
    pub(super) end: usize,
    pub(super) is_request: bool,
}

/// The words and bytes of one command.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// Where the count of words is.
    pub(super) words: usize,
    /// How many words there are.
    pub(super) count: usize,
    /// Where the count of bytes is.
    pub(super) bytes: usize,
}

fn command(code: u8) -> &'static Command {
    commands::COMMANDS.iter().find(|row| row.code == code).unwrap_or(&commands::UNKNOWN)
}

/// Prints a message of which `end` bytes belong to it.
pub(super) fn print(out: &mut Out, start: Cursor<'_>, end: usize) -> Walk {
    out.label("smb");
    let end = end.min(start.captured());
    let is_request = start.peek_u8(9)? & REPLY == 0;
    let code = start.peek_u8(4)?;
    let mut command = command(code);
    out.field("command", code);
    out.field("reply", !is_request);
    let direction = if is_request { "REQUEST" } else { "REPLY" };
    if out.options.verbose > 1 {
        out.text("\n");
    }
    write!(out, "SMB PACKET: {} ({direction})", command.name);
    if out.options.verbose < 2 {
        return Ok(());
    }
    out.text("\n");
    let flags = u16::from_le_bytes(*start.peek_array(10)?);
    let mut structure = Structure::new(start);
    structure.is_unicode = flags & UNICODE != 0;
    structure.print(out, 0, HEADER_LEN + 1, HEADER)?;
    error(out, start, flags & STATES != 0)?;
    let mut message = Message { structure, end, is_request };
    let mut at = HEADER_LEN;
    loop {
        let count = usize::from(start.peek_u8(at)?);
        let part = Part { words: at, count, bytes: at + 1 + count * 2 };
        message.structure.reset();
        message.command(out, command, part)?;
        if !command.chains || count == 0 {
            return Ok(());
        }
        let next = start.peek_u8(at + 1)?;
        if next == NO_MORE {
            return Ok(());
        }
        let next_at = usize::from(u16::from_le_bytes(*start.peek_array(at + 3)?));
        command = self::command(next);
        writeln!(out, "\nSMB PACKET: {} ({direction}) (CHAINED)", command.name);
        if next_at <= at {
            writeln!(out, "Bad andX offset: {next_at} <= {at}");
            return Ok(());
        }
        at = next_at;
    }
}

fn error(out: &mut Out, start: Cursor<'_>, is_state: bool) -> Walk {
    if is_state {
        let state = u32::from_le_bytes(*start.peek_array(5)?);
        if state != 0 {
            out.text("NTError = ");
            errors::print_state(out, state);
            out.text("\n");
        }
    } else {
        let class = start.peek_u8(5)?;
        if class != 0 {
            out.text("SMBError = ");
            errors::print(out, class, u16::from_le_bytes(*start.peek_array(7)?));
            out.text("\n");
        }
    }
    Ok(())
}

impl Message<'_> {
    fn command(&mut self, out: &mut Out, command: &Command, part: Part) -> Walk {
        match command.body {
            Body::Templates => {}
            Body::Negotiation => return bodies::negotiation(out, self, part),
            Body::Locking => return bodies::locking(out, self, part),
            Body::Transaction => return bodies::transaction(out, self, part),
            Body::Transaction2 => return bodies::transaction_2(out, self, part),
            Body::SessionSetup => return bodies::session_setup(out, self, part),
        }
        let (words, bytes) = if self.is_request { command.request } else { command.reply };
        if part.count > 0 {
            if words.is_empty() {
                self.plain_words(out, part)?;
            } else {
                self.structure.print(out, part.words + 1, part.bytes, words)?;
            }
        }
        let count = self.byte_count(out, part)?;
        if count > 0 {
            let at = part.bytes + 2;
            if bytes.is_empty() {
                out.text("smb_buf[]=\n");
                text::dump(out, self.structure.start.ahead(at), count)?;
            } else {
                self.structure.print(out, at, at + count, bytes)?;
            }
        }
        Ok(())
    }

    /// The words as numbers.
    fn plain_words(&self, out: &mut Out, part: Part) -> Walk {
        let last = part.bytes.min(self.end);
        for number in 0..part.count {
            let at = part.words + 1 + number * 2;
            if at >= last {
                break;
            }
            let word = self.word(at)?;
            writeln!(out, "smb_vwv[{number}]={word} (0x{word:X})");
        }
        Ok(())
    }

    /// A little-endian word at `at`.
    pub(super) fn word(&self, at: usize) -> Walk<u16> {
        Ok(u16::from_le_bytes(*self.structure.start.peek_array(at)?))
    }

    /// Prints how many bytes follow the words.
    pub(super) fn byte_count(&self, out: &mut Out, part: Part) -> Walk<usize> {
        let count = self.word(part.bytes)?;
        writeln!(out, "smb_bcc={count}");
        Ok(count.into())
    }
}
