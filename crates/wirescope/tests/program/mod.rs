//! The program as tests run it: its output, its text, its objects, what it complains of.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs the program to its end, in the time zone of the corpora.
pub(crate) fn wirescope(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_wirescope");
    let mut command = Command::new(program);
    command.args(arguments).env("TZ", "GMT0").stdin(Stdio::null()).output().expect("the program runs")
}

/// What it prints where all is well.
pub(crate) fn text(arguments: &[&str]) -> String {
    let output = wirescope(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text is UTF-8")
}

/// The objects it prints, one a line.
pub(crate) fn objects(arguments: &[&str]) -> Vec<Value> {
    let parse = |line: &str| serde_json::from_str(line).expect("each line is an object");
    text(arguments).lines().map(parse).collect()
}

/// What it says where something is wrong, in the command line (status 2) or later on (1).
pub(crate) fn complaint(arguments: &[&str]) -> String {
    let output = wirescope(arguments);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{arguments:?}: {:?}", output.status);
    String::from_utf8_lossy(&output.stderr).into_owned()
}
