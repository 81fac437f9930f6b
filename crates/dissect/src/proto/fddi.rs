//! The Fiber Distributed Data Interface (ISO 9314-2).

use crate::Out;
use crate::proto::llc;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

/// Bytes of frame control and addresses.
const LEN: usize = 13;

/// Frame controls that have a name of their own.
const FRAMES: &Tokens = &[
    (0x40, "void "),
    (0x80, "nrt "),
    (0xc0, "rt "),
    (0x41, "info "),
    (0x4f, "nsa "),
    (0xc2, "beacon "),
    (0xc3, "claim "),
];
/// Classes of frame controls, by their upper half.
const CLASSES: &Tokens =
    &[(0xc0, "mac"), (0x40, "smt"), (0x50, "async"), (0xd0, "sync"), (0x60, "imp_async"), (0xe0, "imp_sync")];
const CLASS: u8 = 0xf0;
const LLC: u8 = 0x50;
const STATION_MANAGEMENT: u8 = 0x40;

/// Addresses are sent with the lowest bit of each byte first; most drivers have turned it around.
struct Header {
    control: u8,
    src: [u8; 6],
    dst: [u8; 6],
    length: usize,
}

/// Prints a captured frame.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    whole.need(LEN)?;
    let mut c = whole;
    let header = Header { control: c.u8()?, dst: *c.array()?, src: *c.array()?, length: whole.length() };
    out.context.macs = Some((header.src, header.dst));
    out.fields(|| [("src", header.src.into()), ("dst", header.dst.into())]);
    out.field("frame_control", header.control);
    if out.options.link_header {
        header.print(out);
    }
    let mut header_len = LEN;
    match header.control & CLASS {
        LLC => {
            header_len += llc::frame_or_bytes(out, c)?;
        }
        // tcpdump says this of all station management, and its text is kept.
        STATION_MANAGEMENT => _ = out.text("<SMT printer not yet implemented>"),
        _ => {
            if !out.options.link_header {
                header.print(out);
            }
            out.unknown(c.bytes());
        }
    }
    out.context.link_header_len += header_len;
    Ok(())
}

impl Header {
    fn print(&self, out: &mut Out) {
        if !out.options.quiet {
            self.control(out);
        }
        out.ether_host(self.src).text(" > ").ether_host(self.dst);
        write!(out, ", length {}: ", self.length);
    }

    fn control(&self, out: &mut Out) {
        let control = self.control;
        let class = tokens::name(CLASSES, (control & CLASS).into());
        match (tokens::name(FRAMES, control.into()), class) {
            (Some(name), _) => _ = out.text(name),
            (None, Some(class)) => write!(out, "{class}{:x} ", control & 0x0f),
            (None, None) => write!(out, "{control:02x} "),
        }
    }
}
