//! Reading options as GNU `getopt_long` does, errors included: clustered letters, attached values, long
//! names cut short, options after operands.
//!
//! Scripts and habits depend on these details, and no argument parser has all of them.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// One option as the command line knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    /// The letter, where it has one.
    pub(crate) short: Option<char>,
    /// The long name without its dashes, or nothing.
    pub(crate) long: &'static str,
    /// Whether a value follows.
    pub(crate) takes_value: bool,
    /// Whether the long name counts only whole, so that it makes no other one unclear.
    pub(crate) whole: bool,
}

/// What a command line holds next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Item {
    /// The option with this index, and its value.
    Option(usize, Option<OsString>),
    /// Something that is no option, or not rightly used; the text lacks the program's name.
    Wrong(String),
}

/// Walks over the arguments; what is no option is kept aside.
pub(crate) struct GetOpt<'a> {
    options: &'a [Names],
    arguments: std::vec::IntoIter<OsString>,
    /// Letters of a cluster that are still to come.
    cluster: Vec<u8>,
    operands: Vec<OsString>,
    /// What stands behind `--`.
    behind_dashes: Vec<OsString>,
    /// Whether the first operand ends the options (`POSIXLY_CORRECT`).
    operands_end_options: bool,
}

impl<'a> GetOpt<'a> {
    pub(crate) fn new(options: &'a [Names], arguments: Vec<OsString>, operands_end_options: bool) -> Self {
        GetOpt {
            options,
            arguments: arguments.into_iter(),
            cluster: Vec::new(),
            operands: Vec::new(),
            behind_dashes: Vec::new(),
            operands_end_options,
        }
    }

    /// The arguments that are no options, in their order: those before `--`, or all if there is none, and those
    /// behind it. Complete once the iteration has ended.
    pub(crate) fn into_operands(self) -> (Vec<OsString>, Vec<OsString>) {
        (self.operands, self.behind_dashes)
    }

    fn long_option(&mut self, text: &[u8]) -> Item {
        let (name, attached) = match text.iter().position(|&byte| byte == b'=') {
            Some(at) => (&text[..at], Some(OsStr::from_bytes(&text[at + 1..]).to_owned())),
            None => (text, None),
        };
        let shown = String::from_utf8_lossy(text);
        let index = match self.find_long(name) {
            Ok(Some(index)) => index,
            Ok(None) => return Item::Wrong(format!("unrecognized option '--{shown}'")),
            Err(candidates) => {
                let mut message = format!("option '--{shown}' is ambiguous; possibilities:");
                for candidate in candidates {
                    message += &format!(" '--{}'", self.options[candidate].long);
                }
                return Item::Wrong(message);
            }
        };
        let option = self.options[index];
        match (option.takes_value, attached) {
            (false, Some(_)) => Item::Wrong(format!("option '--{}' doesn't allow an argument", option.long)),
            (false, None) => Item::Option(index, None),
            (true, Some(value)) => Item::Option(index, Some(value)),
            (true, None) => match self.arguments.next() {
                Some(value) => Item::Option(index, Some(value)),
                None => Item::Wrong(format!("option '--{}' requires an argument", option.long)),
            },
        }
    }

    /// The option with this long name, or with a name that begins so; all of them if that is not clear.
    fn find_long(&self, name: &[u8]) -> Result<Option<usize>, Vec<usize>> {
        let long = |index: &usize| self.options[*index].long.as_bytes();
        let named = || (0..self.options.len()).filter(|index| !long(index).is_empty());
        if let Some(exact) = named().find(|index| long(index) == name) {
            return Ok(Some(exact));
        }
        let candidates: Vec<usize> =
            named().filter(|index| !self.options[*index].whole && long(index).starts_with(name)).collect();
        match candidates.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ => Err(candidates),
        }
    }

    /// Takes the next letter of the cluster.
    fn letter(&mut self) -> Item {
        let letter = self.cluster.remove(0);
        let wanted = char::from(letter);
        let shown = String::from_utf8_lossy(&[letter]).into_owned();
        let known = |option: &Names| option.short == Some(wanted) && wanted.is_ascii();
        let Some(index) = self.options.iter().position(known) else {
            return Item::Wrong(format!("invalid option -- '{shown}'"));
        };
        if !self.options[index].takes_value {
            return Item::Option(index, None);
        }
        if !self.cluster.is_empty() {
            return Item::Option(index, Some(OsString::from_vec(std::mem::take(&mut self.cluster))));
        }
        match self.arguments.next() {
            Some(value) => Item::Option(index, Some(value)),
            None => Item::Wrong(format!("option requires an argument -- '{shown}'")),
        }
    }
}

impl Iterator for GetOpt<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if !self.cluster.is_empty() {
            return Some(self.letter());
        }
        loop {
            let argument = self.arguments.next()?;
            match argument.as_bytes() {
                b"--" => {
                    self.behind_dashes.extend(self.arguments.by_ref());
                    return None;
                }
                [b'-', b'-', name @ ..] => return Some(self.long_option(name)),
                [b'-', letters @ ..] if !letters.is_empty() => {
                    self.cluster = letters.to_vec();
                    return Some(self.letter());
                }
                _ => {
                    self.operands.push(argument);
                    if self.operands_end_options {
                        self.operands.extend(self.arguments.by_ref());
                        return None;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: &[Names] = &[
        Names { short: Some('n'), long: "", takes_value: false, whole: false },
        Names { short: Some('v'), long: "", takes_value: false, whole: false },
        Names { short: Some('r'), long: "", takes_value: true, whole: false },
        Names { short: Some('#'), long: "number", takes_value: false, whole: false },
        Names { short: None, long: "nano", takes_value: false, whole: false },
        Names { short: None, long: "count", takes_value: false, whole: false },
        Names { short: None, long: "skip", takes_value: true, whole: false },
        Names { short: None, long: "netmask", takes_value: true, whole: true },
    ];

    fn read(line: &[&str]) -> (Vec<Item>, Vec<OsString>) {
        let mut getopt = GetOpt::new(OPTIONS, line.iter().map(OsString::from).collect(), false);
        let items = getopt.by_ref().collect();
        let (before, behind) = getopt.into_operands();
        (items, [before, behind].concat())
    }

    fn wrong(text: &str) -> Vec<Item> {
        vec![Item::Wrong(text.to_owned())]
    }

    #[test]
    fn clusters_end_with_a_value_attached_or_apart() {
        let expected = vec![
            Item::Option(0, None),
            Item::Option(1, None),
            Item::Option(1, None),
            Item::Option(2, Some("file".into())),
        ];
        assert_eq!(read(&["-nvvr", "file"]).0, expected);
        assert_eq!(read(&["-nvvrfile"]).0, expected);
    }

    #[test]
    fn options_are_found_after_operands_and_until_two_dashes() {
        let (items, operands) = read(&["tcp", "-n", "-", "--", "-v", "--bogus"]);
        assert_eq!(items, vec![Item::Option(0, None)]);
        assert_eq!(operands, ["tcp", "-", "-v", "--bogus"]);
    }

    #[test]
    fn long_names_may_be_cut_short_while_they_are_clear() {
        assert_eq!(read(&["--num"]).0, vec![Item::Option(3, None)]);
        assert_eq!(read(&["--sk=7"]).0, vec![Item::Option(6, Some("7".into()))]);
        assert_eq!(read(&["--skip", "-1"]).0, vec![Item::Option(6, Some("-1".into()))]);
        assert_eq!(read(&["--netmask=0"]).0, vec![Item::Option(7, Some("0".into()))]);
        assert_eq!(read(&["--netm=0"]).0, wrong("unrecognized option '--netm=0'"));
        assert_eq!(read(&["--n"]).0, wrong("option '--n' is ambiguous; possibilities: '--number' '--nano'"));
    }

    #[test]
    fn what_is_wrong_is_said_in_glibc_words() {
        assert_eq!(read(&["--bogus=1"]).0, wrong("unrecognized option '--bogus=1'"));
        assert_eq!(read(&["--count=3"]).0, wrong("option '--count' doesn't allow an argument"));
        assert_eq!(read(&["--skip"]).0, wrong("option '--skip' requires an argument"));
        assert_eq!(read(&["-r"]).0, wrong("option requires an argument -- 'r'"));
        assert_eq!(read(&["-m"]).0, wrong("invalid option -- 'm'"));
    }
}
