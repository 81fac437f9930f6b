//! Every capture of the shared corpus is read to its end, and a copy of it holds the same packets.

mod build;

use std::path::Path;

use build::{Owned, drain};
use wirescope_capture::{Block, FileReader, Mixed, Source, WriteOptions};

#[test]
fn captures_are_read_whole_and_alike_by_every_route() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let mut files = 0;
    for folder in ["tcpdump", "damaged", "truncated", "field", "filter"] {
        let Ok(entries) = std::fs::read_dir(corpus.join(folder).join("pcaps")) else {
            eprintln!("skipped: no corpus at {}", corpus.join(folder).display());
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            let (packets, error) = drain(FileReader::open(&path, Mixed::Refused));
            assert_eq!(error, None, "{}", path.display());
            let mut reader = FileReader::open(&path, Mixed::Refused).unwrap();
            let (mut again, mut block) = (Vec::new(), Block::new());
            while reader.next_block(&mut block).unwrap() {
                again.extend(block.packets().map(Owned::from));
            }
            assert!(packets == again, "{}: blocks differ", path.display());
            let options = WriteOptions::like(reader.properties());
            assert_eq!(options.link, reader.properties().link);
            files += 1;
        }
    }
    eprintln!("{files} captures read");
}
