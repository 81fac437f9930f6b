//! Tables that give values their names.

use crate::Out;
use std::fmt;

/// Values and their names. Where a value stands twice, the first row counts.
pub type Tokens = [(u32, &'static str)];

/// The name of a value.
#[inline]
pub(crate) fn name(tokens: &Tokens, value: u32) -> Option<&'static str> {
    tokens.iter().find(|row| row.0 == value).map(|row| row.1)
}

impl Out {
    /// Writes the name of `value`, or `unknown` where it has none.
    pub(crate) fn token(&mut self, tokens: &Tokens, value: impl Into<u32>, unknown: fmt::Arguments<'_>) {
        match name(tokens, value.into()) {
            Some(name) => {
                self.text(name);
            }
            None => self.write_fmt(unknown),
        }
    }

    /// Writes the names of the bits set in `value`, in the table's order, with `between` between them;
    /// `unknown` where no named bit is set. A row is taken when all of its bits are set.
    pub(crate) fn bits(
        &mut self,
        tokens: &Tokens,
        value: impl Into<u32>,
        between: &str,
        unknown: fmt::Arguments<'_>,
    ) {
        let value = value.into();
        let mut any = false;
        for &(bits, name) in tokens {
            if bits != 0 && value & bits == bits {
                if any {
                    self.text(between);
                }
                self.text(name);
                any = true;
            }
        }
        if !any {
            self.write_fmt(unknown);
        }
    }
}
