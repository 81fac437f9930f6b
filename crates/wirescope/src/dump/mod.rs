//! `wirescope dump`, also under the name `tcpdump`: read, filter, print and write packets as tcpdump 5.0 does.
//!
//! [`options`] makes a request of the command line, [`command`] follows it: it opens the [`input`], compiles
//! the [`filter`] and lets a [`pass`] go over the packets, which prints ([`printer`]) and writes ([`writer`]);
//! [`live`] does the same with interfaces.

mod command;
mod filter;
pub(crate) mod finished;
pub(crate) mod given;
mod hints;
mod input;
mod interfaces;
mod json;
mod live;
pub(crate) mod messages;
mod names;
mod options;
mod output;
mod parallel;
mod pass;
mod printer;
mod writer;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use options::{Show, Wrong};

/// The exit status of a program that a closed pipe ended, as a shell reports it.
pub(crate) const STATUS_CLOSED_PIPE: u8 = 141;

/// How the program was called.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The first argument, which begins what is said about options.
    pub(crate) called: String,
    /// The name that begins other messages.
    pub(crate) name: String,
    /// What a person types to get here: `tcpdump`, or `wirescope dump`.
    pub(crate) command: String,
}

impl Program {
    /// Whether a command may stand behind `--`, where tcpdump has more of the expression.
    fn has_commands(&self) -> bool {
        self.name != crate::TCPDUMP
    }

    /// Says what went wrong, on standard error.
    pub(crate) fn error(&self, text: &str) {
        messages::say(&format!("{}: {text}", self.name));
    }
}

/// What ends a run before its time.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something to say, after which nothing can be done, and advice.
    Message {
        /// What tcpdump would say.
        text: String,
        /// What to do about it, a line each.
        hints: Vec<String>,
    },
    /// Nobody reads the output any more.
    OutputClosed,
}

impl Failure {
    /// A failure without advice.
    pub(crate) fn message(text: impl Into<String>) -> Failure {
        Failure::Message { text: text.into(), hints: Vec::new() }
    }
}

/// What the operating system says of an error, without Rust's addition of its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

/// Runs the command with the arguments after its name.
pub(crate) fn main(program: &Program, arguments: Vec<OsString>) -> ExitCode {
    match options::parse(arguments.clone(), program.has_commands()) {
        Err(Wrong::Usage(text)) => {
            messages::say(&format!("{}: {text}", program.called));
            hint(hints::typography(program, &arguments));
            messages::say((messages::version() + &messages::usage(program)).trim_end());
            ExitCode::FAILURE
        }
        Err(Wrong::Value(text)) => {
            program.error(&text);
            hint(hints::typography(program, &arguments));
            ExitCode::FAILURE
        }
        Ok(request) => match request.show {
            Some(Show::Help) => shown(&format!("{}{}", messages::version(), messages::usage(program))),
            Some(Show::Version) => shown(&messages::version()),
            None => match command::run(program, &request) {
                Ok(status) => status,
                Err(Failure::OutputClosed) => ExitCode::from(STATUS_CLOSED_PIPE),
                Err(Failure::Message { text, hints }) => {
                    program.error(&text);
                    // Where characters came from a page, nothing else is wrong until they are put right.
                    let pasted = hints::typography(program, &arguments);
                    hint(if pasted.is_empty() { hints } else { pasted });
                    ExitCode::FAILURE
                }
            },
        },
    }
}

/// Gives advice, on standard error.
pub(crate) fn hint(lines: impl IntoIterator<Item = String>) {
    for line in lines {
        messages::say(&format!("hint: {line}"));
    }
}

fn shown(text: &str) -> ExitCode {
    match output::Output::new(false).and_then(|mut output| output.write(text.as_bytes())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(STATUS_CLOSED_PIPE),
    }
}
