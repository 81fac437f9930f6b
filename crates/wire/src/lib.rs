//! What a packet is: bytes with a time and a link type, a checked way to read them, and views of the
//! headers that more than one crate needs.
//!
//! This crate knows nothing of text, files or filters. Everything here is total: no input panics.
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

pub mod checksum;
mod cursor;
mod link_type;
mod packet;
mod timestamp;

pub mod arp;
pub mod dns;
pub mod ethernet;
pub mod icmp;
pub mod ipv4;
pub mod ipv6;
pub mod rpc;
pub mod tcp;
pub mod udp;

pub use cursor::{Cursor, Stop, Walk};
pub use link_type::LinkType;
pub use packet::Packet;
pub use timestamp::Timestamp;
