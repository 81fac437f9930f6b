//! Reading a trail: the packets of a period that pass a filter, from the segments and blocks that may have some.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use wirescope_capture::{
    Block as Records, ByteOrder, FileReader, Format, Interface, MAXIMUM_SNAPSHOT_LEN, Precision, Properties,
    ReadError, Source,
};
use wirescope_filter::names::SystemNames;
use wirescope_filter::{Condition, Error as FilterError, Options, Program, Refusal};
use wirescope_wire::{LinkType, Packet};

use crate::TrailError;
use crate::block::{WholeBlocks, decompress, reader};
use crate::digest::Digest;
use crate::error::reason;
use crate::folder::{Folder, Kind};
use crate::index::{BlockEntry, INDEX_LEN_MAXIMUM, Index};
use crate::ledger::{Ledger, Sealed};
use crate::span::{Period, Span};

/// Problems that are told one by one.
const PROBLEMS_MAXIMUM: usize = 100;

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// When the packets were seen.
    pub period: Period,
    /// The filter that they pass, in tcpdump's language; all do where it is empty.
    pub filter: String,
    /// Whether what the indexes rule out is left unread. The packets are the same either way.
    pub use_index: bool,
}

/// What was read and what was not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Sealed segments of the trail.
    pub segments: u64,
    /// Those of them of which a block was read.
    pub segments_read: u64,
    /// Blocks of the segments whose index was read.
    pub blocks: u64,
    /// Blocks that were read, those not yet sealed among them.
    pub blocks_read: u64,
    /// Bytes of the whole trail: ledger, indexes, segments.
    pub bytes: u64,
    /// Those of them that were read.
    pub bytes_read: u64,
    /// Packets in the blocks that were read.
    pub packets_read: u64,
    /// Packets found.
    pub packets: u64,
    /// Packets of these that were not yet in a sealed segment.
    pub unsealed_packets: u64,
}

/// The filter for each link type that was met; `None` where it lets no packet of that type pass.
type Programs = Vec<(LinkType, Option<Program>)>;

/// Where the next blocks come from.
enum Origins {
    /// A sealed segment, and its blocks that may have a wanted packet.
    Indexed { path: PathBuf, file: File, blocks: VecDeque<BlockEntry>, read_any: bool },
    /// A segment without an index, read through.
    Whole { path: PathBuf, blocks: WholeBlocks<File>, is_sealed: bool, read_any: bool },
}

/// A trail being read, as a source of packets.
///
/// They come in the order in which they were recorded. What cannot be read is passed over and told by
/// [`problems`](Recall::problems).
pub struct Recall {
    folder: Folder,
    query: Query,
    condition: Condition,
    waiting: VecDeque<Sealed>,
    unsealed: VecDeque<(PathBuf, File)>,
    from: Option<Origins>,
    reader: Option<FileReader>,
    records: Records,
    at: usize,
    /// A packet is found and not yet handed out.
    is_found: bool,
    in_unsealed: bool,
    programs: Programs,
    /// What is wrong with the filter for Ethernet, and maybe for the packets that come.
    doubt: Option<FilterError>,
    failure: Option<FilterError>,
    interfaces: Vec<Interface>,
    /// For the interfaces of the section that is read, their places in the list.
    places: Vec<u32>,
    properties: Properties,
    span: Option<Span>,
    counts: Counts,
    problems: Vec<String>,
}

/// Why a recall cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// The trail cannot be read.
    #[error(transparent)]
    Trail(#[from] TrailError),
    /// The filter is wrong.
    #[error("{}", .0.message)]
    Filter(FilterError),
}

impl Recall {
    /// Opens the trail in a folder.
    pub fn open(path: &Path, query: Query) -> Result<Recall, RecallError> {
        let doubt = wirescope_filter::compile(&query.filter, &Options::new(LinkType::EN10MB)).err();
        let condition = match wirescope_filter::parse(&query.filter) {
            Ok(tree) if query.use_index => Condition::of(&tree, &SystemNames),
            Ok(_) => Condition::Any,
            Err(error) => return Err(RecallError::Filter(doubt.unwrap_or(error))),
        };
        let folder = Folder::new(path);
        // A segment that is sealed between these two steps is read under its old name.
        let mut unsealed = open_unsealed(&folder)?;
        let ledger = Ledger::read(&folder)?;
        let last = ledger.last_segment().0;
        unsealed.retain(|(number, ..)| *number > last);
        let unsealed: VecDeque<_> = unsealed.into_iter().map(|(_, path, file)| (path, file)).collect();
        let waiting: VecDeque<Sealed> = ledger.segments().into_iter().cloned().collect();
        let problems = ledger
            .breaks
            .iter()
            .take(1)
            .map(|found| format!("the ledger's chain is broken at line {}: {}", found.line, found.fault));
        Ok(Recall {
            span: waiting.iter().map(|sealed| sealed.span).reduce(Span::with),
            counts: before_reading(&ledger, &waiting, &unsealed),
            problems: problems.collect(),
            folder,
            query,
            condition,
            waiting,
            unsealed,
            from: None,
            reader: None,
            records: Records::new(),
            at: 0,
            is_found: false,
            in_unsealed: false,
            programs: Vec::new(),
            doubt,
            failure: None,
            interfaces: Vec::new(),
            places: Vec::new(),
            properties: unknown_properties(),
        })
    }

    /// Whether there is one more packet; it is the next that is handed out.
    pub fn find(&mut self) -> bool {
        while !self.is_found {
            if self.failure.is_some() {
                return false;
            }
            if !self.find_in_records() && !self.refill() {
                // Nothing was met that could have shown whether the filter is right.
                self.failure = self.doubt.take().filter(|_| self.programs.is_empty());
                return false;
            }
        }
        true
    }

    /// From when to when the trail has sealed packets.
    pub fn span(&self) -> Option<Span> {
        self.span
    }

    /// What was read so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// What could not be read, in words.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// What is wrong with the filter, if that ended the recall.
    pub fn failure(&self) -> Option<&FilterError> {
        self.failure.as_ref()
    }

    /// Goes to the next wanted packet among the records at hand.
    fn find_in_records(&mut self) -> bool {
        let Recall { records, at, query, programs, doubt, properties, counts, failure, .. } = self;
        while let Some(packet) = records.get(*at) {
            *at += 1;
            counts.packets_read += 1;
            if !query.period.contains(packet.time) {
                continue;
            }
            match passes(programs, &query.filter, doubt.is_none(), &packet) {
                Ok(false) => {}
                Ok(true) => {
                    if counts.packets == 0 {
                        // The packets are told of by the first of them, whatever else its block has.
                        properties.link = packet.link;
                        properties.link_number = u32::from(packet.link.0);
                    }
                    counts.packets += 1;
                    counts.unsealed_packets += u64::from(self.in_unsealed);
                    self.is_found = true;
                    return true;
                }
                Err(error) => {
                    *failure = Some(error);
                    return true;
                }
            }
        }
        false
    }

    /// Gets more records; `false` at the end of the trail.
    fn refill(&mut self) -> bool {
        loop {
            let Some(reader) = &mut self.reader else {
                if self.next_section() {
                    continue;
                } else {
                    return false;
                };
            };
            match reader.next_block(&mut self.records) {
                Ok(true) => {
                    self.at = 0;
                    let known = reader.interfaces().iter().skip(self.places.len());
                    self.places.extend(known.map(|interface| place(&mut self.interfaces, interface)));
                    return true;
                }
                Ok(false) => self.reader = None,
                Err(error) => {
                    self.reader = None;
                    self.problem(format!("a block cannot be read to its end: {error}"));
                }
            }
        }
    }

    /// Opens the next section; `false` where there is none left.
    fn next_section(&mut self) -> bool {
        loop {
            if self.from.is_none() && !self.next_segment() {
                return false;
            }
            let read = match &mut self.from {
                Some(Origins::Indexed { file, blocks, .. }) => match blocks.pop_front() {
                    Some(block) => {
                        read_block(file, &block).map(|section| Some((u64::from(block.len), section)))
                    }
                    None => Ok(None),
                },
                Some(Origins::Whole { blocks, .. }) => {
                    blocks.next().map(|block| block.map(|block| (block.frame.len() as u64, block.section)))
                }
                None => Ok(None),
            };
            match read {
                Ok(Some((len, section))) => {
                    self.count_block(len);
                    match reader(section) {
                        Ok(reader) => {
                            if self.counts.packets == 0 {
                                self.properties = reader.properties().clone();
                            }
                            self.places.clear();
                            self.reader = Some(reader);
                            return true;
                        }
                        Err(error) => self.problem_in_segment(&error.to_string()),
                    }
                }
                Ok(None) => self.from = None,
                Err(error) => {
                    self.problem_in_segment(&reason(&error));
                    if matches!(self.from, Some(Origins::Whole { .. })) {
                        self.from = None;
                    }
                }
            }
        }
    }

    fn count_block(&mut self, len: u64) {
        self.counts.blocks_read += 1;
        self.counts.bytes_read += len;
        let (is_sealed, read_any) = match &mut self.from {
            Some(Origins::Indexed { read_any, .. }) => (true, read_any),
            Some(Origins::Whole { read_any, is_sealed, .. }) => (*is_sealed, read_any),
            None => return,
        };
        self.counts.segments_read += u64::from(is_sealed && !*read_any);
        *read_any = true;
        self.in_unsealed = !is_sealed;
    }

    /// Opens the next segment that may have a wanted packet; `false` where there is none left.
    fn next_segment(&mut self) -> bool {
        while let Some(sealed) = self.waiting.pop_front() {
            if self.query.use_index && !self.query.period.meets(&sealed.span) {
                continue;
            }
            match self.open_segment(&sealed) {
                Ok(Some(from)) => {
                    self.from = Some(from);
                    return true;
                }
                Ok(None) => {}
                Err((path, error)) => self.problem(format!("{}: {}", path.display(), reason(&error))),
            }
        }
        let Some((path, file)) = self.unsealed.pop_front() else { return false };
        self.from =
            Some(Origins::Whole { path, blocks: WholeBlocks::new(file), is_sealed: false, read_any: false });
        true
    }

    /// Opens a sealed segment and chooses its blocks; `None` where no block is wanted.
    fn open_segment(&mut self, sealed: &Sealed) -> Result<Option<Origins>, (PathBuf, io::Error)> {
        let blocks = match self.read_index(sealed) {
            Ok(index) => {
                self.counts.blocks += index.blocks.len() as u64;
                let wanted = |block: &BlockEntry| {
                    !self.query.use_index
                        || self.query.period.meets(&block.span) && block.contents.may_meet(&self.condition)
                };
                let blocks: VecDeque<BlockEntry> = index.blocks.into_iter().filter(wanted).collect();
                if blocks.is_empty() {
                    return Ok(None);
                }
                Some(blocks)
            }
            Err(_) if self.is_retired(sealed.segment) => return Ok(None),
            Err(fault) => {
                let path = self.folder.index(sealed.segment);
                self.problem(format!("{}: {fault}; the segment is read through", path.display()));
                None
            }
        };
        let path = self.folder.segment(sealed.segment);
        let opened = match File::open(&path) {
            // A recorder was interrupted before it gave the last name.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                File::open(self.folder.unsealed(sealed.segment)).map_err(|_| error)
            }
            opened => opened,
        };
        match (opened, blocks) {
            (Ok(file), Some(blocks)) => Ok(Some(Origins::Indexed { path, file, blocks, read_any: false })),
            (Ok(file), None) => {
                let blocks = WholeBlocks::new(file);
                Ok(Some(Origins::Whole { path, blocks, is_sealed: true, read_any: false }))
            }
            (Err(_), _) if self.is_retired(sealed.segment) => Ok(None),
            (Err(error), _) => Err((path, error)),
        }
    }

    fn read_index(&mut self, sealed: &Sealed) -> Result<Index, String> {
        let path = self.folder.index(sealed.segment);
        let len = fs::metadata(&path).map_err(|error| reason(&error))?.len();
        if len != sealed.index_bytes || len > INDEX_LEN_MAXIMUM {
            return Err("the index has not the length that the ledger tells".to_owned());
        }
        let bytes = fs::read(&path).map_err(|error| reason(&error))?;
        self.counts.bytes_read += bytes.len() as u64;
        if Digest::of(&bytes) != sealed.index_sha256 {
            return Err("the index is not the one that the ledger tells of".to_owned());
        }
        Index::decode(&bytes).map_err(|error| error.to_string())
    }

    /// Whether a recorder has removed a segment since this recall began.
    fn is_retired(&self, segment: u64) -> bool {
        Ledger::read(&self.folder)
            .is_ok_and(|ledger| !ledger.segments().iter().any(|sealed| sealed.segment == segment))
    }

    fn problem_in_segment(&mut self, fault: &str) {
        let path = match &self.from {
            Some(Origins::Indexed { path, .. } | Origins::Whole { path, .. }) => path.display().to_string(),
            None => String::new(),
        };
        self.problem(format!("{path}: a block is damaged and left out: {fault}"));
    }

    fn problem(&mut self, text: String) {
        if self.problems.len() < PROBLEMS_MAXIMUM {
            self.problems.push(text);
        }
    }
}

impl Source for Recall {
    fn next(&mut self) -> Result<Option<Packet<'_>>, ReadError> {
        Ok(self.next_described()?.map(|(packet, _)| packet))
    }

    fn next_described(&mut self) -> Result<Option<(Packet<'_>, &[Interface])>, ReadError> {
        if !self.find() {
            return Ok(None);
        }
        self.is_found = false;
        let Recall { records, at, places, interfaces, .. } = self;
        let packet = at.checked_sub(1).and_then(|at| records.get(at));
        Ok(packet.map(|packet| {
            let interface = places.get(packet.interface as usize).copied().unwrap_or(u32::MAX);
            (Packet { interface, ..packet }, interfaces.as_slice())
        }))
    }

    fn properties(&self) -> &Properties {
        &self.properties
    }

    fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }
}

/// What there is, of which the ledger has been read.
fn before_reading(
    ledger: &Ledger,
    waiting: &VecDeque<Sealed>,
    unsealed: &VecDeque<(PathBuf, File)>,
) -> Counts {
    let sealed: u64 = waiting.iter().map(|sealed| sealed.bytes + sealed.index_bytes).sum();
    let open: u64 = unsealed.iter().filter_map(|(_, file)| file.metadata().ok()).map(|file| file.len()).sum();
    Counts {
        segments: waiting.len() as u64,
        bytes: ledger.len + sealed + open,
        bytes_read: ledger.len,
        ..Counts::default()
    }
}

/// Opens the segments that are not sealed, by number.
fn open_unsealed(folder: &Folder) -> Result<Vec<(u64, PathBuf, File)>, TrailError> {
    let list = match folder.list() {
        Err(TrailError::File { error, path }) if error.kind() == io::ErrorKind::NotFound => {
            return Err(TrailError::NoTrail(path));
        }
        list => list?,
    };
    let unsealed = list.into_iter().filter_map(|(path, kind)| match kind {
        Kind::Unsealed(number) => Some((number, path)),
        _ => None,
    });
    // One that is gone by now has been sealed, and the ledger tells of it.
    Ok(unsealed
        .filter_map(|(number, path)| File::open(&path).ok().map(|file| (number, path, file)))
        .collect())
}

fn read_block(file: &mut File, block: &BlockEntry) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; block.len as usize];
    file.seek(SeekFrom::Start(block.offset))?;
    file.read_exact(&mut frame)?;
    decompress(&frame, block.plain_len as usize)
}

/// Whether a packet passes the filter, which is compiled for its link type when the first such packet comes. A filter
/// that makes sense for others may reject all packets of this one.
fn passes(
    programs: &mut Programs,
    filter: &str,
    makes_sense: bool,
    packet: &Packet<'_>,
) -> Result<bool, FilterError> {
    let at = match programs.iter().position(|(link, _)| *link == packet.link) {
        Some(at) => at,
        None => {
            let mut options = Options::new(packet.link);
            options.origin = ByteOrder::NATIVE.into();
            let program = match wirescope_filter::compile(filter, &options) {
                Ok(program) => Some(program),
                Err(error) if makes_sense && error.message == Refusal::RejectsAll.to_string() => None,
                Err(error) => return Err(error),
            };
            programs.push((packet.link, program));
            programs.len() - 1
        }
    };
    let program = programs.get(at).and_then(|(_, program)| program.as_ref());
    Ok(program.is_some_and(|program| program.matches(packet.data, packet.wire_len)))
}

/// The place of an interface in the list of all.
fn place(interfaces: &mut Vec<Interface>, interface: &Interface) -> u32 {
    let place = interfaces.iter().position(|known| known == interface).unwrap_or_else(|| {
        interfaces.push(interface.clone());
        interfaces.len() - 1
    });
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// What holds as long as no block was read.
fn unknown_properties() -> Properties {
    Properties {
        format: Format::Pcapng,
        link: LinkType::EN10MB,
        link_number: u32::from(LinkType::EN10MB.0),
        link_flags: 0,
        snapshot_len: MAXIMUM_SNAPSHOT_LEN,
        precision: Precision::Nano,
        byte_order: ByteOrder::NATIVE,
        version: (1, 0),
        compression: None,
    }
}
