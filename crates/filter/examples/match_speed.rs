//! Runs a filter many times over one TCP packet: `match_speed TIMES EXPRESSION`, for counting instructions.

use wirescope_filter::{Options, compile};
use wirescope_wire::LinkType;

/// A SYN and ACK from 10.0.0.1, port 80, over IPv4 and Ethernet.
const PACKET: [u8; 60] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0x08, 0x00, 0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0,
    1, 192, 168, 0, 1, 0, 80, 0xc0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 18, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0,
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let times = arguments.next().and_then(|times| times.parse().ok()).unwrap_or(1_000_000);
    let expression = arguments.next().unwrap_or_else(|| "tcp[13] == 18".to_owned());
    let program = match compile(&expression, &Options::new(LinkType::EN10MB)) {
        Ok(program) => program,
        Err(error) => return eprintln!("match_speed: {error}"),
    };
    let start = std::time::Instant::now();
    let mut matched = 0u64;
    for _ in 0..times {
        matched += u64::from(program.matches(std::hint::black_box(&PACKET), 60));
    }
    println!(
        "{matched} of {times} matched, {:.1} ns each",
        start.elapsed().as_nanos() as f64 / f64::from(times)
    );
}
