//! The audit trail: what was on the wire, kept for as long as there is room, and found again by time and filter.
//!
//! A trail is a folder. Packets lie in *segments*, each an ordinary `.pcapng.zst` file that any tool reads, made of
//! *blocks* that can be read one by one. Beside each segment lies its [`Index`], which knows of each block when its
//! packets were seen and which hosts, ports and protocols they have. The [`Ledger`] tells what was done to the trail, an
//! entry a line, each with the SHA-256 sum of the line before: which segments were sealed, with their sums, and which
//! were retired and why. `docs/trail.md` has the formats.
//!
//! [`Recorder`] writes a trail from the [`Block`]s that a [`BlockBuilder`] makes of packets. [`Recall`] reads packets of
//! a [`Period`] that pass a filter, and of the segments and blocks only those that can have some. [`verify`] checks
//! everything against the ledger.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod block;
mod contents;
mod digest;
mod error;
mod folder;
mod hosts;
mod index;
mod ledger;
mod recall;
mod recorder;
mod span;
mod verify;

pub use block::{BLOCK_LEN, Block, BlockBuilder};
pub use contents::{Contents, Gatherer};
pub use digest::{Digest, NotADigest};
pub use error::TrailError;
pub use index::{BlockEntry, Index, IndexError};
pub use ledger::{Break, Entry, Event, Ledger, Reason, Sealed};
pub use recall::{Counts, Query, Recall, RecallError};
pub use recorder::{Recorded, Recorder, Recovery, Rules};
pub use span::{Period, Span};
pub use verify::{Fault, FaultKind, Unsealed, Verification, verify};
