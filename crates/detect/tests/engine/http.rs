//! Parts of HTTP messages.

use super::packets::*;
use super::sids;
use std::io::Write;

fn request(text: &str, rules: &str, each: usize) -> Vec<u32> {
    sids(rules, &Connection::open(80).sends(text.as_bytes(), each).closes())
}

#[test]
fn uris_are_made_plain() {
    let rules = "alert tcp any any -> any 80 (uricontent:\"/etc/passwd\"; sid:1;)\n\
        alert tcp any any -> any 80 (content:\"/etc/passwd\"; sid:2;)\n\
        alert tcp any any -> any 80 (content:\"%65tc\"; http_raw_uri; sid:3;)\n\
        alert tcp any any -> any 80 (content:\"/etc\"; http_uri; content:!\"/usr\"; http_uri; sid:4;)\n\
        alert tcp any any -> any 80 (urilen:>20; sid:5;)\n\
        alert tcp any any -> any 80 (urilen:11,norm; sid:6;)\n\
        alert tcp any any -> any 80 (pcre:\"/^\\/etc\\/passwd$/U\"; sid:7;)\n\
        alert tcp any any -> any 80 (http.uri; content:\"passwd\"; http.method; content:\"GET\"; sid:8;)";
    let text = "GET /usr/..//%65tc/./passw%64 HTTP/1.0\r\nHost: h\r\n\r\n";
    for each in [1000, 7, 1] {
        assert_eq!(request(text, rules, each), [1, 3, 4, 5, 6, 7, 8], "in pieces of {each} bytes");
    }
}

#[test]
fn headers_cookies_and_bodies_are_told_apart() {
    let rules = "alert tcp any any -> any 80 (content:\"secret\"; http_cookie; sid:1;)\n\
        alert tcp any any -> any 80 (content:\"secret\"; http_header; sid:2;)\n\
        alert tcp any any -> any 80 (content:\"secret\"; http_client_body; sid:3;)\n\
        alert tcp any any -> any 80 (content:\"attack\"; http_client_body; content:\"POST\"; http_method; sid:4;)\n\
        alert tcp any any -> any 80 (content:\"User-Agent|3a| bad\"; nocase; http_header; sid:5;)";
    let text =
        "POST / HTTP/1.1\r\nuser-agent: bad\r\nCookie: a=secret\r\nContent-Length: 10\r\n\r\nan attack!";
    for each in [1000, 9] {
        assert_eq!(request(text, rules, each), [1, 4, 5], "in pieces of {each} bytes");
    }
}

#[test]
fn answers_are_unpacked() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(b"<script>malicious();</script>").unwrap();
    let packed = packed.finish().unwrap();
    let (one, two) = packed.split_at(9);
    let mut answer =
        b"HTTP/1.1 200 Fine\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in [one, two, b""] {
        answer.extend(format!("{:x}\r\n", chunk.len()).bytes());
        answer.extend(chunk);
        answer.extend(b"\r\n");
    }
    let rules = "alert tcp any 80 -> any any (file_data; content:\"malicious()\"; sid:1;)\n\
        alert tcp any 80 -> any any (content:\"200\"; http_stat_code; content:\"Fine\"; http_stat_msg; sid:2;)\n\
        alert tcp any 80 -> any any (file_data; content:\"malicious\"; pkt_data; content:\"chunked\"; sid:3;)\n\
        alert tcp any 80 -> any any (content:\"malicious\"; sid:4;)";
    for each in [1000, 11] {
        let packets =
            Connection::open(80).sends(b"GET / HTTP/1.1\r\n\r\n", 99).answers(&answer, each).closes();
        assert_eq!(sids(rules, &packets), [1, 2, 3], "in pieces of {each} bytes");
    }
}

#[test]
fn what_is_not_there_has_no_contents_and_lacks_none() {
    let rules = "alert tcp any any -> any any (content:!\"admin\"; http_uri; sid:1;)\n\
        alert tcp any any -> any any (pcre:!\"/admin/U\"; sid:2;)\n\
        alert tcp any any -> any any (file_data; content:!\"x\"; sid:3;)\n\
        alert tcp any any -> any any (content:!\"a\"; http_cookie; sid:4;)";
    assert_eq!(request("SSH-2.0-x\r\n", rules, 99), []);
    assert_eq!(request("GET /index HTTP/1.0\r\n\r\n", rules, 99), [1, 2]);
}

#[test]
fn a_message_in_pieces_is_judged_when_it_is_whole() {
    let rules = "alert tcp any any -> any 80 (content:!\"passwd\"; http_uri; sid:1;)\n\
        alert tcp any any -> any 80 (content:!\"Host\"; http_header; sid:2;)\n\
        alert tcp any any -> any 80 (content:\"GET\"; http_method; sid:3;)";
    let text = "GET /etc/passwd HTTP/1.0\r\nAccept: a\r\nHost: h\r\n\r\n";
    for each in [1000, 30, 12, 1] {
        assert_eq!(request(text, rules, each), [3], "in pieces of {each} bytes");
    }
    assert_eq!(request("GET /etc/passwd HTTP/1.0\r\nAccept: a", rules, 99), [2, 3], "no more came");
}

#[test]
fn all_that_follows_file_data_looks_there() {
    let rules = "alert tcp any 80 -> any any (file_data; byte_test:1,=,0x3c,0; isdataat:!20; sid:1;)\n\
        alert tcp any 80 -> any any (file_data; content:\"<a\"; within:2; byte_jump:1,0,relative,string,dec; content:\"c\"; within:1; sid:2;)\n\
        alert tcp any 80 -> any any (file_data; pkt_data; byte_test:1,=,0x48,0; sid:3;)\n\
        alert tcp any 80 -> any any (byte_test:1,=,0x3c,0; sid:4;)";
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<a1bc";
    let packets = Connection::open(80).answers(answer, 99).closes();
    assert_eq!(sids(rules, &packets), [1, 2, 3]);
}

#[test]
fn http_is_looked_for_at_the_ports_of_its_servers() {
    let rule = "alert tcp any any -> any any (uricontent:\"/etc\"; sid:1;)\n\
        alert udp any any -> any any (uricontent:\"/etc\"; sid:2;)";
    let text = b"GET /%65tc HTTP/1.0\r\n\r\n";
    let at = |lines: &str, port| {
        let mut packets = Connection::open(port).sends(text, 99).closes();
        packets.push(udp(port, text));
        sids(&format!("{lines}{rule}"), &packets)
    };
    let web = "preprocessor http_inspect_server: server default profile all ports { 80 3128 }\n";
    assert_eq!((at("", 8080), at(web, 8080), at(web, 3128)), (vec![1], vec![], vec![1]));
    let one = "preprocessor http_inspect_server: server 10.0.0.2 profile all ports { 8080 }\n";
    assert_eq!((at(one, 8080), at(one, 80)), (vec![1], vec![]));
}
