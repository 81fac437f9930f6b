//! Any bytes as the index of a segment and as a ledger: what is read can be written again, and answers every question.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wirescope_filter::Condition;
use wirescope_filter::condition::Network;
use wirescope_trail::{Digest, Index, Ledger};

fuzz_target!(|bytes: &[u8]| {
    let ledger = Ledger::parse(bytes);
    let _ = ledger.segments();
    // An index without its last 32 bytes, which would hide all else behind their sum.
    let mut sealed = b"wsindex1".to_vec();
    sealed.extend(bytes);
    let digest = Digest::of(&sealed);
    sealed.extend(digest.0);
    let Ok(index) = Index::decode(&sealed) else { return };
    assert_eq!(Index::decode(&index.encode()).as_ref(), Ok(&index));
    let conditions = [
        Condition::Network(Network::Ip),
        Condition::IpProtocol(6),
        Condition::Address("10.0.0.1".parse().expect("an address"), 12),
        Condition::Address("2001:db8::1".parse().expect("an address"), 50),
        Condition::Port(20..=25),
    ];
    for block in &index.blocks {
        let all = conditions.iter().all(|condition| block.contents.may_meet(condition));
        assert_eq!(block.contents.may_meet(&Condition::All(conditions.to_vec())), all);
    }
});
