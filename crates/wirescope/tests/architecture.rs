//! The rules of ARCHITECTURE.md: who may import whom, and who may do what.

use std::fs;
use std::path::{Path, PathBuf};

/// What each crate may import of ours. A crate that is not here is a mistake or a change of plan.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("wire", &[]),
    ("dissect", &["wire"]),
    ("filter", &["wire"]),
    ("flow", &["wire"]),
    ("capture", &["wire", "filter"]),
    ("detect", &["wire", "flow"]),
    ("trail", &["wire", "filter", "capture"]),
    ("report", &["wire", "dissect", "filter", "flow", "detect"]),
    ("wirescope", &["wire", "dissect", "filter", "flow", "capture", "trail", "detect", "report"]),
];

/// The only crate with unsafe code, and where in it that is.
const UNSAFE: &str = "crates/capture/src/live/";

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the top folder is there")
}

fn crates() -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(top().join("crates")).expect("the crates can be listed").flatten();
    let folders = entries.map(|entry| entry.path()).filter(|path| path.join("Cargo.toml").is_file());
    folders.map(|path| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path)).collect()
}

/// The source files below a folder, by path from the top folder, and their text without tests.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("sources can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source can be read");
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
            let shown = path.strip_prefix(top()).unwrap_or(&path).to_string_lossy().into_owned();
            found.push((shown, text));
        }
    }
    found
}

/// Lines of code: comments and documentation left out.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"))
}

#[test]
fn crates_import_only_what_lies_below_them() {
    for (name, folder) in crates() {
        let allowed = MAY_IMPORT.iter().find(|row| row.0 == name);
        let (_, allowed) =
            allowed.unwrap_or_else(|| panic!("ARCHITECTURE.md has no place for crates/{name}"));
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("the manifest can be read");
        let dependencies = manifest.split("\n[").find(|part| part.starts_with("dependencies]"));
        for line in dependencies.unwrap_or_default().lines() {
            let Some(rest) = line.strip_prefix("wirescope-") else { continue };
            let imported: String =
                rest.chars().take_while(|character| character.is_ascii_alphanumeric()).collect();
            assert!(allowed.contains(&imported.as_str()), "crates/{name} must not import {imported}");
        }
    }
}

#[test]
fn unsafe_code_is_only_in_the_live_capture() {
    for (name, folder) in crates() {
        for (path, text) in sources(&folder.join("src")) {
            let is_root = path.ends_with("src/lib.rs") || path.ends_with("src/main.rs");
            if is_root && name != "capture" {
                assert!(text.contains("#![forbid(unsafe_code)]"), "{path} does not forbid unsafe code");
            }
            let uses = code(&text).any(|line| {
                line.contains("unsafe {") || line.contains("unsafe fn") || line.contains("unsafe impl")
            });
            assert!(!uses || path.starts_with(UNSAFE), "{path} has unsafe code");
        }
    }
}

#[test]
fn only_the_program_reads_arguments_prints_and_exits() {
    const FORBIDDEN: &[&str] =
        &["println!(", "eprintln!(", "print!(", "eprint!(", "process::exit", "env::args", "std::env::var"];
    for (name, folder) in crates().into_iter().filter(|(name, _)| name != "wirescope") {
        for (path, text) in sources(&folder.join("src")) {
            for line in code(&text) {
                let found = FORBIDDEN.iter().find(|word| {
                    line.match_indices(**word).any(|(at, _)| {
                        !line[..at].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '_')
                    })
                });
                assert!(found.is_none(), "crates/{name} is a library, but {path} has {line}");
            }
        }
    }
}

#[test]
fn flow_and_detect_know_nothing_of_text() {
    for name in ["flow", "detect"] {
        for (path, text) in sources(&top().join("crates").join(name).join("src")) {
            assert!(!code(&text).any(|line| line.contains("wirescope_dissect")), "{path} imports text");
        }
    }
}

#[test]
fn names_say_what_is_inside() {
    for (name, folder) in crates() {
        for (path, _) in sources(&folder.join("src")) {
            let vague =
                ["util", "helper", "manager", "common", "misc"].iter().find(|word| path.contains(**word));
            assert!(vague.is_none(), "crates/{name}: {path} does not say what is inside");
        }
    }
}
