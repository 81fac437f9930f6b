//! How deep protocols may nest in one packet.

/// Most protocols inside each other. A packet of 262,144 bytes could hold 13,000 IP headers, which no
/// stack would survive; real traffic stays below ten.
pub(crate) const MAX_DEPTH: u16 = 200;
