//! `wirescope explain`: odd packets argued through, those asked for or those it finds.

use std::process::ExitCode;

use wirescope_flow::Seen;
use wirescope_flow::explain::{Explainer, MAX_CASES};
use wirescope_report::explain::Packet;
use wirescope_report::text;

use super::input::Input;
use super::numbers::Numbers;
use super::output::Output;
use crate::dump::{Failure, Program};

/// Odd packets argued through: what disagrees, what it proves, what else it could be, and how sure that is
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Argue the packets with these numbers (17, 3-9, 100- or a list) instead of finding the odd ones
    #[arg(short = 'N', value_name = "LIST")]
    numbers: Option<Numbers>,
    /// Argue at most so many packets, of which each may stand for many alike
    #[arg(long, value_name = "COUNT", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=MAX_CASES as i64))]
    most: u32,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (input, numbers) = (&arguments.input, arguments.numbers.as_ref());
    let mut explainer = Explainer::new(numbers.is_none(), input.limits().fragments);
    let passed = input.each_packet(program, |number, packet| {
        let seen = Seen { number, time: packet.time };
        explainer.packet(seen, packet, numbers.is_some_and(|numbers| numbers.contain(number)));
    })?;
    let found = explainer.finish();
    if numbers.is_some() && found.cases.is_empty() {
        return Err(nothing_there(&passed.captures(), input.expression().is_empty()));
    }
    let most = arguments.most as usize;
    if input.json {
        let mut output = Output::plain();
        for case in found.cases.iter().take(most) {
            output.json(&Packet::from(case))?;
        }
        output.finish()?;
        let untold = found.cases.len().saturating_sub(most);
        if found.left_out > 0 {
            program.error(&format!("left out for want of room: {} odd packets", found.left_out));
        }
        if untold > 0 {
            program.error(&format!("{untold} sorts of odd packets are left out"));
            crate::dump::hint(["--most N tells more of them".to_owned()]);
        }
    } else {
        let mut output = Output::styled();
        let nothing = format!("no odd packet among {}", text::grouped(passed.taken));
        output.text(text::explain(&found, numbers.is_none(), most, &input.service_naming()), &nothing)?;
        output.finish()?;
    }
    Ok(passed.status)
}

fn nothing_there(captures: &[text::Capture], has_no_filter: bool) -> Failure {
    let last = captures.iter().map(|capture| (capture.first + capture.packets).saturating_sub(1)).max();
    let mut hints = vec![format!("packets are numbered from 1 to {}", last.unwrap_or(0))];
    if !has_no_filter {
        hints.push("the filter may have left it out".to_owned());
    }
    Failure::Message { text: "there is no packet with this number".to_owned(), hints }
}
