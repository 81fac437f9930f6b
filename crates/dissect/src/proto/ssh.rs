//! Secure Shell (RFC 4253 section 4.2): the version that each side begins with.

use super::text_protocol;
use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Prints the version string of a side; later packets are encrypted and show nothing.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.peek_array::<4>(0)? != b"SSH-" {
        return Ok(());
    }
    if let Some(line) = text_protocol::line(c)?
        && line.ended
    {
        out.text(": SSH: ").raw(line.text);
        out.field("version", line.text);
    }
    Ok(())
}
