//! Any bytes as packets of any link type, taken apart field by field: nothing panics, nothing hangs, and every
//! field lies within the packet.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirescope_dissect::Names;
use wirescope_dissect::layers::{MAX_FIELDS, MAX_LAYERS, layers};
use wirescope_wire::{LinkType, Packet, Timestamp};

fuzz_target!(|bytes: &[u8]| {
    let [link, cut, data @ ..] = bytes else { return };
    let known: Vec<LinkType> = LinkType::all().map(|row| row.0).collect();
    let Some(link) = known.get(usize::from(*link) % known.len()) else { return };
    let packet = Packet {
        time: Timestamp::new(0, 0),
        link: *link,
        interface: 0,
        wire_len: data.len() as u32 + u32::from(*cut % 16),
        data,
    };
    let layers = layers(&packet, &Names::none());
    assert!(layers.len() <= MAX_LAYERS);
    assert!(layers.iter().map(|layer| layer.fields.len()).sum::<usize>() <= MAX_FIELDS);
    for field in layers.iter().flat_map(|layer| &layer.fields).filter(|field| field.length > 0) {
        assert!(field.at + field.length <= data.len(), "{field:?}");
    }
});
