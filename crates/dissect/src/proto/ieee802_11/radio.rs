//! Frames behind a header of a Prism II card or of the Absolute Value Systems drivers: only their length matters.

use super::{Received, behind_radio, cut_off};
use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the header of Prism II cards.
const PRISM_LEN: usize = 144;
/// What later headers start with: version and magic number, then their own length.
const AVS_VERSIONS: [u32; 2] = [0x8021_1001, 0x8021_1002];
/// Bytes that a header of the later kind has at least.
const AVS_MIN_LEN: usize = 8;

/// Prints a frame behind a header of the later kind.
pub(crate) fn print_avs_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    out.label("802.11_radio_avs");
    let mut c = whole;
    let len = match (c.u32(), c.u32()) {
        (Ok(_), Ok(len)) => len as usize,
        _ => return cut_short(out, whole),
    };
    if len < AVS_MIN_LEN || !whole.has(len) {
        return cut_short(out, whole);
    }
    behind_radio(out, whole.ahead(len), len, Received::default())
}

/// Prints a frame behind a Prism header. Drivers put headers of the later kind in its place.
pub(crate) fn print_prism_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    match c.peek_u32(0) {
        Ok(code) if AVS_VERSIONS.contains(&code) => print_avs_link(out, c),
        Ok(_) if c.has(PRISM_LEN) => behind_radio(out, c.ahead(PRISM_LEN), PRISM_LEN, Received::default()),
        _ => cut_short(out, c),
    }
}

/// A radio's header of which a part is missing.
pub(super) fn cut_short(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.context.link_header_len += cut_off(out, c)?;
    Ok(())
}
