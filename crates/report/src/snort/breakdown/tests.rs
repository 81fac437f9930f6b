use wirescope_wire::Timestamp;

use super::*;

/// An Ethernet frame of this type.
fn frame(kind: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
    bytes.extend(kind.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// An IPv4 packet with a checksum that is right; `fragment` is the field of flags and offset.
fn ipv4(protocol: u8, fragment: u16, payload: &[u8]) -> Vec<u8> {
    let [high, low] = (Ipv4::LEN as u16 + payload.len() as u16).to_be_bytes();
    let [flags, offset] = fragment.to_be_bytes();
    let mut bytes = vec![0x45, 0, high, low, 0, 1, flags, offset, 64, protocol, 0, 0];
    bytes.extend([192, 0, 2, 1, 192, 0, 2, 2]);
    let sum = checksum::internet(&bytes).to_be_bytes();
    bytes.splice(10..12, sum);
    bytes.extend(payload);
    bytes
}

fn ipv6(next: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x60, 0, 0, 0];
    bytes.extend((payload.len() as u16).to_be_bytes());
    bytes.extend([next, 64]);
    bytes.extend([0x20; 32]);
    bytes.extend(payload);
    bytes
}

/// A UDP datagram without a checksum.
fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = port.to_be_bytes().to_vec();
    bytes.extend(port.to_be_bytes());
    bytes.extend((Udp::LEN as u16 + payload.len() as u16).to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend(payload);
    bytes
}

/// What a frame adds, by label.
fn counted(bytes: &[u8]) -> Vec<(&'static str, u64)> {
    let mut breakdown = Breakdown::new(Checksums { udp: false, ..Checksums::ALL });
    let wire_len = bytes.len() as u32;
    let time = Timestamp::new(0, 0);
    breakdown.packet(&Packet { time, link: LinkType::EN10MB, interface: 0, wire_len, data: bytes });
    let counts = Line::ALL.map(|(line, label)| (label, breakdown.count(line)));
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}

#[test]
fn lines_stand_where_their_counters_are() {
    assert!(Line::ALL.iter().enumerate().all(|(at, (line, _))| *line as usize == at));
}

#[test]
fn fragments_count_as_such_and_the_first_of_udp_as_udp_too() {
    let of = |protocol, field| counted(&frame(0x0800, &ipv4(protocol, field, &udp(53, &[0; 8]))));
    assert_eq!(of(17, 0x2000), [("Eth", 1), ("IP4", 1), ("Frag", 1), ("UDP", 1)]);
    assert_eq!(of(17, 0x0002), [("Eth", 1), ("IP4", 1), ("Frag", 1)]);
    assert_eq!(of(6, 0x2000), [("Eth", 1), ("IP4", 1), ("Frag", 1)]);
}

#[test]
fn headers_that_contradict_their_packet_are_discarded() {
    let whole = frame(0x0800, &ipv4(17, 0, &udp(53, &[0; 8])));
    let (cut, _) = whole.split_at(whole.len() - 1);
    assert_eq!(counted(cut), [("Eth", 1), ("IP4", 1), ("IP4 Disc", 1), ("All Discard", 1)]);
    let mut longer = udp(53, &[0; 8]);
    longer.push(0);
    let odd = counted(&frame(0x0800, &ipv4(17, 0, &longer)));
    assert_eq!(odd, [("Eth", 1), ("IP4", 1), ("UDP", 1), ("UDP Disc", 1), ("All Discard", 1)]);
    let short = counted(&frame(0x0800, &ipv4(6, 0, &[0; 19])));
    assert_eq!(short, [("Eth", 1), ("IP4", 1), ("TCP", 1), ("TCP Disc", 1), ("All Discard", 1)]);
    let echo = counted(&frame(0x0800, &ipv4(1, 0, &[8, 0, 0xf7, 0xff])));
    assert_eq!(echo, [("Eth", 1), ("IP4", 1), ("ICMP", 1), ("ICMP Disc", 1), ("All Discard", 1)]);
    assert_eq!(counted(&[0; 13]), [("Eth", 1), ("Eth Disc", 1), ("All Discard", 1)]);
    let arp = counted(&frame(0x0806, &[0; 27]));
    assert_eq!(arp, [("Eth", 1), ("ARP", 1), ("All Discard", 1)]);
}

#[test]
fn a_packet_with_several_wrong_checksums_counts_once() {
    let mut bytes = frame(0x0800, &ipv4(1, 0, &[8, 0, 0, 0, 0, 0, 0, 0]));
    bytes.splice(24..26, [0xde, 0xad]);
    assert_eq!(counted(&bytes), [("Eth", 1), ("IP4", 1), ("ICMP", 1), ("Bad Chk Sum", 1)]);
}

#[test]
fn tags_labels_and_tunnels_are_followed() {
    let datagram = udp(53, &[0; 8]);
    let inner = ipv4(17, 0, &datagram);
    let tagged = [&[0, 5, 8, 0][..], &inner].concat();
    assert_eq!(counted(&frame(0x8100, &tagged)), [("Eth", 1), ("VLAN", 1), ("IP4", 1), ("UDP", 1)]);
    let labelled = [&[0, 1, 1, 64][..], &inner].concat();
    assert_eq!(counted(&frame(0x8847, &labelled)), [("Eth", 1), ("IP4", 1), ("UDP", 1), ("MPLS", 1)]);
    let tunnel = counted(&frame(0x0800, &ipv4(4, 0, &inner)));
    assert_eq!(tunnel, [("Eth", 1), ("IP4", 2), ("UDP", 1), ("IP4/IP4", 1)]);
    let gre = [&[0, 0, 8, 0][..], &inner].concat();
    let gre = counted(&frame(0x0800, &ipv4(47, 0, &gre)));
    assert_eq!(gre, [("Eth", 1), ("IP4", 2), ("UDP", 1), ("GRE", 1), ("GRE IP4", 1)]);
    let bridged = [&[0, 0, 0x65, 0x58][..], &frame(0x0800, &inner)].concat();
    let bridged = counted(&frame(0x0800, &ipv4(47, 0, &bridged)));
    assert_eq!(bridged, [("Eth", 1), ("IP4", 2), ("UDP", 1), ("GRE", 1), ("GRE Eth", 1), ("GRE IP4", 1)]);
    let teredo = udp(TEREDO_PORT, &ipv6(59, &[]));
    let teredo = counted(&frame(0x0800, &ipv4(17, 0, &teredo)));
    assert_eq!(teredo, [("Eth", 1), ("IP4", 1), ("UDP", 1), ("IP6", 1), ("IP6 Ext", 1), ("Teredo", 1)]);
}

#[test]
fn extension_headers_are_counted_one_by_one() {
    let datagram = udp(53, &[0; 8]);
    let plain = counted(&frame(0x86dd, &ipv6(17, &datagram)));
    assert_eq!(plain, [("Eth", 1), ("IP6", 1), ("IP6 Ext", 1), ("UDP6", 1)]);
    let extended = [&[17, 0, 1, 4, 0, 0, 0, 0][..], &datagram].concat();
    let extended = counted(&frame(0x86dd, &ipv6(0, &extended)));
    assert_eq!(extended, [("Eth", 1), ("IP6", 1), ("IP6 Ext", 2), ("IP6 Opts", 1), ("UDP6", 1)]);
    let fragment = [&[6, 0, 0, 1, 0, 0, 0, 9][..], &datagram].concat();
    let fragment = counted(&frame(0x86dd, &ipv6(44, &fragment)));
    assert_eq!(fragment, [("Eth", 1), ("IP6", 1), ("IP6 Ext", 1), ("IP6 Opts", 1), ("Frag6", 1)]);
}
