//! From packets to facts: conversations, reassembled streams, fragments, scans, anomalies, hosts.
//!
//! This crate knows packets ([`wirescope_wire`]) and nothing of files, text or reports. Everything it
//! keeps is bounded, and what had to make room is counted.
#![forbid(unsafe_code)]

pub mod anomaly;
pub mod bounded;
pub mod checksums;
pub mod conversation;
pub mod decode;
pub mod dns;
pub mod evidence;
pub mod explain;
pub mod follow;
pub mod fragments;
pub mod hosts;
pub mod investigation;
pub mod irc;
pub mod pieces;
pub mod protocols;
pub mod rpc;
pub mod scan;
pub mod stream;
pub mod summary;
mod tap;

pub use conversation::{Conversation, Conversations, Endpoint, Verdict};
pub use decode::{Decoded, decode};
pub use evidence::{Evidence, Seen};
pub use investigation::{Investigated, Investigation};
pub use stream::{Consumer, Direction, Stream};
