//! Any bytes as a capture file: every route to its packets gives the same ones, and a copy of them reads back.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use wirescope_capture::{Block, Compression, FileReader, Mixed, Source};

/// Decompressed bytes are not ours to judge, and a small input may hold very many of them.
fn is_compressed(bytes: &[u8]) -> bool {
    Compression::of_content(bytes).is_some()
}

fuzz_target!(|bytes: &[u8]| {
    if is_compressed(bytes) {
        return;
    }
    for mixed in [Mixed::Refused, Mixed::Allowed] {
        let open = || FileReader::new(Box::new(Cursor::new(bytes.to_vec())), mixed);
        let (Ok(mut one), Ok(mut other)) = (open(), open()) else { continue };
        let mut block = Block::new();
        while let Ok(true) = other.next_block(&mut block) {
            for expected in block.packets() {
                let Ok(Some(packet)) = one.next() else { panic!("a block has a packet that next does not give") };
                assert_eq!((packet.time, packet.data), (expected.time, expected.data));
                assert_eq!((packet.interface, packet.wire_len), (expected.interface, expected.wire_len));
            }
        }
        assert!(!matches!(one.next(), Ok(Some(_))), "next gives a packet that no block has");
        assert!(one.interfaces().len() <= bytes.len());
    }
});
