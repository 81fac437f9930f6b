//! `pcre`: linear-time expressions where they suffice, a bounded backtracking engine where a rule needs it.

use crate::language::{Buffer, Pcre};

/// Most steps that a backtracking expression may take on one buffer.
const BACKTRACK_LIMIT: usize = 20_000;
/// Most bytes that one compiled expression may take.
const SIZE_LIMIT: usize = 4 << 20;

enum Engine {
    Linear(regex::bytes::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

/// An expression ready to be searched.
pub(super) struct Expression {
    engine: Engine,
    pub(super) negated: bool,
    pub(super) relative: bool,
    pub(super) buffer: Buffer,
}

impl Expression {
    pub(super) fn new(pcre: &Pcre) -> Result<Expression, String> {
        let source = translate(pcre);
        let linear = regex::bytes::RegexBuilder::new(&source)
            .unicode(false)
            .case_insensitive(pcre.caseless)
            .dot_matches_new_line(pcre.dot_all)
            .multi_line(pcre.multi_line)
            .ignore_whitespace(pcre.extended)
            .swap_greed(pcre.ungreedy)
            .size_limit(SIZE_LIMIT)
            .build();
        let engine = match linear {
            Ok(regex) => Engine::Linear(regex),
            Err(_) => Engine::Backtracking(Box::new(backtracking(pcre, &source)?)),
        };
        Ok(Expression {
            engine,
            negated: pcre.negated,
            relative: pcre.relative,
            buffer: pcre.buffer.searched(),
        })
    }

    /// The first match in `bytes` from `from` on: where it starts and ends. What stands before `from` can be
    /// seen by look-behind and anchors.
    #[inline]
    pub(super) fn find(&self, bytes: &[u8], from: usize) -> Option<(usize, usize)> {
        if from > bytes.len() {
            return None;
        }
        match &self.engine {
            Engine::Linear(regex) => regex.find_at(bytes, from).map(|found| (found.start(), found.end())),
            // An expression that ran into its limit has found nothing.
            Engine::Backtracking(regex) => {
                regex.find_from_pos(bytes, from).ok().flatten().map(|found| (found.start(), found.end()))
            }
        }
    }
}

fn backtracking(pcre: &Pcre, source: &str) -> Result<fancy_regex::Regex, String> {
    let greed = if pcre.ungreedy { "(?U)" } else { "" };
    fancy_regex::RegexBuilder::new(&format!("{greed}{source}"))
        .bytes_mode(fancy_regex::BytesMode::Ascii)
        .unicode_mode(false)
        .case_insensitive(pcre.caseless)
        .dot_matches_new_line(pcre.dot_all)
        .multi_line(pcre.multi_line)
        .ignore_whitespace(pcre.extended)
        .backtrack_limit(BACKTRACK_LIMIT)
        .delegate_size_limit(SIZE_LIMIT)
        .build()
        .map_err(|error| format!("the expression /{}/ cannot be used: {error}", pcre.expression))
}

/// The expression in the syntax of the engines: what PCRE says otherwise is rewritten.
fn translate(pcre: &Pcre) -> String {
    let mut output = String::with_capacity(pcre.expression.len() + 16);
    if pcre.anchored {
        output.push_str(r"\A");
    }
    let grouped = pcre.anchored;
    if grouped {
        output.push_str("(?:");
    }
    let mut rest = pcre.expression.as_str();
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        rest = match c {
            '\\' => escape(after, &mut output),
            '[' if in_class => class_bracket(after, &mut output),
            '[' => {
                in_class = true;
                class_start(after, &mut output)
            }
            ']' if in_class => {
                in_class = false;
                output.push(']');
                after
            }
            '&' | '~' if in_class => {
                output.push('\\');
                output.push(c);
                after
            }
            '$' if !in_class && !pcre.multi_line => {
                output.push_str(if pcre.dollar_end_only { r"\z" } else { r"(?:\n?\z)" });
                after
            }
            '{' if !in_class && !is_quantifier(after) => {
                output.push_str(r"\{");
                after
            }
            c => {
                output.push(c);
                after
            }
        };
    }
    if grouped {
        output.push(')');
    }
    output
}

/// Rewrites what follows a backslash.
fn escape<'t>(after: &'t str, output: &mut String) -> &'t str {
    let Some(c) = after.chars().next() else { return after };
    let rest = after.get(c.len_utf8()..).unwrap_or("");
    match c {
        'Q' => {
            let (literal, rest) = rest.split_once(r"\E").unwrap_or((rest, ""));
            output.push_str(&regex::escape(literal));
            return rest;
        }
        'E' => {}
        'Z' => output.push_str(r"(?:\n?\z)"),
        'e' => output.push_str(r"\x1b"),
        // To the engines these mean the edges of words.
        '<' | '>' => output.push(c),
        'x' if !rest.starts_with('{') => {
            let digits = rest.bytes().take(2).take_while(u8::is_ascii_hexdigit).count();
            let value = u8::from_str_radix(rest.get(..digits).unwrap_or(""), 16).unwrap_or(0);
            output.push_str(&format!(r"\x{value:02x}"));
            return rest.get(digits..).unwrap_or("");
        }
        '0' => {
            let digits = rest.bytes().take(2).take_while(|byte| (b'0'..b'8').contains(byte)).count();
            let value = u8::from_str_radix(rest.get(..digits).unwrap_or(""), 8).unwrap_or(0);
            output.push_str(&format!(r"\x{value:02x}"));
            return rest.get(digits..).unwrap_or("");
        }
        c => {
            output.push('\\');
            output.push(c);
        }
    }
    rest
}

/// The start of a class: a bracket right behind it is a plain one.
fn class_start<'t>(after: &'t str, output: &mut String) -> &'t str {
    output.push('[');
    let rest = match after.strip_prefix('^') {
        Some(rest) => {
            output.push('^');
            rest
        }
        None => after,
    };
    match rest.strip_prefix(']') {
        Some(rest) => {
            output.push_str(r"\]");
            rest
        }
        None => rest,
    }
}

/// An opening bracket inside a class: plain, unless it names a class such as `[:alpha:]`.
fn class_bracket<'t>(after: &'t str, output: &mut String) -> &'t str {
    if after.starts_with(':')
        && let Some((name, rest)) = after.split_once(":]")
    {
        output.push('[');
        output.push_str(name);
        output.push_str(":]");
        return rest;
    }
    output.push_str(r"\[");
    after
}

/// Whether an opening brace begins `{2}`, `{2,}` or `{2,3}`; anything else is a plain brace.
fn is_quantifier(after: &str) -> bool {
    let Some((inside, _)) = after.split_once('}') else { return false };
    let mut numbers = inside.splitn(2, ',');
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let first = numbers.next().unwrap_or("");
    !first.is_empty() && is_number(first) && numbers.next().is_none_or(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(expression: &str, bytes: &[u8]) -> Option<(usize, usize)> {
        let pcre = Pcre {
            location: crate::language::Location { file: "f".into(), line: 1, column: 1 },
            line: String::new(),
            expression: expression.to_owned(),
            negated: false,
            caseless: false,
            dot_all: false,
            multi_line: false,
            extended: false,
            anchored: false,
            dollar_end_only: false,
            ungreedy: false,
            relative: false,
            without_limits: false,
            buffer: Buffer::Payload,
        };
        Expression::new(&pcre).expect("the expression is sound").find(bytes, 0)
    }

    #[test]
    fn what_pcre_says_otherwise_is_rewritten() {
        assert_eq!(find(r"a\x5g", b"-a\x05g"), Some((1, 4)), "one hex digit");
        assert_eq!(find(r"[^[&&]x", b"[x&xax"), Some((4, 6)), "plain brackets and ampersands in a class");
        assert_eq!(find(r"[]a]+", b"-]a]"), Some((1, 4)), "a bracket first in a class");
        assert_eq!(find(r"a{x", b"a{x"), Some((0, 3)), "a plain brace");
        assert_eq!(find(r"end$", b"the end\n"), Some((4, 8)), "$ before a last line end");
        assert_eq!(find(r"\Qa.b*\E+", b"xa.b*"), Some((1, 5)), "quoted text");
        assert_eq!(find(r"\<tag\>", b"<tag>"), Some((0, 5)));
        assert_eq!(find(r"[[:digit:]x]+", b"ab12x"), Some((2, 5)));
    }

    #[test]
    fn look_around_and_back_references_work_on_bytes() {
        assert_eq!(find(r"(\xff.)\1", b"\x80\xffa\xffa"), Some((1, 5)));
        assert_eq!(find(r"(?<!a)b", b"ab\xfeb"), Some((3, 4)));
        assert_eq!(find(r"foo(?!bar)", b"foobar foo\xff"), Some((7, 10)));
    }

    #[test]
    fn an_expression_without_end_gives_up() {
        let bytes = vec![b'a'; 5000];
        assert_eq!(find(r"(?=a)(a*)*\1b", &bytes), None);
    }
}
