//! The index of a segment: where its blocks lie, when their packets were seen and what they have.
//!
//! The form on disk is in `docs/trail.md`. Numbers are big-endian; the last 32 bytes are the SHA-256 sum of all before.

use thiserror::Error;
use wirescope_wire::{Cursor, Stop, Timestamp, Walk};

use crate::contents::Contents;
use crate::digest::Digest;
use crate::span::Span;

/// The first bytes of an index: a name, and the version of the form.
const MAGIC: &[u8; 8] = b"wsindex1";
/// Bytes of a sum.
const DIGEST_LEN: usize = 32;
/// The largest index that is read, in bytes: more than any that is written.
pub(crate) const INDEX_LEN_MAXIMUM: u64 = 1 << 30;

/// One block of a segment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlockEntry {
    /// Where it starts in the segment, in bytes.
    pub offset: u64,
    /// Its bytes there, compressed.
    pub len: u32,
    /// Its bytes without compression.
    pub plain_len: u32,
    /// How many packets it has.
    pub packets: u32,
    /// When they were seen.
    pub span: Span,
    /// What they have.
    pub contents: Contents,
}

/// The index of a segment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Index {
    /// The segment's number.
    pub segment: u64,
    /// The sum of the segment before it; zeros for the first.
    pub previous: Digest,
    /// The sum of the segment.
    pub digest: Digest,
    /// The segment's bytes.
    pub len: u64,
    /// Its blocks, in their order.
    pub blocks: Vec<BlockEntry>,
}

/// Why bytes are no index.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum IndexError {
    /// They do not begin as one, or not as one of this version.
    #[error("not an index of this version")]
    Unknown,
    /// Their sum is not the one they end with.
    #[error("the index is damaged: its SHA-256 sum is not the one that it ends with")]
    Altered,
    /// They contradict each other, though their sum is right.
    #[error("the index contradicts itself")]
    Invalid,
}

impl Index {
    /// The bytes on disk.
    pub fn encode(&self) -> Vec<u8> {
        let mut buffer = MAGIC.to_vec();
        buffer.extend(self.segment.to_be_bytes());
        buffer.extend(self.previous.0);
        buffer.extend(self.digest.0);
        buffer.extend(self.len.to_be_bytes());
        buffer.extend((self.blocks.len() as u32).to_be_bytes());
        for block in &self.blocks {
            buffer.extend(block.offset.to_be_bytes());
            for number in [block.len, block.plain_len, block.packets] {
                buffer.extend(number.to_be_bytes());
            }
            for time in [block.span.first, block.span.last] {
                buffer.extend(time.seconds.to_be_bytes());
                buffer.extend(time.nanos.to_be_bytes());
            }
            block.contents.encode(&mut buffer);
        }
        let digest = Digest::of(&buffer);
        buffer.extend(digest.0);
        buffer
    }

    /// Reads the bytes on disk.
    pub fn decode(bytes: &[u8]) -> Result<Index, IndexError> {
        if !bytes.starts_with(MAGIC) {
            return Err(IndexError::Unknown);
        }
        let (body, digest) = bytes.split_last_chunk::<DIGEST_LEN>().ok_or(IndexError::Altered)?;
        if Digest::of(body) != Digest(*digest) {
            return Err(IndexError::Altered);
        }
        decode(body).map_err(|_| IndexError::Invalid)
    }

    /// When the packets were seen; `None` for a segment without packets.
    pub fn span(&self) -> Option<Span> {
        self.blocks.iter().map(|block| block.span).reduce(Span::with)
    }

    /// How many packets there are.
    pub fn packets(&self) -> u64 {
        self.blocks.iter().map(|block| u64::from(block.packets)).sum()
    }
}

fn decode(body: &[u8]) -> Walk<Index> {
    let mut c = Cursor::over(body);
    c.skip(MAGIC.len())?;
    let segment = c.u64()?;
    let (previous, digest) = (Digest(*c.array()?), Digest(*c.array()?));
    let len = c.u64()?;
    let count = c.u32()?;
    let mut blocks = Vec::new();
    let mut end = 0;
    for _ in 0..count {
        let block = decode_block(&mut c)?;
        // Blocks lie behind each other, without a gap.
        if block.offset != end {
            return Err(Stop::Invalid);
        }
        end += u64::from(block.len);
        blocks.push(block);
    }
    if end != len || c.captured() > 0 {
        return Err(Stop::Invalid);
    }
    Ok(Index { segment, previous, digest, len, blocks })
}

fn decode_block(c: &mut Cursor<'_>) -> Walk<BlockEntry> {
    let offset = c.u64()?;
    let (len, plain_len, packets) = (c.u32()?, c.u32()?, c.u32()?);
    let mut time = || Ok(Timestamp::new(i64::from_be_bytes(*c.array()?), c.u64()?));
    let span = Span { first: time()?, last: time()? };
    Ok(BlockEntry { offset, len, plain_len, packets, span, contents: Contents::decode(c)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::Gatherer;

    fn index() -> Index {
        let span = Span { first: Timestamp::new(-5, 3), last: Timestamp::new(7, u64::MAX) };
        let block = |offset, len| BlockEntry {
            offset,
            len,
            plain_len: 9,
            packets: 2,
            span,
            contents: Gatherer::default().finish(),
        };
        Index {
            segment: 3,
            previous: Digest::of(b"2"),
            digest: Digest::of(b"3"),
            len: 30,
            blocks: vec![block(0, 10), block(10, 20)],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Index::decode(&index().encode()), Ok(index()));
        assert_eq!(index().packets(), 4);
    }

    #[test]
    fn any_change_is_noticed() {
        let bytes = index().encode();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(Index::decode(&changed).is_err(), "byte {at}");
            assert!(Index::decode(&bytes[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_gap_between_blocks_is_a_contradiction() {
        let mut index = index();
        index.blocks[1].offset = 11;
        assert_eq!(Index::decode(&index.encode()), Err(IndexError::Invalid));
    }
}
