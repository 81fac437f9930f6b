use super::*;
use wirescope_wire::ipv4::protocol;
use wirescope_wire::{LinkType, checksum};

/// An Ethernet frame with an IPv4 packet of right checksums.
struct Frame {
    src: [u8; 4],
    dst: [u8; 4],
    protocol: u8,
    fragment: u16,
    payload: Vec<u8>,
}

impl Frame {
    fn udp(src_port: u16, dst_port: u16, payload: &[u8]) -> Frame {
        let mut bytes = Vec::new();
        for word in [src_port, dst_port, 8 + payload.len() as u16, 0] {
            bytes.extend(word.to_be_bytes());
        }
        bytes.extend(payload);
        Frame { src: [192, 0, 2, 1], dst: [192, 0, 2, 2], protocol: 17, fragment: 0, payload: bytes }
    }

    fn tcp(flags: u8) -> Frame {
        let mut bytes = vec![3, 0xe8, 0, 80, 0, 0, 0, 9, 0, 0, 0, 0, 0x50, flags, 0x20, 0, 0, 0, 0, 0];
        if flags == 2 {
            bytes[12] = 0x60;
            bytes.extend([2, 4, 5, 0xb4]);
        }
        Frame { src: [192, 0, 2, 1], dst: [192, 0, 2, 2], protocol: 6, fragment: 0, payload: bytes }
    }

    fn build(&self, trailer: &[u8]) -> Vec<u8> {
        let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];
        let mut header = vec![0x45, 0, 0, 0, 0x12, 0x34, 0, 0, 64, self.protocol, 0, 0];
        header[2..4].copy_from_slice(&(20 + self.payload.len() as u16).to_be_bytes());
        header[6..8].copy_from_slice(&self.fragment.to_be_bytes());
        header.extend(self.src);
        header.extend(self.dst);
        let sum = checksum::internet(&header);
        header[10..12].copy_from_slice(&sum.to_be_bytes());
        let mut payload = self.payload.clone();
        let field = match self.protocol {
            protocol::TCP => Some(16),
            protocol::UDP => Some(6),
            _ => None,
        };
        if let Some(field) = field.filter(|_| self.fragment == 0) {
            let pseudo = checksum::pseudo_ipv4(self.src, self.dst, self.protocol, payload.len() as u16);
            let sum = pseudo.bytes(&payload).checksum();
            payload[field..field + 2].copy_from_slice(&sum.to_be_bytes());
        }
        frame.extend(header);
        frame.extend(payload);
        frame.extend(trailer);
        frame
    }
}

fn explain(frames: &[Vec<u8>], wanted: Option<u64>) -> Explained {
    let mut explainer = Explainer::new(wanted.is_none(), fragments::Limits::default());
    for (number, data) in (1..).zip(frames) {
        let time = Timestamp::new(number as i64, 0);
        let wire_len = data.len() as u32;
        let packet = Packet { time, link: LinkType::EN10MB, interface: 0, wire_len, data };
        explainer.packet(Seen { number, time }, &packet, wanted == Some(number));
    }
    explainer.finish()
}

/// What makes each packet odd that was found.
fn odd(frames: &[Vec<u8>]) -> Vec<Vec<&'static str>> {
    let names = |case: &Case| {
        case.statements.iter().filter(|said| said.is_odd).map(|said| said.claim.name()).collect()
    };
    explain(frames, None).cases.iter().map(names).collect()
}

fn claims(frame: Vec<u8>) -> Vec<Statement> {
    explain(&[frame], Some(1)).cases.remove(0).statements
}

#[test]
fn honest_packets_are_left_alone_and_can_be_asked_for() {
    let frames = [Frame::udp(1000, 2000, b"hello").build(&[0; 13]), Frame::tcp(2).build(&[0; 2])];
    assert!(odd(&frames).is_empty());
    let said = claims(frames[0].clone());
    assert!(said.iter().all(|said| !said.is_odd));
    let right = said.iter().filter(|said| said.claim.name() == "checksum-right").count();
    assert_eq!(right, 2, "{said:?}");
    assert!(said.iter().any(|said| said.claim == Claim::PaddingZero { len: 13, reaches_minimum: true }));
}

#[test]
fn rewritten_addresses_are_told_from_other_changes() {
    let frame = Frame::udp(31_790, 31_789, b"A");
    let mut rewritten = frame.build(&[0; 17]);
    rewritten[26..30].copy_from_slice(&[1, 2, 3, 4]);
    let names = odd(&[rewritten.clone()]);
    assert_eq!(names, [["checksum-wrong", "checksum-wrong", "addresses-rewritten"]]);
    let mut port = frame.build(&[0; 17]);
    port[35] ^= 1;
    assert_eq!(odd(&[port]), [["checksum-wrong", "transport-alone-changed", "single-bit"]]);
    let mut ttl = frame.build(&[0; 17]);
    ttl[22] -= 3;
    assert_eq!(odd(&[ttl]), [["checksum-wrong", "header-alone-changed", "checksum-of-other-ttl"]]);
    let mut both = rewritten;
    both[35] ^= 3;
    assert!(!odd(&[both])[0].contains(&"addresses-rewritten"));
}

#[test]
fn a_sum_of_the_pseudo_header_is_offload_and_nothing_odd() {
    let mut frame = Frame::tcp(2).build(&[0; 2]);
    let partial = checksum::pseudo_ipv4([192, 0, 2, 1], [192, 0, 2, 2], 6, 24).fold();
    frame[50..52].copy_from_slice(&partial.to_be_bytes());
    assert!(odd(&[frame.clone()]).is_empty());
    let said = claims(frame);
    let left = said.iter().find(|said| said.claim.name() == "checksum-left-to-card").expect("it is said");
    assert!(matches!(left.claim, Claim::ChecksumLeftToCard { whole_sum: true, .. }));
    assert_eq!(left.confidence, Confidence::Likely);
}

#[test]
fn of_two_udp_lengths_the_sum_tells_the_right_one() {
    let honest = Frame::udp(1000, 2000, b"hello!").build(&[]);
    let mut longer = honest.clone();
    longer.extend(b"tail");
    longer[17] += 4;
    longer[24..26].fill(0);
    let sum = checksum::internet(&longer[14..34]);
    longer[24..26].copy_from_slice(&sum.to_be_bytes());
    let said = claims(longer);
    assert!(said.iter().any(|said| said.claim == Claim::SumTellsLength { udp_is_right: true, length: 14 }));
}

#[test]
fn fragments_are_argued_with_those_before() {
    let fragment = |offset: u16, more: bool, payload: &[u8]| {
        let flags = (offset / 8) | if more { 0x2000 } else { 0 };
        Frame { fragment: flags, ..Frame::tcp(2) }.with(payload).build(&[])
    };
    let tiny = [fragment(0, true, &[3, 0xe8, 0, 80, 0, 0, 0, 9]), fragment(8, false, &[0; 16])];
    assert_eq!(odd(&tiny), [["tiny-fragment"]], "both, told once");
    let nested = [fragment(0, true, &[1; 48]), fragment(24, false, &[2; 8])];
    assert_eq!(odd(&nested), [["fragment-overlap"]]);
    let uneven = [fragment(0, true, &[1; 27])];
    assert_eq!(odd(&uneven), [["fragment-length-uneven"]]);
    let past = [fragment(65_528, false, &[0; 40])];
    assert_eq!(odd(&past), [["ping-of-death"]]);
}

#[test]
fn fragments_that_never_end_are_told_of_the_first() {
    let fragment = |offset: u16, payload: &[u8]| {
        Frame { fragment: (offset / 8) | 0x2000, ..Frame::udp(1, 2, b"") }.with(payload).build(&[])
    };
    let mut frames = vec![fragment(0, &[1; 48]), fragment(48, &[1; 48])];
    frames.extend((0..4).map(|_| Frame::udp(1000, 2000, b"later").build(&[0; 13])));
    let found = explain(&frames, None);
    assert_eq!(found.cases.len(), 1);
    let case = &found.cases[0];
    assert_eq!((case.seen.number, case.alike.count()), (1, 2));
    assert!(case.statements.iter().any(|said| said.claim == Claim::FragmentUnfinished { fragments: 2 }));
}

#[test]
fn an_answer_is_found() {
    let probe = Frame::tcp(0x29).build(&[0; 6]);
    let mut reset = Frame { src: [192, 0, 2, 2], dst: [192, 0, 2, 1], ..Frame::tcp(0x14) };
    reset.payload[..4].copy_from_slice(&[0, 80, 3, 0xe8]);
    let found = explain(&[probe, reset.build(&[0; 6])], None);
    let [case] = found.cases.as_slice() else { panic!("one case") };
    assert_eq!((case.answer_count, case.answers[0].seen.number), (1, 2));
    assert_eq!(case.answers[0].kind, AnswerKind::Reset);
}

#[test]
fn a_reply_that_echoes_something_else_is_odd() {
    let echo = |kind: u8, src: [u8; 4], dst: [u8; 4], body: &[u8]| {
        let mut payload = vec![kind, 0, 0, 0, 0, 7, 0, 1];
        payload.extend(body);
        let sum = checksum::internet(&payload);
        payload[2..4].copy_from_slice(&sum.to_be_bytes());
        Frame { src, dst, protocol: 1, fragment: 0, payload }.build(&[])
    };
    let (a, b) = ([192, 0, 2, 1], [192, 0, 2, 2]);
    let body: Vec<u8> = (0..40).collect();
    let honest = [echo(8, a, b, &body), echo(0, b, a, &body)];
    assert!(odd(&honest).is_empty());
    let tunnel = [echo(8, a, b, &body), echo(0, b, a, b"uid=0(root) gid=0(root) groups=0(root)")];
    assert_eq!(odd(&tunnel), [["echo-payload-differs"]]);
}

#[test]
fn many_packets_of_one_sort_are_one_case() {
    let frames: Vec<Vec<u8>> = (0..300u16).map(|_| Frame::tcp(0).build(&[0; 6])).collect();
    let found = explain(&frames, None);
    assert_eq!((found.cases.len(), found.odd_packets, found.left_out), (1, 300, 0));
    assert_eq!(found.cases[0].alike.packets().count(), 100);
}

impl Frame {
    fn with(mut self, payload: &[u8]) -> Frame {
        self.payload = payload.to_vec();
        self
    }
}
