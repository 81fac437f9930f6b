//! The addresses of a block: each of them, or where they are many a Bloom filter, which may say yes too often and
//! never no.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use wirescope_wire::{Cursor, Stop, Walk};

/// Addresses up to this number are listed.
const LISTED_MAXIMUM: usize = 1_024;
/// Bits of a Bloom filter for each of its keys, and how many of them a key sets.
const BITS_PER_KEY: usize = 10;
const BITS_SET: u64 = 6;
/// Sizes of Bloom filters, as powers of two of bits: 128 bytes to 256 KiB.
const SMALLEST: u32 = 10;
const LARGEST: u32 = 21;

/// Forms on disk.
const FORM_LIST: u8 = 0;
const FORM_BLOOM: u8 = 1;

/// A family of addresses: its bytes, and the lengths of prefixes that a Bloom filter knows.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Family {
    bytes: usize,
    prefixes: [u8; 4],
}

/// IPv4 addresses, as numbers of 32 bits.
pub(crate) const IPV4: &Family = &Family { bytes: 4, prefixes: [32, 24, 16, 8] };
/// IPv6 addresses, as numbers of 128 bits.
pub(crate) const IPV6: &Family = &Family { bytes: 16, prefixes: [128, 64, 48, 32] };

impl Family {
    fn bits(&self) -> u32 {
        self.bytes as u32 * 8
    }

    /// The lowest and the highest address that begin with so many bits of this one.
    fn range(&self, address: u128, length: u8) -> (u128, u128) {
        let free = self.bits().saturating_sub(u32::from(length));
        let rest = 1_u128.checked_shl(free).map_or(u128::MAX, |bit| bit - 1);
        (address & !rest, address | rest)
    }
}

/// The addresses of one family.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Hosts {
    /// All of them, ascending.
    Listed(Vec<u128>),
    /// A Bloom filter of them and their prefixes; its size in bits is a power of two.
    Bloom(Vec<u8>),
}

impl Hosts {
    pub(crate) fn of(addresses: &HashSet<u128, RandomState>, family: &Family) -> Hosts {
        if addresses.len() <= LISTED_MAXIMUM {
            let mut list: Vec<u128> = addresses.iter().copied().collect();
            list.sort_unstable();
            return Hosts::Listed(list);
        }
        let keys = addresses.len() * family.prefixes.len();
        let power = (keys * BITS_PER_KEY).next_power_of_two().trailing_zeros().clamp(SMALLEST, LARGEST);
        let mut bits = vec![0; (1 << power) / 8];
        for address in addresses {
            for length in family.prefixes {
                let key = hash(family, family.range(*address, length).0, length);
                places(key, bits.len()).for_each(|(byte, bit)| {
                    if let Some(byte) = bits.get_mut(byte) {
                        *byte |= bit;
                    }
                });
            }
        }
        Hosts::Bloom(bits)
    }

    /// Whether an address that begins with so many bits of this one may be among them.
    pub(crate) fn may_have(&self, family: &Family, address: u128, length: u8) -> bool {
        let (lowest, highest) = family.range(address, length);
        match self {
            Hosts::Listed(list) => {
                let at = list.partition_point(|known| *known < lowest);
                list.get(at).is_some_and(|known| *known <= highest)
            }
            Hosts::Bloom(bits) => {
                let Some(length) = family.prefixes.into_iter().find(|known| *known <= length) else {
                    return true;
                };
                let key = hash(family, family.range(address, length).0, length);
                places(key, bits.len())
                    .all(|(byte, bit)| bits.get(byte).is_some_and(|found| found & bit != 0))
            }
        }
    }

    pub(crate) fn encode(&self, family: &Family, buffer: &mut Vec<u8>) {
        match self {
            Hosts::Listed(list) => {
                buffer.push(FORM_LIST);
                buffer.extend((list.len() as u16).to_be_bytes());
                for address in list {
                    let bytes = address.to_be_bytes();
                    buffer.extend(bytes.iter().skip(bytes.len() - family.bytes));
                }
            }
            Hosts::Bloom(bits) => {
                buffer.push(FORM_BLOOM);
                buffer.extend((bits.len() as u32).to_be_bytes());
                buffer.extend(bits);
            }
        }
    }

    pub(crate) fn decode(family: &Family, c: &mut Cursor<'_>) -> Walk<Hosts> {
        match c.u8()? {
            FORM_LIST => {
                let count = usize::from(c.u16()?);
                let bytes = c.take(count * family.bytes)?;
                let number =
                    |part: &[u8]| part.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
                let list: Vec<u128> = bytes.chunks_exact(family.bytes).map(number).collect();
                // What is not in order would not be found.
                if list.is_sorted() { Ok(Hosts::Listed(list)) } else { Err(Stop::Invalid) }
            }
            FORM_BLOOM => {
                let length = c.u32()? as usize;
                if !length.is_power_of_two() {
                    return Err(Stop::Invalid);
                }
                c.take(length).map(|bits| Hosts::Bloom(bits.to_vec()))
            }
            _ => Err(Stop::Invalid),
        }
    }
}

/// FNV-1a over the length of the prefix and the address, and a last mixing, so that every bit counts.
fn hash(family: &Family, address: u128, length: u8) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let bytes = address.to_be_bytes();
    let address = bytes.iter().skip(bytes.len() - family.bytes);
    let mut hash = std::iter::once(&length)
        .chain(address)
        .fold(BASIS, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ hash >> 29
}

/// The bits that a key sets in a filter of so many bytes, a power of two: which byte, and which bit of it.
fn places(hash: u64, bytes: usize) -> impl Iterator<Item = (usize, u8)> {
    let mask = (bytes as u64).saturating_mul(8).wrapping_sub(1);
    let (start, step) = (hash & 0xffff_ffff, hash >> 32 | 1);
    (0..BITS_SET).map(move |turn| {
        let bit = start.wrapping_add(turn.wrapping_mul(step)) & mask;
        ((bit / 8) as usize, 1 << (bit % 8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(addresses: impl Iterator<Item = u128>) -> HashSet<u128, RandomState> {
        addresses.collect()
    }

    fn there_and_back(hosts: &Hosts, family: &Family) -> Hosts {
        let mut bytes = Vec::new();
        hosts.encode(family, &mut bytes);
        Hosts::decode(family, &mut Cursor::over(&bytes)).expect("what was encoded can be decoded")
    }

    #[test]
    fn few_addresses_are_told_exactly() {
        let hosts = Hosts::of(&set([0x0a00_0001, 0x0a00_0102].into_iter()), IPV4);
        assert_eq!(there_and_back(&hosts, IPV4), hosts);
        assert!(hosts.may_have(IPV4, 0x0a00_0001, 32) && !hosts.may_have(IPV4, 0x0a00_0002, 32));
        assert!(hosts.may_have(IPV4, 0x0a00_0100, 24) && !hosts.may_have(IPV4, 0x0a00_0200, 24));
        assert!(hosts.may_have(IPV4, 0, 0));
        let none = Hosts::of(&set(std::iter::empty()), IPV6);
        assert!(!none.may_have(IPV6, 0, 0) && !none.may_have(IPV6, 1, 128));
    }

    #[test]
    fn many_addresses_are_never_denied_and_seldom_made_up() {
        for (family, base) in [(IPV4, 0x0a00_0000), (IPV6, 0x2001_0db8_u128 << 96)] {
            let known = set((0..5_000).map(|number| base + number * 7));
            let hosts = Hosts::of(&known, family);
            assert!(matches!(hosts, Hosts::Bloom(_)));
            assert_eq!(there_and_back(&hosts, family), hosts);
            for address in &known {
                for length in 0..=family.bits() {
                    assert!(hosts.may_have(family, *address, length as u8), "{address:x}/{length}");
                }
            }
            let full = family.bits() as u8;
            let wrong =
                (0..5_000).filter(|number| hosts.may_have(family, base + number * 7 + 3, full)).count();
            assert!(wrong < 250, "{wrong} of 5,000");
        }
    }

    #[test]
    fn damaged_forms_are_refused() {
        for bytes in [&[2][..], &[0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 1], &[0, 0, 9, 1], &[1, 0, 0, 0, 3, 1, 1, 1]]
        {
            assert!(Hosts::decode(IPV4, &mut Cursor::over(bytes)).is_err(), "{bytes:?}");
        }
    }
}
