//! What an analysis reads from interfaces, rather than from files: packets from now on, until a count, a time or a signal
//! ends it.

use std::ffi::OsString;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use wirescope_capture::Source;
use wirescope_capture::live::LiveOptions;
use wirescope_capture::sandbox::Profile;
use wirescope_wire::Packet;

use crate::dump::{Failure, Program, messages};
use crate::live::events::Handlers;
use crate::live::privileges::{self, Protection};
use crate::live::session::Session;
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
    /// Stop after this time: seconds, or with ms, s, m, h, d or w
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
        let handlers = Handlers::install()?;
        let capture = interfaces::open(program, &self.interfaces, &LiveOptions::default(), expression)?;
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
        let mut session = Session::begin(program, capture, handlers, self.duration);
        if let Err(error) = session.each_packet(|number, packet, _| each(number, packet), |_| {}) {
            program.error(&error.to_string());
        }
        let taken = session.taken();
        session.conclude();
        Ok(taken)
    }
}
