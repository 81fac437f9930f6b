//! Bodies of HTTP messages as they were before they were made fit for the way: chunks put together
//! (RFC 9112 section 7.1), compression undone (RFC 9110 section 8.4.1).

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Bytes to which the bodies in one payload are unpacked; a small message could unpack to gigabytes.
pub(super) const MAX_UNPACKED: usize = 128 * 1024;

/// A compression that is undone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Coding {
    Gzip,
    Deflate,
}

impl Coding {
    /// The coding of a `Content-Encoding` line; `None` for what is left as it is.
    pub(super) fn named(value: &[u8]) -> Option<Coding> {
        match value.to_ascii_lowercase().as_slice() {
            b"gzip" | b"x-gzip" => Some(Coding::Gzip),
            b"deflate" => Some(Coding::Deflate),
            _ => None,
        }
    }
}

/// The body unpacked up to `most` bytes, as far as it goes: what was cut short or damaged still shows its beginning. A body
/// that is not what it is said to be stays as it is.
pub(super) fn decoded(coding: Coding, body: &[u8], most: usize) -> Vec<u8> {
    let unpacked = match coding {
        Coding::Gzip => unpack(MultiGzDecoder::new(body), most),
        // By the standard a zlib stream, by habit often bare deflate.
        Coding::Deflate => {
            unpack(ZlibDecoder::new(body), most).or_else(|| unpack(DeflateDecoder::new(body), most))
        }
    };
    unpacked.unwrap_or_else(|| body.to_vec())
}

fn unpack(reader: impl Read, most: usize) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    // What came before an error counts.
    let _ = reader.take(most as u64).read_to_end(&mut unpacked);
    (!unpacked.is_empty()).then_some(unpacked)
}

/// The chunks of a body put together, and what follows the last of them. A chunk that is cut short gives
/// what there is of it.
pub(super) fn unchunked(body: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut whole = Vec::new();
    let mut rest = body;
    loop {
        let (line, after) = super::line(rest);
        let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let size = line.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok());
        let Some(size) = size.and_then(|size| usize::from_str_radix(size, 16).ok()) else {
            return (whole, &[]);
        };
        if size == 0 {
            return (whole, super::split_header(after).1);
        }
        let (chunk, behind) = after.split_at(size.min(after.len()));
        whole.extend_from_slice(chunk);
        rest = super::line(behind).1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn compressed_bodies_are_unpacked_as_far_as_they_go() {
        let text = b"a body that is long enough to be packed, packed, packed, packed";
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(text).unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(decoded(Coding::Gzip, &packed, MAX_UNPACKED), text);
        let cut = decoded(Coding::Gzip, &packed[..packed.len() - 8], MAX_UNPACKED);
        assert!(text.starts_with(&cut) && cut.len() > 10);
        assert_eq!(decoded(Coding::Gzip, b"plain", MAX_UNPACKED), b"plain");
        let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        bare.write_all(text).unwrap();
        assert_eq!(decoded(Coding::Deflate, &bare.finish().unwrap(), MAX_UNPACKED), text);
    }

    #[test]
    fn chunks_that_lie_do_no_harm() {
        assert_eq!(unchunked(b"ffffffffffffffffff\r\nabc").0, b"");
        assert_eq!(unchunked(b"10\r\nabc").0, b"abc");
        assert_eq!(unchunked(b"zz\r\nabc").0, b"");
        assert_eq!(unchunked(b"").0, b"");
    }
}
