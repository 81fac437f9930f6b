//! Sets of ports: `any`, ports, ranges, lists, negation, variables.

use super::error::Parsed;
use super::header::Variables;
use super::list::entries;
use super::text::Text;

/// Ports that are meant, as sorted ranges without overlap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PortSet {
    ranges: Vec<(u16, u16)>,
}

impl PortSet {
    /// All ports.
    pub fn any() -> Self {
        PortSet { ranges: vec![(0, u16::MAX)] }
    }

    /// Whether every port is meant.
    pub fn is_any(&self) -> bool {
        self.ranges == [(0, u16::MAX)]
    }

    /// The ranges, first and last port of each, ascending.
    pub fn ranges(&self) -> &[(u16, u16)] {
        &self.ranges
    }

    /// Whether `port` is meant.
    pub fn contains(&self, port: u16) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&port))
    }

    /// Reads a set; variables are taken from `variables`.
    pub(super) fn parse(text: Text<'_>, variables: &Variables) -> Parsed<PortSet> {
        let mut included = Vec::new();
        let mut excluded = Vec::new();
        entries(text, variables, &mut |t, negated| {
            let target = if negated { &mut excluded } else { &mut included };
            if let Some(name) = t.strip_prefix("$") {
                target.extend_from_slice(variables.ports(name)?.ranges());
            } else if !t.text.eq_ignore_ascii_case("any") {
                target.push(range(t)?);
            } else if negated {
                return Err(t.fault("'!any' matches no port at all"));
            } else {
                target.push((0, u16::MAX));
            }
            Ok(())
        })?;
        if included.is_empty() && !excluded.is_empty() {
            included.push((0, u16::MAX));
        }
        let set = without(&merged(included), &merged(excluded));
        if set.is_empty() {
            return Err(text.trim().fault("no port is left"));
        }
        Ok(PortSet { ranges: set })
    }
}

/// Reads `80`, `80:90`, `:1023` or `1024:`.
fn range(t: Text<'_>) -> Parsed<(u16, u16)> {
    let port = |part: Text<'_>, missing: u16| match part.trim() {
        part if part.is_empty() => Ok(missing),
        part => part.text.parse().map_err(|_| {
            part.fault(format!("'{}' is not a port", part.text))
                .advise("ports are 0 to 65535; a range is 20:25")
        }),
    };
    match t.split_once(':') {
        Some((first, last)) => {
            let (first, last) = (port(first, 0)?, port(last, u16::MAX)?);
            if first > last {
                return Err(t.fault(format!("the range {first}:{last} goes backwards")));
            }
            Ok((first, last))
        }
        None if t.is_empty() => Err(t.fault("a port is missing")),
        None => port(t, 0).map(|port| (port, port)),
    }
}

/// Sorts ranges and joins those that touch.
fn merged(mut ranges: Vec<(u16, u16)>) -> Vec<(u16, u16)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u16, u16)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(before) if u32::from(first) <= u32::from(before.1) + 1 => before.1 = before.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// What is left of `ranges` without `taken`; both sorted and merged.
fn without(ranges: &[(u16, u16)], taken: &[(u16, u16)]) -> Vec<(u16, u16)> {
    let mut left = Vec::new();
    for &(first, last) in ranges {
        let mut next = u32::from(first);
        for &(from, to) in taken.iter().filter(|hole| hole.1 >= first && hole.0 <= last) {
            if u32::from(from) > next {
                left.push((next as u16, from - 1));
            }
            next = u32::from(to) + 1;
        }
        if next <= u32::from(last) {
            left.push((next as u16, last));
        }
    }
    left
}
