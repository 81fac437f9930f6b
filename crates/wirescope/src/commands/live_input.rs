//! What an analysis reads from interfaces, rather than from files: packets from now on, until a count, a time or a signal
//! ends it.

use std::ffi::OsString;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
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

/// Where names of services are read from, once it is known which are wanted.
const SERVICES_FOLDER: &str = "/etc";

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
    /// there were. Afterwards `written` can be made, where it is a file that is made then, and no other one.
    pub(crate) fn each_packet(
        &self,
        program: &Program,
        expression: &str,
        written: Option<&Path>,
        mut each: impl FnMut(u64, &Packet) -> ControlFlow<()>,
    ) -> Result<u64, Failure> {
        let handlers = Handlers::install()?;
        let capture = interfaces::open(program, &self.interfaces, &LiveOptions::default(), expression)?;
        let user = privileges::become_user(None)?;
        privileges::give_up_capabilities(written, false)?;
        let profile = Profile {
            read_beneath: vec![PathBuf::from(SERVICES_FOLDER)],
            write_beneath: written.map(privileges::folder).into_iter().collect(),
            ..Profile::default()
        };
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
