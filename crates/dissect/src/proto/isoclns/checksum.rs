//! The checksum of OSI protocols (ISO/IEC 8473-1 section 6.11): Fletcher's, modulo 255.

use crate::Out;
use wirescope_wire::Cursor;

const MODULUS: i64 = 255;

/// Says whether `checksum`, which stands `at` bytes into the data, is that of the data.
pub(super) fn print(out: &mut Out, data: Cursor<'_>, checksum: u16, at: usize) {
    let length = data.length();
    if checksum == 0 || at == 0 || at > length || !data.has(length) {
        out.text(" (unverified)");
        return;
    }
    let expected = expected(data.claimed_bytes(), at);
    if expected == checksum {
        out.text(" (correct)");
    } else {
        write!(out, " (incorrect should be 0x{expected:04x})");
    }
}

/// The checksum that data should have whose checksum stands at `at`.
fn expected(data: &[u8], at: usize) -> u16 {
    let (mut sum, mut sum_of_sums) = (0i64, 0i64);
    for (place, byte) in data.iter().enumerate() {
        let counts = place != at && place != at + 1;
        sum = (sum + if counts { i64::from(*byte) } else { 0 }) % MODULUS;
        sum_of_sums = (sum_of_sums + sum) % MODULUS;
    }
    let behind = data.len() as i64 - at as i64;
    let x = ((behind - 1) * sum - sum_of_sums).rem_euclid(MODULUS);
    let y = (sum_of_sums - behind * sum).rem_euclid(MODULUS);
    // Zero means that there is no checksum; modulo 255 it is the same as 255.
    let byte = |value: i64| if value == 0 { 0xff } else { value as u16 };
    byte(x) << 8 | byte(y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_with_its_checksum_adds_up_to_nothing() {
        let mut data: Vec<u8> = (0..40).map(|n: u8| n.wrapping_mul(47)).collect();
        for at in [1, 12, 38] {
            let sum = expected(&data, at).to_be_bytes();
            if let Some(place) = data.get_mut(at..at + 2) {
                place.copy_from_slice(&sum);
            }
            let (mut sum, mut sums) = (0u64, 0u64);
            for byte in &data {
                sum += u64::from(*byte);
                sums += sum;
            }
            assert_eq!((sum % 255, sums % 255), (0, 0), "checksum at {at}");
        }
    }
}
