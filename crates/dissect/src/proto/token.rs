//! Token ring (IEEE 802.5), with source routing (IEEE 802.1D annex C).

use crate::Out;
use crate::proto::llc;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of access control, frame control and addresses.
const LEN: usize = 14;
/// Of frame control: what the frame carries, and that it is LLC.
const FRAME_TYPE: u8 = 0xc0;
const LLC: u8 = 0x40;
/// In the source address: a route follows.
const ROUTED: u8 = 0x80;

const BROADCASTS: [&str; 8] = [
    "Non-Broadcast",
    "Non-Broadcast",
    "Non-Broadcast",
    "Non-Broadcast",
    "All-routes",
    "All-routes",
    "Single-route",
    "Single-route",
];
const LARGEST_FRAMES: [&str; 8] = ["516", "1500", "2052", "4472", "8144", "11407", "17800", "??"];

struct Header {
    access_control: u8,
    frame_control: u8,
    src: [u8; 6],
    dst: [u8; 6],
    length: usize,
}

/// Prints a captured frame.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    whole.need(LEN)?;
    let mut c = whole;
    let (access_control, frame_control, dst) = (c.u8()?, c.u8()?, *c.array()?);
    let [first, b, d, e, f, g] = *c.array()?;
    let src = [first & !ROUTED, b, d, e, f, g];
    let header = Header { access_control, frame_control, src, dst, length: whole.length() };
    out.context.macs = Some((src, dst));
    out.fields(|| [("src", src.into()), ("dst", dst.into())]);
    if out.options.link_header {
        header.print(out);
    }
    if first & ROUTED != 0 {
        route(out, &mut c)?;
    }
    let mut header_len = c.at() - whole.at();
    if frame_control & FRAME_TYPE == LLC {
        header_len += llc::frame_or_bytes(out, c)?;
    } else {
        if !out.options.link_header {
            header.print(out);
        }
        out.unknown(c.bytes());
    }
    out.context.link_header_len += header_len;
    Ok(())
}

impl Header {
    fn print(&self, out: &mut Out) {
        if !out.options.quiet {
            write!(out, "{:02x} {:02x} ", self.access_control, self.frame_control);
        }
        out.ether_host(self.src).text(" > ").ether_host(self.dst);
        write!(out, ", length {}: ", self.length);
    }
}

/// Prints the rings and bridges that a frame crosses.
fn route(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let control = c.peek_u16(0)?;
    let len = usize::from(control >> 8 & 0x1f).max(2);
    if !c.has(len) {
        return Err(Stop::Truncated);
    }
    let mut route = c.split(len);
    route.skip(2)?;
    let name =
        |names: &[&'static str; 8], index: u16| names.get(usize::from(index & 7)).copied().unwrap_or("");
    if out.options.verbose > 0 {
        out.text(name(&BROADCASTS, control >> 13)).text(" ");
        out.text(if control & 0x80 != 0 { "Backward" } else { "Forward" });
        while let Ok(segment) = route.u16() {
            write!(out, " [{}:{}]", segment >> 4, segment & 0xf);
        }
    } else {
        write!(out, "rt = {control:x}");
        while let Ok(segment) = route.u16() {
            write!(out, ":{segment:x}");
        }
    }
    out.text(" (").text(name(&LARGEST_FRAMES, control >> 4)).text(") ");
    Ok(())
}
