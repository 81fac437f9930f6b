//! Rule files read and made ready: what is wrong in them is said with its place, and what is beside them is
//! read too.

use std::io;
use std::path::{Path, PathBuf};

use wirescope_detect::engine::Engine;
use wirescope_detect::language::{Checksums, Error, RuleSet};

use super::input::shown;
use crate::dump::messages::say;
use crate::dump::{Failure, hint, reason};

/// Files that give classes and references their words, where they lie in the folder of a rule file.
const BESIDE_RULES: [&str; 2] = ["classification.config", "reference.config"];
/// Faults shown one by one; a file that is not made of rules has one a line.
const MOST_FAULTS: usize = 20;

/// Rules that can be run.
pub(crate) struct Rules {
    /// Runs them.
    pub(crate) engine: Engine,
    /// How many there are.
    pub(crate) usable: usize,
    /// Rules left out because they ask for what is not supported.
    pub(crate) skipped: usize,
}

/// Reads rule files, or without any takes the rules that come with the program. Faults end the run, but for rules that ask for something unsupported where `lenient`
/// lets them be skipped.
pub(crate) fn load(
    paths: &[PathBuf],
    lenient: bool,
    checksums: Option<Checksums>,
    memory_bytes: usize,
) -> Result<Rules, Failure> {
    let mut set = if paths.is_empty() { RuleSet::built_in() } else { read(paths)? };
    let mut faults = std::mem::take(&mut set.errors);
    if let Some(checksums) = checksums {
        set.config.checksums = checksums;
    }
    let (engine, unusable) = Engine::with_memory(set, memory_bytes);
    let enabled = engine.rules().rules.iter().filter(|rule| rule.is_enabled).count();
    let usable = enabled - unusable.len();
    faults.extend(unusable);
    let (skipped, fatal): (Vec<_>, Vec<_>) = faults.into_iter().partition(|fault| lenient && fault.skippable);
    if fatal.is_empty() {
        return Ok(Rules { engine, usable, skipped: skipped.len() });
    }
    say_faults(&fatal);
    let unsupported = fatal.iter().filter(|fault| fault.skippable).count();
    if unsupported == fatal.len() {
        hint(["--lenient leaves out the rules that cannot be run, and runs the others".to_owned()]);
    }
    let places = if fatal.len() == 1 { "one line".to_owned() } else { format!("{} lines", fatal.len()) };
    Err(Failure::message(format!("{places} of the rules cannot be used")))
}

fn say_faults(faults: &[Error]) {
    for fault in faults.iter().take(MOST_FAULTS) {
        say(&fault.to_string());
    }
    if faults.len() > MOST_FAULTS {
        say(&format!("and {} more", faults.len() - MOST_FAULTS));
    }
}

fn read(paths: &[PathBuf]) -> Result<RuleSet, Failure> {
    let mut loader = |path: &Path| -> io::Result<String> {
        // Rules may hold bytes of any character set; those that are no UTF-8 cannot be meant as text.
        Ok(String::from_utf8_lossy(&std::fs::read(path)?).into_owned())
    };
    let mut set = RuleSet::default();
    for path in paths {
        let folder = path.parent().unwrap_or(Path::new(""));
        for name in BESIDE_RULES {
            let beside = folder.join(name);
            if let Ok(text) = loader(&beside) {
                set.read(&beside, &text, &mut loader, 0);
            }
        }
        let text =
            loader(path).map_err(|error| Failure::message(format!("{}: {}", shown(path), reason(&error))))?;
        set.read(path, &text, &mut loader, 0);
    }
    Ok(set)
}
