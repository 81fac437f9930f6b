//! Makes the capture that the README reads, `examples/web-visit.pcap`: a name looked up, a page fetched from the
//! host it belongs to, and a connection that is refused. Addresses and names are those kept for documentation.
//!
//! Run from the top folder: `cargo run -p wirescope-capture --example web_visit`

use std::path::Path;

use wirescope_capture::{FileWriter, WriteError, WriteOptions};
use wirescope_wire::checksum::{self, internet};
use wirescope_wire::{LinkType, Packet, Timestamp};

const CLIENT: [u8; 4] = [192, 0, 2, 10];
const RESOLVER: [u8; 4] = [192, 0, 2, 53];
const SERVER: [u8; 4] = [198, 51, 100, 80];
const CLIENT_PORT: u16 = 49_152;

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const RST: u8 = 0x04;
const PSH: u8 = 0x08;
const ACK: u8 = 0x10;

/// 2026-01-05 09:00:00 UTC.
const START_S: i64 = 1_767_603_600;

struct Capture {
    writer: FileWriter,
    time_us: u64,
    identification: u16,
}

impl Capture {
    /// Writes what IP carries from one host to another, `after_us` behind the packet before.
    fn packet(
        &mut self,
        after_us: u64,
        [src, dst]: [[u8; 4]; 2],
        protocol: u8,
        payload: &[u8],
    ) -> Result<(), WriteError> {
        self.time_us += after_us;
        self.identification += 1;
        let mut ip = vec![0x45, 0];
        ip.extend(((20 + payload.len()) as u16).to_be_bytes());
        ip.extend(self.identification.to_be_bytes());
        ip.extend([0x40, 0, 64, protocol, 0, 0]);
        ip.extend(src);
        ip.extend(dst);
        let sum = internet(&ip).to_be_bytes();
        ip.splice(10..12, sum);

        let mac = |address: [u8; 4]| [2, 0, address[0], address[1], address[2], address[3]];
        let mut frame = [mac(dst), mac(src)].concat();
        frame.extend([8, 0]);
        frame.extend(ip);
        frame.extend(payload);
        // Ethernet does not carry less.
        frame.resize(frame.len().max(60), 0);
        let seconds = START_S + (self.time_us / 1_000_000) as i64;
        let time = Timestamp::new(seconds, self.time_us % 1_000_000 * 1_000);
        let wire_len = frame.len() as u32;
        self.writer.write(&Packet { time, link: LinkType::EN10MB, interface: 0, wire_len, data: &frame })
    }

    fn udp(
        &mut self,
        after_us: u64,
        hosts: [[u8; 4]; 2],
        ports: [u16; 2],
        data: &[u8],
    ) -> Result<(), WriteError> {
        let length = (8 + data.len()) as u16;
        let mut segment: Vec<u8> =
            [ports[0], ports[1], length, 0].iter().flat_map(|v| v.to_be_bytes()).collect();
        segment.extend(data);
        let sum = checksum::pseudo_ipv4(hosts[0], hosts[1], 17, length).bytes(&segment).checksum();
        segment.splice(6..8, sum.to_be_bytes());
        self.packet(after_us, hosts, 17, &segment)
    }

    #[allow(clippy::too_many_arguments)]
    fn tcp(
        &mut self,
        after_us: u64,
        hosts: [[u8; 4]; 2],
        ports: [u16; 2],
        flags: u8,
        [seq, ack]: [u32; 2],
        data: &[u8],
    ) -> Result<(), WriteError> {
        let options: &[u8] = if flags & SYN != 0 { &[2, 4, 0x05, 0xb4, 4, 2, 1, 1, 1, 3, 3, 7] } else { &[] };
        let mut segment: Vec<u8> = ports.iter().flat_map(|port| port.to_be_bytes()).collect();
        segment.extend(seq.to_be_bytes());
        segment.extend(ack.to_be_bytes());
        let window = if flags & RST != 0 { 0 } else { 64_240u16 };
        segment.extend([(((20 + options.len()) / 4) << 4) as u8, flags]);
        segment.extend(window.to_be_bytes());
        segment.extend([0, 0, 0, 0]);
        segment.extend(options);
        segment.extend(data);
        let length = segment.len() as u16;
        let sum = checksum::pseudo_ipv4(hosts[0], hosts[1], 6, length).bytes(&segment).checksum();
        segment.splice(16..18, sum.to_be_bytes());
        self.packet(after_us, hosts, 6, &segment)
    }
}

fn main() -> Result<(), WriteError> {
    let writer =
        FileWriter::create(Path::new("examples/web-visit.pcap"), &WriteOptions::new(LinkType::EN10MB))?;
    let mut capture = Capture { writer, time_us: 125_000, identification: 1_000 };

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
    capture.writer.finish()
}
