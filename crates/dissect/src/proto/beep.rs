//! Blocks Extensible Exchange Protocol over TCP (RFC 3080, RFC 3081).

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// What the first bytes of a frame say. tcpdump compares the first and the last with a zero behind them, which
/// no frame has, so that those are taken for payload.
const FRAMES: [(&[u8; 4], &str); 7] = [
    (b"MSG\0", " BEEP MSG"),
    (b"RPY ", " BEEP RPY"),
    (b"ERR ", " BEEP ERR"),
    (b"ANS ", " BEEP ANS"),
    (b"NUL ", " BEEP NUL"),
    (b"SEQ ", " BEEP SEQ"),
    (b"END\0", " BEEP END"),
];

/// Tells the kind of the frame that begins here.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let start = c.claimed_bytes().first_chunk::<4>();
    let frame = FRAMES.iter().find(|frame| start == Some(frame.0));
    out.text(frame.map_or(" BEEP (payload or undecoded)", |frame| frame.1));
    Ok(())
}
