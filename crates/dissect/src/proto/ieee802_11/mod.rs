//! Wireless LANs (IEEE 802.11-2016 section 9), with the headers that capturing radios put before frames.

mod elements;
mod header;
mod management;
mod names;
mod radio;
mod radiotap;

pub(crate) use radio::{print_avs_link, print_prism_link};
pub(crate) use radiotap::print_radiotap_link;

use crate::Out;
use crate::proto::llc;
use header::{Class, Control};
use wirescope_wire::{Cursor, Stop, Walk};

/// What a radio says about the frame behind its header.
#[derive(Clone, Copy, Default)]
struct Received {
    /// Whether the frame's header was padded to a multiple of four bytes.
    padded: bool,
    /// Bytes of frame check sequence at its end.
    fcs_len: usize,
}

/// Prints a captured frame that has nothing before it.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.context.link_header_len += frame(out, c, Received::default())?;
    Ok(())
}

/// Prints a frame behind `header_len` bytes of what the radio said about it.
fn behind_radio(out: &mut Out, c: Cursor<'_>, header_len: usize, received: Received) -> Walk {
    out.label("802.11");
    out.context.link_header_len += header_len + frame(out, c, received)?;
    Ok(())
}

/// Prints a frame and says how many bytes of it are link-layer header.
fn frame(out: &mut Out, c: Cursor<'_>, received: Received) -> Walk<usize> {
    if c.length() < received.fcs_len {
        return cut_off(out, c);
    }
    let whole = c.clip(c.length() - received.fcs_len);
    let Ok(control) = Control::read(whole) else { return cut_off(out, whole) };
    let Some(len) = control.header_len(out) else { return Ok(0) };
    let padding = if received.padded { len.next_multiple_of(4) - len } else { 0 };
    let mesh_len = if out.options.mesh && control.is_qos_data() {
        header::mesh_len(whole.ahead(len + padding))
    } else {
        0
    };
    let len = len + padding + mesh_len;
    if !whole.has(len) {
        return cut_off(out, whole);
    }
    control.fields(out, whole);
    if out.options.link_header {
        let mesh = (mesh_len > 0).then(|| whole.ahead(len - mesh_len));
        control.header(out, whole, mesh)?;
    }
    let body = whole.ahead(len);
    match control.class() {
        Class::Management => marked(out, len, |out| management::body(out, control, whole, body)),
        Class::Control => marked(out, len, |out| control.control_body(out, whole)),
        Class::Data if control.is_null_data() => Ok(len),
        Class::Data if control.is_protected() => marked(out, len, |out| {
            out.text("Data");
            encrypted(out, body)
        }),
        Class::Data => {
            out.context.macs = control.source_and_destination(whole);
            Ok(len + llc::frame_or_bytes(out, body)?)
        }
    }
}

/// A header of which a part is missing: nothing of it is dumped.
fn cut_off(out: &mut Out, c: Cursor<'_>) -> Walk<usize> {
    out.truncated();
    Ok(c.captured())
}

/// Prints a body; where it is cut off, that is said and the header stays known.
fn marked(out: &mut Out, header_len: usize, body: impl FnOnce(&mut Out) -> Walk) -> Walk<usize> {
    if let Err(Stop::Truncated) = body(out) {
        out.truncated();
    }
    Ok(header_len)
}

/// What stands in clear text before an encrypted body.
fn encrypted(out: &mut Out, mut body: Cursor<'_>) -> Walk {
    let vector = body.u32_le()?;
    write!(out, " IV:{:3x}", vector & 0xff_ffff);
    write!(out, " Pad {:x} KeyID {:x}", (vector >> 24) & 0x3f, vector >> 30);
    Ok(())
}
