//! The machine's interfaces, as far as they are asked for without capturing.

use std::path::Path;
use std::process::ExitCode;

use super::options::Request;
use super::output::Output;
use super::{Failure, Program};

/// Where the kernel lists interfaces.
const INTERFACES: &str = "/sys/class/net";

/// The names of all interfaces, in the order of the alphabet.
fn names() -> Vec<String> {
    let entries = std::fs::read_dir(INTERFACES).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Lists the interfaces (`-D`).
pub(crate) fn list(_request: &Request) -> Result<ExitCode, Failure> {
    let text: String = names().iter().enumerate().map(|(at, name)| format!("{}.{name}\n", at + 1)).collect();
    Output::new(false)?.write(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Why nothing can be captured.
pub(crate) fn cannot_capture(program: &Program, request: &Request) -> Failure {
    let names = names();
    let Some(wanted) = &request.live.interface else {
        return Failure::Message {
            text: "no capture file".to_owned(),
            hints: vec![format!("name the file to read: {} -r FILE", program.command)],
        };
    };
    let shown = wanted.to_string_lossy();
    let exists = Path::new(wanted).components().count() == 1 && names.iter().any(|name| *name == shown);
    if exists {
        return Failure::message(format!("{shown}: cannot be captured from; read a file with -r"));
    }
    let mut hints = vec![format!("this machine has {}", names.join(", "))];
    if Path::new(wanted).is_file() {
        hints.push(format!("{shown} is a file; to read it: {} -r {shown}", program.command));
    }
    Failure::Message { text: format!("{shown}: No such device exists\n(No such device exists)"), hints }
}
