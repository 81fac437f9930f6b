//! Any fragments, by every policy: what is put together is as long as it says, and memory stays bounded.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirescope_flow::Seen;
use wirescope_flow::decode::{Fragment, Ip};
use wirescope_flow::fragments::{Defragmenter, LARGEST_DATAGRAM, Limits, Policy};
use wirescope_wire::Timestamp;

// Each fragment takes six bytes: identification and flags, offset, claimed and captured length, time.
fuzz_target!(|bytes: &[u8]| {
    for (_, policy) in Policy::ALL {
        let limits = Limits { datagrams: 4, bytes: 2_000, timeout_s: 30 };
        let mut defragmenter = Defragmenter::new(policy, limits);
        let mut now = 0;
        for (number, part) in (1u64..).zip(bytes.chunks_exact(6)) {
            now += i64::from(part[5] % 4);
            let claimed = usize::from(part[3]);
            let data = vec![number as u8; 20 + claimed.min(usize::from(part[4]))];
            let ip = Ip {
                src: [192, 0, 2, 1].into(),
                dst: [192, 0, 2, 2].into(),
                protocol: if part[0] & 2 == 0 { 17 } else { 6 },
                ttl: 64,
                at: 0,
                header_len: 20,
                total_len: 20 + claimed,
                wire_len: 20 + claimed,
                bytes: &data,
                payload: &data[20..],
                payload_len: claimed,
                fragment: Some(Fragment {
                    id: u32::from(part[0] >> 5),
                    offset: usize::from(u16::from_be_bytes([part[1], part[2]]) & 0x1fff) * 8,
                    more: part[0] & 1 == 0,
                }),
                is_rerouted: false,
            };
            let seen = Seen { number, time: Timestamp::new(now, 0) };
            if let Some(whole) = defragmenter.push(seen, &ip) {
                assert!(whole.payload.len() <= whole.payload_len && whole.payload_len <= LARGEST_DATAGRAM);
                assert!(whole.evidence.count() > 0);
            }
        }
        defragmenter.finish(Timestamp::new(now + 100, 0));
        for report in defragmenter.take_reports() {
            assert!(!report.evidence.is_empty());
        }
    }
});
