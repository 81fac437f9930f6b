//! The Internet checksum (RFC 1071) and the pseudo-headers it covers (RFC 9293 section 3.1, RFC 8200 section 8.1).

/// A one's-complement sum in the making. Parts may be added in any order; each part must start at an
/// even distance from the start of what is summed.
#[derive(Clone, Copy, Default, Debug)]
pub struct Sum(u64);

impl Sum {
    /// An empty sum.
    pub const fn new() -> Self {
        Sum(0)
    }

    /// Adds bytes, big-endian pair by pair; an odd last byte counts as the high half of a pair.
    #[inline]
    #[must_use]
    pub fn bytes(self, bytes: &[u8]) -> Self {
        // Swapping the bytes of each pair swaps those of their sum (RFC 1071 section 2), so they are added as
        // this machine reads them and the sum alone is swapped: four words at once instead of one.
        let (words, tail) = bytes.as_chunks::<4>();
        let mut last = [0u8; 4];
        for (to, from) in last.iter_mut().zip(tail) {
            *to = *from;
        }
        let read = |word: &[u8; 4]| u64::from(u32::from_ne_bytes(*word));
        let sum = words.iter().map(read).sum::<u64>() + read(&last);
        self.u16(u16::from_be(Sum(sum).fold()))
    }

    /// Adds a 16-bit number.
    #[inline]
    #[must_use]
    pub fn u16(self, value: u16) -> Self {
        Sum(self.0 + u64::from(value))
    }

    /// Adds a 32-bit number.
    #[inline]
    #[must_use]
    pub fn u32(self, value: u32) -> Self {
        Sum(self.0 + u64::from(value))
    }

    /// The sum folded to 16 bits, not complemented.
    #[inline]
    pub fn fold(self) -> u16 {
        let mut sum = self.0;
        while sum > 0xffff {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        sum as u16
    }

    /// The checksum: the complement of the folded sum. Zero over data that includes a correct checksum.
    #[inline]
    pub fn checksum(self) -> u16 {
        !self.fold()
    }
}

/// The checksum of `bytes`; zero when they include their own correct checksum.
#[inline]
pub fn internet(bytes: &[u8]) -> u16 {
    Sum::new().bytes(bytes).checksum()
}

/// The sum of the IPv4 pseudo-header.
#[inline]
pub fn pseudo_ipv4(src: [u8; 4], dst: [u8; 4], proto: u8, length: u16) -> Sum {
    Sum::new().bytes(&src).bytes(&dst).u16(u16::from(proto)).u16(length)
}

/// The sum of the IPv6 pseudo-header.
#[inline]
pub fn pseudo_ipv6(src: [u8; 16], dst: [u8; 16], next_header: u8, length: u32) -> Sum {
    Sum::new().bytes(&src).bytes(&dst).u32(length).u16(u16::from(next_header))
}

/// What the checksum field should have held: `sum` is over everything with the field as found.
#[inline]
pub fn expected(found: u16, sum: u16) -> u16 {
    // RFC 1624: taking the field out of the sum in one's complement, then complementing.
    let without = u32::from(!sum) + u32::from(!found);
    !(((without & 0xffff) + (without >> 16)) as u16)
}

/// By how much summed data differs from what its checksum was made for: the new bytes less the old ones,
/// modulo 65,535, as one's complement counts. `sum` is over everything with the field as found; 0 says
/// that the checksum verifies.
///
/// Since the sum knows only values and not places, the same change to bytes that two checksums cover
/// (such as the addresses, which the IPv4 header and the pseudo-header share) leaves the same residue in both.
#[inline]
pub fn residue(sum: Sum) -> u16 {
    sum.fold() % 0xffff
}

/// A change of one bit that would explain a residue: the bit within its 16-bit word, 0 the lowest, and
/// whether it was set (or cleared). Which of the words it was, a sum cannot tell.
pub fn single_bit(residue: u16) -> Option<(u8, bool)> {
    let bit = |value: u16| value.is_power_of_two().then(|| value.trailing_zeros() as u8);
    match bit(residue) {
        Some(at) => Some((at, true)),
        None => bit(0xffff - residue).map(|at| (at, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header with a right checksum.
    const HEADER: [u8; 20] = [
        0x45, 0, 0, 0x3c, 0x1c, 0x46, 0x40, 0, 0x40, 6, 0xb1, 0xe6, 0xac, 0x10, 0x0a, 0x63, 0xac, 0x10, 0x0a,
        0x0c,
    ];

    #[test]
    fn a_residue_is_the_new_less_the_old() {
        let residue_of = |header: &[u8]| residue(Sum::new().bytes(header));
        assert_eq!(residue_of(&HEADER), 0);
        let mut changed = HEADER;
        changed[14] = 0x0b; // 0x0a63 became 0x0b63
        assert_eq!(residue_of(&changed), 0x0100);
        changed = HEADER;
        changed[8] = 0x3e; // two hops that left the sum alone
        assert_eq!(residue_of(&changed), 0xffff - 0x0200);
    }

    #[test]
    fn the_same_addresses_leave_the_same_residue_in_both_sums() {
        let (old, new) = ([172, 16, 10, 99], [1, 2, 3, 4]);
        let payload = [0x7c, 0x2e, 0x7c, 0x2d, 0, 9, 0, 0, 0x41];
        let field = pseudo_ipv4(old, [10, 0, 0, 1], 17, 9).bytes(&payload).checksum();
        let mut sent = payload;
        [sent[6], sent[7]] = field.to_be_bytes();
        let transport = residue(pseudo_ipv4(new, [10, 0, 0, 1], 17, 9).bytes(&sent));
        let mut header = HEADER;
        header[12..16].copy_from_slice(&new);
        assert_eq!(residue(Sum::new().bytes(&header)), transport);
        assert_ne!(transport, 0);
    }

    #[test]
    #[allow(clippy::indexing_slicing)] // Every place is one of the header's.
    fn every_single_bit_is_recognised() {
        for at in 0..HEADER.len() {
            for bit in 0..8u8 {
                let mut changed = HEADER;
                changed[at] ^= 1 << bit;
                let want = (bit + if at % 2 == 0 { 8 } else { 0 }, changed[at] & 1 << bit != 0);
                assert_eq!(single_bit(residue(Sum::new().bytes(&changed))), Some(want), "{at}.{bit}");
            }
        }
        assert_eq!((single_bit(0), single_bit(3), single_bit(0xfffc)), (None, None, None));
    }

    #[test]
    fn the_example_of_rfc_1071_sums_right() {
        assert_eq!(Sum::new().bytes(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]).fold(), 0xddf2);
    }

    #[test]
    fn a_wrong_field_yields_the_right_one() {
        let mut header = [
            0x45, 0, 0, 0x3c, 0x1c, 0x46, 0x40, 0, 0x40, 6, 0xb1, 0xe6, 0xac, 0x10, 0x0a, 0x63, 0xac, 0x10,
            0x0a, 0x0c,
        ];
        assert_eq!(internet(&header), 0);
        header[10] = 0x12;
        assert_eq!(expected(0x12e6, internet(&header)), 0xb1e6);
    }

    #[test]
    fn an_odd_tail_is_a_high_byte() {
        assert_eq!(Sum::new().bytes(&[1]).fold(), 0x0100);
        assert_eq!(Sum::new().bytes(&[0, 0, 1, 2, 3]).fold(), 0x0102 + 0x0300);
    }
}
