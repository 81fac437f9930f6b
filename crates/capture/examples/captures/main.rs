//! Makes the captures that the README reads, in `examples/`. Addresses and names are those kept for documentation.
//!
//! Run from the top folder: `cargo run -p wirescope-capture --example captures`

mod break_in;
mod frames;
mod web_visit;

use wirescope_capture::WriteError;

fn main() -> Result<(), WriteError> {
    web_visit::write("examples/web-visit.pcap")?;
    break_in::write("examples/break-in.pcap")
}
