//! What an analysis reads from interfaces, rather than from files: packets from now on, until a count, a time or a signal
//! ends it.

use std::ffi::OsString;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use wirescope_capture::Source;
use wirescope_capture::live::{LiveCapture, LiveOptions, ipv4_network};
use wirescope_capture::sandbox::Profile;
use wirescope_wire::Packet;

use crate::dump::{Failure, Program, messages};
use crate::live::events::{Event, Handlers};
use crate::live::losses::Losses;
use crate::live::privileges::{self, Protection};
use crate::live::{interfaces, parse_duration};

/// Arguments of a live analysis.
#[derive(clap::Args, Debug)]
pub(crate) struct LiveInput {
    /// Capture on this interface instead of reading files, until INT (^C) or one of the limits; any for all
    #[arg(short, long = "interface", value_name = "IF")]
    pub(crate) interfaces: Vec<OsString>,
    /// Stop after so many packets, of files too
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,
    /// Stop after this time: seconds, or with ms, s, m, h or d
    #[arg(long, value_name = "TIME", requires = "interfaces", value_parser = parse_duration)]
    duration: Option<Duration>,
}

impl LiveInput {
    /// The interfaces' names, as one text.
    pub(crate) fn shown(&self) -> PathBuf {
        let names: Vec<_> = self.interfaces.iter().map(|name| name.to_string_lossy()).collect();
        PathBuf::from(names.join(", "))
    }

    /// Hands on every packet that passes the filter, with its number, until `each` breaks off, and says how many
    /// there were.
    pub(crate) fn each_packet(
        &self,
        program: &Program,
        expression: &str,
        mut each: impl FnMut(u64, &Packet) -> ControlFlow<()>,
    ) -> Result<u64, Failure> {
        let mut capture = self.open(program, expression)?;
        let cannot = |error| interfaces::failure(program, &error);
        let handlers = Handlers::install()?;
        capture.start().map_err(cannot)?;
        let user = privileges::become_user(None)?;
        privileges::give_up_capabilities(None, false)?;
        // What the answer is written to is not known here: files are as the user may have them.
        let everything = || vec![PathBuf::from("/")];
        let profile =
            Profile { read_beneath: everything(), write_beneath: everything(), ..Profile::default() };
        Protection::enter(user, Some(profile));
        for interface in capture.interfaces() {
            program.error(&messages::listening_on(interface));
        }
        let events = handlers.watch(&capture.stop_handle(), self.duration, None);
        let mut losses = Losses::new(false, true);
        let mut taken = 0;
        loop {
            match capture.next() {
                Ok(Some(packet)) => {
                    taken += 1;
                    if each(taken, &packet).is_break() {
                        break;
                    }
                    continue;
                }
                Ok(None) => {}
                Err(error) => {
                    losses.clear();
                    program.error(&error.to_string());
                    break;
                }
            }
            if capture.is_ended() {
                break;
            }
            while let Ok(event) = events.try_recv() {
                match event {
                    Event::Second => losses.refresh(taken, &mut capture),
                    Event::Report => losses.tell(&program.name, taken, &mut capture),
                    Event::End | Event::TimeIsUp | Event::CommandEnded(_) => {
                        capture.close().map_err(cannot)?
                    }
                }
            }
        }
        losses.conclude(taken, &mut capture);
        Ok(taken)
    }

    fn open(&self, program: &Program, expression: &str) -> Result<LiveCapture, Failure> {
        let cannot = |error| interfaces::failure(program, &error);
        let names = interfaces::names(&self.interfaces).map_err(cannot)?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut capture = LiveCapture::open(&names, &LiveOptions::default()).map_err(cannot)?;
        for (number, interface) in capture.interfaces().to_vec().iter().enumerate() {
            let mut options = wirescope_filter::Options::new(interface.link);
            options.live = true;
            let network = interface.name.as_deref().and_then(ipv4_network);
            options.netmask = network.map(|(_, mask)| mask).or(options.netmask);
            let filter = wirescope_filter::compile(expression, &options)
                .map_err(|error| Failure::Message { text: error.message, hints: error.hints })?;
            capture.set_filter_of(number, &filter).map_err(cannot)?;
        }
        Ok(capture)
    }
}
