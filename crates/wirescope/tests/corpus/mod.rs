//! What the corpus tests share: where the corpora are, how the program is run, which failures are known.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_wirescope");

/// How long one run may take. A debug build on a busy machine needs a fraction of it.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// How many runs go on side by side.
const WORKERS: usize = 2;

/// The folder of a corpus, as long as this machine has it. Without it tests are skipped, but not where
/// everything must run.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join(name);
    if let Ok(folder) = folder.canonicalize() {
        return Some(folder);
    }
    skipped(&format!("no corpus at {}", folder.display()));
    None
}

/// Says loudly that something cannot be tested here, and fails where everything must be.
pub(crate) fn skipped(why: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "cannot be tested: {why}");
    eprintln!("SKIPPED: {why}");
}

/// What a run left behind.
pub(crate) struct Finished {
    /// Exit status; `None` when a signal ended it or it ran too long.
    pub(crate) status: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

/// Runs a command with the environment that the corpora were recorded in.
pub(crate) fn run(command: &mut Command, stdin: Stdio) -> Finished {
    command.env("TZ", "GMT0").env("LC_ALL", "C").stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} cannot be run: {error}"));
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    let status = wait(&mut child);
    let joined = |thread: thread::JoinHandle<Vec<u8>>| thread.join().expect("the reader ends");
    Finished { status, stdout: joined(stdout), stderr: joined(stderr) }
}

fn drain(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            stream.read_to_end(&mut bytes).expect("the output can be read");
        }
        bytes
    })
}

fn wait(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            return status.code();
        }
        if start.elapsed() > TIME_LIMIT {
            child.kill().expect("the child can be ended");
            child.wait().expect("the child can be waited for");
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Applies `check` to all items, some at a time; the answers come in the order of the items.
pub(crate) fn side_by_side<T: Sync, A: Send>(items: &[T], check: impl Fn(&T) -> A + Sync) -> Vec<A> {
    let next = Mutex::new(items.iter().enumerate());
    let answers = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let taken = next.lock().expect("no check panics").next();
                    let Some((at, item)) = taken else { break };
                    let answer = check(item);
                    answers.lock().expect("no check panics").push((at, answer));
                }
            });
        }
    });
    let mut answers = answers.into_inner().expect("no check panics");
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// The failures of one corpus that are known: rows by name, and groups of protocols that are not there yet.
pub(crate) struct Known {
    path: PathBuf,
    rows: BTreeSet<String>,
    groups: BTreeSet<String>,
}

/// A row of a corpus and whether it passes.
pub(crate) struct Verdict {
    pub(crate) name: String,
    pub(crate) group: String,
    /// What is wrong, if anything.
    pub(crate) wrong: Option<String>,
}

impl Known {
    /// Reads the list of a corpus: a name a line, or `group` and a name; `#` starts a comment.
    pub(crate) fn of(corpus: &str) -> Known {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/known-failures/{corpus}.txt"));
        let mut known = Known { path, rows: BTreeSet::new(), groups: BTreeSet::new() };
        for line in fs::read_to_string(&known.path).unwrap_or_default().lines() {
            let line = line.split('#').next().unwrap_or("").trim();
            match line.strip_prefix("group ") {
                Some(group) => known.groups.insert(group.to_owned()),
                None => !line.is_empty() && known.rows.insert(line.to_owned()),
            };
        }
        known
    }

    /// Fails for every row that fails and is not known to, and for every entry that has become needless.
    /// With `UPDATE_KNOWN_FAILURES=1` the list is written anew instead.
    pub(crate) fn compare(&self, verdicts: &[Verdict]) {
        if std::env::var_os("UPDATE_KNOWN_FAILURES").is_some() {
            return self.rewrite(verdicts);
        }
        let mut complaints = Vec::new();
        for verdict in verdicts {
            let listed = self.rows.contains(&verdict.name);
            match &verdict.wrong {
                Some(wrong) if !listed && !self.groups.contains(&verdict.group) => {
                    complaints.push(format!("{} [{}] fails: {wrong}", verdict.name, verdict.group));
                }
                None if listed => {
                    complaints.push(format!("{} passes, but is listed as failing", verdict.name))
                }
                _ => {}
            }
        }
        for group in &self.groups {
            let mut rows = verdicts.iter().filter(|verdict| verdict.group == *group);
            if rows.all(|verdict| verdict.wrong.is_none()) {
                complaints.push(format!("group {group} passes as a whole, but is listed as failing"));
            }
        }
        for name in &self.rows {
            if !verdicts.iter().any(|verdict| verdict.name == *name) {
                complaints.push(format!("{name} is listed as failing, but there is no such row"));
            }
        }
        let failing = verdicts.iter().filter(|verdict| verdict.wrong.is_some()).count();
        println!("{} of {} rows pass", verdicts.len() - failing, verdicts.len());
        assert!(
            complaints.is_empty(),
            "{} differences from {}:\n{}",
            complaints.len(),
            self.path.display(),
            complaints.join("\n")
        );
    }

    /// Lists the rows that fail now. A group of which no row passes is listed as such.
    fn rewrite(&self, verdicts: &[Verdict]) {
        let passes = |group: &str| verdicts.iter().any(|other| other.group == group && other.wrong.is_none());
        let mut lines = BTreeSet::new();
        for verdict in verdicts.iter().filter(|verdict| verdict.wrong.is_some()) {
            let whole = !passes(&verdict.group);
            lines.insert(if whole { format!("group {}", verdict.group) } else { verdict.name.clone() });
        }
        let header = "# Rows that do not pass; docs/known-differences.md says why.\n";
        let text: String = std::iter::once(header.to_owned())
            .chain(lines.into_iter().map(|line| format!("{line}\n")))
            .collect();
        fs::write(&self.path, text).expect("the list can be written");
    }
}

/// Cuts a command line into words as a shell does, as far as the corpora need it.
#[allow(dead_code)] // Only rows of manifests have command lines as text.
pub(crate) fn shell_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, '\\') => word.get_or_insert_default().extend(characters.next()),
            (None, _) if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}
