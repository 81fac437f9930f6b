//! Copies a capture file: `copy IN OUT`

use std::process::ExitCode;

use wirescope_capture::{FileReader, FileWriter, Mixed, Source, WriteOptions};

fn copy(from: &str, to: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut reader = FileReader::open(from.as_ref(), Mixed::Allowed)?;
    let options = WriteOptions::like(reader.properties()).named(to.as_ref());
    let mut writer = FileWriter::create(to.as_ref(), &options)?;
    let damage = loop {
        match reader.next_described() {
            Ok(Some((packet, interfaces))) => {
                writer.declare(interfaces);
                writer.write(&packet)?;
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    writer.finish()?;
    damage.map_or(Ok(()), |error| Err(error.into()))
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: copy IN OUT");
        return ExitCode::FAILURE;
    };
    match copy(&from, &to) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
