//! `wirescope detect`: rules in Snort's language over captures, alerts in the forms that Snort writes.

mod log;

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use wirescope_detect::engine::{Alert, Engine};
use wirescope_detect::language::Checksums;
use wirescope_report::alerts::AlertObject;
use wirescope_report::snort::{self, AlertText, Breakdown, Clock, Form, Totals};
use wirescope_wire::Packet;

use super::input::Input;
use super::output::Output;
use super::rules::{self, Rules};
use crate::dump::{Failure, Program};
use log::Log;

/// Alerts: rules in Snort's language, run over captures
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// A rule file or a snort.conf; several are read one after the other, and without any the rules that come with
    /// the program are run
    #[arg(short = 'c', value_name = "RULES")]
    rules: Vec<PathBuf>,
    /// How alerts are written
    #[arg(short = 'A', value_enum, value_name = "MODE", default_value_t = Mode::Full)]
    mode: Mode,
    /// Say nothing but the alerts
    #[arg(short)]
    quiet: bool,
    /// Times in UTC instead of local time
    #[arg(short = 'U')]
    utc: bool,
    /// Times with the year
    #[arg(short = 'y')]
    year: bool,
    /// Show the Ethernet header in full alerts
    #[arg(short = 'e')]
    link: bool,
    /// Which checksums must be right for a packet to be inspected, whatever the rule files say
    #[arg(short = 'k', value_enum, value_name = "CHECKSUMS")]
    checksums: Option<ChecksumMode>,
    /// Write the alerts into this folder, and a capture of the packets that they are about
    #[arg(short = 'l', value_name = "FOLDER")]
    log: Option<PathBuf>,
    /// Print the totals that Snort prints at exit
    #[arg(long, conflicts_with = "json")]
    classic_summary: bool,
    /// Leave out rules that ask for what is not supported, and count them
    #[arg(long)]
    lenient: bool,
    /// Read the rules and say what is wrong with them; no capture is read
    #[arg(long)]
    check: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Mode {
    /// Several lines each: the headers, and where to read more
    Full,
    /// A line each
    Fast,
    /// A line each, written as it comes, also beside -l
    Console,
    /// None
    None,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
#[value(rename_all = "lower")]
enum ChecksumMode {
    All,
    None,
    NoIp,
    NoTcp,
    NoUdp,
    NoIcmp,
}

impl From<ChecksumMode> for Checksums {
    fn from(mode: ChecksumMode) -> Checksums {
        match mode {
            ChecksumMode::All => Checksums::ALL,
            ChecksumMode::None => Checksums::NONE,
            ChecksumMode::NoIp => Checksums { ip: false, ..Checksums::ALL },
            ChecksumMode::NoTcp => Checksums { tcp: false, ..Checksums::ALL },
            ChecksumMode::NoUdp => Checksums { udp: false, ..Checksums::ALL },
            ChecksumMode::NoIcmp => Checksums { icmp: false, ..Checksums::ALL },
        }
    }
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let checksums = arguments.checksums.map(Checksums::from);
    let memory = arguments.input.memory_bytes();
    let rules = rules::load(&arguments.rules, arguments.lenient, checksums, memory)?;
    if arguments.check {
        return check(&rules);
    }
    if !arguments.quiet {
        say_what_was_left_out(program, &rules);
    }
    let mut engine = rules.engine;
    let mut breakdown = Breakdown::new(engine.rules().config.checksums);
    let mut alerts = Alerts::new(arguments, &engine)?;
    let mut left = arguments.input.limit();
    let passed = arguments.input.each_packet_until(program, |number, packet| {
        if arguments.classic_summary {
            breakdown.packet(packet);
        }
        alerts.packet(&mut engine, number, packet);
        left -= 1;
        // Where nobody reads the alerts any more, a capture that goes on has no end to wait for.
        let is_done = left == 0 || alerts.failed.is_some();
        if is_done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    let mut output = alerts.finish(&mut engine, program)?;
    if arguments.classic_summary {
        let (counts, statistics) = (engine.counts(), engine.statistics());
        snort::add_rebuilt(&mut breakdown, &statistics);
        output.write(snort::totals(&Totals { breakdown: &breakdown, dropped: 0 }).as_bytes())?;
        output.write(snort::statistics(&breakdown, &counts, &statistics).as_bytes())?;
    } else if !arguments.quiet && !arguments.input.json {
        say_totals(program, &engine, passed.taken);
    }
    output.finish()?;
    Ok(passed.status)
}

/// What `--check` finds; what is wrong was said while the rules were read.
fn check(rules: &Rules) -> Result<ExitCode, Failure> {
    let set = rules.engine.rules();
    let mut output = Output::plain();
    output.write(format!("{} can be run\n", count(rules.usable as u64, "rule")).as_bytes())?;
    if rules.skipped > 0 {
        let skipped = count(rules.skipped as u64, "rule");
        output.write(format!("{skipped} left out, for want of what they ask for\n").as_bytes())?;
    }
    if set.replaced > 0 {
        let replaced = count(set.replaced as u64, "rule");
        output.write(format!("{replaced} left out, since another has the same number\n").as_bytes())?;
    }
    if !set.config.ignored.is_empty() {
        output.write(format!("without effect here: {}\n", ignored(rules)).as_bytes())?;
    }
    output.finish()?;
    Ok(ExitCode::SUCCESS)
}

fn say_what_was_left_out(program: &Program, rules: &Rules) {
    if rules.skipped > 0 {
        let skipped = count(rules.skipped as u64, "rule");
        program.error(&format!("{skipped} left out, for want of what they ask for"));
    }
    if rules.engine.rules().replaced > 0 {
        let replaced = count(rules.engine.rules().replaced as u64, "rule");
        program.error(&format!("{replaced} left out, since another has the same number"));
    }
    if !rules.engine.rules().config.ignored.is_empty() {
        program.error(&format!("what of the rules has no effect here: {}", ignored(rules)));
    }
}

/// What had no effect, each once.
fn ignored(rules: &Rules) -> String {
    let mut kinds = rules.engine.rules().config.ignored.clone();
    kinds.sort();
    kinds.join(", ")
}

fn say_totals(program: &Program, engine: &Engine, packets: u64) {
    let counts = engine.counts();
    program.error(&format!("{} in {}", count(counts.alerts, "alert"), count(packets, "packet")));
    if counts.bad_checksums > 0 {
        let bad = count(counts.bad_checksums, "packet");
        program.error(&format!("{bad} not inspected, for wrong checksums"));
        crate::dump::hint([
            "-k none inspects them all; a capture made on the sending host needs it".to_owned()
        ]);
    }
    if counts.evicted > 0 {
        program.error(&format!("{} conversations, datagrams and counters had to make room", counts.evicted));
    }
    if counts.cut_short > 0 {
        program.error(&format!("{} searches took too long and were ended", counts.cut_short));
    }
}

/// A number with its noun.
fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Where alerts go. The first failure stays, and nothing is written after it.
struct Alerts {
    output: Output,
    json: bool,
    /// Whether each alert is handed on at once.
    at_once: bool,
    /// The text of alerts for standard output, and for the folder.
    text: Option<AlertText>,
    to_output: bool,
    log: Option<Log>,
    failed: Option<Failure>,
    buffer: String,
}

impl Alerts {
    fn new(arguments: &Arguments, engine: &Engine) -> Result<Alerts, Failure> {
        let clock = Clock { utc: arguments.utc, year: arguments.year };
        let form = match arguments.mode {
            Mode::Full => Some(Form::Full),
            Mode::Fast | Mode::Console => Some(Form::Fast),
            Mode::None => None,
        };
        let log = match &arguments.log {
            Some(folder) => Some(Log::create(folder, form.is_some())?),
            None => None,
        };
        Ok(Alerts {
            output: Output::plain(),
            json: arguments.input.json,
            at_once: arguments.mode == Mode::Console
                || arguments.input.is_live()
                || std::io::stdout().is_terminal(),
            text: form.map(|form| AlertText::new(form, clock, arguments.link, engine.rules())),
            to_output: log.is_none() || arguments.mode == Mode::Console,
            log,
            failed: None,
            buffer: String::new(),
        })
    }

    fn packet(&mut self, engine: &mut Engine, number: u64, packet: &Packet<'_>) {
        if let Some(Err(failure)) = self.log.as_mut().map(|log| log.packet(number, packet)) {
            self.failed = Some(failure);
        }
        engine.packet(number, packet, &mut |alert| self.alert(alert, Some(packet)));
    }

    fn alert(&mut self, alert: &Alert<'_>, packet: Option<&Packet<'_>>) {
        if self.failed.is_none()
            && let Err(failure) = self.write(alert, packet)
        {
            self.failed = Some(failure);
        }
    }

    fn write(&mut self, alert: &Alert<'_>, packet: Option<&Packet<'_>>) -> Result<(), Failure> {
        self.buffer.clear();
        if let Some(text) = &mut self.text {
            text.write(&mut self.buffer, alert, packet);
        }
        if let Some(log) = &mut self.log {
            log.alert(&self.buffer, alert.packets)?;
        }
        if self.json {
            self.output.json(&AlertObject::new(alert))?;
        } else if self.to_output {
            self.output.write(self.buffer.as_bytes())?;
        }
        if self.at_once {
            self.output.flush_now()?;
        }
        Ok(())
    }

    /// Writes what comes when no packets are left, and gives the output back.
    fn finish(mut self, engine: &mut Engine, program: &Program) -> Result<Output, Failure> {
        engine.finish(&mut |alert| self.alert(alert, None));
        if let Some(failure) = self.failed {
            return Err(failure);
        }
        if let Some(log) = self.log {
            let missed = log.missed;
            log.finish()?;
            if missed > 0 {
                program.error(&format!("{missed} packets of alerts were gone when they were wanted"));
            }
        }
        Ok(self.output)
    }
}
