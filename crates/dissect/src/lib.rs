//! What a packet says, as text and as fields, from one walk over its bytes.
//!
//! [`Dissector`] drives: it prints the number, the time and the hex dump, and hands the packet to the
//! printer of its link type. Every printer has the same shape, [`Print`]; it reads from a checked
//! [`Cursor`](wirescope_wire::Cursor), writes to [`Out`], and leaves early with `?` where the bytes end.
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod apart;
mod depth;
mod driver;
mod escape;
mod fields;
mod hex;
mod ipsec;
pub mod layers;
mod names;
mod options;
mod out;
mod port_table;
mod proto;
mod registry;
mod relative_time;
mod stamp;
mod text;
mod tokens;

pub use apart::Prior;
pub use driver::Dissector;
pub use fields::{Field, Fields, Value};
pub use names::{Names, Resolve};
pub use options::{HexDump, Options, PortProtocol, TimeFormat, TimePrecision};
pub use out::{Network, Out, Print};
pub use text::Text;
pub use tokens::Tokens;
