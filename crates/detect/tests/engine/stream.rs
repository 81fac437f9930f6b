//! Streams, fragments and the state of conversations.

use super::packets::*;
use super::{rules, run, sids};

#[test]
fn a_pattern_is_found_wherever_segments_part_it() {
    let text = "alert tcp any any -> any 7000 (flow:to_server,established; content:\"EVIL\"; content:\"PATTERN\"; distance:1; within:7; sid:1;)";
    for each in 1..=12 {
        let packets = Connection::open(7000).sends(b"..EVIL.PATTERN..", each).closes();
        assert_eq!(sids(text, &packets), [1], "in pieces of {each} bytes");
    }
}

#[test]
fn what_one_packet_holds_counts_for_what_comes_later() {
    // The longer content, by which the rule is found, is whole in one packet; the other comes in the next.
    let text = "alert tcp any any -> any any (flow:established; content:\"LONGPATTERN\"; content:\"end\"; distance:0; sid:1;)";
    let packets = Connection::open(80).sends(b"LONGPATTERN and then the end", 20).closes();
    let alerts = run(rules(text), &packets);
    assert_eq!(alerts, [(1, vec![4, 5])]);
}

#[test]
fn a_lone_segment_is_put_together_too_when_its_connection_closes() {
    let text = "alert tcp any any -> any any (flow:only_stream; content:\"lone\"; sid:1;)\n\
        alert tcp any any -> any any (flow:no_stream; content:\"lone\"; sid:2;)";
    let mut packets = Connection::open(80).sends(b"lone", 4).closes();
    packets.push(tcp(CLIENT, SERVER, (4000, 80), 1006, 5002, ACK, b""));
    assert_eq!(sids(text, &packets), [1, 2]);
    assert_eq!(sids(text, &Connection::open(80).sends(b"lone", 4).packets), [2]);
}

#[test]
fn a_packet_that_matches_by_itself_is_not_raised_again() {
    let text = "alert tcp any any -> any any (flow:established; content:\"ONCE\"; sid:1;)";
    let packets = Connection::open(80).sends(b"..ONCE..", 8).sends(b"........", 4).closes();
    assert_eq!(run(rules(text), &packets), [(1, vec![4])]);
}

#[test]
fn a_long_stream_is_inspected_in_parts_without_a_seam() {
    let text = "alert tcp any any -> any any (flow:established; content:\"NEEDLE\"; sid:1;)";
    let mut bytes = vec![b'.'; 40_000];
    bytes[16_381..16_387].copy_from_slice(b"NEEDLE");
    let packets = Connection::open(80).sends(&bytes, 64).closes();
    assert_eq!(sids(text, &packets), [1]);
}

#[test]
fn a_connection_taken_up_in_the_middle_counts_unless_a_handshake_is_required() {
    let rule = "alert tcp any any -> any any (flow:established; content:\"late\"; sid:1;)";
    let mut connection = Connection::silent(80);
    connection.client(ACK, b"hello");
    connection.server(ACK, b"hello");
    let packets = connection.sends(b"late", 4).closes();
    assert_eq!(sids(rule, &packets), [1]);
    let strict = format!("preprocessor stream5_tcp: policy first, require_3whs 0\n{rule}");
    assert_eq!(sids(&strict, &packets), []);
    // What was there when the capture began may count for a while.
    assert_eq!(sids(&strict.replace("require_3whs 0", "require_3whs 60"), &packets), [1]);
    assert_eq!(sids(&strict.replace("require_3whs 0", "require_3whs 1"), &packets), []);
}

#[test]
fn bits_of_a_conversation_pass_between_directions_and_in_groups() {
    let text = "alert tcp any any -> any any (flow:to_server; content:\"USER\"; flowbits:set,user,login; flowbits:noalert; sid:1;)\n\
        alert tcp any any -> any any (flow:to_server; content:\"PASS\"; flowbits:set,pass,login; flowbits:noalert; sid:2;)\n\
        alert tcp any any -> any any (flow:to_client; content:\"230\"; flowbits:isset,user&pass; sid:3;)\n\
        alert tcp any any -> any any (flow:to_client; content:\"331\"; flowbits:isset,any,login; sid:4;)\n\
        alert tcp any any -> any any (flow:to_client; content:\"331\"; flowbits:isset,all,login; sid:5;)\n\
        alert tcp any any -> any any (flow:to_client; content:\"230\"; flowbits:isset,all,login; sid:6;)\n\
        alert tcp any any -> any any (flow:to_server; content:\"QUIT\"; flowbits:reset,login; flowbits:noalert; sid:7;)\n\
        alert tcp any any -> any any (flow:to_client; content:\"221\"; flowbits:isnotset,user|pass; sid:8;)\n\
        alert tcp any any -> any any (flow:to_client; content:\"221\"; flowbits:isset,any,login; sid:9;)";
    let packets = Connection::open(21)
        .sends(b"USER a", 9)
        .answers(b"331 ok", 9)
        .sends(b"PASS b", 9)
        .answers(b"230 ok", 9)
        .sends(b"QUIT", 9)
        .answers(b"221 bye", 9)
        .closes();
    assert_eq!(sids(text, &packets), [3, 4, 6, 8]);
}

#[test]
fn a_toggled_bit_turns_round() {
    let text = "alert udp any any -> any 1 (flowbits:isset,t; sid:1;)\nalert udp any any -> any 1 (flowbits:toggle,t; flowbits:noalert; sid:2;)";
    assert_eq!(sids(text, &[udp(1, b"a"), udp(1, b"b"), udp(1, b"c"), udp(1, b"d")]), [1, 1]);
}

#[test]
fn overlapping_fragments_read_as_the_policy_says() {
    let body = udp_body((4000, 9000), b"AAAAAAAABBBBBBBBCCCCCCCC");
    let other = [&body[..16], b"xxxxxxxx", &body[24..]].concat();
    // The middle eight bytes come twice before the first fragment does.
    let packets = [
        ip(CLIENT, SERVER, 17, 0x2002, &body[16..24]),
        ip(CLIENT, SERVER, 17, 0x2002, &other[16..24]),
        ip(CLIENT, SERVER, 17, 0x0003, &body[24..]),
        ip(CLIENT, SERVER, 17, 0x2000, &body[..16]),
    ];
    let rule = "alert udp any any -> any 9000 (content:\"AAAABBBB\"; sid:1;)\nalert udp any any -> any 9000 (content:\"AAAAxxxx\"; sid:2;)";
    assert_eq!(sids(rule, &packets), [1]);
    assert_eq!(sids(&format!("preprocessor frag3_engine: policy last\n{rule}"), &packets), [2]);
}

#[test]
fn fragments_are_waited_for_as_long_as_is_said() {
    let body = udp_body((4000, 9000), b"AAAAAAAABBBB");
    let mut packets = vec![ip(CLIENT, SERVER, 17, 0x2000, &body[..16])];
    packets.extend(vec![udp(1, b""); 20]);
    packets.push(ip(CLIENT, SERVER, 17, 0x0002, &body[16..]));
    let rule = "alert udp any any -> any 9000 (content:\"AAAABBBB\"; sid:1;)";
    assert_eq!(sids(rule, &packets), [1]);
    assert_eq!(sids(&format!("preprocessor frag3_engine: policy first, timeout 10\n{rule}"), &packets), []);
}

#[test]
fn sizes_of_streams_and_of_packets_are_not_confused() {
    let text = "alert tcp any any -> any 80 (dsize:8; sid:1;)\nalert tcp any any -> any 80 (stream_size:client,>,10; flow:to_server; content:\"3\"; sid:2;)";
    let packets = Connection::open(80).sends(b"111122223333", 4).closes();
    assert_eq!(sids(text, &packets), [2]);
}

#[test]
fn sizes_count_sequence_numbers_the_one_of_the_handshake_too() {
    let text = "alert tcp any any -> any 80 (content:\"GET\"; stream_size:server,=,1; sid:1;)\n\
        alert tcp any any -> any 80 (content:\"GET\"; stream_size:client,=,4; sid:2;)\n\
        alert tcp any 80 -> any any (content:\"page\"; stream_size:both,>,3; stream_size:either,=,5; sid:3;)\n\
        alert tcp any any -> any 80 (flags:FA; stream_size:client,=,5; sid:4;)";
    let packets = Connection::open(80).sends(b"GET", 3).answers(b"page", 4).closes();
    assert_eq!(sids(text, &packets), [1, 2, 3, 4]);
}

#[test]
fn rules_meet_the_bits_that_the_bytes_before_them_have_set() {
    let text = "alert tcp any any -> any any (content:\"asks\"; flowbits:isset,b; sid:1;)\n\
        alert tcp any any -> any any (content:\"sets\"; flowbits:set,b; flowbits:noalert; sid:2;)\n\
        alert tcp any any -> any any (content:\"asks\"; flowbits:isnotset,b; sid:3;)\n\
        alert tcp any any -> any any (content:\"ends\"; flowbits:unset,b; flowbits:noalert; sid:4;)\n\
        alert tcp any any -> any any (flow:to_server; dsize:>0; flowbits:isset,b; sid:5;)";
    let matched = |payload: &[u8]| sids(text, &Connection::open(80).sends(payload, 99).closes());
    assert_eq!(matched(b"sets asks"), [1, 5]);
    assert_eq!(matched(b"asks sets"), [3, 5]);
    assert_eq!(matched(b"asks sets asks"), [1, 3, 5], "a pattern is tried again where the bits have changed");
    assert_eq!(matched(b"sets ends asks"), [3], "a rule without a pattern comes last");
}

#[test]
fn each_host_has_the_policy_that_is_bound_to_its_network() {
    let bound = "preprocessor frag3_engine: policy last bind_to [10.0.0.2,10.7.0.0/16]\n\
        preprocessor frag3_engine: policy first\n\
        preprocessor stream5_tcp: policy last, bind_to 10.0.0.2\npreprocessor stream5_tcp: policy first\n";
    let other = [10, 0, 0, 3];
    let body = udp_body((4000, 9000), b"AAAAAAAABBBBBBBB");
    let fragments = |host| {
        [
            ip(CLIENT, host, 17, 0x2001, &body[8..16]),
            ip(CLIENT, host, 17, 0x2001, b"xxxxxxxx"),
            ip(CLIENT, host, 17, 0x0002, &body[16..]),
            ip(CLIENT, host, 17, 0x2000, &body[..8]),
        ]
    };
    let rule = "alert udp any any -> any 9000 (content:\"xxxxBB\"; sid:1;)\n\
        alert udp any any -> any 9000 (content:\"AAAABB\"; sid:2;)\n";
    assert_eq!(sids(&format!("{bound}{rule}"), &fragments(SERVER)), [1]);
    assert_eq!(sids(&format!("{bound}{rule}"), &fragments(other)), [2]);
    let segments = |host| {
        let to = |seq, flags, bytes: &[u8]| tcp(CLIENT, host, (4000, 80), seq, 1, flags, bytes);
        let from = |ack, flags| tcp(host, CLIENT, (80, 4000), 1, ack, flags, b"");
        vec![
            tcp(CLIENT, host, (4000, 80), 9, 0, SYN, b""),
            tcp(host, CLIENT, (80, 4000), 0, 10, SYN | ACK, b""),
            to(10, ACK, b""),
            to(12, ACK, b"old"),
            to(12, ACK, b"new"),
            to(10, ACK, b"12"),
            to(15, FIN | ACK, b""),
            from(16, FIN | ACK),
        ]
    };
    let rule = "alert tcp any any -> any 80 (content:\"12old\"; sid:1;)\n\
        alert tcp any any -> any 80 (content:\"12new\"; sid:2;)\n";
    assert_eq!(sids(&format!("{bound}{rule}"), &segments(SERVER)), [2]);
    assert_eq!(sids(&format!("{bound}{rule}"), &segments(other)), [1]);
}

#[test]
fn streams_are_put_together_where_their_ports_are_named() {
    let rule = "alert tcp any any -> any any (content:\"question\"; sid:1;)\n\
        alert tcp any any -> any any (content:\"answer\"; sid:2;)";
    let packets = Connection::open(80).sends(b"question", 4).answers(b"answer", 3).closes();
    let with = |ports: &str| sids(&format!("preprocessor stream5_tcp: {ports}\n{rule}"), &packets);
    assert_eq!(with("policy first"), [1, 2]);
    assert_eq!(with("policy first, ports client 21 80"), [1]);
    assert_eq!(with("ports client 22, ports server 80 443"), [2]);
    assert_eq!(with("ports both none"), []);
}
