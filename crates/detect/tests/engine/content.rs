//! Contents, numbers, regular expressions and header fields of single packets.

use super::packets::*;
use super::{holding, sids};

#[test]
fn places_of_contents_count_from_the_start_or_from_the_match_before() {
    let options = [
        r#"content:"abc"; content:"fgh"; distance:2; within:3;"#,
        r#"content:"abc"; content:"fgh"; distance:3;"#,
        r#"content:"fgh"; content:"cde"; distance:-6; within:6;"#,
        r#"content:"fgh"; content:"abc"; distance:-8; within:3;"#,
        r#"content:"abc"; content:"fgh"; within:5;"#,
        r#"content:"abc"; content:"fgh"; within:4;"#,
        r#"content:"cd"; offset:2; depth:2;"#,
        r#"content:"cd"; offset:3;"#,
        r#"content:"abc"; content:!"x"; within:3;"#,
        r#"content:"abc"; content:!"e"; within:3;"#,
        r#"content:"abc", offset 0, depth 3; content:"DEF", nocase, distance 0, within 3;"#,
    ];
    assert_eq!(holding(b"abcdefgh", &options), [1, 3, 4, 5, 7, 9, 11]);
}

#[test]
fn a_match_is_tried_at_each_of_its_places() {
    let options = [
        r#"content:"a"; content:"z"; within:1;"#,
        r#"content:"a"; content:!"b"; within:1;"#,
        r#"pcre:"/a./"; content:"z"; within:1;"#,
        // An anchored expression has one place, however the search goes on.
        r#"pcre:"/^a/"; content:"z"; within:1;"#,
        r#"content:"a"; byte_test:1,=,0x7a,0,relative;"#,
    ];
    assert_eq!(holding(b"ab-ac-az", &options), [1, 2, 5]);
    assert_eq!(holding(b"a--axz", &options), [2, 3]);
}

#[test]
fn what_the_fast_search_finds_alone_matches_in_either_case() {
    let options = [
        r#"content:"ABC"; fast_pattern:only;"#,
        r#"content:"ABC"; fast_pattern;"#,
        r#"content:"ABC"; fast_pattern:only; content:"def"; depth:6;"#,
    ];
    assert_eq!(holding(b"abcdef", &options), [1, 3]);
}

#[test]
fn the_raw_payload_is_the_payload() {
    let options = [
        r#"content:"abc"; content:"def"; rawbytes; distance:0; within:3;"#,
        r#"content:"abc"; rawbytes; content:"def"; within:3;"#,
        r#"content:"abc"; rawbytes; pcre:"/^def/BR";"#,
        r#"content:"abc"; rawbytes; byte_test:1,=,0x64,0,relative; isdataat:2,relative,rawbytes;"#,
        r#"content:"abc"; content:"ef"; rawbytes; within:2;"#,
    ];
    assert_eq!(holding(b"..abcdef", &options), [1, 2, 3, 4]);
}

#[test]
fn data_is_there_or_it_is_not() {
    let options = [
        "isdataat:4;",
        "isdataat:5;",
        "isdataat:!5;",
        r#"content:"bc"; isdataat:1,relative;"#,
        r#"content:"bc"; isdataat:2,relative;"#,
        r#"content:"de"; isdataat:!0,relative;"#,
        r#"content:"bc"; isdataat:!2,relative;"#,
    ];
    assert_eq!(holding(b"abcde", &options), [1, 3, 4, 6, 7]);
}

#[test]
fn numbers_are_tested_in_every_form() {
    let payload = b"\x00\x10\x02\x01len=0042;ff";
    let options = [
        "byte_test:2,=,16,0;",
        "byte_test:2,>,15,0; byte_test:2,<,17,0; byte_test:2,!=,17,0;",
        "byte_test:2,=,0x0102,2,little;",
        "byte_test:1,&,0x10,1;",
        "byte_test:1,!&,0x01,1;",
        "byte_test:1,^,0x10,1;",
        r#"content:"len="; byte_test:4,=,42,0,relative,string,dec;"#,
        r#"content:"len="; byte_test:4,=,34,0,relative,string,oct;"#,
        r#"content:"|3b|"; byte_test:2,=,255,0,relative,string,hex;"#,
        "byte_test:4,>,0,12;",
        "byte_test:2,=,1,0,bitmask 0x0010;",
    ];
    assert_eq!(holding(payload, &options), [1, 2, 3, 4, 5, 7, 8, 9, 11]);
}

#[test]
fn jumps_lead_where_their_options_say() {
    let payload = b"\x03abcX\x02\x00YZ..Q";
    let options = [
        r#"byte_jump:1,0; content:"X"; distance:0; within:1;"#,
        r#"byte_jump:1,0,align; content:"|02|"; distance:0; within:1;"#,
        r#"byte_jump:1,5,from_beginning,multiplier 2; content:"X"; distance:0; within:1;"#,
        r#"content:"X"; byte_jump:1,0,relative,post_offset 1; content:"..Q"; within:3;"#,
        r#"byte_jump:1,0,from_end,post_offset -4; content:"Q"; distance:0;"#,
        "byte_jump:1,0,multiplier 9; content:\"X\"; distance:0;",
        r#"byte_extract:1,0,n; content:"X"; offset:n; byte_test:1,=,n,0;"#,
        r#"byte_math:bytes 1,offset 0,oper *,rvalue 2,result m; content:"Y"; offset:m; depth:2;"#,
    ];
    assert_eq!(holding(payload, &options), [1, 2, 3, 4, 5, 7, 8]);
}

#[test]
fn protocols_in_the_payload_are_read() {
    assert_eq!(
        holding(
            b"\x16\x03\x01\x00\x01\x01",
            &[
                "ssl_state:client_hello;",
                "ssl_state:server_hello;",
                "ssl_version:tls1.0;",
                "ssl_version:!tls1.0;"
            ]
        ),
        [1, 3]
    );
    assert_eq!(holding(b"PORT 10,0,0,9,1,2", &[r#"content:"PORT"; ftpbounce;"#]), [1]);
    assert_eq!(holding(b"PORT 10,0,0,1,1,2", &[r#"content:"PORT"; ftpbounce;"#]), []);
    assert_eq!(holding(b"Entry x\n", &["cvs:invalid-entry;"]), [1]);
    let encoded = [r#"base64_decode:bytes 8,offset 1,relative; base64_data; content:"hello";"#];
    assert_eq!(holding(b"aGVsbG8=", &[r#"base64_decode:bytes 8; base64_data; content:"hello";"#]), [1]);
    assert_eq!(holding(b"aGVsbG8=", &encoded), []);
}

#[test]
fn only_echoes_have_an_identifier() {
    let rules = "alert icmp any any -> any any (icmp_id:7; sid:1;)\nalert icmp any any -> any any (icmp_seq:1; itype:0; sid:2;)";
    let unreachable = icmp(SERVER, CLIENT, 3, 1, b"");
    assert_eq!(
        sids(rules, &[icmp(CLIENT, SERVER, 8, 0, b""), icmp(SERVER, CLIENT, 0, 0, b""), unreachable]),
        [1, 1, 2]
    );
}

#[test]
fn ports_choose_the_rules_however_many_share_a_content() {
    let mut rules: String = (1..=300)
        .map(|port| format!("alert udp any any -> any {port} (content:\"same\"; sid:{port};)\n"))
        .collect();
    rules.push_str(
        "alert udp any any -> any [1:10,!5] (content:\"same\"; sid:1001;)\n\
         alert udp any 5 <> any any (content:\"same\"; sid:1002;)\n\
         alert udp any any -> any !5 (sid:1003;)\nalert udp any 5 -> any any (sid:1004;)\n\
         alert ip any any -> any any (content:\"SAME\"; nocase; sid:1005;)\n",
    );
    assert_eq!(sids(&rules, &[udp(5, b"the same")]), [5, 1002, 1005]);
    assert_eq!(sids(&rules, &[udp(7, b"the same")]), [7, 1001, 1003, 1005]);
    assert_eq!(sids(&rules, &[udp(7, b"another")]), [1003]);
}
