//! Captures that are there already, recorded one after the other.

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::Receiver;

use wirescope_capture::{FileReader, Mixed, Source};
use wirescope_trail::{BlockBuilder, Recorder};

use super::{Arguments, FinalCounts, tell};
use crate::commands::input::{Filter, shown};
use crate::commands::moment;
use crate::dump::{Failure, Program, messages, reason};
use crate::live::events::{Event, Handlers};

/// What a pass over the captures has come to.
struct Import<'a> {
    arguments: &'a Arguments,
    events: Receiver<Event>,
    /// A signal has asked for the end.
    is_ended: bool,
    recorder: Recorder,
    builder: BlockBuilder,
    filter: Filter,
    taken: u64,
}

pub(super) fn record(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let events = Handlers::install()?.watch_signals();
    // A capture that is not there or a filter that is wrong is told before anything is entered.
    for path in arguments.read.iter().filter(|path| *path != Path::new("-")) {
        File::open(path).map_err(|error| Failure::message(format!("{}: {}", shown(path), reason(&error))))?;
    }
    let mut filter = Filter::new(arguments.expression());
    let mut readers = arguments.read.iter().map(|path| (path, open(path))).peekable();
    if let Some((_, first)) = readers.next_if(|(_, reader)| reader.is_err()) {
        first?;
    }
    if let Some((_, Ok(reader))) = readers.peek() {
        let properties = reader.properties();
        filter.position((properties.link, properties.byte_order.into()))?;
    }
    let mut recorder = arguments.open()?;
    let failure = |error| arguments.failure(&error);
    let names: Vec<String> = arguments.read.iter().map(|path| shown(path)).collect();
    recorder.started(&names.join(", "), &arguments.expression(), moment::now()).map_err(failure)?;
    let builder = BlockBuilder::default();
    let mut import = Import { arguments, events, is_ended: false, recorder, builder, filter, taken: 0 };
    let mut status = ExitCode::SUCCESS;
    for (path, reader) in readers {
        let is_whole = match reader {
            Ok(mut reader) => import.file(program, path, &mut reader)?,
            Err(failure) => {
                tell(program, failure);
                false
            }
        };
        if !is_whole {
            status = ExitCode::FAILURE;
        }
    }
    if let Some(block) = import.builder.take() {
        import.recorder.write(block, moment::now()).map_err(failure)?;
    }
    let recorded = import.recorder.finish(0, moment::now()).map_err(failure)?;
    arguments.account(&FinalCounts::new(&recorded, None))?;
    Ok(status)
}

fn open(path: &Path) -> Result<FileReader, Failure> {
    FileReader::open(path, Mixed::Allowed).map_err(|error| Failure::message(error_text(path, &error)))
}

fn error_text(path: &Path, error: &wirescope_capture::ReadError) -> String {
    let text = error.to_string();
    let path = shown(path);
    if text.starts_with(&path) { text } else { format!("{path}: {text}") }
}

impl Import<'_> {
    fn meet_events(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            match event {
                Event::Report => messages::say(&format!("{} packets so far", self.taken)),
                _ => self.is_ended = true,
            }
        }
    }

    /// Records a capture; false where it could not be read to its end.
    fn file(&mut self, program: &Program, path: &Path, reader: &mut FileReader) -> Result<bool, Failure> {
        let origin = reader.properties().byte_order.into();
        let mut link = reader.properties().link;
        let mut current = self.filter.position((link, origin))?;
        loop {
            self.meet_events();
            if self.is_ended || self.arguments.count.is_some_and(|count| self.taken >= count) {
                return Ok(true);
            }
            let (packet, interfaces) = match reader.next_described() {
                Ok(Some(described)) => described,
                Ok(None) => return Ok(true),
                Err(error) => {
                    let text = error_text(path, &error);
                    program.error(&format!("{text}; what came before is recorded, the rest is not"));
                    return Ok(false);
                }
            };
            if packet.link != link {
                link = packet.link;
                current = self.filter.position((link, origin))?;
            }
            if !self.filter.matches(current, &packet) {
                continue;
            }
            self.taken += 1;
            let full = self.builder.push(&packet, interfaces);
            let full = full.map_err(|error| Failure::message(error.to_string()))?;
            if let Some(block) = full {
                let written = self.recorder.write(block, moment::now());
                written.map_err(|error| self.arguments.failure(&error))?;
            }
        }
    }
}
