//! A packet layer by layer and field by field: name, value, meaning, and the bytes where each was read.
//!
//! A header is a [`table`] of rows, in the order in which they stand on the wire: what the RFC's picture of it
//! shows. A [`Walker`] reads tables, notes every field with its place, and never trusts a length: what a header
//! claims is compared with what there is, and each contradiction is noted at the field that makes it. Where
//! the bytes end, the field that is cut off says so, and what came before stands.
//!
//! This walk is apart from that of the printers: their text stops at what tcpdump shows, and is made for speed.

mod application;
mod ip;
mod link;
mod options;
mod table;
mod transport;
mod tunnel;
mod walker;

use std::net::{Ipv4Addr, Ipv6Addr};

use wirescope_wire::Packet;

use crate::Names;
use walker::Walker;

/// Most layers that are taken apart; real traffic stays below ten.
pub const MAX_LAYERS: usize = 48;
/// Most fields of one packet.
pub const MAX_FIELDS: usize = 2_048;

/// One protocol of a packet.
#[derive(Clone, PartialEq, Debug)]
pub struct Layer {
    /// A short name that does not change, for programs: `ipv4`.
    pub protocol: &'static str,
    /// The name in full, with where it is defined.
    pub title: &'static str,
    /// Bytes from the start of the packet to the first one of this layer.
    pub at: usize,
    /// Bytes of its fields. What a layer carries is a layer of its own.
    pub length: usize,
    /// Its fields, in the order in which they stand.
    pub fields: Vec<Field>,
    /// What is wrong with the layer as a whole.
    pub problems: Vec<String>,
}

/// One field of a layer.
#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    /// The name that its RFC gives it.
    pub name: &'static str,
    /// Bytes from the start of the packet to the first one that holds some of it.
    pub at: usize,
    /// Captured bytes that hold some of it.
    pub length: usize,
    /// Which bits of those bytes, where it is not all of them.
    pub bits: Option<Bits>,
    /// How deep it lies in other fields of its layer: 0 for those of the header itself.
    pub level: usize,
    /// What it holds.
    pub value: Value,
    /// What that means; empty where the value says it all.
    pub meaning: String,
    /// What contradicts it.
    pub problem: Option<String>,
}

/// A place within bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bits {
    /// The first bit, 0 for the highest of the first byte.
    pub first: usize,
    /// How many.
    pub count: usize,
}

/// What a field holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A number that people count with.
    Number(u64),
    /// A number that people read in hexadecimal digits, and how many of these it has.
    Hex(u64, usize),
    /// One bit.
    Flag(bool),
    /// A link-layer address.
    Mac([u8; 6]),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
    /// Text as it came, which may hold anything.
    Text(String),
    /// The bytes themselves.
    Bytes,
    /// Nothing of its own: the following fields, one level deeper, are its parts.
    Parts,
    /// Not all of its bytes are there; the meaning or the problem tells how many, and why.
    Cut,
}

/// Takes a packet apart. `names` are for ports.
pub fn layers(packet: &Packet, names: &Names) -> Vec<Layer> {
    let mut walker = Walker::new(names);
    link::packet(&mut walker, packet);
    walker.finish()
}

#[cfg(test)]
mod tests;
