//! Any bytes as packets of any link type: an explanation ends, its statements stand on bytes of the packet,
//! and every case is of packets seen. What is counted in a summary adds up.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirescope_flow::Seen;
use wirescope_flow::explain::Explainer;
use wirescope_flow::fragments::Limits;
use wirescope_flow::summary::Summary;
use wirescope_wire::{LinkType, Packet, Timestamp};

// The first byte chooses the link type and whether all packets are asked for; each packet is led by its
// length and by how many bytes more it had on the wire.
fuzz_target!(|bytes: &[u8]| {
    let Some((first, mut rest)) = bytes.split_first() else { return };
    let links = [LinkType::EN10MB, LinkType::RAW, LinkType::LINUX_SLL, LinkType::PPP, LinkType::NULL];
    let link = links[usize::from(first >> 1) % links.len()];
    let is_wanted = first & 1 == 1;
    let mut explainer = Explainer::new(!is_wanted, Limits::default());
    let mut summary = Summary::default();
    let mut lengths = Vec::new();
    while let [length, more, after @ ..] = rest {
        let (data, after) = after.split_at(usize::from(*length).min(after.len()));
        rest = after;
        lengths.push(data.len());
        let number = lengths.len() as u64;
        let time = Timestamp::new(number as i64, 0);
        let wire_len = data.len() as u32 + u32::from(*more % 4);
        let packet = Packet { time, link, interface: 0, wire_len, data };
        explainer.packet(Seen { number, time }, &packet, is_wanted);
        summary.packet(number, &packet);
    }
    let packets = lengths.len() as u64;
    let found = explainer.finish();
    assert_eq!(found.packets, packets);
    assert!(found.odd_packets <= packets.saturating_mul(2));
    for case in &found.cases {
        let length = lengths[case.seen.number as usize - 1];
        for place in case.statements.iter().filter_map(|said| said.place.as_ref()) {
            assert!(place.len > 0 && place.at + place.len <= length && place.bytes.len() <= place.len);
        }
    }
    assert_eq!(summary.total.packets, packets);
    assert_eq!(summary.sizes.iter().map(|class| class.packets).sum::<u64>(), packets);
    let roots: u64 = summary.tree.walk().iter().filter(|(depth, _)| *depth == 0).map(|(_, node)| node.amount.packets).sum();
    assert_eq!(roots, packets);
});
