//! Counts the packets of capture files: `count FILE...`

use std::process::ExitCode;

use wirescope_capture::{FileReader, Mixed, ReadError, Source};

fn main() -> ExitCode {
    let mut status = ExitCode::SUCCESS;
    for path in std::env::args().skip(1) {
        let (mut packets, mut bytes) = (0u64, 0u64);
        let mut count = || -> Result<(), ReadError> {
            let mut reader = FileReader::open(path.as_ref(), Mixed::Refused)?;
            let file = reader.properties();
            eprintln!(
                "{path}: {:?}, link-type {}, snapshot length {}",
                file.format, file.link, file.snapshot_len
            );
            while let Some(packet) = reader.next()? {
                packets += 1;
                bytes += packet.data.len() as u64;
            }
            Ok(())
        };
        if let Err(error) = count() {
            eprintln!("{path}: {error}");
            status = ExitCode::FAILURE;
        }
        println!("{path}: {packets} packets, {bytes} bytes");
    }
    status
}
