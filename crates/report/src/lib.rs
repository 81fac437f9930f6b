//! What was found, told to people and programs: sentences, JSON lines, and the filters that show the proof.
#![forbid(unsafe_code)]

pub mod alerts;
pub mod classic;
pub mod explain;
mod filter_text;
pub mod findings;
pub mod hosts;
pub mod packet;
pub mod page;
pub mod snort;
pub mod summary;
pub mod text;
mod time_text;

pub use findings::{Finding, findings};
pub use page::page;
pub use time_text::rfc3339;
