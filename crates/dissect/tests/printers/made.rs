//! Packets made for tests, and what is printed of them.

use wirescope_dissect::{Dissector, Names, Options, TimeFormat};
use wirescope_wire::{LinkType, Packet, Timestamp};

/// How many bytes of text one packet may come to at most.
const MAX_TEXT: usize = 256 * 1024;

/// Addresses as numbers and no times.
pub(crate) fn options(verbose: u8) -> Options {
    Options { numeric: true, verbose, time: TimeFormat::None, ..Options::default() }
}

/// A dissector with these options and without names.
pub(crate) fn dissector(options: Options) -> Dissector {
    Dissector::new(options, Names::default())
}

/// What is printed of a packet that had `wire_len` bytes.
pub(crate) fn print(dissector: &mut Dissector, link: LinkType, data: &[u8], wire_len: usize) -> String {
    dissector.clear();
    let packet = Packet { time: Timestamp::default(), link, interface: 0, wire_len: wire_len as u32, data };
    dissector.print(&packet, 1);
    String::from_utf8_lossy(dissector.text()).trim_end().to_owned()
}

/// The bytes that hexadecimal digits stand for; blanks part them.
pub(crate) fn bytes(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        digits.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// An IPv4 packet from 192.0.2.1 to 198.51.100.2.
pub(crate) fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let length = (20 + payload.len()) as u16;
    let mut packet = vec![0x45, 0];
    packet.extend(length.to_be_bytes());
    packet.extend([0, 1, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2]);
    packet.extend(payload);
    packet
}

/// A datagram to this port, in IPv4.
pub(crate) fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let mut datagram = vec![0xc0, 0];
    datagram.extend(port.to_be_bytes());
    datagram.extend(((8 + payload.len()) as u16).to_be_bytes());
    datagram.extend([0, 0]);
    datagram.extend(payload);
    ipv4(17, &datagram)
}

/// A segment to this port, in IPv4.
pub(crate) fn tcp(port: u16, payload: &[u8]) -> Vec<u8> {
    let mut segment = vec![0xc0, 0];
    segment.extend(port.to_be_bytes());
    segment.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 3, 0xe8, 0, 0, 0, 0]);
    segment.extend(payload);
    ipv4(6, &segment)
}

/// Prints a packet cut short after every byte, as part of a longer one and as a whole, and with each of its bytes
/// turned over: nothing panics, the text is bounded, and nothing of it reaches a terminal unescaped.
pub(crate) fn mistreat(dissector: &mut Dissector, link: LinkType, packet: &[u8], what: &str) {
    let mut check = |data: &[u8], wire_len: usize, change: &str, at: usize| {
        let text = print(dissector, link, data, wire_len);
        let is_plain = text.bytes().all(|byte| byte >= b' ' || byte == b'\n' || byte == b'\t');
        assert!(is_plain, "{what}, {change} {at}: {text:?}");
        assert!(text.len() < MAX_TEXT, "{what}, {change} {at}: {} bytes of text", text.len());
    };
    for captured in 0..packet.len() {
        check(&packet[..captured], packet.len(), "captured up to", captured);
        check(&packet[..captured], captured, "ends at", captured);
    }
    for at in 0..packet.len() {
        for value in [0x00, 0x01, 0x02, 0x7f, 0x80, 0xff, !packet[at]] {
            let mut flipped = packet.to_vec();
            flipped[at] = value;
            check(&flipped, flipped.len(), "turned over at", at);
        }
    }
}
