//! `wirescope investigate`: one pass over captures, everything found in it, what matters most first.

use std::path::PathBuf;
use std::process::ExitCode;

use wirescope_flow::Investigated;
use wirescope_report::findings::Alerts;
use wirescope_report::{Finding, findings, page, text};

use super::input::{Input, Passed, shown};
use super::output::Output;
use super::rules;
use crate::dump::{Failure, Program, reason};

/// What happened in captures, who did it, and the packets that prove it
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Write the report to this file too, as one page that needs nothing else
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Run rules in Snort's language, too; wirescope detect tells more of their alerts
    #[arg(long, value_name = "RULES")]
    rules: Vec<PathBuf>,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (found, alerts, passed) = investigate(program, arguments)?;
    let captures = passed.captures();
    if let Some(path) = &arguments.html {
        let page = page(&found, &alerts, &captures, passed.taken)
            .map_err(|error| Failure::message(format!("the page could not be made: {error}")))?;
        std::fs::write(path, page)
            .map_err(|error| Failure::message(format!("{}: {}", shown(path), reason(&error))))?;
    }
    if arguments.input.json {
        let mut output = Output::plain();
        output.objects(findings(&found).chain(alerts))?;
        output.finish()?;
    } else if arguments.html.is_none() {
        let naming = arguments.input.naming(&found);
        let mut output = Output::styled();
        output.write(text::investigation(&found, &alerts, &captures, passed.taken, &naming).as_bytes())?;
        output.finish()?;
    }
    Ok(passed.status)
}

/// Reads the packets once, for the analyses and for the rules, if there are any.
fn investigate(
    program: &Program,
    arguments: &Arguments,
) -> Result<(Investigated, Vec<Finding>, Passed), Failure> {
    let written = arguments.html.as_deref();
    if arguments.rules.is_empty() {
        let (found, passed) = arguments.input.investigate_beside(program, written, |_, _| {})?;
        return Ok((found, Vec::new(), passed));
    }
    let mut engine = rules::load(&arguments.rules, false, None, arguments.input.memory_bytes())?.engine;
    let mut alerts = Alerts::default();
    let (found, passed) = arguments.input.investigate_beside(program, written, |number, packet| {
        engine.packet(number, packet, &mut |alert| alerts.add(alert));
    })?;
    engine.finish(&mut |alert| alerts.add(alert));
    if alerts.left_out() > 0 {
        program.error(&format!("left out for want of room: {} alerts", alerts.left_out()));
    }
    Ok((found, alerts.findings(), passed))
}
