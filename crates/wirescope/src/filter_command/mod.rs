//! `wirescope filter`: what an expression of the filter language says, what is probably wrong with it, the program
//! it becomes, and how many packets of captures each of its terms passes.

mod arguments;
mod count;
mod json;
mod text;

use std::io::Write;
use std::process::ExitCode;

pub(crate) use arguments::Arguments;
use count::Counted;
use wirescope_filter::ast::Tree;
use wirescope_filter::explain::{Line, outline};
use wirescope_filter::lint::{Finding, lint};
use wirescope_filter::names::SystemNames;
use wirescope_filter::{Error, Options, Program};

/// The exit status of a program that a closed pipe ended, as a shell reports it.
const STATUS_CLOSED_PIPE: u8 = 141;

/// All that is to be said about an expression.
struct Explanation {
    expression: String,
    options: Options,
    tree: Tree,
    lines: Vec<Line>,
    findings: Vec<Finding>,
    /// The program, or why there is none.
    program: Result<Program, Error>,
    captures: Vec<Counted>,
}

/// What ends the command before its time.
enum Failure {
    /// The expression cannot be read.
    Expression(Error),
    /// Anything else.
    Message(String),
}

/// Runs the command.
pub(crate) fn main(arguments: &Arguments) -> ExitCode {
    match explain(arguments) {
        Ok(explanation) => show(arguments, &explanation),
        Err(Failure::Message(text)) => {
            say(&format!("wirescope: {text}"));
            ExitCode::FAILURE
        }
        Err(Failure::Expression(error)) => refuse(&error),
    }
}

fn explain(arguments: &Arguments) -> Result<Explanation, Failure> {
    let expression = arguments.expression.join(" ");
    let captures = count::open(&arguments.read)?;
    let options = arguments.options(captures.first())?;
    let program = wirescope_filter::compile(&expression, &options);
    // A fault of grammar leaves nothing to explain; the compiler knows best how to say it.
    let Ok(tree) = wirescope_filter::parse(&expression) else {
        let error = program.err().unwrap_or_else(|| Error::new("the expression cannot be read"));
        return Err(Failure::Expression(error));
    };
    let lines = outline(&expression, &tree, &SystemNames);
    let mut findings = lint(&expression, &tree, &options, &SystemNames);
    let mut counted = Vec::new();
    if program.is_ok() {
        for capture in captures {
            counted.push(count::count(capture, &tree, &lines, arguments)?);
        }
        if !counted.is_empty() {
            count::replace_guess(&expression, &tree, &counted, &mut findings);
        }
    }
    Ok(Explanation { expression, options, tree, lines, findings, program, captures: counted })
}

fn show(arguments: &Arguments, explanation: &Explanation) -> ExitCode {
    let mut out = Vec::new();
    let written = if arguments.json {
        json::write(&mut out, explanation)
    } else {
        text::write(&mut out, explanation, arguments)
    };
    let stdout = anstream::AutoStream::auto(std::io::stdout());
    let shown = written.and_then(|()| stdout.lock().write_all(&out));
    match (&explanation.program, shown) {
        (_, Err(_)) => ExitCode::from(STATUS_CLOSED_PIPE),
        (Err(error), Ok(())) => refuse(error),
        (Ok(_), Ok(())) => ExitCode::SUCCESS,
    }
}

/// Says why an expression cannot be compiled.
fn refuse(error: &Error) -> ExitCode {
    say(&format!("wirescope: {}", error.message));
    for hint in &error.hints {
        say(&format!("hint: {hint}"));
    }
    ExitCode::FAILURE
}

/// Writes a line on standard error. Where nobody can read it, nothing is lost by going on.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
