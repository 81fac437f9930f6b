//! `investigate [-n] FILE... --json`: the findings of capture files as JSON lines.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use wirescope_capture::{FileReader, Mixed};
use wirescope_flow::Investigation;
use wirescope_report::findings;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("investigate: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut investigation = Investigation::default();
    for file in
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-') && argument != "investigate")
    {
        let mut reader = FileReader::open(Path::new(&file), Mixed::Allowed)?;
        loop {
            match reader.next() {
                Ok(Some(packet)) => investigation.packet(&packet),
                Ok(None) => break,
                Err(error) => {
                    eprintln!("investigate: {file}: {error}");
                    break;
                }
            }
        }
    }
    let found = investigation.finish();
    let mut out = BufWriter::with_capacity(1 << 15, std::io::stdout().lock());
    for finding in findings(&found) {
        writeln!(out, "{}", finding.json())?;
    }
    if !found.left_out.is_nothing() {
        eprintln!("investigate: left out for want of room: {:?}", found.left_out);
    }
    Ok(out.flush()?)
}
