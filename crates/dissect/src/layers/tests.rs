//! Packets made by hand, taken apart.

#![allow(clippy::indexing_slicing)] // A test that panics has failed.

use wirescope_wire::{LinkType, Packet, Timestamp};

use super::{Field, Layer, MAX_FIELDS, MAX_LAYERS, Value, layers};
use crate::Names;

fn apart(link: LinkType, wire_len: usize, data: &[u8]) -> Vec<Layer> {
    let packet = Packet { time: Timestamp::new(0, 0), link, interface: 0, wire_len: wire_len as u32, data };
    layers(&packet, &Names::new("domain 53/udp\nhttp 80/tcp\n", "", None))
}

fn names(layers: &[Layer]) -> Vec<&'static str> {
    layers.iter().map(|layer| layer.protocol).collect()
}

fn field<'l>(layers: &'l [Layer], protocol: &str, name: &str) -> &'l Field {
    let layer = layers.iter().find(|layer| layer.protocol == protocol).expect("the layer is there");
    layer.fields.iter().find(|field| field.name == name).expect("the field is there")
}

/// An IPv4 header with a right checksum before `payload`, with what else `change` makes of it.
fn ipv4(protocol: u8, payload: &[u8], change: impl Fn(&mut [u8])) -> Vec<u8> {
    let mut packet = vec![0x45, 0, 0, 0, 0, 7, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
    let total = (packet.len() + payload.len()) as u16;
    packet[2..4].copy_from_slice(&total.to_be_bytes());
    change(&mut packet);
    let sum = wirescope_wire::checksum::internet(&packet);
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
    packet.extend_from_slice(payload);
    packet
}

fn udp(src: u16, dst: u16, length: u16, payload: &[u8]) -> Vec<u8> {
    let words = [src, dst, length, 0];
    words.iter().flat_map(|word| word.to_be_bytes()).chain(payload.iter().copied()).collect()
}

#[test]
fn each_field_has_its_place_value_and_meaning() {
    let packet = ipv4(17, &udp(1025, 53, 9, b"?"), |_| {});
    let layers = apart(LinkType::RAW, packet.len(), &packet);
    assert_eq!(names(&layers), ["ipv4", "udp", "dns"]);
    let offset = field(&layers, "ipv4", "fragment offset");
    let bits = offset.bits.expect("it takes part of its bytes");
    assert_eq!((offset.at, offset.length, bits.first, bits.count), (6, 2, 3, 13));
    assert_eq!(field(&layers, "ipv4", "source address").value, Value::Ipv4([192, 0, 2, 1].into()));
    assert_eq!(field(&layers, "ipv4", "checksum").meaning, "correct");
    let port = field(&layers, "udp", "destination port");
    assert_eq!((port.at, &port.value, port.meaning.as_str()), (22, &Value::Number(53), "domain"));
}

#[test]
fn lengths_that_disagree_are_marked_and_not_followed() {
    let packet = ipv4(17, &udp(1, 2, 46, b"abc"), |_| {});
    let layers = apart(LinkType::RAW, packet.len(), &packet);
    assert_eq!(field(&layers, "udp", "length").problem.as_deref(), Some("IP leaves 11 bytes"));
    assert_eq!(field(&layers, "text", "line").value, Value::Text("abc".to_owned()));
    let packet = ipv4(17, &udp(1, 2, 8, b""), |header| header[2..4].copy_from_slice(&300u16.to_be_bytes()));
    let layers = apart(LinkType::RAW, packet.len(), &packet);
    let problem = field(&layers, "ipv4", "total length").problem.as_deref().expect("a problem");
    assert!(problem.contains("more than the 28 bytes"), "{problem}");
    let packet = ipv4(6, &[0; 20], |header| header[0] = 0x42);
    let layers = apart(LinkType::RAW, packet.len(), &packet);
    assert!(field(&layers, "ipv4", "header length").problem.is_some());
}

#[test]
fn bytes_behind_the_claimed_end_are_a_layer_of_their_own() {
    let mut packet = ipv4(17, &udp(1, 2, 9, b"A"), |_| {});
    packet.extend_from_slice(&[0, 0, 0]);
    let layers = apart(LinkType::RAW, packet.len(), &packet);
    assert_eq!(names(&layers).last(), Some(&"trailer"));
    assert_eq!(field(&layers, "trailer", "bytes").meaning, "padding, all zero");
    *packet.last_mut().expect("there is a byte") = 1;
    let layers = apart(LinkType::RAW, packet.len(), &packet);
    assert!(field(&layers, "trailer", "bytes").problem.is_some(), "padding that is not zero is odd");
}

#[test]
fn a_capture_that_ends_early_is_told_and_no_contradiction() {
    let packet = ipv4(17, &udp(1, 2, 38, &[7; 30]), |_| {});
    for kept in 0..packet.len() {
        let layers = apart(LinkType::RAW, packet.len(), &packet[..kept]);
        let last = layers.iter().flat_map(|layer| &layer.fields).last().expect("at least one field");
        assert!(last.meaning.ends_with("bytes: no more was captured"), "{kept}: {last:?}");
        assert_eq!(last.problem, None, "{kept}");
        assert!(last.at + last.length <= kept);
    }
}

#[test]
fn an_error_shows_the_packet_that_it_quotes() {
    let inner = ipv4(17, &udp(1025, 53, 40, b""), |header| header[3] = 60);
    let message: Vec<u8> = [3, 3, 0, 0, 0, 0, 0, 0].iter().copied().chain(inner).collect();
    let packet = ipv4(1, &message, |_| {});
    let layers = apart(LinkType::RAW, packet.len(), &packet);
    assert_eq!(names(&layers), ["ipv4", "icmp", "ipv4", "udp", "dns"]);
    assert_eq!(field(&layers, "icmp", "code").meaning, "port unreachable");
    assert!(layers[2..].iter().flat_map(|layer| &layer.fields).all(|field| field.problem.is_none()));
}

#[test]
fn options_are_parts_with_lengths_that_are_checked() {
    let mut segment = vec![0, 80, 0, 81, 0, 0, 0, 1, 0, 0, 0, 0, 0x70, 2, 1, 0, 0, 0, 0, 0];
    segment.extend_from_slice(&[2, 4, 5, 0xb4, 8, 40, 0, 0]);
    let packet = ipv4(6, &segment, |_| {});
    let layers = apart(LinkType::RAW, packet.len(), &packet);
    let tcp = layers.iter().find(|layer| layer.protocol == "tcp").expect("TCP");
    let size = field(&layers, "tcp", "maximum segment size");
    assert_eq!((size.level, &size.value), (1, &Value::Number(1460)));
    let lengths: Vec<&Field> = tcp.fields.iter().filter(|field| field.name == "length").collect();
    assert_eq!(lengths[0].problem, None);
    assert!(lengths[1].problem.as_deref().expect("40 do not fit").contains("4 are left"));
}

#[test]
fn any_bytes_of_any_link_are_taken_apart_within_limits() {
    // Deterministic noise with a seed of its own (xorshift, Marsaglia 2003).
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let starts: [&[u8]; 4] = [&[], &[0x45, 0], &[0x60, 0], &[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45]];
    for (link, _, _) in LinkType::all() {
        for start in starts {
            let length = (random() % 300) as usize;
            let noise = (0..length).map(|_| if random() % 3 == 0 { 0 } else { random() as u8 });
            let data: Vec<u8> = start.iter().copied().chain(noise).collect();
            let layers = apart(link, data.len() + (random() % 5) as usize, &data);
            assert!(layers.len() <= MAX_LAYERS);
            let fields: Vec<&Field> = layers.iter().flat_map(|layer| &layer.fields).collect();
            assert!(fields.len() <= MAX_FIELDS);
            for field in fields.iter().filter(|field| field.length > 0) {
                assert!(field.at + field.length <= data.len(), "{link:?} {field:?}");
            }
        }
    }
}

#[test]
fn tunnels_without_end_end() {
    let mut packet = Vec::new();
    for _ in 0..200 {
        packet = ipv4(4, &packet, |_| {});
    }
    let layers = apart(LinkType::RAW, packet.len(), &packet);
    assert_eq!(layers.len(), MAX_LAYERS);
    assert!(layers.last().is_some_and(|layer| !layer.problems.is_empty()), "what is left out is said");
}
