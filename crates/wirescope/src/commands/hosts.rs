//! `wirescope hosts`: every host with what it is, offers and uses.

use std::process::ExitCode;

use wirescope_report::{hosts, text};

use super::answer::answer;
use super::input::Input;
use crate::dump::{Failure, Program};

/// Every host: roles, services offered and used and of whom, first and last seen, names
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let input = &arguments.input;
    answer(
        program,
        input,
        |found, output| output.objects(found.hosts.iter().map(hosts::Host::from)),
        |found| text::hosts(found, &input.naming(found), input.wants_names()),
        "no hosts: no packet has an IP header that could be read",
    )
}
