//! IP over Fibre Channel (RFC 4338).

use crate::Out;
use crate::proto::llc;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the network header: two addresses, each behind two bytes that tell its kind.
const LEN: usize = 16;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    whole.need(LEN)?;
    let mut c = whole;
    let (_, dst, _, src) = (c.u16()?, *c.array()?, c.u16()?, *c.array()?);
    out.context.macs = Some((src, dst));
    out.fields(|| [("src", src.into()), ("dst", dst.into())]);
    if out.options.link_header {
        out.ether_host(src).text(" > ").ether_host(dst);
        write!(out, ", length {}: ", whole.length());
    }
    out.context.link_header_len += LEN + llc::frame_or_bytes(out, c)?;
    Ok(())
}
