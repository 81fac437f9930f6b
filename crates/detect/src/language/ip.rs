//! Options on bits of the IP and TCP headers: `flags`, `fragbits`, `ipopts`.

use super::error::Parsed;
use super::text::Text;

/// How bits are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlagMatch {
    /// These and no others.
    Exactly,
    /// All of these, and any others (`+`).
    All,
    /// At least one of these (`*`).
    Any,
    /// None of these (`!`).
    None,
}

/// `flags`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TcpFlags {
    /// The comparison.
    pub how: FlagMatch,
    /// Flags to find, as in the header.
    pub flags: u8,
    /// Flags that are left out of the comparison.
    pub ignored: u8,
}

impl TcpFlags {
    pub(super) fn parse(value: Text<'_>) -> Parsed<TcpFlags> {
        let (flags, mask) = match value.split_once(',') {
            Some((flags, mask)) => (flags.trim(), Some(mask.trim())),
            None => (value, None),
        };
        let (how, letters) = split_how(flags);
        Ok(TcpFlags {
            how,
            flags: flag_bits(letters)?,
            ignored: mask.map(flag_bits).transpose()?.unwrap_or(0),
        })
    }

    /// Whether a header with these flags fits.
    pub fn holds(&self, flags: u8) -> bool {
        self.how.holds(u16::from(self.flags), u16::from(flags & !self.ignored))
    }
}

impl FlagMatch {
    fn holds(self, wanted: u16, found: u16) -> bool {
        match self {
            FlagMatch::Exactly => found == wanted,
            FlagMatch::All => found & wanted == wanted,
            FlagMatch::Any => found & wanted != 0,
            FlagMatch::None => found & wanted == 0,
        }
    }
}

/// The sign that stands before or after the letters.
fn split_how(text: Text<'_>) -> (FlagMatch, Text<'_>) {
    let signs = [('+', FlagMatch::All), ('*', FlagMatch::Any), ('!', FlagMatch::None)];
    for (sign, how) in signs {
        if let Some(rest) = text.text.strip_prefix(sign) {
            return (how, Text { text: rest, at: text.at + 1 }.trim());
        }
        if let Some(rest) = text.text.strip_suffix(sign) {
            return (how, Text { text: rest, at: text.at }.trim());
        }
    }
    (FlagMatch::Exactly, text)
}

fn flag_bits(letters: Text<'_>) -> Parsed<u8> {
    let mut bits = 0;
    for (at, letter) in letters.text.char_indices() {
        bits |= match letter.to_ascii_uppercase() {
            'F' => 0x01,
            'S' => 0x02,
            'R' => 0x04,
            'P' => 0x08,
            'A' => 0x10,
            'U' => 0x20,
            'E' | '2' => 0x40,
            'C' | '1' => 0x80,
            '0' => 0,
            c if c.is_whitespace() => 0,
            c => {
                return Err(letters
                    .from(at)
                    .fault(format!("'{c}' is not a TCP flag"))
                    .advise("flags are F S R P A U C E, and 0 for none"));
            }
        };
    }
    Ok(bits)
}

/// `fragbits`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FragmentBits {
    /// The comparison.
    pub how: FlagMatch,
    /// Bits to find, as in the header's fragment field (0x8000, 0x4000, 0x2000).
    pub bits: u16,
}

impl FragmentBits {
    pub(super) fn parse(value: Text<'_>) -> Parsed<FragmentBits> {
        let (how, letters) = split_how(value);
        let mut bits = 0;
        for (at, letter) in letters.text.char_indices() {
            bits |= match letter.to_ascii_uppercase() {
                'R' => 0x8000,
                'D' => 0x4000,
                'M' => 0x2000,
                c if c.is_whitespace() => 0,
                c => {
                    return Err(letters
                        .from(at)
                        .fault(format!("'{c}' is not a fragment bit"))
                        .advise("bits are M, D and R"));
                }
            };
        }
        Ok(FragmentBits { how, bits })
    }

    /// Whether a header with this fragment field fits.
    pub fn holds(&self, fragment: u16) -> bool {
        self.how.holds(self.bits, fragment & 0xe000)
    }
}

/// `ipopts`: an option that the IPv4 header must have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IpOption {
    /// Any option at all.
    Any,
    /// The option with this type byte.
    Kind(u8),
}

impl IpOption {
    pub(super) fn parse(value: Text<'_>) -> Parsed<IpOption> {
        Ok(IpOption::Kind(match value.text.to_ascii_lowercase().as_str() {
            "any" => return Ok(IpOption::Any),
            "eol" => 0,
            "nop" => 1,
            "rr" => 7,
            "rtralt" => 148,
            "ts" => 68,
            "sec" => 130,
            "esec" => 133,
            "lsrr" => 131,
            "lsrre" => 132,
            "ssrr" => 137,
            "satid" => 136,
            other => {
                return Err(value
                    .fault(format!("'{other}' is not an IP option"))
                    .advise("possible are: rr, eol, nop, ts, sec, esec, lsrr, lsrre, ssrr, satid, any"));
            }
        }))
    }
}
