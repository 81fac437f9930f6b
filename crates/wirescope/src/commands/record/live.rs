//! Packets as they come, recorded.
//!
//! The order of the start: open the interfaces, become another user, give up capabilities, open the trail, enter the
//! sandbox. Then one thread takes packets in and another writes.

use std::ops::ControlFlow;
use std::process::ExitCode;

use wirescope_capture::live::{LiveOptions, Statistics};
use wirescope_capture::sandbox::Profile;
use wirescope_capture::{MAXIMUM_SNAPSHOT_LEN, Source};
use wirescope_trail::{Recorder, TrailError};

use super::storage::{self, Intake, Storage};
use super::{Arguments, FinalCounts, tell};
use crate::commands::input::shown;
use crate::commands::moment;
use crate::dump::{Failure, Program, messages};
use crate::live::events::Handlers;
use crate::live::interfaces;
use crate::live::privileges::{self, Protection};
use crate::live::session::Session;

/// Bytes in the unit of `-B`.
const KIB: u32 = 1_024;

pub(super) fn record(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let handlers = Handlers::install()?;
    let capture =
        interfaces::open(program, &arguments.interface, &options(arguments), &arguments.expression())?;
    let names: Vec<_> = capture.interfaces().iter().filter_map(|interface| interface.name.clone()).collect();
    let recorder = prepare(arguments, &names.join(", "))?;
    let (intake, storage) = storage::start(recorder, capture.stop_handle());
    let mut session = Session::begin(program, capture, handlers, arguments.duration);
    let captured = take_in(&mut session, &intake, &storage, arguments.count);
    let ended = storage.finish(intake);
    let taken = session.taken();
    let dropped = lost(&session.conclude());
    let (recorder, written) = ended.ok_or_else(|| Failure::message("the thread that writes has died"))?;
    // Where the disk was full, more was captured than could be recorded.
    let lost = dropped + taken.saturating_sub(recorder.recorded().packets);
    let mut status = ExitCode::SUCCESS;
    if let Err(error) = captured {
        program.error(&error.to_string());
        status = ExitCode::FAILURE;
    }
    if let Err(error) = &written {
        tell(program, arguments.failure(error));
        status = ExitCode::FAILURE;
    }
    seal(program, arguments, recorder, lost, &written)
        .map(|sealed| if sealed { status } else { ExitCode::FAILURE })
}

fn options(arguments: &Arguments) -> LiveOptions {
    LiveOptions {
        snapshot_len: match arguments.snapshot_length {
            None | Some(0) => MAXIMUM_SNAPSHOT_LEN,
            Some(length) => length.min(MAXIMUM_SNAPSHOT_LEN),
        },
        promiscuous: !arguments.no_promiscuous_mode,
        buffer_len: arguments.buffer_size.saturating_mul(KIB),
        ..LiveOptions::default()
    }
}

/// Gives up what is not needed any more, and begins the trail.
fn prepare(arguments: &Arguments, source: &str) -> Result<Recorder, Failure> {
    let user = privileges::become_user(arguments.relinquish_privileges.as_deref())?;
    privileges::give_up_capabilities(None, false)?;
    let mut recorder = arguments.open()?;
    let profile = Profile { write_beneath: vec![arguments.dir.clone()], ..Profile::default() };
    Protection::enter(user, (!arguments.no_sandbox).then_some(profile));
    recorder
        .started(source, &arguments.expression(), moment::now())
        .map_err(|error| arguments.failure(&error))?;
    messages::say(&format!("recording from {source} into {}", shown(&arguments.dir)));
    Ok(recorder)
}

/// Takes packets in until there are enough or the capture ends.
fn take_in(
    session: &mut Session,
    intake: &Intake,
    storage: &Storage,
    count: Option<u64>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut added = Ok(true);
    let went = session.each_packet(
        |number, packet, interfaces| {
            added = intake.add(packet, interfaces);
            match added {
                Ok(true) if count.is_none_or(|count| number < count) => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        },
        |counts| messages::say(&FinalCounts::new(&storage.recorded(), Some(lost(counts))).text()),
    );
    added?;
    Ok(went?)
}

/// What the kernel and the interfaces had no room for.
fn lost(counts: &Statistics) -> u64 {
    counts.dropped + counts.interface_dropped
}

/// Seals what was written and tells the counts; false where it cannot be sealed. What was written before a failure is
/// still worth it; the next recorder does it where this one cannot.
fn seal(
    program: &Program,
    arguments: &Arguments,
    recorder: Recorder,
    lost: u64,
    written: &Result<(), TrailError>,
) -> Result<bool, Failure> {
    let unsealed = recorder.recorded();
    let sealed = recorder.finish(lost, moment::now());
    if let (Err(error), Ok(())) = (&sealed, written) {
        tell(program, arguments.failure(error));
    }
    arguments.account(&FinalCounts::new(sealed.as_ref().unwrap_or(&unsealed), Some(lost)))?;
    Ok(sealed.is_ok())
}
