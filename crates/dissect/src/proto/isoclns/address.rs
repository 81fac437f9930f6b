//! OSI addresses: network service access points (ISO/IEC 8348), systems and link-state PDUs of IS-IS (ISO/IEC 10589).

use crate::Out;

/// Bytes of the longest address.
const MAX_NSAP_LEN: usize = 20;
/// Bytes of a system's identifier.
pub(super) const SYSTEM_LEN: usize = 6;
/// Bytes of an identifier of a system and a circuit of it.
pub(super) const NODE_LEN: usize = SYSTEM_LEN + 1;
/// Bytes of an identifier of a link-state PDU: a node and a fragment.
pub(super) const LSP_LEN: usize = NODE_LEN + 1;

impl Out {
    /// Writes a network service access point: a byte, and two bytes after each dot.
    pub(crate) fn nsap(&mut self, address: &[u8]) -> &mut Self {
        if address.is_empty() || address.len() > MAX_NSAP_LEN {
            return self.text("isonsap_string: illegal length");
        }
        for (at, byte) in address.iter().enumerate() {
            self.hex(*byte, 2);
            if at % 2 == 0 && at + 1 < address.len() {
                self.byte(b'.');
            }
        }
        self
    }

    /// Writes the identifier of a system, a node or a link-state PDU.
    pub(super) fn isis_system(&mut self, identifier: &[u8]) -> &mut Self {
        for (at, byte) in identifier.iter().enumerate() {
            match at {
                NODE_LEN => self.byte(b'-'),
                2 | 4 | SYSTEM_LEN => self.byte(b'.'),
                _ => self,
            };
            self.hex(*byte, 2);
        }
        self
    }
}
