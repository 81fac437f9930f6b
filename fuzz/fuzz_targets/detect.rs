//! Any packets under rules of every kind: no panic, no endless search, alerts only about packets that came.
#![no_main]

use std::io;
use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wirescope_detect::engine::Engine;
use wirescope_detect::language::RuleSet;
use wirescope_wire::{LinkType, Packet, Timestamp};

const RULES: &str = r#"
config checksum_mode: none
preprocessor frag3_engine: policy windows
preprocessor stream5_global: track_tcp yes, track_udp yes
preprocessor stream5_tcp: policy solaris
preprocessor sfportscan: proto { all } sense_level { high }
config autogenerate_preprocessor_decoder_rules
alert tcp any any -> any any (flow:established; content:"a"; content:"b"; distance:-5; within:9; content:!"c"; within:3; isdataat:2,relative; sid:1;)
alert tcp any any -> any any (content:"a"; byte_test:2,>,5,1,relative; byte_jump:1,0,relative,multiplier 3,align; content:"x"; distance:0; sid:2;)
alert ip any any -> any any (byte_extract:1,0,far; byte_math:bytes 2,offset 1,oper +,rvalue far,result sum; content:"z"; offset:far; depth:sum; sid:3;)
alert ip any any <> any any (pcre:"/(?<=a)(b+)\1/"; pcre:!"/^x{2,}$/Rm"; sid:4;)
alert tcp any any -> any any (content:"GET"; http_method; content:"/"; http_uri; pcre:"/q=\d/Ui"; urilen:>3; sid:5;)
alert tcp any any -> any any (file_data; content:"p"; base64_decode:bytes 12,offset 1,relative; base64_data; content:"q"; sid:6;)
alert udp any any -> any any (rpc:100000,*,*; asn1:bitstring_overflow,double_overflow,oversize_length 9,relative_offset 0; sid:7;)
alert icmp any any -> any any (itype:>1; icode:<9; icmp_id:0; ipopts:any; fragbits:M+; dsize:<99; sid:8;)
alert ip any any -> any any (flowbits:set,a; flowbits:isnotset,b; threshold:type both,track by_src,count 2,seconds 3; sid:9;)
pass ip any any -> any 7 (sameip; sid:10;)
"#;

static SET: LazyLock<RuleSet> = LazyLock::new(|| {
    let set = RuleSet::load(Path::new("rules"), &mut |path| match path.to_str() {
        Some("rules") => Ok(RULES.to_owned()),
        _ => Err(io::ErrorKind::NotFound.into()),
    });
    let set = set.expect("the rules are there");
    assert!(set.errors.is_empty(), "{:?}", set.errors);
    set
});

// Each packet has a byte for its length and one for the seconds since the one before.
fuzz_target!(|bytes: &[u8]| {
    for set in [SET.clone(), RuleSet::built_in()] {
        let (mut engine, errors) = Engine::new(set);
        assert!(errors.is_empty(), "{errors:?}");
        let (mut rest, mut number, mut seconds) = (bytes, 0u64, 0i64);
        while let [length, pause, after @ ..] = rest {
            let (data, behind) = after.split_at(usize::from(*length).min(after.len()));
            rest = behind;
            number += 1;
            seconds += i64::from(*pause);
            let packet = Packet {
                time: Timestamp { seconds, ..Timestamp::default() },
                link: LinkType::RAW,
                interface: 0,
                wire_len: data.len() as u32,
                data,
            };
            engine.packet(number, &packet, &mut |alert| {
                assert!(alert.packets.iter().all(|packet| (1..=number).contains(packet)), "a packet that never came");
            });
        }
        engine.finish(&mut |alert| assert!(!alert.packets.is_empty(), "an alert about nothing"));
    }
});
