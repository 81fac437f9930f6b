//! Any bytes as packets of any link type, printed in any way: nothing panics, nothing hangs, and what is printed
//! is text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirescope_dissect::{Dissector, HexDump, Names, Options};
use wirescope_wire::{LinkType, Packet, Timestamp};

/// No packet may print more than this for each of its bytes, and a little besides.
const MOST_TEXT_PER_BYTE: usize = 4096;

/// What the first bytes of an input choose: a link type, the way of printing, and how many bytes a packet has.
fn options(choice: u8, more: u8) -> Options {
    Options {
        numeric: choice & 1 != 0,
        verbose: choice >> 1 & 3,
        quiet: choice & 8 != 0,
        link_header: choice & 16 != 0,
        absolute_sequence: choice & 32 != 0,
        dotted_as: choice & 64 != 0,
        no_checksums: choice & 128 != 0,
        undecoded_nfs: more & 1 != 0,
        mesh: more & 2 != 0,
        ip_oneline: more & 4 != 0,
        hex: if more & 8 != 0 { HexDump::HexAscii { link_header: true } } else { HexDump::None },
        ..Options::default()
    }
}

fuzz_target!(|bytes: &[u8]| {
    let [link, choice, more, cut, rest @ ..] = bytes else { return };
    let known: Vec<LinkType> = LinkType::all().map(|row| row.0).collect();
    let Some(link) = known.get(usize::from(*link) % known.len()) else { return };
    let mut dissector = Dissector::new(options(*choice, *more), Names::none());
    // Two packets, so that what is remembered of the first meets the second.
    let middle = rest.len() / 2;
    for (number, part) in [&rest[..middle], &rest[middle..], rest].into_iter().enumerate() {
        let kept = part.len().saturating_sub(usize::from(*cut % 16));
        let packet = Packet {
            time: Timestamp::new(0, 0),
            link: *link,
            interface: 0,
            wire_len: part.len() as u32,
            data: &part[..kept],
        };
        dissector.print(&packet, number as u64 + 1);
        let text = dissector.text();
        assert!(text.len() <= (part.len() + 16) * MOST_TEXT_PER_BYTE, "{} bytes print {}", part.len(), text.len());
        assert!(text.iter().all(|byte| *byte == b'\n' || *byte == b'\t' || *byte == b'\r' || (0x20..0x7f).contains(byte)));
        dissector.clear();
    }
});
