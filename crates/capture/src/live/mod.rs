//! Live capture on Linux packet sockets.
//!
//! ```no_run
//! use wirescope_capture::Source;
//! use wirescope_capture::live::{LiveCapture, LiveOptions};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let program = wirescope_filter::Program::new(vec![])?;
//! let mut capture = LiveCapture::open(&["eth0"], &LiveOptions::default())?;
//! // compile a filter for capture.properties().link, then:
//! capture.set_filter(&program)?;
//! while let Some(packet) = capture.next()? {
//!     println!("{} bytes", packet.wire_len);
//! }
//! println!("{} packets dropped by kernel", capture.statistics()?.dropped);
//! # Ok(())
//! # }
//! ```
//!
//! - [`LiveCapture::open`] sets up a socket and a ring for each interface, which receive nothing yet. Packets come
//!   from [`start`](LiveCapture::start) on (the first call of `next` starts too), so that a filter set before is
//!   in force from the first packet.
//! - [`LiveCapture::set_filter`] has the kernel filter where it can, and filters here where it cannot.
//! - `next` waits for packets and returns `None` when a [`StopHandle`] said so, or when the last packet after
//!   [`LiveCapture::close`] has been given.
//! - [`devices`], [`link_types`] and [`stamp_sources`] answer `-D`, `-L` and `-J`.
//!
//! Packets are borrowed from the ring that the kernel filled: nothing is copied.

mod capture;
mod device;
mod error;
mod frame;
pub(crate) mod system;

pub use capture::{Filtering, LiveCapture, Statistics, StopHandle};
pub use device::{
    ANY, Device, StampSource, default_device, device_by_number, devices, ipv4_network, link_types,
    stamp_sources,
};
pub use error::LiveError;

use wirescope_wire::LinkType;

use crate::MAXIMUM_SNAPSHOT_LEN;

/// How long packets wait for company unless told otherwise, in milliseconds. Each wait may end with a block that is not
/// full: the shorter it is, the sooner a reader that is held up has used up all blocks of a ring.
const TIMEOUT_MS: u32 = 250;

/// Which packets of an interface are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Direction {
    /// All.
    #[default]
    Both,
    /// Those that arrive.
    In,
    /// Those that leave.
    Out,
}

/// How to capture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LiveOptions {
    /// The most bytes of a packet to keep.
    pub snapshot_len: u32,
    /// Take frames for other stations too.
    pub promiscuous: bool,
    /// Frames of the air with their radio headers; always refused, with libpcap's words.
    pub monitor: bool,
    /// Which packets are wanted.
    pub direction: Direction,
    /// Bytes of memory for packets that wait to be read, for each interface.
    pub buffer_len: u32,
    /// Milliseconds that packets may wait for company before they are handed over.
    pub timeout_ms: u32,
    /// Hand over each packet as it comes, at a higher cost.
    pub immediate: bool,
    /// The link type wanted, where an interface has several.
    pub link: Option<LinkType>,
    /// Where time stamps come from.
    pub stamp_source: StampSource,
}

impl Default for LiveOptions {
    fn default() -> Self {
        LiveOptions {
            snapshot_len: MAXIMUM_SNAPSHOT_LEN,
            promiscuous: true,
            monitor: false,
            direction: Direction::Both,
            buffer_len: 2 * 1024 * 1024,
            timeout_ms: TIMEOUT_MS,
            immediate: false,
            link: None,
            stamp_source: StampSource::Host,
        }
    }
}
