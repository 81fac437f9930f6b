//! The command line of `wirescope filter`.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};
use wirescope_capture::MAXIMUM_SNAPSHOT_LEN;
use wirescope_filter::Options;
use wirescope_wire::LinkType;

use super::Failure;
use super::count::Capture;

/// Explain a filter expression: its terms in words, what is probably wrong with it, and the program it becomes.
///
/// The expression is one of tcpdump's, as `man pcap-filter` describes it. Put it between quotes, so that the shell
/// leaves its parentheses and signs alone.
///
/// Terms are joined from left to right: `and` binds no tighter than `or`, `not` binds tightest. A bare name, address or
/// number takes over the words before it: `host a or b` is `host a or host b`.
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The filter expression
    #[arg(value_name = "EXPRESSION", required = true, allow_hyphen_values = false)]
    pub(super) expression: Vec<String>,

    /// Count how many packets of this capture each term passes; may be given several times
    ///
    /// A term is counted as if it stood alone, but at its place: with the words it takes over, and behind `vlan` and
    /// its like among packets that have such a header. `-` is standard input.
    #[arg(short, long, value_name = "FILE")]
    pub(super) read: Vec<PathBuf>,

    /// Stop after this many packets of each capture
    #[arg(short, long, value_name = "PACKETS", requires = "read")]
    pub(super) count: Option<u64>,

    /// Compile for this link type, such as EN10MB, RAW or LINUX_SLL [default: that of the capture, or EN10MB]
    #[arg(short = 'y', long, value_name = "TYPE")]
    pub(super) linktype: Option<String>,

    /// How many bytes of each packet are captured [default: that of the capture, or 262144]
    #[arg(short, long, value_name = "BYTES")]
    pub(super) snapshot_length: Option<u32>,

    /// Do not optimize the program
    #[arg(short = 'O', long)]
    pub(super) no_optimize: bool,

    /// How the program is shown
    #[arg(long, value_name = "FORM", value_enum, default_value_t = Form::Assembly)]
    pub(super) program: Form,

    /// Show only the program: once for people, twice for C, three times as numbers
    #[arg(short = 'd', action = ArgAction::Count)]
    pub(super) only_program: u8,

    /// Write one JSON object
    ///
    /// Its members: expression, link_type, snapshot_length, optimized; terms (each with id, depth, start, end, source,
    /// meaning, group); findings (rule, severity, message, start, end, advice); program (instructions of four
    /// numbers: code, jt, jf, k) or error; captures (file, link_type, packets, passed, terms with id and packets).
    /// Members may be added, none is renamed or taken away.
    #[arg(long)]
    pub(super) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  wirescope filter 'tcp[13] == 18'
      what the byte is, and which packets with ECN bits it misses
  wirescope filter 'host 10.0.0.1 or vlan and port 53'
      how the terms are joined, and what vlan does to those behind it
  wirescope filter -r trace.pcap 'tcp and dst port 80 and not src net 10.0.0.0/8'
      at which term the packets are lost
  wirescope filter -y RAW -dd 'icmp'
      the program for a C source";

/// How a program is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Form {
    /// For people, as tcpdump -d
    Assembly,
    /// The members of a C array, as tcpdump -dd
    C,
    /// Decimal numbers, as tcpdump -ddd
    Decimal,
    /// Not at all
    None,
}

impl Arguments {
    /// What the expression is compiled for.
    pub(super) fn options(&self, capture: Option<&Capture>) -> Result<Options, Failure> {
        let mut options = capture.map_or_else(|| Options::new(LinkType::EN10MB), Capture::options);
        if let Some(name) = &self.linktype {
            let known = LinkType::from_name(name);
            options.link = known.ok_or_else(|| Failure::Message(format!("invalid data link type {name}")))?;
        }
        self.apply(&mut options);
        Ok(options)
    }

    /// What holds for any link type.
    pub(super) fn apply(&self, options: &mut Options) {
        if let Some(bytes) = self.snapshot_length {
            options.snaplen = if bytes == 0 { MAXIMUM_SNAPSHOT_LEN } else { bytes.min(MAXIMUM_SNAPSHOT_LEN) };
        }
        options.optimise = !self.no_optimize;
    }

    /// The form to show the program in.
    pub(super) fn form(&self) -> Form {
        match self.only_program {
            0 => self.program,
            1 => Form::Assembly,
            2 => Form::C,
            _ => Form::Decimal,
        }
    }
}
