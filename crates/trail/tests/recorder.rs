//! A recorder follows its rules as time goes on, and puts right what a crash left at each step of sealing.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use wirescope_capture::Interface;
use wirescope_trail::{
    Block, BlockBuilder, FaultKind, Period, Query, Recall, Recorder, Recovery, Rules, TrailError, verify,
};
use wirescope_wire::{LinkType, Packet, Timestamp};

const RULES: Rules =
    Rules { segment_bytes: 1 << 20, segment_age: Duration::from_secs(300), keep_bytes: None, keep_age: None };

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(seconds, 0)
}

/// A block with a packet a second, from one moment to before another.
fn block(from: i64, to: i64) -> Block {
    let interfaces = [Interface::new(LinkType::EN10MB, 65_535)];
    let mut builder = BlockBuilder::default();
    for seconds in from..to {
        let data = [&[0; 12][..], &[8, 0, 0x45], &[0; 40]].concat();
        let packet =
            Packet { time: at(seconds), link: LinkType::EN10MB, interface: 0, wire_len: 60, data: &data };
        builder.push(&packet, &interfaces).unwrap();
    }
    builder.take().expect("there are packets")
}

fn recorder(path: &Path, rules: Rules, now: i64) -> (Recorder, Recovery) {
    Recorder::open(path, rules, at(now)).expect("the trail can be opened")
}

fn recalled(path: &Path) -> Vec<i64> {
    let query = Query { period: Period::default(), filter: String::new(), use_index: true };
    let mut recall = Recall::open(path, query).expect("the trail can be read");
    let mut seconds = Vec::new();
    while let Some(packet) = wirescope_capture::Source::next(&mut recall).unwrap() {
        seconds.push(packet.time.seconds);
    }
    assert!(recall.problems().is_empty(), "{:?}", recall.problems());
    seconds
}

fn faults(path: &Path) -> Vec<FaultKind> {
    verify(path, None, &mut |_, _| {}).unwrap().faults.iter().map(|fault| fault.kind).collect()
}

/// A folder, and in it a trail with a sealed segment for each of these numbers of packets.
fn sealed(counts: &[i64]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trail");
    let mut now = 0;
    for count in counts {
        let (mut recorder, _) = recorder(&path, RULES, now);
        recorder.write(block(now, now + count), at(now)).unwrap();
        recorder.finish(0, at(now + count)).unwrap();
        now += count;
    }
    (folder, path)
}

#[test]
fn segments_are_sealed_by_age_and_retired_by_age() {
    let folder = tempfile::tempdir().unwrap();
    let rules = Rules { keep_age: Some(Duration::from_secs(1_000)), ..RULES };
    let (mut recorder, _) = recorder(folder.path(), rules, 0);
    recorder.write(block(0, 10), at(10)).unwrap();
    recorder.tick(at(310)).unwrap();
    assert_eq!(recorder.recorded().sealed, 0);
    recorder.tick(at(311)).unwrap();
    assert_eq!(recorder.recorded().sealed, 1);
    recorder.write(block(400, 410), at(410)).unwrap();
    recorder.tick(at(800)).unwrap();
    recorder.tick(at(1_311)).unwrap();
    assert_eq!(recorder.recorded().retired, 0);
    recorder.tick(at(1_312)).unwrap();
    assert_eq!(recorder.recorded().retired, 1);
    recorder.finish(0, at(1_313)).unwrap();
    assert_eq!(recalled(folder.path()), (400..410).collect::<Vec<_>>());
    let found = verify(folder.path(), None, &mut |_, _| {}).unwrap();
    assert_eq!((found.retired, found.faults), (1, vec![]));
}

#[test]
fn a_crash_before_the_last_name_is_put_right() {
    let (_folder, path) = sealed(&[3, 4]);
    let (segment, part) = (path.join("0000000002.pcapng.zst"), path.join("0000000002.part"));
    fs::rename(&segment, &part).unwrap();
    assert_eq!((recalled(&path).len(), faults(&path)), (7, vec![]));
    drop(recorder(&path, RULES, 100));
    assert!(segment.exists() && !part.exists());
    assert_eq!((recalled(&path).len(), faults(&path)), (7, vec![]));
}

#[test]
fn a_crash_before_the_ledgers_word_is_put_right() {
    let (_folder, path) = sealed(&[3, 4]);
    let ledger = path.join("ledger");
    let text = fs::read_to_string(&ledger).unwrap();
    let before: String = text.split_inclusive('\n').take(2).collect();
    fs::write(&ledger, before + "{\"entry\":5,\"prev").unwrap();
    fs::rename(path.join("0000000002.pcapng.zst"), path.join("0000000002.part")).unwrap();
    assert_eq!((recalled(&path).len(), faults(&path)), (7, vec![]));
    let (recorder, recovery) = recorder(&path, RULES, 100);
    assert_eq!(recovery, Recovery { packets: 4, lost_bytes: 0 });
    drop(recorder);
    assert_eq!((recalled(&path).len(), faults(&path)), (7, vec![]));
}

#[test]
fn a_crash_in_a_retirement_is_put_right() {
    let (_folder, path) = sealed(&[3, 4]);
    let bytes = fs::read(path.join("0000000001.pcapng.zst")).unwrap();
    let rules = Rules { keep_age: Some(Duration::from_secs(50)), ..RULES };
    drop(recorder(&path, rules, 55));
    assert_eq!(recalled(&path).len(), 4);
    fs::write(path.join("0000000001.pcapng.zst"), bytes).unwrap();
    assert_eq!((recalled(&path).len(), faults(&path)), (4, vec![]));
    drop(recorder(&path, RULES, 56));
    assert!(!path.join("0000000001.pcapng.zst").exists());
}

#[test]
fn nothing_is_added_to_a_broken_chain() {
    let (_folder, path) = sealed(&[3, 4]);
    let ledger = path.join("ledger");
    let text = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, text.replacen("\"packets\":3", "\"packets\":2", 1)).unwrap();
    assert!(matches!(Recorder::open(&path, RULES, at(100)), Err(TrailError::Ledger { line: 2, .. })));
    assert_eq!(faults(&path), [FaultKind::Chain]);
}

#[test]
fn a_segment_without_a_whole_block_is_taken_away() {
    let (_folder, path) = sealed(&[3]);
    fs::write(path.join("0000000002.part"), [0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]).unwrap();
    let (recorder, recovery) = recorder(&path, RULES, 100);
    assert_eq!(recovery, Recovery { packets: 0, lost_bytes: 7 });
    drop(recorder);
    assert!(!path.join("0000000002.part").exists());
    assert_eq!(faults(&path), []);
}
