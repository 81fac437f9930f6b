//! `web-visit.pcap`: a name looked up, a page fetched from the host it belongs to, and a connection that is refused.

use wirescope_capture::WriteError;

use crate::frames::{ACK, Capture, FIN, PSH, RST, SYN};

const CLIENT: [u8; 4] = [192, 0, 2, 10];
const RESOLVER: [u8; 4] = [192, 0, 2, 53];
const SERVER: [u8; 4] = [198, 51, 100, 80];
const CLIENT_PORT: u16 = 49_152;

pub(crate) fn write(path: &str) -> Result<(), WriteError> {
    let mut capture = Capture::create(path, 125_000, 1_000)?;

    let question = b"\x03www\x07example\x03net\x00\x00\x01\x00\x01";
    let query = [b"\x1f\x2e\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00".as_slice(), question].concat();
    let answer = [
        b"\x1f\x2e\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00".as_slice(),
        question,
        b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x0e\x10\x00\x04",
        &SERVER,
    ]
    .concat();
    capture.udp(0, [CLIENT, RESOLVER], [53_001, 53], &query)?;
    capture.udp(11_250, [RESOLVER, CLIENT], [53, 53_001], &answer)?;

    let (out, back) = ([CLIENT, SERVER], [SERVER, CLIENT]);
    let (to_web, from_web) = ([CLIENT_PORT, 80], [80, CLIENT_PORT]);
    let (mine, theirs) = (305_419_896, 2_271_560_481);
    let request = b"GET / HTTP/1.1\r\nHost: www.example.net\r\n\r\n";
    let page = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nHello\n";
    let (asked, told) = (mine + 1 + request.len() as u32, theirs + 1 + page.len() as u32);
    capture.tcp(420, out, to_web, SYN, [mine, 0], b"")?;
    capture.tcp(20_110, back, from_web, SYN | ACK, [theirs, mine + 1], b"")?;
    capture.tcp(65, out, to_web, ACK, [mine + 1, theirs + 1], b"")?;
    capture.tcp(180, out, to_web, PSH | ACK, [mine + 1, theirs + 1], request)?;
    capture.tcp(20_300, back, from_web, ACK, [theirs + 1, asked], b"")?;
    capture.tcp(1_870, back, from_web, PSH | ACK, [theirs + 1, asked], page)?;
    capture.tcp(48, out, to_web, ACK, [asked, told], b"")?;
    capture.tcp(310, out, to_web, FIN | ACK, [asked, told], b"")?;
    capture.tcp(20_090, back, from_web, FIN | ACK, [told, asked + 1], b"")?;
    capture.tcp(52, out, to_web, ACK, [asked + 1, told + 1], b"")?;

    capture.tcp(750_000, out, [CLIENT_PORT + 1, 443], SYN, [mine.wrapping_mul(3), 0], b"")?;
    capture.tcp(20_200, back, [443, CLIENT_PORT + 1], RST | ACK, [0, mine.wrapping_mul(3) + 1], b"")?;
    capture.finish()
}
