//! Packets as they come, recorded.
//!
//! The order of the start: open the interfaces, become another user, open the trail, give up capabilities, enter the
//! sandbox. Then one thread takes packets in and another writes.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use wirescope_capture::live::{LiveCapture, LiveError, LiveOptions, StopHandle};
use wirescope_capture::sandbox::{self, Profile};
use wirescope_capture::{MAXIMUM_SNAPSHOT_LEN, Source, privileges};
use wirescope_trail::Recorder;

use super::storage::{self, Intake};
use super::{Arguments, FinalCounts, Signals, tell};
use crate::commands::input::shown;
use crate::commands::moment;
use crate::dump::{Failure, Program, messages};

/// The user who ran sudo, as sudo says.
const SUDO_USER: &str = "SUDO_USER";
/// Packets between two looks at what the kernel has lost.
const LOOK_AT_LOSSES: u64 = 1 << 12;
/// How long the kernel may gather packets before it hands them over: what an end can miss.
const DELIVERY_MS: u32 = 100;
const KIB: u32 = 1_024;

pub(super) fn record(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let signals = Signals::catch()?;
    let mut capture = open(program, arguments)?;
    become_user(arguments)?;
    let mut recorder = arguments.open()?;
    privileges::give_up_capabilities().map_err(|error| Failure::message(error.to_string()))?;
    if !arguments.no_sandbox {
        sandbox::enter(Profile { write_beneath: vec![arguments.dir.clone()], ..Profile::default() });
    }
    let source = arguments.interface.join(", ");
    recorder
        .started(&source, &arguments.expression(), moment::now())
        .map_err(|error| arguments.failure(&error))?;
    messages::say(&format!("recording from {source} into {}", shown(&arguments.dir)));
    let lost = Arc::new(AtomicU64::new(0));
    let look = overseer(arguments, signals, capture.stop_handle(), Arc::clone(&lost));
    let (intake, storage) = storage::start(recorder, look);
    let captured = take_in(&mut capture, &intake, arguments.count.unwrap_or(u64::MAX), &lost);
    let ended = storage.finish(intake);
    count_losses(&mut capture, &lost);
    let lost = lost.load(Ordering::Relaxed);
    let (recorder, written) = ended.ok_or_else(|| Failure::message("the thread that writes has died"))?;
    let mut status = ExitCode::SUCCESS;
    if let Err(error) = captured {
        program.error(&error.to_string());
        status = ExitCode::FAILURE;
    }
    let recorded = recorder.recorded();
    if let Err(error) = written {
        tell(program, arguments.failure(&error));
        status = ExitCode::FAILURE;
    }
    // What was written before a failure is still worth sealing; the next recorder does it where this one cannot.
    let recorded = match recorder.finish(lost, moment::now()) {
        Ok(recorded) => recorded,
        Err(error) => {
            if status == ExitCode::SUCCESS {
                tell(program, arguments.failure(&error));
            }
            status = ExitCode::FAILURE;
            recorded
        }
    };
    arguments.account(&FinalCounts::new(&recorded, Some(lost)))?;
    Ok(status)
}

/// Opens the interfaces with the filter in force, and lets packets in.
fn open(program: &Program, arguments: &Arguments) -> Result<LiveCapture, Failure> {
    let options = LiveOptions {
        snapshot_len: match arguments.snapshot_length {
            None | Some(0) => MAXIMUM_SNAPSHOT_LEN,
            Some(length) => length.min(MAXIMUM_SNAPSHOT_LEN),
        },
        promiscuous: !arguments.no_promiscuous_mode,
        buffer_len: arguments.buffer_size.saturating_mul(KIB),
        timeout_ms: DELIVERY_MS,
        ..LiveOptions::default()
    };
    let names: Vec<&str> = arguments.interface.iter().map(String::as_str).collect();
    let mut capture = LiveCapture::open(&names, &options).map_err(failure)?;
    for warning in capture.warnings() {
        program.error(warning);
    }
    let link = capture.properties().link;
    let expression = arguments.expression();
    if !expression.trim().is_empty() {
        if let Some(other) = capture.interfaces().iter().find(|interface| interface.link != link) {
            let name = other.name.clone().unwrap_or_default();
            return Err(Failure::Message {
                text: format!(
                    "{name} has another link type than {}, and one filter cannot be for both",
                    names.join(", ")
                ),
                hints: vec!["run a recorder for each, with a folder of its own".to_owned()],
            });
        }
        let mut options = wirescope_filter::Options::new(link);
        options.live = true;
        options.snaplen = capture.properties().snapshot_len;
        let filter = wirescope_filter::compile(&expression, &options)
            .map_err(|error| Failure::Message { text: error.message, hints: error.hints })?;
        capture.set_filter(&filter).map_err(failure)?;
    }
    capture.start().map_err(failure)?;
    Ok(capture)
}

fn failure(error: LiveError) -> Failure {
    let hints = match &error {
        LiveError::NotPermitted { .. } => vec![
            "run it with sudo, or give the program the right once:".to_owned(),
            "sudo setcap cap_net_raw,cap_net_admin=eip \"$(command -v wirescope)\"".to_owned(),
        ],
        LiveError::NoSuchDevice(_) => vec!["wirescope dump -D lists the interfaces".to_owned()],
        _ => Vec::new(),
    };
    Failure::Message { text: error.to_string(), hints }
}

/// Becomes the user that is named, or who ran sudo.
fn become_user(arguments: &Arguments) -> Result<(), Failure> {
    if !privileges::is_superuser() {
        return Ok(());
    }
    let invoking = || std::env::var(SUDO_USER).ok().filter(|name| !name.is_empty());
    let named = arguments.relinquish_privileges.clone().or_else(invoking);
    match named.filter(|name| name != "root") {
        Some(user) => privileges::become_user(&user).map_err(|error| Failure::message(error.to_string())),
        None => Ok(()),
    }
}

/// What is looked at while packets are written: signals, the time, and whether writing goes on.
fn overseer(
    arguments: &Arguments,
    signals: Signals,
    capture: StopHandle,
    lost: Arc<AtomicU64>,
) -> impl FnMut(&Recorder, bool) + Send + 'static {
    let end = arguments.duration.and_then(|duration| Instant::now().checked_add(duration));
    move |recorder, goes_on| {
        if signals.ask_for_report() {
            let counts = FinalCounts::new(&recorder.recorded(), Some(lost.load(Ordering::Relaxed)));
            messages::say(&counts.text());
        }
        if !goes_on || signals.ask_for_end() || end.is_some_and(|end| Instant::now() >= end) {
            capture.stop();
        }
    }
}

/// Takes packets in until there are enough or somebody stops the capture.
fn take_in(
    capture: &mut LiveCapture,
    intake: &Intake,
    most: u64,
    lost: &AtomicU64,
) -> Result<(), Box<dyn std::error::Error>> {
    for number in 1..=most {
        if number.is_multiple_of(LOOK_AT_LOSSES) {
            count_losses(capture, lost);
        }
        let Some((packet, interfaces)) = capture.next_described()? else { break };
        let (mut builder, blocks) = intake.lock();
        if let Some(block) = builder.push(&packet, interfaces)?
            && blocks.send(block).is_err()
        {
            // The other side has failed, and says so.
            break;
        }
    }
    Ok(())
}

fn count_losses(capture: &mut LiveCapture, lost: &AtomicU64) {
    if let Ok(counts) = capture.statistics() {
        lost.store(counts.dropped + counts.interface_dropped, Ordering::Relaxed);
    }
}
