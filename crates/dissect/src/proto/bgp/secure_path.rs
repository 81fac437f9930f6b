//! Signed paths (BGPsec, RFC 8205 section 3).

use super::names;
use crate::Out;
use wirescope_wire::{Cursor, Walk};

const SEGMENT_LEN: usize = 6;
/// Bytes of the length itself.
const PATH_HEADER_LEN: usize = 2;
/// Bytes of length and algorithm.
const BLOCK_HEADER_LEN: usize = 3;
/// Bytes of the key's identifier.
const KEY_LEN: usize = 20;
/// Bytes of the identifier and of the signature's length.
const SIGNATURE_HEADER_LEN: usize = KEY_LEN + 2;

/// Prints the attribute.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let path_len = usize::from(c.u16()?);
    write!(out, "\n\t    Secure Path Length: {path_len}");
    let Some(segments_len) = path_len.checked_sub(PATH_HEADER_LEN) else {
        return out.disagree("length", path_len, "<", PATH_HEADER_LEN);
    };
    if !segments_len.is_multiple_of(SEGMENT_LEN) {
        write!(out, " [total segments length {segments_len} != N x {SEGMENT_LEN}]");
        return Err(wirescope_wire::Stop::Invalid);
    }
    if segments_len > c.length() {
        return out.disagree("length", path_len, ">", c.length() + PATH_HEADER_LEN);
    }
    let mut segments = c.split(segments_len);
    while segments.length() > 0 {
        let (count, flags, system) = (segments.u8()?, segments.u8()?, segments.u32()?);
        write!(out, "\n\t      Secure Path Segment: pCount: {count}, Flags: [");
        out.bits(names::BGPSEC_FLAGS, flags, ", ", format_args!("none"));
        write!(out, "] (0x{flags:02x}), AS: {system}");
    }
    while c.length() > 0 {
        signature_block(out, &mut c)?;
    }
    Ok(())
}

fn signature_block(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let whole_len = c.length();
    let (len, algorithm) = (usize::from(c.u16()?), c.u8()?);
    write!(out, "\n\t    Signature Block: Length: {len}, Algo ID: {algorithm}");
    if len < BLOCK_HEADER_LEN {
        return out.disagree("length", len, "<", BLOCK_HEADER_LEN);
    }
    if len > whole_len {
        return out.disagree("length", len, ">", whole_len);
    }
    let mut block = c.split(len - BLOCK_HEADER_LEN);
    while block.length() > 0 {
        out.text("\n\t      Signature Segment:\n\t        SKI: ");
        if block.length() < SIGNATURE_HEADER_LEN {
            return out.disagree("length", block.length(), "<", SIGNATURE_HEADER_LEN);
        }
        out.dump_hex("\n\t          ", block.take(KEY_LEN)?);
        let signature_len = usize::from(block.u16()?);
        write!(out, "\n\t        Length: {signature_len}");
        if signature_len > block.length() {
            return out.disagree("length", signature_len, ">", block.length());
        }
        out.text("\n\t        Signature:");
        out.dump_hex("\n\t          ", block.take(signature_len)?);
    }
    Ok(())
}
