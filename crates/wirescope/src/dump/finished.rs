//! What becomes of finished files of a series: the command of `-z`.
//!
//! While packets are captured live, the process can start no programs once it is in its sandbox. It starts itself anew
//! before, as a runner that does nothing but start the command for every name that comes through a pipe.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};

use wirescope_capture::privileges;

use super::{Failure, Program, reason};

/// The program as it runs now, even if its file has been replaced.
const THIS_PROGRAM: &str = "/proc/self/exe";
/// The subcommand of the runner, which is for this program alone.
pub(crate) const RUNNER: &str = "run-on-finished-files";

/// Who is told of finished files.
pub(crate) enum Finished {
    /// Nobody.
    Unused,
    /// The command, started from here.
    Starter(Starter),
    /// A runner outside the sandbox.
    Runner(ChildStdin),
}

/// Starts the command.
pub(crate) struct Starter {
    program: Program,
    command: OsString,
    running: Vec<Child>,
}

impl Finished {
    /// Starts the command from here.
    pub(crate) fn here(program: &Program, command: Option<&OsString>) -> Finished {
        let Some(command) = command else { return Finished::Unused };
        Finished::Starter(Starter { program: program.clone(), command: command.clone(), running: Vec::new() })
    }

    /// Starts a runner, which will have the rights that this process has now.
    pub(crate) fn outside(program: &Program, command: Option<&OsString>) -> Result<Finished, Failure> {
        let Some(command) = command else { return Ok(Finished::Unused) };
        let lent = |lend| {
            let done = privileges::lend_right_to_write(lend);
            done.map_err(|error| Failure::message(error.to_string()))
        };
        // Commands such as gzip make files beside the finished ones.
        lent(true)?;
        // A group of its own: the signal from the keyboard that ends the capture is not meant for commands at work.
        let runner = Command::new(THIS_PROGRAM)
            .arg0(&program.called)
            .arg(RUNNER)
            .arg(command)
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn();
        let mut runner = runner.map_err(|error| Failure::message(format!("{RUNNER}: {}", reason(&error))))?;
        Ok(runner.stdin.take().map_or(Finished::Unused, Finished::Runner))
    }

    /// Has the command run on a file that is complete, and goes on without waiting for it.
    pub(crate) fn file(&mut self, path: &Path) {
        match self {
            Finished::Unused => {}
            Finished::Starter(starter) => starter.start(path.as_os_str()),
            Finished::Runner(pipe) => {
                let name = [path.as_os_str().as_bytes(), &[0]].concat();
                // A runner that is gone has said why.
                let _ = pipe.write_all(&name);
            }
        }
    }
}

impl Starter {
    fn start(&mut self, path: &OsStr) {
        self.running.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
        match Command::new(&self.command).arg(path).stdin(Stdio::null()).spawn() {
            Ok(child) => self.running.push(child),
            Err(error) => self.program.error(&format!(
                "compress_savefile: execlp({}, {}) failed: {}",
                self.command.to_string_lossy(),
                path.display(),
                reason(&error)
            )),
        }
    }
}

/// The runner: starts `command` for every name that comes, until no more can come.
pub(crate) fn run(program: &Program, command: OsString) -> ExitCode {
    let mut starter = Starter { program: program.clone(), command, running: Vec::new() };
    for name in io::stdin().lock().split(0).map_while(Result::ok) {
        starter.start(&OsString::from_vec(name));
    }
    ExitCode::SUCCESS
}
