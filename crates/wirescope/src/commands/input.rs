//! What every analysis reads: capture files one after the other or interfaces, a filter over them, and how much it may
//! hold.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use wirescope_capture::{FileReader, Mixed, ReadError, Source};
use wirescope_dissect::Names;
use wirescope_filter::{Origin, Program as FilterProgram};
use wirescope_flow::investigation::LeftOut;
use wirescope_flow::{Investigated, Investigation, fragments, investigation};
use wirescope_report::text::{Capture, Naming};
use wirescope_wire::{LinkType, Packet};

use super::live_input::LiveInput;
use crate::dump::{Failure, Program, reason};

/// Packets between two looks at the progress bar.
const STEP: u64 = 1 << 15;
/// Files that are read in a moment show no progress.
const LONG_INPUT: u64 = 32 << 20;
/// Conversations for which a mebibyte is enough, with their evidence.
const CONVERSATIONS_PER_MIB: usize = 512;
/// Of the memory, a part of this is for streams that wait for earlier bytes, and as much for fragments.
const SHARE_OF_STREAMS: usize = 16;
/// Endings by which a word is meant for a capture, though there is no such file.
const ENDINGS: [&str; 8] = [".pcap", ".pcapng", ".cap", ".dump", ".gz", ".zst", ".xz", ".lz4"];

/// Arguments that all analyses share.
#[derive(clap::Args, Debug)]
pub(crate) struct Input {
    /// Captures (pcap or pcapng, compressed too; - for standard input), then a filter in tcpdump's language
    #[arg(value_name = "FILE|FILTER")]
    words: Vec<OsString>,
    /// A capture, as tcpdump and Snort are given it; all other words are the filter then
    #[arg(short = 'r', value_name = "FILE", conflicts_with = "interfaces")]
    read: Vec<OsString>,
    #[command(flatten)]
    live: LiveInput,
    /// The filter, where a file has the name of its first word
    #[arg(last = true, value_name = "FILTER")]
    filter: Vec<String>,
    /// No names: neither those that the captures' DNS answers tell, nor those of services
    #[arg(short, action = clap::ArgAction::Count)]
    numeric: u8,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
    /// About how much memory conversations, streams and fragments may take
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    memory: u32,
}

/// One capture that was read.
#[derive(Clone, Debug)]
pub(crate) struct ReadFile {
    /// Its name.
    pub(crate) path: PathBuf,
    /// Number of its first packet: numbers go on from file to file.
    pub(crate) first: u64,
    /// How many packets it has.
    pub(crate) packets: u64,
}

impl ReadFile {
    /// A capture whose packets have the numbers from `first` to `last`.
    fn new(path: &Path, first: u64, last: u64) -> ReadFile {
        ReadFile { path: path.to_owned(), first, packets: last + 1 - first }
    }
}

/// What a pass over the input met.
#[derive(Debug)]
pub(crate) struct Passed {
    /// The captures, in the order given.
    pub(crate) files: Vec<ReadFile>,
    /// Packets that passed the filter.
    pub(crate) taken: u64,
    /// Success, unless a capture could not be read to its end.
    pub(crate) status: ExitCode,
}

impl Passed {
    /// The captures, for a report.
    pub(crate) fn captures(&self) -> Vec<Capture> {
        let capture = |file: &ReadFile| Capture {
            name: file.path.to_string_lossy().into_owned(),
            first: file.first,
            packets: file.packets,
        };
        self.files.iter().map(capture).collect()
    }
}

impl Input {
    /// Whether names are wanted.
    pub(crate) fn wants_names(&self) -> bool {
        self.numeric == 0
    }

    /// The filter, as one text; empty where there is none.
    pub(crate) fn expression(&self) -> String {
        let (_, words) = self.split();
        let words = words.iter().map(|word| word.to_string_lossy().into_owned());
        words.chain(self.filter.iter().cloned()).collect::<Vec<_>>().join(" ")
    }

    /// The names for what was found, if any are wanted. Nobody is asked: a look-up could warn who is watched.
    pub(crate) fn naming(&self, found: &Investigated) -> Naming {
        if !self.wants_names() {
            return Naming::none();
        }
        Naming::new(found, &services())
    }

    /// Names of services alone, if any are wanted.
    pub(crate) fn service_naming(&self) -> Naming {
        if self.wants_names() { Naming::services(&services()) } else { Naming::none() }
    }

    /// The same as the printers of packets take them.
    pub(crate) fn service_names(&self) -> Names {
        if self.wants_names() { Names::new(&services(), "", None) } else { Names::none() }
    }

    /// Bytes that conversations, streams and fragments may take.
    pub(crate) fn memory_bytes(&self) -> usize {
        (self.memory as usize) << 20
    }

    /// How much an investigation may hold.
    pub(crate) fn limits(&self) -> investigation::Limits {
        let mib = self.memory as usize;
        let share = (mib << 20) / SHARE_OF_STREAMS;
        investigation::Limits {
            conversations: mib * CONVERSATIONS_PER_MIB,
            stream_bytes: share,
            fragments: fragments::Limits { bytes: share, ..fragments::Limits::default() },
        }
    }

    /// Reads everything and draws the conclusions; says what had to be left out.
    pub(crate) fn investigate(&self, program: &Program) -> Result<(Investigated, Passed), Failure> {
        self.investigate_beside(program, None, |_, _| {})
    }

    /// The same, and hands each packet on. `written` is the file that is made of it, if there is one.
    pub(crate) fn investigate_beside(
        &self,
        program: &Program,
        written: Option<&Path>,
        mut each: impl FnMut(u64, &Packet),
    ) -> Result<(Investigated, Passed), Failure> {
        let mut investigation = Investigation::new(self.limits());
        let until_limit = self.until_limit(|number, packet| {
            investigation.numbered_packet(number, packet);
            each(number, packet);
        });
        let passed = self.read(program, written, until_limit)?;
        let found = investigation.finish();
        if let Some(text) = left_out(&found.left_out) {
            program.error(&format!("left out for want of room: {text}"));
            crate::dump::hint([format!(
                "--memory {} allows for twice as much",
                self.memory.saturating_mul(2)
            )]);
        }
        Ok((found, passed))
    }

    /// Hands on every packet that passes the filter, with its number: from 1, through all files.
    pub(crate) fn each_packet(
        &self,
        program: &Program,
        each: impl FnMut(u64, &Packet),
    ) -> Result<Passed, Failure> {
        self.each_packet_until(program, self.until_limit(each))
    }

    /// Breaks off after as many packets as are wanted.
    fn until_limit(&self, mut each: impl FnMut(u64, &Packet)) -> impl FnMut(u64, &Packet) -> ControlFlow<()> {
        let mut left = self.limit();
        move |number, packet| {
            each(number, packet);
            left -= 1;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }

    /// Whether packets come from interfaces, so that somebody waits for what is said of each.
    pub(crate) fn is_live(&self) -> bool {
        !self.live.interfaces.is_empty()
    }

    /// How many packets are wanted at most, 1 at least.
    pub(crate) fn limit(&self) -> u64 {
        self.live.count.unwrap_or(u64::MAX)
    }

    /// The same, and reads no further once `each` breaks off; the limit is its own to keep.
    pub(crate) fn each_packet_until(
        &self,
        program: &Program,
        each: impl FnMut(u64, &Packet) -> ControlFlow<()>,
    ) -> Result<Passed, Failure> {
        self.read(program, None, each)
    }

    /// Reads interfaces or files. From interfaces no file but `written` can be made any more afterwards.
    fn read(
        &self,
        program: &Program,
        written: Option<&Path>,
        mut each: impl FnMut(u64, &Packet) -> ControlFlow<()>,
    ) -> Result<Passed, Failure> {
        if self.is_live() {
            let taken = self.live.each_packet(program, &self.expression(), written, each)?;
            let captured = ReadFile { path: self.live.shown(), first: 1, packets: taken };
            return Ok(Passed { files: vec![captured], taken, status: ExitCode::SUCCESS });
        }
        let (files, _) = self.split();
        if files.is_empty() {
            return Err(self.no_file());
        }
        let mut filter = Filter::new(self.expression());
        let mut progress = Progress::new(files);
        let mut passed = Passed { files: Vec::new(), taken: 0, status: ExitCode::SUCCESS };
        let mut number: u64 = 0;
        'files: for file in files {
            let path = Path::new(file);
            let mut reader = open(path, &progress)?;
            let properties = reader.properties();
            let origin = properties.byte_order.into();
            let key = (properties.link, origin);
            let mut current = filter.position(key).map_err(|failure| self.with_stray_file(failure))?;
            let mut current_link = properties.link;
            let first = number + 1;
            loop {
                let packet = match reader.next() {
                    Ok(Some(packet)) => packet,
                    Ok(None) => break,
                    Err(error) => {
                        program.error(&format!(
                            "{}: {error}; what came before packet {} is taken, the rest is not",
                            shown(path),
                            number - first + 2
                        ));
                        passed.status = ExitCode::FAILURE;
                        break;
                    }
                };
                number += 1;
                if number.is_multiple_of(STEP) {
                    progress.show();
                }
                if packet.link != current_link {
                    current_link = packet.link;
                    current = filter.position((packet.link, origin))?;
                }
                if filter.matches(current, &packet) {
                    passed.taken += 1;
                    if each(number, &packet).is_break() {
                        passed.files.push(ReadFile::new(path, first, number));
                        break 'files;
                    }
                }
            }
            passed.files.push(ReadFile::new(path, first, number));
        }
        progress.clear();
        Ok(passed)
    }

    /// The words that are files, and after them those of the filter.
    fn split(&self) -> (&[OsString], &[OsString]) {
        if self.is_live() {
            return (&[], &self.words);
        }
        if !self.read.is_empty() {
            return (&self.read, &self.words);
        }
        let is_file = |word: &OsString| word == "-" || Path::new(word).exists();
        let end = self.words.iter().position(|word| !is_file(word)).unwrap_or(self.words.len());
        self.words.split_at(end)
    }

    fn no_file(&self) -> Failure {
        if self.words.is_empty() {
            return Failure::Message {
                text: "no capture".to_owned(),
                hints: vec!["name a pcap or pcapng file, or - for standard input".to_owned()],
            };
        }
        let word = self.words.first().map(|word| shown(Path::new(word))).unwrap_or_default();
        Failure::Message {
            text: format!("{word}: No such file or directory"),
            hints: vec!["captures come first, the filter after them".to_owned()],
        }
    }

    /// Whether a word looks like the name of a capture, whether there is such a file or not.
    pub(crate) fn ends_like_capture(word: &OsStr) -> bool {
        let text = word.to_string_lossy();
        ENDINGS.iter().any(|ending| text.ends_with(ending))
    }

    /// A filter that is wrong may have been meant for a file.
    fn with_stray_file(&self, failure: Failure) -> Failure {
        let (_, words) = self.split();
        let stray = words.iter().find(|word| Input::ends_like_capture(word));
        match (stray, failure) {
            (Some(word), Failure::Message { .. }) => {
                Failure::message(format!("{}: No such file or directory", shown(Path::new(word))))
            }
            (_, failure) => failure,
        }
    }
}

/// A filter compiled for each kind of link that comes along.
pub(crate) struct Filter {
    expression: String,
    programs: Vec<((LinkType, Origin), FilterProgram)>,
}

impl Filter {
    /// A filter that is not compiled for any kind of link yet.
    pub(crate) fn new(expression: String) -> Filter {
        Filter { expression, programs: Vec::new() }
    }

    /// Where the program for a kind of link is; `None` where every packet passes.
    pub(crate) fn position(&mut self, key: (LinkType, Origin)) -> Result<Option<usize>, Failure> {
        if self.expression.trim().is_empty() {
            return Ok(None);
        }
        if let Some(at) = self.programs.iter().position(|(known, _)| *known == key) {
            return Ok(Some(at));
        }
        let mut options = wirescope_filter::Options::new(key.0);
        options.origin = key.1;
        match wirescope_filter::compile(&self.expression, &options) {
            Ok(program) => self.programs.push((key, program)),
            Err(error) => return Err(Failure::Message { text: error.message, hints: error.hints }),
        }
        Ok(Some(self.programs.len() - 1))
    }

    /// Whether a packet passes the program at this place.
    pub(crate) fn matches(&self, at: Option<usize>, packet: &Packet) -> bool {
        let program = at.and_then(|at| self.programs.get(at));
        program.is_none_or(|(_, program)| program.matches(packet.data, packet.wire_len))
    }
}

/// A bar on standard error while long input is read, if that is a terminal.
struct Progress {
    bar: ProgressBar,
    read: Arc<AtomicU64>,
}

impl Progress {
    fn new(files: &[OsString]) -> Progress {
        let sizes = files.iter().filter_map(|file| std::fs::metadata(file).ok()).map(|file| file.len());
        let total: u64 = sizes.sum();
        let bar = match total {
            LONG_INPUT.. => ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()),
            _ => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes} of {total_bytes}, {eta} to go") {
            bar.set_style(style);
        }
        Progress { bar, read: Arc::default() }
    }

    fn show(&mut self) {
        self.bar.set_position(self.read.load(Ordering::Relaxed));
    }

    fn clear(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Counts the bytes that are read.
struct Counted {
    input: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

fn open(path: &Path, progress: &Progress) -> Result<FileReader, Failure> {
    let opened = if path == Path::new("-") {
        FileReader::open(path, Mixed::Allowed)
    } else {
        let input = File::open(path)
            .map_err(|error| Failure::message(format!("{}: {}", shown(path), reason(&error))))?;
        let input = Counted { input, read: Arc::clone(&progress.read) };
        FileReader::new(Box::new(input), Mixed::Allowed)
    };
    opened.map_err(|error| {
        let hints = match &error {
            ReadError::UnknownFormat => {
                vec!["captures are pcap or pcapng files, as tcpdump -w and others write them".to_owned()]
            }
            _ => Vec::new(),
        };
        Failure::Message { text: format!("{}: {error}", shown(path)), hints }
    })
}

/// This machine's list of services; empty where it has none.
fn services() -> String {
    String::from_utf8_lossy(&std::fs::read("/etc/services").unwrap_or_default()).into_owned()
}

/// A file's name for people: what would steer a terminal is escaped.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn left_out(left_out: &LeftOut) -> Option<String> {
    let counts = [
        (left_out.conversations, "conversations"),
        (left_out.fragments, "incomplete datagrams"),
        (left_out.streams, "waits for missing bytes of streams"),
        (left_out.anomalies, "odd packets"),
        (left_out.rpc, "RPC calls"),
        (left_out.protocols, "pairs of hosts with unusual protocols"),
    ];
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
