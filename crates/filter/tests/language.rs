//! The grammar, the tree, the messages with their hints, and input that means harm.

use wirescope_filter::ast::{Direction, Kind, NodeKind, Protocol, Subject, Tree};
use wirescope_filter::{Options, Origin, compile, listing, parse};
use wirescope_wire::LinkType;

fn program(expression: &str) -> String {
    let options = Options { optimise: false, ..Options::new(LinkType::EN10MB) };
    match compile(expression, &options) {
        Ok(program) => listing::decimal(program.instructions()),
        Err(error) => panic!("{expression}: {error}"),
    }
}

fn same(left: &str, right: &str) {
    assert_eq!(program(left), program(right), "{left} | {right}");
}

fn hints(expression: &str) -> (String, Vec<String>) {
    let error = compile(expression, &Options::new(LinkType::EN10MB)).expect_err(expression);
    (error.message, error.hints)
}

const SYNTAX_ERROR: &str = "can't parse filter expression: syntax error";

#[test]
fn and_binds_like_or_from_the_left_and_not_binds_tighter() {
    same("ip or tcp and udp", "(ip or tcp) and udp");
    same("ip and tcp or udp", "(ip and tcp) or udp");
    same("not ip and tcp", "(not ip) and tcp");
    same("! ip && tcp || udp", "((not ip) and tcp) or udp");
}

#[test]
fn qualifiers_carry_over_to_bare_identifiers() {
    same("tcp dst port 80 or 443", "tcp dst port 80 or tcp dst port 443");
    same("src host 10.0.0.1 or not 10.0.0.2", "src host 10.0.0.1 or not src host 10.0.0.2");
    same("port 80 and (81 or not 82)", "port 80 and (port 81 or not port 82)");
    same("net 10.0.0.0/8 or (tcp port 1 or 2)", "net 10.0.0.0/8 or (tcp port 1 or tcp port 2)");
    same("port (80 or 81)", "port 80 or port 81");
}

#[test]
fn parentheses_around_lists_of_identifiers_do_not_nest_at_their_start() {
    for expression in ["host ((10.0.0.1))", "port 80 and ((81 or 82))", "port 80 and (81 or tcp)"] {
        assert_eq!(hints(expression).0, SYNTAX_ERROR, "{expression}");
    }
    same("port ((80))", "port 80");
}

#[test]
fn arithmetic_binds_as_in_c_but_for_modulus_and_exclusive_or() {
    same("1 | 2 & 3 << 4 + 5 * 6 = 1", "(1 | (2 & (3 << (4 + (5 * 6))))) = 1");
    same("1 - 2 - 3 = 4", "((1 - 2) - 3) = 4");
    same("1 % 2 * 3 = 2", "(1 % (2 * 3)) = 2");
    same("1 * 2 % 3 = 2", "(1 * (2 % 3)) = 2");
    same("-1 * 2 = 2", "((-1) * 2) = 2");
    same("-1 ^ 2 = 2", "(-(1 ^ 2)) = 2");
}

#[test]
fn a_number_behind_and_is_a_value_when_it_is_compared() {
    same("port 80 and 81 = 5", "port 80 and (81 = 5)");
    same("port 80 and 81 + 1 = len", "port 80 and ((81 + 1) = len)");
}

#[test]
fn words_have_several_spellings() {
    same("ip&&tcp", "ip and tcp");
    same("tcp[tcpflags] & tcp-syn == 2", "tcp[13] & 0x02 = 2");
    same("ip proto \\tcp", "ip proto 6");
    same("ether host aa-bb-cc-dd-ee-ff", "ether host aabb.ccdd.eeff");
    same("ether host 1:2:3:4:5:6", "ether host 010203040506");
    same("net 10", "net 10.0.0.0/8");
    same("host 0x0a000001", "host 10.0.0.1");
    same("", "");
}

#[test]
fn the_tree_keeps_what_was_said_and_where() {
    let text = "tcp src port 80 or 443 and (not vlan 5)";
    let Tree { nodes, root } = parse(text).expect("it can be parsed");
    let shown: Vec<&str> = nodes.iter().map(|node| &text[node.span.clone()]).collect();
    assert_eq!(shown, ["tcp src port 80", "443", "tcp src port 80 or 443", "vlan 5", "not vlan 5", text]);
    assert_eq!(nodes[root.expect("it is not empty")].kind, NodeKind::And(2, 4));
    assert_eq!(nodes[2].kind, NodeKind::Or(0, 1));
    let NodeKind::Identifier { qualifiers: Some(qualifiers), carried, subject, place } = &nodes[1].kind
    else {
        panic!("not an identifier")
    };
    assert_eq!(qualifiers.protocol, Some(Protocol::Tcp));
    assert_eq!(qualifiers.direction, Some(Direction::Source));
    assert_eq!(qualifiers.kind, Some(Kind::Port));
    assert!(*carried);
    assert_eq!(*subject, Subject::Number(443));
    assert_eq!(&text[place.clone()], "443");
}

#[test]
fn the_first_of_two_faults_is_reported() {
    assert_eq!(hints("port nosuchport )").0, "unknown port 'nosuchport'");
    assert_eq!(hints("vlan 4096 or or").0, "VLAN tag 4096 greater than maximum 4095");
    assert_eq!(hints("port nosuchport or 1:2:3").0, "unknown port 'nosuchport'");
    assert_eq!(hints("or port nosuchport").0, SYNTAX_ERROR);
}

#[test]
fn hints_mark_the_place() {
    let (_, lines) = hints("tcp port 80 and “host 10.0.0.1”");
    assert_eq!(lines[0], "tcp port 80 and “host 10.0.0.1”");
    assert_eq!(lines[1], "                ^");
    let (_, lines) = hints("ip and udp port nosuchport or tcp");
    assert_eq!(lines[1], "                ^^^^^^^^^^");
}

#[test]
fn hints_say_what_to_type() {
    let cases = [
        ("port 20-25", "portrange 20-25"),
        ("portrange 20–25", "try: portrange 20-25"),
        ("host ‘10.0.0.1’", "try: host 10.0.0.1"),
        ("“tcp” and port 80", "try: tcp and port 80"),
        ("net 192.168.1.1/24", "net 192.168.1.0/24"),
        ("net 10.1.2.3 mask 255.0.0.0", "net 10.0.0.0 mask 255.0.0.0"),
        ("net 2001:db8::1/64", "net 2001:db8::/64"),
        ("host 10.0.0.0/24", "net 10.0.0.0/24"),
        ("ip[0] = = 5", "try: ip[0] == 5"),
        ("ip & tcp", "ip and tcp"),
        ("TCP port 80", "try: tcp port 80"),
        ("10.0.0.1", "host 10.0.0.1"),
        ("tcp 80", "tcp port 80"),
        ("udp port http", "tcp port http"),
        ("vlan 10 or 20", "vlan 20"),
        ("host 10.0.0.1:80", "host 10.0.0.1 and port 80"),
        ("ip proto tcp", "proto \\tcp"),
        ("(ip or tcp", "try: (ip or tcp)"),
        ("tcp[13] & 2", "tcp[13] & 2 != 0"),
        ("hots 10.0.0.1", "host 10.0.0.1"),
        ("ip and arp", "exclude each other"),
    ];
    for (expression, advice) in cases {
        let (message, lines) = hints(expression);
        assert!(lines.last().is_some_and(|line| line.contains(advice)), "{expression}: {message}: {lines:?}");
    }
}

#[test]
fn hostile_expressions_end_in_a_program_or_a_message() {
    let deep = 50_000;
    same(&("(".repeat(deep) + "ip" + &")".repeat(deep)), "ip");
    same(&("not ".repeat(deep) + "ip"), "ip");
    assert_eq!(hints(&"(".repeat(deep)).0, SYNTAX_ERROR);
    assert_eq!(hints(&"or ".repeat(350_000)).0, SYNTAX_ERROR);
    assert_eq!(hints(&("ip".to_owned() + &" or or".repeat(deep))).0, SYNTAX_ERROR);
    let message = hints(&"9".repeat(100_000)).0;
    assert!(message.starts_with("decimal number 9999") && message.ends_with("overflows 32 bits"));
    let message = hints(&("1 + (".repeat(deep) + "1" + &")".repeat(deep) + " = 1")).0;
    assert_eq!(message, "out of registers needed to evaluate expression");
    let nested = "ip[".repeat(50_000) + "1" + &"]".repeat(50_000) + " = 1 or ip";
    assert!(program(&nested).lines().count() > 50_000);
    let hosts = (0..60_000).map(|host| format!("host 10.{}.{}.1", host / 250, host % 250));
    assert!(program(&hosts.collect::<Vec<_>>().join(" or ")).lines().count() > 60_000);
    let values = "- ".repeat(deep) + "1 = 1";
    assert!(program(&values).lines().count() > deep);
    for (index, _) in "tcp port 80 and (host ::1 or 1:2:3:4:5:6)".char_indices() {
        let _ =
            compile(&"tcp port 80 and (host ::1 or 1:2:3:4:5:6)"[index..], &Options::new(LinkType::EN10MB));
    }
}

#[test]
fn loopback_headers_of_files_have_the_numbers_of_any_bsd() {
    let families = |link, origin| {
        let options = Options { optimise: false, origin, ..Options::new(link) };
        let program = compile("ip6", &options).expect("it compiles");
        let tests = program.instructions().iter().filter(|instruction| instruction.code == 0x15);
        tests.map(|instruction| instruction.k).collect::<Vec<_>>()
    };
    assert_eq!(families(LinkType::NULL, Origin::ThisMachine), [0x0a00_0000]);
    assert_eq!(families(LinkType::NULL, Origin::LittleEndianFile), [0x1e00_0000, 0x1800_0000, 0x1c00_0000]);
    assert_eq!(families(LinkType::NULL, Origin::BigEndianFile), [0x1e, 0x18, 0x1c]);
    assert_eq!(families(LinkType::LOOP, Origin::LittleEndianFile), [0x1e, 0x18, 0x1c]);
}
