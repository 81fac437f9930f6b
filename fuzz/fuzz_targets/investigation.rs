//! Any bytes as packets of any link type: an investigation ends, and its findings stand on packets seen.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirescope_flow::Investigation;
use wirescope_wire::{LinkType, Packet, Timestamp};

// Each packet is led by its length; the first byte of all chooses the link type.
fuzz_target!(|bytes: &[u8]| {
    let Some((first, mut rest)) = bytes.split_first() else { return };
    let links = [LinkType::EN10MB, LinkType::RAW, LinkType::LINUX_SLL, LinkType::PPP, LinkType::MPLS];
    let link = links[usize::from(*first) % links.len()];
    let mut investigation = Investigation::default();
    let mut packets = 0;
    while let Some((length, after)) = rest.split_first() {
        let (data, after) = after.split_at(usize::from(*length).min(after.len()));
        rest = after;
        packets += 1;
        let time = Timestamp::new(packets as i64, 0);
        investigation.packet(&Packet { time, link, interface: 0, wire_len: data.len() as u32, data });
    }
    let found = investigation.finish();
    assert_eq!(found.packets, packets);
    for conversation in &found.conversations {
        assert!(conversation.evidence.last_packet().is_some_and(|last| last <= packets));
        let _ = (conversation.verdict(), conversation.history.as_str());
    }
});
