//! `wirescope summary`: what captures consist of. `--classic` prints the totals of Snort.

use std::process::ExitCode;

use wirescope_detect::language::Checksums;
use wirescope_flow::summary::Summary;
use wirescope_report::snort::{self, Breakdown, Totals};
use wirescope_report::text::{self, Bars};

use super::input::Input;
use super::output::Output;
use crate::dump::{Failure, Program};

/// What captures consist of: totals, protocols, sizes, checksums, hosts, services and a time line
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// The totals that `snort -r FILE` prints at exit
    #[arg(long, conflicts_with = "json")]
    classic: bool,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    match arguments.classic {
        true => classic(program, &arguments.input),
        false => modern(program, &arguments.input),
    }
}

/// The totals of Snort.
fn classic(program: &Program, input: &Input) -> Result<ExitCode, Failure> {
    let mut breakdown = Breakdown::new(Checksums::ALL);
    let passed = input.each_packet(program, |_, packet| breakdown.packet(packet))?;
    let mut output = Output::plain();
    output.write(snort::totals(&Totals { breakdown: &breakdown, dropped: 0 }).as_bytes())?;
    output.finish()?;
    Ok(passed.status)
}

/// Totals, protocols, sizes, soundness, talkers, services and a time line.
fn modern(program: &Program, input: &Input) -> Result<ExitCode, Failure> {
    let mut summary = Summary::new(input.limits().fragments);
    let passed = input.each_packet(program, |number, packet| summary.packet(number, packet))?;
    let captures = passed.captures();
    if input.json {
        let mut output = Output::plain();
        output.json(&wirescope_report::summary::summary(&summary, &captures))?;
        output.finish()?;
    } else {
        let bars = Output::columns().map_or(Bars::none(), Bars::within);
        let mut output = Output::styled();
        output.text(
            text::summary(&summary, &captures, &input.service_naming(), bars),
            "no packets: there is nothing to sum up",
        )?;
        output.finish()?;
    }
    Ok(passed.status)
}
