//! Writing a trail: blocks into a segment, segments sealed in their turn, and old ones retired.

use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::io::{BufReader, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use wirescope_wire::Timestamp;

use crate::TrailError;
use crate::block::{Block, Compressor, WholeBlocks, survey};
use crate::digest::{Digest, Hasher};
use crate::folder::{Folder, Kind};
use crate::index::{BlockEntry, Index};
use crate::ledger::{Event, LedgerWriter, Reason, Sealed};

/// Blocks after which a segment is sealed however small they are, so that its index stays small.
const BLOCKS_MAXIMUM: usize = 4_096;

/// When segments are sealed and when they are retired.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rules {
    /// A segment of so many bytes, compressed, is sealed.
    pub segment_bytes: u64,
    /// So is one that was begun so long ago.
    pub segment_age: Duration,
    /// The bytes that the whole trail may take; the oldest segments make room.
    pub keep_bytes: Option<u64>,
    /// How long ago a segment may have been sealed.
    pub keep_age: Option<Duration>,
}

/// What a recorder found when it began.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Recovery {
    /// Packets of an interrupted recorder's last segment that were whole, and are sealed now.
    pub packets: u64,
    /// Bytes behind them that were not.
    pub lost_bytes: u64,
}

/// What a recorder has done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Recorded {
    /// Packets written.
    pub packets: u64,
    /// Bytes of their blocks before compression.
    pub plain_bytes: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Segments sealed.
    pub sealed: u64,
    /// Segments retired.
    pub retired: u64,
}

/// The segment that is being written.
struct OpenSegment {
    number: u64,
    file: File,
    hasher: Hasher,
    len: u64,
    blocks: Vec<BlockEntry>,
    begun: Timestamp,
}

/// A sealed segment that is still there.
#[derive(Clone, Copy)]
struct Kept {
    number: u64,
    bytes: u64,
    sealed: Timestamp,
}

/// Writes a trail. One at a time: the folder is locked.
///
/// What was written is safe from the end of this process; a sealed segment from that of the machine too.
pub struct Recorder {
    folder: Folder,
    ledger: LedgerWriter,
    rules: Rules,
    compressor: Compressor,
    open: Option<OpenSegment>,
    kept: VecDeque<Kept>,
    recorded: Recorded,
    /// Held open for its lock.
    _lock: File,
}

impl Recorder {
    /// Opens the folder, which is made where it is missing, and puts right what an interrupted recorder left.
    pub fn open(path: &Path, rules: Rules, now: Timestamp) -> Result<(Recorder, Recovery), TrailError> {
        let folder = Folder::new(path);
        folder.make()?;
        let is_new = !folder.ledger().exists();
        if is_new && folder.list()?.iter().any(|(_, kind)| *kind != Kind::Own) {
            return Err(TrailError::NotEmpty(path.to_owned()));
        }
        let lock_path = folder.lock();
        let lock = Folder::open(&lock_path)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => TrailError::Locked(path.to_owned()),
            TryLockError::Error(error) => TrailError::file(&lock_path)(error),
        })?;
        let ledger = LedgerWriter::open(&folder)?;
        let mut recorder = Recorder {
            folder,
            ledger,
            rules,
            compressor: Compressor::new().map_err(TrailError::Compress)?,
            open: None,
            kept: VecDeque::new(),
            recorded: Recorded::default(),
            _lock: lock,
        };
        recorder.finish_interrupted()?;
        let recovery = recorder.recover(now)?;
        recorder.recorded = Recorded::default();
        recorder.retire(now)?;
        Ok((recorder, recovery))
    }

    /// Enters into the ledger where packets come from and which are taken.
    pub fn started(&mut self, source: &str, filter: &str, now: Timestamp) -> Result<(), TrailError> {
        self.ledger.append(now, Event::Started { source: source.to_owned(), filter: filter.to_owned() })
    }

    /// What has been done so far.
    pub fn recorded(&self) -> Recorded {
        self.recorded
    }

    /// Writes a block. After an error nothing of it is there.
    pub fn write(&mut self, block: Block, now: Timestamp) -> Result<(), TrailError> {
        let plain_len = block.bytes.len();
        let frame = self.compressor.compress(&block.bytes).map_err(TrailError::Compress)?;
        self.retire(now)?;
        let open = match &mut self.open {
            Some(open) => open,
            empty => {
                let number = self.ledger.ledger().last_segment().0 + 1;
                let file = Folder::create(&self.folder.unsealed(number))?;
                empty.insert(OpenSegment::new(number, file, now))
            }
        };
        if let Err(error) = open.file.write_all(&frame) {
            let _ = open.file.set_len(open.len).and_then(|()| open.file.seek(SeekFrom::End(0)));
            return Err(TrailError::file(&self.folder.unsealed(open.number))(error));
        }
        let (packets, span, contents) = (block.packets, block.span, block.contents);
        open.add(&frame, |offset, len| BlockEntry {
            offset,
            len,
            plain_len: u32::try_from(plain_len).unwrap_or(u32::MAX),
            packets,
            span,
            contents,
        });
        self.recorded.packets += u64::from(packets);
        self.recorded.plain_bytes += plain_len as u64;
        self.recorded.bytes += frame.len() as u64;
        self.seal_when_due(now)
    }

    /// Does what time alone asks for: seals a segment that is old enough, retires what is too old.
    pub fn tick(&mut self, now: Timestamp) -> Result<(), TrailError> {
        self.seal_when_due(now)?;
        self.retire(now)
    }

    /// Seals what is written and enters the end into the ledger.
    pub fn finish(mut self, lost: u64, now: Timestamp) -> Result<Recorded, TrailError> {
        self.seal(now, false)?;
        self.retire(now)?;
        self.ledger.append(now, Event::Ended { packets: self.recorded.packets, lost })?;
        Ok(self.recorded)
    }

    fn seal_when_due(&mut self, now: Timestamp) -> Result<(), TrailError> {
        let is_due = self.open.as_ref().is_some_and(|open| {
            open.len >= self.rules.segment_bytes
                || open.blocks.len() >= BLOCKS_MAXIMUM
                || is_older(open.begun, self.rules.segment_age, now)
        });
        if is_due { self.seal(now, false) } else { Ok(()) }
    }

    /// Completes the open segment, if there is one: its bytes on disk, then its index, then the ledger's word, and
    /// last its name.
    fn seal(&mut self, now: Timestamp, recovered: bool) -> Result<(), TrailError> {
        let Some(open) = &self.open else { return Ok(()) };
        let unsealed = self.folder.unsealed(open.number);
        open.file.sync_all().map_err(TrailError::file(&unsealed))?;
        let (_, previous) = self.last_sealed();
        let index = Index {
            segment: open.number,
            previous,
            digest: open.hasher.clone().finish(),
            len: open.len,
            blocks: open.blocks.clone(),
        };
        let bytes = index.encode();
        self.folder.put(&self.folder.index(open.number), &bytes)?;
        let Some(span) = index.span() else { return Ok(()) };
        let sealed = Sealed {
            segment: index.segment,
            bytes: index.len,
            sha256: index.digest,
            index_bytes: bytes.len() as u64,
            index_sha256: Digest::of(&bytes),
            packets: index.packets(),
            span,
            recovered,
        };
        self.ledger.append(now, Event::Sealed(sealed))?;
        self.open = None;
        self.folder.rename(&unsealed, &self.folder.segment(index.segment))?;
        let bytes = index.len + bytes.len() as u64;
        self.kept.push_back(Kept { number: index.segment, bytes, sealed: now });
        self.recorded.sealed += 1;
        Ok(())
    }

    /// The number and the sum of the segment that the next one follows.
    fn last_sealed(&self) -> (u64, Digest) {
        self.ledger.ledger().last_segment()
    }

    /// Removes the oldest segments, as the rules ask: first the ledger says so, then the files go.
    fn retire(&mut self, now: Timestamp) -> Result<(), TrailError> {
        let unsealed = self.open.as_ref().map_or(0, |open| open.len);
        let mut total: u64 = unsealed + self.kept.iter().map(|kept| kept.bytes).sum::<u64>();
        let mut has_retired = false;
        while let Some(oldest) = self.kept.front().copied() {
            let is_too_old = self.rules.keep_age.is_some_and(|age| is_older(oldest.sealed, age, now));
            let is_too_much = self.rules.keep_bytes.is_some_and(|most| total > most);
            let reason = match (is_too_old, is_too_much) {
                (true, _) => Reason::Age,
                (_, true) => Reason::Size,
                _ => break,
            };
            self.ledger.append(now, Event::Retired { segment: oldest.number, reason })?;
            Folder::remove(&self.folder.segment(oldest.number))?;
            Folder::remove(&self.folder.index(oldest.number))?;
            self.kept.pop_front();
            total -= oldest.bytes;
            self.recorded.retired += 1;
            has_retired = true;
        }
        if has_retired {
            let oldest = self.kept.front().map_or(u64::MAX, |kept| kept.number);
            // What says which segment the next one follows stays.
            let oldest = oldest.min(self.last_sealed().0);
            self.ledger.cut_when_long(now, oldest)?;
        }
        Ok(())
    }

    /// Does what the ledger tells of and a crash prevented: last names given, retired segments removed.
    fn finish_interrupted(&mut self) -> Result<(), TrailError> {
        let entries = &self.ledger.ledger().entries;
        for entry in entries {
            match &entry.event {
                Event::Sealed(sealed) => {
                    let bytes = sealed.bytes + sealed.index_bytes;
                    self.kept.push_back(Kept { number: sealed.segment, bytes, sealed: entry.at });
                }
                Event::Retired { segment, .. } => {
                    Folder::remove(&self.folder.segment(*segment))?;
                    Folder::remove(&self.folder.index(*segment))?;
                    self.kept.retain(|kept| kept.number != *segment);
                }
                _ => {}
            }
        }
        for kept in &self.kept {
            let (unsealed, segment) = (self.folder.unsealed(kept.number), self.folder.segment(kept.number));
            if unsealed.exists() && !segment.exists() {
                self.folder.rename(&unsealed, &segment)?;
            }
        }
        Ok(())
    }

    /// Seals what is whole of a segment that was not sealed.
    fn recover(&mut self, now: Timestamp) -> Result<Recovery, TrailError> {
        let number = self.last_sealed().0 + 1;
        let path = self.folder.unsealed(number);
        if !path.exists() {
            return Ok(Recovery::default());
        }
        let file = Folder::open(&path)?;
        let there = file.metadata().map_err(TrailError::file(&path))?.len();
        let reading = file.try_clone().map_err(TrailError::file(&path))?;
        let mut blocks = WholeBlocks::new(BufReader::new(reading));
        let mut open = OpenSegment::new(number, file, now);
        let mut recovery = Recovery::default();
        while let Some(block) = blocks.next().map_err(TrailError::file(&path))? {
            let Some((packets, span, contents)) = survey(&block.section) else { break };
            let plain_len = u32::try_from(block.section.len()).unwrap_or(u32::MAX);
            recovery.packets += u64::from(packets);
            open.add(&block.frame, |offset, len| BlockEntry {
                offset,
                len,
                plain_len,
                packets,
                span,
                contents,
            });
        }
        recovery.lost_bytes = there - open.len;
        if open.blocks.is_empty() {
            Folder::remove(&path)?;
            return Ok(recovery);
        }
        open.file.set_len(open.len).map_err(TrailError::file(&path))?;
        self.open = Some(open);
        self.seal(now, true)?;
        Ok(recovery)
    }
}

impl OpenSegment {
    fn new(number: u64, file: File, begun: Timestamp) -> OpenSegment {
        OpenSegment { number, file, hasher: Hasher::default(), len: 0, blocks: Vec::new(), begun }
    }

    /// Takes note of a block that is written: `entry` makes its entry from its place and its length.
    fn add(&mut self, frame: &[u8], entry: impl FnOnce(u64, u32) -> BlockEntry) {
        self.hasher.update(frame);
        self.blocks.push(entry(self.len, u32::try_from(frame.len()).unwrap_or(u32::MAX)));
        self.len += frame.len() as u64;
    }
}

/// Whether more time than `age` has passed from `then` to `now`.
fn is_older(then: Timestamp, age: Duration, now: Timestamp) -> bool {
    now.as_nanos().saturating_sub(then.as_nanos()) > i128::try_from(age.as_nanos()).unwrap_or(i128::MAX)
}
