//! `wirescope recall`: packets from the audit trail, by time and filter; and whether the trail is as it was recorded.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use serde::Serialize;
use wirescope_trail::{
    Counts, Digest, Period, Query, Recall, RecallError, Span, TrailError, Verification, verify,
};

use super::input::shown;
use super::moment;
use super::output::Output;
use super::quantity::{bytes_text, plural};
use crate::dump::{Failure, Program, given, hint, messages};

/// The shortest trail whose verification shows its progress, in bytes.
const LONG_TRAIL: u64 = 256 << 20;

/// Packets from the audit trail: by time and filter, reading only what can have some
///
/// What `wirescope record` has recorded is read as far as it may have packets of the time asked for that pass the
/// filter, and printed as `wirescope dump` prints, or written with -w. How much of the trail was skipped is said on
/// standard error. Packets from a recorder at work are found too, up to a few seconds ago.
#[derive(clap::Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The trail's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Not before this moment: '2026-11-25 14:05', 14:05, -2h, now, RFC 3339 or seconds since 1970
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    from: Option<String>,
    /// Before this moment
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    to: Option<String>,
    /// Check instead that the trail is as it was recorded: every segment, every index, and the chain of the ledger
    #[arg(long, conflicts_with_all = ["from", "to", "write", "filter", "count"])]
    verify: bool,
    /// With --verify: the trail must still have this head, which --verify gave before
    #[arg(long, value_name = "SHA256", requires = "verify")]
    head: Option<Digest>,
    /// Write the packets to this file, as pcap or by its name pcapng, with their nanoseconds, instead of printing
    #[arg(short, long, value_name = "OUT")]
    write: Option<PathBuf>,
    /// Stop after so many packets
    #[arg(short, long, value_name = "PACKETS", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// No names, neither of hosts nor of ports
    #[arg(short, action = clap::ArgAction::Count)]
    numeric: u8,
    /// More of each packet; more often even more
    #[arg(short, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Less of each packet
    #[arg(short)]
    quick: bool,
    /// The link-layer header too
    #[arg(short = 'e')]
    link_header: bool,
    /// How times are printed, as dump's -t, -tt … -ttttt
    #[arg(short = 't', action = clap::ArgAction::Count)]
    time: u8,
    /// Sequence numbers as they are
    #[arg(short = 'S')]
    absolute: bool,
    /// Bytes in hexadecimal; twice with the link-layer header
    #[arg(short = 'x', action = clap::ArgAction::Count)]
    hex: u8,
    /// Bytes in hexadecimal and as characters; twice with the link-layer header
    #[arg(short = 'X', action = clap::ArgAction::Count)]
    hex_ascii: u8,
    /// Bytes as characters; twice with the link-layer header
    #[arg(short = 'A', action = clap::ArgAction::Count)]
    ascii: u8,
    /// A filter in tcpdump's language
    #[arg(value_name = "EXPR")]
    filter: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  wirescope recall --dir /var/trail --from 14:05 --to 14:06 -nn host 10.1.2.3
  wirescope recall --dir /var/trail --from -2h -w case.pcapng 'host 10.1.2.3 and port 22'
  wirescope recall --dir /var/trail --verify";

impl Arguments {
    /// The same, as `dump` takes it.
    fn dump_options(&self) -> Vec<OsString> {
        let mut options: Vec<OsString> = Vec::new();
        for (letter, times) in [
            ('n', self.numeric),
            ('v', self.verbose),
            ('q', u8::from(self.quick)),
            ('e', u8::from(self.link_header)),
            ('t', self.time),
            ('S', u8::from(self.absolute)),
            ('x', self.hex),
            ('X', self.hex_ascii),
            ('A', self.ascii),
        ] {
            options.extend((0..times).map(|_| OsString::from(format!("-{letter}"))));
        }
        if self.json {
            options.push("--json".into());
        }
        if let Some(count) = self.count {
            options.extend(["-c".into(), count.to_string().into()]);
        }
        if let Some(path) = &self.write {
            // Evidence keeps what was recorded.
            options.extend(["--nano".into(), "-w".into(), path.into()]);
        }
        options
    }

    fn period(&self, zone: &TimeZone) -> Result<Period, Failure> {
        let now = moment::now();
        let read = |option: &str, text: &Option<String>| {
            let time = text.as_ref().map(|text| moment::parse(text, now, zone)).transpose();
            time.map_err(|fault| Failure::Message {
                text: format!("{option}: {fault}"),
                hints: vec![moment::FORMS.to_owned()],
            })
        };
        let period = Period { from: read("--from", &self.from)?, to: read("--to", &self.to)? };
        match (period.from, period.to) {
            (Some(from), Some(to)) if from >= to => Err(Failure::message(format!(
                "--from {} is not before --to {}",
                moment::shown(from, zone),
                moment::shown(to, zone)
            ))),
            _ => Ok(period),
        }
    }
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let zone = TimeZone::system();
    if arguments.verify {
        return check(program, arguments, &zone);
    }
    let query =
        Query { period: arguments.period(&zone)?, filter: arguments.filter.join(" "), use_index: true };
    let mut recall = Recall::open(&arguments.dir, query).map_err(|error| match error {
        RecallError::Trail(error) => cannot_read(&arguments.dir, &error),
        RecallError::Filter(error) => Failure::Message { text: error.message, hints: error.hints },
    })?;
    // Without a packet nothing is created in the place of a file that may be there.
    let taken = if recall.find() { given::take(program, arguments.dump_options(), &mut recall)? } else { 0 };
    if let Some(error) = recall.failure() {
        return Err(Failure::Message { text: error.message.clone(), hints: error.hints.clone() });
    }
    for problem in recall.problems() {
        program.error(problem);
    }
    if taken == 0 {
        nothing_found(arguments, &recall, &zone);
    }
    messages::say(&account(taken, &recall.counts()));
    if recall.problems().is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    hint([format!(
        "wirescope recall --dir {} --verify tells what is wrong with the trail",
        shown(&arguments.dir)
    )]);
    Ok(ExitCode::FAILURE)
}

fn nothing_found(arguments: &Arguments, recall: &Recall, zone: &TimeZone) {
    let filter = if arguments.filter.is_empty() { "" } else { " that pass the filter" };
    let nothing = if arguments.write.is_some() { "; nothing is written" } else { "" };
    messages::say(&format!("no packets of that time{filter}{nothing}"));
    if let Some(span) = recall.span() {
        hint([format!("the trail has packets {}", between(span, zone))]);
    }
}

fn between(span: Span, zone: &TimeZone) -> String {
    format!("from {} to {}", moment::shown(span.first, zone), moment::shown(span.last, zone))
}

/// What was read and what was not, in a line.
fn account(taken: u64, counts: &Counts) -> String {
    let share = 100.0 * counts.bytes_read as f64 / counts.bytes.max(1) as f64;
    let fresh = match counts.unsealed_packets {
        0 => String::new(),
        packets => format!(" ({packets} of them not sealed yet)"),
    };
    format!(
        "{taken} packet{}{fresh}; {} of {} segments skipped, {} block{} read; {} of {} bytes read ({share:.2} %)",
        plural(taken),
        counts.segments - counts.segments_read,
        counts.segments,
        counts.blocks_read,
        plural(counts.blocks_read),
        counts.bytes_read,
        counts.bytes,
    )
}

fn cannot_read(dir: &Path, error: &TrailError) -> Failure {
    let hints = match error {
        TrailError::NoTrail(_) => {
            vec![format!("wirescope record -i INTERFACE --dir {} begins one", shown(dir))]
        }
        _ => Vec::new(),
    };
    Failure::Message { text: error.to_string(), hints }
}

/// Checks the trail and tells what is wrong with it.
fn check(program: &Program, arguments: &Arguments, zone: &TimeZone) -> Result<ExitCode, Failure> {
    let mut bar = None;
    let mut progress = |done: u64, total: u64| {
        let bar = bar.get_or_insert_with(|| progress_bar(total));
        bar.set_position(done);
    };
    let found = verify(&arguments.dir, arguments.head, &mut progress)
        .map_err(|error| cannot_read(&arguments.dir, &error))?;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    if arguments.json {
        let mut output = Output::plain();
        output.json(&Report::of(&found))?;
        output.finish()?;
    } else {
        let mut output = Output::styled();
        output.text(verdict(&found, zone), "")?;
        output.finish()?;
        for fault in &found.faults {
            program.error(&format!("{}: {}: {}", shown(&fault.path), fault.kind.name(), fault.text));
        }
    }
    Ok(if found.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn progress_bar(total: u64) -> ProgressBar {
    let bar = if total >= LONG_TRAIL { ProgressBar::new(total) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes} of {total_bytes}, {eta} to go") {
        bar.set_style(style);
    }
    bar
}

fn verdict(found: &Verification, zone: &TimeZone) -> String {
    let mut text = match found.faults.len() {
        0 => "The trail is as it was recorded.\n".to_owned(),
        1 => "The trail is not as it was recorded: 1 fault.\n".to_owned(),
        count => format!("The trail is not as it was recorded: {count} faults.\n"),
    };
    let when = found.span.map_or(String::new(), |span| format!(", {}", between(span, zone)));
    let mut line = |name: &str, value: String| text.push_str(&format!("{name:<10}{value}\n"));
    let size = bytes_text(found.bytes);
    let segments = |count: u64| format!("{count} segment{}", plural(count));
    let packets = |count: u64| format!("{count} packet{}", plural(count));
    line("good", format!("{} with {}, {size}{when}", segments(found.segments), packets(found.packets)));
    if found.retired > 0 {
        line("retired", format!("{}, as --keep asked and the ledger tells", segments(found.retired)));
    }
    if found.recovered > 0 {
        line("recovered", format!("{} of recorders that were interrupted", segments(found.recovered)));
    }
    for unsealed in &found.unsealed {
        let (path, packets) = (shown(&unsealed.path), packets(unsealed.packets));
        line("unsealed", format!("{path} with {packets}, secured by no sum"));
    }
    line("ledger", format!("{} entries", found.entries));
    line("head", found.head.to_string());
    text
}

/// The result of a check, for programs.
#[derive(Serialize)]
struct Report<'a> {
    good: bool,
    segments: u64,
    packets: u64,
    bytes: u64,
    retired: u64,
    recovered: u64,
    unsealed_packets: u64,
    entries: u64,
    head: Digest,
    faults: Vec<ReportedFault<'a>>,
}

#[derive(Serialize)]
struct ReportedFault<'a> {
    kind: &'static str,
    path: String,
    text: &'a str,
}

impl Report<'_> {
    fn of(found: &Verification) -> Report<'_> {
        let fault = |fault: &'_ wirescope_trail::Fault| (fault.kind.name(), shown(&fault.path));
        let faults = found.faults.iter().map(|found| {
            let (kind, path) = fault(found);
            ReportedFault { kind, path, text: &found.text }
        });
        Report {
            good: found.faults.is_empty(),
            segments: found.segments,
            packets: found.packets,
            bytes: found.bytes,
            retired: found.retired,
            recovered: found.recovered,
            unsealed_packets: found.unsealed.iter().map(|unsealed| unsealed.packets).sum(),
            entries: found.entries,
            head: found.head,
            faults: faults.collect(),
        }
    }
}
