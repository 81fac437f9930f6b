//! Packets by number: `17`, `3-9`, `100-`, and lists of these.

use std::str::FromStr;

/// Which packets are wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Numbers(Vec<(u64, u64)>);

impl Numbers {
    /// Whether this packet is wanted.
    pub(crate) fn contain(&self, number: u64) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&number))
    }

    /// The highest number wanted.
    pub(crate) fn last(&self) -> u64 {
        self.0.iter().map(|range| range.1).max().unwrap_or(0)
    }
}

impl FromStr for Numbers {
    type Err = String;

    fn from_str(text: &str) -> Result<Numbers, String> {
        text.split(',').map(|part| range(part.trim())).collect::<Result<_, _>>().map(Numbers)
    }
}

fn range(text: &str) -> Result<(u64, u64), String> {
    let number = |digits: &str| match digits.trim().parse::<u64>() {
        Ok(0) => Err("packets are numbered from 1".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err(format!("\"{text}\" is no packet number; write 17, 3-9, 100- or a list such as 1,5-7")),
    };
    match text.split_once('-') {
        None => number(text).map(|number| (number, number)),
        Some((first, "")) => Ok((number(first)?, u64::MAX)),
        Some((first, last)) => match (number(first)?, number(last)?) {
            (first, last) if first > last => Err(format!("\"{text}\" is empty: {first} comes after {last}")),
            both => Ok(both),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ranges_and_lists_are_understood() {
        let numbers: Numbers = "17, 3-5,100-".parse().expect("a list");
        let wanted: Vec<u64> = (1..=101).filter(|number| numbers.contain(*number)).collect();
        assert_eq!(wanted, [3, 4, 5, 17, 100, 101]);
        assert_eq!(numbers.last(), u64::MAX);
    }

    #[test]
    fn what_is_no_number_is_said() {
        for (wrong, why) in [
            ("0", "from 1"),
            ("x", "no packet number"),
            ("9-3", "empty"),
            ("", "no packet"),
            ("-4", "no packet"),
        ] {
            let said = wrong.parse::<Numbers>().expect_err(wrong);
            assert!(said.contains(why), "{wrong}: {said}");
        }
    }
}
