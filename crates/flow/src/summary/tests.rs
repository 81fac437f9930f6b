use super::*;

/// An Ethernet frame with IPv4 and TCP or UDP, sums left zero.
fn frame(protocol: u8, ports: (u16, u16), payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];
    let header: usize = if protocol == 6 { 20 } else { 8 };
    let transport = if matches!(protocol, 6 | 17) { header + payload.len() } else { payload.len() };
    frame.extend([0x45, 0]);
    frame.extend((20 + transport as u16).to_be_bytes());
    frame.extend([0, 1, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
    if matches!(protocol, 6 | 17) {
        frame.extend(ports.0.to_be_bytes());
        frame.extend(ports.1.to_be_bytes());
        match protocol {
            6 => frame.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 32, 0, 0, 0, 0, 0]),
            _ => {
                frame.extend((transport as u16).to_be_bytes());
                frame.extend([0, 0]);
            }
        }
    }
    frame.extend(payload);
    frame
}

fn summary(frames: &[Vec<u8>]) -> Summary {
    let mut summary = Summary::default();
    for (number, data) in (1..).zip(frames) {
        let time = Timestamp::new(number as i64, 0);
        summary.packet(
            number,
            &Packet { time, link: LinkType::EN10MB, interface: 0, wire_len: data.len() as u32, data },
        );
    }
    summary
}

#[test]
fn every_layer_counts_what_it_carries() {
    let frames = [
        frame(6, (40_000, 80), b"GET / HTTP/1.0\r\n"),
        frame(6, (40_000, 80), b""),
        frame(17, (40_000, 53), b"query"),
        frame(11, (0, 0), &[2; 40]),
    ];
    let summary = summary(&frames);
    let walk = summary.tree.walk();
    let packets =
        |layer: Layer| walk.iter().find(|(_, node)| node.layer == layer).map(|(_, node)| node.amount.packets);
    assert_eq!(packets(Layer::Link(LinkType::EN10MB)), Some(4));
    assert_eq!(packets(Layer::Ipv4), Some(4));
    assert_eq!(packets(Layer::Protocol(6)), Some(2));
    let application = |name| Layer::Application(Application { name, is_off_port: false });
    assert_eq!((packets(application("http")), packets(application("dns"))), (Some(1), Some(1)));
    let unusual: Vec<Layer> =
        walk.iter().map(|(_, node)| node.layer).filter(|layer| layer.is_unusual()).collect();
    assert_eq!(unusual, [Layer::Protocol(11)]);
    assert_eq!(summary.total.packets, 4);
    assert_eq!(summary.total.bytes, frames.iter().map(|frame| frame.len() as u64).sum());
}

#[test]
fn what_is_said_on_another_port_is_remembered() {
    let mut frames = [
        frame(6, (40_000, 31_337), b"SSH-2.0-x\r\n"),
        frame(6, (31_337, 40_000), b"whatever else"),
        frame(6, (40_000, 31_338), b"whatever else"),
    ];
    frames[1][26..34].rotate_left(4); // the server answers
    let summary = summary(&frames);
    let ssh = Layer::Application(Application { name: "ssh", is_off_port: true });
    let walk = summary.tree.walk();
    assert_eq!(walk.iter().find(|(_, node)| node.layer == ssh).map(|(_, node)| node.amount.packets), Some(2));
}

#[test]
fn hosts_and_services_rank_by_bytes() {
    let mut frames: Vec<Vec<u8>> = (0..5).map(|_| frame(17, (40_000, 53), b"q")).collect();
    frames.push(frame(6, (80, 40_000), &[b'x'; 1_000]));
    let summary = summary(&frames);
    let services = summary.services(1);
    assert_eq!((services.first[0].0, services.held, services.evicted), ((6, 80), 2, 0));
    let talkers = summary.talkers(9);
    assert_eq!(talkers.first.len(), 2);
    assert_eq!(talkers.first[0].1.sent.packets + talkers.first[1].1.sent.packets, 6);
}
