//! The corpus of compiled filters: reads its records, and tells when it is not there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wirescope_filter::ir::Instruction;

/// One expression with its plain and its optimised program.
pub(crate) struct Pair {
    pub(crate) expression: String,
    pub(crate) link: String,
    pub(crate) live: bool,
    pub(crate) plain: Vec<Instruction>,
    pub(crate) optimised: Option<Vec<Instruction>>,
}

/// The folder of the filter corpus. Without it tests are skipped, but not where everything must run.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/filter");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "the filter corpus is missing: {}",
        folder.display()
    );
    eprintln!("SKIPPED: no filter corpus at {}", folder.display());
    None
}

/// Link type, expression, snap length, netmask, whether live.
type Key = (String, String, u64, String, bool);

/// All pairs of the corpus.
pub(crate) fn pairs(folder: &Path) -> Vec<Pair> {
    let text = fs::read_to_string(folder.join("bytecode.jsonl")).expect("bytecode.jsonl can be read");
    let mut records: BTreeMap<Key, [Option<Value>; 2]> = BTreeMap::new();
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).expect("a record is JSON");
        let word = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        let live = record["live"].as_bool().unwrap_or(false);
        let key = (word("dlt"), word("expr"), record["snaplen"].as_u64().unwrap_or(0), word("netmask"), live);
        let optimised = record["opt"].as_bool().unwrap_or(false);
        records.entry(key).or_default()[usize::from(optimised)] = Some(record);
    }
    let pair = |((link, expression, _, _, live), [plain, optimised]): (Key, [Option<Value>; 2])| {
        let plain = plain?;
        Some(Pair {
            expression,
            link,
            live,
            plain: program(&plain["bytecode"]),
            optimised: optimised.map(|record| program(&record["bytecode"])),
        })
    };
    records.into_iter().filter_map(pair).collect()
}

fn program(value: &Value) -> Vec<Instruction> {
    let number = |value: &Value| value.as_u64().expect("a number");
    let instruction = |fields: &Value| Instruction {
        code: u16::try_from(number(&fields[0])).expect("a code"),
        jt: u8::try_from(number(&fields[1])).expect("a distance"),
        jf: u8::try_from(number(&fields[2])).expect("a distance"),
        k: u32::try_from(number(&fields[3])).expect("a word"),
    };
    value.as_array().expect("a program").iter().map(instruction).collect()
}
