//! The block format for captures (draft-ietf-opsawg-pcapng).

mod option;
mod read;
mod section;
mod write;

pub(crate) use read::{Decoder, is_pcapng};
pub use section::Section;
pub(crate) use write::{interface, packet, section, whole_blocks};

/// Block types that are acted upon; all others are stepped over.
mod block_type {
    pub(super) const INTERFACE: u32 = 1;
    pub(super) const PACKET: u32 = 2;
    pub(super) const SIMPLE_PACKET: u32 = 3;
    pub(super) const ENHANCED_PACKET: u32 = 6;
    pub(super) const SECTION: u32 = 0x0a0d_0d0a;
}
