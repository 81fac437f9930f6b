//! Encapsulating Security Payload (RFC 4303).

use crate::ipsec::Sealed;
use crate::proto::ip_demux;
use crate::{Network, Out};
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of security parameters index and sequence number.
const LEN: usize = 8;
/// Bytes behind the padding: its length and the number of the protocol.
const TRAILER: usize = 2;

/// Prints an ESP packet, and what it holds where `-E` gives the keys.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let spi = c.peek_u32(0)?;
    out.field("spi", spi);
    out.text("ESP(spi=0x").hex(spi, 8);
    let sequence = c.peek_u32(4)?;
    out.field("sequence", sequence);
    out.text(",seq=0x").hex(sequence, 1).text("), length ").len(c.length());
    let body = c.ahead(LEN).claimed_bytes();
    match out.ipsec.decrypt_esp(spi, out.context.network, body) {
        None | Some(Err(Sealed::Uneven)) => Ok(()),
        Some(Err(Sealed::TooShort)) => Err(Stop::Truncated),
        Some(Ok(plaintext)) => {
            // The right key leaves a trailer that fits; a wrong one mostly does not.
            let [.., pad_len, next] = *plaintext else { return Err(Stop::Truncated) };
            let length =
                plaintext.len().checked_sub(TRAILER + usize::from(pad_len)).ok_or(Stop::Truncated)?;
            out.text(": ");
            let version = if matches!(out.context.network, Network::V6 { .. }) { 6 } else { 4 };
            out.nest(|out| ip_demux::print(out, Cursor::over(&plaintext).claim(length), next, version))
        }
    }
}
