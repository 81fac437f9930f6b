//! Where packets come from and go to: capture files in every form that libpcap knows, and live interfaces.
//!
//! # Reading
//! [`FileReader`] reads pcap and pcapng, plain or compressed (gzip, zstd, lz4, xz, told by content, not by
//! name), from a file, a pipe or standard input. It hands out each packet as a [`Packet`] that borrows its
//! bytes from the block last read, so nothing is copied or allocated per packet:
//!
//! ```no_run
//! use wirescope_capture::{FileReader, Mixed, Source};
//! # fn main() -> Result<(), wirescope_capture::ReadError> {
//! let mut reader = FileReader::open("trace.pcap".as_ref(), Mixed::Refused)?;
//! println!("link type {}", reader.properties().link);
//! while let Some(packet) = reader.next()? {
//!     println!("{} bytes", packet.wire_len);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - [`FileReader::next`] is the tight loop: call it on the concrete type where speed matters. [`Source`] is
//!   the same face for code that does not care where packets come from.
//! - [`FileReader::next_block`] hands out owned [`Block`]s of whole records for work on several threads.
//! - [`Properties`] holds what the start of the file said; [`Source::interfaces`] lists the interfaces of a
//!   pcapng file as they become known, and `Packet::interface` is an index into that list.
//! - [`Mixed::Refused`] applies tcpdump's rule that all interfaces of a pcapng file must have the link type
//!   and snapshot length of the first; [`Mixed::Allowed`] delivers them all.
//! - A damaged file gives all its whole packets first, then a [`ReadError`] whose text is libpcap's.
//!
//! # Writing
//! [`FileWriter`] writes one file: pcap in microseconds or nanoseconds, or pcapng, compressed or not.
//! [`WriteOptions::like`] makes a copy keep what its source has. [`Savefiles`] writes what `-w` names: one file, or
//! with `-C`, `-G` and `-W` a series; the rules of names and turns are in [`rotation`], free of input and output.
//! [`Section`] is a pcapng file in memory.
//!
//! ```no_run
//! use wirescope_capture::{FileReader, FileWriter, Mixed, Source, WriteOptions};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut reader = FileReader::open("in.pcapng.gz".as_ref(), Mixed::Allowed)?;
//! let options = WriteOptions::like(reader.properties()).named("out.pcap.zst".as_ref());
//! let mut writer = FileWriter::create("out.pcap.zst".as_ref(), &options)?;
//! while let Some((packet, interfaces)) = reader.next_described()? {
//!     writer.declare(interfaces);
//!     writer.write(&packet)?;
//! }
//! writer.finish()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Live
//! [`live`] captures on interfaces, as a [`Source`] too. [`privileges`] gives up the superuser's rights once all
//! is open, and [`sandbox`] takes from the process what it no longer needs.
//!
//! [`Packet`]: wirescope_wire::Packet
#![deny(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod block;
mod compression;
mod error;
mod file;
mod list;
pub mod live;
mod pcap;
mod pcapng;
pub mod privileges;
mod pseudo_header;
pub mod rotation;
pub mod sandbox;
mod savefile;
mod source;
mod window;
mod write_error;
mod writer;

pub use block::{Block, Packets};
pub use compression::Compression;
pub use error::ReadError;
pub use file::{FileReader, Mixed};
pub use list::FileList;
pub use pcapng::Section;
pub use savefile::{Outcome, Savefiles};
pub use source::{ByteOrder, Format, Interface, Precision, Properties, Source};
pub use write_error::WriteError;
pub use writer::{FileWriter, WriteFormat, WriteOptions};

/// The largest snapshot length that is taken at its word, in bytes; also the length that stands for "all".
pub const MAXIMUM_SNAPSHOT_LEN: u32 = 262_144;
