//! The options of `dump` as data: one row each, with the letter, the long name, and what it sets.
//!
//! To add an option, add its row (and a field to [`Request`] if it sets something new). Where long names
//! begin alike, their order here is the order in which an ambiguous one lists them.

use std::ffi::{OsStr, OsString};
use std::net::Ipv4Addr;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use wirescope_capture::MAXIMUM_SNAPSHOT_LEN;
use wirescope_capture::live::{Direction, StampSource};
use wirescope_capture::rotation::parse_size;
use wirescope_dissect::{HexDump, PortProtocol, TimeFormat, TimePrecision};
use wirescope_wire::LinkType;

use crate::getopt::{self, GetOpt, Item};
use crate::live::parse_duration;

/// All that a command line asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// How packets are printed.
    pub(crate) print: wirescope_dissect::Options,
    /// `-h`, `--version`: what to show instead of doing anything.
    pub(crate) show: Option<Show>,
    /// `-r`: the capture to read, `-` for standard input.
    pub(crate) read: Option<OsString>,
    /// `-V`: the list of captures to read.
    pub(crate) read_list: Option<OsString>,
    /// Live capture.
    pub(crate) live: Live,
    /// `-w`: the file to write packets to, `-` for standard output.
    pub(crate) write: Option<OsString>,
    /// `--print`: packets are printed although they are written.
    pub(crate) print_too: bool,
    /// `--pcapng`: packets are written as pcapng, whatever the name of the file.
    pub(crate) pcapng: bool,
    /// `-C`: the size in bytes at which the next file is begun.
    pub(crate) file_size: Option<u64>,
    /// `-G`: the seconds after which the next file is begun.
    pub(crate) file_seconds: Option<u32>,
    /// `-W`: how many files are written.
    pub(crate) file_count: Option<u32>,
    /// `-z`: the command that is run on each finished file.
    pub(crate) file_command: Option<OsString>,
    /// `-Z`: the user to become.
    pub(crate) user: Option<OsString>,
    /// `-c`: how many packets to take.
    pub(crate) count: Option<u64>,
    /// `--skip`: how many packets to leave out before.
    pub(crate) skip: u64,
    /// `--count`: only how many packets there are is told.
    pub(crate) only_count: bool,
    /// `--print-sampling`: only each such packet is printed.
    pub(crate) sampling: Option<u64>,
    /// `-d`: how the compiled filter is shown, 0 for not at all.
    pub(crate) show_filter: u8,
    /// `-F`: the file with the filter.
    pub(crate) filter_file: Option<OsString>,
    /// `-O`: the filter is not optimised.
    pub(crate) no_optimize: bool,
    /// `--live-filter`: the filter is compiled as for a live capture.
    pub(crate) filter_as_live: bool,
    /// `--netmask`: the mask of the network that the filter is compiled for.
    pub(crate) netmask: Option<u32>,
    /// `-y`: the link type.
    pub(crate) link: Option<LinkType>,
    /// `-L`: link types are listed.
    pub(crate) list_link_types: bool,
    /// `-s`: the most bytes of each packet that are kept.
    pub(crate) snapshot_len: Option<u32>,
    /// `-f`: addresses outside the own network as numbers.
    pub(crate) foreign_numeric: bool,
    /// `-t`: how often it was given.
    time: u8,
    /// `-x`, `-X`, `-A`: how often each was given.
    hex: u8,
    hex_ascii: u8,
    ascii: u8,
    /// `-l`: a write for each line.
    pub(crate) line_buffered: bool,
    /// `-U`: a write for each packet.
    pub(crate) packet_buffered: bool,
    /// `--threads`: how many threads print; 0 where nothing is said.
    pub(crate) threads: usize,
    /// `--json`: an object a packet instead of text.
    pub(crate) json: bool,
    /// `--status`: what protects the machine is told at the start.
    pub(crate) status: bool,
    /// What is left: the filter expression.
    pub(crate) expression: Vec<OsString>,
}

/// What is shown instead of doing anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Show {
    /// `-h`
    Help,
    /// `--version`
    Version,
}

/// The options of live capture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Live {
    /// `-i`: the interfaces, by name or number.
    pub(crate) interfaces: Vec<OsString>,
    /// `-D`: interfaces are listed.
    pub(crate) list_interfaces: bool,
    /// `-B`: the kernel's buffer, in KiB.
    pub(crate) buffer_kib: Option<u32>,
    /// `-I`: monitor mode.
    pub(crate) monitor: bool,
    /// `-j`: the type of time stamp.
    pub(crate) time_stamp_type: Option<StampSource>,
    /// `-J`: types of time stamp are listed.
    pub(crate) list_time_stamp_types: bool,
    /// `-p`: not in promiscuous mode.
    pub(crate) no_promiscuous: bool,
    /// `-Q`: the direction of packets.
    pub(crate) direction: Option<Direction>,
    /// `--immediate-mode`: packets are delivered as they arrive.
    pub(crate) immediate: bool,
    /// `--duration`: how long to capture.
    pub(crate) duration: Option<Duration>,
    /// What stands behind `--`: the command for whose lifetime to capture.
    pub(crate) command: Vec<OsString>,
    /// `--no-sandbox`: nothing is given up.
    pub(crate) no_sandbox: bool,
    /// `--stats-json`: counts are told as an object.
    pub(crate) stats_json: bool,
}

/// Why a command line cannot be followed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Wrong {
    /// An option that does not exist or is not rightly used: usage follows. Named as the program was called.
    Usage(String),
    /// A value that makes no sense.
    Value(String),
}

/// One option.
struct Flag {
    names: getopt::Names,
    set: Set,
}

/// What an option does with a request.
enum Set {
    Switch(fn(&mut Request)),
    Value(fn(&mut Request, &OsStr) -> Result<(), String>),
}

/// An option without a value.
const fn switch(short: Option<char>, long: &'static str, set: fn(&mut Request)) -> Flag {
    Flag { names: getopt::Names { short, long, takes_value: false, whole: false }, set: Set::Switch(set) }
}

/// An option with a value, which may be refused.
const fn value(
    short: Option<char>,
    long: &'static str,
    set: fn(&mut Request, &OsStr) -> Result<(), String>,
) -> Flag {
    Flag { names: getopt::Names { short, long, takes_value: true, whole: false }, set: Set::Value(set) }
}

/// An option of our own. It counts only whole: what tcpdump understands cut short stays as it is.
const fn ours(flag: Flag) -> Flag {
    let Flag { names, set } = flag;
    Flag { names: getopt::Names { whole: true, ..names }, set }
}

/// Most threads that may be asked for.
const MAX_THREADS: u64 = 256;

/// The options, by letter, then those without one.
const FLAGS: &[Flag] = &[
    switch(Some('A'), "", |r| r.ascii = r.ascii.saturating_add(1)),
    switch(Some('b'), "", |r| r.print.dotted_as = true),
    value(Some('B'), "buffer-size", |r, v| {
        r.live.buffer_kib = Some(number(v, "packet buffer size", 1, i32::MAX as u64)? as u32);
        Ok(())
    }),
    value(Some('c'), "", |r, v| {
        r.count = Some(number(v, "packet count", 1, i32::MAX as u64)?);
        Ok(())
    }),
    switch(None, "count", |r| r.only_count = true),
    value(Some('C'), "", |r, v| {
        r.file_size = Some(parse_size(&text(v)).map_err(|error| error.to_string())?);
        Ok(())
    }),
    switch(Some('d'), "", |r| r.show_filter = r.show_filter.saturating_add(1)),
    switch(Some('D'), "list-interfaces", |r| r.live.list_interfaces = true),
    switch(Some('e'), "", |r| r.print.link_header = true),
    value(Some('E'), "", |r, v| {
        r.print.esp_secrets = Some(text(v));
        Ok(())
    }),
    switch(Some('f'), "", |r| r.foreign_numeric = true),
    value(Some('F'), "", |r, v| {
        r.filter_file = Some(v.to_owned());
        Ok(())
    }),
    value(Some('G'), "", |r, v| {
        let seconds = number(v, "number of seconds", 0, i32::MAX as u64)? as u32;
        r.file_seconds = (seconds > 0).then_some(seconds);
        Ok(())
    }),
    switch(Some('h'), "help", |r| r.show = r.show.or(Some(Show::Help))),
    switch(Some('H'), "", |r| r.print.mesh = true),
    value(Some('i'), "interface", |r, v| {
        r.live.interfaces.push(v.to_owned());
        Ok(())
    }),
    switch(Some('I'), "monitor-mode", |r| r.live.monitor = true),
    switch(None, "immediate-mode", |r| r.live.immediate = true),
    switch(Some('g'), "ip-oneline", |r| r.print.ip_oneline = true),
    value(Some('j'), "time-stamp-type", |r, v| {
        r.live.time_stamp_type = Some(time_stamp_type(v)?);
        Ok(())
    }),
    switch(Some('J'), "list-time-stamp-types", |r| r.live.list_time_stamp_types = true),
    switch(None, "micro", |r| r.print.precision = TimePrecision::Micro),
    switch(None, "nano", |r| r.print.precision = TimePrecision::Nano),
    switch(Some('K'), "dont-verify-checksums", |r| r.print.no_checksums = true),
    switch(Some('l'), "", |r| r.line_buffered = true),
    switch(Some('L'), "list-data-link-types", |r| r.list_link_types = true),
    value(Some('M'), "", |r, v| {
        r.print.tcp_md5_secret = Some(text(v));
        Ok(())
    }),
    switch(Some('n'), "", |r| r.print.numeric = true),
    switch(Some('N'), "", |r| r.print.short_names = true),
    switch(Some('O'), "no-optimize", |r| r.no_optimize = true),
    switch(Some('p'), "no-promiscuous-mode", |r| r.live.no_promiscuous = true),
    switch(Some('q'), "", |r| r.print.quiet = true),
    value(Some('Q'), "direction", |r, v| {
        r.live.direction = Some(direction(v)?);
        Ok(())
    }),
    value(Some('r'), "", |r, v| {
        r.read = Some(v.to_owned());
        Ok(())
    }),
    value(Some('s'), "snapshot-length", |r, v| {
        let bytes = number(v, "snaplen", 0, u64::from(MAXIMUM_SNAPSHOT_LEN))? as u32;
        r.snapshot_len = Some(if bytes == 0 { MAXIMUM_SNAPSHOT_LEN } else { bytes });
        Ok(())
    }),
    switch(Some('S'), "", |r| r.print.absolute_sequence = true),
    switch(Some('t'), "", |r| r.time = r.time.saturating_add(1)),
    value(Some('T'), "", |r, v| {
        let name = text(v);
        let known = PortProtocol::from_name(&name);
        r.print.port_protocol = Some(known.ok_or_else(|| format!("unknown packet type `{name}'"))?);
        Ok(())
    }),
    switch(Some('u'), "", |r| r.print.undecoded_nfs = true),
    switch(Some('U'), "packet-buffered", |r| r.packet_buffered = true),
    switch(Some('v'), "", |r| r.print.verbose = r.print.verbose.saturating_add(1)),
    value(Some('V'), "", |r, v| {
        r.read_list = Some(v.to_owned());
        Ok(())
    }),
    value(Some('w'), "", |r, v| {
        r.write = Some(v.to_owned());
        Ok(())
    }),
    value(Some('W'), "", |r, v| {
        r.file_count = Some(number(v, "number of output files", 1, i32::MAX as u64)? as u32);
        Ok(())
    }),
    switch(Some('x'), "", |r| r.hex = r.hex.saturating_add(1)),
    switch(Some('X'), "", |r| r.hex_ascii = r.hex_ascii.saturating_add(1)),
    value(Some('y'), "linktype", |r, v| {
        let name = text(v);
        let known = LinkType::from_name(&name);
        r.link = Some(known.ok_or_else(|| format!("invalid data link type {name}"))?);
        Ok(())
    }),
    value(Some('z'), "", |r, v| {
        r.file_command = Some(v.to_owned());
        Ok(())
    }),
    value(Some('Z'), "relinquish-privileges", |r, v| {
        r.user = Some(v.to_owned());
        Ok(())
    }),
    switch(Some('#'), "number", |r| r.print.number = true),
    switch(None, "print", |r| r.print_too = true),
    value(None, "print-sampling", |r, v| {
        r.sampling = Some(number(v, "print sampling", 1, i32::MAX as u64)?);
        // Numbers relative to packets that were not printed would say nothing.
        r.print.absolute_sequence = true;
        Ok(())
    }),
    value(None, "time-stamp-precision", |r, v| {
        r.print.precision = match v.as_bytes() {
            b"micro" => TimePrecision::Micro,
            b"nano" => TimePrecision::Nano,
            _ => return Err("unsupported time stamp precision".to_owned()),
        };
        Ok(())
    }),
    switch(None, "version", |r| r.show = r.show.or(Some(Show::Version))),
    switch(None, "lengths", |r| r.print.lengths = true),
    value(None, "skip", |r, v| {
        r.skip = unsigned(v, "packet skip count", i32::MAX as u64)?;
        Ok(())
    }),
    ours(switch(None, "json", |r| r.json = true)),
    ours(switch(None, "pcapng", |r| r.pcapng = true)),
    ours(value(None, "duration", |r, v| {
        r.live.duration = Some(parse_duration(&text(v))?);
        Ok(())
    })),
    ours(switch(None, "no-sandbox", |r| r.live.no_sandbox = true)),
    ours(switch(None, "status", |r| r.status = true)),
    ours(switch(None, "stats-json", |r| r.live.stats_json = true)),
    ours(value(None, "threads", |r, v| {
        r.threads = number(v, "number of threads", 1, MAX_THREADS)? as usize;
        Ok(())
    })),
    // For whoever looks at filters without capturing: as if captured live, from a network with this mask.
    ours(switch(None, "live-filter", |r| r.filter_as_live = true)),
    ours(value(None, "netmask", |r, v| {
        let mask = text(v);
        let parsed = mask.parse::<Ipv4Addr>();
        r.netmask = Some(parsed.map_err(|_| format!("invalid netmask {mask}"))?.to_bits());
        Ok(())
    })),
];

/// Reads the arguments after the program's name. What stands behind `--` is a command to capture for if `has_commands`
/// says so, and otherwise a part of the expression, as it is for tcpdump.
pub(crate) fn parse(arguments: Vec<OsString>, has_commands: bool) -> Result<Request, Wrong> {
    let names: Vec<getopt::Names> = FLAGS.iter().map(|flag| flag.names).collect();
    let operands_end_options = std::env::var_os("POSIXLY_CORRECT").is_some();
    let mut getopt = GetOpt::new(&names, arguments, operands_end_options);
    let mut request = Request::default();
    for item in getopt.by_ref() {
        match item {
            Item::Wrong(text) => return Err(Wrong::Usage(text)),
            Item::Option(index, given) => match &FLAGS[index].set {
                Set::Switch(set) => set(&mut request),
                Set::Value(set) => {
                    set(&mut request, given.as_deref().unwrap_or_default()).map_err(Wrong::Value)?;
                }
            },
        }
        // The first of these ends everything, as if nothing came after it.
        if request.show.is_some() {
            return Ok(request);
        }
    }
    let (mut expression, behind_dashes) = getopt.into_operands();
    if has_commands && request.captures() {
        request.live.command = behind_dashes;
    } else {
        expression.extend(behind_dashes);
    }
    request.expression = expression;
    request.settle().map_err(Wrong::Value)?;
    Ok(request)
}

/// Whether this is the long name of an option.
pub(crate) fn is_long_name(name: &str) -> bool {
    !name.is_empty() && FLAGS.iter().any(|flag| flag.names.long == name)
}

impl Request {
    /// Whether packets are captured from interfaces, rather than read.
    pub(crate) fn captures(&self) -> bool {
        self.read.is_none() && self.read_list.is_none()
    }

    /// Whether there can be a series of files.
    pub(crate) fn rotates(&self) -> bool {
        self.file_size.is_some() || self.file_seconds.is_some()
    }

    /// Whether packets are printed, rather than only written or counted.
    pub(crate) fn prints(&self) -> bool {
        (self.write.is_none() || self.print_too) && !self.only_count
    }

    /// Whether packets are written to standard output.
    pub(crate) fn writes_to_stdout(&self) -> bool {
        self.write.as_deref() == Some(OsStr::new("-"))
    }

    /// Checks options against each other, and makes of counted letters what they mean together.
    fn settle(&mut self) -> Result<(), String> {
        self.print.time = match self.time {
            0 => TimeFormat::TimeOfDay,
            1 => TimeFormat::None,
            2 => TimeFormat::Seconds,
            3 => TimeFormat::SincePrevious,
            4 => TimeFormat::Date,
            5 => TimeFormat::SinceFirst,
            _ => return Err("only -t, -tt, -ttt, -tttt and -ttttt are supported".to_owned()),
        };
        if self.hex > 0 && self.hex_ascii > 0 {
            return Err("-x[x] and -X[X] are mutually exclusive.".to_owned());
        }
        if self.ascii > 0 && self.hex_ascii > 0 {
            return Err("-A and -X[X] are mutually exclusive.".to_owned());
        }
        self.print.hex = match (self.hex_ascii, self.hex, self.ascii) {
            (0, 0, 0) => HexDump::None,
            (0, 0, count) => HexDump::Ascii { link_header: count > 1 },
            (0, count, _) => HexDump::Hex { link_header: count > 1 },
            (count, ..) => HexDump::HexAscii { link_header: count > 1 },
        };
        if self.foreign_numeric && !self.captures() {
            return Err("-f cannot be used with -V or -r.".to_owned());
        }
        if self.read.is_some() && self.read_list.is_some() {
            return Err("-V and -r are mutually exclusive.".to_owned());
        }
        if self.file_command.is_some() && (self.write.is_none() || !self.rotates()) {
            return Err("-z cannot be used without -w and (-C or -G).".to_owned());
        }
        Ok(())
    }
}

fn text(value: &OsStr) -> String {
    value.to_string_lossy().into_owned()
}

/// A whole number within bounds. Blanks and a sign may stand before it, as C reads numbers.
fn number(value: &OsStr, what: &str, minimum: u64, maximum: u64) -> Result<u64, String> {
    let value = text(value);
    let (negative, digits) = sign(&value);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("invalid {what} \"{value}\" (not a valid number)"));
    }
    let size = digits.parse::<u64>().ok().filter(|size| !negative || *size == 0);
    size.filter(|size| (minimum..=maximum).contains(size))
        .ok_or_else(|| format!("invalid {what} {value} (must be >= {minimum} and <= {maximum})"))
}

/// The same for numbers that have no sign.
fn unsigned(value: &OsStr, what: &str, maximum: u64) -> Result<u64, String> {
    if sign(&text(value)).0 {
        return Err(format!("invalid {what} \"{}\" (not a valid unsigned number)", text(value)));
    }
    number(value, what, 0, maximum)
        .map_err(|wrong| wrong.replace("a valid number", "a valid unsigned number"))
}

/// Whether a number has a minus sign, and what follows its sign.
fn sign(value: &str) -> (bool, &str) {
    let bare = value.trim_start();
    match bare.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, bare.strip_prefix('+').unwrap_or(bare)),
    }
}

fn direction(value: &OsStr) -> Result<Direction, String> {
    match value.to_ascii_lowercase().as_bytes() {
        b"in" => Ok(Direction::In),
        b"out" => Ok(Direction::Out),
        b"inout" => Ok(Direction::Both),
        _ => Err(format!("unknown capture direction '{}'", text(value))),
    }
}

fn time_stamp_type(value: &OsStr) -> Result<StampSource, String> {
    let name = text(value);
    StampSource::from_name(&name).ok_or_else(|| format!("invalid time stamp type {name}"))
}
