//! What ends a capture or interrupts it: signals, the clock, the end of a command.

use std::fs;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1};
use signal_hook::iterator::Signals;
use wirescope_capture::live::StopHandle;

use crate::dump::{Failure, reason};

/// What a shell adds to a signal's number to make an exit status of it.
const STATUS_OF_SIGNAL: i32 = 128;

/// Something that happened beside the packets.
#[derive(Debug)]
pub(crate) enum Event {
    /// A signal asks for the end.
    End,
    /// The time of the capture is over.
    TimeIsUp,
    /// A signal asks for the counts.
    Report,
    /// A second has begun.
    Second,
    /// The command has ended.
    CommandEnded(ExitStatus),
}

/// Handlers of signals that are in place, but nobody looks at yet.
pub(crate) struct Handlers(Signals);

impl Handlers {
    /// Catches INT, TERM and USR1, and HUP unless it was to be ignored, as nohup(1) has it.
    pub(crate) fn install() -> Result<Handlers, Failure> {
        let mut wanted = vec![SIGINT, SIGTERM, SIGUSR1];
        if !is_ignored(SIGHUP) {
            wanted.push(SIGHUP);
        }
        let signals = Signals::new(wanted);
        signals.map(Handlers).map_err(|error| Failure::message(format!("signals: {}", reason(&error))))
    }

    /// Starts the threads that wait for events; each event interrupts the capture, which is to ask for it then.
    pub(crate) fn watch(
        self,
        capture: &StopHandle,
        duration: Option<Duration>,
        command: Option<Child>,
    ) -> Receiver<Event> {
        let (sender, events) = channel();
        let post = Post { sender, capture: Some(capture.clone()) };
        let signals = (self.0, post.clone());
        thread::spawn(move || watch_signals(signals.0, &signals.1));
        if let Some(child) = command {
            let post = post.clone();
            thread::spawn(move || watch_command(child, &post));
        }
        thread::spawn(move || watch_clock(duration, &post));
        events
    }

    /// The same for signals alone, where no capture is to be interrupted.
    pub(crate) fn watch_signals(self) -> Receiver<Event> {
        let (sender, events) = channel();
        thread::spawn(move || watch_signals(self.0, &Post { sender, capture: None }));
        events
    }
}

/// Where events are posted.
#[derive(Clone)]
struct Post {
    sender: Sender<Event>,
    /// What is interrupted, so that it asks for the event.
    capture: Option<StopHandle>,
}

impl Post {
    /// Posts an event; false when nobody waits for events any more.
    fn send(&self, event: Event) -> bool {
        let sent = self.sender.send(event).is_ok();
        if let Some(capture) = &self.capture {
            capture.interrupt();
        }
        sent
    }
}

fn watch_signals(mut signals: Signals, post: &Post) {
    let mut ending = false;
    for signal in signals.forever() {
        if signal == SIGUSR1 {
            post.send(Event::Report);
        } else if std::mem::replace(&mut ending, true) {
            // Asked twice: the capture may be held up by whoever reads from it.
            std::process::exit(STATUS_OF_SIGNAL + signal);
        } else {
            post.send(Event::End);
        }
    }
}

fn watch_command(mut child: Child, post: &Post) {
    if let Ok(status) = child.wait() {
        post.send(Event::CommandEnded(status));
    }
}

/// Tells when a second of the wall clock begins, and when the time is up.
fn watch_clock(duration: Option<Duration>, post: &Post) {
    let mut end = duration.and_then(|duration| Instant::now().checked_add(duration));
    loop {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let to_second = Duration::from_nanos(u64::from(1_000_000_000 - since.subsec_nanos()));
        let to_end = end.map(|end| end.saturating_duration_since(Instant::now()));
        thread::sleep(to_end.map_or(to_second, |to_end| to_end.min(to_second)));
        let is_up = end.is_some_and(|end| Instant::now() >= end);
        if is_up {
            end = None;
        }
        if !post.send(if is_up { Event::TimeIsUp } else { Event::Second }) {
            return;
        }
    }
}

/// Whether a signal was to be ignored when the program started.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (signal - 1) & 1 == 1
}
