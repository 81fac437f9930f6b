use super::*;

use wirescope_wire::Timestamp;

fn seen(number: u64) -> Seen {
    Seen { number, time: Timestamp::default() }
}

fn endpoint(last: u8, port: u16) -> Endpoint {
    Endpoint { host: IpAddr::from([192, 0, 2, last]), port }
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// Text with its length before and zeros after, as XDR has it.
fn text(text: &str) -> Vec<u8> {
    let mut bytes = words(&[text.len() as u32]);
    bytes.extend_from_slice(text.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn call(xid: u32, version: u32, procedure: u32, arguments: &[u8]) -> Vec<u8> {
    // With credentials of three bytes, to see the padding skipped.
    let mut bytes = words(&[xid, 0, 2, 100_000, version, procedure, 1, 3, 0, 0, 0]);
    bytes.extend_from_slice(arguments);
    bytes
}

fn reply(xid: u32, results: &[u8]) -> Vec<u8> {
    let mut bytes = words(&[xid, 1, 0, 0, 0, 0]);
    bytes.extend_from_slice(results);
    bytes
}

#[test]
fn getport_and_its_answer_make_a_service() {
    let (client, server) = (endpoint(9, 800), endpoint(77, 111));
    let mut rpc = Portmappers::default();
    rpc.message(seen(1), client, server, 17, &call(7, 2, 3, &words(&[100_232, 10, 6, 0])));
    rpc.message(seen(2), client, server, 17, &call(7, 2, 3, &words(&[100_232, 10, 6, 0])));
    rpc.message(seen(3), server, client, 17, &reply(7, &words(&[32_775])));
    let [call] = rpc.calls() else { panic!("a call sent again is one call") };
    assert_eq!(
        (call.program, call.version, call.transport, call.port),
        (Some(100_232), Some(10), Some(6), Some(32_775))
    );
    assert_eq!((call.call.number, call.reply.map(|s| s.number)), (1, Some(3)));
    let services = rpc.services();
    assert_eq!(
        (services[0].port, services[0].learnt_from.iter().copied().collect::<Vec<_>>()),
        (32_775, vec!["getport"])
    );
}

#[test]
fn rpcbind_speaks_in_universal_addresses() {
    let (client, server) = (endpoint(9, 800), endpoint(77, 111));
    let mut rpc = Portmappers::default();
    let arguments = [words(&[100_003, 3]), text("tcp"), text(""), text("")].concat();
    rpc.message(seen(1), client, server, 17, &call(1, 4, 3, &arguments));
    rpc.message(seen(2), server, client, 17, &reply(1, &text("192.0.2.77.8.1")));
    let arguments = [words(&[100_005, 1]), text("udp"), text(""), text("")].concat();
    rpc.message(seen(3), client, server, 17, &call(2, 3, 3, &arguments));
    rpc.message(seen(4), server, client, 17, &reply(2, &text("")));
    rpc.message(seen(5), client, server, 6, &call(3, 3, 4, &[]));
    let entry =
        [words(&[1, 100_024, 1]), text("udp6"), text("::.128.1"), text("superuser"), words(&[0])].concat();
    rpc.message(seen(6), server, client, 6, &reply(3, &entry));
    let ports: Vec<_> = rpc.calls().iter().map(|call| call.port).collect();
    assert_eq!(ports, [Some(2049), Some(0), None], "registered, not registered, dump");
    let services: Vec<_> = rpc.services().iter().map(|s| (s.program, s.transport, s.port)).collect();
    assert_eq!(services, [(100_003, 6, 2049), (100_024, 17, 32_769)]);
}

#[test]
fn hostile_lengths_end_a_message() {
    let (client, server) = (endpoint(9, 800), endpoint(77, 111));
    let mut rpc = Portmappers::default();
    rpc.message(seen(1), client, server, 17, &words(&[1, 0, 2, 100_000, 2, 4, 0, u32::MAX]));
    rpc.message(seen(2), client, server, 17, &call(3, 2, 4, &[]));
    rpc.message(seen(3), server, client, 17, &reply(3, &words(&[1, 100_003, 2, 17])));
    assert_eq!(rpc.calls().len(), 1);
    assert!(rpc.services().is_empty(), "an entry cut short tells nothing");
}

#[test]
fn a_call_cut_off_by_the_capture_was_made_all_the_same() {
    let (client, server) = (endpoint(9, 800), endpoint(77, 111));
    let mut rpc = Portmappers::default();
    let cut = |bytes: &[u8]| bytes[..26].to_vec();
    rpc.message(seen(1), client, server, 17, &cut(&call(1, 2, 4, &[])));
    rpc.message(seen(2), server, client, 17, &cut(&reply(1, &words(&[1, 100_003, 2, 17, 2049]))));
    let [call] = rpc.calls() else { panic!("one call") };
    assert_eq!((call.procedure, call.program), (Procedure::Dump, None));
    assert_eq!(call.reply.map(|seen| seen.number), Some(2));
}

#[test]
fn a_broadcast_is_answered_by_whoever_hears_it() {
    let (client, all) = (endpoint(9, 800), endpoint(255, 111));
    let mut rpc = Portmappers::default();
    rpc.message(seen(1), client, all, 17, &call(1, 2, 5, &words(&[100_002, 2, 0, 0])));
    for host in [31, 30] {
        let results = words(&[32_000 + u32::from(host), 0]);
        rpc.message(seen(u64::from(host)), endpoint(host, 111), client, 17, &reply(1, &results));
    }
    let [call] = rpc.calls() else { panic!("one call") };
    assert_eq!((call.reply.map(|seen| seen.number), call.port), (Some(31), Some(32_031)), "the first");
    let services: Vec<_> = rpc.services().iter().map(|s| (s.host, s.port)).collect();
    assert_eq!(services, [(endpoint(30, 0).host, 32_030), (endpoint(31, 0).host, 32_031)]);
}
