//! Any segments as a TCP stream, by every policy: bytes come in order, each once, and nothing stays behind.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirescope_flow::decode::Segment;
use wirescope_flow::stream::{Budget, Chunk, Consumer, Direction, Gap, Policy, Stream};
use wirescope_flow::Seen;
use wirescope_wire::Timestamp;

/// Where each direction is.
#[derive(Default)]
struct Positions([u64; 2]);

impl Positions {
    fn advance(&mut self, direction: Direction, offset: u64, length: u64) {
        let position = &mut self.0[usize::from(direction == Direction::FromServer)];
        assert_eq!(*position, offset, "bytes out of order");
        assert!(length > 0, "an empty delivery");
        *position += length;
    }
}

impl Consumer for Positions {
    fn data(&mut self, chunk: Chunk<'_>) {
        self.advance(chunk.direction, chunk.offset, chunk.bytes.len() as u64);
    }

    fn gap(&mut self, direction: Direction, offset: u64, length: u64, _why: Gap) {
        self.advance(direction, offset, length);
    }
}

// Each segment takes nine bytes: direction and flags, sequence, acknowledgement, claimed and captured length.
fuzz_target!(|bytes: &[u8]| {
    for (_, policy) in Policy::ALL {
        let (mut stream, mut positions) = (Stream::new(), Positions::default());
        let mut budget = Budget::new(512);
        for (number, part) in (1..).zip(bytes.chunks_exact(9)) {
            let claimed = usize::from(part[7] % 64);
            let payload = vec![number as u8; claimed.min(usize::from(part[8]))];
            let near = |high: u8, low: u8| u32::from(i16::from_be_bytes([high, low]) as u32);
            let segment = Segment {
                src_port: 1,
                dst_port: 2,
                seq: near(part[2], part[3]).wrapping_add(if part[0] & 2 != 0 { 1 << 31 } else { 0 }),
                ack: near(part[4], part[5]),
                flags: part[1],
                window: 0,
                urgent: 0,
                options: &[],
                payload: &payload,
                payload_len: claimed,
            };
            let direction = if part[0] & 1 == 0 { Direction::FromClient } else { Direction::FromServer };
            let seen = Seen { number, time: Timestamp::default() };
            stream.push(direction, seen, &segment, policy, &mut budget, &mut positions);
            assert!(budget.held() <= 512 + 64, "more held than allowed");
        }
        stream.finish(&mut budget, &mut positions);
        assert_eq!(budget.held(), 0, "bytes stay behind");
        for (at, direction) in [Direction::FromClient, Direction::FromServer].into_iter().enumerate() {
            let counts = stream.counts(direction);
            assert_eq!(counts.delivered + counts.skipped, positions.0[at]);
        }
    }
});
