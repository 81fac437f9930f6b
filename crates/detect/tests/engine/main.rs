//! The engine, tried with rules over packets. What is expected follows from the manual of the rule language.

mod built_in;
mod content;
mod events;
mod http;
mod packets;
mod selection;
mod stream;

use std::io;
use std::path::Path;

use wirescope_detect::engine::Engine;
use wirescope_detect::language::RuleSet;
use wirescope_wire::{LinkType, Packet, Timestamp};

const CONFIGURATION: &str = "config checksum_mode: none\n\
    config event_queue: max_queue 100 log 100\nconfig detection: max_queue_events 200\n\
    preprocessor frag3_engine: policy first\npreprocessor stream5_global: track_tcp yes, track_udp yes\n\
    preprocessor stream5_tcp: policy first\n";

/// Reads rules that must be without a fault.
fn rules(text: &str) -> RuleSet {
    let text = format!("{CONFIGURATION}{text}");
    let mut loader = |path: &Path| match path.to_str() {
        Some("main.rules") => Ok(text.clone()),
        _ => Err(io::ErrorKind::NotFound.into()),
    };
    let set = RuleSet::load(Path::new("main.rules"), &mut loader).expect("the file is there");
    assert!(set.errors.is_empty(), "{}", set.errors[0]);
    set
}

/// Identifier and packets of each alert. A packet comes each second.
fn run(set: RuleSet, packets: &[Vec<u8>]) -> Vec<(u32, Vec<u64>)> {
    let (mut engine, errors) = Engine::new(set);
    assert!(errors.is_empty(), "{}", errors[0]);
    let mut alerts = Vec::new();
    for (number, data) in (1u64..).zip(packets) {
        let packet = Packet {
            time: Timestamp { seconds: number as i64, ..Timestamp::default() },
            link: LinkType::RAW,
            interface: 0,
            wire_len: data.len() as u32,
            data,
        };
        engine.packet(number, &packet, &mut |alert| alerts.push((alert.rule.sid, alert.packets.to_vec())));
    }
    engine.finish(&mut |alert| alerts.push((alert.rule.sid, alert.packets.to_vec())));
    alerts
}

/// The identifiers of the alerts, in ascending order.
fn sids(text: &str, packets: &[Vec<u8>]) -> Vec<u32> {
    let mut sids: Vec<u32> = run(rules(text), packets).into_iter().map(|alert| alert.0).collect();
    sids.sort_unstable();
    sids
}

/// Which options hold for one UDP payload: each of them in a rule, numbered from 1.
fn holding(payload: &[u8], options: &[&str]) -> Vec<u32> {
    let text: String = (1..)
        .zip(options)
        .map(|(sid, options)| format!("alert udp any any -> any any ({options} sid:{sid};)\n"))
        .collect();
    sids(&text, &[packets::udp(9000, payload)])
}
