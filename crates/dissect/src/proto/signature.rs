//! Keyed MD5 signatures of routing protocols (HMAC-MD5, RFC 2104) with the secret that `-M` gives.

use crate::Out;
use md5::{Digest, Md5};

/// Bytes of a signature.
pub(crate) const LEN: usize = 16;
/// Bytes that the hash works on at once.
const BLOCK_LEN: usize = 64;

/// Prints whether `signature` is that of the bytes of `parts`, one behind the other; the expected one is shown
/// where it is not.
pub(crate) fn print_check(out: &mut Out, signature: &[u8], parts: &[&[u8]]) {
    let Some(secret) = &out.options.tcp_md5_secret else {
        out.text(" (unchecked)");
        return;
    };
    let expected = hmac_md5(secret.as_bytes(), parts);
    if signature == expected {
        out.text(" (valid)");
    } else {
        out.hex_bytes(&expected).text(" (invalid)");
    }
}

fn hmac_md5(secret: &[u8], parts: &[&[u8]]) -> [u8; LEN] {
    let mut key = [0u8; BLOCK_LEN];
    let hashed: [u8; LEN] = Md5::digest(secret).into();
    let secret = if secret.len() > BLOCK_LEN { &hashed } else { secret };
    for (to, from) in key.iter_mut().zip(secret) {
        *to = *from;
    }
    let mut inner = Md5::new();
    inner.update(key.map(|byte| byte ^ 0x36));
    for part in parts {
        inner.update(part);
    }
    let mut outer = Md5::new();
    outer.update(key.map(|byte| byte ^ 0x5c));
    outer.update(inner.finalize());
    outer.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_rfc_2202() {
        let expected =
            [0x75, 0x0c, 0x78, 0x3e, 0x6a, 0xb0, 0xb5, 0x03, 0xea, 0xa8, 0x6e, 0x31, 0x0a, 0x5d, 0xb7, 0x38];
        assert_eq!(hmac_md5(b"Jefe", &[b"what do ya want ", b"for nothing?"]), expected);
        let long = hmac_md5(&[0xaa; 80], &[b"Test Using Larger Than Block-Size Key - Hash Key First"]);
        assert_eq!(long[..4], [0x6b, 0x1a, 0xb7, 0xfe]);
    }
}
