//! Printers of what runs above IP.

use wirescope_dissect::{Dissector, Options, PortProtocol};
use wirescope_wire::LinkType;

use crate::made::{self, bytes, ipv4, mistreat, options, tcp, udp};

/// A dissector that takes payload for this protocol (`-T`).
fn dissector(verbose: u8, payload: Option<PortProtocol>) -> Dissector {
    made::dissector(Options { port_protocol: payload, ..options(verbose) })
}

/// What a packet's payload is printed as: what stands behind the address it goes to.
fn payload(verbose: u8, protocol: Option<PortProtocol>, data: &[u8]) -> String {
    let text = made::print(&mut dissector(verbose, protocol), LinkType::RAW, data, data.len());
    let (_, payload) = text.split_once("> 198.51.100.2").expect("no addresses");
    payload.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).trim_start_matches(": ").to_owned()
}

/// What a TCP segment of these bytes is printed as, without what TCP says of itself.
fn segment(verbose: u8, protocol: Option<PortProtocol>, data: &[u8]) -> String {
    let text = payload(verbose, protocol, data);
    let (_, rest) = text.split_once(&format!("length {}", data.len() - 40)).expect("no length");
    rest.trim_start_matches(": ").trim_start().to_owned()
}

fn lisp() -> Vec<u8> {
    let head = "30000001 0000000000000007 0001 0014";
    let locator = "0000003c 01 20 1000 0000 0001 0a000001 01 64 ff 00 0005 0001 c0000201";
    udp(4342, &bytes(&format!("{head} {} {locator}", "11".repeat(20))))
}

fn pgm() -> Vec<u8> {
    let spm = "1f900050 00 00 0000 0a0000010001 0018 00000001 00000002 00000003 0001 0000 e0000001";
    ipv4(113, &bytes(spm))
}

fn zmtp() -> Vec<u8> {
    tcp(5555, b"\x05\0hell\x02\x01!")
}

fn hncp() -> Vec<u8> {
    udp(8231, &bytes("0003 0008 01020304 05060708 0004 0008 0102030405060708"))
}

fn sflow() -> Vec<u8> {
    let head = "00000005 00000001 c0000201 00000000 00000007 000003e8 00000001";
    let sample = "00000001 00000020 00000001 00000002 00000100 00000200 00000000 00000003 00000004 00000000";
    udp(6343, &bytes(&format!("{head} {sample}")))
}

fn ptp() -> Vec<u8> {
    let head = "0002 002c 00 00 0200 0000000000000000 00000000 0000000000000001 0001 0007 00 7f";
    udp(319, &bytes(&format!("{head} 000000000001 00000002")))
}

fn dccp() -> Vec<u8> {
    ipv4(33, &bytes("1f900050 05 00 0000 01 000000 00000000 01020304"))
}

fn timed() -> Vec<u8> {
    udp(525, b"\x01\x01\0\x07\0\0\0\x01\0\0\0\x02host\0")
}

fn rx() -> Vec<u8> {
    let head = "00000001 00000002 00000003 00000004 00000005 01 05 00 00 0000 0034";
    udp(7003, &bytes(&format!("{head} 000001f8 00000004 726f6f74")))
}

fn l2tp() -> Vec<u8> {
    udp(1701, &bytes("c802 001c 0000 0000 0000 0000 8008 0000 0000 0001 8008 0000 0002 0100"))
}

fn pptp() -> Vec<u8> {
    tcp(1723, &bytes("0010 0001 1a2b3c4d 0005 0000 00000007"))
}

fn openflow_1_0() -> Vec<u8> {
    let head = "01 0e 0048 00000001 003fffff";
    let rest = "0000 0000 0000 8000 ffffffff ffff 0000";
    tcp(6653, &bytes(&format!("{head} {} {rest}", "00".repeat(44))))
}

fn openflow_1_3() -> Vec<u8> {
    tcp(6653, &bytes("04 00 0010 00000007 0001 0008 00000010"))
}

fn kerberos() -> Vec<u8> {
    udp(88, b"\x04\x02joe\0\0REALM\0\0\0\0\x01\x08krbtgt\0REALM\0")
}

fn vqp() -> Vec<u8> {
    udp(1589, &bytes("01 01 00 02 00000007 00000c01 0004 0a000001 00000c02 0003 676930"))
}

fn ahcp() -> Vec<u8> {
    let (source, destination) = ("11".repeat(8), "22".repeat(8));
    let body = format!("2b 01 04 00 00000001 {source} {destination} 00 00 0006 02 04 0000003c");
    udp(5359, &bytes(&body))
}

fn someip() -> Vec<u8> {
    udp(30490, &bytes("ffff 8100 00000008 00000001 01 01 02 00"))
}

fn wb() -> Vec<u8> {
    let head = "00000000 c0000201 00000001 05 00 0000 00000000";
    udp(4567, &bytes(&format!("{head} 00000003 00000004 00000005 00")))
}

fn lwres() -> Vec<u8> {
    let head = "00000027 0000 0000 00000007 00010001 00000000 00004000 0000 0000";
    udp(921, &bytes(&format!("{head} 00000000 00000001 0003 616263 00")))
}

fn msdp() -> Vec<u8> {
    tcp(639, &bytes("04 0003 02 0008 00 e0000001"))
}

fn forces() -> Vec<u8> {
    let message = "10 0f 0006 00000001 40000001 0000000000000007 00000000";
    let chunk = format!("0003 0028 00000001 0001 0002 00000000 {message}");
    ipv4(132, &bytes(&format!("1a301a30 00000001 00000000 {chunk}")))
}

fn carp() -> Vec<u8> {
    ipv4(112, &bytes(&format!("21 07 00 07 00 01 8de6 0000000000000001 {}", "00".repeat(20))))
}

fn netflow() -> Vec<u8> {
    let head = "0001 0001 00000400 00000001 00000002";
    let ends = "0a000001 0a000002 0a000003 0001 0002";
    let counts = "00000005 00000100 00001000 00002000 0050 1234 0000 06 10 1b 000000 00000000";
    udp(2055, &bytes(&format!("{head} {ends} {counts}")))
}

#[test]
fn lisp_tells_the_locators_of_each_record() {
    let short = payload(0, None, &lisp());
    assert_eq!(short, "LISP-Map-Register, 1 record(s),\n EID 10.0.0.1/32, 1 locator(s) LOC 192.0.2.1");
    let long = payload(1, None, &lisp());
    assert!(long.ends_with("flags [Local-Locator, Reachable],"), "{long}");
    let mut too_many = lisp();
    too_many[28 + 3] = 9;
    assert!(payload(0, None, &too_many).ends_with("(invalid)"));
}

#[test]
fn pgm_tells_the_path_message_only_when_asked() {
    assert_eq!(payload(0, None, &pgm()), "192.0.2.1.8080 > 198.51.100.2.80: PGM, length 24");
    let long = payload(1, None, &pgm());
    assert!(long.ends_with("0x0a0000010001 SPM seq 1 trail 2 lead 3 nla 224.0.0.1 [36]"), "{long}");
    let mut unknown_family = pgm();
    unknown_family[20 + 29] = 9;
    assert!(payload(1, None, &unknown_family).ends_with("(invalid)"));
}

#[test]
fn zmtp_is_a_list_of_frames() {
    let text = segment(0, Some(PortProtocol::Zmtp1), &zmtp());
    assert_eq!(
        text,
        "ZMTP/1.0\n\t frame flags+body  (8-bit) length 5, flags 0x00\n\t frame flags+body  (8-bit) length 2, \
         flags 0x01"
    );
    let long = segment(1, Some(PortProtocol::Zmtp1), &zmtp());
    assert!(long.contains("flags 0x01 (MORE), first 1 byte(s) of body:\n\t 0x0000:  21"), "{long}");
}

#[test]
fn hncp_names_its_values_and_tells_them_when_asked() {
    assert_eq!(payload(0, None, &hncp()), "hncp (24) Node endpoint, Network state");
    let long = payload(1, None, &hncp());
    assert!(long.contains("\n\tNode endpoint (12) NID: 01:02:03:04 EPID: 05060708\n"), "{long}");
    let short_value = udp(8231, &bytes("0003 0001 01020304 05060708"));
    assert!(payload(1, None, &short_value).contains("Node endpoint (5) (invalid)"));
}

#[test]
fn sflow_counts_its_samples() {
    assert_eq!(payload(0, None, &sflow()), "sFlowv5, IPv4 agent 192.0.2.1, agent-id 0, length 68");
    let long = payload(1, None, &sflow());
    assert!(long.contains("\n\tflow sample (1), length 32, seqnum 1, type 0, idx 2, rate 256,"), "{long}");
}

#[test]
fn ptp_tells_when_a_message_was_sent() {
    let text = payload(0, None, &ptp());
    assert!(text.starts_with("PTPv2, majorSdoId: 0x0, msg type: sync msg, length: 44, domain: 0,"), "{text}");
    assert!(text.ends_with("log message interval: 127, originTimeStamp: 1.000000002 seconds"), "{text}");
}

#[test]
fn dccp_tells_the_service_a_request_is_for() {
    assert_eq!(payload(0, None, &dccp()), "DCCP DCCP-Request (service=16909060)");
}

#[test]
fn timed_tells_the_time_and_who_sent_it() {
    assert_eq!(payload(0, None, &timed()), "TSP_ADJTIME vers 1 seq 7 time 1.000002 name host");
}

#[test]
fn rx_tells_the_state_of_a_call_in_steps() {
    assert!(payload(2, None, &rx()).contains(" rx data cid 00000002 call# 3 seq 4 ser 5 <client-init>"));
    assert!(payload(1, None, &rx()).contains(" rx data seq 4 ser 5 "));
}

#[test]
fn l2tp_lists_the_attributes_of_a_control_message() {
    assert_eq!(payload(0, None, &l2tp()), " l2tp:[TLS](0/0)Ns=0,Nr=0 *MSGTYPE(SCCRQ) *PROTO_VER(1.0)");
    let mut too_short = l2tp();
    too_short[28 + 3] = 5;
    assert!(payload(0, None, &too_short).contains("Length 5 smaller than header length (invalid)"));
}

#[test]
fn pptp_names_the_message() {
    assert_eq!(segment(0, None, &pptp()), "pptp CTRL_MSGTYPE=ECHORQ ID(7)");
}

#[test]
fn openflow_tells_what_a_message_holds_when_asked() {
    let flow = segment(1, None, &openflow_1_0());
    assert_eq!(
        flow,
        "OpenFlow\n\tversion 1.0, type FLOW_MOD, length 72, xid 0x00000001\n\t cookie 0x0000000000000000, command \
         ADD, priority 32768, buffer_id NONE, flags 0x0000"
    );
    let hello = segment(1, None, &openflow_1_3());
    assert!(hello.ends_with("\n\t type VERSIONBITMAP, length 8, bitmap 0x00000010 (1.4)"), "{hello}");
    let too_short = tcp(6653, &bytes("01 00 0007 00000007"));
    assert!(segment(0, None, &too_short).ends_with("(invalid)"));
}

#[test]
fn kerberos_4_names_the_client_and_the_service() {
    assert_eq!(payload(0, None, &kerberos()), "kerberos v4 be KDC_REQUEST: joe.@REALM 40min krbtgt.REALM");
}

#[test]
fn vqp_lists_its_objects_when_asked() {
    let short = payload(0, None, &vqp());
    assert_eq!(short, "VQPv1 Request, Join Port Message, error-code No error (0), length 27");
    let long = payload(1, None, &vqp());
    assert!(long.ends_with("\n\t  Port Name Object (0x00000c02), length 3, value: gi0"), "{long}");
}

#[test]
fn ahcp_lists_its_options_at_the_second_step() {
    assert_eq!(payload(0, None, &ahcp()), "AHCP Version 1");
    assert!(payload(1, None, &ahcp()).ends_with("\n\tDiscover, Length 6"));
    assert!(payload(2, None, &ahcp()).ends_with("\n\t Origin Time: 1970-01-01 00:01:00 UTC"));
}

#[test]
fn someip_names_the_kind_of_message() {
    let text = payload(0, None, &someip());
    assert!(text.starts_with("SOMEIP, service 65535, event 256, len 8, client 0, session 1,"), "{text}");
    assert!(text.ends_with("msgtype NOTIFICATION, retcode E_OK"), "{text}");
}

#[test]
fn wb_tells_the_page_and_the_operations_of_it() {
    assert_eq!(payload(0, None, &wb()), "* wb-dop: 5.0.0.0:0<3:4>");
}

#[test]
fn lwres_compares_the_length_it_claims() {
    let text = payload(0, None, &lwres());
    assert_eq!(text, " lwres getaddrsbyname? IPv4 abc [len: 39 != 42]");
}

#[test]
fn msdp_lists_the_messages_of_a_segment() {
    assert_eq!(segment(0, None, &msdp()), "msdp Keepalive SA-Request for 224.0.0.1");
    let too_short = tcp(639, &bytes("04 0002"));
    assert_eq!(segment(0, None, &too_short), "msdp [TLV length 2 < 3] (invalid)");
}

#[test]
fn forces_rides_on_sctp() {
    let text = payload(1, None, &forces());
    assert!(text.contains("\n\tForCES HeartBeat \n\tForCES Version 1 len 24B flags 0x00000000"), "{text}");
    assert!(text.ends_with("SrcID 0x1(FE) DstID 0x40000001(CE) Correlator 0x7"), "{text}");
}

#[test]
fn payload_is_read_as_what_it_is_said_to_be() {
    let text = payload(0, Some(PortProtocol::Carp), &carp());
    assert!(text.starts_with("CARPv2-advertise 36: [ttl=64!] vhid=7 advbase=1 advskew=0"), "{text}");
    let text = payload(0, Some(PortProtocol::Cnfp), &netflow());
    assert!(text.starts_with("NetFlow v1, 1.024 uptime, 1.000000002, "), "{text}");
    assert!(text.contains("\n    10.0.0.1:80 > 10.0.0.2:4660 >> 10.0.0.3\n    6 "), "{text}");
}

#[test]
fn small_protocols_have_a_line() {
    let beep = tcp(10288, b"RPY 0 0 . 0 10\r\n");
    assert_eq!(segment(0, None, &beep), "BEEP RPY");
    let mobile = ipv4(55, &bytes("11 80 0000 c0000201 0a000001"));
    let text = payload(1, None, &mobile);
    assert_eq!(text, "mobile: [S] 10.0.0.1 > 192.0.2.1 (oproto=17) (bad checksum 0)");
    let resp = tcp(6379, b"*2\r\n$3\r\nGET\r\n$1\r\nk\r\n");
    assert_eq!(segment(0, None, &resp), "RESP \"GET\" \"k\"");
}

/// Every packet of this file, cut short after every byte and with each of its bytes turned over, is printed
/// within bounds, and nothing of it reaches a terminal unescaped.
#[test]
fn no_cut_and_no_flipped_byte_breaks_a_printer() {
    let zephyr = b"ZEPH0.2\x000x00000013\x000x00000002\x000x12345678 0x1 0x2\x000x0000\x000x0\0\0message\0\
                   personal\0joe\0\0jane\0hi\0\0\0";
    let packets = [
        (None, lisp()),
        (None, pgm()),
        (Some(PortProtocol::Zmtp1), zmtp()),
        (None, hncp()),
        (None, sflow()),
        (None, ptp()),
        (None, dccp()),
        (None, timed()),
        (None, rx()),
        (None, l2tp()),
        (None, pptp()),
        (None, openflow_1_0()),
        (None, openflow_1_3()),
        (None, kerberos()),
        (None, vqp()),
        (None, ahcp()),
        (None, someip()),
        (None, wb()),
        (None, lwres()),
        (None, msdp()),
        (None, forces()),
        (None, udp(2104, zephyr)),
        (Some(PortProtocol::Carp), carp()),
        (Some(PortProtocol::Cnfp), netflow()),
        (Some(PortProtocol::Pgm), udp(5000, &pgm()[20..])),
        (Some(PortProtocol::PgmZmtp1), udp(5000, &pgm()[20..])),
        (Some(PortProtocol::Resp), tcp(5000, b"*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")),
        (Some(PortProtocol::Snmp), udp(5000, &[0x30, 6, 2, 1, 1, 4, 1, b'x'])),
    ];
    for (number, (protocol, packet)) in packets.iter().enumerate() {
        for verbose in [0, 3] {
            mistreat(&mut dissector(verbose, *protocol), LinkType::RAW, packet, &format!("packet {number}"));
        }
    }
}
