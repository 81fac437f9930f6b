//! What `base64_decode` decodes (RFC 4648), with line ends folded as mail and HTTP headers fold them.

/// Decodes up to `most` characters of `bytes`; stops at the first that is none of the alphabet.
pub(super) fn decode(bytes: &[u8], most: Option<usize>) -> Vec<u8> {
    let mut decoded = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    let mut rest = bytes.get(..most.unwrap_or(bytes.len())).unwrap_or(bytes);
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            // A line end goes on only where the next line is indented.
            b'\r' if matches!(rest, [b'\n', b' ' | b'\t', ..]) => {
                rest = rest.get(2..).unwrap_or_default();
                continue;
            }
            b'\n' if matches!(rest, [b' ' | b'\t', ..]) => {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            _ => break,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count) as u8);
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn folding_and_the_end_are_seen() {
        assert_eq!(decode(b"aGVsbG8=rest", None), b"hello");
        assert_eq!(decode(b"aGVs\r\n bG8=", None), b"hello");
        assert_eq!(decode(b"aGVsbG8", Some(4)), b"hel");
        assert_eq!(decode(b"!", None), b"");
    }
}
