//! Checking a trail against its ledger.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::TrailError;
use crate::block::{WholeBlocks, survey};
use crate::digest::Digest;
use crate::error::reason;
use crate::folder::{Folder, Kind};
use crate::index::{INDEX_LEN_MAXIMUM, Index};
use crate::ledger::{Event, Ledger, Sealed};
use crate::span::Span;

/// What is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FaultKind {
    /// The ledger's chain is broken.
    Chain,
    /// The sum that was noted elsewhere is not in the ledger.
    Head,
    /// A segment or an index that the ledger tells of is not there.
    Missing,
    /// It is there and is not what the ledger tells of.
    Altered,
    /// It is there, and its place has the content of another one.
    Exchanged,
    /// A segment or an index is there of which the ledger does not tell.
    Unknown,
}

impl FaultKind {
    /// One word for it, for programs.
    pub fn name(self) -> &'static str {
        match self {
            FaultKind::Chain => "chain",
            FaultKind::Head => "head",
            FaultKind::Missing => "missing",
            FaultKind::Altered => "altered",
            FaultKind::Exchanged => "exchanged",
            FaultKind::Unknown => "unknown",
        }
    }
}

/// Something that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What kind of thing.
    pub kind: FaultKind,
    /// With which file.
    pub path: PathBuf,
    /// In words.
    pub text: String,
}

/// A segment that is not sealed: a recorder is writing it, or was interrupted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsealed {
    /// Its file.
    pub path: PathBuf,
    /// Packets in whole blocks.
    pub packets: u64,
    /// When they were seen.
    pub span: Option<Span>,
}

/// What a check found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verification {
    /// Entries of the ledger.
    pub entries: u64,
    /// Segments that are there as the ledger tells.
    pub segments: u64,
    /// Their packets.
    pub packets: u64,
    /// Their bytes.
    pub bytes: u64,
    /// When their packets were seen.
    pub span: Option<Span>,
    /// Segments that were retired, as the rules for keeping asked.
    pub retired: u64,
    /// Segments that an interrupted recorder left and the next one sealed.
    pub recovered: u64,
    /// What is not sealed, and by no sum secured.
    pub unsealed: Vec<Unsealed>,
    /// The sum of the last entry: noted elsewhere, it proves later that all up to here is as it was.
    pub head: Digest,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// Checks all of a trail: the ledger's chain, each segment's and index's sum, and that nothing is missing or added.
///
/// With `noted`, a head that was noted before, also that the ledger still has it. `progress` is told the bytes read of
/// all bytes.
pub fn verify(
    path: &Path,
    noted: Option<Digest>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verification, TrailError> {
    let folder = Folder::new(path);
    // What is listed before the ledger is read is told of by the ledger.
    let list = match folder.list() {
        Err(TrailError::File { error, path }) if error.kind() == io::ErrorKind::NotFound => {
            return Err(TrailError::NoTrail(path));
        }
        list => list?,
    };
    let ledger = Ledger::read(&folder)?;
    let mut check = Check { folder, ledger, found: Verification::default() };
    check.chain(noted);
    check.segments(progress);
    check.listed(list);
    Ok(check.found)
}

struct Check {
    folder: Folder,
    ledger: Ledger,
    found: Verification,
}

impl Check {
    fn fault(&mut self, kind: FaultKind, path: PathBuf, text: String) {
        self.found.faults.push(Fault { kind, path, text });
    }

    fn chain(&mut self, noted: Option<Digest>) {
        self.found.entries = self.ledger.entries.len() as u64;
        self.found.head = self.ledger.head;
        let path = self.folder.ledger();
        for found in self.ledger.breaks.clone() {
            self.fault(FaultKind::Chain, path.clone(), format!("line {}: {}", found.line, found.fault));
        }
        let mut last = None;
        for number in self.ledger.sealed().map(|sealed| sealed.segment).collect::<Vec<_>>() {
            if let Some(last) = last.filter(|last| number != last + 1) {
                let text = format!("segment {number} follows segment {last}");
                self.fault(FaultKind::Chain, path.clone(), text);
            }
            last = Some(number);
        }
        if let Some(noted) = noted.filter(|noted| !self.ledger.sums.contains(noted)) {
            let text = format!("no entry has the sum {noted}: the ledger was cut short or written anew");
            self.fault(FaultKind::Head, path, text);
        }
        for entry in &self.ledger.entries {
            match &entry.event {
                Event::Retired { .. } => self.found.retired += 1,
                Event::Sealed(sealed) => self.found.recovered += u64::from(sealed.recovered),
                _ => {}
            }
        }
    }

    fn segments(&mut self, progress: &mut dyn FnMut(u64, u64)) {
        let there: Vec<Sealed> = self.ledger.segments().into_iter().cloned().collect();
        let total: u64 = there.iter().map(|sealed| sealed.bytes).sum();
        let previous = self.previous_sums();
        let owners: HashMap<Digest, u64> =
            there.iter().map(|sealed| (sealed.sha256, sealed.segment)).collect();
        let mut done = 0;
        for sealed in &there {
            let is_whole = self.segment(sealed, &owners);
            let is_indexed = self.index(sealed, previous.get(&sealed.segment).copied());
            if is_whole && is_indexed {
                self.found.segments += 1;
                self.found.packets += sealed.packets;
                self.found.bytes += sealed.bytes;
                let span = self.found.span.map_or(sealed.span, |span| span.with(sealed.span));
                self.found.span = Some(span);
            }
            done += sealed.bytes;
            progress(done, total);
        }
    }

    /// For each segment the sum of the one before it, as far as the ledger tells.
    fn previous_sums(&self) -> HashMap<u64, Digest> {
        let mut sums = HashMap::new();
        let starts_whole = self.ledger.entries.first().is_some_and(|entry| entry.entry == 1);
        // Of several cuts, the last one has made the ledger begin where it does.
        let cut = self.ledger.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::Cut { segment_sha256, .. } => Some(*segment_sha256),
            _ => None,
        });
        let mut before = if starts_whole { Some(Digest::default()) } else { cut };
        for sealed in self.ledger.sealed() {
            if let Some(before) = before {
                sums.insert(sealed.segment, before);
            }
            before = Some(sealed.sha256);
        }
        sums
    }

    /// Whether the segment is what the ledger tells of.
    fn segment(&mut self, sealed: &Sealed, owners: &HashMap<Digest, u64>) -> bool {
        let mut path = self.folder.segment(sealed.segment);
        let interrupted = self.folder.unsealed(sealed.segment);
        if !path.exists() && interrupted.exists() {
            path = interrupted;
        }
        let read = File::open(&path).and_then(|mut file| Digest::of_stream(&mut file));
        let (digest, len) = match read {
            Ok(read) => read,
            Err(error) => {
                self.unreadable(sealed, path, &error);
                return false;
            }
        };
        if digest == sealed.sha256 {
            return true;
        }
        if let Some(owner) = owners.get(&digest) {
            let text = format!("it has the content of segment {owner}");
            self.fault(FaultKind::Exchanged, path, text);
        } else if len < sealed.bytes {
            let text = format!("truncated: {len} bytes of {}", sealed.bytes);
            self.fault(FaultKind::Altered, path, text);
        } else {
            let text = format!("altered: its sum is {digest}, and was {} when it was sealed", sealed.sha256);
            self.fault(FaultKind::Altered, path, text);
        }
        false
    }

    /// Whether the index is what the ledger tells of, and follows the segment before.
    fn index(&mut self, sealed: &Sealed, previous: Option<Digest>) -> bool {
        let path = self.folder.index(sealed.segment);
        let read = fs::metadata(&path).and_then(|file| match file.len() {
            0..=INDEX_LEN_MAXIMUM => fs::read(&path),
            _ => Ok(Vec::new()),
        });
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => {
                self.unreadable(sealed, path, &error);
                return false;
            }
        };
        if Digest::of(&bytes) != sealed.index_sha256 {
            let text = "altered: it is not the index that the ledger tells of".to_owned();
            self.fault(FaultKind::Altered, path, text);
            return false;
        }
        let fault = match Index::decode(&bytes) {
            Err(error) => error.to_string(),
            Ok(index) if (index.segment, index.digest) != (sealed.segment, sealed.sha256) => {
                "it is the index of another segment".to_owned()
            }
            Ok(index) if previous.is_some_and(|previous| previous != index.previous) => {
                "the segment before is not the one that it followed when it was sealed".to_owned()
            }
            Ok(_) => return true,
        };
        self.fault(FaultKind::Chain, path, fault);
        false
    }

    fn unreadable(&mut self, sealed: &Sealed, path: PathBuf, error: &io::Error) {
        if error.kind() != io::ErrorKind::NotFound {
            self.fault(FaultKind::Altered, path, format!("it cannot be read: {}", reason(error)));
            return;
        }
        // A recorder may have retired it since the ledger was read.
        let is_retired = Ledger::read(&self.folder)
            .is_ok_and(|ledger| !ledger.segments().iter().any(|known| known.segment == sealed.segment));
        if !is_retired {
            let text = "removed: the ledger tells of no retirement".to_owned();
            self.fault(FaultKind::Missing, path, text);
        }
    }

    /// Looks for what the ledger does not tell of, and for what is not sealed.
    fn listed(&mut self, list: Vec<(PathBuf, Kind)>) {
        let sealed: HashSet<u64> = self.ledger.sealed().map(|sealed| sealed.segment).collect();
        let next = self.ledger.last_segment().0 + 1;
        for (path, kind) in list {
            match kind {
                Kind::Segment(number) if !sealed.contains(&number) => {
                    let text = "added: the ledger does not tell of it".to_owned();
                    self.fault(FaultKind::Unknown, path, text);
                }
                // The index is there before the ledger tells of the segment.
                Kind::Index(number) if !sealed.contains(&number) && number != next => {
                    let text = "added: the ledger does not tell of it".to_owned();
                    self.fault(FaultKind::Unknown, path, text);
                }
                Kind::Unsealed(number) if number >= next => {
                    let unsealed = survey_file(path);
                    self.found.unsealed.push(unsealed);
                }
                _ => {}
            }
        }
    }
}

/// What is whole of a segment that is not sealed.
fn survey_file(path: PathBuf) -> Unsealed {
    let mut found = Unsealed { path, packets: 0, span: None };
    let Ok(file) = File::open(&found.path) else { return found };
    let mut blocks = WholeBlocks::new(file);
    while let Ok(Some(block)) = blocks.next() {
        let Some((packets, span, _)) = survey(&block.section) else { break };
        found.packets += u64::from(packets);
        found.span = Some(found.span.map_or(span, |known| known.with(span)));
    }
    found
}
