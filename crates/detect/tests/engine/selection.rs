//! Which of the rules that match one packet raise alerts.

use super::packets::*;
use super::{rules, run, sids};

/// One rule of each action; the datagrams of a port meet those from its action on.
const ACTIONS: &str = "pass udp any any -> any 1 (sid:1;)\n\
    drop udp any any -> any 1:2 (sid:2;)\n\
    sdrop udp any any -> any 3 (sid:3;)\n\
    reject udp any any -> any 2:4 (sid:4;)\n\
    alert udp any any -> any 1:5 (sid:5;)\n\
    log udp any any -> any 1:6 (sid:6;)\n";

/// A datagram to each of the ports from 1 to 6.
fn one_each() -> Vec<Vec<u8>> {
    (1..=6).map(|port| udp(port, b"")).collect()
}

#[test]
fn rules_of_the_first_action_that_matches_act() {
    assert_eq!(run(rules(ACTIONS), &one_each()), [(2, vec![2]), (4, vec![4]), (5, vec![5])]);
}

#[test]
fn the_order_of_actions_can_be_chosen_and_all_can_act() {
    let chosen = format!("config order: alert pass\n{ACTIONS}");
    assert_eq!(sids(&chosen, &one_each()), [5; 5]);
    let all = format!("config process_all_events\n{ACTIONS}");
    assert_eq!(sids(&all, &one_each()), [2, 4, 4, 4, 5, 5, 5, 5]);
}

#[test]
fn of_many_rules_the_queue_lets_the_longest_contents_through() {
    let text: String = (1..=7usize)
        .map(|n| {
            let content = "abcdefg".get(..n).unwrap_or_default();
            format!("alert udp any any -> any any (content:\"{content}\"; sid:{n};)\n")
        })
        .collect();
    let few =
        format!("config event_queue: max_queue 10 log 2\nconfig detection: max_queue_events 10\n{text}");
    assert_eq!(run(rules(&few), &[udp(1, b"abcdefg")]), [(7, vec![1]), (6, vec![1])]);
}

#[test]
fn where_few_may_match_those_do_whose_patterns_come_first() {
    let text: String = ["", "content:\"d\";", "content:\"c\";", "content:\"b\";", "content:\"a\";"]
        .iter()
        .zip(1..)
        .map(|(content, sid)| format!("alert udp any any -> any any ({content} sid:{sid};)\n"))
        .collect();
    let few = format!("config detection: max_queue_events 3\n{text}");
    assert_eq!(sids(&few, &[udp(1, b"abcd")]), [3, 4, 5]);
    assert_eq!(sids(&few, &[udp(1, b"..a.")]), [1, 5]);
}

#[test]
fn rules_for_ip_see_the_header_of_a_tunnel_too() {
    let inner = udp(1, b"inside");
    let text = "alert ip 192.0.2.1 any -> any any (ip_proto:4; sid:1;)\nalert ip any any -> any any (ip_proto:17; sid:2;)\n\
        alert udp any any -> any 1 (content:\"inside\"; sid:3;)\nalert udp 192.0.2.1 any -> any any (sid:4;)";
    assert_eq!(sids(text, &[ip([192, 0, 2, 1], [192, 0, 2, 2], 4, 0, &inner)]), [1, 2, 3]);
}

#[test]
fn a_rule_gives_way_to_its_later_revision_and_can_be_switched_off() {
    let text = "alert udp any any -> any 1 (sid:1; rev:2;)\nalert udp any any -> any 2 (sid:1; rev:1;)\n\
        alert udp any any -> any 1 (sid:2;)\nalert udp any any -> any 3 (sid:2;)\n";
    assert_eq!(run(rules(text), &one_each()), [(1, vec![1]), (2, vec![3])]);
    let off = format!("rule_state 1, 2, disabled\n{text}rule_state 1, 1, enabled, pass\n");
    assert_eq!(sids(&off, &one_each()), []);
}
