//! Advice after an error: what was probably meant, as a command that can be typed.

use std::ffi::OsString;
use std::path::Path;

use super::{Program, options};

/// What pages, slides and word processors put in the place of plain characters.
const TYPOGRAPHY: &[(char, &str, &str)] = &[
    ('\u{2010}', "-", "a typographic hyphen"),
    ('\u{2011}', "-", "a non-breaking hyphen"),
    ('\u{2012}', "-", "a figure dash"),
    ('\u{2013}', "-", "an en dash"),
    ('\u{2014}', "-", "an em dash"),
    ('\u{2015}', "-", "a horizontal bar"),
    ('\u{2212}', "-", "a minus sign"),
    ('\u{2018}', "", "a typographic quote"),
    ('\u{2019}', "", "a typographic quote"),
    ('\u{201a}', "", "a typographic quote"),
    ('\u{201b}', "", "a typographic quote"),
    ('\u{201c}', "", "a typographic quote"),
    ('\u{201d}', "", "a typographic quote"),
    ('\u{201e}', "", "a typographic quote"),
    ('\u{201f}', "", "a typographic quote"),
    ('\u{ab}', "", "a typographic quote"),
    ('\u{bb}', "", "a typographic quote"),
    ('\u{a0}', " ", "a non-breaking space"),
    ('\u{202f}', " ", "a non-breaking space"),
    ('\u{2260}', "!=", "a typographic unequal sign"),
    ('\u{2264}', "<=", "a typographic comparison sign"),
    ('\u{2265}', ">=", "a typographic comparison sign"),
];

fn plain(character: char) -> Option<(&'static str, &'static str)> {
    TYPOGRAPHY.iter().find(|row| row.0 == character).map(|row| (row.1, row.2))
}

fn is_dash(character: char) -> bool {
    plain(character).is_some_and(|(plain, _)| plain == "-")
}

fn is_quote(character: char) -> bool {
    plain(character).is_some_and(|(plain, _)| plain.is_empty())
}

/// Names characters that were pasted from a page, and gives the command without them.
pub(crate) fn typography(program: &Program, arguments: &[OsString]) -> Vec<String> {
    let words: Vec<String> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let found = words.iter().find_map(|word| {
        let character = word.chars().find(|character| plain(*character).is_some())?;
        Some((word, character, plain(character)?.1))
    });
    let Some((word, character, what)) = found else { return Vec::new() };
    let corrected: Vec<String> = correct(&words).iter().map(|word| shell_word(word)).collect();
    vec![format!(
        "{word} has {what} (U+{:04X}), as pages and slides have it; try: {} {}",
        u32::from(character),
        program.command,
        corrected.join(" ")
    )]
}

/// The words as they were meant: what stood between typographic quotes is one word.
fn correct(words: &[String]) -> Vec<String> {
    let mut corrected: Vec<String> = Vec::new();
    let mut quoted: Option<Vec<String>> = None;
    for word in words {
        let opens = word.starts_with(is_quote);
        let closes = word.ends_with(is_quote) && (!opens || word.chars().count() > 1);
        let bare = correct_word(word);
        match &mut quoted {
            Some(parts) => parts.push(bare),
            None if opens => quoted = Some(vec![bare]),
            None => corrected.push(bare),
        }
        if closes && let Some(parts) = quoted.take() {
            corrected.push(parts.join(" "));
        }
    }
    corrected.extend(quoted.map(|parts| parts.join(" ")));
    corrected
}

fn correct_word(word: &str) -> String {
    let plain_word: String = word
        .chars()
        .map(|character| {
            plain(character).map_or_else(|| character.to_string(), |(plain, _)| plain.to_owned())
        })
        .collect();
    let name = plain_word.trim_start_matches('-').split('=').next().unwrap_or("");
    if word.starts_with(is_dash) && options::is_long_name(name) {
        return format!("--{}", plain_word.trim_start_matches('-'));
    }
    plain_word
}

/// A word as a shell takes it.
fn shell_word(word: &str) -> String {
    let safe = |character: char| character.is_ascii_alphanumeric() || "_@%+=:,./-".contains(character);
    if !word.is_empty() && word.chars().all(safe) || word == "-#" {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// For an expression that is wrong as a whole: whether its first word is a filter in quotes and the rest hangs
/// on, or a word is a file. `stands` tells whether a text is a filter of its own.
pub(crate) fn stray_words(words: &[String], stands: &dyn Fn(&str) -> bool) -> Vec<String> {
    if let Some(file) = words.iter().find(|word| Path::new(word).is_file()) {
        return vec![format!("{file} is a file; to read it, put -r before it")];
    }
    let [first, rest @ ..] = words else { return Vec::new() };
    if rest.is_empty() || !first.contains(' ') || !stands(first) {
        return Vec::new();
    }
    let rest = rest.join(" ");
    let joined = if stands(&rest) { format!("{first} and {rest}") } else { format!("{first} {rest}") };
    vec![format!(
        "the filter {} is complete, and {rest} stands behind its quotes; put all of it between them: {}",
        shell_word(first),
        shell_word(&joined)
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program() -> Program {
        Program { called: "tcpdump".into(), name: "tcpdump".into(), command: "tcpdump".into() }
    }

    fn typography_of(words: &[&str]) -> Vec<String> {
        typography(&program(), &words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn dashes_and_quotes_of_a_page_are_named_and_corrected() {
        assert_eq!(
            typography_of(&["–nr", "a.pcap", "‘tcp[13]", "==", "18’"]),
            [
                "–nr has an en dash (U+2013), as pages and slides have it; try: tcpdump -nr a.pcap 'tcp[13] == 18'"
            ]
        );
        assert_eq!(
            typography_of(&["—count", "-r", "“my", "file”", "tcp", "and", "port", "20–25"]),
            [
                "—count has an em dash (U+2014), as pages and slides have it; try: tcpdump --count -r 'my file' tcp and port 20-25"
            ]
        );
        assert_eq!(typography_of(&["-n", "-r", "é.pcap"]), Vec::<String>::new());
    }

    #[test]
    fn what_hangs_on_a_quoted_filter_is_found() {
        let stands = |text: &str| matches!(text, "tcp port 80" | "host a");
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            stray_words(&words(&["tcp port 80", "443"]), &stands),
            [
                "the filter 'tcp port 80' is complete, and 443 stands behind its quotes; put all of it between them: 'tcp port 80 443'"
            ]
        );
        assert_eq!(
            stray_words(&words(&["tcp port 80", "host", "a"]), &stands),
            [
                "the filter 'tcp port 80' is complete, and host a stands behind its quotes; put all of it between them: 'tcp port 80 and host a'"
            ]
        );
        assert_eq!(stray_words(&words(&["tcp", "prt", "80"]), &stands), Vec::<String>::new());
    }
}
