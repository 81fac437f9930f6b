//! The text of Snort 2.9: alerts in full and on one line, and the totals at the end. Scripts and people read
//! these forms, so they are kept byte for byte.

mod alert;
mod breakdown;
mod icmp;
mod ip;
mod options;
mod protocol;
mod stamp;
mod tcp;
mod totals;

pub use alert::{AlertText, Form};
pub use breakdown::{Breakdown, Line};
pub(crate) use protocol::name as protocol_name;
pub use stamp::Clock;
pub use totals::{Totals, add_rebuilt, statistics, totals};
