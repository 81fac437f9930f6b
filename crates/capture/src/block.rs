//! Whole records with the memory they lie in, to be handed from one thread to another.

use wirescope_wire::Packet;

use crate::file::Located;
use crate::pseudo_header;

/// Packets that own their bytes together. Made by [`FileReader::next_block`](crate::FileReader::next_block).
#[derive(Debug, Default)]
pub struct Block {
    bytes: Vec<u8>,
    records: Vec<Located>,
}

impl Block {
    /// An empty block.
    pub fn new() -> Self {
        Block::default()
    }

    /// How many packets there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The packet at a place in that order.
    #[inline]
    pub fn get(&self, place: usize) -> Option<Packet<'_>> {
        self.records.get(place).map(|record| packet(&self.bytes, record))
    }

    /// The packets, in the order of the file.
    pub fn packets(&self) -> Packets<'_> {
        Packets { bytes: &self.bytes, records: self.records.iter() }
    }

    pub(crate) fn clear(&mut self) {
        self.records.clear();
    }

    /// Adds a packet whose record starts at `start`.
    pub(crate) fn push(&mut self, record: Located, start: usize) {
        self.records.push(Located { at: record.at + start, ..record });
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Completes the block once it has its bytes, which start `distance` before where the records think.
    pub(crate) fn settle(&mut self, distance: usize) {
        for record in &mut self.records {
            record.at += distance;
            if record.foreign {
                let data = self.bytes.get_mut(record.at..record.at + record.len).unwrap_or_default();
                pseudo_header::turn_round(record.link, data);
            }
        }
    }
}

fn packet<'a>(bytes: &'a [u8], record: &Located) -> Packet<'a> {
    let data = bytes.get(record.at..record.at + record.len).unwrap_or_default();
    let Located { time, link, interface, wire_len, .. } = *record;
    Packet { time, link, interface, wire_len, data }
}

/// The packets of a [`Block`].
#[derive(Clone, Debug)]
pub struct Packets<'a> {
    bytes: &'a [u8],
    records: std::slice::Iter<'a, Located>,
}

impl<'a> Iterator for Packets<'a> {
    type Item = Packet<'a>;

    #[inline]
    fn next(&mut self) -> Option<Packet<'a>> {
        self.records.next().map(|record| packet(self.bytes, record))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.records.size_hint()
    }
}

impl ExactSizeIterator for Packets<'_> {}
