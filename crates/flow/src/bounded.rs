//! A table with a cap: what was not used for the longest time makes room, and is counted.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

/// Marks the end of the chain of use.
const NOBODY: u32 = u32::MAX;

/// A hash table that holds at most `cap` entries and knows in which order they were last used.
///
/// The hash is seeded afresh in every process, so that nobody can choose keys that collide.
#[derive(Debug)]
pub struct Bounded<K, V> {
    index: HashMap<K, u32, RandomState>,
    slots: Vec<Slot<K, V>>,
    free: Vec<u32>,
    cap: usize,
    oldest: u32,
    newest: u32,
    evicted: u64,
}

#[derive(Debug)]
struct Slot<K, V> {
    held: Option<(K, V)>,
    older: u32,
    newer: u32,
}

impl<K: Clone + Eq + Hash, V> Bounded<K, V> {
    /// An empty table for `cap` entries, at least one.
    pub fn new(cap: usize) -> Self {
        let cap = cap.clamp(1, NOBODY as usize - 1);
        Bounded {
            index: HashMap::default(),
            slots: Vec::new(),
            free: Vec::new(),
            cap,
            oldest: NOBODY,
            newest: NOBODY,
            evicted: 0,
        }
    }

    /// Entries held.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// How many entries had to make room so far.
    pub fn evicted(&self) -> u64 {
        self.evicted
    }

    /// The entry of `key`, its place in the order of use unchanged.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.value(*self.index.get(key)?)
    }

    /// The entry of `key` to change, its place in the order of use unchanged.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let at = *self.index.get(key)?;
        self.value_mut(at)
    }

    /// The entry of `key` to change, which becomes the one used last.
    #[inline]
    pub fn touch(&mut self, key: &K) -> Option<&mut V> {
        let at = *self.index.get(key)?;
        if self.newest != at {
            self.unlink(at);
            self.link_newest(at);
        }
        self.value_mut(at)
    }

    /// Puts an entry in as the one used last and returns what it replaced or what had to make room.
    pub fn insert(&mut self, key: K, value: V) -> Option<(K, V)> {
        let mut out = self.remove(&key).map(|old| (key.clone(), old));
        if self.index.len() >= self.cap {
            out = self.pop_oldest();
            self.evicted += 1;
        }
        let slot = Slot { held: Some((key.clone(), value)), older: NOBODY, newer: NOBODY };
        let at = match self.free.pop() {
            Some(at) => {
                if let Some(place) = self.slots.get_mut(at as usize) {
                    *place = slot;
                }
                at
            }
            None => {
                self.slots.push(slot);
                (self.slots.len() - 1) as u32
            }
        };
        self.index.insert(key, at);
        self.link_newest(at);
        out
    }

    /// The entry of `key` as the one used last, made by `make` where there is none.
    pub fn entry(&mut self, key: &K, make: impl FnOnce() -> V) -> Option<&mut V> {
        if !self.index.contains_key(key) {
            self.insert(key.clone(), make());
        }
        self.touch(key)
    }

    /// Takes the entry of `key` out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let at = self.index.remove(key)?;
        self.unlink(at);
        self.free.push(at);
        self.slots.get_mut(at as usize)?.held.take().map(|(_, value)| value)
    }

    /// The entry not used for the longest time.
    pub fn oldest(&self) -> Option<&V> {
        self.value(self.oldest)
    }

    /// Takes out the entry not used for the longest time. Not counted as evicted.
    pub fn pop_oldest(&mut self) -> Option<(K, V)> {
        let at = self.oldest;
        let (key, value) = self.slots.get_mut(at as usize)?.held.take()?;
        self.index.remove(&key);
        self.unlink(at);
        self.free.push(at);
        Some((key, value))
    }

    /// All entries, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.slots.iter().filter_map(|slot| slot.held.as_ref().map(|(key, value)| (key, value)))
    }

    /// Takes all entries out, in no order.
    pub fn drain(&mut self) -> impl Iterator<Item = (K, V)> {
        self.index.clear();
        self.free.clear();
        (self.oldest, self.newest) = (NOBODY, NOBODY);
        std::mem::take(&mut self.slots).into_iter().filter_map(|slot| slot.held)
    }

    fn value(&self, at: u32) -> Option<&V> {
        self.slots.get(at as usize)?.held.as_ref().map(|(_, value)| value)
    }

    fn value_mut(&mut self, at: u32) -> Option<&mut V> {
        self.slots.get_mut(at as usize)?.held.as_mut().map(|(_, value)| value)
    }

    fn unlink(&mut self, at: u32) {
        let Some(slot) = self.slots.get(at as usize) else { return };
        let (older, newer) = (slot.older, slot.newer);
        match self.slots.get_mut(older as usize) {
            Some(slot) => slot.newer = newer,
            None => self.oldest = newer,
        }
        match self.slots.get_mut(newer as usize) {
            Some(slot) => slot.older = older,
            None => self.newest = older,
        }
    }

    fn link_newest(&mut self, at: u32) {
        let before = std::mem::replace(&mut self.newest, at);
        match self.slots.get_mut(before as usize) {
            Some(slot) => slot.newer = at,
            None => self.oldest = at,
        }
        if let Some(slot) = self.slots.get_mut(at as usize) {
            (slot.older, slot.newer) = (before, NOBODY);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unused_makes_room_and_is_counted() {
        let mut table = Bounded::new(3);
        for (key, value) in [(1, 'a'), (2, 'b'), (3, 'c')] {
            assert_eq!(table.insert(key, value), None);
        }
        assert_eq!(table.touch(&1).copied(), Some('a'));
        assert_eq!(table.insert(4, 'd'), Some((2, 'b')));
        assert_eq!((table.len(), table.evicted()), (3, 1));
        assert_eq!(table.pop_oldest(), Some((3, 'c')));
        assert_eq!(table.remove(&1), Some('a'));
        assert_eq!(table.pop_oldest(), Some((4, 'd')));
        assert_eq!(table.pop_oldest(), None);
        table.insert(9, 'z');
        assert_eq!(table.oldest(), Some(&'z'), "emptied tables start afresh");
    }

    #[test]
    fn replacing_hands_back_the_old_value_and_evicts_nobody() {
        let mut table = Bounded::new(2);
        table.insert(1, 'a');
        table.insert(2, 'b');
        assert_eq!(table.insert(1, 'c'), Some((1, 'a')));
        assert_eq!(table.evicted(), 0);
        assert_eq!(table.get(&2), Some(&'b'));
        assert_eq!(table.drain().count(), 2);
        assert!(table.is_empty());
    }
}
