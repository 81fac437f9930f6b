//! Lists of addresses or of ports: brackets, exclamation marks, variables with defaults.

use super::error::Parsed;
use super::header::Variables;
use super::text::Text;

/// How deep lists may nest.
const MAX_NESTING: usize = 32;

/// Takes a list apart, and hands on each entry with whether it is negated: what stands in brackets, and the
/// default of a variable that is not defined.
pub(super) fn entries(
    list: Text<'_>,
    variables: &Variables,
    each: &mut dyn FnMut(Text<'_>, bool) -> Parsed<()>,
) -> Parsed<()> {
    nested(list, false, variables, each, 0)
}

fn nested(
    list: Text<'_>,
    negated: bool,
    variables: &Variables,
    each: &mut dyn FnMut(Text<'_>, bool) -> Parsed<()>,
    depth: usize,
) -> Parsed<()> {
    let mut t = list.trim();
    let mut negated = negated;
    while let Some(rest) = t.strip_prefix("!") {
        negated = !negated;
        t = rest.trim();
    }
    if depth > MAX_NESTING {
        return Err(t.fault(format!("lists are nested more than {MAX_NESTING} deep")));
    }
    if let Some(inner) = t.strip_prefix("[") {
        let Some(end) = inner.text.strip_suffix(']') else {
            return Err(t.fault("the list has no closing bracket"));
        };
        let parts = inner.to(end.len()).commas();
        return parts.into_iter().try_for_each(|part| nested(part, negated, variables, each, depth + 1));
    }
    if let Some(name) = t.strip_prefix("$")
        && let Some(default) = variables.fallback(name)?
    {
        return nested(default, negated, variables, each, depth + 1);
    }
    each(t, negated)
}
