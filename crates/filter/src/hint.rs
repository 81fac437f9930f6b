//! Advice on an expression that does not compile: the place, and what to type instead.

use std::ops::Range;

use crate::error::Error;
use crate::lexer::{Lexer, Token};
use crate::parser::{SYNTAX_ERROR, parse};

/// As much of a long expression as is shown around the place of a fault.
const SHOWN_CHARS: usize = 72;
/// Longer expressions get no corrections, only the place.
const LARGEST_CORRECTED: usize = 4096;

/// Adds the place and what to do about it to an error.
pub(crate) fn explain(mut error: Error, expression: &str) -> Error {
    let mut hints = Vec::new();
    if let Some(span) = &error.span {
        hints.extend(point_at(expression, span));
    }
    let fault = Fault { message: &error.message, span: error.span.clone(), expression };
    hints.extend(fault.advice());
    error.hints = hints;
    error
}

/// The expression, and a second line with marks under the place.
pub fn point_at(expression: &str, span: &Range<usize>) -> [String; 2] {
    let printable =
        |text: &str| -> String { text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect() };
    let before = printable(expression.get(..span.start).unwrap_or(expression));
    let marked = printable(expression.get(span.clone()).unwrap_or(""));
    let after = printable(expression.get(span.end..).unwrap_or(""));
    let before_chars = before.chars().count();
    let kept_before = before_chars.min(SHOWN_CHARS / 2);
    let mut line = String::new();
    let mut column = kept_before;
    if kept_before < before_chars {
        line.push_str("...");
        column += 3;
    }
    line.extend(before.chars().skip(before_chars - kept_before));
    let room = SHOWN_CHARS - kept_before;
    let marked_chars = marked.chars().count();
    line.extend(marked.chars().chain(after.chars()).take(room));
    if marked_chars + after.chars().count() > room {
        line.push_str("...");
    }
    let marks = "^".repeat(marked_chars.clamp(1, room));
    [line, format!("{}{marks}", " ".repeat(column))]
}

struct Fault<'a> {
    message: &'a str,
    span: Option<Range<usize>>,
    expression: &'a str,
}

impl Fault<'_> {
    /// The first advice that fits; one is enough.
    fn advice(&self) -> Option<String> {
        if self.expression.len() > LARGEST_CORRECTED {
            return None;
        }
        self.typographic()
            .or_else(|| self.port_range())
            .or_else(|| self.network_bits())
            .or_else(|| self.prefix_of_host())
            .or_else(|| self.wrong_transport())
            .or_else(|| self.nothing_carried())
            .or_else(|| self.rejects_all())
            .or_else(|| if self.message == SYNTAX_ERROR { self.syntax() } else { None })
    }

    fn marked(&self) -> &str {
        self.span.clone().and_then(|span| self.expression.get(span)).unwrap_or("")
    }

    fn before(&self) -> &str {
        self.span.as_ref().and_then(|span| self.expression.get(..span.start)).unwrap_or(self.expression)
    }

    fn after(&self) -> &str {
        self.span.as_ref().and_then(|span| self.expression.get(span.end..)).unwrap_or("")
    }

    /// The expression with something else at the place of the fault.
    fn replaced(&self, by: &str) -> String {
        format!("{}{by}{}", self.before(), self.after())
    }

    /// Signs that word processors put where keyboards have others.
    fn typographic(&self) -> Option<String> {
        let name = |sign: char| match sign {
            '\u{2013}' => Some(("an en dash", "-")),
            '\u{2014}' => Some(("an em dash", "-")),
            '\u{2212}' => Some(("a minus sign", "-")),
            '\u{2010}' | '\u{2011}' => Some(("a typographic hyphen", "-")),
            '\u{2018}' | '\u{2019}' | '\u{201a}' => Some(("a typographic apostrophe", "")),
            '\u{201c}' | '\u{201d}' | '\u{201e}' => Some(("a typographic quotation mark", "")),
            '\u{ab}' | '\u{bb}' => Some(("a typographic quotation mark", "")),
            '\u{a0}' | '\u{202f}' => Some(("a no-break space", " ")),
            '\u{2260}' => Some(("a not-equal sign", "!=")),
            '\u{2264}' => Some(("a less-or-equal sign", "<=")),
            '\u{2265}' => Some(("a greater-or-equal sign", ">=")),
            _ => None,
        };
        let (sign, (what, _)) = self.expression.chars().find_map(|sign| Some((sign, name(sign)?)))?;
        let mut corrected = String::new();
        for sign in self.expression.chars() {
            match name(sign) {
                Some((_, plain)) => corrected.push_str(plain),
                None => corrected.push(sign),
            }
        }
        let shown = if sign.is_whitespace() { String::new() } else { format!("{sign} is ") };
        let what = if shown.is_empty() { format!("there is {what} in it") } else { what.to_owned() };
        Some(format!("{shown}{what}, which filters do not know; try: {corrected}"))
    }

    fn port_range(&self) -> Option<String> {
        let name = self.message.strip_prefix("unknown port '")?.strip_suffix('\'')?;
        let (first, last) = name.split_once('-')?;
        let numbers =
            [first, last].iter().all(|end| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit()));
        if !numbers {
            return None;
        }
        Some(format!("a range of ports is written: portrange {name}"))
    }

    fn network_bits(&self) -> Option<String> {
        let given = self.message.strip_prefix("non-network bits set in \"")?.strip_suffix('"')?;
        let advice = |net: String, host: &str| {
            Some(format!("the network is: net {net}; the one address is: host {host}"))
        };
        if let Some((address, mask)) = given.split_once(" mask ") {
            let (value, mask_value) = (padded(address)?, padded(mask)?);
            let net = std::net::Ipv4Addr::from_bits(value & mask_value);
            return advice(format!("{net} mask {mask}"), address);
        }
        let (address, length) = given.split_once('/')?;
        let length: u32 = length.parse().ok()?;
        if let Ok(address6) = address.parse::<std::net::Ipv6Addr>() {
            let mask = u128::MAX.checked_shl(128_u32.checked_sub(length)?).unwrap_or(0);
            let net = std::net::Ipv6Addr::from_bits(address6.to_bits() & mask);
            return advice(format!("{net}/{length}"), address);
        }
        let mask = u32::MAX.checked_shl(32_u32.checked_sub(length)?).unwrap_or(0);
        let net = std::net::Ipv4Addr::from_bits(padded(address)? & mask);
        advice(format!("{net}/{length}"), address)
    }

    fn prefix_of_host(&self) -> Option<String> {
        let rest = self.message.strip_prefix("'host' is not a valid qualifier for '");
        let given = match rest {
            Some(rest) => rest.strip_suffix('\'')?,
            None if self.message == "Mask syntax for networks only" => {
                return Some("a prefix or mask needs the word net before the address".to_owned());
            }
            None => return None,
        };
        Some(format!("a prefix is a network: net {given}"))
    }

    fn wrong_transport(&self) -> Option<String> {
        let (name, transport) = self.message.strip_prefix("port '")?.split_once("' is ")?;
        Some(format!("write {transport} port {name}, or the port's number"))
    }

    fn nothing_carried(&self) -> Option<String> {
        if self.message != "syntax error in filter expression" {
            return None;
        }
        let subject = self.marked();
        let keyword = previous_words(self.before()).into_iter().rev().find(|word| {
            matches!(
                word.as_str(),
                "vlan"
                    | "mpls"
                    | "pppoes"
                    | "geneve"
                    | "vxlan"
                    | "vpi"
                    | "vci"
                    | "sio"
                    | "opc"
                    | "dpc"
                    | "sls"
            )
        });
        Some(match keyword {
            Some(keyword) => format!("repeat the keyword: {keyword} {subject}"),
            None => format!("say what {subject} is: host, net or port"),
        })
    }

    fn rejects_all(&self) -> Option<String> {
        let rejects = self.message == "expression rejects all packets";
        rejects.then(|| "no packet can pass: parts of it exclude each other".to_owned())
    }

    fn syntax(&self) -> Option<String> {
        self.quotes()
            .or_else(|| self.split_operator())
            .or_else(|| self.keyword_as_protocol())
            .or_else(|| self.upper_case())
            .or_else(|| self.signs_between_terms())
            .or_else(|| self.unqualified())
            .or_else(|| self.comma())
            .or_else(|| self.misspelled())
            .or_else(|| self.colon_port())
            .or_else(|| self.ends_early())
    }

    fn quotes(&self) -> Option<String> {
        if !matches!(self.marked(), "'" | "\"" | "`") {
            return None;
        }
        let corrected: String =
            self.expression.chars().filter(|sign| !matches!(sign, '\'' | '"' | '`')).collect();
        Some(format!("quotation marks are for the shell, not part of a filter; try: {corrected}"))
    }

    fn split_operator(&self) -> Option<String> {
        let start = self.before().trim_end();
        let sign = self.marked();
        let pair = format!("{}{sign}", start.chars().next_back()?);
        let known = ["==", "!=", ">=", "<=", "<<", ">>", "&&", "||"].contains(&pair.as_str());
        if !known || start.len() == self.before().len() {
            return None;
        }
        let corrected = format!("{start}{sign}{}", self.after());
        Some(format!("{pair} is written without a space; try: {corrected}"))
    }

    fn keyword_as_protocol(&self) -> Option<String> {
        let word = self.marked();
        let last = previous_words(self.before()).pop()?;
        if !matches!(last.as_str(), "proto" | "protochain")
            || !word.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            return None;
        }
        Some(format!("{word} is a keyword; as a name it is written with a backslash: {last} \\{word}"))
    }

    fn upper_case(&self) -> Option<String> {
        let lower = self.expression.to_ascii_lowercase();
        let word = self.marked();
        let changed = word.bytes().any(|byte| byte.is_ascii_uppercase());
        (changed && parse(&lower).is_ok()).then(|| format!("keywords are lower case; try: {lower}"))
    }

    fn signs_between_terms(&self) -> Option<String> {
        let word = match self.marked() {
            "&" => "and",
            "|" => "or",
            _ => return None,
        };
        let corrected = self.replaced(word);
        if parse(&corrected).is_err() {
            return None;
        }
        let sign = self.marked();
        Some(format!("{sign} computes with numbers; between tests it is {word}: {corrected}"))
    }

    fn unqualified(&self) -> Option<String> {
        let word = self.marked();
        let (token, _) = Lexer::new(word).next_token().ok()?;
        let qualifier = match token {
            Token::Dotted(_) | Token::Address6(..) => "host",
            Token::Ethernet(_) => "ether host",
            Token::Number(_) => "port",
            _ => return None,
        };
        let corrected = self.replaced(&format!("{qualifier} {word}"));
        match parse(&corrected) {
            Ok(_) => Some(format!("say what {word} is; perhaps: {corrected}")),
            Err(_) => None,
        }
    }

    fn comma(&self) -> Option<String> {
        let sign = self.marked();
        matches!(sign, "," | ";").then(|| format!("{sign} joins nothing here; tests are joined by and, or"))
    }

    fn misspelled(&self) -> Option<String> {
        let word = self.marked();
        if !matches!(Lexer::new(word).next_token(), Ok((Token::Identifier(_), _))) {
            return None;
        }
        let near = KEYWORDS.iter().filter(|keyword| is_one_edit_away(word, keyword));
        let corrected =
            near.map(|keyword| self.replaced(keyword)).find(|corrected| parse(corrected).is_ok())?;
        Some(format!("did you mean: {corrected}"))
    }

    fn colon_port(&self) -> Option<String> {
        if self.marked() != ":" {
            return None;
        }
        let corrected = self.replaced(" and port ");
        parse(&corrected).ok()?;
        Some(format!("a port is a test of its own: {corrected}"))
    }

    fn ends_early(&self) -> Option<String> {
        if self.marked() == ")" && count(self.expression, ')') > count(self.expression, '(') {
            return Some("there is no open parenthesis for this one".to_owned());
        }
        if self.span.as_ref().is_none_or(|span| span.start < self.expression.len()) {
            return None;
        }
        let text = self.expression.trim_end();
        let closed = format!("{text}{}", ")".repeat(count(text, '(').saturating_sub(count(text, ')'))));
        if closed.len() > text.len() && parse(&closed).is_ok() {
            return Some(format!("a parenthesis is not closed; try: {closed}"));
        }
        let compared = format!("{text} != 0");
        if parse(&compared).is_ok() {
            return Some(format!("a value must be compared with another; perhaps: {compared}"));
        }
        let last = previous_words(text).pop()?;
        Some(format!("something must follow behind {last}"))
    }
}

/// Words that a typing mistake may have been meant to be.
const KEYWORDS: &[&str] = &[
    "host",
    "net",
    "port",
    "portrange",
    "src",
    "dst",
    "and",
    "or",
    "not",
    "tcp",
    "udp",
    "icmp",
    "icmp6",
    "ip",
    "ip6",
    "arp",
    "rarp",
    "ether",
    "proto",
    "vlan",
    "mpls",
    "gateway",
    "broadcast",
    "multicast",
    "less",
    "greater",
    "len",
    "sctp",
    "igmp",
    "pppoes",
    "geneve",
    "vxlan",
    "inbound",
    "outbound",
    "wlan",
];

fn count(text: &str, sign: char) -> usize {
    text.chars().filter(|c| *c == sign).count()
}

fn previous_words(text: &str) -> Vec<String> {
    text.split([' ', '\t', '\n', '(', ')', '!']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Dotted bytes, filled up with zeros.
pub(crate) fn padded(text: &str) -> Option<u32> {
    let mut bytes = [0_u8; 4];
    let mut parts = text.split('.');
    for byte in &mut bytes {
        match parts.next() {
            Some(part) => *byte = part.parse().ok()?,
            None => break,
        }
    }
    Some(u32::from_be_bytes(bytes))
}

/// Whether one letter changed, added, left out, or two swapped make one word the other.
fn is_one_edit_away(word: &str, keyword: &str) -> bool {
    let (word, keyword) = (word.as_bytes(), keyword.as_bytes());
    let same = word.iter().zip(keyword).take_while(|(left, right)| left == right).count();
    let (word, keyword) = (word.get(same..).unwrap_or(&[]), keyword.get(same..).unwrap_or(&[]));
    match (word, keyword) {
        ([], [_]) | ([_], []) => true,
        ([first, second, rest @ ..], [other_first, other_second, other_rest @ ..])
            if first == other_second && second == other_first && rest == other_rest =>
        {
            true
        }
        _ => {
            let tail = |bytes: &[u8]| bytes.get(1..).unwrap_or(&[]).to_vec();
            tail(word) == keyword
                || word == tail(keyword)
                || (tail(word) == tail(keyword) && !word.is_empty())
        }
    }
}
