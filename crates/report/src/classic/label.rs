//! Lines of a name and a value, and link addresses.

use std::fmt::{Display, Write};

/// The column of values.
const VALUES: usize = 40;
/// How far apart tabulator stops are.
const TAB: usize = 8;

/// Writes a line: a tab, the name, tabs up to the column of values, the value. Without a name the value goes
/// on from the line before.
pub(super) fn label(text: &mut String, name: &str, value: impl Display) {
    text.push('\t');
    let mut column = TAB;
    if !name.is_empty() {
        let _ = write!(text, "{name}:");
        column += name.len() + 1;
    }
    while column < VALUES {
        text.push('\t');
        column = (column / TAB + 1) * TAB;
    }
    let _ = writeln!(text, "{value}");
}

/// A link address.
pub(super) fn mac(address: [u8; 6]) -> String {
    let digits: Vec<String> = address.iter().map(|byte| format!("{byte:02X}")).collect();
    digits.join(":")
}
