//! `wirescope hosts`: every host with what it is, offers and uses.

use std::process::ExitCode;

use wirescope_report::{hosts, text};

use super::input::Input;
use super::output::Output;
use crate::dump::{Failure, Program};

/// Every host: roles, services offered and used and of whom, first and last seen, names
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (found, passed) = arguments.input.investigate(program)?;
    if arguments.input.json {
        let mut output = Output::plain();
        for object in found.hosts.iter().map(hosts::Host::from) {
            output.json(&object)?;
        }
        output.finish()?;
    } else {
        let mut output = Output::styled();
        output.text(
            text::hosts(&found, &arguments.input.naming(&found), arguments.input.wants_names()),
            "no hosts: no packet has an IP header that could be read",
        )?;
        output.finish()?;
    }
    Ok(passed.status)
}
