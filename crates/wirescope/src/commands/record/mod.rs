//! `wirescope record`: packets into an audit trail, live or from captures.

mod import;
mod live;
mod storage;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use serde::Serialize;
use wirescope_trail::{Recorded, Recorder, Recovery, Rules, TrailError};

use super::input::shown;
use super::moment;
use super::output::Output;
use super::quantity::{self, Keep, bytes_text, plural};
use crate::dump::{Failure, Program, hint, messages};
use crate::live::parse_duration;

/// A trail that may take so much has at least so many segments, so that room is made in small steps.
const SEGMENTS_MINIMUM: u64 = 16;
/// The smallest segment that this makes, in bytes.
const SEGMENT_MINIMUM: u64 = 1 << 20;

/// Record packets into an audit trail: compressed, indexed, chained, kept as long as there is room
///
/// The trail is a folder of .pcapng.zst files that any tool reads. Each is sealed once it is complete, has an index by
/// which `wirescope recall` finds packets without reading everything, and is entered into a ledger in which every line
/// secures the ones before. INT or TERM seals what there is and ends; USR1 prints the counts. A recorder that was killed
/// loses at most the last seconds: the next one seals what is whole.
#[derive(clap::Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Record from this interface, by name or by number; may be given several times
    #[arg(short, long, value_name = "IF", required_unless_present = "read", conflicts_with = "read")]
    interface: Vec<OsString>,
    /// Record the packets of this capture instead, - for standard input; may be given several times
    #[arg(short, long, value_name = "FILE")]
    read: Vec<PathBuf>,
    /// The trail's folder, which is made where it is missing
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// How much is kept: a size (500GB), an age (7d), or both by giving it twice; the oldest segments go first
    #[arg(long, value_name = "SIZE|AGE", value_parser = quantity::keep)]
    keep: Vec<Keep>,
    /// Seal a segment that has this size, compressed
    #[arg(long, value_name = "SIZE", default_value = "64MB", value_parser = quantity::size)]
    segment_size: u64,
    /// Seal a segment that is this old: seconds, or with ms, s, m, h, d or w
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = parse_duration)]
    segment_age: Duration,
    /// Stop after so many packets
    #[arg(short, long, value_name = "PACKETS", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// Stop after this time, written likewise
    #[arg(long, value_name = "TIME", value_parser = parse_duration, conflicts_with = "read")]
    duration: Option<Duration>,
    /// Keep so many bytes of each packet
    #[arg(short, long, value_name = "BYTES", conflicts_with = "read")]
    snapshot_length: Option<u32>,
    /// Memory of the kernel for packets that wait, for each interface, in units of 1,024 bytes
    #[arg(short = 'B', long, value_name = "KIB", default_value_t = 16_384, value_parser = clap::value_parser!(u32).range(1..=1 << 21), conflicts_with = "read")]
    buffer_size: u32,
    /// Take only what is for this machine
    #[arg(short = 'p', long, conflicts_with = "read")]
    no_promiscuous_mode: bool,
    /// Become this user once the interfaces are open [default: who ran sudo]
    #[arg(short = 'Z', long, value_name = "USER", conflicts_with = "read")]
    relinquish_privileges: Option<String>,
    /// Keep the rights to open files and to make any system call
    #[arg(long, conflicts_with = "read")]
    no_sandbox: bool,
    /// The counts at the end as a JSON object on standard output
    #[arg(long)]
    json: bool,
    /// Record only what passes this filter, in tcpdump's language
    #[arg(value_name = "EXPR")]
    filter: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  sudo wirescope record -i eth0 --dir /var/trail --keep 500GB --keep 30d
  sudo wirescope record -i eth0 --dir /var/trail 'not port 443'
  wirescope record -r monday.pcap -r tuesday.pcap.gz --dir trail";

impl Arguments {
    fn expression(&self) -> String {
        self.filter.join(" ")
    }

    fn rules(&self) -> Rules {
        let mut rules = Rules {
            segment_bytes: self.segment_size,
            segment_age: self.segment_age,
            keep_bytes: None,
            keep_age: None,
        };
        // Of two sizes or ages the smaller one asks for more.
        for keep in &self.keep {
            match keep {
                Keep::Bytes(bytes) => {
                    rules.keep_bytes = Some(rules.keep_bytes.map_or(*bytes, |known| known.min(*bytes)));
                }
                Keep::Age(age) => {
                    rules.keep_age = Some(rules.keep_age.map_or(*age, |known| known.min(*age)));
                }
            }
        }
        if let Some(keep) = rules.keep_bytes {
            let most = (keep / SEGMENTS_MINIMUM).max(SEGMENT_MINIMUM);
            rules.segment_bytes = rules.segment_bytes.min(most);
        }
        rules
    }

    /// Opens the trail, and says what an interrupted recorder had left.
    fn open(&self) -> Result<Recorder, Failure> {
        let (recorder, Recovery { packets, lost_bytes }) =
            Recorder::open(&self.dir, self.rules(), moment::now()).map_err(|error| self.failure(&error))?;
        if packets > 0 || lost_bytes > 0 {
            messages::say(&format!(
                "the last recorder was interrupted: {packets} packets of its last segment are sealed now, {lost_bytes} bytes behind them were not whole"
            ));
        }
        Ok(recorder)
    }

    /// What went wrong with the trail, and what to do.
    fn failure(&self, error: &TrailError) -> Failure {
        let dir = shown(&self.dir);
        let hints = match error {
            TrailError::Locked(_) => vec!["give each recorder a folder of its own with --dir".to_owned()],
            TrailError::NotEmpty(_) => vec!["name a new or an empty folder with --dir".to_owned()],
            TrailError::Ledger { .. } => {
                vec![
                    format!("wirescope recall --dir {dir} --verify tells what is wrong"),
                    "record into a new folder, and keep this one as it is".to_owned(),
                ]
            }
            TrailError::File { error, .. } if error.kind() == std::io::ErrorKind::PermissionDenied => {
                vec![format!(
                    "the trail is written as the user who ran sudo or whom -Z names, who needs {dir}; -Z root stays root"
                )]
            }
            error if error.is_full() && self.keep.is_empty() => {
                vec![
                    "--keep SIZE has the oldest segments make room before the disk is full".to_owned(),
                    "all sealed segments are whole; once there is room the next recorder seals the rest"
                        .to_owned(),
                ]
            }
            error if error.is_full() => {
                vec!["all sealed segments are whole; a smaller --keep leaves room on the disk".to_owned()]
            }
            _ => Vec::new(),
        };
        Failure::Message { text: error.to_string(), hints }
    }

    /// Tells the counts at the end.
    fn account(&self, counts: &FinalCounts) -> Result<(), Failure> {
        if self.json {
            let mut output = Output::plain();
            output.json(counts)?;
            return output.finish();
        }
        messages::say(&counts.text());
        Ok(())
    }
}

/// The counts of a recording.
#[derive(Clone, Copy, Default, Serialize)]
struct FinalCounts {
    packets: u64,
    /// What the kernel, the interfaces and at last the disk had no room for; `None` where nothing was captured.
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<u64>,
    packet_bytes: u64,
    written_bytes: u64,
    segments_sealed: u64,
    segments_retired: u64,
}

impl FinalCounts {
    fn new(recorded: &Recorded, lost: Option<u64>) -> FinalCounts {
        FinalCounts {
            packets: recorded.packets,
            lost,
            packet_bytes: recorded.plain_bytes,
            written_bytes: recorded.bytes,
            segments_sealed: recorded.sealed,
            segments_retired: recorded.retired,
        }
    }

    fn text(&self) -> String {
        let lost = self.lost.map_or(String::new(), |lost| format!(", {lost} lost"));
        let retired = match self.segments_retired {
            0 => String::new(),
            retired => format!(", {retired} retired"),
        };
        format!(
            "{} packet{} recorded{lost}; {} in {} on disk; {} segment{} sealed{retired}",
            self.packets,
            plural(self.packets),
            bytes_text(self.packet_bytes),
            bytes_text(self.written_bytes),
            self.segments_sealed,
            plural(self.segments_sealed)
        )
    }
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if arguments.read.is_empty() {
        live::record(program, arguments)
    } else {
        import::record(program, arguments)
    }
}

/// Says that something went wrong, where more is still to be done.
fn tell(program: &Program, failure: Failure) {
    if let Failure::Message { text, hints } = failure {
        program.error(&text);
        hint(hints);
    }
}
