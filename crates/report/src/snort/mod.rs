//! The text of Snort 2.9: the totals at the end. Scripts and people read these forms, so they are kept byte
//! for byte.

mod breakdown;
mod totals;

pub use breakdown::{Breakdown, Line};
pub use totals::{Totals, totals};
