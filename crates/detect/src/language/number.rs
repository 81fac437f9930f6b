//! Numbers and comparisons with them.

use super::error::Parsed;
use super::text::Text;

/// A condition on one number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comparison {
    /// The number itself.
    Equal(u64),
    /// Any other number.
    NotEqual(u64),
    /// Below.
    Less(u64),
    /// Below or the number itself.
    LessOrEqual(u64),
    /// Above.
    Greater(u64),
    /// Above or the number itself.
    GreaterOrEqual(u64),
    /// From the first to the last, both of them included.
    Within(u64, u64),
    /// Between the two, both of them excluded.
    Between(u64, u64),
}

impl Comparison {
    /// Whether `value` fulfils the condition.
    pub fn holds(self, value: u64) -> bool {
        match self {
            Comparison::Equal(n) => value == n,
            Comparison::NotEqual(n) => value != n,
            Comparison::Less(n) => value < n,
            Comparison::LessOrEqual(n) => value <= n,
            Comparison::Greater(n) => value > n,
            Comparison::GreaterOrEqual(n) => value >= n,
            Comparison::Within(low, high) => (low..=high).contains(&value),
            Comparison::Between(low, high) => value > low && value < high,
        }
    }
}

/// How `a<>b` reads: options of the language differ in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Included,
    Excluded,
}

/// Reads a number, decimal or with `0x` in hex.
pub(super) fn number(text: Text<'_>) -> Parsed<u64> {
    let t = text.trim();
    let parsed = match t.text.strip_prefix("0x").or(t.text.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => t.text.parse(),
    };
    parsed.map_err(|_| t.fault(format!("'{}' is not a number", t.text)))
}

/// Reads a number with a bound.
pub(super) fn number_up_to(text: Text<'_>, most: u64) -> Parsed<u64> {
    let value = number(text)?;
    if value > most {
        return Err(text.trim().fault(format!("{value} is too large: at most {most} is possible here")));
    }
    Ok(value)
}

/// Reads a number that may have a sign.
pub(super) fn signed(text: Text<'_>) -> Parsed<i64> {
    let t = text.trim();
    let (negative, digits) = match t.strip_prefix("-") {
        Some(rest) => (true, rest),
        None => (false, t.strip_prefix("+").unwrap_or(t)),
    };
    let value = number(digits)?;
    let value = i64::try_from(value).map_err(|_| t.fault(format!("{value} is too large")))?;
    Ok(if negative { -value } else { value })
}

type Make = fn(u64) -> Comparison;

/// Reads `N`, `!N`, `=N`, `<N`, `<=N`, `>N`, `>=N`, `A<>B` or `A-B`.
pub(super) fn comparison(text: Text<'_>, ends: Ends) -> Parsed<Comparison> {
    let t = text.trim();
    if let Some(at) = t.text.find("<>") {
        let (low, high) = (number(t.to(at))?, number(t.from(at + 2))?);
        return match ends {
            _ if low > high => Err(t.fault(format!("the range {low}<>{high} is empty"))),
            Ends::Included => Ok(Comparison::Within(low, high)),
            Ends::Excluded => Ok(Comparison::Between(low, high)),
        };
    }
    const FORMS: [(&str, Make); 6] = [
        ("<=", Comparison::LessOrEqual),
        (">=", Comparison::GreaterOrEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
        ("=", Comparison::Equal),
        ("!", Comparison::NotEqual),
    ];
    for (sign, make) in FORMS {
        if let Some(rest) = t.strip_prefix(sign) {
            return number(rest).map(make);
        }
    }
    match t.split_once('-') {
        Some((low, high)) if low.trim().is_empty() => number(high).map(Comparison::LessOrEqual),
        Some((low, high)) if high.trim().is_empty() => number(low).map(Comparison::GreaterOrEqual),
        Some((low, high)) => Ok(Comparison::Within(number(low)?, number(high)?)),
        None => number(t).map(Comparison::Equal),
    }
}
