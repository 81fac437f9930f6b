//! Verification of TCP-MD5 signatures (RFC 2385) with the secret that `-M` gives.

use crate::{Network, Out};
use md5::{Digest, Md5};
use wirescope_wire::ipv4::protocol;
use wirescope_wire::tcp::Tcp;
use wirescope_wire::{Cursor, Walk};

/// Bytes of a signature.
pub(super) const LEN: usize = 16;

/// Prints whether the signature at `c` is that of `segment`, or why that cannot be told.
pub(super) fn print(out: &mut Out, c: Cursor<'_>, segment: Cursor<'_>, tcp: Tcp<'_>) -> Walk {
    out.text(" ");
    let signature = *c.peek_array::<LEN>(0)?;
    match expected(out, segment, tcp) {
        Ok(right) if right == signature => {
            out.text("valid");
        }
        Ok(_) => out.invalid(),
        Err(reason) => {
            out.text(reason).text("can't check - ").hex_bytes(&signature);
        }
    }
    Ok(())
}

/// The signature that the segment should have; the error is the reason why there is none.
fn expected(out: &Out, segment: Cursor<'_>, tcp: Tcp<'_>) -> Result<[u8; LEN], &'static str> {
    if !segment.has(segment.length()) {
        return Err("snaplen too short, ");
    }
    let Some(secret) = &out.options.tcp_md5_secret else {
        return Err("shared secret not supplied with -M, ");
    };
    let mut hash = Md5::new();
    let length = segment.length();
    match out.context.network {
        Network::V4 { src, dst, .. } => {
            hash.update(src);
            hash.update(dst);
            hash.update([0, protocol::TCP]);
            hash.update((length as u16).to_be_bytes());
        }
        Network::V6 { src, dst, .. } => {
            hash.update(src);
            hash.update(dst);
            hash.update((length as u32).to_be_bytes());
            hash.update([0, 0, 0, protocol::TCP]);
        }
        Network::None => return Err("IP version not 4 or 6, "),
    }
    // The checksum counts as zero, and options do not count.
    let (before, _checksum_and_urgent) = tcp.bytes().split_at(16);
    hash.update(before);
    hash.update([0, 0]);
    hash.update(tcp.urgent().to_be_bytes());
    hash.update(segment.ahead(tcp.header_len()).claimed_bytes());
    hash.update(secret.as_bytes());
    Ok(hash.finalize().into())
}
