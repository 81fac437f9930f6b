//! Packets captured live: set up, rights given up, and the loop over packets and events.

use std::io::IsTerminal;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use wirescope_capture::live::{LiveCapture, LiveError, LiveOptions, ipv4_network};
use wirescope_capture::sandbox::Profile;
use wirescope_capture::{MAXIMUM_SNAPSHOT_LEN, Outcome, Source};

use super::command::shown;
use super::filter::{Expression, Target};
use super::finished::Finished;
use super::options::Request;
use super::output::Output;
use super::pass::{End, Pass};
use super::printer::Printer;
use super::writer::Writer;
use super::{Failure, Program, hint, messages, reason};
use crate::live::events::{Event, Handlers};
use crate::live::interfaces::{failure, names};
use crate::live::losses::Losses;
use crate::live::privileges::{self, Protection};

/// Bytes in the unit of `-B`.
const KIB: u32 = 1024;
/// How often `-v` must be given to be told what protects the machine.
const VERBOSE_ENOUGH: u8 = 3;
/// How long a command may take to end after a signal that was for it too.
const COMMAND_GRACE: Duration = Duration::from_secs(1);
/// The status of a program that a shell reports for one that a signal ended, less the signal.
const STATUS_OF_SIGNAL: i32 = 128;

/// Captures, and gives the exit status: that of the command, if there is one.
pub(crate) fn capture(program: &Program, request: &Request) -> Result<ExitCode, Failure> {
    let cannot = |error: LiveError| failure(program, &error);
    let names = names(&request.live.interfaces).map_err(cannot)?;
    let mut capture = open(program, request, &names)?;
    let expression = Expression::gather(request)?;
    let mut listing = String::new();
    for (number, interface) in capture.interfaces().to_vec().iter().enumerate() {
        let mask = interface.name.as_deref().and_then(ipv4_network).map(|(_, mask)| mask);
        let filter = expression.compile(&Target::of_interface(request, interface, mask))?;
        if number == 0 {
            listing = filter.listing(request.show_filter);
        }
        // Where the kernel lacks a word for it, the capture filters what it hands out, with the same result.
        capture.set_filter_of(number, filter.program()).map_err(cannot)?;
    }
    if request.show_filter > 0 {
        return shown(&listing);
    }
    let handlers = Handlers::install()?;
    capture.start().map_err(cannot)?;
    let (pass, protection, command) = prepare(request, program, &capture)?;
    announce(program, request, &capture);
    if request.status || request.print.verbose >= VERBOSE_ENOUGH {
        messages::say(&protection.to_string());
    }
    let has_command = command.is_some();
    let events = handlers.watch(&capture.stop_handle(), request.live.duration, command);
    let is_seen = request.prints() && std::io::stdout().is_terminal();
    let losses = Losses::new(request.live.stats_json, !is_seen);
    let run = Run { program, request, capture, events, losses, command: None, closed_by: None };
    run.complete(pass, has_command)
}

/// Opens the interfaces, and says what of the request could not be had.
fn open(program: &Program, request: &Request, names: &[String]) -> Result<LiveCapture, Failure> {
    let defaults = LiveOptions::default();
    let live = &request.live;
    let options = LiveOptions {
        snapshot_len: request.snapshot_len.unwrap_or(MAXIMUM_SNAPSHOT_LEN),
        promiscuous: !live.no_promiscuous,
        monitor: live.monitor,
        direction: live.direction.unwrap_or_default(),
        buffer_len: live.buffer_kib.map_or(defaults.buffer_len, |kib| kib.saturating_mul(KIB)),
        immediate: live.immediate || (request.prints() && std::io::stdout().is_terminal()),
        link: request.link,
        stamp_source: live.time_stamp_type.unwrap_or_default(),
        ..defaults
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let capture = LiveCapture::open(&names, &options).map_err(|error| failure(program, &error))?;
    for warning in capture.warnings() {
        program.error(&format!("WARNING: {warning}"));
    }
    let link = capture.properties().link;
    if let Some(name) = link.name().filter(|_| request.link.is_some() || is_cooked_for_all(&names)) {
        program.error(&format!("data link type {name}"));
    }
    Ok(capture)
}

/// Whether the link type is one that was chosen for want of a link.
fn is_cooked_for_all(names: &[&str]) -> bool {
    names == [wirescope_capture::live::ANY]
}

/// Gives up what is not needed any more, in the order that lets everything asked for still be had.
fn prepare(
    request: &Request,
    program: &Program,
    capture: &LiveCapture,
) -> Result<(Pass, Protection, Option<Child>), Failure> {
    let named = request.user.as_ref().map(|user| user.to_string_lossy().into_owned());
    let user = privileges::become_user(named.as_deref())?;
    let command = start_command(request)?;
    let path = request.write.as_deref().map(Path::new);
    privileges::give_up_capabilities(path, request.rotates())?;
    let finished = Finished::outside(program, request.file_command.as_ref())?;
    let mut writer = Writer::create(request, capture.properties(), finished)?;
    if let Some(writer) = &mut writer {
        writer.declare(capture.interfaces());
    }
    let mut printer = Printer::new(request)?;
    if let Some(printer) = &mut printer {
        printer.require(capture.properties())?;
        printer.show_interfaces(capture.interfaces());
    }
    let series = path.filter(|path| request.rotates() && *path != Path::new("-"));
    let profile = Profile {
        read_beneath: Vec::new(),
        write_beneath: series.map(privileges::folder).into_iter().collect(),
        look_up_names: printer.is_some() && !request.print.numeric,
        wait_for_programs: command.is_some(),
    };
    let protection = Protection::enter(user, (!request.live.no_sandbox).then_some(profile));
    let pass = Pass {
        filter: None,
        writer,
        printer,
        taken: 0,
        skip: request.skip,
        count: request.count.unwrap_or(u64::MAX),
        sampling: request.sampling.unwrap_or(1),
    };
    Ok((pass, protection, command))
}

/// Starts the command for whose lifetime to capture.
fn start_command(request: &Request) -> Result<Option<Child>, Failure> {
    let Some((name, arguments)) = request.live.command.split_first() else { return Ok(None) };
    Command::new(name).args(arguments).spawn().map(Some).map_err(|error| Failure::Message {
        text: format!("{}: {}", name.to_string_lossy(), reason(&error)),
        hints: vec![
            "what stands behind -- is a command to capture for; a filter stands before it".to_owned(),
        ],
    })
}

/// Says that packets are captured now, in the words that scripts wait for.
fn announce(program: &Program, request: &Request, capture: &LiveCapture) {
    let printed_plainly = request.print.verbose == 0 && request.write.is_none();
    if printed_plainly {
        program.error("verbose output suppressed, use -v[v]... for full protocol decode");
    }
    for (number, interface) in capture.interfaces().iter().enumerate() {
        let text = messages::listening_on(interface);
        if number == 0 && !printed_plainly {
            program.error(&text);
        } else {
            messages::say(&text);
        }
    }
}

/// What ended a capture that was going on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ClosedBy {
    Signal,
    Other,
}

/// A capture that runs.
struct Run<'a> {
    program: &'a Program,
    request: &'a Request,
    capture: LiveCapture,
    events: Receiver<Event>,
    losses: Losses,
    /// How the command ended.
    command: Option<ExitStatus>,
    closed_by: Option<ClosedBy>,
}

impl Run<'_> {
    /// Goes over all packets until the capture ends, completes what is being written, and tells the counts.
    fn complete(mut self, mut pass: Pass, has_command: bool) -> Result<ExitCode, Failure> {
        let went = self.go_on(&mut pass);
        let captured = pass.taken;
        let finished = match went {
            // Whoever read the output is gone; nothing is to be said to anybody.
            Err(Failure::OutputClosed) => return Err(Failure::OutputClosed),
            Ok(_) => pass.finish().map(drop),
            Err(_) => Ok(()),
        };
        if self.closed_by == Some(ClosedBy::Signal) && self.request.write.is_none() && !self.request.json {
            // As tcpdump does, in case a line was being printed.
            Output::new(false)?.write(b"\n")?;
        }
        self.losses.conclude(captured, &mut self.capture);
        let status =
            went.and_then(|status| finished.map(|()| status)).map_err(|failure| self.explain(failure))?;
        Ok(if has_command { self.command_status() } else { status })
    }

    /// The loop: packets until something interrupts them, then what did.
    fn go_on(&mut self, pass: &mut Pass) -> Result<ExitCode, Failure> {
        let last = pass.last();
        loop {
            // The pass counts anew each time.
            pass.count = last - pass.skip.max(pass.taken);
            match pass.run(&mut self.capture)? {
                End::Damaged(error) => {
                    self.losses.clear();
                    self.program.error(&format!("pcap_loop: {error}"));
                    return Ok(ExitCode::FAILURE);
                }
                End::FilesFull => return Ok(self.files_full()),
                End::Complete if pass.taken >= last || self.capture.is_ended() => {
                    return Ok(ExitCode::SUCCESS);
                }
                End::Complete => {}
            }
            while let Ok(event) = self.events.try_recv() {
                self.meet(&event, pass.taken)?;
            }
            if let Some(writer) = &mut pass.writer
                && writer.pass_time()? == Outcome::LimitReached
            {
                return Ok(self.files_full());
            }
        }
    }

    fn meet(&mut self, event: &Event, captured: u64) -> Result<(), Failure> {
        let closed_by = match event {
            Event::Second => {
                self.losses.refresh(captured, &mut self.capture);
                return Ok(());
            }
            Event::Report => {
                self.losses.tell(&self.program.name, captured, &mut self.capture);
                return Ok(());
            }
            Event::End => ClosedBy::Signal,
            Event::TimeIsUp => ClosedBy::Other,
            Event::CommandEnded(status) => {
                self.command = Some(*status);
                ClosedBy::Other
            }
        };
        self.closed_by = self.closed_by.or(Some(closed_by));
        self.capture.close().map_err(|error| failure(self.program, &error))
    }

    fn files_full(&mut self) -> ExitCode {
        self.losses.clear();
        let limit = self.request.file_count.unwrap_or_default();
        messages::say(&format!("Maximum file limit reached: {limit}"));
        ExitCode::SUCCESS
    }

    /// What is left when a file could not be written on.
    fn explain(&self, failure: Failure) -> Failure {
        match (failure, &self.request.write) {
            (Failure::Message { text, mut hints }, Some(path)) if !self.request.writes_to_stdout() => {
                let path = path.to_string_lossy();
                hints.push(format!("what was saved before is whole: {} -r {path}", self.program.command));
                Failure::Message { text: format!("{path}: {text}"), hints }
            }
            (failure, _) => failure,
        }
    }

    /// The command's status as a shell has it. After a signal, which was likely for the command too, it is not
    /// waited for long.
    fn command_status(&mut self) -> ExitCode {
        let mut limit = (self.closed_by == Some(ClosedBy::Signal)).then(|| Instant::now() + COMMAND_GRACE);
        while self.command.is_none() && limit.is_none_or(|limit| Instant::now() < limit) {
            match self.events.recv() {
                Ok(Event::CommandEnded(status)) => self.command = Some(status),
                Ok(Event::End) => limit = Some(Instant::now() + COMMAND_GRACE),
                // The clock's seconds among them, so that the limit is looked at.
                Ok(_) => {}
                Err(_) => break,
            }
        }
        let Some(status) = self.command else {
            hint(["the command goes on; its status is not known".to_owned()]);
            return ExitCode::FAILURE;
        };
        let signal = std::os::unix::process::ExitStatusExt::signal(&status).unwrap_or(0);
        ExitCode::from(status.code().unwrap_or(STATUS_OF_SIGNAL + signal) as u8)
    }
}
