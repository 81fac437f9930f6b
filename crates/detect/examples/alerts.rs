//! Runs a rule file over a capture and prints one line of JSON for each alert, or with `-A none` nothing:
//! `alerts detect -r CAPTURE [-c RULES] [-A none]`; without rules those that are built in.

use std::path::Path;
use wirescope_capture::{FileReader, Mixed};
use wirescope_detect::engine::{Alert, Engine};
use wirescope_detect::language::RuleSet;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |flag: &str| arguments.iter().skip_while(|a| *a != flag).nth(1).cloned().unwrap_or_default();
    let set = match after("-c") {
        none if none.is_empty() => RuleSet::built_in(),
        file => RuleSet::load(Path::new(&file), &mut |path| std::fs::read_to_string(path))?,
    };
    for error in &set.errors {
        eprintln!("{error}");
    }
    let (mut engine, errors) = Engine::new(set);
    for error in errors {
        eprintln!("{error}");
    }
    let quiet = after("-A") == "none";
    let mut print = |alert: &Alert<'_>| {
        if quiet {
            return;
        }
        println!(r#"{{"gid":{},"sid":{},"packets":{:?}}}"#, alert.rule.gid, alert.rule.sid, alert.packets);
    };
    let mut reader = FileReader::open(Path::new(&after("-r")), Mixed::Allowed)?;
    let mut number = 0;
    while let Some(packet) = reader.next()? {
        number += 1;
        engine.packet(number, &packet, &mut print);
    }
    engine.finish(&mut print);
    Ok(())
}
