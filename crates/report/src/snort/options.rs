//! The options of IP and TCP headers, walked as receivers do.

use wirescope_wire::{Cursor, Walk};

/// One option: its kind and what it holds.
#[derive(Clone, Copy)]
pub(super) struct HeaderOption<'a> {
    pub(super) kind: u8,
    pub(super) data: &'a [u8],
}

/// The end of the list and the filler, which both are a byte alone (RFC 791 section 3.1, RFC 9293 section 3.1).
pub(super) const END: u8 = 0;
pub(super) const FILLER: u8 = 1;

/// The options up to the end of the list, which counts, or to the first one whose length is wrong.
pub(super) fn walk(bytes: &[u8]) -> Vec<HeaderOption<'_>> {
    let mut c = Cursor::over(bytes);
    let mut options = Vec::new();
    while let Ok(option) = read(&mut c) {
        options.push(option);
        if option.kind == END {
            break;
        }
    }
    options
}

fn read<'a>(c: &mut Cursor<'a>) -> Walk<HeaderOption<'a>> {
    let kind = c.u8()?;
    if matches!(kind, END | FILLER) {
        return Ok(HeaderOption { kind, data: &[] });
    }
    let length = usize::from(c.u8()?);
    let data = length.checked_sub(2).ok_or(wirescope_wire::Stop::Invalid)?;
    Ok(HeaderOption { kind, data: c.take(data)? })
}

/// Appends what no name is known for: two digits a byte, a blank after every second one.
pub(super) fn write_unknown(text: &mut String, data: &[u8]) {
    for (at, byte) in data.iter().enumerate() {
        text.push_str(&format!("{byte:02X}"));
        if at % 2 == 1 {
            text.push(' ');
        }
    }
}
