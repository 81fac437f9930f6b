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
