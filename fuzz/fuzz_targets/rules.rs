//! Any text as a rule file: it is read, its errors are said, and what can be run of it runs over a few packets.
#![no_main]

use std::io;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use wirescope_detect::engine::Engine;
use wirescope_detect::language::RuleSet;
use wirescope_wire::{LinkType, Packet, Timestamp};

/// Packets that rules can look at: ICMP, UDP with text, and a fragment.
const PACKETS: [&[u8]; 3] = [
    b"\x45\x00\x00\x20\x00\x01\x00\x00\x40\x01\x00\x00\x0a\x00\x00\x01\x0a\x00\x00\x02\x08\x00\x00\x00\x00\x07\x00\x01abcd",
    b"\x45\x00\x00\x2a\x00\x02\x00\x00\x40\x11\x00\x00\x0a\x00\x00\x01\x0a\x00\x00\x02\x00\x50\x00\x50\x00\x16\x00\x00GET /a HTTP/1",
    b"\x45\x00\x00\x1c\x00\x03\x20\x00\x40\x11\x00\x00\x0a\x00\x00\x01\x0a\x00\x00\x02\x00\x50\x00\x50\x00\x16\x00\x00",
];

fuzz_target!(|text: &str| {
    let mut loader = |path: &Path| match path.to_str() {
        // The file may include itself, and nothing else is there.
        Some("fuzz.rules") => Ok(text.to_owned()),
        _ => Err(io::ErrorKind::NotFound.into()),
    };
    let Ok(set) = RuleSet::load(Path::new("fuzz.rules"), &mut loader) else { return };
    for error in &set.errors {
        assert!(!error.to_string().is_empty());
    }
    let (mut engine, errors) = Engine::new(set);
    errors.iter().for_each(|error| drop(error.to_string()));
    for (number, data) in (1..).zip(PACKETS) {
        let packet = Packet {
            time: Timestamp { seconds: number as i64, ..Timestamp::default() },
            link: LinkType::RAW,
            interface: 0,
            wire_len: data.len() as u32,
            data,
        };
        engine.packet(number, &packet, &mut |_| {});
    }
    engine.finish(&mut |_| {});
});
