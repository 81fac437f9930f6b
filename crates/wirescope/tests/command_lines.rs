//! Command lines under the name tcpdump: exit status, output, messages and files written.

mod corpus;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use corpus::{Finished, Known, PROGRAM, Verdict};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Where version and usage begin in what is said; the corpus has one line for all of it.
const VERSION: &str = "tcpdump version";

fn text<'a>(case: &'a Value, key: &str) -> Option<&'a str> {
    case[key].as_str()
}

/// What was said, without what is the program's own.
fn normal(said: &str) -> String {
    let said = match said.find(VERSION) {
        Some(at) => format!("{}(version and usage)\n", &said[..at]),
        None => said.to_owned(),
    };
    said.split_inclusive('\n')
        .filter(|line| !line.starts_with("hint: ") && !line.starts_with("dropped privs"))
        .collect()
}

fn base64(encoded: &str) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for character in encoded.bytes() {
        let Some(digit) = DIGITS.iter().position(|digit| *digit == character) else { continue };
        bits = bits << 6 | u32::try_from(digit).expect("a digit is small");
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

/// The files in a folder that were not there before, by name and content.
fn written(folder: &Path, before: &[String]) -> BTreeMap<String, String> {
    names(folder)
        .into_iter()
        .filter(|name| !before.contains(name))
        .filter_map(|name| {
            let bytes = fs::read(folder.join(&name)).ok()?;
            let sum = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            Some((name, sum))
        })
        .collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Runs one case in a folder of its own and says what is wrong.
fn check(files: &Path, case: &Value) -> Option<String> {
    let scratch = tempfile::tempdir().expect("there is room for a folder");
    let folder = scratch.path();
    for name in names(files) {
        if files.join(&name).is_file() {
            fs::copy(files.join(&name), folder.join(&name)).expect("the file can be copied");
        } else {
            fs::create_dir(folder.join(&name)).expect("the folder can be made");
        }
    }
    let program = folder.join("tcpdump");
    symlink(PROGRAM, &program).expect("a link can be made");
    let before = names(folder);
    let stdin = match text(case, "stdin") {
        Some(name) => Stdio::from(File::open(folder.join(name)).expect("the input is there")),
        None => Stdio::null(),
    };
    let arguments = case["args"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let Finished { status, stdout, stderr } =
        corpus::run(Command::new(&program).args(arguments).current_dir(folder), stdin);
    let expected = match text(case, "stdout") {
        Some(stdout) => stdout.as_bytes().to_vec(),
        None => base64(text(case, "stdout_base64").unwrap_or_default()),
    };
    let said = String::from_utf8_lossy(&stderr).replace(&format!("{}/", folder.display()), "");
    let files: BTreeMap<String, String> = case["files"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, sum)| (name.clone(), sum.as_str().unwrap_or_default().to_owned()))
        .collect();
    if status.map(i64::from) != case["status"].as_i64() {
        Some(format!("status {status:?}, {said}"))
    } else if stdout != expected {
        Some("standard output differs".to_owned())
    } else if Some(normal(&said).as_str()) != text(case, "stderr") {
        Some(format!("standard error is {said:?}"))
    } else if written(folder, &before) != files {
        Some("other files are written, or others than expected".to_owned())
    } else {
        None
    }
}

#[test]
fn command_lines_are_answered_as_tcpdump_answers_them() {
    let Some(folder) = corpus::folder("cli") else { return };
    let cases = fs::read_to_string(folder.join("cases.jsonl")).expect("the cases can be read");
    let cases: Vec<Value> =
        cases.lines().map(|line| serde_json::from_str(line).expect("a case is JSON")).collect();
    let files = folder.join("files");
    let verdicts = corpus::side_by_side(&cases, |case| Verdict {
        name: text(case, "id").unwrap_or_default().to_owned(),
        group: "cli".to_owned(),
        wrong: check(&files, case),
    });
    assert!(!verdicts.is_empty(), "the corpus has no cases");
    Known::of("cli").compare(&verdicts);
}
