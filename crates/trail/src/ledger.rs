//! The ledger of a trail: what was done to it, an entry a line, each with the sum of the line before.
//!
//! An entry is written and on disk before what it tells of is done for good: a segment's last name is given, and its
//! files are removed, only once the ledger says so. Whoever alters, removes or exchanges a line breaks the chain.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};

use serde::{Deserialize, Serialize};
use wirescope_wire::Timestamp;

use crate::TrailError;
use crate::digest::Digest;
use crate::folder::Folder;
use crate::span::{Span, seconds};

/// The largest ledger that is read, in bytes.
const LEDGER_LEN_MAXIMUM: u64 = 1 << 30;
/// So many lines at the beginning that only tell of retired segments are cut off.
const LINES_BEFORE_CUT: usize = 10_000;

/// A line of the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, from 1.
    pub entry: u64,
    /// The sum of the line before it, without its line end; zeros for the first.
    pub previous: Digest,
    /// When it was written.
    #[serde(with = "seconds")]
    pub at: Timestamp,
    /// What it tells of.
    #[serde(flatten)]
    pub event: Event,
}

/// What an entry tells of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// A recorder began.
    Started {
        /// Where its packets come from: interfaces or files.
        source: String,
        /// Which packets it takes.
        filter: String,
    },
    /// A segment is complete.
    Sealed(Sealed),
    /// A segment is removed, as the rules for keeping ask.
    Retired {
        /// Its number.
        segment: u64,
        /// Which rule.
        reason: Reason,
    },
    /// A recorder ended in order.
    Ended {
        /// How many packets it recorded.
        packets: u64,
        /// How many it lost, as far as it knows.
        lost: u64,
    },
    /// The lines before are cut off, since they only tell of retired segments.
    Cut {
        /// The last entry that is cut off.
        last: u64,
        /// The sum of its line.
        digest: Digest,
        /// The sum of the last segment that was sealed there.
        segment_sha256: Digest,
    },
}

/// A complete segment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sealed {
    /// Its number: one more than that of the segment before.
    pub segment: u64,
    /// Its bytes.
    pub bytes: u64,
    /// Their sum.
    pub sha256: Digest,
    /// The bytes of its index.
    pub index_bytes: u64,
    /// Their sum.
    pub index_sha256: Digest,
    /// How many packets it has.
    pub packets: u64,
    /// When they were seen.
    #[serde(flatten)]
    pub span: Span,
    /// Whether the recorder before was interrupted, and this is what was whole of its last segment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recovered: bool,
}

/// Why a segment was removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// The trail had become larger than it may be.
    Size,
    /// The segment had become older than it may be.
    Age,
}

/// A line that breaks the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Break {
    /// Its place in the file, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: String,
}

/// The ledger as it was read.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The entries, in their order.
    pub entries: Vec<Entry>,
    /// Where the chain is broken.
    pub breaks: Vec<Break>,
    /// The sum of the last line: the head of the chain, which stands for everything before it.
    pub head: Digest,
    /// Sums of all lines.
    pub(crate) sums: Vec<Digest>,
    /// Bytes of whole lines.
    pub(crate) len: u64,
    /// The last line is not whole: a crash came while it was written.
    pub(crate) is_torn: bool,
}

impl Ledger {
    /// Reads the ledger of a folder.
    pub(crate) fn read(folder: &Folder) -> Result<Ledger, TrailError> {
        let path = folder.ledger();
        let len = match fs::metadata(&path) {
            Ok(file) => file.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(TrailError::NoTrail(folder.path().to_owned()));
            }
            Err(error) => return Err(TrailError::file(&path)(error)),
        };
        if len > LEDGER_LEN_MAXIMUM {
            let error = std::io::Error::new(std::io::ErrorKind::FileTooLarge, "too large for a ledger");
            return Err(TrailError::file(&path)(error));
        }
        Ok(Ledger::parse(&fs::read(&path).map_err(TrailError::file(&path))?))
    }

    /// Makes entries of the bytes of a ledger, and follows the chain.
    pub fn parse(bytes: &[u8]) -> Ledger {
        let mut ledger = Ledger::default();
        for (at, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let Some(text) = line.strip_suffix(b"\n") else {
                ledger.is_torn = true;
                break;
            };
            ledger.len += line.len() as u64;
            let mut fault = |fault: String| ledger.breaks.push(Break { line: at + 1, fault });
            match serde_json::from_slice::<Entry>(text) {
                Ok(entry) => {
                    let before = ledger.entries.last().map_or(0, |entry| entry.entry);
                    let is_first = ledger.sums.is_empty();
                    if !is_first && entry.previous != ledger.head {
                        fault("it does not have the sum of the line before it".to_owned());
                    }
                    if !is_first && entry.entry != before.saturating_add(1) {
                        fault(format!("entry {} follows entry {before}", entry.entry));
                    }
                    ledger.entries.push(entry);
                }
                Err(error) => fault(format!("no entry: {error}")),
            }
            ledger.head = Digest::of(text);
            ledger.sums.push(ledger.head);
        }
        ledger.check_start();
        ledger
    }

    /// A ledger begins with its first entry, or behind a cut that it tells of.
    fn check_start(&mut self) {
        let Some(first) = self.entries.first() else { return };
        let sum = first.previous;
        let starts = match first.entry {
            1 => sum == Digest::default(),
            number => self.entries.iter().any(|entry| {
                matches!(&entry.event, Event::Cut { last, digest, .. } if last + 1 == number && *digest == sum)
            }),
        };
        if !starts {
            let fault =
                format!("the ledger begins with entry {}, and does not tell of a cut before it", first.entry);
            self.breaks.insert(0, Break { line: 1, fault });
        }
    }

    /// The segments that are there: sealed, and not retired.
    pub fn segments(&self) -> Vec<&Sealed> {
        let retired: std::collections::HashSet<u64> = self
            .entries
            .iter()
            .filter_map(|entry| match entry.event {
                Event::Retired { segment, .. } => Some(segment),
                _ => None,
            })
            .collect();
        self.sealed().filter(|sealed| !retired.contains(&sealed.segment)).collect()
    }

    /// All segments that were sealed, as far back as the ledger goes.
    pub fn sealed(&self) -> impl DoubleEndedIterator<Item = &Sealed> {
        self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Sealed(sealed) => Some(sealed),
            _ => None,
        })
    }

    /// The number and the sum of the last segment that was sealed.
    pub(crate) fn last_segment(&self) -> (u64, Digest) {
        self.sealed().next_back().map_or((0, Digest::default()), |sealed| (sealed.segment, sealed.sha256))
    }
}

/// The ledger, open for writing.
pub(crate) struct LedgerWriter {
    folder: Folder,
    file: File,
    ledger: Ledger,
}

impl LedgerWriter {
    /// Opens the ledger of a folder, a new one where there is none. A last line that is not whole is taken away.
    pub(crate) fn open(folder: &Folder) -> Result<LedgerWriter, TrailError> {
        let ledger = match Ledger::read(folder) {
            Err(TrailError::NoTrail(_)) => Ledger::default(),
            read => read?,
        };
        let path = folder.ledger();
        // What a recorder adds must not look as if it vouched for what is broken.
        if let Some(Break { line, fault }) = ledger.breaks.first() {
            return Err(TrailError::Ledger { path, line: *line, fault: fault.clone() });
        }
        let mut file = Folder::open(&path)?;
        file.set_len(ledger.len)
            .and_then(|()| file.seek(SeekFrom::End(0)))
            .map_err(TrailError::file(&path))?;
        folder.sync()?;
        Ok(LedgerWriter { folder: folder.clone(), file, ledger })
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Adds an entry; it is on disk when this returns.
    pub(crate) fn append(&mut self, at: Timestamp, event: Event) -> Result<(), TrailError> {
        let number = self.ledger.entries.last().map_or(1, |entry| entry.entry + 1);
        let entry = Entry { entry: number, previous: self.ledger.head, at, event };
        let path = self.folder.ledger();
        let mut line = serde_json::to_vec(&entry).map_err(|error| TrailError::file(&path)(error.into()))?;
        let digest = Digest::of(&line);
        line.push(b'\n');
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // A part of a line must not stand before the next one.
            let _ = self.file.set_len(self.ledger.len).and_then(|()| self.file.seek(SeekFrom::End(0)));
            return Err(TrailError::file(&path)(error));
        }
        self.ledger.len += line.len() as u64;
        self.ledger.head = digest;
        self.ledger.sums.push(digest);
        self.ledger.entries.push(entry);
        Ok(())
    }

    /// Cuts off the lines before the first that tells of a segment still there, once they are many.
    pub(crate) fn cut_when_long(&mut self, at: Timestamp, oldest: u64) -> Result<(), TrailError> {
        let tells = |entry: &Entry| matches!(&entry.event, Event::Sealed(sealed) if sealed.segment >= oldest);
        match self.ledger.entries.iter().position(tells) {
            Some(keep) if keep >= LINES_BEFORE_CUT => self.cut(at, keep),
            _ => Ok(()),
        }
    }

    /// Cuts off so many lines.
    fn cut(&mut self, at: Timestamp, keep: usize) -> Result<(), TrailError> {
        let before = self.ledger.entries.get(..keep).unwrap_or_default();
        let sums = self.ledger.sums.get(..keep).unwrap_or_default();
        let (Some(last), Some(digest)) = (before.last(), sums.last()) else { return Ok(()) };
        let sealed = before.iter().rev().find_map(|entry| match &entry.event {
            Event::Sealed(sealed) => Some(sealed.sha256),
            Event::Cut { segment_sha256, .. } => Some(*segment_sha256),
            _ => None,
        });
        let event =
            Event::Cut { last: last.entry, digest: *digest, segment_sha256: sealed.unwrap_or_default() };
        self.append(at, event)?;
        let path = self.folder.ledger();
        let bytes = fs::read(&path).map_err(TrailError::file(&path))?;
        let kept: Vec<u8> =
            bytes.split_inclusive(|byte| *byte == b'\n').skip(keep).flatten().copied().collect();
        self.folder.put(&path, &kept)?;
        *self = LedgerWriter::open(&self.folder)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(segment: u64) -> Event {
        Event::Sealed(Sealed {
            segment,
            bytes: 10,
            sha256: Digest::of(&segment.to_be_bytes()),
            index_bytes: 20,
            index_sha256: Digest::default(),
            packets: 3,
            span: Span::at(Timestamp::new(5, 6)),
            recovered: segment == 2,
        })
    }

    fn written(events: Vec<Event>) -> (tempfile::TempDir, LedgerWriter) {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = LedgerWriter::open(&Folder::new(folder.path())).unwrap();
        for event in events {
            writer.append(Timestamp::new(1, 2), event).unwrap();
        }
        (folder, writer)
    }

    #[test]
    fn what_is_written_is_read_and_chained() {
        let started = Event::Started { source: "eth0".to_owned(), filter: "tcp".to_owned() };
        let retired = Event::Retired { segment: 1, reason: Reason::Age };
        let (folder, writer) = written(vec![started, sealed(1), sealed(2), retired]);
        let read = Ledger::read(&Folder::new(folder.path())).unwrap();
        assert_eq!(read.entries, writer.ledger().entries);
        assert_eq!((read.breaks.as_slice(), read.head), (&[][..], writer.ledger().head));
        assert_eq!(read.segments().iter().map(|sealed| sealed.segment).collect::<Vec<_>>(), [2]);
        assert_eq!(read.last_segment(), (2, Digest::of(&2_u64.to_be_bytes())));
    }

    #[test]
    fn lines_altered_removed_or_exchanged_break_the_chain() {
        let (folder, _) = written(vec![sealed(1), sealed(2), sealed(3)]);
        let bytes = fs::read(folder.path().join("ledger")).unwrap();
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        assert_eq!(Ledger::parse(&bytes).breaks, []);
        assert!(!Ledger::parse(&[lines[0], lines[2]].concat()).breaks.is_empty());
        assert!(!Ledger::parse(&[lines[1], lines[0], lines[2]].concat()).breaks.is_empty());
        assert!(!Ledger::parse(&[lines[1], lines[2]].concat()).breaks.is_empty());
        let altered = String::from_utf8(bytes.clone()).unwrap().replacen("\"packets\":3", "\"packets\":4", 1);
        assert_eq!(Ledger::parse(altered.as_bytes()).breaks[0].line, 2);
        assert!(!Ledger::parse(b"{}\n").breaks.is_empty());
    }

    #[test]
    fn a_torn_last_line_is_taken_away() {
        let (folder, writer) = written(vec![sealed(1)]);
        drop(writer);
        let path = folder.path().join("ledger");
        let whole = fs::read(&path).unwrap();
        fs::write(&path, [&whole[..], b"{\"entry\":2,"].concat()).unwrap();
        assert!(Ledger::read(&Folder::new(folder.path())).unwrap().is_torn);
        let mut writer = LedgerWriter::open(&Folder::new(folder.path())).unwrap();
        writer.append(Timestamp::new(1, 2), sealed(2)).unwrap();
        assert_eq!(Ledger::read(&Folder::new(folder.path())).unwrap().breaks, []);
    }

    #[test]
    fn a_cut_ledger_is_still_a_chain() {
        let retired = Event::Retired { segment: 1, reason: Reason::Size };
        let (folder, mut writer) = written(vec![sealed(1), sealed(2), retired, sealed(3)]);
        writer.cut(Timestamp::new(9, 0), 1).unwrap();
        writer.append(Timestamp::new(9, 1), sealed(4)).unwrap();
        let path = folder.path().join("ledger");
        let read = Ledger::read(&Folder::new(folder.path())).unwrap();
        assert_eq!(read.breaks, []);
        assert_eq!(read.entries.first().map(|entry| entry.entry), Some(2));
        assert_eq!(read.segments().iter().map(|sealed| sealed.segment).collect::<Vec<_>>(), [2, 3, 4]);
        // One more line less is no cut that the ledger tells of.
        let bytes = fs::read(&path).unwrap();
        let rest: Vec<u8> = bytes.split_inclusive(|byte| *byte == b'\n').skip(1).flatten().copied().collect();
        assert_eq!(Ledger::parse(&rest).breaks.len(), 1);
    }
}
