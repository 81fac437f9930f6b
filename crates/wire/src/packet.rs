//! A captured packet, borrowed from whatever holds its bytes.

use crate::{Cursor, LinkType, Timestamp};

/// One packet as captured. The bytes are borrowed from the reader's block or the kernel's ring.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// When the packet was seen.
    pub time: Timestamp,
    /// The kind of header that `data` starts with.
    pub link: LinkType,
    /// The interface it was captured on: an index into the source's list of interfaces.
    pub interface: u32,
    /// Bytes the packet had on the wire; `data` may hold fewer.
    pub wire_len: u32,
    /// The captured bytes.
    pub data: &'a [u8],
}

impl<'a> Packet<'a> {
    /// A cursor at the start of the packet that claims what was on the wire.
    #[inline]
    pub fn cursor(&self) -> Cursor<'a> {
        Cursor::new(self.data, self.wire_len as usize)
    }
}
