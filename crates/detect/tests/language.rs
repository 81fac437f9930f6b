//! The rule language, tried through its public face.

use std::io;
use std::path::Path;
use wirescope_detect::language::{
    Buffer, Comparison, Condition, Established, FastPattern, FilterKind, Operand, RuleSet, TcpPolicy, Track,
};

fn load(text: &str) -> RuleSet {
    let mut loader = |path: &Path| match path.to_str() {
        Some("main.rules") => Ok(text.to_owned()),
        Some("other.rules" | "./other.rules") => Ok("alert udp any any -> any 1 (sid:77;)".to_owned()),
        _ => Err(io::ErrorKind::NotFound.into()),
    };
    RuleSet::load(Path::new("main.rules"), &mut loader).expect("the main file is there")
}

fn only_error(text: &str) -> String {
    let set = load(text);
    assert_eq!(set.errors.len(), 1, "{:?}", set.errors);
    set.errors[0].to_string()
}

#[test]
fn variables_lists_and_ranges_make_sets() {
    let set = load(
        "ipvar NET [10.0.0.0/8,!10.1.0.0/16]\nportvar WEB [80,8000:8080,!8001]\n\
         alert tcp $NET any -> !192.0.2.1 $WEB (sid:1;)\nalert tcp any !$WEB <> any any (sid:2;)",
    );
    assert!(set.errors.is_empty(), "{:?}", set.errors);
    let rule = &set.rules[0];
    let has = |address: &str| rule.source.addresses.contains(address.parse().unwrap());
    assert!(has("10.2.3.4") && !has("10.1.3.4") && !has("11.0.0.1"));
    assert!(!rule.destination.addresses.contains("192.0.2.1".parse().unwrap()));
    assert_eq!(rule.destination.ports.ranges(), [(80, 80), (8000, 8000), (8002, 8080)]);
    assert_eq!(set.rules[1].source.ports.ranges(), [(0, 79), (81, 7999), (8001, 8001), (8081, 65535)]);
    assert!(set.rules[1].bidirectional);
}

#[test]
fn variables_may_have_defaults_and_complain_in_their_own_words() {
    let set = load(
        "ipvar NET 10.0.0.0/8\nalert tcp $(NET) any -> $(OTHER:-192.0.2.0/24) $(WEB:-80) (sid:1;)\n\
         alert tcp $(NET:-192.0.2.1) any -> any any (sid:2;)\ninclude $(FOLDER:-.)/other.rules",
    );
    assert!(set.errors.is_empty(), "{:?}", set.errors);
    let at = |address: &str| address.parse().unwrap();
    assert!(set.rules[0].source.addresses.contains(at("10.1.1.1")));
    assert!(set.rules[0].destination.addresses.contains(at("192.0.2.7")));
    assert_eq!(set.rules[0].destination.ports.ranges(), [(80, 80)]);
    assert!(!set.rules[1].source.addresses.contains(at("192.0.2.1")), "the default is for undefined ones");
    assert_eq!(set.rules[2].sid, 77);
    let said = only_error("alert tcp $(NET:?say where home is) any -> any any (sid:1;)");
    assert!(said.contains("$NET: say where home is"), "{said}");
}

#[test]
fn contents_carry_their_modifiers_in_both_styles() {
    let set = load(
        r#"alert tcp any any -> any any (content:!"a|3A 3b|\"\;B"; nocase; offset:2; depth:9; http_header; sid:1;)
alert tcp any any -> any any (content:"abc", nocase, distance -3, within 20, fast_pattern; sid:2;)
alert tcp any any -> any any (file_data; content:"x"; pkt_data; content:"y"; sid:3;)"#,
    );
    assert!(set.errors.is_empty(), "{:?}", set.errors);
    let contents: Vec<_> = set
        .rules
        .iter()
        .flat_map(|rule| &rule.conditions)
        .filter_map(
            |condition| if let Condition::Content(content) = condition { Some(content) } else { None },
        )
        .collect();
    assert_eq!(contents[0].pattern, b"a:;\";b");
    assert!(contents[0].negated && contents[0].nocase && contents[0].buffer == Buffer::HttpHeader);
    assert_eq!(
        (&contents[0].offset, &contents[0].depth),
        (&Some(Operand::Number(2)), &Some(Operand::Number(9)))
    );
    assert_eq!(contents[1].distance, Some(Operand::Number(-3)));
    assert_eq!(contents[1].fast_pattern, FastPattern::Chosen);
    assert_eq!((contents[2].buffer, contents[3].buffer), (Buffer::FileData, Buffer::Payload));
}

#[test]
fn numbers_compare_as_each_option_means_it() {
    let set = load(
        "alert icmp any any -> any any (itype:8<>13; icode:<3; dsize:2<>6; ttl:>=5; id:0x10; ip_proto:!tcp; sid:1;)",
    );
    assert!(set.errors.is_empty(), "{:?}", set.errors);
    use Condition::*;
    assert_eq!(
        set.rules[0].conditions,
        [
            IcmpType(Comparison::Between(8, 13)),
            IcmpCode(Comparison::Less(3)),
            DataSize(Comparison::Within(2, 6)),
            Ttl(Comparison::GreaterOrEqual(5)),
            Id(Comparison::Equal(16)),
            IpProtocol(Comparison::NotEqual(6)),
        ]
    );
}

#[test]
fn a_pcre_keeps_what_its_flags_say() {
    let set = load(
        r#"alert tcp any any -> any 80 (flow:to_server,established; pcre:!"/a\/b\;c[^\x22]+/Ri"; sid:1;)"#,
    );
    assert!(set.errors.is_empty(), "{:?}", set.errors);
    let [Condition::Flow(flow), Condition::Pcre(pcre)] = &set.rules[0].conditions[..] else { panic!() };
    assert_eq!(flow.established, Some(Established::Yes));
    assert!(pcre.negated && pcre.relative && pcre.caseless);
    assert_eq!(pcre.expression, r"a/b;c[^\x22]+");
}

#[test]
fn lines_around_the_rules_are_honoured() {
    let set = load(
        "config classification: bad-thing,A Bad Thing,2\nconfig reference: cve http://example.org/\n\
         config event_queue: max_queue 10 log 4 order_events priority\npreprocessor stream5_tcp: policy windows, ports both all\n\
         preprocessor frag3_engine: policy linux\nsuppress gen_id 1, sig_id 4, track by_src, ip 10.0.0.1\n\
         event_filter gen_id 1, sig_id 0, type both, track by_dst, count 3, seconds 60\ninclude other.rules\n\
         config daemon\n",
    );
    assert!(set.errors.is_empty(), "{:?}", set.errors);
    assert_eq!(set.classifications["bad-thing"].priority, 2);
    assert_eq!((set.config.events_queued, set.config.events_logged), (10, 4));
    let host = "192.0.2.1".parse().unwrap();
    assert_eq!(set.config.streams.of(host).map(|streams| streams.policy), Some(TcpPolicy::Windows));
    assert_eq!(set.config.fragments.of(host), Some(&TcpPolicy::Linux));
    assert_eq!((set.event_filters[0].kind, set.event_filters[0].sid), (FilterKind::Both, None));
    assert_eq!(set.suppressions[0].host.as_ref().unwrap().0, Track::BySource);
    assert_eq!(set.rules[0].sid, 77);
    assert_eq!(set.config.ignored, ["config daemon"]);
}

#[test]
fn preprocessors_are_set_for_the_networks_that_they_are_bound_to() {
    let set = load(
        "ipvar SOLARIS 10.3.0.0/16\npreprocessor frag3_engine: policy windows bind_to [10.1.0.0/16, 10.2.0.1]\n\
         preprocessor frag3_engine: policy solaris bind_to $SOLARIS\npreprocessor frag3_global: max_frags 10\n\
         preprocessor stream5_global: track_tcp yes\n\
         preprocessor stream5_tcp: bind_to 10.1.0.0/16, policy linux, ports client 21 80, ports both 443, require_3whs\n\
         preprocessor stream5_tcp: policy last\n\
         preprocessor http_inspect_server: server default profile all ports { 80 8080 }\n\
         preprocessor http_inspect_server: server { 10.1.0.0/16 } profile apache ports { 81 }\n",
    );
    assert!(set.errors.is_empty(), "{:?}", set.errors);
    let at = |address: &str| address.parse::<std::net::IpAddr>().unwrap();
    let fragments = |address: &str| set.config.fragments.of(at(address)).copied();
    assert_eq!(fragments("10.2.0.1"), Some(TcpPolicy::Windows));
    assert_eq!(fragments("10.3.9.9"), Some(TcpPolicy::Solaris));
    assert_eq!(fragments("10.2.0.2"), None, "no engine is for it");
    let streams = set.config.streams.of(at("10.1.2.3")).expect("they are tracked");
    assert!(streams.policy == TcpPolicy::Linux && streams.require_handshake == Some(0));
    let [client, server] = &streams.ports;
    assert!(client.has(21) && client.has(443) && !client.has(22) && server.has(443) && !server.has(80));
    let others = set.config.streams.of(at("10.9.9.9")).expect("they are tracked");
    assert!(others.policy == TcpPolicy::Last && others.ports[1].has(1) && others.require_handshake.is_none());
    assert_eq!(set.config.http_servers.of(at("10.1.0.1")), Some(&vec![81]));
    assert_eq!(set.config.http_servers.of(at("10.4.0.1")), Some(&vec![80, 8080]));
}

#[test]
fn faults_are_shown_where_they_stand() {
    let stands_at = |options: &str, part: &str| {
        let text = format!("alert tcp any any -> any any ({options} sid:1;)");
        let column = load(&text).errors.first().expect("there is a fault").location.column;
        assert_eq!(Some(column - 1), text.find(part), "{text}");
    };
    stands_at("content:\"a\"; byte_test:1,>,far,0;", "far");
    stands_at("content:\"a\"; offset:far;", "far");
    stands_at("content:!\"abc\"; fast_pattern:only;", "only");
    stands_at("colour:red; content:\"a\";", "colour");
    assert!(only_error("alter tcp any any (sid:1;)").contains("'alter' is neither an action"));
    assert!(only_error("include $RULES/x.rules").contains("the variable $RULES is not defined"));
    assert!(load("\u{feff}alert udp any any -> any 1 (sid:1;)").errors.is_empty(), "a byte order mark");
}

#[test]
fn keywords_may_be_written_in_either_case() {
    let set =
        load("Alert TCP any any -> any any (MSG:\"a\"; Content:\"x\"; NoCase; Flow:established; SID:1;)");
    assert!(set.errors.is_empty(), "{:?}", set.errors);
    assert_eq!((set.rules[0].sid, set.rules[0].conditions.len()), (1, 2));
}

#[test]
fn options_that_act_after_the_alert_are_named_and_replaced_rules_counted() {
    let set = load(
        "alert tcp any any -> any any (tag:session,10,packets; resp:rst_all; sid:1;)\n\
         alert tcp any any -> any any (tag:host,5,seconds,src; sid:2; rev:1;)\n\
         alert tcp any any -> any any (sid:2; rev:2;)",
    );
    assert_eq!(set.config.ignored, ["option tag", "option resp"]);
    assert_eq!((set.rules.len(), set.replaced), (2, 1));
}

#[test]
fn what_has_no_effect_is_named() {
    let set = load(
        "output alert_fast: x\npreprocessor bo\nalert (msg:\"a\"; gid:119; sid:1;)\nalert (msg:\"b\"; gid:119; sid:2;)\n\
         alert (msg:\"c\"; gid:122; sid:1;)\nruletype mine\n{\n type log\n output log_tcpdump: y\n}\nmine ip any any -> any any (sid:3;)",
    );
    assert!(set.errors.is_empty(), "{:?}", set.errors);
    assert_eq!(
        set.config.ignored,
        ["output", "preprocessor bo", "event rules of generator 119", "output of ruletype mine"]
    );
    assert_eq!((set.event_rules.len(), set.rules[0].action), (3, wirescope_detect::language::Action::Log));
}

#[test]
fn an_error_names_the_place_on_a_joined_line() {
    let text = "# rules\nalert tcp any any -> any 80 ( \\\n  content:\"abc|4g|\"; sid:1;)\n";
    assert_eq!(
        only_error(text),
        "main.rules:3:17: 'g' is not a hex digit\n      content:\"abc|4g|\"; sid:1;)\n                    ^\n\
         hint: a literal | in a content is written |7c|"
    );
}

#[test]
fn what_is_wrong_is_said_plainly() {
    for (rule, message) in [
        ("alert tcp any any -> any 80 (msg:\"x\")", "no semicolon ends the option"),
        ("alert tcp any any -> any 80 (msg:\"x\";)", "the rule has no sid"),
        ("alert tcp any any -> $NONE 80 (sid:1;)", "the variable $NONE is not defined"),
        ("alert tcp any any any 80 (sid:1;)", "a rule's head has seven parts"),
        ("alert tcp any any -> any 99999 (sid:1;)", "'99999' is not a port"),
        ("alert tcp any any -> any 80 (nocase; sid:1;)", "modifies a content"),
        ("alert tcp any any -> any 80 (content:\"abc\"; depth:2; sid:1;)", "can never be found"),
        ("alert tcp any any -> any 80 (contnet:\"abc\"; sid:1;)", "the option 'contnet' is not known"),
        ("alert tcp any any -> any 80 (msg:\"x; sid:1;)", "this double quote is not closed"),
        ("activate tcp any any -> any 80 (sid:1;)", "'activate' rules are not supported"),
        ("include nowhere.rules", "cannot be read"),
    ] {
        let error = only_error(rule);
        assert!(error.contains(message), "{rule}: {error}");
        assert!(error.starts_with("main.rules:1:"), "{error}");
    }
}

#[test]
fn hostile_rules_end_in_errors() {
    let deep = format!("alert tcp {}any{} any -> any any (sid:1;)", "[".repeat(5000), "]".repeat(5000));
    assert!(only_error(&deep).contains("nested more than"));
    assert!(only_error("include main.rules").contains("include each other"));
    assert!(
        only_error("alert tcp any any -> any any (dsize:99999999999999999999; sid:1;)")
            .contains("not a number")
    );
}
