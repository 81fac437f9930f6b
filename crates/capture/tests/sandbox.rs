//! What a process can and cannot do once it is caged. The cage is for good, so each try is a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The example that enters the sandbox, which is built with the tests.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let example = test.parent().and_then(|deps| deps.parent()).unwrap().join("examples/sandbox");
    assert!(
        example.exists(),
        "build the examples too, as cargo does when no target is named: {}",
        example.display()
    );
    example
}

fn folder(name: &str) -> PathBuf {
    // Not beneath /tmp, which is tried as a place of no concern.
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sandbox-{}-{name}", std::process::id()));
    std::fs::create_dir_all(folder.join("readable")).unwrap();
    std::fs::create_dir_all(folder.join("writable")).unwrap();
    std::fs::write(folder.join("readable/file"), "file").unwrap();
    std::fs::write(folder.join("other"), "other").unwrap();
    folder
}

fn run(name: &str, options: &[&str]) -> String {
    let folder = folder(name);
    let output = Command::new(example())
        .args(options)
        .args([folder.join("readable"), folder.join("writable"), folder.join("other")])
        .output()
        .unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(text.ends_with("done\n"), "the process lives to its end: {text}{errors}");
    text
}

#[test]
fn only_what_is_needed_can_be_done() {
    let text = run("plain", &[]);
    if !text.contains("complete: true") {
        let on_build_server = std::env::var_os("CI").is_some_and(|value| value == "true");
        assert!(!on_build_server, "the build server's kernel lacks a layer of the sandbox: {text}");
        eprintln!("SKIPPED: this kernel lacks a layer of the sandbox:\n{text}");
        return;
    }
    for can in ["read a file that is needed", "write a file that is needed", "rename it"] {
        assert!(text.contains(&format!("{can}: can\n")), "{can}: {text}");
    }
    for cannot in [
        "read another file",
        "write where one may read",
        "write beneath /tmp",
        "open a socket",
        "run a program",
        "read another file in a thread",
    ] {
        assert!(text.contains(&format!("{cannot}: cannot, PermissionDenied\n")), "{cannot}: {text}");
    }
    assert!(text.contains("no new sockets and no new programs"), "{text}");
}

#[test]
fn names_can_be_asked_for_when_that_is_needed() {
    let text = run("names", &["--names"]);
    if text.contains("complete: true") {
        assert!(text.contains("open a socket: can\n"), "{text}");
        assert!(text.contains("run a program: cannot, PermissionDenied\n"), "{text}");
        assert!(text.contains("read another file: cannot, PermissionDenied\n"), "{text}");
    }
}
