//! Our own commands: what each is asked, and how it answers. What they find is in `wirescope_flow`, and the
//! words for it in `wirescope_report`.

mod answer;
pub(crate) mod detect;
pub(crate) mod explain;
pub(crate) mod flows;
pub(crate) mod hosts;
pub(crate) mod input;
pub(crate) mod investigate;
pub(crate) mod irc;
mod live_input;
mod moment;
mod numbers;
mod output;
mod quantity;
pub(crate) mod recall;
pub(crate) mod record;
pub(crate) mod rpc;
pub(crate) mod rpcinfo;
mod rules;
pub(crate) mod scans;
pub(crate) mod show;
pub(crate) mod summary;

use std::process::ExitCode;

use crate::dump::{Failure, Program, STATUS_CLOSED_PIPE, hint};

/// Says why a command failed, if it did, and gives its exit status.
pub(crate) fn status(program: &Program, done: Result<ExitCode, Failure>) -> ExitCode {
    match done {
        Ok(status) => status,
        Err(Failure::OutputClosed) => ExitCode::from(STATUS_CLOSED_PIPE),
        Err(Failure::Message { text, hints }) => {
            program.error(&text);
            hint(hints);
            ExitCode::FAILURE
        }
    }
}
